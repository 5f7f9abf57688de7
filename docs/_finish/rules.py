"""The rules of a stylesheet, and which of them can match."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import tinycss2
from tinycss2.ast import Node, QualifiedRule, WhitespaceToken

from docs._finish.selectors import Names, possible, split

GROUPS = {"media", "supports", "layer", "container"}  # at-rules that hold rules
VARIABLE = re.compile(r"--[\w-]+")
READ = re.compile(rf"var\(\s*({VARIABLE.pattern})")
_VALUE = r"""(?:[^;{}"'()]|"[^"]*"|'[^']*'|\((?:[^()"']|"[^"]*"|'[^']*'|\([^()]*\))*\))*"""
SET = re.compile(rf"(?:^|(?<=[{{;]))\s*({VARIABLE.pattern})\s*:({_VALUE});?")

Wanted = Callable[[list[Node]], bool]  # of a selector
Kept = Callable[[str], str]  # what is kept of a rule's body


@dataclass(frozen=True)
class Rule:
    """What holds for some selectors, each with its text."""

    selectors: list[tuple[list[Node], str]]
    body: str

    def written(self, wanted: Wanted, kept: Kept, bare: bool) -> str:
        """Write it for the selectors that are wanted."""
        names = ",".join(text for selector, text in self.selectors if wanted(selector))
        body = kept(self.body) if names else ""
        return f"{names}{{{body}}}" if body else ""


@dataclass(frozen=True)
class Group:
    """Rules that hold under a condition."""

    head: str
    rules: list["Rule | Group | Bare"]

    def written(self, wanted: Wanted, kept: Kept, bare: bool) -> str:
        """Write the rules in it that are wanted."""
        inner = "".join(rule.written(wanted, kept, bare) for rule in self.rules)
        return f"{self.head}{{{inner}}}" if inner else ""


@dataclass(frozen=True)
class Bare:
    """What has no selector."""

    text: str

    def written(self, wanted: Wanted, kept: Kept, bare: bool) -> str:
        """Write it where such things belong."""
        return self.text if bare else ""


class Sheet:
    """A stylesheet that is divided in two, without variables that nothing reads."""

    def __init__(self, css: str, scripts: str) -> None:
        """Read it; scripts may read variables too."""
        self.rules = [
            *read(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))
        ]
        self.values: dict[str, str] = {}
        for name, value in SET.findall(css):
            self.values[name] = self.values.get(name, "") + value
        self.known = self._with_what_they_read(VARIABLE.findall(scripts))

    def divided(self, shown: Names, known: Names) -> tuple[str, str]:
        """Return the rules that can match with these names, and those that need the others.

        A variable is set in the first if that reads it, and in the second if only that does.
        """

        def soon(selector: list[Node]) -> bool:
            return possible(selector, shown)

        def later(selector: list[Node]) -> bool:
            return possible(selector, known) and not soon(selector)

        read_first = self.known | self._read(self._written(soon, bare=True))
        read_rest = self._read(self._written(later)) - read_first
        first = self._written(soon, lambda body: without(body, read_first), bare=True)
        lent = self._written(soon, lambda body: settings(body, read_rest))
        rest = self._written(later, lambda body: without(body, read_first | read_rest))
        return first, lent + rest

    def _written(self, wanted: Wanted, kept: Kept = str, bare: bool = False) -> str:
        return "".join(rule.written(wanted, kept, bare) for rule in self.rules)

    def _read(self, css: str) -> set[str]:
        """Return the variables that what a sheet shows hangs on."""
        return self._with_what_they_read(READ.findall(SET.sub("", css)))

    def _with_what_they_read(self, variables: Iterable[str]) -> set[str]:
        found: set[str] = set()
        left = set(variables)
        while left:
            found |= left
            left = {name for each in left for name in READ.findall(self.values.get(each, ""))}
            left -= found
        return found


def without(body: str, read: set[str]) -> str:
    """Leave out of the body of a rule what sets other variables than these."""
    return SET.sub(lambda found: found[0] if found[1] in read else "", body)


def settings(body: str, read: set[str]) -> str:
    """Keep of the body of a rule only what sets these variables."""
    return "".join(found[0] for found in SET.finditer(body) if found[1] in read)


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
