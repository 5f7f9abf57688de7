"""From the caller's layout into that of the loop over time, and back.

The loop reads time steps first, (L, N, features), or the rows of packed sequences; its states are
(D*num_layers, N, features), in the order of these rows. Results and gradients take the same way:
an output leaves as the gradient of an input does, and a final state as that of an initial one.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_ref.layers import Cut, cut_dense, cut_packed
from rnn_ref.packed import PackedSequence
from rnn_ref.recurrences import State

Array = NDArray[Any]


class Layout:
    """A batch, time first: the layout of the loop itself.

    Attributes:
        N: Batch size.
        cut: What `layers.stack` takes.
        ndim: Axes of the sequence in the loop.
    """

    ndim = 3

    def __init__(self, N: int, cut: Cut) -> None:
        """Keep what the loop needs to know."""
        self.N = N
        self.cut = cut

    def read(self, sequence: Any) -> Array:
        """Bring an input in: (L, N, features)."""
        array: Array = sequence
        return array

    def write(self, x: Array) -> Any:
        """Bring an output out: (L, N, features)."""
        return x

    def with_batch(self, state: Array) -> Array:
        """Give a state its batch axis: (D*num_layers, N, features)."""
        return state

    def without_batch(self, state: Array) -> Array:
        """Take from a state the batch axis that it was given."""
        return state

    def sort(self, state: Array) -> Array:
        """Bring the rows of a state into the order of the loop."""
        return state

    def unsort(self, state: Array) -> Array:
        """Bring the rows of a state into the caller's order."""
        return state

    def write_states(self, states: Sequence[State]) -> list[Array]:
        """Bring the states of all layers and directions out.

        Args:
            states: D*num_layers of them, each part (N, features).

        Returns:
            h and, of an LSTM, c: (D*num_layers, N, features), or without N where there is none.
        """
        parts = (np.array(part) for part in zip(*states, strict=True))
        return [self.without_batch(self.unsort(part)) for part in parts]


class BatchFirst(Layout):
    """A batch, (N, L, features)."""

    def read(self, sequence: Any) -> Array:
        """Bring an input in: (N, L, features) to (L, N, features)."""
        array: Array = sequence.swapaxes(0, 1)
        return array

    def write(self, x: Array) -> Array:
        """Bring an output out: (L, N, features) to (N, L, features)."""
        return x.swapaxes(0, 1)


class Unbatched(Layout):
    """One sequence, (L, features)."""

    def read(self, sequence: Any) -> Array:
        """Bring an input in: (L, features) to (L, 1, features)."""
        array: Array = sequence[:, None]
        return array

    def write(self, x: Array) -> Array:
        """Bring an output out: (L, 1, features) to (L, features)."""
        return x[:, 0]

    def with_batch(self, state: Array) -> Array:
        """(D*num_layers, features) to (D*num_layers, 1, features)."""
        return state[:, None]

    def without_batch(self, state: Array) -> Array:
        """(D*num_layers, 1, features) to (D*num_layers, features)."""
        return state[:, 0]


class Packed(Layout):
    """Packed sequences: their rows, (sum of lengths, features), the longest sequence first."""

    ndim = 2

    def __init__(self, packed: PackedSequence) -> None:
        """Keep everything but the data."""
        super().__init__(int(packed.batch_sizes[0]), cut_packed(packed.batch_sizes.tolist()))
        self._packed = packed

    def read(self, sequence: PackedSequence) -> Array:
        """Bring an input in: its data."""
        return sequence.data

    def write(self, x: Array) -> PackedSequence:
        """Bring an output out: packed as the input was."""
        return self._packed._replace(data=x)

    def sort(self, state: Array) -> Array:
        """Bring the rows of a state into the order of the data."""
        order = self._packed.sorted_indices
        return state if order is None else state[:, order]

    def unsort(self, state: Array) -> Array:
        """Bring the rows of a state into the caller's order."""
        order = self._packed.unsorted_indices
        return state if order is None else state[:, order]


def of(sequence: Array | PackedSequence, batch_first: bool) -> Layout:
    """Tell the layout of an input.

    Args:
        sequence: (L, N, H_in), (N, L, H_in) if batch_first, (L, H_in), or packed.
        batch_first: Whether the batch is the first axis; without a batch, and packed, it says
            nothing.

    Returns:
        The layout.
    """
    if isinstance(sequence, PackedSequence):
        return Packed(sequence)
    if sequence.ndim == 2:
        return Unbatched(1, cut_dense(len(sequence), 1))
    if batch_first:
        N, L, _ = sequence.shape
        return BatchFirst(N, cut_dense(L, N))
    L, N, _ = sequence.shape
    return Layout(N, cut_dense(L, N))
