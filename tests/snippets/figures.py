"""Compare a page's drawings with what the expressions in their titles draw now."""

import re
from pathlib import Path

from tests.snippets.claims import Evaluate
from tests.snippets.document import Claim
from tests.snippets.problems import Problem


def check_figure(claim: Claim, folder: Path, evaluate: Evaluate) -> Problem | None:
    """Compare the file of an image with the drawing that its tie makes.

    Args:
        folder: Where the page lies: the image's path is relative to it.

    Raises:
        NameError: The expression names something that the page has not made yet.
    """
    if claim.tie is None or claim.image is None:
        return Problem(claim.line, f"the figure {claim.image} is tied to nothing that draws it")
    figure = evaluate(claim.tie.text)
    if not hasattr(figure, "svg"):
        return Problem(claim.line, f"{claim.tie.text} draws nothing: it is {figure!r}")
    file = folder / claim.image
    if file.is_file() and is_drawn(file.read_text(encoding="utf-8"), figure.svg):
        return None
    state = "is not what this draws" if file.is_file() else "is missing; this draws it"
    message = f"the figure {claim.image} {state}: {claim.tie.text}"
    return Problem(claim.line, message, drawing=(file, figure.svg))


# What stands between tags is read; a decimal in a tag is a place or a shade.
_READ = re.compile(r">[^<]*<")
_DECIMAL = re.compile(r"-?\d+\.\d+")


def is_drawn(kept: str, drawn: str) -> bool:
    """Tell whether two drawings look the same: a shade may be on the edge of its rounding."""
    pairs = zip(_DECIMAL.findall(_tags(kept)), _DECIMAL.findall(_tags(drawn)), strict=False)
    return _without_decimals(kept) == _without_decimals(drawn) and all(
        abs(float(one) - float(other)) < 1.5 * 10.0 ** -len(one.partition(".")[2])
        for one, other in pairs
        if one != other
    )


def _tags(svg: str) -> str:
    return _READ.sub("><", svg)


def _without_decimals(svg: str) -> tuple[str, list[str]]:
    """Return the tags with a sign for each decimal, and what is read."""
    return _DECIMAL.sub("0.0", _tags(svg)), _READ.findall(svg)
