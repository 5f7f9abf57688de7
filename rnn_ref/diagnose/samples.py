"""Which samples of a batch move when another one is changed, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rnn_ref.diagnose import rounding
from rnn_ref.diagnose.causes import SENTENCES, Cause, cause_of
from rnn_ref.diagnose.influence import constant, followers
from rnn_ref.diagnose.rounding import Floats
from rnn_ref.diagnose.subjects import Module, StateKeptError, Subject
from rnn_ref.diagnose.untouched import untouched
from rnn_ref.diagnose.wrappers import said_inside

SHOWN = 8  # samples that are listed one by one
DRAWS = 4  # of numbers for sample 0: a leak may need one that exceeds the others, or a length
AGAIN = "called again"


@dataclass(frozen=True)
class Leaks:
    """Which samples of a batch moved when sample 0 was changed; `str` tells it in sentences.

    Attributes:
        change: What was done: a sample was `"reversed"` or `"replaced"`, or the same batch was
            `"called again"`, which moves something where a state is kept.
        moved: For each of the N samples, the largest absolute change in its output; 0 if that is
            rounding.
        sample: The sample that was changed: 0, unless that moved no other and another one did.
        cause: Why samples meet, as far as more changes show it, or None if they do not.
            `"time first"`: axis 0 is read as a sequence. `"view"`: numbers are laid out anew where
            axes should change places. `"batch statistics"`: a softmax, norm, mean or attention goes
            over the batch. `"state between samples"`: a sample begins with what the one before it
            left. `"state between calls"`: a call begins with what the one before it left.
            `"running sum"`: samples are added up along the batch. `"rows moved"`: the samples of
            the output are those of the input in another order. `"fixed distance"`: a sample
            sees those at certain distances, as a convolution or a difference does.
            `"groups"`: samples meet within parts of the batch. `"one sample"`: all see the same
            one. `"axes of the output"`: samples do not meet, but are no rows of the output.
            `"unknown"`: none of these could be shown.
        inside: What the constructor of a network inside says about axis 0, or nothing.
    """

    change: str
    moved: tuple[float, ...]
    sample: int = 0
    cause: Cause | None = None
    inside: str = ""

    @property
    def leaked(self) -> tuple[int, ...]:
        """The samples that moved although only another one was changed, in order."""
        return tuple(n for n, far in enumerate(self.moved) if n != self.sample and far)

    def __str__(self) -> str:
        """The distances, one sample a line, and what they mean."""
        done = f"Sample {self.sample} was {self.change}"
        done = "The same x came twice" if self.change == AGAIN else done
        lines = [f"{done}. How far the output of each sample moved:"]
        for n, distance in enumerate(self.moved[:SHOWN]):
            leaked = "  leaked" if n in self.leaked else ""
            lines.append(f"  sample {n}: {rounding.written(distance)}{leaked}")
        if len(self.moved) > SHOWN:
            lines.append(f"  and {len(self.moved) - SHOWN} more")
        return "\n".join([*lines, self._conclusion()])

    def _conclusion(self) -> str:
        untouched = len(self.moved) - 1
        said = [SENTENCES[self.cause] if self.cause else "", self.inside]
        if self.change == AGAIN:
            head = "A second call gives another output."
        elif self.leaked:
            head = f"{len(self.leaked)} of {untouched} untouched samples moved."
        else:
            head = "Nothing leaked: only sample 0 moved."
        return "\n".join(filter(None, [head, *said]))


@untouched
def leaks(module: Module, x: Any) -> Leaks:
    """Change sample 0 of a batch and see which samples move: only sample 0 should.

    Sample 0 is reversed along axis 1. If that moves no other sample, it is replaced by numbers that
    are drawn from x, or are made up if x is all alike; always the same ones.

    Args:
        module: What is examined, as said at the top of `rnn_ref.diagnose`. Normalisation over the
            batch, as in training mode, is a leak too.
        x: (N, L, H_in), or any other shape whose axis 0 is meant to be the batch, N at least 2;
            float or integer. It is not changed.

    Returns:
        How far the output of each sample moved, and which samples leaked. Where an output gets
        longer or shorter with sample 0, as without `total_length`, the steps that both have count.

    Raises:
        TypeError: x or the output is no array.
        ValueError: x has no two samples, the output does not begin with N, holds NaN or has not
            always as many axes, two calls differ, or no output moves.

    Examples:
        ```python
        import numpy as np

        import rnn_ref
        from rnn_ref.diagnose import leaks

        batch = np.random.default_rng(0).random((3, 5, 7), np.float32)
        print(leaks(rnn_ref.GRU(7, 13, batch_first=True, seed=0), batch))
        #> Sample 0 was reversed. How far the output of each sample moved:
        #>   sample 0: 0.2496
        #>   sample 1: 0
        #>   sample 2: 0
        #> Nothing leaked: only sample 0 moved.
        print(leaks(rnn_ref.GRU(7, 13, seed=0), batch).leaked)
        #> (1, 2)
        ```
    """
    try:
        subject = Subject(module, x)
        return _examined(subject)
    except StateKeptError as error:
        return _of_two_calls(error)


def _examined(subject: Subject) -> Leaks:
    axis, follows_time = _axis_of_samples(subject)
    told = _told(subject, _changes(subject, axis), axis) or _told(subject, _made_up(subject), axis)
    if told is None:
        raise constant("sample 0")
    if not told.leaked:
        return replace(told, cause="axes of the output") if axis else told
    cause: Cause = "time first" if follows_time else cause_of(subject, axis)
    inside = said_inside(subject.module, "batch_first", False) if cause == "time first" else ""
    return replace(told, cause=cause, inside=inside)


def _of_two_calls(error: StateKeptError) -> Leaks:
    before, after = rounding.overlap(*error.outputs)
    moved = rounding.largest(rounding.difference(before, after), (0,) * bool(before.ndim))
    each = tuple(np.atleast_1d(moved).tolist())
    return Leaks(AGAIN, each, cause="state between calls")


def _axis_of_samples(subject: Subject) -> tuple[int, bool]:
    """The axis of the output that gets longer with the batch, and whether axis 0 does with time.

    Axis 0, if none tells.
    """
    values, output = subject.values, subject.output
    if values.ndim < 2 or len(values) < 2:
        raise ValueError(
            f"Expected x to be a batch of 2 samples or more, (N, L, H_in), got {values.shape}."
        )
    follow = followers(subject, 0) or ()
    if output.shape[:1] != values.shape[:1]:
        raise ValueError(
            f"Expected N = {len(values)} on axis 0 of the output, as in x {values.shape}, "
            f"got {output.shape}. {_advice(subject, follow)}"
        )
    other = followers(subject, 0) == () and 0 in (followers(subject, 1) or ())
    return (follow[0] if follow and 0 not in follow else 0), other


def _advice(subject: Subject, follow: tuple[int, ...]) -> str:
    if follow and 0 not in follow:
        return f"Axis {follow[0]} of the output gets longer with the batch: swap it with axis 0."
    if 0 in (followers(subject, 1) or ()):
        return (
            "Axis 0 of the output gets longer with axis 1 of x: "
            "that axis is read as the batch. Is batch_first=True missing?"
        )
    return "Let the module return an output for each sample."


def _changes(subject: Subject, axis: int) -> Iterator[tuple[int, str, Floats]]:
    """What is put in the place of sample 0: itself reversed, then numbers of x.

    Then, if it shows that a sample sees another one at all, others have their turn.
    """
    x, N = subject.values, len(subject.values)
    yield 0, "reversed", x[0][::-1]
    for _ in range(DRAWS):
        yield 0, "replaced", subject.drawn(x[0])
    if _sees_others(subject, 0, axis) or _sees_others(subject, N - 1, axis):
        for n in range(N - 1, 0, -1):
            yield n, "replaced", x[n - 1]
            yield n, "replaced", subject.drawn(x[n])


def _sees_others(subject: Subject, n: int, axis: int) -> bool:
    """Whether a sample moves when all others become what it is: the largest of all goes too."""
    x = subject.values
    change = subject.change(x, np.repeat(x[n : n + 1], len(x), 0), (axis,))
    return bool(change.moves(slice(n, n + 1)).any())


def _made_up(subject: Subject) -> Iterator[tuple[int, str, Floats]]:
    """What is put there if nothing moved, as by numbers that are all alike or that saturate."""
    for _ in range(DRAWS):
        yield 0, "replaced", subject.made_up(subject.values[0])


def _told(subject: Subject, changes: Iterable[tuple[int, str, Floats]], axis: int) -> Leaks | None:
    """Make changes until one leaks; without a leak, the first that moved its sample tells."""
    told = None
    for n, change, sample in changes:
        got = Leaks(change, _moved(subject, n, sample, axis), n)
        if got.leaked:
            return got
        told = told or (got if any(got.moved) and not n else None)
    return told


def _moved(subject: Subject, n: int, sample: Floats, axis: int) -> tuple[float, ...]:
    """How far the output of each sample moves when one of them becomes another one."""
    changed = subject.values.copy()
    changed[n] = sample
    change = subject.change(subject.values, changed, (axis,))
    if len(change.distances) != len(changed):
        raise ValueError(
            f"Expected an output for each of {len(changed)} samples, whatever they hold, "
            f"got {len(change.distances)} when sample {n} was changed."
        )
    others = np.arange(len(changed)) != n
    moved = change.distances.copy()
    moved[others] *= change.moves(others)
    return tuple(moved.tolist())
