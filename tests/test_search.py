"""The site's own search answers what readers ask, in the words that they ask with."""

import functools
import json
import re
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from rnn_ref.messages import catalogue
from tests.markup import parsed
from tests.test_reports import REPORTS
from tests.waiting import until

# question, its main words, and the pages that answer it, as their files in docs/ are called
QUESTIONS = json.loads((Path(__file__).parent / "questions.json").read_text(encoding="utf-8"))
READ = 3  # results that a reader looks at
ENOUGH = 0.95
SPREAD = 8  # of a thousand messages each one in so many is typed
MESSAGE = re.compile(r"^#> ([\w.]+(?:Error|Exception): .*)$", re.MULTILINE)

# The theme keeps its worker to itself; this lets the test hear what the worker answers.
QUERY = 2
RESULT = 3  # the kind of its messages; the first answers the empty box, when the index is there
HEAR = f"""
  window.Worker = class extends Worker {{
    constructor(...given) {{
      super(...given)
      window.searchWorker = this
      this.addEventListener("message", ({{ data }}) => {{
        if (data.type === {RESULT}) window.searchReady = true
      }})
    }}

    postMessage(message, ...rest) {{
      if (message.type === {QUERY}) (window.queries ??= []).push(message.data)
      super.postMessage(message, ...rest)
    }}
  }}
"""
ASK = f"""question => new Promise((resolve, reject) => {{
  setTimeout(() => reject(Error("no answer in ten seconds")), 10_000)
  searchWorker.addEventListener("message", function heard({{ data }}) {{
    if (data.type !== {RESULT}) return
    searchWorker.removeEventListener("message", heard)
    const results = document.querySelectorAll(".md-search-result__item")
    resolve([...results].map(result => [...result.querySelectorAll(":scope > a")].map(a => a.href)))
  }})
  const box = document.querySelector("[data-md-component=search-query]")
  box.value = question
  box.dispatchEvent(new Event("keyup"))
}})"""
ENTER = """() => new Promise((resolve, reject) => {
  setTimeout(() => reject(Error("nothing opened")), 10_000)
  addEventListener("click", function opened(event) {
    event.preventDefault()
    event.stopPropagation()
    resolve(event.target.closest("a").href)
  }, { capture: true, once: true })
  const box = document.querySelector("[data-md-component=search-query]")
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }))
})"""
BOX = "[data-md-component=search-query]"
FOUND = ".md-search-result__item"

Ask = Callable[[str], list[list[str]]]  # for each page, best first: itself and the sections shown


