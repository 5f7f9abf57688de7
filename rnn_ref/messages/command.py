"""A message explained on the command line: `python -m rnn_ref decode MESSAGE`."""

import argparse
import sys
from collections.abc import Sequence

from rnn_ref.messages.decoder import decode
from rnn_ref.messages.explanation import explain_error


def main(arguments: Sequence[str]) -> None:
    """Print what a message means; it is the arguments, or what is piped in.

    Args:
        arguments: What follows `decode` on the command line.

    Raises:
        SystemExit: With code 1 if the catalogue does not know the message, with 2 if there is none,
            with 0 after `--help`.
    """
    parser = argparse.ArgumentParser(
        prog="python -m rnn_ref decode",
        description="Say what a message of torch means, with the sizes that it names.",
        epilog="Example: python train.py 2>&1 | python -m rnn_ref decode",
        allow_abbrev=False,
    )
    parser.add_argument("text", nargs="*", help="the message; without it, what is piped in is read")
    given = parser.parse_args(arguments)
    text = " ".join(given.text) or sys.stdin.read()
    if not text.strip():
        parser.exit(2, f"{parser.prog}: expected a message, got nothing (--help shows how)\n")
    print(explain_error(text))
    if decode(text) is None:
        sys.exit(1)
