"""The command line: the table, the help, and one line for what is wrong."""

import os
import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper
from typing import NoReturn

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnn_ref.__main__ import main
from rnn_ref.diagnose import explain
from rnn_ref.shapes import Config

MESSAGE = "Expected hidden size (1, 3, 2), got [1, 5, 2]"
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
        (
            "rnn --input -3,5,4 --hidden 2",
            "--input: expected a whole number of at least 1, got '-3'",
        ),
        ("rnn --input 5,3,7 --hidden -2.5", "--hidden: expected a whole number of at least 1"),
        ("rnn --input --hidden 2", "--input: expected one argument"),
        ("rnn --input 5,3,7 --hidden " + "9" * 5000, "--hidden: expected a number of at most 2147"),
        ("rnn --input 5,3,7 --hidden " + "x" * 5000, "--hidden: expected a whole number of at"),
        ("x" * 5000 + " --input 5,3,7 --hidden 2", "argument mode: invalid choice: 'xxxxx"),
        ("rnn --input 5,3,7 --hidden 2 --layers 100001", "--layers: expected a number of at most"),
        ("rnn --input 5,,7 --hidden 2", "--input: expected a whole number of at least 1, got ''"),
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


@given(st.lists(st.integers(1, 999), min_size=2, max_size=3).map(tuple), st.data())
def test_a_shape_may_stand_as_it_is_printed(shape: tuple[int, ...], data: st.DataObject) -> None:
    printed = [torch.zeros(shape, device="meta").shape, np.empty(shape, np.bool_).shape]
    spelled = data.draw(st.sampled_from([*map(str, printed), str(list(shape)), f" {shape} "]))
    config = Config("RNN", shape[-1], 2)

    out = said(["rnn", "--input", spelled, "--hidden", "2"])

    assert out == explain(config, L=shape[0], N=shape[1] if len(shape) == 3 else None) + "\n"


WORDS = st.text(max_size=9) | st.sampled_from(
    [*("rnn", "lstm", "--input", "--hidden", "--proj", "--layers", "--batch-first", "-h", "--"),
     *("-3", "3,5,4", "-3,5", "(3, 5, 4", "3", "0", "9" * 5000),
     *("\u0663", "\ud800", "2.5", "--input=3,5")]
)  # fmt: skip


def said(arguments: list[str]) -> str:
    """What is printed, or the line that says what is wrong; anything else that is raised is red."""
    out, error = StringIO(), StringIO()
    code: object = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", error)
        try:
            main(arguments)
        except SystemExit as left:
            code = left.code
    assert code in (0, 2)
    assert error.getvalue().startswith("python -m rnn_ref: " if code else "")
    assert error.getvalue().count("\n") == (code == 2)
    assert len(error.getvalue()) < 400
    return out.getvalue()


@given(st.lists(WORDS, max_size=7))
def test_no_arguments_lead_to_a_traceback(arguments: list[str]) -> None:
    said(arguments)


TABLE = "gru --input 3,5,4 --hidden 3 --layers 500"


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a pipe that is closed has no such error")
@pytest.mark.parametrize("arguments", [TABLE.split(), ["decode", MESSAGE]])
def test_who_reads_the_first_line_alone_sees_no_traceback(arguments: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)  # nobody reads at all
    command = [sys.executable, "-m", "rnn_ref", *arguments]
    result = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (result.returncode, result.stderr) == (1, "")


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "latin-1"])
def test_bytes_and_characters_that_are_none_are_shown_all_the_same(encoding: str) -> None:
    given = f"RuntimeError: \u65e5 {MESSAGE}".encode() + b"\xff\xfe"
    command = [sys.executable, "-m", "rnn_ref", "decode"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    result = subprocess.run(command, input=given, capture_output=True, check=True, env=environment)
    assert result.stderr == b""
    assert result.stdout.startswith(f"RNN-HIDDEN-SIZE: {MESSAGE}".encode())


def test_where_nothing_is_piped_in_a_message_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(SystemExit) as left:
        main(["decode"])
    assert left.value.code == 2
    assert "expected a message, got nothing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (BrokenPipeError(32, "Broken pipe"), 1),
        (
            OSError(28, "No space left"),
            "The text was not written: [Errno 28] No space left",
        ),
    ],
)
def test_a_table_that_cannot_be_written_is_said(
    error: OSError, line: int | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(StringIO):
        def flush(self) -> NoReturn:
            raise error

        def fileno(self) -> int:
            return 1

    replaced: list[int] = []
    monkeypatch.setattr(os, "dup2", lambda _, place: replaced.append(place))
    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(SystemExit) as left:
        main(TABLE.split())
    assert left.value.code == line
    assert replaced == [1]


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


def test_bytes_that_are_no_text_can_be_piped_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    piped = TextIOWrapper(BytesIO(b"\xff\xfe RuntimeError: " + MESSAGE.encode()), "utf-8")
    monkeypatch.setattr(sys, "stdin", piped)
    main(["decode"])
    assert capsys.readouterr().out.startswith(f"RNN-HIDDEN-SIZE: {MESSAGE}")
