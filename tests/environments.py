"""Virtual environments: of which Python, where that is in them, how packages come into them."""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path


class AbsentError(Exception):
    """Something that cannot be had here; the message says why."""


def interpreter(version: str) -> str:
    """Return a Python of this version: this one, one of the path, or one that pyenv keeps.

    Raises:
        AbsentError: There is none.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    kept = map(str, sorted(pyenv.glob(f"{version}.*/bin/python"), reverse=True))
    ask = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    for python in filter(None, [sys.executable, shutil.which(f"python{version}"), *kept]):
        # A shim of pyenv is on the path for versions that are not switched on.
        said = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False)
        if said.stdout.strip() == version:
            return python
    raise AbsentError(f"no Python {version} here")


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
