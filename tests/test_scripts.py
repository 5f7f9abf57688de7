"""What the minifier makes of our scripts is the same program."""

from pathlib import Path

import pytest
from pygments.lexers import JavascriptLexer
from pygments.token import Comment, Whitespace
from rjsmin import jsmin

ASSETS = Path(__file__).parents[1] / "docs" / "assets"
SCRIPTS = sorted(ASSETS.rglob("*.js"))


def program(source: str) -> list[str]:
    """All that a script consists of, texts among it, but for blanks and comments between."""
    blank = Whitespace, *(Comment, Comment.Single, Comment.Multiline)
    tokens = JavascriptLexer().get_tokens(source)
    return [text for kind, text in tokens if text and kind not in blank]


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.name for script in SCRIPTS])
def test_the_minifier_leaves_a_script_the_same(script: Path):
    source = script.read_text("utf-8")

    assert program(jsmin(source)) == program(source)


def test_a_blank_that_it_takes_from_a_template_is_noticed():
    """It takes the second of three back-ticks for the template's end."""
    source = 'const told = `${name.replaceAll("`", "")}.  Read  on`\n'

    assert program(jsmin(source)) != program(source)
