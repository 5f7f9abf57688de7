"""The documents and the package's tests in other environments, as one table.

`python -m tests.matrix versions` makes an environment for each interpreter that is at hand: with
the verified torch and NumPy, with the newest, and once with the oldest. `processors` runs in the
present environment, with the arithmetic of other processors. Both work on a copy of the files in
a temporary folder, and leave nothing behind.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import zip_longest
from pathlib import Path

from tests.environments import AbsentError, interpreter, pip, python_of
from tests.reading.versions import supported

ROOT = Path(__file__).parents[1]
COLUMNS = ("python", "torch", "numpy", "set", "documents", "tests", "seconds")
NEWEST = "newest"
DOCUMENTS = ("docs", "rnn_ref")
LEFT_OUT = "tests/test_labs.py::test_the_downloads_run_in_an_environment_made_by_their_first_cell"
TESTS = ("tests", "-m", "not site", "--deselect", LEFT_OUT)
NOTE = "Left out: the downloads of labs, which make test runs in an environment of their own."
PROCESSORS = (
    "OMP_NUM_THREADS=1",
    "MKL_CBWR=COMPATIBLE",
    "MKL_CBWR=AVX2",
    "ATEN_CPU_CAPABILITY=default",
    "ONEDNN_MAX_CPU_ISA=SSE41",
    "OPENBLAS_CORETYPE=Prescott",
)
# What the environment at hand is: printed as JSON.
ASK = (
    "import json, platform; from importlib.metadata import version; "
    "print(json.dumps([platform.python_version(), version('torch'), version('numpy')]))"
)


@dataclass(frozen=True)
class Combination:
    """What is asked for: an interpreter, versions, a variable; no interpreter: the present one."""

    python: str = ""
    torch: str = ""
    numpy: str = ""
    variable: str = ""

    @property
    def requirements(self) -> list[str]:
        """What pip is asked for."""
        versions = {"torch": self.torch, "numpy": self.numpy}
        return [name if v == NEWEST else f"{name}=={v}" for name, v in versions.items()]


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    cells: list[str]
    red: bool = False
    absent: str = ""


def versions(only: str | None) -> Iterator[Combination]:
    """Yield the ends of the ranges of pyproject.toml, and what constraints.txt names.

    Args:
        only: one version of Python in place of all.
    """
    return (c for c in every_version() if only in {None, c.python})


def every_version() -> Iterator[Combination]:
    """Yield them for each Python, the oldest with the oldest Python alone."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pythons = re.findall(r"Python :: (3\.\d+)$", "\n".join(project["classifiers"]), re.MULTILINE)
    yield Combination(pythons[0], floor("torch"), floor("numpy"))
    for python in pythons:
        yield Combination(python, verified("torch"), verified("numpy"))
        yield Combination(python, NEWEST, NEWEST)


def floor(name: str) -> str:
    """Return the oldest version that pyproject.toml admits."""
    return next(s.version for s in supported()[name] if s.operator == ">=")


def verified(name: str) -> str:
    """Return the version that the pages are verified with."""
    pins = dict(line.split("==") for line in constraints() if "==" in line)
    return pins[name]


def constraints() -> list[str]:
    """Return the lines of constraints.txt."""
    return (ROOT / "constraints.txt").read_text("utf-8").splitlines()


def processors() -> Iterator[Combination]:
    """Yield the present environment as it is, and with each variable."""
    yield Combination()
    for variable in PROCESSORS:
        yield Combination(variable=variable)


def attempt(combination: Combination, tree: Path, folder: Path) -> Row:
    """Run the documents and the tests of a combination.

    Args:
        combination: what to run them with.
        tree: the copy of the repository.
        folder: an empty folder, for the environment.

    Raises:
        AbsentError: there is no such interpreter, or no such package.
    """
    begin, python = time.monotonic(), Path(sys.executable)
    if combination.python:
        python = make(combination, folder, tree)
    variables = dict([combination.variable.split("=")] if combination.variable else [])
    runs = [run(python, tree, arguments, variables) for arguments in (DOCUMENTS, TESTS)]
    asked = subprocess.run([python, "-c", ASK], check=True, capture_output=True, text=True)
    counts, reds = zip(*runs, strict=True)
    seconds = f"{time.monotonic() - begin:.0f}"
    found = [text.partition("+")[0] for text in json.loads(asked.stdout)]
    return Row([*found, combination.variable, *counts, seconds], any(reds))


def copy(folder: Path) -> Path:
    """Copy the files of the repository, but for what it ignores."""
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()]
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", *ignored))
    return folder


