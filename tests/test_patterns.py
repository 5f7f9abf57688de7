"""What a pattern says is read back from its SVG: each box at its step, each arrow at its boxes."""

from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_ref.figures import named, pattern

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (11, 13, 7)  # of outputs, states and inputs

flags = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=5)


def row(letter, width, present):
    """A row of steps, each with its own name, or None where nothing is present."""
    return [
        (f"{letter}_{step}", np.zeros((5, width))) if here else None
        for step, here in enumerate(present)
    ]


def draw(present, **given):
    """A pattern whose steps have an output, an input, both or none."""
    outputs, inputs = zip(*present, strict=True)
    rows = (
        row(*one)
        for one in zip("yhx", WIDTHS, (outputs, [True] * len(present), inputs), strict=True)
    )
    y, h, x = rows
    return pattern(x, h, y, **{"calls": [("rnn", len(present))], "name": "a pattern"} | given)


def marks(figure, tag, style=None):
    root = ElementTree.fromstring(figure.svg)
    found = root.iter(SVG + tag)
    return [m for m in found if style is None or style in m.get("class", "").split()]


def lines(figure):
    """The texts by their column, each column from top to bottom: the title is not in any."""
    columns = {}
    for mark in marks(figure, "text"):
        if mark.get("text-anchor") == "middle":
            columns.setdefault(float(mark.get("x")), []).append(
                (float(mark.get("y")), "".join(mark.itertext()))
            )
    return [[text for _, text in sorted(columns[x])] for x in sorted(columns)]


def ends(figure):
    """Where each arrow points, and from which side."""
    found = []
    for mark in marks(figure, "path", "flow"):
        points = [tuple(map(float, p[1:].split(" "))) for p in split(mark.get("d"))]
        if len(points) == 5:  # a shaft and two wings
            (x1, y1), (x2, y2) = points[:2]
            found.append((x2, y2, "right" if y1 == y2 and x1 < x2 else "up" if y1 > y2 else "?"))
    return found


def split(route):
    """The points of a path, each with its letter before it."""
    return route.replace(" M", "|M").replace(" L", "|L").split("|")


@given(present=flags)
@settings(max_examples=40)
def test_each_step_shows_what_it_has_from_top_to_bottom(present):
    steps = len(present)
    expected = []
    for step, (has_output, has_input) in enumerate(present):
        boxes = [(f"y_{step}", "(5, 11)", "readout")] * has_output
        boxes += [(f"h_{step}", "(5, 13)")] + [(f"x_{step}", "(5, 7)")] * has_input
        expected.append([text for box in boxes for text in box] + ["call"])
    calls = [("call", 1)] * steps
    assert lines(draw(present, readout="readout", calls=calls)) == expected


@given(present=flags)
@settings(max_examples=40)
def test_arrows_lead_to_each_state_and_to_the_outputs_that_are_there(present):
    figure = draw(present)
    ways = [way for _, _, way in ends(figure)]
    assert ways.count("right") == len(present) - 1
    assert ways.count("up") == sum(map(sum, present)) == len(ways) - len(present) + 1
    states = [float(box.get("x")) for box in marks(figure, "rect", "lane")]
    right = [x for x, _, way in ends(figure) if way == "right"]
    assert right == [x - 3 for x in states[1:]]


@given(present=flags)
@settings(max_examples=40)
def test_shapes_are_those_of_the_arrays_row_by_row(present):
    figure = draw(present)
    outputs, inputs = zip(*present, strict=True)
    counts = sum(outputs), len(present), sum(inputs)
    expected = [(5, width) for width, count in zip(WIDTHS, counts, strict=True)
                for _ in range(count)]  # fmt: skip
    assert list(figure.shapes) == expected


def test_frames_hold_the_states_of_each_call_and_not_the_outputs():
    figure = draw([(True, True)] * 4, calls=[("rnn", 3), ("cell", 1)])
    frames = [(float(f.get("x")), float(f.get("width")), float(f.get("y")))
              for f in marks(figure, "rect", "frame")]  # fmt: skip
    states = [(float(s.get("x")), float(s.get("y"))) for s in marks(figure, "rect", "lane")]
    held = [[step for step, (x, _) in enumerate(states) if left < x < left + wide]
            for left, wide, _ in frames]  # fmt: skip
    assert held == [[0, 1, 2], [3]]
    boxes = [float(b.get("y")) for b in marks(figure, "rect", "solid")]
    assert all(min(boxes) < top < states[0][1] for _, _, top in frames)


def test_an_output_that_is_fed_back_is_quiet_as_an_input_only():
    y = np.zeros((5, 11))
    inputs, outputs = [("y_0", y), ("y_1", y)], [("y_1", y), ("y_2", y)]
    states = named("h", np.zeros((2, 5, 13)))
    figure = pattern(inputs, states, outputs, calls=[("cell", 1)] * 2, name="a loop")
    assert len(marks(figure, "rect", "card")) == 1
    quiet = ["".join(mark.itertext()) for mark in marks(figure, "text", "quiet")]
    assert quiet.count("y_1") == 1
    assert not {"y_0", "y_2"} & set(quiet)


def test_names_count_from_one():
    pairs = named("x", torch.zeros(3, 2, 5, requires_grad=True).unbind(1))
    assert [name for name, _ in pairs] == ["x_1", "x_2"]
    assert [tuple(array.shape) for _, array in pairs] == [(3, 5), (3, 5)]


STATES, OTHERS = named("h", np.zeros((2, 5, 13))), named("x", np.zeros((2, 3, 7)))
WRONG = {
    "short row": ((STATES[:1], STATES, STATES), 2, r"got \[2, 2, 1, 2\] steps"),
    "short calls": ((STATES, STATES, STATES), 1, r"got \[2, 2, 2, 1\] steps"),
    "no state": (([None] * 2, [STATES[0], None], [None] * 2), 2, "1 states missing"),
    "nothing": (([], [], []), 0, r"got \[0, 0, 0, 0\]"),
    "two batches": ((OTHERS, STATES, [None] * 2), 2, r"one N, got .*x_1 \(3, 7\)"),
    "no batch": (
        ([None], [("h", np.zeros(13))], [None]),
        1,
        r"states\[0\], h: expected 2 axes.* got shape \(13,\)",
    ),
    "time": (([None], [("h", np.zeros((5, 3, 13)))], [None]), 1, r"got shape \(5, 3, 13\)"),
    "wide": (([None] * 9, named("h", np.zeros((9, 5, 13))), [None] * 9), 9, "at most"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_drawn_says_why(case):
    rows, steps, message = WRONG[case]
    with pytest.raises(ValueError, match=message):
        pattern(*rows, calls=[("rnn", steps)], name="x")
