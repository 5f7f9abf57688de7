"""What comes from a caller: whether it is an array or an option, and what to do if it is not.

One rule for all doors: a message names the argument, says what it should be and what came, and then
the way from the one to the other, `Convert x: ...`, in code of NumPy's that can be run as it is.
The other library is never imported: a tensor is told by what it can do.
"""

import operator
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

PLAIN = (np.ndarray, np.memmap)  # of other subclasses, results or their axes would be others
LARGEST = 2**63 - 1
NUMBERS = "biufc"  # the kinds of dtype, bool among them
PACKED = ("data", "batch_sizes", "sorted_indices", "unsorted_indices")

# What stands between a tensor and its numbers: the method that takes it away, and whether it is so
_BETWEEN: Sequence[tuple[str, Callable[[Any], bool]]] = (
    ("detach", lambda tensor: tensor.requires_grad),
    ("to_dense", lambda tensor: str(tensor.layout) != "torch.strided"),
    ("cpu", lambda tensor: tensor.device.type != "cpu"),
    ("resolve_conj", lambda tensor: tensor.is_conj()),
    ("resolve_neg", lambda tensor: tensor.is_neg()),
    ("float", lambda tensor: not _is_known(str(tensor.dtype).removeprefix("torch."))),
)


def kind(value: object) -> str:
    """Say what came, so that two classes of one name can be told apart.

    Args:
        value: Anything.

    Returns:
        Its class, with the module that it is from unless that is Python itself.
    """
    if value is None:
        return "None"
    cls = type(value)
    return cls.__name__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__name__}"


def shown(value: object) -> str:
    """Show a value, cut where it is long.

    Args:
        value: Anything.

    Returns:
        Its `repr` in one line.
    """
    try:
        text = " ".join(repr(value).split())
    except Exception:  # of someone else's class
        return kind(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def check_type(name: str, value: object, expected: type) -> None:
    """Check the type of an option, with the text that torch has for it.

    Args:
        name: What the argument is called.
        value: What was given.
        expected: bool, int or another class.

    Raises:
        TypeError: It is of another class.
    """
    if not isinstance(value, expected):
        got = type(value).__name__
        raise TypeError(f"{name} should be of type {expected.__name__}, got: {got}")


def check_integer(name: str, value: object) -> None:
    """Check that a number is whole, of Python or of NumPy, and can be a size at all.

    Args:
        name: What the argument is called.
        value: What was given.

    Raises:
        TypeError: It is none, or a float, even a whole one.
        ValueError: It has more than 64 bits.
    """
    try:
        whole = operator.index(value)  # type: ignore[arg-type]
    except Exception:  # of someone else's class
        raise TypeError(f"{name} should be of type int, got: {type(value).__name__}") from None
    if abs(whole) > LARGEST:
        raise ValueError(f"{name} should be at most {LARGEST}, as a size is, got: {shown(value)}")


def check_size(name: str, value: int) -> None:
    """Check the length of an axis.

    Args:
        name: What the argument is called.
        value: What was given.

    Raises:
        TypeError: It is no integer.
        ValueError: It is negative, or has more than 64 bits.
    """
    check_integer(name, value)
    if value < 0:
        raise ValueError(f"{name} should be at least 0, as a size is, got: {value}")


def check_text(name: str, value: object) -> None:
    """Check that a name is a text.

    Args:
        name: What the argument is called.
        value: What was given.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, str):
        raise TypeError(f"{name} should be a text, got: {kind(value)}, {shown(value)}")


def check_choice(name: str, value: object, known: Collection[str]) -> None:
    """Check that a text is one of several.

    Args:
        name: What the argument is called.
        value: What was given.
        known: What could be given.

    Raises:
        ValueError: It is another one, or no text.
    """
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"Unknown {name} {shown(value)}. Known are: {', '.join(known)}.")


def check_truth(name: str, value: object) -> None:
    """Check that a value is true or false; torch takes anything that is.

    Args:
        name: What the argument is called.
        value: What was given.

    Raises:
        TypeError: It is neither, such as an array of several elements.
    """
    try:
        bool(value)
    except Exception:
        raise TypeError(f"{name} should be True or False, got: {kind(value)}") from None


def is_list(value: object) -> bool:
    """Tell what has parts in an order; a text is one thing, and a dict or a set has no such order.

    Args:
        value: Anything.

    Returns:
        Whether it is a list, a tuple, an array with an axis, or the like.
    """
    is_other = isinstance(value, Mapping | Set | str | bytes) or getattr(value, "ndim", 1) == 0
    return isinstance(value, Collection) and not is_other


def check_dtype(name: str, dtype: object, wanted: str) -> None:
    """Check that something names a dtype.

    Args:
        name: What the argument is called.
        dtype: What was given.
        wanted: What it should be, for the message.

    Raises:
        TypeError: It names none.
    """
    try:
        np.dtype(dtype)  # type: ignore[call-overload]
    except Exception:  # of someone else's class, or of NumPy's
        raise TypeError(f"{name} should be {wanted}, got: {shown(dtype)}") from None


def check_mapping(name: str, value: object, of: str) -> None:
    """Check that something is a dict or the like.

    Args:
        name: What the argument is called.
        value: What was given.
        of: What it maps to what, for the message.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} should be a dict, {of}, got: {kind(value)}")


