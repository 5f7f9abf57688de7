"""The lines above a page: what search engines show of it, and nobody can tie."""

import re

from tests.reading import numerals
from tests.reading.elements import odd_character
from tests.reading.problems import DocumentError

# Spelled as code is: h_n, torch.nn.RNN, CrossEntropyLoss; but for the two projects.
NAME = re.compile(
    r"\b(?!PyTorch\b|NumPy\b)(?:[A-Za-z]\w*(?:\.[A-Za-z]\w*)+|[A-Za-z]\w*_\w+|\w*[a-z][A-Z]\w*)"
)


def check_front_matter(text: str, body: str) -> None:
    """Reject numbers, names of which the page does not speak, and lines that only look like YAML.

    Args:
        text: The lines.
        body: What stands below them.

    Raises:
        DocumentError: There is one.
    """
    if not text and body.startswith("---\n"):
        raise DocumentError(0, "the front matter is no YAML, and would be shown as text")
    for number, line in enumerate(text.split("\n")):
        for found in numerals.find(line):
            told = f"{found.text} stands in the front matter, where nothing can be tied: reword it"
            raise DocumentError(number, told)
        if odd := odd_character(line) or numerals.roman(line):
            raise DocumentError(number, odd)
        for name in NAME.findall(line):  # weight_ih stands for weight_ih_l0, too
            if not re.search(rf"(?<!\w){re.escape(name)}(?![^\W_])", body):
                raise DocumentError(number, f"the page does not speak of {name}")
