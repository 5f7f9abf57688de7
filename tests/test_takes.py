"""What a page is offered as: Markdown, a script and a notebook, which give what the page shows."""

import ast
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import jupytext
import nbformat
import pytest
from mkdocs.config import load_config
from nbclient import NotebookClient
from traitlets.config import Config

from docs._finish.takes import contents, take
from docs._finish.taking import plain
from docs._finish.taking.examples import Example, holds, installs
from docs._finish.taking.notebooks import is_example, notebook
from docs._finish.taking.pages import Page, address, pages
from docs._finish.taking.pages import taken as taken_as
from docs._finish.taking.reference import with_docstrings
from docs._finish.taking.scripts import script
from tests import reference
from tests.documents import ROOT
from tests.markup import parsed

SITE = "https://example.org/shapes/"
CONFIG = load_config(str(ROOT / "mkdocs.yml"))
PAGES = {page.name: page for page in pages(CONFIG)}
LABS = [name for name, page in PAGES.items() if page.is_lab]
# What only this site reads, at the beginning of a line and in it.
LEFT = re.compile(
    r"^ *(?:///|!!! |\?\?\?\+? |::: |<div|</div|---8<)|\{title=|\{[:.#]", re.MULTILINE
)
# Each kind of page: continued blocks, groups, warnings, errors in boxes, strings over many lines.
SAMPLE = ["layers", "lstm-state", "errors/packing", "silent/packing", "api/cells"]
PAGE = """\
# Title of `x`

Text with `3`{title="x"} and *three*{title="x" data-since="torch 2.0"}; see [it](other.md#here).

![A drawing.](figures/a.svg){title="picture"}

/// figure-caption
It shows `3`{title="x"}.
///

!!! failure "It raises"

    ```python
    x = 3
    print(x)
    #> 3
    raise ValueError("no")
    #> ValueError: no
    ```

    Do not.

??? note "A fold"

    - [x](#here){#ID}

```{.text data-notest="It needs a GPU."}
{title="kept"}
```

## Here {#ID}
"""
PLAIN = """\
# Title of `x`

<https://example.org/shapes/a/page/>

Text with `3` and *three* (since torch 2.0); see [it](https://example.org/shapes/a/other/#here).

![A drawing.](https://example.org/shapes/a/figures/a.svg)

Figure 1. It shows `3`.

> **It raises**
>
> ```python
> x = 3
> print(x)
> #> 3
> raise ValueError("no")
> #> ValueError: no
> ```
>
> Do not.

> **A fold**
>
> - [x](https://example.org/shapes/a/page/#here)

Not executed: It needs a GPU.

```text
{title="kept"}
```

## Here
"""


def pieces_of(page: Page, site: Path) -> list[plain.Text | plain.Code]:
    html = (site / page.built).read_text("utf-8")
    return take(with_docstrings(page.text, html), page.file, SITE)


def shown(pieces: list[plain.Text | plain.Code]) -> list[str]:
    """The lines that a page shows as printed, in order."""
    codes = [piece.code for piece in pieces if is_example(piece)]
    return [line for code in codes for line in Example(code).printed.values()]


def test_what_only_this_site_reads_is_made_plain():
    assert plain.written(take(PAGE, "a/page.md", SITE)) == PLAIN


@pytest.mark.parametrize("name", PAGES)
def test_each_page_has_its_three_and_leads_to_them(name: str, built_site: Path):
    html = parsed((built_site / PAGES[name].built).read_text("utf-8"))
    folder = (built_site / PAGES[name].built).parent
    links = [str(link["href"]) for link in html.select(".take a")]
    alternate = html.select_one("link[type='text/markdown']")
    expected = [built_site / file for file in taken_as(PAGES[name].file).values()]

    assert [(folder / link).resolve() for link in links] == expected
    assert alternate is not None
    assert (folder / str(alternate["href"])).resolve() == expected[0]
    assert [file for file in expected if not file.is_file()] == []
    nbformat.validate(nbformat.read(expected[2], as_version=4))


@pytest.mark.parametrize("name", PAGES)
def test_the_markdown_holds_nothing_that_only_this_site_reads(name: str, built_site: Path):
    text = (built_site / f"{name}.md").read_text("utf-8")
    pieces = plain.read(text, str)
    links = re.findall(r"\]\(([^()\s]+)\)", "".join(p.text for p in pieces if is_text(p)))

    assert left(text) == []
    assert text.startswith("# ")
    assert f"\n<{CONFIG.site_url}" in text
    assert [link for link in links if not urlsplit(link).scheme] == []


def is_text(piece: plain.Text | plain.Code) -> bool:
    return isinstance(piece, plain.Text)


