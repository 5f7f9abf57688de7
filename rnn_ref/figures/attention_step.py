"""One step of a decoder that looks back at what an encoder put out, with all its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnn_ref import given
from rnn_ref.figures import doors
from rnn_ref.figures.figure import Figure, finished
from rnn_ref.figures.panels import BAR, BOX, RISE, Floats, Numbers, name_columns, name_rows
from rnn_ref.figures.svg import LINE, Drawing, text_width
from rnn_ref.figures.words import labelled, sentences

TOP = 3 * LINE  # where the boxes begin, below names, shapes and labels
APART = 18.0  # from the state to the outputs, and from those to the context: room for an arrow
NAMES = "state", "encoder outputs", "context"
MAKERS = "cell", "softmax", "Linear"  # what stands between the numbers and the row below them


def attention(
    outputs: ArrayLike,
    weights: ArrayLike,
    state: ArrayLike,
    *,
    labels: Sequence[str],
    read: str,
    written: str,
    decimals: int = 1,
) -> Figure:
    """Draws how a decoder reads a token, weighs the outputs of an encoder and writes a token.

    Each output is a column with its weight below it. The context, `weights @ outputs`, stands
    right of them: a row of it is that row of the outputs, weighted and added up.

    Args:
        outputs: what the encoder put out for one sequence, shape (L, H_out).
        weights: how much each of them counts, shape (L,): the result of a softmax over L.
        state: the decoder's state after it has read a token, shape (H_out,).
        labels: L labels, for the steps of the encoder.
        read: the token that the decoder reads, which is the one that it wrote before.
        written: the token that it writes now.
        decimals: digits after the point; the weights, which are smaller, have one more.

    Returns:
        The figure; its shapes are those of state, outputs, context and weights.

    Raises:
        TypeError: an array is not of numbers, labels, read or written are no texts, or decimals no
            integer.
        ValueError: the arrays do not fit each other or are not finite, the weights do not sum to
            1, labels are too few or too many, or the figure is too wide for a phone.

    Examples:
        ```python
        import numpy as np

        from rnn_ref import figures

        figure = figures.attention(
            np.eye(5, 3), np.full(5, 0.2), np.ones(3), labels="hello", read="a", written="b"
        )
        print(figure.shapes)
        #> ((3,), (5, 3), (3,), (5,))
        ```
    """
    given.check_text("read", read)
    given.check_text("written", written)
    doors.check_decimals(decimals)
    labels = doors.texts("labels", labels)
    columns = doors.finite("outputs", outputs, (2,))
    shares, query = doors.finite("weights", weights, (1,)), doors.finite("state", state, (1,))
    _check(columns, shares, query, labels)
    values = np.column_stack([query, columns.T, shares @ columns])
    numbers = Numbers.of(values, np.zeros(values.shape, np.bool_), decimals)
    row = Numbers.of(shares[None], np.zeros((1, len(shares)), np.bool_), decimals + 1)
    step = _Step(numbers, row, labels, (read, written))
    drawing = Drawing()
    step.draw(drawing)
    return finished(drawing, step.told(), step.shapes)


@dataclass(frozen=True)
class _Step:
    """The numbers of state, outputs and context side by side, and the weights of the outputs."""

    numbers: Numbers  # (H_out, 1 + L + 1)
    weights: Numbers  # (1, L)
    labels: Sequence[str]
    tokens: tuple[str, str]  # read and written

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of state, outputs, context and weights."""
        L, H_out = len(self.labels), len(self.numbers.values)
        return (H_out,), (L, H_out), (H_out,), (L,)

    def told(self) -> str:
        """Says what stands where, and how much each output counts."""
        state, outputs, context, weights = self.shapes
        read, written = self.tokens
        steps = labelled(list(self.labels)).removeprefix("labelled ")
        return sentences(
            f"One step of a decoder with attention, from left to right: the state {state} of a "
            f"cell that reads {read}; the encoder outputs {outputs}, L = {outputs[0]} columns of "
            f"H_out = {outputs[1]} numbers, for {steps}; the context {context}.",
            f"Below the columns stand their weights {weights}, a softmax over L: "
            f"{', '.join(map(str, self.weights.texts.flat))}.",
            f"Below the context stands the token that Linear writes, {written}.",
        )

    @property
    def _width(self) -> float:
        """The width of every box."""
        return max(self.numbers.width, self.weights.width)

    @property
    def _side(self) -> float:
        """The room for the state, and for the context: boxes, tokens and the words at them."""
        words = [*self.tokens, NAMES[0], NAMES[2], *MAKERS, str(self.shapes[0])]
        return max(self._width, *(text_width(word) + 6 for word in words))

    @property
    def _lefts(self) -> tuple[float, float, float]:
        """Where the rooms of state, outputs and context begin."""
        outputs = BAR + self._side + APART
        return BAR, outputs, outputs + self._span + APART

    @property
    def _span(self) -> float:
        """The room for the outputs: their boxes, or their name."""
        return max(len(self.labels) * self._width, text_width(NAMES[1]))

    @property
    def _middles(self) -> tuple[float, float, float]:
        """The middles of state, outputs and context."""
        state, outputs, context = self._lefts
        return state + self._side / 2, outputs + self._span / 2, context + self._side / 2

    @property
    def _low(self) -> float:
        """Where the numbers end."""
        return TOP + len(self.numbers.values) * BOX

    @property
    def _foot(self) -> float:
        """Where weights and tokens begin."""
        return self._low + 2 * RISE + LINE

    def draw(self, drawing: Drawing) -> None:
        """Draws the numbers, below them weights and tokens, and the ways between them."""
        L, wide = len(self.labels), self._width
        left = self._middles[1] - L * wide / 2
        for middle, name, shape in zip(self._middles, NAMES, self.shapes, strict=False):
            drawing.text((middle, 8), name, "bold", "middle")
            drawing.text((middle, 8 + LINE), str(shape), "", "middle")
        for middle, column in ((self._middles[0], 0), (self._middles[2], -1)):
            corner = (middle - wide / 2, TOP)
            self.numbers[:, column, None].draw(drawing, corner, wide)
        self.numbers[:, 1:-1].draw(drawing, (left, TOP), wide)
        self.weights.draw(drawing, (left, self._foot), wide)
        name_rows(drawing, (3, TOP), self._low - TOP, "H_out", len(self.numbers.values))
        for step, label in enumerate(self.labels):
            above = (left + (step + 0.5) * wide, TOP - LINE / 2)
            drawing.text(above, label, "tick quiet", "middle")
        self._draw_ways(drawing, left)
        self._draw_tokens(drawing)
        name_columns(drawing, (left, self._foot + BOX), L * wide, "L", L)
        below = (self._middles[1], self._foot + BOX + 22 + LINE)
        drawing.text(below, f"weights {self.shapes[-1]}", "bold", "middle")

    def _draw_ways(self, drawing: Drawing, left: float) -> None:
        """Draws arrows from numbers to numbers, each upright one through what makes it."""
        (state, _, context), half, y = self._middles, self._width / 2, (TOP + self._low) / 2
        right = left + len(self.labels) * self._width
        drawing.arrow((state + half + 3, y), (left - 3, y))
        drawing.arrow((right + 3, y), (context - half - 3, y))
        over, under = self._low + RISE - 2, self._foot - RISE + 2
        for middle, maker in zip(self._middles, MAKERS, strict=True):
            drawing.text((middle, (over + under) / 2), maker, "quiet", "middle")
            down = maker != MAKERS[0]  # a cell makes the state of the token below it
            start, end = (self._low + 3, over) if down else (self._foot - 3, under)
            drawing.path("ML", [(middle, start), (middle, end)], "flow")
            start, end = (under, self._foot - 3) if down else (over, self._low + 3)
            drawing.arrow((middle, start), (middle, end))

    def _draw_tokens(self, drawing: Drawing) -> None:
        """Draws the token that is read and the one that is written, each with a word below it."""
        words = zip(self._middles[::2], self.tokens, ("reads", "writes"), strict=True)
        for middle, token, verb in words:
            wide = max(BOX, text_width(token) + 12)
            drawing.box((middle - wide / 2, self._foot), (wide, BOX), "solid")
            drawing.text((middle, self._foot + BOX / 2), token, "tick", "middle")
            drawing.text((middle, self._foot + BOX + LINE / 2 + 2), verb, "quiet", "middle")


def _check(outputs: Floats, weights: Floats, state: Floats, labels: Sequence[str]) -> None:
    L, H_out = outputs.shape
    if weights.shape != (L,) or state.shape != (H_out,) or len(labels) != L:
        raise ValueError(
            "expected outputs (L, H_out), weights (L,), state (H_out,) and L labels, got "
            f"{outputs.shape}, {weights.shape}, {state.shape} and {len(labels)} labels; choose "
            "one sequence and one step of the decoder"
        )
    if weights.min() < 0 or abs(weights.sum() - 1) > 1e-3:
        raise ValueError(
            f"weights: expected numbers that are not negative and sum to 1, got a sum of "
            f"{weights.sum():.3f}; take the softmax over L"
        )
