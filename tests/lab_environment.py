"""The environment that a downloaded lab makes: a kernel, and what its first cell installs.

`make test` makes it once (`python -m tests.lab_environment`): what the first cell asks for comes
from the registry, but for rnn_ref, which comes from this repository. Tests need no network then.
"""

import os
import shlex
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from unittest import mock

from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets.config import Config

from tests import hooks
from tests.environments import pip, python_of

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".cache" / "lab-environment"
PYTHON = python_of(FOLDER)
KERNEL = "fresh"
OFFLINE = {"PIP_NO_INDEX": "1"}


def main() -> None:
    """Make the environment anew, with the versions that were tested together."""
    tested = {"PIP_CONSTRAINT": str(ROOT / "constraints.txt"), "PIP_NO_COMPILE": "1"}
    venv.create(FOLDER, with_pip=True, clear=True)
    pip(PYTHON, tested, "install", "ipykernel")
    kernel = ["ipykernel", "install", "--sys-prefix", "--name", KERNEL]  # with the path of PYTHON
    subprocess.run([PYTHON, "-m", *kernel], check=True, stdout=subprocess.DEVNULL)
    publish()
    pip(PYTHON, tested, *shlex.split(hooks.load("labs").install().removeprefix("%pip")))


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
        CellExecutionError: a cell raises; also the first one, which finds no registry, if the
            environment lacks something.
    """
    here = {"JUPYTER_PATH": str(FOLDER / "share/jupyter"), "PYTHONPATH": "", "TQDM_DISABLE": "1"}
    config = Config(KernelManager={"transport_encryption": "auto"})
    resources = {"metadata": {"path": str(folder)}}
    with mock.patch.dict(os.environ, here | OFFLINE):
        NotebookClient(notebook, kernel_name=KERNEL, config=config, resources=resources).execute()


if __name__ == "__main__":
    main()
