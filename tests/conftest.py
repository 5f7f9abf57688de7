"""The site, built as `make site` builds it, and a server for it."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from mkdocs.commands import build
from mkdocs.config import load_config

ROOT = Path(__file__).parents[1]


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and keeps the tests' output clean."""

    def log_message(self, *_: object) -> None:
        pass


def build_site(site_dir: Path, **settings: object) -> Path:
    """Build with mkdocs.yml, `settings` taking precedence, and raise on any warning."""
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(site_dir), **settings)
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build.build(config)
    finally:
        config.plugins.on_shutdown()
    return site_dir


@pytest.fixture(scope="session")
def build_pages() -> Callable[..., Path]:
    return build_site


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def site_url(built_site: Path) -> Iterator[str]:
    handler = partial(QuietHandler, directory=str(built_site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
