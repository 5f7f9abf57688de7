"""Every documented number is compared, in every place; a wrong one is named and can be mended."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents import Project, check, mended, messages
from tests.reading import numerals
from tests.reading.problems import DocumentError

CODE = """\
```python
import torch
from rnn_ref.shapes import rule

words = ["hello", "eolll", "lleel"]
x = torch.zeros(3, 5, 4)
N, L, H_in = x.shape
rnn = torch.nn.RNN(4, 2, batch_first=True)
output, h_n = rnn(x)
loss = torch.tensor(0.43270)
```

"""

# What is true in each place; {} is where the numbers stand, then what is wrong there.
PLACES = {
    "prose": ('The output is `{}`{{title="output.shape"}}.', "(3, 5, 2)", "(3, 5, 3)"),
    "two on a line": (
        'From `(3, 5, 4)`{{title="x.shape"}} to `{}`{{title="output.shape"}}.',
        "(3, 5, 2)",
        "(3, 4, 2)",
    ),
    "an axis missing": ('It is `{}`{{title="output.shape"}}.', "(3, 5, 2)", "(3, 5)"),
    "an axis too many": ('It is `{}`{{title="h_n[0].shape"}}.', "(3, 2)", "(1, 3, 2)"),
    "heading": ('## So `{}`{{title="h_n.shape"}} {{#so}}', "(1, 3, 2)", "(1, 2, 2)"),
    "table": ('| a | b |\n|---|---|\n| `x` | `{}`{{title="x.shape"}} |', "(3, 5, 4)", "(5, 3, 4)"),
    "table head": ('| a `{}`{{title="L"}} |\n|---|\n| c |', "5", "4"),
    "list": ('- one\n    - `{}`{{title="N"}} of it', "3", "5"),
    "quote": ('> It has *{}*{{title="len(words)"}} words.', "three", "four"),
    "admonition": ('!!! note\n\n    `{}`{{title="N"}} words.', "3", "2"),
    "title of an admonition": ("!!! note \"`{}`{{title='N'}} words\"\n\n    Text.", "3", "2"),
    "folded": ('??? tip\n\n    !!! note\n\n        `{}`{{title="L"}}', "5", "6"),
    "tab": ('=== "One"\n\n    `{}`{{title="L"}}\n\n=== "Other"\n\n    Text.', "5", "6"),
    "footnote": ('See.[^a]\n\n[^a]: It is `{}`{{title="L"}}.', "5", "6"),
    "html": ('<div markdown>\n\n`{}`{{title="L"}}\n\n</div>', "5", "6"),
    "caption": (
        '<figure markdown>\n<figcaption markdown>`{}`{{title="L"}} letters</figcaption>\n</figure>',
        "5",
        "6",
    ),
    "capital": ('*{}*{{title="len(words)"}} words.', "Three", "Two"),
    "float": ('The loss is `{}`{{title="loss.item()"}}.', "0.433", "0.432"),
    "negative": ('It is `{}`{{title="-N"}}.', "-3", "3"),
    "constructor": (
        'It is `RNN(4, {}, batch_first=True)`{{title="rnn"}}.',
        "2",
        "3",
    ),
    "in a word": ('Set `hidden_size={}`{{title="rnn.hidden_size"}}.', "2", "3"),
    "strong": ('**{}**{{title="len(words)"}} words.', "three", "five"),
    "symbolic": (
        "`{}`{{title=\"rule('output', batch_first=True)\"}}",
        "(N, L, D*H_out)",
        "(L, N, D*H_out)",
    ),
    "symbolic, and numbers instead": (
        "```{{.python continuation}}\ncolumn = '(N, 1)'\n```\n\nIt is `{}`{{title=\"column\"}}.",
        "(N, 1)",
        "(1,)",
    ),
    "output": (
        "```{{.python continuation}}\nprint(tuple(x.shape))\n#> {}\n```",
        "(3, 5, 4)",
        "(3, 5)",
    ),
    "indented output": (
        "!!! note\n\n    ```{{.python continuation}}\n    for n in (1, 2):\n        print(n)\n"
        "        #> 1\n        #> {}\n    ```",
        "2",
        "3",
    ),
    "error": (
        "> ```{{.python continuation}}\n> rnn(x[..., :3])\n> #> RuntimeError: input.size(-1) must"
        " be equal to input_size. Expected 4, got {}\n> ```",
        "3",
        "4",
    ),
    "comment on an assignment": (
        "```{{.python continuation}}\ny = x[0]  # {}\n```",
        "(5, 4)",
        "(4, 5)",
    ),
    "comment without the only axis": (
        "```{{.python continuation}}\ny = x[0, 0]  # {}\n```",
        "(4,)",
        "()",
    ),
    "comment on several targets": (
        "- a\n\n    ```{{.python continuation}}\n    a, b = rnn(x)  # {}, (1, 3, 2)\n    ```",
        "(3, 5, 2)",
        "(3, 5, 1)",
    ),
    "comment on a chain": (
        "```{{.python continuation}}\na = b = x[0]  # {}\n```",
        "(5, 4)",
        "(4, 4)",
    ),
    "comment on a value": (
        "```{{.python continuation}}\nx.shape  # {}\n```",
        "(3, 5, 4)",
        "(3, 5, 5)",
    ),
    "comment on a number": ("```{{.python continuation}}\nn = len(words)  # {}\n```", "3", "2"),
    "comment on a print": (
        "```{{.python continuation}}\nprint(N)  # {}\n#> 3\n```",
        "3",
        "4",
    ),
    "comment that names": (
        "```{{.python continuation}}\na, b = rnn(x)\n# a: {}, b: (1, 3, 2)\n```",
        "(3, 5, 2)",
        "(3, 5, 1)",
    ),
    "comment that names one of many": (
        "```{{.python continuation}}\na, b = rnn(x)  # b: {}\n```",
        "(1, 3, 2)",
        "(3, 1, 2)",
    ),
    "comment that compares": (
        "```{{.python continuation}}\ny = x\n# y.shape == {}\n```",
        "(3, 5, 4)",
        "(3, 4, 5)",
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_what_is_true_passes(place: str):
    frame, true, _ = PLACES[place]

    assert messages(CODE + frame.format(true)) == []


@pytest.mark.parametrize("place", PLACES)
def test_what_is_wrong_is_named_with_its_line(place: str):
    frame, _, wrong = PLACES[place]
    before = CODE + frame.partition("{}")[0].format()

    found = messages(CODE + frame.format(wrong))

    assert len(found) == 1
    assert found[0].startswith(f"docs/page.md:{before.count(chr(10)) + 1}: documented ")
    assert wrong.strip("()") in found[0]


@pytest.mark.parametrize("place", PLACES)
def test_what_is_wrong_is_mended_and_nothing_else(place: str, tmp_path: Path):
    frame, true, wrong = PLACES[place]

    mended_page = mended(CODE + frame.format(wrong), tmp_path / "page.md")

    assert mended_page == CODE + frame.format(true)


def test_a_message_says_what_is_documented_what_is_true_and_from_where():
    found = messages(CODE + 'The output is `(3, 5, 3)`{title="output.shape"}.')

    assert found == [
        "docs/page.md:13: documented (3, 5, 3), actual (3, 5, 2), from output.shape\n"
        '    | The output is `(3, 5, 3)`{title="output.shape"}.'
    ]


def test_messages_come_in_the_order_of_the_page():
    text = 'First `9`{title="L"}.\n\n' + CODE
    text += "```{.python continuation}\nprint(N)\n#> 4\n```\n\n`7`{title='N'} and (8, 8)."

    lines = [int(message.split(":")[1]) for message in messages(text)]

    assert lines == sorted(lines)
    assert len(lines) == 4


UNTIED = {
    "a shape that lived": (
        "It is (3, 5, 4).",
        'untied shape (3, 5, 4): write for example `(3, 5, 4)`{title="x.shape"}',
    ),
    "a shape that never lived": ("It is (3, 6, 4).", "no such shape: nothing of shape (3, 6, 4)"),
    "in code": ("It is `(3, 6, 4)`.", "no such shape"),
    "a number": ("It takes 7 steps.", "untied number 7"),
    "a counted word": ("It takes seven steps.", "untied number seven"),
    "in a heading": ("## Step 2", "untied number 2"),
    "in a table": ("| a |\n|---|\n| 2 |", "untied number 2"),
    "in a link": ("[See 2](#x)", "untied number 2"),
    "in a tab's label": ('=== "Tab 2"\n\n    Text.', "untied number 2"),
    "stuck to letters": ("In 3D.", "untied number 3"),
    "a symbolic shape": ("It is `(N, L, H_in)`.", "untied symbolic shape (N, L, H_in)"),
    "a symbolic shape with signs": ("It is `L \u00d7 H_in`.", "write a symbolic shape as a tuple"),
    "a symbolic shape with an x": ("It is (L x H_in).", "write a symbolic shape as a tuple"),
    "a symbolic shape without a comma": (
        "It is `(N L H_in)`.",
        "write a symbolic shape as a tuple",
    ),
    "an unknown name": ("The state `h_7`.", "no fence and no tie of this page spells h_7"),
    "an unknown name in a link": ("[The state h_7](state.md#a).", "no tie of this page spells h_7"),
    "a comment": ("```{.python continuation}\n# about 7 things\nz = 1\n```", "untied comment"),
    "a comment in a loop": (
        "```{.python continuation}\nfor i in x:\n    j = i  # (5, 4)\n```",
        "untied comment",
    ),
    "a tie to a constant": ('It is `7`{title="3 + 4"}.', "tied to nothing"),
    "a name that never comes": (
        'It is `7`{title="missing"}.',
        "cannot be evaluated: name 'missing'",
    ),
    "a tie that fails": ('It is `7`{title="x[99]"}.', "cannot be evaluated: IndexError"),
    "a figure": ("![A drawing](figures/a.svg)", "tied to nothing that draws it"),
    "a truth about something else": (
        '`h_n[0]`{title="x.ndim == N"}',
        "a truth that does not begin with it",
    ),
    "a falsehood": ('`h_n`{title="h_n.ndim == 99"}', "actual False"),
}


@pytest.mark.parametrize("kind", UNTIED)
def test_what_nothing_compares_is_red(kind: str):
    text, complaint = UNTIED[kind]

    found = messages(CODE + text)

    assert len(found) == 1
    assert complaint in found[0]


def test_output_beside_its_statement_is_red():
    text = "A.\n\n```python\nprint(3)  #> 3\n```"

    assert "has to stand below its statement" in messages(text)[0]


@pytest.mark.parametrize(
    ("description", "complaint"),
    [
        ("All 4 dimensions", "stands in the front matter"),
        ("All four dimensions", "stands in the front matter"),
        ("What h_m is", "does not speak of h_m"),
        ("What torch.nn.RMM gives", "does not speak of torch.nn.RMM"),
        ("Where bach_first goes", "does not speak of bach_first"),
        ("The CrossEntropyLost", "does not speak of CrossEntropyLost"),
    ],
)
def test_a_description_with_a_number_or_a_strange_name_is_red(description: str, complaint: str):
    page = "Also `nn.RNN`, `batch_first` and `CrossEntropyLoss`.\n\n" + CODE
    with pytest.raises(DocumentError, match=complaint):
        check(f"---\ndescription: {description}\n---\n\n{page}")


@pytest.mark.parametrize(
    "description",
    [
        "What h_n is, and nn.RNN",
        "PyTorch and NumPy, as one",
        "batch_first=True, or not. Then more",
        "One step, one word, one batch; zero is no number here",
        '"In quotes: CrossEntropyLoss"',
        "weight_hh of weight_hh_l0",
        "RNN, LSTM and GRU",
        "Keras, d2l and CS231n",
        "A (h_n) in brackets.",
        "N, L, D and H",
    ],
)
def test_a_description_of_what_the_page_speaks_of_passes(description: str):
    page = "Also `nn.RNN`, `batch_first`, `weight_hh_l0` and `CrossEntropyLoss`.\n\n" + CODE
    page += "```{.python continuation}\nweight_hh_l0 = 0\n```\n"

    assert messages(f"---\ndescription: {description}\n---\n\n{page}") == []


def test_a_truth_about_the_text_passes():
    assert messages(CODE + 'So `h_n[-1]`{title="torch.equal(h_n[-1], output[:, -1])"}.') == []


@pytest.mark.parametrize("made", ["x.sum()", "x[0, 0, 0]", "()"])
def test_what_has_no_axis_may_be_said_to_have_none(made: str):
    assert messages(CODE + f"```{{.python continuation}}\ny = {made}  # ()\n```") == []


@pytest.mark.parametrize("made", ["len(words)", "(x, x)", "words"])
def test_what_is_no_tensor_is_not_said_to_have_no_axis(made: str):
    found = messages(CODE + f"```{{.python continuation}}\ny = {made}  # ()\n```")

    assert len(found) == 1
    assert "documented (), actual" in found[0]


def test_a_claim_may_stand_above_the_code_that_makes_its_names():
    assert messages('First `(3, 5, 2)`{title="output.shape"}.\n\n' + CODE) == []


def test_a_claim_is_compared_with_what_holds_at_its_place():
    later = "\n```{.python continuation}\nN = 7\n```\n\nNow `7`{title='N'}.\n"

    assert messages(CODE + "`3`{title='N'} words.\n" + later) == []


def test_an_error_that_goes_away_is_red():
    text = CODE + "```{.python continuation}\nrnn(x)\n#> RuntimeError: no\n```"

    assert "documented RuntimeError: no, actual nothing" in messages(text)[0]


def test_an_error_of_another_class_is_one_wrong_claim():
    text = CODE + "```{.python continuation}\nlen(3)\n#> ValueError: no\n```"

    found = messages(text)

    assert len(found) == 1
    assert "documented ValueError: no, actual TypeError: object of type 'int'" in found[0]


def test_a_second_index_is_a_number_like_the_first():
    assert len(messages(CODE + "The value `x[0][7]`.")) == 2


@pytest.mark.parametrize("text", ["It takes &#55; steps.", "![Of &#55; steps](a.svg)"])
def test_a_digit_that_is_not_spelled_in_the_source_is_red(text: str):
    with pytest.raises(DocumentError, match="not spelled in the source"):
        check(CODE + text)


def test_numbers_of_footnotes_are_not_claims():
    assert messages(CODE + "See.[^1]\n\n[^1]: A note.\n") == []


def test_labels_of_links_are_not_numbers():
    assert messages(CODE + "[Text][a2]\n\n[a2]: https://example.org/2\n") == []


def test_a_fence_ends_with_its_error():
    text = "A.\n\n```python\n1 / 0\n#> ZeroDivisionError: division by zero\nx = 1\n```"

    assert "begin a new fence" in messages(text)[0]


def test_update_docs_mends_pages_and_included_files_and_says_so(tmp_path: Path):
    project = Project(tmp_path)
    page = project.write("docs/page.md", 'A.\n\n--8<-- "part.txt"\n\nIt is `4`{title="n"}.\r\n')
    part = project.write("docs/part.txt", "```python\nn = 3\nprint(n)\n```\n")

    first = project.pytest("docs/page.md", "--update-docs")
    second = project.pytest("docs/page.md")

    assert (first.returncode, second.returncode) == (0, 0), first.stdout + second.stdout
    assert {"rewrote docs/page.md", "rewrote docs/part.txt"} <= set(first.stdout.splitlines())
    assert part.read_text("utf-8") == "```python\nn = 3\nprint(n)\n#> 3\n```\n"
    assert page.read_bytes() == b'A.\n\n--8<-- "part.txt"\n\nIt is `3`{title="n"}.\r\n'


def test_what_two_pages_include_is_mended_once(tmp_path: Path):
    project = Project(tmp_path)
    for name in ("one", "two"):
        project.write(f"docs/{name}.md", 'A.\n\n--8<-- "part.txt"\n')
    part = project.write("docs/part.txt", '```python\nn = 3\nprint(n)\n```\n\n`44`{title="n"}\n')

    project.pytest("docs", "--update-docs")

    assert part.read_text("utf-8") == '```python\nn = 3\nprint(n)\n#> 3\n```\n\n`3`{title="n"}\n'


def test_update_docs_leaves_red_what_it_cannot_mend(tmp_path: Path):
    project = Project(tmp_path)
    text = "A.\n\n```python\nn = 3\n```\n\nIt takes 7 steps.\n"
    page = project.write("docs/page.md", text)

    run = project.pytest("docs/page.md", "--update-docs")

    assert run.returncode == 1
    assert page.read_text("utf-8") == text


@given(st.integers(-99, 99), st.integers(-99, 99))
def test_whole_numbers_agree_only_when_equal(documented: int, actual: int):
    assert numerals.agree([str(documented)], [actual]) == (documented == actual)
    assert numerals.agree([str(documented)], [float(actual)]) == (documented == actual)


@given(st.floats(-9, 9), st.integers(1, 6))
def test_a_float_agrees_with_its_own_rounding_and_not_with_a_neighbour(value: float, places: int):
    rounded = f"{value:.{places}f}"
    neighbour = f"{float(rounded) + 10**-places:.{places}f}"

    assert numerals.agree([rounded], [value]) == (value == 0 or float(rounded) != 0)
    assert not numerals.agree([neighbour], [value])


@given(st.lists(st.integers(0, 99), min_size=1, max_size=4))
def test_a_shape_reads_as_its_sizes(shape: list[int]):
    text = str(tuple(shape))

    assert [int(number.text) for number in numerals.find(text)] == shape
    assert all(text[n.start : n.end] == n.text for n in numerals.find(text))


def test_the_name_of_an_entry_is_spelled_on_its_own_page():
    assert messages(f"{CODE}- [mat7 and h_7](errors/state.md#RNN-HIDDEN-SIZE)") == []
