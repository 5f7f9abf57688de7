"""What the copy button gives runs alone and prints what the block shows."""

import os
import random
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import markdown
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from docs._extensions import effects, slicing
from docs._extensions.copying import Block, setup
from docs._extensions.statements import Statement, executed, statements
from tests import copied_blocks
from tests.copied_blocks import Ran, Shown
from tests.documents import MARKDOWN
from tests.test_browser import UNFOLD
from tests.waiting import until

SAMPLE = 40  # blocks that are run by one process that has torch, of thousands
FRESH = 3  # of them each in an interpreter of its own, which takes seconds
# Each run looks at others; CI sets the variable and looks at the same.
SEED = 14 if os.environ.get("CI") else random.SystemRandom().randrange(1 << 32)
SCRIPTS = Path(__file__).parents[1] / "docs" / "assets" / "scripts"
NAMES_A_GLOBAL = re.compile(r"(?:async )?(?:function|const|let|var|class) ")
PRESS = """number => {
  const block = document.querySelectorAll(".highlight.language-python:not(.doc-signature)")[number]
  block.querySelector(".copies > button:last-child").click()
}"""


def copied(page: Page, blocks: list[Shown]) -> Iterator[tuple[str, int]]:
    """Copy blocks through the clipboard; yield each text, and how many lines are setup."""
    here = None
    for block in blocks:
        if block.page != here:
            page.goto(block.page)
            here = block.page
        page.evaluate("navigator.clipboard.writeText('')")
        page.evaluate(PRESS, block.number)
        until(page, "await navigator.clipboard.readText()")  # written some time after the click
        text = page.evaluate("navigator.clipboard.readText()")
        shown = page.locator(copied_blocks.CODE).nth(block.number)
        label = shown.locator(".copies > button").last.get_attribute("aria-label") or ""
        lines = int((re.findall(r"\d+", label) or ["0"])[0])
        code = shown.locator("pre > code").last.text_content() or ""
        own = "\n".join(text.split("\n")[lines:])
        assert own == code.rstrip() or own in re.sub(r"\n?^%.*\n", "", code, flags=re.MULTILINE)
        yield text, lines


def wrong(block: Shown, ran: Ran) -> str | None:
    if ran.output == block.output and ran.is_quiet:
        return None
    return f"{block}: shows {block.output}, prints {ran.output} after {ran.above}"


def test_copied_blocks_run_and_print_what_they_show(
    page: Page, built_site: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
):
    everything = list(copied_blocks.shown(built_site))
    blocks = everything
    if not request.config.getoption("audit"):
        blocks = sorted(random.Random(SEED).sample(everything, SAMPLE), key=lambda b: b.page)
    texts = list(copied(page, blocks))

    results = zip(blocks, copied_blocks.run(texts), strict=True)
    problems = [told for block, ran in results if (told := wrong(block, ran))]

    with capsys.disabled():
        right = f"{len(blocks) - len(problems)} of {len(blocks)}"
        print(f"\ncopied: {right} blocks print what they show, of {len(everything)}")
    assert problems == [], f"seed {SEED}"


def test_in_an_interpreter_of_its_own_it_is_the_same(page: Page, built_site: Path, tmp_path: Path):
    everything = [b for b in copied_blocks.shown(built_site) if not b.page.startswith("labs/")]
    blocks = random.Random(SEED).sample(everything, FRESH)

    for block, (text, _) in zip(blocks, copied(page, blocks), strict=True):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        (folder / "copied.py").write_text(text, "utf-8")
        command = [sys.executable, "copied.py"]
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        printed = [line.rstrip() for line in ran.stdout.splitlines()]
        assert [line for line in block.output if line in printed] == printed, (block, ran.stderr)
        for line in block.output[len(printed) :]:
            assert line in ran.stderr


TOLD = {  # a text and how many lines of it are setup: what is told of it
    ("print(1)", 0): Ran([], ["1"]),
    ("import warnings\nwarnings.warn('so')", 0): Ran([], ["UserWarning: so"]),
    ("print(1)\n[][1]", 0): Ran([], ["1", "IndexError: list index out of range"]),
    ("import os\nos._exit(0)", 0): Ran([], ["ended without a word, or not at all"]),
    ("print(__name__, len(open(__file__).read()))", 0): Ran([], ["__main__ 43"]),
    ("import os\nprint(os.listdir(), dir()[-1])", 1): Ran([], ["[] os"]),
    ("print(1)\nprint(2)", 1): Ran(["1"], ["2"]),
}


