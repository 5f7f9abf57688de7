"""What would differ on another system: the encoding of a file that is opened without one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = [
    path
    for folder in ("rnn_ref", "docs", "tests", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
# Where `encoding` stands among the arguments of a path's methods.
PLACES = {"open": 2, "read_text": 0, "write_text": 1}
OF_BYTES = {"Image", "os", "tarfile"}  # whose `open` knows no texts


def unencoded(source: str) -> Iterator[int]:
    """The lines of calls that leave the encoding to the system."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return (call.lineno for call in calls if not says_encoding(call))


def says_encoding(call: ast.Call) -> bool:
    """Whether a call says the encoding, or needs none: it opens no file, or one of bytes."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    texts = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    of = getattr(getattr(function, "value", None), "id", "")
    binary = of in OF_BYTES or (name == "open" and any(text in {"rb", "wb"} for text in texts))
    named = any(keyword.arg == "encoding" for keyword in call.keywords)
    place = PLACES.get(name, -1) + isinstance(function, ast.Name)  # open(path, ...)
    return name not in PLACES or binary or named or len(call.args) > place


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_text_is_opened_with_its_encoding(path: Path):
    assert list(unencoded(path.read_text("utf-8"))) == []


def test_that_check_can_fail():
    wrong = ("open(p)", "open(p, 'w')", "p.open()", "p.read_text()", "p.write_text(t, newline='')")
    right = (
        "open(p, 'rb')", "open(p, encoding='utf-8')", "p.open('wb')", "os.open(p, 0)",
        "p.read_text('utf-8')", "p.read_text(encoding='utf-8')", "p.write_text(t, 'utf-8')",
        "p.read_bytes()",
    )  # fmt: skip

    assert [list(unencoded(source)) for source in wrong] == [[1]] * len(wrong)
    assert [list(unencoded(source)) for source in right] == [[]] * len(right)
