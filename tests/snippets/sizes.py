"""Run a page again with its sizes exchanged for other primes: its tied numbers have to follow.

A number that stays what it was, and that the tie itself spells or counts, says nothing about the
page. `python -m tests.snippets.sizes PAGE` exchanges one size after the other, and prints which of
them each tied number depends on.
"""

import argparse
import ast
import copy
import itertools
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.snippets import isolation, numerals, ties
from tests.snippets.check import HERE, traced_name, uses_torch
from tests.snippets.claims import is_truth
from tests.snippets.document import Claim, Document, Written
from tests.snippets.document_cache import read_text
from tests.snippets.execution import Interpreter
from tests.snippets.fences import Fence
from tests.snippets.problems import Problem
from tests.snippets.site_markdown import SiteMarkdown

LARGEST = 1000  # a larger number is data, or a seed
PRIMES = [n for n in range(11, 3 * LARGEST) if all(n % d for d in range(2, int(n**0.5) + 1))]
# Arguments that say which axis, not how long it is; and seeds.
AXES = {"axis", "dim", "dim0", "dim1", "dims", "start_dim", "end_dim", "decimals", "seed"}
TAKE_AXES = {"transpose", "permute", "movedim", "unsqueeze", "squeeze", "flatten", "unbind", "size"}
TAKE_AXES |= {"select", "sum", "mean", "max", "argmax", "softmax", "round", "chunk"}
TAKE_AXES |= {"manual_seed", "default_rng", "seed"}


class Exchange(ast.NodeTransformer):
    """Exchanges sizes: whole numbers, and the lengths of texts and lists that are assigned."""

    def __init__(self, sizes: Mapping[int, int]):
        self.sizes = sizes
        self.found: set[int] = set()

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if type(node.value) is int and 1 < node.value < LARGEST:
            return ast.copy_location(ast.Constant(self._other(node.value)), node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        node.value = self._data(node.value)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """An index says which, a slice how many."""
        node.value = self.visit(node.value)
        if isinstance(node.slice, ast.Slice):
            node.slice = self.visit(node.slice)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = ast.unparse(node.func).rpartition(".")[2]
        node.func = self.visit(node.func)
        kept = TAKE_AXES if isinstance(node.func, ast.Attribute) else ()
        node.args = [a if name in kept and _is_constant(a) else self.visit(a) for a in node.args]
        node.keywords = [k if k.arg in AXES else self.visit(k) for k in node.keywords]
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node

    def _data(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Tuple):
            node.elts = [self._data(element) for element in node.elts]
        elif isinstance(node, ast.List) and all(map(_is_constant, node.elts)) and node.elts[1:]:
            elements = itertools.cycle([self._data(element) for element in node.elts])
            node.elts = list(itertools.islice(elements, self._other(len(node.elts))))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            node.value = self._longer(node.value)
        else:
            return self.visit(node)
        return node

    def _longer(self, text: str) -> str:
        """Lengthen a text: an alphabet by other letters, a word by its own."""
        length = self._other(len(text)) if len(text) > 1 else 1
        others = [letter for letter in string.ascii_letters if letter not in text]
        more = itertools.cycle(text if len(set(text)) < len(text) else others)
        return text + "".join(itertools.islice(more, length - len(text)))

    def _other(self, size: int) -> int:
        self.found.add(size)
        return self.sizes.get(size, size)


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.UnaryOp)


def sizes_of(document: Document) -> list[int]:
    """Return the sizes that a page's code spells."""
    look = Exchange({})
    for fence in document.fences:
        for step in _steps(fence):
            look.visit(copy.deepcopy(step.node))
    return sorted(look.found)


def exchanged(sizes: list[int]) -> dict[int, int]:
    """Give each size another prime, none of which is a size of the page; their order stays."""
    free = iter([prime for prime in PRIMES if prime not in sizes])
    return {size: next(prime for prime in free if prime > size) for size in sizes}


class ExchangedInterpreter(Interpreter):
    """Executes a page's code in other sizes; what the page claims is asked as it stands."""

    def __init__(self, filename: str, sizes: Mapping[int, int]):
        self.sizes = sizes
        super().__init__(filename)

    def prepared(self, tree: Any) -> Any:
        if isinstance(tree, ast.Module):
            return Exchange(self.sizes).visit(copy.deepcopy(tree))
        return tree

    def in_other_sizes(self, expression: str) -> str:
        """Return a claim's expression with its own sizes exchanged."""
        return ast.unparse(Exchange(self.sizes).visit(ast.parse(expression.strip(), mode="eval")))


