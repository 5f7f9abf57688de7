"""What torch refuses, in the order in which it looks, with the text it prints.

Some checks say more than torch 2.13 does. It lets an internal speak for what is no array (an
AttributeError about `dim`), for an option of another type (a comparison that fails), for h_0 where
the pair of an LSTM has to be (an index that is out of bounds) and for a state or a cell's input of
another dtype (a RuntimeError about `mat1`); for a state of a batch beside a single row it may raise
nothing. And what it advises for the dtype of an input, `input.to(...)`, no array can do.
"""

import numbers
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rnn_ref import given

Array = NDArray[Any]

# NumPy would try anything else, and a matrix ends Python there
SEEDS = (int, np.integer, np.random.Generator, np.random.BitGenerator, np.random.SeedSequence)


def check_no_projections(proj_size: object) -> None:
    """Check what `torch.nn.RNN` and `torch.nn.GRU` check first.

    Args:
        proj_size: None, unless the caller gave one.

    Raises:
        ValueError: A proj_size was given, even 0.
    """
    if proj_size is not None:
        raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")


def check_nonlinearity(nonlinearity: object) -> None:
    """Check what only `torch.nn.RNN` has.

    Args:
        nonlinearity: `"tanh"` or `"relu"`.

    Raises:
        ValueError: It is neither.
    """
    if not _is_nonlinearity(nonlinearity):
        raise ValueError(
            f"Unknown nonlinearity '{_named(nonlinearity)}'. Select from 'tanh' or 'relu'."
        )


def check_dropout(dropout: Any, num_layers: Any) -> None:
    """Check dropout, which torch looks at before all other options, and warn where it does nothing.

    For what Python cannot convert to a float torch lets Python speak, "could not convert string to
    float"; the class is that one, the text is ours.

    Args:
        dropout: A number in [0, 1].
        num_layers: What was given for it.

    Raises:
        TypeError: It is no number.
        ValueError: It is a text, or out of its range.
    """
    wanted = "dropout should be a number in range [0, 1]"
    try:
        float(dropout)
    except (ValueError, OverflowError):
        raise ValueError(f"{wanted}, got: {given.shown(dropout)}") from None
    except Exception:  # of someone else's class
        raise TypeError(f"{wanted}, got: {given.shown(dropout)}") from None
    is_number = isinstance(dropout, numbers.Number) and not isinstance(dropout, bool)
    if not is_number or not 0 <= dropout <= 1:
        raise ValueError(f"{wanted} representing the probability of an element being zeroed")
    if dropout > 0 and isinstance(num_layers, numbers.Integral) and num_layers == 1:
        warnings.warn(
            "dropout option adds dropout after all but last recurrent layer, so non-zero dropout "
            f"expects num_layers greater than 1, but got dropout={dropout} and "
            f"num_layers={num_layers}",
            stacklevel=4,  # the line that calls the constructor
        )


def check_options(
    input_size: int,
    hidden_size: int,
    num_layers: int,
    bias: bool,
    batch_first: bool,
    bidirectional: object,
    proj_size: int,
) -> None:
    """Check the options that decide the shapes of a network, in torch's order.

    Of num_layers and proj_size torch checks the range alone; what cannot be compared with a number
    raises there "'<=' not supported". bidirectional may be anything that is true or false.

    Args:
        input_size: An int of at least 1.
        hidden_size: An int of at least 1.
        num_layers: An integer of at least 1.
        bias: A bool.
        batch_first: A bool.
        bidirectional: Any truth value.
        proj_size: An integer of at least 0, less than hidden_size.

    Raises:
        TypeError: An argument is of another type.
        ValueError: An argument is out of its range.
    """
    given.check_type("bias", bias, bool)
    given.check_type("batch_first", batch_first, bool)
    for name, size in (("input_size", input_size), ("hidden_size", hidden_size)):
        given.check_type(name, size, int)
        _check_positive(name, size)
    _check_positive("num_layers", num_layers)
    _check_projection(proj_size, hidden_size)
    given.check_truth("bidirectional", bidirectional)


def check_cell_sizes(**sizes: object) -> None:
    """Check that the sizes of a cell are integers; torch lets `empty` say so.

    Args:
        sizes: input_size and hidden_size, by name.

    Raises:
        TypeError: One is no integer, or a bool.
    """
    for name, size in sizes.items():
        given.check_integer(name, size)
        if isinstance(size, bool):
            raise TypeError(f"{name} should be of type int, got: bool")


