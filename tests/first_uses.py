"""In which place a reader of the whole site first meets each name of code, and whether it is told.

`python -m tests.first_uses` prints the list: name, page and heading of its first use, and the
sentence that tells of it.
"""

import ast
import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from bs4 import Tag

from tests.links import HOME, rendered
from tests.navigation import GROUPS

COMMENT = re.compile(r"#(?!>).*")
NAME = re.compile(r"[A-Za-z_]\w*")
HEADINGS = {"h1", "h2", "h3", "h4"}
# Where names come from that are no part of Python: a reader is to be told of each.
TAUGHT = (
    torch,
    torch.Tensor,
    torch.nn,
    torch.nn.Module,
    torch.nn.functional,
    torch.nn.init,
    torch.nn.utils,
    torch.nn.utils.rnn,
    torch.nn.RNN,
    torch.nn.LSTM,
    torch.nn.RNNCell,
    torch.optim,
    torch.optim.Optimizer,
    torch.utils.data,
    torch.autograd,
    torch.backends,
    torch.func,
    np,
    np.ndarray,
    np.random.Generator,
)
# What these have in common with Python's own lists, texts, numbers and modules.
KNOWN = {name for kind in (list, str, dict, set, float, object) for name in dir(kind)}


@dataclass(frozen=True)
class Use:
    """The first use of a name in code, and the sentence or comment that tells of it, if any."""

    name: str
    page: str
    heading: str
    told: str | None


@dataclass
class Section:
    """What stands between two headings: code and text, in which order does not matter."""

    page: str
    heading: str
    code: list[str]
    text: list[str]


# Pages that nobody reads from the first to the last.
LOOKED_UP = ("When it goes wrong", "API")


def read_in_order() -> list[str]:
    """The pages as the navigation has them, without those that are looked up."""
    groups = {title: pages for title, pages in GROUPS.items() if title not in LOOKED_UP}
    return [page for pages in groups.values() for page in pages]


def sections(file: str) -> Iterator[Section]:
    """The parts of a page, from heading to heading; the cells of a lab are left out."""
    html, _ = rendered(file)
    found = Section(file, "", [], [])
    for node in html.find_all(["p", "li", "dt", "dd", "td", "th", "pre", *HEADINGS]):
        if node.name in HEADINGS:
            yield found
            found = Section(file, str(node.get("id")), [], [])
        put(found, node)
    yield found


def put(section: Section, node: Tag) -> None:
    """Add what a node holds; a comment tells of code as a sentence does."""
    text = node.get_text(" " if node.name != "pre" else "")
    if node.name == "pre":
        section.code.append(text)
        section.text += COMMENT.findall(text)
    else:
        section.text += re.split(r"(?<=[.:?])\s", " ".join(text.split()))


@functools.cache
def taught() -> frozenset[str]:
    names = {name for module in TAUGHT for name in dir(module) if not name.startswith("_")}
    return frozenset(names - KNOWN)


def used(code: str) -> list[str]:
    """The names of torch and NumPy that code calls or reads, in order."""
    try:
        tree = ast.parse(code)
    except SyntaxError:  # shown as one
        return []
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    nodes.sort(key=lambda node: (node.end_lineno or 0, node.end_col_offset or 0))
    return [node.attr for node in nodes if node.attr in taught()]


def whole_site() -> Iterator[Section]:
    """All that is read, but for the home page, which shows and does not teach."""
    return (part for file in read_in_order() if file != HOME for part in sections(file))


def first_uses(parts: Iterable[Section] | None = None) -> list[Use]:
    """Each name where it is first used, in the order of reading."""
    met: dict[str, Use] = {}
    told: dict[str, str] = {}
    for section in whole_site() if parts is None else parts:
        for sentence in section.text:
            for name in NAME.findall(sentence):
                told.setdefault(name, sentence)
        for name in (name for code in section.code for name in used(code)):
            met.setdefault(name, Use(name, section.page, section.heading, told.get(name)))
    return list(met.values())


if __name__ == "__main__":
    for use in first_uses():
        print(f"{use.name:28} {use.page}#{use.heading}: {use.told or '-- not told of --'}")
