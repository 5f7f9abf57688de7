"""The Markdown of a page without what only this site reads: pieces of text and blocks of code.

Boxes and folded answers become quotes. What a page says is left as it is written.
"""

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

Path = tuple[int, ...]  # the boxes around a piece, from the outermost, each with its number

BOX = re.compile(r'(?:!!!|\?\?\?\+?) \w+(?: "(.*)")?$')
FENCE = re.compile(r"(`{3,})(.*)$")
HEADER = re.compile(r"\{\.(\w+) ?(.*)\}$")
OPTION = re.compile(r'([\w-]+)(?:="([^"]*)")?')
CAPTION = "/// figure-caption"
UNSEEN = re.compile(r"</?div\b.*>$|<!-- .* -->$")
ATTRIBUTE = r"""(?:[.#][\w-]+|[\w-]+="[^"]*"|download)"""
CODE = r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
OPTIONS = rf"(?P<options>{ATTRIBUTE}(?:[ ]+{ATTRIBUTE})*)"
ATTRIBUTES = rf"[ \t]*(?<=[`*)\]\w. ?!\n])\{{:?[ ]*{OPTIONS}[ ]*\}}"
LINK = r"\]\((?P<link>[^()\s]+)\)"
INLINE = re.compile(f"{CODE}|{ATTRIBUTES}|{LINK}", re.DOTALL)
VERSIONS = {"data-since": "since", "data-before": "before"}
NOT_RUN = "data-notest"
SHORTEST = "```"


@dataclass(frozen=True)
class Text:
    """Markdown that is read."""

    text: str
    boxes: Path = ()


@dataclass(frozen=True)
class Code:
    """A block of code; `options` are those of its header."""

    code: str
    language: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    boxes: Path = ()

    @property
    def continues(self) -> bool:
        """Tell whether it goes on in the namespace of the block above."""
        return "continuation" in self.options

    @property
    def is_run(self) -> bool:
        """Tell whether it is Python that the site's tests execute."""
        return self.language == "python" and NOT_RUN not in self.options

    @property
    def told(self) -> str:
        """What the site writes above the block, empty if nothing."""
        if NOT_RUN in self.options:
            return f"Not executed: {self.options[NOT_RUN]}"
        return told_versions(self.options).capitalize()


def told_versions(options: Mapping[str, str]) -> str:
    """Say which versions something is about."""
    return ", ".join(
        f"{word} {options[name]}" for name, word in VERSIONS.items() if name in options
    )


def read(markdown: str, address: Callable[[str], str]) -> list[Text | Code]:
    """Read a page.

    Args:
        markdown: its source, without front matter.
        address: gives the whole address of a link.
    """
    reader = _Reader(address)
    return list(reader.pieces(markdown.expandtabs(4).split("\n")))


def written(pieces: Iterable[Text | Code]) -> str:
    """Write pieces as one Markdown file."""
    found = list(pieces)
    parts = [quoted(_markdown(piece), len(piece.boxes)) for piece in found]
    between = [_shared(one.boxes, other.boxes) for one, other in pairwise(found)]
    gaps = [f"\n{quoted('', depth)}\n" for depth in between]
    return "".join(part + gap for part, gap in zip(parts, [*gaps, "\n"], strict=True))


def quoted(text: str, depth: int) -> str:
    """Put a text into as many quotes."""
    return "\n".join(("> " * depth + line).rstrip() for line in text.split("\n"))


def _shared(one: Path, other: Path) -> int:
    """Count the boxes that two pieces are both in."""
    same = [a == b for a, b in zip(one, other, strict=False)]
    return [*same, False].index(False)


def _markdown(piece: Text | Code) -> str:
    if isinstance(piece, Text):
        return piece.text
    told = f"{piece.told}\n\n" if piece.told else ""
    ticks = max([SHORTEST, *(f"{run}`" for run in re.findall("`{3,}", piece.code))], key=len)
    return f"{told}{ticks}{piece.language}\n{piece.code}\n{ticks}"


class _Reader:
    """Goes through the lines of a page, and counts its boxes and figures."""

    def __init__(self, address: Callable[[str], str]):
        self.address = address
        self.boxes = 0
        self.figures = 0

    def pieces(self, lines: list[str], boxes: Path = ()) -> Iterator[Text | Code]:
        """Yield the pieces of a page, or of what is in a box."""
        text: list[str] = []
        while lines:
            line, lines = lines[0], lines[1:]
            box, fence = BOX.match(line), FENCE.match(line)
            if not (box or fence or UNSEEN.match(line) or line.startswith("/// ")):
                text.append(line)
                continue
            yield from self._text(text, boxes)
            text = []
            if box:
                size = _indented(lines)
                yield from self._box(box[1] or "", lines[:size], boxes)
                lines = lines[size:]
            elif fence:
                size = lines.index(fence[1])
                yield _code(fence[2], lines[:size], boxes)
                lines = lines[size + 1 :]
            elif line == CAPTION:
                size = lines.index("///")
                yield from self._caption(lines[:size], boxes)
                lines = lines[size + 1 :]
        yield from self._text(text, boxes)

    def _text(self, lines: list[str], boxes: Path) -> Iterator[Text]:
        text = "\n".join(lines).strip("\n")
        if text.strip():
            yield Text(self.inline(text), boxes)

    def _box(self, title: str, lines: list[str], boxes: Path) -> Iterator[Text | Code]:
        self.boxes += 1
        inside = (*boxes, self.boxes)
        yield from self._text([f"**{title}**"] if title else [], inside)
        yield from self.pieces(textwrap.dedent("\n".join(lines)).split("\n"), inside)

    def _caption(self, lines: list[str], boxes: Path) -> Iterator[Text]:
        self.figures += 1
        text = "\n".join(lines).strip("\n")
        yield from self._text([f"Figure {self.figures}. {text}"], boxes)

    def inline(self, text: str) -> str:
        """Take attributes away, and make links whole; code stays as it is."""

        def change(found: re.Match[str]) -> str:
            if found["code"]:
                return found[0]
            if found["link"]:
                return f"]({self.address(found['link'])})"
            versions = told_versions(dict(OPTION.findall(found["options"])))
            return f" ({versions})" if versions else ""

        return INLINE.sub(change, text)


def _indented(lines: list[str]) -> int:
    """Count the lines that belong to the box above them."""
    inside = [not line.strip() or line.startswith("    ") for line in lines]
    size = [*inside, False].index(False)
    while size and not lines[size - 1].strip():
        size -= 1
    return size


def _code(header: str, lines: list[str], boxes: Path) -> Code:
    with_options = HEADER.match(header)
    language, options = (with_options[1], with_options[2]) if with_options else (header, "")
    return Code("\n".join(lines), language, dict(OPTION.findall(options)), boxes)
