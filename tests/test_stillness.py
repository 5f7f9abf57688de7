"""Nothing moves under a reader when the theme's script comes, with the first sign of one."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.conftest import WIDE
from tests.test_loader import READY
from tests.waiting import until

PHONE: ViewportSize = {"width": 320, "height": 740}
# Of each kind of page one: columns, tabs, tables, long tables, a lab, a form, folded boxes.
SAMPLE = ["", "all-shapes/", "four-dimensions/", "weights/", "labs/digit-rows/", "glossary/"]
SAMPLE += ["api/cells/", "error-messages/", "errors/state/", "what-other-texts-get-wrong/"]

LOOK = """async () => {
  const images = [...document.images]
  await Promise.all(images.map(image => { image.loading = "eager"; return image.decode() }))
  window.seen = [...document.querySelectorAll("article *:not(svg *)")]
  window.place = e => { const { x, y, width, height } = e.getBoundingClientRect()
    return [x, y + scrollY, width, height] }
  window.places = seen.map(place)
}"""
MOVED = """() => seen.flatMap((element, i) => {
  const now = place(element)
  const moved = element.isConnected && now.some((value, k) => Math.abs(value - places[i][k]) > 1)
  return moved ? [`${element.outerHTML.slice(0, 80)}: ${places[i]} -> ${now}`] : []
})"""


def moved(page: Page, path: str, begin: str = "") -> list[str]:
    """What moves when a reader begins, and a script besides, if one is given."""
    page.goto(path)
    page.evaluate(LOOK)
    page.mouse.move(150, 300)
    page.mouse.move(160, 300)
    page.wait_for_selector(READY, state="attached")
    until(page, "!document.querySelector('link[rel=late]')")
    page.evaluate(begin)
    found: list[str] = page.evaluate(MOVED)
    return found[:3]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_moves_when_a_reader_begins(
    page: Page, size: ViewportSize, built_site: Path, request: pytest.FixtureRequest
):
    every = [path.relative_to(built_site).as_posix() for path in built_site.rglob("*.html")]
    page.set_viewport_size(size)
    paths = sorted(every) if request.config.getoption("audit") else SAMPLE

    assert [fault for path in paths for fault in moved(page, path)] == []


def test_what_moves_is_noticed(page: Page):
    wider = "document.querySelector('article p').style.marginBottom = '2em'"
    assert moved(page, "glossary/", wider)