def generator(seed: object) -> np.random.Generator:
    """Make the generator of weights and dropout.

    Args:
        seed: None, an int, or a `numpy.random.Generator`.

    Raises:
        TypeError: It is of another type.
        ValueError: It is negative.
    """
    wanted = "seed should be None, an int of at least 0 or a numpy.random.Generator"
    if seed is not None and not isinstance(seed, SEEDS):
        raise TypeError(f"{wanted}, got: {given.kind(seed)}")
    if isinstance(seed, numbers.Integral) and seed < 0:
        raise ValueError(f"{wanted}, got: {seed}")
    return np.random.default_rng(seed)


def check_parameter_dtype(dtype: DTypeLike) -> None:
    """Check what the weights are to be made of.

    torch also takes half precision and complex numbers; here they raise.

    Args:
        dtype: float32 or float64.

    Raises:
        TypeError: NumPy knows no such dtype; torch's own, such as `torch.float32`, is none.
        RuntimeError: Not a dtype of real or complex numbers.
        ValueError: One of those, but not float32 or float64.
    """
    given.check_dtype("dtype", dtype, "np.float32 or np.float64")
    if not np.issubdtype(dtype, np.inexact):
        raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
    # NumPy reads None as float64, torch as float32
    if dtype is None or np.dtype(dtype) not in (np.float32, np.float64):
        raise ValueError(f"dtype should be float32 or float64, got: {dtype}")


def check_training_mode(mode: object) -> None:
    """Check the argument of `train`.

    Args:
        mode: A bool.

    Raises:
        ValueError: mode is no bool.
    """
    if not isinstance(mode, bool):
        raise ValueError("training mode is expected to be boolean")


def check_dimensions(shapes: Iterable[tuple[int, ...]]) -> None:
    """Check all that a cell's constructor checks: that there can be weights of these shapes.

    Args:
        shapes: The shapes of the weights, none of them negative.

    Raises:
        RuntimeError: A size is negative.
    """
    for shape in shapes:
        for size in shape:
            if size < 0:
                raise RuntimeError(
                    f"Trying to create tensor with negative dimension {size}: {list(shape)}"
                )


def check_rank(owner: str, name: str, array: Array, ranks: tuple[int, int]) -> None:
    """Check that an input, or a state of a cell, is an array with or without a batch axis.

    Args:
        owner: The class that says so, such as `"LSTM"` or `"LSTMCell"`.
        name: What torch calls the array: `"input"`, `"hidden"`, `"hx[0]"`.
        array: Of one of two numbers of axes.
        ranks: The numbers of axes: unbatched, batched.

    Raises:
        TypeError: array is no NumPy array.
        ValueError: array has another number of axes.
    """
    given.check_array(name, array)
    if array.ndim not in ranks:
        got = f"{array.ndim}D{' tensor' if owner == 'RNN' else ''}"  # torch's RNN alone says it
        raise ValueError(
            f"{owner}: Expected {name} to be {ranks[0]}D or {ranks[1]}D, got {got} instead"
        )


def check_state_arrays(hx: Sequence[Array], ndim: int) -> None:
    """Check that the states of a network or a cell are arrays.

    It is all that torch asks beside a packed input.

    Args:
        hx: One state, or the two of an LSTM.
        ndim: The axes that a state has to have, to tell a pair of states from the rows of one.

    Raises:
        TypeError: A state is no NumPy array.
    """
    for name, state in zip(_state_names(hx), hx, strict=True):
        if len(hx) == 1 and isinstance(state, tuple | list) and _are_states(state, ndim):
            raise TypeError(
                f"{name} should be one array, h_0, got: a {type(state).__name__} of "
                f"{len(state)}. Only an LSTM has a pair. Convert {name}: {name}[0]"
            )
        if state is None:
            raise TypeError(
                f"{name} should be a NumPy array, got: None. Pass zeros of its shape if there is "
                "nothing to remember in this one"
            )
        given.check_array(name, state)


