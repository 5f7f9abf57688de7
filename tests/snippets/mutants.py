"""Change what a page states, kind by kind and one at a time, and see each change caught.

`python -m tests.snippets.mutants [PAGE ...]` prints caught/total by place; it fails when a change
survives. A change that leaves the page as true as it was (two equal axes swapped) is not tried,
and is listed with the reason.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.mutations.blocks import blocks
from tests.mutations.characters import characters
from tests.mutations.comparisons import relations
from tests.mutations.figures import figures
from tests.mutations.front_matter import front_matter
from tests.mutations.labels import exchanged_labels
from tests.mutations.mutant import Mutant
from tests.mutations.names import names
from tests.mutations.neighbours import neighbours
from tests.mutations.numbers import numbers
from tests.mutations.orders import orders
from tests.mutations.tables import tables
from tests.mutations.ties import ties
from tests.mutations.words import words
from tests.reading.document import Document
from tests.reading.document_cache import read_text
from tests.reading.problems import DocumentError
from tests.reading.site_markdown import SiteMarkdown
from tests.snippets.check import check_document, compare, run_document, traced_name
from tests.snippets.replay import Recorder, Replay, UnrecordedError
from tests.snippets.rewrite import apply
from tests.snippets.sizes import Answers, check_sizes, is_tied, other_sizes

# What a page is changed in: each mechanism of the check has its kind in tests/mutations.
KINDS: tuple[Callable[[Document], Iterator[Mutant]], ...] = (
    numbers,
    blocks,
    characters,
    neighbours,
    figures,
    ties,
    tables,
    orders,
    relations,
    names,
    front_matter,
    exchanged_labels,
    words,
)
# Kinds that stay open, and what of them is caught at least: CONTRIBUTING says why.
OPEN = {"word": 0.005}
DOCUMENTS = ("docs/**/*.md", "docs/labs/*.py", "rnn_ref/**/*.py", "[A-Z]*.md", "benchmarks/*.md")
# Caught and tried by place, and a line for each survivor and each equivalent mutant.
Outcome = tuple[Counter[str], Counter[str], list[str]]


def mutants(document: Document) -> Iterator[Mutant]:
    """Yield every change of a page, kind by kind."""
    for kind in KINDS:
        yield from kind(document)


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
        self.others = self._in_other_sizes(self.document)
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
            problems = compare(document, self.page, Replay(self.record)).problems
        except UnrecordedError:  # the change is one of the code
            problems = check_document(document, self.page).problems
        return not problems and not any(check_sizes(document, self._others_of(document)))

    def _others_of(self, document: Document) -> Answers:
        """Return what a changed page's ties give in other sizes; it is asked again for new ties."""
        known = {event.tie.text for event in self.document.events if is_tied(event)}
        new = any(event.tie.text not in known for event in document.events if is_tied(event))
        return self._in_other_sizes(document) if new else self.others

    def _in_other_sizes(self, document: Document) -> Answers:
        return {} if document.notebook else other_sizes(document, self.page)


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
        if not judge.is_green(apply(judge.text, mutant.edits)):
            caught[statement.place] += 1
        elif statement.place not in OPEN:
            notes.append(f"SURVIVED: {told}")
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
    enough = all(caught[place] >= OPEN.get(place, 1) * tried[place] for place in tried)
    return 0 if enough and tried else 1


if __name__ == "__main__":
    sys.exit(main())
