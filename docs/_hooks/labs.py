"""Labs: mkdocs-jupyter executes them, and they are shown as the other pages are.

Its own page would bring half a megabyte of another theme's style, and every cell's code twice.
The template in notebook/ makes it hand over the executed notebook instead, which becomes Markdown
and goes through the site's own extensions.
"""

import hashlib
import os
import posixpath
import shutil
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import jupytext
import nbformat
from jinja2 import Environment
from lab_pages import as_download, as_page
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs_jupyter.config import settings

import rnn_ref
from docs._finish.takes import take
from docs._finish.taking.plain import written
from docs._finish.taking.scripts import from_notebook

FOLDER = "labs/"
HERE = Path(__file__).parent
BRANCH = "gh-pages"  # where `make publish` puts the site, notebooks included


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Keep executed labs apart by all that their output depends on beside themselves."""
    settings.templates_dir = str(HERE / "notebook")
    # For the kernel: no settings of the user's, encryption, no progress bar, plots on the page.
    os.environ.update(JUPYTER_CONFIG_DIR=settings.templates_dir, TQDM_DISABLE="1")
    os.environ.pop("MPLBACKEND", None)
    config.plugins["mkdocs-jupyter"].config["cache_dir"] = str(kept(config) / outside_digest())
    return config


def kept(config: MkDocsConfig) -> Path:
    """Return the folder of what has been executed."""
    return Path(config.docs_dir).parent / ".cache/labs"


def outside_digest() -> str:
    """Return what changes with rnn_ref and with the version of torch."""
    digest = hashlib.sha256(version("torch").encode())
    package = Path(rnn_ref.__file__).parent
    for file in sorted(package.rglob("*")):
        if file.suffix in {".py", ".mplstyle"}:
            name = file.relative_to(package).as_posix()
            digest.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@event_priority(-50)  # after mkdocs-jupyter has put its `render` in place of the page's
def on_pre_page(page: Page, config: MkDocsConfig, files: Files) -> None:
    """Let a lab be executed by mkdocs-jupyter, and rendered as Markdown."""
    if not page.file.src_uri.startswith(FOLDER):
        return
    execute = page.render

    def render(config: MkDocsConfig, files: Files) -> None:
        execute(config, files)
        show(page, config, files)

    page.render = render


def show(page: Page, config: MkDocsConfig, files: Files) -> None:
    """Turn the executed notebook into the page, its figures, and what is offered beside it."""
    name = Path(page.file.src_uri).stem
    lab = as_page(nbformat.reads(page.content, as_version=4), name, links(name, config))
    page.markdown, page.meta = lab.text, page.meta | lab.meta
    source = jupytext.read(page.file.abs_src_path)
    download = as_download(source, name, install(), lambda to: address(to, config, files))
    made = {**lab.figures, f"{name}.ipynb": nbformat.writes(download)}
    for file, content in made.items():
        files.append(File.generated(config, FOLDER + file, content=content))
    text = written(take(lab.text, page.file.src_uri, config.site_url or ""))
    files.append(no_source(f"{name}.md", text, config))
    files.append(no_source(f"{name}.py", from_notebook(download), config))
    Page.render(page, config, files)


def no_source(name: str, content: str, config: MkDocsConfig) -> File:
    """Return a file beside the labs that is called as a source is, and makes no page."""
    file = File.generated(config, f"{FOLDER}{name}.made", content=content)
    file.dest_uri = FOLDER + name
    return file


def on_env(_: Environment, config: MkDocsConfig, files: Files) -> None:
    """Show the files that the labs have made to the check of links."""
    if "htmlproofer" in config.plugins:
        config.plugins["htmlproofer"].on_files(files, config=config)


def on_post_build(config: MkDocsConfig) -> None:
    """Remove what was executed with another rnn_ref or torch; mkdocs-jupyter does the rest."""
    for folder in kept(config).glob("*"):
        if folder.name != outside_digest():
            shutil.rmtree(folder)


def links(name: str, config: MkDocsConfig) -> str:
    """Write the line below a lab's title."""
    download = f"[Download the notebook]({name}.ipynb){{download}}"
    repository = urlsplit(config.extra["repository"])
    if repository.hostname != "github.com":  # Colab opens notebooks from nowhere else
        return f"{download}\n{{.lab-links}}"
    path = f"github{repository.path.rstrip('/')}/blob/{BRANCH}/{FOLDER}{name}.ipynb"
    colab = f"[Open in Colab](https://colab.research.google.com/{path})"
    return f"{download} · {colab}\n{{.lab-links}}"


def install() -> str:
    """Return the first cell of a downloaded lab."""
    return f'%pip install --quiet "rnn-ref[labs]=={version("rnn-ref")}"'


def address(link: str, config: MkDocsConfig, files: Files) -> str:
    """Return the whole address of a page that a lab links to."""
    file = files.get_file_from_path(posixpath.normpath(FOLDER + link))
    return urljoin(config.site_url, file.url if file else link)
