"""What a message means, as text: for a terminal, and for a notebook."""

import sys
import textwrap
import traceback

from rnn_ref.messages.catalogue import Cause, plain
from rnn_ref.messages.decoder import Reading, decode, nearest
from rnn_ref.messages.templates import Value

SITE = "https://rnn-shapes.github.io/rnn-shapes/"
OVERVIEW = "error-messages"  # the page on which each address is explained
WIDTH = 72  # columns, so that a block of code on the site shows them whole


class Explanation(str):
    """A text that a notebook shows as it is, and not as a literal."""

    __slots__ = ()

    def __repr__(self) -> str:
        """The text itself."""
        return str(self)


def explain_error(error: BaseException | str | None = None) -> Explanation:
    """Say what a message of torch means, with the sizes that it names.

    Args:
        error: An exception, or its text; None takes the last one that nobody caught, as in a
            notebook's next cell.

    Returns:
        A text of several lines: what it means, the causes that these sizes speak for, what to do,
        and the address of the entry. A text that is unknown gets the entries that are nearest.

    Raises:
        TypeError: error is neither an exception nor a text.
        ValueError: There is no last exception, or the text is empty.

    Examples:
        ```python
        import torch

        import rnn_ref

        try:
            torch.nn.RNN(7, 13)(torch.zeros(5, 3, 7), torch.zeros(1, 2, 13))
        except RuntimeError as error:
            print(rnn_ref.explain_error(error).splitlines()[0])
        #> RNN-HIDDEN-SIZE: Expected hidden size (1, 3, 13), got [1, 2, 13]
        ```
    """
    text = _text(_last() if error is None else error)
    reading = decode(text)
    return Explanation(_explained(reading) if reading else _unknown(text))


def address(id: str, values: dict[str, Value] | None = None) -> str:
    """Give the address of an entry, with the sizes that its explanation is to have.

    Args:
        id: The entry's name.
        values: What stands in the places of the message's variable parts.

    Returns:
        The address on the site, as it may be sent to others.
    """
    sizes = [f"&{name}={_spelled(value)}" for name, value in (values or {}).items()]
    return f"{SITE}{OVERVIEW}/#{id}{''.join(size for size in sizes if ' ' not in size)}"


def _spelled(value: Value) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _last() -> BaseException:
    last: BaseException | None = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    if last is None:
        raise ValueError(
            "Expected an exception that nobody caught, got none. "
            "Give the exception, or its text: explain_error(error)."
        )
    return last


def _text(error: BaseException | str) -> str:
    if isinstance(error, BaseException):
        return "".join(traceback.format_exception_only(error))
    if not isinstance(error, str):
        raise TypeError(
            f"error should be an exception or its text, got: {type(error).__name__}. "
            "Give what `except ... as error` gave."
        )
    if not error.strip():
        raise ValueError("Expected the text of a message, got an empty one.")
    return error


def _explained(reading: Reading) -> str:
    entry = reading.entry
    causes = [line for cause in reading.causes for line in _cause(reading, cause)]
    return "\n".join(
        [
            f"{entry.id}: {' '.join(reading.message.split())}",
            *_wrapped(plain(entry.meaning)),
            *causes,
            "",
            address(entry.id, dict(reading.values)),
        ]
    )


def _cause(reading: Reading, cause: Cause) -> list[str]:
    told = " ".join(filter(None, [reading.says(cause), plain(cause.tell), plain(cause.how)]))
    return ["", *_wrapped(f"- {plain(cause.name)}. {told}", indent="  ")]


def _unknown(text: str) -> str:
    last = text.strip().splitlines()[-1][:WIDTH]
    near = [f"- {entry.title}\n  {address(entry.id)}" for entry in nearest(text)]
    lines = [f"No message of the catalogue is in this text. It ends: {last}"]
    return "\n".join([*lines, *(["The nearest are:", *near] if near else [])])


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
