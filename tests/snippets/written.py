"""Compare Markdown that an expression writes with what it writes now."""

import ast

from tests.reading import numerals, ties
from tests.reading.document import Written
from tests.reading.problems import Edit, Problem
from tests.reading.site_markdown import Line
from tests.snippets import claims


def check_written(block: Written, lines: list[Line], evaluate: claims.Evaluate) -> Problem | None:
    """Compare the lines between the comments with the text of the expression's value.

    Args:
        block: The expression, and the lines of its comments.
        lines: The page after inclusion.
        evaluate: Evaluates an expression in the page's namespace.

    Raises:
        NameError: The expression names something that the page has not made yet.
    """
    if not _is_call(block.expression, evaluate):
        advice = "call a function of rnn_ref, on what the page made"
        return Problem(block.line, f"{block.expression} could write anything: {advice}")
    documented = [line.text for line in lines[block.line + 1 : block.end]]
    actual = str(evaluate(block.expression)).split("\n")
    if documented == actual:
        return None
    first = next((old for old in documented if old not in actual), "another order or number")
    return Problem(
        block.line,
        f"{block.expression} does not write this (any more): {first.strip()}",
        _replace(block, actual),
    )


def _replace(block: Written, text: list[str]) -> tuple[Edit, ...]:
    """Remove the old lines; the new ones go before the closing comment."""
    old = [Edit(i, 0, 0, None) for i in range(block.line + 1, block.end)]
    return (*old, Edit(block.end, 0, 0, "".join(f"{line}\n" for line in text)))


def _is_call(expression: str, evaluate: claims.Evaluate) -> bool:
    """Tell whether an expression calls a function of ours; only titles and ties are spelled."""
    call = ast.parse(expression.strip(), mode="eval").body
    if not isinstance(call, ast.Call):
        return False
    given = call.args[1:] + [each.value for each in call.keywords if each.arg != "tie"]
    texts = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant)]
    if any(map(ties.makes_numbers, given)) or any(numerals.find(str(text)) for text in texts):
        return False
    writer = evaluate(ast.unparse(call.func))
    return str(getattr(writer, "__module__", "")).startswith(("rnn_ref.", "benchmarks."))
