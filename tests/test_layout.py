"""A reader sees every page whole, whatever the fonts: no table, name or text is cut."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests import fonts, rulers
from tests.catalogue import MADE
from tests.conftest import NO_SEARCH
from tests.fonts import FontSet

PHONES = (320, 360)
# The narrowest windows that show tables as tables, and the contents beside the text; a screen.
WIDTHS = (*PHONES, 720, 960, 1280)
ENDS = (WIDTHS[0], WIDTHS[-1])  # which show what is cut on pages that are alike
FLOORS = {360: 11.0, 320: 10.0}  # px that letters of figures have at least on such a phone
# What a reader may ask of any page (WCAG 2.2, 1.4.12). No font makes it as wide.
SPACED = """* {
  letter-spacing: .12em !important; word-spacing: .16em !important; line-height: 1.5 !important;
}
p { margin-bottom: 2em !important; }"""

Look = tuple[FontSet, str]
LOOKS = [(font_set, hinting) for font_set in fonts.SETS for hinting in fonts.HINTINGS]
WORST = (fonts.WIDEST, "full")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Look at the pages in the widest fonts, or in all."""
    looks = LOOKS if metafunc.config.getoption("--all-fonts") else [WORST]
    names = [f"{font_set.name}-{hinting}" for font_set, hinting in looks]
    metafunc.parametrize("look", looks, ids=names, scope="module")


@pytest.fixture(scope="module")
def page(look: Look, launch: Callable[..., Browser], site_url: str) -> Iterator[Page]:
    browser = launch(*look)
    page = browser.new_page(base_url=site_url)
    page.add_init_script(NO_SEARCH)
    yield page
    browser.close()


def lost(page: Page, path: str) -> Iterator[str]:
    """Say what of a page cannot be read at one width or another, and with more space."""
    rulers.open_page(page, path)
    for width in ENDS if path.startswith(MADE) else WIDTHS:
        for kind, what in rulers.measure(page, rulers.PAGE, width):
            yield f"{path} at {width}: {kind}: {what}"
    if path.startswith(MADE):  # names in messages are as long as they are
        return
    rulers.restyle(page, SPACED)
    for kind, what in rulers.measure(page, rulers.PAGE, PHONES[0]):
        yield f"{path}, spaced: {kind}: {what}"


def test_nothing_is_cut(page: Page, built_site: Path):
    paths = sorted(str(path.relative_to(built_site)) for path in built_site.rglob("*.html"))
    assert len(paths) > 20
    assert [fault for path in paths for fault in lost(page, path)] == []


def test_no_text_of_a_figure_leaves_its_place(page: Page, built_site: Path):
    figures = sorted(built_site.rglob("figures/*.svg")) + sorted(built_site.rglob("labs/*.svg"))
    assert len(figures) > 20
    found = []
    for figure in figures:
        rulers.open_figure(page, figure)
        for width in (*PHONES, 1280):
            faults = rulers.measure(page, rulers.FIGURE, width)
            found += [(figure.name, width, *fault) for fault in faults]
    assert found == []


def small(page: Page, shown: set[tuple[str, float]], site: Path, floor: float) -> list[str]:
    """Say what letters of figures are smaller than that."""
    found = []
    for address, width in sorted(shown):
        size, text = rulers.smallest_letters(page, site / address.lstrip("/"), width)
        if size < floor:
            found.append(f"{address}, {width} wide: {text!r} has {size:.1f} px")
    return found


def test_letters_of_figures_are_legible_on_a_phone(page: Page, built_site: Path):
    pages = [path for path in built_site.rglob("*.html") if "<img" in path.read_text("utf-8")]
    shown: dict[int, set[tuple[str, float]]] = {width: set() for width in FLOORS}
    for path in pages:
        rulers.open_page(page, str(path.relative_to(built_site)))
        for width in FLOORS:
            shown[width].update(rulers.figures(page, width))
    assert min(map(len, shown.values())) > 20
    found = [small(page, shown[width], built_site, floor) for width, floor in FLOORS.items()]
    assert found == [[], []]


def test_small_letters_would_be_noticed(page: Page, tmp_path: Path):
    texts = '<text y="9" font-size="13">a<tspan font-size="9">b</tspan></text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="374" viewBox="0 0 374 20">{texts}</svg>'
    (tmp_path / "x.svg").write_text(svg, encoding="utf-8")
    assert small(page, {("/x.svg", 374)}, tmp_path, 9.0) == []
    assert small(page, {("/x.svg", 374)}, tmp_path, 9.1) == ["/x.svg, 374 wide: 'b' has 9.0 px"]
    assert small(page, {("/x.svg", 187)}, tmp_path, 9.0) == ["/x.svg, 187 wide: 'b' has 4.5 px"]


@pytest.mark.skipif(
    sys.platform != "linux", reason="browsers ask fontconfig for fonts on Linux alone"
)
def test_there_are_no_other_fonts(page: Page, look: Look):
    page.goto("layers/")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    query = {"nodeId": root, "selector": "article :is(h1, p, code, td)"}
    used = set()
    for node in session.send("DOM.querySelectorAll", query)["nodeIds"]:
        platform = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})
        used |= {font["familyName"] for font in platform["fonts"]}
    assert used == set(look[0].families.values())
