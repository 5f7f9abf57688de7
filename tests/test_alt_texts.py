"""What a figure says of itself in words is held against its SVG: what is drawn, and where."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from rnn_ref import figures
from tests import test_attention_figure, test_charts, test_patterns, test_sizes
from tests.test_figures import EXAMPLES, WORDS, deep, marked, run, shapes, stack, texts

DRAWN = test_charts.EXAMPLES | test_sizes.EXAMPLES | test_attention_figure.EXAMPLES
EXAMPLES = EXAMPLES | {name: draw() for name, draw in DRAWN.items()}
SVG = "{http://www.w3.org/2000/svg}"
# What is written differently: "L = 5" is "5 steps", "h_n[1]" is "from its h_n".
RETOLD = [
    r"L = \d+",
    r"N = \d+",
    r"call \d+",
    r"\d",
    r"h_[0n]\[\d\]",
    r"layer \d",
    r"(output|x|h_0, h_n):",
    r"one line per .*",
    r"negative|zero|positive",  # the key to the colours, which say again what the numbers say
]


def told(figure, pattern):
    """What the alt text has in the place of a pattern's groups, all of it."""
    return re.findall(pattern, figure.alt)


def split(names):
    """The names of such as "a, b and c"."""
    return re.split(r", | and ", names)


def places(figure, side):
    """Where each text but the key's stands: its x from the left, or its y from the top."""
    marks = ElementTree.fromstring(figure.svg).iter(f"{SVG}text")
    return {
        "".join(mark.itertext()): float(mark.get(side))
        for mark in marks
        if mark.get("class") != "key"
    }


def heights(figure):
    return places(figure, "y")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_document_has_the_alt_text_for_a_title(name):
    figure = EXAMPLES[name]
    assert ElementTree.fromstring(figure.svg).findtext(f"{SVG}title") == figure.alt
    assert figure.alt == " ".join(figure.alt.split())
    assert figure.alt.endswith(".")


@pytest.mark.parametrize("name", EXAMPLES)
def test_all_that_is_written_in_a_figure_is_told_and_nothing_else(name):
    figure = EXAMPLES[name]
    written, numbers = texts(figure), texts(figure, "value")
    retold = re.compile("|".join(RETOLD))
    for text in set(written) - set(numbers):
        assert text in figure.alt or text.strip("()") in figure.alt or retold.fullmatch(text), text
    for size in re.findall(r"\((?:\d+, )*\d+,?\)|\w+ = \d+", figure.alt):
        assert any(size in text for text in written), size


flags = shapes.flatmap(lambda shape: arrays.arrays(np.bool_, shape))


@given(flags=flags)
@settings(max_examples=60)
def test_the_rings_of_a_tensor_are_told_as_indices_into_it(flags):
    values = np.arange(flags.size).reshape(flags.shape)
    figure = figures.tensor(values, axes="ABC"[: flags.ndim], name="x", highlight=flags)
    found = np.zeros(flags.shape, dtype=bool)
    rings = re.search(r"Rings go around (.*)\.$", figure.alt)
    for index in re.findall(r"x(?:\[([^\]]*)\])?", rings[1] if rings else ""):
        found[eval(f"np.s_[{index or ':'}]", {"np": np})] = True
    np.testing.assert_array_equal(found, flags)


@given(shape=shapes, data=st.data())
@settings(max_examples=30)
def test_labels_are_told_with_their_axis(shape, data):
    axis = data.draw(st.integers(0, len(shape) - 1))
    labels = [f"{place}a" for place in range(shape[axis])]
    name = "ABC"[axis]
    figure = figures.tensor(
        np.ones(shape), axes="ABC"[: len(shape)], name="x", labels={axis: labels}
    )
    (given_labels,) = told(figure, rf"along {name}: ([^.;]*)")
    assert re.split(r", | and | ", given_labels) == labels


@pytest.mark.parametrize("name", ["mapping", "large mapping"])
def test_a_mapping_is_told_from_top_to_bottom(name):
    figure = EXAMPLES[name]
    (column,) = told(figure, r"^From top to bottom: (.*?)\. ")
    parts = [re.sub(r"^the layer | \(\d+, .*$", "", part) for part in column.split("; ")]
    assert sorted(parts, key=heights(figure).get) == parts


