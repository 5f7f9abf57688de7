"""What callers pass in the place of what is wanted: of every kind, and of wrong kinds of arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import rnn_ref
from rnn_ref.shapes import Config


class Column:
    """Like a column of a table: no array, but one can be made of it."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self.array if dtype is None else self.array.astype(dtype)


class Hostile:
    """Answers nothing that is asked of it."""

    def _refuse(self, *_: object) -> Any:
        raise ZeroDivisionError

    __repr__ = __bool__ = __len__ = __iter__ = __float__ = __index__ = __array__ = _refuse


class Subclass(np.ndarray):
    """Someone's own kind of array."""


# An array in disguise, and whether the way from there is one that keeps all numbers
DISGUISES: dict[str, Callable[[np.ndarray], Any]] = {
    "lists": lambda x: x.tolist(),
    "a tuple": lambda x: tuple(x.tolist()) if x.ndim else (x.item(),),
    "a list of arrays": lambda x: list(x) if x.ndim else [x],
    "a tensor": torch.tensor,
    "a parameter": lambda x: torch.nn.Parameter(torch.tensor(x)),
    "a tensor of float64": lambda x: torch.tensor(x, dtype=torch.float64),
    "a tensor of int64": lambda x: torch.tensor(x, dtype=torch.int64),
    "bfloat16": lambda x: torch.tensor(x, dtype=torch.bfloat16),
    "bfloat16 that needs a gradient": lambda x: torch.tensor(x).bfloat16().requires_grad_(),
    "a sparse tensor": lambda x: torch.tensor(x).to_sparse(),
    "a conjugate": lambda x: torch.tensor(x, dtype=torch.complex64).conj(),
    "a negative": lambda x: torch.complex(torch.tensor(x), torch.tensor(-x)).conj().imag,
    "float64": lambda x: x.astype(np.float64),
    "float16": lambda x: x.astype(np.float16),
    "integers": lambda x: x.astype(np.int64),
    "bools": lambda x: x.astype(np.bool_),
    "the other order of bytes": lambda x: x.astype(x.dtype.newbyteorder()),
    "objects": lambda x: x.astype(object),
    "texts": lambda x: x.astype(str),
    "complex numbers": lambda x: x.astype(np.complex128),
    "a masked array": np.ma.masked_array,
    "a masked array with a mask": lambda x: np.ma.masked_array(x, mask=x == 0),
    "a matrix": lambda x: x.view(np.matrix if x.ndim == 2 else Subclass),
    "a kind of array": lambda x: x.view(Subclass),
    "a column": Column,
}

OBJECTS: list[Callable[[], Any]] = [
    *(lambda: None, lambda: True, lambda: False, lambda: 0, lambda: -3, lambda: 2, lambda: 7),
    *(lambda: 2.5, lambda: 2.0, lambda: float("nan"), lambda: -np.inf, lambda: 1j, lambda: 10**400),
    *(str, lambda: "abc", lambda: "tanh", lambda: "L N", lambda: b"abc", lambda: "h_n"),
    *(list, lambda: [1], lambda: [[1], [1, 2]], lambda: ["a"], lambda: [None], lambda: [[[0.5]]]),
    *(tuple, lambda: (1, 2), lambda: (None, None), lambda: ("L", "N", "H"), lambda: ("a", 5)),
    *(dict, lambda: {"a": 1}, lambda: {1: "a"}, lambda: {"a": None}, set, lambda: {1}),
    *(object, Hostile, lambda: int, lambda: len, lambda: iter([1, 2]), lambda: range(3)),
    *(lambda: np.float32(2.5), lambda: np.int64(3), lambda: np.bool_(1), lambda: np.str_("a")),
    *(lambda: np.dtype("f4"), lambda: "no such dtype", lambda: torch.float32, lambda: slice(1)),
    *(lambda: torch.zeros(3, device="meta"), lambda: torch.zeros(5, 3, 7, device="meta")),
    lambda: torch.nn.utils.rnn.pack_sequence([torch.ones(3, 7), torch.ones(2, 7)]),
    lambda: rnn_ref.pack_sequence([np.ones((3, 7)), np.ones((2, 7))]),
    lambda: rnn_ref.pack_sequence([np.ones((3, 7), np.float32)]),
    *(lambda: Config("GRU", 7, 13), lambda: np.random.default_rng(0), lambda: rnn_ref.RNN(2, 3)),
]
DTYPES = [
    "f4",
    "f8",
    "f2",
    ">f4",
    "i8",
    "u1",
    "?",
    "c8",
    "O",
    "U3",
    "S2",
    "M8[s]",
    "m8[s]",
    "i4,f4",
]


@st.composite
def odd_arrays(draw: st.DrawFn) -> Any:
    """An array of some shape and dtype, and at times in disguise."""
    shape = draw(arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3))
    array = np.zeros(shape, draw(st.sampled_from(DTYPES)))
    if array.dtype.kind == "f":
        array[...] = draw(st.sampled_from([0.0, 1.0, -0.5, np.nan, np.inf]))
    if array.dtype != np.float32 or draw(st.booleans()):
        return array
    disguise = DISGUISES[draw(st.sampled_from(sorted(DISGUISES)))]
    return disguise(np.ones(shape, np.float32))
