"""What a fence prints looks like output, not like the comments that it is written as."""

import re
from typing import Any

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor

# The classes that Pygments has for what a program prints and for the error that ends it.
OUTPUT, ERROR = "go", "gr"
LINE = r'<span class="c1">(#&gt;(?: [^<]*)?)</span>'
RUN = re.compile(rf"^{LINE}$(?:\n{LINE}$)*", re.MULTILINE)
# RuntimeError: ..., torch.linalg.LinAlgError: ..., StopIteration
RAISED = re.compile(r"#&gt; [\w.]*(?:Error|Exception|Exit|Interrupt|StopIteration|Timeout)(?::|$)")


class Output(Postprocessor):
    """Comes after the fences have been put into the page."""

    def run(self, text: str) -> str:
        """Return the page with other classes on what is printed."""
        return RUN.sub(lambda run: told_apart(run[0]), text)


def told_apart(run: str) -> str:
    """Mark lines that were printed one after the other; an error goes on to the last of them."""
    lines, kind = [], OUTPUT
    for line in re.findall(LINE, run):
        kind = ERROR if RAISED.match(line) else kind
        lines.append(f'<span class="{kind}">{line}</span>')
    return "\n".join(lines)


class OutputPages(Extension):
    """Adds it to a converter."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run after all HTML is in its place, and before the lines are told apart."""
        md.postprocessors.register(Output(md), "output", 6)


def makeExtension(**_: Any) -> OutputPages:  # noqa: N802
    """Make what mkdocs.yml names."""
    return OutputPages()
