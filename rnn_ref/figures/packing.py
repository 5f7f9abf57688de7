"""A packed batch: rows of sequences that end one by one, and the one list that is cut out of them.

Lengths are in units of the canvas, as in `panels.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from rnn_ref import given
from rnn_ref.figures import doors
from rnn_ref.figures.colours import AXIS_COLOURS
from rnn_ref.figures.figure import Figure, finished
from rnn_ref.figures.panels import BOX, RISE, Shape
from rnn_ref.figures.svg import LINE, Drawing, Point, text_width
from rnn_ref.figures.words import counted, listed, sentences
from rnn_ref.packed import PackedSequence

Labels = Sequence[Sequence[str]]

SIDE = text_width("batch_sizes") + 8  # room for the names beside rows
MOST_AXES = 33  # one more than an array has
COLOURS = tuple(AXIS_COLOURS)[:5]  # one for each sequence
CUT = 6.0  # between two steps in data
LEGEND = "a colour for each sequence", "dashed: padding"


def packed(packed: Sequence[Any], labels: Labels) -> Figure:
    """Draws a packed batch: its sequences padded, and below them data, cut by batch_sizes.

    Each sequence has a colour of its own. A line leads from each step, a column of those sequences
    that still run there, to the elements of that step in data; batch_sizes stands on it. Sequences
    that were not sorted are drawn twice: as the caller has them, and with the longest first.

    Args:
        packed: A packed batch of at most 5 sequences, of `rnn_ref.PackedSequence` or of torch's; of
            its data only the shape is read.
        labels: For each sequence one label a step, in the order before they were packed, such as
            `["hi", "hello"]`.

    Returns:
        The figure; its shapes are those of data and of batch_sizes.

    Raises:
        TypeError: packed is no packed batch: no tuple of four, or not of integers where it has to
            be.
        ValueError: The four do not fit together, there are too many sequences, labels are not those
            of its lengths, or the figure is too large for a phone.

    Examples:
        ```python
        import numpy as np

        from rnn_ref import figures, pack_sequence

        words = ["hi", "hello", "bye"]
        letters = [np.array([[ord(letter)] for letter in word]) for word in words]
        figure = figures.packed(pack_sequence(letters, enforce_sorted=False), words)
        print(figure.shapes)
        #> ((10, 1), (5,))
        ```
    """
    batch, shape = _checked(packed)
    rows = doors.items("labels", labels, "labels for each sequence")
    labels = [doors.texts(f"labels[{row}]", words) for row, words in enumerate(rows)]
    _check_labels(batch, labels)
    drawing = Drawing()
    chart = _Chart(shape, batch, labels)
    chart.draw(drawing)
    return finished(drawing, chart.told, (shape, batch.batch_sizes.shape))


@dataclass(frozen=True)
class _Chart:
    """A packed batch with its labels, those in the order of the caller."""

    shape: Shape  # of data
    batch: PackedSequence  # whose data nobody reads
    labels: Labels

    @property
    def _order(self) -> list[int]:
        """The sequences, longest first."""
        order = self.batch.sorted_indices
        return list(range(len(self.labels))) if order is None else order.tolist()

    @property
    def _sizes(self) -> list[int]:
        return [int(size) for size in self.batch.batch_sizes]

    @property
    def _title(self) -> str:
        steps = counted(len(self._sizes), "step")
        return f"{counted(len(self.labels), 'sequence')}, padded to {steps}"

    def _orders(self) -> list[str]:
        """Says how the sequences were sorted, and back; nothing where they were not."""
        names = (
            ("sorted_indices", self.batch.sorted_indices),
            (
                "unsorted_indices",
                self.batch.unsorted_indices,
            ),
        )
        return [f"{name} = {_list(order)}" for name, order in names if order is not None]

    def _step(self, t: int) -> list[tuple[int, str]]:
        """The sequences that run at a step, and their labels there: a piece of data."""
        return [(n, self.labels[n][t]) for n in self._order[: self._sizes[t]]]

    @property
    def told(self) -> str:
        """Says who runs at which step, and what data is."""
        steps = range(len(self._sizes))
        rows = [f"{' '.join(row)} in row {n}" for n, row in enumerate(self.labels)]
        pieces = [" ".join(label for _, label in self._step(t)) for t in steps]
        order = self._orders()
        return sentences(
            f"{self._title}: {listed(rows)}; {', '.join(LEGEND)}.",
            f"Below, sorted by length, longest first: {listed(order)}." if order else "",
            f"From each step a line leads to its piece of data {self.shape}: "
            f"{' | '.join(pieces)}; on the lines stands how many sequences run at each step, "
            f"batch_sizes {_list(self._sizes)}.",
        )

    @property
    def _width(self) -> float:
        """The width of a box."""
        return max(20.0, 8 + max(text_width(label) for row in self.labels for label in row))

    def draw(self, drawing: Drawing) -> None:
        """Draws the batch, the batch sorted if it was not, and data below."""
        drawing.text((0, 8), self._title, "bold")
        self._draw_rows(drawing, 2 * LINE, list(range(len(self.labels))))
        for line in self._orders()[:1]:
            drawing.text((0, drawing.bottom + LINE), line, "bold")
            self._draw_rows(drawing, drawing.bottom + 1.3 * LINE, self._order)
        self._draw_data(drawing, drawing.bottom + 4)
        for line in self._orders()[1:]:
            drawing.text((0, drawing.bottom + LINE / 2), line, "bold")
        for line in LEGEND:
            drawing.text((0, drawing.bottom + LINE / 2), line, "quiet")

    def _draw_rows(self, drawing: Drawing, y: float, order: Sequence[int]) -> None:
        """Draws sequences below each other, the first row at y, with the steps above them."""
        width = self._width
        drawing.text((0, y - LINE / 2), "step", "axis L")
        for t in range(len(self._sizes)):
            middle = (SIDE + (t + 0.5) * width, y - LINE / 2)
            drawing.text(middle, str(t), "axis L", "middle")
        for row, n in enumerate(order):
            top = y + row * BOX
            drawing.text((0, top + BOX / 2), f"row {n}", "quiet")
            for t in range(len(self._sizes)):
                corner = (SIDE + t * width, top)
                if t < len(self.labels[n]):
                    self._draw_element(drawing, corner, n, self.labels[n][t])
                else:
                    drawing.box((corner[0] + 2, top + 2), (width - 4, BOX - 4), "padding")

    def _draw_element(self, drawing: Drawing, corner: Point, n: int, label: str) -> None:
        drawing.box(corner, (self._width, BOX), f"sequence {COLOURS[n]}")
        middle = (corner[0] + self._width / 2, corner[1] + BOX / 2)
        drawing.text(middle, label, "value", "middle")

    def _draw_data(self, drawing: Drawing, y: float) -> None:
        """Draws data in pieces, and from each step above y a line to its piece."""
        width, sizes = self._width, self._sizes
        top = y + RISE + 1.2 * LINE
        drawing.text((0, top - LINE / 2), "batch_sizes", "bold")
        drawing.text((0, top + BOX / 2), "data", "bold")
        lefts = [SIDE + size * width + t * CUT for t, size in enumerate([0, *accumulate(sizes)])]
        for t, (left, right) in enumerate(pairwise(lefts)):
            middle = (left + right - CUT) / 2
            start, end = (SIDE + (t + 0.5) * width, y), (middle, y + RISE)
            drawing.path("ML", [start, end], "axis L")
            drawing.text((middle, top - LINE / 2), str(sizes[t]), "bold", "middle")
            for place, (n, label) in enumerate(self._step(t)):
                self._draw_element(drawing, (left + place * width, top), n, label)
        drawing.text((SIDE, top + BOX + LINE / 2 + 2), str(self.shape))


def _list(numbers: Any) -> str:
    return str([int(number) for number in numbers])


def _checked(packed: Sequence[Any]) -> tuple[PackedSequence, Shape]:
    """Checks the four fields against each other, data by its shape alone."""
    if not isinstance(packed, tuple) or len(packed) != 4:
        raise TypeError(
            f"packed: expected a PackedSequence, a tuple of four, got {given.kind(packed)}; "
            "pack_sequence makes one"
        )
    shape = doors.shape("packed.data", packed[0], range(1, MOST_AXES))
    others = [
        None if field is None else given.read(f"packed.{name}", field)
        for name, field in zip(given.PACKED[1:], packed[1:], strict=True)
    ]
    return PackedSequence(np.zeros(shape, np.bool_), *others), shape


def _check_labels(batch: PackedSequence, labels: Labels) -> None:
    lengths = (batch.batch_sizes > np.arange(batch.batch_sizes[0])[:, None]).sum(axis=1)
    if batch.unsorted_indices is not None:
        lengths = lengths[batch.unsorted_indices]
    if len(lengths) > len(COLOURS):
        raise ValueError(
            f"packed: expected at most {len(COLOURS)} sequences, one for each colour, got "
            f"{len(lengths)}; pack fewer"
        )
    counts = [len(row) for row in labels]
    if counts != lengths.tolist():
        raise ValueError(
            f"labels: expected {lengths.tolist()} of the sequences, one a step, got {counts}; "
            "give them in the order that the sequences had before they were packed"
        )
