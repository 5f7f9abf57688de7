"""Labels in a lab: a word of what names a value is a word of the value's own expression.

A printed line says what its number is, and nothing else compares the two:
`print("states", states.shape)`, `print(f"sum {losses.sum():.3f}")`, `{"torch": torch_losses}`.
"""

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

NAME, PART = re.compile(r"[A-Za-z]\w*"), re.compile(r"[A-Za-z]+")
COLUMNS = re.compile(r"\w  +\w")


@dataclass(frozen=True)
class Label:
    """A text that names a value; `line` is an index into the code."""

    text: str
    value: str
    line: int

    @property
    def fits(self) -> bool:
        """Whether a word of the text is a name of the value, or a part of one: `train` too."""
        words = set(NAME.findall(self.text.lower()))
        value = self.value.lower()
        return not words or not words.isdisjoint([*NAME.findall(value), *PART.findall(value)])


def labels(code: str) -> Iterator[Label]:
    """Yield what names a value: a text printed before it, its key, the first of a pair.

    Raises:
        SyntaxError: The code does not parse.
    """
    for node in ast.walk(ast.parse(code)):
        for text, value in _labelled(node):
            yield Label(text.strip(), ast.unparse(value), value.lineno - 1)


def _labelled(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Call(func=ast.Name(id="print"), args=[ast.Constant(value=str(text)) as alone]):
            if COLUMNS.search(text):  # a header, of what stands below in another statement
                yield text, ast.copy_location(ast.Constant(0), alone)
        case ast.Call(func=ast.Name(id="print")):
            yield from _printed([piece for argument in node.args for piece in _pieces(argument)])
        case ast.Dict():
            for key, value in zip(node.keys, node.values, strict=True):
                yield from _pair(key, value)
        case ast.Tuple(elts=[head, value]):
            yield from _pair(head, value)


def _pair(head: ast.expr | None, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield a text and its value; what stands there in plain sight needs no name."""
    match head:
        case ast.Constant(value=str(text)):
            if isinstance(value, ast.Attribute | ast.Call | ast.Name | ast.Subscript):
                yield text, value


def _pieces(argument: ast.expr) -> list[str | ast.expr]:
    match argument:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr():
            parts = [p.value if isinstance(p, ast.FormattedValue) else p for p in argument.values]
            return [piece for part in parts for piece in _pieces(part)]
    return [argument]


def _printed(pieces: list[str | ast.expr]) -> Iterator[tuple[str, ast.expr]]:
    """Pair each text with the value behind it, and the last with the one before."""
    last = zip(pieces[-1:], pieces[-2:-1], strict=False)
    for one, other in (*itertools.pairwise(pieces), *last):
        if isinstance(one, str) and isinstance(other, ast.expr):
            yield one, other
