"""What is wrong on a page: where, what stands there, what is true."""

from dataclasses import dataclass
from pathlib import Path

from tests.reading.site_markdown import Line


class DocumentError(Exception):
    """The page cannot be checked at all; `line` is an index into the page after inclusion."""

    def __init__(self, line: int, message: str):
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(frozen=True)
class Edit:
    """Replace the columns `start` to `end` of a line; `text` None removes the whole line."""

    line: int
    start: int
    end: int
    text: str | None


@dataclass(frozen=True)
class Problem:
    """One wrong claim; `edits` (or a new `drawing`) make it true, where a machine can tell how."""

    line: int
    message: str
    edits: tuple[Edit, ...] = ()
    drawing: tuple[Path, str] | None = None

    @property
    def mendable(self) -> bool:
        """Tell whether `--update-docs` can put the truth in place of what is documented."""
        return bool(self.edits) or self.drawing is not None

    def report(self, page: str, lines: list[Line]) -> str:
        """Write the problem as `page:line: message`, with the documented line below it."""
        line = lines[self.line]
        return f"{line.file or page}:{line.number + 1}: {self.message}\n    | {line.text.strip()}"


def disagreement(documented: str, actual: str, expression: str) -> str:
    """Say what a claim documents, what is true, and the expression that tells so."""
    documented, actual = (" ⏎ ".join(text.split("\n")) for text in (documented, actual))
    return f"documented {documented}, actual {actual}, from {expression}"
