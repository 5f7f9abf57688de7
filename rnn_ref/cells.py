"""One time step of a recurrent network: the formulas, each written once.

What happens element by element is in `rnn_update`, `lstm_update` and `gru_update`, which write into
arrays that they are given. `rnn_cell`, `lstm_cell` and `gru_cell` are these, with the two matrix
products before them. `recurrences` calls the same updates on arrays that it keeps.

The cells, `linear` and `by_gate` check what they are given. The updates, `relu`, `finish_sigmoid`
and the names of gates do not: a loop calls them at every step, on arrays of its own.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from rnn_ref import cell_doors, given

Array = NDArray[Any]
# (x, out) -> out, activated element by element
Activation = Callable[..., Array]


def relu(x: Array, out: Array | None = None) -> Array:
    """Replace what is negative by zero.

    Args:
        x: Any shape.
        out: Where the result goes, of the shape of x; a new array if None.

    Returns:
        `max(x, 0)`, of the same shape and dtype.
    """
    return np.maximum(x, 0, out=out)


ACTIVATIONS: Mapping[str, Activation] = {"tanh": np.tanh, "relu": relu}
"""What `nonlinearity` may be, by its name in torch."""

LSTM_GATES = ("i", "f", "g", "o")
"""The order in which torch stacks the gates' rows in W_ih, W_hh, b_ih and b_hh: input, forget,
cell, output; the cell's is also called the candidate."""

GRU_GATES = ("r", "z", "n")
"""The same for a GRU: reset, update, new."""

# Each has one gate with a tanh; the others are sigmoids, and come first once they are cut apart.
_SIGMOIDS_FIRST = {
    LSTM_GATES: [0, 1, 3, 2],
    GRU_GATES: [0, 1, 2],
}


def linear(x: Array, W: Array, b: Array | None) -> Array:
    """Compute `x W^T + b`, as `torch.nn.functional.linear` does.

    Args:
        x: (N, H_in) or (H_in,).
        W: (H_out, H_in).
        b: (H_out,), or None for no bias.

    Returns:
        (N, H_out) or (H_out,).

    Raises:
        TypeError: An argument is no array, or of another dtype than W, float32 or float64.
        ValueError: A shape does not fit that of W; here nothing is broadcast.

    Examples:
        ```python
        import numpy as np

        from rnn_ref.cells import linear

        x, W, b = np.ones((3, 7)), np.ones((13, 7)), np.zeros(13)
        print(linear(x, W, b).shape, linear(x[0], W, b).shape)
        #> (3, 13) (13,)
        ```
    """
    cell_doors.check_linear({"x": x, "W": W, "b": b})
    return _linear(x, W, b)


def _linear(x: Array, W: Array, b: Array | None) -> Array:
    return x @ W.T if b is None else x @ W.T + b


