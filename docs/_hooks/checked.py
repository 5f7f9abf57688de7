"""The last line of each page: what of it was executed and compared, with which torch, and when.

The numbers are what the check counted, which `make update-docs` keeps in docs/_checked.json.
"""

import inspect
import json
import pkgutil
import re
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.utils import get_build_datetime

COUNTS = "_checked.json"
OBJECT = re.compile(r'id="(rnn_ref[\w.]*)"')  # of a docstring's heading


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, **_: Any) -> None:
    """Hand the line to docs/_theme/main.html, which keeps it out of the search index."""
    counts = counted(page, Path(config.docs_dir))
    if counts:
        context["checked"] = said(*counts)


def counted(page: Page, docs: Path) -> tuple[int, int] | None:
    """Return how many blocks of a page are executed, and how many of its claims compared."""
    file = docs / COUNTS
    counts = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    names = OBJECT.findall(page.content or "")
    shown = [f"{docs.name}/{page.file.src_uri}", *sources(names, docs.parent)]
    found = [counts[name] for name in shown if name in counts]
    return (sum(run for run, _ in found), sum(done for _, done in found)) if found else None


def sources(names: Iterable[str], root: Path) -> list[str]:
    """Return the files in which objects are written."""
    files = {source(name) for name in names}
    return sorted(file.relative_to(root).as_posix() for file in files if file)


def source(name: str) -> Path | None:
    """Return the file of a module, class or function; what is none of them has no docstring."""
    try:
        file = inspect.getsourcefile(inspect.unwrap(pkgutil.resolve_name(name)))
    except TypeError:
        return None
    return Path(file) if file else None


def said(run: int, compared: int) -> tuple[str, str]:
    """Say what was done, and how much of it."""
    if not run:  # on a page about what takes a machine of its own
        return "Not verified by a run", "each block says what it needs"
    blocks, claims = "block" + "s" * (run != 1), "claim" + "s" * (compared != 1)
    return verified(), f"{run} {blocks} run, {compared} {claims} compared"


def verified() -> str:
    """Say with what and when: the day of the build, since who publishes runs the check before."""
    # The metadata, since importing torch takes seconds; a local part such as +cpu says nothing.
    torch, day = version("torch").partition("+")[0], get_build_datetime()
    return f"Verified with torch {torch} on {day.day} {day:%B %Y}"
