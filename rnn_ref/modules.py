"""Recurrent networks with torch's constructor and torch's call."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rnn_ref import errors, layers, params, shapes

Array = NDArray[Any]


class RNNBase:
    """Holds what every recurrent network has: options, weights and a mode (train or eval).

    The weights are attributes under torch's names, such as `weight_ih_l0`. They can be changed in
    place (`rnn.bias_hh_l0[:] = 0`) and all at once (`load_state_dict`), but not replaced.

    Attributes:
        training: Whether dropout is active; True after construction, as in torch.
    """

    def __init__(
        self,
        config: shapes.Config,
        dropout: float,
        dtype: DTypeLike,
        seed: int | np.random.Generator | None,
    ) -> None:
        """Keep the options and draw the weights; the arguments have been checked."""
        self.input_size = config.input_size
        self.hidden_size = config.hidden_size
        self.num_layers = config.num_layers
        self.bias = config.bias
        self.batch_first = config.batch_first
        self.dropout = float(dropout)
        self.bidirectional = config.bidirectional
        self.training = True
        self._config = config
        self._rng = np.random.default_rng(seed)
        self._parameters = params.initialise(config, self._rng, dtype)

    def __getattr__(self, name: str) -> Array:
        """Find a weight by its name; Python asks here for what is no other attribute."""
        parameters: dict[str, Array] = self.__dict__.get("_parameters", {})
        if name not in parameters:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        return parameters[name]

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse to replace a weight, as torch does: its shape and dtype would go unchecked."""
        if name in self.__dict__.get("_parameters", {}):
            raise TypeError(
                f"cannot assign '{type(value).__name__}' as parameter '{name}'. "
                f"Change it in place, {name}[:] = value, or use load_state_dict"
            )
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        """Show the sizes, and the options that are not the default, as torch does."""
        differs = {
            "num_layers": self.num_layers != 1,
            "bias": not self.bias,
            "batch_first": self.batch_first,
            "dropout": self.dropout != 0,
            "bidirectional": self.bidirectional is not False,
        }
        options = [f", {name}={getattr(self, name)}" for name, shown in differs.items() if shown]
        return f"{type(self).__name__}({self.input_size}, {self.hidden_size}{''.join(options)})"

    def train(self, mode: bool = True) -> Self:
        """Turn dropout on, or off.

        Args:
            mode: True for training, False for evaluation.

        Returns:
            The network itself.

        Raises:
            ValueError: mode is no bool.
        """
        errors.check_training_mode(mode)
        self.training = mode
        return self

    def eval(self) -> Self:
        """Turn dropout off.

        Returns:
            The network itself.
        """
        return self.train(False)

    def state_dict(self) -> dict[str, Array]:
        """Copy the weights.

        Returns:
            The weights under torch's names, in torch's order; the shapes are
            `shapes.parameter_shapes`.
        """
        return {name: array.copy() for name, array in self._parameters.items()}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Copy weights into the network: all of them, or none if anything is wrong.

        Args:
            state_dict: Arrays by name, or the `state_dict()` of the same network in torch, on the
                CPU. Another dtype is converted, as in torch.

        Raises:
            TypeError: state_dict is no mapping.
            RuntimeError: Names are missing or unknown, or shapes differ; the text is torch's.
        """
        expected = shapes.parameter_shapes(self._config)
        errors.check_state_dict(type(self).__name__, state_dict, expected)
        own = self._parameters
        converted = {name: np.asarray(state_dict[name]).astype(own[name].dtype) for name in own}
        for name, array in converted.items():
            own[name][...] = array


class RNN(RNNBase):
    """A stack of Elman layers, h' = activation(x W_ih^T + b_ih + h W_hh^T + b_hh).

    Equal to `torch.nn.RNN`, whose documentation the formula comes from (after Elman, "Finding
    structure in time", 1990), for the same weights.
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
        errors.check_rnn_options(proj_size, nonlinearity)
        errors.check_constructor(input_size, hidden_size, num_layers, bias, batch_first, dropout)
        errors.check_parameter_dtype(dtype)
        config = shapes.Config(
            "RNN", input_size, hidden_size, num_layers, bias, batch_first, bidirectional
        )
        super().__init__(config, dropout, dtype, seed)
        self.nonlinearity = nonlinearity

    def __call__(self, input: Array, hx: Array | None = None) -> tuple[Array, Array]:
        """Read a batch of sequences, or one sequence.

        Args:
            input: (L, N, H_in), or (N, L, H_in) if batch_first, or (L, H_in) without a batch; of
                the dtype of the weights. It is not changed, nor is hx.
            hx: The initial hidden state, (D*num_layers, N, H_out), or (D*num_layers, H_out)
                without a batch; zeros if None. Its order is layer 0 forward, layer 0 reverse,
                layer 1 forward, ...

        Returns:
            output, the last layer's hidden state at every step: (L, N, D*H_out), (N, L, D*H_out)
            or (L, D*H_out). And h_n, every layer's and direction's final state, in the shape and
            order of hx.

        Raises:
            TypeError: input or hx is no NumPy array.
            ValueError: input has neither 2 nor 3 axes, or is of another dtype than the weights.
            RuntimeError: A size does not fit, hx is of another dtype, or L is 0.
        """
        errors.check_ranks(input, hx)
        x, h_0 = _time_first(input, hx, self.batch_first)
        errors.check_input(x, self.input_size, self.weight_ih_l0.dtype)
        L, N, _ = x.shape
        hidden_shape = shapes.evaluate(shapes.rule("h_0"), {**self._config.sizes, "N": N})
        h_0 = np.zeros(hidden_shape, x.dtype) if h_0 is None else h_0
        errors.check_hidden(h_0, hidden_shape)
        errors.check_length(L)
        errors.check_hidden_dtype(h_0, x.dtype)
        output, h_n = self._run(x, h_0)
        return _as_asked(output, h_n, input.ndim, self.batch_first)

    def _run(self, x: Array, h_0: Array) -> tuple[Array, Array]:
        steps = [
            [layers.rnn_step(weights, self.nonlinearity) for weights in directions]
            for directions in params.by_layer(self._parameters, self._config)
        ]
        p = self.dropout if self.training else 0.0
        with np.errstate(over="ignore", invalid="ignore"):  # torch lets inf and nan pass in silence
            outputs, finals = layers.stack(steps, list(x), list(h_0), p, self._rng)
        return np.stack(outputs), np.stack(finals)


def _time_first(input: Array, hx: Array | None, batch_first: bool) -> tuple[Array, Array | None]:
    if input.ndim == 2:
        # (L, H_in) -> (L, 1, H_in), (D*num_layers, H_out) -> (D*num_layers, 1, H_out)
        return input[:, None], None if hx is None else hx[:, None]
    return (input.swapaxes(0, 1) if batch_first else input), hx


def _as_asked(output: Array, h_n: Array, ndim: int, batch_first: bool) -> tuple[Array, Array]:
    if ndim == 2:
        # (L, 1, D*H_out) -> (L, D*H_out), (D*num_layers, 1, H_out) -> (D*num_layers, H_out)
        return output[:, 0], h_n[:, 0]
    return (output.swapaxes(0, 1) if batch_first else output), h_n
