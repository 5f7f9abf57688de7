"""A module under examination: how it is called, and whether its output moves.

Two ways to one number differ in its last bits, and the batch decides which way is taken: of a
packed one, fewer rows may run at a step. What is movement and what rounding shows when input and
weights are moved by a hair, and the same change is made again: a movement comes back, rounding
falls anew. So it is for every dtype, size, depth and length.

Copies are called, so that running statistics stay as they are; in float64 where a copy runs in it,
since rounding is smallest there. What cannot be copied, as a function, is called itself.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_ref.diagnose import copies, doors, rounding
from rnn_ref.diagnose.chance import undisturbed
from rnn_ref.diagnose.rounding import Floats

Module = Callable[[Any], Any]

SINGLE = float(np.finfo(np.float32).eps)
ROUNDINGS = 8  # eps; less is no movement: where a hair is lost, rounding comes back as well
HAIR = 4  # eps; enough for all rounding to fall anew
REPEATS = 3  # of each hair
CLEAR = 4  # times what differs when a change is made again: rounding never came to 2
# Shares of the size of a number.
BLUNT = 32 * SINGLE  # for ROUNDINGS where a hair has nothing to move, as with ids and a function
INSIDE = 1e-3  # more than rounding to float32 in the midst of float64 can do

CHANCE = (
    "The module gives two outputs for one input, so no change can be told from chance. "
    "Turn dropout off with module.eval(); nothing may be random or kept between calls."
)
KEPT = (
    "The module gives two outputs for one input, and a fresh copy of it gives the first of them "
    "again: a state is kept between calls, so the second call continues from the first. "
    "Begin each call with a state of its own, or reset it in front of the call."
)


class StateKeptError(ValueError):
    """A module goes on from where its last call ended.

    Attributes:
        outputs: Of a first and of a second call with the same input.
    """

    def __init__(self, outputs: tuple[Floats, Floats]) -> None:
        """Say what is kept, and what to do."""
        super().__init__(KEPT)
        self.outputs = outputs


class Subject:
    """A module and the input it is examined with.

    Attributes:
        module: What is called: a copy.
        values: The input.
        output: What the module makes of it.
        takes_floats: Whether the input holds no integers.
        epsilon: Of the numbers that are computed with.
        least: A share of the size of a number; what moves less does not move.
    """

    def __init__(self, module: Module, x: Any) -> None:
        """Refuse what is no input; find out how the module can be called, and call it."""
        doors.check_input(module, x)
        self.values = doors.numbers(x)
        self._known = np.unique(self.values)
        self._rng = np.random.default_rng(0)
        self._given = self.module = module
        self.takes_floats = _epsilon(x) > 0
        self._in_double = _runs_in_double(module, x)
        self._like = x.double() if self._in_double and self.takes_floats else x
        self.module = self._copy()
        answer = self._answer()
        self.epsilon = max(_epsilon(self._like), _epsilon(answer))
        few = ROUNDINGS * self.epsilon
        has_hair = self.takes_floats or bool(self._weights(self._copy()))
        self.least = few if has_hair else max(few, BLUNT)
        self.output = self._repeated(doors.numbers(answer), self.values)
        self._start = Start(self, self.values, self.output)

    def run(self, values: Floats) -> Floats:
        """Call the module twice and give its output, if it is one that can be compared."""
        return self._repeated(self.call(self.module, values), values)

    def tried(self, values: Floats) -> Floats | None:
        """Give the output for an input of that shape, or None if the module refuses it."""
        try:
            return self.call(self.module, values)
        except Exception:  # a module refuses a shape in any class it likes
            return None

    def drawn(self, values: Floats) -> Floats:
        """Put another number of x in the place of each: ids stay ids, what is positive stays so."""
        return self.redrawn(values, self._known)

    def redrawn(self, values: Floats, known: Floats) -> Floats:
        """Put another one of some numbers in the place of each; known is sorted, each once."""
        if len(known) == 1 and self.takes_floats:
            return self.made_up(values)
        steps = self._rng.integers(1, max(len(known), 2), values.shape)
        drawn: Floats = known[(np.searchsorted(known, values) + steps) % len(known)]
        return drawn

    def made_up(self, values: Floats) -> Floats:
        """Put numbers of size 1 in the place of all, or of integers those that x has."""
        if not self.takes_floats:
            return self.drawn(values)
        normal = self._rng.standard_normal(values.shape)
        return np.abs(normal) if self._takes_positive_only else normal

    def picked(self, pool: Floats, shape: tuple[int, ...]) -> Floats:
        """Draw numbers from a pool."""
        return self._rng.choice(pool, shape)

    def change(self, base: Floats, changed: Floats, axes: Sequence[int] = (0,)) -> "Change":
        """Compare the outputs for an input and for the same with some other numbers."""
        if base is not self._start.base:  # many changes begin with the same input
            self._start = Start(self, base, self.run(base))
        before, after = rounding.overlap(self._start.output, self.run(changed))
        return Change(self._start, changed, before, after, tuple(axes))

    def near(self, hair: float, shape: tuple[int, ...]) -> Floats:
        """Draw what moves numbers by a hair; ids cannot be moved."""
        return 1 + hair * self.takes_floats * self._rng.standard_normal(shape)

    def moved_by(self, hair: float) -> Module:
        """Copy the module with all weights moved by a hair."""
        module: Module = self._copy()
        for weight in self._weights(module):
            factors = 1 + hair * self._rng.standard_normal(tuple(weight.shape))
            weight.mul_(weight.new_tensor(factors))
        return module

    def call(self, module: Module, values: Floats) -> Floats:
        """Call the module, or a copy of it, once."""
        output = doors.numbers(doors.first(module(doors.like(self._like, values))))
        doors.check_numbers("The output, for x or for numbers made up in its place,", output)
        return output

    @cached_property
    def _takes_positive_only(self) -> bool:
        """As a logarithm does; asked only where x has no other numbers."""
        other = -np.abs(self._rng.standard_normal(self.values.shape))
        return bool((self._known > 0).all()) and self.tried(other) is None

    def _weights(self, module: Any) -> list[Any]:
        """The weights that may be changed: those of a copy."""
        if module is self._given or not hasattr(module, "parameters"):
            return []
        return [weight.data for weight in module.parameters() if weight.is_floating_point()]

    def _answer(self) -> Any:
        x = doors.like(self._like, self.values)
        try:
            answer = self.module(x)
        except Exception as error:
            called = f"x of shape {tuple(x.shape)} and dtype {x.dtype}"
            error.add_note(f"rnn_ref.diagnose called the module as module(x), with {called}.")
            raise
        return doors.first(answer)

    def _is_same(self, first: Floats, second: Floats) -> bool:
        if first.shape != second.shape:
            return False
        far = rounding.shares(rounding.difference(first, second), rounding.sizes(first, second))
        return bool((far <= max(self.least, BLUNT)).all())

    def _repeated(self, first: Floats, values: Floats) -> Floats:
        """Call the module once more: the output has to be the same."""
        second = self.call(self.module, values)
        if self._is_same(first, second):
            return first
        if self._is_kept(values):
            raise StateKeptError((first, second))
        raise ValueError(CHANCE)

    def _is_kept(self, values: Floats) -> bool:
        """Whether a fresh copy gives the same, but not twice, where no other numbers are drawn."""
        module, outputs = self._copy_of_given(), []
        for called in module, module, self._copy_of_given():
            with undisturbed():
                outputs.append(self.call(called, values))
        first, second, fresh = outputs
        return self._is_same(first, fresh) and not self._is_same(first, second)

    def _copy(self) -> Any:
        """Copy the module with the weights that a call may have made, or else as it was given."""
        copied = copies.copied(self.module)
        return self._copy_of_given() if copied is self.module else self._cast(copied)

    def _copy_of_given(self) -> Any:
        copied = copies.copied(self._given)
        return copied if copied is self._given else self._cast(copied)

    def _cast(self, copied: Any) -> Any:
        return copied.double() if self._in_double else copied


@dataclass
class Start:
    """An input that changes begin with, and what becomes of it beside a hair from there."""

    subject: Subject
    base: Floats
    output: Floats
    _neighbours: list["Neighbour"] = field(default_factory=list)

    def neighbours(self) -> Iterator["Neighbour"]:
        """Yield modules and inputs that were moved by a hair, each made once.

        A network makes large differences of small ones, so a hair is short. A module of float64
        may round to float32 inside, where a short hair is lost. The reach of a longer one is the
        share that such rounding can move, and what moves farther need not come back from there.
        """
        short, long = HAIR * self.subject.epsilon, HAIR * SINGLE
        pair = [(short, math.inf), (long, INSIDE) if short < long else (short, math.inf)]
        for place, (hair, reach) in enumerate(REPEATS * pair):
            if place == len(self._neighbours):
                module = self.subject.moved_by(hair)
                near = self.subject.near(hair, self.base.shape)
                output = self.subject.call(module, self.base * near)
                self._neighbours.append(Neighbour(self.subject, module, near, output, reach))
            yield self._neighbours[place]


@dataclass(frozen=True)
class Neighbour:
    """A copy of the module, moved by a hair, with its output for an input moved by one."""

    subject: Subject
    module: Module
    near: Floats
    output: Floats
    reach: float

    def call(self, changed: Floats) -> Floats:
        """The output for a changed input that is moved by the same hair."""
        near = rounding.laid_over(np.ones_like(changed), self.near)
        return self.subject.call(self.module, changed * near)


@dataclass(frozen=True)
class Change:
    """What becomes of the output along some axes when some numbers of an input are changed."""

    start: Start
    changed: Floats
    before: Floats
    after: Floats
    axes: tuple[int, ...]

    @cached_property
    def distances(self) -> Floats:
        """How far each position moves; 0 for a few roundings."""
        far = rounding.largest(self.difference, self.axes)
        return np.where(self._shares(self.difference) > self.start.subject.least, far, 0)

    def moves(self, asked: Any = ...) -> NDArray[np.bool_]:
        """Whether positions move by more than rounding: those that are asked for."""
        subject = self.start.subject
        shares = self._shares(self.difference)[asked]
        moves = shares > subject.least
        for near in self.start.neighbours() if moves.any() else ():
            again = rounding.difference(*rounding.overlap(near.output, near.call(self.changed)))
            here = self.difference
            unlike = rounding.difference(here, rounding.laid_over(here, again))
            moves &= (shares > CLEAR * self._shares(unlike)[asked]) | (shares > near.reach)
            if not moves.any():
                break
        return np.asarray(moves)

    @cached_property
    def difference(self) -> Floats:
        """What the change adds to each number of the output."""
        return rounding.difference(self.before, self.after)

    @cached_property
    def _sizes(self) -> Floats:
        return rounding.sizes(self.before, self.after)

    def _shares(self, difference: Floats) -> Floats:
        return rounding.largest(rounding.shares(difference, self._sizes), self.axes)


def _epsilon(x: Any) -> float:
    """The eps of x's dtype, asked of x itself, which may be any library's; 0 for integers."""
    epsilon = 1.0
    if _as_x(x, 0.5) != 0.5:
        return 0.0
    while _as_x(x, 1 + epsilon / 2) > 1:
        epsilon /= 2
    return epsilon


def _as_x(x: Any, number: float) -> float:
    return float(doors.numbers(doors.like(x, np.array(number))).flat[0])


def _runs_in_double(module: Module, x: Any) -> bool:
    """Whether a copy takes x in float64, or ids; an array has no `double`, and no function has."""
    try:
        copied: Any = copies.copied(module)
        if copied is module:
            return False
        like = x.double() if _epsilon(x) else x
        doors.first(copied.double()(doors.like(like, doors.numbers(x))))
    except Exception:  # any class will do
        return False
    return True
