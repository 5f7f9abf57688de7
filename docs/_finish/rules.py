"""The rules of a stylesheet, and which of them can match."""

import re
from collections.abc import Callable, Iterator

import tinycss2
from tinycss2.ast import Node, QualifiedRule, WhitespaceToken

from docs._finish.selectors import Names, possible, split

GROUPS = {"media", "supports", "layer", "container"}  # at-rules that hold rules
VARIABLE = re.compile(r"--[\w-]+")
READ = re.compile(rf"var\(\s*({VARIABLE.pattern})")
_VALUE = r"""(?:[^;{}"'()]|"[^"]*"|'[^']*'|\((?:[^()"']|"[^"]*"|'[^']*'|\([^()]*\))*\))*"""
SET = re.compile(rf"([{{;]\s*)({VARIABLE.pattern})\s*:{_VALUE};?")

Wanted = Callable[[list[Node]], bool]  # of a selector


class Sheet:
    """A stylesheet without variables that nothing reads."""

    def __init__(self, css: str, scripts: str) -> None:
        """Read it; scripts may read variables too."""
        self.rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
        self.read = set(VARIABLE.findall(scripts))

    def matching(self, known: Names, without: Names | None = None) -> str:
        """Return the rules that can match with these names, and could not without."""

        def wanted(selector: list[Node]) -> bool:
            return possible(selector, known) and not (without and possible(selector, without))

        css = "".join(written(self.rules, wanted, bare=without is None))
        return self._without_unread(css)

    def _without_unread(self, css: str) -> str:
        read = self.read.union(READ.findall(css))
        shorter = SET.sub(lambda found: found[0] if found[2] in read else found[1], css)
        return css if shorter == css else self._without_unread(shorter)


def written(rules: list[Node], wanted: Wanted, bare: bool) -> Iterator[str]:
    """Write the rules with selectors that are wanted, and, if `bare`, what has no selector."""
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            selectors = [one for one in split(rule.prelude) if wanted(one)]
            if selectors:
                yield f"{','.join(map(short, selectors))}{{{short(rule.content)}}}"
        elif rule.lower_at_keyword in GROUPS and rule.content is not None:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if css := "".join(written(inner, wanted, bare)):
                yield f"@{rule.at_keyword} {short(rule.prelude)}{{{css}}}"
        elif bare and rule.lower_at_keyword != "charset":
            yield rule.serialize()


def short(tokens: list[Node]) -> str:
    """Write what stands before or in braces, without comments and with single blanks."""
    single = [
        WhitespaceToken(0, 0, " ") if token.type == "whitespace" else token for token in tokens
    ]
    return tinycss2.serialize([token for token in single if token.type != "comment"]).strip()
