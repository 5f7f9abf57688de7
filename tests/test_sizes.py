"""Sizes over time are read back from their SVG, and measured in a browser."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from rnn_ref import figures
from rnn_ref.figures.sizes import COLOURS, MARKED, MARKS, STRONG
from tests.test_figures import assert_text_stays_inside_and_apart, page, texts

__all__ = ["page"]  # a fixture: pytest finds it by its name

SVG = "{http://www.w3.org/2000/svg}"
size = st.one_of(st.just(0.0), st.floats(1e-9, 1e9))
courses = st.integers(2, 30).flatmap(
    lambda L: st.lists(arrays.arrays(np.float64, L, elements=size), min_size=1, max_size=5)
)


def draw(*drawn, name="a gradient", strong=None):
    courses = dict(zip("abcdefgh", drawn, strict=False))
    return figures.sizes_over_time(courses, name=name, strong=strong)


def routes(figure, style):
    """Each path of a style as points, as they stand in the document."""
    paths = ElementTree.fromstring(figure.svg).iter(f"{SVG}path")
    found = [path.get("d") for path in paths if path.get("class") == style]
    return [np.array(re.findall(r"[ML](\S+) (\S+)", route), dtype=float) for route in found]


def parts(figure, drawn, strong=None):
    """The mark beside each name, and the lines and the marks of each course."""
    names, lines, marks = [], [], []
    for place, style in enumerate(COLOURS[: len(drawn)]):
        _, name, *routed = routes(figure, STRONG if place == strong else style)
        alike = [is_mark(route, name) for route in routed]
        names.append(name)
        marks.append([route for route, mark in zip(routed, alike, strict=True) if mark])
        lines.append([route for route, mark in zip(routed, alike, strict=True) if not mark])
    if len(drawn) == len(COLOURS) and strong != len(drawn) - 1:
        lines[-1].pop()  # that of the axis L
    return names, lines, marks


def is_mark(route, name):
    """Whether a path has the form of the mark beside a name: no line turns back as that does."""
    return len(route) == len(name) and np.abs(route - middle(route) - name + middle(name)).max() < 1


def middle(mark):
    return (mark.min(axis=0) + mark.max(axis=0)) / 2


def levels(figure):
    """Each number of the upright axis, and the height of its line."""
    ticks = texts(figure, "tick")[:-2]  # the last are those of steps
    return {
        float(tick): line[0, 1] for tick, line in zip(ticks, routes(figure, "card"), strict=True)
    }


@given(drawn=courses)
@settings(max_examples=40)
def test_each_line_goes_through_each_size_of_its_course(drawn):
    sizes = np.stack(drawn)
    assume(sizes.any())
    figure = draw(*drawn)
    points = np.array([np.concatenate(lines) for lines in parts(figure, drawn)[1]])
    lines = levels(figure)
    foot = lines.pop(0.0, np.inf)
    (high, top), (low, bottom) = max(lines.items()), min(lines.items())
    unit, above = np.log10(high / low) / (bottom - top), sizes > 0
    powers = np.log10(low) + unit * (bottom - points[..., 1])
    np.testing.assert_array_equal(np.abs(points[..., 1] - foot) < 1, ~above)
    np.testing.assert_allclose(powers[above], np.log10(sizes[above]), rtol=0, atol=0.5 * unit)
    assert (foot < np.inf) == (~above).any()
    steps = np.diff(points[..., 0], axis=1)
    np.testing.assert_allclose(steps, np.full(steps.shape, steps[0, 0]), atol=0.3)
    assert figure.shapes == tuple(course.shape for course in drawn)


@given(drawn=courses)
@settings(max_examples=40)
def test_marks_stand_on_their_line_at_equal_distances_and_on_each_lonely_step(drawn):
    assume(np.any(drawn))
    _, joined, marked = parts(draw(*drawn), drawn)
    for lines, marks in zip(joined, marked, strict=True):
        points, on = (
            np.concatenate(lines),
            np.array([middle(mark) for mark in marks]).reshape(-1, 2),
        )
        apart = np.abs(points[:, None] - on).max(axis=2) < 0.3  # step by mark
        assert apart.any(axis=0).all()
        lonely = np.concatenate([[len(line) == 1] * len(line) for line in lines])
        bare = ~apart.any(axis=1)
        assert not (lonely & bare).any()
        assert len(points) > MARKED or not bare.any()
        regular = np.flatnonzero(~bare & ~lonely)
        stride = -(-len(points) // MARKED)
        assert len(set(regular % stride)) <= 1


def test_marks_of_lines_on_each_other_do_not_hide_each_other():
    drawn = [np.ones(30)] * 3
    places = [{middle(mark)[0] for mark in marks} for marks in parts(draw(*drawn), drawn)[2]]
    assert set.union(*places) != places[0]
    assert not set.intersection(*places)


def test_the_strong_line_is_thick_and_on_top_of_the_others():
    drawn = [np.ones(3)] * 3
    figure = draw(*drawn, strong="b")
    assert texts(figure, "bold") == ["a gradient", "b (3,)"]
    assert "b (3,) thick, with triangles, from" in figure.alt
    _, _, marks = parts(figure, drawn, strong=1)
    assert [len(own) for own in marks] == [3, 3, 3]
    paths = [path.get("class") for path in ElementTree.fromstring(figure.svg).iter(f"{SVG}path")]
    behind = paths[paths.index("card") :]  # the names come first
    assert behind.index(COLOURS[0]) < behind.index(COLOURS[2]) < behind.index(STRONG)


@given(low=st.integers(-30, 20), decades=st.integers(1, 40))
def test_the_numbers_of_the_upright_axis_are_powers_of_ten_in_order(low, decades):
    figure = draw([10.0**low, 10.0 ** (low + decades)])
    lines = levels(figure)
    powers = np.log10(list(lines))
    np.testing.assert_allclose(powers, powers.round(), atol=1e-9)
    assert 2 <= len(lines) <= 7
    heights = np.diff(list(lines.values()))
    np.testing.assert_allclose(
        heights / -np.diff(powers), heights[0] / -np.diff(powers)[0], atol=0.2
    )
    assert len(set(np.round(np.diff(powers)))) <= 1


def test_no_line_joins_zero_and_another_size():
    course = [0.0, 0.0, 0.01, 0.1, 0.0, 1.0]
    figure = draw(course)
    _, (lines,), _ = parts(figure, [course])
    assert [len(line) for line in lines] == [2, 2, 1, 1]
    assert {line[0, 1] == levels(figure)[0.0] for line in lines[::2]} == {True}


def test_each_course_has_a_mark_of_its_own_and_its_name_stands_beside_it():
    drawn = [np.full(3, 10.0**power) for power in range(len(MARKS))]
    figure = draw(*drawn)
    names, _, marks = parts(figure, drawn)
    forms = [(mark - middle(mark)).round(1) for mark in names]
    assert len({str(form) for form in forms}) == len(MARKS)
    for form, own in zip(forms, marks, strict=True):
        for mark in own:
            np.testing.assert_allclose(mark - middle(mark), form, atol=0.2)
    assert texts(figure)[1 : 1 + len(MARKS)] == [f"{letter} (3,)" for letter in "abcde"]
    heights = [middle(mark)[1] for mark in names]
    assert heights == sorted(heights)
    assert len(set(COLOURS)) == len(MARKS)


def test_the_steps_are_numbered_from_0_and_named():
    figure = draw(np.ones(13))
    assert texts(figure, "tick")[-2:] == ["0", "12"]
    assert texts(figure, "axis") == ["L = 13"]
    assert texts(figure, "bold") == ["a gradient"]


def test_the_alt_text_tells_each_line_with_its_mark_and_its_ends():
    alt = draw([0.02, 0.1, 3.0], [0.0, 0.1, 1.0]).alt
    assert "2 lines: a (3,) with squares, from 2e-02 to 3e+00" in alt
    assert "b (3,) with triangles, from 0e+00 to 1e+00." in alt
    assert "lines at 10, 1, 0.1, 0.01; zero has a line of its own below, marked 0." in alt
    assert "zero" not in draw([1.0, 2.0]).alt


WRONG = {
    "no course": (draw, "courses: expected what a line is called to its sizes, at least one"),
    "many": (lambda: draw(*[np.ones(3)] * 6), "got 6"),
    "lengths": (lambda: draw(np.ones(3), np.ones(4)), r"of the lengths \[3, 4\]"),
    "one step": (lambda: draw(np.ones(1)), r"a: expected sizes of shape \(L,\).*got \(1,\)"),
    "batch": (lambda: draw(np.ones((3, 2))), "take a norm or a maximum over the other axes"),
    "negative": (lambda: draw([1.0, -1.0]), "not negative"),
    "nan": (lambda: draw([1.0, np.nan]), "finite"),
    "infinite": (lambda: draw([1.0, np.inf]), "finite"),
    "zeros": (lambda: draw(np.zeros(3)), "a size above zero"),
    "strong": (lambda: draw(np.ones(3), strong="b"), r"one of \['a'\], got 'b'"),
    "wide": (lambda: draw(np.ones(3), name="a" * 80), "shorter names"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_drawn_says_why(case):
    wrong, message = WRONG[case]
    with pytest.raises(ValueError, match=message):
        wrong()


EXAMPLES = {
    "one gradient": lambda: draw(0.5 ** np.arange(20)),
    "five gradients": lambda: draw(*[10.0 ** (power * np.arange(12)) for power in range(-3, 2)]),
    "a cut gradient": lambda: draw([0.0, 0.0, 0.5, 1.0], [1e-9, 1e-6, 0.001, 1.0]),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_text_stays_inside_and_apart(page, name):
    figure = EXAMPLES[name]()
    assert figure.svg == EXAMPLES[name]().svg
    assert_text_stays_inside_and_apart(page, figure)
