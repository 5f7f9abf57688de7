"""Labs look and read like chapters, run anywhere, and are executed again only when they have to."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import jupytext
import nbformat
import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

from tests import hooks, lab_environment
from tests.contrast import contrast
from tests.documents import MARKDOWN, ROOT
from tests.markup import parsed
from tests.reading.labs import read_lab
from tests.snippets.check import check_document

COLOURS = hooks.load("lab_pages").COLOURS
SOURCES = sorted((ROOT / "docs/labs").glob("*.py"))
NAMES = [path.stem for path in SOURCES]
COLAB = "https://colab.research.google.com/github"
INSTALL = '%pip install --quiet "rnn-ref[labs]==0.1.0"'
LAB = """\
# ---
# description: A lab.
# ---

# %% [markdown]
# # A lab about `x`
#
# It has `3`{title="x"} parts; see [home](../index.md#home).

# %%
import sys

import matplotlib.pyplot as plt

# %config InlineBackend.figure_formats = ["svg"]
plt.style.use("rnn_ref.plots")
x = 3
print(x)

# %%
plt.plot([1, 2])
plt.show()
"""
ALT = "A plot. A blue solid line from the lower left to the upper right."


def build(lab: str, folder: Path, build_pages: Callable[..., Path]) -> Path:
    """Build a site of a page and a lab in a folder."""
    (folder / "docs/labs").mkdir(parents=True, exist_ok=True)
    (folder / "docs/index.md").write_text("# Home\n", "utf-8")
    (folder / "docs/labs/a.py").write_text(lab, "utf-8")
    nav = ["index.md", "labs/a.py"]
    return build_pages(folder / "site", docs_dir=str(folder / "docs"), nav=nav)


@pytest.fixture
def build_lab(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, build_pages: Callable[..., Path]
) -> Callable[[str], Path]:
    monkeypatch.chdir(tmp_path)  # the kernel's folder, too
    return lambda lab: build(lab, tmp_path, build_pages)


@pytest.fixture(scope="module")
def lab_site(tmp_path_factory: pytest.TempPathFactory, build_pages: Callable[..., Path]) -> Path:
    return build(LAB, tmp_path_factory.mktemp("lab"), build_pages)


LIGHT = """\
# %% [markdown]
# # Light

# %%
with open("executed.txt", "a") as file:
    file.write("once")
