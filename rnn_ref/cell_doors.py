"""What a single step is given: its arrays, against the rules of `shapes` and against each other.

NumPy would stretch an array that has too few axes, or one row, over the others: nothing would raise
and the numbers would be wrong. So every size is compared.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_ref import given
from rnn_ref.shapes import GATES, Mode, SymbolicShape, cell_rule, drop_batch, evaluate, rule

Array = NDArray[Any]
Shape = tuple[int, ...]

RULES: Mapping[str, SymbolicShape] = {
    "W_ih": cell_rule("weight_ih"),
    "W_hh": cell_rule("weight_hh"),
    "W_hr": rule("weight_hr"),
    "b_ih": cell_rule("bias_ih"),
    "b_hh": cell_rule("bias_hh"),
    "x": cell_rule("input"),
    "h": cell_rule("h_0"),
    "c": cell_rule("c_0"),
}
OPTIONAL = ("b_ih", "b_hh", "W_hr")
LINEAR: Mapping[str, SymbolicShape] = {
    "W": SymbolicShape(("H_out", "H_in")),
    "b": SymbolicShape(("H_out",)),
    "x": cell_rule("input"),
}


def check_step(mode: Mode, arrays: Mapping[str, Array | None]) -> None:
    """Check what a step is given.

    Args:
        mode: The kind of cell.
        arrays: x, h, c, W_ih, W_hh, b_ih, b_hh and W_hr, those that the cell has, by name: of the
            shapes in `RULES`, x and the states with a batch or without. An optional one may be
            None.

    Raises:
        TypeError: One is no array, or of another dtype than W_ih, which is float32 or float64.
        ValueError: One is of a shape that does not fit the weights, or the batch of x.
    """
    _check_arrays(arrays, "W_ih", OPTIONAL)
    _check_step_shapes(mode, _shapes(arrays))


def check_linear(arrays: Mapping[str, Array | None]) -> None:
    """Check what a linear layer is given, as `check_step` does.

    Args:
        arrays: x, (N, H_in) or (H_in,), W, (H_out, H_in), and b, (H_out,) or None.

    Raises:
        TypeError: One is no array, or of another dtype than W, which is float32 or float64.
        ValueError: One is of a shape that does not fit W.
    """
    _check_arrays(arrays, "W", ("b",))
    _check_linear_shapes(_shapes(arrays))


def check_gates(x: Array, gates: object, known: Mapping[tuple[str, ...], Any]) -> None:
    """Check what is to be cut by gate.

    Args:
        x: (G*H_cell,) or (rows, G*H_cell).
        gates: A key of known.
        known: The orders of gates.

    Raises:
        TypeError: x is no array of floats.
        ValueError: The gates are others, or the last axis of x has no whole number for each.
    """
    given.check_array("x", x)
    if not isinstance(gates, tuple) or not any(gates == order for order in known):
        orders = " or ".join(map(str, known))
        raise ValueError(f"gates should be {orders}, got: {given.shown(gates)}")
    if x.dtype.kind != "f":
        raise TypeError(f"x should be of float32 or float64, got: {x.dtype}. Convert it first")
    if x.ndim not in (1, 2) or x.shape[-1] % len(gates):
        raise ValueError(
            f"x should be (G*H_cell,) or (rows, G*H_cell) with G = {len(gates)} blocks, got shape "
            f"{x.shape}. Give a bias, a transposed weight, or what comes of them"
        )


def _check_arrays(arrays: Mapping[str, Any], leading: str, optional: tuple[str, ...]) -> None:
    for name, array in arrays.items():
        if array is not None or name not in optional:
            given.check_array(name, array)
    dtype = arrays[leading].dtype
    if dtype not in (np.float32, np.float64):
        raise TypeError(
            f"{leading} should be of float32 or float64, got: {dtype}. "
            f"{given.conversion(leading, arrays[leading], np.dtype(np.float32))}"
        )
    for name, array in arrays.items():
        if array is not None and array.dtype != dtype:
            raise TypeError(
                f"{name} should be of {dtype}, as {leading} is, got: {array.dtype}. "
                f"{given.conversion(name, array, dtype)}"
            )


def _shapes(arrays: Mapping[str, Array | None]) -> tuple[tuple[str, Shape], ...]:
    return tuple((name, array.shape) for name, array in arrays.items() if array is not None)


@lru_cache
def _check_step_shapes(mode: Mode, named: tuple[tuple[str, Shape], ...]) -> None:
    """Check the shapes of a step; remembered, since a loop asks at every step."""
    shapes = dict(named)
    G = GATES[mode]
    for name in ("W_ih", "W_hr"):
        if name in shapes:
            _check_axes(name, shapes[name], RULES[name])
    rows, H_in = shapes["W_ih"]
    if rows % G:
        raise ValueError(
            f"W_ih should be {RULES['W_ih']} with G = {G}, got shape {shapes['W_ih']}, whose rows "
            f"are no multiple of {G}. Give the weight of one {mode} cell, in torch's layout"
        )
    sizes = {"G": G, "H_cell": rows // G, "H_in": H_in, "H_out": shapes.get("W_hr", [rows // G])[0]}
    _check_fit(shapes, RULES, sizes, "W_ih")


@lru_cache
def _check_linear_shapes(named: tuple[tuple[str, Shape], ...]) -> None:
    shapes = dict(named)
    _check_axes("W", shapes["W"], LINEAR["W"])
    H_out, H_in = shapes["W"]
    _check_fit(shapes, LINEAR, {"H_out": H_out, "H_in": H_in}, "W")


def _check_axes(name: str, shape: Shape, expected: SymbolicShape) -> None:
    if len(shape) != len(expected):
        raise ValueError(
            f"{name} should be {expected}, got shape {shape}. Give a weight in torch's layout"
        )


def _check_fit(
    shapes: Mapping[str, Shape],
    rules: Mapping[str, SymbolicShape],
    sizes: Mapping[str, int],
    leading: str,
) -> None:
    """Compare every shape with its rule; the batch, or that there is none, is that of x."""
    x = shapes["x"]
    if len(x) not in (1, 2):
        raise ValueError(
            f"x should be {rules['x']} or {drop_batch(rules['x'])}, got shape {x}. Take one step "
            "of a batch of sequences, x[t], or x[:, t] if the batch comes first"
        )
    known = {**sizes, "N": x[0]}
    for name in sorted(shapes, key=list(rules).index):
        expected = rules[name] if len(x) == 2 else drop_batch(rules[name])
        numbers = evaluate(expected, known)
        if shapes[name] != numbers:
            others = [one for one in (leading, "W_hr", "x") if one in shapes and one != name]
            known_by = " and ".join(f"{one} is {shapes[one]}" for one in others)
            raise ValueError(
                f"{name} should be {expected} = {numbers}, as {known_by}, "
                f"got shape {shapes[name]}. Give the arrays of one cell and one batch"
            )
