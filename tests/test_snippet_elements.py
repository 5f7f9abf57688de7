"""What a page may hold: all that looks like code is executed, and nothing hides or adds a text."""

import re

import pytest

from tests.documents import ROOT, check, messages
from tests.reading.fences import OPTIONS
from tests.reading.problems import DocumentError

CODE = "A.\n\n```python\nx = [0, 0, 0]\n```\n\n"

REFUSED = {
    "indented code": ("    y = 1", "indented code: only a fence is code"),
    "a block of HTML": ("<pre>y = 1</pre>", "only a fence is code"),
    "a block of HTML with code": ("<pre><code>y = 1</code></pre>", "only a fence is code"),
    "an output": ("<samp>True</samp>", "<samp>"),
    "an area": ("<textarea>y = 1</textarea>", "<textarea>"),
    "a text fence": ("```text\ny\n```", "nothing executes text"),
    "a console": ("```pycon\n>>> y\n```", "pycon: write"),
    "a shell": ("~~~ bash\npip install y\n~~~", "nothing executes bash"),
    "no language": ("```\ny\n```", "must name its language"),
    "an output of nothing": (
        '```{.python data-notest="it needs a GPU"}\nprint(2)\n#> 3\n```',
        "what is not executed prints nothing",
    ),
    "another Python": ("```{.python2 .continuation}\nx = 1\n```", "nothing executes python2"),
    "a fence with a name": ('```{.python title="a.py"}\nx = 1\n```', "unknown option 'title'"),
    "a marked line": ('```{.python hl_lines="1"}\nx = 1\n```', "unknown option 'hl_lines'"),
    "an object": ('<object data="figures/x.svg"></object>', "<object>"),
    "a drawing": ("<svg><text>y</text></svg>", "<svg>"),
    "a frame": ('<iframe src="x.html"></iframe>', "<iframe>"),
    "a style": ("<style>p::after { content: 'y' }</style>", "<style>"),
    "a script": ("<script>y = 1</script>", "<script>"),
    "a struck text": ("It is <del>not</del> so.", "<del>"),
    "a superscript": ('H<sup title="y">x</sup>', "the attribute title of <sup>"),
    "a place": ('<p style="display: none">y</p>', "the attribute style of <p>"),
    "hidden": ("<p hidden>y</p>", "the attribute hidden of <p>"),
    "a class": ("A word.{.md-hidden}\n{: .md-hidden }", "plain text|class md-hidden"),
    "a link's tooltip": ('[See](#x "y")', "the attribute title of <a>"),
    "a label": ('<span aria-label="y">x</span>', "the attribute aria-label of <span>"),
    "data": ('<span data-y="1">x</span>', "the attribute data-y of <span>"),
    "a number in two parts": ("It takes thir*teen* steps.", "a sign cuts a word in two: thirteen"),
    "a word in two parts": ("It is **un**equal.", "a sign cuts a word in two: unequal"),
    "a formula": ("<math><mn>y</mn></math>", "<math>"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_refused_is(kind: str):
    text, complaint = REFUSED[kind]

    with pytest.raises(DocumentError) as error:
        check(CODE + text)

    assert any(part in error.value.message for part in complaint.split("|"))


ODD = {
    "Arabic digits": "It takes ٣ steps.",
    "a full-width digit": "It takes \uff13 steps.",
    "a mathematical digit": "It takes \U0001d7d1 steps.",
    "a Roman character": "It takes Ⅲ steps.",
    "a circled digit": "It takes ③ steps.",
    "a digit with a point": "It takes ⒊ steps.",
    "a superscript": "It takes x³ steps.",
    "a subscript": "It takes x₃ steps.",
    "a fraction": "It takes ½ of it.",
    "a fraction as entity": "It takes &frac12; of it.",
    "a digit as entity": "It takes &#x0663; steps.",
    "Chinese": "It takes 〣 steps.",
    "in code": "It is `x[③]`.",
    "in a fence": "```{.python continuation}\ny = '③'\n```",
    "in a title": '`x`{title="len(x) # ③"}',
    "turned around": "It is \u202e321\u202c.",
    "turned around as entity": "It is &#x202e;x.",
    "isolated": "It is \u2067abc\u2069.",
    "without width": "It is a\u200bb.",
    "a soft hyphen": "It is a\u00adb.",
    "a Roman numeral": "It takes III steps.",
    "a small Roman numeral": "Part iv is next.",
    "a Roman numeral in a heading": "## Part II",
    "a single letter": "It takes V steps.",
}


@pytest.mark.parametrize("kind", ODD)
def test_a_character_that_is_a_number_or_not_seen_is_red(kind: str):
    with pytest.raises(DocumentError) as error:
        check(CODE + ODD[kind])

    assert (
        "write it in plain digits" in error.value.message or "leave it out" in error.value.message
    )


WORDS = (
    "thirteen",
    "nineteen",
    "forty",
    "a hundred",
    "thousands",
    "2 million",
    "a dozen",
    "Ninety",
)


@pytest.mark.parametrize("word", WORDS)
def test_number_words_of_every_size_are_numbers(word: str):
    assert "untied number" in messages(f"{CODE}It takes {word} steps.")[0]


LETTERS = [
    "the CI",
    "an ID",
    "a CD or DVD",
    "vim",
    "a mix",
    "I/O",
    "a civic idea",
    "Livia",
]
LETTERS += [
    "someone, often",
    "a freight of weights",
    "nonetheless",
    "an X-ray",
    "a V-shape",
]


@pytest.mark.parametrize("words", LETTERS)
def test_letters_that_are_no_numbers_stay_green(words: str):
    assert messages(f"{CODE}It is {words}, of them.") == []


RIGHT = {
    "a table that is aligned": "| a | b |\n| :-- | --: |\n| x | y |",
    "tabs": '=== "One way"\n\n    Text.\n\n=== "Another"\n\n    Text.',
    "a footnote": "A text.[^note]\n\n[^note]: Its note.",
    "a heading with a name": "## Title {#name}",
    "a box, folded": '??? question "Answer"\n\n    Text.',
    "letters of sizes": "Sizes `V`, `X` and `L`, the CI, a CD and D, a mix of vim and I/O.",
    "other languages": "Über die Größe: 안녕하세요, naïve façade, “quoted” and dashes — …",
    "signs": "A → B, it's, x ≠ y, a ≥ b, € and §.",
    "a declared fence": '```{.python data-notest="it needs a GPU"}\nx.cuda()\n```',
    "a declared block": '```{.bash data-notest="it installs"}\npip install torch==2.13.0\n```',
    "a caption": "<figure markdown>\n<figcaption>Text.</figcaption>\n</figure>",
    "a quote": "> A text that is quoted.",
    "words with numbers in them": "Someone often weighs the freight of a nineteenth-century ship.",
}


@pytest.mark.parametrize("kind", RIGHT)
def test_right_things_that_look_odd_stay_green(kind: str):
    assert messages(CODE + RIGHT[kind]) == []


def test_what_the_style_adds_to_a_text_is_words_of_its_own_or_a_value_that_is_compared():
    """`content` of a style would put a text over a page that no check reads."""
    texts = {"", "not executed: ", "since ", "before ", ", before ", " (since ", " (before ", ")"}
    for style in (ROOT / "docs/assets").glob("*.css"):
        for content in re.findall(r"content:([^;}]*)", style.read_text("utf-8")):
            assert set(re.findall(r'"([^"]*)"', content)) <= texts
            assert set(re.findall(r"attr\((.*?)\)", content)) <= {*OPTIONS, "data-label"}
            assert not re.search(r"\\|\d|url|counter", content)
