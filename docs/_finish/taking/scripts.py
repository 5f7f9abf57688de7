"""A page as a script with cells, which prints what the page shows."""

from collections.abc import Sequence

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from docs._finish.taking.examples import Example
from docs._finish.taking.notebooks import as_cells
from docs._finish.taking.plain import Code, Text

FORMAT = "py:percent"
PLAIN = {"jupytext": {"notebook_metadata_filter": "-all", "cell_metadata_filter": "-all"}}
# What stands alone finds no names of those above; an interpreter's own begin with a line.
FORGET = '[globals().pop(name) for name in list(globals()) if not name.startswith("_")]'


def script(pieces: Sequence[Text | Code]) -> str:
    """Write the pieces of a page as a script that runs from top to bottom."""
    cells = as_cells(pieces, lambda code: new_code_cell(Example(code).caught()), FORGET)
    return from_notebook(new_notebook(cells=cells))


def from_notebook(notebook: NotebookNode) -> str:
    """Write a notebook as a script."""
    notebook.metadata = PLAIN
    return jupytext.writes(notebook, fmt=FORMAT)
