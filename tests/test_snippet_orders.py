"""Orders in words are those of the rules: of axes, of gates, of letters."""

import itertools
import re

import pytest

from rnn_ref import shapes
from tests import reference
from tests.documents import MARKDOWN, messages
from tests.reading import orders
from tests.reading.docstrings import read_source
from tests.reading.problems import Problem

CODE = """\
# Orders

```python
import torch

from rnn_ref.shapes import rule

rnn = torch.nn.RNN(4, 7, batch_first=True)
x = torch.randn(3, 5, 4)  # batch, sequence, features
output, h_n = rnn(x)
```

"""
TIE = "{title=\"rule('input', batch_first=True)\"}"

RIGHT = {
    "tied": f"It is *batch, sequence, features*{TIE}.",
    "tied in code": f"It is `(batch, seq, feature)`{TIE}.",
    "tied with a word between": f"It is *batch, then sequence, then features*{TIE}.",
    "time first": "It is *steps, batch, input*{title=\"rule('input')\"}.",
    "of an output": f"It is *batch, time steps, hidden*{TIE.replace('input', 'output')}.",
    "a state": "The axes of `h_n` are layers, batch, features.",
    "a split state": "Split it as layers, directions, batch, hidden: layers before directions.",
    "a weight": "It is hidden by input, and then hidden by hidden.",
    "the gates": "Gates: input, forget, cell, output; in a GRU reset, update, new.",
    "time first elsewhere": "Torch computes with time first, `batch_first=True` shows it swapped.",
    "not the default": "By default the batch is not first; with `batch_first=True` it is.",
    "sorted": "`h_n` is sorted by layer, then by direction.",
    "another library": "Keras stores the gates as update, reset, new.",
    "the letters": "Its rows are `i`, `f`, `g`, `o`; those of a GRU `r`, `z`, `n`.",
    "other letters": "Take i, n, o of them.",
    "forward first": "Within a layer, forward before reverse; forward, then reverse.",
    "what they are": "`output` is every step of the last layer, `h_n` its last step.",
    "the slices": "The top layer's is the last; the first layer's states are not in `output`.",
    "the classes": "`CrossEntropyLoss` wants the classes second, the batch first.",
    "a title": "Input, hidden, sequence, batch: the dimensions",
    "a list that is no tensor": "Batch, sequence, input and hidden size are what you choose.",
    "step by step": "It reads step by step, layer by layer, a batch, and a step of it.",
    "what is wrong": "Are directions before layers?",
    "what is denied": "The order is not features, sequence, batch.",
    "two of them": "Batch and sequence change places, in input and output.",
    "letters": "`N` is the batch, `L` the sequence, `H_in` the features; `D` counts directions.",
    "letters that are no legend": "Put `N` before `L`: in a batch, `D*H_out` hidden numbers.",
    "a comment": "```{.python continuation}\ny = h_n  # layers, batch, hidden\n```",
    "a table": "| layers, batch, hidden | x |\n|---|---|\n| input, output, hidden state | y |",
}


@pytest.mark.parametrize("kind", RIGHT)
def test_right_orders_stay_green(kind: str):
    assert messages(CODE + RIGHT[kind]) == []


WRONG = {
    "an order of no tensor": "It is features, sequence, batch.",
    "an order of no state": "The axes of `h_n` are batch, layers, features.",
    "not tied": "With `batch_first=True` it is sequence, batch, features.",
    "tied to another rule": f"It is *sequence, batch, features*{TIE}.",
    "the wrong features": f"It is *batch, sequence, hidden*{TIE}.",
    "an axis less": f"It is *batch, then features*{TIE}.",
    "directions first": "It is sorted by directions, then layers.",
    "directions before": "Directions before layers, as everywhere.",
    "time first": "`batch_first=True` wants the sequence first.",
    "for time-first data": "`batch_first=True` is for time-first data.",
    "the default": "The default is batch first, and the argument makes it time first.",
    "a state with the batch first": "The state has the batch first.",
    "sorted": "It is sorted by direction, then by layer.",
    "reverse first": "Within a layer, reverse before forward.",
    "the classes": "`CrossEntropyLoss` wants the classes last.",
    "the slices": "`h_n` has a slice for each layer, and the top layer's is the first.",
    "what output is": "`output` is the last step of every layer.",
    "what h_n is": "`h_n` is every step of the last layer.",
    "whose output": "`output` shows the first layer only.",
    "a weight": "`weight_ih` is input by hidden.",
    "in a heading": "## Features, batch, sequence",
    "in a box": '!!! note "Hidden, layers, batch"\n\n    Text.',
    "in a table": "| features, batch, sequence | x |\n|---|---|\n| a | b |",
    "over an emphasis": "It is **features**, batch, *sequence*.",
    "in code": "It is `(features, batch, sequence)`.",
    "gates": "The gates are input, forget, output, cell.",
    "letters of gates": "The blocks are `z`, `r`, `n`.",
    "gates of a GRU": "They are update, reset, new.",
    "a letter": "`N` is the sequence, `L` the batch.",
    "the width": "`H_out` is the input.",
    "directions": "`D` counts layers.",
    "a comment": "```{.python continuation}\ny = x  # features, batch, sequence\n```",
    "a comment of another network": (
        "```{.python continuation}\nrnn = torch.nn.GRU(4, 7)\ny = x  # batch, steps, features\n```"
    ),
    "a comment of nothing": "```{.python continuation}\ny = x  # batch, steps, features\n```",
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_orders_are_red(kind: str):
    found = messages(CODE + WRONG[kind])

    assert found
    assert all(part in found[0] for part in ("page.md:", "| "))


AXES = list(itertools.permutations(["batch", "sequence", "features"]))


@pytest.mark.parametrize("words", AXES)
def test_three_axes_are_the_rule_s_in_one_order_only(words: tuple[str, ...]):
    (order,) = orders.orders(", ".join(words))

    assert order.fits(str(shapes.rule("input", batch_first=True))) == (
        words == ("batch", "sequence", "features")
    )
    assert order.fits(str(shapes.rule("input"))) == (words == ("sequence", "batch", "features"))


@pytest.mark.parametrize("file", reference.FILES, ids=str)
def test_docstrings_of_the_package_name_axes_in_their_order(file):
    events = read_source(file.read_text("utf-8"), MARKDOWN).events

    assert [event for event in events if isinstance(event, Problem)] == []


@pytest.mark.parametrize("symbol", ["N", "L", "H_in", "H_cell", "num_layers", "D"])
def test_the_words_of_an_axis_are_those_of_its_letter(symbol: str):
    text = shapes.SYMBOLS[symbol]
    told = re.findall(rf"\b{orders.WORD}\b", text.partition(":")[0], re.IGNORECASE)

    counted = [roles for name, roles in orders.ROLES.items() if re.fullmatch(name, told[0])]
    assert all(symbol in roles for roles in counted)
