"""Relations beside a number, turned around, and taken out of their tie."""

from collections.abc import Iterator

from tests.mutations.mutant import Mutant, Statement
from tests.mutations.places import claims
from tests.reading.comparisons import COMPARED, RELATIONS
from tests.reading.document import BESIDE, Document

TURNED = ("above", "below", "at least", "at most", "more than", "less than", "up to")


def _other(words: str) -> list[str]:
    (same,) = [known.split("|") for known in RELATIONS.values() if words in known.split("|")]
    return [turned for turned in TURNED if turned not in same]


def relations(document: Document) -> Iterator[Mutant]:
    """Yield each relation of a page as another one."""
    for claim in claims(document):
        match = COMPARED.fullmatch(claim.shown.text.strip())
        if claim.tie and match:
            line = document.lines[claim.line].text
            words = Statement("relation", match[1], claim.line, line.index(match[0]))
            yield from (Mutant(words, "turned", turned) for turned in _other(match[1]))
        elif claim.tie and claim.shown.tokens and not claim.image and claim.place != BESIDE:
            token = claim.shown.tokens[0]
            start = document.lines[token.line].text.rfind(" ", 0, token.columns[0])
            gap = Statement("relation", " ", token.line, start)
            if start >= 0:
                yield from (Mutant(gap, "a relation", f" {words} ") for words in TURNED[:3])
