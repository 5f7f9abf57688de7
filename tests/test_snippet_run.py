"""Each fence runs once, in a `__main__` like the reader's, and leaves nothing to the next page."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.documents import Project, check, messages


def page(*fences: str) -> str:
    """Return a page of fences; all but the first continue the one before."""
    first, *others = fences
    text = f"A page.\n\n```python\n{first}\n```\n"
    return text + "".join(f"\n```{{.python continuation}}\n{code}\n```\n" for code in others)


def test_a_chain_runs_each_fence_once(tmp_path: Path):
    log = tmp_path / "log"
    fences = [f"open({str(log)!r}, 'a').write('{i} ')" for i in range(20)]

    assert messages(page(*fences)) == []
    assert log.read_text("utf-8").split() == [str(i) for i in range(20)]


def test_output_of_earlier_fences_is_not_printed_again():
    assert messages(page("print('one')\n#> one", "print('two')\n#> two")) == []


def test_a_fence_that_does_not_continue_sees_nothing_of_the_others():
    text = page("x = 3") + "\n```python\nprint(x)\n#> NameError: name 'x' is not defined\n```\n"

    assert messages(text) == []


def test_a_type_error_does_not_run_the_fence_a_second_time(tmp_path: Path):
    """pytest-markdown-docs calls its runner again after a TypeError, in the dirty namespace."""
    project = Project(tmp_path)
    project.write("docs/page.md", page("runs = 0", "runs += 1\nif runs == 1:\n    len(3)"))

    run = project.pytest("docs/page.md")

    assert run.returncode == 1
    assert "docs/page.md:10: raised TypeError: object of type 'int' has no len()" in run.stdout


def test_a_future_import_may_stand_in_a_continuation_and_holds_from_there_on():
    future = "from __future__ import annotations"

    assert messages(page("x = 1", future, "def f(a: Missing): ...\nprint(f.__annotations__)\n"
                         "#> {'a': 'Missing'}")) == []  # fmt: skip


@pytest.mark.parametrize("way", ["print(text)", "raise KeyError(Text(text))"])
def test_tabs_and_blanks_at_the_end_are_shown_as_markdown_can(way: str):
    """As torch's load_state_dict prints them."""
    begin = "text = 'in:\\n\\tmissing. \\n\\tmore'\nclass Text(str):\n    __repr__ = str.__str__\n"
    first = "#> KeyError: in:" if way.startswith("raise") else "#> in:"

    assert messages(page(f"{begin}{way}\n{first}\n#>     missing.\n#>     more")) == []
    assert len(messages(page(f"{begin}{way}\n{first}\n#>     missing.\n#>     else"))) == 1


AS_IN_A_FILE = {
    "guard": """
if __name__ == "__main__":
    print("guarded")
#> guarded""",
    "registered": """
import sys
print(sys.modules["__main__"].__dict__ is globals())
#> True""",
    "pickle": """
import pickle
class Model: ...
print(type(pickle.loads(pickle.dumps(Model()))) is Model)
#> True""",
    "dataclass": """
from __future__ import annotations
from dataclasses import dataclass
@dataclass
class A:
    size: int = 3
print(A())
#> A(size=3)""",
    "type hints": """
from typing import get_type_hints
class A:
    b: "B"
class B: ...
print(get_type_hints(A)["b"] is B)
#> True""",
    "source of a class": """
import inspect
class A:
    size = 3
print(inspect.getsource(A).strip())
#> class A:
#>     size = 3""",
    "source of a function": """
import inspect
def double(x):
    return 2 * x
print(inspect.getsource(double).strip())
#> def double(x):
#>     return 2 * x""",
    "a saved module": """
import io, torch
class Net(torch.nn.Linear): ...
file = io.BytesIO()
torch.save(Net(3, 2), file)
_ = file.seek(0)
print(torch.load(file, weights_only=False).in_features)
#> 3""",
}


@pytest.mark.parametrize("code", AS_IN_A_FILE.values(), ids=AS_IN_A_FILE)
def test_code_behaves_as_in_the_readers_own_file(code: str):
    assert messages(page("x = 1", code)) == []


def main_module() -> object:
    return sys.modules["__main__"]


LEAKS = {
    "torch dtype": ("torch.set_default_dtype(torch.float64)", torch.get_default_dtype),
    "torch device": ("torch.set_default_device('meta')", torch.get_default_device),
    "torch threads": ("torch.set_num_threads(torch.get_num_threads() + 1)", torch.get_num_threads),
    "torch grad": ("torch.set_grad_enabled(False)", torch.is_grad_enabled),
    "torch seed": ("torch.manual_seed(3)", lambda: torch.get_rng_state().tolist()),
    "torch printing": ("torch.set_printoptions(precision=1)", lambda: str(torch.tensor(0.1234))),
    "torch determinism": (
        "torch.use_deterministic_algorithms(True)",
        torch.are_deterministic_algorithms_enabled,
    ),
    "numpy seed": ("np.random.seed(3)", lambda: str(np.random.get_state())),
    "numpy printing": ("np.set_printoptions(precision=1)", lambda: str(np.array([0.1234]))),
    "numpy errors": ("np.seterr(all='raise')", np.geterr),
    "folder": ("import os\nos.chdir('/')", Path.cwd),
    "environment": ("import os\nos.environ['LEAK'] = '1'", lambda: dict(os.environ)),
    "main": ("x = 1", main_module),
}


