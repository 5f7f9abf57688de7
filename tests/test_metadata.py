"""What the project says of itself where no page is: names in the navigation, descriptions."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from mkdocs.utils.yaml import yaml_load

from tests.documents import ROOT
from tests.snippets.front_matter import check_front_matter
from tests.snippets.problems import DocumentError

SITE = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
KEYS = ("site_name", "site_description", "copyright")
# What they may speak of: the package, all of it.
BODY = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "rnn_ref").rglob("*.py")))


def titles(nav: Any) -> Iterator[str]:
    """The names that the navigation gives to groups and pages; the others are the pages' own."""
    for entry in nav:
        for title, below in entry.items() if isinstance(entry, dict) else []:
            yield title
            if isinstance(below, list):
                yield from titles(below)


TEXTS = [PROJECT["description"], *(SITE[key] for key in KEYS), *titles(SITE["nav"])]


def test_they_are_found():
    assert {"Using it", "Packed sequences", SITE["site_description"]} <= set(TEXTS)


@pytest.mark.parametrize("text", TEXTS)
def test_they_state_no_number_and_no_name_that_is_not_there(text: str):
    check_front_matter(text, BODY)
    for wrong in (f"12 {text}", text + ", of twelve", f"{text}, batch_frist"):
        with pytest.raises(DocumentError):
            check_front_matter(wrong, BODY)


def test_all_say_the_same_of_the_project():
    subject = "What every axis of PyTorch's recurrent networks means"
    files = {name: (ROOT / name).read_text("utf-8") for name in ("README.md", "docs/index.md")}

    assert PROJECT["description"].startswith(subject)
    assert SITE["site_description"].startswith(subject)
    assert [name for name, text in files.items() if subject not in text] == []
