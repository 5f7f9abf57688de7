"""The files of docs/_hooks, imported as mkdocs imports them: from their own folder."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parents[1] / "docs" / "_hooks"


def load(name: str) -> ModuleType:
    """Import one of the files, which may import its neighbours."""
    sys.path.insert(0, str(FOLDER))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(FOLDER))
