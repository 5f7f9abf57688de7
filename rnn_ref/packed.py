"""Sequences of several lengths in one batch: padded to one length, or packed without padding.

A packed batch lists its elements step by step. Of the sequences `a b c` and `x`, step 0 has `a` and
`x`, step 1 has `b`, step 2 has `c`: data is `a x b c`, batch_sizes is `2 1 1`. The longest sequence
stands first, so that those still running are always the first batch_sizes[t] of them.

All functions are those of `torch.nn.utils.rnn`, on arrays of numbers or bools. What torch checks
raises here with torch's class and text. Where torch says nothing, or an internal of it speaks, a
TypeError or a ValueError says what to do. Every array that a function returns owns its memory: it
shares none with an argument.
"""

import cmath
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from rnn_ref import given

Array = NDArray[Any]
Integers = NDArray[np.int64]
Lengths = Sequence[int] | NDArray[np.integer[Any]]


class PackedFields(NamedTuple):
    """Holds the four arrays of a packed batch, unchecked; `PackedSequence` is to be used."""

    data: Array
    batch_sizes: Integers
    sorted_indices: Integers | None
    unsorted_indices: Integers | None


class PackedSequence(PackedFields):
    """A packed batch, `torch.nn.utils.rnn.PackedSequence`: a tuple of four arrays with names.

    `pack_padded_sequence` and `pack_sequence` make one. Made by hand, it holds data itself and
    copies of the three others, and they are checked. (torch checks nothing here; it fails later, or
    not at all.) `packed._replace(data=...)` is the same batch with other features.

    Of torch's methods there are those that a network needs, `float` and `double`, and `astype` for
    any other dtype. There are none for devices.

    Attributes:
        data: The elements, step by step, (sum of lengths, *), any dtype of numbers, or bool.
        batch_sizes: How many sequences run at each step, (L,), int64; it never grows.
        sorted_indices: (N,), int64: the k-th longest sequence is the caller's sorted_indices[k].
            None if the caller's sequences were sorted, and expected to be.
        unsorted_indices: The inverse, (N,), int64: the caller's sequence n is the
            unsorted_indices[n]-th longest. None if sorted_indices is.

    Examples:
        ```python
        import numpy as np

        from rnn_ref import pack_sequence

        packed = pack_sequence([np.array([4, 5]), np.array([1, 2, 3])], enforce_sorted=False)
        data, batch_sizes, sorted_indices, unsorted_indices = packed
        print(data)
        #> [1 4 2 5 3]
        print(batch_sizes)
        #> [2 2 1]
        print(sorted_indices)
        #> [1 0]
        ```
    """

    __slots__ = ()

    def __new__(
        cls,
        data: Array | Sequence[Any],
        batch_sizes: Lengths | None = None,
        sorted_indices: Lengths | None = None,
        unsorted_indices: Lengths | None = None,
    ) -> Self:
        """Check that the four belong together.

        Args:
            data: (sum of batch_sizes, *), numbers or bools; or the pair (data, batch_sizes).
            batch_sizes: (L,), integers: positive, and never more than at the step before.
            sorted_indices: (N,), integers, each of 0 to N-1 once; N is batch_sizes[0].
            unsorted_indices: The inverse of sorted_indices, which it is derived from if None.

        Raises:
            AssertionError: data stands alone and is no pair.
            TypeError: data is no array of numbers or bools, another argument not of integers.
            ValueError: The arguments do not fit together.
        """
        if batch_sizes is None:
            if not (isinstance(data, list | tuple) and len(data) == 2):
                raise AssertionError("Expected data to be a list or tuple of length 2")
            data, batch_sizes = data
        rows = _array("data", data)
        sizes = _integers("batch_sizes", batch_sizes)
        _check_batch_sizes(sizes, rows.shape)
        return super().__new__(
            cls, rows, sizes, *_orders(sorted_indices, unsorted_indices, sizes[0])
        )

    @classmethod
    def _make(cls, iterable: Iterable[Any]) -> Self:  # type: ignore[override]
        return cls(*iterable)  # so that what _replace changes is checked, too

    def __eq__(self, other: object) -> bool:
        """Whether other is a packed batch of equal arrays; NaN equals nothing, as in NumPy."""
        return isinstance(other, PackedSequence) and all(
            np.array_equal(np.asarray(mine), np.asarray(theirs))
            for mine, theirs in zip(self, other, strict=True)
        )

    def __ne__(self, other: object) -> bool:
        """Whether not equal; a tuple would ask its arrays, which have no single answer."""
        return not self == other

    __hash__ = None  # type: ignore[assignment]  # as of an array

    def astype(self, dtype: DTypeLike) -> Self:
        """Convert data, as `numpy.ndarray.astype` does, and torch's `PackedSequence.to`.

        Args:
            dtype: Any dtype of numbers, or bool.

        Returns:
            The same packed batch with converted data; itself if data is of that dtype.

        Raises:
            TypeError: dtype is not one of numbers or bools.

        Examples:
            ```python
            import numpy as np

            from rnn_ref import pack_sequence

            print(pack_sequence([np.array([1, 0])]).astype(bool).data)
            #> [ True False]
            ```
        """
        given.check_dtype("dtype", dtype, "a dtype of NumPy's")
        converted = self.data.astype(dtype, copy=False)
        return self if converted is self.data else self._replace(data=converted)

    def float(self) -> Self:
        """Convert data to float32, as torch's `PackedSequence.float`; see `astype`.

        Returns:
            As `astype` does.
        """
        return self.astype(np.float32)

    def double(self) -> Self:
        """Convert data to float64, as torch's `PackedSequence.double`; see `astype`.

        Returns:
            As `astype` does.
        """
        return self.astype(np.float64)


