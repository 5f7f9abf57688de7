"""How large something is at each step, on a scale of powers of ten: gradients over time."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike

from rnn_ref import given
from rnn_ref.figures import doors
from rnn_ref.figures.figure import Figure, finished
from rnn_ref.figures.panels import Flags, Floats, name_columns
from rnn_ref.figures.svg import LINE, ROOM, Drawing, Point, text_width
from rnn_ref.figures.words import counted

HIGH = 210.0  # from the lowest power of ten to the highest
MOST = 7  # powers of ten that are named; of more, each second, third ...
REACH = 4.0  # half the width of a square mark
WIDEST = 6.0  # how far the widest mark reaches from its middle
SAMPLE = 30.0  # the length of line that stands before a name
GUTTER = 8.0  # between the numbers of the upright axis and the steps
MARKED = 11  # so many steps have a mark on each line; of more, each second, third ...
# Each line has a colour and a mark of its own; the colour of L, an axis of the drawing, comes last.
STRONG = "ring"
COLOURS = ("axis N", "axis H_out", "axis H_in", "axis H_cell", "axis L")
MARKS = {
    "squares": ("MLLLL", ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))),
    "triangles": ("MLLL", ((0, -1.2), (1.2, 1.2), (-1.2, 1.2), (0, -1.2))),
    "crosses": ("MLML", ((-1, -1), (1, 1), (-1, 1), (1, -1))),
    "diamonds": ("MLLLL", ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0), (0, -1.4))),
    "bars": ("ML", ((0, -1.6), (0, 1.6))),
}


def sizes_over_time(
    courses: Mapping[str, ArrayLike], *, name: str, strong: str | None = None
) -> Figure:
    """Draws how large something is at each step, a coloured line with marks for each course.

    The upright axis has the powers of ten in equal distances; a size of zero, which has no place
    among them, stands on a line of its own below.

    Args:
        courses: what a line is called to its sizes, shape (L,) with L at least 2, finite and not
            negative; one length for all, at most five courses.
        name: the title: what the sizes are of.
        strong: what the course is called that matters most: its line is thick and has no colour.

    Returns:
        The figure; its shapes are those of the courses.

    Raises:
        TypeError: courses is no such dict, an array not of numbers, or name no text.
        ValueError: the arrays are of other shapes, a size is negative or not finite, all are zero,
            there are too many courses, none is called as the strong one, or the figure is too wide
            for a phone.

    Examples:
        ```python
        import numpy as np

        from rnn_ref import figures

        steps = np.arange(11)
        courses = {"half of the next": 0.5 ** (10 - steps), "cut": steps > 4}
        name = "the gradient of the last state"
        figure = figures.sizes_over_time(courses, name=name, strong="cut")
        print(figure.shapes)
        #> ((11,), (11,))
        ```
    """
    given.check_text("name", name)
    checked = _checked(courses, strong)
    lines = _styled(checked, strong)
    steps = len(lines[0].sizes)
    scale = Scale.of(np.concatenate([line.sizes for line in lines]), LINE * (len(lines) + 2))
    drawing = Drawing()
    drawing.text((0, 8), name, "bold")
    for row, line in enumerate(lines, start=1):
        line.draw_name(drawing, 8 + row * LINE)
    left, right = scale.draw(drawing) + WIDEST, ROOM - WIDEST
    places = np.linspace(left, right, steps)
    for line in sorted(lines, key=lambda line: line.style == STRONG):  # the strong one on top
        line.draw(drawing, places, scale)
    _name_steps(drawing, places, scale.foot)
    return finished(drawing, _told(name, lines, scale), tuple(line.sizes.shape for line in lines))


@dataclass(frozen=True)
class Line:
    """A course as it is drawn: in a style, with a mark on some of its steps."""

    called: str
    sizes: Floats
    style: str
    mark: str
    place: int  # among the lines: marks of one step must not cover each other

    def draw_name(self, drawing: Drawing, y: float) -> None:
        """Draws a piece of the line with its mark, and beside it what it is called."""
        drawing.path("ML", [(0, y), (SAMPLE, y)], self.style)
        self._draw_mark(drawing, (SAMPLE / 2, y))
        style = "bold" if self.style == STRONG else ""
        drawing.text((SAMPLE + GUTTER, y), f"{self.called} {self.sizes.shape}", style)

    def draw(self, drawing: Drawing, places: Floats, scale: "Scale") -> None:
        """Joins the sizes, but for zero and another one, and marks some of them."""
        heights = [scale.height(size) for size in self.sizes.tolist()]
        points = list(zip(places.tolist(), heights, strict=True))
        stride = math.ceil(len(points) / MARKED)
        for run in _runs(self.sizes > 0):
            drawing.path("M" + (len(run) - 1) * "L", [points[step] for step in run], self.style)
            for step in run:
                if len(run) == 1 or step % stride == self.place % stride:
                    self._draw_mark(drawing, points[step])

    def _draw_mark(self, drawing: Drawing, middle: Point) -> None:
        commands, offsets = MARKS[self.mark]
        points = [(middle[0] + REACH * dx, middle[1] + REACH * dy) for dx, dy in offsets]
        drawing.path(commands, points, self.style)

    def told(self) -> str:
        """Says how it looks, and where it begins and ends."""
        first, last = f"{self.sizes[0]:.0e}", f"{self.sizes[-1]:.0e}"
        strong = "thick, " if self.style == STRONG else ""
        return f"{self.called} {self.sizes.shape} {strong}with {self.mark}, from {first} to {last}"


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
            raise ValueError("courses: expected a size above zero, got none")
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
            drawing.path("ML", [(left, y), (ROOM, y)], "card")
        return left


def _checked(courses: Mapping[str, ArrayLike], strong: str | None) -> dict[str, Floats]:
    checked = {
        called: _sizes(called, course)
        for called, course in doors.named(
            "courses", courses, "what a line is called to its sizes"
        ).items()
    }
    lengths = sorted({len(course) for course in checked.values()})
    if len(lengths) != 1 or len(checked) > len(MARKS):
        raise ValueError(
            f"courses: expected 1 to {len(MARKS)} of one length, got {len(checked)} of the lengths "
            f"{lengths}; draw fewer, or cut them to one length"
        )
    if strong is not None and (not isinstance(strong, str) or strong not in checked):
        raise ValueError(f"strong: expected one of {list(checked)}, got {given.shown(strong)}")
    return checked


def _sizes(called: str, course: ArrayLike) -> Floats:
    sizes = given.read(called, course)
    if sizes.ndim != 1 or len(sizes) < 2:
        raise ValueError(
            f"{called}: expected sizes of shape (L,) with L at least 2, got {sizes.shape}; take a "
            "norm or a maximum over the other axes"
        )
    sizes = doors.finite(called, sizes, (1,))
    if (sizes < 0).any():
        raise ValueError(
            f"{called}: expected sizes that are not negative, got {sizes.min()}; take the absolute "
            "values"
        )
    return sizes


def _styled(courses: Mapping[str, Floats], strong: str | None) -> list[Line]:
    styles = zip(courses.items(), COLOURS, MARKS, strict=False)
    return [
        Line(called, sizes, STRONG if called == strong else colour, mark, place)
        for place, ((called, sizes), colour, mark) in enumerate(styles)
    ]


def _runs(positive: Flags) -> Iterator[list[int]]:
    """Yields the steps of each run of sizes above zero, and of zeros."""
    for _, run in groupby(range(len(positive)), key=lambda step: bool(positive[step])):
        yield list(run)


def _name_steps(drawing: Drawing, places: Floats, foot: float) -> None:
    """Names the first and the last step, and the axis."""
    left, right = float(places[0]), float(places[-1])
    for step, place in ((0, left), (len(places) - 1, right)):
        drawing.text((place, foot + 16), str(step), "tick quiet", "end" if step else "start")
    name_columns(drawing, (left, foot + LINE), right - left, "L", len(places))


def _told(name: str, lines: Sequence[Line], scale: Scale) -> str:
    steps = len(lines[0].sizes)
    zero = "; zero has a line of its own below, marked 0" if scale.zero else ""
    return (
        f"{name}: its size at each of L = {steps} steps, numbered from 0 to {steps - 1} from left "
        f"to right, on an upright axis of powers of ten with lines at "
        f"{', '.join(f'{size:g}' for size in scale.named)}{zero}. "
        f"{counted(len(lines), 'line')}: {'; '.join(line.told() for line in lines)}."
    )
