"""Patterns, conditions and the doors of the catalogue, on messages made up here."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_ref.messages import catalogue
from rnn_ref.messages.conditions import holds, said, term
from rnn_ref.messages.templates import Template

SIZES = st.lists(st.integers(0, 10**6), max_size=5).map(tuple)


@given(SIZES, SIZES, st.sampled_from(["{}", "torch.Size({})"]), st.booleans())
def test_shapes_are_read_in_all_their_spellings(
    left: tuple[int, ...], right: tuple[int, ...], size: str, tuples: bool
):
    a, b = (str(sizes if tuples else list(sizes)) for sizes in (left, right))
    template = Template("Expected {a:shape}, got {b:shape}.")
    found = template.pattern.search(f"RuntimeError: Expected {size.format(a)},\n got {b}. So.")

    assert found
    assert template.read(found.groupdict()) == {"a": left, "b": right}


@given(st.text(), st.text())
def test_what_does_not_vary_is_read_as_it_stands(before: str, after: str):
    """Whatever signs a message has; blanks are only blanks."""
    source = f"x{before}".replace("{", "{{").replace("}", "}}")
    text = f"x{before}7{after}"
    found = Template(f"{source}{{n:int}}").pattern.match(text)

    assert not found or found["n"] == re.match(r"7[0-9]*", f"7{after}")[0]
    assert Template(source).literal == f"x{before}"


def test_a_text_at_the_end_is_read_to_the_end_of_its_line():
    template = Template("name '{name:word}' is not defined: {rest:text}")
    found = template.pattern.search("name 'h_0' is not defined: why not\nmore")

    assert found
    assert template.read(found.groupdict()) == {"name": "h_0", "rest": "why not"}
    assert template.shown == "name '…' is not defined: …"


@pytest.mark.parametrize("source", ["{x}", "{x:size}", "{X:int}", "{x:int} {x:int}", "{:int}"])
def test_a_part_without_a_name_or_a_kind_is_refused(source: str):
    with pytest.raises(ValueError, match=r"Expected \{name:kind\} with a new name"):
        Template(source)


VALUES: dict[str, Any] = {"got": (2, 3, 5), "count": 7, "kind": "Long", "empty": ()}


@pytest.mark.parametrize(
    ("condition", "true"),
    [
        ("got[0] == 2", True),
        ("got[-1] > got[0]", True),
        ("got[3] != 2", False),  # there is no such axis
        ("count(got) == 3", True),
        ("product(got) <= 30", True),
        ("sorted(got) == got", True),
        ("product(empty) == 1", True),
        ("count >= 8", False),
        ("count < 8", True),
        ("kind == kind", True),
        ("kind != count", False),  # a text and a number
        ("kind < kind", False),
        ("absent == absent", False),
        ("count(kind) == 4", False),
    ],
)
def test_conditions_compare_what_is_there(condition: str, true: bool):
    assert holds(condition, VALUES) is true


@pytest.mark.parametrize("wrong", ["got = 2", "got[1]", "got[i] == 2", "mean(got) == 2", "1 == A"])
def test_what_is_no_condition_is_refused(wrong: str):
    with pytest.raises(ValueError, match="Expected"):
        holds(wrong, VALUES)


def test_a_sentence_has_the_sizes_or_is_not_said():
    assert said("{got[1]} of {got}, {kind}", VALUES) == "3 of (2, 3, 5), Long"
    assert said("{got[7]}", VALUES) is None
    assert term("-7", VALUES) == -7


ENTRY = """
title = "t"
description = "d"
intro = "i"

[[entry]]
id = "A-B"
title = "t"
error = "E"
messages = ["m {x:int}"]
meaning = "m"
triggers = ["raise"]
[[entry.causes]]
name = "n"
how = "h"
"""


def test_a_file_is_read():
    page = catalogue.page("errors/x", ENTRY)

    assert (page.name, [entry.id for entry in page.entries]) == ("errors/x", ["A-B"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "t"\nerror', "error", "errors/x, A-B: Message lacks title"),
        ('how = "h"', 'how = "h"\nwhy = "w"', "errors/x, A-B: Cause does not know why"),
        ("A-B", "a", "expected an id such as RNN-HIDDEN-SIZE"),
        ("{x:int}", "{x}", "Expected {name:kind}"),
        ('how = "h"', 'how = "h"\nwhen = ["x ~ 1"]', "Expected two terms"),
        ('how = "h"', 'how = "h"\nsay = "{x y}"', "Expected a number"),
        ('triggers = ["raise"]', "", "expected triggers, or not_run with a sample"),
        ('meaning = "m"', 'meaning = "m"\nnot_run = "n"\nsample = "s"', "expected triggers, or"),
        ('title = "t"\ndesc', "desc", "errors/x: Page lacks title"),
        ("[[entry]]", "[[entry]", "errors/x: Expected"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused(old: str, new: str, said: str):
    assert old in ENTRY
    with pytest.raises(ValueError, match=re.escape(said)):
        catalogue.page("errors/x", ENTRY.replace(old, new, 1))


def test_an_id_is_taken_once(monkeypatch: pytest.MonkeyPatch):
    page = catalogue.page("errors/x", ENTRY)
    monkeypatch.setattr(catalogue, "pages", lambda: (page, page))
    with pytest.raises(ValueError, match="Two entries are called A-B"):
        catalogue.entries.__wrapped__()


def test_an_entry_has_a_page():
    assert catalogue.page_of("RNN-HIDDEN-SIZE").name == "errors/state"
    with pytest.raises(KeyError):
        catalogue.page_of("NO-SUCH")


def test_prose_without_links_and_ties():
    prose = 'See [the *text*](../a.md#b) and\n`(N, L)`{title="x.shape"}, `[1]`.'

    assert catalogue.plain(prose) == "See the *text* and `(N, L)`, `[1]`."


def test_a_general_message_leaves_out_its_special_cases():
    general = Template(
        "'{kind:word}' has no attribute '{name:word}'", ("'list' has no attribute 'dim'",)
    )

    assert general.pattern.search("E: 'list' has no attribute 'size'")
    assert general.pattern.search("E: 'list' has no attribute 'dimension'")
    assert not general.pattern.search("E: 'list' has no attribute 'dim'.")
