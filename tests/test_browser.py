"""What a reader's browser makes of every page, in both colour schemes."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from tests.conftest import WIDE

NARROW: ViewportSize = {"width": 360, "height": 740}

# Folded answers and tabs in the background are read too, and nothing is caught half faded.
UNFOLD = """() => {
  const still = document.createElement("style")
  still.textContent = "*, ::before, ::after { transition: none !important }"
  document.head.append(still)
  document.querySelectorAll("details").forEach(box => { box.open = true })
  document.querySelectorAll(".tabbed-block").forEach(tab => { tab.style.display = "block" })
}"""
BROKEN_IMAGES = "[...document.images].filter(i => !i.naturalWidth).map(i => i.outerHTML)"
SIDEWAYS = """() => {
  const page = document.documentElement
  return page.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("article *")]
    .filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 120))
    .concat(`the page is ${page.scrollWidth} px wide`)
}"""
# A table that is wider than the page scrolls in its own box; a phone should not need that.
CUT_OFF = """[...document.querySelectorAll(".md-typeset__scrollwrap")]
  .filter(box => box.scrollWidth > box.clientWidth).map(box => box.innerText.slice(0, 120))"""
# One colour all over, on whole pixels, so that a screenshot shows nothing but the picture's choice.
TWO_TONED = """() => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">
    <style>rect {fill: white} @media (prefers-color-scheme: dark) {rect {fill: black}}</style>
    <rect width="40" height="40"/></svg>`
  const image = document.createElement("img")
  image.id = "two-toned"
  image.style.cssText = "position: fixed; top: 0; left: 0; z-index: 9; margin: 0"
  image.src = "data:image/svg+xml," + encodeURIComponent(svg)
  document.querySelector("article").prepend(image)
}"""


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    context = open_context("light")
    yield context.new_page()
    context.close()


# axe takes seconds a page, most of them for the contrast of code, word by word. These pages have
# all kinds of elements: on them it looks at code, and at the dark scheme, which differs in colours.
SAMPLE = ("index.html", "output-and-h-n/", "hidden-state-to-loss/", "all-shapes/", "api/cells/")


def axe_violations(page: Page, path: str, size: ViewportSize) -> list[str]:
    sampled = path.startswith(SAMPLE)
    if size is NARROW and not sampled:
        return []
    context = None if sampled else {"include": [["html"]], "exclude": [["pre"]]}
    results = Axe().run(page, context=context, options={"resultTypes": ["violations"]})
    violations = results.response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in violations for node in rule["nodes"]]


def visit(page: Page, path: str, site_url: str, size: ViewportSize) -> dict[str, list[str]]:
    """Open one page, look at it at this size, narrow it, and list what is wrong by kind."""
    requested: list[str] = []
    logged: list[str] = []
    listeners: dict[Any, Callable[..., None]] = {
        "request": lambda request: requested.append(request.url),
        "console": lambda message: logged.append(f"{message.type}: {message.text}"),
        "pageerror": lambda error: logged.append(f"error: {error}"),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    page.set_viewport_size(size)
    page.goto(path)
    page.evaluate(UNFOLD)
    inaccessible = axe_violations(page, path, size)
    page.set_viewport_size(NARROW)
    problems = {
        "scrolls sideways": page.evaluate(SIDEWAYS),
        "table cut off": page.evaluate(CUT_OFF),
        "inaccessible": inaccessible,
        "image missing": page.evaluate(BROKEN_IMAGES),
        "request elsewhere": [u for u in requested if not u.startswith((site_url, "data:"))],
        "console": [line for line in logged if line.startswith(("error", "warning"))],
    }
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    return problems


@pytest.fixture(scope="module")
def visits(
    open_context: Callable[..., BrowserContext], built_site: Path, site_url: str
) -> dict[str, dict[str, list[str]]]:
    pages = sorted(str(page.relative_to(built_site)) for page in built_site.rglob("*.html"))
    found = {}
    # Each scheme has one width: colours and layouts are all seen.
    for scheme, size in (("light", WIDE), ("dark", NARROW)):
        context = open_context(scheme)
        page = context.new_page()  # one for all: a window costs more than a page
        for path in pages:
            found[f"{path} {scheme}"] = visit(page, path, site_url, size)
        context.close()
    return found


@pytest.mark.parametrize(
    "problem",
    [
        "scrolls sideways",
        "table cut off",
        "inaccessible",
        "image missing",
        "request elsewhere",
        "console",
    ],
)
def test_no_page(problem: str, visits: dict[str, dict[str, list[str]]]):
    assert len(visits) >= 4
    assert [f"{page}: {what}" for page, found in visits.items() for what in found[problem]] == []


def test_copy_button_copies_exactly_the_code(page: Page, built_site: Path):
    path = next(p for p in sorted(built_site.rglob("index.html")) if "#&gt; " in p.read_text())
    page.goto(str(path.relative_to(built_site)))
    fence = page.locator("article div.language-python:not(.doc-signature):visible").first
    fence.hover()
    fence.locator("[data-md-type=copy]").click()
    expect(page.locator(".md-dialog--active")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == (fence.locator("code").text_content() or "").rstrip()


def test_search_finds_a_page_by_a_word_of_it(page: Page, built_site: Path):
    path = next(p for p in sorted(built_site.rglob("index.html")) if p.parent != built_site)
    page.goto(str(path.relative_to(built_site)))
    text = " ".join(page.locator("article > p").all_text_contents())
    word = max(re.findall(r"(?<![\w-])[a-z]{5,}(?![\w-])", text), key=len)
    page.goto("")
    page.locator("[data-md-component=search-query]").press_sequentially(word)
    found = page.locator(f'.md-search-result__link[href*="/{path.parent.name}/"]').first
    found.click()
    expect(page).to_have_url(re.compile(f"/{path.parent.name}/"))


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("rnn_ref.LSTM", "rnn_ref.LSTM"),
        ("put_batch_first", "rnn_ref.shapes.put_batch_first"),
        ("roles", "rnn_ref.diagnose.axis_roles"),
    ],
)
def test_search_finds_a_name_of_the_api(page: Page, query: str, name: str):
    page.goto("")
    page.locator("[data-md-component=search-query]").press_sequentially(query)
    link = page.locator(f'.md-search-result__link[href$="#{name}"]').first
    link.wait_for(state="attached")
    page.evaluate(
        "document.querySelectorAll('.md-search-result__more').forEach(d => d.open = true)"
    )
    link.click()
    expect(page.locator(f'[id="{name}"]')).to_be_in_viewport()


def test_scheme_follows_the_system(page: Page):
    page.goto("")
    body = page.locator("body")
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    page.emulate_media(color_scheme="dark")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")


def test_figures_follow_the_toggle_and_it_is_remembered(page: Page):
    def pictured() -> bytes:
        page.evaluate(TWO_TONED)
        return page.locator("#two-toned").screenshot()

    page.goto("")
    light = pictured()
    toggle = page.locator("[data-md-component=palette] label:visible")
    for scheme in ("default", "slate"):
        toggle.click()
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", scheme)
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    dark = pictured()
    toggle.click()
    page.reload()
    assert dark != light
    assert pictured() == light


def test_footer_names_the_torch_that_runs_the_pages(page: Page):
    page.goto("")
    running = torch.__version__.partition("+")[0]
    expect(page.locator(".md-footer")).to_contain_text(f"Verified with torch {running}.")
