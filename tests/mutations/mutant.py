"""One change of a page, as the mutator tries it."""

from dataclasses import dataclass

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
