"""Each line of code is an element that knows its indentation.

A line that is too long for the screen goes on below, deeper than it began and with a sign before
it, which `assets/styles/code.css` draws: so it is told from a line of its own.
"""

import html
import re
from typing import Any

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor

from docs._extensions.output import ERROR, OUTPUT

# Pygments closes its elements at the end of each line. The empty element that it begins with says
# that nobody has been here: what mkdocstrings inserts comes by twice.
CODE = re.compile(r"<pre><span></span><code>(.*?)</code>", re.DOTALL)
DONE = re.compile(rf'<span class="(?:{OUTPUT}|{ERROR})">')
COMMENT = re.compile(r'( *)<span class="c1">(.*)</span>')
TAG = re.compile(r"<[^>]*>")
# After a point, a comma, a slash, an equals sign or an opening bracket, where Pygments may end an
# element; but not in a number or in a tag. The sizes of a shape stay with their bracket.
SIGN = r"(?:(?<=[.,=/\\])|(?<=[({\[])(?!(?:<[^>]*>)?\d))"
AFTER_ELEMENT = SIGN.replace("])", "]</span>)")
BREAK = re.compile(
    rf"(?:{SIGN}(?<!\d\.)(?=\w|&quot;|&#39;)|{AFTER_ELEMENT}(?=[^ )\]}}]))(?![^<]*>)"
)
WHOLE = 12  # as many columns without a blank fit on a narrow phone, also deep in a function
STEP = 4  # columns
DEEPEST = 5  # steps, as many as code.css knows


class Lines(Postprocessor):
    """Comes last."""

    def run(self, text: str) -> str:
        """Return the page with an element for each line of code."""
        return CODE.sub(lambda code: f"<pre><code>{told_apart(code[1])}</code>", text)


def told_apart(code: str) -> str:
    """Return the code of a block, line by line."""
    return "\n".join(element(line) for line in code.split("\n"))


def element(line: str) -> str:
    """Return a line with its indentation, `i1` for one step; what is printed is an element."""
    written = html.unescape(TAG.sub("", line))
    if not written.strip():
        return line
    if max(map(len, written.split())) > WHOLE:
        line = BREAK.sub("<wbr>", line)
    if DONE.match(line):
        return line
    steps = min((len(written) - len(written.lstrip())) // STEP, DEEPEST)
    if comment := COMMENT.fullmatch(line):
        return f'<span class="c1 i{steps}">{comment[1]}{comment[2]}</span>'
    return f'<span class="i{steps}">{line}</span>'


class LinesOfPages(Extension):
    """Adds it to a converter."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run after all that looks into code."""
        md.postprocessors.register(Lines(md), "lines", 5)


def makeExtension(**_: Any) -> LinesOfPages:  # noqa: N802
    """Make what mkdocs.yml names."""
    return LinesOfPages()
