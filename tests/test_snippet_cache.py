"""A page is read once, until anything that it was read from changes."""

from pathlib import Path

import pytest

from tests.documents import ROOT
from tests.reading import document_cache
from tests.reading.document_cache import DocumentCache
from tests.reading.files import kept_for
from tests.reading.site_markdown import SiteMarkdown


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site whose one page includes a file."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "kept").mkdir()
    (tmp_path / "mkdocs.yml").write_bytes((ROOT / "mkdocs.yml").read_bytes())
    (tmp_path / "docs/page.md").write_text('A `3`{title="n"}.\n\n--8<-- "part.txt"\n', "utf-8")
    (tmp_path / "docs/part.txt").write_text("```python\nn = 3\n```\n", "utf-8")
    return tmp_path


@pytest.fixture
def conversions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows with each page that is converted."""
    seen: list[str] = []
    read = document_cache.read_document

    def counted(text: str, markdown: SiteMarkdown):
        seen.append(text)
        return read(text, markdown)

    monkeypatch.setattr(document_cache, "read_document", counted)
    return seen


def read(site: Path, folder: str | None = "kept"):
    cache = DocumentCache(SiteMarkdown(site / "mkdocs.yml"), folder and site / folder)
    return cache.read(site / "docs/page.md")


def test_a_page_is_recalled_as_it_was_read(site: Path, conversions: list[str]):
    first, second = read(site), read(site)

    assert len(conversions) == 1
    assert (second.lines, second.events) == (first.lines, first.events)


@pytest.mark.parametrize("file", ["docs/page.md", "docs/part.txt", "mkdocs.yml"])
def test_a_change_of_what_it_was_read_from_is_seen(site: Path, conversions: list[str], file: str):
    read(site)
    (site / file).write_text((site / file).read_text("utf-8") + "\n", "utf-8")
    read(site)

    assert len(conversions) == 2


def test_a_change_of_a_parser_is_seen(
    site: Path, conversions: list[str], monkeypatch: pytest.MonkeyPatch
):
    read(site)
    monkeypatch.setattr(document_cache, "version", lambda _: "99")
    read(site)

    assert len(conversions) == 2


@pytest.mark.parametrize("content", [b"", b"\x80\x04N.", b"nonsense"])
def test_a_damaged_file_is_read_anew(site: Path, conversions: list[str], content: bytes):
    first = read(site)
    next((site / "kept").iterdir()).write_bytes(content)

    assert read(site).events == first.events
    assert len(conversions) == 2


def test_nothing_is_kept_without_a_folder(site: Path, conversions: list[str]):
    read(site, None)
    read(site, None)

    assert len(conversions) == 2
    assert not list((site / "kept").iterdir())


def test_another_python_keeps_its_own(site: Path, monkeypatch: pytest.MonkeyPatch):
    here = kept_for(site)

    monkeypatch.setattr("sys.version", "3.99")

    assert kept_for(site) != here
    assert kept_for(site) != kept_for(site / "page.md")
