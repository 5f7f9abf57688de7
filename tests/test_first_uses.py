"""Whoever reads from the first page to the last is told of each name of torch and NumPy in time."""

import pytest

from tests.first_uses import Section, first_uses, used


def section(page: str, code: str, text: str = "") -> Section:
    return Section(page, "a-heading", [code], [text])


def untold(*parts: Section) -> list[str]:
    return [use.name for use in first_uses(parts) if not use.told]


def test_no_name_comes_before_it_is_told_of():
    """In a sentence or a comment of its section, or anywhere before."""
    assert [f"{use.page}#{use.heading}: {use.name}" for use in first_uses() if not use.told] == []


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("torch.cat([a, b])", ["cat"]),
        ("x.unbind(0)[0].append(1)", ["unbind"]),
        ("from torch import nn\nnn.Linear(3, 5)", ["Linear"]),
        ("np.stack(list(x))", ["stack"]),
        ("for x in", []),
    ],
)
def test_names_of_torch_and_numpy_are_seen(code: str, names: list[str]):
    assert used(code) == names


def test_a_name_that_comes_too_early_is_noticed():
    early, late = section("a.md", "x.unbind(0)"), section("b.md", "", "`unbind` cuts an axis.")

    assert untold(early, late) == ["unbind"]
    assert untold(late, early) == []
    assert untold(section("a.md", "x.unbind(0)", "`unbind` cuts an axis.")) == []
