"""Compare Markdown that an expression writes with what it writes now."""

from tests.reading import ties
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
    if not ties.names(block.expression):
        return Problem(block.line, f"tied to nothing: {block.expression} names nothing of the page")
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
