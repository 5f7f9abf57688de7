"""What is done to the site when it is built: docs/_finish/, a step after the other."""

from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority

from docs._finish import cards, icon, leftovers, offline, policy, scripts, styles

STEPS = [cards.run, icon.run, styles.run, scripts.run, leftovers.run]  # scripts are read for styles

_serves = False


def on_startup(command: str, **_: Any) -> None:
    """Note whether somebody writes, and looks at it."""
    global _serves  # noqa: PLW0603
    _serves = command == "serve"


@event_priority(-100)  # after all that writes a file
def on_post_build(config: MkDocsConfig) -> None:
    """Go through the steps; what reloads a page while it is written is a script without policy."""
    for step in STEPS if _serves else [*STEPS, policy.run, offline.run]:
        step(Path(config.site_dir), config)
