"""Every rule against the tensors and parameters of torch."""

import dataclasses
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_ref import shapes
from rnn_ref.shapes import Config, cell_rule, evaluate, rule
from tests.strategies import Case, cases

MODES = ("RNN", "LSTM", "GRU")
L, N, H_IN, H_CELL, PROJ = 5, 3, 7, 13, 11  # the house sizes: no two axes are equally long

CONFIGS = [
    Config(mode, H_IN, H_CELL, num_layers, bias, batch_first, bidirectional, proj_size)
    for mode, num_layers, bias, batch_first, bidirectional, proj_size in itertools.product(
        MODES, (1, 2, 3), (True, False), (True, False), (True, False), (0, PROJ)
    )
    if mode == "LSTM" or not proj_size
]


def torch_network(config: Config) -> torch.nn.RNNBase:
    options = dataclasses.asdict(config)
    del options["mode"]
    if config.mode != "LSTM":
        del options["proj_size"]
    return getattr(torch.nn, config.mode)(**options, dtype=torch.float64)


def torch_shapes(config: Config, L: int, N: int | None) -> dict[str, tuple[int, ...]]:
    """Run torch once without a state, and once more with the state that came out."""
    network = torch_network(config)
    axes = [L] if N is None else [N, L] if config.batch_first else [L, N]
    input = torch.zeros(*axes, config.input_size, dtype=torch.float64)
    _, h_n = network(input)
    output, final = network(input, h_n)  # torch checks every axis of the state that goes in
    named = {"input": input, "output": output}
    for letter, tensor in zip("hc", final if config.mode == "LSTM" else (final,), strict=False):
        named |= {f"{letter}_0": tensor, f"{letter}_n": tensor}
    return {name: tuple(tensor.shape) for name, tensor in named.items()}


def id_of(config: Config) -> str:
    options = [
        k for k in ("bias", "batch_first", "bidirectional", "proj_size") if config.__dict__[k]
    ]
    return "-".join([config.mode, str(config.num_layers), *options])


@pytest.mark.parametrize("config", CONFIGS, ids=id_of)
def test_tensor_shapes_are_those_of_torch(config: Config) -> None:
    assert shapes.tensor_shapes(config, L=L, N=N) == torch_shapes(config, L, N)
    assert shapes.tensor_shapes(config, L=L) == torch_shapes(config, L, None)


@pytest.mark.parametrize("config", CONFIGS, ids=id_of)
def test_parameter_names_order_and_shapes_are_those_of_torch(config: Config) -> None:
    expected = [(name, tuple(p.shape)) for name, p in torch_network(config).named_parameters()]
    assert list(shapes.parameter_shapes(config).items()) == expected


@settings(max_examples=60)
@given(case=cases(modes=MODES))
def test_shapes_are_those_of_torch_for_any_sizes(case: Case) -> None:
    config, expected = case.config, torch_network(case.config).state_dict()
    assert shapes.parameter_shapes(config) == {k: tuple(p.shape) for k, p in expected.items()}
    assert shapes.tensor_shapes(config, L=case.L, N=case.N) == torch_shapes(config, case.L, case.N)


@pytest.mark.parametrize("mode", MODES)
def test_tensor_shapes_come_in_the_order_of_the_call_and_its_result(mode: shapes.Mode) -> None:
    names = ["input", "h_0", "c_0", "output", "h_n", "c_n"]
    expected = names if mode == "LSTM" else [name for name in names if name[0] != "c"]
    assert list(shapes.tensor_shapes(Config(mode, H_IN, H_CELL), L=L)) == expected