@pytest.mark.parametrize("forks", [True, False])
def test_what_a_text_prints_is_told(monkeypatch: pytest.MonkeyPatch, forks: bool):
    if not forks:
        monkeypatch.delattr(os, "fork", raising=False)
    for (text, _), expected, ran in zip(TOLD, TOLD.values(), copied_blocks.run(TOLD), strict=True):
        assert ran == expected, text


def test_what_is_printed_otherwise_is_wrong():
    assert wrong(Shown("", 0, ["2"]), Ran(["1"], ["2"]))
    assert wrong(Shown("", 0, ["3"]), Ran([], ["2"]))
    assert not wrong(Shown("", 0, ["2"]), Ran(["UserWarning: so"], ["2"]))


def html_of(text: str) -> BeautifulSoup:
    options = {**MARKDOWN.options, "docs._extensions.copying": {}}
    converter = markdown.Markdown(extensions=list(options), extension_configs=options)
    return BeautifulSoup(converter.convert(text), "html.parser")


FENCES = """
```python
a = 1
b = 2
print(a, b)
#> 1 2
```

- in a list

    ```{.python continuation}
    print(b)
    #> 2
    ```

```{.python data-notest="a reason"}
b
```

```{.python continuation}
int("x")
#> ValueError: invalid literal for int() with base 10: 'x'
```

```{.python continuation}
print(a)
#> 1
```

```python
print(3)
#> 3
```

```{.text data-notest="a reason"}
text
```
"""


def test_a_block_names_the_lines_that_it_needs():
    blocks = html_of(FENCES).select(".highlight")

    setups = [block.get("data-setup", "") for block in blocks]
    assert setups == ["", "1:2", "", "", "4:1", "", ""]
    labels = [[b["aria-label"] for b in block.select(".copies > button")] for block in blocks]
    with_one = ["1 line of setup", "copy, with 1 line of setup"]
    assert labels == [["copy"], with_one, ["copy"], ["copy"], with_one, ["copy"], ["copy"]]
    assert not [block for block in blocks if block.has_attr("data-block")]


def of_group(*codes: str) -> str:
    *above, last = (Block(code, True, 1) for code in codes)
    return setup(above, last).text


@pytest.mark.parametrize(
    ("codes", "text"),
    [
        (["x = 1\nprint(x)", "print(x)"], "1:1"),
        (["x = iter('ab')\nprint(next(x))", "print(next(x))"], "q 1:1-2"),
        (["x = [1]", "x[0] = 2", "print(x)"], "2:1 1:1"),
        (["x = [1]", "y = x", "y.append(2)", "print(x)"], "3:1 2:1 1:1"),
        (["import random", "random.seed(0)\nrandom.random()", "x = random.random()"], "2:1 1:1-2"),
        (["import random", "random.random()", "x = random.random()"], "2:1"),
        (["def f():\n    return g()", "def g():\n    return 1", "f()"], "2:1-2 1:1-2"),
        (["x = 1", "x = 2", "print(x)"], "1:1"),
        (["x = 1; y = 2", "print(x)"], "1:1"),
        (["x = 1", "exec('y = x')", "print(y)"], "2:1 1:1"),
        (["try:\n    1 / 0\nexcept OSError:\n    raise\n#> ZeroDivisionError: 0", "2"], ""),
        (["x = 1", "x.y()\n#> AttributeError: 'int' object has no attribute 'y'", "x"], "2:1"),
        (["x = [1]\nx.pop() + ''\n#> TypeError: no", "print(x)"], "1:1,!2"),
        (["x = 1\nx = x.y\n#> AttributeError: no", "print(x)"], "1:1"),
        (["x = 1\nx = exit()\n#> SystemExit", "print(x)"], "1:1"),
        (["%magic\nx = 1", "%magic\n\nprint(x)"], "1:2 0:3"),
        (["import torch\ntorch.set_num_threads(1)", "print(1)"], "1:1-2"),
        (["x = [1]\n\n# why\ny = x", "print(y)"], "1:1,4"),
    ],
)
def test_the_slice(codes: list[str], text: str):
    assert of_group(*codes) == text


