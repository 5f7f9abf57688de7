"""Virtual environments: where their Python is, and how packages come into them."""

import os
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path


def python_of(folder: Path) -> Path:
    """Return the interpreter of the environment in a folder; on Windows it lies elsewhere."""
    scripts = sysconfig.get_path("scripts", "venv", {"base": str(folder)})
    return Path(scripts) / ("python.exe" if os.name == "nt" else "python")


def pip(python: Path, settings: Mapping[str, str], *arguments: str) -> None:
    """Run an environment's pip, `settings` being variables of its own.

    Raises:
        CalledProcessError: It failed; `stderr` says why.
    """
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(
        command, env=os.environ | settings, stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        error = subprocess.CalledProcessError(done.returncode, command, stderr=done.stderr)
        error.add_note(done.stderr)
        raise error
