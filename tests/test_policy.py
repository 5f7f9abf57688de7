"""Each page says which scripts are its own, and a browser refuses all others."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from docs._finish.policy import policy
from tests.catalogue import MADE
from tests.conftest import NO_OFFLINE
from tests.markup import parsed

POLICY = "meta[http-equiv=content-security-policy]"
NOTE = """
  window.violations = []
  addEventListener("securitypolicyviolation", event => {
    violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`)
  })
"""
ADDED = {
    "a script": "<script>window.ran = true</script>",
    "a handler": '<img src=nowhere.svg onerror="window.ran = true">',
    "a style": '<p style="color: red">red</p>',
    "a frame": "<iframe src=.></iframe>",
}


def test_every_page_has_a_strict_policy(built_site: Path):
    for file in built_site.rglob("*.html"):
        soup = parsed(file.read_text(encoding="utf-8"))
        meta = soup.select_one(POLICY)
        assert meta is not None, file
        said = str(meta["content"])
        assert said.startswith("default-src 'none'")
        assert "unsafe" not in said
        assert not soup.select("[style], style, [onclick], [onload], [onerror]"), file
        first = soup.select_one("script, link, style, img")
        assert first is not None
        assert meta.sourceline is None or first in meta.find_all_next()


def test_the_digest_is_that_of_the_text_between_the_tags():
    """As openssl works it out."""
    wanted = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
    assert wanted in policy("<script>alert('Hello, world.');</script>")


@pytest.fixture
def page(browser: Browser, site_url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site_url)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.add_init_script(NO_OFFLINE)
    context.add_init_script(NOTE)
    yield context.new_page()
    context.close()


def violations(page: Page) -> list[str]:
    found: list[str] = page.evaluate("violations")
    return found


def test_pages_keep_their_policy(page: Page, built_site: Path):
    """Loaded whole, with what comes at the first sign; of pages that are alike each tenth."""
    paths = sorted(file.relative_to(built_site).as_posix() for file in built_site.rglob("*.html"))
    made = [path for path in paths if path.startswith(MADE)]
    broken: dict[str, list[str]] = {}
    for path in sorted({*paths} - {*made}) + made[::10]:
        page.goto(path)
        page.mouse.move(300, 300)
        page.mouse.move(310, 300)
        page.wait_for_selector("meta[name=theme-color]", state="attached")
        if found := violations(page):
            broken[path] = found

    assert broken == {}


def copies(page: Page) -> None:
    fence = page.locator("article div.language-python").first
    fence.hover()
    button = fence.locator(".copies > button:not([aria-expanded])")
    button.click()
    expect(button).to_have_attribute("data-said", "copied")


def searches(page: Page) -> None:
    page.locator("[data-md-component=search-query]").fill("dropout")
    expect(page.locator(".md-search-result__item").first).to_be_visible(timeout=60_000)


def toggles(page: Page) -> None:
    page.locator("[data-md-component=palette] label:visible").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")


def asks(page: Page) -> None:
    page.locator("article abbr").first.hover()
    expect(page.locator(".md-tooltip2--active")).to_be_visible()


@pytest.mark.parametrize("act", [copies, searches, toggles, asks])
def test_what_a_reader_does_keeps_it_too(page: Page, act: Callable[[Page], None]):
    page.goto("layers/")
    act(page)

    assert violations(page) == []


def test_the_decoder_keeps_it(page: Page):
    page.goto("error-messages/")
    page.locator("#decoder").fill("RuntimeError: Expected hidden size (1, 3, 13), got [1, 2, 13]")
    expect(page.locator(".decoder [role=status]")).to_contain_text("torch read 3 as the batch")

    assert violations(page) == []


@pytest.mark.parametrize("kind", ADDED)
def test_what_is_added_is_refused(page: Page, kind: str):
    def add(route: Any) -> None:
        body = route.fetch().text().replace("</article>", f"{ADDED[kind]}</article>")
        route.fulfill(body=body, content_type="text/html")

    page.route("**/layers/", add)
    page.goto("layers/")

    assert len(violations(page)) == 1
    assert page.evaluate("window.ran") is None
