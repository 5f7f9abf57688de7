"""A reader who has been on one page goes on without a network; with one nothing is old."""

import json
import re
import shutil
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from docs._finish.offline import NAME, run
from tests.serving import address, serving

KEPT = """async files => {
  const names = await caches.keys()
  if (names.length !== 1) return false
  const kept = new Set((await (await caches.open(names[0])).keys()).map(({ url }) => url))
  return files.every(file => kept.has(`${location.origin}/${file}`))
}"""


@pytest.fixture(scope="module")
def site(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, of which a test may change a page."""
    return shutil.copytree(built_site, tmp_path_factory.mktemp("copy") / "site")


@pytest.fixture
def server(site: Path) -> Iterator[ThreadingHTTPServer]:
    with serving(site) as server:
        yield server


@pytest.fixture
def context(browser: Browser, server: ThreadingHTTPServer) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=address(server))
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(60_000)  # a busy machine reads the index for long
    yield context
    context.close()


# As a reader who scrolls to each figure.
SEE_ALL = """() => Promise.all([...document.images].map(image => {
  image.loading = "eager"
  return image.decode()
}))"""
PATIENCE = 240  # half seconds, on a busy machine


def kept_in_all(site: Path) -> list[str]:
    """The files that the worker says it keeps."""
    listed = re.search(r"^const FILES = (.*)$", (site / NAME).read_text("utf-8"), re.MULTILINE)
    assert listed
    return list(json.loads(listed[1]))


def visited(context: BrowserContext, path: str, site: Path) -> Page:
    """A page on which a reader has moved, once the rest of the site has come."""
    page = context.new_page()
    page.goto(path)
    page.mouse.move(300, 300)
    for _ in range(PATIENCE):  # waiting for a function takes a promise for true
        if page.evaluate(KEPT, kept_in_all(site)):
            break
        page.wait_for_timeout(500)
    return page


def cut_off(context: BrowserContext, server: ThreadingHTTPServer) -> None:
    """Leave a reader without a network."""
    server.shutdown()
    server.server_close()
    context.set_offline(True)


def test_everything_works_without_a_network(
    context: BrowserContext, server: ThreadingHTTPServer, site: Path
):
    page = visited(context, "layers/", site)
    cut_off(context, server)

    page.locator("[data-md-component=palette] label:visible").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
    button = page.locator(".copies > button:not([aria-expanded])").first
    button.click()
    expect(button).to_have_attribute("data-said", "copied")
    page.locator("[data-md-component=search-query]").press_sequentially("gates")
    page.locator(".md-search-result__link").first.click()
    page.wait_for_url(lambda url: "/layers/" not in url)
    page.goto("batch-first/")
    page.evaluate(SEE_ALL)  # fails where an image cannot be had
    page.goto("error-messages/#RNN-HIDDEN-SIZE&expected=1,3,13&got=1,2,13")
    expect(page.locator(".decoder [role=status]")).to_contain_text("torch read 3 as the batch")


def test_every_address_has_an_answer_without_a_network(
    context: BrowserContext, server: ThreadingHTTPServer, site: Path
):
    page = visited(context, "layers/", site)
    cut_off(context, server)

    for asked in "gru/", "gru/index.html", "gru/index.html?h=gate#x", "gru", "index.html", "":
        response = page.goto(asked)
        assert response
        assert response.ok, asked
        assert page.url.endswith("/gru/") or asked != "gru"  # where its links lead to something
    for asked in "gru.md", "gru.ipynb", "no-such-page/", "api/no/such/index.html":
        response = page.goto(asked)
        assert response
        assert response.status == 404, asked
        expect(page.locator("h1")).to_have_text("This page is not here")


def test_the_page_for_unknown_addresses_is_kept(site: Path):
    assert "404.html" in kept_in_all(site)


def test_a_page_that_has_changed_is_new(context: BrowserContext, site: Path):
    page = visited(context, "layers/", site)
    file = site / "gru/index.html"
    file.write_text(file.read_text("utf-8").replace("<h1", "<h1 data-new", 1), "utf-8")
    page.goto("gru/")

    expect(page.locator("h1[data-new]")).to_have_count(1)


def test_a_new_site_has_a_new_worker(tmp_path: Path):
    def worker(said: str) -> str:
        (tmp_path / "index.html").write_text(said, "utf-8")
        (tmp_path / NAME).unlink(missing_ok=True)
        run(tmp_path, None)  # type: ignore[arg-type]
        return (tmp_path / NAME).read_text("utf-8")

    assert worker("one") == worker("one")
    assert worker("one") != worker("other")