@pytest.mark.parametrize("batched", [True, False])
@pytest.mark.parametrize("mode", MODES)
def test_cell_rules_are_those_of_torch_cells(mode: shapes.Mode, batched: bool) -> None:
    cell = getattr(torch.nn, f"{mode}Cell")(H_IN, H_CELL)
    batch = [N] if batched else []
    x, h = torch.zeros(*batch, H_IN), torch.zeros(*batch, H_CELL)
    named = {"input": x, "h_0": h, **dict(cell.named_parameters())}
    if mode == "LSTM":
        named["c_0"] = h
        named["h_1"], named["c_1"] = cell(x, (h, h))
    else:
        named["h_1"] = cell(x, h)
    sizes = {**Config(mode, H_IN, H_CELL).sizes, "N": N}
    got = {name: evaluate(cell_rule(name, batched=batched), sizes) for name in named}
    assert got == {name: tuple(tensor.shape) for name, tensor in named.items()}


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("mode", MODES)
def test_cell_parameter_shapes_are_those_of_torch_cells(mode: shapes.Mode, bias: bool) -> None:
    cell = getattr(torch.nn, f"{mode}Cell")(H_IN, H_CELL, bias)
    expected = [(name, tuple(p.shape)) for name, p in cell.named_parameters()]
    got = shapes.cell_parameter_shapes(Config(mode, H_IN, H_CELL, bias=bias))
    assert list(got.items()) == expected


@pytest.mark.parametrize("config", CONFIGS, ids=id_of)
def test_state_shapes_are_those_of_the_tensors(config: Config) -> None:
    named = {k: v for k, v in shapes.tensor_shapes(config, L=L, N=N).items() if k.endswith("_0")}
    assert shapes.state_shapes(config, N) == tuple(named.values())
    assert shapes.STATES[config.mode] == tuple(named)


@pytest.mark.parametrize("name", ["input", "h_0", "c_0", "output", "h_n", "c_n"])
def test_batch_first_moves_input_and_output_and_nothing_else(name: str) -> None:
    moved = rule(name) != rule(name, batch_first=True)
    assert moved == (name in ("input", "output"))
    assert rule(name, batched=False) == rule(name, batched=False, batch_first=True)


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (rule("input"), "(L, N, H_in)"),
        (rule("output", batch_first=True), "(N, L, D*H_out)"),
        (rule("output", batched=False), "(L, D*H_out)"),
        (rule("h_n", batch_first=True), "(D*num_layers, N, H_out)"),
        (rule("c_0", batched=False), "(D*num_layers, H_cell)"),
        (rule("weight_ih_l0"), "(G*H_cell, H_in)"),
        (rule("weight_ih_l0_reverse"), "(G*H_cell, H_in)"),
        (rule("weight_ih_l1"), "(G*H_cell, D*H_out)"),
        (rule("weight_ih_l10_reverse"), "(G*H_cell, D*H_out)"),
        (rule("weight_ih_l[k]"), "(G*H_cell, D*H_out)"),
        (rule("weight_hh"), "(G*H_cell, H_out)"),
        (rule("weight_hh_l[k]_reverse"), "(G*H_cell, H_out)"),
        (rule("bias_ih_l0"), "(G*H_cell,)"),
        (rule("weight_hr_l2"), "(H_out, H_cell)"),
        (cell_rule("c_1"), "(N, H_cell)"),
        (cell_rule("h_0", batched=False), "(H_out,)"),
    ],
)
def test_a_rule_reads_as_the_page_does(shape: shapes.SymbolicShape, text: str) -> None:
    assert str(shape) == text
    assert f"{shape}" == text


@pytest.mark.parametrize(
    "name", ["weights", "weight_ih", "bias_hr_l0", "h_0_l0", "weight_ih_l01", "weight_ih_l", "h_1"]
)
def test_an_unknown_name_raises_and_lists_what_is_known(name: str) -> None:
    with pytest.raises(ValueError, match="Known are: input, h_0,") as caught:
        rule(name)
    assert repr(name) in str(caught.value)


def test_an_unknown_cell_name_raises_and_lists_what_is_known() -> None:
    with pytest.raises(ValueError, match=r"No rule for 'h_n'\. Known are: input, h_0, c_0, h_1"):
        cell_rule("h_n")


