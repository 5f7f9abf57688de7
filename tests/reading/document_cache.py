"""Keep read pages between runs: converting Markdown is most of what a thousand fences cost."""

import pickle
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from tests.reading import versions
from tests.reading.beside import is_beside, read_beside
from tests.reading.docstrings import read_source
from tests.reading.document import Document
from tests.reading.files import digest, kept_for, load, write_whole
from tests.reading.labs import is_lab, read_lab
from tests.reading.reader import read_document
from tests.reading.site_markdown import SiteMarkdown


@dataclass(frozen=True)
class _Entry:
    """A page as it was read, and a digest of all that it was read from."""

    document: Document
    digest: str


def read_text(text: str, file: Path, markdown: SiteMarkdown) -> Document:
    """Read a file's text: a page, one beside them, a lab, or the examples in docstrings.

    Raises:
        DocumentError: It cannot be checked.
    """
    if file.suffix != ".py":
        return (read_beside if is_beside(file) else read_document)(text, markdown)
    return (read_lab if is_lab(text) else read_source)(text, markdown)


class DocumentCache:
    """Reads pages; one that was read before, from the same files by the same code, is recalled.

    Args:
        markdown: The site's converter.
        folder: Where pages are kept; None keeps nothing.
    """

    def __init__(self, markdown: SiteMarkdown, folder: Path | None):
        self.markdown = markdown
        self.folder = folder
        code = sorted(Path(__file__).parent.glob("*.py"))
        code += [markdown.config_file, versions.PYPROJECT]
        others = [version(name) for name in ("Markdown", "pymdown-extensions", "Pygments")]
        made_by = repr([sys.version, *others])
        self.reader = digest(*(path.read_bytes() for path in code), made_by.encode())

    def read(self, page: Path) -> Document:
        """Read a page of the site, or a Python file.

        Raises:
            DocumentError: The page cannot be checked; it is not kept.
        """
        text = page.read_text("utf-8")
        if self.folder is None:
            return read_text(text, page, self.markdown)
        kept = self.folder / kept_for(page)
        entry = load(kept)
        if not isinstance(entry, _Entry) or entry.digest != self.digest(text, entry.document):
            document = read_text(text, page, self.markdown)
            entry = _Entry(document, self.digest(text, document))
            write_whole(kept, pickle.dumps(entry))
        return entry.document

    def digest(self, text: str, document: Document) -> str:
        """Return what changes when the page, a file that it includes, or the reader changes."""
        included = sorted({Path(line.file) for line in document.lines if line.file})
        parts = [path.read_bytes() if path.is_file() else b"" for path in included]
        return digest(self.reader.encode(), text.encode(), *parts)
