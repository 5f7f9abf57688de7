"""Which positions of the input each position of an output depends on."""

import math
from dataclasses import dataclass

import numpy as np

from rnn_ref.diagnose.chance import undisturbed
from rnn_ref.diagnose.influence import Flags, bases, change_at, followers
from rnn_ref.diagnose.rounding import fitted
from rnn_ref.diagnose.subjects import Module, Subject

SHOWN = 36  # positions of an axis: two columns each
LIMIT = 1024  # positions of an input: each takes several calls


@dataclass(frozen=True, eq=False)
class Dependence:
    """Which positions of the input each position of an output depends on; `str` draws it.

    Attributes:
        map: `map[n_out, t_out, n_in, t_in]` is True if the output at batch n_out and time t_out
            depends on the input at batch n_in and time t_in. An output without time has no t_out,
            `map[n_out, n_in, t_in]`; features are not told apart.
        outputs: How many axes of map, the first ones, belong to the output: 1 or 2. The others
            belong to the input.
    """

    map: Flags
    outputs: int

    @property
    def batch(self) -> Flags:
        """What of axis 0 of the input each position of axis 0 of the output depends on."""
        return self._reading(0)

    @property
    def time(self) -> Flags | None:
        """The same for axis 1, whatever the sample; None if one of both has no such axis."""
        has_both = self.outputs == 2 and self.map.ndim == 4
        return self._reading(1) if has_both else None

    def __str__(self) -> str:
        """One drawing for each axis: the output down, the input across."""
        readings = [self.batch, self.time]
        drawings = [
            _drawing(axis, reading) for axis, reading in enumerate(readings) if reading is not None
        ]
        return "\n".join(drawings)

    def _reading(self, axis: int) -> Flags:
        kept = (axis, self.outputs + axis)
        others = tuple(i for i in range(self.map.ndim) if i not in kept)
        return np.asarray(self.map.any(axis=others))


@undisturbed()
def depends(module: Module, x: object) -> Dependence:
    """Find out which positions of the input each position of an output depends on.

    The numbers at each position of batch and time are changed in turn, in several inputs. That
    takes some ten calls for each position: a few samples and steps are enough, `x[:4, :6]`.

    Args:
        module: What is examined, as said at the top of `rnn_ref.diagnose`.
        x: (N, L, H_in), (L, N, H_in), or (N, L) with ids; of another shape, its first two axes are
            looked at, or the first alone if the module takes no other size of the second, as in
            (L, H_in). It is not changed.

    Returns:
        Which positions of the output depend on which of the input, for the axes in x's order. An
        influence that none of a few inputs shows is not seen.

    Raises:
        TypeError: x or the output is no array of numbers.
        ValueError: x has more than a thousand positions; x or the output holds NaN, the output has
            no axis or not always as many, or two calls differ.

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
        #>
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
    inputs, outputs = _examined(subject)
    sizes = subject.values.shape[:inputs]
    if math.prod(sizes) > LIMIT:
        raise ValueError(
            f"Expected x to have at most {LIMIT} positions, got {math.prod(sizes)} of shape "
            f"{subject.values.shape}: each takes several calls. Hand over a part: x[:4, :6]."
        )
    kept = tuple(range(outputs))
    found = np.zeros((*subject.output.shape[:outputs], *sizes), bool)
    for base in bases(subject):
        for at in np.ndindex(sizes):
            moves = change_at(subject, base, at, kept).moves()
            found[(..., *at)] |= fitted(moves, found.shape[:outputs])
    return Dependence(found, outputs)


def _examined(subject: Subject) -> tuple[int, int]:
    """How many axes of the input and of the output hold positions; those behind are features."""
    values, output = subject.values, subject.output
    if not output.ndim:
        raise ValueError("Expected an output with a position for each sample, got one number.")
    if values.ndim == 1:
        return 1, 1
    follow = followers(subject, 1)
    if values.ndim == 2 and subject.takes_floats and follow is None:
        return 1, 1
    if output.ndim == 2:
        moved = {*(followers(subject, 0) or ()), *(follow or ())}
        return 2, 2 if 1 in moved else 1
    return 2, min(output.ndim, 2)


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
