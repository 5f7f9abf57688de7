"""Axes have the colours of the figures in text and code too, and only where they are certain."""

import ast
import re
from pathlib import Path
from typing import Any

import markdown
import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st

from docs._extensions import axes, proof
from rnn_ref.figures import AXIS_COLOURS
from rnn_ref.shapes import SYMBOLS, Config, cell_rule, evaluate, rule
from tests.documents import ROOT
from tests.markup import parsed

CSS = (ROOT / "docs/assets/styles/axes.css").read_text("utf-8")
RULED = {
    "rule": ("input", "h_0", "c_0", "output", "h_n", "c_n", "weight_ih_l0", "bias_hh_l[k]"),
    "cell_rule": ("input", "h_0", "c_1", "weight_hh", "bias_ih"),
}
EXTENSIONS = ["attr_list", "tables", "pymdownx.highlight", "pymdownx.superfences"]


def page(text: str) -> BeautifulSoup:
    ours = [axes.AxisPages(), proof.ProofPages()]
    return BeautifulSoup(markdown.markdown(text, extensions=[*EXTENSIONS, *ours]), "html.parser")


def coloured(html: BeautifulSoup | Tag) -> list[tuple[str, str]]:
    return [(b.get_text(), " ".join(b["class"])) for b in html.select("b")]


def last_factor(dimension: str) -> str:
    return dimension.rsplit("*", maxsplit=1)[-1]


def test_the_style_has_the_colours_of_the_figures():
    light, dark = CSS.split("@media screen")
    for scheme, part in enumerate((light, dark)):
        stated = re.findall(r"--(\w+): (#[0-9a-f]{6})", part)
        assert stated == [(axis, shades[scheme]) for axis, shades in AXIS_COLOURS.items()]
    used = dict(re.findall(r"b\.(\w+) { color: var\(--(\w+)\); }", CSS))
    assert used == {axis: axis for axis in AXIS_COLOURS}


@given(st.data())
def test_a_shape_in_letters_has_the_colours_of_its_axes(data: st.DataObject):
    call = data.draw(st.sampled_from(sorted(RULED)))
    name = data.draw(st.sampled_from(RULED[call]))
    shape = {"rule": rule, "cell_rule": cell_rule}[call](name)

    found = coloured(page(f"""`{shape}`{{title="{call}('{name}')"}}"""))

    assert found == [(size, last_factor(size)) for size in shape]


@given(st.sampled_from(RULED["rule"][:6]), st.booleans(), st.booleans())
def test_words_and_numbers_follow_their_rule(name: str, batched: bool, batch_first: bool):
    shape = rule(name, batched=batched, batch_first=batch_first)
    tie = f"rule('{name}', batched={batched}, batch_first={batch_first})"
    config = Config("LSTM", 7, 13, num_layers=3, bidirectional=True, proj_size=11)
    numbers = str(evaluate(shape, {**config.sizes, "L": 5, "N": 17}))
    words = [f"word {size[-1]}" for size in shape]

    cell = page(f'| a |\n| --- |\n| `{shape}`{{title="{tie}"}}<br>`{numbers}`{{title="x.shape"}} |')
    text = page(f'Axes *{", ".join(words)}*{{title="{tie}"}}.')

    expected = [last_factor(size) for size in shape]
    assert [axis for _, axis in coloured(cell)] == expected * 2
    sizes = re.findall(r"\d+", numbers)
    assert [size for size, _ in coloured(cell)][len(shape) :] == sizes
    assert coloured(text) == list(zip(words, expected, strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`N` and `D*H_out`", [("N", "N"), ("D*H_out", "H_out")]),
        ('`4`{title="H_in"}', [("4", "H_in")]),
        ('`(3, 5, 4)`{title="(N, L, H_in)"}', [("3", "N"), ("5", "L"), ("4", "H_in")]),
        ('`(1, 5, 2)`{title="rnn.num_layers, len(x), rnn.hidden_size"}', [("1", "num_layers")]),
        ('`(N, S)`{title="symbols(targets)"}', [("N", "N")]),
        # What may be another's, or anything.
        ('`(3, 5, 4)`{title="output.shape"}', []),
        ('`3`{title="len(words)"}', []),
        ("`(N, T, D)`{title=\"texts['CS231n'].shape\"}", []),
        ("`(N, T, D)`", []),
        ("`D` is the number of features in CS231n.", []),
        ("| a |\n| --- |\n| `N` in CS231n<br>`L` in d2l formulas |", []),
        ("`G`, `H`, `Nothing`, `x[N]`, `L=5`, `n`", []),
        ("# `N` of a title\n\n[`L`](x.md)", []),
        ("*batch first*{title=\"rule('input', batch_first=True)\"}", []),
        ('*many*{title="rules(\'input\')"} *more*{title="rule(name)"} *no*{title="rule("}', []),
        ('| a |\n| --- |\n| `(3, 5)`{title="x.shape"} and `(5, 3)`{title="y.shape"} |', []),
        ("| a |\n| --- |\n| `(N, L)`{title=\"rule('input', batched=False)\"}, `(3, 5)` |", None),
    ],
)
def test_only_what_is_certain_has_a_colour(text: str, expected: list[tuple[str, str]] | None):
    found = coloured(page(text))
    if expected is None:  # the letters, and not the numbers that follow on the same line
        assert [size for size, _ in found] == ["N", "L"]
    else:
        assert found == expected


