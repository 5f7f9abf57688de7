"""Every tensor and parameter of a network in one table, in symbols and in numbers."""

import dataclasses
import math
import textwrap
from collections.abc import Sequence
from typing import Any

from rnn_ref import shapes

WIDTH = 80  # columns of what is printed


def explain(network: Any, *, L: int, N: int | None = None) -> str:
    """Write down every tensor and parameter of a network, in symbols and in numbers.

    Args:
        network: A `shapes.Config`, or a network of torch or of ours, whose options are read.
        L: Sequence length.
        N: Batch size; None for one sequence without a batch axis.

    Returns:
        A text of several lines: the constructor, the symbols with their sizes, the tensors, the
        parameters with how many numbers each holds, and the total.

    Raises:
        TypeError: network is none, such as a cell or a model that holds one.

    Examples:
        ```python
        from rnn_ref.diagnose import explain
        from rnn_ref.shapes import Config

        print(explain(Config("RNN", 7, 13, bias=False), L=5, N=3))
        #> torch.nn.RNN(7, 13, bias=False)
        #>
        #> N          = 3     batch size
        #> L          = 5     sequence length
        #> H_in       = 7     input_size, the features of one input step
        #> H_cell     = 13    hidden_size, the features inside the cell
        #> H_out      = 13    the features that leave the cell: proj_size if there is one,
        #>                    otherwise hidden_size
        #> D          = 1     directions: 2 if bidirectional, otherwise 1
        #> num_layers = 1     layers, stacked
        #> G          = 1     blocks of H_cell rows, a gate or candidate each: 1 in an RNN,
        #>                    4 in an LSTM, 3 in a GRU
        #>
        #> tensor        shape                     size
        #> input         (L, N, H_in)              (5, 3, 7)
        #> h_0           (D*num_layers, N, H_out)  (1, 3, 13)
        #> output        (L, N, D*H_out)           (5, 3, 13)
        #> h_n           (D*num_layers, N, H_out)  (1, 3, 13)
        #>
        #> parameter     shape                     size        numbers
        #> weight_ih_l0  (G*H_cell, H_in)          (13, 7)          91
        #> weight_hh_l0  (G*H_cell, H_out)         (13, 13)        169
        #> total                                                   260
        ```
    """
    config = _config(network)
    sizes = config.sizes | {"L": L} | ({} if N is None else {"N": N})
    layout = {"batch_first": config.batch_first, "batched": N is not None}
    tensors = shapes.tensor_shapes(config, L=L, N=N)
    parameters = shapes.parameter_shapes(config)
    counts = {name: math.prod(shape) for name, shape in parameters.items()}
    rows = [
        ("tensor", "shape", "size", ""),
        *((name, f"{shapes.rule(name, **layout)}", f"{s}", "") for name, s in tensors.items()),
        ("", "", "", ""),
        ("parameter", "shape", "size", "numbers"),
        *(
            (name, f"{shapes.rule(name)}", f"{s}", f"{counts[name]:,}")
            for name, s in parameters.items()
        ),
        ("total", "", "", f"{sum(counts.values()):,}"),
    ]
    head = textwrap.fill(_constructor(config), WIDTH, subsequent_indent=" " * 4)
    return "\n".join([head, "", *_legend(sizes), "", *_aligned(rows)])


def _config(network: Any) -> shapes.Config:
    """Read the options of a network; torch's RNN calls its mode by the nonlinearity too."""
    if isinstance(network, shapes.Config):
        return network
    name = str(getattr(network, "mode", type(network).__name__)).partition("_")[0]
    options = {field.name for field in dataclasses.fields(shapes.Config)} - {"mode"}
    if name not in shapes.GATES or not all(hasattr(network, option) for option in options):
        raise TypeError(
            "network should be a shapes.Config, or an RNN, LSTM or GRU, "
            f"got: {type(network).__name__}. Of a model, hand over the network inside."
        )
    mode = next(mode for mode in shapes.GATES if mode == name)
    return shapes.Config(mode, **{option: getattr(network, option) for option in options})


def _constructor(config: shapes.Config) -> str:
    """The call in torch that makes the network: what differs from the defaults by name."""
    options = [
        f", {option.name}={getattr(config, option.name)}"
        for option in dataclasses.fields(config)
        if option.default not in (dataclasses.MISSING, getattr(config, option.name))
    ]
    return f"torch.nn.{config.mode}({config.input_size}, {config.hidden_size}{''.join(options)})"


def _legend(sizes: dict[str, int]) -> list[str]:
    known = [symbol for symbol in shapes.SYMBOLS if symbol in sizes]
    return [
        textwrap.fill(
            f"{symbol:<10} = {sizes[symbol]:<5} {shapes.SYMBOLS[symbol]}",
            WIDTH,
            subsequent_indent=" " * 19,
        )
        for symbol in known
    ]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as their longest cell; the last one, numbers, ends at one edge."""
    *texts, last = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([*map(str.ljust, row[:-1], texts), row[-1].rjust(last)]).rstrip() for row in rows
    ]
