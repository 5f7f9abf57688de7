"""What readers may call is documented on the built site, once, and reads as it should."""

import re
from pathlib import Path

import pytest

from tests import reference
from tests.markup import parsed
from tests.test_docstrings import SHAPE, is_ours, prose


@pytest.fixture(scope="module")
def pages(built_site: Path) -> dict[str, str]:
    files = sorted(built_site.rglob("*.html"))
    return {str(file.relative_to(built_site)): file.read_text("utf-8") for file in files}


@pytest.fixture(scope="module")
def shown(pages: dict[str, str]) -> dict[str, list[str]]:
    """The names that each page of the API documents."""
    names = {path: reference.objects_on(html) for path, html in pages.items()}
    return {path: of_page for path, of_page in names.items() if of_page}


def unshown(shown: dict[str, list[str]]) -> set[str]:
    return set(reference.public()).difference(*shown.values())


def test_every_public_name_is_on_a_page(shown: dict[str, list[str]]):
    assert unshown(shown) == set()


def test_of_a_wing_exactly_what_its_face_names_is_public():
    wings = [module for module in reference.PACKAGE.modules.values() if module.is_subpackage]
    assert wings
    for wing in wings:
        inside = [name for name in reference.public() if name.startswith(f"{wing.path}.")]
        called = {name for name in wing.exports if reference.is_code(wing.members[name])}
        assert {name.split(".")[2] for name in inside} == called, wing.path


def test_a_page_that_is_missing_would_be_noticed(shown: dict[str, list[str]]):
    assert len(shown) >= 5
    for path in shown:
        rest = {other: names for other, names in shown.items() if other != path}
        assert unshown(rest), path


def test_nothing_is_documented_twice_or_private(shown: dict[str, list[str]]):
    names = [name for of_page in shown.values() for name in of_page]

    assert len(set(names)) == len(names)
    assert [name for name in names if re.search(r"\._(?!_(call|new)__$)", name)] == []


def test_shapes_in_docstrings_are_shown_as_code(pages: dict[str, str], shown: dict[str, list[str]]):
    compared = 0
    for path, names in shown.items():
        spelled = {code.get_text() for code in parsed(pages[path]).select("code")}
        for name in names:
            text = prose(getattr(reference.find(name).docstring, "value", ""))
            for shape in filter(is_ours, SHAPE.findall(text)):
                assert re.sub(r"\s+", " ", shape) in spelled, name
                compared += 1

    assert compared > 50


def test_no_asterisk_of_a_shape_is_taken_for_emphasis(pages: dict[str, str]):
    for path, html in pages.items():
        assert parsed(html).select(".doc-contents em") == [], path


def test_a_signature_shows_its_annotations(pages: dict[str, str], shown: dict[str, list[str]]):
    (path,) = (path for path, names in shown.items() if "rnn_ref.LSTM" in names)
    heading = parsed(pages[path]).find(id="rnn_ref.LSTM")

    signature = heading.find_next(class_="doc-signature").get_text()

    assert "input_size: int," in signature
    assert "bidirectional: bool = False," in signature
