"""What a module does with its axes, found out by calling it; what tensors a configuration has.

`leaks` and `axis_roles` take any module, without knowing its library:

- It is called as `module(x)`, with x a NumPy array or a torch tensor, whichever the reader gives;
  the inputs made up here have x's dtype and, for a tensor, its device.
- It returns an array or tensor, or a tuple that begins with one: what follows is not looked at.
- It answers the same input with the same output, so dropout has to be off: `module.eval()`.

A tensor is known by its methods: `detach`, `cpu`, `double`, `numpy`, `new_tensor`. Everything else
goes through `numpy.asarray`. What differs is compared to the last bit, so that a small leak counts.
"""

import dataclasses
import math
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnn_ref import shapes

Floats = NDArray[np.float64]
Module = Callable[[Any], Any]
Role = Literal["batch", "time", "time (from the end)", "time (both ways)", "features", "undecided"]

WIDTH = 80  # columns of what is printed
SHOWN = 8  # samples that are listed one by one
BASES = 4  # inputs to start from: a saturated or dead unit hides an influence in some, not in all

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
        moved: For each of the N samples, the largest absolute change in its output.
    """

    change: str
    moved: tuple[float, ...]

    @property
    def leaked(self) -> tuple[int, ...]:
        """The samples that moved although only sample 0 was changed, in order."""
        return tuple(n for n, distance in enumerate(self.moved) if n and distance)

    def __str__(self) -> str:
        """The distances, one sample a line, and what they mean."""
        lines = [f"Sample 0 was {self.change}. So far did the output of each sample move:"]
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


@dataclass(frozen=True)
class _Subject:
    """A module and the input it is examined with."""

    module: Module
    x: Any
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    def __post_init__(self) -> None:
        if not hasattr(self.x, "shape"):
            got = type(self.x).__name__
            raise TypeError(f"x should be a NumPy array or a torch tensor, got: {got}.")
        if 0 in self.x.shape:
            raise ValueError(f"Expected x to hold numbers, got shape {tuple(self.x.shape)}.")
        _check_nan("x", self.values)

    @property
    def values(self) -> Floats:
        return _array(self.x)

    def run(self, values: Floats) -> Floats:
        """Call the module twice and give its output, if it is one that can be compared."""
        first, second = (_output(self.module(_like(self.x, values))) for _ in range(2))
        _check_nan("The output, for x or for numbers made up in its place,", first)
        if not np.array_equal(first, second):
            raise ValueError(
                "The module gives two outputs for one input, so no change can be told from chance. "
                "Turn dropout off with module.eval(); nothing may be random or kept between calls."
            )
        return first

    def takes(self, values: Floats) -> bool:
        try:
            self.module(_like(self.x, values))
        except Exception:  # a module refuses a shape in any class it likes
            return False
        return True

    def other(self, values: Floats) -> Floats:
        """Make up other numbers; integers stay among those that x has, as ids have to."""
        if _array(_like(self.x, np.array(0.5))) == 0.5:
            return self.rng.standard_normal(values.shape)
        return self.rng.choice(self.values.ravel(), values.shape)


def leaks(module: Module, x: Any) -> Leaks:
    """Change sample 0 of a batch and see which samples move: only sample 0 should.

    Sample 0 is reversed along axis 1. If that moves no other sample, it is replaced by made-up
    numbers, always the same ones; integers are drawn from those in x.

    Args:
        module: What is examined, as said at the top of `rnn_ref.diagnose`. Normalisation over the
            batch, as in training mode, is a leak too.
        x: (N, L, H_in), or any other shape whose axis 0 is meant to be the batch, N at least 2;
            float or integer. It is not changed.

    Returns:
        How far the output of each sample moved, and which samples leaked.

    Raises:
        TypeError: x or the output is no array.
        ValueError: x has no two samples, the output does not begin with N or holds NaN, two calls
            differ, or no output moves.

    Examples:
        ```python
        import numpy as np

        import rnn_ref
        from rnn_ref.diagnose import leaks

        batch = np.random.default_rng(0).random((3, 5, 7), np.float32)
        print(leaks(rnn_ref.GRU(7, 13, batch_first=True, seed=0), batch))
        #> Sample 0 was reversed. So far did the output of each sample move:
        #>   sample 0: 0.2496
        #>   sample 1: 0
        #>   sample 2: 0
        #> Nothing leaked: only sample 0 moved.
        print(leaks(rnn_ref.GRU(7, 13, seed=0), batch).leaked)
        #> (1, 2)
        ```
    """
    subject = _Subject(module, x)
    values = subject.values
    if values.ndim < 2 or len(values) < 2:
        raise ValueError(
            f"Expected x to be a batch of 2 samples or more, (N, L, H_in), got {values.shape}."
        )
    output = subject.run(values)
    if output.shape[:1] != values.shape[:1]:
        raise ValueError(
            f"Expected N = {len(values)} on axis 0 of the output, as in x {values.shape}, "
            f"got {output.shape}. Let the module return an output for each sample."
        )
    tried = [
        Leaks(change, _distances(output, subject.run(changed)))
        for change, changed in _changes(subject)
    ]
    telling = [one for one in tried if one.leaked] + [one for one in tried if any(one.moved)]
    if not telling:
        raise _constant("sample 0")
    return telling[0]


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
            output holds NaN, two calls differ, or no output moves.

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
    subject = _Subject(module, x)
    values = subject.values
    bases = [values, *(subject.other(values) for _ in range(BASES - 1))]
    outputs = [subject.run(base) for base in bases]
    if outputs[0].ndim < values.ndim:
        raise ValueError(
            f"Expected an output with an axis for each axis of x {values.shape}, as in "
            f"(N, L, H_out), got {outputs[0].shape}. "
            "Let the module return every step, or use leaks."
        )
    if all(np.array_equal(outputs[0], output) for output in outputs):
        raise _constant("x")
    fixed = [_is_fixed(subject, axis) for axis in range(values.ndim)]
    roles = [_role(subject, bases, axis, fixed) for axis in range(values.ndim)]
    same_size = [outputs[0].shape[axis] == size for axis, size in enumerate(values.shape)]
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


def _array(value: Any) -> Floats:
    value = value.detach().cpu().double().numpy() if hasattr(value, "detach") else value
    return np.asarray(value, dtype=np.float64)


def _like(x: Any, values: Floats) -> Any:
    """Give x's class, dtype and device to numbers; every call gets memory of its own."""
    return x.new_tensor(values) if hasattr(x, "new_tensor") else values.astype(x.dtype)


