"""What the drawing of attention says is read back from its SVG, and measured in a browser."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from rnn_ref import figures
from tests.test_figures import assert_text_stays_inside_and_apart, marked, page, texts

__all__ = ["page"]  # a fixture: pytest finds it by its name

SVG = "{http://www.w3.org/2000/svg}"
unit = st.floats(-1, 1)
steps = st.tuples(st.integers(1, 4), st.integers(1, 7)).flatmap(
    lambda size: st.tuples(
        arrays.arrays(np.float64, size, elements=unit),
        arrays.arrays(np.float64, size[1:], elements=unit),
    )
)


def weighed(outputs, state):
    """How torch weighs outputs by their product with a state."""
    scores = torch.from_numpy(outputs @ state)
    return torch.softmax(scores, dim=0).numpy()


def draw(outputs, state, **changed):
    given = {"labels": "hello"[: len(outputs)], "read": "a", "written": "b"}
    return figures.attention(outputs, weighed(outputs, state), state, **given | changed)


def attended(L=5, H_out=3, seed=0, scale=3.0):
    """What an encoder put out, and the state of a decoder."""
    rng = np.random.default_rng(seed)
    return np.tanh(rng.normal(size=(L, H_out))), scale * np.tanh(rng.normal(size=H_out))


def placed(figure, style):
    """The texts of a style with their places, (x, y, text)."""
    marks = ElementTree.fromstring(figure.svg).iter(f"{SVG}text")
    return [
        (float(mark.get("x")), float(mark.get("y")), "".join(mark.itertext()))
        for mark in marks
        if style in mark.get("class", "").split()
    ]


def table(figure):
    """The numbers by their columns from left to right, each from top to bottom."""
    columns: dict[float, list[tuple[float, float]]] = {}
    for x, y, text in placed(figure, "value"):
        columns.setdefault(x, []).append((y, float(text)))
    return [[number for _, number in sorted(columns[x])] for x in sorted(columns)]


def arrows(figure):
    """Where each arrow begins and ends."""
    paths = ElementTree.fromstring(figure.svg).iter(f"{SVG}path")
    routes = [re.findall(r"[ML](\S+) (\S+)", path.get("d")) for path in paths
              if path.get("class") == "flow"]  # fmt: skip
    return [[tuple(map(float, point)) for point in route[:2]] for route in routes
            if len(route) == 5]  # fmt: skip


@given(step=steps)
@settings(max_examples=40)
def test_each_weight_stands_below_its_output_and_the_context_is_their_sum(step):
    outputs, state = step
    figure = draw(outputs, state, decimals=3)
    first, *middle, last = table(figure)
    weights = weighed(outputs, state)
    context = torch.einsum("l,lh->h", torch.tensor(weights), torch.tensor(outputs))
    near = {"atol": 0.0006, "rtol": 0}
    np.testing.assert_allclose(first, state, **near)
    np.testing.assert_allclose(middle, np.column_stack([outputs, weights]), **near)
    np.testing.assert_allclose(last, context, **near)
    L, H_out = outputs.shape
    assert figure.shapes == ((H_out,), (L, H_out), (H_out,), (L,))


def test_shades_grow_with_the_weights():
    outputs, state = attended()
    figure = draw(outputs, state)
    row = max(y for _, y, _, _ in marked(figure, "plus"))
    root = ElementTree.fromstring(figure.svg)
    fills = [box for box in root.iter(f"{SVG}rect")
             if box.get("class") == "plus" and float(box.get("y")) == row]  # fmt: skip
    shades = [float(box.get("fill-opacity", 1)) for box in fills]
    weights = weighed(outputs, state)
    np.testing.assert_allclose(shades, 0.15 + 0.85 * weights / weights.max(), atol=0.006)


def test_the_token_that_is_read_leads_up_and_the_one_that_is_written_comes_last():
    figure = draw(*attended(), read="<s>", written="o")
    ways = arrows(figure)
    level = [(start, end) for start, end in ways if start[1] == end[1]]
    upright = sorted((start[0], start[1] > end[1]) for start, end in ways if start[0] == end[0])
    assert len(level) + len(upright) == len(ways) == 5
    assert all(start[0] < end[0] for start, end in level)
    assert [up for _, up in upright] == [True, False, False]
    ticks = {text: x for x, _, text in placed(figure, "tick")}
    makers = {text: x for x, _, text in placed(figure, "quiet")}
    assert ticks["<s>"] == makers["cell"] == makers["reads"] == upright[0][0]
    assert ticks["o"] == makers["Linear"] == makers["writes"] == upright[2][0]
    assert makers["softmax"] == upright[1][0]


def test_columns_have_the_labels_of_the_encoder():
    figure = draw(*attended(), labels=["I", "am", "not", "a", "."], read="<s>", written="ich")
    labels = [text for _, _, text in sorted(placed(figure, "tick"))]
    assert labels == ["<s>", "I", "am", "not", "a", ".", "ich"]
    assert texts(figure, "axis") == ["H_out = 3", "L = 5"]


OUTPUTS, STATE = attended()
WRONG = {
    "batch": (lambda: draw_given(OUTPUTS[None]), r"got shape \(1, 5, 3\)"),
    "state": (lambda: draw_given(state=STATE[:2]), r"\(2,\) and 5 labels"),
    "labels": (lambda: draw_given(labels="hell"), "4 labels"),
    "steps": (lambda: draw_given(weights=np.full(3, 1 / 3)), r"\(5, 3\), \(3,\)"),
    "empty": (lambda: draw_given(OUTPUTS[:0], np.ones(0), labels=""), r"got shape \(0, 3\)"),
    "scores": (lambda: draw_given(weights=OUTPUTS @ STATE), "softmax over L"),
    "other axis": (lambda: draw_given(weights=np.ones(5)), "a sum of 5.000"),
    "negative": (lambda: draw_given(weights=np.array([2, -1, 0, 0, 0.0])), "not negative"),
    "nan": (lambda: draw_given(OUTPUTS * np.nan), "finite real numbers"),
    "wide": (lambda: draw(*attended(L=11), labels="hello world"), "draw a slice"),
}


def draw_given(outputs=OUTPUTS, weights=None, state=STATE, labels="hello"):
    weights = np.full(5, 0.2) if weights is None else weights
    return figures.attention(outputs, weights, state, labels=labels, read="a", written="b")


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_drawn_says_why(case):
    make, message = WRONG[case]
    with pytest.raises(ValueError, match=message):
        make()


EXAMPLES = {
    "attention": lambda: draw(*attended(), read="<s>", written="o"),
    "attention to one step": lambda: draw(*attended(1, 2)),
    "attention with words": lambda: draw(
        *attended(4, 5), labels=["I", "am", "not", "here"], read="<start>", written="nicht"
    ),
    "whole numbers": lambda: draw(np.eye(3, 2), np.zeros(2)),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_text_stays_inside_and_apart(page, name):
    figure = EXAMPLES[name]()
    assert figure.svg == EXAMPLES[name]().svg
    assert_text_stays_inside_and_apart(page, figure)
