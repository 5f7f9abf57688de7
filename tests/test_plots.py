"""The alt text of a lab's plot is read off its SVG, as matplotlib draws it."""

import io
from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

import rnn_ref.figures
from tests import hooks

told = hooks.load("plots").told


@pytest.fixture(autouse=True)
def labs_style() -> Iterator[None]:
    with plt.style.context("rnn_ref.plots"):
        yield


def plot(rows: int = 1):
    """A figure, and its axes."""
    figure = Figure()
    FigureCanvasSVG(figure)
    return figure, figure.subplots(rows)


def alt(figure: Figure) -> str:
    file = io.StringIO()
    figure.savefig(file, format="svg")
    return told(file.getvalue())


def test_a_figure_of_ours_says_it_itself():
    figure = rnn_ref.figures.tensor([[1, 2]], axes=("N", "L"), name="x[0]", highlight=(0, 1))

    assert told(figure.svg) == figure.alt


def test_axes_have_their_names_and_the_words_at_their_ticks():
    figure, ax = plot()
    ax.set(xlabel="test accuracy", ylabel="kind", yticks=[0, 1], yticklabels=["right", "forgotten"])

    axes = "test accuracy on the level axis and kind: right; forgotten on the upright axis"
    assert alt(figure) == f"A plot with {axes}."


@pytest.mark.parametrize(
    ("points", "course"),
    [
        (([0, 1, 2], [0, 3, 1]), "from the lower left to the upper right"),
        (([0, 1, 2], [2, 3, 1]), "from the upper left to the lower right"),
        (([2, 0], [2, 0]), "from the upper right to the lower left"),
        (([0, 1, 2], [1, 3, 1]), "that ends as high as it begins"),
        (([1, 1], [0, 3]), "straight up"),
    ],
)
@pytest.mark.parametrize("dash", ["-", "--", ":"])
def test_a_line_is_told_by_its_colour_its_dashes_and_where_it_leads(points, course, dash):
    figure, ax = plot()
    for place, colour in enumerate(("a blue", "an orange", "a green")):
        ax.clear()
        ax.plot(*points, f"C{place}{dash}")
        look = {"-": "solid", "--": "dashed", ":": "dotted"}[dash]
        said = f"{colour} {look} line {course}."
        assert alt(figure) == f"A plot. {said[0].upper()}{said[1:]}"


def test_lines_upside_down_are_told_as_they_look():
    figure, ax = plot()
    ax.plot([0, 1], [0, 1])
    ax.invert_yaxis()

    assert "from the upper left to the lower right" in alt(figure)


def test_words_belong_to_the_line_of_their_colour_and_others_stand_beside():
    figure, ax = plot()
    ax.set(xlabel="epoch")
    for name, place in (("torch", 0), ("NumPy", 1)):
        ax.plot([0, 1], [place, 3], f"C{place}")
        ax.text(0, 1, name, color=f"C{place}")
    ax.text(0, 2, "two\nlines")

    said = alt(figure)
    assert "A blue solid line from the lower left to the upper right, torch;" in said
    assert "an orange solid line from the lower left to the upper right, NumPy." in said
    assert said.endswith("Written beside: two lines.")


def test_a_legend_names_the_lines_too():
    figure, ax = plot()
    for place, name in enumerate(("torch", "NumPy")):
        ax.plot([0, 1], [place, 3], f"C{place}--", label=name)
    ax.legend()

    said = alt(figure)
    assert "A blue dashed line from the lower left to the upper right, torch;" in said
    assert said.endswith("an orange dashed line from the lower left to the upper right, NumPy.")


def test_each_plot_of_a_figure_is_told_with_its_title():
    figure, axes = plot(rows=2)
    for ax, title in zip(axes, ("batch_first=True", "batch_first=False"), strict=True):
        ax.set(title=title, ylabel="row")
        ax.plot(np.zeros(3), np.arange(3), "o")

    one = "A plot with row on the upright axis. A blue row of 3 points. Written beside: {}."
    assert alt(figure) == " ".join(
        one.format(name) for name in ("batch_first=True", "batch_first=False")
    )
