"""Each check is triggered on torch and on us; class and text have to be the same."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pytest
import torch

import rnn_ref

Trigger: TypeAlias = Callable[["Library"], Any]


@dataclass(frozen=True)
class Library:
    """What a trigger needs, from torch or from us."""

    nn: Any
    zeros: Callable[..., Any]
    dtype: Callable[[str], Any]
    pack_sequence: Callable[..., Any]

    def packed(self, *features: int, dtype: str = "float32", enforce_sorted: bool = True) -> Any:
        """Two sequences, of four steps and of two."""
        sequences = [self.zeros(L, *features, dtype=dtype) for L in (4, 2)]
        return self.pack_sequence(sequences, enforce_sorted)

    def __getattr__(self, name: str) -> Any:
        """Find a class, such as LSTMCell."""
        return getattr(self.nn, name)


TORCH = Library(
    torch.nn,
    lambda *shape, dtype="float32": torch.zeros(shape, dtype=getattr(torch, dtype)),
    lambda name: getattr(torch, name),
    torch.nn.utils.rnn.pack_sequence,
)
OURS = Library(
    rnn_ref,
    lambda *shape, dtype="float32": np.zeros(shape, dtype),
    np.dtype,
    rnn_ref.pack_sequence,
)


def changed(network: Any, **changes: Any) -> dict[str, Any]:
    """The network's own state_dict with entries replaced, added or (None) left out."""
    merged = {**network.state_dict(), **changes}
    return {name: value for name, value in merged.items() if value is not None}


def load(lib: Library, **shapes: tuple[int, ...] | None) -> None:
    network = lib.RNN(3, 5)
    arrays = {k: None if shape is None else lib.zeros(*shape) for k, shape in shapes.items()}
    network.load_state_dict(changed(network, **arrays))


