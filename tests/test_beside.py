"""README, CONTRIBUTING and what was measured: each number and name is compared, as on pages."""

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest

from tests import facts
from tests.documents import MARKDOWN, ROOT
from tests.links import words
from tests.reading.beside import SPAN, is_beside, read_beside
from tests.reading.problems import DocumentError
from tests.snippets.check import check_document
from tests.snippets.mutants import OPEN, try_page
from tests.snippets.rewrite import Rewriting

FILES = sorted(path for path in facts.files() if is_beside(path))
SHOWN = ("rnn_ref", "rnn_ref/figures")
SHOWN += tuple(f"tests/{wing}" for wing in ("reading", "snippets", "mutations", "arithmetic"))
ENDS = (".py", ".mplstyle")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
RIGHT = """\
# RNN Shapes

It needs Python 3.11<!-- = python_minimum -->, and `make test` does the rest.
There are four<!-- = len(labs) --> labs.
A number in code is an example: `(3, 5, 2)`, `h_0`, `torch.zeros(3)`, `range(900, 1501)`.
One file, one at a time, for nobody: these count nothing.
[A link to `layers.md`](docs/layers.md#the-rule-2) leads on, and so does [another](https://127.0.0.1:8000/).
A page is (up to 1500<!-- = test_template.WORDS[-1] -->) words long.

    make check    # 12 lines of it

`make update-docs` calls `pytest --update-docs`; `.cache/anything` is ignored by git.
"""


def told(text: str, file: Path = ROOT / "README.md") -> list[str]:
    """What the check says of a file."""
    report = check_document(read_beside(text, MARKDOWN), file)
    return [problem.report("README.md", report.document.lines) for problem in report.problems]


def test_they_are_these():
    names = [path.relative_to(ROOT).as_posix() for path in FILES]

    assert names == ["CONTRIBUTING.md", "README.md", "benchmarks/README.md"]


def test_each_number_is_compared_with_what_decides_it():
    text = "Up to 1500<!-- = test_template.WORDS[-1] --> words, in four<!-- = len(labs) --> labs.\n"

    assert told(text) == []
    assert "documented 1501, actual 1500" in told(text.replace("1500", "1501"))[0]
    assert "documented nine, actual 4" in told(text.replace("four", "nine"))[0]
    assert "untied number 4: tie it, for example 4<!-- =" in told("There are 4 labs.\n")[0]
    assert "no attribute 'WORD'" in told(text.replace("WORDS", "WORD"))[0]


@pytest.mark.parametrize("text", ["four<!-- = len(labs) -->teen", "-4<!-- = len(labs) -->k labs"])
def test_what_touches_a_tie_is_refused(text: str):
    with pytest.raises(DocumentError, match=r"touches a tie|cuts a word in two"):
        read_beside(text, MARKDOWN)


def test_update_puts_the_number_right(tmp_path: Path):
    file = tmp_path / "README.md"
    file.write_text(
        "Python 3.8<!-- = python_minimum -->, nine<!-- = len(labs) --> labs.\n", "utf-8"
    )
    report = check_document(read_beside(file.read_text("utf-8"), MARKDOWN), file)
    rewriting = Rewriting()
    rewriting.add(file, report.document.lines, report.problems)
    rewriting.write()

    assert told(file.read_text("utf-8")) == []
    assert file.read_text("utf-8").startswith("Python 3.11<!-- = python_minimum -->, four<!--")


@pytest.mark.parametrize(
    "text",
    [
        "Four labs<!-- = len(labs) -->.",
        "**4**<!-- = len(labs) --> labs.",
        "4 <!-- = len(labs) --> labs.",
        "<!-- = len(labs) -->",
    ],
)
def test_a_tie_that_is_not_behind_its_number_is_refused(text: str):
    with pytest.raises(DocumentError, match="directly behind its number"):
        read_beside(text, MARKDOWN)


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("`make chek`", "no target chek"),
        ("    make tset", "no target tset"),
        ("`tests/test_tempalte.py`", "no file tests/test_tempalte.py"),
        ("`mkdoc.yml`", "no file mkdoc.yml"),
        ("`pytest --update-doc`", "no option --update-doc"),
        # Turned round, since words of this file are words of the project, too.
        (f"`rnn_ref.{'figures'[::-1]}`", f"no name {'figures'[::-1]}"),
        (f'`` `(3, 5)`{{title="{"output"[::-1]}.shape"}} ``', f"no name {'output'[::-1]}"),
    ],
)
def test_each_name_in_code_exists(code: str, missing: str):
    assert missing in told(f"Text.\n\n{code}\n")[0]


