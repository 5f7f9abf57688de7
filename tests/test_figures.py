"""What the figures say is read back from their SVG, and measured in a browser."""

import itertools
import re
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from IPython.core.formatters import DisplayFormatter

import rnn_ref
from rnn_ref import figures
from rnn_ref.figures import named, pattern
from tests.contrast import contrast

WORDS = ["hello", "eolll", "lleel"]
LETTERS = "helo"
BATCH = np.eye(4, dtype=int)[[[LETTERS.index(letter) for letter in word] for word in WORDS]]
LABELS = {0: WORDS, 1: "".join(WORDS), 2: LETTERS}
AXES = ("N", "L", "H_in")
SVG = "http://www.w3.org/2000/svg"
STATE = ("D*num_layers", "N", "H_out")

shapes = st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True).map(tuple)
whole = shapes.flatmap(lambda shape: arrays.arrays(np.int64, shape, elements=st.integers(-99, 99)))
broken = shapes.flatmap(
    lambda shape: arrays.arrays(
        np.float64, shape, elements=st.floats(-9, 9).map(lambda v: v + 0.25)
    )
)


def output(seed=0, shape=(3, 5, 2)):
    """Numbers that look like a network's output."""
    return np.tanh(np.random.default_rng(seed).normal(size=shape))


def run(calls=1, length=5):
    """One sequence in equal calls, and the state that the last of them returned."""
    x, y = BATCH[:1, :length], output(1, (1, length, 2))
    return np.split(x, calls, axis=1), np.split(y, calls, axis=1), y[:, -1:]


def stack(num_layers=3, D=1, N=3, L=5, H_out=2, seed=0):
    """What each layer of a torch network returns, called one by one, and the network's own h_n."""
    torch.manual_seed(seed)
    both = D == 2
    rnn = torch.nn.RNN(7, H_out, num_layers, batch_first=True, bidirectional=both)
    x = x_0 = torch.randn(N, L, 7)
    outputs = []
    for k in range(num_layers):
        layer = torch.nn.RNN(x.shape[-1], H_out, batch_first=True, bidirectional=both)
        weights = {name: w for name, w in rnn.state_dict().items() if f"_l{k}" in name}
        layer.load_state_dict({name.replace(f"_l{k}", "_l0"): w for name, w in weights.items()})
        x = layer(x)[0]
        outputs.append(x.detach().numpy())
    return outputs, rnn(x_0)[1].detach().numpy()


def deep(num_layers=2, shape=(3, 5, 4), hidden_size=7, *, batch_first=True):
    """What goes into a network of several layers and what comes out, in the order of `stacked`."""
    rng = np.random.default_rng(3)
    x, h_0 = (
        rng.normal(size=size).astype(np.float32)
        for size in (shape, (num_layers, shape[not batch_first], hidden_size))
    )
    network = rnn_ref.RNN(shape[2], hidden_size, num_layers, batch_first=batch_first, seed=3)
    return x, h_0, *network(x, h_0)


def decoder():
    """An encoder of 3 steps and a decoder of 2, the second of which reads what the first wrote."""
    x, h, y = (np.zeros((steps, 5, width)) for steps, width in ((3, 7), (5, 13), (2, 11)))
    inputs = [*named("x", x), ("y_0", np.zeros((5, 11))), *named("y", y[:1])]
    calls = [("encoder", 3), ("cell", 1), ("cell", 1)]
    answers = [None] * 3 + named("y", y)
    return pattern(inputs, named("h", h), answers, calls=calls, name="encoder-decoder")


def cell_step(gates, N=1, H_in=2, H_cell=3):
    """The arguments of a step: x, the states, and the weights of so many gates."""
    rng = np.random.default_rng(5)
    states = [(N, H_cell)] * (2 if gates == 4 else 1)
    weights = [(gates * H_cell, H_in), (gates * H_cell, H_cell), *[(gates * H_cell,)] * 2]
    return [rng.normal(size=size) for size in ((N, H_in), *states, *weights)]


