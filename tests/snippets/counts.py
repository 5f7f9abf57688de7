"""What the check counted in each file, for the last line of each page of the site."""

import json
from collections.abc import Iterable
from pathlib import Path

from tests.reading.beside import is_beside
from tests.reading.files import write_whole
from tests.snippets.check import Report

FILE = Path("docs/_checked.json")
Counts = dict[str, list[int]]


def of_report(report: Report) -> list[int]:
    """Return how many blocks were executed, and how many claims compared."""
    return [len(report.executed), report.compared]


def read(root: Path) -> Counts:
    """Return what is kept of each file that has a block."""
    file = root / FILE
    counts: Counts = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return counts


def renewed(root: Path, reports: Iterable[tuple[Path, Report]]) -> Counts:
    """Return the counts with those of new reports, and without those of files that are gone.

    A file that only shows the docstrings of others has none."""
    counts = read(root)
    for page, report in reports:
        if page.is_relative_to(root) and not is_beside(page) and report.document.fences:
            counts[page.relative_to(root).as_posix()] = of_report(report)
    return {n: kept for n, kept in sorted(counts.items()) if (root / n).is_file()}


def write(root: Path, reports: Iterable[tuple[Path, Report]]) -> list[Path]:
    """Keep the new counts, a line for each file; return the file, if it has changed."""
    lines = [f"{json.dumps(n)}: {json.dumps(kept)}" for n, kept in renewed(root, reports).items()]
    text, file = "{\n" + ",\n".join(lines) + "\n}\n", root / FILE
    if not file.parent.is_dir() or (file.is_file() and file.read_text("utf-8") == text):
        return []
    write_whole(file, text.encode())
    return [file]
