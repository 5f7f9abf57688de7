"""What torch says of wrong calls, drawn at random, leads to the right entry of the catalogue."""

import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rnn_ref.messages import decode
from rnn_ref.messages.catalogue import messages
from tests.wrong_calls import DEEDS, Draws, Wrong, wrong_calls

CALLS = 2500
UNKNOWN = 0.02  # of all messages
SILENT = "nothing was raised"


@dataclass
class Outcomes:
    """What came of wrong calls: by deed how often, and what was unknown or wrong."""

    deeds: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)

    def add(self, call: Wrong) -> None:
        """Make a call, and decode what it raises or warns of."""
        text = said(call.call)
        reading = None if text == SILENT else decode(text)
        self.deeds[call.deed] += 1
        if reading is None and text != SILENT:
            self.unknown[f"{call.deed}: {text}"] += 1
        elif reading is None or reading.entry.id not in call.entries:
            led = reading.entry.id if reading else "no entry"
            self.wrong[f"{call.deed}: {text}"] = f"{led}, not {', '.join(sorted(call.entries))}"


def said(call: Callable[[], object]) -> str:
    """The message of a call, with its class, as Python prints it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            call()
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return SILENT


def outcomes(calls: st.SearchStrategy[Wrong], count: int) -> Outcomes:
    """Draw calls, and make each."""
    found = Outcomes()
    drawing = settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    drawing(given(calls)(found.add))()
    return found


def test_a_message_of_a_wrong_call_leads_to_the_right_entry() -> None:
    found = outcomes(wrong_calls(), CALLS)
    for text, times in found.unknown.most_common():
        print(f"unknown, {times} times: {text}")

    assert found.deeds.total() >= 2000
    assert set(found.deeds) == set(DEEDS)
    assert found.wrong == {}
    assert found.unknown.total() <= UNKNOWN * found.deeds.total()


@pytest.mark.parametrize("name", DEEDS)
def test_each_deed_has_an_entry(name: str) -> None:
    known = {entry.id for entry in messages()}
    entries: set[str] = set()
    one = st.composite(lambda draw: DEEDS[name](Draws(draw)))()
    settings(max_examples=20, database=None, deadline=None)(
        given(one)(lambda drawn: entries.update(drawn[1]))
    )()

    assert entries & known


def test_these_outcomes_can_be_wrong() -> None:
    def unknown() -> None:
        raise RuntimeError("Nobody has ever said this.")

    def raised() -> None:
        raise RuntimeError("Expected hidden size (1, 3, 2), got [1, 5, 2]")

    found = Outcomes()
    found.add(Wrong("right", raised, frozenset({"RNN-HIDDEN-SIZE"})))
    assert (found.unknown, found.wrong) == ({}, {})
    found.add(Wrong("unknown", unknown, frozenset({"RNN-HIDDEN-SIZE"})))
    found.add(Wrong("silent", lambda: None, frozenset({"RNN-HIDDEN-SIZE"})))
    found.add(Wrong("other", raised, frozenset({"INPUT-AXES"})))

    assert list(found.unknown) == ["unknown: RuntimeError: Nobody has ever said this."]
    assert list(found.wrong.values()) == [
        "no entry, not RNN-HIDDEN-SIZE",
        "RNN-HIDDEN-SIZE, not INPUT-AXES",
    ]
