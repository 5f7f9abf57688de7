"""The table of all environments: what it shows, when it is red, and that nothing stays behind."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import yaml

from tests import environments, matrix, test_labs
from tests.environments import AbsentError, pip, python_of
from tests.matrix import Combination, Row

GREEN = Row(["3.11.7", "2.13.0", "2.0.0", "", "390 passed", "1500 passed, 2 skipped", "171"])
RED = Row(["3.12.1", "2.14.1", "2.5.5", "", "389 passed, 1 failed", "1502 passed", "99"], red=True)
ABSENT = Row(["3.14", "newest", "newest", ""], absent="not had: no Python 3.14 here")


def test_the_table_shows_what_was_counted_what_is_red_and_what_could_not_be_had():
    assert matrix.table([GREEN, RED, ABSENT]).split("\n") == [
        "python  torch   numpy   documents             tests                   seconds",
        "3.11.7  2.13.0  2.0.0   390 passed            1500 passed, 2 skipped  171",
        "3.12.1  2.14.1  2.5.5   389 passed, 1 failed  1502 passed             99       RED",
        "3.14    newest  newest  not had: no Python 3.14 here",
    ]


def test_the_variable_of_a_processor_has_a_column_where_there_is_one():
    row = Row([*GREEN.cells[:3], "MKL_CBWR=AVX2", *GREEN.cells[4:]])

    assert "MKL_CBWR=AVX2  390 passed" in matrix.table([GREEN, row])


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([GREEN, GREEN], 0),
        ([GREEN, ABSENT], 0),
        ([GREEN, RED, GREEN], 1),
        ([RED, ABSENT], 1),
        ([ABSENT, ABSENT], 1),  # nothing was tried
    ],
)
def test_a_red_combination_fails_the_run(
    rows: list[Row], status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    left = iter(rows)

    def attempt(combination: Combination, tree: Path, folder: Path) -> Row:
        row = next(left)
        if row.absent:
            raise AbsentError(row.absent.removeprefix("not had: "))
        return row

    monkeypatch.setattr(matrix, "attempt", attempt)
    monkeypatch.setattr(matrix, "versions", lambda _: [Combination("3.14", "1", "2")] * len(rows))

    assert matrix.main(["versions"]) == status
    assert capsys.readouterr().out.count("\n3.1") == len(rows)


def test_every_interpreter_meets_the_verified_and_the_newest_and_one_the_oldest():
    asked = list(matrix.versions(None))
    verified = (matrix.verified("torch"), matrix.verified("numpy"))

    assert [c.python for c in asked] == ["3.11", *sorted(["3.11", "3.12", "3.13", "3.14"] * 2)]
    assert asked[0] == Combination("3.11", "2.13", "2.0")
    assert asked[0].requirements == ["torch==2.13", "numpy==2.0"]
    assert {(c.torch, c.numpy) for c in asked[1::2]} == {verified}
    assert {tuple(c.requirements) for c in asked[2::2]} == {("torch", "numpy")}


def test_the_workflow_asks_for_every_python_on_every_system():
    text = (matrix.ROOT / ".github/workflows/matrix.yml").read_text("utf-8")
    asked = yaml.safe_load(text)["jobs"]["versions"]["strategy"]["matrix"]

    assert asked["python"] == sorted({c.python for c in matrix.versions(None)})
    systems = " ".join(asked["os"])
    assert all(name in systems for name in ("ubuntu-latest", "arm", "macos", "windows"))


def test_one_python_can_be_asked_for(capsys: pytest.CaptureFixture):
    assert list(matrix.versions("3.12")) == [c for c in matrix.versions(None) if c.python == "3.12"]
    with pytest.raises(SystemExit):
        matrix.main(["versions", "--python", "3.1"])
    assert "pyproject.toml names no such version" in capsys.readouterr().err


def test_an_interpreter_that_is_not_there_is_absent():
    with pytest.raises(AbsentError, match=r"no Python 3\.99 here"):
        environments.interpreter("3.99")


@pytest.mark.skipif(os.name == "nt", reason="pyenv and its shims are not for Windows")
def test_an_interpreter_is_asked_for_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A shim of pyenv, for one, is on the path and refuses."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    kept = tmp_path / "versions" / f"{own}.1" / "bin" / "python"
    kept.parent.mkdir(parents=True)
    kept.symlink_to(sys.executable)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))

    this, refuses = sys.executable, shutil.which("false")
    assert environments.interpreter(own) == this
    monkeypatch.setattr(environments.sys, "executable", refuses)
    monkeypatch.setattr(environments.shutil, "which", lambda _: this)
    assert environments.interpreter(own) == this
    with pytest.raises(AbsentError):
        environments.interpreter("3.99")
    monkeypatch.setattr(environments.shutil, "which", lambda _: refuses)
    assert environments.interpreter(own) == str(kept)


@pytest.mark.parametrize("stop", [AbsentError, RuntimeError, KeyboardInterrupt, None])
def test_the_folder_is_removed_whatever_happens(
    stop: type[BaseException] | None, monkeypatch: pytest.MonkeyPatch
):
    folders = []

    def attempt(combination: Combination, tree: Path, folder: Path) -> Row:
        assert (tree / "pyproject.toml").is_file()
        (folder / "environment").mkdir()
        folders.append(folder)
        if stop:
            raise stop
        return GREEN

    monkeypatch.setattr(matrix, "attempt", attempt)
    with contextlib.suppress(RuntimeError, KeyboardInterrupt):
        list(matrix.rows_of([Combination(), Combination()]))

    assert len(folders) == (1 if stop in {RuntimeError, KeyboardInterrupt} else 2)
    assert not any(folder.parent.exists() for folder in folders)


def test_one_environment_is_there_at_a_time(monkeypatch: pytest.MonkeyPatch):
    """Each may take gigabytes."""
    monkeypatch.setattr(matrix, "attempt", lambda _, tree, folder: (tree, folder))

    for tree, folder in matrix.rows_of([Combination()] * 3):
        assert set(tree.parent.iterdir()) == {tree, folder}


WAITING = """
import subprocess, sys
from tests import matrix

