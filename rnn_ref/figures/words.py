"""A figure in words, for those who do not see it: the phrases that alt texts are made of."""

from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile

import numpy as np
from numpy.typing import NDArray


def listed(parts: Sequence[str]) -> str:
    """Returns such as "a", "a and b" or "a, b and c"; of nothing, nothing."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def counted(count: int, what: str) -> str:
    """Returns such as "1 step" or "2 steps"."""
    return f"{count} {what}{'s' * (count != 1)}"


def labelled(steps: Sequence[str]) -> str:
    """Returns such as "labelled h, i" or "numbered from 0 to 9"."""
    numbered = list(steps) == [str(place) for place in range(len(steps))]
    return f"numbered from 0 to {steps[-1]}" if numbered else f"labelled {listed(steps)}"


def with_axes(name: str, shape: tuple[int, ...], axes: Sequence[str]) -> str:
    """Returns such as "x (5, 4) with the axes L, H_in"."""
    return f"{name} {shape} with the ax{'es' if len(axes) > 1 else 'is'} {', '.join(axes)}"


def ringed(parts: Sequence[str]) -> str:
    """Says what has a ring; nothing if nothing has."""
    return f"Rings go around {listed(parts)}." if parts else ""


def sentences(*told: str) -> str:
    """Joins sentences, without those that say nothing."""
    return " ".join(one for one in told if one)


def parts_of(name: str, flags: NDArray[np.bool_]) -> Iterator[str]:
    """Yields the marked part of an array as code writes it, such as "x[:, 4]" or "x[1, 0:3]".

    Args:
        name: what the array is called.
        flags: shape of the array; what is marked.
    """
    for index in _indices(flags):
        whole = list(takewhile(lambda place: place == ":", reversed(index)))
        places = index[: len(index) - len(whole)]
        yield f"{name}[{', '.join(places)}]" if places else name


def _indices(flags: NDArray[np.bool_]) -> Iterator[tuple[str, ...]]:
    """Yields an index for each block of marks: places with equal marks behind them are one."""
    if not flags.ndim:
        yield from [()] * bool(flags)
        return
    for _, run in groupby(range(len(flags)), key=lambda place: flags[place].tobytes()):
        places = list(run)
        first, after = places[0], places[-1] + 1
        here = f"{first}:{after}" if len(places) > 1 else f"{first}"
        for rest in _indices(flags[first]):
            yield (":" if len(places) == len(flags) else here, *rest)
