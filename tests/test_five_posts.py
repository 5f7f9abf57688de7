"""Each part of the posts that the site grew out of is mapped to where it is explained now."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from tests.built_links import beside_a_page_with_a_heading, leads_to_a_heading

PAGE = "the-five-posts"

# What each post goes through, in its order.
PARTS = {
    "Master Pytorch": [
        *("one-hot", "one cell", "initial state", "hello as a tensor", "parameters", "loop"),
        *("whole word", "batch of words", "hihell", "labels", "sizes", "forward", "optimizer"),
        *("training loop", "batch_first"),
    ],
    "NumPy RNN": [
        *("state of zeros", "weights", "np.stack", "printed states", "nn.RNN", "torch.Tensor"),
        *("_status", "second layer", "directions", "vocabulary", "learning rate", "numbers"),
        *("batch axis", "list of arrays", "Linear", "view", "optimizer", "training"),
    ],
    "RNN - Pytorch": [
        *("call it", "picture", "one-hot", "Hidden state", "Sequence length", "Batch size"),
        "whole code",
    ],
    "RNN Basic": [
        *("size", "torch.Tensor", "hold", "same", "deep RNN: both", "deep RNN: the last"),
        *("directions: both", "directions: the last", "Without batch_first"),
    ],
    "PyTorch Zero To All": [
        *("sequence", "structure", "One to one", "One to many", "Many to one", "translation"),
        *("next word", "one-hot", "One cell", "initial state", "loop", "whole word", "batch of"),
        *("swapped", "First script: hihell", "First script: the model", "multi-label"),
        *("letter by letter", "Second script: the data", "Second script: the model"),
        *("training on the whole word", "losses of both"),
    ],
}
# The trainings among them, each with the lab that finishes it.
TRAININGS = {
    "Master Pytorch": {"training loop": "hihell-letter-by-letter"},
    "NumPy RNN": {"training": "apple-in-numpy"},
    "PyTorch Zero To All": {
        "letter by letter": "hihell-letter-by-letter",
        "training on the whole word": "hihell-whole-word",
    },
}


def tables(html: str) -> dict[str, list[Tag]]:
    """The rows below each heading, without the table's own."""
    page = BeautifulSoup(html, "html.parser")
    for added in page.select(".headerlink"):
        added.decompose()
    found = {}
    for table in page.select("article table"):
        heading = table.find_previous("h2")
        assert heading is not None
        found[heading.get_text()] = table.select("tbody tr")
    return found


def shortcomings(html: str, page: Path, parts: dict[str, list[str]]) -> list[str]:
    """What is missing on `page`, the folder that its links start from."""
    found = tables(html)
    if list(found) != list(parts):
        return [f"tables {list(found)}, not {list(parts)}"]
    return [
        complaint for post in parts for complaint in _of_rows(post, found[post], parts[post], page)
    ]


def _of_rows(post: str, rows: list[Tag], parts: list[str], page: Path) -> list[str]:
    if len(rows) != len(parts):
        return [f"{post}: {len(rows)} rows for {len(parts)} parts"]
    complaints = []
    for row, part in zip(rows, parts, strict=True):
        name, links = row.select("td")[0].get_text(), [str(a["href"]) for a in row.select("a")]
        if part not in name:
            complaints.append(f"{post}: {name!r} is not about {part!r}")
        if not links:
            complaints.append(f"{post}: {name!r} leads nowhere")
        dead = [link for link in links if not leads_to_a_heading(link, page)]
        complaints += [f"{post}: no heading {link}" for link in dead]
    return complaints


def trainings_without_their_lab(html: str, trainings: dict[str, dict[str, str]]) -> list[str]:
    """The parts whose row does not lead to the lab that finishes them."""
    found = tables(html)
    return [
        part
        for post, labs in trainings.items()
        for part, lab in labs.items()
        if not any(
            part in row.select("td")[0].get_text() and row.select(f"a[href^='../labs/{lab}/#']")
            for row in found[post]
        )
    ]


@pytest.fixture(scope="module")
def html(built_site: Path) -> str:
    return (built_site / PAGE / "index.html").read_text(encoding="utf-8")


def test_every_part_of_every_post_leads_to_a_heading(html: str, built_site: Path):
    assert shortcomings(html, built_site / PAGE, PARTS) == []


def test_every_training_leads_to_the_lab_that_finishes_it(html: str):
    assert trainings_without_their_lab(html, TRAININGS) == []


SOUND = """
<article><h2>A post<a class="headerlink">¶</a></h2><table><tbody>
<tr><td>The loop</td><td><a href="../there/#part">There</a></td></tr>
<tr><td>The batch</td><td><a href="../there/#part">There</a></td></tr>
</tbody></table></article>
"""
SOUND_PARTS = {"A post": ["loop", "batch"]}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return beside_a_page_with_a_heading(tmp_path / PAGE)


def test_a_sound_table_passes(page: Path):
    assert shortcomings(SOUND, page, SOUND_PARTS) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("A post", "Another post", "tables"),
        ("The loop", "The end", "not about 'loop'"),
        ("<tr><td>The loop</td>", "<tr><td>The loop</td></tr><tr><td>The loop</td>", "3 rows"),
        ('<a href="../there/#part">There</a>', "There", "leads nowhere"),
        ("../there/#part", "../there/#nowhere", "no heading ../there/#nowhere"),
        ("../there/#part", "../there/", "no heading ../there/"),
        ("../there/#part", "../missing/#part", "no heading ../missing/#part"),
    ],
)
def test_a_shortcoming_is_noticed(old: str, new: str, complaint: str, page: Path):
    assert old in SOUND

    found = shortcomings(SOUND.replace(old, new, 1), page, SOUND_PARTS)

    assert complaint in "; ".join(found)


@pytest.mark.parametrize(
    ("part", "link"),
    [("loop", "../there/#part"), ("loop", "../labs/other/#part"), ("end", "../labs/lab/#part")],
)
def test_a_training_without_its_lab_is_noticed(part: str, link: str):
    led = SOUND.replace("../there/#part", "../labs/lab/#part", 1)
    assert trainings_without_their_lab(led, {"A post": {"loop": "lab"}}) == []

    found = trainings_without_their_lab(
        led.replace("../labs/lab/#part", link), {"A post": {part: "lab"}}
    )

    assert found == [part]
