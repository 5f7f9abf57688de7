"""The box on the page says what the package says, and what is pasted stays text."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rnn_ref.messages import Reading, decode, nearest
from rnn_ref.messages.catalogue import messages, plain
from rnn_ref.messages.explanation import OVERVIEW, address
from tests.test_messages import instances
from tests.waiting import until

DECODE = """text => {
  const reading = window.tried.decode(text)
  return reading && [reading.entry.id, reading.values, reading.causes.map(cause => cause.name),
    reading.causes.map(cause => reading.says(cause).split(/\\s+/).join(" ").trim())]
}"""
MESSAGE = "RuntimeError: Expected hidden size (1, 3, 13), got [1, 2, 13]"


@pytest.fixture(scope="module")
def page(open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """The page of all messages, with its catalogue loaded."""
    context = open_context("light")
    page = context.new_page()
    page.goto(f"{OVERVIEW}/#RNN-HIDDEN-SIZE")
    until(page, "typeof CATALOGUE === 'object'")
    page.evaluate("() => { window.tried = new Decoder(CATALOGUE) }")
    yield page
    context.close()


def says(reading: Reading | None) -> list[Any] | None:
    """What both sides are compared by."""
    if reading is None:
        return None
    values = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in reading.values.items()
    }
    names = [plain(cause.name) for cause in reading.causes]
    return [reading.entry.id, values, names, [plain(reading.says(c)) for c in reading.causes]]


def texts() -> list[str]:
    """Every message with random sizes, in something like a traceback."""
    return [
        f'Traceback (most recent call last):\n  File "x.py", line 7\n{entry.error}: {text}\n\n'
        for entry in messages()
        for template in entry.templates
        for text in instances(template)
    ]


def test_page_and_package_read_the_same(page: Page):
    tried = texts()
    unlike = [text for text in tried if (page.evaluate(DECODE, text) or None) != says(decode(text))]

    assert len(tried) >= len(messages())
    assert unlike == []


def test_page_and_package_find_the_same_neighbours(page: Page):
    words = [word for entry in messages() for word in entry.title.split()]
    draw = random.Random(0)
    for _ in range(50):
        text = " ".join(draw.sample(words, min(5, len(words))))
        found = page.evaluate("text => tried.nearest(text).map(entry => entry.id)", text)
        assert found == [entry.id for entry in nearest(text)], text


def paste(page: Page, text: str) -> str:
    """Put a text into the box as a browser does that pastes, and give what the page answers."""
    page.evaluate(
        """text => {
          const box = document.querySelector("#decoder")
          const clipboardData = new DataTransfer()
          clipboardData.setData("text", text)
          const paste = new ClipboardEvent("paste", { clipboardData, cancelable: true })
          if (!box.dispatchEvent(paste)) return
          box.value = text
          box.dispatchEvent(new Event("input"))
        }""",
        text,
    )
    page.evaluate("() => new Promise(requestAnimationFrame)")
    return page.locator(".decoder [role=status]").inner_text()


def test_a_pasted_message_is_explained_with_its_sizes(page: Page):
    page.locator("#decoder").fill(MESSAGE)
    answer = page.locator(".decoder [role=status]")

    expect(answer).to_contain_text("torch read 3 as the batch")
    expect(answer.get_by_role("link").first).to_have_attribute(
        "href", f"{page.url.split(OVERVIEW)[0]}errors/state/#RNN-HIDDEN-SIZE"
    )


def test_an_address_holds_the_sizes(page: Page):
    reading = decode(MESSAGE)
    assert reading
    hash = address(reading.entry.id, dict(reading.values)).partition("#")[2]
    assert hash == "RNN-HIDDEN-SIZE&expected=1,3,13&got=1,2,13"
    page.goto(f"{OVERVIEW}/")
    page.goto(f"{OVERVIEW}/#{hash}")

    expect(page.locator(".decoder [role=status]")).to_contain_text("torch read 3 as the batch")


def test_an_address_of_no_entry_says_so(page: Page):
    page.goto(f"{OVERVIEW}/#NO-SUCH-ENTRY&got=<b>1</b>")

    expect(page.locator(".decoder [role=status]")).to_contain_text("no entry called NO-SUCH-ENTRY")


ANSWER = ".decoder [role=status]"
OTHER = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (6x5 and 7x13)"
LINK = "The address of this explanation"


@pytest.fixture
def fresh(open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A page that no other test has been on."""
    context = open_context("light")
    yield context.new_page()
    context.close()


def is_told(page: Page, message: str, typed: str) -> None:
    """Whether the box and the answer speak of the same."""
    expect(page.locator("#decoder")).to_have_value(typed)
    heading = page.locator(f"{ANSWER} strong").first
    expect(heading).to_have_text(message.removeprefix("RuntimeError: "))


def away_and_back(page: Page) -> None:
    page.goto("layers/")
    page.go_back()


def anew(page: Page) -> None:
    page.reload()


@pytest.mark.parametrize("hash", ["", "#RNN-HIDDEN-SIZE&expected=1,3,13&got=1,2,13"])
def test_box_and_answer_agree_on_a_page_that_is_come_back_to(fresh: Page, hash: str):
    fresh.goto(f"{OVERVIEW}/{hash}")
    fresh.locator("#decoder").fill(OTHER)
    is_told(fresh, OTHER, typed=OTHER)
    away_and_back(fresh)

    is_told(fresh, OTHER, typed=OTHER)
    assert "#" not in fresh.url


