"""What a module does with its axes, found out by calling it; what tensors a configuration has.

`leaks` and `axis_roles` take any module, without knowing its library:

- It is called as `module(x)`, with x a NumPy array or a torch tensor, whichever the reader gives;
  the inputs made up here have x's device and, if x holds integers, its dtype.
- It returns an array or tensor, or a tuple that begins with one: what follows is not looked at.
- It answers the same input with the same output, so dropout has to be off: `module.eval()`.
- It is copied, and the copies are called, so that looking changes nothing. A copy of a torch module
  works in float64 if it can. A function is no copy: it is called itself, in x's dtype.

Rounding is no movement. It depends on the batch, as when fewer rows of a packed one run at a step;
but it does not come back when input and weights are moved by a hair. A movement of one part in a
hundred thousand of the size of the output is found in float32 as well, a far smaller one in
float64, unless the network itself makes more of a rounding than that.
"""

import dataclasses
import math
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rnn_ref import shapes
from rnn_ref.rounding import Floats
from rnn_ref.subjects import Module, Subject

Role = Literal["batch", "time", "time (from the end)", "time (both ways)", "features", "undecided"]

WIDTH = 80  # columns of what is printed
SHOWN = 8  # samples that are listed one by one
DRAWS = 4  # of numbers for sample 0: a leak may need one that exceeds the others, or a length

# An input, and what makes other numbers of some of its numbers.
Base = tuple[Floats, Callable[[Floats], Floats]]

# (a position moves later ones, a position moves earlier ones) -> what the axis is
_INFLUENCE: dict[tuple[bool, bool], Role] = {
    (False, False): "batch",
    (True, False): "time",
    (False, True): "time (from the end)",
    (True, True): "time (both ways)",
}


@dataclass(frozen=True)
class Leaks:
    """Which samples of a batch moved when sample 0 was changed; `str` tells it in sentences.

    Attributes:
        change: What was done to sample 0: `"reversed"` or `"replaced"`.
        moved: For each of the N samples, the largest absolute change in its output; 0 if that is
            rounding.
    """

    change: str
    moved: tuple[float, ...]

    @property
    def leaked(self) -> tuple[int, ...]:
        """The samples that moved although only sample 0 was changed, in order."""
        return tuple(n for n, distance in enumerate(self.moved) if n and distance)

    def __str__(self) -> str:
        """The distances, one sample a line, and what they mean."""
        lines = [f"Sample 0 was {self.change}. How far the output of each sample moved:"]
        for n, distance in enumerate(self.moved[:SHOWN]):
            leaked = "  leaked" if n in self.leaked else ""
            lines.append(f"  sample {n}: {_decimals(distance)}{leaked}")
        if len(self.moved) > SHOWN:
            lines.append(f"  and {len(self.moved) - SHOWN} more")
        return "\n".join([*lines, self._conclusion()])

    def _conclusion(self) -> str:
        untouched = len(self.moved) - 1
        if not self.leaked:
            return "Nothing leaked: only sample 0 moved."
        return (
            f"{len(self.leaked)} of {untouched} untouched samples moved: "
            "axis 0 is not read as a batch.\nIs batch_first=True missing?"
        )


@dataclass(frozen=True)
class AxisRoles:
    """What each axis of an input is to a module; `str` writes it as one sentence.

    Attributes:
        shape: The input's shape.
        roles: For each axis `"batch"` (its positions do not influence each other), `"time"`
            (earlier positions influence later ones), `"time (from the end)"`,
            `"time (both ways)"`, `"features"` (its size belongs to the module), or `"undecided"`.
    """

    shape: tuple[int, ...]
    roles: tuple[Role, ...]

    def __str__(self) -> str:
        """Axis, size and role, as in `axis 0 (size 3): time, axis 1 (size 5): batch`."""
        named = enumerate(zip(self.shape, self.roles, strict=True))
        text = ", ".join(f"axis {axis} (size {size}): {role}" for axis, (size, role) in named)
        if "undecided" not in self.roles:
            return text
        return (
            f"{text}\nUndecided: the module takes no other size there, "
            "so it may be features, or a fixed batch or time."
        )


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
    subject = Subject(module, x)
    values = subject.values
    if values.ndim < 2 or len(values) < 2:
        raise ValueError(
            f"Expected x to be a batch of 2 samples or more, (N, L, H_in), got {values.shape}."
        )
    if subject.output.shape[:1] != values.shape[:1]:
        raise ValueError(
            f"Expected N = {len(values)} on axis 0 of the output, as in x {values.shape}, "
            f"got {subject.output.shape}. Let the module return an output for each sample."
        )
    told = _told(subject, _changes(subject)) or _told(subject, _made_up(subject))
    if told is None:
        raise _constant("sample 0")
    return told


