"""Check one page: run it once from top to bottom, compare every claim at its place."""

import contextlib
import gc
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.reading import versions
from tests.reading.document import Claim, Document, Written
from tests.reading.fences import Comment, Fence, Step
from tests.reading.problems import Problem
from tests.snippets import claims, isolation
from tests.snippets.comments import Place, check_comment
from tests.snippets.execution import Interpreter, Result
from tests.snippets.figures import check_figure
from tests.snippets.isolation import page_state
from tests.snippets.output import check_output, documents_error
from tests.snippets.written import check_written

Comparison = Callable[[], Problem | None]
HERE = -1  # the seeds of a run that is no other machine's


@dataclass
class Report:
    """What the run of a page showed."""

    document: Document
    problems: list[Problem] = field(default_factory=list)
    executed: list[Fence] = field(default_factory=list)
    not_run: dict[Fence, str] = field(default_factory=dict)
    elsewhere: dict[Fence | Claim, str] = field(default_factory=dict)  # true of other versions
    compared: int = 0

    def of_fence(self, fence: Fence) -> list[Problem]:
        """Return what is wrong from this fence to the next (for the first: from the top)."""
        lines = sorted(fence.line for fence in self.document.fences)
        i = lines.index(fence.line)
        begin = 0 if i == 0 else fence.line
        end = lines[i + 1] if i + 1 < len(lines) else len(self.document.lines)
        return [problem for problem in self.problems if begin <= problem.line < end]


def check_document(document: Document, page: Path) -> Report:
    """Execute every fence of a page once and compare every claim.

    Args:
        document: The page as it is rendered.
        page: Its file: for tracebacks, and for the place of its figures.
    """
    return run_document(document, page, Interpreter(traced_name(page)))


def traced_name(page: Path) -> str:
    """Return the file name of a page's code in tracebacks."""
    page = page.absolute()
    # A Python file's own name belongs to its own code, which the examples call.
    return f"{page} (examples)" if page.suffix == ".py" else str(page)


def run_document(
    document: Document, page: Path, interpreter: Interpreter, seeds: int = HERE
) -> Report:
    """Do the same with an interpreter of the caller's, and with other seeds."""
    page = page.absolute()  # before the run is in a folder of its own
    with _paused_collector(), page_state(interpreter.stdout, uses_torch(document)):
        return compare(document, page, interpreter, seeds)


def uses_torch(document: Document) -> bool:
    """Tell whether torch is needed: without it, a page is checked in no time."""
    return any("torch" in fence.code for fence in document.fences)


def compare(document: Document, page: Path, interpreter: Interpreter, seeds: int = HERE) -> Report:
    """Compare every claim with what the interpreter says, in the process as it is."""
    return _Run(document, interpreter, page.absolute().parent, seeds).complete()


@contextlib.contextmanager
def _paused_collector() -> Iterator[None]:
    """Do not collect while a page runs: among the objects of `import torch` it is a sixth of it.

    What the first import of torch left behind stays for good: it is frozen, so that no later
    collection looks through it.
    """
    enabled, imported = gc.isenabled(), "torch" in sys.modules
    gc.disable()
    try:
        yield
    finally:
        if not imported and "torch" in sys.modules:
            gc.freeze()
        if enabled:
            gc.enable()


