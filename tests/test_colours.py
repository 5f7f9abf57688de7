"""The colours of axes are told apart by every reader, and stand out wherever they are text."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from rnn_ref.figures import AXIS_COLOURS
from tests.contrast import contrast

Floats = NDArray[np.float64]

# How a colour of linear light is seen with one kind of cone missing: Machado, Oliveira and
# Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE
# Transactions on Visualization and Computer Graphics 15 (2009), table 1, severity 1.0.
SIGHTS = {
    "all cones": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# Of IEC 61966-2-1: linear light to the tristimulus values of CIE 1931, white D65.
TO_XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
WHITE = [0.9505, 1.0, 1.089]
APART = 15.0  # CIE 1976 units; about 2 can be seen, side by side

SCHEMES = ("light", "dark")
INKS = "#1b2330", "#e2e6ec"  # of the site's text
# What the site's text stands on: the page, code, and what is marked in it.
PAPERS = ("#fdfcf9", "#f4f2ea", "#ffffff"), ("#14181f", "#1d232c", "#1e2029")


def channels(code: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(code[1:]))


def seen(code: str, sight: str) -> Floats:
    """A colour as somebody sees it, in CIE 1976 lightness, red to green, yellow to blue."""
    encoded = np.array(channels(code)) / 255
    light = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    parts = np.clip(SIGHTS[sight] @ light, 0, 1) @ np.transpose(TO_XYZ) / WHITE
    x, y, z = np.where(parts > (6 / 29) ** 3, np.cbrt(parts), parts * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def too_close(colours: dict[str, str], sight: str) -> Iterator[tuple[str, str]]:
    for (one, first), (other, second) in combinations(colours.items(), 2):
        if np.linalg.norm(seen(first, sight) - seen(second, sight)) < APART:
            yield one, other


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", [0, 1], ids=SCHEMES)
def test_any_two_axes_and_the_ink_are_told_apart(scheme: int, sight: str):
    colours = {axis: shades[scheme] for axis, shades in AXIS_COLOURS.items()}
    assert [*too_close(colours | {"ink": INKS[scheme]}, sight)] == []


@pytest.mark.parametrize("scheme", [0, 1], ids=SCHEMES)
def test_a_letter_in_the_colour_of_its_axis_stands_out(scheme: int):
    for axis, shades in AXIS_COLOURS.items():
        for paper in PAPERS[scheme]:
            assert contrast(channels(shades[scheme]), channels(paper)) >= 4.5, (axis, paper)


def test_the_measure_knows_what_is_confused():
    pair = {"a red": "#cc3311", "a green": "#778800"}
    assert [*too_close(pair, "all cones")] == []
    assert [*too_close(pair, "deuteranopia")] == [("a red", "a green")]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("#ffffff", (100, 0, 0)),
        ("#ff0000", (53.24, 80.09, 67.20)),
        ("#0000ff", (32.30, 79.19, -107.86)),
    ],
)
def test_the_measure_gives_the_values_that_are_known(code: str, expected: tuple[float, ...]):
    np.testing.assert_allclose(seen(code, "all cones"), expected, atol=0.1)
