"""Where the states of all layers stand at all steps: the layout behind `figures.states`.

A panel like those of `panels.py`: it draws what it is given, checked already.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rnn_ref.figures.colours import axis_style, with_styles
from rnn_ref.figures.panels import (
    BAR,
    RISE,
    Floats,
    Shape,
    draw_fill,
    name_columns,
    name_rows,
)
from rnn_ref.figures.svg import LINE, ROOM, Drawing, Point, text_width
from rnn_ref.figures.words import counted, labelled, listed, sentences

NUMBER = 8.0  # the height of a number in a state, if there are enough of them
PITCHES = (32.0, 20.0)  # from one step to the next, where there is room and where there is less
PAD = 5.0  # between the states of the last layer and the frame around them


@dataclass(frozen=True)
class StateGrid:
    """The states of one sequence: a row for each layer and direction, the last layer on top."""

    h: Floats  # (num_layers, D, L, H_out)
    output: Shape
    h_n: Shape
    labels: Sequence[str]  # one per step
    caption: str  # which sequence it is

    @property
    def peak(self) -> float:
        """The number that is filled most."""
        return float(np.abs(self.h).max()) or 1.0

    @property
    def told(self) -> str:
        """Says how the states stand, and which of them output and h_n hold."""
        num_layers, D, L, H_out = (int(size) for size in self.h.shape)
        least = -self.peak if (self.h < 0).any() else 0.0
        rows = "forward above reverse, " if D > 1 else ""
        ends = ["on the right", "of reverse rows on the left"][:D]
        rings = [
            f"{listed([self._index(layer, way) for layer in range(num_layers)])} {end}"
            for way, end in enumerate(ends)
        ]
        return sentences(
            f"The states of {self.caption}, each a column of H_out = {H_out} colours for "
            f"numbers from {least:z.2f} to {self.peak:.2f}: "
            f"{counted(num_layers, 'layer')} above the input, layer 0 the lowest, {rows}over "
            f"L = {counted(L, 'step')} from left to right, {labelled(self.labels)}.",
            f"A dashed frame holds output {self.output}: layer {num_layers - 1} at every step.",
            f"Rings hold h_n {self.h_n}, from layer 0 upwards: {'; '.join(rings)}.",
        )

    @property
    def _high(self) -> float:
        """The height of a state."""
        return max(NUMBER * int(self.h.shape[3]), 2 * LINE)

    @property
    def _left(self) -> float:
        """Where the first step begins, right of the names of the rows."""
        names = max(text_width("reverse"), text_width(self._index(0, 0))) + 2 * BAR
        return max(names, text_width(f"H_out = {self.h.shape[3]}") + BAR / 2)

    @property
    def _pitch(self) -> float:
        """From one step to the next."""
        steps, (most, least) = int(self.h.shape[2]), PITCHES
        beside = self._left + 2 * PAD + text_width(self._index(0, 0)) + most / 2
        room = ROOM - beside
        return max(least, min(most, room / max(steps - 1, 1)))

    @property
    def _wide(self) -> float:
        """The width of a state."""
        return self._pitch / 2

    @property
    def _right(self) -> float:
        """Where the last step ends."""
        return self._left + (int(self.h.shape[2]) - 1) * self._pitch + self._wide

    def _index(self, layer: int, direction: int) -> str:
        return f"h_n[{layer * self.h.shape[1] + direction}]"

    def _corner(self, layer: int, direction: int, step: int) -> Point:
        """Returns the top left corner of a state."""
        num_layers, D, _, _ = self.h.shape
        above = num_layers - 1 - layer
        y = LINE + 2 * PAD + above * (D * self._high + RISE) + direction * self._high
        return self._left + step * self._pitch, y

    def draw(self, drawing: Drawing) -> None:
        """Draws every state, the ways between them, and what output and h_n hold."""
        num_layers, D, L, _ = self.h.shape
        for layer, direction, step in np.ndindex(num_layers, D, L):
            corner = self._corner(layer, direction, step)
            self._draw_state(drawing, self.h[layer, direction, step], corner, self.peak)
        for layer, direction in np.ndindex(num_layers, D):
            self._draw_time(drawing, layer, direction)
            self._name_row(drawing, layer, direction)
        for layer, step in np.ndindex(num_layers, L):
            x, y = self._corner(layer, D - 1, step)
            low, middle = y + self._high, x + self._wide / 2
            drawing.arrow((middle, low + RISE - 3), (middle, low + 3))
        self._draw_steps(drawing)
        self._draw_output(drawing)

    def _draw_state(self, drawing: Drawing, values: Floats, corner: Point, peak: float) -> None:
        """Draws the numbers of a state as a column of colours."""
        (x, y), high = corner, self._high / len(values)
        for place, value in enumerate(values):
            draw_fill(drawing, float(value), peak, (x, y + place * high), (self._wide, high))
        drawing.box(corner, (self._wide, self._high))

    def _draw_time(self, drawing: Drawing, layer: int, direction: int) -> None:
        """Draws the way of the state along a row, and a ring around the last one."""
        corners = [self._corner(layer, direction, step) for step in range(self.h.shape[2])]
        for (x, y), (after, _) in pairwise(corners):
            earlier, later = [(at, y + self._high / 2) for at in (x + self._wide + 2, after - 2)]
            way = (earlier, later) if direction == 0 else (later, earlier)
            drawing.arrow(*way, axis_style("L"))
        drawing.box(corners[-1 if direction == 0 else 0], (self._wide, self._high), "ring")

    def _name_row(self, drawing: Drawing, layer: int, direction: int) -> None:
        """Names a row on the left, and its part of h_n where the state ends."""
        y = self._corner(layer, direction, 0)[1] + self._high / 2
        index, names = self._index(layer, direction), [f"layer {layer}"]
        if self.h.shape[1] > 1:
            names = [f"layer {layer}", "forward"] if direction == 0 else ["reverse"]
        lines = [(name, "") for name in names] + [(index, "bold")] * (direction == 1)
        for place, (line, style) in enumerate(lines):
            height = y + (place - (len(lines) - 1) / 2) * LINE
            drawing.text((self._left - 2 * BAR, height), line, style, "end")
        if direction == 0:
            drawing.text((self._right + 2 * PAD, y), index, "bold")

    def _draw_steps(self, drawing: Drawing) -> None:
        """Draws the steps of the input at the bottom, and names the axes."""
        _, D, L, H_out = self.h.shape
        x, y = self._corner(0, D - 1, 0)
        low = y + self._high + RISE + LINE / 2
        drawing.text((self._left - 2 * BAR, low), "input", "", "end")
        for step, label in enumerate(self.labels):
            drawing.text((x + step * self._pitch + self._wide / 2, low), label, "tick", "middle")
        name_columns(drawing, (x, low + LINE / 2 - 4), self._right - x, "L", L)
        name_rows(drawing, (x - BAR, self._corner(0, 0, 0)[1]), self._high, "H_out", H_out)
        drawing.text((0, drawing.bottom + LINE / 2), self.caption, "quiet")

    def _draw_output(self, drawing: Drawing) -> None:
        """Draws a frame around the last layer, and writes both shapes above."""
        num_layers, D, _, _ = self.h.shape
        x, y = self._corner(num_layers - 1, 0, 0)
        size = (self._right - x + 2 * PAD, D * self._high + 2 * PAD)
        drawing.box((x - PAD, y - PAD), size, "frame")
        output, h_n = f"output {self.output}", f"h_n {self.h_n}"
        right = max(drawing.right, text_width(output) + 2 * BAR + text_width(h_n))
        left = min(self._left - PAD, right - text_width(h_n) - 2 * BAR - text_width(output))
        sizes = with_styles(self.output, ("N", "L", "D*H_out"))
        drawing.shape((left, LINE / 2 - 2), "output ", sizes, "bold")
        sizes = with_styles(self.h_n, ("D*num_layers", "N", "H_out"))
        drawing.shape((right, LINE / 2 - 2), "h_n ", sizes, "bold", "end")


def split(outputs: Sequence[Floats], H_out: int) -> Floats:
    """Returns the states in the outputs of all layers, one row per layer and direction.

    Args:
        outputs: for each layer, one sequence's output, shape (L, D*H_out).
        H_out: the width of a state.

    Returns:
        Shape (num_layers, D, L, H_out).
    """
    return np.stack([one.reshape(len(one), -1, H_out).swapaxes(0, 1) for one in outputs])


def ends(h: Floats) -> Iterator[Floats]:
    """Yields the last state of each layer and direction, in the order of h_n."""
    for layer, direction in np.ndindex(h.shape[:2]):
        yield h[layer, direction, -1 if direction == 0 else 0]
