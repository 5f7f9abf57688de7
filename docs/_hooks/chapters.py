"""Chapters have a number in the navigation, in the order in which they are read."""

from itertools import count
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page


def on_nav(nav: Navigation, config: MkDocsConfig, **_: Any) -> Navigation:
    """Put the number of each chapter before its short name."""
    numbers = count(1)
    for group in nav.items:
        if isinstance(group, Section) and group.title in config.extra["chapters"]:
            for page in group.children:
                page.title = f"{next(numbers)}. {page.title}"
    return nav


def on_page_context(context: dict[str, Any], page: Page, **_: Any) -> None:
    """Let the title of the window be that of the page, which says more than its short name."""
    context["full_title"] = page.toc.items[0].title if page.toc.items else page.title