def examples():
    y = output()
    h_n = y[None, :, -1]
    flow = {"output": (y, ("N", "L", "H_out")), "h_n": (h_n, STATE)}
    large = {"x": (np.zeros((40, 10, 5)), AXES), "h_0": (np.zeros((1, 40, 8)), STATE)}
    came = {"output": (np.zeros((40, 10, 8)), ("N", "L", "H_out"))}
    return {
        "one-hot": figures.tensor(BATCH, axes=AXES, labels=LABELS, name="batch"),
        "floats": figures.tensor(
            y, axes=("N", "L", "H_out"), name="output", highlight=np.s_[:, -1]
        ),
        "state": figures.tensor(h_n, axes=STATE, labels={1: WORDS}, name="h_n"),
        "lines": figures.tensor(output(2, (5, 3, 4)), axes=("L", "N", "H_in"), name="x"),
        "matrix": figures.tensor(y[0], axes=("G*H_cell", "H_in"), name="weight_ih_l0"),
        "vector": figures.tensor(BATCH[0, 0], axes=("H_in",), labels={0: LETTERS}, name="h"),
        "mapping": figures.mapping(
            {"batch": (BATCH, AXES)}, flow, by="RNN(4, 2, batch_first=True)"
        ),
        "focus": figures.mapping(
            {"batch": (BATCH, AXES), "h_0": (h_n, STATE)}, flow, by="RNN(4, 2)", focus=("N", "L")
        ),
        "large mapping": figures.mapping(large, came, by="RNN(5, 8)"),
        "readings": figures.readings(BATCH, labels=WORDS, name="batch"),
        "one call": figures.unrolled(*run(), labels="hello"),
        "a loop": figures.unrolled(*run(calls=5), labels="hello"),
        "two calls": figures.unrolled(*run(calls=2, length=4)),
        "states": figures.states(*stack(L=10, N=40, H_out=8)),
        "states both ways": figures.states(*stack(2, D=2), labels="hello", sequence=1),
        "one state": figures.states(*stack(1, N=1, L=1)),
        "layers": figures.stacked(*deep(), batch_first=True),
        "dropout": figures.stacked(
            *deep(3, (5, 1, 4), batch_first=False), labels="hello", between="dropout"
        ),
        "pattern": decoder(),
        "packed": figures.packed(rnn_ref.pack_sequence([BATCH[0], BATCH[1, :2]]), ["hello", "eo"]),
        "packed unsorted": figures.packed(
            rnn_ref.pack_sequence([BATCH[1, :2], BATCH[0]], enforce_sorted=False), ["eo", "hello"]
        ),
        "LSTM step": figures.lstm_step(*cell_step(4)),
        "one unit": figures.lstm_step(*cell_step(4, N=2, H_in=1, H_cell=1)),
        "GRU step": figures.gru_step(*cell_step(3)),
        "two units": figures.gru_step(*cell_step(3, H_in=3, H_cell=2)),
    }


EXAMPLES = examples()


def texts(figure, style=None):
    """The lines of text of one style, in the order in which they stand in the document."""
    root = ElementTree.fromstring(figure.svg)
    marks = root.iter("{http://www.w3.org/2000/svg}text")
    return [
        "".join(m.itertext()) for m in marks if style is None or style in m.get("class", "").split()
    ]


def names(count):
    return ("A", "BB", "CCC")[:count]


@given(array=whole)
@settings(max_examples=40)
def test_every_whole_number_stands_once_in_reading_order(array):
    figure = figures.tensor(array, axes=names(array.ndim), name="x")
    assert [int(text) for text in texts(figure, "value")] == array.ravel().tolist()
    assert not any("." in text or text == "-0" for text in texts(figure, "value"))


@given(array=broken, decimals=st.integers(1, 3))
@settings(max_examples=40)
def test_every_float_stands_once_with_its_decimals(array, decimals):
    figure = figures.tensor(array, axes=names(array.ndim), name="x", decimals=decimals)
    read = texts(figure, "value")
    if not (array == array.round()).all():
        assert all(len(text.split(".")[1]) == decimals for text in read)
    np.testing.assert_allclose(
        [float(text) for text in read], array.ravel(), atol=0.5001 * 10.0**-decimals
    )


def test_nothing_is_minus_zero():
    figure = figures.tensor([-0.001, -0.0, 0.5], axes=("A",), name="x")
    assert texts(figure, "value") == ["0.00", "0.00", "0.50"]


