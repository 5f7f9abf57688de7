"""The description above a page: with a number in it, and with each name misspelled."""

import itertools
from collections.abc import Iterator

from tests.mutations.mutant import Mutant, Statement
from tests.reading.document import Document
from tests.reading.front_matter import NAME

KEY, PLACE = "description: ", "description"


def front_matter(document: Document) -> Iterator[Mutant]:
    """Yield changes of the description, if there is one."""
    lines = [line.text for line in document.lines]
    below = itertools.takewhile(lambda line: not line.endswith("---"), lines[1:])
    header = below if lines[0].endswith("---") else []
    for number, line in enumerate(header, 1):
        start = line.find(KEY) + len(KEY)
        if start >= len(KEY):
            first = line[start:].split()[0]
            for count in ("12", "twelve", "three", "\u2463", "XII"):
                statement = Statement(PLACE, first, number, start)
                yield Mutant(statement, "a number before it", f"{count} {first}")
            for name in NAME.finditer(line, start):
                statement = Statement(PLACE, name[0], number, name.start())
                yield Mutant(statement, "last letter twice", name[0] + name[0][-1])
