"""What a drawing of a packed batch says is read back from its SVG, and compared with torch."""

import itertools
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.utils.rnn import pack_sequence

import rnn_ref
from rnn_ref import figures
from tests.contrast import contrast
from tests.test_figures import themes

SVG = "{http://www.w3.org/2000/svg}"
lengths = st.lists(st.integers(1, 4), min_size=1, max_size=4)


def marked(counts):
    """Sequences of numbers, each of which occurs once, and the letters that stand for them."""
    rows = [[4 * n + t for t in range(count)] for n, count in enumerate(counts)]
    return [torch.tensor(row) for row in rows], [[letter(one) for one in row] for row in rows]


def letter(number):
    return chr(ord("A") + int(number))


def draw(counts):
    """A drawing of torch's own packed batch; sorted by torch, unless it is sorted already."""
    sequences, labels = marked(counts)
    packed = pack_sequence(sequences, enforce_sorted=counts == sorted(counts, reverse=True))
    return figures.packed(packed, labels), packed


def marks(figure, tag, style):
    found = ElementTree.fromstring(figure.svg).iter(SVG + tag)
    return [mark for mark in found if style in mark.get("class", "").split()]


def lines(figure, style):
    """The texts of one style, line by line from the top, each from left to right."""
    found = {}
    for mark in marks(figure, "text", style):
        found.setdefault(float(mark.get("y")), []).append((float(mark.get("x")), mark.text))
    return [[text for _, text in sorted(found[y])] for y in sorted(found)]


@given(counts=lengths)
@settings(max_examples=40)
def test_the_last_row_of_elements_is_data_as_torch_lists_it(counts):
    figure, packed = draw(counts)
    *rows, data = lines(figure, "value")
    assert data == [letter(one) for one in packed.data]
    expected = marked(counts)[1]
    if packed.sorted_indices is not None:
        expected += [expected[n] for n in packed.sorted_indices]
    assert rows == expected


@given(counts=lengths)
@settings(max_examples=40)
def test_what_is_padded_is_dashed(counts):
    figure, packed = draw(counts)
    drawn = 1 if packed.sorted_indices is None else 2
    absent = len(counts) * max(counts) - sum(counts)
    assert len(marks(figure, "rect", "padding")) == drawn * absent


@given(counts=lengths)
@settings(max_examples=40)
def test_an_element_has_the_colour_of_its_sequence_wherever_it_stands(counts):
    figure, _ = draw(counts)
    texts = [mark.text for mark in marks(figure, "text", "value")]
    boxes = [mark.get("class") for mark in marks(figure, "rect", "sequence")]
    pairs = {
        ((ord(text) - ord("A")) // 4, colour) for text, colour in zip(texts, boxes, strict=True)
    }
    assert len(pairs) == len(counts) == len({colour for _, colour in pairs})


@given(counts=lengths)
@settings(max_examples=40)
def test_a_line_leads_from_each_step_to_its_piece_below_its_batch_size(counts):
    figure, packed = draw(counts)
    steps = [float(mark.get("x")) for mark in marks(figure, "text", "axis")
             if mark.get("text-anchor") == "middle"][-max(counts):]  # fmt: skip
    sizes = [(float(mark.get("x")), int(mark.text)) for mark in marks(figure, "text", "bold")
             if mark.text.isdigit()]  # fmt: skip
    elements = [float(mark.get("x")) for mark in marks(figure, "text", "value")]
    pieces = torch.tensor(elements[-len(packed.data) :]).split(packed.batch_sizes.tolist())
    routes = [mark.get("d")[1:].replace(" L", " ").split() for mark in marks(figure, "path", "L")]

    assert [size for _, size in sizes] == packed.batch_sizes.tolist()
    assert [float(x) for x, *_ in routes] == pytest.approx(steps, abs=0.1)
    assert [float(x) for _, _, x, _ in routes] == pytest.approx([x for x, _ in sizes], abs=0.1)
    middles = [float(piece.mean()) for piece in pieces]
    assert [x for x, _ in sizes] == pytest.approx(middles, abs=0.2)


def test_sorted_sequences_are_drawn_once_and_others_twice_with_both_orders():
    once, _ = draw([3, 2, 1])
    twice, packed = draw([1, 3, 2])
    orders = [f"{name} = {getattr(packed, name).tolist()}"
              for name in ("sorted_indices", "unsorted_indices")]  # fmt: skip
    said = [mark.text for mark in marks(twice, "text", "bold")]
    assert [one for one in said if "indices" in one] == orders
    assert "indices" not in once.svg
    assert all(one in twice.alt for one in orders)


def test_words_and_shapes_tell_the_same():
    words = ["hi", "hello"]
    packed = pack_sequence([torch.zeros(len(word), 7) for word in words], enforce_sorted=False)
    figure = figures.packed(packed, words)
    assert figure.shapes == ((7, 7), (5,))
    assert figure.alt.startswith("2 sequences, padded to 5 steps: h i in row 0 and h e l l o in")
    assert "data (7, 7): h h | e i | l | l | o;" in figure.alt
    assert figure.alt.endswith("batch_sizes [2, 2, 1, 1, 1].")


def test_ours_and_torchs_give_the_same_drawing():
    sequences, labels = marked([2, 3])
    ours = rnn_ref.pack_sequence([one.numpy() for one in sequences], enforce_sorted=False)
    assert figures.packed(ours, labels) == draw([2, 3])[0]


PACKED = pack_sequence([torch.zeros(2, 7), torch.zeros(1, 7)])
WRONG = {
    "no tuple": (
        PACKED.data,
        ["ab", "a"],
        TypeError,
        "expected a PackedSequence.*got torch.Tensor",
    ),
    "a pair": (tuple(PACKED[:2]), ["ab", "a"], TypeError, "a tuple of four, got tuple"),
    "data": (PACKED._replace(data=torch.zeros(5, 7)), ["ab", "a"], ValueError, "add up to"),
    "order": (PACKED, ["a", "ab"], ValueError, r"expected \[2, 1\] .* got \[1, 2\]"),
    "too few": (PACKED, ["ab"], ValueError, r"got \[2\]"),
    "many": (pack_sequence([torch.zeros(1)] * 6), ["a"] * 6, ValueError, "at most 5 .* got 6"),
    "wide": (pack_sequence([torch.zeros(30)]), ["a" * 30], ValueError, "figure of at most"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_drawn_says_why(case):
    packed, labels, error, message = WRONG[case]
    with pytest.raises(error, match=message):
        figures.packed(packed, labels)


@pytest.mark.parametrize(("background", "colours"), themes(), ids=["light", "dark"])
def test_labels_stand_out_and_sequences_differ(background, colours):
    fills = [
        0.3 * np.array(colours[axis]) + 0.7 * np.array(background)
        for axis in ("N", "L", "H_in", "H_out", "H_cell")
    ]
    assert ".sequence { fill: var(--axis); fill-opacity: 0.3 }" in draw([1])[0].svg
    assert all(contrast(colours["ink"], fill) >= 4.5 for fill in fills)
    assert all(abs(one - other).max() > 15 for one, other in itertools.combinations(fills, 2))
