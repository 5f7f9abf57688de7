"""ONNX: the inputs W, R and B of its operators RNN, LSTM and GRU.

Names and shapes after the specification of these operators. Nothing is lost on the way, not even
which of the two biases is which: B is both of them, one behind the other.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_ref import params
from rnn_ref.given import check_choice, read
from rnn_ref.interchange.doors import Sizes, check_layers, read_state_dict, size
from rnn_ref.interchange.gates import reorder
from rnn_ref.shapes import GATES, Mode

Array = NDArray[Any]
INPUTS = ("W", "R", "B")


def to_onnx(mode: Mode, state_dict: Mapping[str, Any]) -> list[dict[str, Array]]:
    """Bring a network's weights to ONNX.

    A node of a GRU needs the attribute `linear_before_reset=1`, one of two directions
    `direction="bidirectional"`.

    Args:
        mode: The kind of network.
        state_dict: Arrays, or tensors on the CPU, under torch's names.

    Returns:
        For each layer, which is a node of its own, the inputs by name: W, (D, G*H_cell, H_in), R,
        (D, G*H_cell, H_cell), and, if there are biases, B, (D, 2*G*H_cell).

    Raises:
        TypeError: state_dict is no mapping.
        ValueError: The mode is unknown, state_dict is not that of a network, or it has projections.
        RuntimeError: Names are missing or unknown, or shapes differ.

    Examples:
        ```python
        import rnn_ref
        from rnn_ref.interchange import to_onnx

        lstm = rnn_ref.LSTM(7, 13, bidirectional=True)
        for name, array in to_onnx("LSTM", lstm.state_dict())[0].items():
            print(name, array.shape)
        #> W (2, 52, 7)
        #> R (2, 52, 13)
        #> B (2, 104)
        ```
    """
    return [
        _to_inputs([_reordered(mode, weights, "torch", "ONNX") for weights in directions])
        for directions in read_state_dict(mode, state_dict, "ONNX")
    ]


def from_onnx(
    mode: Mode, layers: Sequence[Mapping[str, ArrayLike]], *, linear_before_reset: int = 0
) -> dict[str, Array]:
    """Bring the weights of ONNX's nodes to torch.

    A node that reads backward alone, `direction="reverse"`, has the same arrays as one that reads
    forward: it becomes a forward one, for a sequence that is flipped before.

    Args:
        mode: The kind of network.
        layers: For each node, the lowest first, its inputs by name: W, (D, G*H_cell, H_in), R,
            (D, G*H_cell, H_cell), and, if there are biases, B, (D, 2*G*H_cell).
        linear_before_reset: The attribute of a GRU's nodes, whose default in ONNX is 0. torch's GRU
            is the one with 1.

    Returns:
        New arrays under torch's names, in torch's order; the shapes are
        `shapes.parameter_shapes`.

    Raises:
        TypeError: An array is not of numbers.
        ValueError: The mode is unknown, an input is missing or is none of the three, an array has
            another shape, or a GRU has `linear_before_reset=0`.

    Examples:
        ```python
        import numpy as np

        from rnn_ref.interchange import from_onnx

        W, R, B = np.ones((1, 39, 7)), np.ones((1, 39, 13)), np.ones((1, 78))
        layers = [{"W": W, "R": R, "B": B}]
        for name, array in from_onnx("GRU", layers, linear_before_reset=1).items():
            print(name, array.shape)
        #> weight_ih_l0 (39, 7)
        #> weight_hh_l0 (39, 13)
        #> bias_ih_l0 (39,)
        #> bias_hh_l0 (39,)
        ```
    """
    check_choice("mode", mode, GATES)
    if mode == "GRU" and linear_before_reset != 1:
        raise ValueError(
            f"a GRU should have linear_before_reset=1, got {linear_before_reset}. With 0 it "
            "multiplies r with h before the matrix product; torch's multiplies r with what comes "
            "out of it, and no weights make up for that. Pass linear_before_reset=1 if the nodes "
            "have it"
        )
    check_layers(layers, "W, R and B")
    given = [_named(layer, inputs) for layer, inputs in enumerate(layers)]
    _check_same_inputs(given)
    W, R = given[0]["W"], given[0]["R"]
    D = size("layer 0: W", W, 3, 0)
    sizes = Sizes(mode, size("layer 0: W", W, 3, 2), size("layer 0: R", R, 3, 2), D)
    for layer, inputs in enumerate(given):
        _check_shapes(layer, inputs, sizes)
    grouped = [[_from_inputs(mode, inputs, i) for i in range(D)] for inputs in given]
    return params.from_layers(grouped)


def _to_inputs(directions: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    inputs = {
        "W": np.stack([theirs["W_ih"] for theirs in directions]),
        "R": np.stack([theirs["W_hh"] for theirs in directions]),
    }
    if "b_ih" in directions[0]:
        both = [np.concatenate([theirs["b_ih"], theirs["b_hh"]]) for theirs in directions]
        inputs["B"] = np.stack(both)
    return inputs


def _from_inputs(mode: Mode, inputs: Mapping[str, Array], direction: int) -> dict[str, Array]:
    theirs = {"W_ih": inputs["W"][direction], "W_hh": inputs["R"][direction]}
    if "B" in inputs:
        theirs["b_ih"], theirs["b_hh"] = np.split(inputs["B"][direction], 2)
    return _reordered(mode, theirs, "ONNX", "torch")


def _reordered(
    mode: Mode, weights: Mapping[str, Array], source: str, target: str
) -> dict[str, Array]:
    return {symbol: reorder(array, mode, source, target) for symbol, array in weights.items()}


def _named(layer: int, inputs: Mapping[str, ArrayLike]) -> dict[str, Array]:
    if not isinstance(inputs, Mapping) or not {"W", "R"} <= set(inputs) <= set(INPUTS):
        got = list(inputs) if isinstance(inputs, Mapping) else type(inputs).__name__
        raise ValueError(
            f"layer {layer} should be a dict with W, R and, if there are biases, B, got: {got}. "
            "torch has no peepholes, P, and takes states when it is called"
        )
    return {name: read(f"layer {layer}: {name}", array) for name, array in inputs.items()}


def _check_same_inputs(given: Sequence[Mapping[str, Array]]) -> None:
    for layer, inputs in enumerate(given):
        if set(inputs) != set(given[0]):
            raise ValueError(
                f"layer {layer} has {', '.join(inputs)}, and layer 0 has {', '.join(given[0])}: "
                "a torch network has biases in all layers, or in none"
            )


def _check_shapes(layer: int, inputs: Mapping[str, Array], sizes: Sizes) -> None:
    expected = {
        "W": (sizes.D, sizes.stacked, sizes.features(layer)),
        "R": (sizes.D, sizes.stacked, sizes.H_cell),
        "B": (sizes.D, 2 * sizes.stacked),
    }
    for name, array in inputs.items():
        sizes.check(f"layer {layer}: {name}", array, expected[name])
