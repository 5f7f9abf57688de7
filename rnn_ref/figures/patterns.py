"""One to many, many to one: which steps have an input and which an output, as rows of boxes.

Each box is a tensor with its shape, read from the array; each frame is a call of a network.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise
from typing import Any

from numpy.typing import ArrayLike

from rnn_ref import given
from rnn_ref.figures import doors
from rnn_ref.figures.colours import with_styles
from rnn_ref.figures.figure import Figure, finished
from rnn_ref.figures.svg import LINE, ROOM, Drawing, Point, text_width
from rnn_ref.figures.words import counted, listed, sentences

Row = Sequence[tuple[str, ArrayLike] | None]
Calls = Sequence[tuple[str, int]]

APART = (18.0, 11.0)  # between two steps, where there is room and where there is less
RISE = 22.0  # from an input up to its state
HIGH = 2 * LINE  # a box holds a name and a shape
EDGE = 4.0  # how far the frame of a call reaches beyond its boxes
TOP = 1.4 * LINE  # where outputs begin, below the title
OUTPUT, STATE, INPUT = range(3)  # the rows, from the top
FEATURES = ("C", "H_out", "H_in")  # what the last axis of each is


def named(letter: str, arrays: Sequence[ArrayLike]) -> list[tuple[str, ArrayLike] | None]:
    """Names arrays by their place, from 1: `named("x", [a, b])` is `[("x_1", a), ("x_2", b)]`.

    Args:
        letter: what all names begin with.
        arrays: any number of arrays, such as `x.unbind(1)`, shape (N, features) each.

    Returns:
        A row for `pattern`.

    Raises:
        TypeError: letter is no text, or arrays no list.
    """
    given.check_text("letter", letter)
    arrays = doors.items("arrays", arrays, "arrays")
    return [(f"{letter}_{place}", array) for place, array in enumerate(arrays, start=1)]


def pattern(
    inputs: Row, states: Row, outputs: Row, *, calls: Calls, name: str, readout: str = "Linear"
) -> Figure:
    """Draws inputs at the bottom, states in the middle and outputs at the top, step by step.

    An input with the name of an output is that output, fed back, and stands in quiet letters.

    Args:
        inputs: (name, array) for each step, or None where the step has no input; each array has
            shape (N, features), any dtype, and only its shape is read.
        states: the same, one for each step: shape (N, H_out).
        outputs: the same as inputs.
        calls: (what is called, number of steps) for each call of a network, drawn as a frame
            around what the call takes and the states that it returns.
        name: the title, such as "many to one".
        readout: what makes outputs of states.

    Returns:
        The figure; its shapes are those of outputs, states and inputs, row by row.

    Raises:
        TypeError: a row or calls are no such lists, or name or readout no text.
        ValueError: rows and calls differ in their number of steps, a state is missing, arrays
            differ in N, or the figure is too large for a phone.

    Examples:
        ```python
        import numpy as np

        import rnn_ref
        from rnn_ref.figures import named, pattern

        x, h = np.ones((3, 2, 7), np.float32), []
        rnn = rnn_ref.RNNCell(7, 13)
        for step in x.swapaxes(0, 1):
            h.append(rnn(step, h[-1] if h else None))
        inputs, states = named("x", list(x.swapaxes(0, 1))), named("h", h)
        outputs = [None, ("y", np.ones((3, 5)))]
        figure = pattern(inputs, states, outputs, calls=[("RNN", 2)], name="many to one")
        print(figure.shapes)
        #> ((3, 5), (3, 13), (3, 13), (3, 7), (3, 7))
        ```
    """
    given.check_text("name", name)
    given.check_text("readout", readout)
    rows = {"outputs": outputs, "states": states, "inputs": inputs}
    chart = _Chart(tuple(_boxes(side, row) for side, row in rows.items()))
    calls = _calls(calls)
    _check(chart, calls)
    drawing = Drawing()
    drawing.text((0, 8), name, "bold")
    chart.draw(drawing, calls, readout)
    shapes = tuple(box.shape for row in chart.rows for box in row if box)
    return finished(drawing, chart.told(calls, name, readout), shapes)


@dataclass(frozen=True)
class _Box:
    name: str
    shape: tuple[int, ...]

    @property
    def width(self) -> float:
        """The room for name and shape."""
        return 6 + max(text_width(self.name), text_width(str(self.shape)))


def _told_run(run: Sequence[tuple[_Box, str]]) -> str:
    """Names boxes, and their shapes once each."""
    shapes = dict.fromkeys(str(box.shape) for box, _ in run)
    return f"{listed([box.name for box, _ in run])} {listed(list(shapes))}"


def _boxes(side: str, row: Row) -> tuple[_Box | None, ...]:
    cells = doors.items(side, row, "(name, array) or None for each step")
    return tuple(_box(f"{side}[{step}]", cell) for step, cell in enumerate(cells))


def _box(where: str, cell: Any) -> _Box | None:
    if cell is None:
        return None
    if not isinstance(cell, tuple | list) or len(cell) != 2 or not isinstance(cell[0], str):
        raise TypeError(f"{where}: expected (name, array) or None, got {given.shown(cell)}")
    return _Box(cell[0], doors.shape(f"{where}, {cell[0]}", cell[1], (2,)))


def _calls(calls: Any) -> list[tuple[str, int]]:
    """Returns what is called, and for how many steps."""
    pairs = doors.items("calls", calls, "(what is called, number of steps)")
    for place, pair in enumerate(pairs):
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise TypeError(
                f"calls[{place}]: expected (what is called, number of steps), got "
                f"{given.shown(pair)}"
            )
        given.check_text(f"calls[{place}][0]", pair[0])
        given.check_integer(f"calls[{place}][1]", pair[1])
    return list(pairs)


@dataclass(frozen=True)
class _Chart:
    """Outputs, states and inputs, step by step."""

    rows: tuple[tuple[_Box | None, ...], ...]

    @property
    def shapes(self) -> str:
        """All names and shapes, row by row."""
        rows = zip(("outputs", "states", "inputs"), self.rows, strict=True)
        return "; ".join(
            f"{what} {', '.join(f'{box.name} {box.shape}' for box in row if box)}"
            for what, row in rows
        )

    def told(self, calls: Calls, name: str, readout: str) -> str:
        """Says what there is at which state, and which of them one call makes."""
        steps = len(self.rows[STATE])
        outputs, inputs = self._told_row(OUTPUT, "above"), self._told_row(INPUT, "below")
        fed_back = [box.name for box in self.rows[INPUT] if box and self._is_fed_back(box)]
        return sentences(
            f"The pattern {name}, {counted(steps, 'step')} from left to right: on top "
            f"{f'outputs, each made by {readout}: {outputs}' if outputs else 'no outputs'}; in the "
            f"middle states{', each with an arrow to the next' * (steps > 1)}: "
            f"{_told_run(self._named(STATE))}; at the bottom "
            f"{f'inputs: {inputs}' if inputs else 'no inputs'}.",
            f"Fed back as an input: {listed(fed_back)}." if fed_back else "",
            f"Dashed frames hold states and inputs: {'; '.join(self._told_calls(calls))}.",
        )

    def _named(self, row: int) -> list[tuple[_Box, str]]:
        """The boxes of a row, each with the name of the state at its step."""
        pairs = zip(self.rows[row], self.rows[STATE], strict=True)
        return [(box, state.name) for box, state in pairs if box and state]

    def _told_row(self, row: int, where: str) -> str:
        """Says which boxes a row has, those of one shape together, and at which states."""
        runs = groupby(self._named(row), key=lambda pair: pair[0].shape)
        return ", ".join(
            f"{_told_run(run)} {where} {listed([state for _, state in run])}"
            for run in (list(pairs) for _, pairs in runs)
        )

    def _told_calls(self, calls: Calls) -> Iterator[str]:
        states = iter([name for _, name in self._named(STATE)])
        for called, steps in calls:
            yield f"{called} with {listed(list(islice(states, steps)))}"

    def _is_fed_back(self, box: _Box) -> bool:
        """Tells whether an input is the output of the same name."""
        return box.name in {one.name for one in self.rows[OUTPUT] if one}

    @property
    def _width(self) -> float:
        """The width of every box."""
        return max(box.width for row in self.rows for box in row if box)

    @property
    def _gap(self) -> float:
        """The room for an arrow between two steps."""
        steps, (most, least) = len(self.rows[STATE]), APART
        room = ROOM - 2 * EDGE - steps * self._width
        return max(least, min(most, room / max(steps - 1, 1)))

    def _corner(self, row: int, step: int) -> Point:
        """The top left corner of a box; between outputs and states there is a line of text."""
        y = TOP + row * (HIGH + RISE) + (row > OUTPUT) * LINE
        return EDGE + step * (self._width + self._gap), y

    def draw(self, drawing: Drawing, calls: Calls, readout: str) -> None:
        """Draws all boxes, the arrows between them, and the frames."""
        for row, boxes in enumerate(self.rows):
            for step, box in enumerate(boxes):
                if box:
                    self._draw_box(drawing, box, row, self._corner(row, step))
                    self._draw_way(drawing, row, step, readout)
        for left, right in pairwise(range(len(self.rows[STATE]))):
            (start, y), (end, _) = self._corner(STATE, left), self._corner(STATE, right)
            drawing.arrow((start + self._width + 2, y + HIGH / 2), (end - 3, y + HIGH / 2))
        self._draw_frames(drawing, calls)

    def _draw_box(self, drawing: Drawing, box: _Box, row: int, corner: Point) -> None:
        fed_back = row == INPUT and self._is_fed_back(box)
        size, middle = (self._width, HIGH), corner[0] + self._width / 2
        if row == STATE:
            drawing.box(corner, size, "lane")
        drawing.box(corner, size, "card" if fed_back else "solid")
        name, rest = ("quiet", "quiet") if fed_back else ("bold", "")
        drawing.text((middle, corner[1] + LINE / 2), box.name, name, "middle")
        sizes = with_styles(box.shape, ("N", FEATURES[row]))
        drawing.shape((middle, corner[1] + 1.5 * LINE), "", sizes, rest, "middle")

    def _draw_way(self, drawing: Drawing, row: int, step: int, readout: str) -> None:
        """Draws the way from an input up to its state, or from a state up to its output."""
        x, y = self._corner(row, step)
        middle = x + self._width / 2
        if row == INPUT:
            drawing.arrow((middle, y - 2), (middle, y - RISE + 3))
        if row == OUTPUT:
            low = self._corner(STATE, step)[1]
            drawing.path("ML", [(middle, low - 2), (middle, low - RISE / 2)], "flow")
            drawing.text((middle, low - (RISE + LINE) / 2), readout, "quiet", "middle")
            drawing.arrow((middle, y + HIGH + RISE / 2), (middle, y + HIGH + 3))

    def _draw_frames(self, drawing: Drawing, calls: Calls) -> None:
        """Draws a dashed frame around states and inputs of each call, with its name at the foot."""
        first, foot = 0, self._corner(INPUT, 0)[1] + HIGH + LINE
        for called, steps in calls:
            left, top = self._corner(STATE, first)
            right = self._corner(STATE, first + steps)[0] - self._gap
            corner = (left - EDGE, top - EDGE)
            drawing.box(corner, (right - left + 2 * EDGE, foot - top + EDGE), "frame")
            drawing.text(((left + right) / 2, foot - LINE / 2), called, "quiet", "middle")
            first += steps


def _check(chart: _Chart, calls: Calls) -> None:
    counts = [*map(len, chart.rows), sum(steps for _, steps in calls)]
    missing = chart.rows[STATE].count(None)
    if len(set(counts)) > 1 or not counts[STATE] or missing:
        raise ValueError(
            "expected outputs, states, inputs and calls of equally many steps, and a state at "
            f"each, got {counts} steps and {missing} states missing; write None where a step has "
            "no input or no output"
        )
    boxes = [box for row in chart.rows for box in row if box]
    if len({box.shape[0] for box in boxes}) > 1:
        raise ValueError(
            f"expected arrays of shape (N, features) with one N, got {chart.shapes}; choose one "
            "step of each, as in x[:, 0]"
        )
