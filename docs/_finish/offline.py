"""The worker that keeps the site for a reader without a network, and what it is to keep."""

import hashlib
import json
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

SOURCE = Path(__file__).with_name("worker.js")
NAME = "offline.js"  # at the root, since it sees what lies beside it
FIRST = {".css", ".js", ".json"}  # what each page needs, the search's index too
# For other machines, or taken from the network when somebody wants it.
# To be downloaded, or for machines.
UNREAD = {".gz", ".inv", ".ipynb", ".md", ".png", ".py", ".txt", ".xml"}


def run(folder: Path, _: MkDocsConfig) -> None:
    """Write the worker, a new one whenever a file of the site is."""
    files = [
        file for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix not in UNREAD
    ]
    files.sort(key=lambda file: file.suffix not in FIRST)
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    addresses = [file.relative_to(folder).as_posix().removesuffix("index.html") for file in files]
    constants = {"VERSION": digest.hexdigest()[:16], "FILES": addresses}
    head = "".join(f"const {name} = {json.dumps(value)}\n" for name, value in constants.items())
    (folder / NAME).write_text(head + SOURCE.read_text(encoding="utf-8"), encoding="utf-8")
