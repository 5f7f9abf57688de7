"""What a browser with an empty cache asks for, and what axe finds, when a page is opened."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page

from tests.conftest import WIDE
from tests.test_browser import UNFOLD, of_axe

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@dataclass(frozen=True)
class View:
    """A first view: the bytes that came, headers included, of figures apart, and who was asked."""

    sent: int
    figures: int
    requests: int
    elsewhere: list[str]


def first_view(browser: Browser, url: str, scheme: Scheme, site: str) -> View:
    """Open a page and wait until nothing more is asked for."""
    context = browser.new_context(viewport=WIDE, color_scheme=scheme)
    page = context.new_page()
    sizes, names = _listen(context, page)
    page.goto(url, wait_until="networkidle")
    context.close()
    figures = sum(size for key, size in sizes.items() if names.get(key, "").endswith(".svg"))
    asked = [name for name in names.values() if not name.startswith("data:")]
    others = [name for name in asked if not name.startswith(site)]
    return View(sum(sizes.values()), figures, len(asked), others)


def _listen(context: BrowserContext, page: Page) -> tuple[dict[str, int], dict[str, str]]:
    """Return what is asked for and what comes of it, both by the browser's own numbers."""
    sizes: dict[str, int] = {}
    names: dict[str, str] = {}
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on(
        "Network.requestWillBeSent", lambda e: names.update({e["requestId"]: e["request"]["url"]})
    )
    session.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]})
    )
    return sizes, names


def inaccessible(browser: Browser, url: str) -> Iterator[str]:
    """Yield what axe finds, in both schemes, with all that is folded open."""
    for scheme in SCHEMES:
        page = browser.new_page(viewport=WIDE, color_scheme=scheme)
        page.goto(url)
        page.evaluate(UNFOLD)
        for _, found in of_axe(page, set()):
            yield f"{scheme}: {found}"
        page.close()
