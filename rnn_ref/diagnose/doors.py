"""What comes from a caller is checked here: a module, its input and what it returns."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from rnn_ref.diagnose.rounding import Floats

NUMBERS = "biuf"  # kinds of NumPy's dtypes that are examined: bool, integers, floats
INTEGERS = "biu"


def check_module(module: object) -> None:
    """Refuse what cannot be called."""
    if isinstance(module, type):
        raise TypeError(
            f"module should be a module, got the class {module.__name__}. "
            f"Make one: {module.__name__}(...)"
        )
    if not callable(module):
        raise TypeError(
            f"module should be callable, as module(x), got: {type(module).__name__}. "
            "Hand over a network, a model or a function of x."
        )


def check_input(module: object, x: Any) -> None:
    """Refuse what holds no real numbers, and what the module's library does not take."""
    _check_is_plain("x", x)
    _check_array(x)
    if 0 in x.shape or not x.shape:
        got = tuple(x.shape)
        raise ValueError(f"Expected x to hold numbers, got shape {got}.")
    _check_dtype(x)
    _check_library(module, x)
    check_numbers("x", numbers(x))


def numbers(value: Any) -> Floats:
    """Turn an array or a tensor into numbers of float64; a complex one into pairs of them."""
    if hasattr(value, "detach"):
        value = value.detach().cpu().resolve_conj().resolve_neg()
        value = (value if value.is_complex() else value.double()).numpy()
    array = np.asarray(value)
    if array.dtype.kind == "c":
        return np.stack([array.real, array.imag], -1).astype(np.float64)
    return np.asarray(array, dtype=np.float64)


def like(x: Any, values: Floats) -> Any:
    """Give x's class, dtype and device to numbers; every call gets memory of its own."""
    if not hasattr(x, "new_tensor"):
        return values.astype(x.dtype)
    return (x.resolve_conj() if x.is_complex() else x).new_tensor(values)


def first(result: Any) -> Any:
    """Give the output of what a module returned, or say how to hand it over."""
    output = result[0] if _begins_with_output(result) else result
    if not hasattr(output, "shape"):
        raise TypeError(
            "The module should return an array or tensor, or a tuple that begins with one, "
            f"got: {type(output).__name__}. {_way_out(output)}"
        )
    _check_is_plain("The output", output)
    return output


def arrays(result: Any, name: str = "the output") -> Iterator[tuple[str, Any]]:
    """Yield all arrays of a result, each with how it is found there."""
    if hasattr(result, "batch_sizes"):  # the rest of a packed one belongs to the lengths
        yield f"{name}.data", result.data
    elif isinstance(result, Mapping):
        for key, value in result.items():
            yield from arrays(value, f"{name}[{key!r}]")
    elif isinstance(result, tuple | list):
        for place, value in enumerate(result):
            yield from arrays(value, f"{name}[{place}]")
    elif hasattr(result, "shape"):
        _check_is_plain("The output", result)
        yield name, result


def check_numbers(what: str, values: Floats) -> None:
    """Refuse NaN: no change can be seen there."""
    bad = int(np.isnan(values).sum())
    if bad:
        raise ValueError(
            f"{what} holds NaN at {bad} of {values.size} places: no change can be seen there."
        )


def _begins_with_output(result: Any) -> bool:
    """A packed sequence is a tuple too, but its data are not the output of samples."""
    return isinstance(result, tuple) and bool(result) and not hasattr(result, "batch_sizes")


def _way_out(output: Any) -> str:
    if hasattr(output, "batch_sizes"):
        return "Unpack it: lambda x: pad_packed_sequence(module(x)[0], batch_first=True)[0]"
    if isinstance(output, Mapping) and output:
        return f"Wrap it: lambda x: module(x)[{next(iter(output))!r}]"
    if isinstance(output, list) and output:
        return "Wrap it: lambda x: module(x)[0]"
    return "Wrap it: lambda x: module(x)[...]"


def _check_array(x: Any) -> None:
    if isinstance(x, type) or not (hasattr(x, "shape") and hasattr(x, "dtype")):
        advice = " Hand over what was padded, and pack it inside of module."
        got = f"{type(x).__name__}.{advice if hasattr(x, 'batch_sizes') else ''}"
        raise TypeError(f"x should be a NumPy array or a torch tensor, got: {got}")


def _check_is_plain(name: str, x: Any) -> None:
    """Refuse arrays whose numbers are not all there, one beside the other."""
    layout = str(getattr(x, "layout", ""))
    for found, kind, advice in (
        (isinstance(x, np.ma.MaskedArray), "a masked array", "Fill it with filled(...)"),
        (getattr(x, "is_nested", False), "a nested tensor", "Pad it with to_padded_tensor(0.0)"),
        (getattr(x, "is_quantized", False), "a quantized tensor", "Convert it with dequantize()"),
        (getattr(x, "is_meta", False), "a tensor on the device meta", "It has none there: move it"),
        ("sparse" in layout, "a sparse tensor", "Convert it with to_dense()"),
    ):
        if found:
            raise TypeError(f"{name} should hold all its numbers, got: {kind}. {advice}.")


def _check_dtype(x: Any) -> None:
    kind = _kind(x)
    if kind == "c":
        raise TypeError(
            f"x should hold real numbers, got: {x.dtype}. Hand over both parts as a last axis, "
            "and join them: lambda x: module(x[..., 0] + 1j * x[..., 1])."
        )
    if kind not in NUMBERS:
        raise TypeError(
            f"x should hold numbers, got dtype: {x.dtype}. Convert x: float32, float64 or integers."
        )


def _kind(x: Any) -> str:
    """The kind of x's dtype, in NumPy's letters, whichever library x is of."""
    if hasattr(x, "is_complex"):
        return "c" if x.is_complex() else "f" if x.is_floating_point() else "i"
    try:
        return str(np.dtype(x.dtype).kind)
    except TypeError:  # a library's own, as bfloat16 of some
        return "V"


def _check_library(module: object, x: Any) -> None:
    """Say what to do; torch's own text for an array does not."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(module, torch.nn.Module) and isinstance(x, np.ndarray):
        raise TypeError(
            f"x should be a torch tensor, as the module {type(module).__name__} is torch's, "
            "got: a NumPy array. Convert x: torch.from_numpy(x), in the dtype of the weights."
        )
