"""Virtual environments: where their Python is, and how packages come into them."""

import os
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path

NOTHING: Mapping[str, str] = {}


def python_of(folder: Path) -> Path:
    """Return the interpreter of the environment in a folder; on Windows it lies elsewhere."""
    scripts = sysconfig.get_path("scripts", "venv", {"base": str(folder)})
    return Path(scripts) / ("python.exe" if os.name == "nt" else "python")


def pip(python: Path, *arguments: str, settings: Mapping[str, str] = NOTHING) -> None:
    """Run an environment's pip; `settings` are variables of its own.

    Raises:
        CalledProcessError: It failed; `stderr` says why.
    """
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    environment = {**os.environ, **settings}
    subprocess.run(command, check=True, env=environment, stderr=subprocess.PIPE, text=True)
