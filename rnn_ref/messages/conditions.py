"""What the catalogue says of a reader's own sizes: `got[1] != expected[1]`, `{expected[1]}`.

A term is a number, `name`, `name[i]`, `count(name)`, `sorted(name)` or `product(name)`, where name
is a variable part of the message. It is a language of its own and no Python, so that a page in a
browser can read it too; docs/assets/decoder.js does.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from rnn_ref.messages.templates import Value

Values = Mapping[str, Value]

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
FUNCTIONS: dict[str, Callable[[tuple[int, ...]], Value]] = {
    "count": len,
    "sorted": lambda sizes: tuple(sorted(sizes)),
    "product": math.prod,
}
_TERM = re.compile(r"(-?\d+)|(\w+)\((\w+)\)|([a-z]\w*)(?:\[(-?\d+)\])?")
_CONDITION = re.compile(r"(.+?) (==|!=|<=|>=|<|>) (.+)")
_PLACE = re.compile(r"\{([^{}]+)\}")


def term(text: str, values: Values) -> Value | None:
    """Read a term.

    Args:
        text: The term.
        values: What the variable parts stand for, by name.

    Returns:
        What it stands for; None if the message has no such part, or the part no such axis.

    Raises:
        ValueError: It is no term.
    """
    read = _TERM.fullmatch(text.strip())
    if not read or (read[2] and read[2] not in FUNCTIONS):
        raise ValueError(f"Expected a number, name, name[i] or count(name), got {text!r}.")
    number, function, argument, name, axis = read.groups()
    if number:
        return int(number)
    found = values.get(argument or name)
    if function:
        return FUNCTIONS[function](found) if isinstance(found, tuple) else None
    return found if axis is None else _size(found, int(axis))


def holds(condition: str, values: Values) -> bool:
    """Decide a comparison of two terms.

    Args:
        condition: `term operator term`.
        values: What the variable parts stand for, by name.

    Returns:
        Whether it is true; what cannot be compared is not.

    Raises:
        ValueError: It is no comparison.
    """
    read = _CONDITION.fullmatch(condition)
    if not read:
        raise ValueError(f"Expected two terms and one of == != < > <= >=, got {condition!r}.")
    left, right = term(read[1], values), term(read[3], values)
    if left is None or right is None or type(left) is not type(right):
        return False
    if read[2] not in ("==", "!=") and not isinstance(left, int):
        return False  # which of two texts or shapes is larger means nothing
    return OPERATORS[read[2]](left, right)


def said(text: str, values: Values) -> str | None:
    """Put the reader's sizes into a sentence.

    Args:
        text: The sentence, with terms in braces.
        values: What the variable parts stand for, by name.

    Returns:
        The sentence; None if one of the terms stands for nothing.
    """
    terms = [term(place, values) for place in _PLACE.findall(text)]
    if None in terms:
        return None
    written = iter(terms)
    return _PLACE.sub(lambda _: str(next(written)), text)


def _size(found: Value | None, axis: int) -> int | None:
    if not isinstance(found, tuple) or not -len(found) <= axis < len(found):
        return None
    return found[axis]
