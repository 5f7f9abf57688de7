"""What is checked of arrays, labels and names that a figure is made of."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnn_ref import given
from rnn_ref.figures.panels import Floats, Shape

MOST_DECIMALS = 15  # more than a float has


def shape(name: str, array: Any, ndims: Sequence[int]) -> Shape:
    """Returns the shape of an array or a tensor, whose numbers are not looked at.

    Raises:
        TypeError: it is none.
        ValueError: it has another number of axes, or one of size 0.
    """
    has_shape = given.is_tensor(array) or type(array) in given.PLAIN
    found = tuple(int(size) for size in (array if has_shape else given.read(name, array)).shape)
    if len(found) not in ndims or 0 in found:
        raise ValueError(
            f"{name}: expected {' or '.join(map(str, ndims))} axes, none of size 0, got shape "
            f"{found}; index or reshape the array first"
        )
    return found


def finite(name: str, array: Any, ndims: Sequence[int]) -> Floats:
    """Returns finite real numbers.

    Raises:
        TypeError: it is no array of numbers.
        ValueError: it has another number of axes or one of size 0, or a number is complex, nan or
            infinite.
    """
    shape(name, array, ndims)
    values = given.read(name, array)
    if values.dtype.kind == "c" or not np.isfinite(values).all():
        raise ValueError(
            f"{name}: expected finite real numbers, got dtype {values.dtype} with "
            f"{given.shown(values.tolist())}; convert the array, or replace nan and inf"
        )
    return values.astype(np.float64)


def texts(name: str, value: Any, count: int | None = None) -> tuple[str, ...]:
    """Returns several texts, such as labels: a list of them, or the letters of a word.

    Raises:
        TypeError: it is no list of texts.
        ValueError: there are more or fewer than count.
    """
    parts = items(name, value, "texts")
    if not all(isinstance(part, str) for part in parts):
        raise TypeError(
            f"{name}: expected texts, got {given.shown(list(parts))}; write each as a text, as "
            "in list(map(str, ...))"
        )
    if count is not None and len(parts) != count:
        raise ValueError(
            f"{name}: expected {count} of them, got {len(parts)}; give one each, or leave "
            f"{name} out where that is possible"
        )
    return tuple(map(str, parts))


def items(name: str, value: Any, of: str) -> tuple[Any, ...]:
    """Returns the parts of a list or the like; a dict or a set has no order that one could see.

    Raises:
        TypeError: it is none.
    """
    if not given.is_list(value) and not isinstance(value, str):
        raise TypeError(
            f"{name}: expected a list of {of}, got {given.kind(value)}; put them into a list"
        )
    return tuple(value)


def named(name: str, value: Any, of: str) -> Mapping[str, Any]:
    """Returns what is given by name.

    Raises:
        TypeError: it is no dict, or a name in it is no text.
        ValueError: it is empty.
    """
    given.check_mapping(name, value, of)
    for key in value:
        given.check_text(f"a name in {name}", key)
    if not value:
        raise ValueError(f"{name}: expected {of}, at least one, got none")
    mapping: Mapping[str, Any] = value
    return mapping


def check_axes(name: str, shape: Shape, axes: Any) -> None:
    """Checks that each axis has a name.

    Raises:
        TypeError: axes is no list of texts.
        ValueError: there are more or fewer names.
    """
    names = texts(f"{name}, axes", axes)
    if len(names) != len(shape):
        raise ValueError(
            f"{name}: expected {len(shape)} names of axes for shape {shape}, got {names}; "
            "name each axis once"
        )


def labels(value: Any, steps: int) -> tuple[str, ...]:
    """Returns one label per step.

    Raises:
        TypeError: they are no list of texts.
        ValueError: there are more or fewer.
    """
    found = texts("labels", value)
    if len(found) != steps:
        raise ValueError(
            f"labels: expected {steps}, one per step, got {len(found)}; "
            "label every step, or leave labels out"
        )
    return found


def check_index(name: str, value: object, size: int, of: str) -> None:
    """Checks an index of one axis.

    Raises:
        TypeError: it is no integer.
        IndexError: there is no such place.
    """
    _check_whole(name, value)
    if value not in range(-size, size):
        raise IndexError(f"{name}: expected an index into {size} {of}, got {value}")


def check_decimals(decimals: object) -> None:
    """Checks how many digits there are to be after the point.

    Raises:
        TypeError: it is no integer.
        ValueError: it is negative, or more than a float has.
    """
    _check_whole("decimals", decimals)
    if decimals not in range(MOST_DECIMALS + 1):
        raise ValueError(
            f"decimals: expected 0 to {MOST_DECIMALS} digits after the point, got {decimals}"
        )


def _check_whole(name: str, value: object) -> None:
    """Checks that a number is whole, neither what a comparison gave nor an array."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name}: expected an integer, got {given.shown(value)}; write a number")
