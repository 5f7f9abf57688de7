"""Single steps of recurrent networks with torch's constructor and torch's call."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rnn_ref import errors, params, shapes
from rnn_ref.base import Module, silent
from rnn_ref.cells import ACTIVATIONS, gru_cell, lstm_cell, rnn_cell
from rnn_ref.layers import LayerTrace, cut_dense, layer
from rnn_ref.recurrences import GRURecurrence, LSTMRecurrence, Recurrence, RNNRecurrence
from rnn_ref.vjp import CellBackward

Array = NDArray[Any]
# (input, then each state) -> each next state
Cell = Callable[..., tuple[Array, ...]]


class RNNCellBase(Module):
    """Holds what every cell has: sizes, weights, and the way through its checks.

    torch does not check what a cell's constructor is given, and a missing bias is None.
    """

    _mode: shapes.Mode

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        *,
        dtype: DTypeLike = np.float32,
        seed: int | np.random.Generator | None = None,
    ) -> None:
        """Draw the weights of a cell.

        Args:
            input_size: H_in, the features of the input.
            hidden_size: H_cell, the features of the state; H_out is the same in a cell.
            bias: Whether there are b_ih and b_hh: any value, as in torch, which asks if it is true.
            dtype: Of the weights, and of all that goes in and comes out: float32 or float64.
            seed: For the weights: the same seed gives the same cell. A `numpy.random.Generator` is
                used as it is.

        Raises:
            TypeError: A size is no integer, or another argument of another type.
            ValueError: dtype is neither float32 nor float64, or seed is negative.
            RuntimeError: A size is negative, or dtype is no floating point type.
        """
        config = shapes.CellConfig(self._mode, input_size, hidden_size, bias=bias)
        errors.check_dimensions(shapes.cell_parameter_shapes(config).values())
        errors.check_parameter_dtype(dtype)
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        self._config = config
        rng = errors.generator(seed)
        absent = () if bias else ("bias_ih", "bias_hh")
        parameters = params.initialise_cell(config, rng, dtype)
        super().__init__(parameters, absent)
        self._weights = params.with_suffix(parameters, "")

    def _take(self, input: Array, hx: Sequence[Array] | None) -> tuple[Array, ...]:
        """Check input and states, and take the step."""
        x, states = self._check(input, hx)
        with silent():
            after = self._cell(self._weights)(x, *states)
        return after if input.ndim == 2 else tuple(state[0] for state in after)

    def _differentiable(
        self, input: Array, hx: Sequence[Array] | None
    ) -> tuple[tuple[Array, ...], CellBackward]:
        """Take the step as a layer that ends after it."""
        x, states = self._check(input, hx)
        directions = [self._recurrence(self._weights)]
        trace = LayerTrace(None, directions)
        with silent():
            _, (after,) = layer(directions, x[None], cut_dense(1, len(x)), [tuple(states)], trace)
        batched = input.ndim == 2
        results = after if batched else tuple(state[0] for state in after)
        return results, CellBackward(batched, trace, results)

    def _check(self, input: Array, hx: Sequence[Array] | None) -> tuple[Array, Sequence[Array]]:
        """Check input and states in torch's order, and give them a batch axis."""
        mode = self._mode
        errors.check_cell_ranks(f"{mode}Cell", input, hx)
        expected = shapes.cell_state_shapes(self._config, N=len(input) if input.ndim == 2 else 1)
        x, states = (input, hx) if input.ndim == 2 else _with_batch(input, hx, len(expected))
        self._check_options()
        states = [np.zeros(shape, x.dtype) for shape in expected] if states is None else states
        errors.check_state_count(f"{mode.lower()}_cell", states, len(expected))
        errors.check_cell_input(x, self.input_size)
        errors.check_cell_states(states, len(x), self.hidden_size)
        errors.check_cell_dtypes(x, states, self.weight_ih.dtype)
        return x, states

    def _check_options(self) -> None:
        """Check what torch's constructor lets pass and its call does not."""

    def _cell(self, weights: Mapping[str, Array]) -> Cell:
        raise NotImplementedError

    def _recurrence(self, weights: Mapping[str, Array]) -> Recurrence:
        raise NotImplementedError

    def _shown_options(self) -> list[str]:
        return [] if self.bias is True else ["bias"]