def axis_roles(module: Module, x: Any) -> AxisRoles:
    """Find out what a module takes each axis of its input for: batch, time or features.

    Positions along an axis are changed one at a time. Where none moves another, the axis is a
    batch; where a change moves what comes later, it is time. An axis whose size the module
    refuses to see changed is its features. An axis of size 1 is doubled to be examined. That takes
    about a hundred calls: a few samples and steps are enough.

    Args:
        module: What is examined, as said at the top of `rnn_ref.diagnose`. Its output keeps the
            order of x's axes and the sizes of batch and time, as in (N, L, H_out); more axes may
            follow.
        x: (L, N, H_in), (N, L, H_in), (L, H_in), or (N, L) with ids; float or integer. It is not
            changed.

    Returns:
        The role of each axis. Independent axes are all called batch; `"undecided"` stands where
        several axes refuse another size and their influence does not tell them apart. An influence
        that none of a few inputs shows is not seen: nearly all units of the module may be dead.

    Raises:
        TypeError: x or the output is no array.
        ValueError: The output has lost an axis, or an axis has another length there; x or the
            output holds NaN, the output has not always as many axes, two calls differ, or no output
            moves.

    Examples:
        ```python
        import numpy as np

        import rnn_ref
        from rnn_ref.diagnose import axis_roles

        batch = np.random.default_rng(0).random((3, 5, 7), np.float32)
        print(axis_roles(rnn_ref.GRU(7, 13), batch))
        #> axis 0 (size 3): time, axis 1 (size 5): batch, axis 2 (size 7): features
        print(axis_roles(rnn_ref.GRU(7, 13, batch_first=True), batch).roles)
        #> ('batch', 'time', 'features')
        ```
    """
    subject = Subject(module, x)
    values, output = subject.values, subject.output
    bases = _bases(subject)
    if output.ndim < values.ndim:
        raise ValueError(
            f"Expected an output with an axis for each axis of x {values.shape}, as in "
            f"(N, L, H_out), got {output.shape}. "
            "Let the module return every step, or use leaks."
        )
    if not any(subject.change(values, base).distances.any() for base, _ in bases):
        raise _constant("x")
    fixed = [_is_fixed(subject, axis) for axis in range(values.ndim)]
    roles = [_role(subject, bases, axis, fixed) for axis in range(values.ndim)]
    same_size = [output.shape[axis] == size for axis, size in enumerate(values.shape)]
    return AxisRoles(values.shape, _one_for_features(roles, same_size))


