"""Each shape that a docstring states is that of the arrays in the calls of its examples."""

import inspect
import itertools
import pkgutil
import re
from collections.abc import Iterator

import numpy as np
import pytest

from tests import reference
from tests.documented_shapes import (
    SHAPE,
    Call,
    axes_of,
    calls_of_examples,
    complaint,
    documented,
    is_of_symbols,
    options,
    subjects,
)

SUBJECTS = subjects()


@pytest.mark.parametrize("name", SUBJECTS)
def test_an_example_leads_to_a_call_with_each_array(name: str):
    calls = calls_of_examples()[name]
    unseen = [one for one in documented(name) if not any(call.shapes_of(one) for call in calls)]

    assert unseen == [], f"no example calls {name} with them: write one"


@pytest.mark.parametrize("name", SUBJECTS)
def test_documented_shapes_are_those_of_the_calls(name: str):
    texts = documented(name)
    wrong = {complaint(texts, call) for call in calls_of_examples()[name]} - {None}

    assert wrong == set()


def exchanged(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text with two axes of one of its shapes exchanged, and that shape."""
    for match in SHAPE.finditer(text):
        axes = axes_of(match[0])
        for one, other in itertools.combinations(range(len(axes)), 2):
            places = [*axes]
            places[one], places[other] = axes[other], axes[one]
            shape = f"({', '.join(places)})"
            if is_of_symbols(match[0]) and places != [*axes]:
                yield shape, text[: match.start()] + shape + text[match.end() :]


def survivors(name: str) -> list[str]:
    texts, calls = documented(name), calls_of_examples()[name]
    return [
        f"{argument}: {shape}"
        for argument, text in texts.items()
        for shape, wrong in exchanged(text)
        if not any(complaint(texts | {argument: wrong}, call) for call in calls)
    ]


# Where no other argument and no result tells which axis is which, by function and argument.
UNNOTICED = {
    "rnn_ref.diagnose.assert_batch_independent": {"x": "nothing is returned"},
    "rnn_ref.diagnose.assert_causal": {"x": "nothing is returned"},
    "rnn_ref.diagnose.assert_padding_ignored": {"x": "lengths tell which axis is N, no more"},
    "rnn_ref.diagnose.axis_roles": {"x": "the result speaks of axes, not of sizes"},
    "rnn_ref.diagnose.depends": {"x": "the result speaks of positions, not of features"},
    "rnn_ref.figures.named": {"arrays": "nothing else has a shape"},
    "rnn_ref.figures.readings": {"array": "nothing else has a shape"},
    "rnn_ref.figures.states": {
        "outputs": "D and num_layers are those that fit",
        "h_n": "D and num_layers are those that fit",
    },
    "rnn_ref.figures.unrolled": {
        "inputs": "steps may be any axis, and the others are not told apart by a size",
        "h_n": "two of its axes have one size by nature",
    },
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_two_axes_exchanged_are_noticed(name: str):
    assert {one.partition(":")[0] for one in survivors(name)} == UNNOTICED.get(name, {}).keys()


ONES = {shape: np.ones(shape) for shape in [(3,), (5,), (52,), (3, 7), (3, 5), (4, 5), (5, 3, 7)]}
FIRST = "(L, N), or (N, L) if batch_first."
# What is said of x and of the result, x, the shape of the result, and whether that fits.
CASES = [
    ("(N, H_in).", "(N, H_out).", ONES[3, 7], (3, 5), True),
    ("(N, H_in).", "(N, H_in).", ONES[3, 7], (3, 5), False),
    ("(N, *).", "(L, N, *).", ONES[3,], (5, 3), True),
    ("(N, *).", "(L, N, *).", ONES[3,], (5, 3, 2), False),
    ("(..., H_in).", "(..., H_out).", ONES[5, 3, 7], (5, 3, 2), True),
    ("(..., H_in).", "(..., H_out).", ONES[5, 3, 7], (3, 5, 2), False),
    ("(G*H_cell,).", "(G, H_cell).", ONES[52,], (4, 13), True),
    ("(G*H_cell,).", "(G, H_cell).", ONES[52,], (4, 12), False),
    ("(4, N).", "(N,).", ONES[4, 5], (5,), True),
    (FIRST, "(N,).", ONES[3, 5], (5,), True),
    (FIRST, "(N,).", ONES[3, 5], (3,), False),
    ("N arrays, (length, *).", "(L, N).", [ONES[5,], ONES[3,]], (5, 2), True),
    ("N arrays, (length, *).", "(L, N).", [ONES[5,], ONES[3,]], (2, 5), False),
    ("(N,).", "(N, total_length).", [5, 3], (2, 11), True),
    ("(N,).", "(N, total_length).", [5, 3], (2, 8), False),
]


@pytest.mark.parametrize(("of_x", "of_result", "x", "shape", "fits"), CASES)
def test_the_symbols_of_a_call_have_one_size_each(
    of_x: str, of_result: str, x: object, shape: tuple[int, ...], fits: bool
):
    call = Call({"x": x, "total_length": 11}, np.ones(shape))
    told = complaint({"x": of_x, "returned": of_result}, call)

    assert told is None if fits else f"returned has shape {shape}, documented" in str(told)


def test_what_an_argument_says_of_sizes_is_known():
    texts = {"x": FIRST, "returned": "(N,)."}
    first = Call({"x": ONES[3, 5], "batch_first": True}, ONES[3,])
    packed = {"lengths": "(N,).", "returned": "(sum of lengths, N)."}

    assert complaint(texts, first) is None
    assert complaint({"x": "(3, N)."}, Call({"x": ONES[4, 5]}, None))
    assert complaint(packed, Call({"lengths": [5, 3]}, np.ones((8, 2)))) is None
    assert complaint(packed, Call({"lengths": [5, 3]}, np.ones((9, 2))))


def test_what_is_no_shape_and_what_may_be_any_is_left_out():
    assert options("(train, eval), (name, array), max(x, 0), (3, 5).") == []
    assert options("(N, L, H_in), or any other shape.") == []
    assert [option.axes for option in options("(L, N, D*H_out).")] == [("L", "N", "D*H_out")]


# A result that is told as a formula of the arguments: `1 - y^2 = (1 - y) (1 + y)`.
def formulas(name: str) -> list[str]:
    told = reference.sections(reference.find(name))
    first = re.match(r"`([^`]+)`", "".join(one.description for one in told.get("returns", [])))
    names = {one.name for one in told.get("parameters", [])} | {"max"}
    is_of_arguments = first and {*re.findall(r"[A-Za-z_]+", first[1])} <= names
    return first[1].split(" = ") if first and is_of_arguments else []


FORMULAS = {name: told for name in reference.functions() if (told := formulas(name))}


def value(formula: str, **arguments: np.ndarray) -> np.ndarray:
    spelled = re.sub(r"(?<=[\w)]) \(", " * (", formula.replace("^", "**"))
    return eval(spelled, {"max": np.maximum}, arguments)


def test_some_results_are_told_as_formulas():
    assert FORMULAS.keys() == {
        "rnn_ref.cells.relu",
        "rnn_ref.gradients.of_tanh",
        "rnn_ref.gradients.of_sigmoid",
    }
    assert value("y (1 - y)", y=np.array(3.0)) == -6


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_of_the_result_gives_it(name: str):
    function = pkgutil.resolve_name(name)
    argument = next(iter(inspect.signature(function).parameters))
    values = np.random.default_rng(3).normal(size=(3, 7))
    for formula in FORMULAS[name]:
        np.testing.assert_allclose(
            value(formula, **{argument: values}), function(values.copy()), atol=1e-12
        )
