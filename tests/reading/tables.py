"""The ties of a table name what their row and their column are about.

A tie compares its own cell: with two rows exchanged, each cell would still be right. So the ties
of a row have to speak of its first cell, and those of a column of its header: of its code or, if
it holds none, of its words; and no two may be such that they could be exchanged.
"""

import ast
import functools
import importlib
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.reading.document import Document
from tests.reading.elements import TIED
from tests.reading.fences import Fence
from tests.reading.problems import DocumentError, Problem
from tests.reading.site_markdown import Line, RawFence, Rendered
from tests.reading.ties import VERDICTS

if TYPE_CHECKING:
    from bs4 import Tag

_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
# The line below a table's header, also in a box, a list or a lab.
_RULE = re.compile(r"(?=.*\|)(?=.*-)[\s>#]*\|?(\s*:?-+:?\s*\|)*\s*(:?-+:?\s*)?")


def rules(lines: list[Line], fences: Iterable[RawFence | Fence]) -> list[int]:
    """Return the lines below the headers of a page's tables."""
    code = {i for f in fences for i in range(f.line, f.line + f.code.count("\n") + 2)}
    return [i for i, line in enumerate(lines) if i not in code and _RULE.fullmatch(line.text)]


def check_tables(rendered: Rendered, document: Document) -> Iterator[Problem]:
    """Yield what is wrong in a page's tables, but for those that an expression writes.

    Raises:
        DocumentError: A line looks like one of a table, and is shown as text.
    """
    lines, tables = rules(rendered.lines, rendered.fences), _TABLE.findall(rendered.html)
    if len(lines) != len(tables):
        raise DocumentError(max(lines, default=0), "here or above, a table is shown as plain text")
    for line, table in zip(lines, tables, strict=True):
        if not document.is_written(line):
            # Imported here: a page that was read before does not need it.
            bs4 = importlib.import_module("bs4")
            soup = bs4.BeautifulSoup(rendered.restore(table), "html.parser")
            head, *rows = ([_Cell(cell) for cell in row(["th", "td"])] for row in soup("tr"))
            yield from dict.fromkeys(_check(head, list(enumerate(rows, line + 1))))


class _Cell:
    """A cell: its text, its code and ties, and whether there are words beside them."""

    def __init__(self, tag: "Tag"):
        codes, links = tag("code"), tag("a")
        tied = [each for each in (tag, *tag(sorted(TIED))) if each.get("title")]
        self.text = " ".join(tag.get_text(" ").split())
        self.codes = [code.get_text() for code in codes]
        self.ties = [str(each["title"]) for each in tied]
        compared, answered = _within(tied + codes), _within(tied + links)
        self.alone = not any(re.search(r"\w", s) for s in tag.strings if id(s) not in compared)
        self.is_open = self.alone and any(id(code) not in answered for code in codes)


def _within(elements: "list[Tag]") -> set[int]:
    return {id(part) for each in elements for part in (each, *each.descendants)}


Rows = list[tuple[int, list[_Cell]]]  # or parts of rows, with their lines


@dataclass(frozen=True)
class _Side:
    """A row or a column: its title, the names it is known by, its ties with their lines."""

    title: str
    names: set[str]
    ties: list[tuple[int, str]]

    def beside(self, other: "_Side") -> set[str]:
        """Return the names that tell it from another: `output[:, -1]` is not told by `output`."""
        return self.names.difference(other.names, *map(_spoken, other.names))

    def speaks_of(self, names: set[str]) -> bool:
        return any(names & _spoken(tie) for _, tie in self.ties)


def _check(head: list[_Cell], rows: Rows) -> Iterator[Problem]:
    sides = [_Side(row[0].text, _names(row[0]), _ties([(line, row[1:])])) for line, row in rows]
    has_ties = any(side.ties for side in sides)
    for (line, (first, *cells)), side in zip(rows, sides, strict=True):
        for cell in cells:
            verdict = cell.text.partition(",")[0].lower() in VERDICTS and not cell.ties
            if cell.is_open or (has_ties and verdict):
                yield Problem(line, f"{cell.text} stands alone in its cell: tie it")
        if (has_ties or first.is_open) and not side.ties:
            yield Problem(line, f"no tie speaks of {first.text}, which this row is about")
    yield from _apart(sides)
    yield from _apart(list(_columns(head, rows)))


def _columns(head: list[_Cell], rows: Rows) -> Iterator[_Side]:
    """Yield the columns of ties; words of a header count where they are a key, `x['by default']`.

    Ties in the sentences of a column without a name belong to their rows alone.
    """
    spoken = {name for _, tie in _ties(rows) for name in _spoken(tie)}
    for i, title in enumerate(head[1:], 1):
        cells = [(line, row[i : i + 1]) for line, row in rows]
        names = _names(title) if title.codes else {f"'{_squeeze(title.text)}'"} & spoken
        tied = [cell for _, row in cells for cell in row if cell.ties]
        if tied and (names or any(cell.alone for cell in tied)):
            yield _Side(title.text, names, _ties(cells))


def _apart(sides: list[_Side]) -> Iterator[Problem]:
    """Reject ties that do not speak of their side, and two sides that could be exchanged."""
    for side in sides:
        yield from _speaks(side, side.names)
        missing = side.names.difference(*(_spoken(tie) for _, tie in side.ties))
        if side.ties and len(side.names) > 1 and missing:
            yield Problem(side.ties[0][0], f"no tie speaks of {min(missing)}, which stands here")
    for one, other in itertools.combinations([side for side in sides if side.ties], 2):
        own, others = one.beside(other), other.beside(one)
        yield from (*_speaks(one, own), *_speaks(other, others))
        if (one.speaks_of(others) or not others) and (other.speaks_of(own) or not own):
            told = f"{one.title} and {other.title}"
            yield Problem(one.ties[0][0], f"ties do not tell {told} apart: could be exchanged")


def _speaks(side: _Side, names: set[str]) -> Iterator[Problem]:
    for line, tie in side.ties if names else []:
        if not names & _spoken(tie):
            yield Problem(line, f"{tie} does not speak of {side.title}, where it stands")


def _ties(rows: Rows) -> list[tuple[int, str]]:
    return [(line, tie) for line, cells in rows for cell in cells for tie in cell.ties]


def _names(title: _Cell) -> set[str]:
    return set(map(_squeeze, title.codes)) or {_squeeze(title.text)}


@functools.cache
def _spoken(expression: str) -> frozenset[str]:
    """Return all that an expression names: its parts, their attributes and options, its texts."""
    try:
        nodes = list(ast.walk(ast.parse(expression.strip(), mode="eval")))
    except SyntaxError:
        return frozenset()
    texts = [node.value for node in nodes if isinstance(node, ast.Constant)]
    found = [ast.unparse(node) for node in nodes if isinstance(node, ast.expr | ast.keyword)]
    found += [node.attr for node in nodes if isinstance(node, ast.Attribute)]
    keys = {f"'{_squeeze(text)}'" for text in texts if isinstance(text, str)}
    return frozenset({*map(_squeeze, found), *keys})


def _squeeze(text: str) -> str:
    return re.sub(r"[\s'\"]", "", text)
