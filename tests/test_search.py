"""The site's own search answers what readers ask, in the words that they ask with."""

import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext

# question and answering page, as the file in docs/ is called
QUESTIONS = json.loads((Path(__file__).parent / "questions.json").read_text(encoding="utf-8"))
READ = 3  # results that a reader looks at
ENOUGH = 0.95

# The theme keeps its worker to itself; this lets the test hear what the worker answers.
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
  }}
"""
ASK = f"""question => new Promise((resolve, reject) => {{
  setTimeout(() => reject(Error("no answer in ten seconds")), 10_000)
  searchWorker.addEventListener("message", function heard({{ data }}) {{
    if (data.type !== {RESULT}) return
    searchWorker.removeEventListener("message", heard)
    const results = document.querySelectorAll(".md-search-result__item")
    resolve([...results].map(result => result.querySelector("a").href))
  }})
  const box = document.querySelector("[data-md-component=search-query]")
  box.value = question
  box.dispatchEvent(new Event("keyup"))
}})"""

Ask = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def ask(open_context: Callable[..., BrowserContext]) -> Iterator[Ask]:
    """Type into the search box of the built site; return the pages found, best first."""
    context = open_context("light")
    page = context.new_page()
    page.add_init_script(HEAR)
    page.goto("")
    page.wait_for_function("window.searchReady")
    # The theme does not ask again for what the box already holds, so each is asked once.
    yield functools.cache(lambda question: list(map(page_of, page.evaluate(ASK, question))))
    context.close()


def page_of(url: str) -> str:
    return urlsplit(url).path.strip("/") or "index"


def test_questions_find_their_page(ask: Ask, capsys: pytest.CaptureFixture[str]):
    found = {question["question"]: ask(question["question"])[:READ] for question in QUESTIONS}
    missed = [
        f"{question['question']} wants {question['page']}, finds {found[question['question']]}"
        for question in QUESTIONS
        if question["page"] not in found[question["question"]]
    ]

    with capsys.disabled():
        print(f"\nsearch: {len(QUESTIONS) - len(missed)} of {len(QUESTIONS)} questions answered")

    assert len(missed) <= (1 - ENOUGH) * len(QUESTIONS), "\n".join(missed)


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("one-hot: is it needed", "one-hot-or-embedding"),  # lunr takes a colon for a field
        ('RuntimeError: "hidden" ~ size^2 *(1, 3, 2)* +1 -1', "one-step-one-word-one-batch"),
        ("H_out", "all-shapes"),
        ("is the h_n of the L and the N", "all-shapes"),
        ("notat", "notation"),
    ],
)
def test_signs_and_little_words_do_not_hide_a_page(ask: Ask, typed: str, page: str):
    assert page in ask(typed)


def test_a_symbol_is_not_taken_for_the_beginning_of_a_word(ask: Ask):
    """The page has `What goes wrong`, but no G."""
    assert "four-dimensions" not in ask("G zzzz")
    assert "all-shapes" in ask("G zzzz")
