"""How to install `rnn_ref` stands once on each page that imports it, above the first such block."""

import re
from pathlib import Path

import pytest
from bs4 import Tag
from markdown import Markdown

from docs._extensions.installing import InstallingPages
from tests.markup import parsed

LINE = re.compile(r"rnn_ref is this site's NumPy reference: pip install rnn-ref, or from source\.")
IMPORT = re.compile(r"^ *(?:import|from) rnn_ref\b", re.MULTILINE)
EXTENSIONS = ["attr_list", "admonition", "pymdownx.details", "pymdownx.superfences"]


def converted(text: str) -> str:
    ours = InstallingPages(source="https://example.org/source")
    return Markdown(extensions=[*EXTENSIONS, ours]).convert(text)


@pytest.mark.parametrize(
    "above",
    [
        "```python\nimport torch\n```\n\n",
        '```{.text data-x="y"}\n````python\n```\n\n',
        "Text that says import rnn_ref, and\nimport rnn_ref\n\n",
        "",
    ],
)
@pytest.mark.parametrize("statement", ["import rnn_ref", "from rnn_ref.cells import linear"])
@pytest.mark.parametrize("fence", ["```", "````"])
def test_it_stands_above_the_first_block_that_imports(above: str, statement: str, fence: str):
    block = f"{fence}python\nx = 1\n{statement}\n{fence}\n\n"
    page = parsed(converted(f"{above}Before.\n\n{block}After.\n\n{block}"))
    (line,) = page.select(".installing")

    assert LINE.search(line.get_text())
    assert line.select_one("a")["href"] == "https://example.org/source"
    assert line.find_previous_sibling("p").get_text() == "Before."
    following = line.find_next_sibling()
    assert isinstance(following, Tag)
    assert statement in following.get_text()


def test_it_stands_in_the_box_of_the_block():
    page = parsed(converted('!!! note "A box"\n\n    ```python\n    import rnn_ref\n    ```\n'))

    assert LINE.search(page.select_one(".admonition > .installing").get_text())


def test_it_is_not_folded_away():
    folded = '??? note "A fold"\n\n    Text.\n\n    ```python\n    import rnn_ref\n    ```\n\n'
    alone = parsed(converted(f"Before.\n\n{folded}After."))
    both = parsed(converted(f"Before.\n\n{folded}After.\n\n```python\nimport rnn_ref\n```\n"))

    assert [line.find_next_sibling().name for line in alone.select(".installing")] == ["details"]
    assert [line.find_previous_sibling("p").get_text() for line in both.select(".installing")] == [
        "After."
    ]


@pytest.mark.parametrize(
    "text", ["Text.", "import rnn_ref", "```python\nimport rnn_reference\n```", "```text\nno\n```"]
)
def test_other_pages_are_left_alone(text: str):
    assert converted(text) == Markdown(extensions=EXTENSIONS).convert(text)


def test_each_page_of_the_site_has_it_where_it_imports(built_site: Path):
    found = 0
    for file in built_site.rglob("index.html"):
        page = parsed(file.read_text("utf-8"))
        lines = page.select("article .installing")
        uses = [code for code in page.select("article pre") if IMPORT.search(code.get_text())]
        assert len(lines) == bool(uses), file
        if uses:
            first = next((use for use in uses if not use.find_parent("details")), uses[0])
            assert LINE.search(lines[0].get_text())
            assert not lines[0].find_parent("details")
            assert lines[0] in first.find_all_previous("p"), file
        found += len(lines)
    assert found > 30