Answers = dict[tuple[int, str], Any]  # by a tie's line and text


def answers(document: Document, page: Path, sizes: Mapping[int, int]) -> Answers:
    """Return what the ties of a page give in other sizes; those that give nothing are left out.

    Code that cannot do without its own sizes fails there, and what depends on it is not known.
    """
    page = page.absolute()
    interpreter = ExchangedInterpreter(traced_name(page), sizes)
    found: Answers = {}
    waiting: list[tuple[int, str]] = []
    with isolation.page_state(interpreter.stdout, uses_torch(document)):
        for event in document.events:
            if isinstance(event, Fence):
                _run(event, interpreter)
            elif _is_tied(event):
                waiting.append((event.line, event.tie.text))
            waiting = [tie for tie in waiting if not _answer(tie, interpreter, found)]
    return found


def _is_tied(event: Fence | Claim | Written) -> bool:
    return isinstance(event, Claim) and event.tie is not None and event.image is None


def _run(fence: Fence, interpreter: Interpreter) -> None:
    if fence.optout is not None:
        return
    if not fence.continues:
        interpreter.restart()
        isolation.seed(HERE, fence.line)
    steps = _steps(fence)
    if steps:
        interpreter.run(steps)


def _steps(fence: Fence) -> list:
    try:
        return fence.steps
    except SyntaxError:
        return []


def _answer(tie: tuple[int, str], interpreter: ExchangedInterpreter, found: Answers) -> bool:
    try:
        value = interpreter.evaluate(tie[1])
        if is_truth(value) and not value:  # it may spell a size itself
            value = interpreter.evaluate(interpreter.in_other_sizes(tie[1]))
    except Exception:
        return False
    found[tie] = value
    return True


def other_sizes(document: Document, page: Path) -> Answers:
    """Return what the ties of a page give when all of its sizes are exchanged."""
    return answers(document, page, exchanged(sizes_of(document)))


def check_sizes(document: Document, others: Answers) -> Iterator[Problem]:
    """Yield the ties that do not follow the sizes of their page.

    Args:
        document: The page.
        others: What its ties give in other sizes.
    """
    for claim in filter(_is_tied, document.events):
        tie = claim.tie.text
        if (claim.line, tie) in others:
            value = others[claim.line, tie]
            if is_truth(value) and not value:
                yield Problem(claim.line, f"holds in these sizes only: {tie}")
            for number, node in _stuck(claim, tie, value):
                advice = f"{node} itself makes it: tie it to what the page made"
                yield Problem(claim.line, f"{number} stays {number} in other sizes: {advice}")


def _stuck(claim: Claim, tie: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the numbers that stay what they were, because the tie itself makes them."""
    tokens, numbers = claim.shown.tokens, list(numerals.of_value(value))
    if is_truth(value) or len(tokens) != len(numbers):
        return
    elements = ties.elements(tie)
    for i, (token, number) in enumerate(zip(tokens, numbers, strict=True)):
        makers = elements[i : i + 1] if len(elements) == len(tokens) else elements
        if numerals.agree([token.text], [number]) and any(map(ties.makes_numbers, makers)):
            yield token.text, ", ".join(map(ast.unparse, makers))


def dependencies(document: Document, page: Path) -> dict[tuple[int, str], set[int]]:
    """Return the sizes that each tie depends on; one that gives nothing in other sizes is left out.

    Args:
        document: The page.
        page: Its file.
    """
    here = answers(document, page, {})
    found = {tie: set[int]() for tie in here}
    for size, other in exchanged(sizes_of(document)).items():
        there = answers(document, page, {size: other})
        for tie in here.keys() & there.keys():
            if list(numerals.of_value(here[tie])) != list(numerals.of_value(there[tie])):
                found[tie].add(size)
    return found


def main() -> None:
    """Print what each tie of the named pages depends on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="+", type=Path)
    markdown = SiteMarkdown(Path("mkdocs.yml").absolute())
    for page in parser.parse_args().pages:
        document = read_text(page.read_text("utf-8"), page, markdown)
        for (line, tie), sizes in sorted(dependencies(document, page).items()):
            print(f"{page}:{line + 1}: {tie} depends on {sorted(sizes) or 'no size'}")


if __name__ == "__main__":
    main()
