"""What a page may hold: what Markdown makes of plain text, and nothing that hides, moves or adds.

Whatever else is written as HTML can show the reader what nobody compares: a block of code that is
no fence, a picture that is no figure, a text on top of another, a tooltip.
"""

import re
import unicodedata
from collections.abc import Mapping

from tests.snippets import versions

NOTEST = "data-notest"  # of a fence: why it is not executed; the site shows it above the block
KINDS = "note abstract info tip success question warning failure danger bug example quote"
BLOCKS = (
    "p ul ol li dl dt dd table thead tbody tr td th h1 h2 h3 h4 h5 h6 br hr div details summary"
)
# Which attributes an element may have. `title` is a tie where `document.TIED` says so.
ATTRIBUTES = {
    **dict.fromkeys(BLOCKS.split(), frozenset()),
    **dict.fromkeys(("summary", "code", "em", "strong", "span", "sup"), frozenset()),
    "a": {"href", "title"},
    "img": {"alt", "src"},
    "pre": {"data-fence"},
    "ol": {"start"},
    "details": {"open"},
    "input": {"checked", "id", "name", "type"},  # tabs
    "label": {"for"},
    "div": {"data-tabs"},
}
EVERYWHERE = {"id", "class", "title"} | versions.OPTIONS
# What Markdown and its extensions write, and the site's own `questions`.
CLASSES = {"admonition", "admonition-title", "headerlink", "questions", *KINDS.split()}
_GENERATED = re.compile(r"footnote\S*|tabbed-\S+")
_ALIGNED = re.compile(r"text-align: (left|right|center);")
# Links that name themselves: the permanent one of a heading, the way back from a footnote.
SELF_NAMED = {"headerlink", "footnote-backref"}


def refused(tag: str, given: Mapping[str, str]) -> str | None:
    """Return what of an element a page may not hold; None if it may stand."""
    if tag not in ATTRIBUTES or (tag == "pre" and "data-fence" not in given):
        return f"<{tag}>: {_ADVICE.get(tag, 'write it in Markdown')}"
    classes = set(given.get("class", "").split())
    others = {name for name in classes - CLASSES if not _GENERATED.fullmatch(name)}
    if others:
        return f"the class {min(others)}: it could hide what is compared"
    if tag == "a" and "title" in given and not classes & SELF_NAMED:
        return "a link's tooltip: say it in the text"
    for name in given.keys() - ATTRIBUTES[tag] - EVERYWHERE:
        if not (name == "style" and _ALIGNED.fullmatch(given[name])):
            return f"the attribute {name} of <{tag}>: say it in the text"
    return None


_ADVICE = {
    "pre": "only a fence is code, ```python; indented code and HTML are compared with nothing",
    "abbr": "explain the word in docs/glossary.md",
    "object": "show a figure as ![alt](figures/x.svg)",
    "svg": "show a figure as ![alt](figures/x.svg)",
}


def odd_character(text: str) -> str | None:
    """Return what is wrong with a character of a text; None if all are plain.

    Numbers are written in ASCII, so that they are compared; characters that are not seen, or that
    turn the text around, show the reader something else than the source.
    """
    for character in text:
        if character.isascii():
            continue
        kind = unicodedata.category(character)
        if kind[0] == "N":
            number = f"{unicodedata.numeric(character):g}"
            return f"{character} is a number: write it in plain digits, {number}"
        if kind == "Cf":
            name = unicodedata.name(character, "no name")
            return f"U+{ord(character):04X} ({name}) changes what the reader sees: leave it out"
    return None
