"""Each chapter keeps to the template of CONTRIBUTING.md: its sections, its length, its words."""

import copy
import functools
import itertools
import posixpath
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from rnn_ref.messages.catalogue import pages
from tests import navigation
from tests.markup import parsed

ROOT = Path(__file__).parents[1]
IDIOMS = "torch-in-ten-idioms"  # read between chapters, and not one
CHAPTERS = [Path(page).stem for page in navigation.CHAPTERS]
LABS = [f"labs/{Path(page).stem}" for page in navigation.GROUPS["Labs"]]
READ_IN_ORDER = [*CHAPTERS, *LABS, Path(next(iter(navigation.GROUPS["Reference"]))).stem]

SECTIONS = (
    "Predict",
    "The smallest example",
    "The picture",
    "The rule",
    "By hand",
    "What goes wrong",
    "Exercises",
    "Recap",
)
# What the title of a box says, and nothing else: what went wrong is said by the heading above it.
BOXES = {
    "failure": ("It raises",),
    "warning": ("It runs, but wrong", "It runs, but slowly", "It warns, and does nothing"),
    "danger": ("It ends Python",),
}
ERROR = re.compile(r"^#> [\w.]+(?:Error|Exception)\b", re.MULTILINE)
SIGNAL = re.compile(r"^#> SIG[A-Z]+\b", re.MULTILINE)  # of the process that ran the call
LAB_ENDS = ("The result, asserted", "Try it yourself")
WORDS = range(900, 1501)
SENTENCES = 2  # in which a chapter answers, before its figure
CANDIDATES = 3
EXERCISES = ("Predict", "Repair", "Derive")
RECAP = range(3, 6)  # sentences
LONGEST_FENCE, LONGEST_CELL = 12, 25
LONGEST_MADE = 30  # in what is made of the catalogue, where a message may have many lines
UNKIND = re.compile(r"\b(?:simply|just|obviously)\b", re.IGNORECASE)


@functools.cache
def article(html: str) -> Tag:
    """What a page says: without what the theme and the catalogue add, with folded boxes."""
    found = copy.copy(parsed(html).select_one("article"))
    assert found is not None
    added = ".headerlink, .md-content__button, .md-source-file, p.entry, p.checked, p.take"
    for element in found.select(added):
        element.decompose()
    return found


def prose(page: Tag) -> list[str]:
    """The words outside fences; code in a sentence is a part of it, a full stop is no word."""
    outside = copy.copy(page)
    for fence in outside.select("pre, .highlight .filename"):
        fence.decompose()
    return re.findall(r"\S*\w\S*", outside.get_text(" "))


def long_fences(page: Tag, allowed: int = LONGEST_FENCE) -> list[str]:
    fences = [fence.get_text().rstrip("\n").split("\n") for fence in page.select("pre")]
    return [
        f"a fence of {len(lines)} lines, {allowed} are allowed: {lines[0]}"
        for lines in fences
        if len(lines) > allowed
    ]


def way_on(page: Tag) -> str | None:
    """Where the last paragraph of a page leads, if it begins with `Next:`."""
    last = page.select("p")[-1]
    link = last.select_one("a")
    return str(link["href"]) if link and last.get_text().startswith("Next: ") else None


def departures(page: Tag) -> list[str]:
    """Where a chapter leaves the template."""
    words = prose(page)
    headings = [heading.get_text(" ", strip=True) for heading in page.select("h2")]
    said = " ".join([*words, *(str(image.get("alt", "")) for image in page.select("img"))])
    found = [f"says {word!r}" for word in UNKIND.findall(said)]
    if len(words) not in WORDS:
        found.append(f"{len(words)} words of prose, not {WORDS[0]} to {WORDS[-1]}")
    found += [*opening_amiss(page), *parts_amiss(page), *boxes_amiss(page)]
    if [heading for heading in headings if heading in SECTIONS] != list(SECTIONS):
        found.append(f"sections {headings}, not {list(SECTIONS)}")
    return found


def below(heading: Tag | None) -> Tag:
    """What stands between a heading and the next `h2`."""
    part = BeautifulSoup("<section></section>", "html.parser").section
    assert part is not None
    for node in heading.find_next_siblings() if heading else []:
        if node.name == "h2":
            break
        part.append(copy.copy(node))
    return part


