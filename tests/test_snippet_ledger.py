"""What the reader sees is what is executed: no fence less, none more."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.structure.files import get_files
from mkdocs.utils.meta import get_data
from mkdocs.utils.yaml import yaml_load

from tests import documents, reference
from tests.documents import ROOT, Project
from tests.markup import parsed
from tests.reading.fences import Fence
from tests.reading.problems import DocumentError
from tests.reading.reader import read_document
from tests.reading.site_markdown import SiteMarkdown
from tests.reading.versions import elsewhere
from tests.snippets.plugin import PageRunner

SITE = load_config(str(ROOT / "mkdocs.yml"))
PAGES = {ROOT / "docs" / f.src_uri: f.dest_uri for f in get_files(SITE).documentation_pages()}
LABS = {lab: f"labs/{lab.stem}/index.html" for lab in (ROOT / "docs/labs").glob("*.py")}

DECLARED = 0  # blocks that the site shows and does not execute, each with its reason
MAGIC = re.compile("^%", re.MULTILINE)  # of a notebook; a comment in the lab's file

ZOO = """\
# Zoo

```python
plain = 1
```

``` py
spaced = 2
```

```{.python }
titled = 3
```

~~~ {.python}
tilde = 4
~~~

!!! note

    ```python
    admonition = 5
    ```

??? question "Folded"

    Answer:

    ```{.python continuation}
    folded = 6
    ```

    !!! tip

        ```python
        nested = 7
        ```

=== "A tab"

    ```python
    tab = 8
    ```

=== "Another"

    ```python
    other_tab = 9
    ```

- a list

    ```python
    bullet = 10
    ```

    - a list in it

        ```python
        deep = 11
        ```

> ```python
> quote = 12
> ```

<div markdown>

```python
div = 13
```

</div>

<details markdown>
<summary>HTML</summary>

```python
details = 14
```

</details>

--8<-- "included.md"

A footnote.[^note]

[^note]:
    ```python
    footnote = 16
    ```

```{.python data-notest="needs a GPU"}
opted_out = 17
```

<!--
```python
commented = 18
```
-->

````{.markdown data-notest="shows how it is written"}
```python
shown = 19
```
````

```{.text data-notest="no code"}
text = 20
```
"""
INCLUDED = "```python\nincluded = 15\n```\n"


def shown_fences(html: str) -> list[str]:
    """Return all that looks like code on a rendered page, in its order.

    Signatures are made of the code itself, and a lab's outputs of its run.
    """
    blocks = parsed(html).find_all("pre")
    made = [block.find_parent(class_=["doc-signature", "output"]) for block in blocks]
    texts = [b.get_text().strip("\n") for b, by in zip(blocks, made, strict=True) if by is None]
    return [MAGIC.sub("# %", text) for text in texts]


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Build a site of one page that shows fences in every place, and return its folder."""
    settings = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    settings = {"site_name": "Zoo", "markdown_extensions": settings["markdown_extensions"]}
    monkeypatch.chdir(tmp_path)
    Path("docs").mkdir()
    Path("docs/index.md").write_text(ZOO, "utf-8")
    Path("docs/included.md").write_text(INCLUDED, "utf-8")
    Path("mkdocs.yml").write_text(yaml.safe_dump(settings), "utf-8")
    build(load_config("mkdocs.yml"))
    return tmp_path


def test_every_placement_is_found_and_nothing_that_is_not_shown(zoo: Path):
    document = read_document(ZOO, SiteMarkdown(zoo / "mkdocs.yml"))

    shown = shown_fences((zoo / "site/index.html").read_text("utf-8"))

    assert [fence.code.strip("\n") for fence in document.fences] == shown
    numbers = sorted(int(re.findall(r"\d+", code)[0]) for code in shown)
    assert numbers == [*range(1, 18), 19, 20]


def test_a_fence_of_an_included_file_is_reported_at_its_own_line(zoo: Path):
    document = read_document(ZOO, SiteMarkdown(zoo / "mkdocs.yml"))
    included = next(fence for fence in document.fences if "included" in fence.code)

    line = document.lines[included.line]

    assert (line.file, line.number) == (str(zoo / "docs/included.md"), 0)


