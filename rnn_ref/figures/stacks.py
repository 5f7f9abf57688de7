"""Where everything stands in a drawing of layers above each other: the layout of `figures.stacked`.

Lengths are in units of the canvas, as in `panels.py`; the first layer is the lowest row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rnn_ref.figures.colours import axis_style, with_styles
from rnn_ref.figures.panels import BOX, CELL, RISE, Shape, name_columns
from rnn_ref.figures.svg import LINE, Drawing, text_width
from rnn_ref.figures.words import counted, labelled, listed, sentences

COLUMN = 36.0  # the width of a cell
FLOW = 12.0  # the length of an arrow along time
FRAME = 4.0  # from a cell to the frame of its layer
SLOT = 12.0  # the height of what stands on the way from a layer to the next


@dataclass(frozen=True)
class Stack:
    """A network of several layers, unrolled to the right: inputs at the bottom, outputs on top."""

    x: Shape
    output: Shape
    state: Shape  # what one layer begins with, and ends with
    num_layers: int
    labels: Sequence[str]  # one per step
    between: str  # what stands on the way from one layer to the next
    order: tuple[str, str]  # the first axes of x and of output

    @property
    def _title(self) -> str:
        return f"{counted(self.num_layers, 'layer')}, {counted(len(self.labels), 'step')}"

    @property
    def told(self) -> str:
        """Says which way input, states and output go, and what is the same."""
        last, way = self.num_layers - 1, f" through {self.between}" if self.between else ""
        up = ["from x to layer 0", *[f"from each layer{way} to the next"] * (last > 0)]
        return sentences(
            f"{self._title}: each layer is a row of cells, layer 0 the lowest, and time goes from "
            "left to right.",
            f"Below is x {self.x}, {labelled(self.labels)}, on top output {self.output}; "
            f"arrows lead up {listed([*up, f'from layer {last} to output'])}.",
            f"Arrows lead to the right through each layer, from its h_0 {self.state} to its h_n "
            f"{self.state}; rings go around the last output and h_n[{last}].",
        )

    @property
    def _side(self) -> float:
        """The room left of the first cell, for the state, and what is written below it."""
        return max(self._state, text_width("layer 0"), text_width(self.between))

    @property
    def _pitch(self) -> float:
        """From one layer to the next."""
        return CELL + 2 * LINE + (LINE if self.between else 8)

    @property
    def _last(self) -> float:
        """The left edge of what follows the last cell."""
        return self._left(len(self.labels))

    def _left(self, step: int) -> float:
        return self._side + FLOW + step * (COLUMN + FLOW)

    def _middle(self, step: int) -> float:
        return self._left(step) + COLUMN / 2

    def _top(self, layer: int) -> float:
        """Where the cells of a layer begin."""
        return 2 * LINE + BOX + 1.4 * RISE + (self.num_layers - 1 - layer) * self._pitch

    def draw(self, drawing: Drawing) -> None:
        """Draws everything, with a ring around what is the same: last output and last state."""
        layers, steps = range(self.num_layers), range(len(self.labels))
        drawing.text((0, 8), self._title, "bold")
        drawing.text((self._left(0), 8 + LINE), "output", "bold")
        at = (self._left(0) + text_width("output "), 8 + LINE)
        drawing.shape(at, "", with_styles(self.output, (*self.order, "H_out")))
        self._draw_ends(drawing, 2 * LINE, [str(step) for step in steps])
        for layer in layers:
            self._draw_layer(drawing, layer)
        for lower, upper in pairwise(layers):
            self._draw_way_up(drawing, self._top(lower), self._top(upper) + CELL, self.between)
        self._draw_way_up(drawing, self._top(self.num_layers - 1), 2 * LINE + BOX)
        foot = self._top(0) + CELL + 1.4 * RISE
        self._draw_way_up(drawing, foot, self._top(0) + CELL)
        self._draw_ends(drawing, foot, self.labels)
        right, low = self._last - FLOW, foot + BOX + 22
        drawing.text((right - text_width(f" {self.x}"), low), "x", "bold", "end")
        drawing.shape((right, low), "", with_styles(self.x, (*self.order, "H_in")), "", "end")
        width = self._last - FLOW - self._left(0)
        name_columns(drawing, (self._left(0), foot + BOX), width, "L", len(self.labels))
        size = (COLUMN, BOX)
        drawing.box((self._left(len(self.labels) - 1), 2 * LINE), size, "ring")
        drawing.box((self._last, self._top(self.num_layers - 1)), (self._state, CELL), "ring")

    @property
    def _state(self) -> float:
        """The width of a state."""
        return text_width(str(self.state)) + 8

    def _draw_layer(self, drawing: Drawing, layer: int) -> None:
        """Draws the cells of a layer, and the way of its state through them."""
        y, steps = self._top(layer), range(len(self.labels))
        left, right = self._left(0) - FRAME, self._last - FLOW + FRAME
        drawing.box((left, y - FRAME), (right - left, CELL + 2 * FRAME), "frame")
        start = self._side - self._state
        below = (start + self._state / 2, y + CELL + LINE / 2)
        drawing.text(below, f"layer {layer}", "bold", "middle")
        for name, x in ("h_0", start), ("h_n", self._last):
            drawing.text((x + self._state / 2, y - LINE / 2), f"{name}[{layer}]", "", "middle")
            drawing.box((x, y), (self._state, CELL))
            sizes, middle = with_styles(self.state, ("N", "H_out")), x + self._state / 2
            drawing.shape((middle, y + CELL / 2), "", sizes, "", "middle")
        for step in steps:
            drawing.box((self._left(step), y), (COLUMN, CELL), "solid")
            drawing.text((self._middle(step), y + CELL / 2), "cell", "", "middle")
        for step in range(len(self.labels) + 1):
            end = self._left(step), y + CELL / 2
            drawing.arrow((end[0] - FLOW, end[1]), (end[0] - 3, end[1]), axis_style("L"))

    def _draw_way_up(self, drawing: Drawing, low: float, high: float, passing: str = "") -> None:
        """Draws an arrow upwards at each step, through a box if something stands on the way."""
        middle = (low + high) / 2
        if passing:
            drawing.text((self._side - self._state / 2, middle), passing, "quiet", "middle")
        for step in range(len(self.labels)):
            x = self._middle(step)
            if passing:
                drawing.path("ML", [(x, low), (x, middle + SLOT / 2)], "flow")
                drawing.box((x - COLUMN / 2, middle - SLOT / 2), (COLUMN, SLOT), "slot")
            start = middle - SLOT / 2 if passing else low
            drawing.arrow((x, start), (x, high + 3))

    def _draw_ends(self, drawing: Drawing, y: float, labels: Sequence[str]) -> None:
        """Draws what goes in or comes out, one box per step."""
        for step, label in enumerate(labels):
            drawing.box((self._left(step), y), (COLUMN, BOX))
            drawing.text((self._middle(step), y + BOX / 2), label, "tick", "middle")