def left(text: str) -> list[str]:
    """What only this site reads, outside of code."""
    without = re.sub(r"^((?:> )*)(`{3,}).*\n(?:.*\n)*?\1\2$", "", text, flags=re.MULTILINE)
    return LEFT.findall(re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", without))


@pytest.mark.parametrize(
    "line",
    ["/// figure-caption", '!!! failure "x"', "<div markdown>", '`3`{title="x"}', "# A {#B}"],
)
def test_that_check_can_fail(line: str):
    assert left(f"# Title\n\n{line}\n") != []


def addressed(text: str) -> list[str]:
    return re.findall(rf"\]\({re.escape(str(CONFIG.site_url))}([^()\s]*)\)", text)


def test_each_address_in_what_is_taken_is_on_the_site(built_site: Path):
    dead = []
    for name in PAGES:
        for link in addressed((built_site / f"{name}.md").read_text("utf-8")):
            target, _, anchor = link.partition("#")
            file = built_site / target
            file = file / "index.html" if file.is_dir() else file
            if not file.is_file() or (anchor and anchor not in anchors(file)):
                dead.append((name, link))
    assert dead == []


@cache
def anchors(file: Path) -> frozenset[str]:
    return frozenset(str(tag["id"]) for tag in parsed(file.read_text("utf-8")).select("[id]"))


def test_language_models_find_each_page(built_site: Path):
    text = (built_site / "llms.txt").read_text("utf-8")
    whole = (built_site / "llms-full.txt").read_text("utf-8")
    groups = re.findall(r"^## (.*)$", text, re.MULTILINE)

    assert re.match(r"# RNN Shapes\n\n> [^\n]+\n\n## ", text)
    assert len(set(groups)) == len(groups)
    assert sorted(addressed(text)) == sorted(f"{name}.md" for name in PAGES)
    assert all(re.search(r"\.md\): \S", line) for line in text.split("\n") if line[:2] == "- ")
    for name in PAGES:
        assert (built_site / f"{name}.md").read_text("utf-8") in whole


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("api/")])
def test_the_markdown_of_the_api_has_what_the_page_documents(name: str, built_site: Path):
    names = reference.objects_on((built_site / PAGES[name].built).read_text("utf-8"))
    text = (built_site / f"{name}.md").read_text("utf-8")

    assert names
    assert re.findall(r"^#+ `(rnn_ref[\w.]*)`$", text, re.MULTILINE) == names
    for one in names:
        first = reference.sections(reference.find(one)).get("text", "").split("\n")[0]
        assert first.replace("`", "") in text.replace("`", "")