@given(array=whole)
@settings(max_examples=40)
def test_title_and_axes_have_the_sizes_of_the_array(array):
    figure = figures.tensor(array, axes=names(array.ndim), name="x")
    sizes = [f"{axis} = {size}" for axis, size in zip(names(array.ndim), array.shape, strict=True)]
    assert figure.shapes == (array.shape,)
    assert texts(figure)[0] == f"x {array.shape}"
    assert sorted(texts(figure, "axis")) == sorted(sizes)


def test_labels_stand_at_their_rows_and_columns():
    figure = EXAMPLES["one-hot"]
    assert texts(figure, "caption") == WORDS
    assert texts(figure, "tick") == [tick for word in WORDS for tick in [*word, *LETTERS]]
    assert texts(EXAMPLES["lines"], "caption") == [f"x[{time}]" for time in range(5)]
    shared = figures.tensor(BATCH, axes=AXES, labels={1: "abcde"}, name="x")
    assert "".join(texts(shared, "tick")) == 3 * "abcde"


def marked(figure, style):
    root = ElementTree.fromstring(figure.svg)
    found = [m for m in root.iter("{http://www.w3.org/2000/svg}rect") if m.get("class") == style]
    sides = ("x", "y", "width", "height")
    return [tuple(float(box.get(side)) for side in sides) for box in found]


def test_zeros_are_quiet_and_the_others_filled_by_sign():
    figure = figures.tensor([[0, 2], [-1, 0]], axes=("A", "B"), name="x")
    assert texts(figure, "quiet") == ["0", "0"]
    (plus,), (minus,) = marked(figure, "plus"), marked(figure, "minus")
    assert plus[0] > minus[0]
    assert plus[1] < minus[1]


def key(figure):
    """The shades of the key to the fills, signed, from left to right between its words."""
    root = ElementTree.fromstring(figure.svg)
    found = {}
    for box in root.iter("{http://www.w3.org/2000/svg}rect"):
        sign = {"key": 0, "plus key": 1, "minus key": -1}.get(box.get("class"))
        if sign is not None:
            found.setdefault(float(box.get("x")), sign * float(box.get("fill-opacity", 1)))
    return [found[x] for x in sorted(found)]


@given(array=whole)
@settings(max_examples=40)
def test_a_key_says_what_the_fills_mean_as_far_as_they_occur(array):
    figure = figures.tensor(array, axes=names(array.ndim), name="x")
    shades = key(figure)
    least = "negative" if (array < 0).any() else "zero"
    assert texts(figure, "key") == ([least, "positive"] if array.any() else [])
    assert shades == sorted(shades)
    signs = {int(np.sign(shade)) for shade in shades}
    assert signs == ({-1, 0, 1} if (array < 0).any() else {0, 1} if array.any() else set())


def test_what_has_no_fills_has_no_key():
    assert [key(EXAMPLES[name]) for name in ("mapping", "readings")] == [[], []]
    assert key(EXAMPLES["states"])[0] == -1.0


def test_a_ring_goes_around_each_run_of_highlighted_boxes():
    rings = marked(EXAMPLES["floats"], "ring")
    plain = figures.tensor(output(), axes=("N", "L", "H_out"), name="output")
    assert len(rings) == 3
    assert marked(plain, "ring") == []
    one = marked(figures.tensor([[1, 2, 3]], axes=("A", "B"), name="x", highlight=(0, 1)), "ring")
    assert one[0][2] == rings[0][2] / 2 / 46 * 20


def test_mapping_names_every_axis_with_its_size_and_shapes_in_reading_order():
    figure = EXAMPLES["mapping"]
    assert figure.shapes == ((3, 5, 4), (3, 5, 2), (1, 3, 2))
    assert texts(figure, "axis") == [*AXES, "N", "L", "H_out", *STATE]
    sizes = [text for text in texts(figure, "bold") if text.isdigit()]
    assert sizes == ["3", "5", "4", "3", "5", "2", "1", "3", "2"]
    assert EXAMPLES["large mapping"].shapes == ((1, 40, 8), (40, 10, 5), (40, 10, 8))


