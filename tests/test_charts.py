"""What the charts say is read back from their SVG, and measured in a browser."""

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
sizes = st.tuples(st.integers(2, 11), st.integers(1, 7))
unit = st.floats(-1, 1)
courses = sizes.flatmap(
    lambda size: st.tuples(
        arrays.arrays(np.float64, size, elements=unit),
        arrays.arrays(np.float64, size, elements=unit),
        arrays.arrays(np.float64, size[1:], elements=unit),
    )
)
whole = st.integers(-9, 9)
pairs = st.tuples(st.integers(1, 5), st.integers(1, 4), st.integers(1, 2)).flatmap(
    lambda size: st.tuples(
        arrays.arrays(np.int64, size[:2], elements=whole),
        arrays.arrays(np.int64, size[1:], elements=whole),
        st.integers(0, size[0] - 1),
    )
)


def network(L=10, H_in=4, H_out=8):
    """The states of torch's own network after each step, and the one before."""
    torch.manual_seed(0)
    rnn, h_0 = torch.nn.RNN(H_in, H_out), torch.rand(1, H_out)
    return rnn(torch.randn(L, H_in), h_0)[0].detach(), h_0[0]


def lines(figure):
    """Each unit's line as points, as they stand in the document."""
    paths = ElementTree.fromstring(figure.svg).iter(f"{SVG}path")
    routes = [path.get("d") for path in paths if path.get("class") == "axis H_out"]
    pairs = [re.findall(r"(\S+) (\S+)", re.sub("[ML]", "", route)) for route in routes]
    return np.array(pairs, dtype=float)


def levels(figure):
    """The heights of the lines at 1, 0 and -1."""
    paths = ElementTree.fromstring(figure.svg).iter(f"{SVG}path")
    found = {re.findall(r" (\S+)", p.get("d"))[0] for p in paths if p.get("class") == "card"}
    return sorted(map(float, found))


def times(left, right, row=0, **changed):
    labels = "abcdefg"[: len(left)], "hijklmn"[: len(right)]
    told = {"names": ("x", "W", "y"), "axes": ("L", "V", "H_in"), "labels": labels, "row": row}
    return figures.product(left, right, **told | changed)


@given(courses=courses)
@settings(max_examples=40)
def test_a_line_goes_through_h_0_and_every_state_of_its_unit(courses):
    one, other, h_0 = courses
    figure = figures.trajectories({"one": one, "other": other}, h_0=h_0)
    drawn, (top, middle, low) = lines(figure), levels(figure)
    assert drawn.shape == (2 * len(h_0), 1 + len(one), 2)
    assert figure.shapes == (one.shape, other.shape)
    heights = (middle - drawn[..., 1]) / (middle - top)
    expected = [np.vstack([h_0, run]).T for run in (one, other)]
    np.testing.assert_allclose(heights, np.concatenate(expected), atol=0.002)
    assert middle - top == low - middle
    assert (np.diff(drawn[..., 0]) > 0).all()


def test_a_steps_place_is_the_same_in_every_line_and_after_that_of_h_0():
    output, h_0 = network()
    figure = figures.trajectories({"a": output, "b": output}, h_0=h_0)
    places = lines(figure)[..., 0]
    assert (places[:8] == places[0]).all()
    assert (places[8:] == places[8]).all()
    assert places[0].max() < places[8].min()
    np.testing.assert_allclose(np.diff(places[0]), np.diff(places[0])[0], atol=0.11)
    assert texts(figure, "axis") == ["one line per hidden unit: H_out = 8", "L = 10", "L = 10"]
    assert texts(figure, "bold") == ["a", "b"]


@given(pair=pairs)
@settings(max_examples=40)
def test_the_product_is_that_of_torch(pair):
    left, right, row = pair
    figure = times(left, right, row)
    product = torch.from_numpy(left) @ torch.from_numpy(right)
    numbers = [*left.ravel(), *right.ravel(), *product.flatten().tolist()]
    assert [int(text) for text in texts(figure, "value")] == numbers
    assert figure.shapes == (left.shape, right.shape, tuple(product.shape))
    written = [text for text in texts(figure) if re.fullmatch(r"\(\d+, \d+\)", text)]
    assert written == [str(shape) for shape in figure.shapes]