FIGURE = "x (3, 5, 4) with the axes N, L, H_in; y (3, 5, 2) with the axes N, L, D*H_out."


@pytest.mark.parametrize(
    ("alt", "tied", "expected"),
    [
        (FIGURE, '`(3, 5, 4)`{title="x.shape"}', ["N", "L", "H_in"]),
        (FIGURE, '`(3, 5, 2)`{title="y.shape"}', ["N", "L", "H_out"]),
        (FIGURE, '`(5, 3, 4)`{title="x.shape"}', []),
        (FIGURE, '`(3, 5, 4)`{title="z.shape"}', []),
        (FIGURE, '`(3, 5)`{title="x.shape[:2]"}', []),
        (f"{FIGURE} x (3, 5, 4) with the axes L, N, H_in", '`(3, 5, 4)`{title="x.shape"}', []),
        ("The tensor x (3, 5, 4).", '`(3, 5, 4)`{title="x.shape"}', []),
    ],
)
def test_a_tensor_that_is_drawn_has_the_axes_of_its_figure(
    alt: str, tied: str, expected: list[str]
):
    assert [axis for _, axis in coloured(page(f"{tied}\n\n![{alt}](x.svg)"))] == expected


def test_comments_have_colours_and_keep_their_text():
    code = "x = f(N, L)  # (N, L, H_in), () and (3, 5)\n#> (3, 5)\n# (D*num_layers, other)\n"
    block = page(f"```python\n{code}```")

    assert coloured(block) == [
        *((axis, axis) for axis in ("N", "L", "H_in")),
        ("D*num_layers", "num_layers"),
    ]
    assert block.get_text().strip("\n") == code.strip("\n")


@given(st.text("NLDH_in(), *0123<&", max_size=20))
def test_no_text_is_lost(text: str):
    shown = page(f"`` {text} ``").get_text()
    plain = markdown.markdown(f"`` {text} ``", extensions=EXTENSIONS)
    assert shown == BeautifulSoup(plain, "html.parser").get_text()


def told(tie: str) -> tuple[str, ...] | None:
    """The shape in letters that a tie stands for, if it is the call of a rule."""
    call = ast.parse(tie, mode="eval").body
    if not isinstance(call, ast.Call) or ast.unparse(call.func) not in RULED:
        return None
    names: dict[str, Any] = {"rule": rule, "cell_rule": cell_rule}
    shape: tuple[str, ...] = eval(tie, names)
    return shape


def test_no_page_gives_an_axis_the_colour_of_another(built_site: Path):
    """What is coloured is its own letter, or tied to a rule or a name that says so."""
    seen = 0
    for file in built_site.rglob("index.html"):
        alts = [str(image["alt"]) for image in parsed(file.read_text("utf-8")).select("img[alt]")]
        for mark in parsed(file.read_text("utf-8")).select("article b[class]"):
            text, axis = mark.get_text(), " ".join(mark["class"])
            assert axis in AXIS_COLOURS, mark
            holder = mark.parent
            assert holder is not None
            seen += 1
            if set(text.split("*")) <= set(SYMBOLS):
                assert last_factor(text) == axis, (file, holder)
            elif drawn := [alt for alt in alts if stated(holder) in alt]:
                assert text == size_in_figure(holder, axis, drawn[0]), (file, holder)
            else:
                assert axis in sources(holder), (file, holder)
    assert seen > 100


def stated(holder: Tag) -> str:
    """What the alt text of a figure says before it names the axes of a tensor."""
    name = str(holder.get("title", "")).removesuffix(".shape")
    return f"{name} {holder.get_text()} with the axes "


def size_in_figure(holder: Tag, axis: str, alt: str) -> str:
    """The size that a figure gives to an axis of the tensor."""
    axes = [last_factor(part) for part in re.split(r", |[.;]", alt.split(stated(holder))[1])]
    return holder.get_text().strip("()").split(", ")[axes.index(axis)]


def sources(holder: Tag) -> set[str]:
    """The axes that the tie of a number or a word speaks of, or that of the letters above it."""
    title = str(holder.get("title", ""))
    shape = told(title) if title else None
    cell = holder.find_parent("td")
    first = cell.select_one("code") if cell else None
    above = first.get_text() if first else ""
    letters = shape or re.split(r"[^\w*]+", f"{title} {above}")
    return {last_factor(size).replace("input_size", "H_in") for size in letters}
