"""Numbers in other characters than plain digits, and texts that are turned around."""

from collections.abc import Iterator

from tests.mutations.mutant import Mutant, Statement
from tests.mutations.places import claims
from tests.reading.document import Document

ROMAN = {2: "II", 3: "III", 4: "IV", 5: "V", 6: "VI", 7: "VII", 8: "VIII", 11: "XI", 13: "XIII"}
ZEROS = {"Arabic": 0x660, "full-width": 0xFF10, "mathematical": 0x1D7CE, "superscript": 0x2080}


def characters(document: Document) -> Iterator[Mutant]:
    """Yield each number of a page in other digits, in Roman ones, and with something unseen."""
    for claim in claims(document):
        if not document.is_written(claim.line):
            for token in claim.shown.tokens:
                yield from _in_other_characters(
                    Statement("character", token.text, token.line, token.columns[0])
                )


def _in_other_characters(number: Statement) -> Iterator[Mutant]:
    if number.text.isdigit():
        for name, zero in ZEROS.items():
            other = "".join(chr(zero + int(digit)) for digit in number.text)
            yield Mutant(number, name, other)
        yield Mutant(number, "and a half", f"{number.text}\u00bd")
        yield Mutant(number, "an entity", f"&#{0x2460 + int(number.text[0])};")
        yield from (Mutant(number, "Roman", ROMAN[n]) for n in ROMAN if str(n) == number.text)
    yield Mutant(number, "turned around", f"\u202e{number.text}\u202c")
    yield Mutant(number, "a gap not seen", f"{number.text[0]}\u200b{number.text[1:]}")
