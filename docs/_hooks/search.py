"""What the search is told of a page besides its text: its description, and how much it counts."""

import re
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


# Code of the catalogue: what it raises is pasted into the search, what it mends with is not.
CATALOGUE = ("errors/", "silent/")
_BLOCK = re.compile(
    r'<div class="language-python highlight"[^>]*>(?:(?!</div>).)*</div>', re.DOTALL
)
_RAISED = re.compile(r"#&gt; [\w.]+(?:Error|Exception|Warning|Unsupported|Interrupt)\b")


@event_priority(-50)  # before the plugin reads the page
def on_page_content(content: str, page: Page, **_: Any) -> str | None:
    """Leave code of the catalogue out of the index, unless a message stands in it."""
    if not page.file.src_uri.startswith(CATALOGUE):
        return None
    return _BLOCK.sub(
        lambda block: (
            block[0]
            if _RAISED.search(block[0])
            else block[0].replace("<div", "<div data-search-exclude", 1)
        ),
        content,
    )


def on_page_context(_: dict[str, Any], page: Page, **__: Any) -> None:
    """Keep the description, which docs/_hooks/pages.py has escaped."""
    _descriptions[page.url] = page.meta.get("description", "")


@event_priority(100)  # before the plugin writes its index
def on_post_build(config: MkDocsConfig) -> None:
    """Put the description before the text of the page: it has the words that readers type."""
    for entry in config.plugins["material/search"].search_index.entries:  # type: ignore[attr-defined]
        if said := _descriptions.get(entry["location"]):
            entry["text"] = f"<p>{said}</p> {entry['text']}"
