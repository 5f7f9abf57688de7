"""A tie is read whole: options, names and operators in its text, and what stands at its sides."""

import re

import pytest

from tests.documents import check, mended, messages
from tests.reading import ties
from tests.reading.problems import DocumentError

CODE = """\
# Sizes

```python
import torch

rnn = torch.nn.RNN(4, 7, num_layers=2, batch_first=True)
gru = torch.nn.GRU(4, 7, bidirectional=True)
readout, word = torch.nn.Linear(7, 5), "hello"
x = torch.randn(3, 5, 4, dtype=torch.float32)
output, h_n = rnn(x)
lengths = [5, 3, 2]
```

"""

RIGHT = {
    "an option": '`num_layers=2`{title="rnn.num_layers"}',
    "two options": '`num_layers=2, batch_first=True`{title="rnn.num_layers, rnn.batch_first"}',
    "a flag": '`bidirectional=True`{title="gru.bidirectional"}',
    "a network": '`RNN(4, 7, num_layers=2, batch_first=True)`{title="rnn"}',
    "a network, its options in another order": (
        '`nn.RNN(4, 7, batch_first=True, num_layers=2)`{title="rnn"}'
    ),
    "a network by names": (
        '`torch.nn.GRU(input_size=4, hidden_size=7, bidirectional=True)`{title="gru"}'
    ),
    "defaults written out": '`GRU(4, 7, bias=True, bidirectional=True)`{title="gru"}',
    "a readout": '`Linear(7, 5)`{title="readout"}',
    "a list": '`[5, 3, 2]`{title="lengths"}',
    "a word that is a text": '*hello*{title="word"}',
    "a type": '`torch.float32`{title="x.dtype"}',
    "an index": '`h_n[-1]`{title="torch.equal(h_n[-1], output[:, -1])"}',
    "what a truth is about is deeper in": '`x[0]`{title="x[0].shape == (5, 4)"}',
    "not so": 'It is not `h_n[0]`{title="not torch.equal(h_n[0], output[:, -1])"}.',
    "said not to be so": 'Do not take `h_n[0]`{title="not torch.equal(h_n[0], h_n[-1])"} here.',
    "asked": 'Is it `h_n[0]`{title="not torch.equal(h_n[0], h_n[-1])"}?',
    "denied elsewhere": 'It is not lost. Take `h_n[-1]`{title="h_n[-1].shape == (3, 7)"}.',
    "a number at the end": 'It is `5`{title="x.shape[1]"}.',
    "numbers in brackets": '(as `5`{title="x.shape[1]"}, and "`3`{title="x.shape[0]"}")',
    "a possessive": 'It is `h_n`\'s, and *three*{title="len(x)"}: so.',
    "beside code": '`x`, `3`{title="len(x)"}; `y`',
    "a minus that is told": '`-1`{title="-len(h_n) + 1"}',
    "an emphasis around": '**so `3`{title="len(x)"}**',
}


@pytest.mark.parametrize("kind", RIGHT)
def test_right_ties_stay_green(kind: str):
    assert messages(CODE + RIGHT[kind]) == []


