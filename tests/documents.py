"""Pages for the tests of the check: checked in this process, or by pytest in one of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.reading.document import Document
from tests.reading.reader import read_document
from tests.reading.site_markdown import SiteMarkdown
from tests.snippets.check import Report, check_document
from tests.snippets.rewrite import Rewriting

ROOT = Path(__file__).parents[1]
MARKDOWN = SiteMarkdown(ROOT / "mkdocs.yml")


def read(text: str) -> Document:
    """Read a page as the site does."""
    return read_document(text, MARKDOWN)


def check(text: str, page: Path = Path("docs/page.md")) -> Report:
    """Run a page that consists of `text`."""
    return check_document(read(text), page)


def messages(text: str) -> list[str]:
    """Return what the check says of a page, in the words that a maintainer reads."""
    report = check(text)
    return [problem.report("docs/page.md", report.document.lines) for problem in report.problems]


def mended(text: str, page: Path) -> str:
    """Return what `--update-docs` makes of a page."""
    page.write_text(text, encoding="utf-8")
    report = check(text, page)
    rewriting = Rewriting()
    rewriting.add(page, report.document.lines, report.problems)
    rewriting.write()
    return page.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Project:
    """A folder set up like this repository, with pages of its own."""

    folder: Path

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def pytest(self, *arguments: str, keeps: bool = False) -> subprocess.CompletedProcess[str]:
        """Run pytest on the pages as a maintainer would; it keeps its cache if it should."""
        for name in ("mkdocs.yml", "pyproject.toml", "conftest.py"):
            self.write(name, (ROOT / name).read_text(encoding="utf-8"))
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        options = () if keeps else ("-p", "no:cacheprovider")
        command = [sys.executable, "-m", "pytest", *options, *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
