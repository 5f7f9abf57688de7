"""The built site: its pages, and the files that a page asks for."""

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mkdocs.config.defaults import MkDocsConfig

TAG = r"""<%s\b(?:[^>"']|"[^"]*"|'[^']*')*>"""
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")


Address = Callable[[Path], str]  # of a file, on a page
Written = Callable[[Path, tuple[Path, ...], Address], str]  # a page, its files


@dataclass(frozen=True)
class Tag:
    """A start tag, as it is written."""

    text: str

    @cached_property
    def attributes(self) -> dict[str, str]:
        """Return each attribute with its value, empty if it has none."""
        written = ATTRIBUTE.findall(self.text.partition(" ")[2])
        return {name: unescape("".join(values)) for name, *values in written}


def tags(html: str, name: str, end: str = "") -> list[Tag]:
    """Return the start tags of a name, in order, with the `end` that stands right behind them."""
    return [Tag(text) for text in re.findall(TAG % name + end, html)]


@dataclass(frozen=True)
class Site:
    """The folder of a built site."""

    folder: Path
    root: str = "/"  # the path below which it is served

    @classmethod
    def built(cls, folder: Path, config: MkDocsConfig) -> "Site":
        """Return what has been built with these settings."""
        return cls(folder, urlsplit(config.site_url).path or "/")

    def pages(self) -> dict[Path, str]:
        """Return the pages, each with its HTML."""
        found = sorted(self.folder.rglob("*.html"))
        return {page: page.read_text(encoding="utf-8") for page in found}

    def target(self, page: Path, address: str) -> Path | None:
        """Return the file that an address on a page leads to, or None if it leads elsewhere."""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path:
            return None
        path = unquote(parts.path)
        if path.startswith("/"):  # on the page that stands for those that are missing
            return self.folder / path.removeprefix(self.root).lstrip("/")
        return self.folder / posixpath.normpath(self.name(page.parent / path))

    def name(self, file: Path) -> str:
        """Return the path of a file below the folder."""
        return file.relative_to(self.folder).as_posix()

    def address(self, page: Path, file: Path, like: str) -> str:
        """Return the address of a file on a page: from the root, if that is what it is `like`."""
        if like.startswith("/"):
            return self.root + self.name(file)
        return posixpath.relpath(file.as_posix(), page.parent.as_posix())

    def write(self, name: str, content: str) -> Path:
        """Write a file that is named by its content, so that no browser keeps an old one."""
        stem, _, suffix = name.rpartition(".")
        digest = hashlib.sha256(content.encode()).hexdigest()[:8]
        file = self.folder / "assets" / f"{stem}.{digest}.{suffix}"
        file.write_text(content, encoding="utf-8")
        return file


def joined(files: Iterable[Path]) -> str:
    """Return the content of files, one after the other."""
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def exchange(site: Site, asked: Callable[[str], dict[Tag, str]], written: Written) -> None:
    """Put something else in the place of files that pages ask for.

    `asked` gives the tags of a page that ask for them, with their addresses, and `written` what
    stands in the place of the first.
    """
    gone = set()
    for page, html in site.pages().items():
        found = {tag: (where, site.target(page, where)) for tag, where in asked(html).items()}
        own = {tag: pair for tag, pair in found.items() if pair[1] and pair[1].is_file()}
        if own:
            like, files = (
                next(iter(own.values()))[0],
                tuple(file for _, file in own.values() if file),
            )
            new = written(page, files, partial(site.address, page, like=like))
            page.write_text(_replaced(html, [*own], new), encoding="utf-8")
            gone.update(files)
    for file in gone:
        file.unlink()


def _replaced(html: str, tags: list[Tag], new: str) -> str:
    first, *others = tags
    for tag in others:
        html = html.replace(tag.text, "", 1)
    return html.replace(first.text, new, 1)
