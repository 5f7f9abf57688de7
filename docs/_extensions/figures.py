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
        for figure in root.iter("figure"):
            link_number(figure)


class Addresses(Treeprocessor):
    """Comes before mkdocs looks which addresses there are."""

    def run(self, root: Element) -> None:
        """Let a figure be linked to by the name of its image.

        An image that is shown twice, as a lab's result is, has the plain name where it comes first.
        """
        taken: set[str] = set()
        for figure in root.iter("figure"):
            image = figure.find(".//img")
            if image is not None:
                name = PREFIX + PurePosixPath(image.get("src", "")).stem
                figure.set("id", name + "-again" * (name in taken))
                taken.add(name)


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


def link_number(figure: Element) -> None:
    """Let the number of a caption lead to its figure."""
    for number in figure.iterfind("figcaption/p/span[@class='caption-prefix']"):
        number.tag = "a"
        number.set("href", f"#{figure.get('id', '')}")


class FigurePages(Extension):
    """Adds it to a converter."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run after inline Markdown has become elements."""
        md.treeprocessors.register(Addresses(md), "addresses of figures", 6)
        md.treeprocessors.register(Figures(md), "figures", -5)


def makeExtension(**_: Any) -> FigurePages:  # noqa: N802
    """Make what mkdocs.yml names."""
    return FigurePages()
