"""What is checked of weights that come in, from torch or from another library."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_ref import errors, given, params
from rnn_ref.shapes import GATES, Config, Mode, parameter_shapes

Array = NDArray[Any]
Grouped = list[list[dict[str, Array]]]  # by layer and direction, under the formulas' names
NEEDED = ("weight_ih_l0", "weight_hh_l0")


def read_state_dict(mode: Mode, state_dict: Mapping[str, Any], library: str) -> Grouped:
    """Group a network's weights by layer and direction, all of them, of the shapes they have to be.

    Args:
        mode: The kind of network.
        state_dict: Arrays, or tensors on the CPU, under torch's names.
        library: Where they go, for the message.

    Returns:
        For each layer, for each direction, the arrays under the formulas' names.

    Raises:
        TypeError: state_dict is no mapping.
        ValueError: The mode is unknown, state_dict is not that of a network, or it has projections.
        RuntimeError: Names are missing or unknown, or shapes differ; the text is torch's.
    """
    given.check_choice("mode", mode, GATES)
    errors.check_mapping(state_dict)
    _check_network(state_dict, library)
    config = _config_of(mode, state_dict)
    errors.check_state_dict(mode, state_dict, parameter_shapes(config))
    arrays = {name: given.read(name, value) for name, value in state_dict.items()}
    return params.by_layer(arrays, config)


def _check_network(state_dict: Mapping[str, Any], library: str) -> None:
    missing = [name for name in NEEDED if name not in state_dict]
    if missing:
        raise ValueError(
            f"state_dict should hold {missing[0]!r}, got: {', '.join(map(str, state_dict))}. "
            "Pass that of the network alone, model.rnn.state_dict(); "
            "to the names of a cell append _l0"
        )
    if "weight_hr_l0" in state_dict:
        raise ValueError(
            f"state_dict holds 'weight_hr_l0', and {library} has no projections. "
            "Only an LSTM with proj_size=0 can be brought over"
        )
    for name in NEEDED:
        if len(np.shape(state_dict[name])) != 2:
            raise ValueError(f"{name} should have 2 axes, got: {np.shape(state_dict[name])}")


def _config_of(mode: Mode, state_dict: Mapping[str, Any]) -> Config:
    """Read the options of a network off the names and shapes of its weights."""
    return Config(
        mode,
        input_size=np.shape(state_dict["weight_ih_l0"])[1],
        hidden_size=np.shape(state_dict["weight_hh_l0"])[1],
        num_layers=sum(re.fullmatch(r"weight_ih_l\d+", name) is not None for name in state_dict),
        bias="bias_ih_l0" in state_dict,
        bidirectional="weight_ih_l0_reverse" in state_dict,
    )


@dataclass(frozen=True)
class Sizes:
    """What the first layer says of all others.

    Attributes:
        mode: The kind of network.
        H_in: Of the lowest layer.
        H_cell: Of all layers, since torch has one hidden_size.
        D: Directions, of all layers too.

    Raises:
        ValueError: There are neither 1 nor 2 directions.
    """

    mode: Mode
    H_in: int
    H_cell: int
    D: int

    def __post_init__(self) -> None:
        """Refuse what torch has no names for."""
        if self.D not in (1, 2):
            raise ValueError(f"layers should have 1 or 2 directions, got {self.D}")

    @property
    def stacked(self) -> int:
        """G*H_cell, the rows of all blocks."""
        return GATES[self.mode] * self.H_cell

    def features(self, layer: int) -> int:
        """What a layer reads.

        Args:
            layer: Counted from 0.
        """
        return self.H_in if layer == 0 else self.D * self.H_cell

    def check(self, where: str, array: Array, shape: tuple[int, ...]) -> None:
        """Check an array of a layer.

        Args:
            where: The layer, and what the library calls the array.
            array: What was given.
            shape: What it has to be.

        Raises:
            ValueError: Its shape is another.
        """
        if array.shape != shape:
            raise ValueError(
                f"{where} should have the shape {shape}, got {array.shape}: torch's {self.mode} "
                f"is read with input_size={self.H_in}, hidden_size={self.H_cell} and "
                f"{self.D} direction{'s' * (self.D > 1)} in all layers"
            )


def check_layers(layers: Sequence[object], what: str) -> None:
    """Check that there is a layer.

    Args:
        layers: What was given for each layer.
        what: What it has to be, for the message.

    Raises:
        ValueError: There is none, or a mapping in place of a list.
    """
    if not given.is_list(layers) or not len(layers):
        raise ValueError(
            f"layers should be a list with {what} for each layer, got: {given.shown(layers)}"
        )


def parts(where: str, layer: Any, what: str) -> list[Any]:
    """Read the list that a layer is given as.

    Args:
        where: The layer.
        layer: What was given for it.
        what: What it has to be, for the message.

    Returns:
        Its parts.

    Raises:
        ValueError: It is no list.
    """
    if not given.is_list(layer):
        raise ValueError(f"{where} should be {what}, got: {given.shown(layer)}")
    return list(layer)


def size(where: str, array: Array, ndim: int, axis: int) -> int:
    """Read a size off an array.

    Args:
        where: The layer, and what the library calls the array.
        array: What was given.
        ndim: How many axes it has to have.
        axis: Which of them is asked for.

    Raises:
        ValueError: It has another number of axes.
    """
    if array.ndim != ndim:
        raise ValueError(f"{where} should have {ndim} axes, got {array.shape}")
    return int(array.shape[axis])
