"""One time step of a recurrent network: pure functions of a step's input, a state and weights."""

from collections.abc import Callable, Mapping, Sequence
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
        `max(x, 0)`, of the same shape and dtype.
    """
    return np.maximum(x, 0)


ACTIVATIONS: Mapping[str, Activation] = {"tanh": np.tanh, "relu": relu}
"""What `nonlinearity` may be, by its name in torch."""

LSTM_GATES = ("i", "f", "g", "o")
"""The order in which torch stacks the gates' rows in W_ih, W_hh, b_ih and b_hh: input, forget,
cell (the candidate), output."""

GRU_GATES = ("r", "z", "n")
"""The same for a GRU: reset, update, new."""


def sigmoid(x: Array) -> Array:
    """Squash to between 0 and 1.

    Args:
        x: Any shape.

    Returns:
        `1 / (1 + exp(-x))`, of the same shape and dtype. Far below zero `exp(-x)` is infinite and
        the result 0, without a warning.
    """
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


def linear(x: Array, W: Array, b: Array | None) -> Array:
    """Compute `x W^T + b`, as `torch.nn.functional.linear` does.

    Args:
        x: (N, H_in) or (H_in,).
        W: (H_out, H_in).
        b: (H_out,), or None for no bias.

    Returns:
        (N, H_out) or (H_out,).

    Examples:
        ```python
        import numpy as np

        from rnn_ref.cells import linear

        x, W, b = np.ones((3, 7)), np.ones((13, 7)), np.zeros(13)
        print(linear(x, W, b).shape)
        #> (3, 13)
        ```
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
    """Take one step of an Elman network: `h' = activation(x W_ih^T + b_ih + h W_hh^T + b_hh)`.

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

    Examples:
        ```python
        import numpy as np

        from rnn_ref.cells import rnn_cell

        x, h = np.ones((3, 7)), np.ones((3, 13))
        W_ih, W_hh = np.ones((13, 7)), np.ones((13, 13))
        print(rnn_cell(x, h, W_ih, W_hh).shape)
        #> (3, 13)
        ```
    """
    return activation(linear(x, W_ih, b_ih) + linear(h, W_hh, b_hh))


def by_gate(x: Array, gates: Sequence[str]) -> dict[str, Array]:
    """Cut what W_ih or W_hh gives into the gates' blocks.

    Args:
        x: (N, G*H_cell) or (G*H_cell,).
        gates: The names of the G blocks, in order: `LSTM_GATES` or `GRU_GATES`.

    Returns:
        By name, G views of (N, H_cell) or (H_cell,).

    Examples:
        ```python
        import numpy as np

        from rnn_ref.cells import LSTM_GATES, by_gate

        blocks = by_gate(np.ones((3, 4 * 13)), LSTM_GATES)
        print({name: block.shape for name, block in blocks.items()})
        #> {'i': (3, 13), 'f': (3, 13), 'g': (3, 13), 'o': (3, 13)}
        ```
    """
    return dict(zip(gates, np.split(x, len(gates), axis=-1), strict=True))


def lstm_cell(
    x: Array,
    h: Array,
    c: Array,
    W_ih: Array,
    W_hh: Array,
    b_ih: Array | None = None,
    b_hh: Array | None = None,
    W_hr: Array | None = None,
) -> tuple[Array, Array]:
    """Take one step of a long short-term memory: `c' = f c + i g`, `h' = o tanh(c')`.

    `i, f, o = sigmoid(x W_ih^T + b_ih + h W_hh^T + b_hh)`, `g` = tanh of the same, each with its
    own block of rows; with a projection `h' = (o tanh(c')) W_hr^T`. The formula is that of the
    `torch.nn.LSTM` documentation, after Hochreiter and Schmidhuber, "Long short-term memory", 1997,
    with the forget gate of Gers, Schmidhuber and Cummins, "Learning to forget", 2000, and the
    projection of Sak, Senior and Beaufays, "Long short-term memory based recurrent neural network
    architectures", 2014. All arguments are of one dtype, float32 or float64, and so are the
    results.

    Args:
        x: The input of this step, (N, H_in), or (H_in,) for a single row.
        h: The hidden state before this step, (N, H_out) or (H_out,).
        c: The cell state before this step, (N, H_cell) or (H_cell,).
        W_ih: Input to gates, (4*H_cell, H_in), in the order of `LSTM_GATES`.
        W_hh: Hidden to gates, (4*H_cell, H_out), in the same order.
        b_ih: (4*H_cell,), or None for no bias.
        b_hh: (4*H_cell,), or None for no bias.
        W_hr: The projection, (H_out, H_cell), or None for none; H_out is then H_cell.

    Returns:
        The hidden state and the cell state after this step, of the shapes of h and c.

    Examples:
        ```python
        import numpy as np

        from rnn_ref.cells import lstm_cell

        x, h, c = np.ones((3, 7)), np.ones((3, 13)), np.ones((3, 13))
        W_ih, W_hh = np.ones((4 * 13, 7)), np.ones((4 * 13, 13))
        h, c = lstm_cell(x, h, c, W_ih, W_hh)
        print(h.shape, c.shape)
        #> (3, 13) (3, 13)
        ```
    """
    gates = by_gate(linear(x, W_ih, b_ih) + linear(h, W_hh, b_hh), LSTM_GATES)
    i, f, o = (sigmoid(gates[name]) for name in ("i", "f", "o"))
    g = np.tanh(gates["g"])
    c = f * c + i * g
    h = o * np.tanh(c)
    return (h if W_hr is None else linear(h, W_hr, None)), c


def gru_cell(
    x: Array,
    h: Array,
    W_ih: Array,
    W_hh: Array,
    b_ih: Array | None = None,
    b_hh: Array | None = None,
) -> Array:
    """Take one step of a gated recurrent unit: `h' = (1 - z) n + z h`.

    `r, z = sigmoid(x W_ih^T + b_ih + h W_hh^T + b_hh)`,
    `n = tanh(x W_ih^T + b_ih + r (h W_hh^T + b_hh))`, each with its own block of rows.
    The formula is that of the `torch.nn.GRU` documentation, after Cho et al., "Learning phrase
    representations using RNN encoder-decoder for statistical machine translation", 2014.
    There r is multiplied with h, before the matrix product;
    here, as in torch, with what comes out of it, bias included. All arguments are of one dtype,
    float32 or float64, and so is the result.

    Args:
        x: The input of this step, (N, H_in), or (H_in,) for a single row.
        h: The hidden state before this step, (N, H_cell) or (H_cell,).
        W_ih: Input to gates, (3*H_cell, H_in), in the order of `GRU_GATES`.
        W_hh: Hidden to gates, (3*H_cell, H_cell), in the same order.
        b_ih: (3*H_cell,), or None for no bias.
        b_hh: (3*H_cell,), or None for no bias.

    Returns:
        The hidden state after this step, of the shape of h.

    Examples:
        ```python
        import numpy as np

        from rnn_ref.cells import gru_cell

        x, h = np.ones((3, 7)), np.ones((3, 13))
        W_ih, W_hh = np.ones((3 * 13, 7)), np.ones((3 * 13, 13))
        print(gru_cell(x, h, W_ih, W_hh).shape)
        #> (3, 13)
        ```
    """
    of_x = by_gate(linear(x, W_ih, b_ih), GRU_GATES)
    of_h = by_gate(linear(h, W_hh, b_hh), GRU_GATES)
    r, z = (sigmoid(of_x[name] + of_h[name]) for name in ("r", "z"))
    n = np.tanh(of_x["n"] + r * of_h["n"])
    after: Array = (1 - z) * n + z * h
    return after
