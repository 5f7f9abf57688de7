"""Messages with variable parts, `Expected hidden size {expected:shape}, got {got:shape}`.

A template is read as a regular expression that Python and JavaScript both know, so that a page and
this package find the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

Value = tuple[int, ...] | int | str

# What may stand in the place of a variable part; the last two are cut off, so that a text of any
# length is read in little time.
KINDS = {
    "shape": r"(?:torch\.Size\()?[\[(]\s*(?:-?\d+(?:\s*,\s*-?\d+)*)?\s*,?\s*[\])]\)?",
    "int": r"-?\d+",
    "number": r"-?(?:\d+\.?\d*(?:e[+-]?\d+)?|inf|nan)",
    "dtype": r"(?:torch\.)?\w+",
    "device": r"\w+(?::\d+)?",
    "word": r"\S{1,200}?",
    "text": r"[^\n]{1,500}?",
    "lines": r"[\s\S]{1,5000}?",
}
_PART = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}:]*)(?::(?P<kind>[^{}]*))?\}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Template:
    """A message, with `{name:kind}` where it varies; braces of its own are doubled.

    Attributes:
        source: The message as the catalogue spells it.
        unless: Messages that it does not mean, though they look like it.
    """

    source: str
    unless: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse parts that have no name, no known kind, or a name that is taken."""
        names: list[str] = []
        for name, kind in self.parts:
            if not _NAME.fullmatch(name) or name in names or kind not in KINDS:
                kinds = ", ".join(KINDS)
                raise ValueError(
                    f"Expected {{name:kind}} with a new name and one of {kinds}, got "
                    f"{{{name}:{kind}}} in {self.source!r}."
                )
            names.append(name)

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The name and the kind of each variable part, in order."""
        found = [part for part in _PART.finditer(self.source) if part["name"] is not None]
        return [(part["name"], part["kind"] or "") for part in found]

    @property
    def literal(self) -> str:
        """What does not vary."""
        return _PART.sub(lambda part: part[0][0] if part["name"] is None else "", self.source)

    @cached_property
    def chunks(self) -> tuple[str, ...]:
        """The parts without a blank that do not vary: a text that lacks one is not searched."""
        fixed = _PART.sub(lambda part: part[0][0] if part["name"] is None else " ", self.source)
        return tuple(fixed.split())

    @property
    def shown(self) -> str:
        """The message as a reader is shown it, with an ellipsis where it varies."""
        return _PART.sub(lambda part: part[0][0] if part["name"] is None else "…", self.source)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The regular expression; blanks match all that a terminal makes of them."""
        others = [re.sub(r"\(\?P<\w+>", "(?:", _pattern(other)) for other in self.unless]
        refused = "".join(rf"(?!{other}(?!\w))" for other in others)
        # JavaScript knows no other letters and digits.
        return re.compile(rf"(?<!\w){refused}{_pattern(self.source)}(?!\w)", re.ASCII)

    def read(self, found: Mapping[str, str]) -> dict[str, Value]:
        """Turn the texts of the variable parts into what they stand for.

        Args:
            found: The text of each part, by name.

        Returns:
            The sizes of a shape as a tuple, a whole number as an int, everything else as text.
        """
        return {name: value(kind, found[name]) for name, kind in self.parts}


def value(kind: str, text: str) -> Value:
    """Read what stands in the place of a variable part.

    Args:
        kind: One of `KINDS`.
        text: What stands there.

    Returns:
        The sizes of a shape as a tuple, a whole number as an int, everything else as text.
    """
    if kind == "shape":
        return tuple(map(int, re.findall(r"-?\d+", text)))
    return int(text) if kind == "int" else text


def _pattern(source: str) -> str:
    written, end = [], 0
    for part in _PART.finditer(source):
        written.append(_literal(source[end : part.start()]))
        end = part.end()
        written.append(_group(part, last=end == len(source)))
    return "".join([*written, _literal(source[end:])])


def _group(part: re.Match[str], last: bool) -> str:
    if part["name"] is None:
        return re.escape(part[0][0])
    pattern = KINDS[part["kind"]]
    # Nothing ends a text that stands last, so it takes what it can.
    greedy = pattern.replace("}?", "}") if last else pattern
    return f"(?P<{part['name']}>{greedy})"


def _literal(text: str) -> str:
    # JavaScript refuses the backslashes that Python's `escape` puts before other characters.
    return re.sub(r"\s+", r"\\s+", re.sub(r"[\\^$.|?*+()\[\]{}/]", r"\\\g<0>", text))
