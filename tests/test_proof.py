"""A tied value bears a tick; its expression is a click, a tap or a switch away, and a key."""

from collections.abc import Callable
from pathlib import Path

import markdown
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import BrowserContext, Page, expect

from docs._extensions import proof
from tests import rulers
from tests.markup import parsed

SOURCE = """
# A *three*{title="len(t)"}

In `(3, 5)`{title="x.shape"}, **two**{title="len(s)"} and *four words of it*{title="len(u)"}.

## Of `5`{title="x.shape[1]"}

| `a=1`{title="f.a"} | b |
| --- | --- |
| *five*{title="x.shape[1]"} | `(5,)` |
"""
TICK = "tie => getComputedStyle(tie, '::after').maskImage"
# Whether the tick of each tie stands on the line on which its text ends.
LOST_TICKS = """() => [...document.querySelectorAll("article .t")].filter(tie => {
  const boxes = [...tie.getClientRects()], text = document.createRange()
  text.selectNodeContents(tie)
  const ends = [...text.getClientRects()].filter(box => box.width)
  return boxes.length && Math.abs(boxes.at(-1).bottom - ends.at(-1).bottom) > ends.at(-1).height / 2
}).map(tie => tie.outerHTML)"""


def page_of(text: str) -> BeautifulSoup:
    extensions = ["attr_list", "tables", proof.ProofPages()]
    return BeautifulSoup(markdown.markdown(text, extensions=extensions), "html.parser")


def test_ties_are_marked_but_for_headings_and_heads_of_tables():
    page = page_of(SOURCE)

    ticked = ["(3, 5)", "two", "four words of it", "five"]
    assert [tie.get_text() for tie in page.select(".t[title]")] == ticked
    for name in page.select("h1, h2, th"):
        assert not name.select("[title], .t, em")
    assert [name.get_text() for name in page.select("h1, h2, th")] == [
        "A three",
        "Of 5",
        "a=1",
        "b",
    ]


def test_a_page_with_ties_has_one_switch_and_another_page_none():
    assert len(page_of(SOURCE).select("button:first-child[disabled][aria-pressed=false]")) == 1
    assert not page_of("# A\n\n`(3, 5)`, *three*").select("button, .t")
    assert not page_of('# A *three*{title="len(t)"}').select("button, .t")
    assert not page_of('A docstring: *three*{title="len(t)"}').select("button")


def test_no_heading_and_no_head_of_a_table_of_the_site_bears_a_sign(built_site: Path):
    ties = 0
    for file in built_site.rglob("index.html"):
        page = parsed(file.read_text("utf-8"))
        signs = "[title]:not(.headerlink), .t, abbr"
        for name in page.select("article :is(h1, h2, h3, h4, h5, h6, th)"):
            if "doc-heading" not in name.get("class", []):
                assert not name.select(signs), (file, name)
        found = page.select("article :is(code, em, strong)[title]")
        assert all("t" in tie.get("class", []) for tie in found), file
        assert bool(page.select("button.proof")) is bool(found), file
        ties += len(found)
    assert ties > 500


def test_a_tie_bears_a_tick_and_a_word_of_the_glossary_dots(page: Page):
    page.goto("four-dimensions/")
    tie, word = page.locator("article p > .t").first, page.locator("article p > abbr").first

    assert "svg" in tie.evaluate(TICK)
    assert "dotted" not in tie.evaluate("tie => getComputedStyle(tie).textDecoration")
    assert "dotted" in word.evaluate("word => getComputedStyle(word).borderBottom")
    assert word.evaluate(TICK) == "none"


def test_a_click_opens_one_expression_and_escape_closes_it(page: Page):
    page.goto("four-dimensions/")
    tie, shown = page.locator("article p > code.t").first, page.locator(".expression")
    expected = str(tie.get_attribute("title"))

    tie.click()
    expect(shown).to_have_text(expected)
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    tie.click()
    tie.click()
    expect(shown).to_have_count(0)


