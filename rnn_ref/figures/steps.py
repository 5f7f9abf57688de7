"""One step of an LSTM and of a GRU, computed by `rnn_ref.cells`: what multiplies what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from rnn_ref.cells import (
    GRU_GATES,
    LSTM_GATES,
    GRUGates,
    LSTMGates,
    by_gate,
    gru_update,
    linear,
    lstm_update,
)
from rnn_ref.figures import doors
from rnn_ref.figures.cell_flow import CellFlow, Products, Tensor
from rnn_ref.figures.figure import Figure, finished
from rnn_ref.figures.panels import Floats, Numbers
from rnn_ref.figures.svg import Drawing
from rnn_ref.given import read
from rnn_ref.shapes import Config, Mode, cell_rule, evaluate

Given = dict[str, Floats]  # by name

X, H, C, H_NEXT, C_NEXT = "x_t", "h_{t-1}", "c_{t-1}", "h_t", "c_t"
RULES = {
    **{"x": "input", "h": "h_0", "c": "c_0"},
    **{"W_ih": "weight_ih", "W_hh": "weight_hh", "b_ih": "bias_ih", "b_hh": "bias_hh"},
}  # argument -> its name in the rules
OPTIONAL = ("b_ih", "b_hh")
ROLES = {
    **{"i": "input gate", "f": "forget gate", "g": "cell gate", "o": "output gate"},
    **{"r": "reset gate", "z": "update gate", "n": "new gate"},
    **{X: "input", H: "hidden state", C: "cell state"},
    **{H_NEXT: "new hidden state", C_NEXT: "new cell state"},
}
AXES = {X: cell_rule("input"), H: cell_rule("h_0"), H_NEXT: cell_rule("h_1")}
INSIDE = cell_rule("c_1")  # the axes of all that does not leave the cell


def lstm_step(
    x: ArrayLike,
    h: ArrayLike,
    c: ArrayLike,
    W_ih: ArrayLike,
    W_hh: ArrayLike,
    b_ih: ArrayLike | None = None,
    b_hh: ArrayLike | None = None,
    *,
    decimals: int = 1,
) -> Figure:
    """Draws one step of an LSTM: its gates, what each of them multiplies, and what comes out.

    Formulas and numbers are those of `rnn_ref.cells.lstm_cell`.

    Args:
        x: the input of this step, shape (N, H_in), finite numbers.
        h: the hidden state before this step, shape (N, H_cell).
        c: the cell state before this step, shape (N, H_cell).
        W_ih: input to gates, shape (4*H_cell, H_in).
        W_hh: hidden to gates, shape (4*H_cell, H_cell).
        b_ih: shape (4*H_cell,), or None for no bias.
        b_hh: shape (4*H_cell,), or None for no bias.
        decimals: digits after the point.

    Returns:
        The figure; its shapes are those of what is given, c, h and x, and of all that is computed,
        row by row, a gate before the state.

    Raises:
        TypeError: an array is not of numbers, or decimals no integer.
        ValueError: the arrays do not fit each other or are not finite, decimals are negative, or
            the figure is too large for a phone.

    Examples:
        ```python
        import numpy as np

        from rnn_ref import figures

        x, h, c = np.ones((1, 2)), np.zeros((1, 3)), np.zeros((1, 3))
        W_ih, W_hh, b = np.ones((4 * 3, 2)), np.ones((4 * 3, 3)), np.ones(4 * 3)
        figure = figures.lstm_step(x, h, c, W_ih, W_hh, b, b)
        print(figure.shapes[:3])
        #> ((1, 3), (1, 3), (1, 2))
        ```
    """
    arrays = {"x": x, "h": h, "c": c, "W_ih": W_ih, "W_hh": W_hh, "b_ih": b_ih, "b_hh": b_hh}
    doors.check_decimals(decimals)
    given = _checked("LSTM", arrays)
    return _finish(_lstm_flow(_Writer(_lstm_values(given), decimals), given))


def gru_step(
    x: ArrayLike,
    h: ArrayLike,
    W_ih: ArrayLike,
    W_hh: ArrayLike,
    b_ih: ArrayLike | None = None,
    b_hh: ArrayLike | None = None,
    *,
    decimals: int = 1,
) -> Figure:
    """Draws one step of a GRU: its gates, what each of them multiplies, and what comes out.

    Formulas and numbers are those of `rnn_ref.cells.gru_cell`.

    Args:
        x: the input of this step, shape (N, H_in), finite numbers.
        h: the hidden state before this step, shape (N, H_cell).
        W_ih: input to gates, shape (3*H_cell, H_in).
        W_hh: hidden to gates, shape (3*H_cell, H_cell).
        b_ih: shape (3*H_cell,), or None for no bias.
        b_hh: shape (3*H_cell,), or None for no bias.
        decimals: digits after the point.

    Returns:
        The figure; its shapes are those of what is given, h and x, and of all that is computed,
        row by row, a gate before the state.

    Raises:
        TypeError: an array is not of numbers, or decimals no integer.
        ValueError: the arrays do not fit each other or are not finite, decimals are negative, or
            the figure is too large for a phone.

    Examples:
        ```python
        import numpy as np

        from rnn_ref import figures

        x, h = np.ones((1, 2)), np.zeros((1, 3))
        W_ih, W_hh, b = np.ones((3 * 3, 2)), np.ones((3 * 3, 3)), np.ones(3 * 3)
        figure = figures.gru_step(x, h, W_ih, W_hh, b, b)
        print(figure.shapes[:2])
        #> ((1, 3), (1, 2))
        ```
    """
    arrays = {"x": x, "h": h, "W_ih": W_ih, "W_hh": W_hh, "b_ih": b_ih, "b_hh": b_hh}
    doors.check_decimals(decimals)
    given = _checked("GRU", arrays)
    return _finish(_gru_flow(_Writer(_gru_values(given), decimals), given))


@dataclass(frozen=True)
class _Writer:
    """Writes tensors by name, all filled by one measure."""

    values: Mapping[str, Floats]
    decimals: int

    def __call__(self, name: str, *sources: str, formula: Sequence[str] = ()) -> Tensor:
        """Returns a tensor; what the step returns has a ring."""
        values = self.values[name]
        rings = np.full(values.shape, name in (H_NEXT, C_NEXT))
        peak = max(float(np.abs(one).max()) for one in self.values.values())
        numbers = replace(Numbers.of(values, rings, self.decimals), peak=peak)
        role, axes = ROLES.get(name, ""), AXES.get(name, INSIDE)
        return Tensor(name, role, formula, axes, numbers, sources)


@dataclass(frozen=True)
class _Blocks:
    """The blocks of rows in W_ih and W_hh, and so of columns in what comes of them."""

    gates: tuple[str, ...]
    H_cell: int

    def __getitem__(self, gate: str) -> str:
        """Returns the index of a gate's columns."""
        start = self.gates.index(gate) * self.H_cell
        return f"[:, {start}:{start + self.H_cell}]"


