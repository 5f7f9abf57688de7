"""The rules as Markdown tables, each shape in symbols and below it in the numbers of an example.

What a table shows comes from `rnn_ref.shapes` alone. Each shape is tied, as every shape on a page
is: its `title` holds an expression, of the symbols the rule, of the numbers what torch made. That
expression is text here: the page evaluates it, in `rule`, `cell_rule` and names of its own.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence

from rnn_ref.shapes import (
    CELL,
    STATES,
    SYMBOLS,
    Config,
    SymbolicShape,
    cell_parameter_shapes,
    cell_rule,
    evaluate,
    parameter_shapes,
    rule,
    tensor_shapes,
)

# What a table calls a layout, and the arguments of `rule` that give it
LAYOUTS: Mapping[str, Mapping[str, bool]] = {
    "by default": {},
    "batch_first=True": {"batch_first": True},
    "one sequence": {"batched": False},
}
ROWS: Mapping[str, Mapping[str, bool]] = {"a batch": {}, "one row": {"batched": False}}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table.

    Args:
        head: The titles of the columns.
        rows: The cells, each already Markdown, as many in a row as there are titles.

    Returns:
        The lines of the table, without a line end after the last.
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def symbols(configs: Sequence[Config] = (), **lengths: int) -> str:
    """Write what each letter counts, and below it what it is in an example, if there is one.

    Args:
        configs: The networks of the example; a letter shows each of its sizes once, in their order.
        lengths: L, the sequence length, and N, the batch size, of the example.
    """
    rows = []
    for letter, meaning in SYMBOLS.items():
        sizes = dict.fromkeys({**config.sizes, **lengths}[letter] for config in configs)
        here = ", ".join(f"`{size}`" for size in sizes)
        rows.append((f"`{letter}`<br>{here}" if here else f"`{letter}`", meaning))
    return table(("letter, here" if configs else "letter", "counts"), rows)


def sequences(config: Config, *, L: int, N: int, tie: str) -> str:
    """Write the tensors that have a time axis, a row for every layout.

    Args:
        config: The network.
        L: Sequence length.
        N: Batch size.
        tie: What the page calls torch's tensors: `tie["by default"]["output"]` is one of them.
    """
    names = [name for name in _tensors(config) if "L" in rule(name)]
    sizes = {**config.sizes, "L": L, "N": N}
    rows = [[_tied_rule(rule, name, layout, sizes, tie) for name in names] for layout in LAYOUTS]
    head = ["layout", *(f"`{name}`" for name in names)]
    layouts = [f"`{layout}`" if "=" in layout else layout for layout in LAYOUTS]
    return table(head, [[layout, *row] for layout, row in zip(layouts, rows, strict=True)])


def states(config: Config, *, N: int, tie: str) -> str:
    """Write the states that go into a network and come out of it, which batch_first leaves alone.

    Args:
        config: The network.
        N: Batch size.
        tie: As in `sequences`.
    """
    names = [name for name in _tensors(config) if "L" not in rule(name)]
    layouts = [layout for layout, given in LAYOUTS.items() if not given.get("batch_first")]
    sizes = {**config.sizes, "N": N}
    rows = [[_tied_rule(rule, name, layout, sizes, tie) for layout in layouts] for name in names]
    return _named_rows(("state", "with a batch", layouts[-1]), names, rows)


def parameters(config: Config, *, tie: str) -> str:
    """Write the parameters of a network: of layer 0, and of any layer `[k]` where they differ.

    Args:
        config: The network.
        tie: What the page calls torch's module, of at least two layers.
    """
    later = parameter_shapes(dataclasses.replace(config, num_layers=2, bidirectional=False))
    names = [name.replace("_l1", "_l[k]") for name in later if name.endswith("_l1")]
    names.insert(0, "weight_ih_l0")
    rows = [
        _stacked(rule(name), f"rule({name!r})", config.sizes, f"{tie}.{name.replace('[k]', '1')}")
        for name in names
    ]
    return _named_rows(("parameter", "shape"), names, [[row] for row in rows])


def cell(config: Config, *, N: int, tie: str) -> str:
    """Write what goes into RNNCell, LSTMCell or GRUCell and comes out of it.

    Args:
        config: Its mode and sizes.
        N: Batch size.
        tie: What the page calls torch's tensors: `tie["a batch"]["h_1"]` is one of them.
    """
    carried = {name[0] for name in STATES[config.mode]}  # h, and c of an LSTM
    names = [name for name in CELL if name == "input" or name[0] in carried]
    sizes = {**config.sizes, "N": N}
    rows = [[_tied_rule(cell_rule, name, row, sizes, tie) for row in ROWS] for name in names]
    return _named_rows(("tensor", *ROWS), names, rows)


def cell_parameters(config: Config, *, tie: str) -> str:
    """Write the parameters of RNNCell, LSTMCell or GRUCell.

    Args:
        config: Its mode and sizes.
        tie: What the page calls torch's module.
    """
    names = list(cell_parameter_shapes(config))
    rows = [
        _stacked(cell_rule(name), f"cell_rule({name!r})", config.sizes, f"{tie}.{name}")
        for name in names
    ]
    return _named_rows(("parameter", "shape"), names, [[row] for row in rows])


def _tensors(config: Config) -> list[str]:
    """Name what goes into a network and comes out of it."""
    return list(tensor_shapes(config, L=1, N=1))


def _named_rows(head: Sequence[str], names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = [[f"`{name}`", *row] for name, row in zip(names, rows, strict=True)]
    return table(head, cells)


def _tied_rule(
    read: Callable[..., SymbolicShape],
    name: str,
    layout: str,
    sizes: Mapping[str, int],
    tie: str,
) -> str:
    """Write a tensor's shape in a layout, in symbols and below it in numbers."""
    given = {**LAYOUTS, **ROWS}[layout]
    arguments = ", ".join([repr(name), *(f"{key}={value}" for key, value in given.items())])
    made = f"{tie}[{layout!r}][{name!r}]"
    return _stacked(read(name, **given), f"{read.__name__}({arguments})", sizes, made)


def _stacked(shape: SymbolicShape, expression: str, sizes: Mapping[str, int], made: str) -> str:
    """Write a shape in symbols, tied to its rule, and below it in numbers, tied to a tensor."""
    numbers = evaluate(shape, sizes)
    return f'`{shape}`{{title="{expression}"}}<br>`{numbers}`{{title="{made}.shape"}}'