def section(page: Tag, name: str) -> Tag:
    """What stands below a heading of this name."""
    heads = page.select("h2")
    return below(next((h for h in heads if h.get_text(" ", strip=True) == name), None))


def opening_amiss(page: Tag) -> list[str]:
    """Where the first screen is more, or less, than an answer and its figure."""
    opening = below(page.select_one("h1"))
    answer = "\n".join(p.get_text() for p in opening.select("section > p"))
    sentences = len(re.findall(r"[.?](?:\s|$)", answer))
    figures = opening.select("figure:has(img[src*='figures/']):has(figcaption)")
    found = ["no figure with a caption above the first section"] * (not figures)
    return found + [f"{sentences} sentences above it, not {SENTENCES}"] * (sentences != SENTENCES)


def parts_amiss(page: Tag) -> list[str]:
    """Where the parts of a chapter are too many or too few."""
    candidates = len(section(page, "Predict").select("section > ul > li"))
    exercises = [p.get_text() for p in section(page, "Exercises").select("section > p > strong")]
    recap = [p.get_text() for p in section(page, "Recap").select("p")]
    sentences = re.findall(r"\.(?:\s|$)", "\n".join(p for p in recap if not p.startswith("Next: ")))
    found = []
    if candidates != CANDIDATES:
        found.append(f"{candidates} candidates, not {CANDIDATES}")
    if exercises != [f"{kind}." for kind in EXERCISES]:
        found.append(f"exercises {exercises}, not {list(EXERCISES)}")
    if len(sentences) not in RECAP:
        found.append(f"a recap of {len(sentences)} sentences")
    return found


def ends(box: Tag) -> set[str]:
    """The kinds of box that the code of one asks for: it raises, it ends Python, or it runs."""
    code = "\n".join(fence.get_text() for fence in box.select("pre"))
    signs = {"failure": ERROR, "danger": SIGNAL}
    return {kind for kind, sign in signs.items() if sign.search(code)} or {"warning"}


def boxes_amiss(page: Tag) -> list[str]:
    """The boxes whose colour, title and code disagree, or that have no heading to be found by."""
    found = []
    for box in page.select(", ".join(f".admonition.{kind}" for kind in BOXES)):
        title = box.select_one(".admonition-title")
        said = title.get_text(" ", strip=True) if title else ""
        (kind,) = BOXES.keys() & set(box["class"])
        if {kind} != ends(box) or said not in BOXES[kind]:
            found.append(f"a box whose code ends otherwise: {said}")
        above = box.find_previous_sibling()
        if above is None or above.name not in {"h3", "h4"}:
            found.append(f"a box without a heading of its own: {said}")
    return found


@pytest.mark.parametrize("chapter", [chapter for chapter in CHAPTERS if chapter != IDIOMS])
def test_chapter_keeps_to_the_template(chapter: str, built_site: Path):
    page = article((built_site / chapter / "index.html").read_text(encoding="utf-8"))

    assert departures(page) == []


@pytest.mark.parametrize("lab", LABS)
def test_lab_reads_like_a_chapter(lab: str, built_site: Path):
    page = article((built_site / lab / "index.html").read_text(encoding="utf-8"))

    assert shape_of_a_lab(page) == []


def shape_of_a_lab(page: Tag) -> list[str]:
    """Where a lab leaves what it shares with the others, or with chapters."""
    found = [f"says {word!r}" for word in UNKIND.findall(" ".join(prose(page)))]
    headings = [heading.get_text(" ", strip=True) for heading in page.select("h2")]
    if headings[-2:] != list(LAB_ENDS):
        found.append(f"ends with {headings[-2:]}, not {list(LAB_ENDS)}")
    if len(prose(page)) > WORDS[-1]:
        found.append(f"{len(prose(page))} words of prose")
    return found + ["no plot"] * (not page.select("img[src$='.svg'][alt]"))


