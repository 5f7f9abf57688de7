"""A lab's page begins with the plot of its result, and shows it again where it is drawn."""

from pathlib import Path

import pytest
from bs4 import Tag
from hypothesis import given
from hypothesis import strategies as st

from tests import hooks
from tests.documents import ROOT
from tests.markup import parsed
from tests.test_figure_pages import page as rendered

OPENING = hooks.load("lab_opening")
LINKS = "[Download](a.ipynb)"
LABS = sorted(path.stem for path in (ROOT / "docs/labs").glob("*.py"))
WORDS = st.from_regex(r"[ab]{1,3}( [ab(),=]{1,3}){0,2}", fullmatch=True)


def figure(place: int, caption: str, alt: str = "A line.") -> str:
    image = f'![{alt}](x-{place}.svg){{width="3" height="5"}}'
    return f"{image}\n\n/// caption\n{caption}\n///"


def opened(*figures: str) -> str:
    page = "\n\n".join(["# A lab", "Text.", *figures, "More text."])
    return OPENING.opened(page.replace("/// caption", "/// figure-caption"), LINKS)


def captions(page: str) -> list[tuple[str, str]]:
    """The figures of a page in order, as a reader sees them: the file, and the caption."""
    found = rendered(page.replace("/// figure-caption", "/// caption")).select("figure")
    return [
        (one.select_one("img")["src"], one.get_text(" ", strip=True).split(". ", 1)[1])
        for one in found
    ]


@given(said=st.lists(WORDS, min_size=1, max_size=4), alt=WORDS, data=st.data())
def test_the_result_is_shown_first_or_else_the_last_plot(
    said: list[str], alt: str, data: st.DataObject
):
    named = data.draw(st.none() | st.sampled_from(range(len(said))))
    marked = [OPENING.RESULT * (place == named) + one for place, one in enumerate(said)]
    at = len(said) - 1 if named is None else named
    (file, caption), *rest = captions(opened(*(figure(k, m, alt) for k, m in enumerate(marked))))

    assert (file, caption) == (f"x-{at}.svg", said[at][0].upper() + said[at][1:])
    assert [file for file, _ in rest] == [f"x-{place}.svg" for place in range(len(said))]
    assert [place for place, (_, told) in enumerate(rest) if told.startswith("Once more")] == [at]


def test_it_stands_between_the_links_and_the_text_with_all_of_its_caption():
    page = opened(figure(1, "Look.\nAnd look (1 / 2).", alt=r"A (line) \[0\].")).split("\n\n")

    assert page[:2] == ["# A lab", LINKS]
    assert page[2].startswith(r"![A (line) \[0\].](x-1.svg){")
    assert page[3].split("\n")[1:3] == ["Look.", "And look (1 / 2)."]
    assert page[4] == "Text."


def test_a_lab_without_a_caption_begins_with_its_text():
    assert opened("![A line.](x-1.svg)").split("\n\n")[:3] == ["# A lab", LINKS, "Text."]


def opening_of(lab: str, site: Path) -> tuple[Tag, Tag, Tag, list[str]]:
    """What comes below a lab's title, and the addresses of all its figures."""
    article = parsed((site / "labs" / lab / "index.html").read_text("utf-8")).select_one("article")
    links, result, text = article.select_one("h1").find_next_siblings()[:3]
    return links, result, text, [str(one["id"]) for one in article.select("figure")]


@pytest.mark.parametrize("lab", LABS)
def test_each_lab_shows_its_result_first(lab: str, built_site: Path):
    links, result, text, figures = opening_of(lab, built_site)

    assert (links["class"], result.name, text.name) == (["lab-links"], "figure", "p")
    assert f"{result['id']}-again" in figures
