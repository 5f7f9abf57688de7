"""A figure on a page: its file and its alt text are those of the drawing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_ref.figures import tensor
from tests.documents import check, mended, messages, read
from tests.mutations.figures import figures
from tests.snippets.figures import as_markdown, is_drawn
from tests.snippets.rewrite import apply

CODE = """\
```python
import numpy as np
from rnn_ref.figures import mapping, product, readings, tensor

x = np.arange(6).reshape(3, 2)
{draw}
```

"""
FIGURE = '![{alt}](figures/{name}.svg){{title="{name}"}}\n'
H = 'h = tensor(x, axes=("N", "H_out"), name="h")'
V = 'v = tensor(x[0], axes=("H_out",), name="v", highlight=1)'


def page_of(*drawn: str, shown: str = "") -> str:
    """A page that draws figures and shows each, below its code, without an alt text."""
    names = [draw.split(" = ")[0] for draw in drawn]
    text = "".join(FIGURE.format(alt="", name=name) + "\n" for name in names)
    return CODE.format(draw="\n".join(drawn)) + text + shown


def written(text: str, folder: Path) -> str:
    """The page once it is mended; it is green."""
    page = folder / "page.md"
    text = mended(text, page)
    assert [problem.message for problem in check(text, page).problems] == []
    return text


DRAWN = '<rect x="3" opacity="0.42"/><text y="1.5">0.42</text>'


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('"0.42"', '"0.43"', True),  # the same number on either side of its rounding
        ('"0.42"', '"0.44"', False),
        (">0.42<", ">0.43<", False),
        ('"3"', '"4"', False),
        ("rect", "path", False),
        ('y="1.5"', 'y="1"', False),
        ('y="1.5"', 'y="1.6"', True),
        ('y="1.5"', 'y="2"', False),
        ('x="3"', 'x="3.1"', True),  # 3.0 is written as 3
        ('x="3"', 'x="3.2"', False),
    ],
)
def test_a_shade_may_be_on_the_edge_of_its_rounding(old: str, new: str, same: bool):
    assert is_drawn(DRAWN, DRAWN)
    assert is_drawn(DRAWN, DRAWN.replace(old, new)) is same


def test_files_and_alt_texts_are_written_and_then_compared(tmp_path: Path):
    page = tmp_path / "page.md"
    bare = page_of(H)

    (missing,) = check(bare, page).problems
    assert "h.svg is missing" in missing.message
    assert bare.split("\n")[missing.line].startswith("![](figures/h.svg)")
    text = written(bare, tmp_path)
    alt = tensor([[0, 1], [2, 3], [4, 5]], axes=("N", "H_out"), name="h").alt
    assert f"![{alt}]" in text
    (tmp_path / "figures/h.svg").write_text("<svg>drawn by hand</svg>", "utf-8")
    assert "is not what this draws" in check(text, page).problems[0].message
    assert mended(text, page) == text
    wrong = check(text.replace("N = 3 rows", "N = 2 rows"), page).problems
    assert [problem.message.split(":")[0] for problem in wrong] == ["alt text"]
    assert mended(text.replace("N = 3 rows", "L = 3 rows"), page) == text


def test_every_change_of_a_figure_is_caught(tmp_path: Path):
    text = written(page_of(H, V), tmp_path)
    tried = list(figures(read(text)))

    assert {(mutant.statement.place, mutant.change) for mutant in tried} == {
        ("alt text", "words exchanged"),
        ("alt text", "sentence left out"),
        *(("alt text", "another figure's"), ("figure's file", "another figure's")),
        ("figure's tie", "another figure's"),
    }
    for mutant in tried:
        assert check(apply(text, mutant.edits), tmp_path / "page.md").problems, mutant


UNUSUAL = {
    "brackets in a name": "h = tensor(x[0], axes=('H',), name='f(x)[0][1]')",
    "code as a name": "h = tensor(x, axes=('N', 'H'), name='x[:, None](1)')",
    "a bracket alone": "h = tensor(x, axes=('N', 'H'), name=':-[')",
    "one axis": V.replace("v = ", "h = "),
    "quotes": """h = tensor(x, axes=('N', 'H'), name='x["a"]', labels={0: ["'", '"', "b"]})""",
    "other letters": "h = tensor(x, axes=('Größe', '길이'), name='안녕')",
    "less, and, greater": "h = tensor(x, axes=('N', 'H'), name='a<b & c>d &amp;')",
    "stars, bars and ticks": "h = tensor(x, axes=('N', 'D*H'), name='**x** `y` | _z_ \\\\ $w$')",
    "a mapping": "h = mapping({'x': (x, 'AB')}, {'y': (x.T, 'BA')}, by='RNN(2, 3)[0]')",
    "a product": "h = product(x, x.T, names='xyz', axes='ABC', labels=('abc', 'de'), row=1)",
    "readings": "h = readings(x[..., None], labels=['<>', '[]', '()'], name='x')",
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual_names_are_written_and_stay_green(name: str, tmp_path: Path):
    text = written(page_of(UNUSUAL[name]), tmp_path)

    assert mended(text, tmp_path / "page.md") == text


def test_a_page_shows_several_figures_and_one_of_them_twice(tmp_path: Path):
    again = "> " + FIGURE.format(alt="", name="h") + "\n" + "On: " + FIGURE.format(alt="", name="h")
    text = written(page_of(H, V, shown=again), tmp_path)

    assert text.count("![The tensor h (3, 2)") == 3
    assert text.count("![The tensor v (2,)") == 1


def test_an_alt_text_may_go_over_several_lines(tmp_path: Path):
    text = written(page_of(H), tmp_path).replace("with its numbers", "with\nits   numbers")

    assert check(text, tmp_path / "page.md").problems == []


@given(st.text("ab_ h0[]()*`\\\"'<>&!#|{}:$~+-=.,;@é→1x/%", max_size=14))
def test_markdown_shows_an_alt_text_as_it_was(text: str):
    shown = read(f"```python\nx = 1\n```\n\n![A {as_markdown(text)}](x.svg)").events[-1].shown

    assert shown.text.split() == ["A", *text.split()]


def test_a_figure_that_nothing_draws_says_so():
    text = CODE.format(draw=H) + '![A.](h.svg)\n\n![A.](h.svg){title="x"}\n'

    assert "tied to nothing that draws it" in messages(text)[0]
    assert "x draws nothing: it is array" in messages(text)[1]
