"""The examples in the docstrings of a Python file: each `Examples:` section is a small page.

It is read from the source and not from the imported objects, since there the lines are known to
which a message leads and in which `--update-docs` writes.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.reading import orders
from tests.reading.document import Document
from tests.reading.fences import Fence
from tests.reading.problems import DocumentError, Problem
from tests.reading.reader import read_events
from tests.reading.site_markdown import Line, SiteMarkdown

SECTION = "Examples:"
_FENCE = re.compile(r"\s*(```|~~~)")
_PROMPT = re.compile(r"\s*>>>")
_EXAMPLE = re.compile(rf"{_FENCE.pattern}|{_PROMPT.pattern}|\s*{SECTION}$")


@dataclass(frozen=True)
class _Block:
    """The lines of a file from `begin` to `end`, both counted from 0; the end is not part of it."""

    begin: int
    end: int

    def __contains__(self, number: int) -> bool:
        return self.begin <= number < self.end


def read_source(text: str, markdown: SiteMarkdown) -> Document:
    """Find every fence and every claim in the examples of a Python file.

    Raises:
        DocumentError: An example is not written as the site shows it, or would not be found there.
    """
    lines = text.split("\n")
    document = Document([Line(line, None, number) for number, line in enumerate(lines)], [])
    for docstring in docstrings(text):
        document.events += _misnamed(docstring)
        for section in _sections(docstring, lines):
            document.events += _read_section(section, lines, markdown)
    return document


def _misnamed(docstring: ast.Expr) -> Iterator[Problem]:
    """Yield the orders of axes and gates in a docstring that no tensor has."""
    text = docstring.value.value
    for start, reason in orders.wrong(text):
        above = text[:start].count("\n")
        yield Problem(docstring.lineno - 1 + above, reason)


def docstrings(text: str) -> Iterator[ast.Expr]:
    """Yield each string that is a statement, in the order of the file."""
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Expr)]
    for node in sorted(nodes, key=lambda node: node.lineno):
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node


def _sections(docstring: ast.Expr, lines: list[str]) -> list[_Block]:
    """Return the blocks below the headers; check that nothing like an example stands elsewhere."""
    begin, end = docstring.lineno - 1, docstring.end_lineno or docstring.lineno
    margin = docstring.col_offset
    headers = [i for i in range(begin, end) if lines[i] == " " * margin + SECTION]
    sections = [_Block(i + 1, _end(lines, i + 1, end, margin)) for i in headers]
    for number in range(begin, end):
        if _PROMPT.match(lines[number]):
            raise DocumentError(number, "a prompt in a docstring: write ```python, output in `#>`")
        if _FENCE.match(lines[number]) and not any(number in section for section in sections):
            raise DocumentError(number, f"a fence in a docstring has to stand below `{SECTION}`")
        if "\\" in lines[number] and lines[begin][margin] not in "rR" and sections:
            raise DocumentError(number, 'an example with a backslash needs a raw docstring, r"""')
    return sections


def _end(lines: list[str], begin: int, end: int, margin: int) -> int:
    """Return the first line that is not indented more than the header."""
    inner = (
        i for i in range(begin, end) if lines[i].strip() and not lines[i][: margin + 1].isspace()
    )
    return next(inner, end)


def _read_section(section: _Block, lines: list[str], markdown: SiteMarkdown) -> list:
    block = lines[section.begin : section.end]
    margin = min((len(line) - len(line.lstrip()) for line in block if line.strip()), default=0)
    body = "\n".join(line[margin:] for line in block)
    rendered = markdown.render("\n" * section.begin + body, [margin] * section.end)
    if any(line.file for line in rendered.lines):
        raise DocumentError(section.begin, "an example includes no other file")
    events = read_events(rendered)
    fences = [event for event in events if isinstance(event, Fence)]
    if not fences:
        raise DocumentError(section.begin, "no Python fence: this example would not be executed")
    if fences[0].continues:
        raise DocumentError(fences[0].line, "the first fence of a docstring continues nothing")
    return events
