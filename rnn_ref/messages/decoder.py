"""From a traceback to the entry of its message, with the reader's own sizes.

docs/assets/decoder.js does the same in the page, with the same data.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rnn_ref.messages.catalogue import Cause, Message, messages
from rnn_ref.messages.conditions import Values, holds, said
from rnn_ref.messages.templates import Template

# A message stands at the end of what is pasted; more is not read.
READ = 20_000  # characters
NEAREST = 3  # entries
_WORD = re.compile(r"[a-z_]{3,}")


@dataclass(frozen=True)
class Reading:
    """A message that was found in a text.

    Attributes:
        entry: What the catalogue holds about it.
        values: What stands in the places of its variable parts: the sizes of a shape as a tuple, a
            whole number as an int, anything else as text.
        message: The message as it stands in the text.
    """

    entry: Message
    values: Values
    message: str

    @property
    def causes(self) -> list[Cause]:
        """The causes that these sizes speak for; all that they allow where they speak for none."""
        told = [cause for cause in self.entry.causes if cause.when and self.fits(cause)]
        return (
            told or [cause for cause in self.entry.causes if not cause.when] or [*self.entry.causes]
        )

    def fits(self, cause: Cause) -> bool:
        """Say whether a cause explains these sizes.

        Args:
            cause: One of the entry's causes.

        Returns:
            Whether all of its conditions hold.
        """
        return all(holds(condition, self.values) for condition in cause.when)

    def says(self, cause: Cause) -> str:
        """Explain a cause with the reader's own sizes.

        Args:
            cause: One of the entry's causes.

        Returns:
            A sentence; empty if the cause has none for these sizes.
        """
        return said(cause.say, self.values) or ""


def decode(text: str) -> Reading | None:
    """Find the last message in a text that the catalogue knows.

    Args:
        text: A message, or a traceback, or a notebook's output; its last 20,000 characters are
            read.

    Returns:
        The entry with what the message says; None if no known message is there.

    Examples:
        ```python
        from rnn_ref.messages import decode

        reading = decode("RuntimeError: Expected hidden size (1, 3, 2), got [1, 5, 2]")
        print(reading.entry.id, reading.values)
        #> RNN-HIDDEN-SIZE {'expected': (1, 3, 2), 'got': (1, 5, 2)}
        ```
    """
    found = list(_found(_readable(text)))
    inner = [one for one in found if not any(_covers(other, one) for other in found)]
    if not inner:
        return None
    entry, template, match = max(inner, key=lambda one: one[2].end())
    return Reading(entry, template.read(match.groupdict()), match[0])


def nearest(text: str) -> list[Message]:
    """Find the entries whose messages share the rarest words with a text.

    Args:
        text: What was printed.

    Returns:
        At most three entries, the nearest first; none if no word is shared.
    """
    words = set(_WORD.findall(_readable(text).lower()))
    weights = {
        id: sum(_rarity()[word] for word in sorted(words & own)) for id, own in _words().items()
    }
    near = sorted(messages(), key=lambda entry: -weights[entry.id])[:NEAREST]
    return [entry for entry in near if weights[entry.id] > 0]


def _readable(text: str) -> str:
    """The end of a text, its blanks plain."""
    return text[-READ:].replace("\u00a0", " ")


Found = tuple[Message, Template, re.Match[str]]


def _found(text: str) -> Iterator[Found]:
    for entry in messages():
        for template in entry.templates:
            if all(chunk in text for chunk in template.chunks):
                matches = template.pattern.finditer(text)
                yield from ((entry, template, match) for match in matches)


def _covers(one: Found, other: Found) -> bool:
    """Whether one message holds another; of two in the same place, the one that says more."""
    (start, end), (inner, last) = one[2].span(), other[2].span()
    if (start, end) == (inner, last):
        return len(one[1].literal) > len(other[1].literal)
    return start <= inner and last <= end


@cache
def _words() -> dict[str, set[str]]:
    """The words of each entry's messages."""
    return {
        entry.id: {
            *_WORD.findall(entry.error.lower()),
            *(word for each in entry.templates for word in _WORD.findall(each.literal.lower())),
        }
        for entry in messages()
    }


@cache
def _rarity() -> dict[str, float]:
    """What a word tells: the fewer entries have it, the more."""
    counts = Counter(word for words in _words().values() for word in words)
    return {word: math.log(len(_words()) / count) for word, count in counts.items()}
