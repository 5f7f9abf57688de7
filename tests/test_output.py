"""What is printed is told from comments, and each line of code is an element, of the same text."""

from collections.abc import Iterator

import markdown
import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from docs._extensions import lines, output

# Of each line of code: where its first sign and those that begin its other pieces stand, the height
# of the rule beside those, and the width of a column.
PIECES = """() => [...document.querySelectorAll("pre > code > *")].map(line => {
  const range = document.createRange(), begins = new Map()
  const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT)
  const height = parseFloat(getComputedStyle(line).lineHeight)
  let width = 0
  while (texts.nextNode()) for (const sign of texts.currentNode.data.matchAll(/\\S/g)) {
    range.setStart(texts.currentNode, sign.index)
    range.setEnd(texts.currentNode, sign.index + 1)
    const box = range.getBoundingClientRect()
    const top = Math.round((box.top - line.getBoundingClientRect().top) / height)
    width = box.width
    if (!begins.has(top)) begins.set(top, box.left)
  }
  return [[...begins.values()], parseFloat(getComputedStyle(line, "::before").height), width]
})"""
EXTENSIONS = [
    "pymdownx.highlight",
    "pymdownx.superfences",
    output.OutputPages(),
    lines.LinesOfPages(),
]
CODE = st.lists(
    st.sampled_from(
        [
            "",
            "x = f(1 < 2, 'a & b')",
            "x.where(y).is_a.long[name](of=some.parts)",
            "if x:",
            "    y = 1  # (3, 5)",
            "        # a comment of its own",
            "#> (3, 5)",
            "#>",
            "#> ValueError: no",
            "#>     at all",
            "#>no output",
            'z = """a',
            '    b"""',
        ]
    ),
    min_size=1,
    max_size=12,
)


def fence(*code: str) -> Tag:
    text = "\n".join(["```python", *code, "```"])
    page = BeautifulSoup(markdown.markdown(text, extensions=EXTENSIONS), "html.parser")
    element = page.select_one("pre > code")
    assert element is not None
    return element


def kinds(element: Tag) -> list[str]:
    """What each printed line is taken for."""
    return [kind for line in element.select(":is(.go, .gr)") for kind in line["class"]]


@given(CODE)
def test_the_text_stays_and_lines_are_elements(code: list[str]):
    element = fence("x = 0", *code, "x")  # blank lines at the ends of a fence are nobody's

    assert element.get_text().rstrip("\n") == "\n".join(["x = 0", *code, "x"])
    shown = [line.get_text() for line in element.find_all(recursive=False)]
    assert shown == [line for line in ["x = 0", *code, "x"] if line]


@given(st.integers(0, 30))
def test_a_line_knows_its_indentation(columns: int):
    line = fence("if x:", " " * columns + "y").find_all(recursive=False)[1]

    assert line["class"] == [f"i{min(columns // 4, 5)}"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (["x", "#> 1", "#>", "#> 2"], ["go", "go", "go"]),
        (["x", "#> 1", "#> RuntimeError: no", "#>   two", "y", "#> 1"], ["go", "gr", "gr", "go"]),
        (["x", "#> torch.fx.proxy.TraceError: no"], ["gr"]),
        (["x", "#> StopIteration"], ["gr"]),
        (["x", "#> UserWarning: lstm", "#> an Error: no"], ["go", "go"]),
        (["x  #> 1", "# > 1", "#>1", "'#> 1'"], []),
        (["s = '''", "#> 1", "'''"], []),
    ],
)
def test_what_is_printed_is_told_from_comments_and_errors_from_both(
    code: list[str], expected: list[str]
):
    assert kinds(fence(*code)) == expected


def test_long_code_without_blanks_may_break_but_in_no_name():
    long = "readers[kind].append(model.eval(key=2.5,s='a'))"
    element = fence("x = f(y.z, a[b])  # short", long)

    first, second = element.find_all(recursive=False)
    assert first.find("wbr") is None
    for breaking in second.find_all("wbr"):
        breaking.replace_with("|")
    assert second.get_text() == "readers[|kind].|append(|model.|eval(|key=|2.5,|s=|'a'))"


def test_what_comes_by_twice_is_changed_once():
    once = str(fence("if x:", "    y  # z", "#> 1"))

    page = "<pre>" + once + "</pre>"
    for extension in (output.Output(None), lines.Lines(None)):
        page = extension.run(page)
    assert page == "<pre>" + once + "</pre>"


@pytest.fixture(scope="module")
def page(browser: Browser, site_url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site_url, viewport={"width": 320, "height": 740})
    yield context.new_page()
    context.close()


def test_a_line_that_goes_on_is_told_from_a_line_of_its_own(page: Page):
    page.goto("labs/digit-rows/")

    shown = page.evaluate(PIECES)

    assert {len(begins) > 1 for begins, _, _ in shown} == {True, False}
    for (first, *later), rule, width in shown:
        assert all(left >= first + width for left in later)
        assert (rule > 0) is bool(later)


def test_what_is_copied_by_hand_is_what_is_written(page: Page):
    page.goto("labs/digit-rows/")

    copied = page.evaluate("""() => [...document.querySelectorAll("pre > code")].map(code => {
      getSelection().selectAllChildren(code)
      return [code.textContent, code.innerText, getSelection().toString()]
    })""")

    assert len(copied) > 10
    for written, *read in copied:
        assert [text.rstrip() for text in read] == [written.rstrip()] * 2
