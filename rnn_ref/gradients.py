"""Backpropagation through time, by hand: the chain rule, read from the last step to the first.

What a step's derivatives need besides the gradient is computed for all steps of a block at once.
The loop over the steps then multiplies it with the gradient that comes from above and from the step
after. The gradients of the weights are one matrix product for all steps of a block.

The gradient of one scalar with respect to x is called `d_x` and has the shape of x. `da` is the
gradient of what goes into the activations, `x W_ih^T + b_ih + h W_hh^T + b_hh`.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import singledispatch
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnn_ref.cells import GRUGates, LSTMGates
from rnn_ref.layers import BlockTrace, Cut, LayerTrace, in_order
from rnn_ref.recurrences import (
    GRURecurrence,
    LSTMRecurrence,
    Recurrence,
    RNNRecurrence,
    State,
    Weights,
)

Array = NDArray[Any]
OfWeights: TypeAlias = dict[str, Array]
# of x W_ih^T + b_ih and of h W_hh^T + b_hh, each (steps, rows, ...), and of the first state
OfBlock: TypeAlias = tuple[Array, Array, State]


def of_tanh(y: Array) -> Array:
    """Give the derivative of `y = tanh(x)`.

    Args:
        y: Any shape.

    Returns:
        `1 - y^2 = (1 - y) (1 + y)`, of the same shape and dtype.
    """
    derivative: Array = (1 - y) * (1 + y)
    return derivative


def of_sigmoid(y: Array) -> Array:
    """Give the derivative of `y = sigmoid(x)`.

    Args:
        y: Any shape.

    Returns:
        `y (1 - y)`, of the same shape and dtype.
    """
    derivative: Array = y * (1 - y)
    return derivative


def of_relu(y: Array) -> Array:
    """Give the derivative of `y = max(x, 0)`.

    Args:
        y: Any shape.

    Returns:
        1 where y is positive and 0 elsewhere, at 0 too, as in torch; of the same shape and dtype.
    """
    return (y > 0).astype(y.dtype)


OF_ACTIVATIONS: Mapping[str, Callable[[Array], Array]] = {"tanh": of_tanh, "relu": of_relu}


def stack_backward(
    traces: Sequence[LayerTrace], cut: Cut, d_output: Array, d_finals: Sequence[State]
) -> tuple[Array, list[State], list[list[OfWeights]]]:
    """Go back through the layers, from the last to the first.

    Args:
        traces: What `layers.stack` kept.
        cut: As given to `layers.stack`.
        d_output: Of the output, (..., D*H_out).
        d_finals: Of the D*num_layers final states, each part (N, features).

    Returns:
        The gradients of the input, (..., H_in); of the D*num_layers initial states, each part
        (N, features); and of the weights, for each layer and direction, under the formulas' names
        and in torch's layout.
    """
    d_starts: list[State] = []
    d_weights: list[list[OfWeights]] = []
    d_x = d_output
    for k in reversed(range(len(traces))):
        D = len(traces[k].directions)
        d_x, starts, weights = layer_backward(traces[k], cut, d_x, d_finals[k * D : (k + 1) * D])
        d_starts[:0] = starts
        d_weights.insert(0, weights)
    return d_x, d_starts, d_weights


def layer_backward(
    trace: LayerTrace, cut: Cut, d_output: Array, d_finals: Sequence[State]
) -> tuple[Array, list[State], list[OfWeights]]:
    """Go back through one layer; what its directions say of their common input is added up.

    Args:
        trace: What `layers.layer` kept.
        cut: As given to `layers.layer`.
        d_output: Of the output, (..., D*H_out).
        d_finals: Of the D final states, each part (N, features).

    Returns:
        The gradients of the input, (..., H_in); of the D initial states, each part (N, features);
        and of the D directions' weights.
    """
    H_in, H_out = trace.directions[0].weights["W_ih"].shape[1], d_finals[0][0].shape[-1]
    d_x = np.zeros((*d_output.shape[:-1], H_in), d_output.dtype)
    d_starts, d_weights = [], []
    for d, recurrence in enumerate(trace.directions):
        own = d_output[..., d * H_out : (d + 1) * H_out]
        d_outputs, d_inputs = in_order(cut(own), d), in_order(cut(d_x), d)
        blocks = list(zip(trace.blocks[d], d_outputs, d_inputs, strict=True))
        d_start, gradients = _scan_backward(recurrence, blocks, d_finals[d])
        d_starts.append(d_start)
        d_weights.append(gradients)
    if trace.mask is not None:
        d_x *= trace.mask
    return d_x, d_starts, d_weights


def _scan_backward(
    recurrence: Recurrence, blocks: Sequence[tuple[BlockTrace, Array, Array]], d_final: State
) -> tuple[State, OfWeights]:
    """Go back through the blocks; the gradient of the input is added to the third of each."""
    whole = tuple(part.copy() for part in d_final)
    weights = recurrence.weights
    d_weights = {name: np.zeros_like(array) for name, array in weights.items()}
    for trace, d_output, d_x in reversed(blocks):
        N = trace.x.shape[1]
        d_state = tuple(part[:N] for part in whole)
        of_x, of_h, d_state = block_backward(recurrence, trace, d_output, d_state, d_weights)
        _add_products(trace, _rows(of_x), _rows(of_h), d_weights)
        d_x += (_rows(of_x) @ weights["W_ih"]).reshape(d_x.shape)
        for part, first in zip(whole, d_state, strict=True):
            part[:N] = first
    return whole, d_weights


def _add_products(trace: BlockTrace, of_x: Array, of_h: Array, d_weights: OfWeights) -> None:
    """Add the gradients of W_ih, W_hh and the biases."""
    d_weights["W_ih"] += of_x.T @ _rows(trace.x)
    d_weights["W_hh"] += of_h.T @ _rows(_before(trace.start[0], trace.output))
    if "b_ih" in d_weights:
        d_weights["b_ih"] += of_x.sum(axis=0)
        d_weights["b_hh"] += of_h.sum(axis=0)


@singledispatch
def block_backward(
    recurrence: Recurrence,
    trace: BlockTrace,
    d_output: Array,
    d_final: State,
    d_weights: OfWeights,
) -> OfBlock:
    """Go back through the steps of a block.

    Args:
        recurrence: What the steps were.
        trace: What was kept of them.
        d_output: Of the output, (steps, rows, H_out); not changed.
        d_final: Of the state after the last step, (rows, features) each; not changed.
        d_weights: Where the gradient of W_hr is added.

    Returns:
        The gradients of `x W_ih^T + b_ih` and of `h W_hh^T + b_hh`, (steps, rows, ...), of G*H_cell
        features in torch's order; and of the state before the first step, (rows, features) each.

    Raises:
        NotImplementedError: It is no recurrence of ours.
    """
    raise NotImplementedError(f"No gradients for {type(recurrence).__name__}")


@block_backward.register
def _rnn_backward(
    recurrence: RNNRecurrence,
    trace: BlockTrace,
    d_output: Array,
    d_final: State,
    _: OfWeights,
) -> OfBlock:
    # h' = activation(a)
    W_hh = recurrence.weights["W_hh"]
    da = OF_ACTIVATIONS[recurrence.nonlinearity](trace.output)
    d_h = d_final[0].copy()
    for d_out, da_t in _backwards(d_output, da):
        d_h += d_out
        da_t *= d_h
        np.dot(da_t, W_hh, out=d_h)
    return da, da, (d_h,)


@block_backward.register
def _lstm_backward(
    recurrence: LSTMRecurrence,
    trace: BlockTrace,
    d_output: Array,
    d_final: State,
    d_weights: OfWeights,
) -> OfBlock:
    # c' = f c + i g, h' = o tanh(c'), and then perhaps W_hr h'
    gates, c = LSTMGates.of(trace.kept[0].swapaxes(0, 1)), trace.kept[1]
    tanh_c = np.tanh(c)
    da = _lstm_derivatives(gates, _before(trace.start[1], c), tanh_c)
    d_outputs = d_output.copy()
    of_c = gates.o * of_tanh(tanh_c)
    steps = _backwards(d_outputs, da, da[:, :, :3], da[:, :, 3], of_c, gates.f)
    d_start = _lstm_loop(steps, d_final, recurrence.weights)
    if "W_hr" in d_weights:
        d_weights["W_hr"] += _rows(d_outputs).T @ _rows(gates.o * tanh_c)
    return da, da, d_start


def _lstm_derivatives(gates: LSTMGates, c: Array, tanh_c_next: Array) -> Array:
    """Give the derivatives of c' by what goes into i, f and g, and of h' by what goes into o."""
    return _stacked(
        gates.g * of_sigmoid(gates.i),
        c * of_sigmoid(gates.f),
        gates.i * of_tanh(gates.g),
        tanh_c_next * of_sigmoid(gates.o),
    )


def _lstm_loop(steps: Iterator[tuple[Array, ...]], d_final: State, weights: Weights) -> State:
    """Multiply the derivatives with the gradients; d_out becomes the whole gradient of h'."""
    d_h, d_c = (part.copy() for part in d_final)
    W_hh, W_hr = weights["W_hh"], weights.get("W_hr")
    for d_out, da, da_ifg, da_o, of_c, f in steps:
        d_out += d_h
        d_hidden = d_out if W_hr is None else d_out @ W_hr
        da_o *= d_hidden
        d_c += d_hidden * of_c
        da_ifg *= d_c[:, None]
        d_c *= f
        np.dot(da.reshape(len(d_c), len(W_hh)), W_hh, out=d_h)
    return d_h, d_c


