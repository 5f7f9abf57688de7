"""torch on a machine that rounds otherwise, as a mode that sees each call of its functions."""

import functools
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch._C._functorch import is_functorch_wrapped_tensor
from torch.overrides import TorchFunctionMode

from tests.arithmetic.rounding import Floats, Rounding, known_as


class RoundedTorch(TorchFunctionMode):
    """Moves what rounded functions give, in place: whoever has the result has it moved.

    What `torch.compile` makes runs as it does here: it would read the mode as the model's code.
    """

    def __init__(self, rounding: Rounding):
        super().__init__()
        self.rounding = rounding
        self.compile = torch.compile

    def __enter__(self) -> "RoundedTorch":
        torch.compile = functools.partial(_compiled_outside, self.compile)
        return super().__enter__()

    def __exit__(self, *raised: Any) -> None:
        super().__exit__(*raised)
        torch.compile = self.compile

    def __torch_function__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Call the function, outside of the mode, and move its results."""
        kwargs = kwargs or {}
        self.rounding.calls += 1
        result = function(*args, **kwargs)
        name = function.__name__
        if name == "__get__":
            if function.__self__ is Tensor.grad and result is not None and not _in_optimizer():
                self._gradient(result)
        elif (known := known_as(name)) and not _in_optimizer():
            self._call(known, function, args, kwargs, result)
        return result

    def _gradient(self, grad: Tensor) -> None:
        """Move what `backward` left in a parameter, when it is first read."""
        if not hasattr(grad, "rounded_elsewhere"):
            self._call("grad", None, (), {}, grad)
            grad.rounded_elsewhere = True  # type: ignore[attr-defined]

    def _call(self, name: str, function: Any, args: Any, kwargs: Any, result: Any) -> None:
        layouts = tuple(layout(tensor) for tensor in tensors((args, kwargs)))

        def recall(change: Callable[[Tensor], Tensor]) -> Floats:
            return _floats(function(*changed(args, change), **changed(kwargs, change)))

        for tensor in tensors(result):
            if _is_plain(tensor):
                precision = torch.finfo(tensor.dtype).eps
                moved = self.rounding.move(name, layouts, _floats(tensor), precision, recall)
                tensor.data.copy_(torch.from_numpy(np.asarray(moved)))


def _compiled_outside(compiler: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Compile a model, so that no mode of torch is in its calls."""
    compiled = compiler(*args, **options)

    def call(*args: Any, **kwargs: Any) -> Any:
        with torch._C.DisableTorchFunction():
            return compiled(*args, **kwargs)

    return call


def _in_optimizer() -> bool:
    """Tell whether an optimizer calls: what it does with a gradient, nobody compares."""
    return sys._getframe(2).f_globals.get("__name__", "").startswith("torch.optim")


def _floats(tensor: Tensor) -> Floats:
    tensor = tensor.detach()
    return np.asarray((tensor if tensor.itemsize >= 4 else tensor.float()).numpy())


def tensors(value: Any) -> Iterator[Tensor]:
    """Yield the tensors in arguments or results."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from tensors(item)
    elif isinstance(value, dict):
        yield from tensors(list(value.values()))


def changed(value: Any, change: Callable[[Tensor], Tensor]) -> Any:
    """Return arguments with each tensor of floats changed, in a dtype that holds all results."""
    if isinstance(value, Tensor):
        if not value.is_floating_point():
            return value
        return change(value.detach()).to(value.dtype)
    if isinstance(value, dict):
        return {key: changed(item, change) for key, item in value.items() if key != "out"}
    if type(value) in (tuple, list):
        return type(value)(changed(item, change) for item in value)
    return value


def layout(tensor: Tensor) -> tuple[object, ...]:
    """Return what a kernel is chosen by: sizes, strides, and how the first number is aligned."""
    offset = tensor.storage_offset() * tensor.element_size() % 64
    return (str(tensor.dtype), tuple(tensor.shape), tensor.stride(), offset)


def _is_plain(tensor: Tensor) -> bool:
    """Tell whether a tensor has numbers of its own; what an export is made of has shapes only."""
    return (
        type(tensor) in (Tensor, torch.nn.Parameter)
        and tensor.is_floating_point()
        and tensor.device.type == "cpu"
        and tensor.layout == torch.strided
        and not is_functorch_wrapped_tensor(tensor)
    )
