"""Figures: an image with the caption below it has an address of its own.

The caption is written with `pymdownx.blocks.caption`, which numbers it too.
"""

from pathlib import PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

PREFIX = "figure-"


class Figures(Treeprocessor):
    """Comes after the numbering of captions."""

    def run(self, root: Element) -> None:
        """Change the page in place."""
        for figure in root.iter("figure"):
            image = figure.find(".//img")
            if image is not None:
                figure.set("id", PREFIX + PurePosixPath(image.get("src", "")).stem)


class FigurePages(Extension):
    """Adds it to a converter."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run after inline Markdown has become elements."""
        md.treeprocessors.register(Figures(md), "figures", -5)


def makeExtension(**_: Any) -> FigurePages:  # noqa: N802
    """Make what mkdocs.yml names."""
    return FigurePages()