@pytest.mark.site  # all pages are read, and coverage would double the time
def test_the_marks_change_nothing_that_the_site_shows(zoo: Path):
    markdown = SiteMarkdown(zoo / "mkdocs.yml")
    texts = [ZOO, *(page.read_text("utf-8") for page in PAGES)]

    for text in texts:
        body = get_data(text)[0]
        rendered = markdown.render(body)
        plain = markdown.converter().convert(body)
        assert text_of(rendered.restore(rendered.html)) == text_of(plain)


def text_of(html: str) -> str:
    """Return what is read of a page, and its titles and alternatives; fences are another test."""
    soup = BeautifulSoup(html, "html.parser")
    for block in soup.select("pre, .highlight, .filename"):
        block.decompose()
    titles = [tag.get("title") or tag.get("alt") for tag in soup.find_all(["code", "em", "img"])]
    return f"{' '.join(soup.get_text().split())} {titles}"


def test_fences_shown_equal_fences_executed(built_site: Path, capsys: pytest.CaptureFixture[str]):
    ran = {path: run(path) for path in (*PAGES, *LABS, *reference.FILES)}
    ledger = Counter[tuple[Path, Fence]]()
    for page, destination in (PAGES | LABS).items():
        html = (built_site / destination).read_text("utf-8")
        shown = [(page, fence) for fence in ran[page]]
        for docstring in reference.docstrings_on(html):
            shown += [(docstring.file, f) for f in ran[docstring.file] if f.line in docstring.lines]
        assert shown_fences(html) == [fence.code.strip("\n") for _, fence in shown]
        ledger.update(shown)

    assert ledger == Counter((path, fence) for path, fences in ran.items() for fence in fences)

    opted = [page.relative_to(ROOT / "docs") for page, fence in ledger if fence.optout is not None]
    shown, out = ledger.total(), len(opted)
    # Messages of other versions and machines, which no run can have.
    assert len([page for page in opted if page.parent.name != "errors"]) == DECLARED
    other = sum(elsewhere(fence.bounds) is not None for _, fence in ledger)
    done = f"{shown - out - other} executed + {out} opted out + {other} for other versions"
    with capsys.disabled():
        print(f"\nledger: {shown} fences shown = {done}")


def run(path: Path) -> list[Fence]:
    """Return the fences of a page or Python file; what is executed is neither out nor elsewhere."""
    report = PageRunner.pages.run(path)
    fences = report.document.fences
    here = [fence for fence in fences if fence.optout is None and not elsewhere(fence.bounds)]
    assert report.executed == here
    return fences


def test_the_ledger_covers_every_page_of_the_site(built_site: Path):
    built = {str(page.relative_to(built_site)) for page in built_site.rglob("*.html")}

    assert built - {"404.html"} == {*PAGES.values(), *LABS.values()}


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        ("{.python contiunation}", "unknown option 'contiunation' in the fence"),
        ("{.python .no-copy}", "unknown option 'no-copy' in the fence"),
        ('{.python linenums="1"}', "unknown option 'linenums' in the fence"),
        ("{.python data-notest}", "say why in words"),
        ('{.python data-notest=" "}', "say why in words"),
        ('{.python data-notest="the 3 GPUs"}', "say why in words"),
        ('{.python title="a.py"}', "unknown option 'title'"),
        ("text", "nothing executes text: declare it"),
        ("python2", "nothing executes python2"),
        ("pycon", "pycon: write ```python"),
        ("", "a fence must name its language"),
        ("python continuation", "shown as plain text"),
    ],
)
def test_a_wrong_header_is_red(header: str, complaint: str):
    with pytest.raises(DocumentError, match=re.escape(complaint)) as error:
        documents.read(f"Text.\n\n```{header}\nx = 1\n```\n\n```python\ny = 1\n```\n")

    assert error.value.line in {0, 2, 3}


@pytest.mark.parametrize(
    "text",
    [
        "No fence at all.",
        "<!--\n```python\nx = 1\n```\n-->",
        "```python\nx = 1\n",
    ],
)
def test_a_page_that_executes_nothing_is_red(text: str):
    with pytest.raises(DocumentError, match=r"nothing would be executed|plain text"):
        documents.read(text)


def test_an_opted_out_fence_is_skipped_with_its_reason(tmp_path: Path):
    project = Project(tmp_path)
    project.write("docs/page.md", 'A.\n\n```{.python data-notest="needs a GPU"}\n1 / 0\n```\n')

    run = project.pytest("docs/page.md")

    assert "opted out: needs a GPU" in run.stdout
    assert "0 fences executed, 1 opted out" in run.stdout