NAMES = st.sampled_from("abc")
NUMBERS = st.integers(0, 9)
MOVES = st.one_of(
    st.builds("{} = [{}, {}]".format, NAMES, NUMBERS, NUMBERS),
    st.builds("{} = {}".format, NAMES, NAMES),
    st.builds("{} = {} + {}".format, NAMES, NAMES, NAMES),
    st.builds("{} += {}[:2]".format, NAMES, NAMES),
    st.builds("{}.append({})".format, NAMES, NUMBERS),
    st.builds("{}[0] = {}[-1]".format, NAMES, NAMES),
    st.builds("{} = [random.random()]".format, NAMES),
    st.builds("print({}, random.random())".format, NAMES),
    st.builds("random.seed({})".format, NUMBERS),
    st.builds("grow({})".format, NAMES),
    st.builds("print(grow({}))".format, NAMES),
    st.builds("for {} in ({}, [1]):\n    {}.append(len(a))".format, NAMES, NAMES, NAMES),
    st.builds("{}, {} = {}, [0]".format, NAMES, NAMES, NAMES),
    st.builds("d = iter({})".format, NAMES),
    st.builds("print(next(d, 0))".format),
    st.builds("{} = [next(d, 0)]".format, NAMES),
    st.builds("del {}[1:]".format, NAMES),
    st.builds("keep['x'] = {}".format, NAMES),
    st.builds("{} = keep['x']".format, NAMES),
    st.builds("if random.random() < 0.5:\n    {} = [7]".format, NAMES),
)
RAISING = st.one_of(
    st.builds("{}.append(random.random()) + ''".format, NAMES),
    st.builds("{} = [random.random()] + ''".format, NAMES),
    st.builds("for {} in ({}, [1]):\n    {}.append(len(a)) + ''".format, NAMES, NAMES, NAMES),
    st.builds("{}, keep[[]] = {}, [0]".format, NAMES, NAMES),
    st.builds("print([next(d, 0)] + '')".format),
    st.builds("grow({}) + ''".format, NAMES),
).map("{}\n#> TypeError: no".format)
BEGIN = """\
import random
random.seed(3)
a, b, c = [1], [2], [3]
d = iter(a)
keep = {'x': b}
def grow(one):
    keep['x'].append(random.randrange(9))
    one.append(len(c))
    return one
"""
BLOCKS = st.sampled_from(["seen = [{}]", "seen = [{}, random.random()]", "seen = [{}, next(d, 0)]"])


def outcome(code: str) -> object:
    names: dict[str, object] = {"print": lambda *_: None}
    exec(code, names)
    return names["seen"]


def completed(code: str) -> list[Statement]:
    return [one for one in statements(code) if f"{one.source}\n#> TypeError" not in code]


def all_of(above: Sequence[str], block: str) -> str:
    return written([one for code in above for one in executed(code)], block)


def sliced(above: Sequence[str], block: str) -> str:
    done = [one for code in above for one in executed(code)]
    return written(slicing.needed(done, statements(block)).kept, block)


def written(done: Sequence[Statement], block: str) -> str:
    return "\n".join([*map(caught, done), block])


def caught(one: Statement) -> str:
    if not one.raises:
        return one.source
    return f"try:\n{textwrap.indent(one.source, '    ')}\nexcept Exception: pass"


@given(st.lists(MOVES | RAISING, min_size=1, max_size=12), BLOCKS, NAMES)
def test_a_slice_leads_to_what_the_whole_leads_to(moves: list[str], block: str, name: str):
    above, block = [BEGIN, *moves], block.format(name)

    assert outcome(sliced(above, block)) == outcome(all_of(above, block))


@pytest.mark.parametrize(
    ("broken", "program", "block"),
    [
        ("changes", "a.append(5)", "seen = [a]"),
        ("aliases", "b = a\nb.append(5)", "seen = [a]"),
        ("chance", "print(random.random())", "seen = [random.random()]"),
        ("raising", "b = a + random.random()\n#> TypeError: no", "seen = [b, random.random()]"),
    ],
)
def test_a_rule_that_is_left_out_is_noticed(
    monkeypatch: pytest.MonkeyPatch, broken: str, program: str, block: str
):
    above = [BEGIN, program]
    whole = outcome(all_of(above, block))
    assert outcome(sliced(above, block)) == whole
    if broken == "raising":
        monkeypatch.setitem(globals(), "executed", completed)
    elif broken == "changes":
        monkeypatch.setattr(effects.Scope, "changed_by", lambda *_: frozenset())
    elif broken == "aliases":
        monkeypatch.setattr(slicing._Alike, "_join", lambda *_: None)
    else:
        monkeypatch.setattr(slicing, "CHANCE", frozenset())
        changed = effects.Scope.changed_by
        monkeypatch.setattr(
            effects.Scope, "changed_by", lambda *given: changed(*given) - effects.CHANCE
        )

    assert outcome(sliced(above, block)) != whole


