"""What docstrings say of arguments, results, shapes and errors, against code and shape rules."""

import builtins
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import griffe
import pytest

from rnn_ref import shapes
from tests import reference
from tests.documented_shapes import OWN_SYMBOLS, SHAPE
from tests.reference import sections

Shape = tuple[int, ...]

ARRAY = re.compile(r"\bArray(Like)?\b")
TELLS_SHAPE = re.compile(
    rf"{SHAPE.pattern}|\bshapes?\b|\baxes\b|\bthe same\b|\bAs in a call\b", re.IGNORECASE
)
SOURCE = re.compile(r"`torch\.nn\.\w+`.* documentation.*\b(19|20)\d\d\b", re.DOTALL)

# Distinct sizes, so that no two shapes agree by chance.
SIZES = {"N": 3, "L": 5, "total": 23}
TOTAL = "sum of lengths"  # the rows of what is packed
DEEP = {"num_layers": 17, "bidirectional": True}
NETWORKS = {
    "rnn_ref.RNN.__call__": shapes.Config("RNN", 7, 13, **DEEP),
    "rnn_ref.LSTM.__call__": shapes.Config("LSTM", 7, 13, proj_size=11, **DEEP),
    "rnn_ref.GRU.__call__": shapes.Config("GRU", 7, 13, **DEEP),
}
CELLS = {
    "rnn_ref.RNNCell.__call__": shapes.Config("RNN", 7, 13),
    "rnn_ref.LSTMCell.__call__": shapes.Config("LSTM", 7, 13),
    "rnn_ref.GRUCell.__call__": shapes.Config("GRU", 7, 13),
    "rnn_ref.cells.rnn_cell": shapes.Config("RNN", 7, 13),
    "rnn_ref.cells.lstm_cell": shapes.Config("LSTM", 7, 13, proj_size=11),
    "rnn_ref.cells.gru_cell": shapes.Config("GRU", 7, 13),
}
SUBJECTS = NETWORKS | CELLS
# An argument, and the rule of what it takes.
RULES = {
    "x": "input",
    "h": "h_0",
    "c": "c_0",
    "W_ih": "weight_ih",
    "W_hh": "weight_hh",
    "b_ih": "bias_ih",
    "b_hh": "bias_hh",
    "W_hr": "weight_hr",
}


def complaints(shown: griffe.Object | griffe.Alias) -> Iterator[str]:
    """Yield what the docstring of a function leaves out or makes up."""
    told = sections(shown)
    documented = {argument.name: argument.description for argument in told.get("parameters", [])}
    arguments = {
        p.name: str(p.annotation) for p in shown.parameters if p.name not in {"self", "cls"}
    }
    if list(documented) != list(arguments):
        yield f"documented {list(documented)}, actual {list(arguments)}"
    for name, text in documented.items():
        if ARRAY.search(arguments.get(name, "")) and not TELLS_SHAPE.search(text):
            yield f"{name} is an array: of which shape?"
    if ("returns" in told) != (str(shown.returns) != "None"):
        yield f"Returns: does not fit {shown.returns}"
    yield from (f"{item.annotation} is no exception" for item in raised(told))


def raised(told: Mapping[str, list]) -> Iterator[griffe.DocstringRaise]:
    for item in told.get("raises", []):
        named = getattr(builtins, str(item.annotation), None)
        if not (isinstance(named, type) and issubclass(named, BaseException)):
            yield item


def prose(text: str) -> str:
    """Return a docstring without its examples, which are executed."""
    return text.partition("Examples:\n")[0]


def unknown_symbols(text: str) -> list[str]:
    """Return the shapes in which a symbol stands that no one has explained."""
    return [shape for shape in SHAPE.findall(prose(text)) if not is_known(shape)]


def is_known(shape: str) -> bool:
    """Tell whether a shape has symbols only; brackets without any of ours are no shape."""
    symbols = {name for name in re.findall(r"\w+", shape) if not name.isdigit()} - {"sum", "of"}
    known = {*shapes.SYMBOLS, *OWN_SYMBOLS}
    return symbols <= known or not symbols & shapes.SYMBOLS.keys()


def evaluated(text: str, sizes: Mapping[str, int]) -> set[Shape]:
    """Return the shapes of a text in numbers."""
    named = [shape.replace(TOTAL, "total") for shape in SHAPE.findall(text) if is_ours(shape)]
    return {eval(shape, {}, dict(sizes)) for shape in named}


def is_ours(shape: str) -> bool:
    return any(name in shapes.SYMBOLS for name in re.findall(r"\w+", shape))


def layouts(name: str, config: shapes.Config, network: bool) -> list[Shape]:
    """Return the shapes that a tensor can have, the one without a batch last."""
    give = shapes.cell_rule if not network and name in shapes.CELL else shapes.rule
    options = [{}, {"batch_first": True}] if network else [{}]
    if name not in shapes.PARAMETERS:
        options.append({"batched": False})
    rules = [give(name, **option) for option in options]
    if network and name in ("input", "output"):
        rules.insert(0, ("total", rules[0][-1]))  # packed
    return [shapes.evaluate(rule, {**config.sizes, **SIZES}) for rule in rules]


