"""Whether what padding holds, or how much there is, moves what a module returns."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rnn_ref.diagnose import copies, doors, rounding
from rnn_ref.diagnose.influence import Flags
from rnn_ref.diagnose.rounding import Floats
from rnn_ref.diagnose.subjects import Subject
from rnn_ref.diagnose.wrappers import WithLengths

MORE = 2  # steps of padding that are put behind
DRAWS = 2  # of what it holds

Done = Literal["Other numbers in the padding", "More padding", "Less padding"]


@dataclass(frozen=True)
class Padded:
    """The lengths of the samples of a batch, and what stands behind them.

    Attributes:
        lengths: (N,).
        time: The axis of the steps; the other of the first two is the batch.
        value: What padding has to hold, or None.
    """

    lengths: Floats
    time: int
    value: float | None

    def real(self, L: int) -> Flags:
        """Where no padding is: (N, L), or (L, N)."""
        real = np.arange(L) < self.lengths[:, None]
        return real if self.time else real.T

    def changes(self, subject: Subject) -> Iterator[tuple[Done, Floats]]:
        """The same samples with other padding, each with what was done."""
        x = subject.values
        L, longest = x.shape[self.time], int(self.lengths.max())
        for _ in range(DRAWS if self.value is None else 0):
            changed, real = subject.drawn(x), self.real(L)
            changed[real] = x[real]
            yield "Other numbers in the padding", changed
        yield "More padding", self.longer(subject)
        if longest < L:
            yield "Less padding", np.take(x, range(longest), self.time)

    def longer(self, subject: Subject) -> Floats:
        """The same samples with more padding."""
        some = np.take(subject.values, np.zeros(MORE, int), self.time)
        more = subject.drawn(some) if self.value is None else np.full_like(some, self.value)
        return np.concatenate([subject.values, more], self.time)


@dataclass(frozen=True)
class Moved:
    """That an array was moved, by what, and where."""

    done: Done
    name: str
    samples: tuple[int, ...]
    far: float
    in_steps: bool

    def __str__(self) -> str:
        """One line."""
        samples = ", ".join(map(str, self.samples))
        where = ", within their lengths" if self.in_steps else ""
        by = rounding.written(self.far)
        return f"{self.done} moved {self.name} of samples {samples} by {by}{where}."


def padding_moves(
    module: Any, x: Any, lengths: Any, batch_first: bool, value: float | None
) -> list[str]:
    """Say what padding moves, a line each, and what to do; nothing if it moves nothing."""
    doors.check_input(module, x)
    padded = Padded(_checked(lengths, x, int(batch_first)), int(batch_first), value)
    answer = copies.copied(module)(doors.like(x, doors.numbers(x)), lengths)
    names = [name for name, _ in doors.arrays(answer)]
    if not names:
        got = type(answer).__name__
        raise TypeError(f"The module should return an array or tensor, or several, got: {got}.")
    found = [
        moved
        for place, name in enumerate(names)
        for moved in _moves(Subject(WithLengths(module, lengths, place), x), padded, name)
    ]
    lines = {(moved.done, moved.name): f"Got: {moved}" for moved in found}
    return [*lines.values(), _way_out(found)] if found else []


def _checked(lengths: Any, x: Any, time: int) -> Floats:
    if len(x.shape) < 2:
        raise ValueError(f"Expected x to be a padded batch, got shape {tuple(x.shape)}.")
    N, L = x.shape[1 - time], x.shape[time]
    known = doors.numbers(lengths)
    if known.shape != (N,) or (known < 1).any() or (known > L).any() or (known % 1).any():
        raise ValueError(
            f"Expected lengths to be {N} whole numbers from 1 to {L}, one for each sample of x "
            f"{tuple(x.shape)} with batch_first={bool(time)}, got {lengths}."
        )
    return known


def _moves(subject: Subject, padded: Padded, name: str) -> Iterator[Moved]:
    """Change the padding, and yield what moves."""
    samples, has_steps = _axis_of_samples(subject, padded), _has_steps(subject, padded)
    axes = (1 - padded.time, padded.time) if has_steps else (samples,)
    for done, changed in padded.changes(subject):
        if subject.tried(changed) is None:
            continue  # it takes no other length
        change = subject.change(subject.values, changed, axes)
        moves = change.moves()
        if has_steps:
            real = padded.real(moves.shape[1])
            moves = moves & (real if padded.time else real.T)
        if moves.any():
            far = float(change.distances[moves].max())
            where = np.unique(np.argwhere(moves)[:, 0])
            yield Moved(done, name, tuple(map(int, where)), far, has_steps)


def _has_steps(subject: Subject, padded: Padded) -> bool:
    """Whether an array gets longer with x; of a module that takes no other length, is as long."""
    longer, output, time = subject.tried(padded.longer(subject)), subject.output, padded.time
    if output.ndim < 2:
        return False
    if longer is None:
        shape = (len(padded.lengths), subject.values.shape[time])
        return output.ndim > 2 and output.shape[:2] == (shape if time else shape[::-1])
    return bool(longer.shape[time] != output.shape[time])


def _axis_of_samples(subject: Subject, padded: Padded) -> int:
    """Where N stands in an array without steps: behind the layers, or in front."""
    N = len(padded.lengths)
    return next((axis for axis in (1, 0) if subject.output.shape[axis : axis + 1] == (N,)), 0)


def _way_out(found: list[Moved]) -> str:
    if not any(moved.done == "Other numbers in the padding" for moved in found):
        return (
            "How much padding there is counts: a mean over all steps, a step taken as -1, or a\n"
            "reverse direction that begins in it. Use lengths: pack the batch, or mask it."
        )
    if any(moved.in_steps for moved in found):
        return (
            "What is real sees the padding: a reverse direction begins there, or an attention, a\n"
            "norm or a mean reads it. Pack the batch with pack_padded_sequence, or mask padding."
        )
    return (
        "The state runs on through the padding, or is read at step -1, or padding goes into a\n"
        "mean. Pack the batch with pack_padded_sequence, or read step lengths - 1."
    )
