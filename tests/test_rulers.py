"""The rulers notice what cannot be read, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests import rulers


@pytest.fixture(scope="module")
def page(browser: Browser, site_url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site_url)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("style", "kind"),
    [
        ("td { white-space: nowrap !important }", "cut"),
        ("td { min-width: 400px !important }", "scrolls sideways"),
        ("td::before { content: 'a name'; white-space: nowrap; padding-right: 50em }", "cut"),
        ("h1 { white-space: nowrap !important }", "cut"),
        ("article > p { white-space: nowrap; overflow: auto }", "cut"),
        ("article > p { margin-left: -20px }", "cut"),
        (".md-footer .md-ellipsis { overflow: hidden; white-space: nowrap; width: 1em }", "cut"),
        ("code { letter-spacing: 9px }", "cut"),  # a font twice as wide
        (
            "code { word-break: break-all !important; white-space: normal !important }",
            "broken",
        ),
        ("img { min-width: 400px }", "too wide"),
        ("pre > code { white-space: pre !important; overflow: auto !important }", "cut"),
        ("pre code, pre code * { word-break: break-all !important }", "broken"),
    ],
)
def test_what_is_cut_is_noticed(page: Page, style: str, kind: str):
    rulers.open_page(page, "batch-first/")
    rulers.restyle(page, style)
    assert kind in {found for found, _ in rulers.measure(page, rulers.PAGE, 320)}


@pytest.mark.parametrize(
    "style",
    [
        "",
        # Empty room beside a table, in a box that would scroll.
        ".md-typeset__scrollwrap { overflow: auto !important; padding-right: 40px }",
        ".md-typeset__table { margin-right: -16px; padding-right: 16px !important }",
        # Names that have no room in a whole line have to break.
        "article > p > code:not(.t) { letter-spacing: 20px }",
    ],
)
def test_what_does_no_harm_is_not(page: Page, style: str):
    rulers.open_page(page, "batch-first/")
    rulers.restyle(page, style)
    assert rulers.measure(page, rulers.PAGE, 320) == []


def test_a_font_that_is_too_wide_for_a_figure_is_noticed(page: Page, built_site: Path):
    rulers.open_figure(page, built_site / "figures/layers-dropout.svg")
    assert rulers.measure(page, rulers.FIGURE, 360) == []
    rulers.restyle(page, "text { font-size: 26px !important }")
    kinds = {kind for kind, _ in rulers.measure(page, rulers.FIGURE, 360)}
    assert kinds == {"out of the figure", "out of its box", "over another"}
