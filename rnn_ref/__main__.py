"""The command line: shapes, `python -m rnn_ref lstm --input 3,5,4 --hidden 2`, and messages."""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from rnn_ref.explanation import explain
from rnn_ref.messages import command
from rnn_ref.shapes import GATES, Config, Mode

DECODE = "decode"
MODES: dict[str, Mode] = {mode.lower(): mode for mode in GATES}
INPUT = "shape of the input: L,N,H_in, with --batch-first N,L,H_in, without a batch L,H_in"
SWITCHES = {
    "--bidirectional": "each layer also reads from the end",
    "--batch-first": "input and output begin with N",
    "--no-bias": "leave out bias_ih and bias_hh",
}


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong."""

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2.

        Args:
            message: What is wrong; it goes to stderr, in one line.

        Raises:
            SystemExit: Always.
        """
        self.exit(2, f"{self.prog}: {message} (--help shows how it is used)\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print every tensor and parameter of the network that the arguments describe.

    After `decode`, say what a message of torch means instead.

    Args:
        arguments: As on the command line; None reads them from there.

    Raises:
        SystemExit: With code 2 if the arguments describe no network, with 0 after `--help`.
    """
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == [DECODE]:
        command.main(words[1:])
    else:
        _print_shapes(words)


def _print_shapes(words: Sequence[str]) -> None:
    parser = _parser()
    given = parser.parse_args(words)
    if given.proj >= given.hidden:
        parser.error(f"--proj has to be smaller than --hidden {given.hidden}, got {given.proj}")
    *axes, input_size = given.input
    L, N = (axes[0], None) if len(axes) == 1 else axes[::-1] if given.batch_first else axes
    try:
        config = Config(
            MODES[given.mode],
            input_size,
            given.hidden,
            num_layers=given.layers,
            bias=not given.no_bias,
            batch_first=given.batch_first,
            bidirectional=given.bidirectional,
            proj_size=given.proj,
        )
    except ValueError as error:
        parser.error(str(error))
    print(explain(config, L=L, N=N))


def _parser() -> Parser:
    parser = Parser(
        prog="python -m rnn_ref",
        description="Print the shape of every tensor and parameter of a recurrent network. "
        f"In place of a network, {DECODE} and a message of torch say what it means.",
        epilog="Example: python -m rnn_ref lstm --input 3,5,4 --hidden 2 --batch-first",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("mode", choices=MODES, type=str.lower, help="which network")
    add("--input", type=_shape, required=True, metavar="L,N,H_in", help=INPUT)
    add("--hidden", type=_positive, required=True, metavar="H_cell", help="hidden_size")
    add(
        "--layers",
        type=_positive,
        default=1,
        metavar="num_layers",
        help="layers, stacked; default 1",
    )
    add("--proj", type=_positive, default=0, metavar="H_out", help="proj_size, of an LSTM only")
    for switch, meaning in SWITCHES.items():
        add(switch, action="store_true", help=meaning)
    return parser


def _positive(text: str) -> int:
    if not text.strip().isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, got {text!r}")
    return int(text)


def _shape(text: str) -> tuple[int, ...]:
    sizes = tuple(_positive(size) for size in text.split(","))
    if len(sizes) not in (2, 3):
        raise argparse.ArgumentTypeError(
            f"expected three numbers, or two without a batch, got {len(sizes)}"
        )
    return sizes


if __name__ == "__main__":
    main()
