"""What the search is told of a page besides its text: its description, and how much it counts."""

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.pages import Page

# What is looked up, tried, or has a bit of every answer: in the search the chapters come first.
ASIDE = (
    "index.md",  # asks the questions of all chapters
    "api/",
    "labs/",
    "glossary.md",
    "errors/",
    "silent/",
    "error-messages.md",
    "runs-but-wrong.md",
    "crashes.md",
    "what-other-texts-get-wrong.md",
    "the-five-posts.md",
)

_descriptions: dict[str, str] = {}


def on_page_markdown(_: str, page: Page, **__: Any) -> None:
    """Let a page that answers a question come before those that touch on it."""
    if page.file.src_uri.startswith(ASIDE):
        page.meta["search"] = {"boost": 0.5}


def on_page_context(_: dict[str, Any], page: Page, **__: Any) -> None:
    """Keep the description, which docs/_hooks/pages.py has escaped."""
    _descriptions[page.url] = page.meta.get("description", "")


@event_priority(100)  # before the plugin writes its index
def on_post_build(config: MkDocsConfig) -> None:
    """Put the description before the text of the page: it has the words that readers type."""
    for entry in config.plugins["material/search"].search_index.entries:  # type: ignore[attr-defined]
        if said := _descriptions.get(entry["location"]):
            entry["text"] = f"<p>{said}</p> {entry['text']}"
