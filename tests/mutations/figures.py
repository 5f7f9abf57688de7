"""Each figure: what is told of it, its file and what draws it, changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.mutations.mutant import Mutant, Statement
from tests.mutations.places import is_example
from tests.reading.document import Document
from tests.snippets.figures import ALT

FIGURE = re.compile(ALT + r'\((?P<file>[^()\s]+)\)\{title="(?P<tie>[^"]+)"\}')
PART_OF = {"alt": "alt text", "file": "figure's file", "tie": "figure's tie"}


@dataclass(frozen=True)
class _Shown:
    """A figure as the page's source spells it."""

    line: int
    match: re.Match[str]

    def part(self, name: str) -> Statement:
        return Statement(PART_OF[name], self.match[name], self.line, self.match.start(name))


def figures(document: Document) -> Iterator[Mutant]:
    """Yield every change of every figure of a page."""
    shown = [
        _Shown(number, match)
        for number, line in enumerate(document.lines)
        for match in FIGURE.finditer(line.text)
        if not any(map(is_example, document.events))
    ]
    for one in shown:
        yield from _reworded(one.part("alt"))
        for part in PART_OF:
            others = {other.match[part] for other in shown} - {one.match[part]}
            for other in sorted(others):
                yield Mutant(one.part(part), "another figure's", other)


def _reworded(alt: Statement) -> Iterator[Mutant]:
    """Yield an alt text with two words exchanged, with a sentence left out, and none at all."""
    words = list(re.finditer(r"\S+", alt.text))
    for one, other in pairwise(words):
        if one[0] != other[0]:
            exchanged = f"{other[0]} {one[0]}"
            text = alt.text[: one.start()] + exchanged + alt.text[other.end() :]
            yield Mutant(alt, "words exchanged", text)
    sentences = re.split(r"(?<=\.) (?=[A-Z])", alt.text)
    for place in range(len(sentences)):
        left = " ".join(sentences[:place] + sentences[place + 1 :])
        yield Mutant(alt, "sentence left out", left)
