"""What each axis of an input is to a module."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rnn_ref.diagnose.influence import (
    Base,
    at_position,
    bases,
    change_at,
    constant,
    doubled,
    followers,
)
from rnn_ref.diagnose.subjects import Module, Subject
from rnn_ref.diagnose.untouched import untouched

Role = Literal["batch", "time", "time (from the end)", "time (both ways)", "features", "undecided"]

# (a position moves later ones, a position moves earlier ones) -> what the axis is
_INFLUENCE: dict[tuple[bool, bool], Role] = {
    (False, False): "batch",
    (True, False): "time",
    (False, True): "time (from the end)",
    (True, True): "time (both ways)",
}


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


@untouched
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
    inputs = bases(subject)
    if output.ndim < values.ndim:
        raise ValueError(
            f"Expected an output with an axis for each axis of x {values.shape}, as in "
            f"(N, L, H_out), got {output.shape}. "
            "Let the module return every step, or use leaks."
        )
    if not any(subject.change(values, base).distances.any() for base, _ in inputs):
        raise constant("x")
    follow = [followers(subject, axis) for axis in range(values.ndim)]
    fixed = [axes is None for axes in follow]
    for axis, axes in enumerate(follow):
        _check_order(subject, axis, axes)
    influences = [_influence(subject, inputs, axis, fixed[axis]) for axis in range(values.ndim)]
    roles = [_role(influence, axis, fixed) for axis, influence in enumerate(influences)]
    same_size = [output.shape[axis] == size for axis, size in enumerate(values.shape)]
    return AxisRoles(values.shape, _one_for_features(_size_of_module(roles, fixed), same_size))


def _check_order(subject: Subject, axis: int, follow: tuple[int, ...] | None) -> None:
    """Refuse an output that has no such axis, or has it elsewhere; features may have any size."""
    if follow is None:
        return
    came, went = subject.values.shape[axis], subject.output.shape[axis]
    if came != went:
        raise ValueError(
            f"Expected axis {axis} of the output to be as long as in the input, {came}, got "
            f"{went}. Let the module return every step, its axes in the order of x's."
            + f" What was packed has them all with total_length={came}."
            * (went < came and axis in follow)
        )
    if axis not in follow:
        other = f"axis {follow[0]} does" if follow else "it does not"
        raise ValueError(
            f"Expected axis {axis} of the output to get longer with axis {axis} of x, but {other}. "
            "Let the module return every step, its axes in the order of x's, or use leaks."
        )


def _influence(
    subject: Subject, inputs: Sequence[Base], axis: int, fixed: bool
) -> tuple[bool, bool]:
    """Whether a change at one position moves later ones, and whether it moves earlier ones."""
    later = earlier = False
    alone = subject.values.shape[axis] == 1
    if fixed and (alone or subject.values.shape[axis] != subject.output.shape[axis]):
        return True, True  # as features do: there is nothing to compare
    for base, other in inputs:
        x = doubled(base, axis) if alone else base
        size = x.shape[axis]
        for position in sorted({0, size // 2, size - 1}):
            change = change_at(subject, (x, other), at_position(axis, position), (axis,))
            later = later or bool(change.moves(slice(position + 1, None)).any())
            earlier = earlier or bool(change.moves(slice(position)).any())
            if later and earlier:
                return True, True
    return later, earlier


def _role(influence: tuple[bool, bool], axis: int, fixed: Sequence[bool]) -> Role:
    """Judge one axis; that several claim to be the features is seen later."""
    # features mix both ways, but a dead unit may hide one: that counts if no other axis is fixed
    mixes = any(influence) if sum(fixed) == 1 else all(influence)
    return "features" if fixed[axis] and mixes else _INFLUENCE[influence]


def _size_of_module(roles: Sequence[Role], fixed: Sequence[bool]) -> list[Role]:
    """Of two axes that mix nothing the batch is the one of any size, as in a batch norm."""
    free = ("batch", False) in zip(roles, fixed, strict=True)
    return [
        "features" if free and is_fixed and role == "batch" else role
        for role, is_fixed in zip(roles, fixed, strict=True)
    ]


def _one_for_features(roles: Sequence[Role], same_size: Sequence[bool]) -> tuple[Role, ...]:
    """Leave features to the axis whose size the output changes, where several refuse another."""
    if roles.count("features") < 2:
        return tuple(roles)
    return tuple(
        "undecided" if role == "features" and same else role
        for role, same in zip(roles, same_size, strict=True)
    )
