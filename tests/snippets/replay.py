"""Run a page's code once, and check its changed claims against what that run gave.

A change of a documented number leaves the code as it was, so the mutator need not run it again:
a page that trains a network is run once, not a thousand times.
"""

import ast
import dataclasses
from typing import Any

from tests.reading.fences import Fence, Step
from tests.snippets.execution import Interpreter, Result


class UnrecordedError(BaseException):
    """The page asks what the recorded run was not asked; no check may take it for an answer."""


@dataclasses.dataclass(frozen=True)
class _Raised:
    """Stands for the value of an expression that has none."""

    error: Exception


class Recorder(Interpreter):
    """Runs a page, and keeps what each stretch of its code and each expression gave."""

    def __init__(self, filename: str):
        super().__init__(filename)
        self.runs: list[tuple[str, list[Result]]] = []
        self.answers: dict[tuple[int, str], Any] = {}

    def run(self, steps: list[Step]) -> list[Result]:
        results = super().run(steps)
        self.runs.append((_code(steps), results))
        return results

    def evaluate(self, expression: str) -> Any:
        place = (len(self.runs), expression)
        try:
            self.answers[place] = super().evaluate(expression)
        except Exception as error:
            self.answers[place] = _Raised(error)
            raise
        return self.answers[place]


class Replay(Interpreter):
    """Gives the recorded answers, in their order, to the same page with other claims."""

    def __init__(self, record: Recorder):
        super().__init__(record.filename)
        self.record = record
        self.done = 0

    def show_source(self, fences: list[Fence]) -> None:
        """Leave the source as the recorded run has shown it."""

    def run(self, steps: list[Step]) -> list[Result]:
        code, results = next(iter(self.record.runs[self.done :]), ("", []))
        if code != _code(steps):
            raise UnrecordedError(code)
        self.done += 1
        return results

    def evaluate(self, expression: str) -> Any:
        try:
            answer = self.record.answers[self.done, expression]
        except KeyError:
            raise UnrecordedError(expression) from None
        if isinstance(answer, _Raised):
            raise answer.error
        return answer


def _code(steps: list[Step]) -> str:
    """Return the statements without their comments."""
    return "\n".join(ast.dump(step.node) for step in steps)