@pytest.mark.parametrize("setting", LEAKS)
def test_nothing_leaks_from_a_page(setting: str):
    code, state = LEAKS[setting]
    before = state()

    assert messages(page(f"import numpy as np, torch\n{code}")) == []

    assert state() == before


DRAWN = """```python
import random
import numpy as np, torch
seed()
drawn = random.random(), np.random.rand(), np.random.default_rng().random(), torch.rand(1).item()
print(*drawn)
#> nothing
```

"""


@pytest.mark.parametrize("seed", ["len", "torch.manual_seed", "np.random.seed", "random.seed"])
def test_each_fence_that_stands_alone_draws_other_numbers_and_each_run_the_same(seed: str):
    """As if each began in an interpreter of its own; a seed of one fence is not the next one's."""
    text = DRAWN.replace("seed()", f"{seed}(0)" if seed != "len" else "") + DRAWN.replace(
        "seed()", ""
    )
    first, second = (message.partition("actual ")[2].split()[:4] for message in messages(text))

    assert not set(first) & set(second)
    assert messages(text) == messages(text)


def test_files_of_a_page_stay_out_of_the_project():
    assert messages(page("open('written.txt', 'w').close()")) == []

    assert not Path("written.txt").exists()


def test_a_failing_fence_does_not_repeat_itself_in_its_successors():
    text = "Later `2`{title='y'}.\n\n" + page("x = 1", "1 / 0", "y = 2", "print(x)\n#> 1")
    text += "\nNow `3`{title='y'}.\n"
    text += "\n```python\nprint(7)\n#> 8\n```\n"

    report = check(text)

    assert [problem.message.split(":")[0] for problem in report.problems] == [
        "raised ZeroDivisionError",
        "documented 8, actual 7, from print(7)",
    ]
    assert set(report.not_run.values()) == {"not run: it continues what failed in line 10"}


def test_claims_above_a_failing_fence_do_not_repeat_its_failure():
    text = "Later `2`{title='y'}.\n\n" + page("x = 1 / 0\ny = 2")

    assert [message.split(": ")[1] for message in messages(text)] == ["raised ZeroDivisionError"]


def test_a_wrong_output_does_not_stop_the_fences_after_it():
    assert len(messages(page("x = 1\nprint(x)\n#> 2", "print(x)\n#> 3"))) == 2


def test_what_does_not_parse_is_named_by_its_line():
    assert messages(page("x = 1\ny = = 2"))[0].startswith("docs/page.md:5: does not parse")


def test_what_a_thread_prints_belongs_to_the_statement_that_waits_for_it():
    code = "from threading import Thread\nt = Thread(target=print, args=(3,))\nt.run()\n#> 3\n"
    code += "t = Thread(target=print, args=(4,))\nt.start(), t.join()\n#> 4"

    assert messages(page(code)) == []


def test_a_warning_has_to_be_documented():
    code = "import warnings\nwarnings.warn('careful')"

    assert "actual UserWarning: careful" in messages(page(code))[0]
    assert messages(page(f"{code}\n#> UserWarning: careful")) == []


def test_the_check_is_loaded_for_a_single_page(tmp_path: Path):
    """tests/conftest.py is not loaded for `pytest docs/page.md`: the root's has to bring it."""
    project = Project(tmp_path)
    project.write("docs/page.md", page("print(3)\n#> 4"))

    run = project.pytest("docs/page.md")

    assert run.returncode == 1
    assert "docs/page.md:5: documented 4, actual 3, from print(3)" in run.stdout


def test_one_fence_of_a_chain_can_be_asked_for(tmp_path: Path):
    project = Project(tmp_path)
    project.write("docs/page.md", page("x = 3", "print(x)\n#> 3"))

    run = project.pytest("docs/page.md::[CodeFence#2][line:7]")

    assert "1 passed" in run.stdout


SABOTAGE = {
    "has moved `_runners`": """
import sys
import pytest_markdown_docs
sys.modules["pytest_markdown_docs._runners"] = None
vars(pytest_markdown_docs).pop("_runners", None)
""",
    "another pytest-markdown-docs runner took the place of the check": """
from pytest_markdown_docs import _runners
def pytest_collection():
    _runners._default_runner = object()
""",
}


@pytest.mark.parametrize("complaint", SABOTAGE)
def test_a_moved_runner_fails_loudly(tmp_path: Path, complaint: str):
    project = Project(tmp_path)
    project.write("docs/page.md", page("x = 1"))
    project.write("sabotage.py", SABOTAGE[complaint])

    run = project.pytest("docs/page.md", "-p", "sabotage")

    assert run.returncode != 0
    assert complaint in run.stdout + run.stderr
