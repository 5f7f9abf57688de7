"""Each check is triggered on torch and on us; class and text have to be the same."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch

import rnn_ref


@dataclass(frozen=True)
class Library:
    """What a trigger needs, from torch or from us."""

    RNN: Any
    zeros: Callable[..., Any]
    dtype: Callable[[str], Any]


TORCH = Library(
    torch.nn.RNN,
    lambda *shape, dtype="float32": torch.zeros(shape, dtype=getattr(torch, dtype)),
    lambda name: getattr(torch, name),
)
OURS = Library(rnn_ref.RNN, lambda *shape, dtype="float32": np.zeros(shape, dtype), np.dtype)


def changed(network: Any, **changes: Any) -> dict[str, Any]:
    """The network's own state_dict with entries replaced, added or (None) left out."""
    merged = {**network.state_dict(), **changes}
    return {name: value for name, value in merged.items() if value is not None}


def load(lib: Library, **shapes: tuple[int, ...] | None) -> None:
    network = lib.RNN(3, 5)
    arrays = {k: None if shape is None else lib.zeros(*shape) for k, shape in shapes.items()}
    network.load_state_dict(changed(network, **arrays))


CONSTRUCTOR: dict[str, Callable[[Library], Any]] = {
    "proj_size": lambda lib: lib.RNN(3, 5, proj_size=2),
    "proj_size 0": lambda lib: lib.RNN(3, 5, proj_size=0),
    "proj_size before nonlinearity": lambda lib: lib.RNN(3, 5, nonlinearity="x", proj_size=2),
    "nonlinearity": lambda lib: lib.RNN(3, 5, nonlinearity="sigmoid"),
    "nonlinearity None": lambda lib: lib.RNN(3, 5, nonlinearity=None),
    "bias where nonlinearity stands": lambda lib: lib.RNN(3, 5, 1, True),
    "nonlinearity before dropout": lambda lib: lib.RNN(3, 5, nonlinearity="x", dropout="x"),
    "dropout text": lambda lib: lib.RNN(3, 5, dropout="x"),
    "dropout None": lambda lib: lib.RNN(3, 5, dropout=None),
    "dropout list": lambda lib: lib.RNN(3, 5, dropout=[0.5]),
    "dropout text before input_size": lambda lib: lib.RNN(0, 5, dropout="x"),
    "dropout number as text": lambda lib: lib.RNN(3, 5, dropout="0.5"),
    "dropout bool": lambda lib: lib.RNN(3, 5, dropout=True),
    "dropout nan": lambda lib: lib.RNN(3, 5, 2, dropout=float("nan")),
    "dropout too large": lambda lib: lib.RNN(3, 5, 2, dropout=1.5),
    "dropout negative": lambda lib: lib.RNN(3, 5, 2, dropout=-0.1),
    "dropout range before bias": lambda lib: lib.RNN(3, 5, 2, bias=1, dropout=1.5),
    "dropout in one layer": lambda lib: lib.RNN(3, 5, dropout=0.5),
    "dropout 1 in one layer": lambda lib: lib.RNN(3, 5, dropout=1),
    "dropout warning before bias": lambda lib: lib.RNN(3, 5, bias=1, dropout=0.5),
    "bias": lambda lib: lib.RNN(3, 5, bias=1),
    "bias None": lambda lib: lib.RNN(3, 5, bias=None),
    "bias before batch_first": lambda lib: lib.RNN(3, 5, bias=1, batch_first=1),
    "batch_first": lambda lib: lib.RNN(3, 5, batch_first="yes"),
    "batch_first before input_size": lambda lib: lib.RNN(0, 5, batch_first=0),
    "input_size float": lambda lib: lib.RNN(3.0, 5),
    "input_size NumPy": lambda lib: lib.RNN(np.int64(3), 5),
    "input_size type before range": lambda lib: lib.RNN(0.0, 5),
    "hidden_size type before range": lambda lib: lib.RNN(3, 0.0),
    "input_size 0": lambda lib: lib.RNN(0, 5),
    "input_size negative": lambda lib: lib.RNN(-1, 5),
    "input_size False": lambda lib: lib.RNN(False, 5),
    "input_size before hidden_size": lambda lib: lib.RNN(0, 5.0),
    "hidden_size float": lambda lib: lib.RNN(3, 5.0),
    "hidden_size 0": lambda lib: lib.RNN(3, 0),
    "hidden_size before num_layers": lambda lib: lib.RNN(3, -1, 0),
    "num_layers 0": lambda lib: lib.RNN(3, 5, 0),
    "num_layers negative": lambda lib: lib.RNN(3, 5, -1),
    "num_layers float": lambda lib: lib.RNN(3, 5, 2.0),
    "num_layers text": lambda lib: lib.RNN(3, 5, "2"),
    "num_layers None": lambda lib: lib.RNN(3, 5, None),
    "num_layers before dtype": lambda lib: lib.RNN(3, 5, 2.0, dtype=lib.dtype("int64")),
    "dtype": lambda lib: lib.RNN(3, 5, dtype=lib.dtype("int64")),
    "dtype bool": lambda lib: lib.RNN(3, 5, dtype=lib.dtype("bool")),
    "mode": lambda lib: lib.RNN(3, 5).train(1),
}

