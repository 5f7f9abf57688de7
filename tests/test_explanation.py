"""What an exception means, in words: for a caller, in a notebook, and on the command line."""

import io
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
import torch

import rnn_ref
from rnn_ref.__main__ import main
from rnn_ref.messages.catalogue import messages
from rnn_ref.messages.explanation import SITE, WIDTH, address
from tests.documents import ROOT

MESSAGE = "Expected hidden size (1, 3, 13), got [1, 2, 13]"
ADDRESS = f"{SITE}error-messages/#RNN-HIDDEN-SIZE&expected=1,3,13&got=1,2,13"


def error() -> RuntimeError:
    with pytest.raises(RuntimeError) as caught:
        torch.nn.RNN(7, 13)(torch.zeros(5, 3, 7), torch.zeros(1, 2, 13))
    return caught.value


@pytest.mark.parametrize("given", [error(), MESSAGE, f"RuntimeError: {MESSAGE}\n\n"])
def test_a_message_is_explained_with_its_sizes(given: BaseException | str):
    first, *lines, last = rnn_ref.explain_error(given).splitlines()

    assert first == f"RNN-HIDDEN-SIZE: {MESSAGE}"
    assert "torch read 3 as the batch" in " ".join(lines)
    assert last == ADDRESS


def test_the_last_exception_is_taken(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "last_exc", error(), raising=False)
    assert MESSAGE in rnn_ref.explain_error()
    monkeypatch.setattr(sys, "last_exc", None)
    monkeypatch.setattr(sys, "last_value", error(), raising=False)
    assert MESSAGE in rnn_ref.explain_error()


def test_a_notebook_shows_the_text_itself():
    explained = rnn_ref.explain_error(MESSAGE)

    assert repr(explained) == str(explained)
    assert "\n" in repr(explained)


def test_what_is_no_message_is_refused(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(TypeError, match="error should be an exception or its text, got: int"):
        rnn_ref.explain_error(5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="Expected the text of a message, got an empty one"):
        rnn_ref.explain_error(" \n")
    monkeypatch.setattr(sys, "last_exc", None, raising=False)
    monkeypatch.setattr(sys, "last_value", None, raising=False)
    with pytest.raises(ValueError, match="Expected an exception that nobody caught, got none"):
        rnn_ref.explain_error()


def test_an_unknown_message_gets_its_neighbours():
    told = rnn_ref.explain_error("ValueError: the hidden size was expected somewhere")

    assert told.startswith("No message of the catalogue is in this text. It ends: ValueError")
    assert f"{SITE}error-messages/#" in told
    assert "nearest" not in rnn_ref.explain_error("?!")


@pytest.mark.parametrize("entry", messages(), ids=[entry.id for entry in messages()])
def test_no_line_is_wider_than_a_terminal(entry):
    sample = entry.sample or "\n".join(re.findall(r"^ *#> ?(.*)$", entry.triggers[0], re.MULTILINE))
    told = rnn_ref.explain_error(sample).splitlines()[1:-1]

    assert [line for line in told if len(line) > WIDTH and " " in line.strip()] == []


def test_an_address_leaves_out_what_has_blanks():
    assert address("A-B", {"n": 7, "text": "two words"}) == f"{SITE}error-messages/#A-B&n=7"


def test_the_command_line_takes_the_message(capsys: pytest.CaptureFixture[str]):
    main(["decode", *f"RuntimeError: {MESSAGE}".split()])

    assert capsys.readouterr().out.splitlines()[-1] == ADDRESS


def test_the_command_line_reads_what_is_piped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"Traceback\n\nRuntimeError: {MESSAGE}\n"))
    main(["decode"])

    assert MESSAGE in capsys.readouterr().out


@pytest.mark.parametrize(("words", "code"), [(["hidden", "size"], 1), ([], 2), (["--help"], 0)])
def test_the_command_line_says_how_it_ended(
    words: list[str], code: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(read=lambda: ""))
    with pytest.raises(SystemExit) as left:
        main(["decode", *words])

    assert left.value.code == code


def test_a_traceback_can_be_piped():
    failing = "import torch; torch.nn.RNN(7, 13)(torch.zeros(5, 3, 7), torch.zeros(1, 2, 13))"
    failed = subprocess.run(
        [sys.executable, "-c", failing], capture_output=True, text=True, check=False
    )
    told = subprocess.run(
        [sys.executable, "-m", "rnn_ref", "decode"],
        input=failed.stderr,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )

    assert told.stdout.splitlines()[-1] == ADDRESS
