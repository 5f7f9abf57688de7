"""A tie with something at its side that makes another number of it."""

from collections.abc import Iterator

from tests.mutations.mutant import Mutant, Statement
from tests.mutations.places import claims
from tests.reading.document import Document

BEFORE = ("-", "\u2212", "\u00b1", "1", "x", "~", "1/", "10*")
AFTER = ("k", "teen", "0", "/2", " %", "\u00b0", "^3", "-fold", " million", "e3", "ty")


def neighbours(document: Document) -> Iterator[Mutant]:
    """Yield each tied number of a page with a sign, a digit or a unit at its side."""
    for claim in claims(document):
        if claim.tie is None or claim.image:
            continue
        for token in claim.shown.tokens[:1]:
            line = document.lines[token.line].text
            begin, end = _span(line, token.columns)
            if end:
                text = Statement("beside a tie", line[begin:end], token.line, begin)
                yield from (Mutant(text, f"{sign} before", sign + text.text) for sign in BEFORE)
                yield from (Mutant(text, f"{unit} behind", text.text + unit) for unit in AFTER)


def _span(line: str, columns: tuple[int, int]) -> tuple[int, int]:
    """Return the columns of a tie, from the sign that opens it to the end of its options."""
    opening = max(line.rfind(sign, 0, columns[0]) for sign in "`*")
    closing = line.find('"}', columns[1])
    return opening - (line[opening - 1] == "*"), closing + 2 if closing >= 0 else 0