def by_gate(x: Array, gates: tuple[str, ...]) -> Array:
    """Cut the last axis into the gates' blocks, those with a sigmoid first, and these halved.

    `sigmoid(x)` is `(1 + tanh(x / 2)) / 2`: with the halves taken here, one tanh serves all gates.
    Cutting and halving the weights is the same as cutting and halving what they give:
    `by_gate(x @ W.T, gates)` is `x @ by_gate(W.T, gates)`.

    Args:
        x: (G*H_cell,) or (rows, G*H_cell): a bias, a transposed weight, or what comes of them.
        gates: The names of the G blocks, in order: `LSTM_GATES` or `GRU_GATES`.

    Returns:
        A new, contiguous array, (G, H_cell) or (G, rows, H_cell).

    Raises:
        TypeError: x is no array of floats.
        ValueError: The gates are others, or x cannot be cut into as many blocks.

    Examples:
        ```python
        import numpy as np

        from rnn_ref.cells import LSTM_GATES, by_gate

        print(by_gate(np.ones((3, 4 * 13)), LSTM_GATES).shape)
        #> (4, 3, 13)
        print(by_gate(np.ones(4 * 13), LSTM_GATES).shape)
        #> (4, 13)
        ```
    """
    cell_doors.check_gates(x, gates, _SIGMOIDS_FIRST)
    blocks = x.reshape(*x.shape[:-1], len(gates), x.shape[-1] // len(gates))
    cut = blocks.swapaxes(0, -2).take(_SIGMOIDS_FIRST[gates], axis=0)
    cut[:-1] *= 0.5
    return cut


def finish_sigmoid(x: Array) -> None:
    """Turn `tanh(x / 2)` into `sigmoid(x)`, in place.

    Args:
        x: Any shape.
    """
    half = x.dtype.type(0.5)
    x *= half
    x += half


class LSTMGates(NamedTuple):
    """The gates of a step of an LSTM, or of several, all and by name: views of one array.

    Attributes:
        all: (4, N, H_cell) or (4, steps, N, H_cell), in the order of `by_gate`.
        sigmoids: The first three of them, (3, N, H_cell) or (3, steps, N, H_cell).
        i: The input gate, (N, H_cell) or (steps, N, H_cell).
        f: The forget gate, (N, H_cell) or (steps, N, H_cell).
        o: The output gate, (N, H_cell) or (steps, N, H_cell).
        g: The candidate, (N, H_cell) or (steps, N, H_cell).
    """

    all: Array
    sigmoids: Array
    i: Array
    f: Array
    o: Array
    g: Array

    @classmethod
    def of(cls, array: Array) -> Self:
        """Name the parts.

        Args:
            array: (4, N, H_cell) or (4, steps, N, H_cell), in the order of `by_gate`.

        Returns:
            Views of it.
        """
        return cls(array, array[:3], *array)


class GRUGates(NamedTuple):
    """The gates of a step of a GRU, or of several, by name: views of one array.

    Attributes:
        sigmoids: r and z, (2, N, H_cell) or (2, steps, N, H_cell).
        r: The reset gate, (N, H_cell) or (steps, N, H_cell).
        z: The update gate, (N, H_cell) or (steps, N, H_cell).
        n: The candidate, (N, H_cell) or (steps, N, H_cell).
    """

    sigmoids: Array
    r: Array
    z: Array
    n: Array

    @classmethod
    def of(cls, array: Array) -> Self:
        """Name the parts.

        Args:
            array: (3, N, H_cell) or (3, steps, N, H_cell), in the order of `by_gate`.

        Returns:
            Views of it.
        """
        return cls(array[:2], *array)


def rnn_update(of_x: Array, of_h: Array, h_next: Array, activation: Activation) -> None:
    """Compute `h' = activation(of_x + of_h)`, element by element.

    Args:
        of_x: `x W_ih^T` and the biases, (N, H_cell).
        of_h: `h W_hh^T`, (N, H_cell).
        h_next: h', (N, H_cell), written.
        activation: A value of `ACTIVATIONS`.
    """
    np.add(of_x, of_h, out=h_next)
    activation(h_next, out=h_next)


def lstm_update(
    of_x: Array, of_h: Array, c: Array, gates: LSTMGates, c_next: Array, h_next: Array
) -> None:
    """Compute the gates, `c' = f c + i g` and `h' = o tanh(c')`, element by element.

    Args:
        of_x: `x W_ih^T` and the biases, by gate, (4, N, H_cell).
        of_h: `h W_hh^T`, by gate, (4, N, H_cell).
        c: (N, H_cell).
        gates: Written; their array may be of_x or of_h.
        c_next: c', (N, H_cell), written; it may be c.
        h_next: h', before any projection, (N, H_cell), written.
    """
    every, sigmoids, i, f, o, g = gates
    np.add(of_x, of_h, out=every)
    np.tanh(every, out=every)
    finish_sigmoid(sigmoids)
    np.multiply(f, c, out=c_next)
    c_next += np.multiply(i, g, out=h_next)
    np.tanh(c_next, out=h_next)
    h_next *= o


def gru_update(
    of_x: tuple[Array, Array],
    of_h: tuple[Array, Array],
    h: Array,
    gates: GRUGates,
    h_next: Array,
) -> None:
    """Compute the gates and `h' = (1 - z) n + z h`, element by element.

    Args:
        of_x: `x W_ih^T` and the biases: of r and z, (2, N, H_cell), and of n, (N, H_cell).
        of_h: `h W_hh^T`: of r and z, (2, N, H_cell), and of n, with its bias, (N, H_cell).
        h: (N, H_cell).
        gates: Written; their arrays may be those of of_x or of_h.
        h_next: h', (N, H_cell), written.
    """
    sigmoids, r, z, n = gates
    np.add(of_x[0], of_h[0], out=sigmoids)
    np.tanh(sigmoids, out=sigmoids)
    finish_sigmoid(sigmoids)
    np.multiply(r, of_h[1], out=h_next)
    np.add(of_x[1], h_next, out=n)
    np.tanh(n, out=n)
    np.subtract(h, n, out=h_next)
    h_next *= z
    h_next += n


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
        activation: A function that works element by element and takes `out`: a value of
            `ACTIVATIONS`.

    Returns:
        The hidden state after this step, of the shape of h.

    Raises:
        TypeError: An argument is no array, or of another dtype than W_ih, float32 or float64; or
            activation is no function.
        ValueError: A shape does not fit W_ih, or the batch of x; nothing is broadcast.

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
    arrays = {"x": x, "h": h, "W_ih": W_ih, "W_hh": W_hh, "b_ih": b_ih, "b_hh": b_hh}
    cell_doors.check_step("RNN", arrays)
    h_next = np.empty_like(h)
    try:
        rnn_update(_linear(x, W_ih, b_ih), _linear(h, W_hh, b_hh), h_next, activation)
    except TypeError:  # the arrays are what they have to be
        raise TypeError(
            "activation should be a function that takes out, such as ACTIVATIONS['tanh'], got: "
            f"{given.shown(activation)}"
        ) from None
    return h_next


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

    Raises:
        TypeError: An argument is no array, or of another dtype than W_ih, float32 or float64.
        ValueError: A shape does not fit W_ih, or the batch of x; nothing is broadcast.

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

        With a projection, h is narrower than c:

        ```python
        import numpy as np

        from rnn_ref.cells import lstm_cell

        x, h, c = np.ones((5, 7)), np.ones((5, 11)), np.ones((5, 13))
        W_ih, W_hh, W_hr = np.ones((4 * 13, 7)), np.ones((4 * 13, 11)), np.ones((11, 13))
        b_ih, b_hh = np.ones(4 * 13), np.ones(4 * 13)
        h, c = lstm_cell(x, h, c, W_ih, W_hh, b_ih, b_hh, W_hr)
        print(h.shape, c.shape)
        #> (5, 11) (5, 13)
        ```
    """
    arrays = {"x": x, "h": h, "c": c, "W_ih": W_ih, "W_hh": W_hh, "b_ih": b_ih, "b_hh": b_hh}
    cell_doors.check_step("LSTM", {**arrays, "W_hr": W_hr})
    of_x = by_gate(_linear(x, W_ih, b_ih), LSTM_GATES)
    of_h = by_gate(_linear(h, W_hh, b_hh), LSTM_GATES)
    c_next, h_next = np.empty_like(c), np.empty_like(c)
    lstm_update(of_x, of_h, c, LSTMGates.of(of_h), c_next, h_next)
    return (h_next if W_hr is None else _linear(h_next, W_hr, None)), c_next


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
    There r is multiplied with h, before the matrix product; here, as in torch, with what comes out
    of it, bias included. All arguments are of one dtype, float32 or float64, and so is the result.

    Args:
        x: The input of this step, (N, H_in), or (H_in,) for a single row.
        h: The hidden state before this step, (N, H_cell) or (H_cell,).
        W_ih: Input to gates, (3*H_cell, H_in), in the order of `GRU_GATES`.
        W_hh: Hidden to gates, (3*H_cell, H_cell), in the same order.
        b_ih: (3*H_cell,), or None for no bias.
        b_hh: (3*H_cell,), or None for no bias.

    Returns:
        The hidden state after this step, of the shape of h.

    Raises:
        TypeError: An argument is no array, or of another dtype than W_ih, float32 or float64.
        ValueError: A shape does not fit W_ih, or the batch of x; nothing is broadcast.

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
    arrays = {"x": x, "h": h, "W_ih": W_ih, "W_hh": W_hh, "b_ih": b_ih, "b_hh": b_hh}
    cell_doors.check_step("GRU", arrays)
    of_x = by_gate(_linear(x, W_ih, b_ih), GRU_GATES)
    of_h = by_gate(_linear(h, W_hh, b_hh), GRU_GATES)
    h_next = np.empty_like(h)
    gru_update((of_x[:2], of_x[2]), (of_h[:2], of_h[2]), h, GRUGates.of(of_h), h_next)
    return h_next
