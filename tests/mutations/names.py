"""Each name in the code of a file beside the pages, misspelled."""

import re
from collections.abc import Iterator

from tests.mutations.mutant import Mutant, Statement
from tests.reading.beside import COMMAND, NAME, SPAN
from tests.reading.document import Claim, Document

WORD = re.compile(r"[A-Za-z_]\w{2,}")  # `of` would become another word


def names(document: Document) -> Iterator[Mutant]:
    """Misspell each name, where a file's code has to name what there is."""
    claims = [event for event in document.events if isinstance(event, Claim)]
    for line in sorted({claim.line for claim in claims if claim.place == NAME}):
        text = document.lines[line].text
        for start, end in _code(text):
            for word in WORD.finditer(text, start, end):
                statement = Statement(NAME, word[0], line, word.start())
                yield Mutant(statement, "last letter twice", word[0] + word[0][-1])


def _code(line: str) -> list[tuple[int, int]]:
    """The columns of code in a sentence, or of the target in a block of commands."""
    if command := COMMAND.match(line):
        return [command.span(2)]
    return [match.span(2) for match in SPAN.finditer(line)]