WRONG = {
    "another option of the same value": '`dropout=2`{title="rnn.num_layers"}',
    "an option more": '`num_layers=2, bias=False`{title="rnn.num_layers"}',
    "options exchanged": (
        '`batch_first=True, num_layers=2`{title="rnn.num_layers, rnn.batch_first"}'
    ),
    "a flag turned": '`batch_first=False`{title="rnn.batch_first"}',
    "an option left out": '`RNN(4, 7, num_layers=2)`{title="rnn"}',
    "an option added": '`GRU(4, 7, bias=False, bidirectional=True)`{title="gru"}',
    "sizes exchanged": '`Linear(5, 7)`{title="readout"}',
    "another class": '`LSTM(4, 7, bidirectional=True)`{title="gru"}',
    "names of axes": '`(batch=3, steps=5, 4)`{title="x.shape"}',
    "words in a tie": '*three layers*{title="len(x)"}',
    "an operator": '`5/2`{title="5, 2, word[0]"}',
    "a truth about the other side": '`output[:, -1]`{title="torch.equal(h_n[-1], output[:, -1])"}',
    "a truth about a part of the text": '`h_n[-1]`{title="torch.equal(output[:, -1], h_n[-1])"}',
    "a thing is itself": '`h_n[0]`{title="torch.equal(h_n[0], h_n[0])"}',
    "a number is itself": '`h_n`{title="h_n.ndim == h_n.ndim"}',
    "a loop variable": '`4`{title="[4 for x in [0]][0]"}',
    "a function's argument": '`4`{title="(lambda x: 4)(0)"}',
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_a_tie_says_beside_its_numbers_is_compared(kind: str):
    (message,) = messages(CODE + WRONG[kind])

    assert re.search("documented|tied to nothing|tied to itself", message)


TOUCHED = ["-{}", "\u2212{}", "1{}", "x{}", "~{}", "\u00b1{}", "{}k", "{}teen", "{}0", "{}/2"]
TOUCHED += ["{} %", "{}\u00b0", "{}^3", "{}-fold", "2 * {}", "{}=4", "{} - 1", "v{}", "{}`x`"]
TOUCHED += ["{}*x*"]


@pytest.mark.parametrize("around", TOUCHED)
def test_what_touches_a_tie_is_red(around: str):
    tie = '*three*{title="len(x)"}' if around.endswith(("teen", "fold")) else '`3`{title="len(x)"}'

    with pytest.raises(DocumentError, match=r"what touches a tie|cuts a word in two"):
        check(CODE + f"It is {around.format(tie)} so.")


def test_the_numbers_that_follow_a_network_stay_the_same():
    tied = '`RNN(4, 7, num_layers=2, batch_first=True)`{title="rnn"}'
    drawn = "\n\n```{.python continuation}\nprint(torch.rand(1).item() == first)\n#> True\n```\n"
    first = "```{.python continuation}\ntorch.manual_seed(0)\nfirst = torch.rand(1).item()\n"
    first += "x = torch.manual_seed(0)\n```\n\n"

    assert messages(CODE + first + tied + drawn) == []


def test_networks_and_options_are_mended(tmp_path):
    text = CODE + (
        '`RNN(4, 7)`{title="rnn"} and `hidden_size=8`{title="rnn.hidden_size"} and '
        '`dropout=2`{title="rnn.num_layers"}, `bias=False, num_layers=3`'
        '{title="rnn.batch_first, rnn.num_layers"}.'
    )

    assert mended(text, tmp_path / "page.md") == CODE + (
        '`RNN(4, 7, num_layers=2, batch_first=True)`{title="rnn"} and '
        '`hidden_size=7`{title="rnn.hidden_size"} and `num_layers=2`{title="rnn.num_layers"}, '
        '`batch_first=True, num_layers=2`{title="rnn.batch_first, rnn.num_layers"}.'
    )


@pytest.mark.parametrize("text", ["", "(", "f(x)", "f(*x)", "x=", "lambda: 0", "f(a=b)"])
def test_other_texts_are_no_options_and_no_networks(text: str):
    assert ties.keywords(text) is None
    assert ties.construction(text) is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('So take `h_n[0]`{title="not torch.equal(h_n[0], h_n[-1])"}.', "the tie denies"),
        ('It is lost. Take `h_n[0]`{title="not torch.equal(h_n[0], h_n[-1])"}.', "the tie denies"),
        (
            'It is not `h_n[-1]`{title="torch.equal(h_n[-1], output[:, -1])"}.',
            "the sentence denies",
        ),
        ('Never `h_n[-1]`{title="torch.equal(h_n[-1], output[:, -1])"}.', "sentence denies"),
        ('It is not *three*{title="len(x)"}.', "sentence denies"),
    ],
)
def test_a_sentence_and_its_tie_say_yes_or_no_together(text: str, complaint: str):
    (message,) = messages(CODE + text)

    assert complaint in message


def test_a_denial_is_told_of_where_it_stands():
    """And not at a later line that spells the same, where a table may be written anew."""
    shape = '`(5,)`{title="x.shape[1:2]"}'

    (message,) = messages(f"{CODE}It is not {shape}.\nThat is `output`.\n\nLater it is {shape}.")

    assert message.startswith(f"docs/page.md:{len(CODE.splitlines()) + 1}:")
