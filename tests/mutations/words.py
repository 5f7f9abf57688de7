"""Words that decide, turned into their opposite, in lines that hold code or a tie."""

import re
from collections.abc import Iterator

from tests.mutations.mutant import Mutant, Statement
from tests.mutations.places import prose
from tests.reading.document import Document

PAIRS = [("first", "last"), ("above", "below"), ("always", "never"), ("same", "different")]
PAIRS += [("before", "after"), ("more", "less"), ("larger", "smaller"), ("longest", "shortest")]
PAIRS += [("forward", "reverse"), ("every", "no"), ("half", "twice"), ("equal", "unequal")]
OPPOSITE = dict(PAIRS) | {other: one for one, other in PAIRS}
WORD = re.compile(rf"(?<![\w`.])(?:{'|'.join(OPPOSITE)})(?![\w`])")
TIE = re.compile(r"`[^`]*`(?:\{[^}]*\})?|\{title=[^}]*\}|\([^)\s]*\.(?:md|py)[^)]*\)")


def words(document: Document) -> Iterator[Mutant]:
    """Yield each word that decides as its opposite."""
    for number, line in prose(document):
        if line.startswith("![") or "`" not in line:
            continue
        kept = [match.span() for match in TIE.finditer(line)]
        for match in WORD.finditer(line):
            if not any(start <= match.start() < end for start, end in kept):
                word = Statement("word", match[0], number, match.start())
                yield Mutant(word, "turned", OPPOSITE[match[0]])
