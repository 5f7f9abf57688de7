"""Paper is light whatever the screen was, has nothing to be clicked only, and is not torn."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests import rulers
from tests.contrast import contrast

PAGES = ("", "layers/", "all-shapes/", "labs/digit-rows/", "api/cells/", "errors/state/")
SHEET = re.compile(rb"/Type\s*/Page\b")
# Each pair of a colour that text is printed in and the colours below it, the topmost first.
PRINTED = """() => {
  const pairs = new Map()
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    let element = texts.currentNode.parentElement
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue
    const { color } = getComputedStyle(element), grounds = []
    for (; element; element = element.parentElement)
      grounds.push(getComputedStyle(element).backgroundColor)
    pairs.set(color + grounds, [color, grounds, texts.currentNode.data.trim()])
  }
  return [...pairs.values()]
}"""
WHITE = (255, 255, 255)


def parts(colour: str) -> tuple[tuple[float, ...], float]:
    """Red, green and blue, and how much of it covers what is below."""
    red, green, blue, *alpha = map(float, re.findall(r"[\d.]+", colour))
    return (red, green, blue), alpha[0] if alpha else 1.0


def over(colour: str, ground: tuple[int, ...]) -> tuple[int, ...]:
    above, covers = parts(colour)
    return tuple(round(covers * a + (1 - covers) * b) for a, b in zip(above, ground, strict=True))


def faint(page: Page) -> list[tuple[str, str]]:
    """What is printed with less contrast than 4.5."""
    found = []
    for colour, grounds, text in page.evaluate(PRINTED):
        ground: tuple[int, ...] = WHITE
        for each in reversed(grounds):
            ground = over(each, ground)
        if contrast(over(colour, ground), ground) < 4.5:
            found.append((text, colour))
    return found


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A reader's page in the dark, on its way to paper."""
    context = open_context("dark")
    page = context.new_page()
    page.emulate_media(media="print", color_scheme="dark")
    yield page
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_print_is_dark_on_light(page: Page, path: str):
    page.goto(path)
    assert page.get_attribute("body", "data-md-color-scheme") == "slate"

    assert faint(page) == []
    scheme = page.evaluate("getComputedStyle(document.querySelector('article')).colorScheme")
    assert scheme == "light"  # which figures follow


def test_what_is_faint_is_noticed(page: Page):
    page.goto("layers/")
    rulers.restyle(page, "article > p { color: #e2e6ec !important }")
    assert faint(page)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_that_is_only_to_be_clicked_is_printed(page: Page, path: str):
    page.goto(path)
    clicked = page.locator("button, nav, .headerlink, .md-content__button, .md-header, .md-footer")
    assert [one.inner_text() for one in clicked.all() if one.is_visible()] == []


@pytest.mark.parametrize("landscape", [False, True])
def test_all_shapes_are_one_sheet(page: Page, landscape: bool):
    page.goto("all-shapes/")
    printed = page.pdf(format="A4", landscape=landscape)
    assert len(SHEET.findall(printed)) == 1

    rulers.restyle(page, "td { padding: 1em !important }")
    assert len(SHEET.findall(page.pdf(format="A4", landscape=landscape))) > 1


def test_every_network_is_on_the_sheet(page: Page):
    page.goto("all-shapes/")
    tables = page.locator("article table")
    assert tables.count() == 9
    assert all(table.is_visible() for table in tables.all())


def test_answers_are_printed_when_they_are_asked_for(page: Page):
    page.goto("layers/")
    answer = page.locator("details.question > :not(summary)").first
    assert not answer.is_visible()

    page.evaluate("window.print = () => { shown = document.documentElement.dataset.answers }")
    page.emulate_media(media="screen")
    page.mouse.move(300, 300)  # scripts come with the first sign of a reader
    page.get_by_role("button", name="Print with answers").click()
    page.emulate_media(media="print")
    assert answer.is_visible()

    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not answer.is_visible()


def test_code_and_rows_stay_whole_on_paper(page: Page):
    page.goto("layers/")
    for selector in ("pre", "tr", "figure, article p > img"):
        parts = page.locator(f"article :is({selector})").all()
        assert parts
        assert {each.evaluate("e => getComputedStyle(e).breakInside") for each in parts} == {
            "avoid"
        }