class HiddenStateCellBase(RNNCellBase):
    """Holds the call of a cell that remembers h alone: RNNCell and GRUCell."""

    def __call__(self, input: Array, hx: Array | None = None) -> Array:
        """Take one step.

        Args:
            input: (N, H_in), or (H_in,) for a single row; of the dtype of the weights. It is not
                changed, nor is hx.
            hx: The hidden state before this step, (N, H_cell) or (H_cell,); zeros if None.

        Returns:
            The hidden state after this step, in the shape of hx.

        Raises:
            TypeError: input or hx is no NumPy array.
            ValueError: input or hx has neither 1 nor 2 axes.
            RuntimeError: A size does not fit, a dtype is not that of the weights, or the
                nonlinearity is unknown.
        """
        (h,) = self._take(input, None if hx is None else (hx,))
        return h

    def vjp(self, input: Array, hx: Array | None = None) -> tuple[Array, CellBackward]:
        """Take one step as a call does, and give the way back for gradients.

        Args:
            input: As in a call. It must not be changed before the way back has been taken, nor must
                the weights.
            hx: As in a call.

        Returns:
            The hidden state after this step; and a function from its gradient to those of input, hx
            and the weights: see `vjp.CellBackward`.

        Raises:
            TypeError: As a call does.
            ValueError: As a call does.
            RuntimeError: As a call does.
        """
        (h,), backward = self._differentiable(input, None if hx is None else (hx,))
        return h, backward


class RNNCell(HiddenStateCellBase):
    """One step of an Elman network, `h' = activation(x W_ih^T + b_ih + h W_hh^T + b_hh)`.

    Equal to `torch.nn.RNNCell`, whose documentation the formula comes from (after Elman, "Finding
    structure in time", 1990), for the same weights.

    Examples:
        ```python
        import numpy as np

        import rnn_ref

        cell = rnn_ref.RNNCell(7, 13)
        h = np.zeros((3, 13), np.float32)
        for x in np.ones((5, 3, 7), np.float32):
            h = cell(x, h)
        print(h.shape)
        #> (3, 13)
        ```
    """

    _mode = "RNN"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        *,
        dtype: DTypeLike = np.float32,
        seed: int | np.random.Generator | None = None,
    ) -> None:
        """Draw the weights of a cell.

        Args:
            input_size: H_in, the features of the input.
            hidden_size: H_cell, the features of the state; H_out is the same in a cell.
            bias: Whether there are b_ih and b_hh: any value, as in torch, which asks if it is true.
            nonlinearity: `"tanh"` or `"relu"`; another one is refused by the call.
            dtype: Of the weights, and of all that goes in and comes out: float32 or float64.
            seed: For the weights: the same seed gives the same cell. A `numpy.random.Generator` is
                used as it is.

        Raises:
            TypeError: A size is no integer, or another argument of another type.
            ValueError: dtype is neither float32 nor float64, or seed is negative.
            RuntimeError: A size is negative, or dtype is no floating point type.
        """
        super().__init__(input_size, hidden_size, bias, dtype=dtype, seed=seed)
        self.nonlinearity = nonlinearity

    def _cell(self, weights: Mapping[str, Array]) -> Cell:
        activation = ACTIVATIONS[self.nonlinearity]
        return lambda x, h: (rnn_cell(x, h, **weights, activation=activation),)

    def _recurrence(self, weights: Mapping[str, Array]) -> Recurrence:
        return RNNRecurrence(weights, self.nonlinearity)

    def _check_options(self) -> None:
        errors.check_cell_nonlinearity(self.nonlinearity)

    def _shown_options(self) -> list[str]:
        return super()._shown_options() + ["nonlinearity"] * (self.nonlinearity != "tanh")


