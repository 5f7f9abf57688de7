"""What is done to the site when it is built: docs/_finish/, a step after the other."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority

from docs._finish import llms, takes

STEPS = [takes.run, llms.run]


@event_priority(-100)  # after all that writes a file
def on_post_build(config: MkDocsConfig) -> None:
    """Go through the steps."""
    for step in STEPS:
        step(Path(config.site_dir), config)
