"""A page as a notebook: text and code in cells, with what the code prints below it."""

from collections.abc import Callable, Sequence
from itertools import groupby

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from docs._finish.taking.examples import WARNED, Example, holds, installs
from docs._finish.taking.plain import Code, Text, written

FORGET = "%reset -f"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
# Among the output, and as the site shows them.
SHOW_WARNINGS = """\
import warnings

warnings.showwarning = lambda message, kind, *_: print(f"{kind.__name__}: {message}")"""


def notebook(pieces: Sequence[Text | Code], name: str) -> NotebookNode:
    """Write the pieces of a page as a notebook that runs from top to bottom.

    Args:
        pieces: the page.
        name: what its cells are called by.
    """
    cells = as_cells(pieces, code_cell, FORGET)
    for number, cell in enumerate(cells):
        cell.id = f"{name}-{number}"  # the same in each build
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def as_cells(
    pieces: Sequence[Text | Code], code_cell: Callable[[str], NotebookNode], forget: str
) -> list[NotebookNode]:
    """Return a cell for each block that is executed, and for the text between two of them.

    The first installs what they import.

    Args:
        pieces: the page.
        code_cell: makes the cell of a block.
        forget: code before a block that does not go on in the namespace of the one above.
    """
    cells, first = [], True
    if packages := installs(piece.code for piece in pieces if is_example(piece)):
        cells.append(new_code_cell(f"%pip install --quiet {' '.join(packages)}"))
    if any(is_example(piece) and WARNED.search(piece.code) for piece in pieces):
        cells.append(new_code_cell(SHOW_WARNINGS))
    for runs, group in groupby(pieces, is_example):
        if not runs:
            cells.append(new_markdown_cell(written(group).rstrip("\n")))
            continue
        for piece in group:
            if piece.told:
                cells.append(new_markdown_cell(piece.told))
            if not piece.continues and not first:
                cells.append(new_code_cell(forget))
            cells.append(code_cell(piece.code))
            first = False
    return cells


def is_example(piece: Text | Code) -> bool:
    """Tell whether a piece is executed."""
    return isinstance(piece, Code) and piece.is_run and holds(piece)


def code_cell(code: str) -> NotebookNode:
    """Return the cell of a block, as it would be after a run."""
    example = Example(code)
    printed, raised = example.output()
    cell = new_code_cell(example.silent)
    if printed:
        text = "".join(f"{line}\n" for line in printed)
        cell.outputs.append(new_output("stream", name="stdout", text=text))
    if raised:
        name, _, message = "\n".join(raised).partition(": ")
        name = name.rpartition(".")[2]
        cell.outputs.append(new_output("error", ename=name, evalue=message, traceback=raised))
        cell.metadata.tags = ["raises-exception"]
    return cell
