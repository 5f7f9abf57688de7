"""From one step to a network: the loop over time, the directions, the stack, dropout.

A sequence is one array, and a cut of it into blocks, (steps, rows, features): in a block, every
step has the same rows. A batch without padding has N rows in every block; a packed one has fewer
and fewer. A reversed sequence is the reversed list of reversed blocks. So one loop, `scan`, serves
dense, packed and reversed sequences, and what a state is, only the recurrence knows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnn_ref.recurrences import Recurrence, State

Array = NDArray[Any]
# sequence -> its blocks, which are views of it
Cut: TypeAlias = Callable[[Array], list[Array]]

# At most so many rows in a block: enough for a fast matrix product, few enough for the cache, and
# for the block's gates to be small beside the sequence
BLOCK_ROWS = 400


@dataclass(frozen=True)
class BlockTrace:
    """What is kept of a block for the gradients; the steps are in the order they were taken in.

    Attributes:
        x: What was read, (steps, rows, H_in).
        start: The state before the first step: (rows, H_out) and, in an LSTM, (rows, H_cell).
        output: h after each step, (steps, rows, H_out).
        kept: See the `steps` of the recurrence.
    """

    x: Array
    start: State
    output: Array
    kept: State


@dataclass(frozen=True)
class LayerTrace:
    """What is kept of a layer for the gradients.

    Attributes:
        mask: What the input was multiplied with, of its shape; None without dropout.
        directions: D recurrences: forward, reverse.
        blocks: For each direction, its blocks in the order they were read in.
    """

    mask: Array | None
    directions: Sequence[Recurrence]
    blocks: list[list[BlockTrace]] = field(default_factory=list)


def cut_dense(L: int, N: int) -> Cut:
    """Cut sequences of one length.

    Args:
        L: Sequence length.
        N: Batch size.

    Returns:
        A function from (L, N, features) to blocks of at most `BLOCK_ROWS` rows, or of one step.
    """
    size = _steps_of_a_block(N)
    return lambda x: [x[start : start + size] for start in range(0, L, size)]


def cut_packed(batch_sizes: Sequence[int]) -> Cut:
    """Cut packed sequences, longest first.

    Args:
        batch_sizes: For each time step, the sequences that reach it.

    Returns:
        A function from (sum(batch_sizes), features) to blocks of at most `BLOCK_ROWS` rows, or of
        one step.
    """
    spans: list[tuple[int, int, int]] = []  # first row, steps, rows
    row = 0
    for N in batch_sizes:
        first, steps, rows = spans[-1] if spans else (0, 0, 0)
        if rows == N and steps < _steps_of_a_block(N):
            spans[-1] = (first, steps + 1, rows)
        else:
            spans.append((row, 1, N))
        row += N
    return lambda data: [
        data[first : first + steps * rows].reshape(steps, rows, -1) for first, steps, rows in spans
    ]


def _steps_of_a_block(N: int) -> int:
    return max(1, BLOCK_ROWS // max(1, N))


def in_order(blocks: list[Array], direction: int) -> list[Array]:
    """Bring blocks into the order in which a direction takes them, or back.

    Args:
        blocks: (steps, rows, features) each.
        direction: 0 is forward, 1 is reverse.

    Returns:
        The blocks, or the reversed list of views whose steps are reversed.
    """
    return [block[::-1] for block in blocks[::-1]] if direction else blocks


def scan(
    recurrence: Recurrence,
    blocks: Sequence[Array],
    outputs: Sequence[Array],
    start: State,
    trace: list[BlockTrace] | None,
) -> State:
    """Take one step after the other: the only loop over time.

    The first rows of the state are those of the block. What has ended, and what begins only later
    (in the reverse direction), is below them and stays as it is.

    Args:
        recurrence: What happens in a step.
        blocks: The inputs, (steps, rows, H_in) each, in the order in which they are taken.
        outputs: As blocks, (steps, rows, H_out); h is written there.
        start: The state before the first step: (N, H_out) and, in an LSTM, (N, H_cell).
        trace: Where what the gradients need is appended; None to keep nothing.

    Returns:
        The state after the last step of each row, in arrays of its own.
    """
    whole = tuple(part.copy() for part in start)
    for x, output in zip(blocks, outputs, strict=True):
        N = x.shape[1]
        before = tuple(part[:N] for part in whole)
        if trace is not None:
            before = tuple(part.copy() for part in before)
        state, kept = _scan_block(recurrence, x, output, before, trace is not None)
        for part, last in zip(whole, state, strict=True):
            part[:N] = last
        if trace is not None:
            trace.append(BlockTrace(x, before, output, kept))
    return whole


def _scan_block(
    recurrence: Recurrence, x: Array, output: Array, state: State, keep: bool
) -> tuple[State, State]:
    """Take the steps of a block; apart from `scan`, so that its arrays end with it."""
    steps, kept = recurrence.steps(x, output, keep)
    for given in steps:
        state = recurrence.step(*given, *state)
    return state, kept


def layer(
    directions: Sequence[Recurrence],
    x: Array,
    cut: Cut,
    starts: Sequence[State],
    trace: LayerTrace | None = None,
) -> tuple[Array, list[State]]:
    """Run one layer: forward and, if there is a second direction, from the last step to the first.

    Args:
        directions: D recurrences: forward, reverse.
        x: The sequence, (..., H_in).
        cut: Into its blocks.
        starts: D states: before a sequence's first step, and for the reverse one before its last.
        trace: Where what the gradients need is kept; None to keep nothing.

    Returns:
        The output, (..., D*H_out), forward features before reverse ones; and D final states, the
        reverse one's after the first step.
    """
    H_out = starts[0][0].shape[-1]
    output = np.empty((*x.shape[:-1], len(directions) * H_out), x.dtype)
    finals = []
    for d, (recurrence, start) in enumerate(zip(directions, starts, strict=True)):
        own = output[..., d * H_out : (d + 1) * H_out]
        blocks, outputs = in_order(cut(x), d), in_order(cut(own), d)
        kept: list[BlockTrace] | None = None
        if trace is not None:
            trace.blocks.append(kept := [])
        finals.append(scan(recurrence, blocks, outputs, start, kept))
    return output, finals


def stack(
    layers: Sequence[Sequence[Recurrence]],
    x: Array,
    cut: Cut,
    starts: Sequence[State],
    dropout_p: float,
    rng: np.random.Generator,
    trace: list[LayerTrace] | None = None,
) -> tuple[Array, list[State]]:
    """Run the layers one above the other, with dropout on what each hands to the next.

    Args:
        layers: num_layers layers of D recurrences.
        x: The sequence, (..., H_in).
        cut: Into its blocks.
        starts: D*num_layers states: layer 0 forward, layer 0 reverse, layer 1 forward, ...
        dropout_p: Probability in [0, 1] that an element between two layers becomes zero; the
            output of the last layer is left alone.
        rng: Where dropout's draws come from.
        trace: Where what the gradients need is appended, a layer each; None to keep nothing.

    Returns:
        The output of the last layer, (..., D*H_out), and D*num_layers final states in the order of
        `starts`.
    """
    finals: list[State] = []
    for k, directions in enumerate(layers):
        mask = None
        if k > 0 and dropout_p > 0:
            mask = dropout_mask(x.shape, x.dtype, dropout_p, rng)
            x = x * mask
        kept = None
        if trace is not None:
            trace.append(kept := LayerTrace(mask, directions))
        D = len(directions)
        x, last = layer(directions, x, cut, starts[k * D : (k + 1) * D], kept)
        finals += last
    return x, finals


def dropout_mask(
    shape: tuple[int, ...], dtype: np.dtype[Any], p: float, rng: np.random.Generator
) -> Array:
    """Draw what dropout multiplies with: 0 with probability p, and 1 / (1 - p) otherwise.

    The division ("inverted dropout", as in `torch.nn.Dropout`) keeps the expectation, so that
    nothing has to be rescaled when dropout is off.

    Args:
        shape: Any.
        dtype: float32 or float64.
        p: In [0, 1]; 1 leaves nothing.
        rng: Where the draws come from.

    Returns:
        An array of that shape and dtype.
    """
    scale = 1 / (1 - p) if p < 1 else 0.0
    mask: Array = (rng.random(shape) >= p) * dtype.type(scale)
    return mask
