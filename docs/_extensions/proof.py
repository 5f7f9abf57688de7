"""Ties on a page: what a tick stands beside, and the switch that shows all expressions at once.

`assets/styles/proof.css` draws the tick, `assets/scripts/proof.js` shows the expression.
"""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

MARK = "t"
TIED = {"code", "em", "strong"}
# Read as names of what is below them: a sign or a tooltip would be in the way.
UNTICKED = {"h1", "h2", "h3", "h4", "h5", "h6", "th"}


class Proof(Treeprocessor):
    """Comes after what reads ties."""

    def run(self, root: Element) -> None:
        """Change the page in place."""
        found = list(ties(root))
        for tie, ticked in found:
            if ticked:
                tie.set("class", f"{MARK} {tie.get('class', '')}".strip())
            else:
                plain(tie)
        if any(ticked for _, ticked in found) and root[0].tag == "h1":
            root.insert(0, switch())


def ties(element: Element, ticked: bool = True) -> Iterator[tuple[Element, bool]]:
    """Find what is tied, and whether it stands where a tick can be."""
    for child in element:
        here = ticked and child.tag not in UNTICKED
        if child.tag in TIED and "title" in child.attrib:
            yield child, here
        yield from ties(child, here)


def plain(tie: Element) -> None:
    """Leave nothing of a tie: what was emphasised only to carry it is text."""
    del tie.attrib["title"]
    if tie.tag == "em":
        tie.tag = "span"


def switch() -> Element:
    """Make the button, which its script enables."""
    label = {"aria-label": "Show the proof", "title": "Show the proof"}
    look = {"class": "md-content__button proof", "aria-pressed": "false", "disabled": "disabled"}
    return Element("button", look | label)


class ProofPages(Extension):
    """Adds it to a converter."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run last: a page's title is looked for in its first element."""
        md.treeprocessors.register(Proof(md), "proof", -20)


def makeExtension(**_: Any) -> ProofPages:  # noqa: N802
    """Make what mkdocs.yml names."""
    return ProofPages()
