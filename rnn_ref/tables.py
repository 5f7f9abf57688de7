"""The rules as Markdown tables, each shape in symbols and below it in the numbers of an example.

What a table shows comes from `rnn_ref.shapes` alone. Each shape is tied, as every shape on a page
is: its `title` holds an expression, of the symbols the rule, of the numbers what torch made. That
expression is text here: the page evaluates it, in `rule`, `cell_rule` and names of its own.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from textwrap import indent

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


def networks(configs: Sequence[Config], *, L: int, N: int, tie: str) -> str:
    """Write what goes into networks and comes out of them: a tab for each, a row for each tensor.

    Args:
        configs: The networks.
        L: Sequence length.
        N: Batch size.
        tie: What the page calls torch's tensors: `tie["RNN"]["by default"]["output"]` is one of
            them.
    """
    return _tabs(
        configs,
        lambda config: _tensors(
            rule, _of_network(config), LAYOUTS, config.sizes | {"L": L, "N": N}, _of(config, tie)
        ),
    )


def cells(configs: Sequence[Config], *, N: int, tie: str) -> str:
    """Write what goes into RNNCell, LSTMCell or GRUCell and comes out of it, as in `networks`.

    Args:
        configs: The mode and the sizes of each.
        N: Batch size.
        tie: As in `networks`: `tie["RNN"]["a batch"]["h_1"]` is a tensor.
    """
    return _tabs(
        configs,
        lambda config: _tensors(
            cell_rule, _of_cell(config), ROWS, config.sizes | {"N": N}, _of(config, tie)
        ),
    )


def weights(configs: Sequence[Config], *, tie: str) -> str:
    """Write the parameters of networks: a row for each, a column for the numbers of each network.

    Args:
        configs: The networks.
        tie: What the page calls torch's modules, each of at least two layers: `tie["RNN"]`.
    """
    return _matrix(configs, _of_layers, rule, tie)


def cell_weights(configs: Sequence[Config], *, tie: str) -> str:
    """Write the parameters of RNNCell, LSTMCell and GRUCell, as in `weights`.

    Args:
        configs: The mode and the sizes of each.
        tie: As in `weights`.
    """
    return _matrix(configs, cell_parameter_shapes, cell_rule, tie)


def parameters(config: Config, *, tie: str) -> str:
    """Write the parameters of a network: of layer 0, and of any layer `[k]` where they differ.

    Args:
        config: The network.
        tie: What the page calls torch's module, of at least two layers.
    """
    rows = [
        (f"`{name}`", _stacked(rule(name), f"rule({name!r})", config.sizes, _read(tie, name)))
        for name in _of_layers(config)
    ]
    return table(("parameter", "shape"), rows)


def _tabs(configs: Sequence[Config], write: Callable[[Config], str]) -> str:
    """Write a table for each network, of which a reader sees the one that is chosen."""
    tabs = (f'=== "{config.mode}"\n\n{indent(write(config), " " * 4)}\n' for config in configs)
    return "\n".join(tabs)


def _of(config: Config, tie: str) -> str:
    return f"{tie}[{config.mode!r}]"


def _of_network(config: Config) -> list[str]:
    """Name what goes into a network and comes out of it, what has a time axis first."""
    return sorted(tensor_shapes(config, L=1, N=1), key=lambda name: "L" not in rule(name))


def _of_cell(config: Config) -> list[str]:
    carried = {name[0] for name in STATES[config.mode]}  # h, and c of an LSTM
    return [name for name in CELL if name == "input" or name[0] in carried]


def _of_layers(config: Config) -> list[str]:
    """Name the parameters of layer 0, and of any layer `[k]` where they differ."""
    later = parameter_shapes(dataclasses.replace(config, num_layers=2, bidirectional=False))
    names = [name.replace("_l1", "_l[k]") for name in later if name.endswith("_l1")]
    return ["weight_ih_l0", *names]


def _read(module: str, parameter: str) -> str:
    """Write how a parameter of any layer is read of a module."""
    return f"{module}.{parameter.replace('[k]', '1')}"


def _tensors(
    read: Callable[..., SymbolicShape],
    names: Sequence[str],
    layouts: Mapping[str, Mapping[str, bool]],
    sizes: Mapping[str, int],
    tie: str,
) -> str:
    """Write a row for each tensor, with its shape in every layout."""
    head = ["tensor", *(f"`{layout}`" if "=" in layout else layout for layout in layouts)]
    rows = [
        [f"`{name}`", *(_tied_rule(read, name, layout, sizes, tie) for layout in layouts)]
        for name in names
    ]
    return table(head, rows)


def _matrix(
    configs: Sequence[Config],
    name: Callable[[Config], Iterable[str]],
    read: Callable[..., SymbolicShape],
    tie: str,
) -> str:
    """Write a row for each parameter: its shape in symbols, and in the numbers of each network."""
    named = {config.mode: list(name(config)) for config in configs}
    rows = [
        [
            f"`{parameter}`",
            f'`{read(parameter)}`{{title="{read.__name__}({parameter!r})"}}',
            *(
                _numbers(read(parameter), config.sizes, _read(_of(config, tie), parameter))
                if parameter in named[config.mode]
                else "none"
                for config in configs
            ),
        ]
        for parameter in dict.fromkeys(each for names in named.values() for each in names)
    ]
    return table(("parameter", "shape", *(f"`{mode}`" for mode in named)), rows)


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
    return f'`{shape}`{{title="{expression}"}}<br>{_numbers(shape, sizes, made)}'


def _numbers(shape: SymbolicShape, sizes: Mapping[str, int], made: str) -> str:
    """Write a shape in numbers, tied to a tensor."""
    return f'`{evaluate(shape, sizes)}`{{title="{made}.shape"}}'