class _Run:
    """The run of one page. A claim whose names are not there yet waits for them."""

    def __init__(self, document: Document, interpreter: Interpreter, folder: Path, seeds: int):
        self.document = document
        self.seeds = seeds
        self.interpreter = interpreter
        self.folder = folder
        self.report = Report(document)
        self.waiting: list[tuple[int, Comparison, NameError]] = []
        self.lived: dict[tuple[int, ...], str] = {}  # shape: the name of what had it
        self.broken_at: int | None = None  # line of an error that the page does not document
        self.failed = False  # whether there was one at all
        interpreter.show_source(document.fences)

    def complete(self) -> Report:
        """Go through the page in the order of the rendered page."""
        for event in self.document.events:
            if isinstance(event, Claim):
                self._claim(event)
            elif isinstance(event, Problem):
                self._problem(event)
            elif isinstance(event, Written):
                self._written(event)
            else:
                self._fence(event)
                self._retry()
        self._close()
        self.report.problems.sort(key=lambda problem: problem.line)
        return self.report

    def _claim(self, claim: Claim) -> None:
        evaluate = self.interpreter.evaluate
        if claim.image is not None:
            lines = self.document.lines
            self._compare(claim.line, lambda: check_figure(claim, self.folder, lines, evaluate))
            return
        self._add(claims.check_spelling(claim, self.document.names))
        if claim.tie is not None and not self._is_elsewhere(claim):
            tie = claim.tie.text
            self._compare(claim.line, lambda: claims.check_claim(claim, tie, evaluate))

    def _problem(self, problem: Problem) -> None:
        if not self.document.is_written(problem.line):
            self._add(problem)

    def _written(self, block: Written) -> None:
        lines, evaluate = self.document.lines, self.interpreter.evaluate
        self._compare(block.line, lambda: check_written(block, lines, evaluate))

    def _fence(self, fence: Fence) -> None:
        if fence.optout is not None:
            self.report.not_run[fence] = f"opted out: {fence.optout}"
            return
        if self._is_elsewhere(fence):
            self.report.not_run[fence] = self.report.elsewhere[fence]
            return
        if not fence.continues:
            self.interpreter.restart()
            isolation.seed(self.seeds, fence.line)
            self.broken_at = None
        if self.broken_at is not None:
            place = self.document.lines[self.broken_at].number + 1
            self.report.not_run[fence] = f"not run: it continues what failed in line {place}"
            return
        self.report.executed.append(fence)
        self._run_steps(fence)
        self._remember_shapes()

    def _is_elsewhere(self, event: Fence | Claim) -> bool:
        reason = versions.elsewhere(event.bounds)
        if reason:
            self.report.elsewhere[event] = reason
        return reason is not None

    def _run_steps(self, fence: Fence) -> None:
        try:
            stretches = list(fence.stretches)
        except SyntaxError as error:
            self._break((error.lineno or fence.line + 2) - 1, f"does not parse: {error.msg}")
            return
        for stretch in stretches:
            for step, result in zip(stretch, self.interpreter.run(stretch), strict=False):
                if not self.document.notebook:
                    self._output(fence, step, result)
                if result.error is not None:
                    self._raised(fence, step, result, last=step is fence.steps[-1])
                    return
                for comment in step.comments:
                    self._comment(fence, step, result, comment)

    def _output(self, fence: Fence, step: Step, result: Result) -> None:
        self.report.compared += len(step.output)
        code = fence.code.split("\n")
        for problem in check_output(step, result, fence.line + 1, code, self.document.lines):
            self._add(problem)

    def _raised(self, fence: Fence, step: Step, result: Result, last: bool) -> None:
        assert result.error is not None
        line = self.interpreter.line_of(result.error)
        line = fence.line + 1 + step.last_line if line is None else line
        if not documents_error(step, result):
            self._break(line, f"raised {' '.join(result.error_lines)}")
        elif not last:
            self._break(line, "the fence goes on after its documented error: begin a new fence")

    def _break(self, line: int, message: str) -> None:
        self.broken_at, self.failed = line, True
        self._add(Problem(line, message))

    def _comment(self, fence: Fence, step: Step, result: Result, comment: Comment) -> None:
        line = fence.line + 1 + comment.line
        source, code = self.document.lines[line].text, fence.code.split("\n")[comment.line]
        place = Place(line, len(source) - len(code))
        evaluate = self.interpreter.evaluate
        self._compare(line, lambda: check_comment(comment, step, result, evaluate, place))

    def _compare(self, line: int, comparison: Comparison) -> None:
        if self.broken_at is not None:
            return
        try:
            self._add(comparison())
            self.report.compared += 1
        except NameError as error:
            self.waiting.append((line, comparison, error))
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            self._add(Problem(line, f"the expression cannot be evaluated: {reason}"))

    def _retry(self) -> None:
        waiting, self.waiting = self.waiting, []
        for line, comparison, _ in waiting:
            self._compare(line, comparison)

    def _remember_shapes(self) -> None:
        for name, value in list(vars(self.interpreter.module).items()):
            shape = getattr(value, "shape", None)
            if isinstance(shape, tuple):
                self.lived.setdefault(tuple(shape), name)

    def _close(self) -> None:
        """Reject what is tied to nothing, and what waits for names that never came."""
        for event in self.document.events:
            untied = isinstance(event, Claim) and event.tie is None and event.image is None
            if untied and not self.document.is_written(event.line):
                self.report.problems += claims.check_untied(event, self.lived)
        if not self.failed:  # else the names did not come because of that
            for line, _, error in self.waiting:
                self._add(Problem(line, f"cannot be evaluated: {error}"))

    def _add(self, problem: Problem | None) -> None:
        if problem is not None:
            self.report.problems.append(problem)
