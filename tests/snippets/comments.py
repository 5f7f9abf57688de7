"""Compare the comments of a fence with the statement beside them."""

import ast
import re
from dataclasses import dataclass
from typing import Any

from tests.reading import numerals
from tests.reading.document import Token
from tests.reading.fences import Comment, Step
from tests.reading.problems import Edit, Problem, disagreement
from tests.snippets import claims
from tests.snippets.execution import Result

# A name before a colon and a shape: `output: (3, 5, 2)`.
NAMED = re.compile(r"([A-Za-z_][\w.]*): \(")
ASSIGNMENT = (ast.Assign, ast.AnnAssign, ast.AugAssign)
SIMPLE = (*ASSIGNMENT, ast.Expr)
# The shape of a single number; it has no digit by which it would be found.
NO_AXIS = re.compile(r"# *(\(\))\s*")


@dataclass(frozen=True)
class Place:
    """The line of a comment in the page, and by how much it is indented more than in the code."""

    line: int
    margin: int


def check_comment(
    comment: Comment, step: Step, result: Result, evaluate: claims.Evaluate, place: Place
) -> Problem | None:
    """Compare the numbers and symbolic shapes of a comment.

    A comment that is a comparison (`# output.shape == (3, 5, 2)`) is evaluated, and one that
    names tensors (`# output: (3, 5, 2)`) states their shapes. Else, beside an assignment it
    states the targets (of an array: the shape, also `()`), beside a `print` what is printed,
    beside another expression its value.
    """
    if comment.trails and isinstance(step.node, ASSIGNMENT) and NO_AXIS.fullmatch(comment.text):
        return _check_no_axis(comment, step.node, evaluate, place)
    if not numerals.find(comment.text) and not numerals.SYMBOLIC.search(comment.text):
        return None
    comparison = _comparison(comment)
    tokens = _tokens(comment, place)
    if comparison is not None:
        return _check_comparison(comparison, tokens, evaluate, place.line)
    named = _named(comment, evaluate)
    if named:
        return _check_numbers(comment, tokens, *named, place)
    if not (comment.trails and comment.line == step.last_line and isinstance(step.node, SIMPLE)):
        advice = "write `# expression == value`, or say it without a number"
        return Problem(place.line, f"untied comment {comment.text!r}: {advice}")
    expression, value = _stated(step.node, result, evaluate)
    return _check_symbolic(comment, expression, value, evaluate, place) or _check_numbers(
        comment, tokens, expression, value, place
    )


def _tokens(comment: Comment, place: Place) -> list[Token]:
    """Return the numbers of a comment, but for those of its symbolic shapes."""
    offset = place.margin + comment.column
    symbolic = [match.span() for match in numerals.SYMBOLIC.finditer(comment.text)]
    return [
        Token(number.text, number.start, place.line, (number.start + offset, number.end + offset))
        for number in numerals.find(comment.text)
        if not any(start <= number.start < end for start, end in symbolic)
    ]


def _named(comment: Comment, evaluate: claims.Evaluate) -> tuple[str, Any] | None:
    """Read `# output: (3, 5, 2), h_n: (1, 3, 2)`; None if no name of the page begins it."""
    names = NAMED.findall(comment.text)
    try:
        return (", ".join(names), tuple(_shape(evaluate(n)) for n in names)) if names else None
    except NameError:
        return None


def _comparison(comment: Comment) -> ast.Compare | None:
    try:
        tree = ast.parse(comment.text.lstrip("# "), mode="eval").body
    except SyntaxError:
        return None
    return tree if isinstance(tree, ast.Compare) and len(tree.ops) == 1 else None


def _check_comparison(
    comparison: ast.Compare, tokens: list[Token], evaluate: claims.Evaluate, line: int
) -> Problem | None:
    if evaluate(ast.unparse(comparison)):
        return None
    expression = ast.unparse(comparison.left)
    actual = evaluate(expression)
    right = numerals.find(ast.unparse(comparison.comparators[0]))
    edits = claims.corrections(tokens[-len(right) :], list(numerals.of_value(actual)))
    documented = ast.unparse(comparison.comparators[0])
    return Problem(line, disagreement(documented, str(actual), expression), edits)


def _check_no_axis(
    comment: Comment, node: ast.stmt, evaluate: claims.Evaluate, place: Place
) -> Problem | None:
    expression = _target(node)
    value = evaluate(expression)
    shape = getattr(value, "shape", value)
    if isinstance(shape, tuple) and not shape:
        return None
    start = place.margin + comment.column + comment.text.index("(")
    actual = str(_shape(value))
    edits = (Edit(place.line, start, start + len("()"), actual),)
    return Problem(place.line, disagreement("()", actual, expression), edits)


def _target(node: ast.stmt) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return ast.unparse(target).strip("()")


def _stated(node: ast.stmt, result: Result, evaluate: claims.Evaluate) -> tuple[str, Any]:
    """Return what the comment beside a statement speaks of: expression and value."""
    if isinstance(node, ast.Expr):
        expression = ast.unparse(node.value)
        return expression, "\n".join(result.output) if result.output else _shape(result.value)
    expression = _target(node)
    return expression, _shape(evaluate(expression))


def _shape(value: Any) -> Any:
    """Return an array's shape (a single element's value), also within a tuple."""
    if type(value) is tuple:
        return tuple(_shape(item) for item in value)
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple):
        return tuple(shape) if shape else value.item()
    return value


def _check_symbolic(
    comment: Comment, expression: str, value: Any, evaluate: claims.Evaluate, place: Place
) -> Problem | None:
    """Symbols are the page's own names: `N, L, H_in = x.shape` makes `(N, L, H_in)` a claim."""
    shapes = numerals.SYMBOLIC.findall(comment.text)
    sizes = [evaluate(shape) for shape in shapes]
    if not shapes or list(numerals.of_value(sizes)) == list(numerals.of_value(value)):
        return None
    documented = ", ".join(f"{shape} = {size}" for shape, size in zip(shapes, sizes, strict=True))
    return Problem(place.line, disagreement(documented, str(value), expression))


def _check_numbers(
    comment: Comment, tokens: list[Token], expression: str, value: Any, place: Place
) -> Problem | None:
    actual = list(numerals.of_value(value))
    if not tokens or numerals.agree([token.text for token in tokens], actual):
        return None
    documented = comment.text.lstrip("# ")
    edits = claims.corrections(tokens, actual)
    return Problem(place.line, disagreement(documented, str(value), expression), edits)