FORWARD: dict[str, Callable[[Library], Any]] = {
    "0 axes": lambda lib: lib.RNN(3, 5)(lib.zeros()),
    "1 axis": lambda lib: lib.RNN(3, 5)(lib.zeros(3)),
    "4 axes": lambda lib: lib.RNN(3, 5)(lib.zeros(1, 4, 2, 3)),
    "4 axes before dtype": lambda lib: lib.RNN(3, 5)(lib.zeros(1, 4, 2, 3, dtype="float64")),
    "4 axes before hx": lambda lib: lib.RNN(3, 5)(lib.zeros(1, 4, 2, 3), lib.zeros(5)),
    "hx batched, input not": lambda lib: lib.RNN(3, 5)(lib.zeros(4, 3), lib.zeros(1, 1, 5)),
    "hx 1-D, input unbatched": lambda lib: lib.RNN(3, 5)(lib.zeros(4, 3), lib.zeros(5)),
    "input batched, hx not": lambda lib: lib.RNN(3, 5)(lib.zeros(4, 2, 3), lib.zeros(1, 5)),
    "hx 0-D": lambda lib: lib.RNN(3, 5)(lib.zeros(4, 2, 3), lib.zeros()),
    "hx rank before dtype": lambda lib: lib.RNN(3, 5)(
        lib.zeros(4, 2, 3, dtype="float64"), lib.zeros(1, 5)
    ),
    "dtype before size": lambda lib: lib.RNN(3, 5)(lib.zeros(4, 2, 4, dtype="float64")),
    "float32 for float64": lambda lib: lib.RNN(3, 5, dtype=lib.dtype("float64"))(
        lib.zeros(4, 2, 3)
    ),
    "features": lambda lib: lib.RNN(3, 5)(lib.zeros(4, 2, 4)),
    "features, unbatched": lambda lib: lib.RNN(3, 5)(lib.zeros(4, 4)),
    "features before hx": lambda lib: lib.RNN(3, 5)(lib.zeros(4, 2, 4), lib.zeros(1, 3, 5)),
    "hx batch": lambda lib: lib.RNN(3, 5)(lib.zeros(4, 2, 3), lib.zeros(1, 3, 5)),
    "hx layers": lambda lib: lib.RNN(3, 5, 3)(lib.zeros(4, 2, 3), lib.zeros(1, 2, 5)),
    "hx directions": lambda lib: lib.RNN(3, 5, 2, bidirectional=True)(
        lib.zeros(4, 2, 3), lib.zeros(2, 2, 5)
    ),
    "hx features": lambda lib: lib.RNN(3, 5)(lib.zeros(4, 2, 3), lib.zeros(1, 2, 6)),
    "hx unbatched": lambda lib: lib.RNN(3, 5)(lib.zeros(4, 3), lib.zeros(1, 6)),
    "hx unbatched, batch_first": lambda lib: lib.RNN(3, 5, 2, batch_first=True)(
        lib.zeros(4, 3), lib.zeros(1, 5)
    ),
    "hx batch first": lambda lib: lib.RNN(3, 5, batch_first=True)(
        lib.zeros(2, 4, 3), lib.zeros(2, 1, 5)
    ),
    "batch_first forgotten": lambda lib: lib.RNN(3, 5)(lib.zeros(2, 4, 3), lib.zeros(1, 2, 5)),
    "hx size before length": lambda lib: lib.RNN(3, 5)(lib.zeros(0, 2, 3), lib.zeros(1, 3, 5)),
    "hx size before hx dtype": lambda lib: lib.RNN(3, 5)(
        lib.zeros(4, 2, 3), lib.zeros(1, 3, 5, dtype="float64")
    ),
    "no steps": lambda lib: lib.RNN(3, 5)(lib.zeros(0, 2, 3)),
    "no steps, relu": lambda lib: lib.RNN(3, 5, 2, "relu")(lib.zeros(0, 2, 3)),
    "no steps, unbatched": lambda lib: lib.RNN(3, 5, batch_first=True)(lib.zeros(0, 3)),
    "no steps, batch_first": lambda lib: lib.RNN(3, 5, batch_first=True)(lib.zeros(2, 0, 3)),
    "no steps and no samples": lambda lib: lib.RNN(3, 5)(lib.zeros(0, 0, 3)),
    "no steps before hx dtype": lambda lib: lib.RNN(3, 5)(
        lib.zeros(0, 2, 3), lib.zeros(1, 2, 5, dtype="float64")
    ),
}

