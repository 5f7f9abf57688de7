"""What holds for some versions only: `data-since="torch 2.14"`, `data-before="python 3.13"`.

The check takes a fence or a tie with such an option where it holds, and reports it elsewhere. The
site shows the option beside it, so the reader sees what the check obeys.
"""

import functools
import platform
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

SINCE, BEFORE = "data-since", "data-before"
OPTIONS = {SINCE, BEFORE}
PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


@dataclass(frozen=True)
class Bound:
    """One option: the name, and the version at which it begins or ceases to hold."""

    option: str
    name: str
    version: Version

    def __str__(self) -> str:
        return f"{self.name}{'>=' if self.option == SINCE else '<'}{self.version}"

    def admits(self, installed: Version) -> bool:
        """Tell whether it holds; of two options with one version exactly one does."""
        return (installed >= self.version) is (self.option == SINCE)


def bounds(options: Mapping[str, str]) -> tuple[Bound, ...]:
    """Read the options about versions among those of a fence or of a tie.

    Raises:
        ValueError: One is not a name and a version, or holds for all supported versions or none.
    """
    found = tuple(_bound(name, options[name]) for name in (SINCE, BEFORE) if name in options)
    if len({bound.name for bound in found}) < len(found) and found[0].version >= found[1].version:
        raise ValueError(f"no version is {found[0]} and {found[1]}")
    return found


def elsewhere(given: tuple[Bound, ...]) -> str | None:
    """Return why what has these bounds does not hold here; None where it does."""
    for bound in given:
        here = installed(bound.name)
        if not bound.admits(here):
            return f"needs {bound}, here is {here.public}"
    return None


@functools.cache
def installed(name: str) -> Version:
    """Return the version of Python or of a package that runs."""
    return Version(platform.python_version() if name == "python" else metadata.version(name))


@functools.cache
def supported() -> dict[str, SpecifierSet]:
    """Return the versions that `pyproject.toml` admits."""
    project = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]
    lines = chain(project["dependencies"], *project["optional-dependencies"].values())
    ranges = {"python": SpecifierSet(project["requires-python"])}
    for requirement in map(Requirement, lines):
        name = requirement.name
        ranges[name] = ranges.get(name, SpecifierSet()) & requirement.specifier
    return ranges


def _bound(option: str, text: str) -> Bound:
    name, _, number = text.partition(" ")
    try:
        admitted, version = supported()[name], Version(number)
    except (KeyError, InvalidVersion):
        example = f'{option}="torch 2.14"'
        raise ValueError(f'{option}="{text}": expected for example {example}') from None
    first = any(Version(s.version) == version for s in admitted if s.operator == ">=")
    if first or not admitted.contains(version, prereleases=True):
        raise ValueError(f'{option}="{text}" divides nothing: pyproject.toml admits {admitted}')
    return Bound(option, name, version)
