"""A relation beside a number is tied with it, to a comparison that says the same."""

import pytest

from tests.documents import check, messages
from tests.reading.problems import DocumentError

CODE = "A.\n\n```python\nlosses, floor, n = [0.5, 0.45], 0.4327, 3\n```\n\n"

RIGHT = {
    "above": '*above 0.4327*{title="min(losses) > floor"}',
    "more than": '*more than 2*{title="n > len(losses)"}',
    "at most": '*at most 0.5*{title="losses[1] <= max(losses)"}',
    "up to": '*up to 0.45*{title="floor <= min(losses)"}',
    "at least": '*at least two*{title="n >= len(losses)"}'.replace("two", "2"),
    "below a heading": 'It stands below: `3`{title="n"}.',
    "over and over": 'It runs over and over, `3`{title="n"} times.',
    "above all": 'Above all, `3`{title="n"} of them.',
    "from here": 'From `3`{title="n"} on.',
    "under a name": 'See below `h`; `3`{title="n"}.',
}


@pytest.mark.parametrize("kind", RIGHT)
def test_right_relations_stay_green(kind: str):
    assert messages(CODE + RIGHT[kind]) == []


WRONG = {
    "turned": '*below 0.4327*{title="min(losses) > floor"}',
    "another number": '*above 0.45*{title="min(losses) > floor"}',
    "false": '*above 0.5*{title="min(losses) > max(losses)"}',
    "no comparison": '*above 0.4327*{title="floor"}',
    "or equal": '*at least 2*{title="n > len(losses)"}',
    "of something else": '*at most 3*{title="n"}',
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_relations_are_red(kind: str):
    (message,) = messages(CODE + WRONG[kind])

    assert "documented" in message


@pytest.mark.parametrize("words", ["above", "at most", "Fewer than", "up to", "no less than"])
def test_a_relation_outside_of_the_tie_is_red(words: str):
    with pytest.raises(DocumentError, match=f"tie '{words}' with its number"):
        check(f'{CODE}It is {words} `3`{{title="n"}}.')