@pytest.mark.parametrize(("name", "following"), [*itertools.pairwise(READ_IN_ORDER)])
def test_a_page_ends_with_the_way_to_the_next(name: str, following: str, built_site: Path):
    page = article((built_site / name / "index.html").read_text(encoding="utf-8"))

    assert way_on(page) == f"{posixpath.relpath(following, name)}/"


@pytest.mark.parametrize(
    ("end", "href"),
    [
        ('<p>Next: <a href="../b/">B</a>, more.</p>', "../b/"),
        ('<p>Back: <a href="../b/">B</a>, more.</p>', None),
        ('<p>Next: <a href="../b/">B</a>.</p><p>Read on.</p>', None),
        ("<p>Next: B.</p>", None),
    ],
)
def test_a_chapter_without_a_way_to_the_next_is_noticed(end: str, href: str | None):
    assert way_on(article(f"<article>{end}</article>")) == href


def test_no_page_has_a_fence_longer_than_a_screen(built_site: Path):
    """Not the API's: there a signature has a line for each argument, an example stands alone."""
    files = [path for path in built_site.rglob("*.html") if "api" not in path.parts]
    read = {path: article(path.read_text(encoding="utf-8")) for path in files}
    made = {built_site / page.name / "index.html" for page in pages()}
    longer = {path: LONGEST_CELL if "labs" in path.parts else LONGEST_FENCE for path in files}
    limits = longer | dict.fromkeys(made, LONGEST_MADE)

    assert [fence for path in files for fence in long_fences(read[path], limits[path])] == []


BODIES = {
    "Predict": f"<ul>{'<li>word</li>' * CANDIDATES}</ul>",
    "Exercises": "".join(f"<p><strong>{kind}.</strong> word</p>" for kind in EXERCISES),
    "Recap": f"<p>{'word. ' * RECAP[0]}</p><p>Next: word.</p>",
}


CAPTION = "<figcaption>A figure</figcaption>"
FIGURE = f'<figure><img src="../figures/x.svg" alt="A figure.">{CAPTION}</figure>'
OPENING = f"<h1>A chapter</h1><p>One.\nTwo.</p><div>{FIGURE}</div>"


def chapter_of(
    words: int,
    sections: tuple[str, ...] = SECTIONS,
    extra: str = "",
    bodies: dict = BODIES,
    opening: str = OPENING,
) -> Tag:
    heads = {name: f"<h2>{name}<a class='headerlink'>¶</a></h2>" for name in sections}
    parts = "".join(f"{head}{bodies.get(name, '')}" for name, head in heads.items())
    written = prose(article(f"<article>{opening}{parts}</article>"))
    filler = "word " * (words - len(written))
    return article(f"<article>{opening}{parts}<p>{filler}</p>{extra}</article>")


@pytest.mark.parametrize("words", [900, 1500])
def test_a_chapter_by_the_template_passes(words: int):
    code = "<div class='highlight'><pre><code>just = 1\n</code></pre></div>"

    assert departures(chapter_of(words, extra=code)) == []


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        (chapter_of(899), "899 words"),
        (chapter_of(1501), "1501 words"),
        (chapter_of(1000, SECTIONS[:-1]), "sections"),
        (chapter_of(1000, SECTIONS[::-1]), "sections"),
        (chapter_of(1000, extra="<details><p>Just so.</p></details>"), "says 'Just'"),
        (chapter_of(1000, extra="<img alt='Simply a cell.'>"), "says 'Simply'"),
        (chapter_of(1000, opening=OPENING.replace(CAPTION, "")), "no figure with a caption"),
        (chapter_of(1000, opening=OPENING.replace(FIGURE, ""), extra=FIGURE), "no figure with"),
        (chapter_of(1000, opening=OPENING.replace("One.", "One. More.")), "3 sentences above it"),
        (chapter_of(1000, opening=OPENING.replace("One.", "One")), "1 sentences above it"),
        (chapter_of(1000, bodies=BODIES | {"Predict": "<ul><li>One</li></ul>"}), "1 candidates"),
        (chapter_of(1000, bodies=BODIES | {"Exercises": "<p>Derive.</p>"}), "exercises []"),
        (chapter_of(1000, bodies=BODIES | {"Recap": "<p>Short.</p>"}), "a recap of 1 sentences"),
    ],
)
def test_a_departure_is_noticed(page: Tag, complaint: str):
    assert complaint in "; ".join(departures(page))