def invert_permutation(permutation: Lengths | None) -> Integers | None:
    """Find the way back, as `torch.nn.utils.rnn.invert_permutation` does.

    Args:
        permutation: (N,), integers, each of 0 to N-1 once; or None. (Where one is missing torch
            returns whatever stood in memory.)

    Returns:
        inverse, (N,), int64, with inverse[permutation[k]] == k; None of None.

    Raises:
        TypeError: permutation is not of integers.
        ValueError: It is no permutation.

    Examples:
        ```python
        from rnn_ref.packed import invert_permutation

        print(invert_permutation([2, 0, 1]))
        #> [1 2 0]
        ```
    """
    if permutation is None:
        return None
    return _inverse("permutation", _integers("permutation", permutation))


def pack_padded_sequence(
    input: Array, lengths: Lengths, batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """Pack a padded batch, as `torch.nn.utils.rnn.pack_padded_sequence` does.

    Sequences of equal length keep the caller's order. (Where torch sorts 17 or more of them, it may
    mix those of equal length, in the packed batch alone: unpacked they are in order again.)

    Args:
        input: (L, N, *), or (N, L, *) if batch_first, numbers or bools. What stands beyond a length
            is not read.
        lengths: (N,), integers of 1 to L: how many steps of each sequence to keep.
        batch_first: Whether the batch is the first axis of input.
        enforce_sorted: Whether lengths have to be in decreasing order; otherwise sequences are
            sorted here. Any truth value.

    Returns:
        A packed batch, its data (sum of lengths, *) and of the dtype of input, in new memory.

    Raises:
        TypeError: input is no array of numbers or bools, lengths are not integers, batch_first is
            no bool.
        RuntimeError: input has no element, there are more or fewer lengths than N, a length is not
            positive, lengths are not 1-D, or not sorted although they have to be.
        ValueError: input has fewer than two axes, or a length is more than L. (torch cuts data
            there, but not batch_sizes.)

    Examples:
        ```python
        import numpy as np

        from rnn_ref import pack_padded_sequence

        batch = np.array([[1, 2, 0], [4, 5, 6]])
        packed = pack_padded_sequence(batch, [2, 3], batch_first=True, enforce_sorted=False)
        print(packed.data)
        #> [4 1 5 2 6]
        print(packed.batch_sizes)
        #> [2 2 1]
        print(pack_padded_sequence(batch.T, [2, 3], enforce_sorted=False).data)
        #> [4 1 5 2 6]
        ```
    """
    counts = _integers("lengths", lengths)
    input = _array("input", input)
    given.check_truth("enforce_sorted", enforce_sorted)
    _check_argument("_pack_padded_sequence", "batch_first", 3, batch_first, "bool")
    if input.size == 0:
        raise RuntimeError("Cannot pack empty tensors.")
    steps = _time_first("input", input, batch_first)
    L, N = steps.shape[:2]
    _check_lengths(counts, L, N, enforce_sorted)
    batch_sizes = np.count_nonzero(np.arange(counts.max())[:, None] < counts, axis=1)
    sorted_indices = None if enforce_sorted else np.argsort(-counts, kind="stable")
    data = steps[_places(batch_sizes, sorted_indices)]  # (L, N, *) -> (sum of lengths, *)
    return PackedSequence(np.ascontiguousarray(data), batch_sizes, sorted_indices)


def pad_packed_sequence(
    sequence: PackedSequence,
    batch_first: bool = False,
    padding_value: complex = 0.0,
    total_length: int | None = None,
) -> tuple[Array, Integers]:
    """Pad a packed batch, as `torch.nn.utils.rnn.pad_packed_sequence` does.

    Args:
        sequence: A packed batch of N sequences, the longest of L steps.
        batch_first: Whether the batch is to be the first axis of the result.
        padding_value: What stands beyond the end of a sequence; a number that the dtype can hold.
        total_length: Steps of the result, at least L; None means L.

    Returns:
        The padded batch, (total_length, N, *), or (N, total_length, *) if batch_first, of the dtype
        of sequence.data. And the lengths, (N,), int64. Both in the order the sequences had before
        they were packed, both in new memory.

    Raises:
        TypeError: sequence is no packed batch, or an option is of another type.
        ValueError: total_length is less than L, or the dtype cannot hold padding_value.

    Examples:
        ```python
        import numpy as np

        from rnn_ref import pack_sequence, pad_packed_sequence

        packed = pack_sequence([np.array([4]), np.array([1, 2, 3])], enforce_sorted=False)
        batch, lengths = pad_packed_sequence(packed, batch_first=True, padding_value=-1)
        print(batch)
        #> [[ 4 -1 -1]
        #>  [ 1  2  3]]
        print(lengths)
        #> [1 3]
        print(pad_packed_sequence(packed)[0].shape)
        #> (3, 2)
        ```
    """
    _check_packed("sequence", sequence)
    data, batch_sizes, sorted_indices, _ = sequence
    L, N = len(batch_sizes), batch_sizes[0]
    if total_length is None:
        total_length = L
    _check_padding(batch_first, padding_value, total_length, L)
    padded, steps = _filled((total_length, N), data, batch_first, padding_value)
    t, n = _places(batch_sizes, sorted_indices)
    steps[t, n] = data
    return padded, np.bincount(n)


def pad_sequence(
    sequences: Iterable[Array],
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Array:
    """Stack sequences of several lengths, as `torch.nn.utils.rnn.pad_sequence` does.

    Args:
        sequences: N arrays, (length, *), alike but for the length, which may be 0; numbers or
            bools.
        batch_first: Whether the batch is to be the first axis of the result.
        padding_value: What stands beside a shorter sequence; a real number that the dtype can hold.
        padding_side: `"right"`, where a sequence ends, or `"left"`, before it begins.

    Returns:
        The padded batch, (L, N, *), or (N, L, *) if batch_first, where L is the largest length; of
        the dtype of the sequences, in new memory.

    Raises:
        RuntimeError: sequences is not iterable or is empty, or padding_side is another word.
        TypeError: An element is no array of numbers or bools, dtypes differ (torch converts to that
            of the first, silently), or an option is of another type.
        ValueError: Trailing shapes differ (torch repeats what can be broadcast), a sequence has no
            axis, or the dtype cannot hold padding_value (torch cuts 1.5 to 1).

    Examples:
        ```python
        import numpy as np

        from rnn_ref import pad_sequence

        print(pad_sequence([np.array([1, 2, 3]), np.array([4])], batch_first=True))
        #> [[1 2 3]
        #>  [4 0 0]]
        print(pad_sequence([np.array([1, 2, 3]), np.array([4])], True, padding_side="left"))
        #> [[1 2 3]
        #>  [0 0 4]]
        ```
    """
    _check_iterable(sequences)
    arrays = _arrays(sequences)
    _check_argument("pad_sequence", "batch_first", 2, batch_first, "bool")
    _check_argument("pad_sequence", "padding_value", 3, padding_value, "float")
    _check_argument("pad_sequence", "padding_side", 4, padding_side, "str")
    _check_alike(arrays)
    if padding_side not in ("left", "right"):
        raise RuntimeError(
            f"Expected padding_side to be one of left or right, but got {padding_side}."
        )
    L = max(len(sequence) for sequence in arrays)
    padded, steps = _filled((L, len(arrays)), arrays[0], batch_first, padding_value)
    for n, sequence in enumerate(arrays):
        start = L - len(sequence) if padding_side == "left" else 0
        steps[start : start + len(sequence), n] = sequence
    return padded


def unpad_sequence(
    padded_sequences: Array, lengths: Lengths, batch_first: bool = False
) -> list[Array]:
    """Cut a padded batch into its sequences, as `torch.nn.utils.rnn.unpad_sequence` does.

    But it leaves its argument alone. In torch 2.13 the line `padded_sequences.transpose_(0, 1)`,
    with the underscore of an operation in place, turns the caller's (L, N, *) into (N, L, *) unless
    batch_first: a second call with the same tensor cuts along the wrong axis.

    Args:
        padded_sequences: (L, N, *), or (N, L, *) if batch_first, padded at the end; numbers or
            bools.
        lengths: (N,), integers of 0 to L; torch wants a tensor here.
        batch_first: Whether the batch is the first axis. Any truth value.

    Returns:
        N arrays, (length, *), of the dtype of padded_sequences, in new memory.

    Raises:
        TypeError: padded_sequences is no array of numbers or bools, or lengths are not integers.
        RuntimeError: lengths are not 1-D.
        ValueError: There are more or fewer lengths than N, a length is negative or more than L, or
            padded_sequences has fewer than two axes.

    Examples:
        ```python
        import numpy as np

        from rnn_ref import unpad_sequence

        batch = np.array([[1, 2, 3], [4, 0, 0]])
        print(unpad_sequence(batch, [3, 1], batch_first=True))
        #> [array([1, 2, 3]), array([4])]
        print(unpad_sequence(batch.T, [3, 1]))
        #> [array([1, 2, 3]), array([4])]
        ```
    """
    counts = _integers("lengths", lengths)
    padded = _array("padded_sequences", padded_sequences)
    given.check_truth("batch_first", batch_first)
    steps = _time_first("padded_sequences", padded, batch_first)
    _check_one_axis(counts)
    if len(counts) != steps.shape[1]:
        raise ValueError(
            f"lengths should be one for each of the {steps.shape[1]} sequences, but got "
            f"{len(counts)}: correct them, or say with batch_first which axis is the batch"
        )
    _check_reach(counts, len(steps))
    sequences = zip(steps.swapaxes(0, 1), counts, strict=True)
    return [sequence[:length].copy() for sequence, length in sequences]


def pack_sequence(sequences: Iterable[Array], enforce_sorted: bool = True) -> PackedSequence:
    """Pack a list of sequences, as `torch.nn.utils.rnn.pack_sequence` does.

    It is `pack_padded_sequence` of `pad_sequence`, where more is said of both.

    Args:
        sequences: N arrays, (length, *), alike but for the length, which is at least 1; numbers or
            bools.
        enforce_sorted: Whether the longest has to be first, and so on; otherwise sequences are
            sorted here. Any truth value.

    Returns:
        A packed batch, its data (sum of lengths, *) and of the dtype of sequences, in new memory.

    Raises:
        RuntimeError: There is no sequence, one is of length 0, or they are not sorted although they
            have to be.
        TypeError: sequences is not iterable, an element is no array of numbers or bools, or dtypes
            differ.
        ValueError: Trailing shapes differ, or a sequence has no axis.

    Examples:
        ```python
        import numpy as np

        from rnn_ref import pack_sequence

        print(pack_sequence([np.array([1, 2, 3]), np.array([4, 5]), np.array([6])]).data)
        #> [1 4 6 2 5 3]
        ```
    """
    given.check_truth("enforce_sorted", enforce_sorted)
    arrays = _arrays(sequences)
    padded = pad_sequence(arrays)
    lengths = [len(sequence) for sequence in arrays]
    return pack_padded_sequence(padded, lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Array]:
    """Take a packed batch apart, as `torch.nn.utils.rnn.unpack_sequence` does.

    Args:
        packed_sequences: A packed batch of N sequences.

    Returns:
        N arrays, (length, *), in the order they had before they were packed, in new memory.

    Raises:
        TypeError: packed_sequences is no packed batch.

    Examples:
        ```python
        import numpy as np

        from rnn_ref import pack_sequence, unpack_sequence

        packed = pack_sequence([np.array([4]), np.array([1, 2, 3])], enforce_sorted=False)
        print(unpack_sequence(packed))
        #> [array([4]), array([1, 2, 3])]
        ```
    """
    _check_packed("packed_sequences", packed_sequences)
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)


def _places(batch_sizes: Array, sorted_indices: Array | None) -> tuple[Array, Array]:
    """Find the step and the caller's sequence that each row of packed data belongs to."""
    t, k = np.nonzero(np.arange(batch_sizes[0]) < batch_sizes[:, None])
    return t, k if sorted_indices is None else sorted_indices[k]


def _filled(
    sizes: tuple[int, int], like: Array, batch_first: bool, padding_value: complex
) -> tuple[Array, Array]:
    """Make a batch of nothing but padding; the second result is its view (L, N, *)."""
    L, N = sizes
    shape = (N, L) if batch_first else (L, N)
    if not _can_hold(like.dtype, padding_value):
        raise ValueError(
            f"padding_value should be a number that {like.dtype} can hold, but got "
            f"{padding_value!r}: choose another, or convert the sequences first"
        )
    padded = np.full((*shape, *like.shape[1:]), padding_value, like.dtype)
    return padded, _time_first("padded", padded, batch_first)


def _time_first(name: str, array: Array, batch_first: bool) -> Array:
    if array.ndim < 2:
        raise ValueError(
            f"{name} should be (L, N, *), or (N, L, *) with batch_first=True, but got shape "
            f"{array.shape}: a single sequence x is the batch x[:, None], or x[None] if batch_first"
        )
    return array.swapaxes(0, 1) if batch_first else array


def _array(name: str, value: Any) -> Array:
    given.check_array(name, value)
    given.check_numbers(name, value)
    if value.ndim == 0:
        raise ValueError(
            f"{name} should have an axis for time, but got a single number: "
            f"{name}[None] is a sequence of one step"
        )
    return np.asarray(value)


def _check_iterable(sequences: object) -> None:
    if not isinstance(sequences, Iterable):
        raise RuntimeError(
            "pad_sequence: Expected iterable for input sequences, but got arg of type: "
            f"{type(sequences)}"
        )


def _arrays(sequences: Any) -> list[Array]:
    try:
        parts = list(sequences)
    except Exception:  # of someone else's class
        raise TypeError(
            f"sequences should be a list of arrays, got: {given.shown(sequences)}. "
            "Put the arrays into a list"
        ) from None
    return [_array(f"sequences[{n}]", part) for n, part in enumerate(parts)]


def _integers(name: str, values: ArrayLike) -> Integers:
    """Copy what has to be integers; an empty list is as good as an empty array of them."""
    array = np.array(given.read(name, values))
    if array.size > 0 and array.dtype.kind not in "iu":
        convert = f"convert whole numbers with np.asarray({name}).astype(np.int64)"
        advice = "count a mask with mask.sum(axis)" if array.dtype.kind == "b" else convert
        raise TypeError(
            f"{name} should be a list or an array of integers, but got {given.kind(values)} of "
            f"{array.dtype}: {advice}"
        )
    return array.astype(np.int64, copy=False)


def _inverse(name: str, permutation: Integers) -> Integers:
    N = permutation.size
    if not np.array_equal(np.sort(permutation, axis=None), np.arange(N)) or permutation.ndim != 1:
        raise ValueError(
            f"{name} should have each of 0 to {N - 1} once, in one row, but got "
            f"{permutation.tolist()}: np.argsort(-lengths, kind='stable') gives such indices"
        )
    return np.argsort(permutation)


def _orders(
    sorted_indices: Lengths | None, unsorted_indices: Lengths | None, N: int
) -> tuple[Integers | None, Integers | None]:
    """Check the two orders of N sequences, or derive the second of them."""
    if sorted_indices is None:
        if unsorted_indices is not None:
            raise ValueError(
                "unsorted_indices came without sorted_indices: give sorted_indices alone, "
                "the other follows from it"
            )
        return None, None
    order = _integers("sorted_indices", sorted_indices)
    inverse = _inverse("sorted_indices", order)
    if len(order) != N:
        raise ValueError(
            f"sorted_indices should have one entry for each of the {N} sequences that batch_sizes "
            f"begins with, but got {len(order)}"
        )
    if unsorted_indices is not None:
        given = _integers("unsorted_indices", unsorted_indices)
        if not np.array_equal(given, inverse):
            raise ValueError(
                f"unsorted_indices should be the inverse of sorted_indices, {inverse.tolist()}, "
                f"but got {given.tolist()}: leave it out, and it is derived"
            )
    return order, inverse


def _check_batch_sizes(batch_sizes: Integers, shape: tuple[int, ...]) -> None:
    if batch_sizes.ndim != 1 or len(batch_sizes) == 0:
        raise ValueError(
            "batch_sizes should have one entry a step, at least one, in one row, but got shape "
            f"{batch_sizes.shape}: pack_sequence makes them"
        )
    growth = np.flatnonzero(batch_sizes[1:] > batch_sizes[:-1]) + 1
    if growth.size:
        t = growth[0]
        raise ValueError(
            "batch_sizes should never grow, as no sequence begins late, but got "
            f"{batch_sizes[t]} at step {t} after {batch_sizes[t - 1]}: pack_sequence makes them"
        )
    if batch_sizes[-1] <= 0:
        raise ValueError(
            f"batch_sizes should be positive, but got {batch_sizes[-1]} at the last step: leave "
            "out the steps at which nothing runs"
        )
    if batch_sizes.sum() != shape[0]:
        raise ValueError(
            f"batch_sizes should add up to the {shape[0]} rows of data, of shape {shape}, but add "
            f"up to {batch_sizes.sum()}: both have to be of the same packed batch"
        )


def _check_packed(name: str, value: object) -> None:
    if not isinstance(value, PackedSequence):
        output = "of what a network returns, (output, h_n), give the output"
        other = f"{output}; a padded batch goes to unpad_sequence"
        advice = given.way(name, value) if given.is_packed(value) else other
        raise TypeError(
            f"{name} should be a PackedSequence of rnn_ref, but got {given.kind(value)}: {advice}"
        )


def _check_padding(batch_first: bool, padding_value: complex, total_length: int, L: int) -> None:
    """Check the options of pad_packed_sequence, in torch's order."""
    if isinstance(total_length, _KINDS["float"]) and total_length < L:
        raise ValueError(
            "Expected total_length to be at least the length of the longest sequence in input, "
            f"but got total_length={total_length} and max sequence length being {L}"
        )
    _check_argument("_pad_packed_sequence", "batch_first", 3, batch_first, "bool")
    _check_argument("_pad_packed_sequence", "padding_value", 4, padding_value, "Number")
    _check_argument("_pad_packed_sequence", "total_length", 5, total_length, "int")
    given.check_integer("total_length", total_length)


def _check_lengths(lengths: Integers, L: int, N: int, enforce_sorted: bool) -> None:
    """Check the lengths of a batch to pack, in torch's order."""
    _check_one_axis(lengths)
    if len(lengths) != N:
        raise RuntimeError(
            f"Expected `len(lengths)` to be equal to batch_size, but got {len(lengths)} "
            f"(batch_size={N})"
        )
    if (lengths[-1] if enforce_sorted else lengths.min()) <= 0:
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an element in 'lengths' "
            "that is <= 0"
        )
    if enforce_sorted and np.any(lengths[1:] > lengths[:-1]):
        raise RuntimeError(
            "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. "
            "You can pass `enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to "
            "sidestep this requirement if you do not need ONNX exportability."
        )
    _check_reach(lengths, L)