INPUT_DTYPES = [
    *("bool", "uint8", "int8", "int16", "int32", "int64"),
    *("float16", "float64", "complex64", "complex128"),
]
FORWARD |= {
    f"{name} for float32": lambda lib, name=name: lib.RNN(3, 5)(lib.zeros(4, 2, 3, dtype=name))
    for name in INPUT_DTYPES
}

STATE_DICT: dict[str, Callable[[Library], Any]] = {
    "missing": lambda lib: load(lib, weight_ih_l0=None),
    "two missing": lambda lib: load(lib, bias_hh_l0=None, weight_ih_l0=None),
    "unexpected": lambda lib: load(lib, weight_ih_l1=(5, 5)),
    "two unexpected": lambda lib: load(lib, b=(1,), a=(1,)),
    "of a submodule": lambda lib: load(lib, **{"rnn.weight_ih_l0": (5, 3)}),
    "transposed": lambda lib: load(lib, weight_ih_l0=(3, 5)),
    "1-D": lambda lib: load(lib, bias_hh_l0=(6,)),
    "0-D": lambda lib: load(lib, bias_hh_l0=()),
    "everything": lambda lib: load(
        lib, foo=(1,), weight_hh_l0=None, bias_hh_l0=(7,), weight_ih_l0=(5, 4)
    ),
    "of a bidirectional network": lambda lib: lib.RNN(3, 5).load_state_dict(
        lib.RNN(3, 5, bidirectional=True).state_dict()
    ),
    "of a network without bias": lambda lib: lib.RNN(3, 5).load_state_dict(
        lib.RNN(3, 5, bias=False).state_dict()
    ),
    "a list": lambda lib: lib.RNN(3, 5).load_state_dict([1]),
    "None": lambda lib: lib.RNN(3, 5).load_state_dict(None),
    "a value that is a list": lambda lib: lib.RNN(3, 5).load_state_dict(
        changed(lib.RNN(3, 5), bias_hh_l0=[0.0] * 5)
    ),
}

TRIGGERS = [
    pytest.param(trigger, id=f"{group}: {name}")
    for group, triggers in [
        ("constructor", CONSTRUCTOR),
        ("forward", FORWARD),
        ("state_dict", STATE_DICT),
    ]
    for name, trigger in triggers.items()
]


def raised(trigger: Callable[[Library], Any], lib: Library) -> tuple[type[Exception], str]:
    """Class and text; a warning counts as raised, since pytest turns warnings into errors."""
    with pytest.raises(Exception) as caught:  # noqa: PT011
        trigger(lib)
    return caught.type, str(caught.value)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_class_and_text_are_torchs(trigger: Callable[[Library], Any]) -> None:
    assert raised(trigger, OURS) == raised(trigger, TORCH)


def test_the_dropout_warning_points_at_the_line_that_calls_the_constructor() -> None:
    with pytest.warns(UserWarning, match="dropout option adds dropout") as caught:
        rnn_ref.RNN(3, 5, dropout=0.5)
    assert caught[0].filename == __file__


# --- where torch lets an internal speak, the text is ours ----------------------------------------


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (([[1.0, 2.0, 3.0]],), "input should be a NumPy array, got: list. Convert input: "),
        ((None,), "input should be a NumPy array, got: NoneType. Convert input: "),
        ((torch.zeros(4, 2, 3),), "input should be a NumPy array, got: Tensor. Convert input: "),
        ((np.zeros((4, 2, 3)), [0.0]), "hx should be a NumPy array, got: list. Convert hx: "),
        ((np.zeros((4, 2, 3)), (1, 2)), "hx should be a NumPy array, got: tuple. Convert hx: "),
    ],
    ids=["list", "None", "tensor", "hx list", "hx tuple"],
)
def test_what_is_no_array_is_named_with_the_way_out(args, expected: str) -> None:
    with pytest.raises(TypeError) as caught:
        rnn_ref.RNN(3, 5)(*args)
    assert str(caught.value).startswith(expected)


def test_a_state_of_another_dtype_raises_torchs_class_with_our_text() -> None:
    def trigger(lib: Library) -> None:
        lib.RNN(3, 5)(lib.zeros(4, 2, 3), lib.zeros(1, 2, 5, dtype="float64"))

    assert raised(trigger, OURS) == (
        RuntimeError,
        "hx dtype (float64) does not match weight dtype (float32). "
        "Convert hx: hx.astype(np.float32)",
    )
    assert raised(trigger, TORCH)[0] is RuntimeError


@pytest.mark.parametrize("dtype", ["float16", "complex64", None])
def test_a_dtype_that_torch_takes_and_we_do_not_is_refused(dtype: str | None) -> None:
    torch.nn.RNN(3, 5, dtype=dtype and getattr(torch, dtype))
    with pytest.raises(ValueError, match=f"dtype should be float32 or float64, got: {dtype}"):
        rnn_ref.RNN(3, 5, dtype=dtype)


def test_device_is_no_argument() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'device'"):
        rnn_ref.RNN(3, 5, device="cpu")