def test_a_symbol_without_a_number_raises() -> None:
    with pytest.raises(ValueError, match=r"No size for 'N'\. Sizes are given for: L, H_in\."):
        evaluate(rule("input"), {"L": L, "H_in": H_IN})


def test_what_has_no_shapes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Unknown mode 'rnn'\. Known are: RNN, LSTM, GRU\."):
        Config("rnn", H_IN, H_CELL)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="Only an LSTM has projections, got proj_size=11 for GRU"):
        Config("GRU", H_IN, H_CELL, proj_size=PROJ)


def test_every_symbol_of_every_rule_is_explained_and_every_explained_symbol_is_used() -> None:
    rules = [*shapes.TENSORS.values(), *shapes.PARAMETERS.values(), *shapes.CELL.values()]
    used = {symbol for text in rules for dim in text.split() for symbol in dim.split("*")}
    assert used == set(shapes.SYMBOLS)


def test_the_house_sizes_tell_every_axis_apart() -> None:
    sizes = {
        "L": L,
        "N": N,
        **Config("LSTM", H_IN, H_CELL, 2, bidirectional=True, proj_size=PROJ).sizes,
    }
    dims = {
        dim
        for text in [*shapes.TENSORS.values(), *shapes.PARAMETERS.values()]
        for dim in text.split()
    }
    numbers = [evaluate([dim], sizes) for dim in sorted(dims)]
    assert len(set(numbers)) == len(numbers)


OPTIONS = st.fixed_dictionaries(
    {
        "input_size": st.sampled_from([H_IN, H_IN, 0, -1, True, 2.0, "7", None]),
        "hidden_size": st.sampled_from([H_CELL, H_CELL, 0, -1, 5.0, "13"]),
        "num_layers": st.sampled_from([1, 2, 2, 0, -1, np.int64(2)]),
        "bias": st.sampled_from([True, False, 1, None]),
        "batch_first": st.sampled_from([True, False, 0, "yes"]),
        "bidirectional": st.sampled_from([True, False, 1, None]),
        "proj_size": st.sampled_from([0, 0, PROJ, H_CELL, 99, -1]),
    }
)


@settings(max_examples=300)
@given(options=OPTIONS)
def test_a_config_refuses_what_torchs_constructor_refuses(options: dict[str, Any]) -> None:
    def outcome(make: Callable[[], object]) -> str:
        try:
            make()
        except (TypeError, ValueError) as error:
            return f"{type(error).__name__}: {error}"
        return "made"

    ours = outcome(lambda: Config("LSTM", **options))

    assert ours == outcome(lambda: torch.nn.LSTM(**options))


def test_the_options_that_torch_lets_python_refuse_are_named() -> None:
    for name in ("num_layers", "proj_size"):
        for wrong in ("2", 2.0, None):
            with pytest.raises(TypeError, match=f"{name} should be of type int, got: "):
                Config("LSTM", H_IN, H_CELL, **{name: wrong})


def test_a_size_of_more_bits_than_a_size_has_is_refused() -> None:
    for make in (Config, shapes.CellConfig):
        for name in ("input_size", "hidden_size"):
            sizes = {"input_size": H_IN, "hidden_size": H_CELL, name: 2**63}
            with pytest.raises(ValueError, match=f"{name} should be at most {2**63 - 1}"):
                make("GRU", **sizes)


def test_a_length_below_zero_is_refused() -> None:
    config = Config("GRU", H_IN, H_CELL)
    for lengths in ({"L": -1}, {"L": L, "N": -1}):
        with pytest.raises(ValueError, match=r"[LN] should be at least 0, as a size is, got: -1"):
            shapes.tensor_shapes(config, **lengths)
    for give in (shapes.state_shapes, shapes.cell_state_shapes):
        with pytest.raises(ValueError, match="N should be at least 0"):
            give(config, N=-1)
