"""Which positions of an output move when numbers of the input are changed: what all reading needs.

`leaks`, `axis_roles` and `depends` change other numbers and look at other axes of the output; what
a movement is, which inputs one begins with, and which axis of the output belongs to which of the
input is decided here, once.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_ref.diagnose.rounding import Floats, fitted
from rnn_ref.diagnose.subjects import Change, Subject

Flags = NDArray[np.bool_]

# An input, and what makes other numbers of some of its numbers.
Base = tuple[Floats, Callable[[Floats], Floats]]


def bases(subject: Subject) -> list[Base]:
    """Inputs to start from, each with what changes it there.

    A saturated or dead unit hides an influence in some of them, not in all. Numbers that are made
    up are left out where the module does not take them.
    """
    x, drawn, made_up = subject.values, subject.drawn, subject.made_up
    others = [(drawn(x), drawn), (made_up(x), made_up), (made_up(x), made_up)]
    return [(x, drawn), *(base for base in others if subject.tried(base[0]) is not None)]


def change_at(subject: Subject, base: Base, at: Any, axes: Sequence[int]) -> Change:
    """Put other numbers at a place of an input, and look along some axes of the output."""
    x, other = base
    changed = x.copy()
    changed[at] = other(x[at])
    return subject.change(x, changed, axes)


def see(subject: Subject, base: Base, at: Any, axes: Sequence[int], found: Flags) -> None:
    """Mark what moves when numbers at a place are changed; what is marked is not looked at."""
    change = change_at(subject, base, at, axes)
    asked = ~fitted(found, change.distances.shape) & (change.distances > 0)
    moves = np.zeros(asked.shape, bool)
    moves[asked] = change.moves(asked)
    found |= fitted(moves, found.shape)


def at_position(axis: int, position: int) -> tuple[Any, ...]:
    """The index of all numbers at a position of an axis."""
    return (*[slice(None)] * axis, position)


def followers(subject: Subject, axis: int) -> tuple[int, ...] | None:
    """The axes of the output that get longer with an axis of the input, or shorter.

    None if the module takes no other size there.
    """
    values = subject.values
    for other in doubled(values, axis), np.delete(values, -1, axis):
        answer = subject.tried(other) if other.size else None
        if answer is not None and answer.ndim == subject.output.ndim:
            before, after = subject.output.shape, answer.shape
            return tuple(i for i in range(answer.ndim) if before[i] != after[i])
    return None


def doubled(values: Floats, axis: int) -> Floats:
    """Put all positions of an axis there once more."""
    return np.concatenate([values, values], axis)


def constant(what: str) -> ValueError:
    """Say that nothing can be said."""
    return ValueError(
        f"The output did not move when {what} was changed: the module ignores it, its "
        "units are saturated or dead, or x has integers that are all alike. Nothing can be said."
    )
