"""The colour of each axis, wherever its letter or its size stands: `<b class="H_in">H_in</b>`.

Only what is certain has a colour: letters of this site's notation, and numbers whose tie, whose
letters right above, or whose figure on the page says which axis they belong to. The colours are
those of the figures.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

from rnn_ref.figures import AXIS_COLOURS
from rnn_ref.shapes import SYMBOLS, cell_rule, rule

RULES: dict[str, Callable[..., Sequence[str]]] = {"rule": rule, "cell_rule": cell_rule}
# Ties whose value is a shape in letters: `symbols` is what pages call theirs, which reads sizes.
IN_LETTERS = (*(f"{name}(" for name in RULES), "symbols(")
# What an attribute of a network says of an axis; hidden_size may be H_cell or H_out.
ATTRIBUTES = {"input_size": "H_in", "num_layers": "num_layers"}
# A sentence that names one of them may use its letters.
OTHERS = re.compile(r"\b(?:d2l|CS231n|Keras|ONNX|Flax|Andrew Ng|transformer code)\b")

SYMBOL = "|".join(sorted(SYMBOLS, key=len, reverse=True))
DIMENSION = r"\w+(?:\*\w+)*"
LETTERS = re.compile(rf"(?:{SYMBOL})(?:\*(?:{SYMBOL}))*")
SHAPE = re.compile(rf"\({DIMENSION}(?:, {DIMENSION})*,?\)")
NUMBERS = re.compile(r"\(\d+(?:, \d+)*,?\)|\d+")
SIZE = re.compile(r"[\w*]+")
WORD = re.compile(r"\w[^,]*")
# How alt texts of figures name the axes of what they show.
PICTURED = re.compile(rf"(\w+) (\(\d[\d, ]*\)) with the axes ({DIMENSION}(?:, {DIMENSION})*)")
COMMENT = re.compile(r'(?<=<span class="c1">)#[^<]*(?=</span>)')
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
UNTOUCHED = HEADINGS | {"a", "pre"}


class Axes(Treeprocessor):
    """Comes after the places where long code may break, which looks at text alone."""

    def run(self, root: Element) -> None:
        """Change the page in place."""
        drawn = pictured(image.get("alt", "") for image in root.iter("img"))
        for block, element in told(root):
            axes = axes_of(block, element) or drawn.get(_tensor(element), [])
            if axes:
                colour(element, axes)


class AxesInComments(Postprocessor):
    """Comes after blocks of code have been put in place."""

    def run(self, text: str) -> str:
        """Colour the shapes in letters that a comment states."""
        return COMMENT.sub(lambda comment: SHAPE.sub(_coloured, comment[0]), text)


def axis(dimension: str) -> str:
    """Return the axis whose colour a dimension has: of a product, the last factor."""
    last = dimension.rpartition("*")[2]
    return last if LETTERS.fullmatch(dimension) and last in AXIS_COLOURS else ""


def told(element: Element) -> Iterator[tuple[Element, Element]]:
    """Find the code and the tied words of a page, each with what it stands in."""
    for child in element:
        if child.tag == "code" or (child.tag == "em" and "title" in child.attrib):
            yield element, child
        if child.tag not in UNTOUCHED:
            yield from told(child)


def axes_of(block: Element, element: Element) -> list[str]:
    """Return the axis of each size that an element spells, empty for those that have no colour."""
    text, tie = "".join(element.itertext()), element.get("title", "")
    if element.tag == "em":
        return of_rule(tie)
    if NUMBERS.fullmatch(text):
        return of_names(tie) or of_letters_above(block, element)
    if SHAPE.fullmatch(text) and (tie.startswith(IN_LETTERS) or spelled(element)):
        return [axis(size) for size in SIZE.findall(text)]
    if LETTERS.fullmatch(text) and not OTHERS.search("".join(block.itertext())):
        return [axis(text)]
    return []


def spelled(element: Element) -> bool:
    """Tell whether it is a shape of a docstring, which has the symbols of `rnn_ref.shapes`."""
    return "doc-spelled" in element.get("class", "")


def of_rule(tie: str) -> list[str]:
    """Return the axes of the rule that a tie calls."""
    try:
        call = ast.parse(tie, mode="eval").body
        assert isinstance(call, ast.Call)
        named = RULES[ast.unparse(call.func)]
        options = {str(option.arg): ast.literal_eval(option.value) for option in call.keywords}
        return [axis(size) for size in named(*map(ast.literal_eval, call.args), **options)]
    except (AssertionError, KeyError, SyntaxError, ValueError):
        return []


def of_names(tie: str) -> list[str]:
    """Return the axes that a tie names: `N, L, H_in`, or `rnn.num_layers`."""
    parts = [part.strip() for part in tie.strip("()").rstrip(",").split(",")]
    axes = [axis(part) or ATTRIBUTES.get(_attribute(part), "") for part in parts]
    return axes if any(axes) else []


def _attribute(part: str) -> str:
    found = re.fullmatch(r"[A-Za-z]\w*\.(\w+)", part)
    return found[1] if found else ""


def of_letters_above(block: Element, element: Element) -> list[str]:
    """Return the axes of the letters that numbers stand below, in the same cell."""
    first = block[0]  # and then a line break, which is not HTML yet
    if block.tag != "td" or first is element or not HTML_PLACEHOLDER_RE.fullmatch(first.tail or ""):
        return []
    letters = "".join(first.itertext())
    return of_rule(first.get("title", "")) or [axis(letters)]


def pictured(alts: Iterable[str]) -> dict[str, list[str]]:
    """Return the axes of the tensors that a page draws, by name and sizes: `x.shape (3, 5, 7)`."""
    found: dict[str, list[str]] = {}
    for name, sizes, axes in PICTURED.findall("\n".join(alts)):
        named = [axis(size) for size in SIZE.findall(axes)]
        if found.setdefault(f"{name}.shape {sizes}", named) != named:
            found[f"{name}.shape {sizes}"] = []  # it is drawn in two ways
    return found


def _tensor(element: Element) -> str:
    return f"{element.get('title', '')} {''.join(element.itertext())}"


def colour(element: Element, axes: Sequence[str]) -> None:
    """Set each size of an element in the colour of its axis."""
    text = element.text or ""
    sizes = list((WORD if element.tag == "em" else SIZE).finditer(text))
    if len(element) or len(sizes) != len(axes):
        return
    element.text, end = "", 0
    for size, name in zip(sizes, axes, strict=True):
        if name:
            _append(element, text[end : size.start()])
            SubElement(element, "b", {"class": name}).text = size[0]
            end = size.end()
    _append(element, text[end:])


def _append(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = text
    else:
        element.text = text


def _coloured(shape: re.Match[str]) -> str:
    return SIZE.sub(_in_its_colour, shape[0])


def _in_its_colour(size: re.Match[str]) -> str:
    name = axis(size[0])
    return f'<b class="{name}">{size[0]}</b>' if name else size[0]


class AxisPages(Extension):
    """Adds it to a converter."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Read ties before what takes them away."""
        md.treeprocessors.register(Axes(md), "axes", -12)
        md.postprocessors.register(AxesInComments(md), "axes in comments", 5)


def makeExtension(**_: Any) -> AxisPages:  # noqa: N802
    """Make what mkdocs.yml names."""
    return AxisPages()