def told_shapes(name: str) -> dict[str, str]:
    """Return what is said of each tensor that goes into a network or a cell, or comes out."""
    told = sections(reference.find(name))
    texts = {argument.name: argument.description for argument in told["parameters"]}
    return texts | ({"output": told["returns"][0].description} if name in NETWORKS else {})


def wrong_shapes(texts: Mapping[str, str], config: shapes.Config, network: bool) -> Iterator[str]:
    """Yield the tensors whose documented shapes are not those of the rules.

    Those with a batch have to be there; the one without may be told in words.
    """
    for name, text in texts.items():
        rules = shapes.STATES[config.mode] if name == "hx" else (RULES.get(name, name),)
        if not {*rules} <= {*shapes.TENSORS, *shapes.CELL, *shapes.PARAMETERS}:
            continue
        every = [layouts(rule, config, network) for rule in rules]
        allowed = {shape for one in every for shape in one}
        needed = {shape for one in every for shape in one[: max(len(one) - 1, 1)]}
        found = evaluated(text, {**config.sizes, **SIZES})
        if not needed <= found <= allowed:
            yield f"{name}: documented {sorted(found)}, by the rules {sorted(allowed)}"


@pytest.mark.parametrize("name", reference.functions())
def test_a_docstring_says_what_the_signature_says(name: str):
    function = reference.find(name)
    if function.docstring is None and name.endswith(".__init__"):  # of a dataclass
        fields = sections(reference.find(name.removesuffix(".__init__")))["attributes"]
        assert [field.name for field in fields] == [p.name for p in function.parameters][1:]
    else:
        assert list(complaints(function)) == []


@pytest.mark.parametrize("name", SUBJECTS)
def test_documented_shapes_are_those_of_the_rules(name: str):
    config = SUBJECTS[name]

    assert list(wrong_shapes(told_shapes(name), config, name in NETWORKS)) == []


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_changed_shape_is_noticed(name: str):
    """Each axis of each shape in turn becomes another one."""
    texts, tried = told_shapes(name), 0
    for tensor, text in texts.items():
        for shape in filter(lambda match: is_ours(match[0]), SHAPE.finditer(text)):
            for axis in re.finditer(rf"{TOTAL}|[\w*]+", shape[0]):
                start, end = (shape.start() + place for place in axis.span())
                wrong = f"{text[:start]}num_layers{text[end:]}"
                assert list(wrong_shapes({tensor: wrong}, SUBJECTS[name], name in NETWORKS))
                tried += 1

    assert tried >= 4


@pytest.mark.parametrize("path", reference.FILES, ids=lambda path: path.stem)
def test_every_symbol_of_a_shape_is_explained(path: Path):
    module = griffe.visit(path.stem, path, path.read_text("utf-8"))
    texts = [shown.docstring.value for shown in everything(module) if shown.docstring]

    assert [shape for text in texts for shape in unknown_symbols(text)] == []


def everything(shown: griffe.Object | griffe.Alias) -> Iterator[griffe.Object | griffe.Alias]:
    """Yield an object and all that is defined in it."""
    yield shown
    for member in shown.members.values():
        if not member.is_alias:
            yield from everything(member)


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_formula_has_a_source(name: str):
    shown = reference.find(name.removesuffix(".__call__"))

    assert SOURCE.search(shown.docstring.value)


SOUND = '''
def f(x: Array, k: int = 0) -> Array:
    """Do it.

    Args:
        x: (N, H_in).
        k: How often.

    Returns:
        (N, H_out).

    Raises:
        ValueError: k is negative.
    """
'''
FAULTS = {
    "argument left out": ("        k: How often.\n", "", "documented ['x'], actual ['x', 'k']"),
    "argument made up": ("k: How", "m: How", "documented ['x', 'm'], actual ['x', 'k']"),
    "shape left out": ("x: (N, H_in).", "x: The input.", "x is an array: of which shape?"),
    "result left out": ("    Returns:\n        (N, H_out).\n", "", "does not fit Array"),
    "result made up": ("-> Array:", "-> None:", "does not fit None"),
    "error misspelled": ("ValueError: k", "ValuError: k", "ValuError is no exception"),
}


def complaints_of(source: str) -> list[str]:
    return list(complaints(griffe.visit("m", Path("m.py"), source)["f"]))


@pytest.mark.parametrize("fault", FAULTS)
def test_these_checks_can_fail(fault: str):
    right, wrong, complaint = FAULTS[fault]
    assert complaints_of(SOUND) == []

    found = complaints_of(SOUND.replace(right, wrong))

    assert len(found) == 1
    assert complaint in found[0]


def test_the_check_of_symbols_can_fail():
    text = "x: (L, N, H_inn), (L, N, H_in), (steps, H_in); Elman (1990, page 3), (train, eval)."

    assert unknown_symbols(text) == ["(L, N, H_inn)"]
