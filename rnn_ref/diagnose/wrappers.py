"""Modules that call another one otherwise, and can be copied and converted as it can."""

from collections.abc import Iterable
from typing import Any, Self

from rnn_ref.diagnose import copies, doors


class Wrapper:
    """Holds a module."""

    def __init__(self, module: Any) -> None:
        """Keep the module."""
        self.module = module

    def __deepcopy__(self, memo: object) -> Self:
        """Copy the module, or raise what keeps it from being copied."""
        other = object.__new__(type(self))
        other.__dict__ |= self.__dict__ | {"module": copies.twin(self.module)}
        return other

    def double(self) -> Self:
        """Convert the weights, if the module can."""
        self.module.double()
        return self

    def parameters(self) -> Iterable[Any]:
        """The weights, if the module has any."""
        weights: Iterable[Any] = getattr(self.module, "parameters", list)()
        return weights

    def modules(self) -> list[Any]:
        """What the module consists of."""
        return parts(self.module)


class Swapped(Wrapper):
    """A module whose input and output begin with L, as one whose input and output begin with N."""

    def __call__(self, x: Any) -> Any:
        """Swap, call, and swap the output."""
        return doors.first(self.module(x.swapaxes(0, 1))).swapaxes(0, 1)


class WithLengths(Wrapper):
    """A module of x and lengths as one of x, which returns one of the arrays that it returned."""

    def __init__(self, module: Any, lengths: Any, place: int) -> None:
        """Keep the module, what it is told, and which array to pick."""
        super().__init__(module)
        self.lengths, self.place = lengths, place

    def __call__(self, x: Any) -> Any:
        """Call the module, and pick the array."""
        return [array for _, array in doors.arrays(self.module(x, self.lengths))][self.place]


def parts(module: Any) -> list[Any]:
    """What a module consists of, itself included; of a function, what it holds is not known."""
    modules = getattr(module, "modules", None)
    return list(modules()) if callable(modules) else [module]


def said_inside(module: Any, option: str, value: bool) -> str:
    """Which network inside was made with an option, if it can be asked."""
    made = (part for part in parts(module) if getattr(part, option, None) is value)
    return next((f"The {type(part).__name__} inside has {option}={value}." for part in made), "")