def explain(config: shapes.Config, *, L: int, N: int | None = None) -> str:
    """Write down every tensor and parameter of a network, in symbols and in numbers.

    Args:
        config: The network.
        L: Sequence length.
        N: Batch size; None for one sequence without a batch axis.

    Returns:
        A text of several lines: the constructor, the symbols with their sizes, the tensors, the
        parameters with how many numbers each holds, and the total.

    Examples:
        ```python
        from rnn_ref.diagnose import explain
        from rnn_ref.shapes import Config

        print(explain(Config("RNN", 7, 13, bias=False), L=5, N=3))
        #> torch.nn.RNN(7, 13, bias=False)
        #>
        #> N          = 3     batch size
        #> L          = 5     sequence length
        #> H_in       = 7     input_size, the features of one input step
        #> H_cell     = 13    hidden_size, the features inside the cell
        #> H_out      = 13    the features that leave the cell: proj_size if there is one,
        #>                    otherwise hidden_size
        #> D          = 1     directions: 2 if bidirectional, otherwise 1
        #> num_layers = 1     layers, stacked
        #> G          = 1     blocks of H_cell rows, a gate or candidate each: 1 in an RNN,
        #>                    4 in an LSTM, 3 in a GRU
        #>
        #> tensor        shape                     size
        #> input         (L, N, H_in)              (5, 3, 7)
        #> h_0           (D*num_layers, N, H_out)  (1, 3, 13)
        #> output        (L, N, D*H_out)           (5, 3, 13)
        #> h_n           (D*num_layers, N, H_out)  (1, 3, 13)
        #>
        #> parameter     shape                     size        numbers
        #> weight_ih_l0  (G*H_cell, H_in)          (13, 7)          91
        #> weight_hh_l0  (G*H_cell, H_out)         (13, 13)        169
        #> total                                                   260
        ```
    """
    sizes = config.sizes | {"L": L} | ({} if N is None else {"N": N})
    layout = {"batch_first": config.batch_first, "batched": N is not None}
    tensors = shapes.tensor_shapes(config, L=L, N=N)
    parameters = shapes.parameter_shapes(config)
    counts = {name: math.prod(shape) for name, shape in parameters.items()}
    rows = [
        ("tensor", "shape", "size", ""),
        *((name, f"{shapes.rule(name, **layout)}", f"{s}", "") for name, s in tensors.items()),
        ("", "", "", ""),
        ("parameter", "shape", "size", "numbers"),
        *(
            (name, f"{shapes.rule(name)}", f"{s}", f"{counts[name]:,}")
            for name, s in parameters.items()
        ),
        ("total", "", "", f"{sum(counts.values()):,}"),
    ]
    head = textwrap.fill(_constructor(config), WIDTH, subsequent_indent=" " * 4)
    return "\n".join([head, "", *_legend(sizes), "", *_aligned(rows)])


def _constant(what: str) -> ValueError:
    return ValueError(
        f"The output did not move when {what} was changed: the module ignores it, its "
        "units are saturated or dead, or x has integers that are all alike. Nothing can be said."
    )


def _changes(subject: Subject) -> Iterator[tuple[str, Floats]]:
    """What is put in the place of sample 0: itself reversed, then numbers of x."""
    sample = subject.values[0]
    yield "reversed", sample[::-1]
    for _ in range(DRAWS):
        yield "replaced", subject.drawn(sample)


def _made_up(subject: Subject) -> Iterator[tuple[str, Floats]]:
    """What is put there if nothing moved, as by numbers that are all alike or that saturate."""
    for _ in range(DRAWS):
        yield "replaced", subject.made_up(subject.values[0])


def _told(subject: Subject, changes: Iterable[tuple[str, Floats]]) -> Leaks | None:
    """Make changes until one leaks; without a leak, the first that moved sample 0 tells."""
    told = None
    for change, sample in changes:
        got = Leaks(change, _moved(subject, sample))
        if got.leaked:
            return got
        told = told or (got if any(got.moved) else None)
    return told


def _moved(subject: Subject, sample: Floats) -> tuple[float, ...]:
    """How far the output of each sample moves when sample 0 becomes another one."""
    changed = subject.values.copy()
    changed[0] = sample
    change = subject.change(subject.values, changed)
    if len(change.distances) != len(changed):
        raise ValueError(
            f"Expected an output for each of {len(changed)} samples, whatever they hold, "
            f"got {len(change.distances)} when sample 0 was changed."
        )
    first, others = slice(1), slice(1, None)
    moved = np.where(change.moves(others), change.distances[others], 0)
    return (*change.distances[first].tolist(), *moved.tolist())


