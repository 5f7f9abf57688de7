"""The built site is whole, and a build with anything dead in it fails."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from pymdownx.snippets import SnippetMissingError

from docs._finish.taking.pages import pages, taken
from tests.markup import parsed

ROOT = Path(__file__).parents[1]
CONFIG = load_config(str(ROOT / "mkdocs.yml"))
DOCS = ROOT / "docs"

# What stands on the page, and what the build has to name when it refuses.
BROKEN = {
    "link": ("[x](missing.md)", "missing.md"),
    "link without a suffix": ("[x](missing)", "missing"),
    "link from the root": ("[x](/other/)", "/other/"),
    "anchor": ("[x](#nowhere)", "#nowhere"),
    "anchor of another page": ("[x](other.md#nowhere)", "nowhere"),
    "image": ("![x](missing.svg)", "missing.svg"),
    "raw link": ('<a href="missing/">x</a>', "missing/"),
    "raw anchor": ('<a href="#nowhere">x</a>', "#nowhere"),
    "raw anchor of another page": ('<a href="other/#nowhere">x</a>', "nowhere"),
    "raw image": ('<p>x <img src="missing.svg" alt="x"></p>', "missing.svg"),
    "footnote": ("x[^1]\n\n[^1]: [y](missing.md)", "missing.md"),
    "included file": ('--8<-- "missing.md"', "missing.md"),
}
SOUND = """
[x](other.md#here) [x](#home) <a href="other/#here">x</a> <a href="#home">x</a>
![x](dot.svg) <img src="dot.svg" alt="x">
"""


@pytest.fixture
def build_with(tmp_path: Path, build_pages: Callable[..., Path]) -> Callable[..., Path]:
    def build(text: str, nav: tuple[str, ...] = ("index.md", "other.md")) -> Path:
        docs = tmp_path / "docs"
        docs.mkdir()
        (docs / "index.md").write_text(f"# Home\n\n{text}\n", "utf-8")
        (docs / "other.md").write_text("# Other\n\n## Here\n", "utf-8")
        (docs / "dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
        return build_pages(tmp_path / "site", docs_dir=str(docs), nav=list(nav))

    return build


@pytest.mark.parametrize("kind", BROKEN)
def test_build_refuses_a_dead(
    kind: str, build_with: Callable[..., Path], caplog: pytest.LogCaptureFixture
):
    text, named = BROKEN[kind]
    with pytest.raises((Abort, SnippetMissingError)):
        build_with(text)
    assert named in caplog.text


def test_build_refuses_a_page_outside_the_navigation(
    build_with: Callable[..., Path], caplog: pytest.LogCaptureFixture
):
    with pytest.raises(Abort):
        build_with(SOUND, nav=("index.md",))
    assert "other.md" in caplog.text


def test_build_accepts_what_is_sound(build_with: Callable[..., Path]):
    assert (build_with(SOUND) / "other" / "index.html").exists()


def test_theme_and_private_files_are_not_published(built_site: Path):
    published = [path.relative_to(built_site) for path in built_site.rglob("*")]
    scripts = {Path(taken(page.file)["script"]) for page in pages(CONFIG)}
    assert scripts <= set(published)
    published = [path for path in published if path not in scripts]
    private = {path.name for folder in ("_hooks", "_finish") for path in (DOCS / folder).rglob("*")}
    assert [
        path
        for path in published
        if path.name.startswith("_") or path.suffix == ".py" or path.name in private
    ] == []


def unasked(site: Path) -> list[str]:
    """The files that no page, style or script of the site names."""
    files = [path for path in site.rglob("*") if path.is_file() and path.suffix != ".html"]
    kinds = (".html", ".js", ".css", ".txt", ".xml")
    said = {path: path.read_text("utf-8") for path in site.rglob("*") if path.suffix in kinds}
    said = {path: text for path, text in said.items() if path.name != "offline.js"}  # names all
    words = {word for text in said.values() for word in re.findall(r"[\w.-]+", text)}
    return sorted(str(path.relative_to(site)) for path in files if path.name not in words)


# Asked for by name, by others: search engines, and the documentation of other projects.
KNOWN = ["llms-full.txt", "llms.txt", "objects.inv", "sitemap.xml", "sitemap.xml.gz"]


def test_nothing_is_published_that_nobody_asks_for(built_site: Path, tmp_path: Path):
    (tmp_path / "used.svg").touch()
    (tmp_path / "unused.svg").touch()
    (tmp_path / "index.html").write_text("<img src=used.svg>", "utf-8")

    assert unasked(tmp_path) == ["unused.svg"]
    assert {*unasked(built_site)} <= {*KNOWN}


def test_pages_work_below_any_path(built_site: Path):
    """A project's site lies below a folder, where a link from the root leads elsewhere."""
    from_root = {}
    for page in built_site.rglob("index.html"):
        tags = parsed(page.read_text("utf-8")).select("[href], [src]")
        targets = [str(tag.get("href") or tag.get("src")) for tag in tags]
        from_root[str(page)] = [target for target in targets if target.startswith("/")]
    assert not any(from_root.values()), from_root


def test_every_page_has_an_edit_link_to_its_source(built_site: Path):
    for page in built_site.rglob("index.html"):
        edit = parsed(page.read_text("utf-8")).select_one("a[rel=edit]")
        assert edit is not None, page
        repository, source = str(edit["href"]).split("/edit/main/")
        assert repository.startswith("https://")
        assert (ROOT / source).is_file()


def test_next_and_previous_lead_through_the_whole_book(built_site: Path):
    def walk(page: Path, direction: str) -> list[Path]:
        soup = parsed((page / "index.html").read_text("utf-8"))
        link = soup.select_one(f".md-footer__link--{direction}")
        onward = walk((page / str(link["href"])).resolve(), direction) if link else []
        return [page, *onward]

    pages = {path.parent for path in built_site.rglob("index.html")}
    forward = walk(built_site, "next")
    assert set(forward) == pages
    assert walk(forward[-1], "prev") == forward[::-1]


def meant(source: str) -> str | None:
    """The description that a writer put at the head of a page, quoted or not."""
    found = re.search(r"\A---\n(?:.*\n)*?description: (.*)\n(?:.*\n)*?---\n", source)
    return found[1].strip("\"'") if found else None


def misread(source: str, html: str) -> list[str]:
    """What of a page's front matter is not metadata: what YAML cannot read is shown as text."""
    soup = parsed(html)
    article, tag = soup.select_one("article"), soup.select_one("meta[name=description]")
    assert article is not None
    said = tag["content"] if tag else None
    found = [] if said == meant(source) else [f"meta description {said!r}"]
    return found + ["shown as text"] * ("description:" in article.get_text())


@pytest.mark.parametrize("source", sorted(DOCS.rglob("*.md")), ids=lambda path: path.stem)
def test_front_matter_is_read_as_metadata(source: Path, built_site: Path):
    page = source.relative_to(DOCS).with_suffix("")
    built = built_site / ("." if page.name == "index" else page) / "index.html"

    assert meant(source.read_text("utf-8"))
    assert misread(source.read_text("utf-8"), built.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("description", "read"),
    [
        ("Plain words, with commas; no more.", True),
        ('What "nn.RNN" is, and torch\'s <own> words.', True),
        ('"Shapes: of each axis."', True),
        ("Shapes: of each axis.", False),
        ("`output` and h_n.", False),
        ("Sizes # and more.", False),
    ],
)
def test_front_matter_that_is_no_metadata_is_noticed(
    description: str, read: bool, tmp_path: Path, build_pages: Callable[..., Path]
):
    source = f"---\ndescription: {description}\n---\n\n# Home\n"
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(source, "utf-8")
    site = build_pages(tmp_path / "site", docs_dir=str(tmp_path / "docs"), nav=["index.md"])

    assert (misread(source, (site / "index.html").read_text("utf-8")) == []) is read


@pytest.mark.skipif(not shutil.which("make"), reason="no make here: what it runs is tested")
def test_help_lists_every_command():
    listed = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert phony is not None
    assert re.findall(r"^  make (\S+)", listed, re.MULTILINE) == phony[1].split()
