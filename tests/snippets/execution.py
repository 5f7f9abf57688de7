"""Execute the steps of a page once each, in the page's own `__main__`."""

import ast
import builtins
import codeop
import contextlib
import io
import linecache
import sys
import traceback
import types
from dataclasses import dataclass, field
from typing import Any

from tests.snippets.fences import Fence, Step


@dataclass
class Result:
    """What a step did: its output lines, its value (of an expression), what it raised."""

    output: list[str]
    value: Any = None
    error: BaseException | None = None

    @property
    def error_lines(self) -> list[str]:
        """What the reader sees of the error: the last lines of the traceback."""
        if self.error is None:
            return []
        return "".join(traceback.format_exception_only(self.error)).splitlines()


@dataclass
class Interpreter:
    """A page's interpreter; `filename` stands in tracebacks."""

    filename: str
    stdout: io.StringIO = field(default_factory=io.StringIO)
    module: types.ModuleType = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin an empty `__main__`, in which classes can be pickled and guards hold."""
        self.module = types.ModuleType("__main__")
        self.module.__dict__.update(__file__=self.filename, __builtins__=builtins)
        self.compile = codeop.Compile()  # remembers `from __future__ import ...`

    def show_source(self, fences: list[Fence]) -> None:
        """Let tracebacks and `inspect` find the code of a page by the page's line numbers."""
        lines: list[str] = []
        for fence in fences:
            lines += [""] * (fence.line + 1 - len(lines)) + fence.code.split("\n")
        text = [f"{line}\n" for line in lines]
        linecache.cache[self.filename] = (len(text), None, text, self.filename)

    def run(self, step: Step) -> Result:
        """Execute one statement."""
        sys.modules["__main__"] = self.module
        result = Result([])
        try:
            result.value = self._execute(step.node)
        except (Exception, SystemExit) as error:
            result.error = error
        result.output = [line.rstrip() for line in self._take_output().splitlines()]
        return result

    def _execute(self, node: ast.stmt) -> Any:
        if isinstance(node, ast.Expr):
            code = self.compile(ast.Expression(node.value), self.filename, "eval")
        else:
            code = self.compile(ast.Module([node], []), self.filename, "exec")
        return eval(code, self.module.__dict__)

    def evaluate(self, expression: str) -> Any:
        """Return the value of a claim's expression; what it prints is dropped."""
        with contextlib.redirect_stdout(io.StringIO()):
            return eval(self.compile(expression, self.filename, "eval"), self.module.__dict__)

    def _take_output(self) -> str:
        text = self.stdout.getvalue()
        self.stdout.seek(0)
        self.stdout.truncate()
        return text

    def line_of(self, error: BaseException) -> int | None:
        """Return the index of the page's line that raised, if the page's code did."""
        frames = traceback.extract_tb(error.__traceback__)
        numbers = [frame.lineno for frame in frames if frame.filename == self.filename]
        return numbers[-1] - 1 if numbers and numbers[-1] else None
