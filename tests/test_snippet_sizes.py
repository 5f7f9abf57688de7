"""A page in other sizes: what it ties to its sizes follows, and what it makes up does not."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.arithmetic.in_sizes import Exchange, exchanged
from tests.documents import read
from tests.snippets import sizes

CODE = """\
# Sizes

```python
import torch

words = ["hello", "eolll", "lleel"]
x = torch.randn(3, 5, 4)
rnn = torch.nn.LSTM(input_size=4, hidden_size=7, num_layers=2, batch_first=True)
output, pair = rnn(x)
h_n = pair[0]
total = 3 * 5
flat = output.view(3, 35)
```

"""
PAGE = Path("docs/page.md")


def stuck(text: str) -> list[str]:
    document = read(CODE + text)
    return [p.message for p in sizes.check_sizes(document, sizes.other_sizes(document, PAGE))]


RIGHT = {
    "a shape": '`(3, 5, 7)`{title="output.shape"}',
    "an option": '`num_layers=2`{title="rnn.num_layers"}',
    "a length": '*three*{title="len(words)"}',
    "the length of a word": '*five*{title="len(words[0])"}',
    "what a network returns": '*two*{title="len(pair)"}',
    "an index": '`7`{title="output.shape[2]"}',
    "axes of several": '`(3, 7)`{title="len(x), rnn.hidden_size"}',
    "a product": '`14`{title="2 * rnn.hidden_size"}',
    "what code works out": '`15`{title="total"}',
    "a truth": '`h_n[-1]`{title="torch.equal(h_n[-1], output[:, -1])"}',
    "a truth with its size": '`x.shape`{title="x.shape == (3, 5, 4)"}',
    "what fails there": '`(3, 35)`{title="flat.shape"}',
    "what no size decides": '`0.0`{title="rnn.dropout"}',
    "an axis of one": '`(1, 5, 4)`{title="x[:1].shape"}',
}


@pytest.mark.parametrize("kind", RIGHT)
def test_what_follows_the_page_stays_green(kind: str):
    assert stuck(RIGHT[kind]) == []


WRONG = {
    "counted by the tie": '*two*{title="len((x, rnn))"}',
    "counted in a list": '*four*{title="len([x, x, x, x])"}',
    "if there is a name": '`7`{title="x is not None and 7"}',
    "chosen by the tie": '`5`{title="(5 if len(x) else x)"}',
    "a loop of its own": '`(3, 5)`{title="[n for n in (3, 5) if n < len(x) * 9]"}',
    "one axis of two": '`(3, 7)`{title="len(x), len([x, x, x, x, x, x, x])"}',
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_the_tie_itself_makes_is_red(kind: str):
    found = stuck(WRONG[kind])

    assert found
    assert all("in other sizes" in told and "tie it to what" in told for told in found)


def test_what_is_about_other_versions_is_left_to_their_run():
    tie = '*two*{title="len((x, rnn))" data-since="torch 9"}'
    fence = '```{.python continuation data-since="torch 9"}\noutput = None\n```\n\n'

    assert stuck(tie) == []
    assert stuck(fence + '`(3, 5, 7)`{title="output.shape"}') == []
    assert len(sizes.other_sizes(read(CODE + fence + '`7`{title="output.shape[2]"}'), PAGE)) == 1


def test_a_truth_of_these_sizes_only_is_red():
    (message,) = stuck('`x`{title="x.shape[0] + 1 == len([x, x, x, x])"}')

    assert message.startswith("holds in these sizes only")


def test_each_tie_says_which_sizes_it_depends_on():
    ties = '`(3, 7)`{title="len(x), rnn.hidden_size"} `15`{title="total"} `x`{title="pair"}.'
    document = read(CODE + ties)

    found = sizes.dependencies(document, PAGE)

    assert {tie: of for (_, tie), of in found.items()} == {
        "len(x), rnn.hidden_size": {3, 7},
        "total": {3, 5},
        "pair": {2, 3, 4, 5, 7},
    }


def test_only_what_the_ties_need_runs_once_more():
    raised = "\n```{.python continuation}\nraise SystemExit\n```\n"
    text = CODE + '`(3, 5, 7)`{title="output.shape"}' + raised + '`5`{title="x.shape[1]"}'
    document = read(text)

    assert len(sizes.other_sizes(document, PAGE)) == 2


@given(st.sets(st.integers(2, 999), min_size=1, max_size=30))
def test_sizes_become_other_primes_in_the_same_order(found: set[int]):
    ordered = sorted(found)

    new = list(exchanged(ordered).values())

    assert new == sorted(set(new))
    assert not found & set(new)
    assert all(all(size % d for d in range(2, int(size**0.5) + 1)) for size in new)


CHANGED = {
    "torch.randn(3, 5)": "torch.randn(11, 13)",
    "x.transpose(1, 3)": "x.transpose(1, 3)",
    "x.sum(dim=3)": "x.sum(dim=3)",
    "x[3]": "x[3]",
    "x[:3, -1]": "x[:11, -1]",
    "x[:, 3:]": "x[:, 11:]",
    "f'{x:3}'": "f'{x:3}'",
    "f('hello')": "f('hello')",
    "torch.manual_seed(3)": "torch.manual_seed(3)",
    "x.reshape(3, 5)": "x.reshape(11, 13)",
    "range(3)": "range(11)",
    "1e-5 + 1": "1e-05 + 1",
}


@pytest.mark.parametrize("code", CHANGED)
def test_what_is_a_size_and_what_is_none(code: str):
    tree = Exchange({3: 11, 5: 13}).visit(ast.parse(code))

    assert ast.unparse(tree) == CHANGED[code]


def test_data_gets_longer_with_its_letters():
    code = "letters, words = 'helo', ['hello', 'eolll', 'lleel']"
    namespace: dict = {}

    exec(ast.unparse(Exchange({3: 7, 4: 11, 5: 13}).visit(ast.parse(code))), namespace)

    letters, words = namespace["letters"], namespace["words"]
    assert (len(letters), len(words), {len(word) for word in words}) == (11, 7, {13})
    assert letters.startswith("helo")
    assert len(set(letters)) == 11
    assert set("".join(words)) <= set("helo")