def _is_fixed(subject: Subject, axis: int) -> bool:
    """Whether the module refuses an axis that is twice as long, and one that is shorter by one."""
    values = subject.values
    doubled, shortened = _doubled(values, axis), np.delete(values, -1, axis)
    return not (subject.takes(doubled) or (shortened.size and subject.takes(shortened)))


def _doubled(values: Floats, axis: int) -> Floats:
    return np.concatenate([values, values], axis)


def _bases(subject: Subject) -> list[Base]:
    """Inputs to start from, each with what changes it there.

    A saturated or dead unit hides an influence in some of them, not in all.
    """
    x, drawn, made_up = subject.values, subject.drawn, subject.made_up
    return [(x, drawn), (drawn(x), drawn), (made_up(x), made_up), (made_up(x), made_up)]


def _role(subject: Subject, bases: Sequence[Base], axis: int, fixed: Sequence[bool]) -> Role:
    """Judge one axis; that several claim to be the features is seen later."""
    if subject.values.shape[axis] == 1:
        if fixed[axis]:
            return "features"
        bases = [(_doubled(base, axis), other) for base, other in bases]
    x, _ = bases[0]
    came, went = x.shape[axis], subject.run(x).shape[axis]
    if came != went and fixed[axis]:
        return "features"
    if came != went:
        raise ValueError(
            f"Expected axis {axis} of the output to be as long as in the input, {came}, got "
            f"{went}. Let the module return every step, its axes in the order of x's."
            + f" What was packed has them all with total_length={came}."
            * (went < came)
        )
    influence = _influence(subject, bases, axis)
    # features mix both ways, but a dead unit may hide one: that counts if no other axis is fixed
    mixes = any(influence) if sum(fixed) == 1 else all(influence)
    return "features" if fixed[axis] and mixes else _INFLUENCE[influence]


def _influence(subject: Subject, bases: Sequence[Base], axis: int) -> tuple[bool, bool]:
    """Whether a change at one position moves later ones, and whether it moves earlier ones."""
    later = earlier = False
    for base, other in bases:
        size = base.shape[axis]
        for position in sorted({0, size // 2, size - 1}):
            changed, at = base.copy(), (*[slice(None)] * axis, position)
            changed[at] = other(base[at])
            change = subject.change(base, changed, axis)
            later = later or bool(change.moves(slice(position + 1, None)).any())
            earlier = earlier or bool(change.moves(slice(position)).any())
            if later and earlier:
                return True, True
    return later, earlier


def _one_for_features(roles: Sequence[Role], same_size: Sequence[bool]) -> tuple[Role, ...]:
    """Leave features to the axis whose size the output changes, where several refuse another."""
    if roles.count("features") < 2:
        return tuple(roles)
    return tuple(
        "undecided" if role == "features" and same else role
        for role, same in zip(roles, same_size, strict=True)
    )


def _decimals(distance: float) -> str:
    if distance == 0:
        return "0"
    return f"{distance:.4f}" if distance >= 0.0001 else f"{distance:.0e}"


def _constructor(config: shapes.Config) -> str:
    """The call in torch that makes the network: what differs from the defaults by name."""
    options = [
        f", {option.name}={getattr(config, option.name)}"
        for option in dataclasses.fields(config)
        if option.default not in (dataclasses.MISSING, getattr(config, option.name))
    ]
    return f"torch.nn.{config.mode}({config.input_size}, {config.hidden_size}{''.join(options)})"


def _legend(sizes: dict[str, int]) -> list[str]:
    known = [symbol for symbol in shapes.SYMBOLS if symbol in sizes]
    return [
        textwrap.fill(
            f"{symbol:<10} = {sizes[symbol]:<5} {shapes.SYMBOLS[symbol]}",
            WIDTH,
            subsequent_indent=" " * 19,
        )
        for symbol in known
    ]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as their longest cell; the last one, numbers, ends at one edge."""
    *texts, last = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([*map(str.ljust, row[:-1], texts), row[-1].rjust(last)]).rstrip() for row in rows
    ]
