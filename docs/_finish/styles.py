"""Two stylesheets for the site, of the theme's, the plug-in's and our own.

The first has what matches something on some page, the second what matches only what scripts add: it
is loaded with them. What matches nothing is left out.
"""

from functools import cache
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from docs._finish import scripts
from docs._finish.files import Address, Site, Tag, exchange, joined, tags
from docs._finish.rules import Sheet
from docs._finish.selectors import names


def run(folder: Path, config: MkDocsConfig) -> None:
    """Put these two in the place of all stylesheets of each page."""
    site = Site.built(folder, config)
    pages = site.pages()
    every = joined(sorted(folder.rglob("*.js")))
    soon = {
        file
        for page, html in pages.items()
        for src in scripts.asked(html).values()
        if (file := site.target(page, src)) and file.is_file()
    }
    shown = names(pages.values(), joined(sorted(soon)))
    known = names(pages.values(), every)

    @cache
    def made(files: tuple[Path, ...]) -> tuple[Path, Path]:
        sheet = Sheet(joined(files), every)
        first, late = sheet.matching(shown), sheet.matching(known, without=shown)
        return site.write("site.css", first), site.write("late.css", late)

    def written(files: tuple[Path, ...], address: Address) -> str:
        first, late = map(address, made(files))
        return f'<link rel="stylesheet" href="{first}"><link rel="late" href="{late}">'

    exchange(site, linked, written)


def linked(html: str) -> dict[Tag, str]:
    """Return the tags of stylesheets, each with its address."""
    found = [tag for tag in tags(html, "link") if tag.attributes.get("rel") == "stylesheet"]
    return {tag: tag.attributes["href"] for tag in found}
