"""A module under examination: how it is called, and whether its output moves.

Two ways to one number differ in its last bits, and the batch decides which way is taken: of a
packed one, fewer rows may run at a step. What is movement and what rounding shows when input and
weights are moved by a hair, and the same change is made again: a movement comes back, rounding
falls anew. So it is for every dtype, size, depth and length.

Copies are called, so that running statistics stay as they are; in float64 where a copy runs in it,
since rounding is smallest there. What cannot be copied, as a function, is called itself.
"""

import copy
import functools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_ref import rounding
from rnn_ref.rounding import Floats

Module = Callable[[Any], Any]

SINGLE = float(np.finfo(np.float32).eps)
ROUNDINGS = 8  # eps; less is no movement: where a hair is lost, rounding comes back as well
HAIR = 4  # eps; enough for all rounding to fall anew
REPEATS = 3  # of each hair
CLEAR = 4  # times what differs when a change is made again: rounding never came to 2
# Shares of the size of a number.
BLUNT = 32 * SINGLE  # for ROUNDINGS where a hair has nothing to move, as with ids and a function
INSIDE = 1e-3  # more than rounding to float32 in the midst of float64 can do


class Subject:
    """A module and the input it is examined with.

    Attributes:
        values: The input.
        output: What the module makes of it.
        least: A share of the size of a number; what moves less does not move.
    """

    def __init__(self, module: Module, x: Any) -> None:
        """Refuse what is no input; find out how the module can be called, and call it."""
        _check_input(x)
        self.values = _array(x)
        self._known = np.unique(self.values)
        self._rng = np.random.default_rng(0)
        self._given = self._module = module
        self._takes_floats = _epsilon(x) > 0
        self._in_double = _runs_in_double(module, x)
        self._like = x.double() if self._in_double and self._takes_floats else x
        self._module = self._copy()
        answer = _first(self._module(_like(self._like, self.values)))
        self._epsilon = max(_epsilon(self._like), _epsilon(answer))
        few = ROUNDINGS * self._epsilon
        self.least = few if self._takes_floats or self._weights(self._copy()) else max(few, BLUNT)
        self.output = self.run(self.values)
        self._start = self.values, self.output

    def run(self, values: Floats) -> Floats:
        """Call the module twice and give its output, if it is one that can be compared."""
        first, second = (self._call(self._module, values) for _ in range(2))
        if first.shape == second.shape:
            far = rounding.shares(rounding.difference(first, second), rounding.sizes(first, second))
            if (far <= max(self.least, BLUNT)).all():
                return first
        raise ValueError(
            "The module gives two outputs for one input, so no change can be told from chance. "
            "Turn dropout off with module.eval(); nothing may be random or kept between calls."
        )

    def takes(self, values: Floats) -> bool:
        """Find out whether the module takes an input of that shape."""
        try:
            self._module(_like(self._like, values))
        except Exception:  # a module refuses a shape in any class it likes
            return False
        return True

    def drawn(self, values: Floats) -> Floats:
        """Put another number of x in the place of each: ids stay ids, what is positive stays so."""
        known = len(self._known)
        if known == 1 and self._takes_floats:
            return self.made_up(values)
        steps = self._rng.integers(1, max(known, 2), values.shape)
        drawn: Floats = self._known[(np.searchsorted(self._known, values) + steps) % known]
        return drawn

    def made_up(self, values: Floats) -> Floats:
        """Put numbers of size 1 in the place of all, or of integers those that x has."""
        normal = self._rng.standard_normal
        return normal(values.shape) if self._takes_floats else self.drawn(values)

    def change(self, base: Floats, changed: Floats, axis: int = 0) -> "Change":
        """Compare the outputs for an input and for the same with some other numbers."""
        if base is not self._start[0]:  # many changes begin with the same input
            self._start = base, self.run(base)
        before, after = rounding.overlap(self._start[1], self.run(changed))
        return Change(self, base, changed, before, after, axis)

    def neighbours(self, shape: tuple[int, ...]) -> Iterator[tuple[Callable[..., Floats], float]]:
        """Yield the module for inputs of a shape with all moved by a hair, and the hair's reach.

        A network makes large differences of small ones, so a hair is short. A module of float64
        may round to float32 inside, where a short hair is lost. The reach of a longer one is the
        share that such rounding can move, and what moves farther need not come back from there.
        """
        short, long = HAIR * self._epsilon, HAIR * SINGLE
        pair = [(short, math.inf), (long, INSIDE) if short < long else (short, math.inf)]
        for hair, reach in REPEATS * pair:
            module = self._copy()
            for weight in self._weights(module):
                weight.mul_(weight.new_tensor(self._near(hair, tuple(weight.shape))))
            near = self._near(hair, shape) if self._takes_floats else np.ones(shape)
            yield functools.partial(self._call, module, near=near), reach

    def _near(self, hair: float, shape: tuple[int, ...]) -> Floats:
        return 1 + hair * self._rng.standard_normal(shape)

    def _weights(self, module: Module) -> list[Any]:
        """The weights that may be changed: those of a copy."""
        if module is self._given or not hasattr(module, "parameters"):
            return []
        return [weight.data for weight in module.parameters() if weight.is_floating_point()]

    def _copy(self) -> Any:
        """Copy the module with the weights that a call may have made, or else as it was given."""
        for module in self._module, self._given:
            try:
                copied: Any = copy.deepcopy(module)
            except Exception:  # of the class that what is kept in there likes
                continue
            return copied.double() if self._in_double else copied
        return self._given

    def _call(self, module: Module, values: Floats, near: Floats | float = 1) -> Floats:
        output = _array(_first(module(_like(self._like, values * near))))
        _check_nan("The output, for x or for numbers made up in its place,", output)
        return output


