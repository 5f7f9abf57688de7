"""HTML as the tests read it: most of them look at all built pages, and parsing is the long part."""

import functools

from bs4 import BeautifulSoup


@functools.cache
def parsed(html: str) -> BeautifulSoup:
    """Parse a page, once for all tests: who wants to change the tree takes a copy."""
    return BeautifulSoup(html, "html.parser")
