"""A lab, a notebook as a percent-format Python file, as a page: its cells are text and fences.

Each line stays where it is, so that what is found on the page is found in the file.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mkdocs.utils.meta import get_data

from tests.reading.document import Document
from tests.reading.fences import OUTPUT
from tests.reading.front_matter import check_front_matter
from tests.reading.labels import labels
from tests.reading.plot_names import BY_HAND, written_names
from tests.reading.problems import DocumentError
from tests.reading.reader import read_events
from tests.reading.site_markdown import Line, SiteMarkdown

CELL = "# %%"
TEXT = f"{CELL} [markdown]"
PREFIX = "# "
HEADER = "# ---"
FENCE = "````"
_BEGIN = re.compile(rf"({HEADER}\n(#.*\n)*\n*)?{CELL}")


def is_lab(text: str) -> bool:
    """Tell a notebook from other Python files: a cell comes first, or after a header."""
    return _BEGIN.match(text) is not None


@dataclass(frozen=True)
class _Cell:
    """The lines from `begin`, which opens the cell, to `end`, which is not part of it."""

    begin: int
    end: int
    is_text: bool


def read_lab(text: str, markdown: SiteMarkdown) -> Document:
    """Find every cell and every claim of a lab.

    Raises:
        DocumentError: A cell would not be shown, or not executed, as it looks.
    """
    lines = [*text.rstrip("\n").split("\n"), ""]
    cells = list(_cells(lines))
    header = [line.removeprefix(PREFIX) for line in lines[: cells[0].begin]]
    front = "\n".join(header)
    rest = get_data(front)[0]
    check_front_matter(front[: len(front) - len(rest)], "\n".join([rest, *lines[len(header) :]]))
    page, margins, language = [""] * len(lines), [0] * len(lines), "python"
    for cell in cells:
        here = slice(cell.begin, cell.end)
        if cell.is_text:
            page[here], margins[here] = _text(cell, lines), [len(PREFIX)] * (cell.end - cell.begin)
        else:
            page[here] = [f"{FENCE}{language}", *_code(cell, lines), FENCE]
            language = "{.python .continuation}"
    rendered = markdown.render("\n".join(page), margins)
    return Document(
        [Line(line, None, number) for number, line in enumerate(lines)],
        read_events(rendered),
        notebook=True,
    )


def _cells(lines: list[str]) -> Iterator[_Cell]:
    begins = [i for i, line in enumerate(lines) if line.startswith(CELL)]
    for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True):
        if lines[begin] not in {TEXT, CELL}:
            raise DocumentError(begin, f"expected `{TEXT}` or `{CELL}`")
        if lines[end - 1]:
            raise DocumentError(end - 1, "a cell ends with an empty line")
        yield _Cell(begin, end, lines[begin] == TEXT)


def _text(cell: _Cell, lines: list[str]) -> Iterator[str]:
    yield ""
    for i in range(cell.begin + 1, cell.end):
        if lines[i] and not f"{lines[i]} ".startswith(PREFIX):
            raise DocumentError(i, f"code in a text cell: begin a cell with `{CELL}`")
        line = lines[i][len(PREFIX) :]
        if line.lstrip().startswith(("```", "~~~")):
            raise DocumentError(i, "a fence in a text cell is not executed: make it a cell")
        yield line


def _code(cell: _Cell, lines: list[str]) -> list[str]:
    for i in range(cell.begin + 1, cell.end - 1):
        if lines[i].lstrip().startswith(OUTPUT):
            raise DocumentError(i, "a lab shows what it prints: leave the output out")
    code = lines[cell.begin + 1 : cell.end - 1]
    for line in written_names("\n".join(code)):
        raise DocumentError(cell.begin + line, BY_HAND)
    _reject_misnamed("\n".join(code), cell.begin + 1)
    return code


def _reject_misnamed(code: str, begin: int) -> None:
    """A label of the run's own output has to come from what it labels."""
    with contextlib.suppress(SyntaxError):  # it is told when the cell runs
        for label in labels(code):
            if not label.fits:
                line = begin + label.line
                raise DocumentError(line, f"{label.text!r} names {label.value}: take a word of it")
