"""What a block's setup can do without, found by running it: `python -m tests.reduction`.

A setup is reduced as failing inputs are (Zeller and Hildebrandt, Simplifying and Isolating
Failure-Inducing Input, 2002): by halves, quarters and so on, down to single statements. What is
left prints the same as the whole, also where all seeds are others: what prints `True` by the luck
of one seed is not taken for the same. docs/_extensions/reduced.py reads what is found.
"""

import ast
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from docs._extensions import copying, reduced
from docs._extensions.slicing import Slice, seeds
from docs._extensions.statements import MAGIC, Statement, statements
from tests import copied_blocks
from tests.conftest import build_site
from tests.copied_blocks import Ran

SHORT = 6  # statements: a setup that is no longer stays as it is
SHIFTS = (0, 1, 2)
LIMIT = 25  # seconds that are spent on a setup; what has been found by then is kept
# Seeds that a text sets are others by as much; the names are its own business.
SHIFTED = """import numpy.random, random, torch
def _shift(place, name):
    def other(value): return value + {by} if type(value) is int else value
    seed = getattr(place, name)
    setattr(place, name, lambda *given, **named: seed(
        *map(other, given), **{{key: other(value) for key, value in named.items()}}))
_shift(torch, "manual_seed"), _shift(random, "seed")
_shift(numpy.random, "seed"), _shift(numpy.random, "default_rng")
del _shift, numpy, random, torch
"""

Run = Callable[[str, int], Ran]


class Setup:
    """A block and the statements above it, to be run in part."""

    def __init__(self, whole: Sequence[Statement], code: str, run: Run):
        self.whole = whole
        self.code = MAGIC.sub("", code)
        self.run = run
        self.wanted: dict[int, Ran] = {}
        # What depends on a seed has one.
        self.seeds = [n for n, one in enumerate(whole) if seeds(one) and _is_call(one)]

    def is_enough(self, numbers: Sequence[int]) -> bool:
        """Tell whether these statements do as well as all."""
        return self._is_bound(numbers) and all(
            self._ran(numbers, by) == self._whole(by) for by in SHIFTS
        )

    def prints(self) -> bool:
        """Tell whether the block prints something, by which it can be told."""
        return bool(self._whole(0).output)

    def named(self) -> list[int]:
        """Return the statements that give the block's names their values, and the seeds."""
        live = {name for one in statements(self.code) for name in one.reads}
        kept = set(self.seeds)
        for number, one in reversed([*enumerate(self.whole)]):
            if number in kept or one.binds & live:
                live -= one.binds if one.binds_anew else frozenset()
                live |= one.reads
                kept.add(number)
        return sorted(kept)

    def _whole(self, by: int) -> Ran:
        if by not in self.wanted:
            self.wanted[by] = self._ran(range(len(self.whole)), by)
        return self.wanted[by]

    def _ran(self, numbers: Sequence[int], by: int) -> Ran:
        shift = SHIFTED.format(by=by) if by else ""
        above = shift + "".join(f"{_copied(self.whole[number])}\n" for number in numbers)
        ran = self.run(above + self.code, above.count("\n"))
        return Ran([], ran.output)

    def _is_bound(self, numbers: Sequence[int]) -> bool:
        """Tell from the text whether what is read has a value: that spares most runs."""
        bindable = {name for one in self.whole for name in one.binds}
        bound: set[str] = set()
        for one in [*(self.whole[number] for number in numbers), *statements(self.code)]:
            if one.reads & bindable - one.binds - bound:
                return False
            bound |= one.binds
        return True


def _is_call(statement: Statement) -> bool:
    return isinstance(statement.nodes[0], ast.Expr)


def _copied(statement: Statement) -> str:
    if not statement.raises:
        return statement.source
    deeper = "\n".join(f"    {line}" for line in statement.source.split("\n"))
    return f"try:\n{deeper}\nexcept Exception: pass"


def reduce(setup: Setup) -> list[int]:
    """Return the numbers of the statements that the block needs."""
    found = list(range(len(setup.whole)))
    if len(found) <= SHORT or not setup.prints() or not setup.is_enough(found):
        return found
    named = setup.named()
    found = named if setup.is_enough(named) else found
    size, late = len(found), time.monotonic() + LIMIT
    while size:
        for start in reversed(range(0, len(found), size)):  # what is below may need what is above
            fewer = [n for i, n in enumerate(found) if not start <= i < start + size]
            fewer = sorted({*fewer, *setup.seeds})
            if time.monotonic() > late:  # what runs on without a line may take minutes
                return found
            found = fewer if len(fewer) < len(found) and setup.is_enough(fewer) else found
        size //= 2
    return found


def runner() -> Run:
    """Start a process that runs one text after the other."""
    waiting: list[tuple[str, int]] = []

    def texts() -> Iterator[tuple[str, int]]:
        while True:
            yield waiting.pop()

    answers = copied_blocks.run(texts())

    def run(text: str, above: int) -> Ran:
        waiting.append((text, above))
        return next(answers)

    return run


def setups() -> dict[str, tuple[list[Statement], str]]:
    """Build the site, and return the whole setup of each block under its digest."""
    found: dict[str, tuple[list[Statement], str]] = {}

    def note(whole: Slice, code: str) -> Slice:
        found[reduced.digest(whole.kept, code)] = (whole.kept, code)
        return whole

    copying.reduced = note
    with tempfile.TemporaryDirectory() as folder:
        build_site(Path(folder) / "site")
    return found


def main() -> None:
    """Reduce what is new, forget what is no more; each that is found is written at once."""
    found = setups()
    known = {key: numbers for key, numbers in reduced.known().items() if key in found}
    new = [key for key, (whole, _) in found.items() if key not in known and len(whole) > SHORT]
    runners: Queue[Run] = Queue()
    for _ in range(os.cpu_count() or 1):
        runners.put(runner())

    def reduce_one(key: str) -> tuple[str, list[int]]:
        run = runners.get()
        numbers = reduce(Setup(*found[key], run))
        runners.put(run)
        return key, numbers

    write(known)
    with ThreadPoolExecutor(runners.qsize()) as pool:
        for done, (key, numbers) in enumerate(pool.map(reduce_one, new), start=1):
            known[key] = numbers
            write(known)
            told = f"{len(numbers)} of {len(found[key][0])} statements"
            print(f"{done} of {len(new)}: {told}", file=sys.stderr)


def write(known: dict[str, list[int]]) -> None:
    """Write what is known, a line for each setup."""
    lines = [f'"{key}":{json.dumps(numbers)}' for key, numbers in sorted(known.items())]
    whole = ",\n".join(lines)
    reduced.FILE.with_suffix(".new").write_text(f"{{{whole}}}\n", "utf-8")
    reduced.FILE.with_suffix(".new").replace(reduced.FILE)


if __name__ == "__main__":
    main()
