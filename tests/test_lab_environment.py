"""What is shared with the environment of the labs: what is needed here, whole, and no more."""

import os
import sys
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
    """A package with a module, its bytecode, data, and a command; beside another module."""
    record = ["p-1.0.dist-info/RECORD", "p/__init__.py", "p/data.txt", "../bin/p", "p/lost.py"]
    others = [f"p/__pycache__/__init__.{sys.implementation.cache_tag}.pyc", "q/__init__.py"]
    for name in record[:-1] + others:
        file = tmp_path / "here" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, "utf-8")
    dist_info = tmp_path / "here/p-1.0.dist-info"
    (dist_info / "RECORD").write_text("".join(f"{name},,\n" for name in record), "utf-8")
    return PathDistribution(dist_info)


@pytest.mark.parametrize("can_link", [True, False])
def test_a_package_is_shared_with_its_bytecode_and_without_commands(
    can_link: bool, package: Distribution, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object) -> None:
        raise OSError("another disk")

    if not can_link:
        monkeypatch.setattr(os, "link", refuse)

    lab_environment.share(package, tmp_path / "there")

    shared = [path for path in (tmp_path / "there").rglob("*") if path.is_file()]
    assert sorted(path.relative_to(tmp_path / "there").as_posix() for path in shared) == [
        "p-1.0.dist-info/RECORD",
        "p/__init__.py",
        f"p/__pycache__/__init__.{sys.implementation.cache_tag}.pyc",
        "p/data.txt",
    ]
    for path in shared:
        source = tmp_path / "here" / path.relative_to(tmp_path / "there")
        assert path.samefile(source) is can_link
        assert path.read_bytes() == source.read_bytes()
        assert path.stat().st_mtime_ns == source.stat().st_mtime_ns  # else bytecode is stale