def test_a_click_on_a_link_or_that_ends_a_selection_opens_nothing(page: Page):
    page.goto("four-dimensions/")
    tie = page.locator("article p > code.t").first
    tie.evaluate("tie => getSelection().selectAllChildren(tie)")
    tie.dispatch_event("click")
    expect(page.locator(".expression")).to_have_count(0)

    page.evaluate("getSelection().removeAllRanges()")
    tie.evaluate(
        "tie => { const a = document.createElement('a'); tie.replaceWith(a); a.append(tie) }"
    )
    page.locator("article p > a > code.t").dispatch_event("click")
    expect(page.locator(".expression")).to_have_count(0)


def test_the_switch_shows_every_expression_and_is_remembered(page: Page):
    page.goto("four-dimensions/")
    ties, shown = page.locator("article .t"), page.locator(".expression")
    titles = ties.evaluate_all("ties => ties.map(tie => tie.title)")
    switch = page.get_by_role("button", name="Show the proof")

    switch.focus()
    page.keyboard.press("Enter")
    expect(switch).to_have_attribute("aria-pressed", "true")
    assert [text.strip() for text in shown.all_text_contents()] == titles
    page.keyboard.press("Escape")  # of the switch no key takes anything away
    expect(shown).to_have_count(len(titles))

    page.goto("layers/")
    expect(page.locator("button.proof")).to_have_attribute("aria-pressed", "true")
    expect(shown).to_have_count(page.locator("article .t").count())
    page.locator("button.proof").click()
    page.reload()
    expect(shown).to_have_count(0)


def test_what_is_open_for_one_value_is_not_printed_and_what_is_switched_on_is(page: Page):
    page.goto("four-dimensions/")
    page.locator("article p > code.t").first.click()
    page.emulate_media(media="print")
    expect(page.locator(".expression")).to_be_hidden()
    expect(page.locator("button.proof")).to_be_hidden()

    page.emulate_media(media="screen")
    page.locator("button.proof").click()
    page.emulate_media(media="print")
    expect(page.locator("article p > code.t + .expression").first).to_be_visible()


def test_a_storage_that_is_forbidden_breaks_nothing(page: Page):
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(
        "for (const name of ['getItem', 'setItem'])"
        " Storage.prototype[name] = () => { throw new DOMException('forbidden') }"
    )
    page.goto("four-dimensions/")
    page.locator("button.proof").click()
    expect(page.locator("button.proof")).to_have_attribute("aria-pressed", "true")
    assert [error for error in errors if "proof.js" in error] == []


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("on", [False, True])
def test_ticks_stay_with_their_values_and_nothing_is_wider_than_the_window(
    page: Page, width: int, on: bool
):
    page.set_viewport_size({"width": width, "height": 740})
    for name in ("four-dimensions/", "all-shapes/", "output-and-h-n/", "labs/digit-rows/"):
        page.goto(name)
        if on:
            page.locator("button.proof").click()
        page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
        assert page.evaluate(LOST_TICKS) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
        page.evaluate("localStorage.clear()")


def test_a_tick_that_is_lost_would_be_noticed(page: Page):
    page.goto("four-dimensions/")
    rulers.restyle(page, ".t::after { display: block; height: 2em !important }")
    assert page.evaluate(LOST_TICKS)


def test_a_tap_opens_the_expression_alone(
    open_context: Callable[..., BrowserContext], site_url: str
):
    browser = open_context("light").browser
    assert browser is not None
    phone = browser.new_context(
        has_touch=True, viewport={"width": 360, "height": 740}, base_url=site_url
    )
    page = phone.new_page()
    page.goto("four-dimensions/")
    page.locator("article p > code.t").first.tap()
    expect(page.locator(".expression")).to_have_count(1)
    expect(page.get_by_role("tooltip")).to_have_count(0)
    phone.close()


def test_without_scripts_the_title_is_the_tooltip_and_no_switch_is_shown(
    open_context: Callable[..., BrowserContext], site_url: str
):
    browser = open_context("light").browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, base_url=site_url)
    page = context.new_page()
    page.goto("four-dimensions/")
    expect(page.locator("article p > code.t").first).to_have_attribute("title", "batch.shape")
    expect(page.locator("button.proof")).to_be_hidden()
    context.close()
