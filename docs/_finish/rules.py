"""The rules of a stylesheet, and which of them can match."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import tinycss2
from tinycss2.ast import Node, QualifiedRule, WhitespaceToken

from docs._finish.selectors import Names, possible, split

GROUPS = {"media", "supports", "layer", "container"}  # at-rules that hold rules
VARIABLE = re.compile(r"--[\w-]+")
READ = re.compile(rf"var\(\s*({VARIABLE.pattern})")
_VALUE = r"""(?:[^;{}"'()]|"[^"]*"|'[^']*'|\((?:[^()"']|"[^"]*"|'[^']*'|\([^()]*\))*\))*"""
SET = re.compile(rf"([{{;]\s*)({VARIABLE.pattern})\s*:{_VALUE};?")

Wanted = Callable[[list[Node]], bool]  # of a selector


@dataclass(frozen=True)
class Rule:
    """What holds for some selectors, each with its text."""

    selectors: list[tuple[list[Node], str]]
    body: str

    def written(self, wanted: Wanted, bare: bool) -> str:
        """Write it for the selectors that are wanted."""
        kept = ",".join(text for selector, text in self.selectors if wanted(selector))
        return f"{kept}{{{self.body}}}" if kept else ""


@dataclass(frozen=True)
class Group:
    """Rules that hold under a condition."""

    head: str
    rules: list["Rule | Group | Bare"]

    def written(self, wanted: Wanted, bare: bool) -> str:
        """Write the rules in it that are wanted."""
        inner = "".join(rule.written(wanted, bare) for rule in self.rules)
        return f"{self.head}{{{inner}}}" if inner else ""


@dataclass(frozen=True)
class Bare:
    """What has no selector."""

    text: str

    def written(self, wanted: Wanted, bare: bool) -> str:
        """Write it where such things belong."""
        return self.text if bare else ""


class Sheet:
    """A stylesheet without variables that nothing reads."""

    def __init__(self, css: str, scripts: str) -> None:
        """Read it; scripts may read variables too."""
        self.rules = [
            *read(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))
        ]
        self.known = set(VARIABLE.findall(scripts))

    def matching(self, known: Names, without: Names | None = None) -> str:
        """Return the rules that can match with these names, and could not without."""

        def wanted(selector: list[Node]) -> bool:
            return possible(selector, known) and not (without and possible(selector, without))

        css = "".join(rule.written(wanted, bare=without is None) for rule in self.rules)
        return self._without_unread(css)

    def _without_unread(self, css: str) -> str:
        read = self.known.union(READ.findall(css))
        shorter = SET.sub(lambda found: found[0] if found[2] in read else found[1], css)
        return css if shorter == css else self._without_unread(shorter)


def read(rules: list[Node]) -> Iterator[Rule | Group | Bare]:
    """Read rules, so that they are written without comments and with single blanks."""
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            selectors = [(one, short(one)) for one in split(rule.prelude)]
            yield Rule(selectors, short(rule.content))
        elif rule.lower_at_keyword in GROUPS and rule.content is not None:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            yield Group(f"@{rule.at_keyword} {short(rule.prelude)}", [*read(inner)])
        elif rule.lower_at_keyword != "charset":
            yield Bare(rule.serialize())


def short(tokens: list[Node]) -> str:
    """Write what stands before or in braces, without comments and with single blanks."""
    single = [
        WhitespaceToken(0, 0, " ") if token.type == "whitespace" else token for token in tokens
    ]
    return tinycss2.serialize([token for token in single if token.type != "comment"]).strip()
