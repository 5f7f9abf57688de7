"""Axes, gates and letters in words, exchanged."""

import itertools
import re
from collections.abc import Iterator

from tests.mutations.mutant import Mutant, Statement
from tests.mutations.places import prose
from tests.reading import orders as phrases
from tests.reading.document import Document

WORD = re.compile(rf"\b{phrases.WORD}\b|\b{phrases.GATE}\b", re.IGNORECASE)
SYMBOL = re.compile(rf"`({phrases.SYMBOL})`(?= (?:is |counts )?(?:the |an? )?{phrases.WORD}\b)")


def orders(document: Document) -> Iterator[Mutant]:
    """Yield each order of a page with two of its words exchanged, and each letter as another."""
    for number, line in (*prose(document), *_comments(document)):
        if "?" in line:  # as in `orders.wrong`
            continue
        for text, start in _phrases(line):
            for change in _exchanged(text):
                yield Mutant(Statement("order", text, number, start), "words exchanged", change)
        for match in SYMBOL.finditer(line):
            letter = Statement("letter", match[1], number, match.start(1))
            for other in ("N", "L", "D", "num_layers"):
                if other != match[1]:
                    yield Mutant(letter, "another letter", other)


def _comments(document: Document) -> Iterator[tuple[int, str]]:
    for fence in document.fences:
        for number in range(fence.line + 1, fence.line + 2 + fence.code.count("\n")):
            if "# " in document.lines[number].text and not document.notebook:
                yield number, document.lines[number].text


def _phrases(line: str) -> Iterator[tuple[str, int]]:
    for order in phrases.orders(line):
        yield order.text, order.start
    for match in phrases.GATE_PHRASE.finditer(line):
        if {"forget", "reset", "update"} & set(re.findall(r"\w+", match[0].lower())):
            yield match[0], match.start()


def _exchanged(text: str) -> Iterator[str]:
    words = list(WORD.finditer(text))
    for one, other in itertools.combinations(words, 2):
        if one[0].lower() != other[0].lower():
            between = text[one.end() : other.start()]
            yield text[: one.start()] + other[0] + between + one[0] + text[other.end() :]
