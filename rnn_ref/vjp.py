"""The way back through a network: from the gradients of its results to those of its arguments.

"vjp" is the vector-Jacobian product, as in `torch.func.vjp` and `jax.vjp`: a call that also gives
the function that carries gradients back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_ref import given, params
from rnn_ref.base import silent
from rnn_ref.gradients import layer_backward, stack_backward
from rnn_ref.layers import LayerTrace, cut_dense
from rnn_ref.layouts import Layout
from rnn_ref.packed import PackedSequence

Array = NDArray[Any]
Sequences = Array | PackedSequence


class Gradients(NamedTuple):
    """The gradients of one scalar, each in the shape of what it belongs to.

    Attributes:
        input: Of the input: an array, or packed as the input is.
        hx: Of the initial states: an array or, of an LSTM, a pair. They are there, too, where the
            states were left out and zero.
        weights: Of the weights, under torch's names and in torch's order.
    """

    input: Any
    hx: Any
    weights: dict[str, Array]


@dataclass(frozen=True)
class Backward:
    """Carries gradients back through one call of a network; it may be called more than once.

    Attributes:
        layout: That of the call.
        traces: What the layers kept.
        output: What the call returned.
        finals: The final states that it returned, one or, of an LSTM, two.

    Examples:
        ```python
        import numpy as np

        import rnn_ref

        lstm = rnn_ref.LSTM(7, 13)
        x = np.ones((5, 2, 7), np.float32)
        (output, (h_n, c_n)), backward = lstm.vjp(x)
        d_output = np.ones_like(output)
        gradients = backward(d_output)
        print(gradients.input.shape, gradients.hx[1].shape)
        #> (5, 2, 7) (1, 2, 13)
        print(gradients.weights["weight_ih_l0"].shape)
        #> (52, 7)
        ```

        A GRU has one state, and here the scalar depends on nothing else:

        ```python
        import numpy as np

        import rnn_ref

        gru = rnn_ref.GRU(7, 13)
        (output, h_n), backward = gru.vjp(np.ones((5, 11, 7), np.float32))
        gradients = backward(d_hx=np.ones_like(h_n))
        print(gradients.input.shape, gradients.hx.shape)
        #> (5, 11, 7) (1, 11, 13)
        ```
    """

    layout: Layout
    traces: Sequence[LayerTrace]
    output: Sequences
    finals: Sequence[Array]

    def __call__(self, d_output: Sequences | None = None, d_hx: Any = None) -> Gradients:
        """Carry the gradients of a scalar back.

        The formulas are the chain rule on those of `rnn_ref.cells`; `rnn_ref.gradients` has them.

        Args:
            d_output: The gradient of output, in its shape and dtype, packed if it is; zeros if
                None.
            d_hx: The gradient of h_n, in its shape and dtype or, of an LSTM, the pair of those of
                h_n and c_n; zeros for what is None.

        Returns:
            The gradients of the input, of the initial states and of the weights. What reaches the
            output and what reaches the final states is added up, though the last output and h_n
            are the same numbers.

        Raises:
            TypeError: A gradient is no array, or is packed and should not be, or the reverse, or
                those of an LSTM's states are no pair.
            ValueError: A gradient is of another shape or dtype than what it belongs to.
        """
        d_out = self.layout.read(_given("d_output", d_output, self.output))
        d_finals = _given_states("(d_h_n, d_c_n)", d_hx, self.finals)
        d_states = [self.layout.sort(self.layout.with_batch(d_state)) for d_state in d_finals]
        with silent():
            d_x, d_starts, d_weights = stack_backward(
                self.traces, self.layout.cut, d_out, list(zip(*d_states, strict=True))
            )
        d_hx = self.layout.write_states(d_starts)
        return Gradients(self.layout.write(d_x), together(d_hx), params.from_layers(d_weights))


@dataclass(frozen=True)
class CellBackward:
    """Carries gradients back through one step of a cell; it may be called more than once.

    Attributes:
        batched: Whether the input had a batch axis.
        trace: What the layer of this one step kept.
        states: The states that the cell returned, one or, of an LSTMCell, two.
    """

    batched: bool
    trace: LayerTrace
    states: Sequence[Array]

    def __call__(self, d_hx: Any = None) -> Gradients:
        """Carry the gradients of a scalar back; the formulas are in `rnn_ref.gradients`.

        Args:
            d_hx: The gradient of h_1, in its shape and dtype or, of an LSTMCell, the pair of those
                of h_1 and c_1; zeros for what is None.

        Returns:
            The gradients of the input, of the states that went in and of the weights.

        Raises:
            TypeError: A gradient is no array, or those of an LSTMCell are no pair.
            ValueError: A gradient is of another shape or dtype than what it belongs to.
        """
        d_after = _given_states("(d_h_1, d_c_1)", d_hx, self.states)
        d_states = d_after if self.batched else [d_state[None] for d_state in d_after]
        d_output = np.zeros_like(d_states[0])[None]  # h_1 is all that there is of an output
        cut = cut_dense(*d_output.shape[:2])
        with silent():
            d_x, (d_start,), (weights,) = layer_backward(
                self.trace, cut, d_output, [tuple(d_states)]
            )
        rows = [d_x[0], *d_start] if self.batched else [d_x[0, 0], *(d[0] for d in d_start)]
        return Gradients(rows[0], together(rows[1:]), params.without_suffix(weights, ""))


def together(states: Sequence[Array]) -> Any:
    """Give states as a network does: h alone, or the pair of h and c."""
    return states[0] if len(states) == 1 else tuple(states)


def _given_states(meant: str, d_hx: Any, states: Sequence[Array]) -> list[Array]:
    """Check the gradients of states, one or two, or make them zero."""
    names = ["d_hx"] if len(states) == 1 else [f"d_hx[{i}]" for i in range(len(states))]
    if d_hx is None:
        d_hx = [None] * len(states)
    elif len(states) == 1:
        d_hx = [d_hx]
    elif not isinstance(d_hx, tuple | list) or len(d_hx) != len(states):
        raise TypeError(
            f"d_hx should be the pair {meant}, got: {given.kind(d_hx)}. "
            "Give None for the gradient of a state that nothing depends on"
        )
    return [_given(*one) for one in zip(names, d_hx, states, strict=True)]


def _given(name: str, gradient: Any, of: Any) -> Any:
    """Check a gradient, or make it zero."""
    if not isinstance(of, PackedSequence):
        return np.zeros_like(of) if gradient is None else _checked(name, gradient, of)
    if gradient is None:
        return of._replace(data=np.zeros_like(of.data))
    if not isinstance(gradient, PackedSequence):
        raise TypeError(
            f"{name} should be packed as the output is, got: {given.kind(gradient)}. "
            f"Pack {name}: output._replace(data={name})"
        )
    _checked(f"{name}.data", gradient.data, of.data)
    if gradient != of._replace(data=gradient.data):
        raise ValueError(
            f"{name} should have the batch_sizes and the order of output. "
            f"Make it from there: output._replace(data={name}.data)"
        )
    return gradient


def _checked(name: str, gradient: Any, of: Array) -> Array:
    given.check_array(name, gradient, of.dtype)
    if gradient.shape != of.shape or gradient.dtype != of.dtype:
        advice = given.conversion(name, gradient, of.dtype)
        if gradient.shape != of.shape:
            advice = "Give the gradient of what this call returned"
        raise ValueError(
            f"{name} should be {of.dtype} of shape {of.shape}, as what it belongs to; "
            f"got: {gradient.dtype} of shape {gradient.shape}. {advice}"
        )
    array: Array = gradient
    return array
