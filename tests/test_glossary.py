"""The words of the glossary are tooltips elsewhere: one text, at first use, open to everybody."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Page, expect

from tests import hooks
from tests.markup import parsed
from tests.reading.site_markdown import SiteMarkdown

ROOT = Path(__file__).parents[1]
# Not what the hook itself names: where a reader must not meet one.
FORBIDDEN = (
    "a, code, pre, h1, h2, h3, h4, h5, h6, figcaption, summary, .admonition-title, [title] > *"
)


HOOK = hooks.load("glossary")
MEANINGS = {"state": "What is kept.", "hidden state": 'Kept & "hidden".', "batch": "Together."}


def marked(content: str) -> list[str]:
    """What the hook marks in a piece of a page, which it must not change otherwise."""
    changed = HOOK.add_tooltips(content, MEANINGS)
    assert re.sub(r"</?abbr[^>]*>", "", changed) == content
    return [mark.get_text() for mark in BeautifulSoup(changed, "html.parser").select("abbr")]


def text_of(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


@pytest.fixture(scope="module")
def pages(built_site: Path) -> dict[str, BeautifulSoup]:
    return {
        str(path.parent.relative_to(built_site)): parsed(path.read_text(encoding="utf-8"))
        for path in built_site.rglob("index.html")
    }


def meanings_shown(glossary: BeautifulSoup) -> dict[str, str]:
    """The glossary as its reader sees it."""
    return {
        text_of(term).lower(): text_of(meaning)
        for term in glossary.select("article dt")
        if (meaning := term.find_next_sibling("dd")) and not term.select("code")
    }


def test_every_tooltip_says_what_the_glossary_says(pages: dict[str, BeautifulSoup]):
    meanings = meanings_shown(pages["glossary"])
    shown = {
        (name, text_of(mark).lower()): str(mark["title"])
        for name, page in pages.items()
        for mark in page.select("article abbr")
    }

    assert len(shown) > 20
    assert {key: title for key, title in shown.items() if title not in meanings.values()} == {}
    assert {
        (name, word)
        for (name, word), title in shown.items()
        if not any(word.removesuffix(end) in meanings for end in ("", "s", "es"))
    } == set()


def test_a_page_explains_a_word_once_and_not_where_it_would_be_in_the_way(
    pages: dict[str, BeautifulSoup],
):
    for name, page in pages.items():
        titles = [str(mark["title"]) for mark in page.select("article abbr")]
        assert len(titles) == len(set(titles)), name
        assert [
            str(mark) for place in page.select(FORBIDDEN) for mark in place.select("abbr")
        ] == []


def test_the_glossary_is_in_order_and_explains_in_a_sentence_or_two():
    page = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    html = SiteMarkdown(ROOT / "mkdocs.yml").converter().convert(page)
    lists = BeautifulSoup(html, "html.parser").select("dl")

    for terms in [[text_of(term).lower() for term in entries.select("dt")] for entries in lists]:
        assert terms == sorted(terms)
    meanings = [text_of(meaning) for entries in lists for meaning in entries.select("dd")]
    assert len(meanings) > 40
    assert [text for text in meanings if not 1 <= len(re.findall(r"\.(?:\s|$)", text)) <= 2] == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<p>A batch and a batch.</p><p>Batches.</p>", ["batch"]),
        ("<p>Batches of hidden states, and a state.</p>", ["Batches", "hidden states", "state"]),
        ("<h2>State</h2><p><code>state</code> <a href='#'>state</a></p>", []),
        ("<p title='x'>state</p><details><summary>state</summary>state</details>", ["state"]),
        (
            "<p class='admonition-title'>state</p><img alt='state'><p>estate, state-of-the-art</p>",
            [],
        ),
        ("<pre><span></span><code>batch = 1 &lt; 2\n</code></pre>&amp; &#955; <!-- batch -->", []),
        ("<p>A <br> <em>batch</em><hr/>", ["batch"]),
    ],
)
def test_marks_the_first_use_in_running_text(content: str, words: list[str]):
    assert marked(content) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The classes hold arrays, with torch's class and text.", []),
        ("This class is from a lecture; it wants a number for each class.", ["class"]),
        ("Torch stacks the gates. Stack first, and you have a stack.", ["stack"]),
        ("Divide by the bias correction, then add the bias.", ["bias"]),
        ("In which direction does z point? Each direction has a state.", ["direction"]),
        ("They span <code>1</code> direction; the state of both directions.", ["directions"]),
        ("An ordinary layer, pooling layers, and the layer below.", ["layer"]),
        ("A softmax makes weights of the scores; weights are learned.", ["weights"]),
        ("Pay attention to the context manager; it has attention.", ["attention"]),
        ("The context manager gets the context.", ["context"]),
        ("A node of the graph, a graph of nodes; backward through the graph.", ["graph"]),
        ("A single contiguous chunk of memory; a contiguous copy.", ["contiguous"]),
        ("A kernel of three steps, a compiled kernel. A kernel of Keras.", ["kernel"]),
        ("A word of two letters, a blank line, a carry. You carry the blank.", ["carry", "blank"]),
        ("The last candidate is the usual guess; the new candidate is added.", ["candidate"]),
        ("It is there to sample a letter, a sample of the batch.", ["sample"]),
    ],
)
def test_a_word_with_another_sense_is_marked_only_in_its_own(text: str, words: list[str]):
    meanings = {term: f"What {term} means." for term in HOOK.SENSES}
    tree = BeautifulSoup(HOOK.add_tooltips(f"<p>{text}</p>", meanings), "html.parser")

    assert [mark.get_text() for mark in tree.select("abbr")] == words


def test_a_word_is_found_in_its_sense_over_a_line_break():
    changed = HOOK.add_tooltips("<p>a number for each\n  class</p>", {"class": "An answer."})

    assert "<abbr" in changed


def test_each_word_with_another_sense_is_one_of_the_glossary():
    page = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    html = SiteMarkdown(ROOT / "mkdocs.yml").converter().convert(page)

    assert set(HOOK.SENSES) <= set(HOOK.read_meanings(html))


def test_a_meaning_is_quoted_safely():
    changed = HOOK.add_tooltips("<p>hidden state</p>", MEANINGS)

    mark = BeautifulSoup(changed, "html.parser").select_one("abbr")

    assert mark is not None
    assert mark["title"] == MEANINGS["hidden state"]


def test_a_term_in_code_is_explained_but_gets_no_tooltip():
    html = "<dl><dt>Gate</dt><dd>A <em>gate</em>.</dd><dt><code>output</code></dt><dd>It.</dd></dl>"

    assert HOOK.read_meanings(html) == {"gate": "A gate."}


@pytest.fixture
def phone(browser: Browser, site_url: str) -> Iterator[Page]:
    context = browser.new_context(
        has_touch=True, viewport={"width": 360, "height": 740}, base_url=site_url
    )
    yield context.new_page()
    context.close()


def test_a_tap_and_a_tab_show_the_meaning_and_escape_hides_it(
    phone: Page, pages: dict[str, BeautifulSoup]
):
    name = next(name for name, page in pages.items() if page.select("article p > abbr"))
    phone.goto(f"{name}/")
    mark = phone.locator("article p > abbr").first
    meaning = str(mark.get_attribute("title"))
    tooltip = phone.get_by_role("tooltip").filter(has_text=meaning)

    mark.tap()
    expect(tooltip).to_be_visible()
    phone.locator("article h1").tap()
    expect(tooltip).to_have_count(0)

    for _ in range(40):
        phone.keyboard.press("Tab")
        if mark.evaluate("mark => mark === document.activeElement"):
            break
    expect(tooltip).to_be_visible()
    phone.keyboard.press("Escape")
    expect(tooltip).to_have_count(0)


@pytest.mark.parametrize(("page", "told"), [("attention", False), ("layers", True)])
def test_a_word_in_a_sense_of_the_page_gets_no_tooltip(page: str, told: bool, built_site: Path):
    html = parsed((built_site / page / "index.html").read_text("utf-8"))
    words = [word.get_text().lower() for word in html.select("article abbr")]

    assert ("weight" in words or "weights" in words) is told
