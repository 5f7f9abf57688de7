"""The check of the check: every documented number is changed, and every change is caught."""

from collections import Counter
from pathlib import Path

import pytest

from tests.documents import MARKDOWN, ROOT, Project, read
from tests.snippets import mutants

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
    places = Counter(statement.place for statement in mutants.statements(read(PAGE)))

    assert set(places) == {"heading", "comment", "output", "prose"}


def test_every_change_of_a_page_is_caught(capsys: pytest.CaptureFixture[str]):
    caught, tried, notes = mutants.try_page(ROOT / "docs/index.md", MARKDOWN)

    with capsys.disabled():
        print(f"\nmutants of docs/index.md: {caught.total()}/{tried.total()} caught")

    assert caught == tried
    assert tried.total() > 100
    assert not [note for note in notes if note.startswith("SURVIVED")]


def test_a_change_that_nobody_notices_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    monkeypatch.setattr(mutants, "is_green", lambda *_: True)
    monkeypatch.setattr("sys.argv", ["mutants", str(page)])
    monkeypatch.chdir(ROOT)

    assert mutants.main() == 1
    assert "SURVIVED" in capsys.readouterr().out


def test_a_red_page_is_refused(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(PAGE.replace("three", "four"))

    with pytest.raises(SystemExit, match="is red as it stands"):
        mutants.try_page(page, MARKDOWN)


def test_what_the_mutator_calls_caught_is_red_in_pytest(tmp_path: Path):
    project = Project(tmp_path)
    tried = [m for m in mutants.mutants(read(PAGE)) if not m.equivalent][::12]
    for i, mutant in enumerate(tried):
        changed = mutants.apply(PAGE, [mutant.statement.becomes(mutant.text)])
        project.write(f"docs/page{i}.md", changed)
    project.write("docs/sound.md", PAGE)

    run = project.pytest("docs")

    assert f"{len(tried)} failed, 1 passed" in run.stdout
