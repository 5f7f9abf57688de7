"""The check of the check: every documented number is changed, and every change is caught."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests import reference
from tests.documents import MARKDOWN, ROOT, Project, check, read
from tests.mutations.numbers import numbers, statements
from tests.reading.fences import Step
from tests.reading.problems import DocumentError
from tests.snippets import mutants
from tests.snippets.execution import Interpreter, Result
from tests.snippets.sizes import ExchangedInterpreter

PAGE = """\
# From `(3, 5, 4)`{title="x.shape"} on

```python
import torch

x = torch.zeros(3, 5, 4)  # (3, 5, 4)
square = x[..., :4]
print(tuple(x.shape), [0.25])
#> (3, 5, 4) [0.25]
```

It has *three*{title="len(x)"} rows of `5`{title="x.shape[1]"}; `(4, 4)`{title="x[0, :4].shape"}.
"""
IN_CODE = """\
# Sizes

```python
x = [[0] * 5] * 3
y = len(x)  # 3
# len(x[0]) == 5
x.clear()
```

There are *three*{title="y"} rows, and now `0`{title="len(x)"}.
"""


def test_every_page_lab_and_file_of_the_package_is_tried():
    found = {path for kind in mutants.DOCUMENTS for path in ROOT.glob(kind)}

    assert found >= {*reference.FILES, *(ROOT / "docs").rglob("*.md")}
    assert ROOT / "docs/labs/digit-rows.py" in found


def changes(kind: str) -> set[tuple[str, str]]:
    tried = [m for m in mutants.mutants(read(PAGE)) if m.change == kind and not m.equivalent]
    return {(mutant.statement.text, mutant.text) for mutant in tried}


def test_every_number_moves_by_one_in_both_directions():
    assert {("3", "4"), ("5", "6"), ("0.25", "0.26"), ("three", "four")} <= changes("plus one")
    assert {("3", "2"), ("5", "4"), ("0.25", "0.24"), ("three", "two")} <= changes("minus one")


def test_axes_are_swapped_dropped_and_replaced_by_another_shape_of_the_page():
    assert ("(3, 5, 4)", "(5, 3, 4)") in changes("axes swapped")
    assert ("(3, 5, 4)", "(3, 4)") in changes("axis dropped")
    assert ("(3, 5, 4)", "(4, 4)") in changes("another shape")


def test_an_equivalent_change_is_listed_with_its_reason():
    equivalent = [m for m in mutants.mutants(read(PAGE)) if m.equivalent]

    assert {(m.statement.text, m.equivalent) for m in equivalent} == {
        ("(4, 4)", "the swapped axes are equal")
    }


def test_every_place_of_a_page_is_mutated():
    places = Counter(statement.place for statement in statements(read(PAGE)))

    assert set(places) == {"heading", "comment", "output", "prose"}


@pytest.mark.site  # a page is read hundreds of times, and coverage would double the time
def test_every_change_of_a_page_is_caught(capsys: pytest.CaptureFixture[str]):
    caught, tried, notes = mutants.try_page(ROOT / "docs/notation.md", MARKDOWN)

    with capsys.disabled():
        print(f"\nmutants of docs/notation.md: {caught.total()}/{tried.total()} caught")

    assert {place for place in tried if caught[place] < tried[place]} <= mutants.OPEN.keys()
    assert tried.total() > 100
    assert not [note for note in notes if note.startswith("SURVIVED")]


def test_a_change_that_nobody_notices_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    page = tmp_path / "page.md"
    page.write_text(PAGE, "utf-8")
    monkeypatch.setattr(mutants.Judge, "is_green", lambda *_: True)

    caught, tried, notes = mutants.try_page(page, MARKDOWN)

    assert not caught
    assert tried.total() == sum(note.startswith("SURVIVED") for note in notes) > 50


@pytest.mark.parametrize(("survivors", "status"), [(0, 0), (1, 1)])
def test_survivors_fail_the_run(
    survivors: int,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    outcome = (Counter(prose=2 - survivors), Counter(prose=2), ["a note"])
    monkeypatch.setattr(mutants, "try_pages", lambda pages: [outcome for _ in pages])
    monkeypatch.setattr("sys.argv", ["mutants", "docs/index.md"])

    assert mutants.main() == status
    assert f"{2 - survivors}/2 changes caught" in capsys.readouterr().out


def test_the_code_of_a_page_runs_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    page = tmp_path / "page.md"
    page.write_text(PAGE, "utf-8")
    runs = []
    monkeypatch.setattr(Interpreter, "run", counted(Interpreter.run, runs))
    monkeypatch.setattr(mutants, "KINDS", (numbers,))

    caught, tried, _ = mutants.try_page(page, MARKDOWN)

    assert caught == tried
    assert len(runs) == len(set(runs)) < tried.total()


def counted(run: Any, runs: list[int]) -> Any:
    def count(interpreter: Interpreter, steps: list[Step]) -> list[Result]:
        if not isinstance(interpreter, ExchangedInterpreter):  # another run, in other sizes
            runs.append(steps[0].begins)
        return run(interpreter, steps)

    return count


@pytest.mark.parametrize("text", [PAGE, IN_CODE])
def test_a_changed_page_is_judged_as_if_its_code_had_run_again(text: str, tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(text, "utf-8")
    judge = mutants.Judge(page, MARKDOWN)
    true = text.replace("0.25", "2.5e-1").replace("*three*", "*3*")
    tried = [mutant for mutant in mutants.mutants(read(text)) if not mutant.equivalent]
    changed = [mutants.apply(text, m.edits) for m in tried]

    for other in [true, *changed]:
        assert judge.is_green(other) == is_green(other, page)


def is_green(text: str, page: Path) -> bool:
    try:
        return not check(text, page).problems
    except DocumentError:
        return False


def test_a_red_page_is_refused(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(PAGE.replace("three", "four"), "utf-8")

    with pytest.raises(SystemExit, match="is red as it stands"):
        mutants.try_page(page, MARKDOWN)


def test_what_the_mutator_calls_caught_is_red_in_pytest(tmp_path: Path):
    project = Project(tmp_path)
    tried = [m for m in mutants.mutants(read(PAGE)) if not m.equivalent][::12]
    for i, mutant in enumerate(tried):
        changed = mutants.apply(PAGE, mutant.edits)
        project.write(f"docs/page{i}.md", changed)
    project.write("docs/sound.md", PAGE)

    run = project.pytest("docs", "--continue-on-collection-errors")

    (counts,) = re.findall(r"(\d+) failed, 1 passed, (\d+) errors", run.stdout)
    assert sum(map(int, counts)) == len(tried)
