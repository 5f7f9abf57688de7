"""What torch refuses, in the order in which it looks, with the text it prints.

Two checks say more than torch 2.13 does, where torch lets an internal speak: for what is no array
it raises an AttributeError about `dim`, for a state of another dtype a RuntimeError about `mat1`.
"""

import numbers
import operator
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]


def check_rnn_options(proj_size: object, nonlinearity: object) -> None:
    """Check what only `torch.nn.RNN` checks, and checks first.

    Args:
        proj_size: None, unless the caller gave one.
        nonlinearity: `"tanh"` or `"relu"`.

    Raises:
        ValueError: A proj_size was given, even 0, or the nonlinearity is unknown.
    """
    if proj_size is not None:
        raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.")


def check_constructor(
    input_size: int,
    hidden_size: int,
    num_layers: int,
    bias: bool,
    batch_first: bool,
    dropout: float,
) -> None:
    """Check the arguments that every recurrent module has.

    bidirectional is not among them: torch takes any value there and asks whether it is true.

    Args:
        input_size: An int of at least 1.
        hidden_size: An int of at least 1.
        num_layers: An integer of at least 1.
        bias: A bool.
        batch_first: A bool.
        dropout: A number in [0, 1].

    Raises:
        TypeError: An argument is of another type.
        ValueError: An argument is out of its range.
    """
    _check_dropout(dropout, num_layers)
    _check_type("bias", bias, bool)
    _check_type("batch_first", batch_first, bool)
    _check_type("input_size", input_size, int)
    _check_positive("input_size", input_size)
    _check_type("hidden_size", hidden_size, int)
    _check_positive("hidden_size", hidden_size)
    _check_positive("num_layers", num_layers)
    operator.index(num_layers)  # a float, even 2.0, is refused by Python itself


def check_parameter_dtype(dtype: DTypeLike) -> None:
    """Check what the weights are to be made of.

    torch also takes half precision and complex numbers; here they raise.

    Args:
        dtype: float32 or float64.

    Raises:
        RuntimeError: Not a dtype of real or complex numbers.
        ValueError: One of those, but not float32 or float64.
    """
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


def check_ranks(input: Array, hx: Array | None) -> None:
    """Check that input and state are arrays, and both batched or both not.

    Args:
        input: (L, N, H_in), (N, L, H_in) or (L, H_in).
        hx: (D*num_layers, N, H_out) or (D*num_layers, H_out); None if there is none.

    Raises:
        TypeError: One of them is no NumPy array.
        ValueError: input has neither 2 nor 3 axes.
        RuntimeError: hx has another number of axes than input.
    """
    _check_array("input", input)
    if input.ndim not in (2, 3):
        raise ValueError(f"RNN: Expected input to be 2D or 3D, got {input.ndim}D tensor instead")
    if hx is None:
        return
    _check_array("hx", hx)
    if hx.ndim != input.ndim:
        kind = "batched" if input.ndim == 3 else "unbatched"
        raise RuntimeError(
            f"For {kind} {input.ndim}-D input, hx should also be {input.ndim}-D "
            f"but got {hx.ndim}-D tensor"
        )


def check_input(input: Array, input_size: int, weight_dtype: np.dtype[Any]) -> None:
    """Check dtype and features of an input.

    Args:
        input: (L, N, H_in).
        input_size: The H_in of the network.
        weight_dtype: The dtype of the network's weights.

    Raises:
        ValueError: input is of another dtype than the weights.
        RuntimeError: The last axis of input is not H_in.
    """
    if input.dtype != weight_dtype:
        raise ValueError(
            f"RNN input dtype (torch.{input.dtype}) does not match weight dtype "
            f"(torch.{weight_dtype}). Convert input: input.to(torch.{weight_dtype}), "
            f"or convert model: model.to(torch.{input.dtype})"
        )
    if input.shape[-1] != input_size:
        raise RuntimeError(
            "input.size(-1) must be equal to input_size. "
            f"Expected {input_size}, got {input.shape[-1]}"
        )


def check_hidden(hx: Array, expected: tuple[int, ...]) -> None:
    """Check the shape of a state; torch prints the two shapes in two kinds of brackets.

    Args:
        hx: (D*num_layers, N, H_out).
        expected: That shape in numbers.

    Raises:
        RuntimeError: hx is of another shape.
    """
    if hx.shape != expected:
        raise RuntimeError(f"Expected hidden size {expected}, got {list(hx.shape)}")


def check_length(L: int) -> None:
    """Check that there is a step to take.

    Args:
        L: Sequence length.

    Raises:
        RuntimeError: The sequence is empty. (An empty batch is none of its business.)
    """
    if L == 0:
        raise RuntimeError("Expected sequence length to be larger than 0 in RNN")


def check_hidden_dtype(hx: Array, weight_dtype: np.dtype[Any]) -> None:
    """Check the dtype of a state.

    torch has no such check; its matrix product fails, "mat1 and mat2 must have the same dtype,
    but got Double and Float". The class is torch's, the text is ours.

    Args:
        hx: (D*num_layers, N, H_out).
        weight_dtype: The dtype of the network's weights.

    Raises:
        RuntimeError: hx is of another dtype than the weights.
    """
    if hx.dtype != weight_dtype:
        raise RuntimeError(
            f"hx dtype ({hx.dtype}) does not match weight dtype ({weight_dtype}). "
            f"Convert hx: hx.astype(np.{weight_dtype})"
        )


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
    if not isinstance(state_dict, Mapping):
        raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
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
    return []


def _check_dropout(dropout: Any, num_layers: int) -> None:
    float(dropout)  # torch converts first: what Python cannot convert raises Python's own error
    is_number = isinstance(dropout, numbers.Number) and not isinstance(dropout, bool)
    if not is_number or not 0 <= dropout <= 1:
        raise ValueError(
            "dropout should be a number in range [0, 1] "
            "representing the probability of an element being zeroed"
        )
    if dropout > 0 and num_layers == 1:
        warnings.warn(
            "dropout option adds dropout after all but last recurrent layer, so non-zero dropout "
            f"expects num_layers greater than 1, but got dropout={dropout} and "
            f"num_layers={num_layers}",
            stacklevel=4,  # the line that calls the constructor
        )


def _check_type(name: str, value: object, expected: type) -> None:
    if not isinstance(value, expected):
        got = type(value).__name__
        raise TypeError(f"{name} should be of type {expected.__name__}, got: {got}")


def _check_positive(name: str, value: int) -> None:
    if value <= 0:
        raise ValueError(f"{name} must be greater than zero")


def _check_array(name: str, value: object) -> None:
    if not isinstance(value, np.ndarray):
        raise TypeError(
            f"{name} should be a NumPy array, got: {type(value).__name__}. "
            f"Convert {name}: np.asarray({name}, dtype=...)"
        )