def box(kind: str, title: str, code: str, above: str = "<h3>A state</h3>") -> Tag:
    inside = f"<p class='admonition-title'>{title}</p><pre><code>{code}</code></pre>"
    return article(f"<article>{above}<div class='admonition {kind}'>{inside}</div></article>")


FAILS, RUNS, DIES = "f()\n#> ValueError: no", "f()\n#> 3", "f()\n#> SIGSEGV b''"


@pytest.mark.parametrize(
    ("kind", "title", "code", "right"),
    [
        ("failure", "It raises", FAILS, True),
        ("failure", "It raises", "f()\n#> torch.cuda.OutOfMemoryError: no", True),
        ("warning", "It runs, but wrong", RUNS, True),
        ("warning", "It runs, but slowly", "# Error: none", True),
        ("warning", "It warns, and does nothing", "f()\n#> UserWarning: no", True),
        ("info", "An error", FAILS, True),
        ("danger", "It ends Python", DIES, True),
        ("danger", "It ends Python", "f()\n#> SIGABRT", True),
        ("danger", "It ends Python", RUNS, False),
        ("danger", "It ends Python", "ended = f()  # SIGSEGV", False),
        ("danger", "It ends Python", FAILS, False),
        ("danger", "It ends Python", f"{DIES}\n{FAILS}", False),
        ("danger", "It ends Python: a cell", DIES, False),
        ("danger", "It raises", DIES, False),
        ("danger", "It raises", FAILS, False),
        ("failure", "It ends Python", FAILS, False),
        ("failure", "It raises", DIES, False),
        ("warning", "It runs, but wrong", DIES, False),
        ("warning", "It ends Python", RUNS, False),
        ("failure", "It runs, but wrong", FAILS, False),
        ("failure", "It raises: a state", FAILS, False),
        ("failure", "It raises", RUNS, False),
        ("warning", "It raises", FAILS, False),
        ("warning", "It runs, but wrong", FAILS, False),
        ("warning", "It runs, but wrong: a state", RUNS, False),
    ],
)
def test_a_box_that_calls_an_error_silent_is_noticed(kind: str, title: str, code: str, right: bool):
    assert (boxes_amiss(box(kind, title, code)) == []) is right


@pytest.mark.parametrize(
    ("above", "right"),
    [
        ("<h3>A state</h3>", True),
        ("<h4>A state</h4>", True),
        ("<h2>What goes wrong</h2>", False),
        ("<h3>A state</h3><p>Words.</p>", False),
        ("", False),
    ],
)
def test_a_box_without_a_heading_is_noticed(above: str, right: bool):
    for kind, title, code in (("failure", "It raises", FAILS), ("danger", "It ends Python", DIES)):
        assert (boxes_amiss(box(kind, title, code, above)) == []) is right


SOUND_LAB = "<h2>The result, asserted</h2><h2>Try it yourself</h2><img src='a.svg' alt='A line.'>"


@pytest.mark.parametrize(
    ("lab", "complaint"),
    [
        (SOUND_LAB, ""),
        (f"<p>Just so.</p>{SOUND_LAB}", "says 'Just'"),
        (f"{SOUND_LAB}<h2>More</h2>", "ends with ['Try it yourself', 'More']"),
        (SOUND_LAB.replace(".svg", ".png"), "no plot"),
        (SOUND_LAB + "<p>" + "word " * 1500, "words of prose"),
    ],
)
def test_a_departure_of_a_lab_is_noticed(lab: str, complaint: str):
    found = "; ".join(shape_of_a_lab(article(f"<article>{lab}</article>")))

    assert complaint in found
    assert bool(complaint) == bool(found)


@pytest.mark.parametrize(("lines", "allowed"), [(12, True), (13, False)])
def test_a_long_fence_is_noticed(lines: int, allowed: bool):
    code = "x = 1\n" * lines
    page = article(f"<article><pre><code>{code}</code></pre></article>")

    assert (long_fences(page) == []) is allowed
