"""The package as griffe reads it: what is public, and what a built page shows of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import griffe

from tests.documents import ROOT
from tests.markup import parsed

PACKAGE = griffe.load("rnn_ref", search_paths=[ROOT], docstring_parser="google")
FILES = sorted((ROOT / "rnn_ref").rglob("*.py"))

# Files of which readers call nothing, or only what `rnn_ref` itself names. All files in a folder
# of it are internal: readers call what its `__init__.py` names.
INTERNAL = {"__main__", "base", "cell_modules", "errors", "layers", "layouts", "modules", "packed"}
INTERNAL |= {"explanation", "params", "recurrences", "tables"}
# Of these files, what readers call all the same; of the others, what they do not.
SHARED = "rnn_ref.base.Module"  # the methods of all networks and cells
ALSO = (SHARED, "rnn_ref.packed.invert_permutation")
UNSHOWN = {"rnn_ref.vjp.together"}

INHERITED = {"__call__", "vjp"}  # shown with each network and cell


@dataclass(frozen=True)
class Docstring:
    """Where a docstring stands: its file and its lines, counted from 0."""

    file: Path
    lines: range


def find(name: str) -> griffe.Object | griffe.Alias:
    """Return what a dotted name leads to."""
    path = name.removeprefix("rnn_ref").removeprefix(".")
    return PACKAGE[path] if path else PACKAGE


def sections(shown: griffe.Object | griffe.Alias) -> dict[str, list]:
    """Return the items of a docstring's sections by the section's kind."""
    if shown.docstring is None:
        return {}
    read = shown.docstring.parse("google", returns_multiple_items=False, warnings=False)
    return {section.kind.value: section.value for section in read}


def public() -> list[str]:
    """Return the dotted names of all that a reader may call, and of the modules it stands in."""
    names = [f"rnn_ref.{name}" for name in PACKAGE.exports or []]
    names += [f"rnn_ref.{name}" for name in PACKAGE.modules if name not in INTERNAL]
    names = list(dict.fromkeys([*names, *ALSO]))
    return [inner for name in names for inner in _with_members(name)]


def _with_members(name: str) -> Iterator[str]:
    """Yield a name and those below it; of what is inherited, the call and its gradients."""
    if name in UNSHOWN:
        return
    yield name
    shown = find(name)
    for member in shown.all_members.values() if shown.is_class or shown.is_module else ():
        own = not member.inherited and not (shown.is_module and _is_only_used(member, shown))
        called = member.name in INHERITED
        if (own and not member.name.startswith("_") and is_code(member)) or called:
            yield from _with_members(f"{name}.{member.name}")


def _is_only_used(member: griffe.Object | griffe.Alias, module: griffe.Object) -> bool:
    """Tell what a module imports for itself from what it hands on as its own."""
    return member.is_alias and member.name not in (module.exports or [])


def is_code(member: griffe.Object | griffe.Alias) -> bool:
    """Tell whether it can be called or made; a constant is shown where its module is."""
    return member.is_function or member.is_class or "property" in member.labels


def functions() -> list[str]:
    """Return the dotted names of all public functions, methods and constructors."""
    found = [name for name in public() if find(name).is_function]
    classes = [name for name in public() if find(name).is_class and name != SHARED]
    return [
        *found,
        *(f"{name}.__init__" for name in classes if "__init__" in find(name).all_members),
    ]


def objects_on(html: str) -> list[str]:
    """Return the dotted names of the objects that a page documents, in its order."""
    headings = parsed(html).select(".doc-object > .doc-heading[id]")
    return [str(heading["id"]) for heading in headings]


def docstrings_on(html: str) -> Iterator[Docstring]:
    """Yield the docstrings that a page shows; a class brings that of its constructor."""
    for name in objects_on(html):
        shown = find(name)
        yield from _docstrings(shown)
        if shown.is_class and "__init__" in shown.all_members:
            yield from _docstrings(shown["__init__"])


def _docstrings(shown: griffe.Object | griffe.Alias) -> Iterator[Docstring]:
    text = shown.docstring
    if text is not None and text.lineno is not None and text.endlineno is not None:
        assert isinstance(shown.filepath, Path)
        yield Docstring(shown.filepath, range(text.lineno - 1, text.endlineno))
