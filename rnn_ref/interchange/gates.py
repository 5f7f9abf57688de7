"""In which order each library stacks the blocks of a weight, one for each gate or candidate."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_ref.cells import GRU_GATES, LSTM_GATES
from rnn_ref.shapes import Mode

Array = NDArray[Any]

UNNAMED = ("",)  # an RNN has one block, which no library names

ORDERS: Mapping[str, Mapping[Mode, tuple[str, ...]]] = {
    "torch": {"RNN": UNNAMED, "LSTM": LSTM_GATES, "GRU": GRU_GATES},
    "Keras": {"RNN": UNNAMED, "LSTM": ("i", "f", "g", "o"), "GRU": ("z", "r", "n")},
    "ONNX": {"RNN": UNNAMED, "LSTM": ("i", "o", "f", "g"), "GRU": ("z", "r", "n")},
}
"""By library and kind of network, in torch's letters: Keras and ONNX write c for the g of an LSTM,
and h for the n of a GRU. Flax stacks nothing: it holds each block under a name of its own. From
Keras's `LSTMCell.call` and `GRUCell.call`, and ONNX's operators LSTM and GRU."""


def cut(array: Array, mode: Mode, library: str = "torch") -> dict[str, Array]:
    """Cut the first axis into the blocks.

    Args:
        array: (G*H_cell,) or (G*H_cell, features).
        mode: The kind of network.
        library: Whose order it is in, a key of `ORDERS`.

    Returns:
        Views, (H_cell,) or (H_cell, features), by the gate's letter.
    """
    order = ORDERS[library][mode]
    return dict(zip(order, np.split(array, len(order)), strict=True))


def stack(blocks: Mapping[str, Array], mode: Mode, library: str = "torch") -> Array:
    """Undo `cut`.

    Args:
        blocks: (H_cell,) or (H_cell, features), by the gate's letter.
        mode: The kind of network.
        library: In whose order they are put, a key of `ORDERS`.

    Returns:
        A new array, (G*H_cell,) or (G*H_cell, features).
    """
    return np.concatenate([blocks[gate] for gate in ORDERS[library][mode]])


def reorder(array: Array, mode: Mode, source: str, target: str) -> Array:
    """Put the blocks of the first axis into another library's order.

    Args:
        array: (G*H_cell,) or (G*H_cell, features).
        mode: The kind of network.
        source: Whose order it is in, a key of `ORDERS`.
        target: Whose order the result is in.

    Returns:
        A new array of the same shape.
    """
    return stack(cut(array, mode, source), mode, target)