def _output(result: Any) -> Floats:
    first = result[0] if isinstance(result, tuple) and result else result
    if not hasattr(first, "shape"):
        raise TypeError(
            "The module should return an array or tensor, or a tuple that begins with one, "
            f"got: {type(first).__name__}. Wrap it: lambda x: module(x)[...]"
        )
    return _array(first)


def _check_nan(what: str, values: Floats) -> None:
    bad = int(np.isnan(values).sum())
    if bad:
        raise ValueError(
            f"{what} holds NaN at {bad} of {values.size} places: no change can be seen there."
        )


def _constant(what: str) -> ValueError:
    return ValueError(
        f"The output did not move when {what} was changed: the module ignores it, its "
        "units are saturated or dead, or x has integers that are all alike. Nothing can be said."
    )


def _changes(subject: _Subject) -> Iterator[tuple[str, Floats]]:
    values = subject.values
    reverse, replace = values.copy(), values.copy()
    reverse[0] = values[0, ::-1]
    yield "reversed", reverse
    replace[0] = subject.other(values[0])
    yield "replaced", replace


def _distances(before: Floats, after: Floats) -> tuple[float, ...]:
    """Largest absolute difference for each position of axis 0; inf equals inf."""
    difference = np.abs(
        np.subtract(after, before, where=after != before, out=np.zeros_like(before))
    )
    return tuple(difference.reshape(len(before), -1).max(axis=1).tolist())


def _is_fixed(subject: _Subject, axis: int) -> bool:
    """Whether the module refuses an axis that is twice as long, and one that is shorter by one."""
    values = subject.values
    doubled, shortened = _doubled(values, axis), np.delete(values, -1, axis)
    return not (subject.takes(doubled) or (shortened.size and subject.takes(shortened)))


def _doubled(values: Floats, axis: int) -> Floats:
    return np.concatenate([values, values], axis)


def _role(subject: _Subject, bases: Sequence[Floats], axis: int, fixed: Sequence[bool]) -> Role:
    """Judge one axis; that several claim to be the features is seen later."""
    if bases[0].shape[axis] == 1:
        if fixed[axis]:
            return "features"
        bases = [_doubled(base, axis) for base in bases]
    came, went = bases[0].shape[axis], subject.run(bases[0]).shape[axis]
    if came != went and fixed[axis]:
        return "features"
    if came != went:
        raise ValueError(
            f"Expected axis {axis} of the output to be as long as in the input, {came}, got "
            f"{went}. Let the module return every step, its axes in the order of x's."
        )
    influence = _influence(subject, bases, axis)
    # features mix both ways, but a dead unit may hide one: that counts if no other axis is fixed
    mixes = any(influence) if sum(fixed) == 1 else all(influence)
    return "features" if fixed[axis] and mixes else _INFLUENCE[influence]


def _influence(subject: _Subject, bases: Sequence[Floats], axis: int) -> tuple[bool, bool]:
    """Whether a change at one position moves later ones, and whether it moves earlier ones."""
    size = bases[0].shape[axis]
    later = earlier = False
    for base in bases:
        before = np.moveaxis(subject.run(base), axis, 0)
        for position in sorted({0, size // 2, size - 1}):
            changed, at = base.copy(), (*[slice(None)] * axis, position)
            changed[at] = subject.other(base[at])
            moved = np.array(_distances(before, np.moveaxis(subject.run(changed), axis, 0))) > 0
            later |= bool(moved[position + 1 :].any())
            earlier |= bool(moved[:position].any())
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
