"""What is said and read on a command line: never a traceback, whatever stands at the other end."""

import argparse
import io
import os
import sys
from pathlib import Path
from typing import NoReturn

LONGEST = 300  # characters of what is wrong


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong."""

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2.

        Args:
            message: What is wrong; it goes to stderr, in one line.

        Raises:
            SystemExit: Always.
        """
        line = " ".join(message.split())
        shown = line if len(line) <= LONGEST else f"{line[:LONGEST]}..."
        self.exit(2, f"{self.prog}: {shown} (--help shows how it is used)\n")


def put(text: str) -> None:
    """Print, and end without a word where nobody reads on, as in `| head -1`.

    Args:
        text: What is printed; a character that the terminal does not have is escaped.

    Raises:
        SystemExit: It cannot be written, with a line that says so unless nobody reads.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        print(text, flush=True)
    except OSError as error:
        # what is left in the buffer must not raise once more when Python ends
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        nobody_reads = isinstance(error, BrokenPipeError)
        sys.exit(1 if nobody_reads else f"The text was not written: {error}")


def piped() -> str:
    """Read all that is piped in.

    Returns:
        The text; bytes that are none are replaced. Empty if there is nothing to read from.
    """
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    return sys.stdin.read() if sys.stdin else ""
