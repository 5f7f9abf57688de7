"""What a reader's browser makes of every page, in both colour schemes."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from tests.catalogue import MADE
from tests.conftest import NO_SEARCH, WIDE
from tests.markup import parsed

NARROW: ViewportSize = {"width": 360, "height": 740}

# Folded answers and tabs in the background are read too, and nothing is caught half faded.
UNFOLD = """() => {
  const still = document.createElement("style")
  still.textContent = "*, ::before, ::after { transition: none !important }"
  document.head.append(still)
  document.querySelectorAll("details").forEach(box => { box.open = true })
  document.querySelectorAll(".tabbed-block").forEach(tab => { tab.style.display = "block" })
}"""
BROKEN_IMAGES = """async () => {
  const images = [...document.images]
  for (const image of images) image.loading = "eager"
  await Promise.all(images.map(image => image.decode().catch(() => {})))
  return images.filter(image => !image.naturalWidth).map(image => image.outerHTML)
}"""
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


# Contrast is a third of axe's time, and follows from styles alone: of what looks the same on the
# same ground, axe looks at the first, of all pages. Of all else that it looks for, everywhere.
MARK_REPEATS = """seen => {
  const text = ["color", "textShadow", "fontSize", "fontWeight", "visibility", "display"]
  const paint = ["backgroundColor", "backgroundImage", "opacity", "filter", "mixBlendMode",
    "position"]
  const bare = "rgba(0, 0, 0, 0),none,1,none,normal,static"
  const values = (style, names) => names.map(name => style[name]).join()
  const layers = element => ["", "::before", "::after"]
    .map(part => getComputedStyle(element, part)).filter(style => style.content !== "none")
    .map(style => values(style, paint)).filter(layer => layer !== bare)
  const grounds = new Map([[null, ""]])
  const ground = element => {
    if (!grounds.has(element))
      grounds.set(element, [...layers(element), ground(element.parentElement)].join())
    return grounds.get(element)
  }
  const look = element => [values(getComputedStyle(element), text), ground(element)].join()
  // axe is not sure of a single letter, nor of code that is broken over lines.
  const sure = element => element.getClientRects().length === 1 &&
    [...element.childNodes].some(node => node.nodeType === 3 && /\\w\\w/.test(node.data))
  const elements = [...document.querySelectorAll("article *")]
  const looks = new Map(elements.map(element => [element, look(element)]))
  const backwards = elements.filter(sure).reverse()
  const first = new Map(backwards.map(element => [looks.get(element), element]))
  const known = new Set(seen)
  for (const [element, look] of looks) {
    const repeats = known.has(look) || (first.get(look) ?? element) !== element
    element.toggleAttribute("data-repeats", repeats)
  }
  return [...first.keys()]
}"""
AXE = Axe(
    AXE_SCRIPT
    + 'axe.configure({rules: [{id: "color-contrast", selector: "*:not([data-repeats])"}]})'
)
# These pages have all kinds of elements: on them axe reads the narrow page in the dark as well.
SAMPLE = ("index.html", "output-and-h-n/", "hidden-state-to-loss/", "labs/digit-rows/")
SAMPLE += ("all-shapes/", "api/cells/", "errors/state/", "silent/state/")

OPENED = 6  # of what is made of the catalogue each one in so many, which axe need not read


def of_axe(page: Page, seen: set[str]) -> Iterator[tuple[str, str]]:
    """What axe finds; `seen` are the looks that it has seen on other pages, and learns these."""
    seen.update(page.evaluate(MARK_REPEATS, list(seen)))
    for rule in AXE.run(page, options={"resultTypes": ["violations"]}).response["violations"]:
        for node in rule["nodes"]:
            yield "inaccessible", f"{rule['id']}: {node['html']}"


def looks(page: Page, path: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Open one page and go on to what is wrong: wide, and on a phone in the dark."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    page.goto(path)
    page.mouse.move(2, 450)  # on nothing: the theme's script comes with the first sign of a reader
    page.wait_for_selector("meta[name=theme-color]", state="attached")
    page.evaluate(UNFOLD)
    for image in page.evaluate(BROKEN_IMAGES):
        yield "image missing", image
    if not path.startswith(MADE) or path.startswith(SAMPLE):  # the others are alike
        yield from of_axe(page, seen)
    if path.startswith(SAMPLE):
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(NARROW)
        page.wait_for_selector("body[data-md-color-scheme=slate]")
        yield from of_axe(page, seen)


def visit(page: Page, path: str, site_url: str, seen: set[str]) -> list[tuple[str, str]]:
    """Look at one page, and listen: what is wrong, each with its kind."""
    requested: list[str] = []
    logged: list[str] = []
    listeners: dict[Any, Callable[..., None]] = {
        "request": lambda request: requested.append(request.url),
        "console": lambda message: logged.append(f"{message.type}: {message.text}"),
        "pageerror": lambda error: logged.append(f"error: {error}"),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    found = list(looks(page, path, seen))
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    own = (site_url, "data:")
    found += [("request elsewhere", url) for url in requested if not url.startswith(own)]
    found += [("console", line) for line in logged if line.startswith(("error", "warning"))]
    return found


@pytest.fixture(scope="module")
def visits(
    open_context: Callable[..., BrowserContext], built_site: Path, site_url: str
) -> Iterator[dict[str, list[tuple[str, str]]]]:
    """Every page, opened once, in one window: those cost more than to resize and to recolour."""
    context = open_context("light", adds_styles=True)  # as axe does
    context.add_init_script(NO_SEARCH)
    page = context.new_page()
    paths = sorted(str(path.relative_to(built_site)) for path in built_site.rglob("*.html"))
    made = [path for path in paths if path.startswith(MADE) and not path.startswith(SAMPLE)]
    unseen = {*made} - {*made[::OPENED]}
    paths = [path for path in paths if path not in unseen]
    seen: set[str] = set()
    yield {path: visit(page, path, site_url, seen) for path in paths}
    context.close()


@pytest.mark.parametrize(
    "problem", ["inaccessible", "image missing", "request elsewhere", "console"]
)
def test_no_page(problem: str, visits: dict[str, list[tuple[str, str]]]):
    assert len(visits) >= 4
    problems = [(path, *found) for path, all_found in visits.items() for found in all_found]
    assert [f"{path}: {what}" for path, kind, what in problems if kind == problem] == []


@pytest.mark.parametrize(
    ("selector", "scheme", "faint"),
    [
        ("pre .nb", "light", "color: #999"),
        ("pre .nb >> text=print >> nth=-1", "dark", "color: #666"),
        ("article > p >> nth=-1", "light", "background: #555"),
    ],
)
def test_what_is_faint_is_noticed_everywhere_or_once(
    page: Page, selector: str, scheme: str, faint: str
):
    page.emulate_media(color_scheme=scheme)
    page.goto("layers/")
    page.evaluate(UNFOLD)

    page.locator(selector).evaluate_all(
        "(all, faint) => all.forEach(e => { e.style.cssText = faint })", faint
    )

    assert {what.partition(":")[0] for _, what in of_axe(page, set())} == {"color-contrast"}


def test_a_table_is_read_aloud_alike_as_cards(page: Page):
    page.goto("batch-first/")
    table = page.locator("article table").first
    wide = table.aria_snapshot()
    page.set_viewport_size(NARROW)
    expect(table.locator("tbody")).to_have_css("display", "block")

    assert table.aria_snapshot() == wide
    assert re.findall(r"\b(?:table|rowgroup|row|columnheader|cell)\b", wide)


def words(path: Path) -> set[str]:
    text = " ".join(node.get_text() for node in parsed(path.read_text("utf-8")).select("article p"))
    return set(re.findall(r"(?<![\w-])[a-z]{5,}(?![\w-])", text))


def test_search_finds_a_page_by_a_word_of_its_own(page: Page, built_site: Path):
    said = {path: words(path) for path in sorted(built_site.rglob("index.html"))}
    spread = Counter(word for of_page in said.values() for word in of_page)
    own = {word: path for path in said for word in said[path] if spread[word] == 1}
    word = max(own, key=len)
    path = own[word]
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
    field = page.locator("[data-md-component=search-query]")
    field.fill(query[:-1])
    field.press_sequentially(query[-1])  # one query: results of a part would be replaced
    link = page.locator(f'.md-search-result__link[href$="#{name}"]').first
    link.wait_for(state="attached")
    page.evaluate(
        "document.querySelectorAll('.md-search-result__more').forEach(d => d.open = true)"
    )
    link.click()
    expect(page.locator(f'[id="{name}"]')).to_be_in_viewport()


@pytest.mark.parametrize("asked", ["in the box", "in the address"])
def test_the_index_is_loaded_when_somebody_searches(page: Page, asked: str):
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto("layers/")
    page.wait_for_load_state("networkidle")
    assert [url for url in requested if "search_index" in url] == []

    with page.expect_request("**/search/search_index.json"):
        if asked == "in the box":
            page.locator("[data-md-component=search-query]").focus()
        else:
            page.goto("layers/?q=hidden")


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


def test_a_page_names_the_torch_that_runs_it(page: Page):
    page.goto("")
    running = torch.__version__.partition("+")[0]
    expect(page.locator(".checked")).to_contain_text(f"Verified with torch {running} on ")
