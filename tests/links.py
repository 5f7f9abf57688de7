"""Where the links of the pages lead, and whether what they say is found there."""

import functools
import math
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from bs4 import BeautifulSoup
from mkdocs.utils.meta import get_data

from tests.documents import MARKDOWN, ROOT

DOCS = ROOT / "docs"
LINK = re.compile(r"(?<!!)\[((?:`[^`]*`|[^\[\]`])+)\]\(([^)\s]+)\)")
HOME = "index.md"


@dataclass(frozen=True)
class Link:
    """A link as its source spells it: to a file below docs/, or to elsewhere."""

    text: str
    file: str
    anchor: str


@dataclass(frozen=True)
class Page:
    """What a reader meets who follows a link: a title, the words at the top, the headings."""

    title: str
    top: frozenset[str]
    headings: dict[str, str]  # by anchor


def files() -> list[str]:
    """The pages and labs."""
    found = sorted([*DOCS.rglob("*.md"), *DOCS.glob("labs/*.py")])
    return [path.relative_to(DOCS).as_posix() for path in found]


def links(file: str) -> Iterator[Link]:
    """The links of a page."""
    for text, url in LINK.findall((DOCS / file).read_text("utf-8")):
        if ":" in url:
            yield Link(text, url, "")
        else:
            target, _, anchor = url.partition("#")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file), target))
            yield Link(text, path if target else file, anchor)


@functools.cache
def rendered(file: str) -> tuple[BeautifulSoup, dict[str, str]]:
    """A page as the site renders it, a lab without its cells, and what stands at its head."""
    text = (DOCS / file).read_text("utf-8")
    if file.endswith(".py"):
        text = "\n".join(re.sub("^# ?", "", line) for line in text.split("\n") if line[:1] == "#")
    body, metadata = get_data(text)
    html = BeautifulSoup(MARKDOWN.converter().convert(body), "html.parser")
    for link in html.select(".headerlink"):
        link.decompose()
    return html, metadata


@functools.cache
def page(file: str) -> Page:
    """Read what a link to a page leads to."""
    html, metadata = rendered(file)
    headings = html.select("h1, h2, h3, h4")
    first = takewhile(lambda node: node.name != "h2", headings[0].find_next_siblings())
    parts = [metadata.get("description", ""), *(h.get_text() for h in headings)]
    top = words(" ".join([*parts, *(node.get_text() for node in first)]))
    return Page(headings[0].get_text(), top, {str(h["id"]): h.get_text() for h in headings})


def words(text: str) -> frozenset[str]:
    """The beginnings of the words of a text, but for the shortest: "layers" is "layer"."""
    found = re.findall(r"\w+", text.lower())
    return frozenset(word[:5] for word in found if len(word) > 2)


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


@functools.cache
def titles() -> dict[str, str]:
    """The file of each title."""
    return {page(file).title: file for file in files() if file != HOME}


def is_title(name: str, title: str) -> bool:
    """Tell whether a page is called so: by its title, by a part of it, or by its first words."""
    begins = f"{plain(title)} ".startswith(f"{plain(name)} ")
    return begins and (" " in name or plain(name) == plain(title.partition(":")[0]))


def astray(link: Link) -> str | None:
    """Say where a link ought to lead that is called by a title, or by its beginning."""
    name, _, part = link.text.removeprefix("Lab: ").partition(": ")
    named = {file for title, file in titles().items() if is_title(name, title)}
    if len(named) != 1:
        return None
    if link.file not in named:
        return f"{name} is the title of {named.pop()}"
    heading = page(link.file).headings.get(link.anchor, "")
    missing = words(part) - words(heading)
    return f"{heading!r} does not speak of {sorted(missing)}" if link.anchor and missing else None


def best(question: str) -> str:
    """The page that speaks most of a question at its top; rare words count more, titles twice."""
    pages = {file: page(file) for file in files() if "/" not in file and file != HOME}
    seen = Counter(word for found in pages.values() for word in found.top)
    rare = {word: math.log((len(pages) + 1) / seen[word]) for word in words(question) & seen.keys()}

    def spoken(file: str) -> float:
        found = (pages[file].top, words(pages[file].title))
        return sum(rare[word] for text in found for word in rare.keys() & text)

    return max(pages, key=spoken)
