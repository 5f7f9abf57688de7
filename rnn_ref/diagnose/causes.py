"""Why the samples of a batch meet, as far as further changes show it.

A batch is made of x's own numbers, so large that what mixes samples in different ways shows
different patterns: as many samples as a prime, few steps. Each cause has a test that it alone
passes; what passes none is called unknown.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnn_ref.diagnose import rounding
from rnn_ref.diagnose.influence import Base, Flags, change_at
from rnn_ref.diagnose.rounding import Floats, fitted
from rnn_ref.diagnose.subjects import Subject

Cause = Literal[
    "time first",
    "view",
    "batch statistics",
    "state between samples",
    "state between calls",
    "running sum",
    "rows moved",
    "fixed distance",
    "groups",
    "one sample",
    "axes of the output",
    "unknown",
]

SENTENCES: Mapping[Cause, str] = {
    "time first": (
        "Axis 0 is read as a sequence, not as a batch.\n"
        "Is batch_first=True missing, or a transpose?"
    ),
    "view": (
        "Numbers of unlike samples come together as a view or reshape lays them out.\n"
        "Swap axes with transpose, which moves the numbers along."
    ),
    "batch statistics": (
        "All samples go into one number, whatever their order: a softmax, norm, mean or\n"
        "attention goes over axis 0, or a batch norm is in training mode: module.eval()."
    ),
    "state between samples": (
        "Each sample begins with the state that the one before it left.\n"
        "Begin each with a state of its own, and read the batch in one call."
    ),
    "state between calls": (
        "A state is kept between calls: the second call continues from the first.\n"
        "Begin each call with a state of its own, or reset it in front of the call."
    ),
    "running sum": (
        "Each sample is added to those before it: a sum goes along axis 0.\n"
        "Is cumsum told the axis of the steps?"
    ),
    "rows moved": (
        "The outputs are those of single samples, in another order.\n"
        "Was the batch sorted, rolled or flipped, and not put back?"
    ),
    "fixed distance": (
        "Each sample sees those at a fixed distance along axis 0, as in a convolution,\n"
        "a difference or a shift. Is it told the axis of the steps?"
    ),
    "groups": (
        "Samples meet within parts of the batch, and not across them.\n"
        "Is the batch split, or are samples joined?"
    ),
    "one sample": (
        "All samples see the same one.\n"
        "Is it taken by its place in the batch, as in x[0], and used for all?"
    ),
    "axes of the output": (
        "But the samples do not stand along axis 0 of the output.\nSwap its axes: transpose(0, 1)."
    ),
    "unknown": "Samples meet, and the cause cannot be told from their movements.",
}
"""What is said of each cause, and what to look for."""

SAMPLES = (7, 8)  # of the batch that is made up: a prime, or what can be split
STEPS = 3  # fewer than samples, so that a row of a view holds few lanes
MANY = 24  # samples, so that the first one is forgotten at the last
LONG = (8, 16, 32)  # steps, after some of which a state is forgotten
ALIKE = 1e-3  # of what a change moves; what two ways give alike differs less
FADED = 0.01  # of what a sample hands to the next one, behind many
TRIES = 3  # of a change whose size counts
FORGOTTEN = 0.03  # of what one more sample between two leaves of an influence
ASIDE = 0.1  # of what goes straight to the next sample or across


def cause_of(subject: Subject, axis: int) -> Cause:
    """Find the cause why samples meet, which stand along an axis of the output."""
    for base in _batches(subject):
        batch = Batch(subject, base, axis)
        if batch.leaks:
            return next((cause for cause, shows in EVIDENCE.items() if shows(batch)), "unknown")
    return "unknown"


def _batches(subject: Subject) -> Iterator[Base]:
    """Batches of real steps, first of handy sizes, at last x itself."""
    x = subject.values
    lengths = dict.fromkeys([STEPS, x.shape[1]])
    sizes = [(N, L) for L in lengths for N in SAMPLES]
    made = (_made(subject, N, L) for N, L in sizes)
    yield from (base for base in made if subject.tried(base[0]) is not None)
    yield x, subject.drawn


def _made(subject: Subject, N: int, L: int) -> Base:
    """Numbers of x without those with which samples end and none begins: they may be padding."""
    x = subject.values
    behind = np.setdiff1d(x[:, -1:], x[:, :1])
    pool = np.setdiff1d(x, behind) if x.ndim > 1 else x
    made = subject.picked(pool, (N, L, *x.shape[2:]))
    return made, lambda values: subject.redrawn(values, pool)


class Batch:
    """A batch whose samples meet, and what can be asked about it."""

    def __init__(self, subject: Subject, base: Base, axis: int) -> None:
        """Call the module."""
        self.subject, self.base, self.axis = subject, base, axis
        self.x, self.other = base
        self.N, self.L = self.x.shape[:2]
        self.output = self.turned(subject.run(self.x))

    def turned(self, output: NDArray[Any]) -> NDArray[Any]:
        """The output with its samples in front."""
        return np.moveaxis(output, self.axis, 0)

    @cached_property
    def has_time(self) -> bool:
        """Whether the output has steps behind its samples, as longer x shows."""
        longer = self.ask(np.concatenate([self.x, self.x], 1))
        if longer is None:
            return self.output.ndim > 2 and self.output.shape[1] == self.L
        return longer.ndim > 1 and longer.shape[1] != self.output.shape[1]

    def ask(self, x: Floats) -> Floats | None:
        """The output for another batch, or None if the module refuses it."""
        output = self.subject.tried(x)
        return None if output is None else self.turned(output)

    @cached_property
    def changes(self) -> list[tuple[Floats, Flags]]:
        """For each sample, what its change adds to each number of the output, and which move."""
        axes = range(self.output.ndim)
        made = [change_at(self.subject, self.base, n, axes) for n in range(self.N)]
        shape = self.output.shape
        both = [(self.turned(one.difference), self.turned(one.moves())) for one in made]
        return [(fitted(added, shape), fitted(moves, shape)) for added, moves in both]

    @cached_property
    def seen(self) -> Flags:
        """Which samples each number of the output depends on: the last axis counts them."""
        return np.stack([moves for _, moves in self.changes], -1)

    @cached_property
    def rows(self) -> Flags:
        """Which samples each sample of the output depends on."""
        return np.asarray(self.seen.any(axis=tuple(range(1, self.seen.ndim - 1))))

    @cached_property
    def meetings(self) -> Flags:
        """The same without what each sample is to itself."""
        return np.asarray(self.rows & (np.eye(*self.rows.shape) == 0))

    @cached_property
    def leaks(self) -> bool:
        """Whether a sample sees another one."""
        return self.output.shape[:1] == (self.N,) and bool(self.meetings.any())

    @cached_property
    def positions(self) -> Flags:
        """Which positions, (sample, step), each sample of the output depends on, and each step."""
        axes = (self.axis, 1 - self.axis) if self.has_time else (self.axis,)
        places = np.ndindex(self.N, self.L)
        made = [change_at(self.subject, self.base, at, axes).moves() for at in places]
        found = np.stack([fitted(one, self.output.shape[: len(axes)]) for one in made], -1)
        return found if self.has_time else found[:, None]

    def far(self, n_out: int, n_in: int) -> float:
        """How far a change of one sample moves another."""
        return float(np.abs(self.changes[n_in][0][n_out]).max(initial=0))

    @cached_property
    def leak(self) -> float:
        """How far samples move others at most."""
        return max(self.far(*pair) for pair in np.argwhere(self.meetings))

    def alike(self, one: Floats | None, other: Floats, scale: float) -> bool:
        """Whether two outputs are the same, beside a movement of some size."""
        if one is None or one.shape != other.shape:
            return False
        far = np.abs(rounding.difference(one, other)).max(initial=0)
        return bool(far <= ALIKE * scale)


def _is_rearranged(batch: Batch) -> bool:
    """Each number comes from one sample at most."""
    return bool((batch.seen.sum(-1) <= 1).all())


def _moves_rows(batch: Batch) -> bool:
    """Each output is that of one sample; which one, what they hold may decide, as in sorting."""
    return (_is_rearranged(batch) and bool((batch.rows.sum(1) <= 1).all())) or _is_sorted(batch)


def _is_sorted(batch: Batch) -> bool:
    """The outputs are what the samples give alone, but not all at their places."""
    alone = [batch.ask(batch.x[n : n + 1]) for n in range(batch.N)]
    same = np.array(
        [[batch.alike(one, row[None], batch.leak) for one in alone] for row in batch.output]
    )
    counts = same.sum(1)  # of samples that are alike; as many outputs have to be
    return bool(counts.all() and (same.sum(0)[same.argmax(1)] == counts).all()) and not (
        same.diagonal().all()
    )


def _is_statistic(batch: Batch) -> bool:
    """Samples in another order give the same outputs in that order, though they meet."""
    places = np.arange(batch.N)
    exchanged = np.concatenate([places[:2][::-1], places[2:]])
    orders = np.roll(places, 1), exchanged  # all others are made of these two
    return all(batch.alike(batch.ask(batch.x[o]), batch.output[o], batch.leak) for o in orders)


def _is_running_sum(batch: Batch) -> bool:
    """A sample adds the same to all behind it, or one takes away what another has added."""
    if not (np.tril(batch.rows) == batch.rows).all() or batch.N < 3:
        return False
    if not batch.meetings[np.tril_indices(batch.N, -1)].all():
        return False
    added = batch.changes[0][0]
    same = all(batch.alike(added[n], added[1], batch.far(1, 0)) for n in range(2, batch.N))
    return same or (batch.subject.takes_floats and _takes_back(batch))


def _takes_back(batch: Batch) -> bool:
    x = batch.x.copy()
    added = batch.other(x[0]) - x[0]
    x[0], x[1] = x[0] + added, x[1] - added
    answer = batch.ask(x)
    rest = None if answer is None else answer[2:]
    return batch.alike(rest, batch.output[2:], batch.far(2, 1))


def _sees_one(batch: Batch) -> bool:
    seen = batch.meetings.sum(0)
    return int((seen > 0).sum()) == 1 and int(seen.max()) == batch.N - 1


def _has_distance(batch: Batch) -> bool:
    """Whether a sample sees another depends on how far off that one is, and none fades."""
    if any(batch.far(*pair) < ALIKE * batch.leak for pair in np.argwhere(batch.meetings)):
        return False
    places = np.arange(batch.N)
    distance = places[:, None] - places
    for of_pair in distance, distance % batch.N:
        known = [np.unique(batch.rows[of_pair == d]) for d in np.unique(of_pair)]
        seen = sum(bool(one.all()) for one in known)
        if all(len(one) == 1 for one in known) and seen <= batch.N // 2:
            return True
    return False


def _has_groups(batch: Batch) -> bool:
    """Samples that meet, directly or by others, are fewer than all."""
    reach = batch.rows | batch.rows.T | np.eye(batch.N, dtype=bool)
    for _ in range(batch.N):
        reach = (reach.astype(int) @ reach.astype(int)) > 0
    return not reach.all()


def _is_view(batch: Batch) -> bool:
    """Numbers meet that a view puts into one sequence, or no number is where it was."""
    if _is_rearranged(batch):
        return True
    if batch.L in (1, batch.N):  # a view changes no order there
        return False
    flat = np.arange(batch.N * batch.L).reshape(batch.N, batch.L)
    turned = np.arange(batch.N * batch.L).reshape(batch.L, batch.N).T
    lanes = [flat % batch.N, turned // batch.L]
    return any(_fits(batch, lane) or _fits_rows(batch, lane) for lane in lanes)


def _fits(batch: Batch, lane: Any) -> bool:
    """Each position of the output sees one lane, and the lanes that are seen are all."""
    seen = batch.positions.reshape(-1, batch.N * batch.L)
    met = [np.unique(lane.ravel()[row]) for row in seen if row.any()]
    return all(len(one) == 1 for one in met) and _is_mixed(batch, lane)


def _is_mixed(batch: Batch, lane: Any) -> bool:
    """A lane is read as a whole somewhere: numbers that only lie there do not meet."""
    seen = batch.positions.reshape(-1, batch.N * batch.L)
    return max(int(row.sum()) for row in seen) > 1


def _fits_rows(batch: Batch, lane: Any) -> bool:
    """The steps of a sample see their lanes, up to their own place or whole, and mix these."""
    seen = batch.positions.any(1).reshape(batch.N, -1)
    flat = np.arange(lane.size).reshape(lane.shape)
    one_lane = lane.ravel()[:, None] == lane.ravel()
    patterns = one_lane, one_lane & (flat.ravel()[:, None] >= flat.ravel())
    mixed = [pattern.reshape(*lane.shape, -1).any(1) for pattern in patterns]
    return any((seen == pattern).all() for pattern in mixed)


def _passes_through_steps(batch: Batch) -> bool:
    """What a sample hands on is forgotten where the next one is long; a sum would not be."""
    short = _left(batch, STEPS)
    return any(_left(batch, L) < FORGOTTEN * short for L in LONG)


def _ways(batch: Batch) -> tuple[float, float]:
    """How far first and last step move the same step of the next sample, and the other one."""
    L = LONG[1]
    base, axes = _made(batch.subject, 3, L), (batch.axis, 1 - batch.axis)
    if not batch.has_time or batch.subject.tried(base[0]) is None:
        return np.nan, np.nan
    first, last = (
        change_at(batch.subject, base, (0, step), axes).distances[1] for step in (0, L - 1)
    )
    return max(first[0], last[-1]), max(first[-1], last[0])


def _left(batch: Batch, L: int) -> float:
    """What one more sample between them leaves of the influence of one on another."""
    base, axes = _made(batch.subject, 4, L), (batch.axis,)
    if batch.subject.tried(base[0]) is None:
        return np.nan
    near, far = (
        max(change_at(batch.subject, base, n, axes).distances[-1] for _ in range(TRIES))
        for n in (2, 1)
    )
    return float(far / near) if near else np.nan


def _carries_state(batch: Batch) -> bool:
    """One sample follows another, the first step of it the last one of that."""
    if not _is_ordered(batch) or _ignores_order(batch):
        return False
    straight, across = _ways(batch)
    return straight < ASIDE * across or _passes_through_steps(batch)


def _is_time_first(batch: Batch) -> bool:
    """One sample follows another, and no step another; or each follows within its own line."""
    if not _is_ordered(batch):
        return False
    if _ignores_order(batch):
        return not (batch.rows & batch.rows.T & batch.meetings).any() or _fades(batch)
    straight, across = _ways(batch)
    return across < ASIDE * straight and _fades(batch)


def _fades(batch: Batch) -> bool:
    """What a sample hands on is forgotten some samples later, or before."""
    base, axes = _made(batch.subject, MANY, batch.L), (batch.axis,)
    if batch.subject.tried(base[0]) is None:
        return False
    both = [change_at(batch.subject, base, n, axes).distances for n in (0, -1)]
    near, far = max(both[0][1], both[1][-2]), max(both[0][-1], both[1][0])
    return bool(far < FADED * near)


def _is_ordered(batch: Batch) -> bool:
    """Every sample sees the one before it, or the one behind it; those farther off may fade."""
    return bool(np.diagonal(batch.rows, -1).all() or np.diagonal(batch.rows, 1).all())


def _ignores_order(batch: Batch) -> bool:
    """Steps that are alike give outputs that are alike, however many: none follows another."""
    x = np.repeat(batch.x[:, :1], batch.L, axis=1)
    answer, shorter = batch.ask(x), batch.ask(x[:, :-1]) if batch.L > 1 else None
    if answer is None:
        return False
    if batch.has_time:
        return batch.alike(answer, np.repeat(answer[:, :1], answer.shape[1], 1), batch.leak)
    return batch.alike(shorter, answer, batch.leak)


EVIDENCE: Mapping[Cause, Callable[[Batch], bool]] = {
    "rows moved": _moves_rows,
    "batch statistics": _is_statistic,
    "running sum": _is_running_sum,
    "one sample": _sees_one,
    "view": _is_view,
    "fixed distance": _has_distance,
    "groups": _has_groups,
    "time first": _is_time_first,
    "state between samples": _carries_state,
}
"""What shows each cause; the first that does is named."""
