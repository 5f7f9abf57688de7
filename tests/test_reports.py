"""Problems that practitioners reported in public: the site has the fix of each, and runs it."""

import functools
import json
from dataclasses import dataclass, replace

import pytest

from tests.documents import ROOT, read
from tests.first_uses import sections
from tests.links import plain


@dataclass(frozen=True)
class Report:
    """A reported problem, and where it is solved."""

    source: str  # the address of the report
    problem: str
    words: str  # what its author would type into the search: tests/test_search.py does
    page: str
    heading: str  # its id: below it stands the fix
    fix: str  # the sentence, as the reader sees it
    wrong: str  # a piece of the code that shows the problem
    right: str  # and of the code that shows the fix


REPORTS = [
    Report(**report)
    for report in json.loads((ROOT / "tests/reports.json").read_text(encoding="utf-8"))
]


@functools.cache
def said(page: str) -> dict[str, str]:
    """The words below each heading of a page."""
    return {part.heading: plain(" ".join(part.text)) for part in sections(f"{page}.md")}


@functools.cache
def executed(page: str) -> tuple[str, ...]:
    """The code of the page that the check runs, fence by fence."""
    document = read((ROOT / f"docs/{page}.md").read_text(encoding="utf-8"))
    return tuple(fence.code for fence in document.fences if fence.optout is None)


def missing(report: Report) -> list[str]:
    """What the page does not have of that which the report says of it."""
    absent = [code for code in (report.wrong, report.right) if not is_run(code, report.page)]
    if plain(report.fix) not in said(report.page).get(report.heading, ""):
        absent.append(report.fix)
    return absent


def is_run(code: str, page: str) -> bool:
    return any(code in fence for fence in executed(page))


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.heading)
def test_a_reported_problem_is_solved_on_its_page(report: Report):
    assert missing(report) == []
    assert report.wrong != report.right
    assert report.problem
    assert report.words


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.heading)
def test_what_the_page_does_not_have_is_noticed(report: Report):
    other = next(one for one in REPORTS if one.heading != report.heading)
    reversed_fix = " ".join(reversed(report.fix.split()))

    assert missing(replace(report, fix=reversed_fix)) == [reversed_fix]
    assert missing(replace(report, fix=other.fix)) == [other.fix]
    assert missing(replace(report, heading="recap")) == [report.fix]
    for part in ("wrong", "right"):
        assert missing(replace(report, **{part: "gru.forget()"})) == ["gru.forget()"]


def test_each_report_is_told_once():
    sources = [report.source for report in REPORTS]

    assert len(set(sources)) == len(sources) >= 18
    assert all(source.startswith("https://") for source in sources)
