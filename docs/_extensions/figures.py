"""Figures: an image with the caption below it has an address of its own, and its place is kept.

The caption is written with `pymdownx.blocks.caption`, which numbers it too.
"""

from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from docs._extensions.images import size

PREFIX = "figure-"
PAGES = Path(__file__).parents[1]  # where the addresses of images begin, however deep a page is
LATER = {"loading": "lazy", "decoding": "async"}


class Figures(Treeprocessor):
    """Comes after the numbering of captions."""

    def run(self, root: Element) -> None:
        """Change the page in place."""
        for place, image in enumerate(root.iter("img")):
            dress(image, first=place == 0)
        taken: set[str] = set()
        for figure in root.iter("figure"):
            address(figure, taken)


def dress(image: Element, *, first: bool) -> None:
    """Say how large an image is; what is not seen first may come later.

    Its title is what the check ties it to, which is nothing to tell a reader.
    """
    image.attrib.pop("title", None)
    sides = size(PAGES / image.get("src", "").lstrip("./"))
    if sides:  # a lab's plots are made later, and say it themselves
        image.attrib.update(width=str(sides[0]), height=str(sides[1]))
    if not first:
        image.attrib.update(LATER)


def address(figure: Element, taken: set[str]) -> None:
    """Let a figure be linked to by the name of its image, as the number of its caption does.

    An image that is shown twice, such as what a lab begins with, has the plain name where it comes
    first.
    """
    image = figure.find(".//img")
    if image is None:
        return
    name = PREFIX + PurePosixPath(image.get("src", "")).stem
    name += "-again" * (name in taken)
    taken.add(name)
    figure.set("id", name)
    for number in figure.iterfind("figcaption/p/span[@class='caption-prefix']"):
        number.tag = "a"
        number.set("href", f"#{name}")


class FigurePages(Extension):
    """Adds it to a converter."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run after inline Markdown has become elements."""
        md.treeprocessors.register(Figures(md), "figures", -5)


def makeExtension(**_: Any) -> FigurePages:  # noqa: N802
    """Make what mkdocs.yml names."""
    return FigurePages()
