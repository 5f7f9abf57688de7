"""The weights of a network: drawn as torch draws them, and found by layer and direction."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rnn_ref.shapes import DIRECTIONS, Config, cell_parameter_shapes, parameter_shapes

Array = NDArray[Any]

# torch's name of a kind of parameter, and the formulas' name of it
FORMULA_NAMES: Mapping[str, str] = {
    "weight_ih": "W_ih",
    "weight_hh": "W_hh",
    "bias_ih": "b_ih",
    "bias_hh": "b_hh",
    "weight_hr": "W_hr",
}


def initialise(config: Config, rng: np.random.Generator, dtype: DTypeLike) -> dict[str, Array]:
    """Draw every parameter, biases included, from U(-1/sqrt(H_cell), 1/sqrt(H_cell)).

    The distribution and the order are those of `torch.nn.RNNBase.reset_parameters`; the numbers
    are not, since the generator is another one.

    Args:
        config: The network.
        rng: Where the numbers come from.
        dtype: float32 or float64.

    Returns:
        The parameters under torch's names, in torch's order; the shapes are
        `shapes.parameter_shapes(config)`.
    """
    return _draw(parameter_shapes(config), config.hidden_size, rng, dtype)


def initialise_cell(config: Config, rng: np.random.Generator, dtype: DTypeLike) -> dict[str, Array]:
    """Draw the parameters of a cell, as `initialise` draws those of a network.

    Args:
        config: The cell. torch lets its H_cell be 0.
        rng: Where the numbers come from.
        dtype: float32 or float64.

    Returns:
        The parameters under torch's names, in torch's order; the shapes are
        `shapes.cell_parameter_shapes(config)`.
    """
    return _draw(cell_parameter_shapes(config), config.hidden_size, rng, dtype)


def by_layer(parameters: Mapping[str, Array], config: Config) -> list[list[dict[str, Array]]]:
    """Group the parameters by layer and direction, under the formulas' names.

    Args:
        parameters: The parameters under torch's names.
        config: The network they belong to.

    Returns:
        For each layer, for each direction (forward, then reverse): `{"W_ih": ..., "W_hh": ...}`
        and, where the network has them, b_ih and b_hh. The arrays are not copied.
    """
    D, num_layers = config.sizes["D"], config.num_layers
    return [
        [with_suffix(parameters, f"_l{layer}{direction}") for direction in DIRECTIONS[:D]]
        for layer in range(num_layers)
    ]


def with_suffix(parameters: Mapping[str, Array], suffix: str) -> dict[str, Array]:
    """Pick the parameters of one direction of one layer, or of a cell.

    Args:
        parameters: The parameters under torch's names.
        suffix: What these names end in, such as `"_l1_reverse"`; `""` for a cell.

    Returns:
        The arrays, not copied, under the formulas' names.
    """
    return {
        symbol: parameters[kind + suffix]
        for kind, symbol in FORMULA_NAMES.items()
        if kind + suffix in parameters
    }


def from_layers(grouped: Sequence[Sequence[Mapping[str, Array]]]) -> dict[str, Array]:
    """Undo `by_layer`.

    Args:
        grouped: For each layer, for each direction, arrays under the formulas' names.

    Returns:
        The same arrays under torch's names, in torch's order.
    """
    return {
        name: array
        for layer, directions in enumerate(grouped)
        for direction, group in zip(DIRECTIONS, directions, strict=False)
        for name, array in without_suffix(group, f"_l{layer}{direction}").items()
    }


def without_suffix(group: Mapping[str, Array], suffix: str) -> dict[str, Array]:
    """Undo `with_suffix`.

    Args:
        group: Arrays under the formulas' names.
        suffix: What torch's names end in; `""` for a cell.

    Returns:
        The same arrays under torch's names, in torch's order.
    """
    return {
        kind + suffix: group[symbol] for kind, symbol in FORMULA_NAMES.items() if symbol in group
    }


def _draw(
    shapes: Mapping[str, tuple[int, ...]],
    H_cell: int,
    rng: np.random.Generator,
    dtype: DTypeLike,
) -> dict[str, Array]:
    bound = 1 / math.sqrt(H_cell) if H_cell > 0 else 0.0
    return {name: rng.uniform(-bound, bound, shape).astype(dtype) for name, shape in shapes.items()}
