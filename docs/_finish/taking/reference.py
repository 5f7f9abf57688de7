"""The docstrings of a page of the API as Markdown, in the place of the line that names them."""

import functools
import re
from collections.abc import Iterator
from itertools import pairwise

import griffe

NAMED = re.compile(r"^::: (\S+)\n(?:    .*\n)*", re.MULTILINE)
HEADING = re.compile(r"<h([1-6])\b(?=[^>]*\bdoc-heading\b)[^>]*\bid=\"?(rnn_ref[\w.]*)")
# Markdown would take the asterisks for emphasis.
SHAPE = re.compile(r"(?<!`)\([\w*., ]*\w\*\w[\w*., ]*\)(?!`)")
TITLES = {"parameters": "Arguments", "raises": "Raises", "attributes": "Attributes"}

Documented = griffe.Object | griffe.Alias


def with_docstrings(markdown: str, html: str) -> str:
    """Put docstrings into a page.

    Args:
        markdown: the source of the page, without front matter.
        html: the page as it was built, which shows what of a module is documented, and where.
    """
    if not NAMED.search(markdown):
        return markdown
    shown = [(int(level), name) for level, name in HEADING.findall(html)]
    following = dict(pairwise([*NAMED.findall(markdown), ""]))

    def put(found: re.Match[str]) -> str:
        names = [name for _, name in shown]
        end = names.index(following[found[1]]) if following[found[1]] else None
        here = shown[names.index(found[1]) : end]
        return "\n".join(documentation(level, name, names) for level, name in here)

    return NAMED.sub(put, f"{markdown}\n")


def documentation(level: int, name: str, shown: list[str]) -> str:
    """Write what the docstring of a name says; `shown` are all names of the page."""
    documented = _find(name)
    parts = [f"{'#' * level} `{name}`"]
    if (documented.is_function or documented.is_class) and (call := _signature(documented)):
        parts.append(f"`{call}`")
    parts += _sections(documented)
    made = f"{name}.__init__"
    if documented.is_class and "__init__" in documented.all_members and made not in shown:
        parts += _sections(documented.all_members["__init__"])
    return "\n\n".join(parts) + "\n"


def _find(name: str) -> Documented:
    _, _, below = name.partition(".")
    return _package()[below] if below else _package()


@functools.cache
def _package() -> Documented:
    return griffe.load("rnn_ref", docstring_parser="google")


def _signature(documented: Documented) -> str:
    """Write how it is called, empty if nothing says it."""
    made = documented.all_members.get("__init__") if documented.is_class else documented
    if made is None:
        return ""
    return documented.name + " ".join(made.signature().split()).removeprefix(made.name)


def _sections(documented: Documented) -> Iterator[str]:
    """Write the sections of a docstring."""
    if documented.docstring is None:
        return
    options = {"returns_multiple_items": False, "warnings": False}
    for section in documented.docstring.parse("google", **options):
        kind = section.kind.value
        if kind == "text":
            yield _text(section.value)
        elif kind == "examples":
            yield from (text for _, text in section.value)
        elif kind == "returns":
            yield f"**Returns:** {_text(section.value[0].description)}"
        else:
            yield f"**{TITLES[kind]}**"
            yield "\n".join(_item(item) for item in section.value)


def _item(item: griffe.DocstringNamedElement | griffe.DocstringElement) -> str:
    name = getattr(item, "name", None) or item.annotation
    description = _text(item.description).replace("\n", "\n  ")
    return f"- `{name}`: {description}"


def _text(text: str) -> str:
    return SHAPE.sub(r"`\g<0>`", text)
