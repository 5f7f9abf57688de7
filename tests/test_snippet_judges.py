"""Many pages are judged by several processes, and what is said of them is the same."""

from pathlib import Path

import pytest

from tests.documents import ROOT, Project, read
from tests.snippets import judges
from tests.snippets.machines import Machines

PAGE = """\
# Page

```python
import torch

x = torch.randn(3, {n})
print(tuple(x.shape))
#> (3, {n})
```

It has `{said}`{{title="x.shape[1]"}} columns.
"""
PAGES = {f"page{n}.md": PAGE.format(n=n, said=n) for n in range(4, 4 + judges.ENOUGH)}
WRONG = PAGE.format(n=5, said=6)
MORE = "#> (3, 5)\nprint(x.sum().item() == x.sum(0).sum().item() and x[0, 0].item() > 0)\n#> True"
CHANCE = PAGE.format(n=5, said=5).replace("#> (3, 5)", MORE)


def written(folder: Path, pages: dict[str, str]) -> list[Path]:
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")
    return [folder / name for name in pages]


def test_processes_say_what_this_one_says(tmp_path: Path):
    pages = written(tmp_path, PAGES | {"wrong.md": WRONG, "chance.md": CHANCE})
    many = judges.Judges(ROOT / "mkdocs.yml", None)
    many.announce(pages)
    assert bool(many.pool) == (len(many.announced) > 0)

    for page in pages:
        document = read(page.read_text("utf-8"))
        here = judges.judge(document, page, Machines())
        assert many.report(document, page).problems == here.problems
        assert bool(here.problems) == (page.stem in {"wrong", "chance"})
    assert not many.announced


def test_few_pages_are_judged_where_they_are_asked_for(tmp_path: Path):
    pages = written(tmp_path, dict(list(PAGES.items())[:-1]))
    few = judges.Judges(ROOT / "mkdocs.yml", None)

    few.announce(pages)

    assert few.pool is None
    assert few.report(read(PAGE.format(n=3, said=3)), pages[0]).problems == []


def test_pytest_tells_of_each_page_in_its_turn(tmp_path: Path):
    project = Project(tmp_path)
    for name, text in (PAGES | {"page6.md": WRONG}).items():
        project.write(f"docs/{name}", text)

    run = project.pytest("docs", "--at-once", "--tb=no", "--quiet")

    assert "docs/page6.md:11: documented 6, actual 5" in run.stdout
    assert f"1 failed, {len(PAGES) - 1} passed" in run.stdout


@pytest.mark.parametrize("pages", [[], ["missing.md"]])
def test_nothing_is_begun_for_nothing(pages: list[str]):
    few = judges.Judges(ROOT / "mkdocs.yml", None)

    few.announce(map(Path, pages))
    few.close()

    assert not few.announced
