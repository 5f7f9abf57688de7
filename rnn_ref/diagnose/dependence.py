"""Which positions of the input each position of an output depends on."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_ref.diagnose.influence import Flags, bases, followers, see
from rnn_ref.diagnose.subjects import Module, Subject
from rnn_ref.diagnose.untouched import untouched

SHOWN = 36  # positions of an axis: two columns each
LIMIT = 1024  # positions of an input: each takes several calls


@dataclass(frozen=True, eq=False)
class Dependence:
    """Which positions of the input each position of an output depends on; `str` draws it.

    Attributes:
        map: `map[n_out, t_out, n_in, t_in]` is True if the output at batch n_out and time t_out
            depends on the input at batch n_in and time t_in. An axis that one of them has not is
            left out, as t_out where there is one output for each sample.
        outputs: The axes of x that the first axes of map follow: `(0, 1)` for batch and time,
            `(0,)` for an output of each sample. The other axes of map are those of x, in order.
    """

    map: Flags
    outputs: tuple[int, ...]

    @property
    def batch(self) -> Flags | None:
        """Of what along axis 0 of x the output depends, `batch[n_out, n_in]`, at whatever time."""
        return self._along(0)

    @property
    def time(self) -> Flags | None:
        """Of what along axis 1 of x the output depends, `time[t_out, t_in]`, in whatever sample."""
        return self._along(1)

    def __str__(self) -> str:
        """One drawing for each axis: the output down, the input across."""
        along = {axis: self._along(axis) for axis in self.outputs}
        return "\n".join(
            _drawing(axis, flags) for axis, flags in along.items() if flags is not None
        )

    def _along(self, axis: int) -> Flags | None:
        if axis not in self.outputs:
            return None
        kept = (self.outputs.index(axis), len(self.outputs) + axis)
        others = tuple(i for i in range(self.map.ndim) if i not in kept)
        return np.asarray(self.map.any(axis=others))


@untouched
def depends(module: Module, x: Any) -> Dependence:
    """Find out which positions of the input each position of an output depends on.

    The numbers at each position of batch and time are changed in turn, in several inputs. That
    takes some ten calls for each position: a few samples and steps are enough, `x[:4, :6]`. Which
    axis of the output is batch and which is time is seen by what gets longer with x.

    Args:
        module: What is examined, as said at the top of `rnn_ref.diagnose`.
        x: (N, L, H_in), (L, N, H_in), or (N, L) with ids; of another shape, its first two axes are
            looked at, or the first alone if the module takes no other size of the second, as in
            (L, H_in). It is not changed.

    Returns:
        Which positions of the output depend on which of the input. An influence that none of a few
        inputs shows is not seen.

    Raises:
        TypeError: x or the output is no array of numbers.
        ValueError: x has more than a thousand positions; x or the output holds NaN; the output has
            no axis that follows one of x, or not always as many; or two calls differ.

    Examples:
        ```python
        import numpy as np

        import rnn_ref
        from rnn_ref.diagnose import depends

        batch = np.random.default_rng(0).random((3, 5, 7), np.float32)
        print(depends(rnn_ref.GRU(7, 13, batch_first=True, seed=0), batch))
        #> Axis 0: output positions (rows) depend (#) on input positions (columns)
        #>       0 1 2
        #>    0  # . .
        #>    1  . # .
        #>    2  . . #
        #> Axis 1: output positions (rows) depend (#) on input positions (columns)
        #>       0 1 2 3 4
        #>    0  # . . . .
        #>    1  # # . . .
        #>    2  # # # . .
        #>    3  # # # # .
        #>    4  # # # # #
        forgetful = depends(rnn_ref.GRU(7, 13, seed=0), batch)
        print(forgetful.map.shape, forgetful.batch.tolist())
        #> (3, 5, 3, 5) [[True, False, False], [True, True, False], [True, True, True]]
        ```
    """
    subject = Subject(module, x)
    inputs = _positions(subject)
    places = {axis: _place(subject, axis) for axis in range(inputs)}
    followed = {axis: place for axis, place in places.items() if place is not None}
    if not followed:
        raise ValueError(
            f"Expected an output with an axis for the samples or steps of x {subject.values.shape},"
            f" got {subject.output.shape}."
        )
    sizes, kept = subject.values.shape[:inputs], tuple(followed.values())
    if math.prod(sizes) > LIMIT:
        raise ValueError(
            f"Expected x to have at most {LIMIT} positions, got {math.prod(sizes)} of shape "
            f"{subject.values.shape}: each takes several calls. Hand over a part: x[:4, :6]."
        )
    found = np.zeros((*(subject.output.shape[axis] for axis in kept), *sizes), bool)
    for base in bases(subject):
        for at in np.ndindex(sizes):
            see(subject, base, at, kept, found[(..., *at)])
    return Dependence(found, tuple(followed))


def _positions(subject: Subject) -> int:
    """How many axes of the input hold positions; those behind are features."""
    if subject.values.ndim == 2 and subject.takes_floats and followers(subject, 1) is None:
        return 1
    return min(subject.values.ndim, 2)


def _place(subject: Subject, axis: int) -> int | None:
    """Which axis of the output follows one of the input; of a fixed size, the one at its place."""
    follow = followers(subject, axis)
    if follow is None:
        size = subject.values.shape[axis]
        return axis if subject.output.shape[axis : axis + 1] == (size,) else None
    return axis if axis in follow else next(iter(follow), None)


def _drawing(axis: int, flags: Flags) -> str:
    """Rows and columns, cut where they would leave the page."""
    shown = flags[:SHOWN, :SHOWN]
    head = " ".join(f"{place % 10}" for place in range(shown.shape[1]))
    marks = [" ".join(".#"[int(seen)] for seen in row) for row in shown]
    rows = [f"{place:>4}  {row}" for place, row in enumerate(marks)]
    if shown.shape != flags.shape:
        rows.append(f"      and more, {flags.shape[0]} by {flags.shape[1]} in all")
    title = f"Axis {axis}: output positions (rows) depend (#) on input positions (columns)"
    return "\n".join([title, f"      {head}", *rows])
