"""Copies of a module, so that what a call leaves behind stays in the copy.

A function holds what it uses in its closure, its defaults and its globals: the modules, arrays and
functions there are copied with it. What else it uses, such as a generator, is shared.
"""

import copy
import functools
from collections.abc import Iterator
from types import CellType, CodeType, FunctionType, MethodType
from typing import Any

CALLABLES = (FunctionType, MethodType, functools.partial)
CONTAINERS = (list, dict, tuple)


def copied(module: Any) -> Any:
    """Copy a module or a function; what cannot be copied is given back itself."""
    try:
        return twin(module)
    except Exception:  # of the class that what is kept in there likes
        return module


def twin(module: Any) -> Any:
    """Copy a module or a function, or raise what keeps it from being copied."""
    if isinstance(module, functools.partial):
        func, arguments, keywords = map(_held, (module.func, module.args, module.keywords))
        return functools.partial(func, *arguments, **keywords)
    if isinstance(module, FunctionType):
        return _function(module)
    other = copy.deepcopy(module)
    if _shares_weights(module, other):
        raise ValueError("A copy with the same weights is none.")
    return other


def _shares_weights(module: Any, other: Any) -> bool:
    """As a module does that says itself how it is copied."""
    if not callable(getattr(module, "parameters", None)):
        return False
    return bool(set(map(id, module.parameters())) & set(map(id, other.parameters())))


def _function(function: FunctionType) -> FunctionType:
    """Build the same function around copies of what it holds."""
    names = set(_names(function.__code__)) & function.__globals__.keys()
    own = {name: function.__globals__[name] for name in names}
    held = {name: copied(value) for name, value in own.items() if _is_module(value)}
    cells = tuple(map(_cell, function.__closure__ or ()))
    scope = function.__globals__ | held
    other = FunctionType(function.__code__, scope, function.__name__, None, cells)
    other.__defaults__ = _held(function.__defaults__)
    other.__kwdefaults__ = _held(function.__kwdefaults__)
    return other


def _cell(cell: CellType) -> CellType:
    """A cell of its own: what is assigned there later stays there."""
    try:
        return CellType(_held(cell.cell_contents))
    except ValueError:  # nothing is in it yet
        return cell


def _held(value: Any) -> Any:
    known = isinstance(value, CALLABLES + CONTAINERS)
    return copied(value) if known or _is_module(value) or _has_numbers(value) else value


def _names(code: CodeType) -> Iterator[str]:
    """The names that a code looks up, and those of the functions that are defined in it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _is_module(value: Any) -> bool:
    """Whether it is called and holds weights, as a network of torch or of ours does."""
    return not isinstance(value, type) and callable(value) and hasattr(value, "state_dict")


def _has_numbers(value: Any) -> bool:
    return hasattr(value, "shape") and hasattr(value, "dtype")
