"""What a page may hold: what Markdown makes of plain text, and nothing that hides, moves or adds.

Whatever else is written as HTML can show the reader what nobody compares: a block of code that is
no fence, a picture that is no figure, a text on top of another, a tooltip.
"""

import re
import unicodedata
from collections.abc import Mapping

from tests.reading import versions

# Elements whose `title` is a tie.
TIED = {"code", "strong", "em", "span", "td", "th", "li", "p", "h1", "h2", "h3", "h4", "h5", "h6"}
VOID = {"br", "hr", "img", "input"}
KINDS = "note abstract info tip success question warning failure danger bug example quote"
PLAIN = "p blockquote ul li dl dt dd table thead tbody tr td th h1 h2 h3 h4 h5 h6 br hr"
PLAIN += " code em strong span sup figure figcaption summary"
# Which attributes an element may have, beside those that any may have.
ATTRIBUTES = {
    **dict.fromkeys(PLAIN.split(), frozenset()),
    "a": {"href"},
    "img": {"alt", "src"},
    "pre": {"data-fence"},
    "ol": {"start"},
    "details": {"open"},
    "input": {"checked", "name", "type"},  # a tab
    "label": {"for"},
    "div": {"data-tabs"},
}
EVERYWHERE = {"id", "class"} | versions.OPTIONS
# What Markdown and its extensions write; the theme's `grid`, side by side; and the site's
# own `questions`.
NUMBERED = "caption-prefix"  # what counts the captions of a page
CLASSES = {"admonition", "admonition-title", "grid", "headerlink", "questions", *KINDS.split()}
CLASSES |= {NUMBERED}
_GENERATED = re.compile(r"footnote\S*|tabbed-\S+")
_ALIGNED = re.compile(r"text-align: (left|right|center);")
# Links that name themselves: the permanent one of a heading, the way back from a footnote.
SELF_NAMED = {"headerlink", "footnote-backref"}


def refused(tag: str, given: Mapping[str, str]) -> str | None:
    """Return what of an element a page may not hold; None if it may stand."""
    if tag not in ATTRIBUTES or (tag == "pre" and "data-fence" not in given):
        return f"<{tag}>: {_ADVICE.get(tag, 'write it in Markdown')}"
    classes = set(given.get("class", "").split())
    if "highlight" in classes:
        return f"indented code: {_ADVICE['pre']}"
    others = {name for name in classes - CLASSES if not _GENERATED.fullmatch(name)}
    if others:
        return f"the class {min(others)}: it could hide what is compared"
    known = EVERYWHERE | ATTRIBUTES[tag]
    if tag in {*TIED, "img"} or classes & SELF_NAMED:
        known |= {"title"}
    if _ALIGNED.fullmatch(given.get("style", "")):
        known |= {"style"}
    unknown = sorted(given.keys() - known)
    return f"the attribute {unknown[0]} of <{tag}>: say it in the text" if unknown else None


_ADVICE = {
    "pre": "only a fence is code, ```python; nothing compares what is written otherwise",
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
