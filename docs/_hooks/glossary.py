"""The words of docs/glossary.md as tooltips on all other pages: the first use of each on a page.

The sentences are written once, in the page's definition list; a term written as code is explained
there and gets no tooltip, since prose uses such words (`output`) in other senses too. A word that
has another sense as well gets one only where its neighbours say which it is: `SENSES`.
"""

import html
import re
from html.parser import HTMLParser
from typing import Any

import markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import get_data

SOURCE = "glossary.md"
# Where a tooltip would be in the way: in code, titles, links, and what has a tooltip of its own.
UNTOUCHED = {
    "a",
    "abbr",
    "button",
    "code",
    "label",
    "pre",
    "script",
    "style",
    "summary",
    "svg",
    "th",
}
UNTOUCHED |= {"figcaption", "h1", "h2", "h3", "h4", "h5", "h6"}
# A word with another common sense, and where it has that of the glossary: a search in its text, in
# which the word stands in pointed brackets.
SENSES = {
    "attention": r"(?<!pay )(?<!pays )⟨\w+⟩(?! to )",  # not what a reader pays
    "bias": r"⟩(?! correction)",  # not Adam's
    "blank": r"\b(?:a|the) ⟨blank⟩(?! line)",
    "candidate": r"\b(?:gate or|called|new) (?:the )?⟨|⟨candidate⟩ state",  # not of a choice
    "carry": r"\b(?:a|the) ⟨carry⟩",  # not the verb
    "class": r"\b(?:each|right|wrong|per|of|several|other|as|which|by) ⟨",  # not Python's
    "context": r"\b(?:a|the) ⟨context⟩(?! manager)",
    "contiguous": r"⟨\w+⟩(?! chunk)",  # not cuDNN's piece of memory
    "direction": r"\b(?:one|each|both|two|or|and|counts|no|all|other|number of) ⟨|^⟨",
    "graph": r"(?<!node of )\b(?:the|no|its|their) ⟨graph⟩",  # not ONNX's nor a compiler's
    "kernel": r"⟨\w+⟩ (?:of Keras|as from)|orthogonal ⟨",  # not a convolution's, nor compiled code
    "layer": r"(?<!linear )(?<!ordinary )(?<!convolutional )(?<!pooling )(?<!as the )⟨",
    "sample": r"(?<!to )(?<!may )⟨\w+⟩(?! (?:a|an|the|one|from) )",  # not the verb
    "stack": r"\b(?:a|the|this|each|whole|same|'s) ⟨",  # not the verb
    "weight": r"(?<!attention )⟨\w+⟩(?! of the scores| for each)",  # not attention's
}
# Pages on which a word has a sense of their own: attention's weights are no matrices.
OWN_SENSES = {"attention.md": {"weight"}, "decoder-with-attention.md": {"weight"}}
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}

_ENTRY = re.compile(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", re.DOTALL)
_meanings: dict[str, str] = {}


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Read the glossary before the first page is rendered."""
    file = files.get_file_from_path(SOURCE)
    text = get_data(file.content_string)[0] if file else ""
    converter = markdown.Markdown(
        extensions=config.markdown_extensions, extension_configs=config.mdx_configs
    )
    _meanings.clear()
    _meanings.update(read_meanings(converter.convert(text)))


def on_page_content(content: str, page: Page, **_: Any) -> str:
    """Give each term a tooltip where a page first uses it."""
    own = OWN_SENSES.get(page.file.src_uri, set())
    meant = {term: meaning for term, meaning in _meanings.items() if term not in own}
    return content if page.file.src_uri == SOURCE else add_tooltips(content, meant)


def read_meanings(content: str) -> dict[str, str]:
    """Read the definition lists of a rendered page: term in lower case, meaning as plain text."""
    entries = [entry for entry in _ENTRY.findall(content) if "<code>" not in entry[0]]
    return {_text(term).lower(): _text(meaning) for term, meaning in entries}


def add_tooltips(content: str, meanings: dict[str, str]) -> str:
    """Mark the first use of each term in the text of a page, and change nothing else."""
    if not meanings:
        return content
    marker = _Marker(meanings)
    marker.feed(content)
    marker.close()
    return "".join(marker.out)


class _Marker(HTMLParser):
    """Writes a page as it reads it, with the first use of each term marked."""

    def __init__(self, meanings: dict[str, str]):
        super().__init__(convert_charrefs=False)
        self.meanings = meanings
        self.unused = set(meanings)
        self.out: list[str] = []
        self.open: list[tuple[str, bool]] = []  # elements, and whether they stay untouched
        longest_first = sorted(map(re.escape, meanings), key=len, reverse=True)
        terms = "|".join(longest_first)
        self.term = re.compile(rf"(?<![\w-])({terms})(?:e?s)?(?![\w-])", re.IGNORECASE)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.out.append(self.get_starttag_text() or "")
        if tag not in VOID:
            given = dict(attrs)
            title = "title" in given or "-title" in (given.get("class") or "")
            self.open.append((tag, tag in UNTOUCHED or title))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.out.append(f"</{tag}>")
        while tag in [name for name, _ in self.open]:
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        untouched = any(untouched for _, untouched in self.open)
        self.out.append(data if untouched else self.term.sub(self._mark, data))

    def _mark(self, match: re.Match[str]) -> str:
        term = match[1].lower()
        if term not in self.unused or not _has_its_sense(term, match):
            return match[0]
        self.unused.remove(term)
        # The tab stop lets a keyboard and a finger open it.
        meaning = html.escape(self.meanings[term])
        return f'<abbr title="{meaning}" tabindex="0">{match[0]}</abbr>'

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")


def _has_its_sense(term: str, match: re.Match[str]) -> bool:
    """Whether a word's neighbours say that it is meant as the glossary has it."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    text = re.sub(r"\s+", " ", f"{before}⟨{match[0]}⟩{after}")
    return re.search(SENSES.get(term, ""), text, re.IGNORECASE) is not None


def _text(content: str) -> str:
    """Return what a reader sees of a piece of HTML, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", content)).split())
