"""pytest-markdown-docs with every claim checked: its collector and options, our runner.

pytest-markdown-docs collects an item for each fence that the parser returns, and hands it to the
default runner. The parser here is the site's; the runner runs the fence's whole page, once, and
reports what is wrong from that fence to the next.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.reading.beside import is_beside
from tests.reading.document import Document
from tests.reading.document_cache import DocumentCache
from tests.reading.labs import is_lab
from tests.reading.problems import DocumentError
from tests.reading.site_markdown import SiteMarkdown
from tests.snippets import counts
from tests.snippets.at_once import AtOnce
from tests.snippets.check import Report, check_document
from tests.snippets.judges import Judges
from tests.snippets.rewrite import Rewriting
from tests.snippets.verdicts import Verdicts

try:
    from pytest_markdown_docs import _runners as runners
    from pytest_markdown_docs.plugin import (
        MarkdownDocstringCodeModule,
        MarkdownInlinePythonItem,
        MarkdownTextFile,
    )
except ImportError as error:
    raise pytest.UsageError(
        "pytest-markdown-docs has moved `_runners`, through which the fences are checked: "
        "install the version of constraints.txt, or adapt tests/snippets/plugin.py"
    ) from error


@dataclass(frozen=True)
class Token:
    """What pytest-markdown-docs reads of a markdown-it token."""

    info: str
    content: str
    map: tuple[int, int]
    type: str = "fence"


class WrongClaimsError(AssertionError):
    """What a page states and its code does not give."""


@dataclass
class Pages:
    """The pages of this session: each is read once and run once."""

    cache: DocumentCache
    verdicts: Verdicts
    judges: Judges
    update: bool
    here: bool
    root: Path
    documents: dict[Path, Document] = field(default_factory=dict)
    reports: dict[Path, Report] = field(default_factory=dict)
    rewriting: Rewriting = field(default_factory=Rewriting)
    written: list[Path] = field(default_factory=list)
    recalled: int = 0

    def read(self, page: Path) -> Document:
        if page not in self.documents:
            self.documents[page] = self.cache.read(page)
        return self.documents[page]

    def run(self, page: Path) -> Report:
        if page not in self.reports:
            # What is beside the pages speaks of files, of which no verdict is kept.
            judge = check_document if self.here or is_beside(page) else self._judged
            check = self._mended if self.update else judge
            self.reports[page] = check(self.read(page), page)
        return self.reports[page]

    def announce(self, pages: Iterable[Path]) -> None:
        """Begin to judge what will be asked for, and is not as it was when it was right."""
        if not (self.update or self.here):
            asked = [page for page in dict.fromkeys(pages) if not is_beside(page)]
            self.judges.announce(p for p in asked if not self.verdicts.recall(p, self.read(p)))

    def _judged(self, document: Document, page: Path) -> Report:
        """Run a page here and on other machines, unless it was right and nothing has changed."""
        report = self.verdicts.recall(page, document)
        if report is not None:
            self.recalled += 1
            return report
        report = self.judges.report(document, page)
        self.verdicts.keep(page, report)
        return report

    def _mended(self, document: Document, page: Path) -> Report:
        report = check_document(document, page)
        self.rewriting.add(page, report.document.lines, report.problems)
        report.problems = [problem for problem in report.problems if not problem.mendable]
        return report

    def name(self, page: Path) -> str:
        named = page.relative_to(self.root) if page.is_relative_to(self.root) else page
        return named.as_posix()


class SiteParser:
    """Stands in for markdown-it: returns the fences that the site shows on a page."""

    def __init__(self, pages: Pages, page: Path):
        self.pages = pages
        self.page = page

    def parse(self, text: str) -> list[Token]:
        try:
            fences = self.pages.read(self.page).fences
        except DocumentError as error:
            place = f"{self.pages.name(self.page)}:{error.line + 1}"
            raise pytest.Collector.CollectError(f"{place}: {error.message}") from None
        words = {True: "python continuation", False: "python"}
        return [Token(words[f.continues], f"{f.code}\n", (f.line, f.line)) for f in fences]


@runners.register_runner(default=True)
class PageRunner(runners.DefaultRunner):  # type: ignore[misc]
    """Runs the page of a fence and answers for the fence."""

    pages: Pages
    collecting: Path | None = None

    def runtest(self, test: Any, args: dict[str, Any]) -> None:
        """Run the page, unless an earlier fence of it has, and raise what is wrong here."""
        report = self.pages.run(test.source_path)
        fence = report.document.fence_at(test.start_line - 1)
        if problems := report.of_fence(fence):
            page, lines = self.pages.name(test.source_path), report.document.lines
            raise WrongClaimsError("\n".join(problem.report(page, lines) for problem in problems))
        if fence in report.not_run:
            pytest.skip(report.not_run[fence])

    def repr_failure(
        self, test: Any, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> str:
        if isinstance(excinfo.value, WrongClaimsError):
            return str(excinfo.value)
        return str(excinfo.getrepr(style="short"))


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("documents")
    group.addoption(
        "--update-docs",
        action="store_true",
        help="put the true numbers in place of the wrong ones, on every page, in place",
    )

    group.addoption(
        "--here",
        action="store_true",
        help="run the pages on this machine alone, each: what the others cost is the difference",
    )
    group.addoption(
        "--at-once",
        action="store_true",
        help="show what is wrong when it is found, and of what is right nothing",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.option.at_once:
        config.pluginmanager.register(AtOnce(config))
    site = config.rootpath / "mkdocs.yml"
    if not site.is_file():
        raise pytest.UsageError(f"{site} is missing: it says how the pages are parsed")
    kept, option = _kept(config, "documents"), config.option
    cache, judges = DocumentCache(SiteMarkdown(site), kept), Judges(site, kept)
    verdicts, root = Verdicts(cache, _kept(config, "verdicts")), config.rootpath
    PageRunner.pages = Pages(cache, verdicts, judges, option.update_docs, option.here, root)


def _kept(config: pytest.Config, name: str) -> Path | None:
    return config.cache.mkdir(name) if hasattr(config, "cache") else None


def pytest_collection_finish(session: pytest.Session) -> None:
    if not isinstance(runners.get_runner(None), PageRunner):
        raise pytest.UsageError("another pytest-markdown-docs runner took the place of the check")
    if not session.config.option.collectonly:
        fences = [item for item in session.items if isinstance(item, MarkdownInlinePythonItem)]
        PageRunner.pages.announce(item.test_definition.source_path for item in fences)


def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """Hand a fence to its runner, without the phases and calls that serve fixtures.

    They would cost more than the fence, and the call in between runs it again after a TypeError.
    """
    if not isinstance(item, MarkdownInlinePythonItem):
        return None
    test, hook = item.test_definition, item.ihook
    item.runner = runners.get_runner(test.runner_name)
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    call = pytest.CallInfo.from_call(lambda: item.runner.runtest(test, {}), when="call")
    hook.pytest_runtest_logreport(report=hook.pytest_runtest_makereport(item=item, call=call))
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Iterator[None]:
    """Collect the examples of a Python file, or the cells of a lab, as those of a page.

    pytest-markdown-docs would import the file, miss the docstrings of properties and attributes,
    and find the others by guessing their lines; pytest would import a lab that it is asked for.
    """
    collectors = yield
    others = [c for c in collectors if not isinstance(c, MarkdownDocstringCodeModule)]
    if len(others) == len(collectors):
        return others
    as_page = MarkdownTextFile.from_parent(parent, path=file_path)
    return [as_page] if is_lab(file_path.read_text("utf-8")) else [*others, as_page]


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Remember whose text the parser is about to be handed: the hook is not told."""
    PageRunner.collecting = getattr(collector, "path", None)
    return (yield)


