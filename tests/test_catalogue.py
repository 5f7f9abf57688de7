"""The pages that are made of the catalogue, and the derivation of what it has to hold."""

import tomllib
from pathlib import Path

import pytest

from rnn_ref.messages import Crash, Message, Silent, entries
from tests.catalogue import markdown
from tests.documents import ROOT

DERIVATION = tomllib.loads((Path(__file__).parent / "derivation.toml").read_text("utf-8"))
KINDS = {"raises": Message, "wrong": Silent, "crashes": Crash}
SAID = {"right", "none"}
DEEDS = DERIVATION.pop("deeds")
SUBJECTS = DERIVATION.pop("subjects")
CELLS = [(subject, deed) for subject in SUBJECTS for deed in DEEDS]


@pytest.mark.parametrize("file", markdown.files())
def test_each_page_is_what_the_catalogue_writes(file: str):
    said = "made of rnn_ref/messages/catalogue: change it there, then python -m tests.catalogue"
    assert (ROOT / "docs" / file).read_text("utf-8") == markdown.files()[file], said


def test_the_derivation_has_each_subject_with_each_deed():
    assert {subject: DERIVATION[subject].keys() for subject in SUBJECTS} == dict.fromkeys(
        SUBJECTS, DEEDS.keys()
    )
    assert DERIVATION.keys() == SUBJECTS.keys()


@pytest.mark.parametrize(("subject", "deed"), CELLS)
def test_what_comes_of_it_is_an_entry_or_has_a_reason(subject: str, deed: str):
    cell = DERIVATION[subject][deed]

    assert cell
    assert cell.keys() <= {*KINDS, *SAID}
    for kind in KINDS.keys() & cell.keys():
        for id in cell[kind]:
            assert isinstance(entries().get(id), KINDS[kind]), id
    for said in SAID & cell.keys():
        assert len(cell[said].split()) > 2, "a sentence says why"


def test_each_entry_is_in_the_derivation():
    cells = [cell for deeds in DERIVATION.values() for cell in deeds.values()]
    derived = {id for cell in cells for kind in KINDS for id in cell.get(kind, [])}

    assert entries().keys() - derived == set()
