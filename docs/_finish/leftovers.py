"""Files of the theme that nothing here leads to: other languages, maps of sources, its own logo."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

UNUSED = ["assets/**/*.map", "assets/javascripts/lunr/**/*", "assets/images/favicon.png"]


def run(folder: Path, _: MkDocsConfig) -> None:
    """Remove them, and folders that are empty then."""
    for pattern in UNUSED:
        for file in filter(Path.is_file, [*folder.glob(pattern)]):
            file.unlink()
    for path in sorted(folder.rglob("*"), reverse=True):  # what is in a folder comes first
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
