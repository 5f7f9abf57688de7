"""Run a page on other machines: what it claims has to hold on each of them.

Each draw is a machine of its own: it rounds otherwise (tests/arithmetic), and what no seed fixes is
other there. It moves results by ten times what machines differ by, so that whatever passes has
room. A claim that changes is looked into, for the message: is it rounding or chance, and how much
of it does the claim stand? The draws are the same in each run: what one run finds, all find.
"""

import ast
import contextlib
import functools
import importlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.arithmetic.in_numpy import NAME, RoundedCalls, RoundedPackage, rewritten
from tests.arithmetic.rounding import Coarse, Rounding
from tests.catalogue import MADE
from tests.reading.document import Document
from tests.reading.problems import Problem
from tests.snippets.check import HERE, Report, check_document, run_document, traced_name, uses_torch
from tests.snippets.execution import Interpreter

UNITS = 20  # in the last place; machines differ by one or two
LADDER = (1, 2, 5, 10)
DRAWS = 4
# Pages that are made of the catalogue mostly print shapes and messages.
FEW = 1
ENOUGH = 20_000  # calls: a page that trains a network is not trained four times
COARSE = math.inf  # in place of units: so few digits that all paths lead to the same number
SEEDS = 16  # to tell how often a claim depends on chance
LAST_BIT = "depends on the last bit: compare with a tolerance, or print fewer digits"
CHANCE = "depends on chance: seed it, or state what always holds"


@dataclass(frozen=True)
class Machine:
    """What is other there: `draw` and `units` of its rounding, `seeds` where a page sets none."""

    draw: int
    units: float
    seeds: int


Run = Callable[[Machine], Report]


class RoundedInterpreter(Interpreter):
    """Executes a page's code, claims included, with a machine's calls in it."""

    def __init__(self, filename: str, calls: RoundedCalls):
        self.calls = calls
        super().__init__(filename)

    def restart(self) -> None:
        super().restart()
        self.module.__dict__[NAME] = self.calls

    def prepared(self, tree: ast.Module | ast.Expression) -> ast.Module | ast.Expression:
        if isinstance(tree, ast.Expression):
            return ast.Expression(rewritten(tree.body))
        return ast.Module([rewritten(statement) for statement in tree.body], tree.type_ignores)


class Machines:
    """Runs pages on other machines; what they import of rnn_ref is prepared once."""

    def __init__(self) -> None:
        self.calls = RoundedCalls()
        self.package = RoundedPackage(self.calls)

    def check(self, document: Document, page: Path) -> Report:
        """Run a page here and, if it is right here, on other machines.

        Args:
            document: The page as it is rendered.
            page: Its file.
        """
        if document.notebook:  # the site executes it here, and nothing here depends on where
            report = self._run(document, page, Machine(0, UNITS, 0))
            if not report.problems:
                return report
        report = check_document(document, page)

        @functools.cache
        def run(machine: Machine) -> Report:
            return self._run(document, page, machine)

        if not report.problems:
            made = f"{page.parent.name}/" in MADE or page.stem == "crashes"
            report.problems = self._elsewhere(run, FEW if made else DRAWS)
            return report
        here = Machine(0, UNITS, HERE)
        run(here)
        if self.calls.rounding.calls < ENOUGH:
            report.problems = [_explained(problem, here, run) for problem in report.problems]
        return report

    def _elsewhere(self, run: Run, draws: int) -> list[Problem]:
        """Return what is right here and not on other machines, one problem for a line."""
        found: dict[int, Problem] = {}
        calls = draw = 0
        while draw < draws and calls < ENOUGH:
            machine = Machine(draw, UNITS, draw)
            for problem in run(machine).problems:
                if problem.line not in found:
                    found[problem.line] = _explained(problem, machine, run)
            calls += self.calls.rounding.calls
            draw += 1
        return [found[line] for line in sorted(found)]

    def _run(self, document: Document, page: Path, machine: Machine) -> Report:
        kind = Coarse if machine.units == COARSE else Rounding
        self.calls.rounding = kind(machine.draw, machine.units)
        interpreter = RoundedInterpreter(traced_name(page), self.calls)
        with self.package.imported(), self._torch(document):
            return run_document(document, page, interpreter, machine.seeds)

    @contextlib.contextmanager
    def _torch(self, document: Document) -> Iterator[None]:
        if not uses_torch(document):
            yield
            return
        # Imported here: pages without torch are checked without it.
        rounded = importlib.import_module("tests.arithmetic.in_torch")
        with rounded.RoundedTorch(self.calls.rounding):
            yield


def _explained(problem: Problem, machine: Machine, run: Run) -> Problem:
    """Say of what kind a claim is that is wrong on a machine, and how far it is from its limit."""

    def wrong(units: float, seeds: int) -> bool:
        report = run(Machine(machine.draw, units, seeds))
        return any(other.line == problem.line for other in report.problems)

    seeds = next((s for s in (machine.seeds, HERE, *range(SEEDS)) if not wrong(0, s)), None)
    if seeds is None:
        kind = "" if wrong(COARSE, machine.seeds) else f"{LAST_BIT}. With half the digits it holds"
    elif wrong(UNITS, seeds):
        least = next(units for units in (*LADDER, UNITS) if wrong(units, seeds))
        limit = f"It changes when results move by {least} units in the last place"
        kind = f"{LAST_BIT}. {limit}, and has to stand {UNITS}"
    else:
        often = sum(wrong(0, seeds) for seeds in range(SEEDS))
        kind = f"{CHANCE}. It is wrong with {often} of {SEEDS} seeds"
    # What depends on such a thing is mended by its author: there is no right number to put there.
    return Problem(problem.line, f"{kind}: {problem.message}") if kind else problem
