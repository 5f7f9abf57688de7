"""What the step after the build leaves out of the stylesheets, nothing on a page needs."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import material
import mkdocstrings_handlers.python
import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.config import load_config
from playwright.sync_api import Browser, Page

from docs._finish.rules import READ, SET, Sheet
from docs._finish.selectors import names
from tests.conftest import NO_OFFLINE, ROOT

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PAGES = ["", "layers/", "labs/digit-rows/", "api/cells/"]

# The elements that look different once all styles are exchanged for others; of those that are alike
# in all their ancestors one is looked at.
DIFFERING = """css => {
  const named = e => [e.localName, e.className, e.hidden, e.open, e.checked, e.dataset?.mdState]
  const lines = new Map([[null, ""]])
  const line = e => {
    if (!lines.has(e)) lines.set(e, `${line(e.parentElement)}/${named(e)}`)
    return lines.get(e)
  }
  const elements = new Map([...document.body.querySelectorAll("*")].map(e => [line(e), e]))
  const look = () => [...elements.values()].flatMap(element =>
    ["", "::before", "::after"].map(part => {
      const style = getComputedStyle(element, part)
      if (part && style.content === "none") return []
      const keys = [...style].filter(key => !key.startsWith("--")) // variables, which others read
      return keys.map(key => `${key}: ${style.getPropertyValue(key)}`)
    }))
  const lean = look()
  document.querySelectorAll("link[rel=stylesheet], link[rel=late]").forEach(link => link.remove())
  const style = document.createElement("style")
  style.textContent = css
  document.head.append(style)
  const names = [...elements.keys()].flatMap(name => [name, `${name}::before`, `${name}::after`])
  const whole = look().map((values, i) => {
    const other = new Set(lean[i]), lost = values.filter(value => !other.has(value))
    const unlike = lost.length || values.length !== other.size
    return unlike ? `${names[i].slice(-150)}: ${lost.slice(0, 4)}` : ""
  })
  return [elements.size, whole.filter(Boolean)]
}"""
SHEETS = re.compile(r"assets/((?:site|late)\.\w+\.css)")
LOSE = """selector => {
  for (const sheet of document.styleSheets)
    for (let i = sheet.cssRules.length; i--; )
      if (sheet.cssRules[i].selectorText?.split(", ").includes(selector)) sheet.deleteRule(i)
}"""


def original() -> str:
    """All stylesheets as the theme, the plug-in and we write them, in the order of the pages."""
    theme = Path(material.__path__[0]) / "templates/assets/stylesheets"
    handler = Path(mkdocstrings_handlers.python.__path__[0]) / "templates/material/style.css"
    own = [ROOT / "docs" / file for file in load_config(str(ROOT / "mkdocs.yml"))["extra_css"]]
    files = [*theme.glob("main.*.css"), *theme.glob("palette.*.css"), handler, *own]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def differing(page: Page) -> list[str]:
    """What elements look different with the original styles."""
    count, found = page.evaluate(DIFFERING, original())
    assert count > 150
    return list(found)


@pytest.fixture
def page(browser: Browser, site_url: str) -> Iterator[Page]:
    """A page to whose styles a test may add, and on which nothing moves."""
    context = browser.new_context(base_url=site_url, bypass_csp=True, reduced_motion="reduce")
    context.add_init_script(NO_OFFLINE)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("scheme", "size", "media"),
    [("light", WIDE, "screen"), ("dark", NARROW, "screen"), ("light", WIDE, "print")],
)
def test_every_element_looks_as_with_all_styles(
    page: Page, path: str, scheme: str, size: dict[str, int], media: str
):
    page.emulate_media(color_scheme=scheme, media=media)
    page.set_viewport_size(size)
    page.goto(path)

    assert differing(page) == []


def search(page: Page) -> None:
    page.locator("[data-md-component=search-query]").fill("dropout")
    page.locator(".md-search-result__item").first.wait_for(timeout=60_000)


def menu(page: Page) -> None:
    page.set_viewport_size(NARROW)
    page.locator("label.md-header__button[for=__drawer]").click()
    page.wait_for_selector("link[href*='late.'][rel=stylesheet]", state="attached")


def tooltip(page: Page) -> None:
    page.locator("article abbr").first.hover()
    page.locator(".md-tooltip2--active").wait_for()


def top(page: Page) -> None:
    page.mouse.move(600, 300)
    page.mouse.wheel(0, 3000)
    page.wait_for_selector("[id^=__code]", state="attached")
    page.mouse.wheel(0, -500)
    page.locator(".md-top").wait_for()


def marked(page: Page) -> None:
    page.goto("layers/?h=dropout")
    page.mouse.move(600, 300)
    page.mouse.move(610, 300)
    page.locator("article mark").first.wait_for(timeout=60_000)


def setup(page: Page) -> None:
    page.locator(".copies > button[aria-expanded]").first.click()
    page.locator(".copies > button[aria-expanded=true]").wait_for()


@pytest.mark.parametrize("opened", [search, menu, tooltip, top, marked, setup])
def test_what_scripts_add_looks_as_with_all_styles(page: Page, opened: Callable[[Page], None]):
    page.goto("layers/")
    opened(page)
    page.wait_for_timeout(300)

    assert differing(page) == []


def test_every_variable_that_is_read_is_set(built_site: Path):
    """In one of the two sheets of a page, if one of the original sheets sets it."""
    settable = {name for name, _ in SET.findall(original())}
    pages = {
        tuple(SHEETS.findall(file.read_text(encoding="utf-8"))): file
        for file in built_site.rglob("*.html")
    }
    assert len(pages) > 5
    for sheets, page in pages.items():
        css = "".join((built_site / "assets" / name).read_text(encoding="utf-8") for name in sheets)
        unset = {*READ.findall(css)} - {name for name, _ in SET.findall(css)}

        assert unset & settable == set(), page


@pytest.mark.parametrize("selector", [".md-header__inner", ".md-typeset h2"])
def test_a_rule_that_is_lost_is_noticed(page: Page, selector: str):
    page.goto("layers/")
    page.evaluate(LOSE, selector)

    assert differing(page) != []


HTML = '<html class="no-js"><p id=one class="a b" title="x">text</p><input type=radio>'
SCRIPT = 'element.classList.add("made"); element.dataset.state = `kind--${kind}`'


@pytest.mark.parametrize(
    "kept",
    [
        "p", ".a.b", "#one", "[title]", "[type=radio]", "p:hover", "p:not(.gone)", "details[open]",
        ".made", ".kind--new", ":root", "*", "::selection", "p:is(.gone,.a)", "p::before", ".a>p+p",
    ],
)  # fmt: skip
def test_a_selector_that_may_match_is_kept(kept: str):
    known = names([HTML + "<details>"], SCRIPT)
    css, _ = Sheet(f"{kept}{{color:red}}", "").divided(known, known)
    assert css == f"{kept}{{color:red}}"


@pytest.mark.parametrize(
    "lost",
    ["ul", ".c", ".a .c", "#two", "[alt]", "[type=text]", "p:is(.gone)", "@media print{.c{x:y}}"],
)
def test_a_selector_that_cannot_match_is_left_out(lost: str):
    css = lost if "{" in lost else f"{lost}{{color:red}}"
    assert Sheet(css, "").divided(names([HTML], ""), names([HTML], SCRIPT)) == ("", "")


def test_variables_that_nothing_reads_are_left_out():
    css = 'p{--a:url("data:,;}");--z:0;--b:1px;--c:var(--d);color:var(--b)}p{--d:(;);--e:2}'
    shown = names([HTML], "")
    assert Sheet(css, '"--e"').divided(shown, shown) == ("p{--b:1px;color:var(--b)}p{--e:2}", "")


def test_a_variable_is_set_in_the_first_sheet_that_reads_it():
    css = "p{--a:var(--c);--b:2;--c:3;--d:4;color:var(--b)}"
    css += ".made{--d:5;x:var(--a) var(--b) var(--d)}"
    shown, known = names([HTML], ""), names([HTML], SCRIPT)
    first = "p{--b:2;color:var(--b)}"
    rest = "p{--a:var(--c);--c:3;--d:4;}.made{--d:5;x:var(--a) var(--b) var(--d)}"

    assert Sheet(css, "").divided(shown, known) == (first, rest)


def test_what_scripts_add_stands_in_the_second_sheet():
    css = "p,.made{color:red}@media print{.made{color:blue}}@font-face{src:x}.gone{color:green}"
    shown, known = names([HTML], ""), names([HTML], SCRIPT)
    first, rest = Sheet(css, "").divided(shown, known)

    assert first == "p{color:red}@font-face{src:x}"
    assert rest == ".made{color:red}@media print{.made{color:blue}}"


WORDS = st.sampled_from(["a", "b", "made", "gone"])


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_rules_keep_their_order_and_what_they_say(classes: list[list[str]]):
    css = "".join(f".{'.'.join(each)}{{order:{n}}}" for n, each in enumerate(classes))
    known = names([HTML], SCRIPT)
    kept = tinycss2.parse_stylesheet(Sheet(css, "").divided(known, known)[0])
    wanted = [n for n, each in enumerate(classes) if "gone" not in each]

    assert [int(rule.content[-1].value) for rule in kept] == wanted