@pytest.fixture(scope="module")
def searching(open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """The built site, its search ready."""
    context = open_context("light")
    page = context.new_page()
    page.add_init_script(HEAR)
    page.goto("")
    page.locator("[data-md-component=search-query]").focus()
    until(page, "window.searchReady")
    yield page
    context.close()


@pytest.fixture(scope="module")
def ask(searching: Page) -> Ask:
    """Type into the search box; return what is found, best first."""
    # The theme does not ask again for what the box already holds, so each is asked once.
    return functools.cache(lambda question: searching.evaluate(ASK, question))


def page_of(url: str) -> str:
    return urlsplit(url).path.strip("/") or "index"


def pages(found: list[list[str]]) -> list[str]:
    return [page_of(result[0]) for result in found]


def answered(ask: Ask, wanted: dict[str, set[str]], found: Callable[..., list[str]]) -> list[str]:
    """Those that do not find what they want among the results that a reader looks at."""
    tried = {typed: found(ask(typed)[:READ]) for typed in wanted}
    return [
        f"{typed} wants {places}, finds {tried[typed]}"
        for typed, places in wanted.items()
        if not places.intersection(tried[typed])
    ]


@pytest.mark.parametrize("typed", ["question", "words"])
def test_questions_find_their_page(ask: Ask, typed: str, capsys: pytest.CaptureFixture[str]):
    wanted = {question[typed]: set(question["pages"]) for question in QUESTIONS}
    missed = answered(ask, wanted, pages)

    with capsys.disabled():
        print(f"\nsearch: {len(wanted) - len(missed)} of {len(wanted)} found, typed as {typed}")

    assert len(missed) <= (1 - ENOUGH) * len(wanted), "\n".join(missed)


@functools.cache
def heads(site: Path) -> dict[str, tuple[str, str]]:
    """The title of each page, and its description."""
    found = {}
    for file in site.rglob("index.html"):
        html = parsed(file.read_text(encoding="utf-8"))
        title, description = html.select_one("article h1"), html.select_one("[name=description]")
        assert title, file
        assert description, file
        page = file.parent.relative_to(site).as_posix().strip(".") or "index"
        found[page] = title.get_text().strip("¶ \n"), str(description["content"])
    return found


@pytest.mark.parametrize("part", [0, 1], ids=["title", "description"])
def test_what_a_page_says_of_itself_finds_it(ask: Ask, built_site: Path, part: int):
    wanted = {head[part]: {page} for page, head in heads(built_site).items()}
    missed = answered(ask, wanted, pages)

    assert len(wanted) > 50
    assert len(missed) <= (1 - ENOUGH) * len(wanted), "\n".join(missed)


def test_the_words_of_descriptions_are_in_the_index(built_site: Path):
    index = json.loads((built_site / "search/search_index.json").read_text(encoding="utf-8"))
    texts = {
        page_of(doc["location"]): doc["text"] for doc in index["docs"] if "#" not in doc["location"]
    }
    said = {page: description for page, (_, description) in heads(built_site).items()}

    assert texts.keys() == said.keys()
    assert [page for page in said if said[page] not in parsed(texts[page]).get_text()] == []


def test_reported_problems_find_the_page_that_solves_them(ask: Ask):
    wanted = {report.words: {report.page} for report in REPORTS}
    missed = answered(ask, wanted, pages)

    assert len(missed) <= (1 - ENOUGH) * len(wanted), "\n".join(missed)


def messages(site: Path) -> dict[str, set[str]]:
    """Each error message of the site, and the headings that it stands below."""
    stands: dict[str, set[str]] = {}
    for file in site.rglob("index.html"):
        heading = ""
        for node in parsed(file.read_text(encoding="utf-8")).select("h1, h2, h3, h4, article pre"):
            if node.name != "pre":
                heading = f"{file.parent.relative_to(site).as_posix()}#{node.get('id')}"
            for message in MESSAGE.findall(node.get_text() if node.name == "pre" else ""):
                stands.setdefault(message, set()).add(heading)
    return stands


def sections(found: list[list[str]]) -> list[str]:
    return [f"{page_of(url)}#{urlsplit(url).fragment}" for result in found for url in result]


def test_messages_find_their_heading(
    ask: Ask, built_site: Path, capsys: pytest.CaptureFixture[str]
):
    """Pasted whole, and every other one without the name of the error."""
    stands = messages(built_site)
    bare = {message: message.split(": ", maxsplit=1)[-1] for message in sorted(stands)[::2]}
    wanted = {bare.get(message, message): places for message, places in stands.items()}
    wanted = dict(sorted(wanted.items())[::SPREAD])
    missed = answered(ask, wanted, sections)

    with capsys.disabled():
        print(f"\nsearch: {len(wanted) - len(missed)} of {len(wanted)} messages found")

    assert len(wanted) > 100
    assert len(missed) <= (1 - ENOUGH) * len(wanted), "\n".join(missed)


def test_wordings_of_other_versions_find_their_entry(ask: Ask):
    wanted = {
        sample: {f"{catalogue.page_of(entry.id).name}#{entry.id}"}
        for entry in catalogue.messages()
        for sample in filter(None, [entry.sample, *(each.sample for each in entry.wordings)])
    }
    wanted = dict(sorted(wanted.items())[:: SPREAD // 2])
    missed = answered(ask, wanted, sections)

    assert len(missed) <= (1 - ENOUGH) * len(wanted), "\n".join(missed)


def blurred(message: str) -> str:
    return re.sub(r"\d+", "0", message)


def test_messages_with_the_readers_own_sizes_find_a_heading(ask: Ask, built_site: Path):
    """Any of those that such a message stands below."""
    stands: dict[str, set[str]] = {}
    for message, places in messages(built_site).items():
        stands.setdefault(blurred(message), set()).update(places)
    sized = [message for message in messages(built_site) if re.search(r"\b\d+\b", message)]
    sized = sorted(sized)[::SPREAD]
    resized = [re.sub(r"\b\d+\b", lambda found: f"{found[0]}7", message) for message in sized]
    missed = answered(ask, {message: stands[blurred(message)] for message in resized}, sections)

    assert len(resized) > 20
    assert len(missed) <= (1 - ENOUGH) * len(resized), "\n".join(missed)


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("one-hot: is it needed", "one-hot-or-embedding"),  # lunr takes a colon for a field
        ('RuntimeError: "hidden" ~ size^2 *(1, 3, 2)* +1 -1', "one-step-one-word-one-batch"),
        ("H_out", "all-shapes"),
        ("is the h_n of the L and the N", "all-shapes"),
        ("notat", "notation"),
        ("batch_sizes", "packing"),
    ],
)
def test_signs_and_little_words_do_not_hide_a_page(ask: Ask, typed: str, page: str):
    assert page in pages(ask(typed))


def test_a_symbol_is_not_taken_for_the_beginning_of_a_word(ask: Ask):
    """The page has `What goes wrong`, but no G."""
    assert "four-dimensions" not in pages(ask("G zzzz"))
    assert "all-shapes" in pages(ask("G zzzz"))


@pytest.mark.parametrize(
    ("typed", "stems"),
    [
        ("packing attention", ["pack", "attention"]),
        ("dropout layers", ["dropout", "layer"]),
        ("keras bias", ["keras", "bias"]),
        ("decoder softmax weights", ["decod", "softmax", "weight"]),
    ],
)
def test_pages_with_all_words_come_before_those_with_some(
    ask: Ask, built_site: Path, typed: str, stems: list[str]
):
    texts = [text_of(built_site, page) for page in pages(ask(typed))]
    whole = [all(stem in text for stem in stems) for text in texts]

    assert whole[0]
    assert whole == sorted(whole, reverse=True)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "sorting attention",
            "is the h_n of the L and the C",
            "why is my lstm hidden state wrong",
        ),
        "RuntimeError: Expected hidden size (1, 3, 2), got [3, 1, 2]",
    ],
)
def test_no_question_finds_the_whole_site(ask: Ask, searching: Page, built_site: Path, typed: str):
    """A page that has a word of it is no answer."""
    assert ask(typed)
    assert counted(searching) < len([*built_site.rglob("index.html")]) / 2


