"""How to install `rnn_ref` stands once on a page, above the first block that imports it."""

import re
from collections.abc import Iterator
from typing import Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

FENCE = re.compile(r"( *)(`{3,})")
IMPORT = re.compile(r" *(?:import|from) rnn_ref\b")
DIRECTIVE = re.compile(r"::: rnn_ref\b")  # of a page that is made of docstrings
LINE = (
    "`rnn_ref` is this site's NumPy reference: `pip install rnn-ref`, or [from source]({source})."
)
ATTRIBUTES = "{.installing data-search-exclude}"


class Installing(Preprocessor):
    """Comes before fences become HTML; a docstring stands on a page that says it already."""

    def __init__(self, md: Markdown, source: str):
        """Keep the line."""
        super().__init__(md)
        self.line = LINE.format(source=source)

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines of the page with the one that is added."""
        first = None if "mkdocstrings_headings" in self.md.treeprocessors else _first_use(lines)
        if first is None:
            return lines
        number, indent = first
        added = [indent + self.line, indent + ATTRIBUTES, ""]
        return [*lines[:number], *added, *lines[number:]]


def _first_use(lines: list[str]) -> tuple[int, str] | None:
    """Find the line above which it belongs, one that is not folded away, and its indent."""
    uses = list(_uses(lines))
    folds = [_fold(lines, *use) for use in uses]
    if None in folds:
        return uses[folds.index(None)]
    return next(((fold, "") for fold in folds if fold is not None), None)


def _uses(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines of fences that import it, and of directives, with their indents."""
    for number, (opening, line) in enumerate(_inside(lines)):
        if opening is None and DIRECTIVE.match(line):
            yield number, ""
        elif opening is not None and IMPORT.match(line):
            yield opening, " " * (len(lines[opening]) - len(lines[opening].lstrip()))


def _fold(lines: list[str], number: int, indent: str) -> int | None:
    """Return the line that folds away another one, if one does."""
    above = range(number, -1, -1) if indent else ()
    outer = next((n for n in above if lines[n].strip() and lines[n][0] != " "), None)
    return outer if outer is not None and lines[outer].startswith("???") else None


def _inside(lines: list[str]) -> Iterator[tuple[int | None, str]]:
    """Yield each line with the number of the line that opens its fence, if it is in one."""
    opening, end = None, ""
    for number, line in enumerate(lines):
        fence = FENCE.match(line)
        if opening is None and fence:
            opening, end = number, fence[0]
        elif opening is not None and line == end:
            opening = None
        yield opening, line


class InstallingPages(Extension):
    """Adds it to a converter."""

    def __init__(self, **options: Any):
        """Take what mkdocs.yml says."""
        self.config = {"source": ["", "Where the source of the package is."]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run after files are included, and before fences are found."""
        md.preprocessors.register(Installing(md, self.getConfig("source")), "installing", 27)


def makeExtension(**options: Any) -> InstallingPages:  # noqa: N802
    """Make what mkdocs.yml names."""
    return InstallingPages(**options)
