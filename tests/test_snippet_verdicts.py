"""A page that was right is not run again until anything changes that its run depends on."""

from pathlib import Path

import pytest

from tests.documents import MARKDOWN, Project
from tests.reading.document_cache import DocumentCache
from tests.reading.problems import Problem
from tests.snippets import verdicts
from tests.snippets.check import Report

PAGE = '![A picture.](p.svg){title="x"}\n\n```python\nx = 3\n```\n'


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page with a picture, and a package of one file."""
    for name, text in {"page.md": PAGE, "p.svg": "<svg/>", "rnn_ref/cells.py": "x = 3\n"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.setattr(verdicts, "PACKAGE", tmp_path / "rnn_ref")
    return tmp_path / "page.md"


def kept(page: Path) -> verdicts.Verdicts:
    folder = page.parent / "kept"
    folder.mkdir(exist_ok=True)
    return verdicts.Verdicts(DocumentCache(MARKDOWN, None), folder)


def recalled(page: Path) -> Report | None:
    here = kept(page)
    return here.recall(page, here.cache.read(page))


def keep(page: Path, problems: list[Problem]) -> None:
    here = kept(page)
    here.keep(page, Report(here.cache.read(page), problems, compared=3))


def test_a_page_that_was_right_is_recalled(page: Path) -> None:
    assert recalled(page) is None
    keep(page, [])

    report = recalled(page)
    assert report is not None
    assert report.compared == 3


def test_a_page_that_was_wrong_is_not(page: Path) -> None:
    keep(page, [Problem(0, "wrong")])

    assert recalled(page) is None


@pytest.mark.parametrize("name", ["page.md", "p.svg", "rnn_ref/cells.py"])
def test_a_change_of_what_it_depends_on_is_seen(page: Path, name: str) -> None:
    keep(page, [])
    file = page.parent / name
    file.write_text(file.read_text("utf-8") + "\n", "utf-8")

    assert recalled(page) is None


@pytest.mark.parametrize("name", ["MKL_CBWR", "OMP_NUM_THREADS", "ATEN_CPU_CAPABILITY"])
def test_other_arithmetic_is_seen(page: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(page, [])
    monkeypatch.setenv(name, "another")

    assert recalled(page) is None


def test_another_version_is_seen(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(page, [])
    monkeypatch.setattr(verdicts, "LIBRARIES", ("numpy", "not-installed"))

    assert recalled(page) is None


def test_pytest_says_what_it_recalled_and_at_once_what_is_wrong(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("docs/right.md", "```python\nprint(3)\n#> 3\n```\n")
    wrong = project.write("docs/wrong.md", "```python\nprint(3)\n#> 5\n```\n")
    options = ("docs", "--at-once", "--quiet", "--no-header", "--tb=no", "-rN")

    first, again = (project.pytest(*options, keeps=True) for _ in range(2))

    told = "docs/wrong.md:3: documented 5, actual 3, from print(3)\n    | #> 5\n"
    assert first.stdout.startswith(told)
    assert again.stdout.startswith(told)
    assert "as they were when they were right" not in first.stdout
    assert "\n1 files are as they were when they were right\n" in again.stdout

    wrong.write_text('Text.\n\n\n```{.python x="y"}\n```\n', "utf-8")
    assert "docs/wrong.md:4: unknown option 'x'" in project.pytest(*options).stdout.split("\n")[0]
