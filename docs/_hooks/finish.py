"""What is done to the site when it is built: docs/_finish/, a step after the other."""

from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.pages import Page

from docs._finish import llms, takes
from docs._finish.taking.pages import taken

STEPS = [takes.run, llms.run]


def on_page_context(context: dict[str, Any], page: Page, **_: Any) -> dict[str, Any]:
    """Tell the template what the page is taken as."""
    return context | {"taken": taken(page.file.src_uri)}


@event_priority(-100)  # after all that writes a file
def on_post_build(config: MkDocsConfig) -> None:
    """Go through the steps."""
    for step in STEPS:
        step(Path(config.site_dir), config)
