"""One script for a page: our own small ones, without comments; nor have those in the page any.

What the template marks as late stays apart: docs/assets/scripts/loader.js loads it.
"""

import re
from functools import cache
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from rjsmin import jsmin

from docs._finish.files import Address, Site, Tag, exchange, joined, tags
from docs._finish.selectors import INLINE


def run(folder: Path, config: MkDocsConfig) -> None:
    """Put one file in the place of all scripts of each page."""
    site = Site.built(folder, config)

    @cache
    def made(files: tuple[Path, ...]) -> Path:
        return site.write("site.js", jsmin("".join(map(apart, files))))

    def written(_: Path, files: tuple[Path, ...], address: Address) -> str:
        return f'<script defer src="{address(made(files))}"></script>'

    exchange(site, asked, written)
    for page, html in Site.built(folder, config).pages().items():
        page.write_text(INLINE.sub(shorter, html), encoding="utf-8")


def shorter(found: re.Match[str]) -> str:
    """Return a script of a page without comments."""
    return f"<script>{jsmin(found[1])}</script>"


def asked(html: str) -> dict[Tag, str]:
    """Return the tags of scripts that are loaded with the page, each with its address."""
    found = [tag for tag in tags(html, "script", end="</script>") if "src" in tag.attributes]
    return {tag: tag.attributes["src"] for tag in found if "type" not in tag.attributes}


def apart(file: Path) -> str:
    """Return a script whose names no other script can take: those of the search come later."""
    return f"{{\n{joined([file])}\n}}\n"