def _lstm_flow(write: _Writer, given: Given) -> CellFlow:
    at = _Blocks(LSTM_GATES, given["c"].shape[1])
    f, i, o = (write(gate, "a", formula=["sigmoid(", f"  a{at[gate]})"]) for gate in "fio")
    rows = [
        (write(f"f * {C}", C, "f"), f),
        (None, i),
        (None, write("g", "a", formula=["tanh(", f"  a{at['g']})"])),
        (None, write("i * g", "i", "g")),
        (write(C_NEXT, f"f * {C}", "i * g", formula=[f"f * {C} + i * g"]), None),
        (write(f"tanh({C_NEXT})", C_NEXT), None),
        (write(H_NEXT, "o", f"tanh({C_NEXT})", formula=[f"o * tanh({C_NEXT})"]), o),
    ]
    of_x, of_h = _formulas(given)
    products = _products(["a"], [f"a = {of_x}", f"    + {of_h}"], given, LSTM_GATES)
    return CellFlow("One step of an LSTM", [write(C), write(H), write(X)], products, rows)


def _gru_flow(write: _Writer, given: Given) -> CellFlow:
    at = _Blocks(GRU_GATES, given["h"].shape[1])
    r, z = (
        write(gate, "a_x", "a_h", formula=["sigmoid(", f"  a_x{at[gate]}", f"  + a_h{at[gate]})"])
        for gate in "rz"
    )
    kept, seen = f"z * {H}", f"r * a_h{at['n']}"
    n = write("n", "a_x", seen, formula=["tanh(", f"  a_x{at['n']}", f"  + {seen})"])
    rows = [
        (write(kept, H, "z"), z),
        (None, r),
        (None, write(seen, "r", "a_h")),
        (None, n),
        (None, write("(1 - z) * n", "z", "n")),
        (write(H_NEXT, "(1 - z) * n", kept, formula=["(1 - z) * n", f"  + {kept}"]), None),
    ]
    lines = [f"{name} = {of}" for name, of in zip(("a_x", "a_h"), _formulas(given), strict=True)]
    products = _products(["a_x", "a_h"], lines, given, GRU_GATES)
    return CellFlow("One step of a GRU", [write(H), write(X)], products, rows)


