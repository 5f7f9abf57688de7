"""Where a page is changed: what it claims, what it executes, and what it says in words."""

from collections.abc import Iterator

from tests.reading import versions
from tests.reading.beside import FACTS
from tests.reading.docstrings import docstrings
from tests.reading.document import Claim, Document
from tests.reading.fences import Fence


def claims(document: Document) -> Iterator[Claim]:
    """Yield what a page states in text; what is about other versions is left to their runs."""
    for event in document.events:
        if isinstance(event, Claim) and not versions.elsewhere(event.bounds):
            yield event


def fences(document: Document) -> Iterator[Fence]:
    """Yield the fences of a page that are executed."""
    for fence in document.fences:
        if not versions.elsewhere(fence.bounds):
            yield fence


def prose(document: Document) -> Iterator[tuple[int, str]]:
    """Yield the lines on which a page, a lab or a docstring speaks; what is written is left out."""
    if any(is_example(event) for event in document.events):
        return
    code = {f.line + i for f in document.fences for i in range(f.code.count("\n") + 3)}
    spoken = _docstring_lines("\n".join(line.text for line in document.lines))
    for number, line in enumerate(document.lines):
        said = number in spoken if spoken and not document.notebook else number not in code
        if said and not document.is_written(number) and not line.text.startswith("description:"):
            yield number, line.text


def is_example(event: object) -> bool:
    """Tell whether a file is one beside the pages: what its code spans say are examples."""
    return isinstance(event, Fence) and event == FACTS


def _docstring_lines(text: str) -> set[int]:
    """Return the lines of the docstrings of a Python file; of other texts none."""
    try:
        found = list(docstrings(text))
    except SyntaxError:
        return set()
    return {i for node in found for i in range(node.lineno - 1, node.end_lineno or node.lineno)}
