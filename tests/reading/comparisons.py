"""Relations in words beside a number, "above 0.43": both are tied, to a comparison."""

import ast
import re

MORE = "above|over|beyond|more than|larger than|greater than|longer than|higher than|wider than"
LESS = "below|under|less than|fewer than|smaller than|shorter than|lower than|narrower than"
RELATIONS: dict[type[ast.cmpop], str] = {
    ast.Gt: MORE,
    ast.Lt: LESS,
    ast.GtE: "at least|no less than|not below",
    ast.LtE: "at most|up to|no more than|not above",
}
WORDS = re.compile(rf"\b(?:{'|'.join(RELATIONS.values())})\s*$", re.IGNORECASE)
COMPARED = re.compile(rf"({'|'.join(RELATIONS.values())})\s+([\d.]+)", re.IGNORECASE)


def dangling(before: str) -> str | None:
    """Return what is wrong with a relation that leads to a tie, and is no part of it."""
    found = WORDS.search(before)
    return found and f"tie {found[0].strip()!r} with its number, to a comparison"


def stated(text: str) -> tuple[type[ast.cmpop], str] | None:
    """Read `above 0.43`: how the tie has to compare, and with what."""
    match = COMPARED.fullmatch(text)
    if match is None:
        return None
    words = match[1].lower()
    return next(op for op, known in RELATIONS.items() if words in known.split("|")), match[2]


def is_compared(tie: str, relation: type[ast.cmpop]) -> str | None:
    """Return what a tie compares with in this manner; None if it does something else."""
    node = ast.parse(tie.strip(), mode="eval").body
    if isinstance(node, ast.Compare) and [type(op) for op in node.ops] == [relation]:
        return ast.unparse(node.comparators[0])
    return None
