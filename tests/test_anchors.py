"""Whoever links to a heading of this site finds it there years later."""

from tests.anchors import anchors, kept


def gone(before: list[str], now: list[str]) -> list[str]:
    return sorted({*before} - {*now})


def test_a_heading_that_was_there_once_is_still_there():
    """One that was reworded keeps its address: `### New words {#old-words}`.

    One that has gone to another page leaves a sentence that leads there, with its address:
    `{: #old-words }` on the line below it. A page that goes leaves one by mkdocs-redirects.
    """
    assert gone(kept(), anchors()) == []


def test_new_headings_are_kept_from_now_on():
    """`python -m tests.anchors` writes them down."""
    assert gone(anchors(), kept()) == []


def test_a_heading_that_has_gone_is_noticed():
    assert gone(["layers/#the-rule", "layers/#recap"], ["layers/#recap"]) == ["layers/#the-rule"]
