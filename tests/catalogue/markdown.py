"""The Markdown of the pages that are made of the catalogue."""

import posixpath
import re
from collections.abc import Iterable, Iterator

from bs4 import Tag

from rnn_ref.messages import Cause, Crash, Message, Silent, Wording
from rnn_ref.messages.catalogue import Entry, Page, pages
from tests.links import rendered

CONTINUED = "{.python continuation}"
NUMBER = re.compile(r"(?<!\w)\d")  # in a heading, whose page ties it


def files() -> dict[str, str]:
    """All pages that are made of the catalogue: what each file in docs/ holds."""
    return {f"{page.name}.md": written(page) for page in pages()}


def written(page: Page) -> str:
    """The page of one file of the catalogue."""
    parts = [page.intro, *(part for entry in page.entries for part in _entry(entry, page))]
    named = {other.name: other for other in pages()}
    for listed in map(named.__getitem__, page.lists):
        parts += [f"## [{listed.title}]({listed.name}.md)", _listed(listed)]
    return _page(page, parts)


def _page(page: Page, parts: Iterable[str]) -> str:
    quoted = page.description.replace('"', '\\"')
    # A list has as many headings as the navigation has pages, which stands beside it.
    bare = "hide: [toc]\n" if page.lists else ""
    head = f'---\ndescription: "{quoted}"\n{bare}---\n\n# {page.title}\n\n'
    return head + "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _listed(page: Page) -> str:
    return "\n".join(
        f"- [{_literal(entry.title)}]({page.name}.md#{entry.id}){{#{entry.id}}}"
        for entry in page.entries
    )


def _literal(title: str) -> str:
    """Let nothing in a message stand for emphasis."""
    parts = title.split("`")
    parts[::2] = [
        re.sub(r"([*]|__)", lambda found: "\\" + "\\".join(found[0]), part) for part in parts[::2]
    ]
    return "`".join(parts)


def _entry(entry: Entry, page: Page) -> Iterator[str]:
    yield f"## {_literal(entry.title)} {{#{entry.id}}}"
    if isinstance(entry, Message):
        yield from _message(entry)
    elif isinstance(entry, Silent):
        yield from _silent(entry)
    else:
        yield from _crash(entry)
    if entry.read:
        links = [_link(place, page.name) for place in entry.read]
        yield f"Read on: {', '.join(links)}."


def _message(entry: Message) -> Iterator[str]:
    option = f" {entry.option}" if entry.option else ""
    for trigger in entry.triggers:
        yield fence(trigger, f"{{.python{option}}}" if option else "python")
    if entry.not_run:
        yield fence(entry.sample, f'{{.text data-notest="{entry.not_run}"}}')
    yield entry.meaning
    for cause in entry.causes:
        yield from _cause(cause, option)
    if entry.wordings:
        yield _wordings(entry.wordings)


def _cause(cause: Cause, option: str) -> Iterator[str]:
    continued = CONTINUED.replace("}", f"{option}}}")
    yield f"**{cause.name}.**" + (f"\n{cause.tell}" if cause.tell else "")
    if cause.code:
        yield fence(cause.code, continued)
    yield cause.how
    if cause.fix:
        yield fence(cause.fix, continued)


def _wordings(wordings: Iterable[Wording]) -> str:
    texts = "\n\n".join(f"# {each.versions}\n{each.sample}" for each in wordings)
    text = fence(texts, '{.text data-notest="other versions than this one print it"}')
    return f'??? note "In other versions"\n\n{_indented(text)}'


def _silent(entry: Silent) -> Iterator[str]:
    yield entry.why
    yield fence(entry.setup, "python")
    yield '<div class="grid" markdown>'
    for name, code in ("Wrong", entry.wrong), ("Right", entry.right):
        yield f"<div markdown>\n\n**{name}**\n\n{fence(code, CONTINUED)}\n\n</div>"
    yield "</div>"
    yield entry.told
    yield "The test that would have caught it:"
    yield fence(entry.test, CONTINUED)


def _crash(entry: Crash) -> Iterator[str]:
    yield f'!!! danger "It ends Python"\n\n{_indented(fence(entry.trigger, "python"))}'
    yield entry.why
    yield entry.how
    yield fence(entry.fix, CONTINUED)


def fence(code: str, language: str) -> str:
    """A fence, as it stands on a page."""
    return f"```{language}\n{code}\n```"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.split("\n"))


def _link(place: str, page: str) -> str:
    """A link that is called by the title of a page, and by the heading that it leads to."""
    file, _, anchor = place.partition("#")
    html, _ = rendered(file)
    title = html.select_one("h1")
    heading = html.find(id=anchor) if anchor else None
    assert title, file
    named = _source(title).partition(":")[0]
    if anchor:
        assert isinstance(heading, Tag), f"{place}: there is no such heading"
        words = _source(heading)
        named += "" if NUMBER.search(words) else f": {words}"
    return f"[{named}]({posixpath.relpath(place, posixpath.dirname(page) or '.')})"


def _source(node: Tag) -> str:
    """The Markdown of a heading."""
    return "".join(
        f"`{child.get_text()}`" if child.name == "code" else child.get_text()
        if isinstance(child, Tag) else str(child)
        for child in node.children
    )  # fmt: skip