def test_axes_in_focus_are_strong_and_the_others_faded():
    figure = EXAMPLES["focus"]
    boxes = {style: len(marked(figure, f"axis {style}")) for style in ("N strong", "L strong")}
    assert boxes == {"N strong": 4, "L strong": 2}
    assert [text for text in texts(figure, "axis") if text in texts(figure, "strong")] == [
        *["N", "N", "L", "N", "L", "N"]
    ]
    assert {*texts(figure, "strong"), *texts(figure, "faded")} == {*AXES, "H_out", STATE[0]}
    assert texts(EXAMPLES["mapping"], "faded") == []


def test_an_axis_in_focus_that_the_next_tensor_lacks_ends_in_a_bar():
    arrows, bars, edges = 2, 2, 2  # each of batch and of output
    assert len(drawn(EXAMPLES["focus"], "axis L strong")) == arrows + bars + edges
    assert EXAMPLES["focus"].alt.endswith(
        "Bars end L of batch, which h_0 lacks and L of output, which h_n lacks."
    )
    assert "Bars" not in EXAMPLES["mapping"].alt


def test_states_say_which_number_has_the_strongest_fill():
    outputs, h_n = stack()
    peak = f"{max(abs(one[0]).max() for one in outputs):.2f}"
    assert texts(figures.states(outputs, h_n), "key") == [f"-{peak}", peak]
    whole = [abs(one) for one in outputs]
    ends = np.stack([one[:, -1] for one in whole])
    assert texts(figures.states(whole, ends), "key") == ["0.00", peak]


def test_each_size_of_a_shape_has_the_colour_of_its_axis():
    coloured = {
        "one-hot": {"N": "3", "L": "5", "H_in": "4"},
        "vector": {"H_in": "4"},
        "dropout": {"L": "5", "N": "1", "H_in": "4", "H_out": "7"},
        "pattern": {"N": "5", "H_in": "7 11", "H_out": "13"},
        "states": {"N": "40", "L": "10", "H_out": "8", "num_layers": "3"},
        "mapping": {"N": "3", "L": "5", "H_in": "4", "H_out": "2", "num_layers": "1"},
    }
    for name, sizes in coloured.items():
        parts = [
            (part.get("class").removeprefix("axis "), part.text)
            for part in ElementTree.fromstring(EXAMPLES[name].svg).iter(f"{{{SVG}}}tspan")
        ]
        assert {axis for axis, _ in parts} - {"axis"} == {*sizes}, name
        assert all(size in sizes[axis].split() for axis, size in parts if axis in sizes), name


def test_readings_run_along_rows_and_then_along_columns():
    figure = EXAMPLES["readings"]
    columns = ["".join(column) for column in zip(*WORDS, strict=True)]
    assert "".join(texts(figure, "tick")) == "".join([*WORDS, *columns])
    assert texts(figure, "axis") == ["L = 5", "N = 3", "N = 5", "L = 3"]
    lanes = marked(figure, "lane")
    assert [width > height for _, _, width, height in lanes] == 3 * [True] + 5 * [False]


@pytest.mark.parametrize(("calls", "name"), [(1, "one call"), (5, "a loop")])
def test_unrolled_has_a_cell_per_step_and_a_frame_per_call(calls, name):
    figure, (x, y, h_n) = EXAMPLES[name], run(calls)
    steps = np.concatenate(x, axis=1)[0], np.concatenate(y, axis=1)[0]
    numbers = [n for x_t, y_t in zip(*steps, strict=True) for n in [*y_t, *x_t]]
    read = [float(text) for text in texts(figure, "value")]
    np.testing.assert_allclose(read, [*numbers, 0, 0, *h_n.ravel()], atol=0.0501)
    assert len(marked(figure, "solid")) == texts(figure).count("cell") == 5
    assert len(marked(figure, "frame")) == calls
    assert "".join(texts(figure, "tick")) == "hello"
    assert sorted(texts(figure, "axis")) == ["H_in = 4", "H_out = 2", "L = 5"]
    assert figure.shapes == (
        *(one.shape for one in y), (1, 1, 2), (1, 1, 2), *(one.shape for one in x)
    )  # fmt: skip
    assert {str(x[0].shape), str(y[0].shape), "(1, 1, 2)"} <= set(texts(figure))


