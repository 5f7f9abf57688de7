"""Names in a plot that are written by hand: exchanged, they would stand beside other data."""

import ast
from collections.abc import Iterator

# What puts names into a plot: the words of these calls, and of these arguments.
CALLS = {"text", "annotate", "legend"}
ARGUMENTS = {"label", "labels", "xticklabels", "yticklabels"}
BY_HAND = (
    "a name in a plot is written by hand, and nothing would notice if it stood beside other data: "
    "take it from there, as in `for name, course in courses.items()`, or put a number of the data "
    'into it, as in `f"floor {floor:.2f}"`'
)


def written_names(code: str) -> Iterator[int]:
    """Yield the lines, from 1, of names in a plot that do not come from its data."""
    try:
        tree = ast.parse(code)
    except SyntaxError:  # the run will say so
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            names = [word.value for word in node.keywords if word.arg in ARGUMENTS]
            names += node.args if getattr(node.func, "attr", "") in CALLS else []
            yield from (name.lineno for name in names if _is_written(name))


def _is_written(node: ast.expr) -> bool:
    """Tell whether an expression is a text in which no data stand, or holds one."""
    if isinstance(node, ast.JoinedStr):
        return not any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.Dict):
        return any(map(_is_written, node.values))
    if isinstance(node, ast.List | ast.Tuple):
        return any(map(_is_written, node.elts))
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
