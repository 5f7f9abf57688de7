"""A link leads to what it says: to the page of its title, to the page that answers its question."""

from dataclasses import replace

import pytest

from tests.catalogue import MADE
from tests.links import HOME, Link, astray, best, files, links, page, titles

# Links between pages of the catalogue are made of the titles that they lead to.
WRITTEN = [file for file in files() if not file.startswith(MADE)]
LINKS = [(file, link) for file in WRITTEN for link in links(file)]
INSIDE = [(file, link) for file, link in LINKS if link.file in files()]
SPREAD = 8  # of the other pages each link is led to one in so many, and the next link to the next
QUESTIONS = [link for link in links(HOME) if link.text.endswith("?")]
# What is elsewhere nobody can follow in a test: somebody has read it, and it is about this.
OUTSIDE = {
    "https://arxiv.org/abs/1412.6980": "Kingma and Ba's paper on Adam",
    "https://github.com/fastai/fastai2/pull/141": "a GPU refuses a state that is a slice",
    "https://docs.pytorch.org/docs/2.12/cudnn_rnn_determinism.html": "what makes cuDNN repeatable",
    "https://github.com/cvlab-stonybrook/Scanpath_Prediction/issues/13": "an index that cuDNN hid",
    "https://github.com/facebookresearch/fairseq/issues/465": "cuDNN fails on a card that is newer",
    "https://github.com/mattgolub/fixed-point-finder/issues/39": "hx is not contiguous, on a GPU",
    "https://github.com/pytorch/pytorch/issues/165621": "a docstring's loop cannot be trained",
    "https://github.com/pytorch/pytorch/issues/174355": "jvp of a cell on CUDA",
    "https://github.com/pytorch/pytorch/issues/2460": "weights in more than one chunk of memory",
    "https://github.com/pytorch/pytorch/issues/5261": "cuDNN has no double backward",
    "https://github.com/pytorch/pytorch/issues/80306": "mps turned the output of batch_first",
    "https://github.com/pytorch/pytorch/issues/94754": "mps and both directions",
    "https://github.com/pytorch/tutorials/issues/3643": "a loss that reads padded steps",
    "https://github.com/rnn-shapes/rnn-shapes": "this project",
}


def test_links_lead_where_their_titles_say():
    assert [(file, link, said) for file, link in INSIDE if (said := astray(link))] == []


def test_each_question_leads_to_the_page_that_speaks_of_it_most():
    assert len(QUESTIONS) >= 10
    assert {link.text: best(link.text) for link in QUESTIONS} == {
        link.text: link.file for link in QUESTIONS
    }


def test_links_to_elsewhere_are_those_that_somebody_has_read():
    every = [link.file for file in files() for link in links(file)]
    assert {url for url in every if ":" in url} == OUTSIDE.keys()


def by_title() -> list[Link]:
    """The links that are called by a page's title: to any other page they are wrong."""
    other = {file: "glossary.md" if file != "glossary.md" else "notation.md" for file in files()}
    return [link for _, link in INSIDE if astray(replace(link, file=other[link.file]))]


def test_a_link_by_title_to_any_other_page_is_noticed(capsys: pytest.CaptureFixture[str]):
    named = by_title()
    tried = [
        replace(link, file=file)
        for i, link in enumerate(named)
        for file in [*files()][i % SPREAD :: SPREAD]
        if file != link.file
    ]
    caught = [link for link in tried if astray(link)]

    with capsys.disabled():
        print(
            f"\nlinks by title: {len(named)} of {len(INSIDE)}; {len(caught)} of {len(tried)} caught"
        )

    assert caught == tried
    assert len(named) > 150


def test_a_link_by_title_to_another_section_is_noticed():
    parts = [link for link in by_title() if ": " in link.text and link.anchor]
    tried = [
        replace(link, anchor=anchor)
        for link in parts
        for anchor in page(link.file).headings
        if anchor != link.anchor
    ]
    caught = sum(astray(link) is not None for link in tried)

    assert caught > 0.9 * len(tried) > 500


RIGHT = [
    Link("Layers", "layers.md", ""),
    Link("the layer below", "directions.md", ""),
    Link("`batch_first`", "batch-first.md", "was-it-forgotten-the-test"),
    Link("batch_first: the rule", "batch-first.md", "the-rule"),
    Link("Lab: the whole word at once", "labs/hihell-whole-word.py", ""),
    Link("the whole word", "labs/hihell-whole-word.py", ""),
    Link("One step, one word, one batch", "one-step-one-word-one-batch.md", "the-rule"),
    Link("a lab", "labs/apple-in-numpy.py", ""),
    Link("RNN", "rnn-by-hand.md", ""),
    Link("What goes wrong", "layers.md", "what-goes-wrong"),
    Link(
        "One-hot or embedding: what is input_size", "one-hot-or-embedding.md", "what-is-input_size"
    ),
]


@pytest.mark.parametrize("link", RIGHT, ids=lambda link: link.text)
def test_right_links_that_look_wrong_pass(link: Link):
    assert astray(link) is None


def test_titles_tell_pages_apart():
    assert len(titles()) == len(files()) - 1
