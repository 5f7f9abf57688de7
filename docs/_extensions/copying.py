"""The buttons of blocks of code: copy, with what the block continues, and show that.

A block that continues others says in `data-setup` which lines of them it needs, "2:1-3,5 1:1": of
the second block above it the lines 1 to 3 and 5, then of the first its first line; block 0 is
itself, where not all of it is copied. A `q` in front is for a setup that prints: it is to be quiet;
a `!` before lines for what is shown to raise, and has drawn random numbers before, say.
`assets/scripts/copy.js` puts it together.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor

from docs._extensions import slicing
from docs._extensions.reduced import reduced
from docs._extensions.statements import MAGIC, Statement, executed, statements

PYTHON = ("python", "py")
CONTINUES = "continuation"
UNEXECUTED = "data-notest"
BOUND = ("data-since", "data-before")
BARE = "output"  # of a lab: no code
_BLOCK = re.compile(r'(<div class="[^"]*") data-block="(\d+)"((?: [\w-]+="[^"]*")*>)')
QUIET = 2  # lines around a setup that prints
CAUGHT = 2  # and around what raises


@dataclass(frozen=True)
class Block:
    """A fence as it is shown, with what it shares its names with."""

    code: str
    python: bool
    group: int | None  # None: it is not executed

    @property
    def holds_magic(self) -> bool:
        """Whether it has lines that a notebook alone understands."""
        return self.group is not None and MAGIC.search(self.code) is not None


@dataclass(frozen=True)
class Setup:
    """What is copied with a block, as `data-setup` says it, and how many lines it adds."""

    text: str
    lines: int


def setup(above: Sequence[Block], block: Block) -> Setup:
    """Return what a block needs of the Python blocks above it."""
    own = _own_lines(block)
    if block.group is None:
        return Setup("", 0)
    place = {id(one): len(above) - i for i, one in enumerate(above)}
    group = [one for one in above if one.group == block.group]
    of: list[tuple[Block, Statement]] = [(one, part) for one in group for part in _executed(one)]
    try:
        whole = slicing.needed([part for _, part in of], statements(block.code))
        kept = reduced(whole, block.code)
    except SyntaxError:
        kept = slicing.Slice([part for _, part in of], True)
    chosen = {id(part) for part in kept.kept}
    parts, count = ["q"] * kept.prints, QUIET * kept.prints
    for key, pairs in groupby((pair for pair in of if id(pair[1]) in chosen), lambda p: id(p[0])):
        found = [*pairs]
        runs = _lines([part for _, part in found], found[0][0].code)
        parts.append(f"{place[key]}:{runs.text}")
        count += runs.lines
    return Setup(" ".join(parts + own), count)


def _executed(block: Block) -> list[Statement]:
    try:
        return executed(block.code)
    except SyntaxError:
        return []


def _lines(of: Sequence[Statement], code: str) -> Setup:
    """Say which lines of a block its statements have."""
    runs = [*slicing.ranges(of, code)]
    marks = [""] * (len(runs) - 1) + ["!" * of[-1].raises]  # only the last may raise
    text = ",".join(map(str.__add__, marks, map(_range, runs)))
    return Setup(text, sum(end - begin + 1 for begin, end in runs) + CAUGHT * of[-1].raises)


def _own_lines(block: Block) -> list[str]:
    if not block.holds_magic:
        return []
    return [f"0:{_lines(statements(block.code), block.code).text}"]


def _range(run: tuple[int, int]) -> str:
    begin, end = run
    return str(begin) if begin == end else f"{begin}-{end}"


def buttons(lines: int) -> str:
    """Write what stands above a block; the style shows what the buttons are called."""
    if not lines:
        return "<p class=copies><button aria-label=copy></button></p>"
    said = f"{lines} line{'s' * (lines > 1)} of setup"
    eye = f'<button aria-expanded=false aria-label="{said}"></button>'
    return f'<p class=copies>{eye}<button aria-label="copy, with {said}"></button></p>'


class Buttons(Postprocessor):
    """Comes last, when it is known which blocks a page shows, and in which order."""

    blocks: list[Block]

    def run(self, text: str) -> str:
        """Put the buttons above each block of code."""
        shown: list[Block] = []

        def dress(found: re.Match[str]) -> str:
            block = self.blocks[int(found[2])]
            made = setup(shown, block)
            if block.python:
                shown.append(block)
            attribute = f' data-setup="{made.text}"' * bool(made.text)
            return f"{found[1]}{attribute}{found[3]}{buttons(made.lines)}"

        return _BLOCK.sub(dress, text)


class Copying(Extension):
    """Adds it to a converter; superfences has to come before."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Note each fence when it is formatted."""
        self.buttons = Buttons(md)
        md.registerExtension(self)
        self.reset()
        fences = md.preprocessors["fenced_code_block"].extension.superfences[0]
        self.format = fences["formatter"]
        fences["formatter"] = self.note
        md.postprocessors.register(self.buttons, "buttons", -10)

    def reset(self) -> None:
        """Begin another page."""
        self.buttons.blocks = []
        self.group = 0

    def note(self, src: str = "", language: str = "", **kwargs: Any) -> str:
        """Format a fence as ever, and mark it."""
        attributes, classes = kwargs["attrs"], kwargs["classes"]
        if BARE in classes:
            return self.format(src=src, language=language, **kwargs)
        python = language in PYTHON
        executed = python and UNEXECUTED not in attributes
        if executed and CONTINUES not in attributes:
            self.group += 1
        # Pygments shows no empty lines in front, and lines are counted as they are shown.
        self.buttons.blocks.append(
            Block(src.lstrip("\n"), python, self.group if executed else None)
        )
        number = len(self.buttons.blocks) - 1
        kwargs["attrs"] = {"data-block": number, **attributes}
        return self.format(src=src, language=language, **kwargs)


def makeExtension(**_: Any) -> Copying:  # noqa: N802
    """Make what mkdocs.yml names."""
    return Copying()
