"""A lab is under the same check as a chapter: its cells run, its text is compared."""

import re
from pathlib import Path

import jupytext
import pytest

from tests.documents import MARKDOWN, ROOT, Project
from tests.mutations.front_matter import front_matter
from tests.mutations.labels import exchanged_labels
from tests.reading.labs import is_lab, read_lab
from tests.reading.problems import DocumentError
from tests.snippets.check import check_document
from tests.snippets.rewrite import apply

LAB = """\
# ---
# description: Sizes.
# ---

# %% [markdown]
# # Rows of `(3, 5)`{title="x.shape"}
#
# There are *three*{title="len(x)"}.

# %%
import numpy as np

# %config InlineBackend.figure_formats = ["svg"]
x = np.zeros((3, 5))  # (3, 5)
print("not documented, since the site shows it")

# %%
y = x[:, :2]
assert y.shape == (3, 2)

# %% [markdown]
# It is cut to `(3, 2)`{title="y.shape"}.
"""
LABS = sorted((ROOT / "docs/labs").glob("*.py"))


def messages(text: str) -> list[str]:
    report = check_document(read_lab(text, MARKDOWN), Path("lab.py"))
    return [problem.report("lab.py", report.document.lines) for problem in report.problems]


def test_a_sound_lab_is_green():
    assert messages(LAB) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('(3, 5)`{title="x', '(5, 3)`{title="x', 6, "documented (5, 3), actual (3, 5)"),
        ("*three*", "*four*", 8, "documented four, actual 3"),
        ("# (3, 5)\n", "# (3, 4)\n", 14, "documented (3, 4), actual (3, 5)"),
        ("== (3, 2)", "== (2, 3)", 19, "raised AssertionError"),
        ('`(3, 2)`{title="y.shape"}', "to 2", 22, "untied number 2"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, line: int, message: str):
    told = messages(LAB.replace(old, new, 1))

    assert len(told) == 1
    assert told[0].startswith(f"lab.py:{line}: {message}")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("Sizes.", "5 sizes.", 2, "stands in the front matter"),
        ("# %%\ny", '# %% alt="A line."\ny', 17, "expected `# %% [markdown]`"),
        ("# There", "There", 8, "code in a text cell"),
        ("# There", "# ```python\n# There", 8, "a fence in a text cell"),
        ("x = np", "#> 5\nx = np", 14, "a lab shows what it prints"),
        ("(3, 2)\n\n", "(3, 2)\n", 19, "a cell ends with an empty line"),
    ],
)
def test_what_would_not_be_shown_as_it_looks_is_refused(
    old: str, new: str, line: int, message: str
):
    with pytest.raises(DocumentError, match=re.escape(message)) as error:
        read_lab(LAB.replace(old, new, 1), MARKDOWN)

    assert error.value.line + 1 == line


