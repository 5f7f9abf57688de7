"""What diagnose says of random models, a part of them; and that they are what they should be."""

import dataclasses

import pytest

from tests import diagnoses
from tests.random_faults import FAULTS, SHARE, effect, wrong
from tests.random_models import BLOCKS, READS, draw_plan, right

# axis_roles makes about a hundred calls for each model; who asks for causes asks leaks
ASKED = [
    ("leaks", "right", 60),
    *(("depends", "right", 6), ("depends", "wrong", 10)),
    *(("axis_roles", "right", 20), ("axis_roles", "wrong", len(FAULTS))),
]


@pytest.mark.parametrize(("name", "kind", "count"), ASKED)
def test_what_is_said_of_random_models(name: str, kind: str, count: int) -> None:
    assert diagnoses.complaints(name, kind, range(count)) == []


@pytest.mark.parametrize("name", diagnoses.VERDICTS)
@pytest.mark.parametrize("kind", diagnoses.KINDS)
def test_that_check_can_fail(name: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(seed: int, every_step: bool = False) -> diagnoses.Example:
        example = wrong(seed, every_step) if kind == "right" else right(seed, every_step)
        return dataclasses.replace(example, fault="" if kind == "right" else "made up")

    monkeypatch.setitem(diagnoses.KINDS, kind, mistaken)
    count = 6 if name == "depends" else 2  # large batches are not mapped
    assert len(diagnoses.complaints(name, kind, range(count))) >= 2


def test_the_cause_that_is_named_is_the_right_one() -> None:
    named = diagnoses.quietly(map, diagnoses.cause_of, range(len(FAULTS)))
    wrong = [(fault, cause) for fault, cause in named if cause != FAULTS[fault][1]]
    assert {cause for _, cause in wrong} <= {"unknown"}, wrong
    assert len(wrong) <= 2 * diagnoses.UNTOLD * len(named), wrong


def test_samples_of_right_models_do_not_meet() -> None:
    assert max(effect(draw_plan(seed, every_step=False)) for seed in range(60)) < 1e-12


def test_samples_of_wrong_models_do() -> None:
    for seed, fault in enumerate(FAULTS):
        example = wrong(seed)
        assert example.fault == fault
        assert effect(example.plan, FAULTS[fault][0]) >= SHARE


def test_every_kind_of_model_is_drawn() -> None:
    plans = [dataclasses.asdict(draw_plan(seed, every_step=False)) for seed in range(60)]
    drawn = {name: {plan[name] for plan in plans} for name in plans[0]}
    assert min(map(len, drawn.values())) >= 2
    assert {block for blocks in drawn["blocks"] for block in blocks} == {*BLOCKS}
    assert drawn["reads"] == {*READS}
