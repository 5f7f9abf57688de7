"""Figures on pages: each keeps its place until it has come, and has a caption and an address."""

import struct
from collections.abc import Iterator
from pathlib import Path

import markdown
import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.exceptions import PluginError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from docs._extensions import figures, images
from tests import hooks
from tests.documents import ROOT
from tests.markup import parsed

CAPTION = {"pymdownx.blocks.caption": {"types": [{"name": "caption", "prefix": "Figure {}."}]}}
DRAWING = "figures/layers-stacked.svg"
PAGE = f"""
![Cells]({DRAWING}){{title="picture"}}

/// caption
What it `shows`{{title="x"}}.
///

![More cells](../figures/layers-dropout.svg)

![None such](missing.svg)
"""


def page(text: str) -> BeautifulSoup:
    extensions = ["attr_list", "pymdownx.blocks.caption", figures.FigurePages()]
    html = markdown.markdown(text, extensions=extensions, extension_configs=CAPTION)
    return BeautifulSoup(html, "html.parser")


def sides(image: Tag) -> tuple[object, object]:
    return image.get("width"), image.get("height")


def test_an_image_says_how_large_it_is():
    root = parsed((ROOT / "docs" / DRAWING).read_text("utf-8")).select_one("svg")
    first, second, missing = page(PAGE).select("img")

    assert sides(first) == sides(root)
    assert None not in sides(second)
    assert sides(missing) == (None, None)


def test_the_tie_of_an_image_is_no_tooltip_and_that_of_a_caption_is():
    assert [tag["title"] for tag in page(PAGE).select("[title]")] == ["x"]


def test_images_after_the_first_come_when_they_are_near():
    assert [image.get("loading") for image in page(PAGE).select("img")] == [None, "lazy", "lazy"]


def test_a_figure_is_called_as_its_image_and_its_number_leads_there():
    figure = page(PAGE).select_one("figure")
    number = figure.select_one("figcaption a")

    assert figure["id"] == "figure-layers-stacked"
    assert (number.get_text(), number["href"]) == ("Figure 1.", "#figure-layers-stacked")


def test_a_figure_that_is_shown_again_has_an_address_of_its_own():
    figures = page(f"{PAGE}\n{PAGE}").select("figure")

    assert [one["id"] for one in figures] == [
        "figure-layers-stacked",
        "figure-layers-stacked-again",
    ]
    assert [one.a["href"] for one in figures] == [f"#{one['id']}" for one in figures]


@given(width=st.integers(1, 9999), height=st.integers(1, 9999))
def test_the_size_of_a_png_is_read(width: int, height: int):
    head = images.PNG + struct.pack(">I4sII", 13, b"IHDR", width, height)
    assert images.size_of_png(head) == (width, height)


@given(
    width=st.integers(1, 999), height=st.integers(1, 999), unit=st.sampled_from(["", "px", "pt"])
)
def test_the_size_of_a_drawing_is_read_in_pixels(width: int, height: int, unit: str):
    points = unit == "pt"  # a point is a 72nd of an inch, a pixel a 96th
    root = f'<svg height="{height}{unit}" width="{width}{unit}" stroke-width="3">'
    expected = tuple(round(side * 96 / 72) if points else side for side in (width, height))
    assert images.size_of_svg(f'<?xml version="1.0"?>\n{root}') == expected


def test_a_drawing_that_does_not_say_its_size_has_none():
    assert images.size_of_svg('<svg viewBox="0 0 3 5"><rect width="3" height="5"/></svg>') is None


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="30pt" height="60pt"><title>A dot.</title></svg>'
)


def lab(*texts: str) -> str:
    """The page of a lab that shows a plot, and cells of text behind it."""
    plot = new_output("display_data", {"image/svg+xml": SVG})
    title, shown = new_markdown_cell("# A lab\n"), new_code_cell("plt.show()", outputs=[plot])
    cells = [title, shown, *map(new_markdown_cell, texts)]
    text: str = hooks.load("lab_pages").as_page(new_notebook(cells=cells), "a", "").text
    return text


def test_a_cell_that_begins_as_a_caption_is_that_of_the_plot_above_it():
    text = lab("*Figure:* What it shows.\nAnd more.\n\nText.", "Other text.")
    shown = page(text.replace("/// figure-caption", "/// caption"))
    first, again = shown.select("figure")  # a lab begins with its result
    assert (first["id"], again["id"]) == ("figure-a-1", "figure-a-1-again")
    assert sides(first.img) == sides(again.img) == ("40", "80")
    assert first.figcaption.get_text(" ", strip=True) == "Figure 1. What it shows.\nAnd more."
    assert [p.get_text() for p in again.find_next_siblings("p")] == ["Text.", "Other text."]


def test_a_caption_below_no_plot_is_refused():
    with pytest.raises(PluginError, match="stands below no plot; put the cell behind one"):
        lab("Text.", "*Figure:* What it shows.")


def faults(article: Tag) -> Iterator[str]:
    """Say what the images of a page lack."""
    for image in article.select("img"):
        yield from (f"no {what}" for what in ("width", "height", "alt") if not image.get(what))
        if image.get("title"):
            yield f"the tooltip {image['title']}"
        figure = image.find_parent("figure")
        number = figure.select_one("figcaption a[href]") if figure else None
        if not figure or not figure.get("id") or not number:
            yield f"{image['src']} without caption, number or id"
        elif number["href"] != f"#{figure['id']}":
            yield f"{number['href']} leads away from {figure['id']}"


def test_every_figure_of_the_site_is_whole(built_site: Path):
    found = {}
    for file in sorted(built_site.rglob("*.html")):
        name = str(file.parent.relative_to(built_site))
        article = parsed(file.read_text("utf-8")).select_one("article")
        if article and name != ".":
            found[name] = [*faults(article)]
    assert {name: lacking for name, lacking in found.items() if lacking} == {}


def test_every_image_of_the_site_keeps_its_place(built_site: Path):
    images = {
        (file.name, image.get("src")): image
        for file in built_site.rglob("*.html")
        for image in parsed(file.read_text("utf-8")).select("article img")
    }
    assert len(images) > 20
    assert [name for name, image in images.items() if None in sides(image)] == []
    assert [name for name, image in images.items() if not image.get("alt")] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('width="3"', ""),
        ('alt="x"', ""),
        ("<img", "<img title='tie'"),
        ('id="figure-x"', ""),
        ('href="#figure-x"', 'href="#figure-y"'),
        ("figcaption", "p"),
    ],
)
def test_the_look_at_figures_can_fail(old: str, new: str):
    whole = (
        '<figure id="figure-x"><img src="x.svg" alt="x" width="3" height="5">'
        '<figcaption><a href="#figure-x">1</a></figcaption></figure>'
    )
    assert [*faults(BeautifulSoup(whole, "html.parser"))] == []
    assert [*faults(BeautifulSoup(whole.replace(old, new), "html.parser"))] != []
