"""The tables hold every shape of the rules, and each tie in them leads to a tensor of torch."""

import dataclasses
import re
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_ref import shapes, tables
from rnn_ref.shapes import Config, cell_rule, rule
from tests.documents import ROOT, read
from tests.snippets.check import check_document
from tests.strategies import Case, cases

CELL = re.compile(r'`([^`]*)`\{title="([^"]*)"\}')


def ties(*markdown: str) -> list[tuple[str, str]]:
    """Every tied text of some tables, with its expression."""
    return [tie for text in markdown for tie in CELL.findall(text)]


def truth(expression: str, names: dict[str, Any]) -> str:
    value = eval(expression, {"rule": rule, "cell_rule": cell_rule}, names)
    return str(tuple(value) if isinstance(value, torch.Size) else value)


def named(x: torch.Tensor, returned: Any, names: tuple[str, ...]) -> dict[str, torch.Tensor]:
    """What goes in and comes out, by name; a state goes in as it comes out."""
    first, *states = names
    output, last = returned if first == "output" else (None, returned)
    last = last if isinstance(last, tuple) else (last,)
    tensors = dict(zip(states, last, strict=False))
    before = {f"{name[0]}_0": state for name, state in tensors.items()}
    return {"input": x, **before, **tensors, **({first: output} if output is not None else {})}


def network_of(case: Case, **options: Any) -> Any:
    return getattr(torch.nn, case.config.mode)(**case.options | options).double()


INPUTS = {
    "by default": lambda L, N, H_in: (L, N, H_in),
    "batch_first=True": lambda L, N, H_in: (N, L, H_in),
    "one sequence": lambda L, _, H_in: (L, H_in),
}
# A network of each kind at most: a tab and a column are called by the kind.
ONE_OF_EACH = st.lists(cases(), min_size=1, max_size=3, unique_by=lambda case: case.config.mode)


def made_by(case: Case, L: int, N: int) -> dict[str, dict[str, torch.Tensor]]:
    """What torch takes and makes in every layout."""
    made = {}
    for layout, shape in INPUTS.items():
        x = torch.zeros(shape(L, N, case.config.input_size)).double()
        returned = network_of(case, batch_first=layout == "batch_first=True")(x)
        made[layout] = named(x, returned, ("output", "h_n", "c_n"))
    return made


def tabs(text: str) -> list[str]:
    return re.findall(r'^=== "(\w+)"$', text, re.MULTILINE)


def shown(documented: list[tuple[str, str]], mode: str, begins: str) -> set[str]:
    """The last name in each tie to a tensor of a network."""
    names = [re.findall(r"\w+", tie)[-2] for _, tie in documented if f"{begins}['{mode}']" in tie]
    return set(names)


@settings(max_examples=25)
@given(ONE_OF_EACH)
def test_tensors_of_networks_are_all_there_and_torch_agrees(examples: list[Case]):
    L, N = 19, 23
    configs = [case.config for case in examples]
    text = tables.networks(configs, L=L, N=N, tie="made")
    made = {case.config.mode: made_by(case, L, N) for case in examples}

    documented = ties(text)

    assert [text for text, tie in documented if text != truth(tie, {"made": made})] == []
    assert tabs(text) == list(made)
    for mode, layouts in made.items():
        assert shown(documented, mode, "made") == set(layouts["by default"])


@settings(max_examples=25)
@given(cases())
def test_parameters_of_a_network_are_all_there_and_torch_agrees(case: Case):
    module = network_of(case, num_layers=2)
    config = dataclasses.replace(case.config, num_layers=2)

    documented = ties(tables.parameters(config, tie="module"))

    assert [text for text, tie in documented if text != truth(tie, {"module": module})] == []
    every = {name for name, _ in module.named_parameters() if not name.endswith("_reverse")}
    read = {tie.split(".")[1] for _, tie in documented if "module" in tie}
    assert read == {name for name in every if name.endswith("_l1")} | {"weight_ih_l0"}


@settings(max_examples=25)
@given(ONE_OF_EACH)
def test_weights_of_networks_are_all_there_and_torch_agrees(examples: list[Case]):
    modules = {case.config.mode: network_of(case, num_layers=2) for case in examples}
    configs = [dataclasses.replace(case.config, num_layers=2) for case in examples]

    documented = ties(tables.weights(configs, tie="modules"))

    assert [text for text, tie in documented if text != truth(tie, {"modules": modules})] == []
    for mode, module in modules.items():
        every = {name for name, _ in module.named_parameters() if not name.endswith("_reverse")}
        assert shown(documented, mode, "modules") == {
            "weight_ih_l0", *(name for name in every if name.endswith("_l1"))
        }  # fmt: skip


@settings(max_examples=25)
@given(ONE_OF_EACH)
def test_cells_are_all_there_and_torch_agrees(examples: list[Case]):
    N = 23
    configs = [
        Config(case.config.mode, case.config.input_size, case.config.hidden_size)
        for case in examples
    ]
    modules = {
        one.mode: getattr(torch.nn, f"{one.mode}Cell")(one.input_size, one.hidden_size)
        for one in configs
    }
    made = {
        one.mode: {
            row: named(x, modules[one.mode](x), ("", "h_1", "c_1"))
            for row, x in {
                "a batch": torch.zeros(N, one.input_size),
                "one row": torch.zeros(one.input_size),
            }.items()
        }
        for one in configs
    }
    names = {"made": made, "modules": modules}

    documented = ties(tables.cells(configs, N=N, tie="made"))
    weights = ties(tables.cell_weights(configs, tie="modules"))

    assert [text for text, tie in documented + weights if text != truth(tie, names)] == []
    for mode, module in modules.items():
        assert shown(documented, mode, "made") == set(made[mode]["a batch"])
        assert shown(weights, mode, "modules") == {name for name, _ in module.named_parameters()}


@settings(max_examples=25)
@given(st.lists(cases(), max_size=3))
def test_every_letter_has_its_meaning_and_its_sizes(examples: list[Case]):
    lengths = {"L": 19, "N": 23}
    rows = tables.symbols([case.config for case in examples], **lengths).split("\n")[2:]

    assert len(rows) == len(shapes.SYMBOLS)
    for row, (letter, meaning) in zip(rows, shapes.SYMBOLS.items(), strict=True):
        sizes = [{**case.config.sizes, **lengths}[letter] for case in examples]
        assert row.startswith(f"| `{letter}`")
        assert row.endswith(f"| {meaning} |")
        assert re.findall(r"`(\d+)`", row) == [str(size) for size in dict.fromkeys(sizes)]


@pytest.mark.parametrize(
    ("rules", "name", "changed"),
    [
        ("TENSORS", "output", "L N H_out"),
        ("TENSORS", "c_n", "D*num_layers N H_out"),
        ("PARAMETERS", "weight_ih_l[k]", "G*H_cell H_out"),
        ("CELL", "h_1", "N H_cell"),
        ("SYMBOLS", "D", "directions: 3 if bidirectional"),
        ("GATES", "GRU", 4),
    ],
)
def test_a_changed_rule_turns_the_page_red(
    rules: str, name: str, changed: str | int, monkeypatch: pytest.MonkeyPatch
):
    page = ROOT / "docs/all-shapes.md"
    document = read(page.read_text(encoding="utf-8"))
    assert check_document(document, page).problems == []

    monkeypatch.setitem(getattr(shapes, rules), name, changed)

    assert check_document(document, page).problems