def test_a_text_that_the_browser_fills_in_is_answered(fresh: Page):
    """Firefox does so when a page is loaded anew too, Chromium only on the way back."""
    fill = f"() => {{ document.querySelector('#decoder').value = {json.dumps(OTHER)} }}"
    fresh.add_init_script(f"addEventListener('DOMContentLoaded', {fill})")
    fresh.goto(f"{OVERVIEW}/#RNN-HIDDEN-SIZE&expected=1,3,13&got=1,2,13")

    is_told(fresh, OTHER, typed=OTHER)


@pytest.mark.parametrize("move", [away_and_back, anew])
def test_an_address_is_answered_on_a_page_that_is_come_back_to(
    fresh: Page, move: Callable[[Page], None]
):
    fresh.goto(f"{OVERVIEW}/#RNN-HIDDEN-SIZE&expected=1,3,13&got=%5B1,2,13%5D")
    is_told(fresh, MESSAGE, typed="")
    move(fresh)

    is_told(fresh, MESSAGE, typed="")


def test_typing_adds_nothing_to_go_back_to(fresh: Page):
    fresh.goto(f"{OVERVIEW}/#RNN-HIDDEN-SIZE")
    before = fresh.evaluate("history.length")
    fresh.locator("#decoder").fill(OTHER)
    is_told(fresh, OTHER, typed=OTHER)

    assert fresh.evaluate("history.length") == before


def test_a_link_to_another_explanation_empties_the_box(fresh: Page):
    fresh.goto(f"{OVERVIEW}/")
    fresh.locator("#decoder").fill(OTHER)
    fresh.get_by_role("link", name=LINK).click()
    fresh.wait_for_url("**/#*")
    is_told(fresh, OTHER, typed=OTHER)
    fresh.goto(f"{OVERVIEW}/#RNN-HIDDEN-SIZE&expected=1,3,13&got=%5B1,2,13%5D")

    is_told(fresh, MESSAGE, typed="")


def printed() -> list[str]:
    """Each message, its shapes tuples and lists, without texts that an address leaves out."""
    short = {"word": "a_word", "text": "h_0", "lines": "h_0", "dtype": "Long", "device": "cpu"}
    kinds = {**short, "int": "7", "number": "0.25"}
    shapes = ["(1, 3, 13)", "[1, 2, 13]", "(3,)", "[3]", "torch.Size([5, 3])"]
    found = []
    for entry in messages():
        for template in entry.templates:
            text = template.source
            for (name, kind), shape in zip(template.parts, shapes * 9, strict=False):
                text = text.replace(f"{{{name}:{kind}}}", kinds.get(kind, shape))
            found.append(text.replace("{{", "{").replace("}}", "}"))
    return found


READ_BY_ADDRESS = """async text => {
  const area = document.querySelector("#decoder")
  const answer = document.querySelector(".decoder [role=status]")
  const answered = () => new Promise((resolve, reject) => {
    new MutationObserver(resolve).observe(answer, { childList: true })
    setTimeout(reject, 10_000)
  })
  const heading = () => answer.querySelector("strong").textContent
  const begin = answered()
  area.value = text
  area.dispatchEvent(new Event("input"))
  await begin
  const pasted = heading()
  const link = [...answer.querySelectorAll("a")].at(-1)
  area.value = "" // as who gets the address from another
  const end = answered()
  link.click()
  await end
  return [pasted, heading()]
}"""


def test_an_address_quotes_the_message_as_it_was_pasted(fresh: Page):
    fresh.goto(f"{OVERVIEW}/")
    draw = random.Random(0)
    tried = [text for text in printed() if any(sign in text for sign in ("[1, 2", "(1, 3"))]
    tried = [MESSAGE, *draw.sample(tried, 40)]
    read = [fresh.evaluate(READ_BY_ADDRESS, text) for text in tried]

    assert [pasted for pasted, _ in read] == [told for _, told in read]


@pytest.mark.parametrize("hash", ["%", "%E0%A4%A", "RNN-HIDDEN-SIZE&got=%", "RNN-HIDDEN-SIZE&got"])
def test_an_address_that_is_broken_does_no_harm(fresh: Page, hash: str):
    errors: list[str] = []
    fresh.on("pageerror", lambda error: errors.append(str(error)))
    fresh.goto(f"{OVERVIEW}/#{hash}")
    fresh.locator("#decoder").fill(OTHER)
    is_told(fresh, OTHER, typed=OTHER)

    assert errors == []


ODD = {
    "empty": "",
    "blanks": " \n\t ",
    "a megabyte": "x = 1\n" * 170_000 + MESSAGE,
    "a megabyte on one line": "x" * 1_000_000,
    "markup": f"<img src=x onerror=alert(1)><script>alert(1)</script>\n{MESSAGE}<b>bold</b>",
    "markup alone": "<img src=x onerror=alert(1)> Error: <b>hidden</b>",
    "right to left": f"شبكة عصبية متكررة \u202e{MESSAGE}\u202c",
    "another language": "thread 'main' panicked at main.rs:7:\nthe len is 3 but the index is 7",
    "signs": "\\ $& $1 ` ${x} %s {expected} [[[((( &amp; \x00 \ud83d\ude00",
}


@pytest.mark.parametrize("kind", ODD)
def test_what_is_pasted_stays_text(page: Page, kind: str):
    alerts: list[str] = []
    page.once("dialog", lambda dialog: alerts.append(dialog.message))
    answered = paste(page, ODD[kind])
    inside = page.locator(".decoder [role=status]").locator("img, script, b, iframe, [onerror]")

    assert alerts == []
    assert inside.count() == 0
    assert bool(answered) == bool(ODD[kind].strip())
    assert ("torch read 3" in answered) == (MESSAGE in ODD[kind])


def test_the_page_says_all_of_it_without_scripts(browser: Browser, site_url: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site_url}{OVERVIEW}/")

    assert page.locator("article li a[id]").count() == len(messages())
    context.close()
