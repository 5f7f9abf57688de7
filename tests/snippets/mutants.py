"""Change every documented number and shape, one at a time, and see each change caught.

`python -m tests.snippets.mutants [PAGE ...]` prints caught/total by place; it fails when a change
survives. A change that leaves the page as true as it was (two equal axes swapped) is not tried,
and is listed with the reason.
"""

import argparse
import itertools
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path

from tests.snippets import numerals, versions
from tests.snippets.check import check_document, compare, run_document, traced_name
from tests.snippets.document import Claim, Document, Written
from tests.snippets.document_cache import read_text
from tests.snippets.fences import OUTPUT, Fence
from tests.snippets.problems import DocumentError, Edit
from tests.snippets.replay import Recorder, Replay, UnrecordedError
from tests.snippets.rewrite import apply
from tests.snippets.site_markdown import SiteMarkdown

DOCUMENTS = ("docs/**/*.md", "docs/labs/*.py", "rnn_ref/**/*.py", "[A-Z]*.md", "benchmarks/*.md")
# A shape, also a symbolic one, as tuple or list: (3, 5, 2), (L, N, D*H_out), [3, 5, 2].
_AXIS = r" *[\w*]+ *"
SHAPE = re.compile(rf"\({_AXIS},\)|\({_AXIS}(?:,{_AXIS})+\)|\[{_AXIS}(?:,{_AXIS})+\]")
# Caught and tried by place, and a line for each survivor and each equivalent mutant.
Outcome = tuple[Counter[str], Counter[str], list[str]]


@dataclass(frozen=True)
class Statement:
    """A documented number or shape: its place on the page and the columns that spell it."""

    place: str
    text: str
    line: int
    start: int

    def becomes(self, text: str) -> Edit:
        return Edit(self.line, self.start, self.start + len(self.text), text)


@dataclass(frozen=True)
class Mutant:
    """One changed statement; `equivalent` says why the change would change nothing."""

    statement: Statement
    change: str
    text: str
    equivalent: str | None = None


def statements(document: Document) -> Iterator[Statement]:
    """Yield every documented number and every documented shape of a page.

    What is about other versions is left to the runs of these.
    """
    for event in document.events:
        if not isinstance(event, Written) and versions.elsewhere(event.bounds):
            continue
        if isinstance(event, Fence):
            yield from _in_fence(event, document)
        elif isinstance(event, Claim):
            yield from _in_claim(event)


def _in_claim(claim: Claim) -> Iterator[Statement]:
    for token in claim.shown.tokens:
        yield Statement(claim.place, token.text, token.line, token.columns[0])
    for match in SHAPE.finditer(claim.shown.text):
        runs = [run for run in claim.shown.runs if match.start() <= run.start < match.end()]
        if runs:
            first = runs[0]
            start = first.source.column - (first.start - match.start())
            yield Statement(claim.place, match[0], first.source.line, start)


def _in_fence(fence: Fence, document: Document) -> Iterator[Statement]:
    code = fence.code.split("\n")
    for step in fence.steps:
        places = [(comment.line, comment.column, "comment") for comment in step.comments]
        places += [(line, code[line].index(OUTPUT) + 2, "output") for line in step.output_lines]
        for number, start, place in places:
            line = fence.line + 1 + number
            margin = len(document.lines[line].text) - len(code[number])
            for text, column in _spelled(code[number][start:]):
                yield Statement(place, text, line, margin + start + column)


def _spelled(text: str) -> Iterator[tuple[str, int]]:
    for number in numerals.find(text):
        yield number.text, number.start
    for match in SHAPE.finditer(text):
        yield match[0], match.start()


def mutants(document: Document) -> Iterator[Mutant]:
    """Yield every change of every statement of a page."""
    documented = list(statements(document))
    shapes = sorted({s.text for s in documented if SHAPE.fullmatch(s.text)})
    for statement in documented:
        changes = _shape_changes if SHAPE.fullmatch(statement.text) else _number_changes
        # What an expression writes is compared as text: one change is caught as any other is.
        enough = 1 if document.is_written(statement.line) else None
        yield from itertools.islice(changes(statement, shapes), enough)


def _number_changes(statement: Statement, _: list[str]) -> Iterator[Mutant]:
    yield Mutant(statement, "plus one", _shifted(statement.text, 1))
    yield Mutant(statement, "minus one", _shifted(statement.text, -1))


