"""Pictures of what happens to numbers: states over time, and a matrix product as a look-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnn_ref.figures import doors
from rnn_ref.figures.colours import axis_style
from rnn_ref.figures.figure import Figure, finished
from rnn_ref.figures.panels import BOX, GAP, Flags, Floats, Numbers, name_columns
from rnn_ref.figures.svg import LINE, ROOM, Drawing, Point, text_width
from rnn_ref.figures.words import counted, listed, parts_of, ringed, sentences, with_axes

SCALE = 66.0  # the height of one unit of a state
SIGN = 24.0  # the room for a sign between matrices
TOP = 4.5 * LINE  # where the boxes of a matrix begin, below its name, shape, axes and labels
LEVELS = (1, 0, -1)  # marked on the upright axis: what tanh cannot pass, and the middle


def trajectories(runs: Mapping[str, ArrayLike], *, h_0: ArrayLike) -> Figure:
    """Draws how a hidden state moves over time, a panel per run and a line per hidden unit.

    Args:
        runs: name to the states after each step, shape (L, H_out) with L at least 2, from -1 to 1;
            one shape for all.
        h_0: the state before the first step of every run, shape (H_out,).

    Returns:
        The figure; its shapes are those of the runs, from left to right.

    Raises:
        TypeError: runs is no such dict, or an array not of numbers.
        ValueError: the arrays have other shapes or pass -1 or 1, or a name is wider than its panel.

    Examples:
        ```python
        import numpy as np

        import rnn_ref
        from rnn_ref import figures

        rnn = rnn_ref.RNN(4, 2)
        output, h_n = rnn(np.ones((5, 4), np.float32))
        figure = figures.trajectories({"five ones": output}, h_0=np.zeros(2))
        print(figure.shapes)
        #> ((5, 2),)
        ```
    """
    start = doors.finite("h_0", h_0, (1,))
    named = doors.named("runs", runs, "name to states")
    courses = {name: _course(name, run, start) for name, run in named.items()}
    shapes = tuple((len(course) - 1, course.shape[1]) for course in courses.values())
    if len(set(shapes)) != 1:
        raise ValueError(f"runs: expected one shape, got {list(shapes)}; draw them apart")
    left = text_width("-1") + 8
    width = (ROOM - left - GAP * (len(runs) - 1)) / len(runs)
    drawing = Drawing()
    drawing.text(
        (left, 8), f"one line per hidden unit: H_out = {shapes[0][1]}", axis_style("H_out")
    )
    for place, (name, course) in enumerate(courses.items()):
        if text_width(name) > width:
            raise ValueError(f"{name!r} is wider than its panel; shorten it, or draw fewer runs")
        _draw_panel(drawing, (left + place * (width + GAP), 2 * LINE), width, (name, course))
    middle = 4 * LINE + SCALE
    for level in LEVELS:
        drawing.text((left - 8, middle - level * SCALE), f"{level}", "tick quiet", "end")
    return finished(drawing, _told_courses(list(courses), shapes[0]), shapes)


def _told_courses(names: Sequence[str], shape: tuple[int, int]) -> str:
    L, H_out = shape
    runs = listed([f"{name} {shape}" for name in names])
    return (
        f"{counted(len(names), 'panel')} from left to right, the states over time: {runs}. In "
        f"each, one line per hidden unit, H_out = {H_out}, goes from h_0 to the right through "
        f"L = {L} steps; its height is the state, from -1 at the bottom to 1 at the top."
    )


def product(
    left: ArrayLike,
    right: ArrayLike,
    *,
    names: tuple[str, str, str],
    axes: tuple[str, str, str],
    labels: tuple[Sequence[str], Sequence[str]],
    row: int,
    decimals: int = 1,
) -> Figure:
    """Draws left @ right and the product, and which rows of right make one row of it.

    Args:
        left: shape (A, B), finite numbers.
        right: shape (B, C), finite numbers.
        names: what left, right and their product are called.
        axes: the names of A, B and C.
        labels: A labels, for the rows of left and of the product, and B, for those of right.
        row: an index into A; this row gets a ring, and so do the rows of right that it picks.
        decimals: digits after the point.

    Returns:
        The figure; its shapes are those of left, right and the product.

    Raises:
        TypeError: an array is not of numbers, names, axes or labels are no texts, or row or
            decimals no integer.
        ValueError: the arrays cannot be multiplied or are not finite, labels are too few or too
            many, or the figure is too wide for a phone.
        IndexError: row is no row of left.

    Examples:
        ```python
        import numpy as np

        from rnn_ref import figures

        letters = "helo"
        figure = figures.product(
            np.eye(4)[[0, 1, 2, 2, 3]],
            np.arange(8).reshape(4, 2),
            names=("word", "table", "rows"),
            axes=("L", "V", "H_in"),
            labels=("hello", letters),
            row=1,
        )
        print(figure.shapes)
        #> ((5, 4), (4, 2), (5, 2))
        ```
    """
    doors.check_decimals(decimals)
    a, b = _multiply(left, right)
    called, letters = doors.texts("names", names, 3), doors.texts("axes", axes, 3)
    beside, inner = _labels(labels)
    doors.check_index("row", row, len(a), "rows of left")
    picks = np.arange(len(a)) == range(len(a))[row]
    terms = [
        Term("", called[0], letters[:2], a, beside, inner, picks),
        Term("@", called[1], letters[1:], b, inner, (), a[row] != 0),
        Term("=", called[2], letters[::2], a @ b, beside, (), picks),
    ]
    return _equation(terms, decimals)


@dataclass(frozen=True)
class Term:
    """A matrix in an equation, after the sign that stands before it."""

    sign: str
    name: str
    axes: Sequence[str]  # two
    values: Floats
    beside: Sequence[str]  # one label per row
    above: Sequence[str]  # one label per column, or none
    ringed: Flags  # which rows have a ring

    def __post_init__(self) -> None:
        """Refuses labels that do not fit."""
        if len(self.beside) != len(self.values):
            raise ValueError(
                f"{self.name}: expected {len(self.values)} labels, one per row, got "
                f"{len(self.beside)}"
            )

    @property
    def told_rings(self) -> list[str]:
        """The rows that have a ring."""
        return list(parts_of(self.name, self.ringed))

    def draw(self, drawing: Drawing, x: float, decimals: int) -> float:
        """Draws name, shape, axes and rows, and returns where the widest of them ends."""
        rings = np.broadcast_to(self.ringed[:, None], self.values.shape)
        numbers = Numbers.of(self.values, rings, decimals)
        heads = self.name, str(self.values.shape), f"({', '.join(self.axes)})"
        for line, (head, style) in enumerate(zip(heads, ("bold", "", "quiet"), strict=True)):
            drawing.text((x, 8 + line * LINE), head, style)
        gutter, top = 8 + max(map(text_width, self.beside)), TOP
        for row, label in enumerate(self.beside):
            middle = (x + gutter - 8, top + (row + 0.5) * BOX)
            drawing.text(middle, label, "tick quiet", "end")
        for column, label in enumerate(self.above):
            middle = (x + gutter + (column + 0.5) * numbers.width, top - LINE / 2)
            drawing.text(middle, label, "tick quiet", "middle")
        numbers.draw(drawing, (x + gutter, top), numbers.width)
        boxes = numbers.width * self.values.shape[1]
        return float(x + max(gutter + boxes, *map(text_width, heads)))


def _equation(terms: Sequence[Term], decimals: int) -> Figure:
    drawing, x = Drawing(), 0.0
    middle = TOP + BOX * len(terms[0].values) / 2
    for term in terms:
        if term.sign:
            drawing.text((x + SIGN / 2, middle), term.sign, "bold", "middle")
            x += SIGN
        x = term.draw(drawing, x, decimals)
    shapes = tuple((len(term.values), term.values.shape[1]) for term in terms)
    return finished(drawing, _told_equation(terms), shapes)


def _told_equation(terms: Sequence[Term]) -> str:
    left, right, _ = terms
    equation = " ".join(f"{term.sign} {term.name}" for term in terms).strip()
    told = [with_axes(term.name, term.values.shape, term.axes) for term in terms]
    rings = [part for term in terms for part in term.told_rings]
    return sentences(
        f"The product {equation} with its numbers, from left to right: {'; '.join(told)}.",
        f"Labels along {left.axes[0]}: {listed(left.beside)}; along {right.axes[0]}: "
        f"{listed(right.beside)}.",
        ringed(rings),
    )


def _course(name: str, run: ArrayLike, h_0: Floats) -> Floats:
    """Returns a run with the state before it, (1 + L, H_out)."""
    values = doors.finite(name, run, (2,))
    if len(values) < 2 or values.shape[1:] != h_0.shape:
        raise ValueError(
            f"{name}: expected states of shape (L, {h_0.size}) with L at least 2, as h_0 has shape "
            f"{h_0.shape}, got {values.shape}"
        )
    course = np.vstack([h_0, values])
    if not np.abs(course).max() <= 1:
        raise ValueError(f"{name}: expected states from -1 to 1, got {np.abs(course).max()}")
    return course


def _draw_panel(drawing: Drawing, corner: Point, width: float, course: tuple[str, Floats]) -> None:
    """Draws one run: its name and shape, a level line at -1, 0 and 1, and a line per unit."""
    (x, y), (name, values) = corner, course
    steps = len(values) - 1
    drawing.text((x, y - 12), name, "bold")
    drawing.text((x, y - 12 + LINE), str((steps, values.shape[1])))
    inset, middle = text_width("h_0") / 2, y + 2 * LINE + SCALE
    for level in LEVELS:
        ends = [(x, middle - level * SCALE), (x + width, middle - level * SCALE)]
        drawing.path("ML", ends, "card")
    places = x + inset + (width - inset - 4) * np.arange(steps + 1) / steps
    for unit in values.T:
        points = list(zip(places.tolist(), (middle - unit * SCALE).tolist(), strict=True))
        drawing.path("M" + steps * "L", points, axis_style("H_out"))
    low = middle + SCALE + 6
    drawing.text((float(places[0]), low + 8), "h_0", "tick", "middle")
    name_columns(drawing, (float(places[1]), low), float(places[-1] - places[1]), "L", steps)


def _multiply(left: ArrayLike, right: ArrayLike) -> tuple[Floats, Floats]:
    """Returns two matrices that can be multiplied."""
    a, b = doors.finite("left", left, (2,)), doors.finite("right", right, (2,))
    if a.shape[1] != len(b):
        raise ValueError(
            f"left and right: expected shapes (A, B) and (B, C), got {a.shape} and {b.shape}; "
            "transpose one, or choose others"
        )
    return a, b


def _labels(labels: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    pair = doors.items("labels", labels, "the labels of A and those of B")
    if len(pair) != 2:
        raise ValueError(f"labels: expected a pair, those of A and those of B, got {len(pair)}")
    return doors.texts("labels[0]", pair[0]), doors.texts("labels[1]", pair[1])
