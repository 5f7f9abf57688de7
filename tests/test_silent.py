"""The mistakes that raise nothing: each with a number, and a test that would have caught it."""

import re

import pytest

from rnn_ref.messages import Crash, Silent, entries
from tests.catalogue.code import run

SILENT = [entry for entry in entries().values() if isinstance(entry, Silent)]
CRASHES = [entry for entry in entries().values() if isinstance(entry, Crash)]
NARROW = 39  # columns of two codes side by side
RAISED = re.compile(r"^\w+(Error|Exception|Interrupt)\b", re.MULTILINE)


def side(entry: Silent, code: str) -> tuple[str, str]:
    """What one side prints, and what the test says of it."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    assert not RAISED.search(run(entry.setup, namespace)), entry.setup
    return run(code, namespace), run(entry.test, namespace)


def documented(code: str) -> str:
    return "\n".join(re.findall(r"^ *#> ?(.*)$", code, re.MULTILINE))


@pytest.mark.parametrize("entry", SILENT, ids=[entry.id for entry in SILENT])
def test_the_mistake_prints_its_number_and_its_test_catches_it(entry: Silent):
    printed, caught = side(entry, entry.wrong)

    assert printed == documented(entry.wrong)
    assert not RAISED.search(printed)
    assert caught.startswith("AssertionError"), f"the test says: {caught}"


@pytest.mark.parametrize("entry", SILENT, ids=[entry.id for entry in SILENT])
def test_what_is_right_prints_another_number_and_passes(entry: Silent):
    printed, caught = side(entry, entry.right)

    assert printed == documented(entry.right)
    assert printed != documented(entry.wrong)
    assert not RAISED.search(printed)
    assert not RAISED.search(caught), caught


@pytest.mark.parametrize("entry", SILENT, ids=[entry.id for entry in SILENT])
def test_both_sides_stand_beside_each_other(entry: Silent):
    lines = [line for code in (entry.wrong, entry.right) for line in code.splitlines()]

    assert [line for line in lines if len(line) > NARROW] == []


def test_names_say_what_kind_of_mistake_it_is():
    assert all(entry.id.startswith("SILENT-") for entry in SILENT)
    assert all(entry.id.startswith("CRASH-") for entry in CRASHES)
