"""Judges pages: here, on other machines and in other sizes; many pages on all processors."""

import functools
import os
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.reading.document import Document
from tests.reading.document_cache import DocumentCache
from tests.reading.site_markdown import SiteMarkdown
from tests.snippets.check import Report
from tests.snippets.machines import Machines
from tests.snippets.sizes import check_sizes, other_sizes

ENOUGH = 8  # fewer pages are judged sooner than other processes are there


def judge(document: Document, page: Path, machines: Machines) -> Report:
    """Run a page everywhere that its claims have to hold.

    Args:
        document: The page as it is rendered.
        page: Its file.
        machines: Those that it is run on.
    """
    report = machines.check(document, page)
    if not report.problems and not document.notebook:  # a lab would train once more
        report.problems = list(check_sizes(document, other_sizes(document, page)))
    return report


class Judges:
    """Judges in this process, or, what was announced, in one for each processor.

    Args:
        site: The settings of the site, which say how pages are parsed.
        folder: Where pages that were read are kept; None if they are not.
    """

    def __init__(self, site: Path, folder: Path | None):
        self.site, self.folder = site, folder
        self.machines = Machines()
        self.pool: ProcessPoolExecutor | None = None
        self.announced: dict[Path, Future[Report]] = {}

    def announce(self, pages: Iterable[Path]) -> None:
        """Begin to judge pages, in this order."""
        pages = list(pages)
        if len(pages) >= ENOUGH and (os.cpu_count() or 1) > 1:
            processes = min(os.cpu_count() or 1, len(pages) // ENOUGH + 1)
            self.pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"))
            for page in pages:
                self.announced[page] = self.pool.submit(_judge, page, self.site, self.folder)

    def report(self, document: Document, page: Path) -> Report:
        """Return what is to be said of a page."""
        if page not in self.announced:
            return judge(document, page, self.machines)
        report = self.announced.pop(page).result()
        if not self.announced:
            self.close()
        return report

    def close(self) -> None:
        """Let the other processes go, and what they have not begun."""
        if self.pool:
            self.pool.shutdown(wait=False, cancel_futures=True)


def _judge(page: Path, site: Path, folder: Path | None) -> Report:
    cache, machines = _bench(site, folder)
    return judge(cache.read(page), page, machines)


@functools.cache
def _bench(site: Path, folder: Path | None) -> tuple[DocumentCache, Machines]:
    """Prepare a process once for all pages that it judges."""
    return DocumentCache(SiteMarkdown(site), folder), Machines()