def check_pair(owner: str, hx: object) -> None:
    """Check that the states of an LSTM are a pair; torch takes what can be indexed, and fails.

    Args:
        owner: The class that says so, `"LSTM"` or `"LSTMCell"`.
        hx: The states, a tuple or a list.

    Raises:
        TypeError: It is neither, such as h_0 alone.
    """
    if not isinstance(hx, tuple | list):
        alone = f" of shape {hx.shape}" if isinstance(hx, np.ndarray) else ""
        raise TypeError(
            f"{owner}: hx should be the pair (h_0, c_0), got: {given.kind(hx)}{alone}. "
            "Pass both states, and zeros of the shape of c_0 if there is none to go on from"
        )


def check_state_ranks(input: Array, hx: Sequence[Array]) -> None:
    """Check that the states of a network are arrays, and batched where the input is.

    Args:
        input: (L, N, H_in), (N, L, H_in) or (L, H_in).
        hx: One state, or the two of an LSTM: (D*num_layers, N, features) or (D*num_layers,
            features).

    Raises:
        TypeError: A state is no NumPy array.
        RuntimeError: A state has another number of axes than input.
    """
    check_state_arrays(hx, input.ndim)
    if any(state.ndim != input.ndim for state in hx):
        kind = "batched" if input.ndim == 3 else "unbatched"
        ranks = ", ".join(f"{state.ndim}-D" for state in hx)
        wanted, got = ("hx", f"{ranks} tensor")
        if len(hx) == 2:
            wanted, got = ("hx and cx", f"({ranks}) tensors")
        raise RuntimeError(
            f"For {kind} {input.ndim}-D input, {wanted} should also be {input.ndim}-D but got {got}"
        )


def check_input(input: Array, ndim: int, input_size: int, weight_dtype: np.dtype[Any]) -> None:
    """Check dtype, axes and features of an input.

    torch does not look at what is packed for an LSTM; a matrix product fails, or nothing does. Here
    it is checked as that of the others is. Of another dtype, torch advises `input.to(...)`, which
    no array has; what is said here, an array can do.

    Args:
        input: (L, N, H_in), or the data of a packed one, (sum of lengths, H_in).
        ndim: 3, or 2 for a packed one.
        input_size: The H_in of the network.
        weight_dtype: The dtype of the network's weights.

    Raises:
        ValueError: input is of another dtype than the weights.
        RuntimeError: input has another number of axes, or its last one is not H_in.
    """
    if input.dtype != weight_dtype:
        raise ValueError(
            f"RNN input dtype ({input.dtype}) does not match weight dtype ({weight_dtype}). "
            f"{given.conversion('input', input, weight_dtype)}{_other_network(input.dtype)}"
        )
    if input.ndim != ndim:
        raise RuntimeError(f"input must have {ndim} dimensions, got {input.ndim}")
    if input.shape[-1] != input_size:
        raise RuntimeError(
            "input.size(-1) must be equal to input_size. "
            f"Expected {input_size}, got {input.shape[-1]}"
        )


def check_state_shapes(hx: Sequence[Array], expected: Sequence[tuple[int, ...]]) -> None:
    """Check the shapes of a network's states; torch prints them in two kinds of brackets.

    Args:
        hx: One state, (D*num_layers, N, H_out), or the two of an LSTM, the second of them
            (D*num_layers, N, H_cell).
        expected: These shapes in numbers.

    Raises:
        RuntimeError: A state is of another shape.
    """
    for i, (state, shape) in enumerate(zip(hx, expected, strict=False)):
        if state.shape != shape:
            name = "hidden" if len(expected) == 1 else f"hidden[{i}]"
            raise RuntimeError(f"Expected {name} size {shape}, got {list(state.shape)}")


def check_state_count(owner: str, hx: Sequence[Array], count: int) -> None:
    """Check that there are as many states as there have to be; torch's text knows only the LSTM's.

    Args:
        owner: `"lstm"` or `"lstm_cell"`; others have one state, which is no sequence.
        hx: The states.
        count: 2, for h_0 and c_0, and 1 for all others.

    Raises:
        RuntimeError: There are more or fewer.
    """
    if len(hx) != count:
        raise RuntimeError(f"{owner} expects two hidden states")


def check_length(L: int) -> None:
    """Check that there is a step to take.

    Args:
        L: Sequence length.

    Raises:
        RuntimeError: The sequence is empty. (An empty batch is none of its business.)
    """
    if L == 0:
        raise RuntimeError("Expected sequence length to be larger than 0 in RNN")


