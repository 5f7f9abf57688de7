"""Flax, the most used library of networks for JAX: the parameters of its cells.

Names and shapes after `flax.linen.SimpleCell`, `LSTMCell` (`OptimizedLSTMCell` has the same) and
`GRUCell`: each gate has a dense layer for the input, `ii`, and one for the state, `hi`, and where
their results are added only one of the two has a bias.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_ref import params
from rnn_ref.given import check_choice, read
from rnn_ref.interchange.doors import Sizes, check_layers, parts, read_state_dict, size
from rnn_ref.interchange.gates import ORDERS, cut, stack
from rnn_ref.shapes import GATES, Mode

Array = NDArray[Any]
Cell = dict[str, dict[str, Array]]

SIDES = {"i": ("W_ih", "b_ih"), "h": ("W_hh", "b_hh")}
# Which dense layers have a bias
BIASED: Mapping[Mode, tuple[str, ...]] = {
    "RNN": ("i",),
    "LSTM": ("hi", "hf", "hg", "ho"),
    "GRU": ("ir", "iz", "in", "hn"),
}


def to_flax(mode: Mode, state_dict: Mapping[str, Any]) -> list[list[dict[str, dict[str, Array]]]]:
    """Bring a network's weights to Flax.

    Where Flax has one bias, it is the sum of torch's two, which changes no result; the two of a
    GRU's n stay two. A network without biases gets zeros.

    Args:
        mode: The kind of network.
        state_dict: Arrays, or tensors on the CPU, under torch's names.

    Returns:
        For each layer, for each direction, the parameters of the cell: for each dense layer its
        kernel, (H_in, H_cell) or (H_cell, H_cell), and, if it has one, its bias, (H_cell,).

    Raises:
        TypeError: state_dict is no mapping.
        ValueError: The mode is unknown, state_dict is not that of a network, or it has projections.
        RuntimeError: Names are missing or unknown, or shapes differ.

    Examples:
        ```python
        import rnn_ref
        from rnn_ref.interchange import to_flax

        layers = to_flax("GRU", rnn_ref.GRU(7, 13).state_dict())
        cell = layers[0][0]
        print(list(cell))
        #> ['ir', 'iz', 'in', 'hr', 'hz', 'hn']
        print(cell["ir"]["kernel"].shape, cell["hn"]["bias"].shape)
        #> (7, 13) (13,)
        ```
    """
    return [
        [_to_cell(mode, weights) for weights in directions]
        for directions in read_state_dict(mode, state_dict, "Flax")
    ]


def from_flax(
    mode: Mode, layers: Sequence[Sequence[Mapping[str, Mapping[str, Any]]]]
) -> dict[str, Array]:
    """Bring the parameters of Flax's cells to torch.

    Where Flax has one bias, it becomes b_ih or b_hh, and the other is zero.

    Args:
        mode: The kind of network: RNN for Flax's `SimpleCell`.
        layers: For each layer, the lowest first, a list with the parameters of its cell, or of its
            forward and backward cell: for each dense layer its kernel, (H_in, H_cell) or
            (H_cell, H_cell), and, if it has one, its bias, (H_cell,).

    Returns:
        New arrays under torch's names, in torch's order; the shapes are
        `shapes.parameter_shapes`.

    Raises:
        TypeError: An array is not of numbers.
        ValueError: The mode is unknown, a dense layer is missing or is none of the cell's, or an
            array has another shape.

    Examples:
        ```python
        import numpy as np

        from rnn_ref.interchange import from_flax

        cell = {
            "i": {"kernel": np.ones((7, 13)), "bias": np.ones(13)},
            "h": {"kernel": np.ones((13, 13))},
        }
        for name, array in from_flax("RNN", [[cell]]).items():
            print(name, array.shape)
        #> weight_ih_l0 (13, 7)
        #> weight_hh_l0 (13, 13)
        #> bias_ih_l0 (13,)
        #> bias_hh_l0 (13,)
        ```
    """
    check_choice("mode", mode, GATES)
    check_layers(layers, "a list of cells")
    listed = [parts(f"layer {k}", cells, "a list of cells") for k, cells in enumerate(layers)]
    grouped = [
        [_arrays(f"layer {k}, cell {i}", mode, cell) for i, cell in enumerate(cells)]
        for k, cells in enumerate(listed)
    ]
    sizes = _sizes(mode, grouped)
    for layer, cells in enumerate(grouped):
        _check_shapes(layer, cells, sizes)
    return params.from_layers([[_from_cell(mode, cell) for cell in cells] for cells in grouped])


def _to_cell(mode: Mode, weights: Mapping[str, Array]) -> Cell:
    absent = np.zeros_like(weights["W_ih"][:, 0])
    biases = {side: cut(weights.get(b, absent), mode) for side, (_, b) in SIDES.items()}
    cell: Cell = {}
    for side, (W, _) in SIDES.items():
        for gate, block in cut(weights[W], mode).items():
            cell[side + gate] = {"kernel": np.ascontiguousarray(block.T)}
            if side + gate in BIASED[mode]:
                cell[side + gate]["bias"] = _bias(mode, side, gate, biases)
    return cell


def _bias(mode: Mode, side: str, gate: str, biases: Mapping[str, Mapping[str, Array]]) -> Array:
    """Add the bias of the other side, unless that side has one of its own."""
    other = "h" if side == "i" else "i"
    if other + gate in BIASED[mode]:
        return biases[side][gate].copy()
    return biases[side][gate] + biases[other][gate]


def _from_cell(mode: Mode, cell: Cell) -> dict[str, Array]:
    weights: dict[str, Array] = {}
    for side, (W, b) in SIDES.items():
        dense = {gate: cell[side + gate] for gate in ORDERS["torch"][mode]}
        kernels = {gate: parts["kernel"].T for gate, parts in dense.items()}
        absent = {gate: np.zeros_like(kernel[:, 0]) for gate, kernel in kernels.items()}
        biases = {gate: parts.get("bias", absent[gate]) for gate, parts in dense.items()}
        weights |= {W: stack(kernels, mode), b: stack(biases, mode)}
    return weights


def _expected(mode: Mode) -> dict[str, set[str]]:
    """Name the dense layers of a cell, and what each holds."""
    names = [side + gate for side in SIDES for gate in ORDERS["torch"][mode]]
    return {name: {"kernel", "bias"} if name in BIASED[mode] else {"kernel"} for name in names}


def _names(cell: Mapping[str, Any]) -> dict[str, set[str]]:
    return {
        name: set(parts) if isinstance(parts, Mapping) else set() for name, parts in cell.items()
    }


def _arrays(where: str, mode: Mode, cell: Mapping[str, Mapping[str, Any]]) -> Cell:
    expected = _expected(mode)
    if not isinstance(cell, Mapping) or _names(cell) != expected:
        got = _names(cell) if isinstance(cell, Mapping) else type(cell).__name__
        raise ValueError(
            f"{where} should hold the dense layers {', '.join(expected)}, each with a kernel, and "
            f"{', '.join(BIASED[mode])} with a bias, got: {got}. Pass the parameters of the cell "
            "alone, in Flax's RNN params['cell'], and a list of cells for each layer"
        )
    return {
        name: {part: read(f"{where}: {name}, {part}", value) for part, value in dense.items()}
        for name, dense in cell.items()
    }


def _sizes(mode: Mode, grouped: Sequence[Sequence[Cell]]) -> Sizes:
    """Read the sizes off the first cell, and check how many each layer has."""
    counts = [len(cells) for cells in grouped]
    if set(counts) not in ({1}, {2}):
        raise ValueError(
            f"layers should have one cell each, or forward and backward, got {counts}: all layers "
            "of a torch network have the same directions"
        )
    first = grouped[0][0]
    kernels = [first[side + ORDERS["torch"][mode][0]]["kernel"] for side in SIDES]
    H_in, H_cell = (size("layer 0: a kernel", kernel, 2, 0) for kernel in kernels)
    return Sizes(mode, H_in, H_cell, counts[0])


def _check_shapes(layer: int, cells: Sequence[Cell], sizes: Sizes) -> None:
    rows = {"i": sizes.features(layer), "h": sizes.H_cell}
    for direction, cell in enumerate(cells):
        for name, dense in cell.items():
            where = f"layer {layer}, cell {direction}: {name}"
            sizes.check(f"{where}, kernel", dense["kernel"], (rows[name[0]], sizes.H_cell))
            if "bias" in dense:
                sizes.check(f"{where}, bias", dense["bias"], (sizes.H_cell,))
