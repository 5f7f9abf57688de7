"""Two stylesheets for a page, of the theme's, the plug-in's and our own.

The first has what matches something on the page, the second what matches only what scripts add: it
is loaded with them. What matches nothing is left out. Names that few pages have, like those of
tabs, stand in sheets of these pages alone; all others share one, so that a reader loads it once.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from docs._finish import scripts
from docs._finish.files import Address, Site, Tag, exchange, joined, tags
from docs._finish.rules import Sheet
from docs._finish.selectors import asked, names

FEW = 5  # pages


def run(folder: Path, config: MkDocsConfig) -> None:
    """Put these two in the place of all stylesheets of each page."""
    site = Site.built(folder, config)
    every = joined(sorted(folder.rglob("*.js")))
    soon, late = names([], joined(first_scripts(site))), names([], every)
    named = {page: names([html], "").words for page, html in site.pages().items()}
    shared = common(named.values())

    @cache
    def sheet(files: tuple[Path, ...]) -> Sheet:
        return Sheet(joined(files), every)

    @cache
    def wanted(files: tuple[Path, ...]) -> set[str]:
        return asked(joined(files)) - shared

    @cache
    def made(files: tuple[Path, ...], rare: frozenset[str]) -> tuple[Path, Path]:
        shown, known = (kind.including(shared | rare) for kind in (soon, late))
        first, rest = sheet(files).divided(shown, known)
        return site.write("site.css", first), site.write("late.css", rest)

    def written(page: Path, files: tuple[Path, ...], address: Address) -> str:
        first, late = map(address, made(files, named[page] & wanted(files)))
        return f'<link rel="stylesheet" href="{first}"><link rel="late" href="{late}">'

    exchange(site, linked, written)


def first_scripts(site: Site) -> list[Path]:
    """Return the scripts that are loaded with some page."""
    return sorted(
        {
            file
            for page, html in site.pages().items()
            for src in scripts.asked(html).values()
            if (file := site.target(page, src)) and file.is_file()
        }
    )


def common(named: Iterable[frozenset[str]]) -> frozenset[str]:
    """Return the names that more than a few pages have."""
    counts = Counter(name for names in named for name in names)
    return frozenset(name for name, count in counts.items() if count > FEW)


def linked(html: str) -> dict[Tag, str]:
    """Return the tags of stylesheets, each with its address."""
    found = [tag for tag in tags(html, "link") if tag.attributes.get("rel") == "stylesheet"]
    return {tag: tag.attributes["href"] for tag in found}