def _check_one_axis(lengths: Integers) -> None:
    if lengths.ndim != 1:
        raise RuntimeError(
            "'lengths' argument should be a 1D CPU int64 tensor, but got "
            f"{lengths.ndim}D cpu Long tensor"
        )


def _check_reach(lengths: Integers, L: int) -> None:
    outside = np.flatnonzero((lengths < 0) | (lengths > L))
    if outside.size:
        n = outside[0]
        raise ValueError(
            f"lengths should lie within the {L} steps of the batch, but lengths[{n}] is "
            f"{lengths[n]}: correct it, or say with batch_first which axis is the batch"
        )


def _check_alike(sequences: Sequence[Array]) -> None:
    if not sequences:
        raise RuntimeError("received an empty list of sequences")
    first = sequences[0]
    for n, sequence in enumerate(sequences):
        if sequence.dtype != first.dtype:
            raise TypeError(
                f"sequences should be of one dtype, but sequences[0] is of {first.dtype} and "
                f"sequences[{n}] of {sequence.dtype}: convert with .astype"
            )
        if sequence.shape[1:] != first.shape[1:]:
            raise ValueError(
                "sequences should have the same shape after the first axis, the length, but "
                f"sequences[0] is {first.shape} and sequences[{n}] {sequence.shape}: reshape one"
            )


# What torch takes for each kind of argument that its texts name
_KINDS: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int, np.integer),
    "float": (int, float, np.integer, np.floating, np.bool),
    "Number": (int, float, complex, np.number, np.bool),
    "str": (str,),
}


def _check_argument(function: str, name: str, position: int, value: object, wanted: str) -> None:
    """Check the type of an option; torch names the function in C++ that does so."""
    kind = type(value)
    if not isinstance(value, _KINDS[wanted]) or (wanted == "int" and kind is bool):
        module = "numpy." if kind.__module__ == "numpy" else ""
        raise TypeError(
            f"{function}(): argument '{name}' (position {position}) must be {wanted}, "
            f"not {module}{kind.__name__}"
        )


def _can_hold(dtype: np.dtype[Any], value: complex) -> bool:
    """Whether a value survives conversion, but for the digits that a float rounds away."""
    if np.iscomplexobj(value) and dtype.kind != "c":
        return False
    try:
        with np.errstate(all="ignore"):
            held = dtype.type(value)
        if dtype.kind in "fc":
            return bool(np.isfinite(held)) == cmath.isfinite(value)
        return bool(held == value)
    except (OverflowError, ValueError):  # as of 300 to uint8, of NaN to integers
        return False
