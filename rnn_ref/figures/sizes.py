"""How large something is at each step, on a scale of powers of ten: gradients over time."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike

from rnn_ref.figures.figure import Figure, finished
from rnn_ref.figures.panels import Flags, Floats, name_columns
from rnn_ref.figures.svg import LINE, MARGIN, MAX_WIDTH, Drawing, Point, text_width
from rnn_ref.figures.words import counted

HIGH = 210.0  # from the lowest power of ten to the highest
MOST = 7  # powers of ten that are named; of more, each second, third ...
REACH = 4.0  # half the width of a square mark
WIDEST = 6.0  # how far the widest mark reaches from its middle
SAMPLE = 30.0  # the length of line that stands before a name
GUTTER = 8.0  # between the numbers of the upright axis and the steps
# Lines are told apart without colours, which mean axes in all drawings: each has a mark of its own.
MARKS = {
    "squares": ("MLLLL", ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))),
    "triangles": ("MLLL", ((0, -1.2), (1.2, 1.2), (-1.2, 1.2), (0, -1.2))),
    "crosses": ("MLML", ((-1, -1), (1, 1), (-1, 1), (1, -1))),
    "diamonds": ("MLLLL", ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0), (0, -1.4))),
    "bars": ("ML", ((0, -1.6), (0, 1.6))),
}


def sizes_over_time(courses: Mapping[str, ArrayLike], *, name: str) -> Figure:
    """Draws how large something is at each step, a line with marks for each course.

    The upright axis has the powers of ten in equal distances; a size of zero, which has no place
    among them, stands on a line of its own below.

    Args:
        courses: what a line is called to its sizes, shape (L,) with L at least 2, finite and not
            negative; one length for all, at most five courses.
        name: the title: what the sizes are of.

    Returns:
        The figure; its shapes are those of the courses.

    Raises:
        ValueError: the arrays are of other shapes, a size is negative or not finite, all are zero,
            there are too many courses, or the figure is too wide for a phone.

    Examples:
        ```python
        import numpy as np

        from rnn_ref import figures

        steps = np.arange(11)
        courses = {"half of the next": 0.5 ** (10 - steps), "cut": steps > 4}
        figure = figures.sizes_over_time(courses, name="the gradient of the last state")
        print(figure.shapes)
        #> ((11,), (11,))
        ```
    """
    checked = {called: _sizes(called, course) for called, course in courses.items()}
    lengths = {len(course) for course in checked.values()}
    if len(lengths) != 1 or len(checked) > len(MARKS):
        raise ValueError(
            f"expected 1 to {len(MARKS)} courses of one length, got {len(checked)} of the lengths "
            f"{sorted(lengths)}"
        )
    scale = Scale.of(np.concatenate(list(checked.values())), 2 * LINE + len(checked) * LINE)
    drawing = Drawing()
    drawing.text((0, 8), name, "bold")
    for line, (called, mark) in enumerate(zip(checked, MARKS, strict=False), start=1):
        _draw_name(drawing, 8 + line * LINE, f"{called} {checked[called].shape}", mark)
    left, right = scale.draw(drawing) + WIDEST, MAX_WIDTH - 2 * MARGIN - WIDEST
    places = np.linspace(left, right, lengths.pop())
    for course, mark in zip(checked.values(), MARKS, strict=False):
        heights = [scale.height(size) for size in course.tolist()]
        _draw_line(drawing, list(zip(places.tolist(), heights, strict=True)), course > 0, mark)
    _name_steps(drawing, places, scale.foot)
    shapes = tuple(course.shape for course in checked.values())
    return finished(drawing, _told(name, checked, scale), shapes)


@dataclass(frozen=True)
class Scale:
    """Where the powers of ten stand, from the lowest to the highest, and zero below them."""

    low: int
    high: int
    zero: bool  # whether there is a line for it
    top: float  # the height of the highest

    @classmethod
    def of(cls, sizes: Floats, top: float) -> "Scale":
        """Holds all sizes."""
        positive = sizes[sizes > 0]
        if not positive.size:
            raise ValueError("expected a size above zero, got none")
        low, high = math.floor(np.log10(positive.min())), math.ceil(np.log10(positive.max()))
        return cls(low, max(high, low + 1), bool((sizes == 0).any()), top)

    @property
    def foot(self) -> float:
        """The height of the lowest line."""
        return self.top + HIGH + 1.5 * LINE * self.zero

    @property
    def named(self) -> list[float]:
        """The sizes that have a line with a number."""
        stride = math.ceil((self.high - self.low) / (MOST - 1))
        return [10.0**power for power in range(self.high, self.low - 1, -stride)]

    def height(self, size: float) -> float:
        """Where a size stands."""
        if not size:
            return self.foot
        return self.top + HIGH * (self.high - math.log10(size)) / (self.high - self.low)

    def draw(self, drawing: Drawing) -> float:
        """Draws a level line for each number, and returns where the lines begin."""
        labels = {f"{size:g}": size for size in [*self.named, *[0.0] * self.zero]}
        left = max(map(text_width, labels)) + GUTTER
        for label, size in labels.items():
            y = self.height(size)
            drawing.text((left - GUTTER, y), label, "tick quiet", "end")
            drawing.path("ML", [(left, y), (MAX_WIDTH - 2 * MARGIN, y)], "card")
        return left


def _sizes(called: str, course: ArrayLike) -> Floats:
    sizes = np.asarray(course, dtype=np.float64)
    if sizes.ndim != 1 or len(sizes) < 2:
        raise ValueError(
            f"{called}: expected sizes of shape (L,) with L at least 2, got {sizes.shape}; take a "
            "norm or a maximum over the other axes"
        )
    if not (np.isfinite(sizes).all() and (sizes >= 0).all()):
        raise ValueError(f"{called}: expected sizes that are finite and not negative, got {sizes}")
    return sizes


def _draw_mark(drawing: Drawing, middle: Point, mark: str) -> None:
    commands, offsets = MARKS[mark]
    points = [(middle[0] + REACH * dx, middle[1] + REACH * dy) for dx, dy in offsets]
    drawing.path(commands, points, "flow")


def _draw_name(drawing: Drawing, y: float, text: str, mark: str) -> None:
    """Draws a piece of a line with its mark, and beside it what it is called."""
    drawing.path("ML", [(0, y), (SAMPLE, y)], "flow")
    _draw_mark(drawing, (SAMPLE / 2, y), mark)
    drawing.text((SAMPLE + GUTTER, y), text)


def _draw_line(drawing: Drawing, points: list[Point], positive: Flags, mark: str) -> None:
    """Draws a mark for each step, and lines between them: none between zero and other sizes."""
    for run in _runs(points, positive):
        drawing.path("M" + (len(run) - 1) * "L", run, "flow")
    for point in points:
        _draw_mark(drawing, point, mark)


def _runs(points: list[Point], positive: Flags) -> Iterator[list[Point]]:
    for _, run in groupby(zip(points, positive.tolist(), strict=True), key=lambda pair: pair[1]):
        yield [point for point, _ in run]


def _name_steps(drawing: Drawing, places: Floats, foot: float) -> None:
    """Names the first and the last step, and the axis."""
    left, right = float(places[0]), float(places[-1])
    for step, place in ((0, left), (len(places) - 1, right)):
        drawing.text((place, foot + 16), str(step), "tick quiet", "end" if step else "start")
    name_columns(drawing, (left, foot + LINE), right - left, "L", len(places))


def _told(name: str, courses: Mapping[str, Floats], scale: Scale) -> str:
    steps = len(next(iter(courses.values())))
    named = scale.named
    lines = [
        f"{called} {course.shape} with {mark}, from {course[0]:.0e} to {course[-1]:.0e}"
        for (called, course), mark in zip(courses.items(), MARKS, strict=False)
    ]
    zero = "; zero has a line of its own below, marked 0" if scale.zero else ""
    return (
        f"{name}: its size at each of L = {steps} steps, numbered from 0 to {steps - 1} from left "
        f"to right, on an upright axis of powers of ten with lines at "
        f"{', '.join(f'{size:g}' for size in named)}{zero}. "
        f"{counted(len(lines), 'line')}: {'; '.join(lines)}."
    )