@dataclass(frozen=True)
class Change:
    """What becomes of the output along an axis when some numbers of an input are changed."""

    subject: Subject
    base: Floats
    changed: Floats
    before: Floats
    after: Floats
    axis: int

    @cached_property
    def distances(self) -> Floats:
        """How far each position moves; 0 for a few roundings."""
        far = rounding.largest(self._difference, self.axis)
        return np.where(self._shares(self._difference) > self.subject.least, far, 0)

    def moves(self, asked: slice) -> NDArray[np.bool_]:
        """Whether positions move by more than rounding: those that are asked for."""
        shares = self._shares(self._difference)[asked]
        moves = shares > self.subject.least
        for call, reach in self.subject.neighbours(self.base.shape):
            if not moves.any():
                break
            again = rounding.difference(*rounding.overlap(call(self.base), call(self.changed)))
            unlike = rounding.difference(
                self._difference, rounding.laid_over(self._difference, again)
            )
            moves &= (shares > CLEAR * self._shares(unlike)[asked]) | (shares > reach)
        return moves

    @cached_property
    def _difference(self) -> Floats:
        return rounding.difference(self.before, self.after)

    @cached_property
    def _sizes(self) -> Floats:
        return rounding.sizes(self.before, self.after)

    def _shares(self, difference: Floats) -> Floats:
        return rounding.largest(rounding.shares(difference, self._sizes), self.axis)


def _array(value: Any) -> Floats:
    """Turn an array or a tensor into numbers of float64."""
    value = value.detach().cpu().double().numpy() if hasattr(value, "detach") else value
    return np.asarray(value, dtype=np.float64)


def _like(x: Any, values: Floats) -> Any:
    """Give x's class, dtype and device to numbers; every call gets memory of its own."""
    return x.new_tensor(values) if hasattr(x, "new_tensor") else values.astype(x.dtype)


def _epsilon(x: Any) -> float:
    """The eps of x's dtype, asked of x itself, which may be any library's; 0 for integers."""
    epsilon = 1.0
    if _array(_like(x, np.array(0.5))) != 0.5:
        return 0.0
    while _array(_like(x, np.array(1 + epsilon / 2))) > 1:
        epsilon /= 2
    return epsilon


def _runs_in_double(module: Module, x: Any) -> bool:
    """Whether a copy takes x in float64, or ids; an array has no `double`, and no function has."""
    try:
        copied: Any = copy.deepcopy(module)
        _first(copied.double()(_like(x.double() if _epsilon(x) else x, _array(x))))
    except Exception:  # any class will do
        return False
    return True


def _first(result: Any) -> Any:
    first = result[0] if isinstance(result, tuple) and result else result
    if not hasattr(first, "shape"):
        raise TypeError(
            "The module should return an array or tensor, or a tuple that begins with one, "
            f"got: {type(first).__name__}. Wrap it: lambda x: module(x)[...]"
        )
    return first


def _check_input(x: Any) -> None:
    if not hasattr(x, "shape"):
        got = type(x).__name__
        raise TypeError(f"x should be a NumPy array or a torch tensor, got: {got}.")
    if 0 in x.shape:
        raise ValueError(f"Expected x to hold numbers, got shape {tuple(x.shape)}.")
    _check_nan("x", _array(x))


def _check_nan(what: str, values: Floats) -> None:
    bad = int(np.isnan(values).sum())
    if bad:
        raise ValueError(
            f"{what} holds NaN at {bad} of {values.size} places: no change can be seen there."
        )
