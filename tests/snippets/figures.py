"""Compare a page's drawings, and what is told of them, with what their titles' expressions draw.

A drawing says itself what is on it, `figure.alt`: that is the alt text, word by word.
"""

import html
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.reading.document import Claim
from tests.reading.problems import Edit, Problem, disagreement
from tests.reading.site_markdown import Line
from tests.snippets.claims import Evaluate

# An alt text in the source: a bracket in it is escaped, or closed again.
ALT = r"!\[(?P<alt>(?:\\.|\[(?:\\.|[^\[\]\\])*\]|[^\[\]\\])*)\]"
# What Markdown would not show as it stands; an index, which it does, is found first.
_SPECIAL = re.compile(r"\[[\d:, ]+\](?!\()|[\\`\[\]]")


def check_figure(
    claim: Claim, folder: Path, lines: Sequence[Line], evaluate: Evaluate
) -> Problem | None:
    """Compare an image's file and its alt text with the drawing that its tie makes.

    Args:
        folder: Where the page lies: the image's path is relative to it.
        lines: The page: an alt text is mended where it stands.

    Raises:
        NameError: The expression names something that the page has not made yet.
    """
    if claim.tie is None or claim.image is None:
        return Problem(claim.line, f"the figure {claim.image} is tied to nothing that draws it")
    figure = evaluate(claim.tie.text)
    if not hasattr(figure, "svg"):
        return Problem(claim.line, f"{claim.tie.text} draws nothing: it is {figure!r}")
    file, stated = folder / claim.image, claim.shown.text
    line = _line(claim, lines)
    kept = file.read_text(encoding="utf-8") if file.is_file() else None
    if kept is None or not is_drawn(kept, figure.svg):
        state = "is missing; this draws it" if kept is None else "is not what this draws"
        message = f"the figure {claim.image} {state}: {claim.tie.text}"
        edits = tuple(_corrections(claim.image, lines, figure.alt))
        return Problem(line, message, edits, drawing=(file, figure.svg))
    if stated.split() == figure.alt.split():
        return None
    message = f"alt text: {disagreement(stated, figure.alt, f'{claim.tie.text}.alt')}"
    return Problem(line, message, tuple(_corrections(claim.image, lines, figure.alt)))


def _line(claim: Claim, lines: Sequence[Line]) -> int:
    """Return where a figure stands: an alt text without a number does not tell."""
    shows = [number for number, line in enumerate(lines) if f"]({claim.image})" in line.text]
    return claim.line if claim.line in shows else min(shows, default=claim.line)


def _corrections(image: str, lines: Sequence[Line], alt: str) -> Iterator[Edit]:
    """Yield what puts an alt text wherever the page shows an image."""
    written = as_markdown(alt)
    for number, line in enumerate(lines):
        for match in re.finditer(rf"{ALT}\({re.escape(image)}\)", line.text):
            if match["alt"] != written:
                yield Edit(number, *match.span("alt"), written)


def as_markdown(alt: str) -> str:
    """Write an alt text so that Markdown shows it as it is."""
    escaped = _SPECIAL.sub(lambda match: match[0] if match[0][1:] else f"\\{match[0]}", alt)
    return html.escape(" ".join(escaped.split()), quote=False)


# What stands between tags is read; a decimal in a tag is a place or a shade.
_READ = re.compile(r">[^<]*<")
_DECIMAL = re.compile(r"(?<![\w.#])-?\d+(?:\.\d+)?(?![\w.])")


def is_drawn(kept: str, drawn: str) -> bool:
    """Tell whether two drawings look the same: a shade may be on the edge of its rounding."""
    pairs = zip(_DECIMAL.findall(_tags(kept)), _DECIMAL.findall(_tags(drawn)), strict=False)
    return _without_decimals(kept) == _without_decimals(drawn) and all(
        abs(float(one) - float(other)) < 1.5 * 10.0 ** -_decimals(one, other)
        for one, other in pairs
        if one != other
    )


def _decimals(one: str, other: str) -> float:
    """Return how many decimals two numbers have; of two whole ones none may move."""
    return max(len(number.partition(".")[2]) for number in (one, other)) or math.inf


def _tags(svg: str) -> str:
    return _READ.sub("><", svg)


def _without_decimals(svg: str) -> tuple[str, list[str]]:
    """Return the tags with a sign for each decimal, and what is read."""
    return _DECIMAL.sub("0.0", _tags(svg)), _READ.findall(svg)