def test_a_mapping_tells_its_lines_and_arrows():
    lines = ["Lines join N and H_out of output and h_n."]
    assert told(EXAMPLES["mapping"], r"Lines join .*") == lines
    assert told(EXAMPLES["large mapping"], r"Lines join .*") == ["Lines join N of h_0 and x."]
    assert told(EXAMPLES["large mapping"], r"the axes of (\w+)[ .]") == ["x", "output"]
    assert told(EXAMPLES["mapping"], "the axes of (\\w+)[ .]") == ["batch", "output"]
    one = figures.mapping({"x": (np.ones(3), "A")}, {"y": (np.ones(5), "B")}, by="f")
    assert told(one, "x .3,. with the axis A; the layer f; y .5,. with the axis B")
    assert not told(one, "Lines")
    apart = {"y": (np.ones(5), "B"), "z": (np.ones(7), "C")}
    assert not told(figures.mapping({"x": (np.ones(3), "A")}, apart, by="f"), "Lines")


def test_readings_tell_the_sequences_as_their_lanes_lie():
    figure = EXAMPLES["readings"]
    columns = ["".join(column) for column in zip(*WORDS, strict=True)]
    for first, words, way in (True, WORDS, "along the rows"), (False, columns, "down the columns"):
        ((counts, read),) = told(figure, rf"batch_first={first}, [^:]*: (.*?), read {way}, ([^.]*)")
        assert counts == f"{len(words)} sequences of {len(words[0])} steps"
        assert [word.replace(" ", "") for word in split(read)] == words
    axes = told(figure, "(Above|Below), with .*?, (.) down and (.) to the right")
    assert axes == [("Above", "N", "L"), ("Below", "L", "N")]


@pytest.mark.parametrize(
    ("sizes", "frames"),
    [
        ([5], "each dashed frame is a call of 5 steps"),
        ([1, 1, 1], "each dashed frame is a call of 1 step"),
        ([3, 1], "the dashed frames are calls of 3 steps and 1 step"),
    ],
)
def test_an_unrolled_network_tells_its_calls(sizes, frames):
    (x,), (y,), _ = run(length=sum(sizes))
    cuts = np.cumsum(sizes)[:-1]
    figure = figures.unrolled(np.split(x, cuts, axis=1), np.split(y, cuts, axis=1), y[:, -1:])
    assert frames in figure.alt
    assert len(marked(figure, "frame")) == len(sizes)
    assert "Labels" not in figure.alt


@pytest.mark.parametrize("name", ["one call", "a loop", "two calls"])
def test_an_unrolled_network_tells_the_way_up_and_the_way_through(name):
    figure = EXAMPLES[name]
    (parts,) = told(
        figure, r"from bottom to top: (H_in) = \d+ numbers of (x) .*?, a (cell), (H_out)"
    )
    column = [heights(figure)[part] for part in ("x", "cell", "output")]
    assert parts == ("H_in", "x", "cell", "H_out")
    assert column == sorted(column, reverse=True)
    assert told(figure, r"from (h_0) .* on the left .* to (h_n) .* on the right") == [
        ("h_0", "h_n")
    ]
    x = places(figure, "x")
    assert x["h_0"] < x["cell"] < x["h_n"]
    rings = [ring[0] for ring in marked(figure, "ring")]
    assert figure.alt.endswith("; rings go around the last output and h_n.")
    assert x["h_n"] > max(rings) > x["cell"] > min(rings) > x["h_0"]


@given(num_layers=st.integers(1, 3), D=st.integers(1, 2), L=st.integers(2, 6))
@settings(max_examples=12)
def test_states_tell_at_which_end_each_slice_of_h_n_stands(num_layers, D, L):
    figure = figures.states(*stack(num_layers, D, L=L))
    rings = marked(figure, "ring")
    (right,) = told(figure, r"upwards: ([^;.]*) on the right")
    left = told(figure, r"; ([^;.]*) of reverse rows on the left\.")
    expected = [k for k, ring in enumerate(rings) if ring[0] == max(ring[0] for ring in rings)]
    assert split(right) == [f"h_n[{k}]" for k in expected]
    assert [split(names) for names in left] == [
        [f"h_n[{k}]" for k in range(len(rings)) if k not in expected]
    ] * (D == 2)
    framed = heights(figure)[f"layer {num_layers - 1}"]
    assert "above the input, layer 0 the lowest" in figure.alt
    assert max(heights(figure), key=heights(figure).get).startswith("sequence 0 of")
    assert heights(figure)["layer 0"] < heights(figure)["input"]
    assert framed == min(y for text, y in heights(figure).items() if text.startswith("layer"))
    assert f"holds output {(3, L, 2 * D)}: layer {num_layers - 1} at every step." in figure.alt


