"""The way through the site: short names, numbered chapters, and a page for those who are lost."""

import itertools
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import BrowserContext, expect

from tests.conftest import ROOT
from tests.markup import parsed
from tests.navigation import CHAPTERS, GROUPS

LONGEST = 34  # letters that stand on one line of the navigation
NAMES = {file: name for pages in GROUPS.values() for file, name in pages.items()}


def built(site: Path, page: str) -> BeautifulSoup:
    return parsed((site / page / "index.html").read_text("utf-8"))


def test_names_are_short():
    assert len(NAMES) > 100
    assert [name for name in NAMES.values() if len(name) > LONGEST] == []


def test_every_page_is_named():
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert {file for file in pages if not file.startswith("_")} <= NAMES.keys()


def test_chapters_are_numbered_in_the_order_in_which_they_are_read(built_site: Path):
    numbered = [f"{number}. {NAMES[file]}" for number, file in enumerate(CHAPTERS, 1)]

    assert len(numbered) > 30
    for file, following in zip(CHAPTERS, numbered[1:], strict=False):
        way_on = built(built_site, Path(file).stem).select_one(".md-footer__link--next")
        assert way_on
        assert way_on["aria-label"] == f"Next: {following}"
    for (file, other), name in zip(itertools.pairwise(CHAPTERS), numbered, strict=False):
        page = built(built_site, Path(file).stem)
        shown = {link.get_text(strip=True) for link in page.select(".md-nav--primary a")}
        assert name in shown, (file, other)


@pytest.mark.parametrize("name", ["layers", "errors/state", "labs/digit-rows"])
def test_the_window_is_called_as_the_page_is(built_site: Path, name: str):
    page = built(built_site, name)
    title, heading = page.select_one("title"), page.select_one("article h1")
    assert title
    assert heading
    assert title.get_text() == f"{heading.get_text().strip('¶ ')} - RNN Shapes"


def test_whoever_is_lost_finds_four_ways_on_and_the_search(
    built_site: Path, site_url: str, open_context: Callable[..., BrowserContext]
):
    context = open_context("light")
    page = context.new_page()
    page.goto("404.html")
    ways = page.locator("article li a").evaluate_all("links => links.map(link => link.pathname)")

    assert len(ways) >= 4
    assert [way for way in ways if not (built_site / way.lstrip("/")).is_file()] == []
    page.get_by_label("Search the site").fill("packed sequence")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".md-search-result__meta")).to_have_text(re.compile(r"\d+ matching"))
    context.close()


def test_a_page_for_the_lost_works_at_any_depth(built_site: Path):
    """It is shown in place of a page of any folder, so what it leads to begins at the root."""
    page = parsed((built_site / "404.html").read_text("utf-8"))
    article = page.select_one("article")
    assert article
    targets = [str(tag.get("href") or tag.get("action")) for tag in article.select("[href], form")]
    assert len(targets) >= 5
    assert [target for target in targets if not target.startswith(("/", "https://"))] == []
