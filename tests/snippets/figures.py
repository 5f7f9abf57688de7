"""Compare a page's drawings with what the expressions in their titles draw now."""

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
    if file.is_file() and file.read_text(encoding="utf-8") == figure.svg:
        return None
    state = "is not what this draws" if file.is_file() else "is missing; this draws it"
    message = f"the figure {claim.image} {state}: {claim.tie.text}"
    return Problem(claim.line, message, drawing=(file, figure.svg))