@block_backward.register
def _gru_backward(
    recurrence: GRURecurrence,
    trace: BlockTrace,
    d_output: Array,
    d_final: State,
    _: OfWeights,
) -> OfBlock:
    # h' = n + z (h - n), n = tanh(of_x + r of_h)
    gates, n_of_h = GRUGates.of(trace.kept[0].swapaxes(0, 1)), trace.kept[1]
    h = _before(trace.start[0], trace.output)
    of_n = (1 - gates.z) * of_tanh(gates.n)
    of_h = _stacked(
        of_n * n_of_h * of_sigmoid(gates.r),
        (h - gates.n) * of_sigmoid(gates.z),
        of_n * gates.r,
    )
    d_outputs = d_output.copy()
    steps = _backwards(d_outputs, of_h, gates.z)
    d_start = _gru_loop(steps, d_final, recurrence.weights["W_hh"])
    of_x = of_h.copy()
    of_x[:, :, 2] = of_n * d_outputs  # the candidate's part of x is not reset
    return of_x, of_h, d_start


def _gru_loop(steps: Iterator[tuple[Array, ...]], d_final: State, W_hh: Array) -> State:
    """Multiply the derivatives with the gradients; d_out becomes the whole gradient of h'."""
    d_h = d_final[0].copy()
    for d_out, da, z in steps:
        d_out += d_h
        da *= d_out[:, None]
        np.dot(da.reshape(len(d_h), len(W_hh)), W_hh, out=d_h)
        d_h += d_out * z
    return (d_h,)


def _backwards(*arrays: Array) -> Iterator[tuple[Array, ...]]:
    """Pair the steps of arrays, the last one first."""
    return zip(*(array[::-1] for array in arrays), strict=True)


def _before(start: Array, after: Array) -> Array:
    """Give the state before each step, (steps, rows, features), from the state after it."""
    return np.concatenate([start[None], after[:-1]])


def _stacked(*gates: Array) -> Array:
    """Put gates, (steps, rows, H_cell) each, into torch's layout: (steps, rows, G, H_cell)."""
    return np.stack(gates, axis=2)


def _rows(x: Array) -> Array:
    """Put the steps of a block below each other: (steps*rows, features)."""
    steps, rows, *features = x.shape
    return x.reshape(steps * rows, math.prod(features))