def run(script: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script where it lies, as a reader would, in an empty folder."""
    here = {**os.environ, "MPLBACKEND": "agg", "PYTHONPATH": str(ROOT), "TQDM_DISABLE": "1"}
    command = [sys.executable, str(script)]
    return subprocess.run(
        command, cwd=folder, env=here, capture_output=True, text=True, check=False
    )


def run_text(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "empty").mkdir()
    (folder / "page.py").write_text(text, "utf-8")
    return run(folder / "page.py", folder / "empty")


def as_shown(text: str) -> list[str]:
    return [line.replace("\t", "    ").rstrip() for line in text.splitlines()]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Take a few pages, or with --audit all of them."""
    every = metafunc.config.getoption("audit")
    for argument, few in {"taken": SAMPLE, "opened": SAMPLE[1:3]}.items():
        if argument in metafunc.fixturenames:
            metafunc.parametrize(argument, [name for name in PAGES if every or name in few])


def test_the_script_of_a_page_prints_what_it_shows(taken: str, built_site: Path, tmp_path: Path):
    done = run(built_site / taken_as(PAGES[taken].file)["script"], tmp_path)

    assert done.returncode == 0, done.stderr
    if taken not in LABS:
        assert as_shown(done.stdout) == shown(pieces_of(PAGES[taken], built_site))


def executed(made: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """Run a notebook, but for what it installs."""
    kept = [cell for cell in made.cells if not cell.source.startswith("%pip")]
    copy = nbformat.from_dict({**made, "cells": [{**cell} for cell in kept]})
    config = Config(KernelManager={"transport_encryption": "auto"})
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(copy, config=config, resources=resources, shutdown_kernel="immediate").execute()
    return copy


def outputs(cell: nbformat.NotebookNode) -> list[str]:
    """What stands below a cell, in lines; of an error its name and message."""
    given = cell.get("outputs", [])
    printed = "".join(output.text for output in given if output.output_type == "stream")
    raised = [f"{one.ename}: {one.evalue}" for one in given if one.output_type == "error"]
    return [line for text in (printed, *raised) for line in as_shown(text)]


def differences(made: nbformat.NotebookNode, folder: Path) -> list[tuple[list[str], list[str]]]:
    """The output of each cell beside that of a run, where they differ."""
    again = executed(made, folder)
    kept = [cell for cell in made.cells if not cell.source.startswith("%pip")]
    pairs = zip(map(outputs, kept), map(outputs, again.cells), strict=True)
    return [(documented, actual) for documented, actual in pairs if documented != actual]


def test_the_notebook_of_a_page_gives_the_output_that_stands_in_it(
    opened: str, built_site: Path, tmp_path: Path
):
    made = nbformat.read(built_site / taken_as(PAGES[opened].file)["notebook"], as_version=4)
    # A lab is offered without output, and has a test of its own.
    assert opened in LABS or differences(made, tmp_path) == []


def test_a_notebook_that_says_something_else_would_be_noticed(tmp_path: Path):
    right = notebook(take(TWO_GROUPS, "page.md", SITE), "page")
    wrong = notebook(take(TWO_GROUPS.replace("#> 14", "#> 15"), "page.md", SITE), "page")

    assert [cell.metadata.get("tags") for cell in right.cells].count(["raises-exception"]) == 1
    assert differences(right, tmp_path) == []
    assert len(differences(wrong, tmp_path)) == 1


TWO_GROUPS = """\
# Two groups

```python
import warnings

text = \"\"\"
#> no output
\"\"\"
warnings.warn("careful", stacklevel=1)
#> UserWarning: careful
print(len(text))
#> 14
```

Text.

```{.python continuation}
assert text == \"\"\"
other
\"\"\", "unlike"
#> AssertionError: unlike
```

```python
print("text" in globals())
#> False
```

```python
```

```python
try:
    [][1]
except IndexError as error:
    print(f"IndexError: {error}")
#> IndexError: list index out of range
```
"""


def test_blocks_that_raise_and_blocks_that_stand_alone_run_in_one_script(tmp_path: Path):
    pieces = take(TWO_GROUPS, "page.md", SITE)

    done = run_text(script(pieces), tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert as_shown(done.stdout) == shown(pieces)


def test_that_a_page_says_too_much_would_be_noticed(tmp_path: Path):
    pieces = take(TWO_GROUPS.replace("#> 14", "#> 15"), "page.md", SITE)

    assert as_shown(run_text(script(pieces), tmp_path).stdout) != shown(pieces)


def test_a_script_is_a_notebook_too(built_site: Path):
    read = jupytext.read(built_site / "layers.py")

    assert len(read.cells) == len(nbformat.read(built_site / "layers.ipynb", as_version=4).cells)


def test_no_script_stands_before_a_module_of_python():
    assert taken_as("errors/numbers.md")["script"] == "errors/numbers-page.py"
    names = {Path(taken_as(page.file)["script"]).stem for page in PAGES.values()}
    assert not names & sys.stdlib_module_names


@pytest.mark.parametrize(
    ("link", "whole"),
    [
        ("other.md", "a/other/"),
        ("../index.md#home", "#home"),
        ("#here", "a/page/#here"),
        ("lab.py", "a/lab/"),
        ("../figures/x.svg", "figures/x.svg"),
        ("", "a/page/"),
    ],
)
def test_links_are_whole(link: str, whole: str):
    assert address(link, "a/page.md", SITE) == SITE + whole
    assert address("https://pytorch.org/x.md", "a/page.md", SITE) == "https://pytorch.org/x.md"


def test_the_first_cell_installs_what_is_imported():
    assert installs(["import torch.nn\nfrom rnn_ref import RNN\nimport os"]) == [
        "rnn-ref==0.1.0",
        "torch",
    ]
    assert installs(["from sklearn import datasets", "import not_there"]) == ["scikit-learn"]


@pytest.mark.parametrize(
    ("option", "value", "here"),
    [
        ("data-since", "python 3.0", True),
        ("data-before", "python 3.0", False),
        ("data-since", "torch 99.0", False),
        ("data-before", "torch 99.0", True),
    ],
)
def test_what_is_about_other_versions_is_not_run(option: str, value: str, here: bool):
    block = plain.Code("x = 1", "python", {option: value})

    assert holds(block) is here
    assert block.told == f"{option.removeprefix('data-').capitalize()} {value}"
    assert block.told in contents([block], "x")["Markdown"]
    assert [cell.cell_type for cell in notebook([block], "x").cells].count("code") == here


def test_each_script_parses(built_site: Path):
    for page in PAGES.values():
        ast.parse((built_site / taken_as(page.file)["script"]).read_text("utf-8"))
