"""Where a link of the built site leads."""

import functools
from pathlib import Path

from tests.markup import parsed


def leads_to_a_heading(link: str, page: Path) -> bool:
    """Tell whether `link` leads from `page`, its folder, to a heading of another page."""
    target, _, anchor = link.partition("#")
    file = page / target / "index.html"
    return target.startswith("../") and file.is_file() and anchor in _headings(file.resolve())


@functools.cache
def _headings(file: Path) -> frozenset[str]:
    headings = parsed(file.read_text(encoding="utf-8")).select("h1[id], h2[id], h3[id]")
    return frozenset(str(heading["id"]) for heading in headings)


def beside_a_page_with_a_heading(page: Path) -> Path:
    """Make the folder of a page, and beside it a page whose heading is at `../there/#part`."""
    there = page.parent / "there" / "index.html"
    there.parent.mkdir()
    there.write_text('<h2 id="part">Part</h2>', encoding="utf-8")
    page.mkdir()
    return page
