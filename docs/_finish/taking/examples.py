"""A block of Python with its documented output: the code, what it prints, and what it raises."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import packages_distributions, version
from platform import python_version

from packaging.version import Version

from docs._finish.taking.plain import VERSIONS, Code

OUTPUT = "#>"
# What a traceback ends with: a name of Python's own, or one with its module.
RAISED = re.compile(
    r"(?:[\w.]+\.[A-Z_]\w*|\w*(?:Error|Exception|Exit|Interrupt))(?<!Warning)(?=:|$)"
)
WARNED = re.compile(rf"^{OUTPUT} \w+Warning: ", re.MULTILINE)
OWN = "rnn-ref"


@dataclass(frozen=True)
class Example:
    """A block that is executed."""

    code: str

    @cached_property
    def printed(self) -> dict[int, str]:
        """Return the lines of output by the index of their line."""
        tokens = tokenize.generate_tokens(io.StringIO(self.code).readline)
        return {
            token.start[0] - 1: token.string.removeprefix(OUTPUT).removeprefix(" ")
            for token in tokens
            if token.type == tokenize.COMMENT and token.string.startswith(OUTPUT)
        }

    @cached_property
    def last(self) -> ast.stmt | None:
        """Return the last statement."""
        body = ast.parse(self.code).body
        return body[-1] if body else None

    @cached_property
    def raised(self) -> int | None:
        """Return the index of the first line of the error that it ends in, if it does."""
        if self.last is None or _handles(self.last):
            return None
        below = [line for line in self.printed if line >= self.last.lineno]
        return next((line for line in below if RAISED.match(self.printed[line])), None)

    @property
    def silent(self) -> str:
        """Return the code without its output."""
        lines = enumerate(self.code.split("\n"))
        return "\n".join(line for number, line in lines if number not in self.printed)

    def output(self) -> tuple[list[str], list[str]]:
        """Return what it prints, and the lines of the error that it ends in."""
        end = self.raised
        before = [text for line, text in self.printed.items() if end is None or line < end]
        return before, list(self.printed.values())[len(before) :]

    def caught(self) -> str:
        """Return the code, with what is raised at its end printed."""
        if self.raised is None or self.last is None:
            return self.code
        lines = self.code.split("\n")
        start, end = _first_line(self.last), (self.last.end_lineno or 0)
        inside = _continued_strings(self.last)
        tried = [line if n in inside else f"    {line}".rstrip() for n, line in enumerate(lines)]
        before, statement, after = lines[:start], tried[start:end], lines[end:]
        return "\n".join([*before, "try:", *statement, *CATCH, *after])


CATCH = (
    "except Exception as raised:",
    "    import traceback",
    "",
    '    print("".join(traceback.format_exception_only(raised)), end="")',
)


def _handles(node: ast.stmt) -> bool:
    """Tell whether a statement handles what is raised in it, and raises nothing of its own."""
    inside = ast.walk(node)
    return isinstance(node, ast.Try) and not any(isinstance(part, ast.Raise) for part in inside)


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min(part.lineno for part in (node, *decorators)) - 1


def _continued_strings(node: ast.stmt) -> set[int]:
    """Return the indexes of the lines that begin inside a string."""
    strings = [part for part in ast.walk(node) if isinstance(part, ast.Constant | ast.JoinedStr)]
    return {line for part in strings for line in range(part.lineno, part.end_lineno or 0)}


def holds(block: Code) -> bool:
    """Tell whether a block is about the versions that the site is made with."""
    for option, name in block.options.items():
        if option in VERSIONS:
            package, bound = name.split()
            here = Version(python_version() if package == "python" else version(package))
            if (here >= Version(bound)) is not (VERSIONS[option] == "since"):
                return False
    return True


def installs(codes: Iterable[str]) -> list[str]:
    """Return the packages that codes import, as pip calls them; ours with its version."""
    owners = _owners() | {"rnn_ref": [OWN]}  # which is not found where it is being written
    names = {name for code in codes for name in _imported(code)}
    found = {owners[name][0] for name in names if name in owners}
    return [f"{OWN}=={version(OWN)}" if name == OWN else name for name in sorted(found)]


_owners = cache(packages_distributions)


def _imported(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]