@pytest.mark.parametrize("num_layers", [1, 2, 3])
@pytest.mark.parametrize("between", ["", "dropout"])
def test_layers_tell_the_ways_up(num_layers, between):
    figure = figures.stacked(*deep(num_layers), batch_first=True, between=between)
    (up,) = told(figure, r"arrows lead up ([^.]*)\.")
    next_one = ["from each layer through dropout to the next" if between else
                "from each layer to the next"]  # fmt: skip
    last = num_layers - 1
    ways = ["from x to layer 0", *next_one * (last > 0), f"from layer {last} to output"]
    assert split(up) == ways
    assert f"rings go around the last output and h_n[{last}]." in figure.alt
    assert "layer 0 the lowest" in figure.alt
    assert told(figure, r"Below is (\w+) .*, on top (\w+) ") == [("x", "output")]
    assert told(figure, r"to the right through each layer, from its (\w+) .* to its (\w+) ") == [
        ("h_0", "h_n")
    ]
    assert places(figure, "x")["h_0[0]"] < places(figure, "x")["h_n[0]"]
    assert (
        heights(figure)["output"] < heights(figure)[f"layer {last}"] <= heights(figure)["layer 0"]
    )
    assert heights(figure)["layer 0"] < heights(figure)["x"]


@given(present=test_patterns.flags)
@settings(max_examples=40)
def test_a_pattern_tells_what_stands_in_one_column(present):
    figure = test_patterns.draw(present)
    found = set()
    for names, where, states in told(
        figure, r"([^:;.]*?) \(5, \d+\) (above|below) ([^:;.]*?)(?=[;.]|, [xy]_)"
    ):
        pairs = zip(split(names.strip(" ,")), split(states), strict=True)
        found |= {(name, where, state) for name, state in pairs}
    expected = {(f"y_{k}", "above", f"h_{k}") for k, (output, _) in enumerate(present) if output}
    expected |= {(f"x_{k}", "below", f"h_{k}") for k, (_, given) in enumerate(present) if given}
    assert found == expected
    assert ("no outputs" in figure.alt) == (not any(output for output, _ in present))
    assert ("no inputs" in figure.alt) == (not any(given for _, given in present))


def test_a_pattern_tells_its_frames_and_what_is_fed_back():
    figure = EXAMPLES["pattern"]
    assert told(figure, "Fed back as an input: (.*?)\\.") == ["y_1"]
    frames = "encoder with h_1, h_2 and h_3; cell with h_4; cell with h_5."
    assert figure.alt.endswith(f"Dashed frames hold states and inputs: {frames}")
    assert "y_0 and y_1 (5, 11) below h_4 and h_5" in figure.alt


@pytest.mark.parametrize("row", [0, 1, 2])
def test_a_product_tells_the_rows_in_rings(row):
    left = np.eye(3, dtype=int)[[2, 0, 1]] + np.eye(3, dtype=int)[[2, 0, 0]]
    figure = test_charts.times(left, np.ones((3, 2)), row=row)
    (rings,) = told(figure, r"Rings go around (.*)\.$")
    picked = [f"W[{k}]" if len(run) == 1 else f"W[{run[0]}:{run[-1] + 1}]"
              for run in [[k for k in range(3) if left[row, k]]] for k in run[:1]]  # fmt: skip
    assert split(rings) == [f"x[{row}]", *picked, f"y[{row}]"]


def test_a_product_tells_the_labels_of_its_rows():
    figure = test_charts.times(np.ones((3, 2)), np.ones((2, 4)))
    labels = "Labels along L: a, b and c; along V: h and i."
    assert told(figure, r"Labels .*?\.") == [labels]
    assert sorted(texts(figure, "tick")) == sorted(2 * "abc" + 2 * "hi")


def test_courses_are_told_from_left_to_right():
    figure = EXAMPLES["two runs"]
    names = told(figure, r"from left to right.*: (.*?) \(10, 8\) and (.*?) \(10, 8\)\.")
    assert names == [("positive weights", "zeros")]
    assert places(figure, "x")["positive weights"] < places(figure, "x")["zeros"]
    assert "from -1 at the bottom to 1 at the top" in figure.alt
    assert heights(figure)["1"] < heights(figure)["-1"]
