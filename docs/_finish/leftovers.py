"""What nothing on the site leads to: the theme's other languages, its logo, maps of sources."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

UNUSED = [
    "assets/**/*.map",
    "assets/javascripts/lunr/**/*",
    "assets/images/favicon.png",
    "assets/logo.svg",  # stands in each page
    "assets/site.png",  # for the readme
]


def run(folder: Path, _: MkDocsConfig) -> None:
    """Remove them, and folders that are empty then."""
    for pattern in UNUSED:
        for file in filter(Path.is_file, [*folder.glob(pattern)]):
            file.unlink()
    for path in sorted(folder.rglob("*"), reverse=True):  # what is in a folder comes first
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
