"""The drawings of one step: what stands above the numbers is computed again, by torch."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_ref import figures
from tests.test_figures import drawn, marked, texts

CELLS = {"LSTM": torch.nn.LSTMCell, "GRU": torch.nn.GRUCell}
DRAW = {"LSTM": figures.lstm_step, "GRU": figures.gru_step}

kinds = st.sampled_from(sorted(CELLS))
sizes = st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 3))


def step(kind, N=1, H_in=2, H_cell=3, *, bias=True, seed=0):
    """The arguments of a step, by name, and the states that torch's own cell makes of them."""
    torch.manual_seed(seed)
    cell = CELLS[kind](H_in, H_cell, bias=bias, dtype=torch.float64)
    x, h, c = (torch.randn(N, size, dtype=torch.float64) for size in (H_in, H_cell, H_cell))
    names = ("W_ih", "W_hh", "b_ih", "b_hh")
    weights = dict(zip(names, (w.detach() for w in cell.parameters()), strict=False))
    state = {"h": h, "c": c} if kind == "LSTM" else {"h": h}
    came = cell(x, (h, c) if kind == "LSTM" else h)
    came = dict(zip(("h_t", "c_t"), came, strict=True)) if kind == "LSTM" else {"h_t": came}
    return {"x": x, **state, **weights}, {name: one.detach() for name, one in came.items()}


def blocks(figure):
    """What stands above each block of numbers, as code, with the numbers below it."""
    lines, numbers = [], []
    root = ElementTree.fromstring(figure.svg)
    for mark in root.iter("{http://www.w3.org/2000/svg}text"):
        style = mark.get("class", "").split()
        if "caption" in style:
            if numbers:
                yield " ".join(lines).replace("( ", "("), numbers
                lines, numbers = [], []
            lines.append(mark.text.strip())
        elif "value" in style:
            numbers.append(float(mark.text))
    yield " ".join(lines).replace("( ", "("), numbers


def code(text):
    """Names of the drawing as names of Python."""
    return text.replace("_{t-1}", "_before")


def products(figure):
    """The lines in the box, as statements."""
    lines = [code(text) for text in texts(figure) if "@" in text]
    return re.split(r" (?=\w+ =)", " ".join(lines))


def unlike(figure, arguments):
    """The blocks whose numbers are not what torch makes of the words above them."""
    known = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, **arguments}
    known |= {"x_t": arguments["x"], "h_before": arguments["h"], "c_before": arguments.get("c")}
    exec("\n".join(products(figure)), known)
    waiting, wrong = dict(blocks(figure)), []
    while waiting:
        for text, numbers in list(waiting.items()):
            name, _, formula = code(text).rpartition(" = ")
            try:
                known[name] = value = eval(formula, known)
            except NameError:
                continue
            del waiting[text]
            if not np.allclose(value.ravel(), numbers, atol=0.0501):
                wrong.append(text)
    return wrong


@given(kind=kinds, size=sizes, bias=st.booleans(), seed=st.integers(0, 99))
@settings(max_examples=40)
def test_each_number_is_what_the_words_above_it_say(kind, size, bias, seed):
    arguments, came = step(kind, *size, bias=bias, seed=seed)
    figure = DRAW[kind](**arguments)
    assert unlike(figure, arguments) == []
    assert ("b_ih" in figure.svg, "b_hh" in figure.svg) == (bias, bias)
    read = {text.split(" = ")[0]: numbers for text, numbers in blocks(figure)}
    for name, state in came.items():
        np.testing.assert_allclose(read[name], state.ravel(), atol=0.0501)


@pytest.mark.parametrize("kind", CELLS)
def test_other_weights_are_told_apart(kind):
    arguments, _ = step(kind)
    turned = arguments | {"W_ih": arguments["W_ih"].roll(3, 0)}  # each gate has another's block
    wrong = unlike(DRAW[kind](**arguments), turned)
    assert {text.split(" = ")[0] for text in wrong} >= {*("ifgo" if kind == "LSTM" else "rzn")}


