"""What only the build knows: which torch is installed, and where the repository is."""

from importlib.metadata import version
from typing import Any

from mkdocs.config.defaults import MkDocsConfig


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Fill in the footer and the edit links."""
    repository = config.extra["repository"].rstrip("/")
    # The metadata, since importing torch takes seconds; a local part such as +cpu says nothing.
    torch = version("torch").partition("+")[0]
    config.copyright = config.copyright.format(torch=torch, repository=repository)
    config.edit_uri = f"{repository}/edit/main/docs/"
    return config


def on_page_content(html: str, **_: Any) -> str:
    """Let the keyboard reach a long line: the theme sees to it only where a mouse is."""
    return html.replace("<pre><span></span><code>", '<pre><span></span><code tabindex="0">')
