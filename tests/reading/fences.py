"""A Python fence: its options, its statements, the output and the comments documented in it."""

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pygments.lexers import PythonConsoleLexer, PythonLexer

from tests.reading import numerals, versions
from tests.reading.problems import DocumentError
from tests.reading.site_markdown import RawFence

# The site shows those that begin with `data-`. No title: nothing would compare a file's name.
NOTEST = "data-notest"
OPTIONS = {"continuation", NOTEST} | versions.OPTIONS
OUTPUT = "#>"


@dataclass(frozen=True)
class Comment:
    """A comment of a fence; `line` and `column` count within the fence's code."""

    text: str
    line: int
    column: int
    trails: bool  # stands behind code on its line


@dataclass(frozen=True)
class Step:
    """A top-level statement with what is documented below and beside it.

    `output` are the `#>` lines of the statement, `output_lines` where they stand (lines of the
    code); where there are none, output would be written below `last_line`.
    """

    node: ast.stmt
    begins: int  # line number in the page, counted from 1 as in tracebacks
    last_line: int
    output: tuple[str, ...]
    output_lines: tuple[int, ...]
    comments: tuple[Comment, ...]


@dataclass(frozen=True)
class Fence:
    """A Python fence that the reader sees."""

    code: str
    line: int  # of the opening line, in the page after inclusion
    continues: bool
    optout: str | None  # the written reason for not executing it
    bounds: tuple[versions.Bound, ...] = ()  # the versions it is about

    @cached_property
    def steps(self) -> list[Step]:
        """Split the code into its top-level statements.

        Raises:
            SyntaxError: The code does not parse.
        """
        return list(_steps(self.code, self.line + 1))

    @property
    def stretches(self) -> Iterator[list[Step]]:
        """Yield the steps to run in one go: to the next comment that speaks of their state."""
        stretch = []
        for step in self.steps:
            stretch.append(step)
            if step.comments:
                yield stretch
                stretch = []
        if stretch:
            yield stretch


def read_fence(raw: RawFence) -> Fence:
    """Return a fence; check what its header asks for.

    Raises:
        DocumentError: An option is unknown or wrong, or the fence would be shown without being
            executed, and without a reason.
    """
    language = raw.language.lower()
    if language in PythonConsoleLexer.aliases:
        raise DocumentError(raw.line, f"{language}: write ```python, with output in `#>` lines")
    if not language:
        raise DocumentError(raw.line, "a fence must name its language (`text` for plain text)")
    for option in raw.attributes.keys() - OPTIONS:
        known = ", ".join(sorted(OPTIONS))
        raise DocumentError(raw.line, f"unknown option {option!r} in the fence; known: {known}")
    optout = _optout(raw, language in PythonLexer.aliases)
    try:
        bounds = versions.bounds(raw.attributes)
    except ValueError as error:
        raise DocumentError(raw.line, str(error)) from None
    return Fence(raw.code, raw.line, "continuation" in raw.attributes, optout, bounds)


def _optout(raw: RawFence, is_python: bool) -> str | None:
    """Return the reason for which a fence is not executed; readers see it above the block."""
    reason = raw.attributes.get(NOTEST)
    if reason is None and not is_python:
        declared = f'```{{.{raw.language} {NOTEST}="because ..."}}'
        raise DocumentError(raw.line, f"nothing executes {raw.language}: declare it, {declared}")
    if reason is not None and OUTPUT in raw.code:
        raise DocumentError(raw.line, "what is not executed prints nothing: leave the output out")
    if reason is not None and (not reason.strip() or numerals.find(reason)):
        raise DocumentError(raw.line, f'say why in words, without a number: {NOTEST}="because ..."')
    return reason


def _steps(code: str, first_line: int) -> Iterator[Step]:
    """Split; the nodes carry the line numbers of the page, `first_line` being the code's first."""
    body = ast.parse("\n" * first_line + code).body or [ast.Pass(lineno=1, end_lineno=1)]
    comments = list(_comments(code))
    for comment in comments:
        if comment.trails and comment.text.startswith(OUTPUT):
            line = first_line + comment.line + 1
            raise SyntaxError(f"{OUTPUT} has to stand below its statement", ("", line, 0, ""))
    begins = [0, *(_first_line(node) - first_line for node in body[1:]), code.count("\n") + 1]
    for node, begin, end in zip(body, begins, begins[1:], strict=False):
        here = [comment for comment in comments if begin <= comment.line < end]
        output = [comment for comment in here if comment.text.startswith(OUTPUT)]
        yield Step(
            node,
            _first_line(node) + 1,
            (node.end_lineno or node.lineno) - 1 - first_line,
            tuple(comment.text.removeprefix(OUTPUT).removeprefix(" ") for comment in output),
            tuple(comment.line for comment in output),
            tuple(comment for comment in here if comment not in output),
        )


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min(part.lineno for part in (node, *decorators)) - 1


def _comments(code: str) -> Iterator[Comment]:
    """Find the comments; where no quote can hide a `#`, without the slow tokenizer."""
    lines = code.split("\n")
    starts = [(i, line.find("#")) for i, line in enumerate(lines) if "#" in line]
    if not any(quote in lines[i][:start] for i, start in starts for quote in "'\"") and not (
        '"""' in code or "'''" in code
    ):
        found = [(lines[i][start:], i, start) for i, start in starts]
    else:
        found = [
            (token.string, token.start[0] - 1, token.start[1])
            for token in tokenize.generate_tokens(io.StringIO(code).readline)
            if token.type == tokenize.COMMENT
        ]
    for text, line, column in found:
        yield Comment(text.rstrip(), line, column, bool(lines[line][:column].strip()))
