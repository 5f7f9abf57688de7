"""Each mistake of the posts that the site grew out of is named, run and mended on its page."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from tests.built_links import beside_a_page_with_a_heading, leads_to_a_heading

PAGE = "what-other-texts-get-wrong"

MASTER, NUMPY, SIZES = "Master Pytorch", "NumPy RNN", "RNN - Pytorch"
BASIC, LECTURE = "RNN Basic", "PyTorch Zero To All"

# Under which heading a mistake of a kind stands: what the reader loses to it.
SILENT, NOTHING = "It runs, and computes something else", "It learns nothing, or stops short"
CHANCE, STOPS = "It works by chance", "It does not run"
WORD, IDLE, RIGHT = "It says the wrong word", "It does nothing, or warns", "It does what it says"
HEADINGS = {
    "fails": {STOPS},
    "unfinished": {NOTHING},
    "latent": {CHANCE},
    "stale": {SILENT},
    "wrong, silent": {SILENT},
    "wrong": {SILENT, WORD, IDLE},
    "misleading": {SILENT, NOTHING, WORD},
    "outdated": {IDLE, WORD},
    "typo": {WORD},
    "works": {RIGHT},
}

# Post, kind, and words by which the page names it.
FAULTS = [
    (MASTER, "fails", "optimizer = Adam(...)"),
    (MASTER, "unfinished", "stops after hidden = model.init_hidden()"),
    (MASTER, "wrong", "then the whole word in one call, and says that both do the same"),
    (MASTER, "wrong", "made as a batch"),
    (MASTER, "misleading", "one cell, and its output hidden, several in a row"),
    (MASTER, "misleading", "start from torch.randn"),
    (MASTER, "latent", "output.view to the number of classes"),
    (MASTER, "misleading", "give the states to the loss"),
    (MASTER, "latent", "Batch size and sequence length are fixed in forward"),
    (NUMPY, "stale", "comments the call out, and prints _status of the network before"),
    (NUMPY, "wrong", "does it for each of its inputs"),
    (NUMPY, "misleading", "All weights and inputs are drawn with np.random.random"),
    (NUMPY, "outdated", "torch.FloatTensor of a list of arrays"),
    (NUMPY, "misleading", "RNN cell implemented"),
    (NUMPY, "misleading", "np.stack makes the output neat"),
    (NUMPY, "latent", "outputs.view to input_size columns"),
    (NUMPY, "works", "From apple to pple!"),
    (SIZES, "wrong, silent", "torch.nn.RNN(input_size, hidden_size)"),
    (SIZES, "wrong", "Output size and hidden size are the same"),
    (SIZES, "outdated", "says that input_data has three dimensions"),
    (SIZES, "misleading", "The model finds out sequence length and batch size itself"),
    (SIZES, "typo", "ouputs, ouput"),
    (BASIC, "wrong", "prints numbers that nobody put there"),
    (BASIC, "wrong", "_status is the same as the last step of outputs"),
    (BASIC, "wrong", "For the last step of the last layer, either may be used"),
    (BASIC, "wrong", "The last step of a bidirectional outputs, as the summary"),
    (BASIC, "wrong", "by batch or by sequence"),
    (BASIC, "misleading", "every layer and direction, in an order that is not told"),
    (LECTURE, "fails", "The indentation is lost"),
    (LECTURE, "fails", "prints the first element of loss.data"),
    (LECTURE, "outdated", "Variable"),
    (LECTURE, "outdated", "A loss is formatted as it is"),
    (LECTURE, "wrong", "x.view(...), and nobody keeps what it returns"),
    (LECTURE, "latent", "num_layers never reaches the network"),
    (LECTURE, "misleading", "The hidden state is used as logits"),
    (LECTURE, "misleading", "adds up the loss of each letter in one script, and takes the mean"),
    (LECTURE, "wrong", "seq counts words or sentences"),
    (LECTURE, "wrong", "feature is the output dimension"),
    (LECTURE, "wrong", "hidden_state is a hyperparameter"),
    (LECTURE, "wrong", "It may be seen as multi-label classification"),
    (LECTURE, "wrong", "The hidden state must be initialised"),
    (LECTURE, "wrong", "The state is passed to the next hidden layer"),
    (LECTURE, "misleading", "Hidden and cell states, output from the LSTM"),
    (LECTURE, "misleading", "The whole word, with the state that the loop left over"),
    (LECTURE, "latent", "output.view to the number of classes"),
    (LECTURE, "typo", "the next language of a sentence"),
]


@dataclass(frozen=True)
class Entry:
    """A box of the page: the part that it stands in, and what it and its own heading say."""

    heading: str
    text: str
    posts: frozenset[str]
    fences: int
    links: tuple[str, ...]


def entries(html: str) -> list[Entry]:
    page = BeautifulSoup(html, "html.parser")
    for added in page.select(".headerlink"):
        added.decompose()
    return [entry(box) for box in page.select("article details")]


def entry(box: Tag) -> Entry:
    part, heading = box.find_previous("h2"), box.find_previous(["h2", "h3"])
    assert part is not None
    assert heading is not None
    return Entry(
        heading=part.get_text(),
        text=" ".join(f"{heading.get_text()} {box.get_text()}".split()),
        posts=frozenset(em.get_text() for em in box.select("em")),
        fences=len(box.select(".language-python pre")),
        links=tuple(str(a["href"]) for a in box.select("a[href]")),
    )


def shortcomings(html: str, page: Path, faults: list[tuple[str, str, str]]) -> list[str]:
    """What is missing on `page`, the folder that its links start from."""
    found = entries(html)
    complaints = []
    for post, kind, words in faults:
        named = [e for e in found if words in e.text and post in e.posts]
        if len(named) != 1:
            complaints.append(f"{post}: {words!r} is in {len(named)} boxes")
            continue
        answer = named[0]
        if answer.heading not in HEADINGS[kind]:
            complaints.append(f"{post}: {words!r} ({kind}) stands under {answer.heading!r}")
        if not answer.fences:
            complaints.append(f"{post}: {words!r} has no run")
        if not any(leads_to_a_heading(link, page) for link in answer.links):
            complaints.append(f"{post}: {words!r} has no link to a part of another page")
    return complaints


def test_all_of_them_are_listed():
    assert Counter(post for post, _, _ in FAULTS) == {
        MASTER: 9,
        NUMPY: 8,
        SIZES: 5,
        BASIC: 6,
        LECTURE: 18,
    }


def test_each_is_named_run_and_linked(built_site: Path):
    page = built_site / PAGE

    found = shortcomings((page / "index.html").read_text(encoding="utf-8"), page, FAULTS)

    assert found == []


def test_every_box_has_a_run_and_a_link(built_site: Path):
    page = built_site / PAGE
    boxes = entries((page / "index.html").read_text(encoding="utf-8"))

    idle = [
        box.text
        for box in boxes
        if not box.fences or not any(leads_to_a_heading(link, page) for link in box.links)
    ]

    assert idle == []


SOUND = """
<article><h2 id="stops">It does not run<a class="headerlink">¶</a></h2>
<details><summary>One</summary><p><em>RNN Basic</em> says a word.</p>
<div class="language-python highlight"><pre><code>1 / 0</code></pre></div>
<p>See <a href="../there/#part">there</a>.</p></details></article>
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return beside_a_page_with_a_heading(tmp_path / PAGE)


def test_a_sound_entry_passes(page: Path):
    assert shortcomings(SOUND, page, [("RNN Basic", "fails", "says a word")]) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("says a word", "is silent", "in 0 boxes"),
        ("RNN Basic", "Another", "in 0 boxes"),
        ("It does not run", "It does what it says", "stands under"),
        ("language-python", "language-text", "no run"),
        ("../there/#part", "../there/", "no link"),
        ("../there/#part", "../there/#nowhere", "no link"),
        ("../there/#part", "#stops", "no link"),
        ("../there/#part", "../missing/#part", "no link"),
    ],
)
def test_a_shortcoming_is_noticed(old: str, new: str, complaint: str, page: Path):
    assert old in SOUND
    html = SOUND.replace(old, new)

    found = shortcomings(html, page, [("RNN Basic", "fails", "says a word")])

    assert complaint in "; ".join(found)