@pytest.hookimpl
def pytest_markdown_docs_markdown_it() -> SiteParser:
    assert PageRunner.collecting is not None
    return SiteParser(PageRunner.pages, PageRunner.collecting)


def pytest_sessionfinish() -> None:
    pages = PageRunner.pages
    pages.judges.close()
    pages.written = pages.rewriting.write()
    if pages.update:
        pages.written += counts.write(pages.root, pages.reports.items())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was executed and compared, so that nothing vanishes unseen."""
    pages = PageRunner.pages
    reports = pages.reports.values()
    if not reports:
        return
    executed = sum(len(report.executed) for report in reports)
    optouts = sum(f.optout is not None for report in reports for f in report.document.fences)
    compared = sum(report.compared for report in reports)
    elsewhere = [
        f"{pages.name(page)}:{report.document.lines[event.line].number + 1} {reason}"
        for page, report in pages.reports.items()
        for event, reason in report.elsewhere.items()
    ]
    terminalreporter.write_line(
        f"documents: {len(pages.reports)} files, {executed} fences executed, "
        f"{optouts} opted out, {compared} claims compared, {len(elsewhere)} for other versions"
    )
    if pages.recalled:
        terminalreporter.write_line(f"{pages.recalled} files are as they were when they were right")
    for told in elsewhere:
        terminalreporter.write_line(f"for other versions: {told}")
    for file in pages.written:
        terminalreporter.write_line(f"rewrote {pages.name(file)}")
