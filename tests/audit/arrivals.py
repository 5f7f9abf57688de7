"""How far a page moves under a reader who arrives at a heading while figures are slow."""

import time

from playwright.sync_api import Browser, Route

from tests.conftest import ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 740}
SLOW = 1.2  # seconds that each figure takes
# Counts what moves without a reader's doing, as the browser does.
WATCH = """
  window.shift = 0
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value
  }).observe({ type: "layout-shift", buffered: true })
"""


def _late(route: Route) -> None:
    time.sleep(SLOW)
    route.continue_()


def shift(browser: Browser, url: str) -> float:
    """Return the layout shift of a page on a phone, called by an address: the sum of all."""
    page = browser.new_page(viewport=PHONE)
    page.add_init_script(WATCH)
    page.route("**/*.svg", _late)
    page.goto(url, wait_until="networkidle")
    found = page.evaluate("window.shift")
    page.close()
    return float(found)
