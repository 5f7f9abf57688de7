"""How far two outputs lie apart, and how much of that rounding can do."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def overlap(before: Floats, after: Floats) -> tuple[Floats, Floats]:
    """Cut both to the shorter one along each axis: padding behind the longest sample may differ."""
    if before.ndim != after.ndim:
        raise ValueError(
            f"Expected outputs with as many axes whatever the numbers are, got {before.shape} "
            f"and {after.shape}. Let the module return the same axes for each input."
        )
    shared = tuple(map(slice, map(min, before.shape, after.shape)))
    return before[shared], after[shared]


def laid_over(numbers: Floats, part: Floats) -> Floats:
    """Put a part in the place of what it covers, so that the rest compares as equal."""
    result, covered = numbers.copy(), tuple(map(slice, part.shape))
    result[covered] = part[tuple(map(slice, numbers.shape))]
    return result


def fitted(numbers: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Cut to a shape, and fill up with zeros what is missing there."""
    result = np.zeros(shape, numbers.dtype)
    shared = tuple(map(slice, map(min, shape, numbers.shape)))
    result[shared] = numbers[shared]
    return result


def written(distance: float) -> str:
    """A distance with four decimals, or what is smaller with its power of ten."""
    if distance == 0:
        return "0"
    return f"{distance:.4f}" if distance >= 0.0001 else f"{distance:.0e}"


def difference(before: Floats, after: Floats) -> Floats:
    """Take one output from the other; inf equals inf."""
    return np.subtract(after, before, where=after != before, out=np.zeros_like(before))


def sizes(before: Floats, after: Floats) -> Floats:
    """Say how large each number is, for rounding.

    That is its own size, before or after. But where terms cancel, a number is off by what its
    terms are off; so none counts as smaller than the middle one of all numbers.
    """
    own = np.fmax(*(np.where(np.isfinite(x), np.abs(x), 0) for x in (before, after)))
    return np.maximum(own, np.median(own[own > 0])) if own.any() else own


def shares(differences: Floats, of: Floats) -> Floats:
    """Divide by sizes; what moves where the size is 0 moves infinitely far."""
    far = np.abs(differences)
    return np.divide(far, of, where=of > 0, out=np.where(far > 0, np.inf, 0.0))


def largest(numbers: Floats, axes: Sequence[int]) -> Floats:
    """Find the largest size at each position of some axes, in their order."""
    kept = np.abs(np.moveaxis(numbers, axes, range(len(axes))))
    count = math.prod(kept.shape[len(axes) :])
    by_position = kept.reshape(*kept.shape[: len(axes)], count)
    return np.asarray(by_position.max(axis=-1, initial=0))
