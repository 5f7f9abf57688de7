"""What other sites show of a link: each page names its picture, and the picture is there."""

import io
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mkdocs.config import load_config
from PIL import Image, ImageChops

from docs._finish.cards import MARGIN, PAPER, SIZE, card
from tests.conftest import ROOT
from tests.markup import parsed

HEAVIEST = 30_000  # bytes
SITE = load_config(str(ROOT / "mkdocs.yml"))


def said(file: Path) -> dict[str, str]:
    tags = parsed(file.read_text(encoding="utf-8")).select(
        "meta[property^='og:'], meta[name^='twitter:']"
    )
    return {str(tag.get("property") or tag["name"]): str(tag["content"]) for tag in tags}


def test_every_page_says_what_it_is(built_site: Path):
    for file in built_site.rglob("index.html"):
        soup, tags = parsed(file.read_text(encoding="utf-8")), said(file)
        (description,) = soup.select("meta[name=description]")
        (canonical,) = soup.select("link[rel=canonical]")
        assert tags["og:site_name"] == SITE.site_name
        assert tags["og:url"] == canonical["href"]
        assert tags["og:description"] == description["content"]
        assert tags["og:title"]
        assert tags["twitter:card"] == "summary_large_image"


def test_every_picture_is_there_and_light(built_site: Path):
    named = {file: said(file)["og:image"] for file in built_site.rglob("*.html")}
    assert len(set(named.values())) == len(named)
    for file, address in named.items():
        assert address.startswith(SITE.site_url), file
        picture = built_site / address.removeprefix(SITE.site_url)
        assert picture.stat().st_size <= HEAVIEST, address
        with Image.open(picture, formats=["PNG"]) as image:
            assert (image.size, image.format) == (SIZE, "PNG")


WORDS = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=24)
TEXTS = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)


@settings(max_examples=15)
@example(title="J", description="J")
@given(title=TEXTS, description=TEXTS)
def test_no_text_leaves_its_place(title: str, description: str):
    """The margins are paper, whatever a title says; the logo's colours are the last line."""
    image = card("RNN Shapes", title, description).convert("RGB")
    paper = image.getpixel((1, 1))
    hung = MARGIN - 24  # a J reaches to the left of where its line begins
    for box in [(0, 0, hung, SIZE[1] - 17), (0, 0, SIZE[0], hung)]:
        margin = image.crop(box)
        assert margin.getcolors() == [(margin.width * margin.height, paper)]
    below = image.crop((0, SIZE[1] - 30, SIZE[0], SIZE[1] - 17))
    assert below.getcolors() == [(below.width * below.height, paper)]


def written(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_the_same_words_give_the_same_bytes():
    assert written(card("Site", "A", "B")) == written(card("Site", "A", "B"))


@pytest.mark.parametrize("words", [("Other", "A", "B"), ("Site", "C", "B"), ("Site", "A", "C")])
def test_other_words_give_another_picture(words: tuple[str, str, str]):
    one, other = (card(*each).convert("RGB") for each in (("Site", "A", "B"), words))
    assert ImageChops.difference(one, other).getbbox()


def test_its_ground_is_the_sites():
    colours = (ROOT / "docs/assets/styles/palette.css").read_text(encoding="utf-8")
    assert f"--md-default-bg-color: {PAPER}" in colours
