"""The last line of each page tells the truth: what the check counts is what the page says."""

import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest
from bs4 import Tag
from mkdocs.config import load_config
from mkdocs.structure.files import get_files

from tests import hooks, reference
from tests.documents import ROOT, check
from tests.markup import parsed
from tests.snippets import counts
from tests.snippets.plugin import PageRunner

pytestmark = pytest.mark.site  # it looks at all pages

HOOK = hooks.load("checked")
KEPT = counts.read(ROOT)
SITE = get_files(load_config(str(ROOT / "mkdocs.yml"))).documentation_pages()
PAGES = {f"docs/{file.src_uri}": file.dest_uri for file in SITE}
PAGES |= {
    f"docs/labs/{lab.name}": f"labs/{lab.stem}/index.html" for lab in ROOT.glob("docs/labs/*.py")
}
FILES = sorted([*PAGES, *(file.relative_to(ROOT).as_posix() for file in reference.FILES)])
LINE = re.compile(
    r"Verified with torch (?P<torch>\S+) on (?P<day>\d+ [A-Z][a-z]+ \d{4}): "
    r"(?P<run>\d+) blocks? run, (?P<compared>\d+) claims? compared\."
)


def line(html: str) -> Tag | None:
    return parsed(html).select_one("article > .checked")


@pytest.mark.parametrize("name", FILES)
def test_what_is_kept_is_what_the_check_counts(name: str):
    report = PageRunner.pages.run(ROOT / name)
    counted = counts.of_report(report) if report.document.fences else None

    assert KEPT.get(name) == counted, "call `make update-docs`"


def test_every_page_says_what_was_checked(built_site: Path):
    said = {}
    for name, built in PAGES.items():
        found = line((built_site / built).read_text("utf-8"))
        assert found is not None, name
        text = " ".join(found.get_text().split())
        if text == f"{': '.join(HOOK.said(0, 0))}.":
            assert KEPT[name][0] == 0
            said[name] = KEPT[name]
            continue
        match = LINE.fullmatch(text)
        assert match is not None, found
        assert match["torch"] == version("torch").partition("+")[0]
        said[name] = [int(match["run"]), int(match["compared"])]
        href = str(found.a["href"]) if found.a else ""
        assert (built_site / built).parent.joinpath(
            href
        ).resolve() == built_site / "how-it-is-checked"

    # A file of the package is shown on one page, whole.
    assert [sum(column) for column in zip(*said.values(), strict=True)] == [
        sum(column) for column in zip(*KEPT.values(), strict=True)
    ]
    own = {name for name in PAGES if not name.startswith("docs/api/")}
    assert {name: said[name] for name in own} == {name: KEPT[name] for name in own}


def test_a_page_of_the_api_counts_the_docstrings_that_it_shows(built_site: Path):
    for name, built in PAGES.items():
        html = (built_site / built).read_text("utf-8")
        files = {docstring.file for docstring in reference.docstrings_on(html)}
        shown = {file.relative_to(ROOT).as_posix() for file in files} & KEPT.keys()
        assert shown == set(HOOK.sources(reference.objects_on(html), ROOT)) & KEPT.keys(), name


@pytest.mark.parametrize(
    ("epoch", "day"),
    [("0", "1 January 1970"), ("86399", "1 January 1970"), ("1795651200", "26 November 2026")],
)
def test_the_day_is_that_of_the_build(epoch: str, day: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert HOOK.verified().endswith(f" on {day}")


def test_counts_are_those_of_the_page():
    page = '# Page\n\n```python\nx = [1, 2]\nprint(len(x))\n#> 2\n```\n\n`2`{title="len(x)"}\n'
    assert counts.of_report(check(page)) == [1, 2]
    assert counts.of_report(check(page + '\n`2`{title="x[1]"}\n')) == [1, 3]
    assert HOOK.said(1, 2)[1] == "1 block run, 2 claims compared"
    assert HOOK.said(2, 1)[1] == "2 blocks run, 1 claim compared"


def test_counts_are_renewed_file_by_file(tmp_path: Path):
    for name in ("a.md", "b.md"):
        (tmp_path / "docs").mkdir(exist_ok=True)
        (tmp_path / "docs" / name).touch()
    report = check("# Page\n\n```python\nprint(2)\n#> 2\n```\n")
    kept = {"docs/b.md": [5, 6], "docs/gone.md": [3, 4]}
    (tmp_path / counts.FILE).write_text(json.dumps(kept), "utf-8")

    assert counts.write(tmp_path, [(tmp_path / "docs/a.md", report)]) == [tmp_path / counts.FILE]
    assert counts.read(tmp_path) == {"docs/a.md": [1, 1], "docs/b.md": [5, 6]}
    assert counts.write(tmp_path, []) == []
