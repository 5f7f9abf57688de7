"""Put the true numbers in place of the wrong ones, and touch nothing else."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.reading.files import write_whole
from tests.reading.problems import Edit, Problem
from tests.reading.site_markdown import Line


@dataclass
class Rewriting:
    """The corrections of all pages; what two pages include is corrected once."""

    edits: dict[Path, set[Edit]] = field(default_factory=lambda: defaultdict(set))
    drawings: dict[Path, str] = field(default_factory=dict)

    def add(self, page: Path, lines: list[Line], problems: Iterable[Problem]) -> None:
        """Collect what makes the claims of a page true, in it or in the files it includes."""
        for problem in problems:
            for edit in problem.edits:
                line = lines[edit.line]
                file = Path(line.file) if line.file else page
                self.edits[file].add(Edit(line.number, edit.start, edit.end, edit.text))
            self.drawings.update([problem.drawing] if problem.drawing else [])

    def write(self) -> list[Path]:
        """Write each file once, and return the files."""
        for file, changes in self.edits.items():
            write_whole(file, apply(file.read_bytes().decode(), changes).encode())
        for file, drawing in self.drawings.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, drawing.encode())
        return [*self.edits, *self.drawings]


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
