"""The catalogue of what can go wrong, for the page that explains messages, and its links."""

import json
import re
from collections import defaultdict
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from rnn_ref.messages import Message, entries
from rnn_ref.messages.catalogue import Entry, messages, page_of, pages, plain
from rnn_ref.messages.explanation import OVERVIEW

# It is part of the page, so that nothing moves when its script comes.
BOX = """<form class="decoder"><label for="decoder">Your message, or the whole traceback</label>
<textarea id="decoder" rows="5" spellcheck="false" dir="auto"></textarea>
<div role="status"></div></form>"""
SCRIPTS = ["assets/decoder-box.js"]  # which loads docs/assets/decoder.js


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the catalogue as a script, which a page can load wherever it was opened from."""
    content = f"const CATALOGUE = {json.dumps([shown(entry) for entry in messages()])}\n"
    files.append(File.generated(config, "assets/catalogue.js", content=content))
    return files


def on_page_content(content: str, page: Page, **_: Any) -> str:
    """Lead from what a chapter says of a mistake to its entry, which leads back."""
    for anchor, found in _entries(page.file.src_uri).items():
        links = ", ".join(
            f'<a href="{get_relative_url(f"{page_of(e.id).name}/#{e.id}", page.url)}">{e.id}</a>'
            for e in found
        )
        heading = rf'(<h([1-6]) id="{re.escape(anchor)}".*?</h\2>)'
        content = re.sub(heading, rf'\1<p class="entry">In the catalogue: {links}</p>', content)
    if page.file.src_uri == f"{OVERVIEW}.md":
        content = content.replace("</p>", f"</p>{BOX}", 1)
    return content


def _entries(file: str) -> dict[str, list[Entry]]:
    """The entries that lead to each heading of a page."""
    found = defaultdict(list)
    for entry in entries().values():
        for place in entry.read:
            name, _, anchor = place.partition("#")
            if name == file and anchor:
                found[anchor].append(entry)
    return found


def on_page_context(context: dict[str, Any], page: Page, **_: Any) -> dict[str, Any]:
    """Give the page of all messages its box, and made pages the way to their source."""
    if page.file.src_uri == f"{OVERVIEW}.md":
        context["scripts"] = SCRIPTS
    name = page.file.src_uri.removesuffix(".md")
    if page.edit_url and name in {made.name for made in pages()}:
        page.edit_url = page.edit_url.replace(
            f"docs/{name}.md", f"rnn_ref/messages/catalogue/{name}.toml"
        )
    return context


def shown(entry: Message) -> dict[str, Any]:
    """What docs/assets/decoder.js needs of an entry."""
    return {
        "id": entry.id,
        "title": entry.title,
        "error": entry.error,
        "url": f"{page_of(entry.id).name}/",
        "meaning": plain(entry.meaning),
        "templates": [
            {
                "source": template.source,
                # JavaScript spells the names of groups without the letter.
                "pattern": template.pattern.pattern.replace("(?P<", "(?<"),
                "literal": template.literal,
                "chunks": template.chunks,
                "parts": template.parts,
            }
            for template in entry.templates
        ],
        "causes": [
            {
                "name": plain(cause.name),
                "when": cause.when,
                "say": plain(cause.say),
                "tell": plain(cause.tell),
                "how": plain(cause.how),
            }
            for cause in entry.causes
        ],
    }