def test_unrolled_takes_time_first_and_unbatched_arrays_too():
    (x,), (y,), h_n = run()
    values = texts(EXAMPLES["one call"], "value")
    first = figures.unrolled([x.swapaxes(0, 1)], [y.swapaxes(0, 1)], h_n, labels="hello")
    bare = figures.unrolled([x[0]], [y[0]], h_n[0], labels="hello")
    assert texts(first, "value") == texts(bare, "value") == values


def test_h_0_is_drawn_where_it_is_given():
    figure = figures.unrolled(*run(), h_0=np.full((1, 1, 2), -0.5))
    assert texts(figure, "value")[-4:-2] == ["-0.5", "-0.5"]


def filled(figure):
    """How far each box is filled, signed, by its height and its place from the left."""
    root = ElementTree.fromstring(figure.svg)
    found: dict[tuple[float, float], float] = {}
    for mark in root.iter("{http://www.w3.org/2000/svg}rect"):
        sign = {"plus": 1, "minus": -1}.get(mark.get("class"))
        if sign:
            fill = (float(mark.get("fill-opacity", 1)) - 0.15) / 0.85
            found[float(mark.get("y")), float(mark.get("x"))] = sign * fill
    return found


def ringed(figure):
    """The signed fills inside each ring, top row of rings first."""
    fills = filled(figure)
    return [
        [fills[y, x] for y, x in sorted(fills) if x == left and top - 0.1 <= y < top + high - 0.1]
        for left, top, _, high in marked(figure, "ring")
    ]


@given(
    num_layers=st.integers(1, 3), D=st.integers(1, 2), N=st.integers(1, 3),
    L=st.integers(1, 7), H_out=st.integers(1, 6), data=st.data(),
)  # fmt: skip
@settings(max_examples=30)
def test_rings_hold_h_n_and_the_frame_holds_output(num_layers, D, N, L, H_out, data):
    outputs, h_n = stack(num_layers, D, N, L, H_out)
    sequence = data.draw(st.integers(0, N - 1))
    figure = figures.states(outputs, h_n, sequence=sequence)
    peak = max(abs(one[sequence]).max() for one in outputs)
    np.testing.assert_allclose(ringed(figure), h_n[:, sequence] / peak, atol=0.0121)
    ((left, top, width, high),) = marked(figure, "frame")
    fills = filled(figure)
    framed = [fills[at] for at in sorted(fills, key=lambda at: (at[1], at[0]))
              if top < at[0] < top + high and left < at[1] < left + width]  # fmt: skip
    np.testing.assert_allclose(framed, outputs[-1][sequence].ravel() / peak, atol=0.0121)
    assert len(fills) == num_layers * D * L * H_out
    assert figure.shapes == (outputs[-1].shape, h_n.shape)


def test_states_name_each_row_and_its_part_of_h_n():
    figure = EXAMPLES["states both ways"]
    assert texts(figure, "bold") == [*(f"h_n[{i}]" for i in range(4)), "output (3, 5, 4)",
                                     "h_n (4, 3, 2)"]  # fmt: skip
    assert "".join(texts(figure, "tick")) == "hello"
    assert texts(figure, "axis") == ["L = 5", "H_out = 2"]
    assert texts(figure).count("forward") == texts(figure).count("reverse") == 2
    assert texts(figure, "quiet") == ["sequence 1 of N = 3"]
    assert "forward" not in texts(EXAMPLES["states"])
    assert texts(EXAMPLES["states"], "tick") == [str(step) for step in range(10)]


