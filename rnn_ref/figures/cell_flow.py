"""The tensors of one time step and the ways between them: the layout behind `figures.lstm_step`.

A panel like those of `panels.py`: it draws what it is given, checked already. The state goes down
on the left; what the gates make stands on the right, and is fed from one box, the products with
the weights. Each way bears the axes and the shape of what takes it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rnn_ref.figures.colours import axis_style
from rnn_ref.figures.panels import BOX, Numbers, Shape
from rnn_ref.figures.svg import LINE, Drawing, Point, text_width
from rnn_ref.figures.words import listed, sentences, with_axes

NEAR = 14.0  # between rows that no arrow joins, and between inputs
WAY = 2 * LINE + 6  # the length of an upright arrow: room for axes and shape
SIDE = 14.0  # how far left of the gates a way passes those that are between
EDGE = 8.0  # between a way and what is written beside it
TOP = 3.8 * LINE  # where the numbers of the inputs begin, below the title and what they are called
KEY = 14.0  # the side of the box in the key


@dataclass(frozen=True)
class Tensor:
    """A tensor of the step: what it is made of, and its numbers."""

    name: str
    role: str  # what it is, or nothing
    formula: Sequence[str]  # the lines behind the name, or none
    axes: tuple[str, ...]
    numbers: Numbers
    sources: Sequence[str] = ()  # names of tensors, or of the products

    @property
    def lines(self) -> list[str]:
        """What stands above the numbers."""
        first, *more = self.formula or ("",)
        named = f"{self.name} = {first}" if first else self.name
        return [*filter(None, [self.role]), named, *more]

    @property
    def shape(self) -> Shape:
        """The shape of the numbers."""
        return tuple(map(int, self.numbers.values.shape))

    @property
    def label(self) -> list[str]:
        """What its ways down bear."""
        return [str(self.shape), ", ".join(self.axes)]

    @property
    def beside(self) -> float:
        """The width of what its ways down bear."""
        return max(map(text_width, self.label))

    @property
    def across(self) -> list[str]:
        """What its ways sideways bear: first what stands above them."""
        *first, last = self.axes
        return [str(self.shape), *(f"{axis}," for axis in first), last]

    @property
    def head(self) -> float:
        """The height of what stands above the numbers."""
        return LINE * len(self.lines) + 3

    @property
    def told(self) -> str:
        """What it is, and how it is made."""
        role = f"the {self.role} " if self.role else ""
        lines = " ".join(line.strip() for line in self.lines if line != self.role)
        return role + lines.replace("( ", "(")


@dataclass(frozen=True)
class Products:
    """What comes of the weights: one tensor, or one of x and one of h, of the same shape."""

    names: Sequence[str]
    lines: Sequence[str]
    axes: tuple[str, ...]
    shape: Shape
    sources: Sequence[str]  # names of inputs

    @property
    def label(self) -> list[str]:
        """What the way to the gates bears."""
        return [str(self.shape), ", ".join(self.axes)]

    @property
    def told(self) -> str:
        """Where it comes from, and how."""
        formulas = (" and " if len(self.names) > 1 else " ").join(map(str.strip, self.lines))
        return f"from {listed(self.sources)} to {with_axes(formulas, self.shape, self.axes)}"


@dataclass(frozen=True)
class CellFlow:
    """One step: what it is given, what comes of the weights, and the tensors on both sides."""

    title: str
    inputs: Sequence[Tensor]  # that which goes down on the left, then the others
    products: Products
    rows: Sequence[tuple[Tensor | None, Tensor | None]]  # of the state, of the gates

    @property
    def made(self) -> list[Tensor]:
        """All that the step computes, row by row, a gate before the state that it makes."""
        return [one for row in self.rows for one in reversed(row) if one]

    @property
    def told(self) -> str:
        """Says what is given, what leads to what, and what is returned."""
        given = [with_axes(one.told, one.shape, one.axes) for one in self.inputs]
        returned = [one.name for one in self.made if one.numbers.rings.any()]
        made = [f"from {listed(one.sources)} to {one.told} {one.shape}" for one in self.made]
        return sentences(
            f"{self.title} with its numbers, from top to bottom. It is given {listed(given)}.",
            f"Arrows, each with axes and shape, lead {'; '.join([self.products.told, *made])}.",
            f"What is computed on the way has the axes {', '.join(self.made[0].axes)}.",
            f"Rings go around what the step returns, {listed(returned)}.",
        )

    def draw(self, drawing: Drawing) -> None:
        """Draws everything from top to bottom, and a key to the rings."""
        drawing.text((0, 8), self.title, "bold")
        Plan(self).draw(drawing)
        _draw_key(drawing, drawing.bottom + NEAR)


class Plan:
    """Where the parts of a step stand: the state goes down on the left, gates are on the right."""

    def __init__(self, flow: CellFlow) -> None:
        """Measures columns and rows."""
        self.flow, every = flow, [*flow.inputs, *flow.made]
        self.tensors = {one.name: one for one in every}
        self.rows = {one.name: row for row, both in enumerate(flow.rows) for one in both if one}
        self.box = max(one.numbers.width for one in every)
        self.wide, self.high = self.box * flow.inputs[0].shape[1], BOX * flow.inputs[0].shape[0]
        gates = [gate for _, gate in flow.rows if gate]
        label = max(text_width(line) for one in every for line in one.across)
        down = max(one.beside for one in every)
        beside = [state for state, gate in flow.rows if state and gate]
        # What is written beside a way down ends before what is written on a way sideways begins.
        self.lane = max(self.wide, self.wide / 2 + EDGE + label)
        self.gates = max(self.lane + label + SIDE + EDGE, _widest(beside) + EDGE)
        self.trunk = self.gates + max(
            self.lane + label + EDGE, self.wide / 2 + down + 2 * EDGE, _widest(gates) + EDGE
        )
        self.top = TOP + self.high + WAY
        self.low = self.top + LINE * len(flow.products.lines) + 8
        self.corners = dict([*self._given(), *self._made()])

    @property
    def _state(self) -> str:
        """The name of what goes down on the left."""
        return self.flow.inputs[0].name

    @property
    def _bend(self) -> float:
        """Where the state goes down into the products, right of its way past them."""
        beside = self.tensors[self._state].beside
        return max(self.wide + SIDE, self.wide / 2 + EDGE + beside + EDGE)

    def _given(self) -> Iterator[tuple[str, Point]]:
        """Yields where the numbers of each input begin, with room for a way beside the first."""
        x = 0.0
        for one in self.flow.inputs:
            yield one.name, (x, TOP)
            x += max(self.box * one.shape[1], _widest([one])) + NEAR
            if self._state in self.flow.products.sources:
                x = max(x, self.gates, self._bend + EDGE + self.tensors[self._state].beside)

    def _made(self) -> Iterator[tuple[str, Point]]:
        """Yields where the numbers of each row begin."""
        y = self.low + WAY
        for row, both in enumerate(self.flow.rows):
            y += max(one.head for one in both if one)
            places = zip(both, (0.0, self.gates), strict=True)
            yield from ((one.name, (x, y)) for one, x in places if one)
            y += self.high + (WAY if self._joined(row) else NEAR)

    def _joined(self, row: int) -> bool:
        """Tells whether an arrow leads straight down from a row to the next."""
        columns = zip(*self.flow.rows[row : row + 2], strict=True)
        pairs = [pair for column in columns for pair in pairwise(column)]
        return any(above and below and above.name in below.sources for above, below in pairs)

    def draw(self, drawing: Drawing) -> None:
        """Draws all tensors, the box of the products, and the ways."""
        for name, corner in self.corners.items():
            self._draw_tensor(drawing, self.tensors[name], corner)
        self._draw_products(drawing)
        for one in self.flow.made:
            self._draw_ways(drawing, one)

    def _draw_tensor(self, drawing: Drawing, one: Tensor, corner: Point) -> None:
        x, y = corner
        for place, line in enumerate(one.lines):
            style = "bold" if line == one.role else "caption"
            _write_line(drawing, (x, y - one.head + (place + 0.5) * LINE), line, style)
        one.numbers.draw(drawing, corner, self.box)

    def _draw_products(self, drawing: Drawing) -> None:
        """Draws the box, the ways into it, and the way from it past all gates."""
        products, left = self.flow.products, self.wide
        right = max(self.trunk, left + max(map(text_width, products.lines))) + EDGE
        drawing.box((left, self.top), (right - left, self.low - self.top), "solid")
        for place, line in enumerate(products.lines):
            _write_line(drawing, (left + EDGE, self.top + 4 + (place + 0.5) * LINE), line)
        for name in products.sources:
            self._draw_reading(drawing, self.tensors[name])
        foot = max(self._middle(one.name) for one in self.flow.made if self._is_fed(one))
        drawing.path("ML", [(self.trunk, self.low), (self.trunk, foot)], "flow")
        _write(drawing, (self.trunk - EDGE, self.low + WAY / 2), products, "end")

    def _draw_reading(self, drawing: Drawing, one: Tensor) -> None:
        """Draws the way of an input into the products; the state bends off to the right."""
        x, y = self.corners[one.name]
        middle, low = x + self.box * one.shape[1] / 2, y + self.high
        if one.name == self._state:
            middle, side = self._bend, y + self.high / 2
            drawing.path("MLL", [(self.wide + 2, side), (middle, side), (middle, low + 2)], "flow")
        drawing.arrow((middle, low + 2), (middle, self.top - 3))
        _write(drawing, (middle + EDGE, low + WAY / 2), one, "start")

    def _is_fed(self, one: Tensor) -> bool:
        """Tells whether a tensor is made of what comes of the weights."""
        return bool({*self.flow.products.names} & {*one.sources})

    def _middle(self, name: str) -> float:
        """The height on which ways lead sideways to a tensor."""
        return self.corners[name][1] + self.high / 2

    def _draw_ways(self, drawing: Drawing, one: Tensor) -> None:
        """Draws the ways to a tensor, from the products and from other tensors."""
        if self._is_fed(one):
            left, y = self.gates + self.wide, self._middle(one.name)
            drawing.arrow((self.trunk, y), (left + 3, y))
            middle = (self.trunk + self.gates + self.lane) / 2
            _write_across(drawing, (middle, y), one, "middle")
        for source in one.sources:
            if source in self.tensors:
                self._draw_way(drawing, self.tensors[source], one)

    def _draw_way(self, drawing: Drawing, source: Tensor, one: Tensor) -> None:
        """Draws the way from a tensor to another: down, around what is between, or to the left."""
        start, end = self.corners[source.name][0], self.corners[one.name][0]
        if start != end:
            self._draw_turn(drawing, source, one)
        elif start == 0 or self.rows[one.name] == self.rows[source.name] + 1:
            self._draw_down(drawing, source, one)
        else:
            self._draw_detour(drawing, source, one)

    def _draw_down(self, drawing: Drawing, source: Tensor, one: Tensor) -> None:
        """Draws the way to a tensor below; what it bears stands where it begins."""
        x, y = self.corners[source.name]
        middle, low = x + self.wide / 2, y + self.high
        drawing.arrow((middle, low + 2), (middle, self.corners[one.name][1] - one.head - 3))
        _write(drawing, (middle + EDGE, low + WAY / 2), source, "start")

    def _draw_detour(self, drawing: Drawing, source: Tensor, one: Tensor) -> None:
        """Draws the way of a gate to one further down, left of those between."""
        start, end = self._middle(source.name), self._middle(one.name)
        x, side = self.gates, self.gates - SIDE
        drawing.path("MLL", [(x - 2, start), (side, start), (side, end)], "flow")
        drawing.arrow((side, end), (x - 3, end))
        _write_across(drawing, (side - EDGE, (start + end) / 2), source, "end")

    def _draw_turn(self, drawing: Drawing, source: Tensor, one: Tensor) -> None:
        """Draws the way of a gate to the state beside it or below."""
        left, right, end = self.wide, self.gates - 2, self._middle(one.name)
        if self._middle(source.name) < end:
            right = self.gates + self.wide / 2
            low = self.corners[source.name][1] + self.high + 2
            drawing.path("ML", [(right, low), (right, end)], "flow")
        drawing.arrow((right, end), (left + 3, end))
        middle = (self.lane + min(right, self.gates - SIDE)) / 2
        _write_across(drawing, (middle, end), source, "middle")


def _widest(tensors: Sequence[Tensor]) -> float:
    """The width of the widest line above numbers."""
    return max(text_width(line) for one in tensors for line in one.lines)


def _write_line(drawing: Drawing, at: Point, line: str, style: str = "") -> None:
    """Writes a line of code, indented."""
    code = line.lstrip()
    drawing.text((at[0] + text_width(line) - text_width(code), at[1]), code, style)


def _write(drawing: Drawing, at: Point, one: Tensor | Products, anchor: str) -> None:
    """Writes shape and axes beside a way down."""
    shape, axes = one.label
    drawing.text((at[0], at[1] - LINE / 2), shape, "", anchor)
    drawing.text((at[0], at[1] + LINE / 2), axes, axis_style(one.axes[-1]), anchor)


def _write_across(drawing: Drawing, at: Point, one: Tensor, anchor: str) -> None:
    """Writes the shape above a way sideways, and its axes below it, one a line."""
    for place, line in enumerate(one.across):
        style = axis_style(line.rstrip(",")) if place else ""
        drawing.text((at[0], at[1] + (place - 0.5) * LINE), line, style, anchor)


def _draw_key(drawing: Drawing, y: float) -> None:
    """Draws what a ring means."""
    drawing.box((0, y), (KEY, KEY), "ring")
    drawing.text((KEY + EDGE, y + KEY / 2), "what the step returns", "key")
