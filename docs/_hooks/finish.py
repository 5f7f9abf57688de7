"""What is done to the site when it is built: docs/_finish/, a step after the other."""

from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.pages import Page

from docs._finish import cards, icon, leftovers, llms, offline, policy, scripts, styles, takes
from docs._finish.taking.pages import taken

# Scripts are read for styles.
STEPS = [takes.run, llms.run, cards.run, icon.run, styles.run, scripts.run, leftovers.run]

_serves = False


def on_startup(command: str, **_: Any) -> None:
    """Note whether somebody writes, and looks at it."""
    global _serves  # noqa: PLW0603
    _serves = command == "serve"


def on_page_context(context: dict[str, Any], page: Page, **_: Any) -> dict[str, Any]:
    """Tell the template what the page is taken as."""
    return context | {"taken": taken(page.file.src_uri)}


@event_priority(-100)  # after all that writes a file
def on_post_build(config: MkDocsConfig) -> None:
    """Go through the steps; what reloads a page while it is written is a script without policy."""
    for step in STEPS if _serves else [*STEPS, policy.run, offline.run]:
        step(Path(config.site_dir), config)
