"""The site for language models, as llmstxt.org describes it: a list of pages, and all of them."""

from itertools import groupby
from operator import attrgetter
from pathlib import Path
from urllib.parse import urljoin

from mkdocs.config.defaults import MkDocsConfig

from docs._finish.taking.pages import Page, pages

LIST, WHOLE = "llms.txt", "llms-full.txt"
FIRST = "Start"  # what stands in no group of the navigation


def run(site: Path, config: MkDocsConfig) -> None:
    """Write both files, of the Markdown that lies beside each page."""
    found = pages(config)
    texts = {page: (site / f"{page.name}.md").read_text(encoding="utf-8") for page in found}
    parts = [f"# {config.site_name}", f"> {config.site_description}"]
    for section, group in groupby(found, attrgetter("section")):
        lines = [_line(page, texts[page], config.site_url or "") for page in group]
        parts.append(f"## {section or FIRST}\n\n" + "\n".join(lines))
    (site / LIST).write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    (site / WHOLE).write_text("\n\n".join(texts.values()), encoding="utf-8")


def _line(page: Page, text: str, site: str) -> str:
    title = text.partition("\n")[0].removeprefix("# ")
    return f"- [{title}]({urljoin(site, page.name)}.md): {page.description}"
