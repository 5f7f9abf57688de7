"""The command line: the table, the help, and one line for what is wrong."""

import subprocess
import sys

import pytest

from rnn_ref.__main__ import main
from rnn_ref.diagnose import explain
from rnn_ref.shapes import Config

FULL = "lstm --input 3,5,4 --hidden 2 --layers 2 --bidirectional --batch-first"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rnn_ref", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_table_is_printed() -> None:
    config = Config("LSTM", 4, 2, num_layers=2, batch_first=True, bidirectional=True)
    result = run(*FULL.split())
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == explain(config, L=5, N=3) + "\n"
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "config", "N"),
    [
        ("rnn --input 5,3,7 --hidden 11", Config("RNN", 7, 11), 3),
        ("gru --input 3,5,7 --hidden 11 --batch-first", Config("GRU", 7, 11, batch_first=True), 3),
        ("GRU --input 5,7 --hidden 11 --no-bias", Config("GRU", 7, 11, bias=False), None),
        ("lstm --input 5,7 --hidden 11 --proj 2", Config("LSTM", 7, 11, proj_size=2), None),
        ("rnn --batch-first --input 5,7 --hidden 1", Config("RNN", 7, 1, batch_first=True), None),
        ("rnn --input 5,3,7 --hidden 2 --layers 3", Config("RNN", 7, 2, num_layers=3), 3),
    ],
)
def test_every_argument_reaches_the_table(
    arguments: str, config: Config, N: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    main(arguments.split())
    assert capsys.readouterr().out == explain(config, L=5, N=N) + "\n"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ("", "required: mode, --input, --hidden"),
        ("rnn --input 5,3,7", "required: --hidden"),
        ("elman --input 5,3,7 --hidden 2", "argument mode: invalid choice: 'elman'"),
        ("rnn --input 5 --hidden 2", "--input: expected three numbers, or two without a batch"),
        ("rnn --input 5,3,7,2 --hidden 2", "--input: expected three numbers"),
        ("rnn --input 5,x,7 --hidden 2", "--input: expected a whole number of at least 1, got 'x'"),
        ("rnn --input 5,0,7 --hidden 2", "--input: expected a whole number of at least 1, got '0'"),
        ("rnn --input 5,3,7 --hidden -2", "--hidden: expected a whole number of at least 1"),
        ("rnn --input 5,3,7 --hidden 2 --layers 0", "--layers: expected a whole number"),
        ("rnn --input 5,3,7 --hidden 2 --proj 1", "Only an LSTM has projections, got proj_size=1"),
        ("lstm --input 5,3,7 --hidden 2 --proj 2", "--proj has to be smaller than --hidden 2"),
        ("rnn --input 5,3,7 --hidden 2 --batch", "unrecognized arguments: --batch"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    arguments: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments.split())
    printed = capsys.readouterr()
    assert left.value.code == 2
    assert printed.out == ""
    assert printed.err.startswith("python -m rnn_ref: ")
    assert problem in printed.err
    assert printed.err.count("\n") == 1


def test_the_exit_code_reaches_the_shell() -> None:
    result = run("rnn", "--input", "5")
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)


def test_help_names_every_argument_and_has_an_example_that_runs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    text = capsys.readouterr().out
    assert left.value.code == 0
    assert max(map(len, text.splitlines())) <= 80
    options = ("layers", "proj", "bidirectional", "batch-first", "no-bias", "input", "hidden")
    assert all(f"\n  --{option} " in text for option in options)
    main(text.split("Example: python -m rnn_ref ")[1].split())
    assert capsys.readouterr().out.startswith("torch.nn.LSTM(4, 2, batch_first=True)\n")
