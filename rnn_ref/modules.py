"""Recurrent networks with torch's constructor and torch's call."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rnn_ref import errors, layouts, params, shapes
from rnn_ref.base import Module, silent
from rnn_ref.layers import LayerTrace, stack
from rnn_ref.layouts import Layout
from rnn_ref.packed import PackedSequence
from rnn_ref.recurrences import (
    GRURecurrence,
    LSTMRecurrence,
    Recurrence,
    RNNRecurrence,
    State,
)
from rnn_ref.vjp import Backward

Array = NDArray[Any]
Sequences = Array | PackedSequence


class RNNBase(Module):
    """Holds what every recurrent network has: options, weights and the way through the layers."""

    def __init__(
        self,
        mode: shapes.Mode,
        input_size: int,
        hidden_size: int,
        num_layers: int,
        bias: bool,
        batch_first: bool,
        dropout: float,
        bidirectional: bool,
        proj_size: int,
        dtype: DTypeLike,
        seed: int | np.random.Generator | None,
    ) -> None:
        """Check the options, keep them, and draw the weights."""
        sizes = (input_size, hidden_size, num_layers)
        errors.check_dropout(dropout, num_layers)
        self._config = shapes.Config(mode, *sizes, bias, batch_first, bidirectional, proj_size)
        errors.check_parameter_dtype(dtype)
        self.input_size, self.hidden_size, self.num_layers = sizes
        self.bias, self.batch_first, self.bidirectional = bias, batch_first, bidirectional
        self.dropout, self.proj_size = float(dropout), proj_size
        self._dtype, self._rng = np.dtype(dtype), errors.generator(seed)
        parameters = params.initialise(self._config, self._rng, dtype)
        super().__init__(parameters)
        self._by_layer = params.by_layer(parameters, self._config)

    def _read(
        self, input: Sequences, hx: Sequence[Array] | None, traces: list[LayerTrace] | None = None
    ) -> tuple[Layout, Any, list[Array]]:
        """Check input and states in torch's order, run the layers, and give results as torch does.

        What the gradients need is appended to traces.
        """
        if not isinstance(input, PackedSequence):
            errors.check_rank(self._config.mode, "input", input, (2, 3))
        layout = layouts.of(input, self.batch_first)
        states = None if hx is None else self._with_batch(layout, input, hx)
        x = layout.read(input)
        errors.check_input(x, layout.ndim, self.input_size, self._dtype)
        expected = shapes.state_shapes(self._config, layout.N)
        states = [np.zeros(shape, x.dtype) for shape in expected] if states is None else states
        errors.check_state_shapes(states, expected)
        errors.check_state_count(self._config.mode.lower(), states, len(expected))
        errors.check_length(len(x))
        errors.check_state_dtypes(states, x.dtype)
        output, finals = self._run(layout, x, states, traces)
        return layout, layout.write(output), layout.write_states(finals)

    def _with_batch(self, layout: Layout, input: Any, hx: Sequence[Array]) -> Sequence[Array]:
        mode = self._config.mode
        count = len(shapes.STATES[mode])
        if count > 1:
            errors.check_pair(mode, hx)
        used = hx[:count]
        errors.check_state_count(mode.lower(), used, count)
        if isinstance(input, PackedSequence):
            errors.check_state_arrays(used, 3)
            return hx
        errors.check_state_ranks(input, used)
        return [layout.with_batch(state) for state in used] if input.ndim == 2 else hx

    def _run(
        self,
        layout: Layout,
        x: Array,
        states: Sequence[Array],
        traces: list[LayerTrace] | None,
    ) -> tuple[Array, list[State]]:
        recurrences = [
            [self._recurrence(weights) for weights in directions] for directions in self._by_layer
        ]
        # for each layer and direction its own: h, or in an LSTM the pair (h, c)
        starts = list(zip(*(layout.sort(state) for state in states), strict=True))
        p = self.dropout if self.training else 0.0
        with silent():
            return stack(recurrences, x, layout.cut, starts, p, self._rng, traces)

    def _differentiable(
        self, input: Sequences, hx: Sequence[Array] | None
    ) -> tuple[Any, list[Array], Backward]:
        traces: list[LayerTrace] = []
        layout, output, finals = self._read(input, hx, traces)
        kept = output.data if isinstance(output, PackedSequence) else output
        kept.flags.writeable = False  # the gradients are computed from it
        return output, finals, Backward(layout, traces, output, finals)

    def _recurrence(self, weights: Mapping[str, Array]) -> Recurrence:
        raise NotImplementedError

    def _shown_options(self) -> list[str]:
        differs = {
            "proj_size": self.proj_size != 0,
            "num_layers": self.num_layers != 1,
            "bias": not self.bias,
            "batch_first": self.batch_first,
            "dropout": self.dropout != 0,
            "bidirectional": self.bidirectional is not False,
        }
        return [name for name, shown in differs.items() if shown]


class HiddenStateBase(RNNBase):
    """Holds the call of a network that remembers h alone: RNN and GRU."""

    def __call__(self, input: Sequences, hx: Array | None = None) -> tuple[Any, Array]:
        """Read a batch of sequences, or one sequence.

        The state of a larger batch is refused. torch refuses it too, but where the sequences were
        sorted for packing it picks their states by place, and takes a larger batch without a word.

        Args:
            input: (L, N, H_in), or (N, L, H_in) if batch_first, or (L, H_in) without a batch; or a
                PackedSequence, whose data are (sum of lengths, H_in). Of the dtype of the weights.
                It is not changed, nor is hx.
            hx: The initial hidden state, (D*num_layers, N, H_out), or (D*num_layers, H_out)
                without a batch; zeros if None. Its order is layer 0 forward, layer 0 reverse,
                layer 1 forward, ...

        Returns:
            output, the last layer's hidden state at every step: (L, N, D*H_out), (N, L, D*H_out)
            or (L, D*H_out); packed as the input is, its data are (sum of lengths, D*H_out). And
            h_n, every layer's and direction's final state, in the shape and order of hx; of a
            packed batch in the order of its sequences before they were packed.

        Raises:
            TypeError: input is neither a NumPy array nor packed, or hx is no array.
            ValueError: input has neither 2 nor 3 axes, or is of another dtype than the weights.
            RuntimeError: A size does not fit, hx is of another dtype, or L is 0.
        """
        _, output, (h_n,) = self._read(input, None if hx is None else (hx,))
        return output, h_n

    def vjp(self, input: Sequences, hx: Array | None = None) -> tuple[tuple[Any, Array], Backward]:
        """Read as a call does, and give the way back for gradients.

        Args:
            input: As in a call. It must not be changed before the way back has been taken, nor must
                the weights.
            hx: As in a call.

        Returns:
            The pair (output, h_n) of the call, output protected from being written to; and a
            function from their gradients to those of input, hx and the weights: see `vjp.Backward`.

        Raises:
            TypeError: As a call does.
            ValueError: As a call does.
            RuntimeError: As a call does.
        """
        output, (h_n,), backward = self._differentiable(input, None if hx is None else (hx,))
        return (output, h_n), backward


class RNN(HiddenStateBase):
    """A stack of Elman layers, `h' = activation(x W_ih^T + b_ih + h W_hh^T + b_hh)`.

    Equal to `torch.nn.RNN`, whose documentation the formula comes from (after Elman, "Finding
    structure in time", 1990), for the same weights.

    Examples:
        ```python
        import numpy as np

        import rnn_ref

        rnn = rnn_ref.RNN(7, 13, num_layers=2, batch_first=True)
        batch = np.ones((3, 5, 7), np.float32)
        output, h_n = rnn(batch)
        print(output.shape, h_n.shape)
        #> (3, 5, 13) (2, 3, 13)
        ```
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        dtype: DTypeLike = np.float32,
        seed: int | np.random.Generator | None = None,
        proj_size: None = None,
    ) -> None:
        """Draw the weights of a network.

        Args:
            input_size: H_in, the features of one input step.
            hidden_size: H_cell, the features of the state; H_out is the same here.
            num_layers: Layers, stacked: each reads the output of the one below.
            nonlinearity: `"tanh"` or `"relu"`.
            bias: Whether there are b_ih and b_hh.
            batch_first: Whether input and output are (N, L, features) instead of (L, N, features).
                It changes neither hx nor h_n.
            dropout: Probability in [0, 1] that an element between two layers becomes zero while
                training.
            bidirectional: Whether each layer also reads the sequence from its end; D is then 2.
            dtype: Of the weights, and of all that goes in and comes out: float32 or float64.
            seed: For the weights and for dropout: the same seed gives the same network. A
                `numpy.random.Generator` is used as it is.
            proj_size: Not an option of an RNN; given, it raises as in torch.

        Raises:
            TypeError: An argument is of another type.
            ValueError: An argument is out of its range.
            RuntimeError: dtype is no floating point type.
        """
        errors.check_no_projections(proj_size)
        errors.check_nonlinearity(nonlinearity)
        options = (num_layers, bias, batch_first, dropout, bidirectional)
        super().__init__("RNN", input_size, hidden_size, *options, 0, dtype, seed)
        self.nonlinearity = nonlinearity

    def _recurrence(self, weights: Mapping[str, Array]) -> Recurrence:
        return RNNRecurrence(weights, self.nonlinearity)


