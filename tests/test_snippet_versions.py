"""What holds for some versions only is checked where it holds, and is reported elsewhere."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from playwright.sync_api import Browser

from tests.documents import MARKDOWN, ROOT, Project, check, mended, messages, read
from tests.reading import versions
from tests.reading.problems import DocumentError
from tests.snippets import mutants

PAGE = """\
# Old and new

```{.python data-before="torch 9"}
x = "old"
print(len(x) + 1)
#> 4
```

```{.python data-since="torch 9"}
x = "newer"
print(len(x) + 1)
#> 6
```

```{.python continuation}
print(x[-1:])
```

It has `3`{title="len(x)" data-before="torch 9"} letters,
or `5`{title="len(x)" data-since="torch 9"}.
"""
TRUE = {"2.13.0+cpu": "d", "9.0.0": "r", "10.0.dev1": "r"}  # of each version: what is printed


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Pretend that this version of torch runs."""
    return lambda number: monkeypatch.setattr(versions, "installed", lambda _: Version(number))


def page(number: str) -> str:
    return PAGE.replace("print(x[-1:])", f"print(x[-1:])\n#> {TRUE[number]}")


@pytest.mark.parametrize("number", TRUE)
def test_each_version_checks_its_own_sentence(number: str, install: Callable[[str], None]):
    install(number)

    report = check(page(number))

    assert report.problems == []
    assert len(report.executed) == 2
    needs = "torch>=9" if number == "2.13.0+cpu" else "torch<9"
    here = number.partition("+")[0]
    assert set(report.elsewhere.values()) == {f"needs {needs}, here is {here}"}
    assert len(report.elsewhere) == 2


@pytest.mark.parametrize(
    ("number", "wrong"), [("2.13.0", ("#> 4", "`3`")), ("9.0.0", ("#> 6", "`5`"))]
)
def test_a_wrong_sentence_is_red_in_its_version_and_is_mended_there(
    number: str, wrong: tuple[str, ...], install: Callable[[str], None], tmp_path: Path
):
    true = PAGE.replace("print(x[-1:])", "y = x")
    for text in wrong:
        changed = true.replace(text, re.sub(r"\d", "8", text))
        install("9.0.0" if number == "2.13.0" else "2.13.0")
        assert messages(changed) == []
        install(number)
        assert len(messages(changed)) == 1
        assert mended(changed, tmp_path / "page.md") == true


def test_what_is_for_other_versions_is_reported(tmp_path: Path):
    project = Project(tmp_path)
    project.write("docs/page.md", page("2.13.0+cpu"))

    run = project.pytest("docs/page.md")

    assert "2 fences executed, 0 opted out, 3 claims compared, 2 for other versions" in run.stdout
    for line in (9, 21):
        told = rf"for other versions: docs/page.md:{line} needs torch>=9, here is 2\.\d+"
        assert re.search(told, run.stdout)
    assert "2 passed, 1 skipped" in run.stdout


def test_the_mutator_leaves_other_versions_to_their_own_run(tmp_path: Path):
    file = tmp_path / "page.md"
    file.write_text(page("2.13.0+cpu"), "utf-8")

    caught, tried, notes = mutants.try_page(file, MARKDOWN)

    assert caught == tried
    assert {"output": 2, "prose": 2}.items() <= tried.items()
    assert [note.split(":")[0] for note in notes] == ["for other versions"] * 2


WRONG = {
    'data-since="2.14"': "expected for example",
    'data-since="torhc 2.14"': "expected for example",
    'data-since="torch two"': "expected for example",
    'data-before="pytorch 2.14"': "expected for example",
    'data-since="torch 2.13"': "divides nothing: pyproject.toml admits >=2.13",
    'data-before="torch 2.13"': "divides nothing",
    'data-since="python 3.11"': "divides nothing: pyproject.toml admits >=3.11",
    'data-since="numpy 1.26"': "divides nothing",
    'data-since="mkdocs-material 10"': "divides nothing",
    'data-since="torch 2.15" data-before="torch 2.15"': "no version is torch>=2.15 and torch<2.15",
}


@pytest.mark.parametrize("options", WRONG)
def test_a_wrong_option_is_red(options: str):
    fence = f"A.\n\n```{{.python {options}}}\nx = 1\n```\n"
    tie = f'A.\n\n```python\nx = 1\n```\n\nNow `1`{{title="x" {options}}}.\n'
    for text, line in ((fence, 2), (tie, 6)):
        with pytest.raises(DocumentError, match=re.escape(WRONG[options])) as error:
            read(text)
        assert error.value.line == line


@pytest.mark.parametrize(
    "text",
    [
        'A `word`{data-since="torch 9"}.',
        '![A drawing.](a.svg){title="x" data-since="torch 9"}',
        '[link](a.md){data-before="torch 9"}',
    ],
)
def test_an_option_that_nothing_obeys_is_red(text: str):
    with pytest.raises(DocumentError, match="has to stand beside a tie of text"):
        read(f"```python\nx = 1\n```\n\n{text}\n")


NUMBERS = st.builds("{}.{}".format, st.integers(2, 4), st.integers(0, 30)).filter(
    lambda number: Version(number) > Version("2.13")
)


@given(NUMBERS, NUMBERS, st.sampled_from(["", ".1", "rc1", ".dev3", "+cpu"]))
def test_of_two_sentences_with_one_version_exactly_one_holds(bound: str, release: str, suffix: str):
    here = Version(release + suffix)
    options = (versions.SINCE, versions.BEFORE)
    since, before = (versions.bounds({option: f"torch {bound}"})[0] for option in options)

    assert since.admits(here) is not before.admits(here)
    if not here.is_prerelease:
        assert SpecifierSet(str(since)[5:]).contains(here) is since.admits(here)


def test_the_reader_sees_which_versions_a_sentence_is_about(
    build_pages: Callable[..., Path], tmp_path: Path, browser: Browser
):
    docs = tmp_path / "docs"
    shutil.copytree(ROOT / "docs/assets/styles", docs / "assets/styles")
    (docs / "index.md").write_text(f"{PAGE}\n```python\ny = 1\n```\n", "utf-8")
    site = build_pages(tmp_path / "site", docs_dir=str(docs), nav=["index.md"])
    tab = browser.new_page()
    tab.goto((site / "index.html").as_uri())

    def shown(where: str, part: str) -> list[str]:
        content = f"element => getComputedStyle(element, '{part}').content"
        return [element.evaluate(content) for element in tab.locator(where).all()]

    fences = ['"before torch 9"', '"since torch 9"', "none", "none"]
    assert shown(".highlight", "::before") == fences
    assert shown("p > code", "::after") == ['" (before torch 9)"', '" (since torch 9)"']
