"""Markdown that an expression writes: compared line by line, and put in place by --update-docs."""

from pathlib import Path

import pytest

from tests.documents import check, mended, messages, read
from tests.reading.problems import DocumentError

CODE = """\
```python
from rnn_ref import tables

sizes = {"a": 2, "b": 3}
rows = [(name, str(size)) for name, size in sizes.items()]
```
"""
EXPRESSION = 'tables.table(("name", "size"), rows)'
TABLE = f"""\
<!-- written by: {EXPRESSION} -->
| name | size |
| --- | --- |
| a | 2 |
| b | 3 |
<!-- end of what is written -->
"""
PAGE = f"{CODE}\n{TABLE}"


def test_what_the_expression_writes_passes_also_above_its_code():
    assert messages(PAGE) == []
    assert messages(f"{TABLE}\n{CODE}") == []
    assert check(PAGE).compared == 1


def test_it_is_shown_as_a_table():
    claims = [event for event in read(PAGE).events if getattr(event, "place", "") == "table"]

    assert [claim.shown.text for claim in claims] == ["2", "3"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("| a | 2 |", "| a | 3 |"),
        ("| a | 2 |", "| c | 2 |"),
        ("| a | 2 |\n", ""),
        ("| b | 3 |\n", "| b | 3 |\n| c | 4 |\n"),
        ("| a | 2 |\n| b | 3 |", "| b | 3 |\n| a | 2 |"),
        ("| name | size |\n| --- | --- |\n| a | 2 |\n| b | 3 |\n", ""),
    ],
)
def test_anything_else_is_red_and_update_puts_it_right(old: str, new: str, tmp_path: Path):
    wrong = PAGE.replace(old, new)

    assert f"docs/page.md:8: {EXPRESSION} does not write this" in messages(wrong)[0]
    assert mended(wrong, tmp_path / "page.md") == PAGE


def test_a_tie_inside_is_compared_as_everywhere():
    cell = "`2`{title=\"sizes['b']\"}"
    code = f"{CODE.removesuffix('```' + chr(10))}rows[0] = ('a', {cell!r})\n```\n"

    told = messages(f"{code}\n{TABLE.replace('| a | 2 |', f'| a | {cell} |')}")

    assert told == [
        f"docs/page.md:12: documented 2, actual 3, from sizes['b']\n    | | a | {cell} |"
    ]


def test_numbers_around_it_are_still_claims():
    assert "untied number 7" in messages(f"{PAGE}\nA 7.\n")[0]
    assert "untied number 7" in messages(f"A 7.\n\n{PAGE}")[0]


@pytest.mark.parametrize(
    "expression",
    [
        "'| a | 2 |'",
        "f'| a | {sizes[\"a\"]} |'",
        "str(rows)",
        "tables.table(('name', 'size'), rows) + ''",
        "tables.table(('name', 'size'), [('a', '2')])",
        "tables.table(('name', 'size'), rows=[(name, '2') for name in sizes])",
        "tables.table(('name', 'size 2'), rows)",
        "tables.symbols(L=5, N=3)",
        "written()",
    ],
)
def test_an_expression_that_could_write_anything_is_red(expression: str):
    code = CODE.replace("rows =", "written = lambda: '| a | 2 |'\nrows =")
    literal = TABLE.replace(EXPRESSION, expression)

    assert "could write anything" in messages(f"{code}\n{literal}")[0]


def test_an_expression_whose_names_never_come_is_red():
    assert "name 'row' is not defined" in messages(PAGE.replace("rows) -->", "row) -->"))[0]


def test_a_missing_end_is_red():
    with pytest.raises(DocumentError, match="end of what is written"):
        read(PAGE.replace("<!-- end of what is written -->\n", ""))


def test_comments_in_a_fence_are_shown_and_not_obeyed():
    table = TABLE.replace("| a | 2 |", "| a | b |").replace("3", "c")
    shown = f"{CODE}\n````{{.markdown data-notest='shows a table'}}\n{table}````\n"

    assert messages(shown) == []
