"""How the package hangs together: no torch, arrows one way, short functions."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import rnn_ref

PACKAGE = Path(rnn_ref.__file__).parent
FILES = sorted(PACKAGE.glob("*.py"))
THIRD_PARTY = {"numpy"}
LONGEST = 25

# file -> the files of ours that it may import
ARROWS: dict[str, set[str]] = {
    "shapes": set(),
    "errors": set(),
    "cells": set(),
    "packed": set(),
    "base": {"errors"},
    "params": {"shapes"},
    "recurrences": {"cells"},
    "layers": {"recurrences"},
    "layouts": {"recurrences", "layers", "packed"},
    "gradients": {"cells", "recurrences", "layers"},
    "vjp": {"params", "layers", "layouts", "packed", "gradients", "errors", "base"},
    "modules": {
        *("shapes", "params", "recurrences", "layers", "layouts", "packed", "vjp"),
        *("errors", "base"),
    },
    "cell_modules": {
        *("shapes", "params", "cells", "recurrences", "layers", "vjp"),
        *("errors", "base"),
    },
    "svg": set(),
    "panels": {"svg"},
    "state_grid": {"panels", "svg"},
    "stacks": {"panels", "svg"},
    "figures": {"shapes", "panels", "state_grid", "stacks", "svg"},
    "charts": {"figures", "panels", "svg"},
    "patterns": {"figures", "svg"},
    "rounding": set(),
    "subjects": {"rounding"},
    "diagnose": {"shapes", "rounding", "subjects"},
    "tables": {"shapes"},
    "__main__": {"shapes", "diagnose"},
}


def imported(source: str) -> set[str]:
    """Every module that a source imports, wherever the statement stands, as dotted names."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "rnn_ref" if node.level else node.module
            module = f"rnn_ref.{node.module}" if node.level and node.module else module
            inner = {f"{module}.{alias.name}" for alias in node.names}
            names |= inner if module == "rnn_ref" else {str(module)}
    return names


def ours(source: str) -> set[str]:
    return {name.split(".")[1] for name in imported(source) if name.startswith("rnn_ref.")}


def foreign(source: str) -> set[str]:
    known = {*sys.stdlib_module_names, *THIRD_PARTY, "rnn_ref"}
    return {name.split(".")[0] for name in imported(source)} - known


def too_long(source: str) -> list[str]:
    """Functions of more than LONGEST lines, signature included, docstring not."""
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > LONGEST
    ]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    docstring = function.body[0]
    return lines - ((docstring.end_lineno or 0) - docstring.lineno + 1)


def loads_torch(statement: str) -> bool:
    """Whether torch is loaded in a fresh interpreter after a statement."""
    code = f"import sys; {statement}; sys.exit(3 if 'torch' in sys.modules else 0)"
    result = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, check=False)
    assert result.returncode in (0, 3)
    return result.returncode == 3


def test_no_module_of_the_package_loads_torch() -> None:
    modules = ", ".join(f"rnn_ref.{path.stem}" for path in FILES if path.stem != "__init__")
    zeros = "(__import__('numpy').zeros((2, 3), 'float32'))"
    kinds = [f"{mode}{cell}" for mode in rnn_ref.shapes.GATES for cell in ("", "Cell")]
    use = "; ".join(f"rnn_ref.{kind}(3, 5){zeros}" for kind in kinds)
    assert not loads_torch(f"import rnn_ref, {modules}; {use}")


def test_that_check_can_fail() -> None:
    assert loads_torch("import rnn_ref, torch")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_only_numpy_and_the_standard_library_are_imported(path: Path) -> None:
    assert foreign(path.read_text()) == set()


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.stem != "__init__"], ids=lambda path: path.stem
)
def test_arrows_are_those_of_the_plan(path: Path) -> None:
    assert path.stem in ARROWS, "a new file: say here what it may import"
    assert ours(path.read_text()) <= ARROWS[path.stem]


def test_the_arrows_of_the_plan_make_no_circle() -> None:
    rest = dict(ARROWS)
    while rest:
        leaves = {name for name, targets in rest.items() if not targets & set(rest)}
        assert leaves, f"a circle among {sorted(rest)}"
        rest = {name: targets for name, targets in rest.items() if name not in leaves}


def test_the_import_checks_can_fail() -> None:
    assert ours("from rnn_ref.shapes import rule") == {"shapes"}
    assert ours("from rnn_ref import errors, layers") == {"errors", "layers"}
    assert ours("import rnn_ref.cells as c") == {"cells"}
    assert ours("from . import shapes\nfrom .params import initialise") == {"shapes", "params"}
    assert ours("def f():\n    from rnn_ref.modules import RNN") == {"modules"}
    assert foreign("import os, numpy.linalg, torch.nn") == {"torch"}
    assert foreign("from scipy.special import expit") == {"scipy"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_functions_are_short(path: Path) -> None:
    assert too_long(path.read_text()) == []


def test_the_length_check_can_fail_and_does_not_count_docstrings() -> None:
    def source(lines: int) -> str:
        return "def f():\n    '''One.\n\n    Two.\n    '''\n" + "    x = 1\n" * lines

    assert too_long(source(LONGEST - 1)) == []
    assert too_long(source(LONGEST)) == ["f"]


def test_init_holds_the_public_names_and_nothing_else() -> None:
    docstring, *imports, exported = ast.parse((PACKAGE / "__init__.py").read_text()).body
    assert isinstance(docstring, ast.Expr)
    assert all(isinstance(node, ast.ImportFrom) for node in imports)
    assert isinstance(exported, ast.Assign)
    names = {alias.name for node in imports for alias in node.names}  # type: ignore[attr-defined]
    assert set(rnn_ref.__all__) == names
