"""Run a page again with its sizes exchanged for other primes: its tied numbers have to follow.

A number that stays what it was, and that the tie itself spells or counts, says nothing about the
page. `python -m tests.snippets.sizes PAGE` exchanges one size after the other, and prints which of
them each tied number depends on.
"""

import argparse
import ast
import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeGuard

from tests.arithmetic.in_sizes import Exchange, exchanged
from tests.reading import numerals, ties, versions
from tests.reading.document import Claim, Document, Written
from tests.reading.document_cache import read_text
from tests.reading.fences import Fence
from tests.reading.problems import Problem
from tests.reading.site_markdown import SiteMarkdown
from tests.snippets import isolation
from tests.snippets.check import HERE, traced_name, uses_torch
from tests.snippets.claims import is_truth
from tests.snippets.execution import Interpreter


def sizes_of(document: Document) -> list[int]:
    """Return the sizes that a page's code spells."""
    look = Exchange({})
    for fence in document.fences:
        for step in _steps(fence):
            look.visit(copy.deepcopy(step.node))
    return sorted(look.found)


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
        needed = _needed(document)
        for event in document.events:
            if event in needed:
                _run(event, interpreter)
            elif is_tied(event):
                waiting.append((event.line, event.tie.text))
            waiting = [tie for tie in waiting if not _answer(tie, interpreter, found)]
    return found


def _needed(document: Document) -> set[Fence]:
    """Return the fences that make what the ties name; the others are not run once more."""
    needed = set[Fence]()
    first, *sessions = _sessions(document)
    for session in sessions:
        names = {name for event in filter(is_tied, first + session) for name in _names(event)}
        for fence in reversed([event for event in session if isinstance(event, Fence)]):
            nodes = [node for step in _steps(fence) for node in ast.walk(step.node)]
            here = fence.optout is None and not versions.elsewhere(fence.bounds)
            if here and names & set(_made(nodes)):
                needed.add(fence)
                names |= {node.id for node in nodes if isinstance(node, ast.Name)}
    return needed


def _sessions(document: Document) -> list[list]:
    """Cut a page where a namespace begins; what stands above all code comes first."""
    sessions: list[list] = [[]]
    for event in document.events:
        if isinstance(event, Fence) and (not event.continues or len(sessions) == 1):
            sessions.append([])
        sessions[-1].append(event)
    return sessions


def _names(claim: Claim) -> set[str]:
    assert claim.tie is not None
    return ties.names(claim.tie.text)


def _made(nodes: list[ast.AST]) -> Iterator[str]:
    """Yield the names that statements make, or change a part of."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            yield ast.unparse(node).split(".")[0].split("[")[0]


def is_tied(event: Fence | Claim | Written) -> TypeGuard[Claim]:
    """Tell whether an event is a text with a tie; a figure is compared as a whole."""
    tied = isinstance(event, Claim) and event.tie is not None and event.image is None
    return tied and not versions.elsewhere(event.bounds)


def _run(fence: Fence, interpreter: Interpreter) -> None:
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
    for claim in filter(is_tied, document.events):
        tie = claim.tie.text
        if (claim.line, tie) in others:
            value = others[claim.line, tie]
            stated = ties.VERDICTS.get(claim.shown.text.strip().lower(), True)
            if is_truth(value) and bool(value) is not stated:
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
