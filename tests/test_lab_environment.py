"""What is shared with the environment of the labs: what is needed here, whole, and no more."""

from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError, PathDistribution
from pathlib import Path

import pytest

from tests import lab_environment

# Each package with what it requires.
PACKAGES = {
    "lab": ["plots", "numbers[fast]; extra == 'all'", "other; extra == 'more'"],
    "plots": ["numbers>=2", "windows; sys_platform == 'never'", "lab"],
    "numbers": ["fast-numbers; extra == 'fast'", "here; python_version >= '3'"],
    "Fast.Numbers": [],
    "here": [],
    "other": [],
    "windows": [],
}


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, requires in PACKAGES.items():
        metadata = Message()
        metadata["Name"], metadata["Version"] = name, "1.0"
        for line in requires:
            metadata["Requires-Dist"] = line
        folder = tmp_path / f"{name.lower().replace('.', '_')}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(str(metadata), "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("here", {"here"}),
        ("numbers", {"numbers", "here"}),
        ("numbers[fast]", {"numbers", "here", "fast-numbers"}),
        ("lab", {"lab", "plots", "numbers", "here"}),
        ("lab[all]==1.0", {"lab", "plots", "numbers", "here", "fast-numbers"}),
        ("lab[all,more]", {"lab", "plots", "numbers", "here", "fast-numbers", "other"}),
    ],
)
@pytest.mark.usefixtures("installed")
def test_what_is_needed_is_found_by_extras_and_markers(asked: str, names: set[str]):
    assert set(lab_environment.closure([asked])) == names


def test_a_package_that_is_needed_and_absent_is_noticed(installed: Path):
    (installed / "fast_numbers-1.0.dist-info/METADATA").unlink()
    (installed / "fast_numbers-1.0.dist-info").rmdir()

    assert "numbers" in lab_environment.closure(["lab"])
    with pytest.raises(PackageNotFoundError, match="fast-numbers"):
        lab_environment.closure(["lab[all]"])


@pytest.fixture
def package(tmp_path: Path) -> Distribution:
    """A package with a folder, a file, bytecode and a command; beside another one."""
    own = ["p/__init__.py", "p/data/x.txt", "q.py", "../bin/p", "p-1.0.dist-info/RECORD"]
    record = "".join(f"{name},,\n" for name in [*own, "__pycache__/q.pyc"])
    for name in [*own, "other/__init__.py", "__pycache__/q.pyc"]:
        file = tmp_path / "here" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(record if name.endswith("RECORD") else name, "utf-8")
    return PathDistribution(tmp_path / "here/p-1.0.dist-info")


@pytest.mark.parametrize("can_link", [True, False])
def test_a_package_is_shared_whole_and_without_its_commands(
    can_link: bool, package: Distribution, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no privilege")

    if not can_link:
        monkeypatch.setattr(Path, "symlink_to", refuse)
    there = tmp_path / "there"
    there.mkdir()

    lab_environment.share(package, there)

    assert {path.name for path in there.iterdir()} == {"p", "q.py", "p-1.0.dist-info"}
    assert (there / "p/data/x.txt").read_text("utf-8") == "p/data/x.txt"
    assert PathDistribution(there / "p-1.0.dist-info").files == package.files