def _shifted(number: str, by: int) -> str:
    """Change a number by one unit of its last place."""
    if number.isalpha():
        return numerals.write(numerals.WORDS.index(number.lower()) + by, like=number)
    head, _, last = number.rpartition(".")
    if head.count("."):  # a version
        return f"{head}.{int(last) + by}"
    return str(Decimal(number) + by * Decimal(1).scaleb(int(Decimal(number).as_tuple().exponent)))


def _shape_changes(statement: Statement, shapes: list[str]) -> Iterator[Mutant]:
    opening, axes, closing = _axes(statement.text)
    for i, j in itertools.combinations(range(len(axes)), 2):
        swapped = axes.copy()
        swapped[i], swapped[j] = axes[j], axes[i]
        same = "the swapped axes are equal" if axes[i] == axes[j] else None
        yield Mutant(statement, "axes swapped", _spell(opening, swapped, closing), same)
    for i in range(len(axes)):
        yield Mutant(statement, "axis dropped", _spell(opening, axes[:i] + axes[i + 1 :], closing))
    for shape in shapes:
        if shape[0] == opening and _axes(shape)[1] != axes:
            yield Mutant(statement, "another shape", shape)


def _axes(shape: str) -> tuple[str, list[str], str]:
    return shape[0], [axis.strip() for axis in shape[1:-1].split(",") if axis.strip()], shape[-1]


def _spell(opening: str, axes: list[str], closing: str) -> str:
    comma = "," if len(axes) == 1 and opening == "(" else ""
    return f"{opening}{', '.join(axes)}{comma}{closing}"


class Judge:
    """Tells of changed texts of a page whether the check lets them pass; runs its code once.

    Raises:
        SystemExit: The page is red as it stands: a change could not be told from it.
    """

    def __init__(self, page: Path, markdown: SiteMarkdown):
        self.page, self.markdown = page, markdown
        self.record = Recorder(traced_name(page))
        self.text = page.read_text("utf-8")
        self.document = read_text(self.text, page, markdown)
        first = run_document(self.document, page, self.record)
        self.elsewhere = {event.line: reason for event, reason in first.elsewhere.items()}
        if first.problems or not self.is_green(self.text):
            raise SystemExit(f"{page} is red as it stands: a change could not be told from it")

    def is_green(self, text: str) -> bool:
        """Tell whether the page passes with this text."""
        try:
            document = read_text(text, self.page, self.markdown)
        except DocumentError:
            return False
        try:
            return not compare(document, self.page, Replay(self.record)).problems
        except UnrecordedError:  # the change is one of the code
            return not check_document(document, self.page).problems


def try_page(page: Path, markdown: SiteMarkdown) -> Outcome:
    """Try every mutant of a page.

    Raises:
        SystemExit: The page is red as it stands.
    """
    judge = Judge(page, markdown)
    caught, tried = Counter[str](), Counter[str]()
    told = judge.elsewhere.items()
    notes = [f"for other versions: {page}:{line + 1} {reason}" for line, reason in told]
    for mutant in mutants(judge.document):
        statement = mutant.statement
        told = f"{page}:{statement.line + 1}: {statement.text} -> {mutant.text} ({mutant.change})"
        if mutant.equivalent:
            notes.append(f"equivalent: {told}: {mutant.equivalent}")
            continue
        tried[statement.place] += 1
        if judge.is_green(apply(judge.text, [statement.becomes(mutant.text)])):
            notes.append(f"SURVIVED: {told}")
        else:
            caught[statement.place] += 1
    return caught, tried, notes


def try_pages(pages: Iterable[Path]) -> Iterator[Outcome]:
    """Try the mutants of pages of the site in the working directory, on all processors."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
        yield from processes.map(_try_page_here, pages)


def _try_page_here(page: Path) -> Outcome:
    return try_page(page, SiteMarkdown(Path("mkdocs.yml").absolute()))


def main() -> int:
    """Try all pages (or those that are named) and print the score."""
    parser = argparse.ArgumentParser(description=__doc__)
    pages = [path for kind in DOCUMENTS for path in sorted(Path().glob(kind))]
    parser.add_argument("pages", nargs="*", type=Path, default=pages)
    caught, tried = Counter[str](), Counter[str]()
    for page_caught, page_tried, notes in try_pages(parser.parse_args().pages):
        caught.update(page_caught)
        tried.update(page_tried)
        print(*notes, sep="\n", flush=True)
    for place in sorted(tried):
        print(f"{place:10} {caught[place]}/{tried[place]}")
    print(f"{'all':10} {caught.total()}/{tried.total()} changes caught")
    return 0 if caught == tried and tried else 1


if __name__ == "__main__":
    sys.exit(main())