"""


def test_a_lab_is_executed_again_when_it_or_rnn_ref_or_torch_changes_and_only_then(
    build_lab: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def executions(lab: str = LIGHT) -> int:
        build_lab(lab)
        return Path("executed.txt").read_text("utf-8").count("once")

    package = tmp_path / "package"
    package.mkdir()
    monkeypatch.setattr("rnn_ref.__file__", str(package / "__init__.py"))
    assert [executions(), executions()] == [1, 1]

    other = LIGHT.replace("Light", "Lighter")
    assert [executions(other), executions(other)] == [2, 2]

    (package / "cells.py").write_text("h = 0", "utf-8")
    assert [executions(other), executions(other)] == [3, 3]

    tomorrow = {"torch": "2.14.0", "rnn-ref": "0.1.0"}
    hook = sys.modules["docs/_hooks/labs.py"]  # as mkdocs names it
    monkeypatch.setattr(hook, "version", tomorrow.__getitem__)
    assert [executions(other), executions(other)] == [4, 4]
    assert len(list(Path(".cache/labs").iterdir())) == 1


@pytest.mark.parametrize("name", ["cells.py", "plots.mplstyle", "figures/svg.py"])
def test_every_file_of_rnn_ref_makes_a_difference_to_a_lab(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("rnn_ref.__file__", str(tmp_path / "__init__.py"))
    (tmp_path / name).parent.mkdir(exist_ok=True)
    digests = []
    for content in ("", "h = 0"):
        digests.append(hooks.load("labs").outside_digest())
        (tmp_path / name).write_text(content, "utf-8")
    digests.append(hooks.load("labs").outside_digest())

    assert len(set(digests)) == 3


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("x = 3", "x = 3\nassert x < 2, 'it has not learned'", "it has not learned"),
        ("x = 3", 'x = 3\nprint("!", file=sys.stderr)', "a writes to stderr: !"),
    ],
)
def test_a_lab_that_fails_is_not_published(
    old: str,
    new: str,
    message: str,
    build_lab: Callable[..., Path],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
):
    with pytest.raises((CellExecutionError, Abort)) as error:
        build_lab(LAB.replace(old, new))

    assert message in f"{error.value}{caplog.text}"
    assert not (tmp_path / "site/labs").exists()


def test_a_lab_is_a_page_like_any_other(lab_site: Path):
    page = parsed((lab_site / "labs/a/index.html").read_text("utf-8"))
    article = page.select_one("article")
    assert page.title.get_text() == "A lab about x - RNN Shapes"
    assert page.select_one("meta[name=description]")["content"] == "A lab."
    assert [code.get_text() for code in article.select(".output code")] == ["3\n"]
    assert [image["alt"] for image in article.select("img")] == [ALT]
    assert [link["href"] for link in article.select("p:not(.lab-links, .take) a")] == [
        "../../#home"
    ]
    assert article.select_one("code[title=x]").get_text() == "3"
    assert not article.select("style, script, svg:not(.md-icon svg)")


def test_a_plot_has_the_colours_of_both_schemes(lab_site: Path):
    svg = (lab_site / "labs/a-1.svg").read_text("utf-8")
    drawn = set(re.findall(r"(?:fill|stroke): ([^;\"]+)", svg)) - {"none"}

    assert svg.startswith("<svg")
    assert drawn == {"var(--7a7f88)", "var(--0072b2)"}  # text and axes, and one line
    assert not re.search(r"#(?!1f2328|0072b2;|b34d00|007a5a)\w{6}", svg.split("@media")[0])


def test_the_colours_are_those_of_the_style():
    style = (ROOT / "rnn_ref/plots.mplstyle").read_text("utf-8")

    used = re.findall(r"\b[0-9a-f]{6}\b", style)
    assert {f"#{colour}" for colour in used} == set(COLOURS)


@pytest.mark.parametrize(("scheme", "paper"), [(0, "#fdfcf9"), (1, "#14181f")])
@pytest.mark.parametrize("colour", COLOURS)
def test_text_in_each_colour_stands_out(colour: str, scheme: int, paper: str):
    shades = COLOURS[colour][scheme], paper

    assert contrast(*(tuple(bytes.fromhex(shade[1:])) for shade in shades)) >= 4.5


def test_the_download_installs_what_it_needs_and_reads_well_anywhere(lab_site: Path):
    notebook = nbformat.read(lab_site / "labs/a.ipynb", as_version=4)

    nbformat.validate(notebook)
    assert notebook.cells[0].source == INSTALL
    text = notebook.cells[1].source
    assert "It has `3` parts; see [home](http://127.0.0.1:8000/#home)." in text
    assert "%config InlineBackend" in notebook.cells[2].source
    assert not any(cell.get("outputs") for cell in notebook.cells)


def test_the_same_lab_gives_the_same_files(build_lab: Callable[..., Path], lab_site: Path):
    site = build_lab(LAB)

    for name in ("a.ipynb", "a-1.svg", "a/index.html"):
        assert (site / "labs" / name).read_bytes() == (lab_site / "labs" / name).read_bytes()


@pytest.mark.parametrize(
    ("repository", "offers"),
    [
        ("https://github.com/a/b/", f"[Open in Colab]({COLAB}/a/b/blob/gh-pages/labs/x.ipynb)"),
        ("https://git.example.org/a/b", None),
    ],
)
def test_colab_is_offered_where_it_can_open_notebooks(repository: str, offers: str | None):
    config = MkDocsConfig()
    config.extra = {"repository": repository}
    line = hooks.load("labs").links("x", config)

    assert "[Download the notebook](x.ipynb){download}" in line
    assert (offers in line) if offers else ("Colab" not in line)


@pytest.mark.parametrize("name", NAMES)
def test_a_lab_weighs_no_more_than_a_chapter_and_shows_no_notebook(name: str, built_site: Path):
    html = (built_site / "labs" / name / "index.html").read_text("utf-8")
    article = parsed(html).select_one("article")
    described = parsed(html).select_one("meta[name=description]")["content"]

    assert f"\n# description: {described}\n" in (ROOT / f"docs/labs/{name}.py").read_text("utf-8")
    assert len(html.encode()) <= 66_000
    assert [link["href"] for link in article.select(".lab-links a")] == [
        f"../{name}.ipynb",
        f"{COLAB}/rnn-shapes/rnn-shapes/blob/gh-pages/labs/{name}.ipynb",
    ]
    assert not article.select("style, script, [class*=jp-], [class*=jupyter]")
    assert "Traceback" not in article.get_text()


def test_the_search_finds_labs_as_it_finds_chapters(built_site: Path):
    index = json.loads((built_site / "search/search_index.json").read_text("utf-8"))
    found = [entry for entry in index["docs"] if entry["location"].startswith("labs/")]

    assert {entry["location"].split("/")[1] for entry in found} == set(NAMES)
    for entry in found:
        assert not re.search(r"¶|In \[|Copied!|\{title=", entry["title"] + entry["text"])


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_a_lab_that_stops_learning_is_red(source: Path):
    text = source.read_text("utf-8")
    broken = re.sub(r"\blr( ?= ?)[\d.]+", r"lr\g<1>0.0", text)
    assert broken != text
    broken = broken.replace("range(10)", "range(1)")  # one epoch teaches as little as ten

    report = check_document(read_lab(broken, MARKDOWN), source)

    assert any("AssertionError" in problem.message for problem in report.problems)


@pytest.fixture(scope="module")
def run_anew() -> Callable[[nbformat.NotebookNode, Path], None]:
    lab_environment.make()
    return lab_environment.run


def download(source: Path) -> nbformat.NotebookNode:
    """Make the notebook of a lab as the site offers it, but for its links."""
    lab = jupytext.read(source)
    return hooks.load("lab_pages").as_download(lab, source.stem, INSTALL, lambda link: link)


# Of the sources and not of the site, so that this runs beside the tests of the site.
def test_the_downloads_run_in_an_environment_made_by_their_first_cell(
    tmp_path: Path, run_anew: Callable[..., None]
):
    """In one kernel, emptied for each: the site's build starts one for each of the same cells."""
    emptied = [[new_code_cell("%reset -f"), *download(source).cells[1:]] for source in SOURCES]
    where = new_code_cell("import sys, rnn_ref; print(sys.prefix, rnn_ref.__file__)")
    notebook = new_notebook(cells=[new_code_cell(INSTALL), *chain(*emptied), where])

    run_anew(notebook, tmp_path)

    # A kernel may send what is printed in pieces.
    prefix, package = "".join(output.text for output in where.outputs).split()
    assert Path(prefix) == lab_environment.FOLDER
    assert Path(package).is_relative_to(prefix)


