"""Cells are named after their columns, and long code may break, but never inside a name."""

import itertools
import re
from xml.etree.ElementTree import Element

import markdown
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from docs._extensions import narrow

WORDS = st.text("abz_ 0(=.é", min_size=1, max_size=12).map(str.strip).filter(bool)


def page(text: str) -> BeautifulSoup:
    extensions = ["attr_list", "tables", narrow.NarrowPages()]
    return BeautifulSoup(markdown.markdown(text, extensions=extensions), "html.parser")


def broken(text: str) -> Element:
    code = Element("code")
    code.text = text
    narrow.let_break(code)
    return code


@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=2, max_size=4))
def test_each_cell_is_named_after_its_column(rows: list[list[str]]):
    lines = [rows[0], ["---"] * 3, *rows[1:]]
    table = page("\n".join(f"| {' | '.join(line)} |" for line in lines))

    names = [" ".join(head.get_text().split()) for head in table.select("th")]
    assert len(names) == 3
    for row in table.select("tbody tr"):
        labels = [str(cell["data-label"]).replace("\u200b", "") for cell in row.select("td")]
        assert labels == names


def test_a_name_is_plain_text_and_parts_keep_their_roles():
    table = page("| `x=1` of *it* | b |\n| --- | --- |\n| `(3, 5)`{title='x'} | d |")

    assert [cell["data-label"] for cell in table.select("td")] == ["x=\u200b1 of it", "b"]
    assert {part.name: part["role"] for part in table.select("[role]")} == narrow.ROLES
    assert str(table.select_one("td code")) == '<code title="x">(3, 5)</code>'


@given(st.text("ab_0.=(['/, -&", max_size=60))
def test_code_breaks_only_when_long_and_never_in_a_name(text: str):
    code = broken(text)
    pieces = list(code.itertext())

    assert "".join(pieces) == text
    assert (code.get("class") == "long") is (len(text) > narrow.WHOLE)
    if len(text) <= narrow.WHOLE:
        assert len(code) == 0
    for before, after in itertools.pairwise(pieces):
        assert not re.search(r"\w\Z", before) or not re.match(r"\w", after)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("torch.nn.utils.rnn.pack_padded_sequence", 5),
        ("return_sequences=False", 2),
        ("(D*num_layers, N, D*H_out)", 1),  # at its blanks
        ("batch_first=True", 1),
    ],
)
def test_where_code_breaks(text: str, lines: int):
    assert len(broken(text)) + 1 == lines


def test_characters_are_counted_as_they_are_read():
    assert not page("`a < b && c > d`").select(".long")
    assert page("`a < b && c > d && e < f`").select(".long")


def test_blocks_of_code_are_left_alone():
    block = page("    " + "x" * 40 + ".y(z)")
    assert not block.select(".long, wbr")
