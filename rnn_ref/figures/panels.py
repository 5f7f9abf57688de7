"""Where everything in a figure stands: the layouts behind `rnn_ref.figures`.

Each panel draws what it is given, checked already, on a canvas of `svg.py`. Lengths are in
units of that canvas, and a point is (right, down) from its top left corner.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from textwrap import wrap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_ref.figures.colours import axis_style
from rnn_ref.figures.svg import LINE, ROOM, Drawing, Point, text_width
from rnn_ref.figures.words import counted, listed, parts_of, ringed, sentences, with_axes

Shape = tuple[int, ...]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

BOX = 26.0  # the height of a box
DIGIT = 20.0  # the width of one that holds a digit
BAR = 14.0  # from the dimension line beside rows to the rows
GAP = 20.0  # between sheets, and between tensors below each other
LANE = 7.0  # how far a sequence's lane reaches beyond its boxes
STEP = 14.0  # between two steps of an unrolled network
RISE = 24.0  # the length of an upright arrow
INSET = 3.0  # how much narrower a cell is than its boxes, on each side
CELL = 34.0  # the height of a recurrent cell, and of a layer
STUB = 10.0  # the way of an axis that ends
SQUARE = 10.0  # a box in the small drawing of a tensor
LIFT = 6.0  # how far its sheets stand out behind each other
CHIP = 44.0  # the height of an axis in a mapping
SWATCH = 16.0  # a box in the key to the fills


def grid(shape: Shape) -> tuple[int, int, int]:
    """Returns how many sheets, rows and columns an array of 1 to 3 axes is drawn as."""
    sheets, rows, columns = (1, 1, 1, *shape)[-3:]
    return sheets, rows, columns


def each(shapes: Sequence[Shape]) -> list[str]:
    """Returns the different ones among shapes, as text."""
    return [str(shape) for shape in dict.fromkeys(shapes)]


def name_columns(drawing: Drawing, corner: Point, width: float, axis: str, size: int) -> None:
    """Names an axis below a dimension line, the columns ending at the corner's height."""
    x, y = corner
    drawing.span((x, y + 8), (x + width, y + 8), axis_style(axis))
    drawing.text((x, y + 22), f"{axis} = {size}", axis_style(axis))


def name_rows(drawing: Drawing, corner: Point, height: float, axis: str, size: int) -> None:
    """Names an axis at the left edge, above a dimension line beside its rows."""
    x, y = corner
    drawing.text((0, y - LINE / 2), f"{axis} = {size}", axis_style(axis))
    drawing.span((x, y), (x, y + height), axis_style(axis))


def draw_fill(drawing: Drawing, value: float, peak: float, corner: Point, size: Point) -> None:
    """Fills a box by the sign of a number, the more the larger it is; not for zero."""
    if value:
        sign = "plus" if value > 0 else "minus"
        drawing.box(corner, size, sign, 0.15 + 0.85 * abs(value) / peak)


def draw_key(drawing: Drawing, peak: float | None = None) -> None:
    """Says below everything what the fills mean: from negative over zero to positive.

    With a peak it says the numbers themselves, since the boxes do not.
    """
    if not drawing.styles & {"plus", "minus"}:
        return
    shades = [-1.0, -0.4, 0.0, 0.4, 1.0] if "minus" in drawing.styles else [0.0, 0.4, 1.0]
    least, most = "negative" if "minus" in drawing.styles else "zero", "positive"
    if peak is not None:
        least, most = f"{peak * shades[0]:z.2f}", f"{peak:.2f}"
    left, y = text_width(least) + 8, drawing.bottom + LINE
    drawing.text((0, y), least, "key")
    for place, shade in enumerate(shades):
        corner, size = (left + place * SWATCH, y - SWATCH / 2), (SWATCH, SWATCH)
        if shade:
            drawing.box(corner, size, "plus key" if shade > 0 else "minus key", abs(shade))
        drawing.box(corner, size, "key")
    drawing.text((left + len(shades) * SWATCH + 8, y), most, "key")


