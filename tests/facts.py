"""What the files beside the pages state, read from where it is decided.

README.md and its kin are pages whose code is `from tests.facts import *`: what they count and name
is compared with these.
"""

import ast
import functools
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from benchmarks.measured import Measured

__all__ = [
    "fonts",
    "labs",
    "machines",
    "measured",
    "named",
    "python_minimum",
    "test_layering",
    "test_layout",
    "test_search",
    "test_silent",
    "test_template",
]

ROOT = Path(__file__).parents[1]
FOLDERS = (".ci", ".github", "benchmarks", "docs", "rnn_ref", "tests")
UNREAD = {".png", ".svg", ".ico"}
DECLARED = re.compile(r"\badd(?:option|_argument)\(\s*\"(--[a-z-]+)\"")
OPTION = re.compile(r"--[a-z]")
COMMAND = re.compile(r"make ([a-z-]+)")
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
NAME = re.compile(r"[A-Za-z_]\w+")
DEFINED = re.compile(r"^(?:def |class )?([A-Za-z_]\w+)", re.MULTILINE)
PATH = re.compile(
    r"(?=.*\w)[\w./-]*/[\w./-]*|[\w-]*\.(?:css|html|js|json|md|mplstyle|py|toml|txt|yml)"
)


def constants(file: str) -> SimpleNamespace:
    """Return what a Python file assigns at its top from literals, without running the rest."""
    found: dict[str, object] = {}
    for node in ast.parse((ROOT / file).read_text("utf-8")).body:
        if isinstance(node, ast.Assign):
            try:
                exec(compile(ast.Module([node], []), file, "exec"), found)
            except (AttributeError, NameError):
                continue  # it is made of what the file imports
    return SimpleNamespace(**found)


project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
python_minimum = project["requires-python"].removeprefix(">=")
labs = sorted((ROOT / "docs/labs").glob("*.py"))
measured = Measured(json.loads((ROOT / "benchmarks/measured.json").read_text("utf-8")))

fonts = constants("tests/fonts.py")
machines = constants("tests/snippets/machines.py")
test_layering = constants("tests/test_layering.py")
test_layout = constants("tests/test_layout.py")
test_search = constants("tests/test_search.py")
test_silent = constants("tests/test_silent.py")
test_template = constants("tests/test_template.py")


def named(code: str) -> str:
    """Return nothing, if there is all that a piece of code names.

    Raises:
        LookupError: There is not.
    """
    for kind, missing in _missing(code):
        raise LookupError(f"no {kind} {missing}")
    return ""


def _missing(code: str) -> Iterator[tuple[str, str]]:
    if (command := COMMAND.match(code)) and command[1] not in _targets():
        yield "target", command[1]
    for word in code.split():
        # What git ignores may be there or not: its words are names as others are.
        if PATH.fullmatch(word) and word.partition("/")[0] not in _ignored():
            if word.strip("/") not in _paths():
                yield "file", word
        elif OPTION.match(word):
            if word.partition("=")[0] not in _options():
                yield "option", word
        else:
            yield from (("name", name) for name in NAME.findall(word) if name not in _words())


@functools.cache
def files() -> list[Path]:
    """The files of the project that git keeps."""
    below = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    found = [path for path in [*ROOT.glob("*"), *below] if path.is_file()]
    return [path for path in found if not _ignored() & {*path.relative_to(ROOT).parts}]


@functools.cache
def _words() -> frozenset[str]:
    """Every word of these files; of tests what they define, since they also misspell on purpose."""
    read = [path for path in files() if path.suffix not in UNREAD and not path.stem.isupper()]
    tests = {path for path in read if path.name.startswith("test_")}
    texts = {path: path.read_text("utf-8") for path in read}
    found = [(DEFINED if path in tests else NAME).findall(text) for path, text in texts.items()]
    return frozenset(word for words in found for word in words)


@functools.cache
def _targets() -> frozenset[str]:
    return frozenset(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))


@functools.cache
def _options() -> frozenset[str]:
    code = [path.read_text("utf-8") for path in files() if path.suffix == ".py"]
    return frozenset(option for text in code for option in DECLARED.findall(text))


@functools.cache
def _paths() -> frozenset[str]:
    """The files and folders, by their path or the end of it."""
    paths = {one for path in files() for one in (path, *path.parents) if one.is_relative_to(ROOT)}
    parts = [path.relative_to(ROOT).parts for path in paths]
    return frozenset("/".join(some[i:]) for some in parts for i in range(len(some)))


@functools.cache
def _ignored() -> frozenset[str]:
    return frozenset(name.strip("/") for name in (ROOT / ".gitignore").read_text("utf-8").split())
