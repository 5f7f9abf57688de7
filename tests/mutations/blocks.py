"""A fence that is no longer executed, and is shown as before."""

from collections.abc import Iterator

from tests.mutations.mutant import Mutant, Statement
from tests.mutations.places import fences
from tests.reading.document import Document
from tests.reading.fences import OUTPUT, Fence

HEADERS = {
    "text": "text",
    "another Python": "{.python2 .continuation}",
    "a console": "pycon",
    "a name": '{.python .continuation title="model.py"}',
    "not executed": '{.python data-notest="it needs a GPU"}',
}


def blocks(document: Document) -> Iterator[Mutant]:
    """Yield each fence of a page with another header, and as a block of HTML."""
    for fence in [] if document.notebook else fences(document):
        line = document.lines[fence.line].text
        margin = line[: len(line) - len(line.lstrip(" >"))]
        statement = Statement("block", line, fence.line, 0)
        for change, header in HEADERS.items():
            if change != "not executed" or OUTPUT in fence.code:
                yield Mutant(statement, change, f"{margin}```{header}")
        yield _as_html(fence, statement, margin, document)


def _as_html(fence: Fence, statement: Statement, margin: str, document: Document) -> Mutant:
    end = fence.line + 1 + fence.code.count("\n") + 1
    closing = Statement("block", document.lines[end].text, end, 0)
    return Mutant(statement, "HTML", f"{margin}<pre>", also=(closing.becomes(f"{margin}</pre>"),))