def pictured(text: str) -> Counter[str]:
    """The files that a picture of folders names, each with its folder."""
    found: Counter[str] = Counter()
    folders: list[tuple[int, str]] = []
    for line in "\n".join(re.findall(r"^```\n(.*?)^```", text, re.M | re.S)).split("\n"):
        indent = len(line) - len(line.lstrip())
        folders = [folder for folder in folders if folder[0] < indent]
        inside = "".join(name for _, name in folders)
        if folder := re.match(r" *([\w/]+/)(?: |$)", line):
            folders.append((indent, folder[1]))
        else:
            found.update(f"{inside}{name}" for name in re.findall(r"\w+\.(?:py|mplstyle)\b", line))
    return found


def departures(text: str) -> list[str]:
    """The files that a picture of the house leaves out, makes up, or names twice."""
    named = pictured(text)
    files = {path.relative_to(ROOT).as_posix() for path in facts.files() if path.suffix in ENDS}
    shown = {file for file in files if str(Path(file).parent) in SHOWN}
    missing = {file for file in shown - set(named) if not file.endswith("__init__.py")}
    return sorted(
        [*missing, *(set(named) - files), *(n for n, times in named.items() if times > 1)]
    )


def test_the_picture_of_the_house_names_each_file_once_and_no_other():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")

    assert departures(text) == []
    for name in pictured(text):
        base = Path(name).name
        assert departures(re.sub(rf"(?<![\w/.-]){re.escape(base)}", f"un{base}", text)) != []
    assert departures(text.replace("  check.py ", "  verdicts.py, check.py ")) == [
        "tests/snippets/verdicts.py"
    ]


COMMAND = re.compile(r"^ {4}make ([a-z-]+) +# (.*)$", re.MULTILINE)
HELP = re.compile(r"^([a-z-]+):.*?## (.*)$", re.MULTILINE)


def misused(text: str) -> list[str]:
    """The commands of a block whose comment speaks more of another target's help."""
    helps = {name: words(f"{name} {said}") for name, said in HELP.findall(MAKEFILE)}
    said = {target: words(comment) for target, comment in COMMAND.findall(text)}
    most = {target: max(len(told & h) for h in helps.values()) for target, told in said.items()}
    return [target for target, told in said.items() if len(told & helps[target]) < most[target]]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_commands_do_what_stands_beside_them(name: str):
    text = (ROOT / name).read_text("utf-8")
    commands = [target for target, _ in COMMAND.findall(text)]

    assert misused(text) == []
    for one, other in itertools.combinations(commands, 2):
        marked = text.replace(f"    make {one} ", "    make !").replace(
            f"    make {other} ", "    make ?"
        )
        exchanged = marked.replace("make !", f"make {other} ").replace("make ?", f"make {one} ")
        assert misused(exchanged) != []


def test_links_lead_to_files():
    for path in FILES:
        for target in re.findall(r"\]\(([\w./-]+)\)", SPAN.sub("", path.read_text("utf-8"))):
            assert (path.parent / target).is_file(), (path, target)


def test_the_oldest_python_is_the_same_everywhere():
    oldest = facts.python_minimum
    named = re.findall(r"Python (\d\.\d+) or newer", MAKEFILE)
    known = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text("utf-8"))

    assert named == [oldest] * 2
    assert f"({oldest.replace('.', ', ')})" in MAKEFILE
    assert min(known, key=lambda version: int(version.partition(".")[2])) == oldest


@pytest.mark.site  # a file is read hundreds of times, and coverage would double the time
def test_every_change_of_readme_is_caught():
    caught, tried, _ = try_page(ROOT / "README.md", MARKDOWN)

    assert {place for place in tried if caught[place] < tried[place]} <= OPEN.keys()
    assert tried.keys() >= {"beside", "name"}


def test_what_looks_dangerous_and_is_right_stays_green():
    assert told(RIGHT) == []