class LSTM(RNNBase):
    """A stack of long short-term memories, `c' = f c + i g`, `h' = o tanh(c')`.

    Equal to `torch.nn.LSTM`, whose documentation the formula comes from (after Hochreiter and
    Schmidhuber, "Long short-term memory", 1997), for the same weights; `cells.lstm_cell` has the
    whole of it.

    Examples:
        ```python
        import numpy as np

        import rnn_ref

        lstm = rnn_ref.LSTM(7, 13, bidirectional=True, proj_size=11)
        output, (h_n, c_n) = lstm(np.ones((5, 3, 7), np.float32))
        print(output.shape)
        #> (5, 3, 22)
        print(h_n.shape, c_n.shape)
        #> (2, 3, 11) (2, 3, 13)
        ```
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        *,
        dtype: DTypeLike = np.float32,
        seed: int | np.random.Generator | None = None,
    ) -> None:
        """Draw the weights of a network.

        Args:
            input_size: H_in, the features of one input step.
            hidden_size: H_cell, the features of c, and of h without projections.
            num_layers: Layers, stacked: each reads the output of the one below.
            bias: Whether there are b_ih and b_hh.
            batch_first: Whether input and output are (N, L, features) instead of (L, N, features).
                It changes neither hx nor h_n nor c_n.
            dropout: Probability in [0, 1] that an element between two layers becomes zero while
                training.
            bidirectional: Whether each layer also reads the sequence from its end; D is then 2.
            proj_size: H_out, the features that h is projected to, less than hidden_size; 0 means no
                projections.
            dtype: Of the weights, and of all that goes in and comes out: float32 or float64.
            seed: For the weights and for dropout: the same seed gives the same network. A
                `numpy.random.Generator` is used as it is.

        Raises:
            TypeError: An argument is of another type.
            ValueError: An argument is out of its range.
            RuntimeError: dtype is no floating point type.
        """
        options = (num_layers, bias, batch_first, dropout, bidirectional, proj_size)
        super().__init__("LSTM", input_size, hidden_size, *options, dtype, seed)

    def __call__(
        self, input: Sequences, hx: tuple[Array, Array] | list[Array] | None = None
    ) -> tuple[Any, tuple[Array, Array]]:
        """Read a batch of sequences, or one sequence.

        What is packed is checked as for RNN and GRU. torch's LSTM does not look at it: a product of
        other sizes fails somewhere below, "mat1 and mat2 shapes cannot be multiplied", or is read
        without a word, and so may be a state of a larger batch, sorted or not.

        Args:
            input: (L, N, H_in), or (N, L, H_in) if batch_first, or (L, H_in) without a batch; or a
                PackedSequence, whose data are (sum of lengths, H_in). Of the dtype of the weights.
                It is not changed, nor is hx.
            hx: The pair of h_0, (D*num_layers, N, H_out), and c_0, (D*num_layers, N, H_cell), both
                without N where there is no batch; zeros if None. Their order is layer 0 forward,
                layer 0 reverse, layer 1 forward, ...

        Returns:
            output, the last layer's hidden state at every step: (L, N, D*H_out), (N, L, D*H_out)
            or (L, D*H_out); packed as the input is, its data are (sum of lengths, D*H_out). And the
            pair (h_n, c_n), every layer's and direction's final states, in the shapes and order of
            hx; of a packed batch in the order of its sequences before they were packed.

        Raises:
            TypeError: input is neither a NumPy array nor packed, a state no array, or hx no pair.
            ValueError: input has neither 2 nor 3 axes, or is of another dtype than the weights.
            RuntimeError: A size does not fit, hx has not two states or has one of another dtype, or
                L is 0.
        """
        _, output, (h_n, c_n) = self._read(input, hx)
        return output, (h_n, c_n)

    def vjp(
        self, input: Sequences, hx: tuple[Array, Array] | list[Array] | None = None
    ) -> tuple[tuple[Any, tuple[Array, Array]], Backward]:
        """Read as a call does, and give the way back for gradients.

        Args:
            input: As in a call. It must not be changed before the way back has been taken, nor must
                the weights.
            hx: As in a call.

        Returns:
            The pair (output, (h_n, c_n)) of the call, output protected from being written to; and a
            function from their gradients to those of input, hx and the weights: see `vjp.Backward`.

        Raises:
            TypeError: As a call does.
            ValueError: As a call does.
            RuntimeError: As a call does.
        """
        output, (h_n, c_n), backward = self._differentiable(input, hx)
        return (output, (h_n, c_n)), backward

    def _recurrence(self, weights: Mapping[str, Array]) -> Recurrence:
        return LSTMRecurrence(weights)


class GRU(HiddenStateBase):
    """A stack of gated recurrent units, `h' = (1 - z) n + z h`.

    Equal to `torch.nn.GRU`, whose documentation the formula comes from (after Cho et al., 2014, but
    with the reset after the matrix product), for the same weights; `cells.gru_cell` has the whole
    of it.

    Examples:
        ```python
        import numpy as np

        import rnn_ref

        gru = rnn_ref.GRU(7, 13, dtype=np.float64)
        sequence, h_0 = np.ones((5, 7)), np.ones((1, 13))
        output, h_n = gru(sequence, h_0)
        print(output.shape, h_n.shape, output.dtype)
        #> (5, 13) (1, 13) float64
        ```
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        dtype: DTypeLike = np.float32,
        seed: int | np.random.Generator | None = None,
        proj_size: None = None,
    ) -> None:
        """Draw the weights of a network.

        Args:
            input_size: H_in, the features of one input step.
            hidden_size: H_cell, the features of the state; H_out is the same here.
            num_layers: Layers, stacked: each reads the output of the one below.
            bias: Whether there are b_ih and b_hh.
            batch_first: Whether input and output are (N, L, features) instead of (L, N, features).
                It changes neither hx nor h_n.
            dropout: Probability in [0, 1] that an element between two layers becomes zero while
                training.
            bidirectional: Whether each layer also reads the sequence from its end; D is then 2.
            dtype: Of the weights, and of all that goes in and comes out: float32 or float64.
            seed: For the weights and for dropout: the same seed gives the same network. A
                `numpy.random.Generator` is used as it is.
            proj_size: Not an option of a GRU; given, it raises as in torch.

        Raises:
            TypeError: An argument is of another type.
            ValueError: An argument is out of its range.
            RuntimeError: dtype is no floating point type.
        """
        errors.check_no_projections(proj_size)
        options = (num_layers, bias, batch_first, dropout, bidirectional)
        super().__init__("GRU", input_size, hidden_size, *options, 0, dtype, seed)

    def _recurrence(self, weights: Mapping[str, Array]) -> Recurrence:
        return GRURecurrence(weights)
