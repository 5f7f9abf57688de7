"""What the project says of itself where no page is: names in the navigation, descriptions."""

import itertools
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from mkdocs.utils.yaml import yaml_load

from tests.documents import ROOT
from tests.links import page, words
from tests.reading.front_matter import check_front_matter
from tests.reading.problems import DocumentError

SITE = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
KEYS = ("site_name", "site_description", "copyright")
# What they may speak of: the package, all of it.
BODY = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "rnn_ref").rglob("*.py")))


def entries(nav: Any) -> Iterator[tuple[str, Any]]:
    """The names that the navigation gives to groups and pages; the others are the pages' own."""
    for entry in nav:
        for title, below in entry.items() if isinstance(entry, dict) else []:
            yield title, below
            if isinstance(below, list):
                yield from entries(below)


def spoken(below: Any) -> str:
    """What a page says: the navigation may call it by names that it spells."""
    return (ROOT / "docs" / below).read_text("utf-8") if isinstance(below, str) else ""


ENTRIES = list(entries(SITE["nav"]))
TEXTS = dict.fromkeys((PROJECT["description"], *(SITE[key] for key in KEYS)), BODY)
TEXTS |= {title: BODY + spoken(below) for title, below in ENTRIES}
NAMED = [(title, below) for title, below in ENTRIES if str(below).startswith("api/")]


def test_they_are_found():
    assert {"Using it", "Packed sequences", SITE["site_description"]} <= TEXTS.keys()


@pytest.mark.parametrize("text", TEXTS)
def test_they_state_no_number_and_no_name_that_is_not_there(text: str):
    check_front_matter(text, TEXTS[text])
    for wrong in (f"12 {text}", text + ", of twelve", f"{text}, batch_frist"):
        with pytest.raises(DocumentError):
            check_front_matter(wrong, TEXTS[text])


def is_named(title: str, file: str) -> bool:
    return words(title) <= page(file).top


def test_a_page_speaks_of_what_the_navigation_calls_it():
    assert len(NAMED) > 5
    assert [(title, file) for title, file in NAMED if not is_named(title, file)] == []
    for (one, its), (other, mine) in itertools.combinations(NAMED, 2):
        assert not (is_named(one, mine) and is_named(other, its)), "exchanged, they look right too"


def test_all_say_the_same_of_the_project():
    subject = "What every axis of PyTorch's recurrent networks means"
    files = {name: (ROOT / name).read_text("utf-8") for name in ("README.md", "docs/index.md")}

    assert PROJECT["description"].startswith(subject)
    assert SITE["site_description"].startswith(subject)
    assert [name for name, text in files.items() if subject not in text] == []
