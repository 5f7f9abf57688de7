"""A first view of a page is light: worked out for all pages, and measured in a browser."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import NO_OFFLINE, WIDE
from tests.serving import CompressingHandler, address, serving
from tests.weighing import first_view, weight

TEXT, LAB = 45_000, 60_000  # bytes, as sent
REQUESTS = 6
SAMPLE = ["", "layers/", "batch-first/", "all-shapes/", "error-messages/", "errors/state/"]
SAMPLE += ["api/cells/", "labs/digit-rows/", "404.html"]


def pages(site: Path) -> list[Path]:
    return [path.resolve() for path in sorted(site.rglob("*.html"))]


def is_lab(page: Path, site: Path) -> bool:
    return page.is_relative_to(site.resolve() / "labs")


def heavy(site: Path) -> list[str]:
    """The pages that weigh too much, with all their figures; a lab's are not counted."""
    found = []
    for page in pages(site):
        view = first_view(page, site)
        lab = is_lab(page, site)
        bytes_sent = weight(view.most - view.figures if lab else view.most)
        if bytes_sent > (LAB if lab else TEXT):
            found.append(f"{page.relative_to(site.resolve())}: {bytes_sent} bytes")
    return found


def test_no_page_is_heavy(built_site: Path, capsys: pytest.CaptureFixture[str]):
    views = {page: first_view(page, built_site) for page in pages(built_site)}
    weights = {weight(view.most): page for page, view in views.items()}
    page = weights[max(weights)].relative_to(built_site.resolve())
    with capsys.disabled():
        print(f"\nweight: at most {max(weights)} bytes, {page}")

    assert heavy(built_site) == []


def test_a_heavy_page_is_noticed(built_site: Path, tmp_path: Path):
    (tmp_path / "heavy.css").write_bytes(random.Random(0).randbytes(TEXT))  # cannot be compressed
    (tmp_path / "index.html").write_text("<link rel=stylesheet href=heavy.css>", "utf-8")
    (tmp_path / "light.html").write_text("<p>light</p>", "utf-8")

    assert [line.split(":")[0] for line in heavy(tmp_path)] == ["index.html"]


Measure = Callable[[str, str], list[tuple[Path, int]]]


@pytest.fixture(scope="module")
def measure(browser: Browser, built_site: Path) -> Iterator[Measure]:
    """Open a page with an empty cache, and return what the server was asked for."""
    with serving(built_site, CompressingHandler) as server:

        def measure(path: str, scheme: str) -> list[tuple[Path, int]]:
            CompressingHandler.asked.clear()
            context = browser.new_context(color_scheme=scheme, viewport=WIDE)
            page = context.new_page()
            page.goto(f"{address(server)}{path}", wait_until="networkidle")
            context.close()
            return CompressingHandler.asked.copy()

        yield measure


@pytest.mark.parametrize("path", SAMPLE)
def test_a_browser_asks_for_what_was_worked_out(measure: Measure, built_site: Path, path: str):
    file = built_site / path / ("" if path.endswith(".html") else "index.html")
    view = first_view(file.resolve(), built_site)
    for scheme in ("light", "dark"):
        asked = measure(path, scheme)
        files = frozenset(file for file, _ in asked)

        assert view.sure <= files <= view.most
        assert len(asked) == len(files)
        assert sum(count for _, count in asked) == weight(files)


def test_no_page_asks_for_much(measure: Measure, built_site: Path):
    """A browser decides about figures that may come later, so it is asked where they decide."""
    asked = {}
    for page in pages(built_site):
        view = first_view(page, built_site)
        name = page.relative_to(built_site.resolve()).as_posix().removesuffix("index.html")
        if not is_lab(page, built_site):
            many = len(view.most) > REQUESTS
            asked[name] = len(measure(name, "light") if many else view.most)

    assert {name: count for name, count in asked.items() if count > REQUESTS} == {}


def test_the_rest_is_loaded_at_the_first_sign(browser: Browser, site_url: str):
    page = browser.new_page()
    page.add_init_script(NO_OFFLINE)
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url.removeprefix(site_url)))
    page.goto(f"{site_url}layers/", wait_until="networkidle")
    before = [url for url in requested if "javascripts/" in url or "late." in url]
    with page.expect_request("**/javascripts/bundle.*.js"):
        page.mouse.move(300, 300)
    page.close()

    assert before == []