def make(combination: Combination, folder: Path, tree: Path) -> Path:
    """Make the environment of a combination; return its Python."""
    subprocess.run([interpreter(combination.python), "-m", "venv", folder], check=True)
    others = [line for line in constraints() if not re.match("(torch|numpy)==", line)]
    pins = folder / "constraints.txt"
    pins.write_text("\n".join([*others, *combination.requirements, ""]), "utf-8")
    wanted = ["--constraint", str(pins), "--editable", f"{tree}[docs,test]"]
    try:
        pip(python_of(folder), {}, "install", "--no-compile", *wanted)
    except subprocess.CalledProcessError as error:
        errors = re.findall("^ERROR: (.*)", error.stderr, re.MULTILINE)
        raise AbsentError(errors[-1] if errors else error.stderr.strip()) from None
    return python_of(folder)


def run(
    python: Path, tree: Path, arguments: Sequence[str], variables: dict[str, str]
) -> tuple[str, bool]:
    """Run pytest on the copy; return what it counts, and whether it is red."""
    file = tree.parent / "results.xml"
    file.unlink(missing_ok=True)
    # Each combination judges every page itself: nothing is recalled from the one before.
    options = ["--quiet", f"--junitxml={file}", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [python, "-m", "pytest", *options, *arguments],
        cwd=tree, env={**os.environ, "PYTHONPATH": "", **variables}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        print(done.stdout, flush=True)
    if not file.exists():
        return f"stopped with {done.returncode}", True
    return counted(file), done.returncode != 0


def counted(file: Path) -> str:
    """Return the numbers of a results file in words, those that are not zero."""
    suite = ET.parse(file).getroot().find("testsuite")
    assert suite is not None
    numbers = {name: int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}
    failed, skipped = numbers["failures"] + numbers["errors"], numbers["skipped"]
    words = {"passed": numbers["tests"] - failed - skipped, "failed": failed, "skipped": skipped}
    return ", ".join(f"{number} {word}" for word, number in words.items() if number) or "none"


def rows_of(combinations: Iterable[Combination]) -> Iterator[Row]:
    """Run combinations in a folder that is removed, whatever happens.

    All run the same copy: the repository may be worked on meanwhile.
    """
    with temporary(None) as root:
        tree = copy(root / "tree")
        for combination in combinations:
            asked = list(astuple(combination))
            print("...", *filter(None, asked), file=sys.stderr, flush=True)
            with temporary(root) as folder:
                try:
                    yield attempt(combination, tree, folder)
                except AbsentError as reason:
                    yield Row(asked, absent=f"not had: {reason}")


@contextlib.contextmanager
def temporary(within: Path | None) -> Iterator[Path]:
    """Make a folder and remove it, also where Windows still holds one of its files."""
    options = {"prefix": "matrix-", "dir": within, "ignore_cleanup_errors": True}
    with tempfile.TemporaryDirectory(**options) as folder:
        yield Path(folder)


def table(rows: Sequence[Row]) -> str:
    """Write the rows below each other; a column that all leave empty is left out."""
    used = [i for i in range(len(COLUMNS)) if any(row.cells[i : i + 1] > [""] for row in rows)]
    lines = [Row(list(COLUMNS)), *rows]
    cells = [[line.cells[i] for i in used if i < len(line.cells)] for line in lines]
    widths = [max(map(len, column)) for column in zip_longest(*cells, fillvalue="")]
    ends = [line.absent or "RED" * line.red for line in lines]
    return "\n".join(
        "  ".join([*map(str.ljust, texts, widths), end]).rstrip()
        for texts, end in zip(cells, ends, strict=True)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all combinations of a kind, print the table; 0 if each that was had is green."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("versions", "processors"))
    parser.add_argument("--python", help="one version in place of all, for example 3.12")
    asked = parser.parse_args(arguments)
    combinations = list(versions(asked.python) if asked.kind == "versions" else processors())
    if not combinations:
        parser.error(f"--python {asked.python}: pyproject.toml names no such version")
    # Who is asked to stop stops as with Ctrl-C, so that the folder is removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    rows: list[Row] = []
    stopped = False
    try:
        for row in rows_of(combinations):
            rows.append(row)
            print(table([row]), file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        stopped = True
    print(table(rows), NOTE, sep="\n\n")
    if stopped:
        print(f"Stopped with {len(combinations) - len(rows)} of {len(combinations)} to go.")
    return int(stopped or any(row.red for row in rows) or all(row.absent for row in rows))


if __name__ == "__main__":
    sys.exit(main())