def check_state_dtypes(hx: Sequence[Array], weight_dtype: np.dtype[Any]) -> None:
    """Check the dtype of states.

    torch has no such check; its matrix product fails, "mat1 and mat2 must have the same dtype,
    but got Double and Float". The class is torch's, the text is ours. A c_0 that is only added
    passes in torch where the default implementation runs; here it raises too.

    Args:
        hx: One state, or the two of an LSTM, of any shape.
        weight_dtype: The dtype of the weights.

    Raises:
        RuntimeError: A state is of another dtype than the weights.
    """
    for name, state in zip(_state_names(hx), hx, strict=True):
        _check_dtype(name, state, weight_dtype)


def check_cell_ranks(owner: str, input: Array, hx: Sequence[Array] | None) -> None:
    """Check that a cell's input and states are arrays of one or two axes.

    Args:
        owner: `"RNNCell"`, `"LSTMCell"` or `"GRUCell"`.
        input: (N, H_in) or (H_in,).
        hx: One state, or the two of an LSTMCell: (N, H_cell) or (H_cell,); None if there is none.

    Raises:
        TypeError: One of them is no NumPy array, or the states of an LSTMCell are no pair.
        ValueError: One of them has another number of axes.
    """
    check_rank(owner, "input", input, (1, 2))
    states = [] if hx is None else hx
    if hx is not None and owner == "LSTMCell":
        check_pair(owner, hx)
    check_state_arrays(states, input.ndim)
    for i, state in enumerate(states):
        check_rank(owner, f"hx[{i}]" if owner == "LSTMCell" else "hidden", state, (1, 2))


def check_cell_nonlinearity(nonlinearity: object) -> None:
    """Check what an RNNCell's constructor does not; torch looks when it is called.

    Args:
        nonlinearity: `"tanh"` or `"relu"`.

    Raises:
        RuntimeError: It is neither.
    """
    if not _is_nonlinearity(nonlinearity):
        raise RuntimeError(f"Unknown nonlinearity: {_named(nonlinearity)}")


def check_cell_input(input: Array, input_size: int) -> None:
    """Check the features of a cell's input.

    Args:
        input: (N, H_in).
        input_size: The H_in of the cell.

    Raises:
        RuntimeError: The last axis of input is not H_in.
    """
    if input.shape[1] != input_size:
        raise RuntimeError(
            f"input has inconsistent input_size: got {input.shape[1]} expected {input_size}"
        )


def check_cell_states(hx: Sequence[Array], N: int, hidden_size: int) -> None:
    """Check the sizes of a cell's states, one after the other.

    An unbatched call adds the batch axis to what it was given, so that a state of a batch has three
    axes here. torch reads the second of them as features and, where that fits by chance, goes on;
    of a state that has no features it says "Dimension out of range".

    Args:
        hx: One state, or the two of an LSTMCell, each (N, H_cell).
        N: The batch size of the input.
        hidden_size: The H_cell of the cell.

    Raises:
        RuntimeError: A state is of another batch size, has other features, none, or a third axis.
    """
    for i, state in enumerate(hx):
        if state.shape[0] != N:
            raise RuntimeError(
                f"Input batch size {N} doesn't match hidden{i} batch size {state.shape[0]}"
            )
        if state.ndim == 1:
            raise RuntimeError(f"For batched 2-D input, hidden{i} should also be 2-D but got 1-D")
        if state.shape[1] != hidden_size:
            raise RuntimeError(
                f"hidden{i} has inconsistent hidden_size: got {state.shape[1]}, "
                f"expected {hidden_size}"
            )
        if state.ndim > 2:
            raise RuntimeError(f"For unbatched 1-D input, hidden{i} should also be 1-D but got 2-D")


def check_cell_dtypes(input: Array, hx: Sequence[Array], weight_dtype: np.dtype[Any]) -> None:
    """Check the dtypes of a cell's input and states; what torch says is in `check_state_dtypes`.

    Args:
        input: (N, H_in).
        hx: One state, or the two of an LSTMCell, each (N, H_cell).
        weight_dtype: The dtype of the weights.

    Raises:
        RuntimeError: One of them is of another dtype than the weights.
    """
    _check_dtype("input", input, weight_dtype)
    check_state_dtypes(hx, weight_dtype)


