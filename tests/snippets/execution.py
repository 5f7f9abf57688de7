"""Execute the steps of a page once each, in the page's own `__main__`."""

import ast
import bisect
import builtins
import codeop
import functools
import io
import linecache
import sys
import threading
import traceback
import types
from dataclasses import dataclass
from typing import Any

from tests.reading.fences import Fence, Step


@dataclass
class Result:
    """What a step did: its output lines, its value (of a commented expression), its error."""

    output: list[str]
    value: Any = None
    error: BaseException | None = None

    @property
    def error_lines(self) -> list[str]:
        """What the reader sees of the error: the last lines of the traceback."""
        if self.error is None:
            return []
        return as_shown("".join(traceback.format_exception_only(self.error)))


def as_shown(text: str) -> list[str]:
    """Return the lines as Markdown can hold them: without tabs, and without blanks at the end."""
    return [line.replace("\t", "    ").rstrip() for line in text.splitlines()]


class PageOutput(io.TextIOBase):
    """Stands for stdout; keeps with each piece the line of the page that was executing."""

    def __init__(self, filename: str):
        self.filename = filename
        self.pieces: list[tuple[int, str]] = []

    def write(self, text: str) -> int:
        line = self._line(sys._getframe(1))
        if line is None:  # a thread of the page: what is its first thread at?
            line = self._line(sys._current_frames()[threading.main_thread().ident or 0])
        self.pieces.append((line or 0, text))
        return len(text)

    def _line(self, frame: types.FrameType | None) -> int | None:
        while frame and not self._is_page(frame.f_code):
            frame = frame.f_back
        return frame.f_lineno if frame else None

    def _is_page(self, code: types.CodeType) -> bool:
        return code.co_filename == self.filename and code.co_name == "<module>"


class Interpreter:
    """A page's interpreter; `filename` stands in tracebacks."""

    def __init__(self, filename: str):
        self.filename = filename
        self.stdout = PageOutput(filename)
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

    def run(self, steps: list[Step]) -> list[Result]:
        """Execute statements; return the results of those that were reached."""
        sys.modules["__main__"] = self.module
        self.stdout.pieces.clear()
        try:
            value = self._execute(steps)
        except (Exception, SystemExit) as error:
            return self._results(steps, None, error)
        return self._results(steps, value, None)

    def _execute(self, steps: list[Step]) -> Any:
        nodes, last = [step.node for step in steps], steps[-1].node
        valued = isinstance(last, ast.Expr) and bool(steps[-1].comments)
        code = self.prepared(ast.Module(nodes[:-1] if valued else nodes, []))
        exec(self.compile(code, self.filename, "exec"), self.module.__dict__)
        if not valued:
            return None
        code = self.prepared(ast.Expression(last.value))
        return eval(self.compile(code, self.filename, "eval"), self.module.__dict__)

    def prepared(self, tree: Any) -> Any:
        """Return what is executed in place of a piece of the page's code: here, itself."""
        return tree

    def _results(self, steps: list[Step], value: Any, error: BaseException | None) -> list[Result]:
        """Share the output out among the statements that were executing when it came."""
        begins = [step.begins for step in steps]
        texts = [""] * len(steps)
        for line, text in self.stdout.pieces:
            texts[max(bisect.bisect_right(begins, line) - 1, 0)] += text
        results = [Result(as_shown(text)) for text in texts]
        results[-1].value = value
        if error is not None:
            line = self.line_of(error)
            reached = len(steps) if line is None else max(bisect.bisect_right(begins, line + 1), 1)
            results[reached - 1].error = error
            return results[:reached]
        return results

    def evaluate(self, expression: str) -> Any:
        """Return the value of a claim's expression."""
        code = self.compile(self.prepared(_parsed(expression)), "<claim>", "eval")
        return eval(code, self.module.__dict__)

    def line_of(self, error: BaseException) -> int | None:
        """Return the index of the page's line that raised, if the page's code did."""
        line, frame = None, error.__traceback__
        while frame:
            if frame.tb_frame.f_code.co_filename == self.filename:
                line = frame.tb_lineno - 1
            frame = frame.tb_next
        return line


@functools.cache
def _parsed(expression: str) -> ast.Expression:
    """Parse a claim's expression; many claims of a site share theirs."""
    return ast.parse(expression.strip(), mode="eval")
