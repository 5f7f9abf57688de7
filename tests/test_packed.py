"""Packing and padding against torch.nn.utils.rnn: values, order, checks, memory."""

import copy
import inspect
import operator
import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rnn_ref import packed as ours

theirs = torch.nn.utils.rnn
Array = NDArray[Any]

DTYPES = ("f4", "f8", "f2", "i8", "i4", "i2", "i1", "u1", "?", "c8", "c16")
TRAILING = ((), (7,), (1,), (5, 3), (2, 1, 3))


@dataclass(frozen=True)
class Case:
    """Sequences of several lengths, and how they are to be laid out."""

    lengths: list[int]
    trailing: tuple[int, ...]
    dtype: str
    batch_first: bool
    extra: int  # steps beyond the longest sequence
    seed: int

    def draw(self, *shape: int) -> Array:
        """Elements that differ wherever the dtype has room for it, in an order by chance."""
        rng = np.random.default_rng(self.seed)
        numbers = 1 + rng.permutation(int(np.prod(shape))).reshape(shape)
        if self.dtype == "?":
            return numbers % 2 == 0
        return (numbers % 127 * (1 - 1j) if self.dtype[0] == "c" else numbers % 127).astype(
            self.dtype
        )

    @property
    def sequences(self) -> list[Array]:
        rows = self.draw(sum(self.lengths), *self.trailing)
        return np.split(rows, np.cumsum(self.lengths)[:-1])

    @property
    def batch(self) -> Array:
        """A padded batch whose padding is not to be read, in a memory order of its own."""
        L, N = max(self.lengths) + self.extra, len(self.lengths)
        sizes = (N, L) if self.batch_first else (L, N)
        return np.asfortranarray(self.draw(*sizes, *self.trailing))

    @property
    def value(self) -> Any:
        """A padding value that is no element and that the dtype can hold."""
        return {"?": True, "f": -1.5, "c": -1.5, "i": -128, "u": 255}[self.dtype[0]]


