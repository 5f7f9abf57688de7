"""What all pages share: the repository, a description, their weight."""

import html
import re
from typing import Any

import minify_html
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.pages import Page

# Names, operators, punctuation and blanks have the colour of the code around them.
PLAIN = re.compile(r'<span class="(?:n|o|p|w)">([^<]*)</span>')


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Fill in the footer and the edit links."""
    repository = config.extra["repository"].rstrip("/")
    config.copyright = config.copyright.format(repository=repository)
    config.edit_uri = f"{repository}/edit/main/docs/"
    return config


def on_page_content(content: str, **_: Any) -> str:
    """Leave out what colours nothing, a third of a page."""
    return PLAIN.sub(r"\1", content)


def on_page_context(_: dict[str, Any], page: Page, **__: Any) -> None:
    """Escape what the theme does not: a description with quotes would end at the first."""
    if "description" in page.meta:
        page.meta["description"] = html.escape(page.meta["description"])


@event_priority(-100)  # after all that reads or changes the page
def on_post_page(output: str, **_: Any) -> str:
    """Send no blanks that nobody sees."""
    return minify_html.minify(
        output,
        keep_closing_tags=True,
        keep_html_and_head_opening_tags=True,
        minify_doctype=False,
    )