@given(
    num_layers=st.integers(1, 4),
    shape=st.lists(st.integers(1, 5), min_size=3, max_size=3, unique=True).map(tuple),
    hidden_size=st.integers(6, 9),
    batch_first=st.booleans(),
)
@settings(max_examples=40)
def test_stacked_has_a_cell_per_layer_and_step(num_layers, shape, hidden_size, batch_first):
    arrays_of_a_call = deep(num_layers, shape, hidden_size, batch_first=batch_first)
    figure = figures.stacked(*arrays_of_a_call, batch_first=batch_first)
    x, h_0, y, _ = arrays_of_a_call
    L, layers = shape[int(batch_first)], range(num_layers)
    assert figure.shapes == (y.shape, h_0[0].shape, x.shape)
    assert texts(figure).count("cell") == len(marked(figure, "solid")) == num_layers * L
    assert len(marked(figure, "frame")) == num_layers
    assert texts(figure).count(str(h_0[0].shape)) == 2 * num_layers
    ends = [str(y.shape), str(x.shape)]
    assert [text for text in texts(figure) if text in ends] == ends
    assert {f"{name}[{k}]" for name in ("h_0", "h_n") for k in layers} <= set(texts(figure))
    assert texts(figure, "tick") == 2 * [str(step) for step in range(L)]
    assert texts(figure, "axis") == [f"L = {L}"]


def test_stacked_leads_the_state_sideways_and_the_output_up():
    rows = [y for _, y, _, _ in marked(EXAMPLES["layers"], "frame")]
    assert rows == sorted(rows, reverse=True)
    assert len(drawn(EXAMPLES["layers"], "axis L")) == 2 * (5 + 1) + 1  # one measures L
    assert len(drawn(EXAMPLES["layers"], "flow")) == (2 + 1) * 5
    last_output, last_state = marked(EXAMPLES["layers"], "ring")
    assert (
        last_output[1]
        < last_state[1]
        == min(y for _, y, _, _ in marked(EXAMPLES["layers"], "solid"))
    )


def test_what_stands_between_layers_stands_there_once_a_step():
    assert len(marked(EXAMPLES["dropout"], "slot")) == (3 - 1) * 5
    assert texts(EXAMPLES["dropout"]).count("dropout") == 3 - 1
    assert "dropout" not in texts(EXAMPLES["layers"])
    assert texts(EXAMPLES["dropout"], "tick") == [*"01234", *"hello"]


def drawn(figure, style):
    """The lines of one style."""
    root = ElementTree.fromstring(figure.svg)
    paths = root.iter("{http://www.w3.org/2000/svg}path")
    return [path for path in paths if path.get("class") == style]


