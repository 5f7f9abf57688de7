"""Keras: the lists of arrays that a layer's `get_weights` gives and `set_weights` takes.

Names and shapes after Keras's `SimpleRNNCell`, `LSTMCell` and `GRUCell`: a kernel is torch's weight
transposed, and there is one bias, but for a GRU with `reset_after=True`, which has torch's two.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_ref import params
from rnn_ref.given import check_choice, read
from rnn_ref.interchange.doors import Sizes, check_layers, parts, read_state_dict, size
from rnn_ref.interchange.gates import reorder
from rnn_ref.shapes import GATES, Mode

Array = NDArray[Any]

# How many arrays a layer may have -> directions, arrays of each
COUNTS = {2: (1, 2), 3: (1, 3), 4: (2, 2), 6: (2, 3)}
DIRECTIONS = ("forward", "backward")


def to_keras(mode: Mode, state_dict: Mapping[str, Any]) -> list[list[Array]]:
    """Bring a network's weights to Keras.

    The two biases of an RNN or LSTM are added into one, which changes no result. In a GRU they stay
    two: its b_hh is multiplied with r, and Keras's GRU has to be made with `reset_after=True`, as
    it is by default.

    Args:
        mode: The kind of network.
        state_dict: Arrays, or tensors on the CPU, under torch's names.

    Returns:
        For each layer what its `set_weights` takes: kernel, (H_in, G*H_cell), recurrent_kernel,
        (H_cell, G*H_cell), and, if there are biases, bias, (G*H_cell,) or, of a GRU,
        (2, G*H_cell). With two directions, for a layer in `Bidirectional`, the same once more.

    Raises:
        TypeError: state_dict is no mapping.
        ValueError: The mode is unknown, state_dict is not that of a network, or it has projections.
        RuntimeError: Names are missing or unknown, or shapes differ.

    Examples:
        ```python
        import rnn_ref
        from rnn_ref.interchange import to_keras

        layers = to_keras("GRU", rnn_ref.GRU(7, 13).state_dict())
        print([array.shape for array in layers[0]])
        #> [(7, 39), (13, 39), (2, 39)]
        ```
    """
    return [
        [array for weights in directions for array in _to_arrays(mode, weights)]
        for directions in read_state_dict(mode, state_dict, "Keras")
    ]


def from_keras(mode: Mode, layers: Sequence[Sequence[ArrayLike]]) -> dict[str, Array]:
    """Bring the weights of Keras's layers to torch.

    The one bias of an RNN or LSTM becomes b_ih, and b_hh is zero. A GRU with `reset_after=False` is
    refused: its formula is another one, and the one bias tells. Without biases nothing tells.

    Args:
        mode: The kind of network: RNN for Keras's `SimpleRNN`.
        layers: `[layer.get_weights() for layer in ...]`, the lowest first, for `Bidirectional`
            layers too: kernel, (H_in, G*H_cell), recurrent_kernel, (H_cell, G*H_cell), and bias,
            (G*H_cell,) or, of a GRU, (2, G*H_cell).

    Returns:
        New arrays under torch's names, in torch's order; the shapes are
        `shapes.parameter_shapes`.

    Raises:
        TypeError: An array is not of numbers.
        ValueError: The mode is unknown, a layer has another number of arrays than one of Keras, an
            array has another shape, or a GRU has one bias.

    Examples:
        ```python
        import numpy as np

        from rnn_ref.interchange import from_keras

        kernel, recurrent_kernel = np.ones((7, 52)), np.ones((13, 52))
        layers = [[kernel, recurrent_kernel, np.ones(52)]]
        for name, array in from_keras("LSTM", layers).items():
            print(name, array.shape, array.max())
        #> weight_ih_l0 (52, 7) 1.0
        #> weight_hh_l0 (52, 13) 1.0
        #> bias_ih_l0 (52,) 1.0
        #> bias_hh_l0 (52,) 0.0
        ```

        Those of a GRU stay apart:

        ```python
        import numpy as np

        from rnn_ref.interchange import from_keras

        kernel, recurrent_kernel = np.ones((7, 39)), np.ones((13, 39))
        bias = np.stack([np.ones(39), np.full(39, 5.0)])
        named = from_keras("GRU", [[kernel, recurrent_kernel, bias]])
        print(named["bias_ih_l0"].max(), named["bias_hh_l0"].max())
        #> 1.0 5.0
        ```
    """
    check_choice("mode", mode, GATES)
    check_layers(layers, "layer.get_weights()")
    given = [_arrays(f"layer {layer}", arrays) for layer, arrays in enumerate(layers)]
    _check_counts(given)
    D, count = COUNTS[len(given[0])]
    H_in = size("layer 0: kernel", given[0][0], 2, 0)
    sizes = Sizes(mode, H_in, size("layer 0: recurrent_kernel", given[0][1], 2, 0), D)
    grouped = []
    for layer, arrays in enumerate(given):
        halves = [arrays[direction * count :][:count] for direction in range(D)]
        for direction, part in zip(DIRECTIONS, halves, strict=False):
            _check_shapes(f"layer {layer}, {direction}", layer, part, sizes)
        grouped.append([_from_arrays(mode, *part) for part in halves])
    return params.from_layers(grouped)


def _arrays(where: str, layer: Sequence[ArrayLike]) -> list[Array]:
    arrays = parts(where, layer, "layer.get_weights()")
    return [read(f"{where}: array {place}", array) for place, array in enumerate(arrays)]


def _to_arrays(mode: Mode, weights: Mapping[str, Array]) -> list[Array]:
    theirs = {symbol: reorder(array, mode, "torch", "Keras") for symbol, array in weights.items()}
    arrays = [np.ascontiguousarray(theirs[symbol].T) for symbol in ("W_ih", "W_hh")]
    if "b_ih" in theirs:
        both = np.stack([theirs["b_ih"], theirs["b_hh"]])
        arrays.append(both if mode == "GRU" else both.sum(axis=0))
    return arrays


def _from_arrays(
    mode: Mode, kernel: Array, recurrent_kernel: Array, bias: Array | None = None
) -> dict[str, Array]:
    theirs = {"W_ih": kernel.T, "W_hh": recurrent_kernel.T}
    if bias is not None:
        both = bias if mode == "GRU" else np.stack([bias, np.zeros_like(bias)])
        theirs |= {"b_ih": both[0], "b_hh": both[1]}
    return {symbol: reorder(array, mode, "Keras", "torch") for symbol, array in theirs.items()}


def _check_counts(given: Sequence[Sequence[Array]]) -> None:
    for layer, arrays in enumerate(given):
        if len(arrays) not in COUNTS:
            raise ValueError(
                f"layer {layer} should have 2 or 3 arrays, or 4 or 6 if it is Bidirectional, "
                f"got {len(arrays)}. Pass layer.get_weights() of each recurrent layer"
            )
        if len(arrays) != len(given[0]):
            raise ValueError(
                f"layer {layer} has {len(arrays)} arrays, and layer 0 has {len(given[0])}: all "
                "layers of a torch network have the same directions, and biases or none"
            )


def _check_shapes(where: str, layer: int, arrays: Sequence[Array], sizes: Sizes) -> None:
    kernel, recurrent_kernel, *bias = arrays
    sizes.check(f"{where}: kernel", kernel, (sizes.features(layer), sizes.stacked))
    sizes.check(f"{where}: recurrent_kernel", recurrent_kernel, (sizes.H_cell, sizes.stacked))
    for array in bias:
        if sizes.mode == "GRU" and array.shape == (sizes.stacked,):
            raise ValueError(
                f"{where}: bias should have the shape {(2, sizes.stacked)}, got {array.shape}, so "
                "this is a GRU with reset_after=False. It multiplies r with h before the matrix "
                "product; torch's multiplies r with what comes out of it, and no weights make up "
                "for that. Train it with reset_after=True"
            )
        one = (sizes.stacked,)
        sizes.check(f"{where}: bias", array, (2, *one) if sizes.mode == "GRU" else one)