WAYS = {"LSTM": 2 + 4 + 9, "GRU": 2 + 4 + 8}  # into the box, out of it, between the tensors


@given(kind=kinds, size=sizes)
@settings(max_examples=20)
def test_each_way_bears_its_axes_and_its_shape(kind, size):
    N, H_in, H_cell = size
    figure = DRAW[kind](**step(kind, *size)[0])
    arrows = [path for path in drawn(figure, "flow") if path.get("d").count("M") == 2]
    G = {"LSTM": 4, "GRU": 3}[kind]
    sizes = {"H_in": H_in, f"{G}*H_cell": G * H_cell, "H_out": H_cell, "H_cell": H_cell}
    written = texts(figure)
    shapes = [place for place, text in enumerate(written) if re.fullmatch(r"\(\d+, \d+\)", text)]
    axes = [re.match(r"N, (\S+)", " ".join(written[place + 1 : place + 3])) for place in shapes]
    assert len(arrows) == WAYS[kind]
    assert len(shapes) == len(arrows) + 1  # and the way to all gates
    for place, axis in zip(shapes, axes, strict=True):
        assert written[place] == str((N, sizes[axis[1]]))


@pytest.mark.parametrize("kind", CELLS)
def test_rings_hold_what_the_step_returns_and_the_key_says_so(kind):
    arguments, came = step(kind, N=2)
    figure = DRAW[kind](**arguments)
    *rings, key = marked(figure, "ring")
    assert len(rings) == 2 * len(came)  # one a row
    assert texts(figure, "key")[0] == "what the step returns"
    assert key[2:] == (14, 14)


@given(kind=kinds, size=sizes)
@settings(max_examples=20)
def test_the_alt_text_holds_each_formula_and_shape(kind, size):
    N, H_in, H_cell = size
    arguments, came = step(kind, *size)
    figure = DRAW[kind](**arguments)
    for text, _ in blocks(figure):
        assert text in figure.alt
    assert f"x_t {(N, H_in)} with the axes N, H_in" in figure.alt
    assert figure.alt.count(str((N, H_cell))) >= len(dict(blocks(figure))) - 1
    assert set(figure.shapes) == {(N, H_in), (N, H_cell)}
    assert len(figure.shapes) == len(list(blocks(figure)))
    assert all(name in figure.alt.split("returns")[1] for name in came)


LSTM, _ = step("LSTM")
WRONG = {
    "no batch": ({"x": LSTM["x"][0]}, r"x: expected the axes \(N, H_in\).* got shape \(2,\)"),
    "all steps": ({"x": LSTM["x"][None]}, r"got shape \(1, 1, 2\); draw one step"),
    "no rows": ({"x": LSTM["x"][:0]}, "none of size 0"),
    "other batch": ({"h": LSTM["h"].expand(2, 3)}, r"h: expected \(N, H_out\) = \(1, 3\)"),
    "a GRU's": ({"W_ih": LSTM["W_ih"][:9]}, r"W_ih: .*\(G\*H_cell, H_in\) = \(12, 2\).*\(9, 2\)"),
    "transposed": ({"W_hh": LSTM["W_hh"].T}, r"W_hh: .* = \(12, 3\).* got \(3, 12\)"),
    "nan": ({"c": LSTM["c"] * np.nan}, "c: expected finite real numbers"),
    "text": ({"b_ih": ["a"] * 12}, "b_ih should be an array of numbers or bools, got: dtype <U1"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_step_says_why(case):
    other, message = WRONG[case]
    with pytest.raises((TypeError, ValueError), match=message):
        figures.lstm_step(**(LSTM | other))


def test_a_wide_state_asks_for_a_slice():
    with pytest.raises(ValueError, match="fewer decimals"):
        figures.gru_step(**step("GRU", H_cell=7)[0])
    short = figures.gru_step(**step("GRU")[0], decimals=1)
    assert {len(text.rpartition(".")[2]) for text in texts(short, "value")} == {1}
