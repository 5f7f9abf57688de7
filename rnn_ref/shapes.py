"""What every axis of a recurrent network's tensors means: the symbols, the rules, the numbers.

The letters are those of the `torch.nn.RNN`, `torch.nn.LSTM` and `torch.nn.GRU` documentation.
A rule is a string: its dimensions stand between spaces, and a dimension is a symbol or a product
of symbols, as in `"D*num_layers N H_out"`. `rule` reads one, `evaluate` puts numbers in.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rnn_ref import errors, given

Mode = Literal["RNN", "LSTM", "GRU"]

SYMBOLS: Mapping[str, str] = {
    "N": "batch size",
    "L": "sequence length",
    "H_in": "input_size, the features of one input step",
    "H_cell": "hidden_size, the features inside the cell",
    "H_out": "the features that leave the cell: proj_size if there is one, otherwise hidden_size",
    "D": "directions: 2 if bidirectional, otherwise 1",
    "num_layers": "layers, stacked",
    "G": "blocks of H_cell rows, a gate or candidate each: 1 in an RNN, 4 in an LSTM, 3 in a GRU",
}
"""What each symbol counts."""

GATES: Mapping[Mode, int] = {"RNN": 1, "LSTM": 4, "GRU": 3}
"""The number behind G."""

TENSORS: Mapping[str, str] = {
    "input": "L N H_in",
    "h_0": "D*num_layers N H_out",
    "c_0": "D*num_layers N H_cell",
    "output": "L N D*H_out",
    "h_n": "D*num_layers N H_out",
    "c_n": "D*num_layers N H_cell",
}
"""What goes into a network and what comes out, batched and with L before N."""

PARAMETERS: Mapping[str, str] = {
    "weight_ih_l0": "G*H_cell H_in",
    "weight_ih_l[k]": "G*H_cell D*H_out",  # k > 0: what such a layer reads is an output
    "weight_hh": "G*H_cell H_out",
    "bias_ih": "G*H_cell",
    "bias_hh": "G*H_cell",
    "weight_hr": "H_out H_cell",
}
"""The parameters of each direction of each layer; `k` is any layer above the lowest."""

CELL: Mapping[str, str] = {
    "input": "N H_in",
    "h_0": "N H_out",
    "c_0": "N H_cell",
    "h_1": "N H_out",
    "c_1": "N H_cell",
    "weight_ih": "G*H_cell H_in",
    "weight_hh": "G*H_cell H_out",
    "bias_ih": "G*H_cell",
    "bias_hh": "G*H_cell",
}
"""The tensors and parameters of RNNCell, LSTMCell and GRUCell."""

STATES: Mapping[Mode, tuple[str, ...]] = {
    "RNN": ("h_0",),
    "LSTM": ("h_0", "c_0"),
    "GRU": ("h_0",),
}
"""What a network or a cell remembers between two steps, in the order of the argument hx."""

KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
DIRECTIONS = ("", "_reverse")

_LAYERED = re.compile(rf"({'|'.join(KINDS)})_l(0|[1-9]\d*|\[k\])(?:_reverse)?")


class SymbolicShape(tuple[str, ...]):
    """A shape whose dimensions are symbols; `str` writes it as a page does, `(L, N, H_in)`.

    Examples:
        ```python
        from rnn_ref.shapes import rule

        shape = rule("h_n")
        print(shape, shape[0])
        #> (D*num_layers, N, H_out) D*num_layers
        print(rule("bias_ih"))
        #> (G*H_cell,)
        ```
    """

    __slots__ = ()

    def __str__(self) -> str:
        """The shape as text; one dimension keeps its comma, `(G*H_cell,)`."""
        return f"({', '.join(self)}{',' * (len(self) == 1)})"


@dataclass(frozen=True)
class Config:
    """What decides the shapes of a network, under the names of torch's constructor.

    Attributes:
        mode: `"RNN"`, `"LSTM"` or `"GRU"`.
        input_size: H_in, at least 1.
        hidden_size: H_cell, at least 1.
        num_layers: Layers, stacked, at least 1.
        bias: Whether there are bias_ih and bias_hh.
        batch_first: Whether input and output begin with N instead of L.
        bidirectional: Whether each layer also reads the sequence from its end (D is then 2).
        proj_size: H_out of an LSTM with projections, less than hidden_size; 0 means none, and H_out
            is H_cell.

    Raises:
        TypeError: An option is of another type; all are checked as torch's constructor does.
        ValueError: An option is out of its range, the mode is unknown, or a network that is no LSTM
            has a proj_size.

    Examples:
        ```python
        from rnn_ref.shapes import Config

        config = Config("LSTM", input_size=7, hidden_size=13, proj_size=11)
        print(config.sizes)
        #> {'H_in': 7, 'H_cell': 13, 'H_out': 11, 'D': 1, 'num_layers': 1, 'G': 4}
        ```
    """

    mode: Mode
    input_size: int
    hidden_size: int
    num_layers: int = 1
    bias: bool = True
    batch_first: bool = False
    bidirectional: bool = False
    proj_size: int = 0

    def __post_init__(self) -> None:
        """Refuse what has no shapes."""
        given.check_choice("mode", self.mode, GATES)
        sizes = (self.input_size, self.hidden_size, self.num_layers)
        switches = (self.bias, self.batch_first, self.bidirectional)
        errors.check_options(*sizes, *switches, self.proj_size)
        if self.proj_size and self.mode != "LSTM":
            raise ValueError(
                f"Only an LSTM has projections, got proj_size={self.proj_size} for {self.mode}."
            )

    @property
    def sizes(self) -> dict[str, int]:
        """The number behind each symbol, except N and L: those belong to the data."""
        return {
            "H_in": self.input_size,
            "H_cell": self.hidden_size,
            "H_out": self.proj_size or self.hidden_size,
            "D": 2 if self.bidirectional else 1,
            "num_layers": self.num_layers,
            "G": GATES[self.mode],
        }


class CellConfig(Config):
    """What decides the shapes of RNNCell, LSTMCell or GRUCell: mode, sizes and bias.

    torch checks less of a cell than of a network: a size may be 0, and bias any truth value.

    Attributes:
        mode: `"RNN"`, `"LSTM"` or `"GRU"`.
        input_size: H_in.
        hidden_size: H_cell, and H_out.
        num_layers: 1.
        bias: Whether there are bias_ih and bias_hh.
        batch_first: Says nothing of a cell.
        bidirectional: False.
        proj_size: 0.

    Raises:
        TypeError: A size is no integer, or bias neither true nor false.
        ValueError: The mode is unknown.

    Examples:
        ```python
        from rnn_ref.shapes import CellConfig, cell_state_shapes

        print(cell_state_shapes(CellConfig("LSTM", 7, 0), N=3))
        #> ((3, 0), (3, 0))
        ```
    """

    def __post_init__(self) -> None:
        """Refuse what has no shapes."""
        given.check_choice("mode", self.mode, GATES)
        errors.check_cell_sizes(input_size=self.input_size, hidden_size=self.hidden_size)
        given.check_truth("bias", self.bias)


def rule(name: str, *, batch_first: bool = False, batched: bool = True) -> SymbolicShape:
    """Give the symbolic shape of a network's tensor or parameter.

    Args:
        name: A key of `TENSORS` or `PARAMETERS`, or a parameter's full name in torch, such as
            `"weight_ih_l1_reverse"`.
        batch_first: As in torch's constructor. It moves the batch of input and output, and of
            nothing else; without a batch it changes nothing.
        batched: False for a single sequence, whose tensors have no N.

    Returns:
        The shape, such as `(L, N, D*H_out)`.

    Raises:
        TypeError: An argument is of another type.
        ValueError: The name is unknown.

    Examples:
        ```python
        from rnn_ref.shapes import rule

        print(rule("output"))
        #> (L, N, D*H_out)
        print(rule("output", batch_first=True), rule("output", batched=False))
        #> (N, L, D*H_out) (L, D*H_out)
        print(rule("weight_ih_l1_reverse"))
        #> (G*H_cell, D*H_out)
        ```
    """
    given.check_text("name", name)
    given.check_type("batch_first", batch_first, bool)
    given.check_type("batched", batched, bool)
    shape = _look_up({**TENSORS, **PARAMETERS}, _parameter_key(name))
    if not batched:
        shape = drop_batch(shape)
    return put_batch_first(shape) if batch_first else shape


def cell_rule(name: str, *, batched: bool = True) -> SymbolicShape:
    """Give the symbolic shape of a tensor or parameter of RNNCell, LSTMCell or GRUCell.

    Args:
        name: A key of `CELL`. The state that goes in is h_0 (and c_0), the one that comes out h_1
            (and c_1), as in torch's documentation of LSTMCell.
        batched: False for a single row, whose tensors have no N.

    Returns:
        The shape, such as `(N, H_out)`.

    Raises:
        TypeError: An argument is of another type.
        ValueError: The name is unknown.

    Examples:
        ```python
        from rnn_ref.shapes import cell_rule

        print(cell_rule("h_1"), cell_rule("h_1", batched=False))
        #> (N, H_out) (H_out,)
        ```
    """
    given.check_text("name", name)
    given.check_type("batched", batched, bool)
    shape = _look_up(CELL, name)
    return shape if batched else drop_batch(shape)


def drop_batch(shape: SymbolicShape) -> SymbolicShape:
    """Leave N out, wherever it stands: the layout of unbatched tensors.

    Args:
        shape: The dimensions of a batched tensor.

    Returns:
        The others, in the same order.

    Raises:
        TypeError: They are no texts.

    Examples:
        ```python
        from rnn_ref.shapes import drop_batch, rule

        print(drop_batch(rule("h_0")))
        #> (D*num_layers, H_out)
        ```
    """
    return SymbolicShape(dim for dim in _dimensions(shape) if dim != "N")


def put_batch_first(shape: SymbolicShape) -> SymbolicShape:
    """Swap a leading L, N: the layout of batch_first. A state begins otherwise and stays.

    Args:
        shape: The dimensions of a tensor.

    Returns:
        The same dimensions, N before L.

    Raises:
        TypeError: They are no texts.

    Examples:
        ```python
        from rnn_ref.shapes import put_batch_first, rule

        print(put_batch_first(rule("input")), put_batch_first(rule("h_0")))
        #> (N, L, H_in) (D*num_layers, N, H_out)
        ```
    """
    dimensions = _dimensions(shape)
    return SymbolicShape(("N", "L", *dimensions[2:])) if dimensions[:2] == ("L", "N") else shape


def evaluate(shape: Iterable[str], sizes: Mapping[str, int]) -> tuple[int, ...]:
    """Put numbers in for the symbols of a shape.

    Args:
        shape: The dimensions, each a symbol or a product such as `"D*num_layers"`.
        sizes: The number behind each symbol, such as `{**config.sizes, "L": 5, "N": 3}`.

    Returns:
        The shape in numbers.

    Raises:
        TypeError: The dimensions are no texts, or a size is no integer.
        ValueError: A symbol of the shape has no number in `sizes`.

    Examples:
        ```python
        from rnn_ref.shapes import evaluate, rule

        sizes = {"D": 2, "num_layers": 3, "N": 5, "H_out": 13}
        print(evaluate(rule("h_n"), sizes))
        #> (6, 5, 13)
        ```
    """
    dimensions = _dimensions(shape)
    given.check_mapping("sizes", sizes, "the number of each symbol")
    return tuple(math.prod(_size(symbol, sizes) for symbol in dim.split("*")) for dim in dimensions)


def tensor_shapes(config: Config, *, L: int, N: int | None = None) -> dict[str, tuple[int, ...]]:
    """Give the shape of every tensor that goes into a network or comes out of it.

    Args:
        config: The network.
        L: Sequence length.
        N: Batch size; None for one sequence without a batch axis.

    Returns:
        The shapes of input, h_0, output and h_n, and of an LSTM's c_0 and c_n, by name.

    Raises:
        TypeError: config is none, or L or N no integer.
        ValueError: L or N is negative, or larger than a size can be.

    Examples:
        ```python
        from rnn_ref.shapes import Config, tensor_shapes

        config = Config("GRU", 7, 13, bidirectional=True)
        for name, shape in tensor_shapes(config, L=5, N=3).items():
            print(name, shape)
        #> input (5, 3, 7)
        #> h_0 (2, 3, 13)
        #> output (5, 3, 26)
        #> h_n (2, 3, 13)
        ```
    """
    _check_config(config)
    for name, size in {"L": L, "N": 0 if N is None else N}.items():
        given.check_size(name, size)
    sizes = config.sizes | {"L": L} | ({} if N is None else {"N": N})
    names = [name for name in TENSORS if config.mode == "LSTM" or not name.startswith("c_")]
    layout = {"batch_first": config.batch_first, "batched": N is not None}
    return {name: evaluate(rule(name, **layout), sizes) for name in names}


def state_shapes(config: Config, N: int) -> tuple[tuple[int, ...], ...]:
    """Give the shapes of the states that go into a network, in the order of `STATES`.

    Remembered, since every call of a network asks.

    Args:
        config: The network.
        N: Batch size.

    Returns:
        The shape of h_0 and, of an LSTM, of c_0.

    Raises:
        TypeError: config is none, or N no integer.
        ValueError: N is negative, or larger than a size can be.

    Examples:
        ```python
        from rnn_ref.shapes import Config, state_shapes

        print(state_shapes(Config("LSTM", 7, 13, num_layers=2), N=3))
        #> ((2, 3, 13), (2, 3, 13))
        ```
    """
    _check_config(config)
    given.check_size("N", N)
    return _state_shapes(rule, config, int(N))


def cell_state_shapes(config: Config, N: int) -> tuple[tuple[int, ...], ...]:
    """Give the shapes of the states that go into a cell, in the order of `STATES`.

    Remembered, since every call of a cell asks.

    Args:
        config: The cell.
        N: Batch size.

    Returns:
        The shape of h_0 and, of an LSTMCell, of c_0.

    Raises:
        TypeError: config is none, or N no integer.
        ValueError: N is negative, or larger than a size can be.

    Examples:
        ```python
        from rnn_ref.shapes import Config, cell_state_shapes

        print(cell_state_shapes(Config("GRU", 7, 13), N=3))
        #> ((3, 13),)
        ```
    """
    _check_config(config)
    given.check_size("N", N)
    return _state_shapes(cell_rule, config, int(N))


def parameter_shapes(config: Config) -> dict[str, tuple[int, ...]]:
    """Give the shape of every parameter of a network.

    Args:
        config: The network.

    Returns:
        The shapes under torch's names, in torch's order: layer by layer, forward before reverse.

    Raises:
        TypeError: config is none.

    Examples:
        ```python
        from rnn_ref.shapes import Config, parameter_shapes

        config = Config("RNN", 7, 13, num_layers=2, bias=False)
        for name, shape in parameter_shapes(config).items():
            print(name, shape)
        #> weight_ih_l0 (13, 7)
        #> weight_hh_l0 (13, 13)
        #> weight_ih_l1 (13, 13)
        #> weight_hh_l1 (13, 13)
        ```
    """
    _check_config(config)
    D, num_layers = config.sizes["D"], config.num_layers
    names = [
        f"{kind}_l{layer}{direction}"
        for layer in range(num_layers)
        for direction in DIRECTIONS[:D]
        for kind in _kinds(config)
    ]
    return {name: evaluate(rule(name), config.sizes) for name in names}


def cell_parameter_shapes(config: Config) -> dict[str, tuple[int, ...]]:
    """Give the shape of every parameter of RNNCell, LSTMCell or GRUCell.

    Args:
        config: Its mode, sizes and bias; a cell has one layer and one direction.

    Returns:
        The shapes under torch's names, in torch's order.

    Raises:
        TypeError: config is none.

    Examples:
        ```python
        from rnn_ref.shapes import Config, cell_parameter_shapes

        print(cell_parameter_shapes(Config("GRU", 7, 13, bias=False)))
        #> {'weight_ih': (39, 7), 'weight_hh': (39, 13)}
        ```
    """
    _check_config(config)
    return {name: evaluate(cell_rule(name), config.sizes) for name in _kinds(config)}


def _check_config(config: object) -> None:
    given.check_type("config", config, Config)


@lru_cache
def _state_shapes(
    read: Callable[[str], SymbolicShape], config: Config, N: int
) -> tuple[tuple[int, ...], ...]:
    sizes = {**config.sizes, "N": N}
    return tuple(evaluate(read(name), sizes) for name in STATES[config.mode])


def _dimensions(shape: Iterable[str]) -> tuple[str, ...]:
    """Check the dimensions of a shape: a text alone would be read letter by letter."""
    has_parts = given.is_list(shape) or isinstance(shape, Iterator)
    dimensions = tuple(shape) if has_parts else ()
    if not has_parts or not all(isinstance(dim, str) for dim in dimensions):
        raise TypeError(
            f"shape should be its dimensions, a text each, got: {given.shown(shape)}. "
            "rule(name) gives one"
        )
    return dimensions


def _kinds(config: Config) -> list[str]:
    """Name the kinds of parameters that each direction of each layer has."""
    return [
        kind
        for kind in KINDS
        if (config.bias or not kind.startswith("bias")) and (config.proj_size or kind[-2:] != "hr")
    ]


def _parameter_key(name: str) -> str:
    """Turn a full parameter name into its key; only weight_ih depends on the layer."""
    match = _LAYERED.fullmatch(name)
    if match is None:
        return name
    kind, layer = match.groups()
    if kind != "weight_ih":
        return kind
    return "weight_ih_l0" if layer == "0" else "weight_ih_l[k]"


def _look_up(rules: Mapping[str, str], name: str) -> SymbolicShape:
    if name not in rules:
        raise ValueError(f"No rule for {given.shown(name)}. Known are: {', '.join(rules)}.")
    return SymbolicShape(rules[name].split())


def _size(symbol: str, sizes: Mapping[str, int]) -> int:
    if symbol not in sizes:
        known = ", ".join(map(str, sizes))
        raise ValueError(f"No size for {symbol!r}. Sizes are given for: {known}.")
    given.check_integer(symbol, sizes[symbol])
    return sizes[symbol]