@st.composite
def cases(draw: st.DrawFn, shortest: int = 1, descending: bool = False) -> Case:
    # Up to 16 sequences: of more, torch's sort may mix those of equal length
    lengths = draw(st.lists(st.integers(shortest, 7), min_size=1, max_size=16))
    if draw(st.booleans()):
        lengths = [lengths[0]] * len(lengths)
    return Case(
        sorted(lengths, reverse=True) if descending else lengths,
        trailing=draw(st.sampled_from(TRAILING)),
        dtype=draw(st.sampled_from(DTYPES)),
        batch_first=draw(st.booleans()),
        extra=draw(st.integers(0, 3)),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


def tensor(array: Array) -> torch.Tensor:
    return torch.from_numpy(array.copy(order="K"))


def assert_same(mine: Any, torchs: Any) -> None:
    """Exactly: containers, order, shape, dtype, every element."""
    if isinstance(torchs, torch.Tensor):
        np.testing.assert_array_equal(mine, torchs.numpy(), strict=True)
    elif torchs is None:
        assert mine is None
    else:
        assert type(mine).__name__ == type(torchs).__name__
        assert len(mine) == len(torchs)
        for a, b in zip(mine, torchs, strict=True):
            assert_same(a, b)


some = settings(max_examples=100)


# --- values ---------------------------------------------------------------------------------


@some
@given(case=cases(), lengths_as=st.sampled_from([list, tuple, np.array, np.uint8, np.int32]))
def test_packing_a_padded_batch_is_torchs(case: Case, lengths_as: Callable[..., Any]) -> None:
    options = {"batch_first": case.batch_first, "enforce_sorted": False}
    mine = ours.pack_padded_sequence(case.batch, lengths_as(case.lengths), **options)
    assert_same(mine, theirs.pack_padded_sequence(tensor(case.batch), case.lengths, **options))


@some
@given(case=cases(descending=True))
def test_packing_a_sorted_padded_batch_is_torchs(case: Case) -> None:
    mine = ours.pack_padded_sequence(case.batch, case.lengths, case.batch_first)
    torchs = theirs.pack_padded_sequence(tensor(case.batch), case.lengths, case.batch_first)
    assert_same(mine, torchs)
    assert mine.sorted_indices is mine.unsorted_indices is None


@some
@given(case=cases(), in_order=st.booleans())
def test_packing_sequences_is_torchs(case: Case, in_order: bool) -> None:
    sequences = sorted(case.sequences, key=len, reverse=True) if in_order else case.sequences
    mine = ours.pack_sequence(sequences, enforce_sorted=in_order)
    assert_same(mine, theirs.pack_sequence(list(map(tensor, sequences)), enforce_sorted=in_order))


@some
@given(case=cases(), with_value=st.booleans(), with_total=st.booleans())
def test_padding_a_packed_batch_is_torchs(case: Case, with_value: bool, with_total: bool) -> None:
    options: dict[str, Any] = {"batch_first": case.batch_first}
    options |= {"padding_value": case.value} if with_value else {}
    options |= {"total_length": max(case.lengths) + case.extra} if with_total else {}
    sequences = case.sequences
    mine = ours.pad_packed_sequence(ours.pack_sequence(sequences, False), **options)
    packed = theirs.pack_sequence(list(map(tensor, sequences)), enforce_sorted=False)
    assert_same(mine, theirs.pad_packed_sequence(packed, **options))


@some
@given(case=cases(shortest=0), side=st.sampled_from(["right", "left"]), with_value=st.booleans())
def test_padding_sequences_is_torchs(case: Case, side: str, with_value: bool) -> None:
    options = {"padding_value": case.value} if with_value else {}
    arguments = (case.batch_first, *options.values())
    mine = ours.pad_sequence(case.sequences, *arguments, padding_side=side)
    tensors = list(map(tensor, case.sequences))
    assert_same(mine, theirs.pad_sequence(tensors, *arguments, padding_side=side))


@some
@given(case=cases(shortest=0))
def test_unpadding_is_torchs(case: Case) -> None:
    mine = ours.unpad_sequence(case.batch, case.lengths, case.batch_first)
    lengths = torch.tensor(case.lengths)
    assert_same(mine, theirs.unpad_sequence(tensor(case.batch), lengths, case.batch_first))


@some
@given(case=cases())
def test_unpacking_is_torchs(case: Case) -> None:
    mine = ours.unpack_sequence(ours.pack_sequence(case.sequences, False))
    packed = theirs.pack_sequence(list(map(tensor, case.sequences)), enforce_sorted=False)
    assert_same(mine, theirs.unpack_sequence(packed))


@some
@given(case=cases())
def test_what_is_packed_or_padded_comes_back(case: Case) -> None:
    packed = ours.pack_sequence(case.sequences, enforce_sorted=False)
    padded = ours.pad_sequence(case.sequences, case.batch_first)
    for back in (
        ours.unpack_sequence(packed),
        ours.unpad_sequence(padded, case.lengths, case.batch_first),
        ours.unpad_sequence(*ours.pad_packed_sequence(packed)),
    ):
        for sequence, expected in zip(back, case.sequences, strict=True):
            np.testing.assert_array_equal(sequence, expected, strict=True)
    batch, lengths = ours.pad_packed_sequence(packed, case.batch_first, total_length=11)
    assert packed == ours.pack_padded_sequence(batch, lengths, case.batch_first, False)


@some
@given(case=cases())
def test_inverting_a_permutation_is_torchs(case: Case) -> None:
    permutation = np.random.default_rng(case.seed).permutation(case.lengths[0])
    inverse = ours.invert_permutation(permutation)
    assert_same(inverse, theirs.invert_permutation(tensor(permutation)))
    np.testing.assert_array_equal(permutation[inverse], np.arange(len(permutation)))


def test_inverting_nothing_gives_nothing() -> None:
    assert_same(ours.invert_permutation(None), theirs.invert_permutation(None))
    assert_same(ours.invert_permutation([]), theirs.invert_permutation(torch.tensor([]).long()))


def test_many_sequences_of_equal_length_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths = np.random.default_rng(0).integers(1, 4, 257)
    batch = np.arange(3 * 257).reshape(3, 257)
    mine = ours.pack_padded_sequence(batch, lengths, enforce_sorted=False)
    torchs = theirs.pack_padded_sequence(tensor(batch), tensor(lengths), enforce_sorted=False)
    # torch's sort does not promise an order, and depends on the processor; unpacked both are equal
    assert_same(ours.pad_packed_sequence(mine), theirs.pad_packed_sequence(torchs))
    monkeypatch.setattr(torch, "sort", partial(torch.sort, stable=True))
    torchs = theirs.pack_padded_sequence(tensor(batch), tensor(lengths), enforce_sorted=False)
    assert_same(mine, torchs)


def test_the_steps_beyond_a_length_are_cut() -> None:
    batch = np.array([[1, 2, 3], [4, 5, 6]])
    packed = ours.pack_padded_sequence(batch, [2, 1], batch_first=True)
    np.testing.assert_array_equal(packed.data, [1, 4, 2])


def test_sequences_may_come_as_an_array_or_one_by_one_as_in_torch() -> None:
    batch = np.arange(30).reshape(3, 5, 2)
    assert_same(ours.pad_sequence(batch), theirs.pad_sequence(tensor(batch)))
    assert_same(ours.pack_sequence(batch), theirs.pack_sequence(tensor(batch)))
    assert_same(ours.pad_sequence(iter(batch)), theirs.pad_sequence(iter(tensor(batch))))
    # torch has read them all when it begins
    assert ours.pack_sequence(iter(batch)) == ours.pack_sequence(batch)
    with pytest.raises(RuntimeError, match="received an empty list of sequences"):
        theirs.pack_sequence(iter(tensor(batch)))


@pytest.mark.parametrize("total_length", [7, np.int64(7), np.uint8(7)])
def test_total_length_may_be_numpys_integer(total_length: Any) -> None:
    batch, _ = ours.pad_packed_sequence(ours.pack_sequence([np.ones(3)]), total_length=total_length)
    assert batch.shape == (7, 1)


@pytest.mark.parametrize(
    ("dtype", "value"),
    [
        ("f4", 0.1),
        ("f4", float("nan")),
        ("f4", float("-inf")),
        ("f4", 2**40),
        ("f4", np.float64(7)),
        ("f8", np.True_),
        ("i8", 2**53 - 1),
        ("i8", 3.0),
        ("u1", np.int64(255)),
        ("?", 1.0),
        ("c8", -2.5),
    ],
)
def test_whatever_the_dtype_can_hold_pads_as_in_torch(dtype: str, value: Any) -> None:
    sequences = [np.ones(3, dtype), np.ones(2, dtype)]
    tensors = list(map(tensor, sequences))
    assert_same(
        ours.pad_sequence(sequences, padding_value=value),
        theirs.pad_sequence(tensors, padding_value=value),
    )
    assert_same(
        ours.pad_packed_sequence(ours.pack_sequence(sequences), padding_value=value),
        theirs.pad_packed_sequence(theirs.pack_sequence(tensors), padding_value=value),
    )


@pytest.mark.parametrize("value", [1j, 2 + 3j, np.complex128(1j)])
def test_a_packed_batch_of_complex_numbers_is_padded_with_them(value: Any) -> None:
    sequences = [np.ones(3, "c8"), np.ones(2, "c8")]
    mine = ours.pad_packed_sequence(ours.pack_sequence(sequences), padding_value=value)
    packed = theirs.pack_sequence(list(map(tensor, sequences)))
    assert_same(mine, theirs.pad_packed_sequence(packed, padding_value=value))


# --- names and memory -----------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in theirs.__all__ if name != "PackedSequence"])
def test_parameters_are_torchs_by_name_order_and_default(name: str) -> None:
    def parameters(module: Any) -> list[tuple[Any, ...]]:
        signature = inspect.signature(getattr(module, name))
        return [(p.name, p.kind, p.default) for p in signature.parameters.values()]

    assert parameters(ours) == parameters(theirs)


def test_a_packed_sequence_is_made_as_torchs() -> None:
    mine, torchs = (inspect.signature(lib.PackedSequence.__new__) for lib in (ours, theirs))
    assert [(p.name, p.default) for p in mine.parameters.values()] == [
        (p.name, p.default) for p in torchs.parameters.values()
    ]
    assert ours.PackedSequence._fields == theirs.PackedSequence._fields


CALLS: dict[str, Callable[[Array], Any]] = {
    "pack_padded_sequence": lambda x: ours.pack_padded_sequence(x, [5] * 3),
    "batch_first": lambda x: ours.pack_padded_sequence(x, [3] * 5, True),
    "unsorted": lambda x: ours.pack_padded_sequence(x, [1, 5, 2], False, False),
    "an order of its own": lambda x: ours.pack_padded_sequence(
        np.asfortranarray(np.stack([x, -x], axis=2)), [5] * 3
    ),
    "one sequence": lambda x: ours.pack_padded_sequence(x[:, :1], [5]),
    "pad_sequence": ours.pad_sequence,
    "pad_sequence of one": lambda x: ours.pad_sequence([x]),
    "unpad_sequence": lambda x: ours.unpad_sequence(x, [5, 2, 1]),
    "unpad_sequence batch_first": lambda x: ours.unpad_sequence(x, [3, 2, 1, 3, 0], True),
    "unpad_sequence of one": lambda x: ours.unpad_sequence(x[:, :1], [5]),
    "pack_sequence": ours.pack_sequence,
    "pack_sequence of one": lambda x: ours.pack_sequence([x]),
    "pad_packed_sequence": lambda x: ours.pad_packed_sequence(held(x)),
    "pad_packed_sequence batch_first": lambda x: ours.pad_packed_sequence(held(x), True),
    "unpack_sequence": lambda x: ours.unpack_sequence(held(x)),
}


def held(x: Array) -> ours.PackedSequence:
    return ours.PackedSequence(x, [3, 2], [1, 2, 0])


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("name", CALLS)
def test_results_own_their_memory_and_arguments_are_left_alone(name: str, transposed: bool) -> None:
    x = np.arange(5 * 3 * 7).reshape(5, 3, 7) if not transposed else np.empty((7, 3, 5)).T
    x[:] = np.random.default_rng(0).permutation(x.size).reshape(x.shape)
    before = x.copy()
    result = CALLS[name](x)
    for array in result if isinstance(result, tuple | list) else [result]:
        if array is not None:
            assert not np.shares_memory(array, x)
            assert array.flags.c_contiguous
            assert array.flags.owndata
            array[...] = 0
    np.testing.assert_array_equal(x, before)


def test_torchs_unpad_sequence_turns_its_argument_and_ours_does_not() -> None:
    x = np.arange(30).reshape(5, 3, 2)
    t = tensor(x)
    for _ in range(2):
        ours.unpad_sequence(x, [5, 2, 1])
    assert x.shape == (5, 3, 2)
    theirs.unpad_sequence(t, torch.tensor([5, 2, 1]))
    assert t.shape == (3, 5, 2)
    with pytest.raises(ValueError, match="zip"):
        theirs.unpad_sequence(t, torch.tensor([5, 2, 1]))
    assert "padded_sequences.transpose_(0, 1)" in inspect.getsource(theirs.unpad_sequence)
    assert "padded_sequences.transpose_(0, 1)" in str(ours.unpad_sequence.__doc__)


# --- PackedSequence -------------------------------------------------------------------------

DATA = np.arange(10.0, dtype=np.float32).reshape(5, 2)
PACKED = ours.PackedSequence(DATA, [3, 2], [1, 2, 0])
TORCHS = theirs.PackedSequence(tensor(DATA), torch.tensor([3, 2]), torch.tensor([1, 2, 0]))


def test_the_inverse_of_sorted_indices_is_derived() -> None:
    assert_same(PACKED, TORCHS)
    assert ours.PackedSequence(DATA, [3, 2], [1, 2, 0], [2, 0, 1]) == PACKED
    data, batch_sizes, sorted_indices, unsorted_indices = PACKED
    assert data is PACKED.data is PACKED[0]
    assert batch_sizes is PACKED.batch_sizes
    assert sorted_indices is PACKED.sorted_indices
    assert unsorted_indices is PACKED.unsorted_indices


def test_a_pair_may_stand_for_data_and_batch_sizes_as_in_torch() -> None:
    for pair in ((DATA, [3, 2]), [DATA, [3, 2]]):
        assert ours.PackedSequence(pair, sorted_indices=[1, 2, 0]) == PACKED
    assert_same(
        ours.PackedSequence((DATA, [3, 2])),
        theirs.PackedSequence((tensor(DATA), torch.tensor([3, 2]))),
    )


def test_data_is_held_and_the_rest_copied() -> None:
    sizes, order, inverse = np.array([3, 2]), np.array([1, 2, 0]), np.array([2, 0, 1])
    packed = ours.PackedSequence(DATA, sizes, order, inverse)
    assert packed.data is DATA
    sizes[:] = order[:] = inverse[:] = 0
    assert packed == PACKED


def test_indices_are_int64_whatever_they_came_as() -> None:
    packed = ours.PackedSequence(DATA, np.array([3, 2], "i4"), np.array([1, 2, 0], "u1"))
    assert [part.dtype for part in packed[1:]] == [np.int64] * 3
    assert packed == PACKED


def test_other_features_in_the_same_batch() -> None:
    packed = PACKED._replace(data=DATA[:, 0])
    assert isinstance(packed, ours.PackedSequence)
    np.testing.assert_array_equal(packed.data, DATA[:, 0])
    assert packed == ours.PackedSequence(DATA[:, 0], *PACKED[1:])
    with pytest.raises(ValueError, match="add up to the 4 rows"):
        PACKED._replace(data=DATA[:4])


def test_equality_looks_at_every_part() -> None:
    unsorted = ours.PackedSequence(DATA, [3, 2])
    assert ours.PackedSequence(DATA.copy(), [3, 2]) == unsorted
    others = [
        ours.PackedSequence(DATA + 1, [3, 2]),
        ours.PackedSequence(DATA, [4, 1]),
        ours.PackedSequence(DATA, [3, 1, 1]),
        ours.PackedSequence(DATA, [3, 2], [0, 1, 2]),
        PACKED,
        tuple(unsorted),
        None,
    ]
    for other in others:
        assert operator.ne(unsorted, other)
        assert not operator.eq(unsorted, other)
    assert not operator.ne(unsorted, ours.PackedSequence(DATA, [3, 2]))
    with pytest.raises(RuntimeError, match="ambiguous"):
        operator.eq(TORCHS, theirs.PackedSequence(*(part.clone() for part in TORCHS)))
    with pytest.raises(TypeError, match="unhashable"):
        hash(PACKED)


def test_repr_is_torchs_with_arrays() -> None:
    text = repr(ours.pack_sequence([np.array([4, 5]), np.array([1, 2, 3])], enforce_sorted=False))
    assert text == (
        "PackedSequence(data=array([1, 4, 2, 5, 3]), batch_sizes=array([2, 2, 1]), "
        "sorted_indices=array([1, 0]), unsorted_indices=array([1, 0]))"
    )
    torchs = theirs.pack_sequence([torch.tensor([4, 5]), torch.tensor([1, 2, 3])], False)
    assert text.replace("array", "tensor") == repr(torchs)


def test_a_packed_batch_is_copied_and_pickled() -> None:
    for twin in (copy.copy(PACKED), copy.deepcopy(PACKED), pickle.loads(pickle.dumps(PACKED))):
        assert isinstance(twin, ours.PackedSequence)
        assert twin == PACKED


def test_data_is_converted_as_torchs() -> None:
    assert_same(PACKED.double(), TORCHS.double())
    assert_same(PACKED.double().float(), TORCHS.double().float())
    assert_same(PACKED.astype(np.int64), TORCHS.to(torch.int64))
    assert PACKED.float() is PACKED  # nothing to do, as in torch
    assert TORCHS.float() is TORCHS
    with pytest.raises(TypeError, match="numbers or bools, got: dtype object"):
        PACKED.astype(object)
    for dtype in ("no such", torch.float64):
        with pytest.raises(TypeError, match="dtype should be a dtype of NumPy's, got: "):
            PACKED.astype(dtype)


def test_what_belongs_to_devices_is_not_offered() -> None:
    for name in ("to", "cuda", "cpu", "pin_memory", "is_cuda", "is_pinned"):
        assert hasattr(TORCHS, name)
        assert not hasattr(PACKED, name)


# --- checks: torch's own --------------------------------------------------------------------


class Library:
    """What a trigger needs, from torch or from us."""

    def __init__(self, module: Any, array: Callable[..., Any]) -> None:
        self.module, self.array = module, array

    def __getattr__(self, name: str) -> Any:
        return getattr(self.module, name)

    def zeros(self, *shape: int, dtype: str = "f4") -> Any:
        return self.array(np.zeros(shape, dtype))

    def packed(self, *lengths: int, dtype: str = "f4") -> Any:
        return self.pack_sequence([self.zeros(length, dtype=dtype) for length in lengths])


TORCH = Library(theirs, lambda values: torch.from_numpy(np.array(values)))
OURS = Library(ours, np.array)
Trigger = Callable[[Library], Any]


def batch(lib: Library) -> Any:
    return lib.zeros(5, 3, 2)


def pack(lib: Library, lengths: Any, *options: Any) -> Any:
    return lib.pack_padded_sequence(batch(lib), lengths, *options)


SILENT = "nothing"


def made(lib: Library, shape: tuple[int, ...], *indices: Any) -> Any:
    arrays = (None if values is None else lib.array(values) for values in indices)
    return lib.PackedSequence(lib.zeros(*shape), *arrays)


CHECKS: dict[str, Trigger] = {
    # pack_padded_sequence
    "not sorted": lambda lib: pack(lib, [3, 5, 1]),
    "not sorted at the end": lambda lib: pack(lib, [5, 1, 3]),
    "not sorted before 0 inside": lambda lib: pack(lib, [5, 0, 1]),
    "length 0": lambda lib: pack(lib, [5, 3, 0]),
    "length 0 before not sorted": lambda lib: pack(lib, [3, 5, 0]),
    "length negative": lambda lib: pack(lib, [5, 3, -1]),
    "length 0 inside, sorted here": lambda lib: pack(lib, [5, 0, 1], False, False),
    "length negative, sorted here": lambda lib: pack(lib, [-5, 3, 1], False, False),
    "too few lengths": lambda lib: pack(lib, [5, 3]),
    "too few before not sorted": lambda lib: pack(lib, [3, 5]),
    "too many lengths": lambda lib: pack(lib, [5, 3, 1, 1]),
    "no lengths": lambda lib: pack(lib, []),
    "no lengths in an array": lambda lib: pack(lib, lib.zeros(0)),
    "batch_first forgotten": lambda lib: lib.pack_padded_sequence(lib.zeros(2, 5, 4), [5, 3]),
    "batch_first too much": lambda lib: pack(lib, [5, 3, 1], True),
    "lengths 0-D": lambda lib: pack(lib, 5),
    "lengths 0-D in an array": lambda lib: pack(lib, lib.array(5)),
    "lengths 0-D, sorted here": lambda lib: pack(lib, 5, False, False),
    "lengths 2-D": lambda lib: pack(lib, lib.array([[5], [3], [1]])),
    "lengths 2-D in a list": lambda lib: pack(lib, [[5, 3, 1]]),
    "lengths 3-D": lambda lib: pack(lib, [[[5, 3, 1]]]),
    "no step": lambda lib: lib.pack_padded_sequence(lib.zeros(0, 3, 2), [5, 3, 1]),
    "no sequence": lambda lib: lib.pack_padded_sequence(lib.zeros(5, 0, 2), []),
    "no feature": lambda lib: lib.pack_padded_sequence(lib.zeros(5, 3, 0), [5, 3, 1]),
    "empty 1-D": lambda lib: lib.pack_padded_sequence(lib.zeros(0), [1]),
    "empty before lengths": lambda lib: lib.pack_padded_sequence(lib.zeros(0, 3, 2), [[0]]),
    "batch_first int": lambda lib: pack(lib, [5, 3, 1], 0),
    "batch_first None": lambda lib: pack(lib, [5, 3, 1], None),
    "batch_first NumPy": lambda lib: pack(lib, [5, 3, 1], np.False_),
    "batch_first before empty": lambda lib: lib.pack_padded_sequence(lib.zeros(0, 3), [1], 1),
    # pad_packed_sequence
    "total_length": lambda lib: lib.pad_packed_sequence(lib.packed(5, 3), total_length=4),
    "total_length 0": lambda lib: lib.pad_packed_sequence(lib.packed(5, 3), total_length=0),
    "total_length -1": lambda lib: lib.pad_packed_sequence(lib.packed(5, 3), total_length=-1),
    "total_length before types": lambda lib: lib.pad_packed_sequence(lib.packed(5), 1, "x", 2.5),
    "total_length float": lambda lib: lib.pad_packed_sequence(lib.packed(5), total_length=7.0),
    "total_length NumPy float": lambda lib: lib.pad_packed_sequence(
        lib.packed(5), total_length=np.float64(7)
    ),
    "total_length array": lambda lib: lib.pad_packed_sequence(
        lib.packed(5), total_length=np.array(7)
    ),
    "total_length bool": lambda lib: lib.pad_packed_sequence(lib.packed(1), total_length=True),
    "pad_packed batch_first": lambda lib: lib.pad_packed_sequence(lib.packed(5), 1),
    "pad_packed batch_first before value": lambda lib: lib.pad_packed_sequence(
        lib.packed(5), "x", "x", 7.5
    ),
    "pad_packed value text": lambda lib: lib.pad_packed_sequence(lib.packed(5), False, "0"),
    "pad_packed value None": lambda lib: lib.pad_packed_sequence(lib.packed(5), False, None),
    "pad_packed value list": lambda lib: lib.pad_packed_sequence(lib.packed(5), False, [0.0]),
    "pad_packed value array": lambda lib: lib.pad_packed_sequence(
        lib.packed(5), False, np.zeros(())
    ),
    "pad_packed value before total_length": lambda lib: lib.pad_packed_sequence(
        lib.packed(5), False, "x", 7.5
    ),
    # pad_sequence
    "no iterable": lambda lib: lib.pad_sequence(5),
    "None": lambda lib: lib.pad_sequence(None),
    "empty list": lambda lib: lib.pad_sequence([]),
    "empty tuple": lambda lib: lib.pad_sequence(()),
    "array of no sequence": lambda lib: lib.pad_sequence(lib.zeros(0, 3)),
    "padding_side": lambda lib: lib.pad_sequence([lib.zeros(3)], padding_side="x"),
    "padding_side upper": lambda lib: lib.pad_sequence([lib.zeros(3)], False, 0.0, "Left"),
    "empty before padding_side": lambda lib: lib.pad_sequence([], padding_side="x"),
    "padding_side None": lambda lib: lib.pad_sequence([lib.zeros(3)], padding_side=None),
    "pad batch_first": lambda lib: lib.pad_sequence([lib.zeros(3)], 1),
    "pad batch_first NumPy": lambda lib: lib.pad_sequence([lib.zeros(3)], np.True_),
    "pad batch_first before empty": lambda lib: lib.pad_sequence([], 1, "x"),
    "pad value text": lambda lib: lib.pad_sequence([lib.zeros(3)], padding_value="x"),
    "pad value None": lambda lib: lib.pad_sequence([lib.zeros(3)], padding_value=None),
    "pad value complex": lambda lib: lib.pad_sequence([lib.zeros(3)], padding_value=1j),
    "pad value list": lambda lib: lib.pad_sequence([lib.zeros(3)], padding_value=[0.0]),
    "pad value before side": lambda lib: lib.pad_sequence([lib.zeros(3)], False, "x", None),
    # pack_sequence
    "pack_sequence empty": lambda lib: lib.pack_sequence([]),
    "pack_sequence not sorted": lambda lib: lib.packed(2, 3),
    "pack_sequence length 0": lambda lib: lib.packed(3, 0),
    "pack_sequence length 0, sorted here": lambda lib: lib.pack_sequence(
        [lib.zeros(0), lib.zeros(3)], enforce_sorted=False
    ),
    "pack_sequence all of length 0": lambda lib: lib.packed(0, 0),
    "pack_sequence no feature": lambda lib: lib.pack_sequence([lib.zeros(3, 0)]),
    # unpad_sequence
    # PackedSequence
    "data alone": lambda lib: lib.PackedSequence(lib.zeros(5)),
    "a triple": lambda lib: lib.PackedSequence((lib.zeros(5), lib.array([3, 2]), None)),
    "text": lambda lib: lib.PackedSequence("ab"),
    "nothing": lambda lib: lib.PackedSequence(),
    "set a part": lambda lib: setattr(lib.packed(3), "data", 1),
    "index with a tuple": lambda lib: lib.packed(3)[:, -1],
}


def outcome(trigger: Trigger, lib: Library) -> tuple[str, str]:
    try:
        trigger(lib)
    except Exception as error:
        return type(error).__name__, str(error)
    return SILENT, ""


@pytest.mark.parametrize("name", CHECKS)
def test_what_torch_checks_raises_here_alike(name: str) -> None:
    assert outcome(CHECKS[name], OURS) == outcome(CHECKS[name], TORCH) != (SILENT, "")


# --- checks: where torch says nothing, or an internal speaks --------------------------------

# trigger, our class and text, torch's class and a part of its text
STRICTER: dict[str, tuple[Trigger, str, str, str]] = {
    "a length beyond the data": (
        lambda lib: pack(lib, [7, 3, 1]),
        "ValueError",
        "lengths should lie within the 5 steps of the batch, but lengths[0] is 7: "
        "correct it, or say with batch_first which axis is the batch",
        SILENT,
    ),
    "a length beyond the data, sorted here": (
        lambda lib: pack(lib, [3, 1, 6], False, False),
        "ValueError",
        "lengths should lie within the 5 steps of the batch, but lengths[2] is 6: "
        "correct it, or say with batch_first which axis is the batch",
        SILENT,
    ),
    "lengths of float": (
        lambda lib: pack(lib, [5.7, 3.2, 1.9]),
        "TypeError",
        "lengths should be a list or an array of integers, but got list of float64: "
        "convert whole numbers with np.asarray(lengths).astype(np.int64)",
        SILENT,
    ),
    "one length of float": (
        lambda lib: pack(lib, (5, 3.0, 1)),
        "TypeError",
        "lengths should be a list or an array of integers, but got tuple of float64: "
        "convert whole numbers with np.asarray(lengths).astype(np.int64)",
        SILENT,
    ),
    "an array of float": (
        lambda lib: pack(lib, lib.array(np.array([5, 3, 1], "f4"))),
        "TypeError",
        "lengths should be a list or an array of integers, but got numpy.ndarray of float32: "
        "convert whole numbers with np.asarray(lengths).astype(np.int64)",
        SILENT,
    ),
    "lengths of bool": (
        lambda lib: pack(lib, [True, True, True]),
        "TypeError",
        "lengths should be a list or an array of integers, but got list of bool: "
        "count a mask with mask.sum(axis)",
        SILENT,
    ),
    "lengths of text": (
        lambda lib: pack(lib, ["5", "3", "1"]),
        "TypeError",
        "lengths should be an array of numbers or bools, got: dtype <U1. "
        "Convert lengths: np.asarray(lengths).astype(np.float64)",
        "ValueError: too many dimensions 'str'",
    ),
    "lengths None": (
        lambda lib: pack(lib, None),
        "TypeError",
        "lengths should be a NumPy array, got: None. Pass an array of numbers",
        "TypeError: 'NoneType' object cannot be interpreted as an integer",
    ),
    "lengths one by one": (
        lambda lib: pack(lib, iter([5, 3, 1])),
        "TypeError",
        "lengths should be an array of numbers or bools, got: dtype object. "
        "No conversion makes float64 of it. Replace what is no number in lengths first",
        "TypeError: 'list_iterator' object cannot be interpreted as an integer",
    ),
    "lists of several lengths": (
        lambda lib: pack(lib, [[5], [3, 1]]),
        "ValueError",
        "lengths should be an array of numbers, got: list of several lengths or shapes. "
        "Give all its parts one shape",
        "ValueError: expected sequence of length 1 at dim 1 (got 2)",
    ),
    "too few lengths, sorted here": (
        lambda lib: pack(lib, [5, 3], False, False),
        "RuntimeError",
        "Expected `len(lengths)` to be equal to batch_size, but got 2 (batch_size=3)",
        SILENT,
    ),
    "too many lengths, sorted here": (
        lambda lib: pack(lib, [5, 3, 1, 1], False, False),
        "RuntimeError",
        "Expected `len(lengths)` to be equal to batch_size, but got 4 (batch_size=3)",
        "RuntimeError: INDICES element is out of DATA bounds",
    ),
    "no lengths, sorted here": (
        lambda lib: pack(lib, [], False, False),
        "RuntimeError",
        "Expected `len(lengths)` to be equal to batch_size, but got 0 (batch_size=3)",
        "RuntimeError: Cannot pack empty tensors.",
    ),
    "no sequence, sorted here": (
        lambda lib: lib.pack_padded_sequence(lib.zeros(5, 0, 2), [1], False, False),
        "RuntimeError",
        "Cannot pack empty tensors.",
        "RuntimeError: index_select(): self indexing axis dim should be positive",
    ),
    "lengths 2-D, sorted here": (
        lambda lib: pack(lib, [[5, 3, 1]], False, False),
        "RuntimeError",
        "'lengths' argument should be a 1D CPU int64 tensor, but got 2D cpu Long tensor",
        "IndexError: index_select(): Index is supposed to be a vector",
    ),
    "input a list": (
        lambda lib: lib.pack_padded_sequence([lib.zeros(5, 2)], [5]),
        "TypeError",
        "input should be a NumPy array, got: list. Convert input: np.asarray(input)",
        "TypeError: _pack_padded_sequence(): argument 'input' (position 1) must be Tensor",
    ),
    "input of one axis": (
        lambda lib: lib.pack_padded_sequence(lib.zeros(5), [5]),
        "ValueError",
        "input should be (L, N, *), or (N, L, *) with batch_first=True, but got shape (5,): "
        "a single sequence x is the batch x[:, None], or x[None] if batch_first",
        "IndexError: Dimension out of range",
    ),
    "input of one axis, batch_first": (
        lambda lib: lib.pack_padded_sequence(lib.zeros(5), [5], True),
        "ValueError",
        "input should be (L, N, *), or (N, L, *) with batch_first=True, but got shape (5,): "
        "a single sequence x is the batch x[:, None], or x[None] if batch_first",
        "IndexError: Dimension out of range",
    ),
    "input of no axis": (
        lambda lib: lib.pack_padded_sequence(lib.zeros(), [5]),
        "ValueError",
        "input should have an axis for time, but got a single number: "
        "input[None] is a sequence of one step",
        "IndexError: Dimension specified as 1 but tensor has no dimensions",
    ),
    "unpad too few": (
        lambda lib: lib.unpad_sequence(batch(lib), lib.array([5, 3])),
        "ValueError",
        "lengths should be one for each of the 3 sequences, but got 2: "
        "correct them, or say with batch_first which axis is the batch",
        "ValueError: zip() argument 2 is shorter than argument 1",
    ),
    "unpad too many": (
        lambda lib: lib.unpad_sequence(batch(lib), lib.array([5, 3, 1, 1])),
        "ValueError",
        "lengths should be one for each of the 3 sequences, but got 4: "
        "correct them, or say with batch_first which axis is the batch",
        "ValueError: zip() argument 2 is longer than argument 1",
    ),
    "unpad batch_first": (
        lambda lib: lib.unpad_sequence(batch(lib), lib.array([3, 2, 1]), True),
        "ValueError",
        "lengths should be one for each of the 5 sequences, but got 3: "
        "correct them, or say with batch_first which axis is the batch",
        "ValueError: zip() argument 2 is shorter than argument 1",
    ),
    "total_length text": (
        lambda lib: lib.pad_packed_sequence(lib.packed(5), total_length="7"),
        "TypeError",
        "_pad_packed_sequence(): argument 'total_length' (position 5) must be int, not str",
        "TypeError: '<' not supported between instances of 'str' and 'int'",
    ),
    "pack_sequence None": (
        lambda lib: lib.pack_sequence(None),
        "TypeError",
        "sequences should be a list of arrays, got: None. Put the arrays into a list",
        "TypeError: 'NoneType' object is not iterable",
    ),
    "pack_sequence number": (
        lambda lib: lib.pack_sequence(5),
        "TypeError",
        "sequences should be a list of arrays, got: 5. Put the arrays into a list",
        "TypeError: 'int' object is not iterable",
    ),
    "pad_packed an array": (
        lambda lib: lib.pad_packed_sequence(batch(lib)),
        "TypeError",
        "sequence should be a PackedSequence of rnn_ref, but got "
        "numpy.ndarray: of what a network returns, "
        "(output, h_n), give the output; a padded batch goes to unpad_sequence",
        "AttributeError: 'Tensor' object has no attribute 'batch_sizes'",
    ),
    "pad_packed a network's tuple": (
        lambda lib: lib.pad_packed_sequence((lib.packed(3), None)),
        "TypeError",
        "sequence should be a PackedSequence of rnn_ref, but got tuple: of what a network returns, "
        "(output, h_n), give the output; a padded batch goes to unpad_sequence",
        "AttributeError: 'tuple' object has no attribute 'batch_sizes'",
    ),
    "unpack an array": (
        lambda lib: lib.unpack_sequence(batch(lib)),
        "TypeError",
        "packed_sequences should be a PackedSequence of rnn_ref, but got "
        "numpy.ndarray: of what a network returns, "
        "(output, h_n), give the output; a padded batch goes to unpad_sequence",
        "AttributeError: 'Tensor' object has no attribute 'batch_sizes'",
    ),
    "1.5 among integers": (
        lambda lib: lib.pad_packed_sequence(lib.packed(3, dtype="i8"), padding_value=1.5),
        "ValueError",
        "padding_value should be a number that int64 can hold, but got 1.5: "
        "choose another, or convert the sequences first",
        SILENT,
    ),
    "1.5 among integers, not packed": (
        lambda lib: lib.pad_sequence([lib.zeros(3, dtype="i8")], padding_value=1.5),
        "ValueError",
        "padding_value should be a number that int64 can hold, but got 1.5: "
        "choose another, or convert the sequences first",
        SILENT,
    ),
    "2 among bools": (
        lambda lib: lib.pad_sequence([lib.zeros(3, dtype="?")], padding_value=2),
        "ValueError",
        "padding_value should be a number that bool can hold, but got 2: "
        "choose another, or convert the sequences first",
        SILENT,
    ),
    "-1 among bytes": (
        lambda lib: lib.pad_packed_sequence(lib.packed(3, dtype="u1"), padding_value=-1),
        "ValueError",
        "padding_value should be a number that uint8 can hold, but got -1: "
        "choose another, or convert the sequences first",
        SILENT,
    ),
    "300 among bytes": (
        lambda lib: lib.pad_sequence([lib.zeros(3, dtype="u1")], padding_value=300),
        "ValueError",
        "padding_value should be a number that uint8 can hold, but got 300: "
        "choose another, or convert the sequences first",
        "RuntimeError: value cannot be converted to type uint8_t without overflow",
    ),
    "NaN among integers": (
        lambda lib: lib.pad_sequence([lib.zeros(3, dtype="i8")], padding_value=float("nan")),
        "ValueError",
        "padding_value should be a number that int64 can hold, but got nan: "
        "choose another, or convert the sequences first",
        "RuntimeError: value cannot be converted to type int64_t without overflow",
    ),
    "1e300 in float32": (
        lambda lib: lib.pad_sequence([lib.zeros(3)], padding_value=1e300),
        "ValueError",
        "padding_value should be a number that float32 can hold, but got 1e+300: "
        "choose another, or convert the sequences first",
        "RuntimeError: value cannot be converted to type float without overflow",
    ),
    "1j among real numbers": (
        lambda lib: lib.pad_packed_sequence(lib.packed(3), padding_value=1j),
        "ValueError",
        "padding_value should be a number that float32 can hold, but got 1j: "
        "choose another, or convert the sequences first",
        "RuntimeError: value cannot be converted to type float without overflow",
    ),
    "10**60 among bools": (
        lambda lib: lib.pad_packed_sequence(lib.packed(3, dtype="?"), padding_value=10**60),
        "ValueError",
        f"padding_value should be a number that bool can hold, but got {10**60}: "
        "choose another, or convert the sequences first",
        "OverflowError: int too big to convert",
    ),
    "numbers for sequences": (
        lambda lib: lib.pad_sequence([1, 2]),
        "TypeError",
        "sequences[0] should be a NumPy array, got: int. Pass an array of numbers",
        "TypeError: expected Tensor as element 0 in argument 0, but got int",
    ),
    "lists for sequences": (
        lambda lib: lib.pad_sequence([lib.zeros(3), [1, 2]]),
        "TypeError",
        "sequences[1] should be a NumPy array, got: list. Convert "
        "sequences[1]: np.asarray(sequences[1])",
        "TypeError: expected Tensor as element 1 in argument 0, but got list",
    ),
    "lists for sequences to pack": (
        lambda lib: lib.pack_sequence([[1, 2], [3]]),
        "TypeError",
        "sequences[0] should be a NumPy array, got: list. Convert "
        "sequences[0]: np.asarray(sequences[0])",
        "AttributeError: 'list' object has no attribute 'size'",
    ),
    "a sequence of no axis": (
        lambda lib: lib.pad_sequence([lib.zeros(3), lib.zeros()]),
        "ValueError",
        "sequences[1] should have an axis for time, but got a single number: "
        "sequences[1][None] is a sequence of one step",
        "IndexError: Dimension specified as 0 but tensor has no dimensions",
    ),
    "trailing shapes": (
        lambda lib: lib.pack_sequence([lib.zeros(3, 4), lib.zeros(2, 5)]),
        "ValueError",
        "sequences should have the same shape after the first axis, the length, but "
        "sequences[0] is (3, 4) and sequences[1] (2, 5): reshape one",
        "RuntimeError: The size of tensor a (4) must match the size of tensor b (5)",
    ),
    "trailing shapes that broadcast": (
        lambda lib: lib.pad_sequence([lib.zeros(3, 4), lib.zeros(2, 1)]),
        "ValueError",
        "sequences should have the same shape after the first axis, the length, but "
        "sequences[0] is (3, 4) and sequences[1] (2, 1): reshape one",
        SILENT,
    ),
    "numbers of axes that broadcast": (
        lambda lib: lib.pad_sequence([lib.zeros(3, 4), lib.zeros(4)]),
        "ValueError",
        "sequences should have the same shape after the first axis, the length, but "
        "sequences[0] is (3, 4) and sequences[1] (4,): reshape one",
        SILENT,
    ),
    "dtypes": (
        lambda lib: lib.pad_sequence([lib.zeros(3), lib.zeros(3), lib.zeros(2, dtype="f8")]),
        "TypeError",
        "sequences should be of one dtype, but sequences[0] is of float32 and sequences[2] of "
        "float64: convert with .astype",
        SILENT,
    ),
    "unpad beyond the data": (
        lambda lib: lib.unpad_sequence(batch(lib), lib.array([5, 7, 1])),
        "ValueError",
        "lengths should lie within the 5 steps of the batch, but lengths[1] is 7: "
        "correct it, or say with batch_first which axis is the batch",
        SILENT,
    ),
    "unpad a negative length": (
        lambda lib: lib.unpad_sequence(batch(lib), lib.array([5, 3, -1])),
        "ValueError",
        "lengths should lie within the 5 steps of the batch, but lengths[2] is -1: "
        "correct it, or say with batch_first which axis is the batch",
        SILENT,
    ),
    "unpad lengths of float": (
        lambda lib: lib.unpad_sequence(batch(lib), lib.array([2.5, 2.5, 1.5])),
        "TypeError",
        "lengths should be a list or an array of integers, but got numpy.ndarray of float64: "
        "convert whole numbers with np.asarray(lengths).astype(np.int64)",
        SILENT,
    ),
    "unpad lengths of bool": (
        lambda lib: lib.unpad_sequence(batch(lib), lib.array([True, True, True])),
        "TypeError",
        "lengths should be a list or an array of integers, but got numpy.ndarray of bool: "
        "count a mask with mask.sum(axis)",
        SILENT,
    ),
    "unpad lengths 2-D": (
        lambda lib: lib.unpad_sequence(batch(lib), lib.array([[5], [3], [1]])),
        "RuntimeError",
        "'lengths' argument should be a 1D CPU int64 tensor, but got 2D cpu Long tensor",
        SILENT,
    ),
    "unpad one axis": (
        lambda lib: lib.unpad_sequence(lib.zeros(5), lib.array([5])),
        "ValueError",
        "padded_sequences should be (L, N, *), or (N, L, *) with batch_first=True, but got shape "
        "(5,): a single sequence x is the batch x[:, None], or x[None] if batch_first",
        "IndexError: Dimension out of range",
    ),
    "unpad a list": (
        lambda lib: lib.unpad_sequence([lib.zeros(5)], lib.array([5])),
        "TypeError",
        "padded_sequences should be a NumPy array, got: list. Convert "
        "padded_sequences: np.asarray(padded_sequences)",
        "AttributeError: 'list' object has no attribute 'transpose_'",
    ),
    "a permutation with a repeated index": (
        lambda lib: lib.invert_permutation(lib.array([1, 1])),
        "ValueError",
        "permutation should have each of 0 to 1 once, in one row, but got [1, 1]: "
        "np.argsort(-lengths, kind='stable') gives such indices",
        SILENT,
    ),
    "a permutation of 2 axes": (
        lambda lib: lib.invert_permutation(lib.array([[1, 0]])),
        "ValueError",
        "permutation should have each of 0 to 1 once, in one row, but got [[1, 0]]: "
        "np.argsort(-lengths, kind='stable') gives such indices",
        "IndexError: Dimension out of range",
    ),
    "a permutation of float": (
        lambda lib: lib.invert_permutation(lib.array([1.0, 0.0])),
        "TypeError",
        "permutation should be a list or an array of integers, but got numpy.ndarray of float64: "
        "convert whole numbers with np.asarray(permutation).astype(np.int64)",
        "RuntimeError: scatter(): Expected dtype int32/int64 for index",
    ),
    "sorted_indices of float": (
        lambda lib: made(lib, (5,), [3, 2], [1.0, 2.0, 0.0]),
        "TypeError",
        "sorted_indices should be a list or an array of integers, but got "
        "numpy.ndarray of float64: "
        "convert whole numbers with np.asarray(sorted_indices).astype(np.int64)",
        "RuntimeError: scatter(): Expected dtype int32/int64 for index",
    ),
    "unsorted_indices of float": (
        lambda lib: made(lib, (5,), [3, 2], [1, 2, 0], [2.0, 0.0, 1.0]),
        "TypeError",
        "unsorted_indices should be a list or an array of integers, but got "
        "numpy.ndarray of float64: "
        "convert whole numbers with np.asarray(unsorted_indices).astype(np.int64)",
        SILENT,
    ),
}

# PackedSequence made by hand: torch looks at nothing, and fails later or not at all. (Padding the
# one with a negative batch size, it writes outside its memory, and the process may die.)
MADE: dict[str, tuple[tuple[Any, ...], str, str]] = {
    "more rows": (
        ((7, 2), [3, 2]),
        "ValueError",
        "batch_sizes should add up to the 7 rows of data, of shape (7, 2), but add up to 5: "
        "both have to be of the same packed batch",
    ),
    "fewer rows": (
        ((4,), [3, 2]),
        "ValueError",
        "batch_sizes should add up to the 4 rows of data, of shape (4,), but add up to 5: "
        "both have to be of the same packed batch",
    ),
    "a batch that grows": (
        ((8,), [3, 2, 3]),
        "ValueError",
        "batch_sizes should never grow, as no sequence begins late, but got 3 at step 2 after 2: "
        "pack_sequence makes them",
    ),
    "a batch that ends": (
        ((5,), [3, 2, 0]),
        "ValueError",
        "batch_sizes should be positive, but got 0 at the last step: "
        "leave out the steps at which nothing runs",
    ),
    "a batch of less than nothing": (
        ((5,), [3, 3, -1]),
        "ValueError",
        "batch_sizes should be positive, but got -1 at the last step: "
        "leave out the steps at which nothing runs",
    ),
    "no step": (
        ((0,), []),
        "ValueError",
        "batch_sizes should have one entry a step, at least one, in one row, but got shape (0,): "
        "pack_sequence makes them",
    ),
    "batch_sizes 2-D": (
        ((5,), [[3, 2]]),
        "ValueError",
        "batch_sizes should have one entry a step, at least one, in one row, but got shape (1, 2): "
        "pack_sequence makes them",
    ),
    "batch_sizes of float": (
        ((5,), [3.0, 2.0]),
        "TypeError",
        "batch_sizes should be a list or an array of integers, but got numpy.ndarray of float64: "
        "convert whole numbers with np.asarray(batch_sizes).astype(np.int64)",
    ),
    "data of no axis": (
        ((), [1]),
        "ValueError",
        "data should have an axis for time, but got a single number: "
        "data[None] is a sequence of one step",
    ),
    "too few indices": (
        ((5,), [3, 2], [1, 0]),
        "ValueError",
        "sorted_indices should have one entry for each of the 3 sequences that batch_sizes begins "
        "with, but got 2",
    ),
    "an index twice": (
        ((5,), [3, 2], [1, 1, 0]),
        "ValueError",
        "sorted_indices should have each of 0 to 2 once, in one row, but got [1, 1, 0]: "
        "np.argsort(-lengths, kind='stable') gives such indices",
    ),
    "no inverse": (
        ((5,), [3, 2], [1, 2, 0], [1, 2, 0]),
        "ValueError",
        "unsorted_indices should be the inverse of sorted_indices, [2, 0, 1], but got [1, 2, 0]: "
        "leave it out, and it is derived",
    ),
    "the inverse alone": (
        ((5,), [3, 2], None, [1, 2, 0]),
        "ValueError",
        "unsorted_indices came without sorted_indices: give sorted_indices alone, "
        "the other follows from it",
    ),
}


@pytest.mark.parametrize("name", STRICTER)
def test_where_torch_is_silent_or_obscure_we_say_what_to_do(name: str) -> None:
    trigger, kind, text, documented = STRICTER[name]
    assert outcome(trigger, OURS) == (kind, text)
    assert ": ".join(outcome(trigger, TORCH)).startswith(documented)


@pytest.mark.parametrize("name", MADE)
def test_a_packed_sequence_made_by_hand_is_checked(name: str) -> None:
    arguments, kind, text = MADE[name]
    assert outcome(lambda lib: made(lib, *arguments), OURS) == (kind, text)
    assert outcome(lambda lib: made(lib, *arguments), TORCH) == (SILENT, "")


def test_what_torch_makes_of_a_length_beyond_the_data() -> None:
    packed = pack(TORCH, [7, 3, 1])
    assert len(packed.data) == 5 + 3 + 1
    assert packed.batch_sizes.sum() == 7 + 3 + 1  # two rows that are not there
    with pytest.raises(RuntimeError, match=re.escape("start (9) + length (1) exceeds dimension")):
        torch.nn.GRU(2, 3)(packed)


def test_what_torch_makes_of_lengths_that_are_no_integers() -> None:
    assert pack(TORCH, [5.7, 3.2, 1.9]).batch_sizes.tolist() == [3, 2, 2, 1, 1]  # as of [5, 3, 1]
    assert pack(TORCH, [True] * 3).batch_sizes.tolist() == [3]
    one, *_ = theirs.unpad_sequence(batch(TORCH), torch.tensor([2.5, 2.0, 1.0]))
    assert len(one) == 3  # here 2.5 is rounded up


def test_what_torch_makes_of_too_few_lengths_where_it_sorts() -> None:
    packed = pack(TORCH, [5, 3], False, False)
    assert packed.batch_sizes.tolist() == [2, 2, 2, 1, 1]  # the third sequence is gone


def test_what_torch_makes_of_sequences_that_are_not_alike() -> None:
    repeated = theirs.pad_sequence([torch.zeros(3, 4), torch.tensor([[1.0], [2.0]])])
    assert repeated[0, 1].tolist() == [1, 1, 1, 1]
    cut = theirs.pad_sequence([torch.tensor([1, 2]), torch.tensor([0.5, 2.5])])
    assert cut[:, 1].tolist() == [0, 2]
    assert theirs.pad_sequence([torch.tensor([1])] * 2, padding_value=1.5).dtype == torch.int64


@pytest.mark.parametrize("values", [np.array(["a", "b"]), np.array([[1], [2, 3]], object)])
def test_only_numbers_and_bools_are_packed(values: Array) -> None:
    text = f"should be an array of numbers or bools, got: dtype {values.dtype}. No conversion makes"
    for call in (
        lambda: ours.pack_padded_sequence(values[:, None], [2]),
        lambda: ours.pad_sequence([values]),
        lambda: ours.unpad_sequence(values[:, None], [2]),
        lambda: ours.PackedSequence(values, [2]),
    ):
        with pytest.raises(TypeError, match=re.escape(text)):
            call()


def test_a_single_number_is_no_list_of_sequences() -> None:
    for lib in (OURS, TORCH):
        with pytest.raises(TypeError, match=r"iteration over a 0-d|sequences should be a list"):
            lib.pad_sequence(lib.zeros())


def test_options_that_torch_only_asks_for_their_truth() -> None:
    for lib in (OURS, TORCH):
        assert pack(lib, [5, 3, 1], False, "yes").sorted_indices is None
        assert pack(lib, [5, 3, 1], False, 0).sorted_indices is not None
        assert len(lib.unpad_sequence(batch(lib), lib.array([3, 2, 1, 1, 0]), "yes")) == 5


def test_the_comparison_with_torch_can_fail() -> None:
    x = np.arange(6)
    for wrong in (x[::-1], x.astype("f4"), x[None]):
        with pytest.raises(AssertionError):
            assert_same(wrong, tensor(x))
    with pytest.raises(AssertionError):
        assert_same((x, None), (tensor(x), tensor(x)))
    with pytest.raises(AssertionError):
        assert_same([x], (tensor(x),))
