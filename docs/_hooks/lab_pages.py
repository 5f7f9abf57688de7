"""What becomes of a lab: a page of the site, and a notebook to download."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.utils.yaml import yaml_load
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from plots import told

from docs._extensions.images import size_of_svg

# The colours of rnn_ref/plots.mplstyle, which read fairly on any paper, and what reads well on
# light and on dark: the same as in the figures of rnn_ref.
COLOURS = {
    "#7a7f88": ("#1f2328", "#f0f1f4"),
    "#0072b2": ("#0072b2", "#6cc0f0"),
    "#d55e00": ("#b34d00", "#f0a830"),
    "#009e73": ("#007a5a", "#35c79d"),
}
_BEFORE_SVG = re.compile(r"\A.*?(?=<svg\b)", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_TITLE = re.compile(r"\A(# .*\n)")
_TIE = re.compile(r'\{title="[^"]*"\}')
_LINK = re.compile(r"\]\(([^():#\s]+\.(?:md|py))(#[^()\s]*)?\)")
_SPECIAL = re.compile(r"[\\`\[\]]")  # in an alt text, to Markdown
_CODE = "````"
CAPTION = "*Figure:*"  # how a cell begins whose first paragraph is the caption of the plot above it


@dataclass
class LabPage:
    """A lab as Markdown, with what it describes itself by and the files that it shows."""

    text: str = ""
    meta: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)


def as_page(notebook: NotebookNode, name: str, links: str) -> LabPage:
    """Write an executed notebook as a page.

    Args:
        notebook: the notebook with its outputs; its first raw cell is the head of the page.
        name: what its figures are called by.
        links: Markdown to put below its title.

    Raises:
        PluginError: it shows what a page cannot: a warning, or a caption that is below no plot.
    """
    page = LabPage(meta=header(notebook))
    parts, language = [], "python"
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(_as_text(cell.source, parts[-1:], name))
        elif cell.cell_type == "code":
            code = f"{_CODE}{language}\n{cell.source}\n{_CODE}"
            parts += [code, *_outputs(cell, name, page)]
            language = "{.python continuation}"
    page.text = _TITLE.sub(rf"\1\n{links}\n", "\n\n".join(parts))
    return page


def _as_text(source: str, above: Sequence[str], name: str) -> str:
    """Return a cell of text; one that begins as a caption does is that of the plot above it."""
    if not source.startswith(CAPTION):
        return source
    if not any(part.startswith("![") for part in above):
        raise PluginError(f"{name}: {CAPTION} stands below no plot; put the cell behind one")
    caption, _, rest = source.removeprefix(CAPTION).strip().partition("\n\n")
    return f"/// figure-caption\n{caption}\n///\n\n{rest}"


def header(notebook: NotebookNode) -> dict[str, Any]:
    """Return the head of a lab, which jupytext takes for a raw cell."""
    raw = [cell.source for cell in notebook.cells if cell.cell_type == "raw"]
    return yaml_load(raw[0].strip("-\n")) if raw else {}


def _outputs(cell: NotebookNode, name: str, page: LabPage) -> Iterator[str]:
    for output in cell.outputs:
        data = output.get("data", {})
        if output.get("name") == "stderr":
            raise PluginError(f"{name} writes to stderr: {output.text.strip()}")
        if "image/svg+xml" in data:
            file = f"{name}-{len(page.figures) + 1}.svg"
            page.figures[file] = as_figure(data["image/svg+xml"])
            yield _as_image(data["image/svg+xml"], file)
        else:
            text = output.get("text") or data["text/plain"]
            yield f"{_CODE}{{.text .output}}\n{text.rstrip()}\n{_CODE}"


def _as_image(svg: str, file: str) -> str:
    """Write where a plot is shown: with what is told of it, and as large as it is."""
    alt = _SPECIAL.sub(r"\\\g<0>", escape(told(svg), quote=False))
    sides = size_of_svg(svg)
    size = f'{{width="{sides[0]}" height="{sides[1]}"}}' if sides else ""
    return f"![{alt}]({file}){size}"


def as_figure(svg: str) -> str:
    """Return a plot of matplotlib in the colours of both schemes; other drawings have their own.

    An SVG in `<img>` takes the scheme from the element around it.
    """
    if "Matplotlib" not in svg:
        return svg
    svg = _METADATA.sub("", _BEFORE_SVG.sub("", svg))
    for colour in COLOURS:
        svg = svg.replace(colour, f"var(--{colour[1:]})")
    light, dark = (
        " ".join(f"--{colour[1:]}: {shades[scheme]};" for colour, shades in COLOURS.items())
        for scheme in (0, 1)
    )
    dark = f"@media (prefers-color-scheme: dark) {{ svg {{ {dark} }} }}"
    return svg.replace("<defs>", f"<style>svg {{ {light} }} {dark}</style><defs>", 1)


def as_download(
    notebook: NotebookNode, name: str, install: str, url_of: Callable[[str], str]
) -> NotebookNode:
    """Return a notebook that runs anywhere and reads well there: no ties, whole addresses.

    Args:
        notebook: the lab, not executed.
        name: what its cells are called by.
        install: the code of its first cell.
        url_of: gives the address of a page that the lab names as in the sources.
    """
    cells = [new_code_cell(install), *(cell for cell in notebook.cells if cell.cell_type != "raw")]
    for number, cell in enumerate(cells):
        cell.id = f"{name}-{number}"  # the same in each build
        cell.metadata = {}
        if cell.cell_type == "markdown":
            text = _TIE.sub("", cell.source)
            cell.source = _LINK.sub(lambda m: f"]({url_of(m[1])}{m[2] or ''})", text)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata={"kernelspec": kernel}, cells=cells)
