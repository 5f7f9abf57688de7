"""The pages that are made of the catalogue, and the derivation of what it has to hold."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rnn_ref.messages import Crash, Message, Silent, decode, entries
from rnn_ref.messages.catalogue import page_of, pages
from tests.catalogue import markdown
from tests.documents import ROOT
from tests.links import files, rendered
from tests.markup import parsed

DERIVATION = tomllib.loads((Path(__file__).parent / "derivation.toml").read_text("utf-8"))
KINDS = {"raises": Message, "wrong": Silent, "crashes": Crash}
# A message and the lines that belong to it.
RAISED = re.compile(
    r"^#> ([\w.]+(?:Error|Exception|Warning|Unsupported)\b.*(?:\n#> .*)*)$", re.MULTILINE
)
RAISES = {"It raises"}  # titles of boxes
RUNS = {"It runs, but wrong", "It runs, but slowly", "It warns, and does nothing"}
SAID = {"right", "none"}
DEEDS = DERIVATION.pop("deeds")
SUBJECTS = DERIVATION.pop("subjects")


def test_each_page_is_what_the_catalogue_writes():
    said = "made of rnn_ref/messages/catalogue: change it there, then python -m tests.catalogue"
    written = markdown.files()
    there = {file: (ROOT / "docs" / file).read_text("utf-8") for file in written}
    assert [file for file in written if there[file] != written[file]] == [], said


@pytest.mark.parametrize("overview", ["error-messages", "runs-but-wrong"])
def test_an_overview_lists_its_pages_as_the_navigation_does(overview: str):
    listed = next(page.lists for page in pages() if page.name == overview)
    folder = listed[0].partition("/")[0]
    nav = re.findall(rf"\b{folder}/([\w-]+)\.md$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.M)

    assert [f"{folder}/{name}" for name in nav] == list(listed)
    assert {page.name for page in pages() if page.name.startswith(f"{folder}/")} == {*listed}


def boxes() -> Iterator[tuple[str, str, str]]:
    """Each box of a mistake in a chapter: its place, its title and its code."""
    made = {f"{page.name}.md" for page in pages()}
    for file in [file for file in files() if file not in made]:
        html, _ = rendered(file)
        for box in html.select(".admonition.failure, .admonition.warning, .admonition.danger"):
            heading = box.find_previous(["h2", "h3", "h4"])
            title = box.select_one(".admonition-title")
            assert heading, file
            assert title, file
            code = "\n".join(code.get_text() for code in box.select("pre"))
            yield f"{file}#{heading['id']}", title.get_text(), code


# What rnn_ref says itself, in words of its own: no message of torch.
OURS = {"weights-from-elsewhere.md#a-gru-with-reset_afterfalse"}
RAISING = [(place, code) for place, title, code in boxes() if title in RAISES and place not in OURS]
WRONG = [place for place, title, _ in boxes() if title in RUNS]


@pytest.mark.parametrize(("place", "code"), RAISING, ids=[place for place, _ in RAISING])
def test_what_a_chapter_shows_raised_leads_to_its_entry_and_back(place: str, code: str):
    last = RAISED.findall(code)[-1].replace("\n#>", "\n")
    reading = decode(last)

    assert reading, last
    assert place in reading.entry.read, f"{reading.entry.id} leads elsewhere"


@pytest.mark.parametrize("place", WRONG)
def test_what_a_chapter_shows_wrong_leads_to_an_entry_and_back(place: str):
    assert any(place in entry.read for entry in entries().values())


def test_links_between_chapters_and_entries_are_on_the_pages(built_site: Path):
    for entry in entries().values():
        page = (built_site / page_of(entry.id).name / "index.html").read_text("utf-8")
        assert parsed(page).find(id=entry.id)
        for place in entry.read:
            file, _, anchor = place.partition("#")
            html = parsed((built_site / file.removesuffix(".md") / "index.html").read_text("utf-8"))
            heading = html.find(id=anchor) if anchor else None
            there = heading.find_next_sibling("p", class_="entry") if heading else None
            assert not anchor or entry.id in (there or html).get_text(), place


def test_the_derivation_has_each_subject_with_each_deed():
    lacking = {
        subject: missing
        for subject in SUBJECTS
        if (missing := DEEDS.keys() ^ DERIVATION.get(subject, {}).keys())
    }

    assert lacking == {}
    assert DERIVATION.keys() == SUBJECTS.keys()


def problem(cell: dict[str, Any]) -> str | None:
    """What is wrong with what a cell says."""
    if not cell or cell.keys() - KINDS.keys() - SAID:
        return "expected raises, wrong, crashes, right or none"
    for kind in KINDS.keys() & cell.keys():
        for id in cell[kind]:
            if not isinstance(entries().get(id), KINDS[kind]):
                return f"{id} is no entry of this kind"
    short = [said for said in SAID & cell.keys() if len(cell[said].split()) < 3]
    return f"{short[0]}: a sentence says why" if short else None


def test_what_comes_of_it_is_an_entry_or_has_a_reason():
    found = {f"{s}, {deed}": problem(DERIVATION[s][deed]) for s in SUBJECTS for deed in DEEDS}

    assert {cell: said for cell, said in found.items() if said} == {}


@pytest.mark.parametrize(
    "cell", [{}, {"raises": ["NO-SUCH"]}, {"none": "no"}, {"said": "it is fine so"}]
)
def test_that_check_can_fail(cell: dict[str, Any]):
    assert problem(cell)


def test_each_entry_is_in_the_derivation():
    cells = [cell for deeds in DERIVATION.values() for cell in deeds.values()]
    derived = {id for cell in cells for kind in KINDS for id in cell.get(kind, [])}

    assert entries().keys() - derived == set()