def check_array(name: str, value: object, dtype: np.dtype[Any] | None = None) -> None:
    """Check that something is an array, and no other kind of it.

    A masked array is refused, since nobody here would look at its mask, and a matrix, since it
    never has three axes.

    Args:
        name: What the argument is called.
        value: A NumPy array.
        dtype: What it should be of, for the way there; None if that is open.

    Raises:
        TypeError: It is none.
    """
    if type(value) not in PLAIN:
        raise TypeError(
            f"{name} should be a NumPy array, got: {kind(value)}. {way(name, value, dtype)}"
        )


def check_numbers(name: str, array: Array, code: str = "") -> None:
    """Check that an array holds numbers or bools.

    Args:
        name: What the argument is called.
        array: Of any shape and dtype.
        code: What makes this array of the argument; `""` if the argument is the array.

    Raises:
        TypeError: It holds something else, such as objects, texts or dates.
    """
    if array.dtype.kind not in NUMBERS:
        raise TypeError(
            f"{name} should be an array of numbers or bools, got: dtype {array.dtype}. "
            f"{conversion(name, array, np.dtype(np.float64), code)}"
        )


def way(name: str, value: object, dtype: np.dtype[Any] | None = None) -> str:
    """Say how to make an array of what is none.

    Args:
        name: What the argument is called.
        value: What was given.
        dtype: What the array should be of; None if that is open.

    Returns:
        A sentence; where there is a way, `Convert x: ` and the code.
    """
    if is_packed(value):
        return _way_of_packed(name, value)
    if is_tensor(value):
        return _way_of_tensor(name, value)
    if isinstance(value, np.ma.MaskedArray):
        return (
            f"Convert {name}: {name}.filled(0). "
            "A mask is not read; lengths, and pack_padded_sequence, say where sequences end"
        )
    if isinstance(value, list | tuple | np.ndarray) or hasattr(value, "__array__"):
        return _way_of_parts(name, value, dtype)
    return "Pass an array of numbers"


def conversion(name: str, array: Array, dtype: np.dtype[Any], code: str = "") -> str:
    """Say how to make an array of another dtype.

    Args:
        name: What the argument is called.
        array: Of any shape.
        dtype: What it should be of: float32, float64 or int64.
        code: As in `check_numbers`.

    Returns:
        A sentence; where there is a way, `Convert x: ` and the code.
    """
    code = code or name
    if array.dtype.kind == "c":
        return f"Convert {name}: {code}.real.astype(np.{dtype}), if its imaginary part is zero"
    if _converts(array, dtype):
        return f"Convert {name}: {code}.astype(np.{dtype})"
    if array.dtype.names:
        return f"Choose one of its fields: {', '.join(array.dtype.names)}"
    return f"No conversion makes {dtype} of it. Replace what is no number in {name} first"


