"""Which selectors of a stylesheet can match something on some page of the site.

Each tag, class, identifier and attribute that a selector names has to stand on a page or, as a
word, in a script: what a script adds to a page is spelled there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from tinycss2.ast import (
    FunctionBlock,
    HashToken,
    IdentToken,
    LiteralToken,
    Node,
    SquareBracketsBlock,
)

TAG = re.compile(r"<([a-z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([\w:-]+)(?:=(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)  # data has a type, and what is late
WORD = re.compile(r"[\w-]+")
NATIVE = {"open"}  # an attribute that the browser itself adds
AMONG = {"is", "where", "has"}  # pseudo-classes that want one of their selectors to match


@dataclass(frozen=True)
class Names:
    """What selectors can name: words as they stand, and beginnings that a script completes."""

    words: frozenset[str]
    beginnings: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        """Say whether something can be called so."""
        return name in self.words or name.startswith(self.beginnings)

    def including(self, more: Iterable[str]) -> "Names":
        """Return these and more."""
        return Names(self.words.union(more), self.beginnings)


def names(pages: Iterable[str], scripts: str) -> Names:
    """Return what pages and scripts name."""
    spelled = set(WORD.findall(scripts))
    shown = {name for page in pages for name in _shown(page)}
    beginnings = {word for word in spelled if re.fullmatch(r"[a-z]{2}[\w-]*[-_]", word)}
    return Names(frozenset(NATIVE | spelled | shown), tuple(beginnings))


def asked(css: str) -> set[str]:
    """Return at least the names that the selectors of a stylesheet ask for."""
    pairs = re.findall(r"""\[([\w-]+)=["']?([\w-]+)""", css)
    return {*WORD.findall(css), *map("=".join, pairs)}


def _shown(page: str) -> Iterator[str]:
    for script in INLINE.findall(page):
        yield from WORD.findall(script)
    for tag, rest in TAG.findall(page):
        yield tag
        for name, *values in ATTRIBUTE.findall(rest):
            value = unescape("".join(values))
            yield name
            yield f"{name}={value}"
            if name in {"class", "id"}:
                yield from value.split()


def split(tokens: list[Node]) -> list[list[Node]]:
    """Return the members of a list of selectors."""
    members: list[list[Node]] = [[]]
    for token in tokens:
        if isinstance(token, LiteralToken) and token.value == ",":
            members.append([])
        else:
            members[-1].append(token)
    return members


def possible(selector: list[Node], known: Names) -> bool:
    """Say whether one selector can match."""
    before = None
    for token in selector:
        if not _possible(token, before, known):
            return False
        before = token.value if isinstance(token, LiteralToken) else None
    return True


def _possible(token: Node, before: str | None, known: Names) -> bool:
    if isinstance(token, FunctionBlock):
        members = split(token.arguments)
        return token.lower_name not in AMONG or any(possible(each, known) for each in members)
    if isinstance(token, SquareBracketsBlock):
        return _attribute(token.content, known)
    if isinstance(token, HashToken):
        return token.value in known
    return not isinstance(token, IdentToken) or before == ":" or token.value in known


def _attribute(content: list[Node], known: Names) -> bool:
    said = [token for token in content if token.type not in {"whitespace", "comment"}]
    name = said[0].value
    if len(said) < 3 or said[1].value != "=":
        return name in known
    return f"{name}={said[2].value}" in known.words or said[2].value in known.words
