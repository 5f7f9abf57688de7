"""One direction of one layer, made ready to take many steps: the fast way through `cells`.

What does not need the state, x W_ih^T + b, is one matrix product for all steps of a block. What
does is one product and one update a step, in arrays that are used again at the next step. The
weights are cut by gate and transposed once, so that each gate is one piece of memory.

A block is (steps, rows, features), in the order in which its steps are taken. The loop over them
is `layers.scan`.
"""

from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnn_ref.cells import (
    ACTIVATIONS,
    GRU_GATES,
    LSTM_GATES,
    GRUGates,
    LSTMGates,
    by_gate,
    gru_update,
    lstm_update,
    rnn_update,
)

Array = NDArray[Any]
Weights: TypeAlias = Mapping[str, Array]
State: TypeAlias = tuple[Array, ...]
# for each step: what `step` is given before the state
Steps: TypeAlias = Iterator[tuple[Any, ...]]


class Recurrence(Protocol):
    """One direction of one layer.

    Attributes:
        weights: Under the formulas' names, in torch's layout.
    """

    weights: Weights

    def steps(self, x: Array, output: Array, keep: bool) -> tuple[Steps, State]:
        """Make a block ready.

        Args:
            x: (steps, rows, H_in).
            output: (steps, rows, H_out); `step` writes h there.
            keep: Whether each step has arrays of its own, for the gradients.

        Returns:
            For each step what `step` is given, and what the gradients need: the gates, cut and
            ordered by `cells.by_gate`, and the cell states or the like, (steps, ..., rows, H_cell).
        """

    def step(self, *given: Any) -> State:
        """Take one step.

        Args:
            given: What `steps` gives, then each part of the state, (rows, features).

        Returns:
            The next state.
        """


class RNNRecurrence:
    """`cells.rnn_cell`, for many steps."""

    def __init__(self, weights: Weights, nonlinearity: str) -> None:
        """Transpose the weights.

        Args:
            weights: W_ih (H_cell, H_in), W_hh (H_cell, H_cell) and, if there is a bias, b_ih and
                b_hh (H_cell,).
            nonlinearity: `"tanh"` or `"relu"`.
        """
        self.weights = weights
        self.nonlinearity = nonlinearity
        b_ih, b_hh = _biases(weights)
        self._W_ih = np.ascontiguousarray(weights["W_ih"].T)
        self._W_hh = np.ascontiguousarray(weights["W_hh"].T)
        self._b = b_ih + b_hh
        self._activation = ACTIVATIONS[nonlinearity]

    def steps(self, x: Array, output: Array, keep: bool) -> tuple[Steps, State]:
        """Make a block ready: see `Recurrence`. The output is all that the gradients need."""
        of_x = _products(x, self._W_ih, self._b)
        of_h = np.empty(of_x.shape[1:], x.dtype)
        return zip(of_x, repeat(of_h), output, strict=False), ()

    def step(self, of_x: Array, of_h: Array, h_next: Array, h: Array) -> State:
        """Take one step: see `Recurrence`."""
        np.dot(h, self._W_hh, out=of_h)
        rnn_update(of_x, of_h, h_next, self._activation)
        return (h_next,)