def test_that_environment_has_what_its_first_cell_leads_to_and_nothing_else(run_anew: object):
    def pip(*arguments: str) -> str:
        command = [lab_environment.PYTHON, "-m", "pip", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    names = {package["name"] for package in json.loads(pip("list", "--format=json"))}

    assert names >= {"ipykernel", "matplotlib", "numpy", "pip", "rnn-ref", "scikit-learn", "torch"}
    assert not names & {"hypothesis", "mkdocs", "nbformat", "pytest", "ruff"}
    assert pip("check").strip() == "No broken requirements found."
    owners = packages_distributions()
    shared = [owners.get(path.stem, []) for path in lab_environment.PACKAGES.iterdir()]
    assert names >= set(chain(*shared))


def test_what_that_environment_lacks_is_noticed(tmp_path: Path, run_anew: Callable[..., None]):
    (metadata,) = lab_environment.PACKAGES.glob("tqdm-*.dist-info")
    away = metadata.rename(tmp_path / metadata.name)
    notebook = new_notebook(cells=[new_code_cell(INSTALL)])

    with pytest.raises(LookupError, match="No matching distribution found for tqdm"):
        run_anew(notebook, tmp_path)

    away.rename(metadata)


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_the_site_offers_that_download(source: Path, built_site: Path):
    offered = nbformat.read(built_site / f"labs/{source.stem}.ipynb", as_version=4)

    assert code_of(offered) == code_of(download(source))
    assert offered.cells[0].source == INSTALL


def code_of(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]
