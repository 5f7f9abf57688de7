"""What stands in a table at the wrong side: first cells, headers and tied cells, exchanged."""

import itertools
import re
from collections.abc import Iterator

from tests.mutations.mutant import Mutant, Statement
from tests.mutations.places import is_example
from tests.reading.document import Document, Written
from tests.reading.tables import rules

_CELL = re.compile(r"(?<=\|) *((?:`[^`]*`|\\\||[^|`])*?) *(?=\|)")
_TURNED = {"yes": "no", "no": "yes", "the same": "different", "different": "the same"}

Row = list[Statement]


def tables(document: Document) -> Iterator[Mutant]:
    """Yield each table that an author wrote with each two of its names, or cells, exchanged.

    What an expression writes is compared as text; there a literal stands for the expression.
    """
    for block in document.events:
        if isinstance(block, Written):
            line = document.lines[block.line].text
            said = Statement("table", block.expression, block.line, line.index(block.expression))
            yield Mutant(said, "a literal", repr(document.lines[block.line + 1].text))
    examples = any(map(is_example, document.events))
    for line in rules(document.lines, document.fences):
        if not examples and not document.is_written(line):
            head, *rows = _rows(document, line)
            tied = [i for i in range(1, len(head)) if any(_is_tied(row[i]) for row in rows)]
            if tied:
                yield from _exchanged("first cells", [row[0] for row in rows])
                yield from _exchanged("headers", [head[i] for i in tied])
                for cells in [*([row[i] for i in tied] for row in rows), *_columns(rows, tied)]:
                    yield from _exchanged("tied cells", [*filter(_is_tied, cells)])
                yield from _verdicts(cell for row in rows for cell in row)


def _rows(document: Document, line: int) -> Iterator[Row]:
    """Yield the cells of a table, the header's first."""
    for number in (line - 1, *range(line + 1, len(document.lines))):
        text = document.lines[number].text
        if not re.match(r"[\s>#]*\|", text):
            return
        cells = _CELL.finditer(text)
        yield [Statement("table", cell[1], number, cell.start(1)) for cell in cells]


def _columns(rows: list[Row], tied: list[int]) -> Iterator[Row]:
    for i in tied:
        yield [row[i] for row in rows]


def _is_tied(cell: Statement) -> bool:
    return "{title=" in cell.text


def _exchanged(kind: str, cells: Row) -> Iterator[Mutant]:
    for one, other in itertools.combinations(cells, 2):
        if one.text != other.text:
            change = f"{kind} exchanged"
            yield Mutant(one, change, other.text, also=(other.becomes(one.text),))


def _verdicts(cells: Iterator[Statement]) -> Iterator[Mutant]:
    for cell in cells:
        verdict = re.match(r"\*([a-z ]+)\*\{title=", cell.text)
        if verdict and verdict[1] in _TURNED:
            told = Statement(cell.place, verdict[1], cell.line, cell.start + 1)
            yield Mutant(told, "verdict turned", _TURNED[verdict[1]])
