"""Examples in docstrings are executed like those of pages, and mended in place."""

import re
from pathlib import Path

import pytest

from tests.documents import MARKDOWN, Project, read
from tests.reading.docstrings import read_source
from tests.reading.problems import DocumentError
from tests.snippets.check import check_document

FENCE = "```python\nn = 3\nprint(n)\n#> 3\n```"


def source(section: str, quotes: str = '"""') -> str:
    """Return a file whose one function has an `Examples:` section."""
    body = "\n".join(f"        {line}".rstrip() for line in section.split("\n"))
    return f'def f():\n    {quotes}Do it.\n\n    Examples:\n{body}\n    """\n'


def messages(text: str, file: str = "m.py") -> list[str]:
    report = check_document(read_source(text, MARKDOWN), Path(file))
    return [problem.report(file, report.document.lines) for problem in report.problems]


def test_an_example_is_executed_and_its_output_compared():
    assert messages(source(FENCE)) == []
    assert messages(source(FENCE.replace("#> 3", "#> 4"))) == [
        "m.py:8: documented 4, actual 3, from print(n)\n    | #> 4"
    ]


EVERYWHERE = '''"""A module.

Examples:
    ```python
    print("module")
    ```
"""

SIZE = 3
"""An attribute.

Examples:
    ```python
    print("attribute")
    ```
"""


class A:
    """A class.

    Examples:
        ```python
        print("class")
        ```

        And another.

        ```{.python continuation}
        print("continued")
        ```
    """

    @property
    def p(self):
        """A property.

        Examples:
            ```python
            print("property")
            ```
        """

    def m(self):
        """A method.

        Args:
            x: `print("no example")`

        Examples:
            ```python
            print("method")
            ```

        Raises:
            ValueError: Never.
        """
'''


def test_every_docstring_is_read_in_the_order_of_the_file():
    document = read_source(EVERYWHERE, MARKDOWN)

    printed = [re.findall(r'"(\w+)"', fence.code) for fence in document.fences]

    order = ["module", "attribute", "class", "continued", "property", "method"]
    assert printed == [[word] for word in order]
    assert all("```" in document.lines[fence.line].text for fence in document.fences)


def test_pytest_runs_them_and_update_docs_writes_their_output_in_place(tmp_path: Path):
    project = Project(tmp_path)
    file = project.write("rnn_ref/m.py", EVERYWHERE)

    assert "6 failed" in project.pytest("rnn_ref").stdout
    assert "6 passed" in project.pytest("rnn_ref", "--update-docs").stdout
    assert "6 passed" in project.pytest("rnn_ref").stdout

    code = r'^( *)print\("(\w+)"\)$'
    assert file.read_text("utf-8") == re.sub(
        code, r"\g<0>\n\1#> \2", EVERYWHERE, flags=re.MULTILINE
    )


def test_a_message_names_file_and_line(tmp_path: Path):
    project = Project(tmp_path)
    project.write("rnn_ref/m.py", source(FENCE.replace("#> 3", "#> 4")))

    assert "rnn_ref/m.py:8: documented 4, actual 3" in project.pytest("rnn_ref").stdout


def test_the_examples_of_two_docstrings_share_nothing():
    second = source("```python\nprint(n)\n#> NameError: name 'n' is not defined\n```")

    assert messages(source(FENCE) + "\n\n" + second) == []


def test_an_error_out_of_the_file_itself_is_told_at_the_line_of_the_example(tmp_path: Path):
    lines = "import sys\nsys.path.insert(0, FOLDER)\nimport own\nown.fail()"
    text = source(f"```python\n{lines.replace('FOLDER', repr(str(tmp_path)))}\n```")
    text = f"def fail():\n    raise ValueError('own')\n\n\n{text}"
    file = tmp_path / "own.py"
    file.write_text(text, "utf-8")

    (message,) = messages(text, str(file))

    assert message.startswith(f"{file}:13: raised ValueError: own")


def test_text_between_examples_is_checked_like_that_of_a_page():
    assert messages(source(FENCE + '\n\nIt has `3`{title="n"} parts.')) == []
    assert "documented 4, actual 3" in messages(source(FENCE + '\n\nIt has `4`{title="n"}.'))[0]
    assert "untied number 3" in messages(source(FENCE + "\n\nIt has 3 parts."))[0]


REFUSED = {
    "a prompt": (">>> 3\n3", "a prompt in a docstring"),
    "no fence": ("n = 3", "this example would not be executed"),
    "text only": ("```text\n3\n```", "nothing executes text"),
    "a continuation": (FENCE.replace("```python", "```{.python continuation}"), "nothing"),
    "an unknown option": (FENCE.replace("```python", "```{.python skip}"), "unknown option"),
    "a backslash": (FENCE.replace("print(n)", "print('\\n')"), "a raw docstring"),
    "an included file": (FENCE + '\n\n--8<-- "index.md"', "includes no other file"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_is(what: str):
    section, complaint = REFUSED[what]
    with pytest.raises(DocumentError, match=re.escape(complaint)):
        read_source(source(section), MARKDOWN)


@pytest.mark.parametrize("header", ["Example:", "Usage:", "Args:", "Examples"])
def test_a_fence_below_another_header_is_refused(header: str):
    with pytest.raises(DocumentError, match="has to stand below `Examples:`") as error:
        read_source(source(FENCE).replace("Examples:", header), MARKDOWN)

    assert error.value.line == 4


def test_a_raw_docstring_may_hold_a_backslash():
    assert messages(source("```python\nprint('a\\nb')\n#> a\n#> b\n```", quotes='r"""')) == []


def test_a_string_that_is_no_docstring_is_left_alone():
    assert read_source(f"PAGE = '''\n{FENCE}\n'''\n", MARKDOWN).events == []


def test_a_page_of_the_api_needs_no_fence_and_may_state_no_number():
    assert read("# Shapes\n\nText.\n\n::: rnn_ref.shapes\n").events == []
    with pytest.raises(DocumentError, match="can tie nothing"):
        read("# Shapes\n\nIt has *three*{title='3'} parts.\n\n::: rnn_ref.shapes\n")


def test_front_matter_that_is_no_yaml_is_red():
    with pytest.raises(DocumentError, match="no YAML"):
        read(f"---\ndescription: A colon: this is one.\n---\n\n# Page\n\n{FENCE}\n")
