"""A page as its reader meets it: fences and claims, in the order of the rendered page."""

import functools
from dataclasses import dataclass

from tests.reading import numerals, versions
from tests.reading.fences import Fence
from tests.reading.problems import Problem
from tests.reading.site_markdown import Line, Position

BESIDE = "beside"  # the place of what stands in README.md and its like
NAMED_ELSEWHERE = "name of an entry"


@dataclass(frozen=True)
class Run:
    """Digits (or a counted word, or a symbol) of a text: where in it, and where in the page."""

    start: int
    source: Position


@dataclass(frozen=True)
class Token:
    """A number of a text, with the columns of the page's line that spell it."""

    text: str
    start: int  # in the text
    line: int
    columns: tuple[int, int]


@dataclass(frozen=True)
class Text:
    """A piece of the rendered page that remembers where its digits stand in the source."""

    text: str
    runs: tuple[Run, ...] = ()

    @functools.cached_property
    def tokens(self) -> list[Token]:
        """The numbers that come from the page's source, in reading order."""
        return [self._token(n, runs) for n in numerals.find(self.text) if (runs := self._in(n))]

    @functools.cached_property
    def stray(self) -> list[Run]:
        """The digits that are neither part of a number nor of a name."""
        if len(self.tokens) == len(self.runs):  # the usual case: each run is a number
            return []
        words = [*numerals.find(self.text), *numerals.names(self.text)]
        covered = {run for word in words for run in self._in(word)}
        return [r for r in self.runs if r not in covered and r.source.text.isdigit()]

    def _in(self, word: numerals.Number) -> list[Run]:
        return [run for run in self.runs if word.start <= run.start < word.end]

    @staticmethod
    def _token(number: numerals.Number, runs: list[Run]) -> Token:
        first, last = runs[0].source, runs[-1].source
        start = first.column - (runs[0].start - number.start)
        columns = (start, last.column + len(last.text))
        return Token(number.text, number.start, first.line, columns)


@dataclass(frozen=True)
class Claim:
    """Something that the reader sees and that states a number or a shape.

    `tie` is the expression in its `title` (None: not tied), `image` the file of an alt text,
    `bounds` are the versions it is about.
    """

    shown: Text
    tie: Text | None
    place: str
    line: int
    image: str | None = None
    bounds: tuple[versions.Bound, ...] = ()


@dataclass(frozen=True)
class Written:
    """Markdown that an expression writes: what stands between two comments of the page.

    `line` is that of the first comment, which holds the expression, `end` that of the second.
    """

    expression: str
    line: int
    end: int


@dataclass
class Document:
    """One page: its lines after inclusion and what happens on it, in order.

    The site executes a `notebook` and shows what that printed: its output is not documented.
    """

    lines: list[Line]
    events: list[Fence | Claim | Written | Problem]  # a problem: what is wrong in words alone
    notebook: bool = False

    @functools.cached_property
    def fences(self) -> list[Fence]:
        return [event for event in self.events if isinstance(event, Fence)]

    def is_written(self, line: int) -> bool:
        """Tell whether an expression writes this line, and so answers for it."""
        blocks = (event for event in self.events if isinstance(event, Written))
        return any(block.line < line < block.end for block in blocks)

    @functools.cached_property
    def names(self) -> set[str]:
        """The names with digits that the page's own code and ties spell: `h_0`, `float64`."""
        code = [fence.code for fence in self.fences if fence.optout is None]
        code += [e.tie.text for e in self.events if isinstance(e, Claim) and e.tie]
        return {name.text for text in code for name in numerals.names(text)}

    def fence_at(self, line: int) -> Fence:
        """Return the fence whose opening line has this index."""
        return next(fence for fence in self.fences if fence.line == line)
