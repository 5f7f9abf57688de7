"""The theme's script comes with the first thing that a reader does, which is not lost by that."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import WIDE
from tests.waiting import until

READY = "meta[name=theme-color]"  # the theme's script adds it
INDEXED = 60_000  # milliseconds, in which even a busy machine reads the index
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    context = open_context("light")
    context.set_default_timeout(INDEXED)
    yield context.new_page()
    context.close()


def finds(page: Page, word: str) -> None:
    expect(page.locator("[data-md-component=search-query]")).to_have_value(word)
    expect(page.locator(".md-search-result__item").first).to_be_visible(timeout=INDEXED)


def slash(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("dropout")
    finds(page, "dropout")


def click(page: Page) -> None:
    page.locator("[data-md-component=search-query]").click()
    page.keyboard.type("dropout")
    finds(page, "dropout")


def fill(page: Page) -> None:
    page.locator("[data-md-component=search-query]").fill("dropout")
    finds(page, "dropout")


def enter(page: Page) -> None:
    """Sent before the theme can hear it, a form would load the page anew."""
    box = page.locator("[data-md-component=search-query]")
    box.fill("dropout")
    box.press("Enter")
    assert "query=" not in page.url
    finds(page, "dropout")


def on_a_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.locator("label.md-header__button[for=__search]").click()
    page.wait_for_selector("[data-md-component=search-query]:focus")
    page.keyboard.type("dropout")
    finds(page, "dropout")


def menu(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.locator("label.md-header__button[for=__drawer]").click()
    expect(page.locator(".md-nav--primary")).to_be_in_viewport()


def menu_by_key(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="Navigation").press("Enter")
    expect(page.locator(".md-nav--primary")).to_be_in_viewport()
    expect(page.locator(".md-nav--primary :focus")).to_have_count(1)


def toggle(page: Page) -> None:
    label = page.locator("[data-md-component=palette] label:visible")
    for scheme in ("default", "slate", "default", "default", "slate"):
        label.click()
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", scheme)


def word(page: Page) -> None:
    page.locator("article abbr").first.hover()
    expect(page.locator(".md-tooltip2--active")).to_be_visible()


def proof(page: Page) -> None:
    page.locator("article code[title]").first.hover()
    expect(page.locator(".md-tooltip2--active")).to_be_visible()


def key(page: Page) -> None:
    page.keyboard.press("n")
    page.wait_for_url("**/directions/")


def wheel(page: Page) -> None:
    page.mouse.wheel(0, 3000)
    page.wait_for_selector(READY, state="attached")
    page.mouse.wheel(0, -500)
    page.locator(".md-top").click()
    until(page, "scrollY === 0")


def script_that_scrolls(page: Page) -> None:
    page.evaluate("scrollTo(0, 3000)")
    page.wait_for_selector(READY, state="attached")


FIRST = [
    *(slash, click, fill, enter, on_a_phone, menu, menu_by_key, toggle, word, proof, key, wheel),
    script_that_scrolls,
]


@pytest.mark.parametrize("act", FIRST)
def test_the_first_thing_that_is_done_has_its_effect(page: Page, act: Callable[[Page], None]):
    page.set_viewport_size(WIDE)
    page.goto("layers/")
    act(page)


@pytest.mark.parametrize(
    ("slow", "act"),
    [
        *(("bundle", slash), ("search", slash), ("late", slash)),
        *(("bundle", menu_by_key), ("drawer", menu_by_key)),
    ],
)
def test_it_has_when_a_file_is_late(page: Page, slow: str, act: Callable[[Page], None]):
    page.route(f"**/*{slow}*", lambda route: (page.wait_for_timeout(600), route.continue_())[0])
    page.goto("layers/")
    act(page)


def test_nothing_comes_before(page: Page):
    page.goto("layers/#the-picture")
    page.wait_for_load_state("networkidle")

    assert page.locator(READY).count() == 0


def test_it_comes_for_words_in_the_address(page: Page):
    page.goto("layers/?h=dropout")

    expect(page.locator("article mark").first).to_be_visible()


def test_a_dark_page_is_dark_from_the_beginning(page: Page):
    page.emulate_media(color_scheme="dark")
    page.route("**/*.js", lambda route: route.abort())
    page.goto("layers/")

    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


def test_what_was_chosen_is_there_before_any_script(page: Page):
    page.goto("layers/")
    for _ in range(2):
        page.locator("[data-md-component=palette] label:visible").click()
    page.route("**/*.js", lambda route: route.abort())
    page.goto("lstm/")

    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    # A key reaches what is chosen, and its button is the one that is shown.
    expect(page.locator("[data-md-component=palette] input:checked + label")).to_be_visible()


FORBIDDEN = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(self, name, {
    configurable: true, // as it is in browsers
    get() { throw new DOMException("denied", "SecurityError") },
  })"""


def test_a_browser_that_keeps_nothing_has_scheme_and_search(page: Page):
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(FORBIDDEN)
    page.set_viewport_size(WIDE)
    page.goto("layers/")
    toggle(page)
    slash(page)

    assert errors == []
