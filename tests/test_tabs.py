"""The network that is chosen on *All shapes* is told apart, with the theme's script and without."""

import pytest
from playwright.sync_api import Page

from tests.test_loader import READY

# Of each tab whether a line can be seen below it.
LINES = """() => {
  const paper = getComputedStyle(document.documentElement.appendChild(
    Object.assign(document.createElement("i"), { style: "background: Canvas" }))).backgroundColor
  return [...document.querySelector(".tabbed-labels").children].map(label => {
    const line = getComputedStyle(label).borderBottomColor
    return line !== paper && line !== "rgba(0, 0, 0, 0)"
  })
}"""


@pytest.mark.parametrize("colours", ["none", "active"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chosen_network_is_underlined(page: Page, scheme: str, colours: str):
    page.emulate_media(color_scheme=scheme, forced_colors=colours)
    page.goto("all-shapes/")
    found = [page.evaluate(LINES)]
    for label in page.locator(".tabbed-labels").first.locator("label").all()[1:]:
        label.click()
        found.append(page.evaluate(LINES))

    assert found == [[True, False, False], [False, True, False], [False, False, True]]


def test_focus_is_seen_on_it(page: Page):
    page.goto("all-shapes/")
    page.locator(".tabbed-set > input").first.focus()
    page.keyboard.press("ArrowRight")
    ring = "labels => [...labels.children].map(label => getComputedStyle(label).outlineStyle)"

    assert page.locator(".tabbed-labels").first.evaluate(ring) == ["none", "solid", "none"]


def test_what_a_key_chooses_is_chosen_when_a_reader_comes_back(page: Page):
    """The theme writes what is clicked into the address, and chooses it anew when it comes."""
    page.goto("all-shapes/#__tabbed_1_2")
    page.locator(".tabbed-set > input").nth(1).focus()
    page.keyboard.press("ArrowRight")
    page.goto("layers/")
    page.go_back()
    page.mouse.move(300, 300)
    page.wait_for_selector(READY, state="attached")

    assert page.evaluate(LINES) == [False, False, True]
