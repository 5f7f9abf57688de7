"""One change of a page, as the mutator tries it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tests.reading import versions
from tests.reading.beside import FACTS
from tests.reading.document import Claim, Document
from tests.reading.fences import Fence
from tests.reading.problems import Edit


@dataclass(frozen=True)
class Statement:
    """What a page states: its kind or place, and the columns that spell it."""

    place: str
    text: str
    line: int
    start: int

    def becomes(self, text: str) -> Edit:
        return Edit(self.line, self.start, self.start + len(self.text), text)


@dataclass(frozen=True)
class Mutant:
    """One changed statement.

    `also` changes with it (the other of two that are exchanged); `equivalent` says why the change
    would change nothing.
    """

    statement: Statement
    change: str
    text: str
    equivalent: str | None = None
    also: tuple[Edit, ...] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        return (self.statement.becomes(self.text), *self.also)


def claims(document: Document) -> Iterator[Claim]:
    """Yield what a page states in text; what is about other versions is left to their runs."""
    for event in document.events:
        if isinstance(event, Claim) and not versions.elsewhere(event.bounds):
            yield event


def fences(document: Document) -> Iterator[Fence]:
    """Yield the fences of a page that are executed."""
    for fence in document.fences:
        if not versions.elsewhere(fence.bounds):
            yield fence


def prose(document: Document) -> Iterator[tuple[int, str]]:
    """Yield the lines on which a page, a lab or a docstring speaks; what is written is left out."""
    if any(is_example(event) for event in document.events):
        return
    code = {f.line + i for f in document.fences for i in range(f.code.count("\n") + 3)}
    spoken = _docstring_lines("\n".join(line.text for line in document.lines))
    for number, line in enumerate(document.lines):
        said = number in spoken if spoken and not document.notebook else number not in code
        if said and not document.is_written(number) and not line.text.startswith("description:"):
            yield number, line.text


def is_example(event: object) -> bool:
    """Tell whether a file is one beside the pages: what its code spans say are examples."""
    return isinstance(event, Fence) and event == FACTS


def _docstring_lines(text: str) -> set[int]:
    """Return the lines of the docstrings of a Python file; of other texts none."""
    try:
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Expr)]
    except SyntaxError:
        return set()
    strings = [n for n in nodes if isinstance(getattr(n.value, "value", None), str)]
    return {i for n in strings for i in range(n.lineno - 1, n.end_lineno or n.lineno)}
