"""The environment that a downloaded lab makes: a kernel, and what its first cell installs.

It is made without a registry, in seconds, of the environment at hand: by the metadata of what is
installed there, and of the same files. It has nothing else, so a lab that imports more than the
first cell asks for fails; so does the cell itself, whose pip looks for all of that once more.
"""

import json
import os
import shlex
import shutil
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Iterable, Iterator, Set
from importlib.metadata import Distribution, distribution
from pathlib import Path
from unittest import mock

from nbclient import NotebookClient
from nbformat import NotebookNode
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from traitlets.config import Config

from tests import hooks
from tests.environments import pip, python_of

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".cache" / "lab-environment"
PYTHON = python_of(FOLDER)
PACKAGES = Path(sysconfig.get_path("purelib", "venv", {"base": str(FOLDER)}))
KERNEL = "fresh"
OFFLINE = {"PIP_NO_INDEX": "1"}


def make() -> None:
    """Make the environment anew."""
    venv.create(FOLDER, clear=True)
    kernel = FOLDER / "share/jupyter/kernels" / KERNEL / "kernel.json"
    kernel.parent.mkdir(parents=True)
    command = [str(PYTHON), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    described = {"argv": command, "display_name": KERNEL, "language": "python"}
    kernel.write_text(json.dumps(described), "utf-8")
    *_, asked = shlex.split(hooks.load("labs").install())
    needed = closure(["pip", "ipykernel", asked])
    del needed["rnn-ref"]
    for package in needed.values():
        share(package, PACKAGES)
    publish()


def closure(requirements: Iterable[str]) -> dict[str, Distribution]:
    """Return the installed packages that requirements lead to, by name.

    Raises:
        PackageNotFoundError: one of them is not installed.
    """
    found: dict[str, Distribution] = {}
    new, known = set(map(Requirement, requirements)), set[Requirement]()
    while new:
        known.add(wanted := new.pop())
        package = found[canonicalize_name(wanted.name)] = distribution(wanted.name)
        new |= set(required(package, wanted.extras)) - known
    return found


def required(package: Distribution, extras: Set[str]) -> Iterator[Requirement]:
    """Yield what a package needs here, with some of its extras."""
    settings = [{"extra": extra} for extra in extras or {""}]
    for requirement in map(Requirement, package.requires or []):
        if requirement.marker is None or any(map(requirement.marker.evaluate, settings)):
            yield requirement


def share(package: Distribution, folder: Path) -> None:
    """Let a folder have a package's modules, without a copy where the system can do without."""
    names = {Path(file).parts[0] for file in package.files or []}
    for name in names - {"..", "__pycache__"}:  # commands and manuals; what Python makes itself
        source, target = Path(str(package.locate_file(name))), folder / name
        try:
            target.symlink_to(source, target_is_directory=source.is_dir())
        except OSError:
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, target)


def publish() -> None:
    """Put the package as it is now, without what it needs, where its published form would be."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, str(ROOT)]
        pip(Path(sys.executable), OFFLINE, *wheel)
        built = map(str, Path(folder).glob("*.whl"))
        pip(PYTHON, OFFLINE, "install", "--no-deps", "--force-reinstall", *built)


def run(notebook: NotebookNode, folder: Path) -> None:
    """Run a notebook from top to bottom in the environment.

    Args:
        notebook: the notebook, which gets its outputs.
        folder: an empty folder, to run in.

    Raises:
        CellExecutionError: a cell raises.
        LookupError: the environment lacks something that the first cell asks for.
    """
    here = {"JUPYTER_PATH": str(FOLDER / "share/jupyter"), "PYTHONPATH": "", "TQDM_DISABLE": "1"}
    config = Config(KernelManager={"transport_encryption": "auto"})
    resources = {"metadata": {"path": str(folder)}}
    with mock.patch.dict(os.environ, here | OFFLINE):
        NotebookClient(
            notebook,
            kernel_name=KERNEL,
            config=config,
            resources=resources,
            shutdown_kernel="immediate",  # taking torch apart takes a second
        ).execute()
    said = [output.get("text", "") for output in notebook.cells[0].outputs]
    if "ERROR" in "".join(said):  # a failing %pip raises nothing
        raise LookupError("".join(said))
