"""The shapes that docstrings state, held against the calls that their own examples lead to.

An example calls a function, and that one calls others: of each such call the arrays are bound to
the arguments, and the symbols of all documented shapes have to have one size each.
"""

import functools
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import prod
from typing import Any
from unittest.mock import patch

from rnn_ref import PackedSequence, shapes
from tests import reference
from tests.documents import MARKDOWN
from tests.reading.document_cache import read_text
from tests.snippets.check import check_document

Shape = tuple[int, ...]
Sizes = dict[str, Any]  # of a symbol its size, of the star a tuple of them

# A shape in running text: (N, H_in), (G*H_cell,); a call such as max(x, 0) is none.
SIZE = r"(?:sum of )?[\w*+.]+"
SHAPE = re.compile(rf"(?<!\w)\((?:{SIZE},|{SIZE}(?:,\s+{SIZE})+)\)")
IF_BATCH_FIRST = re.compile(r"\s+(?:if|with)\s+batch_first")

# What stands for a size in docstrings and is no symbol of torch's documentation.
OWN_SYMBOLS = {
    "features": "H_in of an input, D*H_out of an output",
    "steps": "L, or a part of it",
    "rows": "N, or a part of it",
    "length": "the L of one sequence",
    "lengths": "that of each sequence",
    "total_length": "an argument: L, or more",
}
MATRICES = {"A", "B", "C"}  # the axes of any two that are multiplied
LOOSE = {"features", "length"}  # of another size in each array
MANY = {"*", "..."}  # any axes, the same ones in all arrays of a call


# What may hold arrays; a shape beside anything else is about something else.
HOLDS_ARRAYS = re.compile(r"Array|Lengths|Integers|State|Row|PackedSequence|OfBlock|Any|Self")
RESULT = "returned"


@dataclass(frozen=True)
class Option:
    """One of the shapes that an array may have; where it matters, with or without batch_first."""

    axes: tuple[str, ...]
    batch_first: bool | None


@dataclass(frozen=True)
class Call:
    """One call of a public function: its arguments by name, and what it returned."""

    arguments: Mapping[str, Any]
    result: Any

    def shapes_of(self, name: str) -> list[Shape]:
        """Return the shapes of the arrays in an argument, in the result, or in a part of them."""
        one, _, part = name.partition(".")
        value = self.result if one == RESULT else self.arguments.get(one)
        value = getattr(value, part) if part else value
        return list(shapes_in(_without_names(value)))

    @property
    def sizes(self) -> Sizes:
        """Return the sizes that the arguments tell themselves."""
        known: Sizes = {name: n for name, n in self.arguments.items() if type(n) is int}
        if "gates" in self.arguments:
            known["G"] = len(self.arguments["gates"])
        if "sequences" in self.arguments:
            known["sum of lengths"] = sum(map(len, self.arguments["sequences"]))
        if "lengths" in self.arguments:
            known["sum of lengths"] = sum(self.arguments["lengths"])
        return known


def subjects() -> list[str]:
    """Return the functions whose docstrings state a shape of an array.

    Calls of networks and cells are compared with the rules, in `tests/test_docstrings.py`.
    """
    by_rules = ("__call__", "__init__")
    return [one for one in reference.functions() if not one.endswith(by_rules) and documented(one)]


def documented(name: str) -> dict[str, str]:
    """Return what is said of the shapes of a function's arguments and of its result.

    Of what is a tuple with names, or returned as one, the class says more.
    """
    shown = reference.find(name)
    told = reference.sections(shown)
    types = {p.name: str(p.annotation) for p in shown.parameters} | {RESULT: str(shown.returns)}
    texts = {one.name: one.description for one in told.get("parameters", [])}
    texts[RESULT] = " ".join(one.description for one in told.get("returns", []))
    own = {one: text for one, text in texts.items()
           if HOLDS_ARRAYS.search(types[one]) and options(text)}  # fmt: skip
    classes = {"PackedSequence": "rnn_ref.PackedSequence", "Self": name.rpartition(".")[0]}
    parts = {f"{one}.{part.name}": part.description
             for one in texts if own and types[one] in classes
             for part in reference.sections(reference.find(classes[types[one]]))["attributes"]
             if options(part.description)}  # fmt: skip
    return own | parts


def options(text: str) -> list[Option]:
    """Return the shapes that a text names; none if any other shape will do."""
    if re.search(r"any other\s+shape", text):
        return []
    found = [match for match in SHAPE.finditer(text) if is_of_symbols(match[0])]
    first = [IF_BATCH_FIRST.match(text, match.end()) is not None for match in found]
    # The one before it is for the other case.
    other = [*first, False][1:]
    return [
        Option(axes_of(match[0]), True if here else False if after else None)
        for match, here, after in zip(found, first, other, strict=True)
    ]


def axes_of(shape: str) -> tuple[str, ...]:
    return tuple(axis for axis in re.split(r",\s*", shape[1:-1]) if axis)


def is_of_symbols(shape: str) -> bool:
    """Tell whether each axis is a known symbol, or made of them; (train, eval) is no shape."""
    words = {word for word in re.findall(r"\w+", shape) if not word.isdigit()} - {"sum", "of"}
    return bool(words) and words <= {*shapes.SYMBOLS, *OWN_SYMBOLS, *MATRICES}


