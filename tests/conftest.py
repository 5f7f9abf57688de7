"""What all tests share: cases that are drawn, the site as `make site` builds it, and a browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from mkdocs.commands import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests import fonts
from tests.serving import address, serving

ROOT = Path(__file__).parents[1]
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A request elsewhere is seen and reported; it never leaves the machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
SITE = {"build_pages", "built_site", "launch"}  # fixtures that lead to one
WIDE: ViewportSize = {"width": 1280, "height": 900}
# For who looks at pages: the search would read them all in the background, for each page anew.
NO_SEARCH = "window.Worker = class extends EventTarget { postMessage() {} }"
# The site is not kept for later: that reads all of it in the background.
NO_OFFLINE = "delete Navigator.prototype.serviceWorker"

# Each run explores other cases and prints how to repeat a red one. In CI hypothesis takes its own
# profile, which draws the same cases each time.
explored = settings.get_profile("default")
settings.register_profile("default", explored, deadline=None, print_blob=True)


def build_site(site_dir: Path, **settings: object) -> Path:
    """Build with mkdocs.yml, `settings` taking precedence, and raise on any warning."""
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(site_dir), **settings)
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build.build(config)
    finally:
        config.plugins.on_shutdown()
    return site_dir


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-fonts", action="store_true", help="look at the pages in all fonts")
    parser.addoption("--audit", action="store_true", help="look at all pages where a few will do")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark fences, and tests of a built site: `make test` runs those beside all others."""
    for item in items:
        if not isinstance(item, pytest.Function) or SITE.intersection(item.fixturenames):
            item.add_marker("site")


@pytest.fixture(scope="session")
def build_pages() -> Callable[..., Path]:
    return build_site


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def site_url(built_site: Path) -> Iterator[str]:
    with serving(built_site) as server:
        yield address(server)


@pytest.fixture(scope="module")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Browser]]:
    """Starts a browser that has one set of fonts, whatever else the machine has."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else BROWSERS
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("No Chromium: `make browser` installs it, or says how to. CHROMIUM names one.")
    fonts_conf = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    with sync_playwright() as playwright:

        def launch(font_set: fonts.FontSet = fonts.WIDEST, hinting: str = "full") -> Browser:
            if font_set.missing:
                pytest.fail(
                    f"No {', '.join(font_set.missing)} below {font_set.folder}: "
                    "`make fonts` unpacks them there, or says how to."
                )
            fonts_conf.write_text(fonts.settings(font_set, hinting), encoding="utf-8")
            env: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(fonts_conf)}
            return playwright.chromium.launch(executable_path=path, args=FLAGS, env=env)

        yield launch


@pytest.fixture(scope="module")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def open_context(browser: Browser, site_url: str) -> Callable[..., BrowserContext]:
    def open_context(scheme: str, adds_styles: bool = False) -> BrowserContext:
        """Keep the policy of pages, unless a test is to add styles to them."""
        context = browser.new_context(
            color_scheme=scheme, viewport=WIDE, base_url=site_url, bypass_csp=adds_styles
        )
        context.set_default_timeout(10_000)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.add_init_script(NO_OFFLINE)
        return context

    return open_context


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A reader's page, in the light."""
    context = open_context("light")
    yield context.new_page()
    context.close()
