"""Audit all pages, or those that are named: `python -m tests.audit layers labs/digit-rows`."""

import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests import copied_blocks
from tests.audit import arrivals, lighthouse, visits
from tests.audit.table import PERFORMANCE, Row, printed
from tests.conftest import BROWSERS, FLAGS, NO_OFFLINE, ROOT, build_site
from tests.serving import CompressingHandler, address, serving
from tests.test_copying import copied, wrong

PICTURE = "#the-picture"  # where a chapter's figures are, and readers arrive


def main(names: list[str]) -> int:
    """Print the table, and below it what is beyond a limit."""
    program = lighthouse.installed(ROOT / ".cache/lighthouse")
    chromium = browser_path()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = build_site(Path(folder) / "site")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with serving(site, CompressingHandler) as server:
            measure = partial(row, browser, program, site, address(server))
            rows = [measure(page) for page in pages(site, names)]
        browser.close()
    print(printed(one.cells() for one in rows))
    faults = [fault for one in rows for fault in one.faults()]
    print("\n".join(faults) if faults else f"{len(rows)} pages, nothing beyond a limit")
    return bool(faults)


def browser_path() -> str:
    """Return where Chromium is.

    Raises:
        SystemExit: There is none.
    """
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else BROWSERS
    for name in names:
        if found := shutil.which(name):
            return found
    raise SystemExit("No Chromium: `make browser` installs it, or says how to.")


def pages(site: Path, names: list[str]) -> list[str]:
    """Return the pages as addresses end; a name that no page has is an error."""
    found = [file.parent.relative_to(site).as_posix() for file in sorted(site.rglob("index.html"))]
    unknown = sorted({*names} - {*found, "index"})
    if unknown:
        raise SystemExit(f"No page is called {', '.join(unknown)}: name it as its address ends.")
    asked = [name.replace("index", ".") for name in names] or found
    return ["" if name == "." else f"{name}/" for name in asked]


def row(browser: Browser, program: Path, site: Path, home: str, page: str) -> Row:
    """Measure one page of a site, whose home has that address."""
    url = f"{home}{page}"
    views = [visits.first_view(browser, url, scheme, home) for scheme in visits.SCHEMES]
    heaviest = max(views, key=lambda view: view.sent)
    counted = heaviest.sent - (heaviest.figures if page.startswith("labs/") else 0)
    blocks, problems = run_blocks(browser, site, home, page)
    print(f"{page or 'index'}", file=sys.stderr)
    return Row(
        page=page or "index",
        kilobytes=counted / 1000,
        requests=max(view.requests for view in views),
        elsewhere=[name for view in views for name in view.elsewhere],
        scores=lighthouse.scores(program, browser_path(), url, PERFORMANCE),
        inaccessible=list(visits.inaccessible(browser, url)),
        shift=max(arrivals.shift(browser, url), arrivals.shift(browser, url + PICTURE)),
        blocks=blocks,
        wrong=problems,
    )


def run_blocks(browser: Browser, site: Path, home: str, page: str) -> tuple[int, list[str]]:
    """Copy and run each block of a page; return how many there are, and what is wrong."""
    blocks = [block for block in copied_blocks.shown(site) if block.page == page]
    context = browser.new_context(base_url=home)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.add_init_script(NO_OFFLINE)
    texts = list(copied(context.new_page(), blocks))
    context.close()
    results = zip(blocks, copied_blocks.run(texts), strict=True)
    return len(blocks), [told for block, ran in results if (told := wrong(block, ran))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
