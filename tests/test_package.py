"""The package as it is published: built of its sources, and installed where nothing else is.

The environment is made without a registry, with NumPy and the type checker of the one at hand.
"""

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import textwrap
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from readme_renderer import markdown

from tests.documents import ROOT
from tests.environments import pip, python_of
from tests.lab_environment import OFFLINE, closure, share
from tests.markup import parsed

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
README = (ROOT / "README.md").read_text("utf-8")
SOURCES = {
    file.relative_to(ROOT).as_posix()
    for file in (ROOT / "rnn_ref").rglob("*")
    if file.is_file() and "__pycache__" not in file.parts
}
LARGEST = 1_000_000  # bytes of the source distribution
MESSAGE = "RuntimeError: Expected hidden size (2, 3, 7), got [1, 3, 7]"
TYPED = """\
import numpy as np

import rnn_ref

output, h_n = rnn_ref.RNN(3, 5)(np.zeros((2, 3), np.float32))
reveal_type(rnn_ref.RNN(3, 5))
print(output.shape, h_n.shape)
"""


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "sdist"]
    subprocess.run([*command, "--directory", str(folder)], cwd=ROOT, check=True)
    (built,) = folder.glob("*.tar.gz")
    return built


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(folder)]
    pip(Path(sys.executable), OFFLINE, "wheel", *options, str(sdist))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has the wheel, what it needs, and a type checker."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    for package in closure(["pip", *PROJECT["dependencies"], "mypy"]).values():
        share(package, packages)
    pip(python_of(folder), OFFLINE | {"PYTHONPATH": ""}, "install", str(wheel))
    return python_of(folder)


def run(python: Path, folder: Path, *arguments: str) -> str:
    """Run an interpreter in a folder, and return what it prints."""
    here = {**os.environ, "PYTHONPATH": "", "MYPYPATH": "", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [str(python), *arguments], cwd=folder, env=here, capture_output=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done.stdout.decode().replace("\r\n", "\n")


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_package_whole_and_nothing_else(wheel: Path):
    names = names_in(wheel)
    beside = {name for name in names if not name.startswith("rnn_ref/")}

    assert names - beside == SOURCES
    assert {name.partition("/")[0] for name in beside} == {"rnn_ref-0.1.0.dist-info"}
    assert {name.rpartition("/")[2] for name in beside} == {
        "METADATA",
        "WHEEL",
        "RECORD",
        "LICENSE",
    }
    assert {"rnn_ref/py.typed", "rnn_ref/messages/catalogue/crashes.toml"} <= names


def test_the_source_distribution_holds_what_the_wheel_is_made_of(sdist: Path):
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    made = {"PKG-INFO", ".gitignore"}  # by the build

    assert names == SOURCES | {"README.md", "LICENSE", "pyproject.toml"} | made
    assert sdist.stat().st_size < LARGEST


def test_the_metadata_is_what_an_index_takes(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("METADATA"))
        metadata = Metadata.from_email(archive.read(name))

    assert metadata.requires_dist is not None
    assert [str(each) for each in metadata.requires_dist if each.marker is None] == ["numpy>=2.0"]
    assert metadata.description == README
    assert metadata.description_content_type == "text/markdown"
    assert metadata.license_expression == "MIT"
    assert metadata.classifiers is not None
    assert "Typing :: Typed" in metadata.classifiers
    assert set(metadata.project_urls or {}) == {"Source", "Issues"}


@pytest.mark.usefixtures("python")
def test_it_is_imported_from_where_it_was_installed(python: Path, tmp_path: Path):
    code = "import rnn_ref, sys; print(rnn_ref.__file__); print(sys.prefix)"
    file, prefix = run(python, tmp_path, "-c", code).split()

    assert Path(file).is_relative_to(prefix)
    assert not Path(file).is_relative_to(ROOT / "rnn_ref")


def test_the_example_of_the_readme_prints_what_stands_there(python: Path, tmp_path: Path):
    (example,) = (code for code in blocks(README) if code.startswith("import"))
    documented = re.findall(r"^#> (.*)$", example, re.MULTILINE)

    assert documented
    assert run(python, tmp_path, "-c", example).splitlines() == documented


def test_the_commands_of_the_readme_run(python: Path, tmp_path: Path):
    commands = re.findall(r"^ {4}python (-m rnn_ref) (.*)$", README, re.MULTILINE)
    printed = [
        run(python, tmp_path, *option.split(), *re.findall(r'"[^"]*"|\S+', rest))
        for option, rest in commands
    ]

    assert len(printed) == 2
    assert "(3, 5, 2)" in printed[0]
    assert printed[1].startswith("RNN-HIDDEN-SIZE")


def blocks(text: str) -> list[str]:
    """The indented blocks of a text."""
    found = re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", text, re.MULTILINE)
    return [textwrap.dedent(block).strip("\n") + "\n" for block in found]


def test_a_type_checker_sees_its_types(python: Path, tmp_path: Path):
    (tmp_path / "uses.py").write_text(TYPED, "utf-8")

    told = run(python, tmp_path, "-m", "mypy", "--strict", "--cache-dir=nul", "uses.py")

    assert 'Revealed type is "rnn_ref.modules.RNN"' in told


def test_the_readme_reads_well_on_an_index():
    html = markdown.render(README)
    assert html is not None
    page = parsed(html)

    targets = [str(tag.get("href") or tag.get("src")) for tag in page.select("a, img")]
    targets = [target for target in targets if not target.startswith("#")]  # of headings
    assert targets
    assert [target for target in targets if not target.startswith("https://")] == []
    assert page.select_one("h1").get_text() == "RNN Shapes"
    assert "pip install rnn-ref" in page.select_one("pre").get_text()
    assert "<!--" not in html


def test_the_readme_leads_to_files_of_the_repository():
    address = PROJECT["urls"]["Source"]
    raw = address.replace("github.com", "raw.githubusercontent.com")
    files = re.findall(rf"\]\((?:{address}/blob|{raw})/main/([^)]*)\)", README)

    assert {"LICENSE", "docs/assets/site.png"} <= set(files)
    assert [file for file in files if not (ROOT / file).is_file()] == []
