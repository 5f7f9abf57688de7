"""NumPy on a machine that rounds otherwise: in the code of a page, and in that of rnn_ref.

NumPy has no mode that sees its calls. But its calls are written in code that we compile: there
`a @ b` becomes `__rounded__.matmul(a, b)`, and `np.tanh(a)` becomes `__rounded__(np.tanh, a)`.
"""

import ast
import contextlib
import copy
import functools
import importlib.machinery
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tests.arithmetic.rounding import Floats, Rounding, known_as

NAME = "__rounded__"
PACKAGE = "rnn_ref"


class RoundedCalls:
    """What the code calls in place of NumPy; `rounding` is the machine that it runs on."""

    rounding: Rounding

    def __call__(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Call a function or method and, if it is one of NumPy, move its results."""
        result = function(*args, **kwargs)
        owner = getattr(function, "__self__", None)
        if isinstance(owner, (np.ndarray, np.generic)):
            name, args = function.__name__, (owner, *args)
            return self._moved(name, getattr(np, name, function), args, kwargs, result)
        if isinstance(function, np.ufunc) or _module(function).startswith("numpy"):
            return self._moved(function.__name__, function, args, kwargs, result)
        return result

    def matmul(self, left: Any, right: Any) -> Any:
        """Return `left @ right`, moved if it is NumPy's."""
        result = left @ right
        ours = isinstance(result, (np.ndarray, np.generic))
        return self._moved("matmul", np.matmul, (left, right), {}, result) if ours else result

    def _moved(self, name: str, function: Any, args: Any, kwargs: Any, result: Any) -> Any:
        known = known_as(name)
        self.rounding.calls += 1
        floats = isinstance(result, (np.ndarray, np.floating)) and result.dtype.kind == "f"
        if known is None or not floats or (kwargs.get("out") is None and _is_view(result, args)):
            return result

        def recall(change: Callable[[Any], Any]) -> Floats:
            # A product of truths is a truth, but here they are counted.
            given = [change(a).astype(a.dtype) if isinstance(a, np.ndarray) else a for a in args]
            named = {key: value for key, value in kwargs.items() if key != "out"}
            return np.asarray(function(*given, **named))

        arrays = [a for a in args if isinstance(a, np.ndarray)]
        layouts = tuple((a.dtype.str, a.shape, a.strides) for a in arrays)
        values = np.asarray(result, np.result_type(result, np.float32))
        moved = self.rounding.move(known, layouts, values, np.finfo(result.dtype).eps, recall)
        if isinstance(result, np.generic):
            return type(result)(moved)
        result[...] = moved
        return result


def _module(function: Any) -> str:
    return getattr(function, "__module__", None) or ""


def _is_view(result: Any, args: tuple[Any, ...]) -> bool:
    return any(isinstance(a, np.ndarray) and np.may_share_memory(result, a) for a in args)


class _Calls(ast.NodeTransformer):
    """Puts `__rounded__` between the code and what it calls."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.MatMult):
            return node
        matmul = ast.Attribute(ast.Name(NAME, ast.Load()), "matmul", ast.Load())
        return ast.copy_location(ast.Call(matmul, [node.left, node.right], []), node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        called = node.func.id if isinstance(node.func, ast.Name) else called
        if known_as(called) is None:
            return node
        rounded = ast.Name(NAME, ast.Load())
        return ast.copy_location(ast.Call(rounded, [node.func, *node.args], node.keywords), node)


@functools.cache
def rewritten(node: Any) -> Any:
    """Return code that calls NumPy through `__rounded__`, with the lines of the code it is from."""
    return ast.fix_missing_locations(_Calls().visit(copy.deepcopy(node)))


class _Loader(importlib.machinery.SourceFileLoader):
    """Compiles a module of the package anew; what Python keeps of it stays as it is."""

    calls: RoundedCalls

    def get_code(self, fullname: str) -> types.CodeType:
        tree = rewritten(ast.parse(self.get_data(self.path)))
        # Another name than the file's: what runs here is not the code that the tests cover.
        return compile(tree, f"{self.path} (rounded)", "exec", dont_inherit=True)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__dict__[NAME] = self.calls
        super().exec_module(module)


class RoundedPackage:
    """A second rnn_ref in this process; within `imported` it is the one that is imported."""

    def __init__(self, calls: RoundedCalls):
        self.loader = type("Loader", (_Loader,), {"calls": calls})
        self.modules: dict[str, types.ModuleType] = {}

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Find a module of the package, as an entry of `sys.meta_path`."""
        spec = None
        if name.partition(".")[0] == PACKAGE:
            spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = self.loader(spec.loader.name, spec.loader.path)
        return spec

    @contextlib.contextmanager
    def imported(self) -> Iterator[None]:
        plain = _taken_out()
        sys.modules.update(self.modules)
        sys.meta_path.insert(0, self)
        try:
            yield
        finally:
            sys.meta_path.remove(self)
            self.modules = _taken_out()
            sys.modules.update(plain)


def _taken_out() -> dict[str, types.ModuleType]:
    names = [name for name in sys.modules if name.partition(".")[0] == PACKAGE]
    return {name: sys.modules.pop(name) for name in names}
