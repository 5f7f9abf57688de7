"""Each page whole, beside it: as Markdown, as a script and as a notebook."""

import re
from pathlib import Path

import nbformat
from mkdocs.config.defaults import MkDocsConfig

from docs._finish.taking import plain
from docs._finish.taking.notebooks import notebook
from docs._finish.taking.pages import address, pages, taken
from docs._finish.taking.reference import with_docstrings
from docs._finish.taking.scripts import script

TITLE = re.compile(r"\A\s*(# .*\n)")


def run(site: Path, config: MkDocsConfig) -> None:
    """Write the three files of each page; those of a lab are there, since it was executed."""
    for page in pages(config):
        if not page.is_lab:
            html = (site / page.built).read_text(encoding="utf-8")
            pieces = take(with_docstrings(page.text, html), page.file, config.site_url or "")
            for kind, content in contents(pieces, page.name).items():
                (site / taken(page.file)[kind]).write_text(content, encoding="utf-8")


def take(markdown: str, file: str, site: str) -> list[plain.Text | plain.Code]:
    """Return the pieces of a page, with its address below its title.

    Args:
        markdown: its source, without front matter.
        file: its file, below docs/.
        site: the address of the site.
    """
    titled = TITLE.sub(rf"\1\n<{address('', file, site)}>\n", markdown)
    return plain.read(titled, lambda link: address(link, file, site))


def contents(pieces: list[plain.Text | plain.Code], name: str) -> dict[str, str]:
    """Return what is written of a page, by what it is."""
    made = notebook(pieces, name.replace("/", "-"))
    return {
        "Markdown": plain.written(pieces),
        "script": script(pieces),
        "notebook": nbformat.writes(made) + "\n",
    }
