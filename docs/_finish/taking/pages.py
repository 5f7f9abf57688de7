"""The pages of the site, in the order of its navigation, and where they lie."""

import posixpath
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils.meta import get_data

FOLDER_OF_LABS = "labs/"
COMMENT = re.compile("^# ?", re.MULTILINE)  # the head of a lab is one


@dataclass(frozen=True)
class Page:
    """A page: its file below docs/, the section that it stands in, its text and description."""

    file: str
    section: str
    text: str
    description: str

    @property
    def is_lab(self) -> bool:
        """Tell whether it is a notebook, which is executed for the site."""
        return self.file.startswith(FOLDER_OF_LABS)

    @property
    def name(self) -> str:
        """Return its address on the site, without an end."""
        return posixpath.splitext(self.file)[0]

    @property
    def built(self) -> str:
        """Return its file on the built site."""
        return posixpath.join("" if self.name == "index" else self.name, "index.html")


def taken(file: str) -> dict[str, str]:
    """Return the files that a page is taken as, by what they are.

    Args:
        file: the file of the page, below docs/.
    """
    name = posixpath.splitext(file)[0]
    # A script in a folder comes before Python's own modules for all scripts beside it.
    apart = "-page" if posixpath.basename(name) in sys.stdlib_module_names else ""
    return {
        "Markdown": f"{name}.md",
        "script": f"{name}{apart}.py",
        "notebook": f"{name}.ipynb",
    }


def pages(config: MkDocsConfig) -> list[Page]:
    """Return the pages that the navigation names."""
    return [_read(Path(config.docs_dir), file, section) for file, section in _named(config.nav)]


def _read(docs: Path, file: str, section: str) -> Page:
    source = (docs / file).read_text(encoding="utf-8-sig")
    text, meta = get_data(COMMENT.sub("", source) if file.endswith(".py") else source)
    return Page(file, section, text, str(meta.get("description", "")))


def _named(nav: Any, section: str = "") -> Iterator[tuple[str, str]]:
    """Yield each file with the name of the outermost group that holds it."""
    for entry in nav:
        titled = entry.items() if isinstance(entry, dict) else [("", entry)]
        for title, below in titled:
            if isinstance(below, list):
                yield from _named(below, section or title)
            else:
                yield below, section


def address(link: str, file: str, site: str) -> str:
    """Return the whole address of what a page links to, as it is written in the sources.

    Args:
        link: the link.
        file: the file of the page, below docs/.
        site: the address of the site.
    """
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return link
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(file), parts.path))
    target = beside if parts.path else file
    stem, suffix = posixpath.splitext(target)
    if suffix in {".md", ".py"}:
        target = "" if stem == "index" else f"{stem}/"
    return urljoin(site, target) + (f"#{parts.fragment}" if parts.fragment else "")