def test_one_row_of_a_one_hot_matrix_picks_one_row():
    table = np.array([[1, 2], [3, 4], [5, 6], [7, 8]])
    figure = times(np.eye(4, dtype=int)[[2, 0, 3, 3, 1]], table, row=2)
    left, right, product = marked(figure, "ring")
    assert (left[3], right[3], product[3]) == (26, 26, 26)
    assert left[1] == product[1]
    assert right[1] - left[1] == 26  # the row below: 3 stands in the table, 2 in the word
    assert (left[2], right[2]) == (4 * 20, 2 * 20)


def test_the_rows_that_make_a_sum_all_get_a_ring():
    rings = marked(times([[1, 1, 0], [0, 0, 2]], np.eye(3, dtype=int)), "ring")
    assert [ring[3] for ring in rings] == [26, 26, 26, 26]


def test_rows_and_columns_have_their_labels():
    figure = times(np.eye(4, dtype=int)[[1, 0, 2, 2, 3]], np.ones((4, 2)))
    assert sorted(texts(figure, "tick")) == sorted(2 * "abcde" + 2 * "hijk")
    assert "".join(texts(figure, "bold")) == "x@W=y"
    assert texts(figure, "quiet")[0] == "(L, V)"


OUTPUT, H_0 = network()
WRONG = {
    "no run": (lambda: figures.trajectories({}, h_0=H_0), "at least one"),
    "two shapes": (
        lambda: figures.trajectories({"a": OUTPUT, "b": OUTPUT[1:]}, h_0=H_0),
        r"\[\(10, 8\), \(9, 8\)\]",
    ),
    "state": (lambda: figures.trajectories({"a": OUTPUT}, h_0=H_0[1:]), r"a: expected .*\(L, 7\)"),
    "one step": (lambda: figures.trajectories({"a": OUTPUT[:1]}, h_0=H_0), "L at least 2"),
    "batch": (
        lambda: figures.trajectories({"a": OUTPUT[None]}, h_0=H_0),
        r"got shape \(1, 10, 8\)",
    ),
    "beyond": (lambda: figures.trajectories({"a": 2 * OUTPUT}, h_0=H_0), "from -1 to 1"),
    "nan": (lambda: figures.trajectories({"a": OUTPUT * np.nan}, h_0=H_0), "a: expected finite"),
    "name": (lambda: figures.trajectories({"a" * 80: OUTPUT}, h_0=H_0), "wider than its panel"),
    "mismatch": (lambda: times(np.ones((5, 4)), np.ones((3, 2))), r"got \(5, 4\) and \(3, 2\)"),
    "vector": (lambda: times(np.ones(4), np.ones((4, 2))), r"left: .*got shape \(4,\)"),
    "empty": (lambda: times(np.ones((0, 4)), np.ones((4, 2))), r"got shape \(0, 4\)"),
    "infinite": (lambda: times([[np.inf]], [[1.0]]), "left: expected finite real numbers"),
    "labels": (
        lambda: times(np.ones((5, 4)), np.ones((4, 2)), labels=("abcde", "abc")),
        "W: expected 4 labels, one per row, got 3",
    ),
    "wide": (lambda: times(np.ones((2, 3)), np.ones((3, 15))), "draw a slice"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_drawn_says_why(case):
    draw, message = WRONG[case]
    with pytest.raises(ValueError, match=message):
        draw()


def test_a_row_outside_the_matrix_is_an_index_error():
    with pytest.raises(IndexError):
        times(np.ones((2, 2)), np.ones((2, 2)), row=2)


EXAMPLES = {
    "one run": lambda: figures.trajectories({"tanh": OUTPUT}, h_0=H_0),
    "two runs": lambda: figures.trajectories(
        {"positive weights": OUTPUT, "zeros": OUTPUT}, h_0=H_0
    ),
    "look-up": lambda: times(
        np.eye(4, dtype=int)[[1, 0, 2, 2, 3]],
        np.linspace(-1, 1, 8).reshape(4, 2),
        names=("one_hot[0]", "embedding.weight", "vectors[0]"),
    ),
    "one by one": lambda: times([[2]], [[3]]),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_text_stays_inside_and_apart(page, name):
    figure = EXAMPLES[name]()
    assert figure.svg == EXAMPLES[name]().svg
    assert_text_stays_inside_and_apart(page, figure)
