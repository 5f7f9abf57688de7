"""What of an open page, or of a figure, cannot be read: measured in the browser."""

from pathlib import Path

from playwright.sync_api import Page

HERE = Path(__file__).parent
PAGE = (HERE / "page.js").read_text(encoding="utf-8")
FIGURE = (HERE / "figure.js").read_text(encoding="utf-8")
LETTERS = (HERE / "letters.js").read_text(encoding="utf-8")
UNFOLD = "document.querySelectorAll('details').forEach(box => { box.open = true })"
# Nothing is measured on its way.
STILL = "*, ::before, ::after { transition: none !important; }"
# An element would be against the policy of the pages.
ADD_STYLE = """css => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  document.adoptedStyleSheets.push(sheet)
}"""
FIGURES = """() => [...document.querySelectorAll("article img")]
  .map(image => [new URL(image.src).pathname, image.clientWidth])"""
FIT = """width => {
  Object.assign(document.querySelector("svg").style, { width: `${width}px`, maxWidth: "none" })
}"""
COLUMN = "<style>body { margin: 0 16px } svg { max-width: 100%; height: auto }</style>"


def open_page(page: Page, path: str) -> None:
    """Open a page of the site, and all that is folded on it."""
    page.goto(path)
    page.evaluate(UNFOLD)
    restyle(page, STILL)


def open_figure(page: Page, figure: Path) -> None:
    """Show a figure in a column, as part of the page: an image would keep its texts to itself."""
    page.goto("about:blank")  # the policy of the page before would hold, and refuse its styles
    page.set_content(COLUMN + figure.read_text(encoding="utf-8"))


def restyle(page: Page, css: str) -> None:
    """Add to the styles of the open page."""
    page.evaluate(ADD_STYLE, css)


def figures(page: Page, width: int) -> list[tuple[str, float]]:
    """Return the address of each figure of the open page, and how wide that window shows it."""
    page.set_viewport_size({"width": width, "height": 740})
    return [(address, shown) for address, shown in page.evaluate(FIGURES)]


def smallest_letters(page: Page, figure: Path, width: float) -> tuple[float, str]:
    """Return the size in pixels of the smallest letters of a figure that is so wide, and which."""
    open_figure(page, figure)
    page.evaluate(FIT, width)
    return min((size, text) for size, text in page.evaluate(LETTERS))


def measure(page: Page, ruler: str, width: int) -> list[tuple[str, str]]:
    """Return what a ruler finds in a window of that width: each with its kind."""
    page.set_viewport_size({"width": width, "height": 740})
    return [(kind, what) for kind, what in page.evaluate(ruler)]