CONSTRUCTOR: dict[str, Trigger] = {
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

FORWARD: dict[str, Trigger] = {
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

CONSTRUCTOR |= {
    "GRU proj_size": lambda lib: lib.GRU(3, 5, proj_size=2),
    "GRU proj_size 0 before dropout": lambda lib: lib.GRU(3, 5, dropout="x", proj_size=0),
    "GRU nonlinearity where bias stands": lambda lib: lib.GRU(3, 5, 1, "tanh"),
    "LSTM nonlinearity where bias stands": lambda lib: lib.LSTM(3, 5, 1, "tanh"),
    "LSTM dropout in one layer": lambda lib: lib.LSTM(3, 5, dropout=0.5),
    "GRU dropout in one layer": lambda lib: lib.GRU(3, 5, dropout=0.5),
    "LSTM hidden_size 0": lambda lib: lib.LSTM(3, 0),
    "GRU hidden_size 0": lambda lib: lib.GRU(3, 0),
    "proj_size negative": lambda lib: lib.LSTM(3, 5, proj_size=-1),
    "proj_size of hidden_size": lambda lib: lib.LSTM(3, 5, proj_size=5),
    "proj_size too large, positional": lambda lib: lib.LSTM(3, 5, 1, True, False, 0.0, False, 6),
    "proj_size None": lambda lib: lib.LSTM(3, 5, proj_size=None),
    "num_layers 0 before proj_size": lambda lib: lib.LSTM(3, 5, 0, proj_size=6),
    "num_layers float before proj_size float": lambda lib: lib.LSTM(3, 5, 2.0, proj_size=2.0),
    "LSTM mode": lambda lib: lib.LSTM(3, 5).train(1),
    "GRU dtype": lambda lib: lib.GRU(3, 5, dtype=lib.dtype("int64")),
}


def lstm(*hx: tuple[int, ...], input: tuple[int, ...] = (4, 2, 3), **options: Any) -> Any:
    """The trigger that calls LSTM(3, 5) with zeros of these shapes."""
    return lambda lib: lib.LSTM(3, 5, **options)(
        lib.zeros(*input), tuple(lib.zeros(*shape) for shape in hx)
    )


for kind in ("LSTM", "GRU"):
    FORWARD |= {
        f"{kind} 1 axis": lambda lib, kind=kind: getattr(lib, kind)(3, 5)(lib.zeros(3)),
        f"{kind} 4 axes": lambda lib, kind=kind: getattr(lib, kind)(3, 5)(lib.zeros(1, 4, 2, 3)),
        f"{kind} dtype": lambda lib, kind=kind: getattr(lib, kind)(3, 5)(
            lib.zeros(4, 2, 4, dtype="float64")
        ),
        f"{kind} features": lambda lib, kind=kind: getattr(lib, kind)(3, 5)(lib.zeros(4, 2, 4)),
        f"{kind} no steps": lambda lib, kind=kind: getattr(lib, kind)(3, 5)(lib.zeros(0, 2, 3)),
    }

FORWARD |= {
    "GRU hx rank": lambda lib: lib.GRU(3, 5)(lib.zeros(4, 2, 3), lib.zeros(2, 5)),
    "GRU hx rank, unbatched": lambda lib: lib.GRU(3, 5)(lib.zeros(4, 3), lib.zeros(1, 1, 5)),
    "GRU hx size": lambda lib: lib.GRU(3, 5)(lib.zeros(4, 2, 3), lib.zeros(1, 3, 5)),
    "GRU hx size, unbatched": lambda lib: lib.GRU(3, 5)(lib.zeros(4, 3), lib.zeros(1, 6)),
    "LSTM 4 axes before hx": lstm(input=(1, 4, 2, 3)),
    "LSTM no states": lstm(),
    "LSTM one state": lstm((1, 2, 5)),
    "LSTM one state before rank": lstm((2, 5)),
    "LSTM one state in a list": lambda lib: lib.LSTM(3, 5)(
        lib.zeros(4, 2, 3), [lib.zeros(1, 2, 5)]
    ),
    "LSTM three states": lstm((1, 2, 5), (1, 2, 5), (1, 2, 5)),
    "LSTM three states before no steps": lstm((1, 2, 5), (1, 2, 5), (1, 2, 5), input=(0, 2, 3)),
    "LSTM size before three states": lstm((1, 2, 5), (1, 3, 5), (1, 2, 5)),
    "LSTM h_0 of two layers alone": lambda lib: lib.LSTM(3, 5, 2)(
        lib.zeros(4, 2, 3), lib.zeros(2, 2, 5)
    ),
    "LSTM a number": lambda lib: lib.LSTM(3, 5)(lib.zeros(4, 2, 3), 3),
    "LSTM h rank": lstm((2, 5), (1, 2, 5)),
    "LSTM c rank": lstm((1, 2, 5), (2, 5)),
    "LSTM ranks": lstm((2, 5), (2, 5)),
    "LSTM ranks 0 and 1": lstm((), (5,)),
    "LSTM ranks, unbatched": lstm((1, 1, 5), (1, 1, 5), input=(4, 3)),
    "LSTM c rank, unbatched": lstm((1, 5), (5,), input=(4, 3)),
    "LSTM rank before features": lstm((2, 5), (1, 2, 5), input=(4, 2, 4)),
    "LSTM features before size": lstm((1, 3, 5), (1, 2, 5), input=(4, 2, 4)),
    "LSTM h size": lstm((1, 3, 5), (1, 2, 5)),
    "LSTM c size": lstm((1, 2, 5), (1, 2, 6)),
    "LSTM h size before c size": lstm((1, 2, 6), (1, 2, 6)),
    "LSTM h size, unbatched": lstm((1, 6), (1, 5), input=(4, 3)),
    "LSTM c size, unbatched": lstm((1, 5), (2, 5), input=(4, 3)),
    "LSTM states batch first": lstm((4, 1, 5), (4, 1, 5), batch_first=True),
    "LSTM directions": lstm((1, 2, 5), (1, 2, 5), bidirectional=True),
    "LSTM h not projected": lstm((1, 2, 5), (1, 2, 5), proj_size=2),
    "LSTM c projected": lstm((1, 2, 2), (1, 2, 2), proj_size=2),
    "LSTM size before no steps": lstm((1, 2, 5), (1, 3, 5), input=(0, 2, 3)),
    "LSTM no steps, states": lstm((1, 2, 5), (1, 2, 5), input=(0, 2, 3)),
    "LSTM no steps, projected": lambda lib: lib.LSTM(3, 5, proj_size=2)(lib.zeros(0, 2, 3)),
}

INPUT_DTYPES = [
    *("bool", "uint8", "int8", "int16", "int32", "int64"),
    *("float16", "float64", "complex64", "complex128"),
]
FORWARD |= {
    f"{name} for float32": lambda lib, name=name: lib.RNN(3, 5)(lib.zeros(4, 2, 3, dtype=name))
    for name in INPUT_DTYPES
}

STATE_DICT: dict[str, Trigger] = {
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

STATE_DICT |= {
    "LSTM of a GRU": lambda lib: lib.LSTM(3, 5).load_state_dict(lib.GRU(3, 5).state_dict()),
    "LSTM with projections": lambda lib: lib.LSTM(3, 5).load_state_dict(
        lib.LSTM(3, 5, proj_size=2).state_dict()
    ),
    "LSTM without projections": lambda lib: lib.LSTM(3, 5, proj_size=2).load_state_dict(
        lib.LSTM(3, 5).state_dict()
    ),
    "a cell of a network": lambda lib: lib.GRUCell(3, 5).load_state_dict(
        lib.GRU(3, 5).state_dict()
    ),
    "a cell of another kind": lambda lib: lib.LSTMCell(3, 5).load_state_dict(
        lib.RNNCell(3, 5).state_dict()
    ),
    "a cell without bias": lambda lib: lib.RNNCell(3, 5, False).load_state_dict(
        lib.RNNCell(3, 5).state_dict()
    ),
}


def cell(kind: str, *hx: tuple[int, ...], input: tuple[int, ...] = (2, 3)) -> Any:
    """The trigger that calls a cell of 3 to 5 with zeros of these shapes."""

    def trigger(lib: Library) -> None:
        states = tuple(lib.zeros(*shape) for shape in hx)
        getattr(lib, kind)(3, 5)(lib.zeros(*input), states if kind == "LSTMCell" else states[0])

    return trigger


CELLS: dict[str, Trigger] = {}
for kind in ("RNNCell", "LSTMCell", "GRUCell"):

    def call(lib: Library, *input: int, kind: str = kind) -> Any:
        return getattr(lib, kind)(3, 5)(lib.zeros(*input))

    def build(lib: Library, *sizes: int, kind: str = kind, **options: Any) -> Any:
        return getattr(lib, kind)(*sizes, **options)

    again = 2 if kind == "LSTMCell" else 1  # as many states as it has
    CELLS |= {
        f"{kind} 3 axes": lambda lib, call=call: call(lib, 1, 2, 3),
        f"{kind} 0 axes": lambda lib, call=call: call(lib),
        f"{kind} features": lambda lib, call=call: call(lib, 2, 4),
        f"{kind} features, unbatched": lambda lib, call=call: call(lib, 4),
        f"{kind} input rank before state": cell(kind, *[(1, 2, 5)] * again, input=(1, 2, 3)),
        f"{kind} state rank": cell(kind, *[(1, 2, 5)] * again),
        f"{kind} state rank 0": cell(kind, *[()] * again),
        f"{kind} state rank before features": cell(kind, *[(1, 2, 5)] * again, input=(2, 4)),
        f"{kind} features before batch": cell(kind, *[(3, 6)] * again, input=(2, 4)),
        f"{kind} batch": cell(kind, *[(3, 5)] * again),
        f"{kind} batch of one": cell(kind, *[(1, 5)] * again),
        f"{kind} batch before features of state": cell(kind, *[(3, 6)] * again),
        f"{kind} features of state": cell(kind, *[(2, 6)] * again),
        f"{kind} state without batch": cell(kind, *[(5,)] * again),
        f"{kind} state without features": cell(kind, *[(2,)] * again),
        f"{kind} features of state, unbatched": cell(kind, *[(6,)] * again, input=(3,)),
        f"{kind} state batched, input not": cell(kind, *[(1, 5)] * again, input=(3,)),
        f"{kind} input_size negative": lambda lib, build=build: build(lib, -1, 5),
        f"{kind} hidden_size negative": lambda lib, build=build: build(lib, 3, -1),
        f"{kind} size before dtype": lambda lib, build=build: build(
            lib, 3, -1, dtype=lib.dtype("int64")
        ),
        f"{kind} dtype": lambda lib, build=build: build(lib, 3, 5, dtype=lib.dtype("int64")),
        f"{kind} mode": lambda lib, build=build: build(lib, 3, 5).train(1),
    }

CELLS |= {
    "LSTMCell c rank": cell("LSTMCell", (2, 5), (1, 2, 5)),
    "LSTMCell third rank": cell("LSTMCell", (2, 5), (2, 5), (1, 2, 5)),
    "LSTMCell no states": cell("LSTMCell"),
    "LSTMCell one state": cell("LSTMCell", (2, 5)),
    "LSTMCell three states before features": cell("LSTMCell", (2, 5), (2, 5), (2, 5), input=(2, 4)),
    "LSTMCell one state, unbatched": cell("LSTMCell", (5,), input=(3,)),
    "LSTMCell c batch": cell("LSTMCell", (2, 5), (3, 5)),
    "LSTMCell c features": cell("LSTMCell", (2, 5), (2, 6)),
    "LSTMCell h before c": cell("LSTMCell", (2, 6), (3, 5)),
    "LSTMCell c batched, input not": cell("LSTMCell", (5,), (1, 5), input=(3,)),
    "LSTMCell c without features": cell("LSTMCell", (2, 5), (2,)),
    "RNNCell nonlinearity": lambda lib: lib.RNNCell(3, 5, nonlinearity="x")(lib.zeros(2, 3)),
    "RNNCell nonlinearity None": lambda lib: lib.RNNCell(3, 5, True, None)(lib.zeros(2, 3)),
    "RNNCell rank before nonlinearity": lambda lib: lib.RNNCell(3, 5, True, "x")(
        lib.zeros(1, 2, 3)
    ),
    "RNNCell nonlinearity before features": lambda lib: lib.RNNCell(3, 5, True, "x")(
        lib.zeros(2, 4)
    ),
    "GRUCell nonlinearity": lambda lib: lib.GRUCell(3, 5, True).nonlinearity,
}


def packed(kind: str, *hx: tuple[int, ...], features: tuple[int, ...] = (3,)) -> Trigger:
    def trigger(lib: Library) -> None:
        states = [lib.zeros(*shape) for shape in hx]
        given = states if kind == "LSTM" or not states else states[:1]
        getattr(lib, kind)(3, 5)(lib.packed(*features), *([given] if len(given) > 1 else given))

    return trigger


PACKED: dict[str, Trigger] = {
    f"{kind} {name}": trigger
    for kind in ("RNN", "GRU")
    for name, trigger in {
        "features": packed(kind, features=(4,)),
        "1 axis": packed(kind, features=()),
        "3 axes": packed(kind, features=(3, 2)),
        "axes before hx": packed(kind, (1, 1, 5), features=(3, 2)),
        "hx batch": packed(kind, (1, 3, 5)),
        "hx features": packed(kind, (1, 2, 6)),
        "hx layers": packed(kind, (2, 2, 5)),
        "hx without a batch": packed(kind, (1, 5)),
        "features before hx": packed(kind, (1, 3, 5), features=(4,)),
        "dtype": lambda lib, kind=kind: getattr(lib, kind)(3, 5)(lib.packed(3, dtype="float64")),
        "dtype before axes": lambda lib, kind=kind: getattr(lib, kind)(3, 5)(
            lib.packed(dtype="float64")
        ),
    }.items()
}
PACKED["LSTM three states"] = packed("LSTM", *[(1, 2, 5)] * 3)

TRIGGERS = [
    pytest.param(trigger, id=f"{group}: {name}")
    for group, triggers in [
        ("constructor", CONSTRUCTOR),
        ("forward", FORWARD),
        ("state_dict", STATE_DICT),
        ("cells", CELLS),
        ("packed", PACKED),
    ]
    for name, trigger in triggers.items()
]


def raised(trigger: Trigger, lib: Library) -> tuple[type[Exception], str]:
    """Class and text; a warning counts as raised, since pytest turns warnings into errors."""
    with pytest.raises(Exception) as caught:  # noqa: PT011
        trigger(lib)
    return caught.type, str(caught.value)


def no_number(got: str) -> str:
    return f"dropout should be a number in range [0, 1], got: {got}"


def no_integer(name: str, got: str) -> str:
    return f"{name} should be of type int, got: {got}"


def dtypes(got: str, expected: str = "float32") -> tuple[type[Exception], str]:
    other = got in ("float32", "float64")
    real = ".real" if got.startswith("complex") else ""
    return ValueError, (
        f"RNN input dtype ({got}) does not match weight dtype ({expected}). Convert input: input"
        f"{real}.astype(np.{expected}){', if its imaginary part is zero' if real else ''}"
        f"{f', or make the network with dtype=np.{got}' if other else ''}"
    )


COUNT = RuntimeError, "lstm expects two hidden states"
PAIR = (
    "LSTM: hx should be the pair (h_0, c_0), got: {}. Pass both states, and zeros of the shape of "
    "c_0 if there is none to go on from"
)
# Where torch lets Python speak, or advises what no array can do: what we say
SAID_BETTER: dict[str, tuple[type[Exception], str]] = {
    "constructor: dropout text": (ValueError, no_number("'x'")),
    "constructor: dropout None": (TypeError, no_number("None")),
    "constructor: dropout list": (TypeError, no_number("[0.5]")),
    "constructor: dropout text before input_size": (ValueError, no_number("'x'")),
    "constructor: num_layers float": (TypeError, no_integer("num_layers", "float")),
    "constructor: num_layers text": (TypeError, no_integer("num_layers", "str")),
    "constructor: num_layers None": (TypeError, no_integer("num_layers", "NoneType")),
    "constructor: num_layers before dtype": (TypeError, no_integer("num_layers", "float")),
    "constructor: proj_size None": (TypeError, no_integer("proj_size", "NoneType")),
    "constructor: num_layers float before proj_size float": (
        TypeError,
        no_integer("num_layers", "float"),
    ),
    "forward: dtype before size": dtypes("float64"),
    "forward: float32 for float64": dtypes("float32", "float64"),
    "forward: LSTM dtype": dtypes("float64"),
    "forward: GRU dtype": dtypes("float64"),
    "forward: LSTM no states": COUNT,
    "forward: LSTM one state": COUNT,
    "forward: LSTM one state before rank": COUNT,
    "forward: LSTM one state in a list": COUNT,
    "forward: LSTM h_0 of two layers alone": (
        TypeError,
        PAIR.format("numpy.ndarray of shape (2, 2, 5)"),
    ),
    "forward: LSTM a number": (TypeError, PAIR.format("int")),
    **{f"forward: {name} for float32": dtypes(name) for name in INPUT_DTYPES},
    **{
        f"cells: {kind} without features": (
            RuntimeError,
            f"For batched 2-D input, hidden{i} should also be 2-D but got 1-D",
        )
        for kind, i in (
            *(("RNNCell state", 0), ("GRUCell state", 0)),
            *(("LSTMCell state", 0), ("LSTMCell c", 1)),
        )
    },
    "cells: LSTMCell one state, unbatched": (RuntimeError, "lstm_cell expects two hidden states"),
    "packed: RNN dtype": dtypes("float64"),
    "packed: RNN dtype before axes": dtypes("float64"),
    "packed: GRU dtype": dtypes("float64"),
    "packed: GRU dtype before axes": dtypes("float64"),
}


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_class_and_text_are_torchs(trigger: Trigger, request: pytest.FixtureRequest) -> None:
    theirs = raised(trigger, TORCH)
    ours = SAID_BETTER.get(request.node.callspec.id, theirs)

    assert raised(trigger, OURS) == ours


def test_what_is_said_better_is_not_what_torch_says() -> None:
    triggers = {case.id: case.values[0] for case in TRIGGERS}

    same = [name for name, own in SAID_BETTER.items() if raised(triggers[name], TORCH) == own]

    assert same == []


@pytest.mark.parametrize("kind", [rnn_ref.RNN, rnn_ref.LSTM, rnn_ref.GRU])
def test_the_dropout_warning_points_at_the_line_that_calls_the_constructor(kind: Any) -> None:
    with pytest.warns(UserWarning, match="dropout option adds dropout") as caught:
        kind(3, 5, dropout=0.5)
    assert caught[0].filename == __file__


# --- where torch lets an internal speak, the text is ours ----------------------------------------


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (([[1.0, 2.0, 3.0]],), "input should be a NumPy array, got: list. Convert input: "),
        ((None,), "input should be a NumPy array, got: None. Pass an array of numbers"),
        ((torch.zeros(4, 2, 3),), "input should be a NumPy array, got: torch.Tensor. Convert "),
        ((np.zeros((4, 2, 3)), [0.0]), "hx should be a NumPy array, got: list. Convert hx: "),
        ((np.zeros((4, 2, 3)), (1, 2)), "hx should be a NumPy array, got: tuple. Convert hx: "),
        ((np.zeros((4, 2, 3)), (np.zeros((1, 2, 5)),) * 2), "hx should be one array, h_0, got: "),
    ],
    ids=["list", "None", "tensor", "hx list", "hx tuple", "hx pair"],
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


MIXED_DTYPES: dict[str, tuple[Trigger, str]] = {
    "GRU hx": (
        lambda lib: lib.GRU(3, 5)(lib.zeros(4, 2, 3), lib.zeros(1, 2, 5, dtype="float64")),
        "hx",
    ),
    "LSTM h_0": (
        lambda lib: lib.LSTM(3, 5)(
            lib.zeros(4, 2, 3), (lib.zeros(1, 2, 5, dtype="float64"), lib.zeros(1, 2, 5))
        ),
        "hx[0]",
    ),
    "LSTM c_0": (
        lambda lib: lib.LSTM(3, 5)(
            lib.zeros(4, 2, 3), (lib.zeros(1, 2, 5), lib.zeros(1, 2, 5, dtype="float64"))
        ),
        "hx[1]",
    ),
    "RNNCell input": (lambda lib: lib.RNNCell(3, 5)(lib.zeros(2, 3, dtype="float64")), "input"),
    "GRUCell hx": (
        lambda lib: lib.GRUCell(3, 5)(lib.zeros(2, 3), lib.zeros(2, 5, dtype="float64")),
        "hx",
    ),
    "LSTMCell h_0": (
        lambda lib: lib.LSTMCell(3, 5)(
            lib.zeros(2, 3), (lib.zeros(2, 5, dtype="float64"), lib.zeros(2, 5))
        ),
        "hx[0]",
    ),
}


@pytest.mark.parametrize(("trigger", "name"), MIXED_DTYPES.values(), ids=MIXED_DTYPES)
def test_a_mixture_of_dtypes_raises_torchs_class_with_our_text(trigger: Any, name: str) -> None:
    assert raised(trigger, OURS) == (
        RuntimeError,
        f"{name} dtype (float64) does not match weight dtype (float32). "
        f"Convert {name}: {name}.astype(np.float32)",
    )
    assert raised(trigger, TORCH)[0] is RuntimeError


def test_a_cell_state_of_another_dtype_is_refused_where_torch_lets_it_through() -> None:
    def trigger(lib: Library) -> None:
        states = lib.zeros(2, 5), lib.zeros(2, 5, dtype="float64")
        lib.LSTMCell(3, 5)(lib.zeros(2, 3), states)

    trigger(TORCH)
    assert raised(trigger, OURS)[0] is RuntimeError


@pytest.mark.parametrize(
    ("kind", "input", "hx", "expected"),
    [
        ("LSTM", (4, 2, 3), (2, 1, 2, 5), TypeError),
        ("LSTMCell", (2, 3), (2, 5), TypeError),
        ("LSTMCell", (2, 3), (2, 2, 5), TypeError),
    ],
)
def test_one_array_in_the_place_of_two_raises_torchs_class(kind, input, hx, expected) -> None:
    def trigger(lib: Library) -> None:
        getattr(lib, kind)(3, 5)(lib.zeros(*input), lib.zeros(*hx))

    assert raised(trigger, OURS)[0] is raised(trigger, TORCH)[0] is expected


@pytest.mark.parametrize(("kind", "count"), [("RNNCell", 1), ("LSTMCell", 2), ("GRUCell", 1)])
@pytest.mark.parametrize("sizes", [(5, 5), (5, 1), (5, 7)])
def test_a_batch_of_states_for_a_single_row_is_refused(kind, count, sizes) -> None:
    # torch takes the rows for features: 5 fit, and RNNCell gives a result that means nothing
    states = [np.zeros(sizes, np.float32)] * count
    with pytest.raises(RuntimeError, match="For unbatched 1-D input, hidden0 should also be 1-D"):
        getattr(rnn_ref, kind)(3, 5)(np.zeros(3, np.float32), states if count == 2 else states[0])


@pytest.mark.parametrize("args", [(3.0, 5), (3, 5.0), ("3", 5), (None, 5), (3, None)])
@pytest.mark.parametrize("kind", ["RNNCell", "LSTMCell", "GRUCell"])
def test_the_size_of_a_cell_that_is_no_integer_raises_torchs_class(kind: str, args: Any) -> None:
    for lib in (OURS, TORCH):
        with pytest.raises(TypeError):
            getattr(lib, kind)(*args)


@pytest.mark.parametrize("proj_size", [2.0, "2", True])
def test_a_projection_that_is_no_integer_raises_torchs_class(proj_size: Any) -> None:
    for lib in (OURS, TORCH):
        with pytest.raises(TypeError):
            lib.LSTM(3, 5, proj_size=proj_size)


@pytest.mark.parametrize(
    ("hx", "expected"),
    [
        ((np.zeros((1, 2, 5)), None), "hx[1] should be a NumPy array, got: None. "),
        (("a", "b"), "hx[0] should be a NumPy array, got: str. "),
    ],
    ids=["None", "text"],
)
def test_what_is_no_array_in_a_pair_is_named(hx: Any, expected: str) -> None:
    for network, axes in ((rnn_ref.LSTM(3, 5), (4, 2, 3)), (rnn_ref.LSTMCell(3, 5), (2, 3))):
        states = tuple(state[0] if isinstance(state, np.ndarray) else state for state in hx)
        with pytest.raises(TypeError) as caught:
            network(np.zeros(axes), hx if len(axes) == 3 else states)
        assert str(caught.value).startswith(expected)


@pytest.mark.parametrize("dtype", ["float16", "complex64", None])
def test_a_dtype_that_torch_takes_and_we_do_not_is_refused(dtype: str | None) -> None:
    torch.nn.RNN(3, 5, dtype=dtype and getattr(torch, dtype))
    with pytest.raises(ValueError, match=f"dtype should be float32 or float64, got: {dtype}"):
        rnn_ref.RNN(3, 5, dtype=dtype)


def test_device_is_no_argument() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'device'"):
        rnn_ref.RNN(3, 5, device="cpu")


# --- packed, where torch lets a kernel speak, or nobody ------------------------------------------


def lstm(*hx: tuple[int, ...], features: tuple[int, ...] = (3,), **options: Any) -> Trigger:
    def trigger(lib: Library) -> None:
        states = tuple(lib.zeros(*shape) for shape in hx)
        lib.LSTM(3, 5)(lib.packed(*features, **options), *([states] if states else []))

    return trigger


# what torch says of an LSTM's packed input, and what we say, as RNN and GRU do
OF_THE_KERNEL: dict[str, tuple[Trigger, str, str]] = {
    "dtype": (
        lstm(dtype="float64"),
        "mat1 and mat2 must have the same dtype",
        r"RNN input dtype \(float64\) does not match weight dtype \(float32\)",
    ),
    "3 axes": (
        lstm(features=(3, 2)),
        "mat1 and mat2 shapes cannot be multiplied",
        "input must have 2 dimensions, got 3",
    ),
    "hx features": (
        lstm((1, 2, 6), (1, 2, 5)),
        "got an incorrect number of RNN parameters",
        r"Expected hidden\[0\] size \(1, 2, 5\), got \[1, 2, 6\]",
    ),
    "c features": (
        lstm((1, 2, 5), (1, 2, 6)),
        "got an incorrect number of RNN parameters",
        r"Expected hidden\[1\] size \(1, 2, 5\), got \[1, 2, 6\]",
    ),
    "hx batch, sorted by us": (
        lstm((1, 1, 5), (1, 1, 5), enforce_sorted=False),
        "INDICES element is out of DATA bounds",
        r"Expected hidden\[0\] size \(1, 2, 5\), got \[1, 1, 5\]",
    ),
}


@pytest.mark.parametrize(("trigger", "theirs", "ours"), OF_THE_KERNEL.values(), ids=OF_THE_KERNEL)
def test_what_is_packed_for_an_lstm_is_checked_as_for_the_others(trigger, theirs, ours) -> None:
    with pytest.raises(RuntimeError, match=theirs):
        trigger(TORCH)
    with pytest.raises((RuntimeError, ValueError), match=ours):
        trigger(OURS)


def test_packed_features_that_torchs_lstm_reads_without_a_word_are_refused() -> None:
    def trigger(lib: Library) -> None:
        lib.LSTM(3, 5)(lib.pack_sequence([lib.zeros(4, 4)]))

    trigger(TORCH)
    with pytest.raises(RuntimeError, match=r"input\.size\(-1\) must be equal to input_size"):
        trigger(OURS)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_states_of_a_larger_batch_are_refused_where_torch_cuts_them(kind: str) -> None:
    def trigger(lib: Library) -> Any:
        hx = lib.zeros(1, 3, 5)
        packed = lib.packed(3, enforce_sorted=False)
        return getattr(lib, kind)(3, 5)(packed, (hx, hx) if kind == "LSTM" else hx)

    final = trigger(TORCH)[1]
    assert (final[0] if kind == "LSTM" else final).shape == (1, 2, 5)
    with pytest.raises(RuntimeError, match=r"\(1, 2, 5\), got \[1, 3, 5\]"):
        trigger(OURS)


def test_a_state_beside_a_packed_input_that_is_no_array_is_named() -> None:
    with pytest.raises(TypeError, match="hx should be a NumPy array, got: list"):
        rnn_ref.GRU(3, 5)(OURS.packed(3), [0.0])
