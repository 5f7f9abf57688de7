"""How the package hangs together: no torch, arrows one way, short functions."""

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

import rnn_ref

PACKAGE = Path(rnn_ref.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
THIRD_PARTY = {"numpy"}
LONGEST = 25


def module(path: Path) -> str:
    """A file as it is imported; that of a folder is its `__init__.py`."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


MODULES = {module(path) for path in FILES}
FACES = [path for path in FILES if path.stem == "__init__"]
DOORS = {"rnn_ref", "__main__"}  # from which a caller enters
WINGS = {path.parent.name for path in FILES if path.parent != PACKAGE}

# file -> the files of ours that it imports
ARROWS: dict[str, set[str]] = {
    "rnn_ref": {"shapes", "messages.explanation", "modules", "cell_modules", "packed"},
    "given": set(),
    "errors": {"given"},
    "shapes": {"errors", "given"},
    "cell_doors": {"given", "shapes"},
    "cells": {"cell_doors", "given"},
    "packed": {"given"},
    "base": {"errors", "given"},
    "params": {"shapes"},
    "recurrences": {"cells"},
    "layers": {"recurrences"},
    "layouts": {"recurrences", "layers", "packed"},
    "gradients": {"cells", "recurrences", "layers"},
    "vjp": {"params", "layers", "layouts", "packed", "gradients", "given", "base"},
    "modules": {
        *("shapes", "params", "recurrences", "layers", "layouts", "packed", "vjp"),
        *("errors", "base"),
    },
    "cell_modules": {
        *("shapes", "params", "cells", "recurrences", "layers", "vjp"),
        *("errors", "base"),
    },
    "explanation": {"shapes"},
    "tables": {"shapes"},
    "diagnose.rounding": set(),
    "diagnose.chance": set(),
    "diagnose.copies": set(),
    "diagnose.doors": {"diagnose.rounding"},
    "diagnose.subjects": {
        *("diagnose.chance", "diagnose.copies", "diagnose.doors", "diagnose.rounding"),
    },
    "diagnose.wrappers": {"diagnose.copies", "diagnose.doors"},
    "diagnose.influence": {"diagnose.rounding", "diagnose.subjects"},
    "diagnose.untouched": {"diagnose.chance", "diagnose.copies", "diagnose.doors"},
    "diagnose.dependence": {"diagnose.influence", "diagnose.subjects", "diagnose.untouched"},
    "diagnose.axes": {"diagnose.influence", "diagnose.subjects", "diagnose.untouched"},
    "diagnose.causes": {"diagnose.influence", "diagnose.rounding", "diagnose.subjects"},
    "diagnose.samples": {
        *("diagnose.causes", "diagnose.influence", "diagnose.rounding", "diagnose.subjects"),
        *("diagnose.untouched", "diagnose.wrappers"),
    },
    "diagnose.padding": {
        *("diagnose.copies", "diagnose.doors", "diagnose.influence", "diagnose.rounding"),
        *("diagnose.subjects", "diagnose.wrappers"),
    },
    "diagnose.assertions": {
        *("diagnose.doors", "diagnose.influence", "diagnose.padding", "diagnose.samples"),
        *("diagnose.subjects", "diagnose.untouched", "diagnose.wrappers"),
    },
    "diagnose": {
        *("diagnose.assertions", "diagnose.axes", "diagnose.dependence", "diagnose.samples"),
        "explanation",
    },
    "messages": {"messages.catalogue", "messages.decoder"},
    "messages.templates": set(),
    "messages.conditions": {"messages.templates"},
    "messages.catalogue": {"messages.conditions", "messages.templates"},
    "messages.decoder": {
        "given",
        "messages.catalogue",
        "messages.conditions",
        "messages.templates",
    },
    "messages.explanation": {"messages.catalogue", "messages.decoder", "messages.templates"},
    "messages.command": {"terminal", "messages.decoder", "messages.explanation"},
    "terminal": set(),
    "__main__": {"shapes", "explanation", "terminal", "messages.command"},
    "figures.colours": set(),
    "figures.svg": {"figures.colours"},
    "figures.words": set(),
    "figures.panels": {"figures.colours", "figures.svg", "figures.words"},
    "figures.doors": {"given", "figures.panels"},
    "figures.figure": {"given", "figures.panels", "figures.svg"},
    "figures.state_grid": {"figures.colours", "figures.panels", "figures.svg", "figures.words"},
    "figures.stacks": {"figures.colours", "figures.panels", "figures.svg", "figures.words"},
    "figures.tensors": {
        *("figures.figure", "figures.panels", "figures.state_grid", "figures.stacks"),
        *("given", "figures.colours", "figures.doors", "figures.svg"),
    },
    "figures.charts": {
        *(
            "figures.colours",
            "figures.doors",
            "figures.figure",
            "figures.panels",
            "figures.svg",
            "figures.words",
        ),
    },
    "figures.patterns": {
        *(
            "given",
            "figures.colours",
            "figures.doors",
            "figures.figure",
            "figures.svg",
            "figures.words",
        ),
    },
    "figures.sizes": {
        *("given", "figures.doors"),
        *("figures.figure", "figures.panels", "figures.svg", "figures.words"),
    },
    "figures.attention_step": {
        *("given", "figures.doors"),
        *("figures.figure", "figures.panels", "figures.svg", "figures.words"),
    },
    "figures.packing": {
        *("packed", "given", "figures.colours", "figures.doors"),
        *("figures.figure", "figures.panels", "figures.svg", "figures.words"),
    },
    "figures.cell_flow": {"figures.colours", "figures.panels", "figures.svg", "figures.words"},
    "figures.steps": {
        *("cells", "given", "shapes", "figures.doors"),
        *("figures.cell_flow", "figures.figure", "figures.panels", "figures.svg"),
    },
    "figures": {
        "figures.colours",
        "figures.figure",
        "figures.tensors",
        "figures.charts",
        "figures.patterns",
        "figures.sizes",
        "figures.attention_step",
        "figures.packing",
        "figures.steps",
    },
    "interchange.gates": {"shapes", "cells"},
    "interchange.doors": {"shapes", "params", "errors", "given"},
    "interchange.keras": {"given", "shapes", "params", "interchange.doors", "interchange.gates"},
    "interchange.onnx": {"given", "shapes", "params", "interchange.doors", "interchange.gates"},
    "interchange.flax": {"given", "shapes", "params", "interchange.doors", "interchange.gates"},
    "interchange": {
        *("interchange.keras", "interchange.onnx", "interchange.flax", "interchange.gates"),
    },
}


def imported(source: str, folder: str = "rnn_ref") -> set[str]:
    """What a source in a folder imports, wherever the statement stands, as dotted names."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            relative = "." * node.level + (node.module or "")
            origin = importlib.util.resolve_name(relative, folder)
            names |= {f"{origin}.{alias.name}" for alias in node.names}
    return names


def ours(source: str, folder: str = "rnn_ref") -> set[str]:
    """The files of ours that a source imports, as in ARROWS."""
    names = {name for name in imported(source, folder) if name.split(".")[0] == "rnn_ref"}
    return {file_of(name).removeprefix("rnn_ref.") for name in names}


def file_of(name: str) -> str:
    """The file in which a dotted name of ours is found."""
    return name if name in MODULES else file_of(name.rpartition(".")[0])


def folder_of(path: Path) -> str:
    return ".".join(path.parent.relative_to(PACKAGE.parent).parts)


def foreign(source: str, folder: str = "rnn_ref") -> set[str]:
    known = {*sys.stdlib_module_names, *THIRD_PARTY, "rnn_ref"}
    return {name.split(".")[0] for name in imported(source, folder)} - known


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
    zeros = "(__import__('numpy').zeros((2, 3), 'float32'))"
    kinds = [f"{mode}{cell}" for mode in rnn_ref.shapes.GATES for cell in ("", "Cell")]
    use = "; ".join(f"rnn_ref.{kind}(3, 5){zeros}" for kind in kinds)
    assert not loads_torch(f"import {', '.join(sorted(MODULES))}; {use}")


def test_that_check_can_fail() -> None:
    assert loads_torch("import rnn_ref, torch")


@pytest.mark.parametrize("path", FILES, ids=module)
def test_only_numpy_and_the_standard_library_are_imported(path: Path) -> None:
    assert foreign(path.read_text("utf-8"), folder_of(path)) == set()


@pytest.mark.parametrize("path", FILES, ids=module)
def test_arrows_are_those_of_the_plan(path: Path) -> None:
    name = module(path).removeprefix("rnn_ref.")
    assert name in ARROWS, "a new file: say here what it imports"
    assert ours(path.read_text("utf-8"), folder_of(path)) == ARROWS[name]


def entries(arrows: dict[str, set[str]]) -> set[tuple[str, str]]:
    """The arrows that lead into a wing from outside it."""
    every = {(name, target) for name, targets in arrows.items() for target in targets}
    return {
        (name, target) for name, target in every if name not in DOORS and wing(target) - wing(name)
    }


def wing(name: str) -> set[str]:
    """The wing in which a file stands; those of the reference stand in none."""
    return WINGS.intersection(name.split(".")[:1])


def test_no_file_outside_a_wing_needs_it() -> None:
    assert WINGS
    assert entries(ARROWS) == set()


def test_the_check_of_the_wings_can_fail() -> None:
    wrong = {"modules": {"shapes", "figures.svg"}, "tables": {"figures"}}
    assert entries(ARROWS | wrong) == {("modules", "figures.svg"), ("tables", "figures")}


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
    assert ours("from rnn_ref.figures.svg import LINE") == {"figures.svg"}
    assert ours("from rnn_ref.figures import svg, tensor") == {"figures.svg", "figures"}
    relative = "from . import svg\nfrom ..shapes import rule"
    assert ours(relative, "rnn_ref.figures") == {"figures.svg", "shapes"}
    assert ours("from rnn_ref import RNN") == {"rnn_ref"}
    assert foreign("import os, numpy.linalg, torch.nn") == {"torch"}
    assert foreign("from scipy.special import expit") == {"scipy"}


@pytest.mark.parametrize("path", FILES, ids=module)
def test_functions_are_short(path: Path) -> None:
    assert too_long(path.read_text("utf-8")) == []


def test_the_length_check_can_fail_and_does_not_count_docstrings() -> None:
    def source(lines: int) -> str:
        return "def f():\n    '''One.\n\n    Two.\n    '''\n" + "    x = 1\n" * lines

    assert too_long(source(LONGEST - 1)) == []
    assert too_long(source(LONGEST)) == ["f"]


@pytest.mark.parametrize("path", FACES, ids=module)
def test_a_face_holds_the_public_names_and_nothing_else(path: Path) -> None:
    docstring, *imports, exported = ast.parse(path.read_text("utf-8")).body
    assert isinstance(docstring, ast.Expr)
    assert all(isinstance(node, ast.ImportFrom) for node in imports)
    assert isinstance(exported, ast.Assign)
    names = {alias.name for node in imports for alias in node.names}  # type: ignore[attr-defined]
    assert set(importlib.import_module(module(path)).__all__) == names


WINGS_OF_THE_CHECK = ("arithmetic", "reading", "snippets", "mutations")


@pytest.mark.parametrize("wing", WINGS_OF_THE_CHECK)
def test_the_check_s_wings_know_only_what_stands_before_them(wing: str):
    """What is read is known to what is compared; the mutator alone knows what changes both."""
    later = WINGS_OF_THE_CHECK[WINGS_OF_THE_CHECK.index(wing) + 1 :]
    for path in (Path(__file__).parent / wing).glob("*.py"):
        if path.name != "mutants.py":
            imported = re.findall(r"^ *from tests\.(\w+)", path.read_text("utf-8"), re.MULTILINE)
            assert not set(later) & set(imported), path
