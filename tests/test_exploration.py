"""Cases are drawn anew in each run; in CI each run draws the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CI = {"CI", "GITHUB_ACTIONS"}  # by what hypothesis sees that it runs there
ROOT = Path(__file__).parents[1]
RED = """
from hypothesis import given, strategies as st

@given(st.integers(1))
def test_nothing_is_positive(n):
    with open("drawn.txt", "a", encoding="utf-8") as file:
        file.write(f"{n} ")
    assert n < 1000
"""


def draw(folder: Path, ci: dict[str, str]) -> tuple[str, str]:
    """Run a test that is red in an empty folder; return what it drew and what pytest said."""
    folder.mkdir()
    (folder / "test_red.py").write_text(RED, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    here = {name: value for name, value in os.environ.items() if name not in CI}
    command = [sys.executable, "-m", "pytest", "test_red.py"]
    run = subprocess.run(
        [*command, "-p", "tests.conftest", "-p", "no:cacheprovider"],
        cwd=folder, env=here | ci | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert run.returncode == 1, run.stdout + run.stderr
    return (folder / "drawn.txt").read_text("utf-8"), run.stdout


@pytest.mark.parametrize(("ci", "alike"), [({"CI": "true"}, True), ({}, False)])
def test_what_is_found_in_ci_is_found_everywhere(ci: dict[str, str], alike: bool, tmp_path: Path):
    first, _ = draw(tmp_path / "first", ci)
    second, said = draw(tmp_path / "second", ci)

    assert (first == second) is alike
    assert "@reproduce_failure" in said
