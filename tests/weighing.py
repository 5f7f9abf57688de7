"""What a page weighs when it is opened for the first time, worked out from the built files."""

import gzip
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bs4 import Tag

from tests.markup import parsed

LEVEL = 6  # of compression, the usual one of servers
COMPRESSED = {".html", ".css", ".js", ".svg", ".json"}


@dataclass(frozen=True)
class FirstView:
    """The files that a browser asks for before anybody touches the page."""

    page: Path
    shared: frozenset[Path]
    figures: frozenset[Path]
    later: frozenset[Path]  # figures that wait until they are nearly seen, which some are at once

    @property
    def sure(self) -> frozenset[Path]:
        return frozenset({self.page}) | self.shared | (self.figures - self.later)

    @property
    def most(self) -> frozenset[Path]:
        return self.sure | self.later


def weight(files: frozenset[Path]) -> int:
    """Bytes as they are sent, without headers."""
    return sum(len(sent(file)) for file in files)


@cache
def sent(file: Path) -> bytes:
    content = file.read_bytes()
    compressed = file.suffix in COMPRESSED
    return gzip.compress(content, LEVEL, mtime=0) if compressed else content


def first_view(page: Path, site: Path) -> FirstView:
    soup = parsed(page.read_text(encoding="utf-8"))

    def files(*found: tuple[str, str]) -> frozenset[Path]:
        addresses = [str(tag[name]) for selector, name in found for tag in soup.select(selector)]
        return frozenset(_file(page, site, each) for each in addresses if _asked(each))

    shared = files(
        ("link[rel=stylesheet], link[rel=icon]", "href"), ("script[src]:not([type])", "src")
    )
    figures = {
        tag: _file(page, site, _heaviest(tag, page, site)) for tag in soup.select("img[src]")
    }
    own = {tag: file for tag, file in figures.items() if _asked(tag["src"])}
    later = frozenset(file for tag, file in own.items() if tag.get("loading") == "lazy")
    return FirstView(page, shared, frozenset(own.values()), later)


def _heaviest(image: Tag, page: Path, site: Path) -> str:
    """Of the variants of a picture, of which a browser takes one."""
    picture = image.find_parent("picture")
    sources = picture.select("source[srcset]") if picture else []
    variants = [str(image["src"]), *(str(each["srcset"]).split()[0] for each in sources)]
    return max(variants, key=lambda each: len(sent(_file(page, site, each))) if _asked(each) else 0)


def _asked(address: Any) -> bool:
    return not str(address).startswith("data:")


def _file(page: Path, site: Path, address: str) -> Path:
    path = re.sub("[?#].*", "", address)
    return (site / path.lstrip("/") if path.startswith("/") else page.parent / path).resolve()