class LSTMRecurrence:
    """`cells.lstm_cell`, for many steps."""

    def __init__(self, weights: Weights) -> None:
        """Cut the weights by gate.

        Args:
            weights: W_ih (4*H_cell, H_in), W_hh (4*H_cell, H_out) and, where the network has them,
                b_ih and b_hh (4*H_cell,) and W_hr (H_out, H_cell).
        """
        self.weights = weights
        b_ih, b_hh = _biases(weights)
        self._W_ih = by_gate(weights["W_ih"].T, LSTM_GATES)
        self._W_hh = by_gate(weights["W_hh"].T, LSTM_GATES)
        self._b = by_gate(b_ih + b_hh, LSTM_GATES)[:, None]
        self._W_hr = weights["W_hr"].T if "W_hr" in weights else None

    def steps(self, x: Array, output: Array, keep: bool) -> tuple[Steps, State]:
        """Make a block ready: see `Recurrence`. Kept are the gates and c."""
        of_x = _products(x, self._W_ih, self._b).swapaxes(0, 1)
        L, _, N, H_cell = of_x.shape
        of_h = np.empty(of_x.shape[1:], x.dtype)
        hidden = output if self._W_hr is None else repeat(np.empty((N, H_cell), x.dtype))
        if keep:
            c = np.empty((L, N, H_cell), x.dtype)
            own = map(LSTMGates.of, of_x), c
            return zip(of_x, repeat(of_h), *own, hidden, output, strict=False), (of_x, c)
        again = repeat(of_h), repeat(LSTMGates.of(of_h)), repeat(np.empty((N, H_cell), x.dtype))
        return zip(of_x, *again, hidden, output, strict=False), ()

    def step(
        self,
        of_x: Array,
        of_h: Array,
        gates: LSTMGates,
        c_next: Array,
        hidden: Array,
        h_next: Array,
        h: Array,
        c: Array,
    ) -> State:
        """Take one step: see `Recurrence`."""
        np.matmul(h, self._W_hh, out=of_h)
        lstm_update(of_x, of_h, c, gates, c_next, hidden)
        if self._W_hr is not None:
            np.matmul(hidden, self._W_hr, out=h_next)
        return h_next, c_next


class GRURecurrence:
    """`cells.gru_cell`, for many steps."""

    def __init__(self, weights: Weights) -> None:
        """Cut the weights by gate.

        Args:
            weights: W_ih (3*H_cell, H_in), W_hh (3*H_cell, H_cell) and, if there is a bias, b_ih
                and b_hh (3*H_cell,).
        """
        self.weights = weights
        self._W_ih = by_gate(weights["W_ih"].T, GRU_GATES)
        self._W_hh = by_gate(weights["W_hh"].T, GRU_GATES)
        b_ih, b_hh = (by_gate(b, GRU_GATES)[:, None] for b in _biases(weights))
        b_ih[:2] += b_hh[:2]
        self._b, self._b_n = b_ih, b_hh[2]  # the candidate's is added before the reset

    def steps(self, x: Array, output: Array, keep: bool) -> tuple[Steps, State]:
        """Make a block ready: see `Recurrence`. Kept are the gates and W_hn h + b_hn."""
        of_x = _products(x, self._W_ih, self._b).swapaxes(0, 1)
        L, _, N, H_cell = of_x.shape
        of_h = np.empty(of_x.shape[1:], x.dtype)
        inputs = zip(of_x[:, :2], of_x[:, 2], strict=True)
        products = repeat((of_h, of_h[:2], of_h[2]))
        if keep:
            n_of_h = np.empty((L, N, H_cell), x.dtype)
            own = map(GRUGates.of, of_x), n_of_h
            return zip(inputs, products, *own, output, strict=False), (of_x, n_of_h)
        again = repeat(GRUGates.of(of_h)), repeat(of_h[2])
        return zip(inputs, products, *again, output, strict=False), ()

    def step(
        self,
        of_x: tuple[Array, Array],
        products: tuple[Array, Array, Array],
        gates: GRUGates,
        n_of_h: Array,
        h_next: Array,
        h: Array,
    ) -> State:
        """Take one step: see `Recurrence`."""
        of_h, sigmoids_of_h, raw_n_of_h = products
        np.matmul(h, self._W_hh, out=of_h)
        np.add(raw_n_of_h, self._b_n, out=n_of_h)
        gru_update(of_x, (sigmoids_of_h, n_of_h), h, gates, h_next)
        return (h_next,)


def _biases(weights: Weights) -> tuple[Array, Array]:
    """Give b_ih and b_hh, zeros if there are none."""
    if "b_ih" in weights:
        return weights["b_ih"], weights["b_hh"]
    zeros = np.zeros(len(weights["W_ih"]), weights["W_ih"].dtype)
    return zeros, zeros


def _products(x: Array, W: Array, b: Array) -> Array:
    """Compute x W + b for all steps: (L, N, H_cell), or by gate (G, L, N, H_cell)."""
    L, N, H_in = x.shape
    products: Array = np.matmul(x.reshape(L * N, H_in), W)
    products += b
    return products.reshape(*W.shape[:-2], L, N, W.shape[-1])
