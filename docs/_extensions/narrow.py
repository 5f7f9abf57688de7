"""What a phone needs of a page: names for the cells of tables, places where long code may break.

Where a table would be too wide, `assets/styles/tables.css` shows each row as a card, in which each
cell says what its column is called.
"""

import html
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

# Browsers may forget what a table is when it is no longer displayed as one.
ROLES = {
    "table": "table",
    "thead": "rowgroup",
    "tbody": "rowgroup",
    "tr": "row",
    "th": "columnheader",
    "td": "cell",
}
WHOLE = 18  # as many characters of code fit beside the name of a column, in any font
# After a point, an operator or an opening bracket; never inside a name.
BREAK = re.compile(r"(?<=[.=(\[/])(?=[\w\"'(\[])")
ZERO_WIDTH_SPACE = "\u200b"


class Narrow(Treeprocessor):
    """Comes after all that makes or changes elements."""

    def run(self, root: Element) -> None:
        """Change the page in place."""
        for table in root.iter("table"):
            name_cells(table)
        for code in inline_code(root):
            let_break(code)


def name_cells(table: Element) -> None:
    """Write on each cell what its column is called, and on each part of the table what it is."""
    for part in table.iter():
        if part.tag in ROLES:
            part.set("role", ROLES[part.tag])
    names = [" ".join("".join(head.itertext()).split()) for head in table.iterfind("thead/tr/th")]
    for row in table.iterfind("tbody/tr"):
        for name, cell in zip(names, row, strict=True):
            cell.set("data-label", BREAK.sub(ZERO_WIDTH_SPACE, name))


def inline_code(element: Element) -> Iterator[Element]:
    """Find the code that stands in text."""
    for child in element:
        if child.tag == "code":
            yield child
        elif child.tag != "pre":
            yield from inline_code(child)


def let_break(code: Element) -> None:
    """Let long code break after a comma or a blank, and where it has none, after a point."""
    text = code.text or ""
    if len(html.unescape(text)) <= WHOLE:
        return
    code.set("class", f"{code.get('class', '')} long".strip())
    if max(map(len, text.split())) > WHOLE:
        code.text, *rest = BREAK.split(text)
        for part in rest:
            SubElement(code, "wbr").tail = part


class NarrowPages(Extension):
    """Adds it to a converter."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run last."""
        md.treeprocessors.register(Narrow(md), "narrow", -10)


def makeExtension(**_: Any) -> NarrowPages:  # noqa: N802
    """Make what mkdocs.yml names: pages, labs and docstrings go through it."""
    return NarrowPages()