def test_the_same_arrays_give_the_same_document():
    assert {name: figure.svg for name, figure in examples().items()} == {
        name: figure.svg for name, figure in EXAMPLES.items()
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_document_is_an_image_with_a_title_and_a_size(name, tmp_path):
    figure = EXAMPLES[name]
    figure.save(tmp_path / "figure.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["figure.svg"]
    assert (tmp_path / "figure.svg").read_bytes() == figure.svg.encode()
    root = ElementTree.fromstring(figure.svg)
    _, _, width, height = root.get("viewBox").split()
    assert (root.get("role"), root.get("width"), root.get("height")) == ("img", width, height)
    assert int(width) * 9 <= 13 * 328  # 13 units of text, scaled to a phone's column
    assert figure.svg.endswith("</svg>\n")


def test_a_notebook_shows_the_document():
    shown, _ = DisplayFormatter().format(EXAMPLES["vector"])

    assert shown["image/svg+xml"] == EXAMPLES["vector"].svg


X, Y, H = run()
OUTPUTS, STATES = stack(2, D=2)
WRONG = {
    "4 axes": (lambda: figures.tensor(np.zeros((1, 1, 1, 1)), axes="ABCD", name="x"), "got shape"),
    "no axis": (
        lambda: figures.tensor(3.0, axes=(), name="x"),
        r"1 or 2 or 3 axes.*got shape \(\)",
    ),
    "empty": (lambda: figures.tensor(np.zeros((3, 0)), axes="AB", name="x"), "none of size 0"),
    "nan": (lambda: figures.tensor([np.nan], axes="A", name="x"), "finite real numbers"),
    "text": (
        lambda: figures.tensor(["a"], axes="A", name="x"),
        "x should be an array of numbers or bools, got: dtype <U1",
    ),
    "complex": (lambda: figures.tensor([1j], axes="A", name="x"), "got dtype complex128"),
    "names": (lambda: figures.tensor(BATCH, axes=("N", "L"), name="x"), "expected 3 names of axes"),
    "labels": (
        lambda: figures.tensor(BATCH, axes=AXES, labels={1: "hell"}, name="x"),
        "expected 5 or 15 labels for axis 1 .* got 4",
    ),
    "label axis": (
        lambda: figures.tensor(BATCH, axes=AXES, labels={-1: LETTERS}, name="x"),
        "expected no labels for axis -1",
    ),
    "wide": (lambda: figures.tensor(np.ones((2, 30)), axes="AB", name="x"), "draw a slice"),
    "high": (lambda: figures.tensor(np.ones((99, 2)), axes="AB", name="x"), "draw a slice"),
    "no output": (lambda: figures.mapping({"x": (BATCH, AXES)}, {}, by="RNN"), "at least one"),
    "two sizes": (
        lambda: figures.mapping({"x": (BATCH, AXES)}, {"y": (BATCH, ("L", "N", "F"))}, by="RNN"),
        "y: expected L = 5 .* got 3",
    ),
    "focus": (
        lambda: figures.mapping({"x": (BATCH, AXES)}, {"y": (BATCH, AXES)}, by="RNN", focus="T"),
        r"focus: expected some of the axes \['N', 'L', 'H_in'\], got \['T'\]",
    ),
    "2 axes read": (lambda: figures.readings(BATCH[0], labels=WORDS, name="x"), "expected 3 axes"),
    "short word": (
        lambda: figures.readings(BATCH, labels=["hello", "eolll", "lle"], name="x"),
        r"3 sequences of 5 labels .* lengths \[5, 5, 3\]",
    ),
    "no call": (lambda: figures.unrolled([], [], H), "one at least"),
    "lost output": (lambda: figures.unrolled(X, [Y[0][:, :3]], H), r"got \[5\] and \[3\] steps"),
    "batch": (lambda: figures.unrolled([BATCH], [output()], H), "a batch of 1"),
    "features": (lambda: figures.unrolled(X, Y, np.zeros((1, 1, 3))), r"got \[2, 3\]"),
    "other state": (lambda: figures.unrolled(X, Y, H + 1), "h_n: expected the last output"),
    "steps": (lambda: figures.unrolled(X, Y, H, labels="hell"), "labels: expected 5"),
    "no layer": (lambda: figures.states([], STATES), "got 0 of"),
    "layer": (lambda: figures.states(OUTPUTS[:1], STATES), "call layer by layer"),
    "three ways": (lambda: figures.states(OUTPUTS[:1], STATES[:3]), "call layer by layer"),
    "other batch": (lambda: figures.states(OUTPUTS, STATES[:, :2]), "call layer by layer"),
    "directions": (lambda: figures.states(OUTPUTS, STATES[:2]), "call layer by layer"),
    "two lengths": (
        lambda: figures.states([OUTPUTS[0][:, :4], OUTPUTS[1]], STATES),
        r"got 2 of \[\(3, 4, 4\), \(3, 5, 4\)\]",
    ),
    "other end": (lambda: figures.states(OUTPUTS, STATES[::-1]), r"h_n\[0\]: expected the last"),
    "state steps": (lambda: figures.states(OUTPUTS, STATES, labels="hell"), "labels: expected 5"),
    "layers' steps": (lambda: figures.stacked(*deep(), batch_first=True, labels="hell"), "got 4"),
    "other order": (lambda: figures.stacked(*deep()), r"states \(num_layers, 5, 7\)"),
    "upside down": (
        lambda: figures.stacked(*deep()[:3], deep()[3][::-1], batch_first=True),
        "h_n: expected the last output in its last layer",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_drawn_says_why(case):
    draw, message = WRONG[case]
    with pytest.raises((TypeError, ValueError), match=message):
        draw()


def test_a_highlight_outside_the_array_is_an_index_error():
    with pytest.raises(IndexError):
        figures.tensor(BATCH, axes=AXES, name="x", highlight=3)


def test_a_sequence_outside_the_batch_is_an_index_error():
    with pytest.raises(IndexError):
        figures.states(OUTPUTS, STATES, sequence=3)


# Colours, computed from the style sheet itself.


PAPERS = (255, 255, 255), (30, 32, 41)


def themes():
    """Each theme's background and colours, as red, green and blue."""
    found = [(paper, {}) for paper in PAPERS]
    style = EXAMPLES["one-hot"].svg
    for place, rule in enumerate(re.findall(r"svg {([^}]*)}", style)):  # light, dark, light, dark
        pairs = re.findall(r"--([\w]+): #(\w{6})", rule)
        found[place % 2][1].update({name: tuple(bytes.fromhex(code)) for name, code in pairs})
    return found


@pytest.mark.parametrize(("background", "colours"), themes(), ids=["light", "dark"])
def test_text_and_lines_stand_out_in_both_themes(background, colours):
    assert set(colours) == {"ink", "quiet", "line", "plus", "minus", *figures_axes()}
    for name in ("ink", "quiet", *figures_axes()):
        assert contrast(colours[name], background) >= 4.5, name
    assert contrast(colours["line"], background) >= 3
    for fill in ("plus", "minus"):
        for opacity in (0.15, 0.5, 1.0):
            mixed = opacity * np.array(colours[fill]) + (1 - opacity) * np.array(background)
            assert contrast(colours["ink"], mixed) >= 4.5, (fill, opacity)
    lane = 0.14 * np.array(colours["N"]) + 0.86 * np.array(background)
    assert contrast(colours["ink"], lane) >= 4.5
    assert contrast(colours["L"], lane) >= 3
    assert min(contrast(colours[axis], lane) for axis in ("N", "H_out")) >= 4.5


def figures_axes():
    return [*figures.AXIS_COLOURS]


# What a browser makes of it.


@pytest.fixture(scope="module")
def page(browser):
    return browser.new_page()


def test_the_last_bit_of_a_number_changes_no_drawing():
    def boxes(number):
        drawn = figures.tensor([0.6, number, 1.0], axes=("L",), name="x")
        return re.sub("<title>.*</title>", "", drawn.svg)

    assert boxes(1.0 - 1e-9) == boxes(1.0)
    assert boxes(0.98) != boxes(1.0)


def test_the_line_of_the_first_axis_is_left_out_where_its_name_is_as_long():
    def lines(name: str) -> int:
        return figures.tensor(np.ones((2, 2, 1)), axes=(name, "L", "H"), name="x").svg.count(
            "<path"
        )

    assert lines("a name that is longer than the sheets") == lines("N") - 1


MEASURE = """() => [...document.querySelectorAll('svg text')].map(text => {
  const { x, y, width, height } = text.getBBox();
  return [x, y, x + width, y + height, text.textContent];
})"""


def overlap(one, other):
    """Whether two boxes reach into each other by more than the blank above and below letters."""
    sideways = min(one[2], other[2]) - max(one[0], other[0])
    upright = min(one[3], other[3]) - max(one[1], other[1])
    return sideways > 0 and upright > 4


def assert_text_stays_inside_and_apart(page, figure):
    page.set_content(figure.svg)
    boxes = page.evaluate(MEASURE)
    view = ElementTree.fromstring(figure.svg).get("viewBox")
    left, top, width, height = map(float, view.split())
    assert len(boxes) == len(texts(figure))
    for box in boxes:
        assert left <= box[0] < box[2] <= left + width, box
        assert top <= box[1] < box[3] <= top + height, box
    assert [pair for pair in itertools.combinations(boxes, 2) if overlap(*pair)] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_text_stays_inside_and_apart(page, name):
    assert_text_stays_inside_and_apart(page, EXAMPLES[name])


def test_an_image_follows_the_page_and_not_the_system(page, tmp_path):
    EXAMPLES["vector"].save(tmp_path / "figure.svg")
    seen = {}
    for system, scheme in itertools.product(["light", "dark"], repeat=2):
        html = f'<body style="color-scheme: {scheme}; background: gray"><img src="figure.svg">'
        (tmp_path / "page.html").write_text(html, "utf-8")
        page.emulate_media(color_scheme=system)
        page.goto((tmp_path / "page.html").as_uri())
        seen[system, scheme] = page.locator("img").screenshot()
    assert seen["light", "light"] == seen["dark", "light"]
    assert seen["light", "dark"] == seen["dark", "dark"]
    assert seen["light", "light"] != seen["light", "dark"]