def attempt(combination, tree, folder):
    (folder / "environment").mkdir()
    print(folder, flush=True)
    subprocess.run([sys.executable, "-c", "import time; time.sleep(600)"])

matrix.attempt = attempt
sys.exit(matrix.main(["processors"]))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it to stop")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_folder_is_removed_when_the_run_is_stopped(number: signal.Signals):
    command = [sys.executable, "-c", WAITING]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, cwd=matrix.ROOT, start_new_session=True, **pipes) as process:
        folder = Path(process.stdout.readline().strip())
        assert folder.is_dir()
        os.killpg(process.pid, number)
        said = process.stdout.read()
        status = process.wait()

    assert not folder.exists()
    assert status == 1
    assert said.endswith("Stopped with 7 of 7 to go.\n")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return an empty copy, in which pytest has nothing of the repository's."""
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    return folder


TESTS = """
import os, pytest

def test_green(): ...
def test_red(): assert os.environ.get("VARIABLE") == "set"
@pytest.mark.skip
def test_skipped(): ...
"""


@pytest.mark.parametrize(
    ("text", "variables", "said"),
    [
        (TESTS, {}, ("1 passed, 1 failed, 1 skipped", True)),
        (TESTS, {"VARIABLE": "set"}, ("2 passed, 1 skipped", False)),
        ("1 / 0", {}, ("1 failed", True)),
        ("", {}, ("none", True)),
        ("import os; os._exit(3)", {}, ("stopped with 3", True)),
    ],
)
def test_the_results_are_those_of_pytest(
    text: str, variables: dict[str, str], said: tuple[str, bool], tree: Path
):
    (tree / "test_it.py").write_text(text, "utf-8")

    assert matrix.run(Path(sys.executable), tree, ["test_it.py"], variables) == said


def test_the_copy_holds_what_is_written_and_not_what_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    root = tmp_path / "root"
    for name in (
        "docs/page.md",
        "tests/test.py",
        ".venv/bin/x",
        "a/__pycache__/x",
        ".git/x",
        ".gitignore",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(".venv/\n__pycache__/\n", "utf-8")
    monkeypatch.setattr(matrix, "ROOT", root)

    copied = matrix.copy(tmp_path / "tree")

    files = {p.relative_to(copied).as_posix() for p in copied.rglob("*") if p.is_file()}
    assert files == {"docs/page.md", "tests/test.py", ".gitignore"}


def test_what_is_left_out_is_a_test():
    file, name = matrix.LEFT_OUT.split("::")

    assert file == "tests/test_labs.py"
    assert callable(getattr(test_labs, name))


def test_pip_says_why_it_fails(tmp_path: Path):
    settings = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    with pytest.raises(subprocess.CalledProcessError) as error:
        pip(Path(sys.executable), settings, "install", "nothing-of-this-name")

    assert "No matching distribution found for nothing-of-this-name" in error.value.__notes__[0]


def test_the_python_of_an_environment_is_there(tmp_path: Path):
    venv.create(tmp_path, with_pip=False)

    command = [python_of(tmp_path), "-c", "import sys; print(sys.prefix)"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert Path(said.strip()).samefile(tmp_path)
