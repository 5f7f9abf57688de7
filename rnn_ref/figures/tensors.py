"""Tensors as labelled boxes, and networks unrolled over time; what does not fit is refused."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnn_ref import given
from rnn_ref.figures import doors
from rnn_ref.figures.colours import with_styles
from rnn_ref.figures.figure import Figure, finished
from rnn_ref.figures.panels import (
    Flags,
    Floats,
    Flow,
    Numbers,
    Outline,
    Run,
    Shape,
    Sheets,
    Unrolled,
    draw_reading,
    grid,
    told_reading,
)
from rnn_ref.figures.stacks import Stack
from rnn_ref.figures.state_grid import StateGrid, ends, split
from rnn_ref.figures.svg import LINE, Drawing

Axes = Sequence[str]
Labels = Mapping[int, Sequence[str]]
Named = Mapping[str, tuple[ArrayLike, Axes]]


def tensor(
    array: ArrayLike,
    *,
    axes: Axes,
    name: str,
    labels: Labels | None = None,
    highlight: Any = None,
    decimals: int = 2,
) -> Figure:
    """Draws an array with all its numbers: the last axis as columns, then rows, then sheets.

    Args:
        array: 1 to 3 axes of finite numbers; they are printed without a point if all are whole.
        axes: the name of each axis, such as `("N", "L", "H_in")`.
        name: what the array is called; name and shape make the title.
        labels: for an axis, one label per index. Rows may also take one per row of every sheet:
            `{0: words, 1: "".join(words)}`.
        highlight: a NumPy index into the array, such as `np.s_[:, -1]`; its boxes get a ring.
        decimals: digits after the point.

    Returns:
        The figure; its one shape is that of the array.

    Raises:
        TypeError: the array is not of numbers, axes or labels are no texts, or decimals no integer.
        ValueError: the array is no such array, decimals are negative, names or labels are too few
            or too many, or the figure is too large for a phone.
        IndexError: highlight is no index into the array.

    Examples:
        ```python
        import numpy as np

        from rnn_ref import figures

        batch = np.arange(12).reshape(2, 3, 2)
        figure = figures.tensor(batch, axes=("N", "L", "H_in"), name="batch")
        print(figure.shapes)
        #> ((2, 3, 2),)
        ```
    """
    given.check_text("name", name)
    doors.check_decimals(decimals)
    values = doors.finite(name, array, (1, 2, 3))
    shape = values.shape
    doors.check_axes(name, shape, axes)
    rings = _rings(name, shape, highlight)
    numbers = Numbers.of(values.reshape(grid(shape)), rings.reshape(grid(shape)), decimals)
    drawing = Drawing()
    drawing.shape((0, 8), f"{name} ", with_styles(shape, tuple(axes)), "bold")
    sheets = Sheets(numbers, tuple(axes), *_ticks(name, shape, {} if labels is None else labels))
    sheets.draw(drawing, 1.8 * LINE)
    return finished(drawing, sheets.told(name), (shape,))


def mapping(inputs: Named, outputs: Named, *, by: str, focus: Axes = ()) -> Figure:
    """Draws what goes into a layer and what comes out, each axis followed from tensor to tensor.

    Only the shapes of the arrays are read, and they may be of any size: the numbers tell it, and
    the small drawings stop at 5 sheets, 8 rows and 6 columns.

    Args:
        inputs: name to (array, names of its 1 to 3 axes); the first is drawn next to the layer.
        outputs: the same for what comes out.
        by: what is written on the layer, such as `"RNN(4, 2)"`.
        focus: the names of axes that matter, such as `("N", "L")`: they are strong, the others are
            faded, and a bar ends one of them that the next tensor has not.

    Returns:
        The figure; its shapes are those of the inputs, last one first, then of the outputs.

    Raises:
        TypeError: inputs or outputs are no such dicts, or focus is no list of texts.
        ValueError: there is no input or no output, names of axes are too few or too many, one
            axis has two sizes, focus names an axis that no tensor has, or a name is too long for a
            phone.

    Examples:
        ```python
        import numpy as np

        import rnn_ref
        from rnn_ref import figures

        rnn = rnn_ref.RNN(7, 13, batch_first=True)
        batch = np.ones((3, 5, 7), np.float32)
        output, h_n = rnn(batch)
        inputs = {"batch": (batch, ("N", "L", "H_in"))}
        outputs = {"output": (output, ("N", "L", "H_out")), "h_n": (h_n, ("D", "N", "H_out"))}
        figure = figures.mapping(inputs, outputs, by=repr(rnn))
        print(figure.shapes)
        #> ((3, 5, 7), (3, 5, 13), (1, 3, 13))
        ```
    """
    given.check_text("by", by)
    above, below = _outlines("inputs", inputs)[::-1], _outlines("outputs", outputs)
    _check_sizes([*above, *below])
    _check_focus(focus, [*above, *below])
    drawing = Drawing()
    flow = Flow(above, below, tuple(focus))
    flow.draw(drawing, by)
    return finished(drawing, flow.told(by), tuple(one.shape for one in [*above, *below]))


def readings(array: ArrayLike, *, labels: Sequence[Sequence[str]], name: str) -> Figure:
    """Draws what one array's sequences are to a layer, with batch_first=True and with False.

    Args:
        array: shape (N, L, H_in), any dtype; only its shape is read.
        labels: N sequences of L labels, such as words: what stands at each step.
        name: what the array is called.

    Returns:
        The figure; its one shape is that of the array.

    Raises:
        TypeError: labels are no texts, or the array is none.
        ValueError: the array has not 3 axes, labels are too few or too many, or the figure is too
            large for a phone.

    Examples:
        ```python
        import numpy as np

        from rnn_ref import figures

        words = ["hello", "eolll", "lleel"]
        figure = figures.readings(np.ones((3, 5, 4)), labels=words, name="batch")
        print(figure.shapes)
        #> ((3, 5, 4),)
        ```
    """
    given.check_text("name", name)
    shape = doors.shape(name, array, (3,))
    rows = doors.items("labels", labels, "sequences of labels")
    labels = [doors.texts(f"labels[{row}]", sequence) for row, sequence in enumerate(rows)]
    lengths = [len(sequence) for sequence in labels]
    if lengths != [shape[1]] * shape[0]:
        raise ValueError(
            f"{name}: expected {shape[0]} sequences of {shape[1]} labels for shape {shape}, got "
            f"lengths {lengths}; give each step of each sequence one label"
        )
    drawing = Drawing()
    drawing.shape((0, 8), f"{name} ", with_styles(shape, ("N", "L", "H_in")), "bold")
    draw_reading(drawing, labels, 2 * LINE, batch_first=True)
    draw_reading(drawing, labels, drawing.bottom + LINE, batch_first=False)
    above, below = (told_reading(labels, batch_first=first) for first in (True, False))
    alt = f"The tensor {name} {shape} is drawn twice. Above, {above}. Below, {below}."
    return finished(drawing, alt, (shape,))


def unrolled(
    inputs: Sequence[ArrayLike],
    outputs: Sequence[ArrayLike],
    h_n: ArrayLike,
    *,
    h_0: ArrayLike | None = None,
    labels: Sequence[str] | None = None,
    decimals: int = 1,
) -> Figure:
    """Draws one sequence on its way through a layer of one direction, step by step.

    A cell is a solid box, and a call of the layer is a dashed frame. A single call is
    `unrolled([x], [output], h_n)`; a loop gives one input and one output per turn.

    Args:
        inputs: what each call is given: shape (1, steps, H_in), (steps, 1, H_in) or (steps, H_in).
        outputs: what each call returned: the same with H_out.
        h_n: the state after the last call, such as shape (1, 1, H_out) or (1, H_out).
        h_0: the state before the first call, of the same shape; zeros if left out.
        labels: one label per step, such as the letters of a word.
        decimals: digits after the point.

    Returns:
        The figure; its shapes are those of the outputs, of h_0 and h_n, and of the inputs.

    Raises:
        TypeError: an array is not of numbers, labels are no texts, or decimals no integer.
        ValueError: the arrays do not fit each other, they hold more than one sequence, h_n is not
            the last output, labels are too few or too many, or the figure is too large for a
            phone.

    Examples:
        ```python
        import numpy as np

        import rnn_ref
        from rnn_ref import figures

        word = np.eye(4, dtype=np.float32)[[0, 1, 2, 2, 3]]
        output, h_n = rnn_ref.RNN(4, 2)(word)
        figure = figures.unrolled([word], [output], h_n, labels="hello")
        print(figure.shapes)
        #> ((5, 2), (1, 2), (1, 2), (5, 4))
        ```
    """
    doors.check_decimals(decimals)
    after = doors.finite("h_n", h_n, (1, 2, 3))
    run = _run(inputs, outputs, np.zeros(after.shape) if h_0 is None else h_0, after, decimals)
    labels = doors.labels([" "] * run.steps if labels is None else labels, run.steps)
    drawing = Drawing()
    Unrolled(run).draw(drawing, labels)
    shapes = (*run.outputs, run.state, run.state, *run.inputs)
    return finished(drawing, Unrolled(run).told(labels), shapes)


def states(
    outputs: Sequence[ArrayLike],
    h_n: ArrayLike,
    *,
    sequence: int = 0,
    labels: Sequence[str] | None = None,
) -> Figure:
    """Draws the states of all layers at all steps, and which of them output and h_n hold.

    A state is a column of colours. Those in the last output stand in a dashed frame, and those in
    h_n have a ring: forward they end at the last step, in reverse at the first.

    Args:
        outputs: what each layer returned, first layer first: shape (N, L, D*H_out). The last is
            the output of the network.
        h_n: the last states of all layers and directions, shape (D*num_layers, N, H_out).
        sequence: which of the N sequences is drawn.
        labels: one label per step; their numbers if left out.

    Returns:
        The figure; its shapes are those of the last output and of h_n.

    Raises:
        TypeError: an array is not of numbers, labels are no texts, or sequence no integer.
        ValueError: the arrays do not fit each other, h_n does not hold the last states, labels are
            too few or too many, or the figure is too large for a phone.
        IndexError: there is no such sequence.

    Examples:
        ```python
        import numpy as np

        import rnn_ref
        from rnn_ref import figures

        rnn = rnn_ref.RNN(7, 2, batch_first=True)
        output, h_n = rnn(np.ones((3, 5, 7), np.float32))
        figure = figures.states([output], h_n, labels="hello")
        print(figure.shapes)
        #> ((3, 5, 2), (1, 3, 2))
        ```
    """
    layers = doors.items("outputs", outputs, "arrays")
    came = [doors.finite(f"outputs[{layer}]", one, (3,)) for layer, one in enumerate(layers)]
    last = doors.finite("h_n", h_n, (3,))
    _check_stack(came, last)
    doors.check_index("sequence", sequence, last.shape[1], "sequences")
    h = split([one[sequence] for one in came], last.shape[2])
    _check_ends(h, last[:, sequence])
    steps = h.shape[2]
    names = doors.labels(list(map(str, range(steps))) if labels is None else labels, steps)
    caption = f"sequence {sequence} of N = {last.shape[1]}"
    output = came[-1].shape
    drawing = Drawing()
    grid = StateGrid(h, output, last.shape, names, caption)
    grid.draw(drawing)
    return finished(drawing, grid.told, (output, last.shape), grid.peak)


def stacked(
    x: ArrayLike,
    h_0: ArrayLike,
    output: ArrayLike,
    h_n: ArrayLike,
    *,
    batch_first: bool = False,
    labels: Sequence[str] | None = None,
    between: str = "",
) -> Figure:
    """Draws a network of several layers: the state stays in its layer, what a layer gives goes up.

    Each layer is a row of cells; a ring goes around the last output and the last layer's h_n,
    which are the same numbers.

    Args:
        x: what goes in, shape (L, N, H_in), or (N, L, H_in) with batch_first.
        h_0: the states before the first step, shape (num_layers, N, H_out).
        output: what comes out, shape (L, N, H_out), or (N, L, H_out) with batch_first.
        h_n: the states after the last step, of the shape of h_0.
        batch_first: whether x and output begin with N.
        labels: one label per step, such as the letters of a word; its number if left out.
        between: what stands on the way from a layer to the next, such as `"dropout"`.

    Returns:
        The figure; its shapes are those of output, of the states of one layer, and of x.

    Raises:
        TypeError: an array is not of numbers, labels or between are no texts, or batch_first no
            bool.
        ValueError: the arrays do not fit each other, they are no network of one direction, labels
            are too few or too many, or the figure is too large for a phone.

    Examples:
        ```python
        import numpy as np

        import rnn_ref
        from rnn_ref import figures

        rnn = rnn_ref.RNN(4, 2, num_layers=3)
        word, h_0 = np.ones((5, 1, 4), np.float32), np.ones((3, 1, 2), np.float32)
        output, h_n = rnn(word, h_0)
        figure = figures.stacked(word, h_0, output, h_n, labels="hello")
        print(figure.shapes)
        #> ((5, 1, 2), (1, 2), (5, 1, 4))
        word, output = word.swapaxes(0, 1), output.swapaxes(0, 1)
        print(figures.stacked(word, h_0, output, h_n, batch_first=True).shapes)
        #> ((1, 5, 2), (1, 2), (1, 5, 4))
        ```
    """
    given.check_type("batch_first", batch_first, bool)
    given.check_text("between", between)
    goes, comes = doors.shape("x", x, (3,)), doors.finite("output", output, (3,))
    before, after = doors.shape("h_0", h_0, (3,)), doors.finite("h_n", h_n, (3,))
    _check_stacked(goes, comes, before, after, batch_first)
    steps = goes[1] if batch_first else goes[0]
    labels = doors.labels(list(map(str, range(steps))) if labels is None else labels, steps)
    drawing = Drawing()
    order = ("N", "L") if batch_first else ("L", "N")
    stack = Stack(goes, comes.shape, after.shape[1:], len(after), labels, between, order)
    stack.draw(drawing)
    return finished(drawing, stack.told, (comes.shape, after.shape[1:], goes))


def _check_stack(outputs: Sequence[Floats], h_n: Floats) -> None:
    """Checks that outputs can be those of all layers, with h_n at their ends."""
    slices, N, H_out = h_n.shape
    layouts = sorted({one.shape for one in outputs})
    num_layers = max(len(outputs), 1)
    D = slices // num_layers
    expected = D * num_layers == slices and D in (1, 2)
    if not expected or [(one[0], one[2]) for one in layouts] != [(N, D * H_out)]:
        raise ValueError(
            f"expected the outputs of all layers, (N, L, D*H_out), for h_n {h_n.shape}, "
            f"(D*num_layers, N, H_out), got {len(outputs)} of {layouts}; call layer by layer"
        )


def _check_ends(h: Floats, h_n: Floats) -> None:
    for index, (end, state) in enumerate(zip(ends(h), h_n, strict=True)):
        if not np.allclose(end, state, atol=1e-5):
            raise ValueError(
                f"h_n[{index}]: expected the last state of its layer and direction, {end}, got "
                f"{state}; give the states that the last call returned"
            )


def _rings(name: str, shape: Shape, highlight: Any) -> Flags:
    """Returns which boxes have a ring."""
    rings = np.zeros(shape, dtype=np.bool_)
    if highlight is None:
        return rings
    try:
        rings[highlight] = True
    except Exception:  # whatever NumPy, or someone else's class, raises
        raise IndexError(
            f"{name}, highlight: expected an index into shape {shape}, got "
            f"{given.shown(highlight)}; np.s_[...] writes one"
        ) from None
    return rings


def _outlines(side: str, tensors: Named) -> list[Outline]:
    outlines = []
    for name, pair in doors.named(side, tensors, "name to (array, names of its axes)").items():
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise TypeError(
                f"{side}, {name}: expected the pair (array, names of its axes), got "
                f"{given.shown(pair)}"
            )
        outlines.append(_outline(name, *pair))
    return outlines


def _outline(name: str, array: ArrayLike, axes: Axes) -> Outline:
    shape = doors.shape(name, array, (1, 2, 3))
    doors.check_axes(name, shape, axes)
    return Outline(name, shape, tuple(axes))


def _check_sizes(outlines: Sequence[Outline]) -> None:
    sizes: dict[str, int] = {}
    for one in outlines:
        for axis, size in zip(one.axes, one.shape, strict=True):
            if sizes.setdefault(axis, size) != size:
                raise ValueError(
                    f"{one.name}: expected {axis} = {sizes[axis]} as in the tensors before, got "
                    f"{size}; give another axis another name"
                )


def _check_focus(focus: Axes, outlines: Sequence[Outline]) -> None:
    known = list(dict.fromkeys(axis for one in outlines for axis in one.axes))
    absent = [axis for axis in doors.texts("focus", focus) if axis not in known]
    if absent:
        raise ValueError(
            f"focus: expected some of the axes {known}, got {absent}; name one of them"
        )


def _ticks(
    name: str, shape: Shape, labels: Labels
) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """Returns the labels of the sheets, of the rows of all sheets, and of the columns."""
    given.check_mapping("labels", labels, "the labels of each axis by its number")
    for axis, words in labels.items():
        given.check_integer("an axis in labels", axis)
        count, counts = len(doors.texts(f"labels[{axis}]", words)), _label_counts(shape, axis)
        if count not in counts:
            raise ValueError(
                f"{name}: expected {' or '.join(map(str, counts)) or 'no'} labels for axis {axis} "
                f"of shape {shape}, got {count}; label every index, or leave the axis out"
            )
    sheets, rows, _ = grid(shape)
    absent = 3 - len(shape)
    captions, beside, above = (tuple(labels.get(part - absent, ())) for part in range(3))
    if not captions and not absent:
        captions = tuple(f"{name}[{sheet}]" for sheet in range(sheets))
    return captions, beside * sheets if len(beside) == rows else beside, above


def _label_counts(shape: Shape, axis: int) -> list[int]:
    """Returns how many labels an axis may have: those of rows may differ from sheet to sheet."""
    if axis not in range(len(shape)):
        return []
    rows_of_all = [shape[0] * shape[1]] if len(shape) == 3 and axis == 1 else []
    return [shape[axis], *rows_of_all]


def _run(
    inputs: Sequence[ArrayLike],
    outputs: Sequence[ArrayLike],
    h_0: ArrayLike,
    after: Floats,
    decimals: int,
) -> Run:
    x, y = _sequences("inputs", inputs), _sequences("outputs", outputs)
    before = doors.finite("h_0", h_0, (1, 2, 3))
    _check_run(x, y, before, after)
    h = np.vstack([before.reshape(1, -1), *y, after.reshape(1, -1)])
    ends = np.arange(len(h)) >= len(h) - 2  # the last output and h_n are the same numbers
    return Run(
        x=Numbers.of(np.vstack(x).T, np.zeros_like(np.vstack(x).T, dtype=np.bool_), decimals),
        h=Numbers.of(h.T, np.broadcast_to(ends, h.T.shape), decimals),
        counts=tuple(map(len, x)),
        inputs=tuple(doors.shape("inputs", one, (2, 3)) for one in inputs),
        outputs=tuple(doors.shape("outputs", one, (2, 3)) for one in outputs),
        state=after.shape,
    )


def _sequences(name: str, arrays: Sequence[ArrayLike]) -> list[Floats]:
    """Returns a matrix (steps, features) for each array, which holds a single sequence."""
    sequences = []
    for call, array in enumerate(doors.items(name, arrays, "arrays")):
        values = doors.finite(f"{name}[{call}]", array, (2, 3))
        if values.ndim == 3 and 1 not in values.shape[:2]:
            raise ValueError(
                f"{name}[{call}]: expected one sequence, a batch of 1, got shape {values.shape}; "
                "choose one, as in x[:1]"
            )
        sequences.append(values.reshape(-1, values.shape[-1]))
    return sequences


def _check_run(x: Sequence[Floats], y: Sequence[Floats], h_0: Floats, h_n: Floats) -> None:
    """Checks that all these can come from one layer, with h_n last."""
    given, came = ([len(one) for one in side] for side in (x, y))
    if not given or given != came:
        raise ValueError(
            f"expected inputs and outputs of the same calls, one at least, got {given} and {came} "
            "steps; give what each call was given and what it returned"
        )
    states = {h_0.size, h_n.size, *(one.shape[1] for one in y)}
    for name, sizes in ("inputs", {one.shape[1] for one in x}), ("outputs and states", states):
        if len(sizes) > 1:
            raise ValueError(
                f"{name}: expected one number of features, got {sorted(sizes)}; "
                "draw one layer of one direction, and one sequence"
            )
    if not np.allclose(y[-1][-1], h_n.ravel(), atol=1e-5):
        raise ValueError(
            f"h_n: expected the last output, {y[-1][-1]}, got {h_n.ravel()}; "
            "give the state that the last call returned"
        )


def _check_stacked(x: Shape, output: Floats, h_0: Shape, h_n: Floats, batch_first: bool) -> None:
    """Checks that all these can come from one network of one direction."""
    N = x[0] if batch_first else x[1]
    if x[:2] != output.shape[:2] or h_0 != h_n.shape or h_0[1:] != (N, output.shape[2]):
        raise ValueError(
            f"expected x and output of the same steps, and states (num_layers, {N}, "
            f"{output.shape[2]}), got x {x}, output {output.shape}, h_0 {h_0}, h_n {h_n.shape}; "
            "give what one call was given and what it returned"
        )
    last = output[:, -1] if batch_first else output[-1]
    if not np.allclose(last, h_n[-1], atol=1e-5):
        raise ValueError(
            "h_n: expected the last output in its last layer; "
            "draw a network of one direction, and the state that its call returned"
        )
