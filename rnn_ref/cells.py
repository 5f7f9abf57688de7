"""One time step of a recurrent network: pure functions of a step's input, a state and weights."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Activation = Callable[[Array], Array]


def relu(x: Array) -> Array:
    """Replace what is negative by zero.

    Args:
        x: Any shape.

    Returns:
        max(x, 0), of the same shape and dtype.
    """
    return np.maximum(x, 0)


ACTIVATIONS: Mapping[str, Activation] = {"tanh": np.tanh, "relu": relu}


def linear(x: Array, W: Array, b: Array | None) -> Array:
    """Compute x W^T + b, as `torch.nn.functional.linear` does.

    Args:
        x: (N, H_in) or (H_in,).
        W: (H_out, H_in).
        b: (H_out,), or None for no bias.

    Returns:
        (N, H_out) or (H_out,).
    """
    return x @ W.T if b is None else x @ W.T + b


def rnn_cell(
    x: Array,
    h: Array,
    W_ih: Array,
    W_hh: Array,
    b_ih: Array | None = None,
    b_hh: Array | None = None,
    *,
    activation: Activation = np.tanh,
) -> Array:
    """Take one step of an Elman network: h' = activation(x W_ih^T + b_ih + h W_hh^T + b_hh).

    The formula is that of the `torch.nn.RNN` documentation, after Elman, "Finding structure in
    time", 1990. All arguments are of one dtype, float32 or float64, and so is the result.

    Args:
        x: The input of this step, (N, H_in), or (H_in,) for a single row.
        h: The hidden state before this step, (N, H_cell) or (H_cell,).
        W_ih: Input to hidden, (H_cell, H_in).
        W_hh: Hidden to hidden, (H_cell, H_cell).
        b_ih: (H_cell,), or None for no bias.
        b_hh: (H_cell,), or None for no bias.
        activation: A function that works element by element: a value of `ACTIVATIONS`.

    Returns:
        The hidden state after this step, of the shape of h.
    """
    return activation(linear(x, W_ih, b_ih) + linear(h, W_hh, b_hh))
