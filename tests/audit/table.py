"""The rows of the audit, and what is beyond a limit."""

from collections.abc import Iterable
from dataclasses import dataclass, field

# What a first view may cost; a lab has its figures beside that.
TEXT_KB, LAB_KB, REQUESTS = 45.0, 60.0, 6
SHIFT = 0.05
PERFORMANCE, OTHERS = 90, 100  # Lighthouse's, of a hundred
HEADS = ("page", "KB", "requests", "elsewhere", "Lighthouse", "axe", "shift", "blocks")


@dataclass
class Row:
    """What was measured of one page."""

    page: str
    kilobytes: float
    requests: int
    elsewhere: list[str]
    scores: dict[str, int]
    inaccessible: list[str]
    shift: float
    blocks: int
    wrong: list[str] = field(default_factory=list)

    @property
    def is_lab(self) -> bool:
        """Labs weigh more, and bring figures along, which are not counted."""
        return self.page.startswith("labs/")

    def cells(self) -> list[str]:
        """The row as text."""
        scores = " ".join(map(str, self.scores.values()))
        run = f"{self.blocks - len(self.wrong)} of {self.blocks}"
        return [
            *(self.page, f"{self.kilobytes:.1f}", str(self.requests), str(len(self.elsewhere))),
            *(scores, str(len(self.inaccessible)), f"{self.shift:.3f}", run),
        ]

    def faults(self) -> list[str]:
        """What is beyond a limit."""
        found = list(self.elsewhere) + list(self.inaccessible) + list(self.wrong)
        limit = LAB_KB if self.is_lab else TEXT_KB
        if self.kilobytes > limit:
            found.append(f"{self.kilobytes:.1f} KB, at most {limit}")
        if self.requests > REQUESTS and not self.is_lab:
            found.append(f"{self.requests} requests, at most {REQUESTS}")
        if self.shift > SHIFT:
            found.append(f"moves by {self.shift:.3f}, at most {SHIFT}")
        for name, score in self.scores.items():
            least = PERFORMANCE if name == "performance" else OTHERS
            if score < least:
                found.append(f"{name} {score}, at least {least}")
        return [f"{self.page}: {fault}" for fault in found]


def printed(rows: Iterable[list[str]]) -> str:
    """Columns side by side; the first is left, numbers are right."""
    lines = [list(HEADS), *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )
