"""The icon of the browser's tab stands in the page, where it costs no request."""

import re
from pathlib import Path
from urllib.parse import quote

from mkdocs.config.defaults import MkDocsConfig

from docs._finish.files import Site, tags

NAMED = re.compile(r" (?:role|aria-label)='[^']*'")  # for a picture in a page, which this is not


def run(folder: Path, config: MkDocsConfig) -> None:
    """Put the icon itself in the place of its address."""
    site = Site.built(folder, config)
    for page, html in site.pages().items():
        for tag in tags(html, "link"):
            file = tag.attributes.get("rel") == "icon" and site.target(page, tag.attributes["href"])
            if file and file.is_file():
                icon = f'<link rel="icon" href="{written(file)}">'
                page.write_text(html.replace(tag.text, icon, 1), encoding="utf-8")


def written(file: Path) -> str:
    """Return an SVG as an address."""
    svg = " ".join(file.read_text(encoding="utf-8").replace('"', "'").split())
    svg = NAMED.sub("", svg.replace("> <", "><"))
    return f"data:image/svg+xml,{quote(svg, safe=' !$&()*+,-./:;=?@_~' + chr(39))}"
