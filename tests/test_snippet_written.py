"""Markdown that an expression writes: compared line by line, and put in place by --update-docs."""

from pathlib import Path

import pytest

from tests.documents import check, mended, messages, read
from tests.reading.problems import DocumentError

CODE = """\
```python
rows = {"a": 2, "b": 3}
text = "| name | size |\\n| --- | --- |\\n"
text += "\\n".join(f"| {name} | {size} |" for name, size in rows.items())
```
"""
TABLE = """\
<!-- written by: text -->
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

    assert "docs/page.md:7: text does not write this" in messages(wrong)[0]
    assert mended(wrong, tmp_path / "page.md") == PAGE


def test_a_tie_inside_is_compared_as_everywhere():
    cell = "`2`{title=\"rows['b']\"}"
    code = CODE.replace("{size} |", "{size} |").replace('"a": 2', '"a": ' + repr(cell))

    told = messages(f"{code}\n{TABLE.replace('| a | 2 |', f'| a | {cell} |')}")

    assert told == [
        f"docs/page.md:10: documented 2, actual 3, from rows['b']\n    | | a | {cell} |"
    ]


def test_numbers_around_it_are_still_claims():
    assert "untied number 7" in messages(f"{PAGE}\nA 7.\n")[0]
    assert "untied number 7" in messages(f"A 7.\n\n{PAGE}")[0]


def test_an_expression_that_names_nothing_is_red():
    literal = PAGE.replace("written by: text", "written by: '| a | 2 |'")

    assert "tied to nothing" in messages(literal)[0]


def test_an_expression_whose_names_never_come_is_red():
    assert "name 'txt' is not defined" in messages(PAGE.replace("by: text", "by: txt"))[0]


def test_a_missing_end_is_red():
    with pytest.raises(DocumentError, match="end of what is written"):
        read(PAGE.replace("<!-- end of what is written -->\n", ""))


def test_comments_in_a_fence_are_shown_and_not_obeyed():
    table = TABLE.replace("| a | 2 |", "| a | b |").replace("3", "c")
    shown = f"{CODE}\n````{{.markdown data-notest='shows a table'}}\n{table}````\n"

    assert messages(shown) == []
