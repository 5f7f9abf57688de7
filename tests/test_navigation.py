"""The way through the site: short names, numbered chapters, and a page for those who are lost."""

import itertools
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from tests.conftest import ROOT, WIDE
from tests.markup import parsed
from tests.navigation import CHAPTERS, GROUPS

READY = "meta[name=theme-color]"  # the theme's script adds it
PHONE: ViewportSize = {"width": 320, "height": 700}
TABLET: ViewportSize = {"width": 1000, "height": 800}
# The focus of a choice is shown by the label behind it.
SHOWN = """e => {
  const { width, height } = (e.type === "radio" ? e.nextElementSibling : e).getBoundingClientRect()
  return width * height > 0
}"""
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


def opened(page: Page, path: str, size: ViewportSize) -> Page:
    """Open a page and wait for what comes with the first sign of a reader."""
    page.set_viewport_size(size)
    page.goto(path)
    page.keyboard.press("Shift")
    page.wait_for_selector(READY, state="attached")
    return page


def drawer(page: Page) -> Locator:
    return page.locator(".md-sidebar--primary")


def button(page: Page) -> Locator:
    return page.get_by_role("button", name="Navigation")


def tabbed(page: Page, last: str) -> list[str]:
    """Press Tab until something in `last` is reached; return the stops before, all in sight."""
    stops = []
    for _ in range(100):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if page.locator(last).locator(":focus").count():
            return stops
        expect(focused).to_be_in_viewport()
        assert focused.evaluate(SHOWN), focused.evaluate("e => e.outerHTML")
        stops.append(focused.evaluate("e => e.getAttribute('aria-label') ?? e.innerText"))
    pytest.fail(f"never reached {last}")


@pytest.mark.parametrize("size", [PHONE, TABLET, WIDE], ids=["phone", "tablet", "wide"])
@pytest.mark.parametrize("path", ["", "layers/", "api/shapes/"])
def test_tab_stops_at_nothing_out_of_sight(page: Page, path: str, size: ViewportSize):
    stops = tabbed(opened(page, path, size), "article")

    assert "Search" in stops
    assert ("Navigation" in stops) == (size != WIDE)


@pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])
@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_drawer_opens_and_closes_by_keys(page: Page, key: str, size: ViewportSize):
    opened(page, "layers/", size)
    expect(drawer(page)).to_be_hidden()
    expect(button(page)).to_have_attribute("aria-expanded", "false")

    button(page).press(key)
    expect(drawer(page)).to_be_in_viewport()
    expect(button(page)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(drawer(page).get_by_role("link", name="1. Input, hidden")).to_be_focused()

    page.keyboard.press("Escape")
    expect(drawer(page)).to_be_hidden()
    expect(button(page)).to_be_focused()
    expect(button(page)).to_have_attribute("aria-expanded", "false")


def test_keys_lead_to_the_contents_of_a_page_and_back(page: Page):
    opened(page, "layers/", PHONE)
    button(page).press("Enter")
    contents = drawer(page).get_by_role("link", name="The picture")
    expect(contents).to_be_hidden()

    drawer(page).locator("label.md-nav__link[for=__toc]").press("Enter")
    expect(contents).to_be_in_viewport()
    drawer(page).locator("label.md-nav__title[for=__toc]").press("Enter")
    expect(contents).to_be_hidden()


def test_the_drawer_needs_no_script(browser: Browser, site_url: str):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, base_url=site_url)
    page = context.new_page()
    page.goto("layers/")
    page.locator("label.md-header__button[for=__drawer]").click()

    expect(drawer(page).get_by_role("link", name="7. Directions")).to_be_in_viewport()
    context.close()
