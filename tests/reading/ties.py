"""A tie: the code in its text, and the expression that it is tied to."""

import ast
import builtins
import functools
import re
from collections.abc import Iterator
from typing import Any

from tests.reading import numerals

# Words that state a truth by themselves.
VERDICTS = {"true": True, "yes": True, "the same": True}
VERDICTS |= {"false": False, "no": False, "different": False}


@functools.cache
def names(expression: str) -> set[str]:
    """Return the names of an expression that the page has to make; its own variables are none."""
    nodes = list(ast.walk(_parsed(expression)))
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    own = {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    return used - own - vars(builtins).keys()


@functools.cache
def keywords(text: str) -> dict[str, Any] | None:
    """Read `num_layers=2, bias=True`; None if a text is something else."""
    call = _call(f"f({text})")
    if call is None or call.args or not call.keywords:
        return None
    return {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}


def options(tie: str, value: Any) -> dict[str, Any]:
    """Return the options that a tie reads, each by its name: `num_layers` of `rnn.num_layers`."""
    names = [ast.unparse(node).rpartition(".")[2] for node in elements(tie)]
    return dict(zip(names, value if len(names) > 1 else (value,), strict=True))


def elements(tie: str) -> list[ast.expr]:
    """Return the expressions of a tie: of `len(x), L` both."""
    body = _parsed(tie).body
    return body.elts if isinstance(body, ast.Tuple) else [body]


@functools.cache
def construction(text: str) -> tuple[str, str] | None:
    """Read `nn.RNN(4, 2, batch_first=True)`: the class's name and its arguments."""
    call = _call(text)
    if call is None or not isinstance(call.func, ast.Name | ast.Attribute):
        return None
    name = ast.unparse(call.func)
    return name.rpartition(".")[2], ast.unparse(call)[len(name) :]


def is_subject(text: str, tie: str) -> bool:
    """Tell whether a truth is about a text: it begins with that, and compares it with another."""
    try:
        wanted = ast.dump(_parsed(text).body)
    except SyntaxError:
        return False
    first = _operands(_parsed(tie).body)[0]
    return not is_itself(tie) and any(ast.dump(node) == wanted for node in ast.walk(first))


def is_itself(tie: str) -> bool:
    """Tell whether a truth compares a thing with itself."""
    first, *others = _operands(_parsed(tie).body)
    return any(ast.dump(other) == ast.dump(first) for other in others)


def subject(tie: str) -> str:
    """Return what a truth begins with."""
    return ast.unparse(_operands(_parsed(tie).body)[0])


def is_bare(text: str) -> bool:
    """Tell whether a text holds numbers only, and what stands between them in a shape or list."""
    return not re.search(r"[^\s()\[\],]", numerals.NUMBER.sub("", text))


def _operands(node: ast.expr) -> list[ast.expr]:
    """Return what a truth compares, `a == b` or `torch.equal(a, b)`, also in a lambda."""
    while True:
        if isinstance(node, ast.UnaryOp):
            node = node.operand
        elif isinstance(node, ast.BoolOp):
            node = node.values[0]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Lambda):
            node = node.func.body
        elif isinstance(node, ast.Compare):
            return [node.left, *node.comparators]
        else:
            return node.args if isinstance(node, ast.Call) and node.args else [node]


def _call(text: str) -> ast.Call | None:
    """Parse a call that has constants for arguments."""
    try:
        call = _parsed(text).body
        if isinstance(call, ast.Call):
            for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
                ast.literal_eval(argument)
            return call
    except (SyntaxError, ValueError):
        pass
    return None


@functools.cache
def _parsed(expression: str) -> ast.Expression:
    return ast.parse(expression.strip(), mode="eval")


def spells(tie: str, number: str) -> bool:
    """Tell whether an expression spells a number itself, but for indices and options."""
    return any(numerals.agree([number], [spelled]) for spelled in _spelled(tie))


@functools.cache
def _spelled(tie: str) -> list[float]:
    constants = [node for node in _own_nodes(_parsed(tie).body) if isinstance(node, ast.Constant)]
    return [node.value for node in constants if type(node.value) in (int, float)]


def may_be_truth(tie: str) -> bool:
    """Tell whether an expression compares or calls, and so can spell what it compares with."""
    return isinstance(_parsed(tie).body, ast.Compare | ast.UnaryOp | ast.BoolOp | ast.Call)


def makes_numbers(node: ast.expr) -> bool:
    """Tell whether an expression spells or counts something itself, but for indices and options."""
    counted = ast.Constant | ast.Tuple | ast.List | ast.Set | ast.Dict | ast.ListComp | ast.SetComp
    return any(isinstance(part, counted) for part in _own_nodes(node))


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of an expression that are neither an index nor an option."""
    yield node
    for name, value in ast.iter_fields(node):
        if name not in {"slice", "keywords"}:
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, ast.AST):
                    yield from _own_nodes(part)
