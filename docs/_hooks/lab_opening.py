"""What stands below the title of a lab: where to get the notebook, and what was found, drawn."""

import re
from pathlib import PurePosixPath

RESULT = "The result: "  # how a caption begins if its plot is what the lab is about
_TITLE = re.compile(r"\A(# .*\n)")
_FIGURE = re.compile(
    r"^(?P<image>!\[.*\]\((?P<file>[^()\s]+)\)(?:\{.*\})?)\n\n"
    r"/// figure-caption\n(?P<caption>(?:.+\n)+?)///$",
    re.MULTILINE,
)


def opened(page: str, links: str) -> str:
    """Write below the title of a page what a reader sees of a lab first.

    Args:
        page: the lab as Markdown.
        links: Markdown of the line below the title.

    Returns:
        The page; the result is shown on top with its caption, and again where it is drawn.
    """
    shown = result(page)
    if shown:
        stem = PurePosixPath(shown["file"]).stem
        again = f"Once more [what this page begins with](#figure-{stem}), where it is drawn."
        page = page.replace(shown[0], captioned(shown["image"], again))
        links += f"\n\n{captioned(shown['image'], shown['caption'].removeprefix(RESULT).rstrip())}"
    return _TITLE.sub(lambda title: f"{title[1]}\n{links}\n", page)


def result(page: str) -> re.Match[str] | None:
    """Find the figure that says that it is the result, or else the last."""
    figures = [*_FIGURE.finditer(page)]
    named = [figure for figure in figures if figure["caption"].startswith(RESULT)]
    return next(iter(named or figures[-1:]), None)


def captioned(image: str, caption: str) -> str:
    """Write an image with its caption."""
    return f"{image}\n\n/// figure-caption\n{caption[0].upper()}{caption[1:]}\n///"
