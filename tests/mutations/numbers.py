"""Each documented number and each documented shape, changed."""

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal

from tests.mutations.mutant import Mutant, Statement
from tests.mutations.places import claims, fences
from tests.reading import numerals
from tests.reading.document import Claim, Document
from tests.reading.fences import OUTPUT, Fence

# A shape, also a symbolic one, as tuple or list: (3, 5, 2), (L, N, D*H_out), [3, 5, 2].
_AXIS = r" *[\w*]+ *"
SHAPE = re.compile(rf"\({_AXIS},\)|\({_AXIS}(?:,{_AXIS})+\)|\[{_AXIS}(?:,{_AXIS})+\]")


def statements(document: Document) -> Iterator[Statement]:
    """Yield every documented number and every documented shape of a page.

    What is about other versions is left to the runs of these.
    """
    for fence in fences(document):
        yield from _in_fence(fence, document)
    for claim in claims(document):
        yield from _in_claim(claim)


def _in_claim(claim: Claim) -> Iterator[Statement]:
    for token in claim.shown.tokens:
        yield Statement(claim.place, token.text, token.line, token.columns[0])
    for match in SHAPE.finditer(claim.shown.text):
        runs = [run for run in claim.shown.runs if match.start() <= run.start < match.end()]
        if runs:
            first = runs[0]
            start = first.source.column - (first.start - match.start())
            yield Statement(claim.place, match[0], first.source.line, start)


def _in_fence(fence: Fence, document: Document) -> Iterator[Statement]:
    code = fence.code.split("\n")
    for step in fence.steps:
        places = [(comment.line, comment.column, "comment") for comment in step.comments]
        places += [(line, code[line].index(OUTPUT) + 2, "output") for line in step.output_lines]
        for number, start, place in places:
            line = fence.line + 1 + number
            margin = len(document.lines[line].text) - len(code[number])
            for text, column in _spelled(code[number][start:]):
                yield Statement(place, text, line, margin + start + column)


def _spelled(text: str) -> Iterator[tuple[str, int]]:
    for number in numerals.find(text):
        yield number.text, number.start
    for match in SHAPE.finditer(text):
        yield match[0], match.start()


def numbers(document: Document) -> Iterator[Mutant]:
    """Yield every change of every documented number and shape."""
    documented = list(statements(document))
    shapes = sorted({s.text for s in documented if SHAPE.fullmatch(s.text)})
    for statement in documented:
        changes = _shape_changes if SHAPE.fullmatch(statement.text) else _number_changes
        # What an expression writes is compared as text: one change is caught as any other is.
        written = document.is_written(statement.line) or statement.place == "alt text"
        enough = 1 if written else None
        yield from itertools.islice(changes(statement, shapes), enough)


def _number_changes(statement: Statement, _: list[str]) -> Iterator[Mutant]:
    yield Mutant(statement, "plus one", _shifted(statement.text, 1))
    yield Mutant(statement, "minus one", _shifted(statement.text, -1))


def _shifted(number: str, by: int) -> str:
    """Change a number by one unit of its last place."""
    if number.isalpha():
        return numerals.write(numerals.NUMBERS[number.lower()] + by, like=number)
    head, _, last = number.rpartition(".")
    if head.count("."):  # a version
        return f"{head}.{int(last) + by}"
    return str(Decimal(number) + by * Decimal(1).scaleb(int(Decimal(number).as_tuple().exponent)))


def _shape_changes(statement: Statement, shapes: list[str]) -> Iterator[Mutant]:
    opening, axes, closing = _axes(statement.text)
    for i, j in itertools.combinations(range(len(axes)), 2):
        swapped = axes.copy()
        swapped[i], swapped[j] = axes[j], axes[i]
        same = "the swapped axes are equal" if axes[i] == axes[j] else None
        yield Mutant(statement, "axes swapped", _spell(opening, swapped, closing), same)
    for i in range(len(axes)):
        yield Mutant(statement, "axis dropped", _spell(opening, axes[:i] + axes[i + 1 :], closing))
    for shape in shapes:
        if shape[0] == opening and _axes(shape)[1] != axes:
            yield Mutant(statement, "another shape", shape)


def _axes(shape: str) -> tuple[str, list[str], str]:
    return shape[0], [axis.strip() for axis in shape[1:-1].split(",") if axis.strip()], shape[-1]


def _spell(opening: str, axes: list[str], closing: str) -> str:
    comma = "," if len(axes) == 1 and opening == "(" else ""
    return f"{opening}{', '.join(axes)}{comma}{closing}"
