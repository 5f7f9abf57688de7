"""Files that are kept between runs, and files that are written in one step."""

import hashlib
import os
import pickle
import sys
import tempfile
from pathlib import Path


def digest(*parts: bytes) -> str:
    """Return what stands for these bytes, in this order."""
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def kept_for(page: Path) -> str:
    """Return the name under which something of a page is kept: each Python keeps its own."""
    return digest(str(page).encode(), sys.version.encode())


def load(kept: Path) -> object:
    """Return what is kept there; a damaged file is as good as none."""
    try:
        return pickle.loads(kept.read_bytes())
    except (OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, IndexError):
        return None


def write_whole(file: Path, content: bytes) -> None:
    """Write a file in one step: whoever is interrupted keeps the old one."""
    with tempfile.NamedTemporaryFile("wb", dir=file.parent, delete=False) as new:
        new.write(content)
    os.chmod(new.name, file.stat().st_mode if file.exists() else 0o644)
    os.replace(new.name, file)