def check_mapping(state_dict: object) -> None:
    """Check that a state_dict is one.

    Args:
        state_dict: Arrays, or tensors that NumPy can read, by name.

    Raises:
        TypeError: It is no mapping.
    """
    if not isinstance(state_dict, Mapping):
        raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")


def check_state_dict(
    owner: str, state_dict: Mapping[str, Any], expected: Mapping[str, tuple[int, ...]]
) -> None:
    """Check that a state_dict has the right names and shapes, and list all that is wrong.

    Args:
        owner: The class that loads it, such as `"RNN"`.
        state_dict: Arrays, or tensors that NumPy can read, by name.
        expected: The shape of each parameter, by name.

    Raises:
        TypeError: state_dict is no mapping.
        RuntimeError: Names are missing or unknown, or values are no arrays or of another shape.
    """
    check_mapping(state_dict)
    missing = [name for name in expected if name not in state_dict]
    unexpected = [name for name in state_dict if name not in expected]
    present = [name for name in expected if name in state_dict]
    problems = [
        *_listed("Missing", missing),
        *_listed("Unexpected", unexpected),
        *(text for name in present for text in _mismatch(name, state_dict[name], expected[name])),
    ]
    if problems:
        listing = "\n\t".join(problems)
        raise RuntimeError(f"Error(s) in loading state_dict for {owner}:\n\t{listing}")


def _listed(what: str, names: list[str]) -> list[str]:
    quoted = ", ".join(f'"{name}"' for name in names)
    return [f"{what} key(s) in state_dict: {quoted}. "] if names else []


def _mismatch(name: str, value: Any, shape: tuple[int, ...]) -> list[str]:
    if not hasattr(value, "__array__"):
        return [
            f'While copying the parameter named "{name}", expected torch.Tensor or '
            f"Tensor-like object from checkpoint but received {type(value)}"
        ]
    if tuple(value.shape) != shape:
        return [
            f"size mismatch for {name}: copying a param with shape "
            f"torch.Size({list(value.shape)}) from checkpoint, "
            f"the shape in current model is torch.Size({list(shape)})."
        ]
    try:
        given.read(name, value)
    except (TypeError, ValueError) as error:
        return [f'While copying the parameter named "{name}", {error}']
    return []


def _check_positive(name: str, value: int) -> None:
    given.check_integer(name, value)
    if value <= 0:
        raise ValueError(f"{name} must be greater than zero")


def _check_projection(proj_size: int, hidden_size: int) -> None:
    given.check_integer("proj_size", proj_size)
    if proj_size < 0:
        raise ValueError("proj_size should be a positive integer or zero to disable projections")
    if proj_size >= hidden_size:
        raise ValueError("proj_size has to be smaller than hidden_size")
    if isinstance(proj_size, bool) and proj_size:  # torch's own text speaks of empty()
        raise TypeError("proj_size should be of type int, got: bool")


def _check_dtype(name: str, array: Array, weight_dtype: np.dtype[Any]) -> None:
    if array.dtype != weight_dtype:
        raise RuntimeError(
            f"{name} dtype ({array.dtype}) does not match weight dtype ({weight_dtype}). "
            f"{given.conversion(name, array, weight_dtype)}"
        )


def _other_network(dtype: np.dtype[Any]) -> str:
    """Say that another network could read an input, if one could."""
    can_be = dtype in (np.float32, np.float64)
    return f", or make the network with dtype=np.{dtype}" if can_be else ""


def _is_nonlinearity(nonlinearity: object) -> bool:
    return isinstance(nonlinearity, str) and nonlinearity in ("tanh", "relu")


def _named(nonlinearity: object) -> str:
    return nonlinearity if isinstance(nonlinearity, str) else given.shown(nonlinearity)


def _are_states(hx: Sequence[Any], ndim: int) -> bool:
    """Tell a pair of states from one that is a list of its rows."""
    return any(isinstance(part, np.ndarray) and part.ndim == ndim for part in hx)


def _state_names(hx: Sequence[Array]) -> list[str]:
    return ["hx"] if len(hx) == 1 else [f"hx[{i}]" for i in range(len(hx))]