def _formulas(given: Given) -> list[str]:
    """Returns what the weights make of x and of h, as code."""
    bias = {name: f" + {name}" * (name in given) for name in ("b_ih", "b_hh")}
    return [f"{X} @ W_ih.T{bias['b_ih']}", f"{H} @ W_hh.T{bias['b_hh']}"]


def _products(
    names: Sequence[str], lines: Sequence[str], given: Given, gates: tuple[str, ...]
) -> Products:
    N, H_cell = given["h"].shape
    axes = (INSIDE[0], f"{len(gates)}*{INSIDE[1]}")
    return Products(names, lines, axes, (N, len(gates) * H_cell), [H, X])


def _lstm_values(given: Given) -> Given:
    """Returns the tensors of a step of an LSTM by name."""
    x, h, c = given["x"], given["h"], given["c"]
    of_x = by_gate(linear(x, given["W_ih"], given.get("b_ih")), LSTM_GATES)
    of_h = by_gate(linear(h, given["W_hh"], given.get("b_hh")), LSTM_GATES)
    gates, c_next, h_next = LSTMGates.of(np.empty_like(of_x)), np.empty_like(c), np.empty_like(c)
    lstm_update(of_x, of_h, c, gates, c_next, h_next)
    _, _, i, f, o, g = gates
    made = {f"f * {C}": f * c, "i * g": i * g, f"tanh({C_NEXT})": np.tanh(c_next)}
    states = {X: x, H: h, C: c, C_NEXT: c_next, H_NEXT: h_next}
    return {"i": i, "f": f, "g": g, "o": o, **made, **states}


def _gru_values(given: Given) -> Given:
    """Returns the tensors of a step of a GRU by name."""
    x, h = given["x"], given["h"]
    of_x = by_gate(linear(x, given["W_ih"], given.get("b_ih")), GRU_GATES)
    of_h = by_gate(linear(h, given["W_hh"], given.get("b_hh")), GRU_GATES)
    gates, h_next = GRUGates.of(np.empty_like(of_x)), np.empty_like(h)
    gru_update((of_x[:2], of_x[2]), (of_h[:2], of_h[2]), h, gates, h_next)
    _, r, z, n = gates
    seen = f"r * a_h{_Blocks(GRU_GATES, h.shape[1])['n']}"
    made = {f"z * {H}": z * h, seen: r * of_h[2], "(1 - z) * n": (1 - z) * n}
    return {"r": r, "z": z, "n": n, **made, X: x, H: h, H_NEXT: h_next}


def _checked(mode: Mode, arguments: Mapping[str, ArrayLike | None]) -> Given:
    """Returns the arrays that were given, once they fit each other."""
    given = {
        name: _array(name, one)
        for name, one in arguments.items()
        if one is not None or name not in OPTIONAL
    }
    config = Config(mode, given["x"].shape[1], given["h"].shape[1])
    sizes = {**config.sizes, "N": len(given["x"])}
    for name, array in given.items():
        rule = cell_rule(RULES[name])
        if array.shape != evaluate(rule, sizes):
            raise ValueError(
                f"{name}: expected {rule} = {evaluate(rule, sizes)}, as x is {given['x'].shape} "
                f"and h is {given['h'].shape}, got {array.shape}; give the arrays of one cell"
            )
    return given


def _array(name: str, array: ArrayLike | None) -> Floats:
    """Returns finite numbers with the axes of an argument."""
    rule, found = cell_rule(RULES[name]), read(name, array)
    if found.ndim != len(rule) or not found.size:
        raise ValueError(
            f"{name}: expected the axes {rule}, none of size 0, got shape {found.shape}; draw one "
            "step and some rows of the batch, as in x[:1, 0]"
        )
    return doors.finite(name, found, (found.ndim,))


def _finish(flow: CellFlow) -> Figure:
    drawing = Drawing()
    flow.draw(drawing)
    shapes = tuple(one.shape for one in (*flow.inputs, *flow.made))
    return finished(drawing, flow.told, shapes)