def test_what_a_block_is_shown_to_raise_is_told():
    raising = [
        ("x = 1\nx.y\n#> AttributeError: no y", [False, True]),
        ("x = 1\nprint('AttributeError')\n#> Attributes: no", [False, False]),
        ("x = 1\nexit()\n#> SystemExit", [False]),
    ]
    for code, raises in raising:
        assert [statement.raises for statement in executed(code)] == raises


def test_scripts_of_all_pages_leave_no_names_to_those_that_come_later():
    for script in SCRIPTS.glob("*.js"):
        begins = [
            line for line in script.read_text("utf-8").split("\n") if NAMES_A_GLOBAL.match(line)
        ]
        assert begins == [], script.name


def block_with_setup(page: Page):
    page.goto("layers/")
    page.mouse.move(300, 300)  # the search comes with its scripts
    page.wait_for_selector("meta[name=theme-color]", state="attached")
    page.evaluate(UNFOLD)
    return page.locator(".highlight[data-setup]").nth(2)


@pytest.mark.parametrize("is_late", [False, True], ids=["at first", "with every script"])
def test_the_eye_shows_what_is_copied(page: Page, is_late: bool):
    block = block_with_setup(page)
    if is_late:  # what the first sign of a reader loads must leave the names of this script alone
        page.mouse.move(9, 9)
        until(page, "typeof Answers === 'function'")
    eye, button = block.locator(".copies > button").all()
    expect(eye).to_have_attribute("aria-expanded", "false")

    eye.click()
    expect(eye).to_have_attribute("aria-expanded", "true")
    shown = "".join(block.locator("pre > code").all_text_contents())
    button.click()
    expect(page.get_by_role("status")).to_contain_text("copied")
    assert page.evaluate("navigator.clipboard.readText()") == shown.rstrip()
    assert block.locator(".setup span").count() > 0  # coloured

    eye.click()
    expect(block.locator(".setup")).to_have_count(0)
    expect(eye).to_have_attribute("aria-expanded", "false")


def test_where_the_clipboard_is_refused_everything_is_selected(page: Page):
    page.add_init_script("delete Navigator.prototype.clipboard")
    block = block_with_setup(page)
    block.locator(".copies > button").last.click()

    expect(page.get_by_role("status")).to_contain_text("Ctrl+C")
    code = "".join(block.locator("pre > code").all_text_contents())
    selected = page.evaluate("getSelection().toString()")
    assert re.sub(r"\s+", "", selected) == re.sub(r"\s+", "", code)


def test_a_second_copy_is_told_as_long_as_the_first(page: Page):
    page.clock.install()
    page.goto("layers/")
    first, second = page.locator(".copies > button:last-child").all()[:2]
    for button in first, second, first, first:
        button.click()
        expect(button).to_have_attribute("data-said", "copied")
        assert page.locator("[data-said]").count() == 1
        page.clock.run_for(1500)
    expect(first).to_have_attribute("data-said", "copied")
    expect(page.locator("p.copied")).to_contain_text("copied")

    page.clock.run_for(600)
    expect(page.locator("[data-said]")).to_have_count(0)
    expect(page.locator("p.copied")).to_have_text("")


def test_buttons_are_large_enough_and_beside_the_code(page: Page):
    for width in 320, 1280:
        page.set_viewport_size({"width": width, "height": 800})
        block = block_with_setup(page)
        code = block.locator("pre > code").last.bounding_box()
        for button in block.locator(".copies > button").all():
            box = button.bounding_box()
            assert code is not None
            assert box is not None
            assert min(box["width"], box["height"]) >= 24
            assert box["y"] + box["height"] <= code["y"] + 1


def test_without_scripts_there_are_no_buttons(browser: Browser, site_url: str):
    context = browser.new_context(java_script_enabled=False, base_url=site_url)
    page = context.new_page()
    page.goto("layers/")

    assert page.locator(".copies").count() > 5
    expect(page.locator(".copies").first).to_be_hidden()
    context.close()