def counted(searching: Page) -> int:
    """How many pages the box says that it has found."""
    said = searching.locator(".md-search-result__meta").inner_text()
    found = re.match(r"(\d+) matching documents?", said)
    assert found, said
    return int(found[1])


def test_a_message_finds_few_pages(ask: Ask, searching: Page, built_site: Path):
    pasted = sorted(messages(built_site))[3::SPREAD]  # others than those asked above
    counts = [counted(searching) for message in pasted if ask(message)]

    assert len(counts) > 100
    assert statistics.median(counts) <= 5


def text_of(site: Path, page: str) -> str:
    file = site / ("." if page == "index" else page) / "index.html"
    article = parsed(file.read_text(encoding="utf-8")).select_one("article")
    assert article is not None
    return article.get_text().lower()


@pytest.mark.parametrize("typed", ["packing", "lstm", "h_n shape", "batch_sizes", "dropout layers"])
def test_enter_opens_what_is_shown_first(searching: Page, typed: str):
    found = searching.evaluate(ASK, typed)

    assert len(found) > 1
    assert searching.evaluate(ENTER) == found[0][0]


def test_enter_opens_the_heading_of_a_message(searching: Page, built_site: Path):
    pasted = sorted(messages(built_site).items())[5 :: 8 * SPREAD]
    opened = {}
    for message, places in pasted:
        (found, *_) = searching.evaluate(ASK, message)
        assert found
        opened[message] = sections([[searching.evaluate(ENTER)]])[0], places

    missed = {message: links for message, links in opened.items() if links[0] not in links[1]}
    assert len(opened) > 10
    assert len(missed) <= (1 - ENOUGH) * len(opened), missed


@pytest.fixture
def box(open_context: Callable[..., BrowserContext]) -> Iterator[Locator]:
    """The search box of a page, focused; the index is there."""
    context = open_context("light")
    context.add_init_script(HEAR)
    page = context.new_page()
    page.goto("")
    box = page.locator(BOX)
    box.press_sequentially("dropout")
    expect(page.locator(FOUND).first).to_be_visible(timeout=60_000)
    yield box
    context.close()


def test_what_comes_without_a_key_is_searched(box: Locator):
    """Pasted with a mouse, or dictated."""
    box.select_text()
    box.page.keyboard.insert_text("packing")

    expect(box.page.locator(FOUND).first.locator("a").first).to_have_attribute(
        "href", re.compile("/packing/")
    )


def test_a_key_searches_once(box: Locator):
    asked = "queries.length"
    before = box.page.evaluate(asked)
    box.press_sequentially("_lstm")

    assert box.page.evaluate(asked) == before + len("_lstm")


def test_an_emptied_box_shows_nothing_found(box: Locator):
    box.page.get_by_role("button", name="Clear").click()

    expect(box).to_have_value("")
    expect(box).to_be_focused()
    expect(box.page.locator(FOUND)).to_have_count(0)
