"""Keep which pages were right: a page is run again when anything that its run saw has changed."""

import os
import pickle
import platform
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from tests.reading.document import Claim, Document
from tests.reading.document_cache import DocumentCache
from tests.reading.files import digest, kept_for, load, write_whole
from tests.snippets.check import Report

PACKAGE = Path(__file__).parents[2] / "rnn_ref"
CHECK = (Path(__file__).parent, Path(__file__).parents[1] / "arithmetic")
# What decides how numbers are computed, and by what.
ARITHMETIC = ("ATEN", "GOMP", "KMP", "MKL", "NPY", "OMP", "ONEDNN", "OPENBLAS", "TORCH")
LIBRARIES = ("matplotlib", "numpy", "scikit-learn", "scipy", "torch")


@dataclass(frozen=True)
class _Verdict:
    """A report without a problem, and a digest of all that it depends on."""

    digest: str
    report: Report


class Verdicts:
    """Recalls the reports of pages that were right.

    Args:
        cache: What the pages are read with.
        folder: Where reports are kept; None keeps nothing.
    """

    def __init__(self, cache: DocumentCache, folder: Path | None):
        self.cache = cache
        self.folder = folder
        code = sorted(file for folder in (PACKAGE, *CHECK) for file in folder.rglob("*.py"))
        settings = {k: v for k, v in os.environ.items() if k.startswith(ARITHMETIC)}
        installed = {d.name: d.version for d in map(_distribution, LIBRARIES) if d}
        here = [platform.processor(), platform.platform(), os.cpu_count(), settings, installed]
        self.state = digest(*(path.read_bytes() for path in code), repr(here).encode())

    def recall(self, page: Path, document: Document) -> Report | None:
        """Return the report of a page, if it was right and everything is as it was then."""
        kept = load(self._file(page)) if self.folder else None
        if not isinstance(kept, _Verdict) or kept.digest != self._digest(page, document):
            return None
        return kept.report

    def keep(self, page: Path, report: Report) -> None:
        """Keep the report of a page that is right."""
        if self.folder and not report.problems:
            verdict = _Verdict(self._digest(page, report.document), report)
            write_whole(self._file(page), pickle.dumps(verdict))

    def _file(self, page: Path) -> Path:
        assert self.folder is not None
        return self.folder / kept_for(page)

    def _digest(self, page: Path, document: Document) -> str:
        """Return what changes when anything changes that a run of the page sees."""
        images = {event.image for event in document.events if isinstance(event, Claim)}
        files = [page.parent / image for image in sorted(filter(None, images))]
        drawn = [file.read_bytes() if file.is_file() else b"" for file in files]
        read = self.cache.digest(page.read_text("utf-8"), document)
        return digest(read.encode(), self.state.encode(), *drawn)


def _distribution(name: str) -> metadata.Distribution | None:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
