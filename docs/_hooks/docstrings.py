"""How docstrings look on the API pages: a shape or a name in their text is set as code.

In the source a shape is plain text, as it is read in an editor and by `help`. Markdown would take
the asterisks of `(D*num_layers, N, D*H_out)` for emphasis.
"""

import re
from typing import Any
from xml.etree import ElementTree

from markdown import Extension, Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs_autorefs import AutorefsInlineProcessor

SIZE = r"(?:sum of )?[\w*.]+"
SHAPE = rf"\({SIZE},\)|\({SIZE}(?:,\s+{SIZE})+\)"  # (N, H_in), (G*H_cell,)
NAME = r"(?:\w+(?:\*\w+)+|[A-Za-z]\w*[_\d]\w*)(?:\[\w+\])?"  # D*H_out, float32, h_n[k]
# What a name is in full: as a tooltip, `int` would say that it is int.
FULL_NAME = re.compile(r'<span title="[\w.]+">')
SPACE_IN_BRACKETS = re.compile(r"(?<=</code>)\s+(?=\))")
PATH = re.compile(r'(?<=-name">)rnn_ref[\w.]*(?=</span>)')
# Sequence[Sequence[ArrayLike]] in text: a signature breaks its lines by itself, and is coloured.
OF_WHAT = re.compile(r"(?<=</autoref>\[)(?=<autoref)")


class CodeInText(InlineProcessor):
    """Makes code of what is spelled like code, in docstrings only."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, Any, Any]:  # noqa: N802
        """Return the element, or nothing on a page of its own."""
        if "mkdocstrings_headings" not in self.md.treeprocessors:
            return None, None, None
        code = ElementTree.Element("code", {"class": "doc-spelled"})
        code.text = AtomicString(" ".join(m[0].split()))
        return code, *m.span()


class DocstringText(Extension):
    """Comes after links and HTML, before emphasis."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Add the pattern; drop the one that takes the tie `x[0][:, -1]` for a reference."""
        md.inlinePatterns.deregister(AutorefsInlineProcessor.name)
        pattern = rf"{SHAPE}|(?<![\w.]){NAME}"
        md.inlinePatterns.register(CodeInText(pattern, md), "code in docstrings", 65)


@event_priority(-100)  # after autorefs has added its own
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Let mkdocstrings find the extension among the site's own."""
    config.markdown_extensions.append(DocstringText())
    return config


def on_page_content(html: str, **_: Any) -> str:
    """Leave out tooltips that say what is written there, let long names and types break."""
    html = SPACE_IN_BRACKETS.sub("", FULL_NAME.sub("<span>", html))
    html = OF_WHAT.sub("<wbr>", html)
    return PATH.sub(lambda path: path[0].replace(".", ".<wbr>"), html)
