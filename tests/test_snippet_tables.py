"""A table's ties speak of their row and of their column: what is exchanged is red."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_ref import tables as written
from tests.documents import MARKDOWN, messages, read
from tests.mutations.tables import tables
from tests.reading.document import Document
from tests.reading.document_cache import read_text
from tests.reading.problems import DocumentError, Problem
from tests.snippets.rewrite import apply
from tests.snippets.sizes import check_sizes, is_tied

CODE = """\
```python
import torch
from rnn_ref import tables
from rnn_ref.shapes import rule

rnn = torch.nn.RNN(4, 2, batch_first=True)
x = torch.randn(3, 5, 4)
h_0 = torch.zeros(1, 3, 2)
output, h_n = rnn(x, h_0)
made = {"many to one": output[:, -1], "aligned": output}
```

"""
TIES = {
    "RULE": "`(L, N, D*H_out)`{title=\"rule('output')\"}",
    "FIRST": "`(N, L, D*H_out)`{title=\"rule('output', batch_first=True)\"}",
    "STATE": "`(D*num_layers, N, H_out)`{title=\"rule('h_n', batch_first=True)\"}",
    "BEGIN": "`(D*num_layers, N, H_out)`{title=\"rule('h_0')\"}",
    "SAME": "*the same*{title=\"rule('h_n') == rule('h_n', batched=True)\"}",
    "HERE": '`(3, 5, 2)`{title="output.shape"}',
    "LAST": '`(1, 3, 2)`{title="h_n.shape"}',
    "X": '`(3, 5, 4)`{title="x.shape"}',
    "STEP": '`(3, 2)`{title="output[:, -1].shape"}',
    "ONE": "`(3, 2)`{title=\"made['many to one'].shape\"}",
    "ALL": "`(3, 5, 2)`{title=\"made['aligned'].shape\"}",
    "YES": "*yes*{title=\"torch.equal(made['many to one'], h_n[-1])\"}",
    "NO": "*no*{title=\"torch.equal(made['aligned'], h_n[-1])\"}",
    "END": '`output[:, -1]`{title="torch.equal(output[:, -1], h_n[-1])"}',
    "CORNER": '`h_n[-1]`{title="torch.equal(h_n[-1], output[:, -1])"}',
    "INPUT": "`(L, N, H_in)`{title=\"rule('input')\"}",
    "ALONE": "`(L, H_in)`{title=\"rule('input', batched=False)\"}",
}


def filled(table: str) -> str:
    """Put ties in place of the words in capitals."""
    return re.sub(r"\b[A-Z]+\b", lambda word: TIES.get(word[0], word[0]), table)


TABLE = filled("""\
| tensor | by default | `batch_first=True` | `shape` here | why |
| --- | --- | --- | --- | --- |
| `output` | RULE | FIRST | HERE | Every step. |
| `h_n` | SAME | STATE | LAST | Without a time axis. |
""")
WORDS = filled("""\
| pattern | `shape` | the last step? | you write |
| --- | --- | --- | --- |
| many to one | ONE | YES | the last step of `output` |
| aligned | ALL | NO | all of it |
""")
RIGHT = {
    "code on both sides": TABLE,
    "words for rows": WORDS,
    "no tie at all": "| text | you lose |\n|---|---|\n| a book | no |\n",
    "links": "| in the post | here |\n|---|---|\n| The `rnn` | [`x`](#a)<br>[`h_n`](#b) |\n",
    "names that are links": "| name | for |\n|---|---|\n| [`rule`](#a) | a shape |\n",
    "a name with a tie that is a link": "| a | b |\n|---|---|\n| [`x`](#a) | X |\n",
    "two names in a first cell": (
        "| states | shape | `shape` here |\n|---|---|---|\n| `h_0`, `h_n` | BEGIN | LAST |\n"
    ),
    "a tie above the other": "| tensor | shape |\n|---|---|\n| `output` | RULE<br>HERE |\n",
    "a whole and its part": ("| a | b |\n|---|---|\n| `output` | HERE |\n| END | STEP |\n"),
    "a tie that compares with another row": (
        "| a | b |\n|---|---|\n| `output` | HERE |\n| `h_n` | CORNER |\n"
    ),
    "an option more": (
        "| a | b |\n|---|---|\n| `rule` | INPUT |\n| `rule`, `batched=False` | ALONE |\n"
    ),
    "a tie in a sentence": "| a | b | why |\n|---|---|---|\n| `x` | X | As X shows. |\n",
    "a cell of words beside ties": "| a | b | c |\n|---|---|---|\n| `x` | X | as `output`, no |\n",
    "aligned columns": TABLE.replace("| --- | --- |", "| :-: | ---: |"),
    "no pipes at the ends": re.sub(r"(?m)^\| | \|$", "", TABLE),
    "in a box": '!!! note "So"\n\n' + re.sub("(?m)^", "    ", TABLE),
    "in a list": "- so:\n\n" + re.sub("(?m)^", "    ", TABLE),
    "escaped pipes": TABLE.replace("Every step.", r"Every step, `a\|b` or \|."),
    "in a fence": f"````{{.text data-notest='how a table is written'}}\n{TABLE}````\n",
    "written": (
        f"<!-- written by: tables.symbols() -->\n{written.symbols()}\n"
        "<!-- end of what is written -->\n"
    ),
}


def faults(document: Document) -> list[Problem]:
    return [event for event in document.events if isinstance(event, Problem)]


@pytest.mark.parametrize("kind", RIGHT)
def test_right_tables_stay_green(kind: str):
    assert messages(CODE + filled(RIGHT[kind])) == []


ABOUT = "does not speak of"
NAMED = filled("| a | b |\n|---|---|\n| `h_n` | LAST |\n")
FIRSTS = TABLE.replace("`output`", "`_`").replace("`h_n` |", "`output` |").replace("`_`", "`h_n`")
HEADERS = ("by default | `batch_first=True`", "`batch_first=True` | by default")
WRONG = {
    "first cells exchanged": (TABLE, TABLE, FIRSTS, ABOUT),
    "a row called otherwise": (TABLE, "| `h_n`", "| `c_n`", ABOUT),
    "one name of two": (NAMED, "`h_n` |", "`h_n`, `c_n` |", "no tie speaks of c_n"),
    "words of a row": (WORDS, "| aligned", "| one to many", ABOUT),
    "headers exchanged": (TABLE, *HEADERS, ABOUT),
    "no header with a name": (TABLE, "`shape` here", "here", "do not tell by default and here"),
    "two columns of one name": (WORDS, "`shape` | the last step?", "`made` | `made`", "made and"),
    "two rows of one name": (WORDS, "| aligned", "| many to one", "many to one and many to one"),
    "a row without a tie": (TABLE, "| `output`", "| `x` | a | b | c | d |\n| `output`", "of x"),
    "code that is not tied": (TABLE, "Every step.", "`x`", "x stands alone in its cell"),
    "a verdict that is not tied": (TABLE, "Every step.", "yes", "yes stands alone"),
    "a verdict and more": (TABLE, "Every step.", "no, never", "no, never stands alone"),
    "a verdict turned": (WORDS, "*no*", "*yes*", "documented yes, actual False"),
    "a verdict turned back": (WORDS, "*yes*", "*no*", "documented no, actual True"),
    "a verdict on a thing itself": (WORDS, "h_n[-1]", "made['many to one']", "documented yes"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_tables_are_red(kind: str):
    table, old, new, told = WRONG[kind]
    wrong = table.replace(old, new, 1)

    assert wrong != table
    assert any(told in message for message in messages(CODE + wrong))


@pytest.mark.parametrize(("verdict", "there", "red"), [("no", True, 1), ("no", False, 0)])
def test_a_verdict_has_to_hold_in_other_sizes(verdict: str, there: bool, red: int):
    document = read(f'{CODE}So it is *{verdict}*{{title="torch.equal(h_0, h_n)"}}.\n')
    (claim,) = filter(is_tied, document.events)

    problems = list(check_sizes(document, {(claim.line, claim.tie.text): there}))

    assert [problem.message for problem in problems] == [
        "holds in these sizes only: torch.equal(h_0, h_n)"
    ] * red


@pytest.mark.parametrize(
    "table",
    [
        "| tensor | axes |\n|---|---|\n| `h_n` | layers, batch, features |\n",
        "| a | in Keras |\n|---|---|\n| the last step | `h_n[-1]` |\n",
    ],
)
def test_a_table_of_code_without_any_tie_is_red(table: str):
    assert faults(read(CODE + table))


def test_a_table_that_is_shown_as_text_is_refused():
    with pytest.raises(DocumentError, match="shown as plain text"):
        read(f"{CODE}| a | b |\n\n| --- | --- |\n")


@pytest.mark.parametrize("margin", ["", "> ", "    "])
def test_the_line_is_that_of_the_row(margin: str):
    before = '!!! note "So"\n\n' if margin.isspace() else ""
    table = re.sub("(?m)^(?=.)", margin, TABLE.replace("| `h_n`", "| `c_n`"))
    page = f"{CODE}{before}{table}\n\n{TABLE}"

    assert {fault.line for fault in faults(read(page))} == {
        page.split("\n").index(next(line for line in page.split("\n") if "`c_n`" in line))
    }


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.py", '"""A.\n\nExamples:\n    ```python\n    x = 1\n    ```\n\n{}"""\n'),
        ("lab.py", "# %% [markdown]\n{}\n# %%\nx = 1\n\n"),
    ],
)
def test_docstrings_and_labs_are_held_to_it(file: str, text: str):
    margin = "    " if file == "a.py" else "# "
    table = re.sub("(?m)^(?=.)", margin, TABLE.replace("| `h_n`", "| `c_n`"))

    document = read_text(text.format(table), Path(file), MARKDOWN)

    assert {"`c_n`" in document.lines[fault.line].text for fault in faults(document)} == {True}


NAMES = ("`a`", "`b`", "`b[0]`", "`k=1`", "in words", "`a`, `b`")
TIED = {"`a`": "a", "`b`": "b", "`b[0]`": "b[0]", "`k=1`": "k=1", "in words": "c['in words']"}


@st.composite
def random_tables(draw: st.DrawFn) -> str:
    """Tables whose ties name their row, mostly their column, and now and then something else."""
    rows = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    columns = draw(st.lists(st.sampled_from((*NAMES, "here")), min_size=1, max_size=3, unique=True))
    lines = ["| x | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for i, row in enumerate(rows):
        cells = []
        for j, column in enumerate(columns):
            named = [*row.split(", "), column, *draw(st.lists(st.sampled_from(NAMES), max_size=1))]
            ties = [TIED[n] for name in named for n in name.split(", ") if n in TIED]
            given = ", ".join(sorted(ties, key=lambda tie: "=" in tie))
            cells.append(f'`{i}{j}`{{title="f({given})"}}')
        lines.append(f"| {row} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def exchanged(document: Document, text: str) -> list[str]:
    return [apply(text, mutant.edits) for mutant in tables(document)]


@given(random_tables())
def test_whatever_is_exchanged_in_a_green_table_makes_it_red(table: str):
    document = read(CODE + table)
    if not faults(document):
        for changed in exchanged(document, CODE + table):
            assert faults(read(changed)), changed


def test_each_kind_of_exchange_is_tried():
    tried = [(mutant.change, mutant.statement.text) for mutant in tables(read(CODE + WORDS))]

    assert ("first cells exchanged", "many to one") in tried
    assert ("headers exchanged", "`shape`") in tried
    assert ("verdict turned", "yes") in tried
    cells = [text for change, text in tried if change == "tied cells exchanged"]
    assert sum("'many to one'" in cell for cell in cells) == 3


def test_a_written_table_is_left_to_its_expression():
    page = CODE + RIGHT["written"]

    assert [mutant.change for mutant in tables(read(page))] == ["a literal"]