def shapes_in(value: Any) -> Iterator[Shape]:
    """Yield the shapes of the arrays that a value holds; a list of numbers is an array.

    Weights by name, which come beside other results, have rules of their own.
    """
    if isinstance(value, PackedSequence):
        yield value.data.shape
    elif isinstance(value, list | tuple):
        if value and all(isinstance(one, int | float) for one in value):
            yield (len(value),)
        else:
            yield from (shape for one in value for shape in shapes_in(one))
    elif hasattr(value, "shape"):
        yield tuple(value.shape)


def complaint(texts: Mapping[str, str], call: Call) -> str | None:
    """Say which array of a call has none of its documented shapes, the sizes of all others given.

    Args:
        texts: As `documented` returns them.
    """
    choices, sizes = [], call.sizes
    for name, text in texts.items():
        if text.startswith("N arrays"):
            sizes["N"] = len(call.shapes_of(name))
        here = [option.axes for option in options(text) if _holds(option, call)]
        choices += [(name, shape, here) for shape in call.shapes_of(name)]
    for count in range(1, len(choices) + 1):
        if next(_solutions(choices[:count], sizes), None) is None:
            name, shape, _ = choices[count - 1]
            before = ", ".join(f"{name} {shape}" for name, shape, _ in choices[: count - 1])
            told = " ".join(texts[name].split())
            return f"{name} has shape {shape}, documented {told!r}, beside {before or 'nothing'}"
    return None


def _holds(option: Option, call: Call) -> bool:
    return option.batch_first in (None, bool(call.arguments.get("batch_first")))


def _solutions(
    choices: Sequence[tuple[str, Shape, list[tuple[str, ...]]]], sizes: Sizes
) -> Iterator[Sizes]:
    """Yield the sizes of all symbols with which each array has one of its shapes."""
    if not choices:
        yield sizes
        return
    (_, shape, here), *rest = choices
    for axes in here:
        found = unified(axes, shape, sizes)
        if found is not None:
            yield from _solutions(rest, found)


def unified(axes: tuple[str, ...], shape: Shape, sizes: Sizes) -> Sizes | None:
    """Return the sizes with those that a shape tells of its symbols, or None if they differ."""
    found, width = dict(sizes), len(shape) - len(axes) + 1
    for many in MANY & {*axes}:
        place = axes.index(many)
        if width < 0 or (many == "*" and place < len(axes) - 1):
            return None
        part = shape[place : place + width]
        axes, shape = _without(axes, place, 1), _without(shape, place, width)
        if found.setdefault(many, part) != part:
            return None
    if len(axes) != len(shape):
        return None
    fits = all(_bind(axis, size, found) for axis, size in zip(axes, shape, strict=True))
    return found if fits and _products_hold(found) else None


def _without(axes: tuple[Any, ...], place: int, count: int) -> tuple[Any, ...]:
    return (*axes[:place], *axes[place + count :])


def _bind(axis: str, size: int, found: Sizes) -> bool:
    """Note the size of an axis, or of the one factor of it that is not known."""
    if axis in LOOSE:
        return True
    factors = axis.split("*")
    unknown = [one for one in factors if not one.isdigit() and one not in found]
    rest = prod(int(one) if one.isdigit() else found[one] for one in factors if one not in unknown)
    if len(unknown) > 1:
        return found.setdefault(axis, size) == size
    if unknown and size % rest == 0:
        found[unknown[0]] = size // rest
        return True
    return not unknown and size == rest


def _products_hold(found: Sizes) -> bool:
    products = (axis.split("*") for axis in found if "*" in axis[1:])
    return all(
        prod(found[one] for one in factors) == found["*".join(factors)]
        for factors in products
        if {*factors} <= found.keys()
    )


def _without_names(value: Any) -> Any:
    """Leave the names out where all of a value is arrays by name, or layers of such."""
    if isinstance(value, Mapping):
        return [_without_names(one) for one in value.values()]
    return [_without_names(one) for one in value] if isinstance(value, list) else value


@contextmanager
def recorded(names: Sequence[str]) -> Iterator[dict[str, list[Call]]]:
    """Record the calls of functions, wherever the package calls them."""
    calls: dict[str, list[Call]] = {name: [] for name in names}
    with ExitStack() as undo:
        for name in names:
            owner, attribute = _found(name)
            function = inspect.getattr_static(owner, attribute)
            bare = getattr(function, "__func__", function)
            wrapper = _recording(bare, calls[name])
            new = classmethod(wrapper) if isinstance(function, classmethod) else wrapper
            for place in _places(owner, attribute, function):
                undo.enter_context(patch.object(place, attribute, new))
        yield calls


def _recording(function: Callable[..., Any], calls: list[Call]) -> Callable[..., Any]:
    signature = inspect.signature(function)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        calls.append(Call(bound.arguments, result))
        return result

    return call


def _found(name: str) -> tuple[Any, str]:
    """Return the module or class that holds a function, and the function's name there."""
    path, _, attribute = name.rpartition(".")
    return pkgutil.resolve_name(path), attribute


def _places(owner: Any, attribute: str, function: Any) -> list[Any]:
    """Return the modules that know a function by its name; of a method, its class."""
    if isinstance(owner, type):
        return [owner]
    modules = [module for name, module in sys.modules.items() if name.startswith("rnn_ref")]
    return [one for one in modules if vars(one).get(attribute) is function]


@functools.cache
def calls_of_examples() -> dict[str, list[Call]]:
    """Return the calls of all functions with documented shapes while all examples run."""
    with recorded(subjects()) as calls:
        for path in reference.FILES:
            check_document(read_text(path.read_text("utf-8"), path, MARKDOWN), path)
    return calls