class LSTMCell(RNNCellBase):
    """One step of a long short-term memory, `c' = f c + i g`, `h' = o tanh(c')`.

    Equal to `torch.nn.LSTMCell`, whose documentation the formula comes from (after Hochreiter and
    Schmidhuber, "Long short-term memory", 1997), for the same weights; `cells.lstm_cell` has the
    whole of it.

    Examples:
        ```python
        import numpy as np

        import rnn_ref

        cell = rnn_ref.LSTMCell(7, 13)
        h, c = cell(np.ones((3, 7), np.float32))
        h, c = cell(np.ones((3, 7), np.float32), (h, c))
        print(h.shape, c.shape)
        #> (3, 13) (3, 13)
        ```
    """

    _mode = "LSTM"

    def __call__(
        self, input: Array, hx: tuple[Array, Array] | list[Array] | None = None
    ) -> tuple[Array, Array]:
        """Take one step.

        Args:
            input: (N, H_in), or (H_in,) for a single row; of the dtype of the weights. It is not
                changed, nor is hx.
            hx: The hidden and the cell state before this step, each (N, H_cell) or (H_cell,); zeros
                if None.

        Returns:
            The hidden and the cell state after this step, in the shapes of hx.

        Raises:
            TypeError: input or a state is no NumPy array, or hx no pair of them.
            ValueError: input or a state has neither 1 nor 2 axes.
            RuntimeError: A size does not fit, a dtype is not that of the weights, or hx has not two
                states.
        """
        h, c = self._take(input, hx)
        return h, c

    def vjp(
        self, input: Array, hx: tuple[Array, Array] | list[Array] | None = None
    ) -> tuple[tuple[Array, Array], CellBackward]:
        """Take one step as a call does, and give the way back for gradients.

        Args:
            input: As in a call. It must not be changed before the way back has been taken, nor must
                the weights.
            hx: As in a call.

        Returns:
            The hidden and the cell state after this step; and a function from the pair of their
            gradients to those of input, hx and the weights: see `vjp.CellBackward`.

        Raises:
            TypeError: As a call does.
            ValueError: As a call does.
            RuntimeError: As a call does.
        """
        (h, c), backward = self._differentiable(input, hx)
        return (h, c), backward

    def _cell(self, weights: Mapping[str, Array]) -> Cell:
        return lambda x, h, c: lstm_cell(x, h, c, **weights)

    def _recurrence(self, weights: Mapping[str, Array]) -> Recurrence:
        return LSTMRecurrence(weights)


class GRUCell(HiddenStateCellBase):
    """One step of a gated recurrent unit, `h' = (1 - z) n + z h`.

    Equal to `torch.nn.GRUCell`, whose documentation the formula comes from (after Cho et al., 2014,
    but with the reset after the matrix product), for the same weights; `cells.gru_cell` has the
    whole of it.

    Examples:
        ```python
        import numpy as np

        import rnn_ref

        cell = rnn_ref.GRUCell(7, 13)
        row, h = np.ones(7, np.float32), np.ones(13, np.float32)
        print(cell(row, h).shape)
        #> (13,)
        ```
    """

    _mode = "GRU"

    def _cell(self, weights: Mapping[str, Array]) -> Cell:
        return lambda x, h: (gru_cell(x, h, **weights),)

    def _recurrence(self, weights: Mapping[str, Array]) -> Recurrence:
        return GRURecurrence(weights)


def _with_batch(
    input: Array, hx: Sequence[Array] | None, count: int
) -> tuple[Array, Sequence[Array] | None]:
    # (H_in,) -> (1, H_in), (H_cell,) -> (1, H_cell); a third state is not looked at, as in torch
    return input[None], None if hx is None else [state[None] for state in hx[:count]]