@dataclass(frozen=True)
class Numbers:
    """Numbers, how each is written, which have a ring, and the largest, which is filled most."""

    values: Floats
    texts: NDArray[np.str_]
    rings: Flags
    peak: float

    @classmethod
    def of(cls, values: Floats, rings: Flags, decimals: int) -> "Numbers":
        """Writes numbers out, without a point where all of them are whole."""
        digits = 0 if (values == values.round()).all() else decimals
        texts = np.array([f"{value:z.{digits}f}" for value in values.flat]).reshape(values.shape)
        return cls(values, texts, rings, float(np.abs(values).max()))

    def __getitem__(self, index: Any) -> "Numbers":
        """Returns a part of them that is written and filled as it is in the whole."""
        return Numbers(self.values[index], self.texts[index], self.rings[index], self.peak)

    @property
    def width(self) -> float:
        """The width of a box that holds any of them."""
        return max(DIGIT, 6 + max(text_width(str(text)) for text in self.texts.flat))

    def draw(self, drawing: Drawing, corner: Point, width: float) -> None:
        """Draws a matrix of them as boxes of one width, row by row."""
        x, y = corner
        for row, column in np.ndindex(self.values.shape):
            self._draw_box(drawing, (row, column), (x + column * width, y + row * BOX), width)
        for row, marked in enumerate(self.rings):
            for first, last in _runs(marked):
                run = (x + first * width, y + row * BOX)
                drawing.box(run, ((last - first) * width, BOX), "ring")

    def _draw_box(self, drawing: Drawing, index: Shape, corner: Point, width: float) -> None:
        value = float(self.values[index])
        draw_fill(drawing, value, self.peak, corner, (width, BOX))
        drawing.box(corner, (width, BOX))
        middle = (corner[0] + width / 2, corner[1] + BOX / 2)
        style = "value" if value else "value quiet"
        drawing.text(middle, str(self.texts[index]), style, "middle")


def _runs(marked: Flags) -> Iterator[tuple[int, int]]:
    """Yields where each run of marked boxes begins and ends."""
    for flag, places in groupby(range(len(marked)), key=lambda place: bool(marked[place])):
        if flag:
            run = list(places)
            yield run[0], run[-1] + 1