def is_tensor(value: object) -> bool:
    """Tell a tensor of torch's, which is not imported for it.

    Args:
        value: Anything.

    Returns:
        Whether its class, or one below it, is torch's, and has data.
    """
    of_torch = any(cls.__module__.split(".")[0] == "torch" for cls in type(value).__mro__)
    return of_torch and hasattr(value, "detach") and hasattr(value, "layout")


def is_packed(value: object) -> bool:
    """Tell a packed batch, ours or torch's.

    Args:
        value: Anything.

    Returns:
        Whether it has the four fields.
    """
    return getattr(value, "_fields", None) == PACKED


def read(name: str, value: Any) -> Array:
    """Read an array where anything like one is welcome.

    Args:
        name: What the argument is called.
        value: An array, a number, lists of numbers, or a tensor: also one that needs a gradient, of
            another device, or of a dtype that NumPy does not have, which becomes float32.

    Returns:
        The array, of any shape and of numbers or bools; not a copy unless it has to be.

    Raises:
        TypeError: It is a masked array, a matrix, a tensor without data, or not of numbers.
        ValueError: It is made of lists of several lengths.
    """
    if is_tensor(value):
        value = _of_tensor(name, value)
    elif isinstance(value, np.ndarray) or value is None or isinstance(value, Mapping | set):
        check_array(name, value)
    try:
        array = np.asarray(value)
    except Exception:  # whatever its parts raise
        raise ValueError(
            f"{name} should be an array of numbers, got: {kind(value)} of several lengths or "
            "shapes. Give all its parts one shape"
        ) from None
    check_numbers(name, array, "" if isinstance(value, np.ndarray) else f"np.asarray({name})")
    return array


def _of_tensor(name: str, tensor: Any) -> Array:
    _check_data(name, tensor)
    for method, is_between in _BETWEEN:
        if is_between(tensor):
            tensor = getattr(tensor, method)()
    array: Array = tensor.numpy()
    return array


def _way_of_tensor(name: str, tensor: Any) -> str:
    if tensor.device.type == "meta":
        return "A tensor on the device meta has no numbers; make it on the CPU"
    return f"Convert {name}: {name}{_calls(tensor)}"


def _check_data(name: str, tensor: Any) -> None:
    if tensor.device.type == "meta":
        raise TypeError(
            f"{name} should be a tensor with data, got: one on the device meta, which has none. "
            "Make it on the CPU"
        )


def _calls(tensor: Any) -> str:
    """The calls that lead from a tensor to its numbers."""
    methods = [method for method, is_between in _BETWEEN if is_between(tensor)]
    return "".join(f".{method}()" for method in [*methods, "numpy"])


def _way_of_packed(name: str, packed: Any) -> str:
    if isinstance(packed.data, np.ndarray):
        return f"It is packed. Convert {name}: rnn_ref.pad_packed_sequence({name})[0]"
    parts = [
        f"{name}.{field}{_calls(part)}"
        for field, part in zip(PACKED[:3], packed, strict=False)
        if is_tensor(part)
    ]
    return f"It is packed by torch. Convert {name}: rnn_ref.PackedSequence({', '.join(parts)})"


def _is_known(dtype: str) -> bool:
    """Whether NumPy itself has a dtype of this name; another library may have added some."""
    try:
        return np.dtype(dtype).isbuiltin == 1
    except TypeError:
        return False


def _way_of_parts(name: str, value: Any, dtype: np.dtype[Any] | None) -> str:
    try:
        array = np.asarray(value)
    except Exception:  # whatever its parts raise
        array = np.asarray(None)
    if array.dtype.kind not in NUMBERS:
        return (
            "Its parts are of several shapes, or no numbers. "
            "pad_sequence makes a batch of arrays of several lengths, and pack_sequence packs them"
        )
    is_open = dtype is None or array.dtype.kind == "c" or isinstance(value, np.ndarray)
    return f"Convert {name}: np.asarray({name}{'' if is_open else f', dtype=np.{dtype}'})"


def _converts(array: Array, dtype: np.dtype[Any]) -> bool:
    try:
        with np.errstate(all="ignore"):
            array.astype(dtype)
    except Exception:  # whatever its elements raise
        return False
    return True
