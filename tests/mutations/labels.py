"""Two labels of a lab's cell, exchanged."""

import itertools
from collections.abc import Iterator

from tests.mutations.mutant import Mutant, Statement
from tests.reading.document import Document
from tests.reading.fences import Fence
from tests.reading.labels import Label, labels

PLACE = "label"


def exchanged_labels(document: Document) -> Iterator[Mutant]:
    """Exchange each two labels that follow each other in a cell."""
    for fence in document.fences if document.notebook else []:
        found = [label for label in labels(fence.code) if label.text]
        for one, other in itertools.pairwise(found):
            if one.text != other.text:
                mine, its = _statement(one, fence, document), _statement(other, fence, document)
                yield Mutant(mine, "exchanged", its.text, also=(its.becomes(mine.text),))


def _statement(label: Label, fence: Fence, document: Document) -> Statement:
    line = fence.line + 1 + label.line
    return Statement(PLACE, label.text, line, document.lines[line].text.index(label.text))