@dataclass(frozen=True)
class Sheets:
    """An array as matrices side by side, as many as fit on a line."""

    numbers: Numbers  # sheets, rows, columns
    axes: tuple[str, ...]  # 1 to 3 names
    captions: Sequence[str]  # one per sheet
    beside: Sequence[str]  # one per row of every sheet, or none
    above: Sequence[str]  # one per column, or none

    def told(self, name: str) -> str:
        """Says how the array is laid out, how it is labelled, and what has a ring."""
        shape = self.numbers.values.shape[-len(self.axes) :]
        parts = ("sheet", "row", "column")[-len(self.axes) :]
        layout = listed(
            [
                f"{axis} = {counted(int(size), part)}"
                for axis, size, part in zip(self.axes, shape, parts, strict=True)
            ]
        )
        rings = list(parts_of(name, self.numbers.rings.reshape(shape)))
        tensor = f"The tensor {name} {shape} with its numbers: {layout}."
        return sentences(tensor, self._told_labels(), ringed(rings))

    def _told_labels(self) -> str:
        """Says how each axis is labelled; rows may differ from sheet to sheet."""
        rows = self.numbers.values.shape[1]
        cuts = range(0, len(self.beside), rows)
        beside = [" ".join(self.beside[start : start + rows]) for start in cuts]
        if len(set(beside)) > 1:
            pairs = zip(beside, self.captions, strict=True)
            beside = [listed([f"{labels} in {sheet}" for labels, sheet in pairs])]
        along = [listed(self.captions), "".join(beside[:1]), listed(self.above)]
        named = zip(self.axes, along[3 - len(self.axes) :], strict=True)
        labels = [f"along {axis}: {labels}" for axis, labels in named if labels]
        return f"Labels {'; '.join(labels)}." if labels else ""

    @property
    def _gutter(self) -> float:
        """The room for the labels of the rows."""
        return max((text_width(label) + 8 for label in self.beside), default=0.0)

    @property
    def _left(self) -> float:
        """Where the boxes of the first sheet begin, right of what names the rows."""
        if len(self.axes) == 1:
            return self._gutter
        label = f"{self.axes[-2]} = {self.numbers.values.shape[1]}"
        return max(self._gutter + BAR, text_width(label) + 12)

    @property
    def _boxes(self) -> float:
        """The width of all columns of a sheet."""
        return self.numbers.width * int(self.numbers.values.shape[2])

    @property
    def _pitch(self) -> float:
        """From one sheet to the next: its boxes, or what is written above them."""
        written = [*self.captions, f"{self.axes[-1]} = {self.numbers.values.shape[2]}"]
        return self._gutter + GAP + max(self._boxes, *map(text_width, written))

    @property
    def _head(self) -> float:
        """The height of what stands above the boxes of a sheet."""
        return LINE * max(len(self.axes) > 1, bool(self.captions) + bool(self.above))

    def draw(self, drawing: Drawing, y: float) -> None:
        """Draws all sheets below y and names the axes where they are first met."""
        sheets, rows, columns = self.numbers.values.shape
        room = ROOM - self._left + self._gutter + GAP
        per_line = min(sheets, max(1, int(room // self._pitch)))
        if len(self.axes) == 3:
            self._name_sheets(drawing, y, self._left + (per_line - 1) * self._pitch + self._boxes)
            y += LINE
        y += self._head
        for sheet in range(sheets):
            line, place = divmod(sheet, per_line)
            top = y + line * (self._head + rows * BOX + 2 * GAP)
            self._draw_sheet(drawing, sheet, (self._left + place * self._pitch, top))
        if len(self.axes) > 1:
            bar = (self._left - self._gutter - BAR / 2, y)
            name_rows(drawing, bar, rows * BOX, self.axes[-2], rows)
        low = (self._left, y + rows * BOX)
        name_columns(drawing, low, self._boxes, self.axes[-1], columns)

    def _name_sheets(self, drawing: Drawing, y: float, right: float) -> None:
        """Names the first axis, with a dimension line over as many sheets as are on a line."""
        label = f"{self.axes[0]} = {len(self.numbers.values)}"
        drawing.text((0, y), label, axis_style(self.axes[0]))
        left = text_width(label) + 6
        if left < right:
            drawing.span((left, y), (right, y), axis_style(self.axes[0]))

    def _draw_sheet(self, drawing: Drawing, sheet: int, corner: Point) -> None:
        (x, y), numbers = corner, self.numbers[sheet]
        rows, width = len(numbers.values), self.numbers.width
        numbers.draw(drawing, corner, width)
        for caption in self.captions[sheet : sheet + 1]:
            drawing.text((x, y - self._head + LINE / 2), caption, "caption")
        for row, label in enumerate(self.beside[sheet * rows : (sheet + 1) * rows]):
            drawing.text((x - 8, y + (row + 0.5) * BOX), label, "tick quiet", "end")
        for column, label in enumerate(self.above):
            middle = (x + (column + 0.5) * width, y - LINE / 2)
            drawing.text(middle, label, "tick quiet", "middle")


@dataclass(frozen=True)
class Outline:
    """A tensor of which only name, shape and axes are drawn, as a deck of cards."""

    name: str
    shape: Shape
    axes: tuple[str, ...]

    @property
    def _cards(self) -> tuple[int, int, int]:
        """The sheets, rows and columns to be seen: of many, some."""
        sheets, rows, columns = grid(self.shape)
        return min(sheets, 5), min(rows, 8), min(columns, 6)

    @property
    def width(self) -> float:
        """The width of name, shape and cards."""
        sheets, _, columns = self._cards
        cards = (sheets - 1) * LIFT + columns * SQUARE
        return max(cards, text_width(self.name), text_width(str(self.shape)))

    @property
    def height(self) -> float:
        """The height of name, shape and cards."""
        sheets, rows, _ = self._cards
        return 2 * LINE + 4 + (sheets - 1) * LIFT + rows * SQUARE

    def draw(self, drawing: Drawing, y: float, style: Callable[[str], str]) -> None:
        """Draws the tensor at the left edge, sizes and edges in the styles of their axes."""
        drawing.text((0, y + 8), self.name, "bold")
        sizes = zip(self.shape, map(style, self.axes), strict=True)
        drawing.shape((0, y + 8 + LINE), "", list(sizes))
        sheets, rows, columns = self._cards
        wide, high, deep = columns * SQUARE, rows * SQUARE, (sheets - 1) * LIFT
        x, y = 2.0, y + 2 * LINE + 4 + deep
        for lift in np.arange(1, sheets) * LIFT:
            self._draw_card_behind(drawing, (x + lift, y - lift), (wide, high))
        for row, column in np.ndindex(rows, columns):
            drawing.box((x + column * SQUARE, y + row * SQUARE), (SQUARE, SQUARE))
        low = (x, y + high)
        edges = [[(x, y), (x + deep, y - deep)], [(x, y), low], [low, (x + wide, y + high)]]
        for axis, edge in zip(self.axes, edges[-len(self.axes) :], strict=True):
            drawing.path("ML", edge, style(axis))

    def _draw_card_behind(self, drawing: Drawing, corner: Point, size: Point) -> None:
        """Draws what the card before it leaves to be seen: the upper and the right edge."""
        x, y = corner
        right, low = x + size[0], y + size[1]
        seen = [(x, y + LIFT), (x, y), (right, y), (right, low), (right - LIFT, low)]
        drawing.path("MLLLL", seen, "card")


@dataclass(frozen=True)
class Flow:
    """Tensors above and below a layer, their axes in columns, the last axis of each in the last."""

    above: Sequence[Outline]
    below: Sequence[Outline]
    focus: Sequence[str] = ()  # the axes that matter: the others are faded

    def told(self, by: str) -> str:
        """Says what stands below each other, and where arrows and lines lead."""
        above, below = ([with_axes(one.name, one.shape, one.axes) for one in column]
                        for column in (self.above, self.below))  # fmt: skip
        links = [told for column in (self.above, self.below) for told in self._told_links(column)]
        return sentences(
            f"From top to bottom: {'; '.join([*above, f'the layer {by}', *below])}.",
            f"Arrows lead down from the axes of {self.above[-1].name} into the layer, and from it "
            f"to the axes of {self.below[0].name}.",
            f"Lines join {'; '.join(links)}." if links else "",
            f"Strong: {listed(self.focus)}; all other axes are faded." if self.focus else "",
            f"Bars end {listed([*self._told_ends()])}." if [*self._told_ends()] else "",
        )

    def _told_ends(self) -> Iterator[str]:
        for upper, lower in [*pairwise(self.above), *pairwise(self.below)]:
            for one, other in (upper, lower), (lower, upper):
                for axis in self._ends(one, other):
                    yield f"{axis} of {one.name}, which {other.name} lacks"

    def _ends(self, one: Outline, other: Outline) -> list[str]:
        """Returns the axes in focus that a tensor has and its neighbour has not."""
        return [axis for axis in one.axes if axis in self.focus and axis not in other.axes]

    def _style(self, axis: str) -> str:
        """Returns the style of an axis, which is strong or faded if some are in focus."""
        weight = "strong" if axis in self.focus else "faded"
        return f"{axis_style(axis)} {weight}" if self.focus else axis_style(axis)

    @staticmethod
    def _told_links(column: Sequence[Outline]) -> Iterator[str]:
        for upper, lower in pairwise(column):
            shared = [axis for axis in upper.axes if axis in lower.axes]
            if shared:
                yield f"{listed(shared)} of {upper.name} and {lower.name}"

    @property
    def _all(self) -> list[Outline]:
        return [*self.above, *self.below]

    def _chip(self, place: int) -> float:
        """The width of the axes in a column, counted from the last, which is 1."""
        texts = [text for one in self._all if place <= len(one.axes)
                 for text in (one.axes[-place], str(one.shape[-place]))]  # fmt: skip
        return max(BOX, 10 + max(map(text_width, texts)))

    def draw(self, drawing: Drawing, by: str) -> None:
        """Draws the tensors, the layer between them, and the way of each axis."""
        last = self._draw_column(drawing, self.above, 0.0)[-1] + CHIP
        layer = drawing.bottom + RISE / 2
        low = self._draw_layer(drawing, by, layer)
        first = self._draw_column(drawing, self.below, low + RISE)[0]
        for axis, x in self._centres(self.above[-1]):
            drawing.arrow((x, last), (x, layer - 3), self._style(axis))
        for axis, x in self._centres(self.below[0]):
            drawing.arrow((x, low), (x, first - 3), self._style(axis))

    @staticmethod
    def _draw_layer(drawing: Drawing, by: str, y: float) -> float:
        """Draws the layer below y, its name on as many lines as it needs; returns where it ends."""
        lines = wrap(by, int((ROOM - BAR) / text_width(" "))) or [""]
        right = max(drawing.right, *(text_width(line) + BAR for line in lines))
        high = CELL + (len(lines) - 1) * LINE
        drawing.box((0, y), (right, high), "solid")
        for place, line in enumerate(lines):
            drawing.text((right / 2, y + CELL / 2 + place * LINE), line, "bold", "middle")
        return y + high

    def _centres(self, one: Outline) -> list[tuple[str, float]]:
        """Returns each axis of a tensor with the middle of its column."""
        columns = range(max(len(other.axes) for other in self._all), 0, -1)
        x, middles = GAP + max(other.width for other in self._all), []
        for place in columns:
            middles.append(x + self._chip(place) / 2)
            x += self._chip(place) + GAP / 2
        return list(zip(one.axes, middles[-len(one.axes) :], strict=True))

    def _draw_column(self, drawing: Drawing, column: Sequence[Outline], y: float) -> list[float]:
        """Draws tensors below each other, and returns where the axes of each begin."""
        tops: list[float] = []
        for one in column:
            one.draw(drawing, y, self._style)
            tops.append(y + (one.height - CHIP) / 2)
            self._draw_axes(drawing, one, tops[-1])
            y = drawing.bottom + GAP
        for (upper, y1), (lower, y2) in pairwise(zip(column, tops, strict=True)):
            self._link(drawing, self._centres(upper), self._centres(lower), (y1 + CHIP, y2))
            self._draw_ends(drawing, upper, lower, (y1 + CHIP, y1 + CHIP + STUB))
            self._draw_ends(drawing, lower, upper, (y2, y2 - STUB))
        return tops

    def _draw_ends(self, drawing: Drawing, one: Outline, other: Outline, heights: Point) -> None:
        """Draws a bar at the end of each axis in focus that does not lead to the neighbour."""
        start, end = heights
        for axis, x in self._centres(one):
            if axis in self._ends(one, other):
                bar = [(x, start), (x, end), (x - STUB / 2, end), (x + STUB / 2, end)]
                drawing.path("MLML", bar, self._style(axis))

    def _draw_axes(self, drawing: Drawing, one: Outline, y: float) -> None:
        for place, (axis, x) in enumerate(self._centres(one)):
            wide, size = self._chip(len(one.axes) - place), one.shape[place]
            drawing.box((x - wide / 2, y), (wide, CHIP), self._style(axis))
            drawing.text((x, y + 13), axis, self._style(axis), "middle")
            faded = self.focus and axis not in self.focus
            drawing.text((x, y + 31), str(size), "quiet" if faded else "bold", "middle")

    def _link(
        self,
        drawing: Drawing,
        upper: list[tuple[str, float]],
        lower: list[tuple[str, float]],
        heights: Point,
    ) -> None:
        """Draws a line from each axis of a tensor to the same axis of the one below it."""
        start, end = heights
        middle, ends = (start + end) / 2, dict(lower)
        for axis, x in upper:
            if axis in ends:
                route = [(x, start), (x, middle), (ends[axis], middle), (ends[axis], end)]
                drawing.path("MC  ", route, self._style(axis))


def draw_reading(
    drawing: Drawing, labels: Sequence[Sequence[str]], y: float, *, batch_first: bool
) -> None:
    """Draws below y the sequences that a layer reads from rows of labels."""
    rows, columns = len(labels), len(labels[0])
    sequences = labels if batch_first else list(zip(*labels, strict=True))
    beside, below = ("N", "L") if batch_first else ("L", "N")
    counts = counted(len(sequences), "sequence"), counted(len(sequences[0]), "step")
    drawing.text((0, y + 8), f"batch_first={batch_first}", "bold")
    drawing.text((0, y + 8 + LINE), " of ".join(counts))
    pitch, x, top = BOX + RISE, BAR + LANE, y + 3.4 * LINE + LANE
    wide, high = (size * pitch - RISE + 2 * LANE for size in (columns, rows))
    name_columns(drawing, (x - LANE, top - LANE + high), wide, below, columns)
    name_rows(drawing, (3, top - LANE), high, beside, rows)
    for place, sequence in enumerate(sequences):
        steps = [(place, step) if batch_first else (step, place) for step in range(len(sequence))]
        corners = [(x + column * pitch, top + row * pitch) for row, column in steps]
        _draw_lane(drawing, corners, sequence)


def told_reading(labels: Sequence[Sequence[str]], *, batch_first: bool) -> str:
    """Says which sequences a layer reads from rows of labels, and which way."""
    sequences = labels if batch_first else list(zip(*labels, strict=True))
    counts = counted(len(sequences), "sequence"), counted(len(sequences[0]), "step")
    axes = "N down and L to the right" if batch_first else "L down and N to the right"
    way = "along the rows" if batch_first else "down the columns"
    read = listed([" ".join(sequence) for sequence in sequences])
    return f"with batch_first={batch_first}, {axes}: {' of '.join(counts)}, read {way}, {read}"


def _draw_lane(drawing: Drawing, corners: Sequence[Point], labels: Sequence[str]) -> None:
    """Draws one sequence: a box per step, and arrows from each to the next."""
    (left, top), (right, low) = corners[0], corners[-1]
    size = (right - left + BOX + 2 * LANE, low - top + BOX + 2 * LANE)
    drawing.box((left - LANE, top - LANE), size, "lane")
    for (x, y), label in zip(corners, labels, strict=True):
        drawing.box((x, y), (BOX, BOX), "solid")
        drawing.text((x + BOX / 2, y + BOX / 2), label, "tick", "middle")
    for (x1, y1), (x2, y2) in pairwise(corners):
        start = (x1 + BOX + 3, y1 + BOX / 2) if y1 == y2 else (x1 + BOX / 2, y1 + BOX + 3)
        end = (x2 - 3, y2 + BOX / 2) if y1 == y2 else (x2 + BOX / 2, y2 - 3)
        drawing.arrow(start, end, axis_style("L"))


@dataclass(frozen=True)
class Run:
    """One sequence through a layer that is called once or more: one column of numbers per step."""

    x: Numbers  # (H_in, steps)
    h: Numbers  # (H_out, 1 + steps + 1): h_0, the outputs, h_n
    counts: tuple[int, ...]  # the steps of each call
    inputs: tuple[Shape, ...]
    outputs: tuple[Shape, ...]
    state: Shape

    @property
    def steps(self) -> int:
        """The length of the sequence."""
        return sum(self.counts)

    @property
    def calls(self) -> str:
        """How often the layer is called, and how many steps there are."""
        return f"{counted(len(self.counts), 'call')} of the layer, {counted(self.steps, 'step')}"


@dataclass(frozen=True)
class Unrolled:
    """A network unrolled to the right: inputs at the bottom, then cells, then outputs."""

    run: Run

    def told(self, labels: Sequence[str]) -> str:
        """Says what stands at each step, which steps are one call, and the way of the state."""
        run = self.run
        x, output = (f"{name} {listed(each(shapes))}"
                     for name, shapes in (("x", run.inputs), ("output", run.outputs)))  # fmt: skip
        counts = [counted(steps, "step") for steps in run.counts]
        frames = "each dashed frame is a call of " + counts[0]
        if len(set(counts)) > 1:
            frames = "the dashed frames are calls of " + listed(counts)
        return sentences(
            f"{run.calls}, from left to right; {frames}.",
            f"At each step, from bottom to top: H_in = {len(run.x.values)} numbers of {x}, a cell, "
            f"H_out = {len(run.h.values)} numbers of {output}.",
            f"Labels below the steps: {listed(labels)}." if "".join(labels).strip() else "",
            f"Arrows lead from h_0 {run.state} on the left from cell to cell to h_n {run.state} on "
            "the right; rings go around the last output and h_n.",
        )

    @property
    def _width(self) -> float:
        """The width of every box."""
        return max(self.run.x.width, self.run.h.width)

    @property
    def _side(self) -> float:
        """The room left of the first step: for names, and for the numbers of h_0."""
        return max(text_width("output"), self._width)

    @property
    def _high(self) -> float:
        """The height of a state, and of an output."""
        return len(self.run.h.values) * BOX

    @property
    def _top(self) -> float:
        """Where outputs end and the arrows to them begin."""
        return 2.9 * LINE + self._high

    @property
    def _foot(self) -> float:
        """Where inputs begin."""
        return self._top + max(2 * RISE + CELL, self._high + 2 * LINE)

    @property
    def _centre(self) -> float:
        """The height on which the state travels."""
        return (self._top + self._foot) / 2

    def _left(self, step: int) -> float:
        return self._side + STEP + step * (self._width + STEP)

    def draw(self, drawing: Drawing, labels: Sequence[str]) -> None:
        """Draws everything, with a label below each step."""
        run = self.run
        drawing.text((0, 8), run.calls, "bold")
        for step, label in enumerate(labels):
            self._draw_step(drawing, step, label)
        self._draw_states(drawing)
        drawing.text((0, self._top - self._high / 2), "output", "bold")
        drawing.text((0, self._foot + len(run.x.values) * BOX / 2), "x", "bold")
        bottom = drawing.bottom + 4
        self._draw_frames(drawing, bottom)
        left, right = self._left(0), self._left(run.steps) - STEP
        name_columns(drawing, (left, bottom + 4), right - left, "L", run.steps)
        self._write_shapes(drawing, drawing.bottom + LINE)

    def _draw_step(self, drawing: Drawing, step: int, label: str) -> None:
        """Draws what goes into one cell, the cell, and what comes out."""
        x, width, run = self._left(step), self._width, self.run
        middle, over, under = x + width / 2, self._centre - CELL / 2, self._centre + CELL / 2
        run.h[:, step + 1, None].draw(drawing, (x, self._top - self._high), width)
        drawing.arrow((middle, over), (middle, self._top + 3))
        drawing.box((x + INSET, over), (width - 2 * INSET, CELL), "solid")
        drawing.text((middle, self._centre), "cell", "", "middle")
        drawing.arrow((middle, self._foot), (middle, under + 3))
        run.x[:, step, None].draw(drawing, (x, self._foot), width)
        below = self._foot + len(run.x.values) * BOX + LINE / 2 + 2
        drawing.text((middle, below), label, "tick", "middle")

    def _draw_states(self, drawing: Drawing) -> None:
        """Draws h_0 and h_n, and the way of the state from one to the other."""
        run, half, y = self.run, self._high / 2, self._centre
        after = self._left(run.steps) + self._width / 2
        for name, column, middle in (("h_0", 0, self._side / 2), ("h_n", -1, after)):
            corner = (middle - self._width / 2, y - half)
            run.h[:, column, None].draw(drawing, corner, self._width)
            drawing.text((middle, y - half - LINE / 2 - 1), name, "bold", "middle")
        starts = [self._side / 2 + self._width / 2]
        starts += [self._left(step) + self._width - INSET for step in range(run.steps)]
        ends = [self._left(step) + INSET for step in range(run.steps)]
        ends += [after - self._width / 2]
        for start, end in zip(starts, ends, strict=True):
            drawing.arrow((start, y), (end - 3, y))

    def _write_shapes(self, drawing: Drawing, y: float) -> None:
        """Writes the shapes of all tensors below y, and how many numbers a step has of each."""
        run, left = self.run, text_width("h_0, h_n: ")
        rows = [
            ("output:", each(run.outputs), f"H_out = {len(run.h.values)}"),
            ("x:", each(run.inputs), f"H_in = {len(run.x.values)}"),
            ("h_0, h_n:", [str(run.state)], ""),
        ]
        for row, (name, shapes, axis) in enumerate(rows):
            drawing.text((0, y + row * LINE), name, "quiet")
            x = left
            for word in [*shapes, *filter(None, [axis])]:
                style = axis_style(word.split(" ")[0]) if word == axis else ""
                drawing.text((x, y + row * LINE), word, style)
                x += text_width(word) + GAP

    def _draw_frames(self, drawing: Drawing, bottom: float) -> None:
        """Draws a dashed frame around the steps of each call."""
        first, top = 0, 1.4 * LINE
        for call, steps in enumerate(self.run.counts, start=1):
            left, right = self._left(first) - 4, self._left(first + steps) - STEP + 4
            drawing.box((left, top), (right - left, bottom - top), "frame")
            name = f"call {call}"
            if text_width(name) > right - left:
                name = str(call)
            drawing.text(((left + right) / 2, top + 13), name, "quiet", "middle")
            first += steps
