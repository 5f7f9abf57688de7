"""Put the true numbers in place of the wrong ones, and touch nothing else."""

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.snippets.problems import Edit, Problem
from tests.snippets.site_markdown import Line


def rewrite(page: Path, lines: list[Line], problems: Iterable[Problem]) -> list[Path]:
    """Apply the edits of the problems to the page and the files that it includes.

    Returns:
        The files that were written.
    """
    edits: dict[Path, set[Edit]] = defaultdict(set)
    drawings: dict[Path, str] = {}
    for problem in problems:
        for edit in problem.edits:
            line = lines[edit.line]
            file = Path(line.file) if line.file else page
            edits[file].add(Edit(line.number, edit.start, edit.end, edit.text))
        drawings.update([problem.drawing] if problem.drawing else [])
    for file, changes in edits.items():
        write_whole(file, apply(file.read_bytes().decode(), changes).encode())
    for file, drawing in drawings.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, drawing.encode())
    return [*edits, *drawings]


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with the edits made, from the last to the first."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda edit: (edit.line, edit.start), reverse=True):
        if edit.text is None:
            del lines[edit.line]
        else:
            line = lines[edit.line]
            lines[edit.line] = line[: edit.start] + edit.text + line[edit.end :]
    return "\n".join(lines)


def write_whole(file: Path, content: bytes) -> None:
    """Write a file in one step: whoever is interrupted keeps the old one."""
    with tempfile.NamedTemporaryFile("wb", dir=file.parent, delete=False) as new:
        new.write(content)
    os.chmod(new.name, file.stat().st_mode if file.exists() else 0o644)
    os.replace(new.name, file)
