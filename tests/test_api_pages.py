"""What readers may call is documented on the built site, once, and reads as it should."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests import reference
from tests.test_docstrings import SHAPE, is_ours, prose


@pytest.fixture(scope="module")
def pages(built_site: Path) -> dict[str, str]:
    files = sorted(built_site.rglob("*.html"))
    return {str(file.relative_to(built_site)): file.read_text() for file in files}


def documented(pages: dict[str, str]) -> list[str]:
    return [name for html in pages.values() for name in reference.objects_on(html)]


def test_every_public_name_is_on_a_page(pages: dict[str, str]):
    assert set(reference.public()) - set(documented(pages)) == set()


def test_a_page_that_is_missing_would_be_noticed(pages: dict[str, str]):
    shown = {path for path, html in pages.items() if reference.objects_on(html)}
    assert len(shown) >= 5
    for path in shown:
        rest = {other: html for other, html in pages.items() if other != path}
        assert set(reference.public()) - set(documented(rest)), path


def test_nothing_is_documented_twice_or_private(pages: dict[str, str]):
    names = documented(pages)

    assert len(set(names)) == len(names)
    assert [name for name in names if re.search(r"\._(?!_(call|new)__$)", name)] == []


def test_shapes_in_docstrings_are_shown_as_code(pages: dict[str, str]):
    shown = 0
    for html in pages.values():
        spelled = [code.get_text() for code in BeautifulSoup(html, "html.parser").select("code")]
        for name in reference.objects_on(html):
            text = prose(getattr(reference.find(name).docstring, "value", ""))
            for shape in filter(is_ours, SHAPE.findall(text)):
                assert re.sub(r"\s+", " ", shape) in spelled, name
                shown += 1

    assert shown > 50


def test_no_asterisk_of_a_shape_is_taken_for_emphasis(pages: dict[str, str]):
    for path, html in pages.items():
        assert BeautifulSoup(html, "html.parser").select(".doc-contents em") == [], path


def test_a_signature_shows_its_annotations(pages: dict[str, str]):
    (html,) = (html for html in pages.values() if "rnn_ref.LSTM" in reference.objects_on(html))
    soup = BeautifulSoup(html, "html.parser")

    signature = soup.find(id="rnn_ref.LSTM").find_next(class_="doc-signature").get_text()

    assert "input_size: int," in signature
    assert "bidirectional: bool = False," in signature