BY_HAND = {
    "a text": 'ax.text(0, 1, "torch")',
    "an annotation": 'ax.annotate("torch", (0, 1))',
    "a label": 'ax.plot(x, label="torch")',
    "a text with braces only": 'ax.plot(x, label=f"torch")',
    "a legend": 'ax.legend(["torch", "NumPy"])',
    "its labels": 'ax.legend(labels=("torch", name))',
    "names of ticks": 'ax.set(yticklabels=["torch", "NumPy"])',
    "labels of rows": "figures.tensor(x, labels={0: ['before', 'after']})",
    "a call in a loop": 'for name in names:\n    ax.text(0, 1, "torch")',
}
FROM_DATA = {
    "a key of the data": "for name, course in courses.items():\n    ax.plot(course, label=name)",
    "the place of a word": 'ax.text(0, losses["torch"][3], name)',
    "a name by its key": 'ax.text(0, 1, names["torch"])',
    "a number of the data": 'ax.text(0, 1, f"floor {floor:.2f}")',
    "names of axes": 'ax.set(xlabel="epoch", ylabel="loss per letter [nats]", title=f"{kind}")',
    "looks": 'ax.plot(x, "C0--", label=names[0], color="C2", marker="o")',
    "all keys": "ax.set(yticklabels=scores)",
    "letters of the data": "figures.tensor(x, name='h', labels={0: [*states], 1: text + text})",
    "a prompt": 'print("y", y)',
    "keys of the data": 'losses = {"x": x}',
    "other calls": 'print(data["text"], re.sub("label", "", text))',
    "what does not parse": 'label="torch" text(',
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_name_in_a_plot_that_is_written_by_hand_is_refused(name: str):
    with pytest.raises(DocumentError, match="take it from there") as error:
        read_lab(LAB.replace("y = x", f"{BY_HAND[name]}\ny = x"), MARKDOWN)

    assert error.value.line + 1 == 18 + BY_HAND[name].count("\n")


@pytest.mark.parametrize("name", FROM_DATA)
def test_a_name_in_a_plot_that_comes_from_the_data_is_not(name: str):
    read_lab(LAB.replace("y = x", f"{FROM_DATA[name]}\ny = x"), MARKDOWN)


def test_cells_are_those_that_jupytext_finds():
    for text in [LAB, *(path.read_text("utf-8") for path in LABS)]:
        cells = jupytext.reads(text, fmt="py:percent").cells
        code = [re.sub("^%", "# %", c.source, flags=re.M) for c in cells if c.cell_type == "code"]

        assert [fence.code.strip("\n") for fence in read_lab(text, MARKDOWN).fences] == code


def test_pytest_runs_each_cell_once_and_update_docs_mends_the_text(tmp_path: Path):
    project = Project(tmp_path)
    print_once = LAB.replace("y = x", 'print("cell", file=__import__("sys").__stderr__)\ny = x')
    lab = project.write("docs/labs/lab.py", print_once.replace("(3, 2)`", "(2, 3)`"))

    red = project.pytest("docs/labs/lab.py")
    run = project.pytest("docs/labs/lab.py", "--update-docs")
    green = project.pytest("docs/labs/lab.py")

    assert "docs/labs/lab.py:23: documented (2, 3), actual (3, 2)" in red.stdout
    assert "1 failed, 1 passed" in red.stdout
    assert "2 passed" in run.stdout
    assert lab.read_text("utf-8") == print_once
    assert "2 passed" in green.stdout
    assert green.stderr.count("cell") == 1


def test_other_python_files_are_no_labs():
    assert is_lab(LAB)
    assert not any(is_lab(path.read_text("utf-8")) for path in (ROOT / "rnn_ref").rglob("*.py"))


PRINT = 'print("not documented, since the site shows it")'


@pytest.mark.parametrize(
    "line",
    [
        'print("y", x.shape)',
        'print("x", x.shape, "x", y.shape)',
        'print(f"loss {x.sum():.2f}")',
        'print(f"{x.sum():.2f} is the loss")',
        'print("x_test", x_train.shape)',
        'print("sum", x.mean(), "mean", x.sum())',
        'print("reads", *x)',
        'print("epoch    sum  mean gradient answer")',
        'losses = {"torch": numpy_losses, "numpy": torch_losses}',
        'for name, model in ("tanh", linear), ("linear", tanh): pass',
        'if x.size:\n    print("output", h_n)',
    ],
)
def test_a_value_under_a_wrong_name_is_red(line: str):
    with pytest.raises(DocumentError, match="names") as error:
        read_lab(LAB.replace(PRINT, line), MARKDOWN)

    assert error.value.line in {14, 15}


@pytest.mark.parametrize(
    "line",
    [
        'print("x", x.shape, "of", "floats")',
        'print("all as described, in one sentence")',
        'print(f"{epoch=:3} {total=:.3f}")',
        'print(*(f"{name:>9}" for name in rows))',
        'print(f"{name:5}", x.shape)',
        'print(f"sum {x.sum():.3f}, mean {x.mean():.3f}")',
        'print("x", x.shape, rule("input", batch_first=True))',
        'print("the same as the states bring:", same)',
        'print(*x, sep=", ")',
        'print("Linear", model.fc(linear))',
        'style = {"color": "C0", "size": 3 * n, "left": -1}',
        'text, target = "apple", "pple!"',
        'kinds = {"forgotten": (False, rows), "with": (True, rows)}',
        'print("—" * 3, x, "\\n", y)',
    ],
)
def test_labels_that_look_wrong_and_are_right_pass(line: str):
    assert read_lab(LAB.replace(PRINT, line), MARKDOWN).fences


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.stem)
def test_exchanged_labels_and_wrong_descriptions_are_red(path: Path):
    text = path.read_text("utf-8")
    document = read_lab(text, MARKDOWN)
    tried = [*exchanged_labels(document), *front_matter(document)]
    for mutant in tried:
        with pytest.raises(DocumentError):
            read_lab(apply(text, mutant.edits), MARKDOWN)

    assert len(tried) > 10
