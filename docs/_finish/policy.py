"""A content security policy in each page: own files, and the inline scripts it was built with."""

import base64
import hashlib
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from docs._finish.files import Site
from docs._finish.selectors import INLINE

RULES = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
}


def run(folder: Path, config: MkDocsConfig) -> None:
    """Write it into each page, before anything that it is about."""
    for page, html in Site.built(folder, config).pages().items():
        tag = f'<meta http-equiv="content-security-policy" content="{policy(html)}">'
        page.write_text(re.sub("<head>", rf"\g<0>{tag}", html, count=1), encoding="utf-8")


def policy(html: str) -> str:
    """Return the policy of a page."""
    own = " ".join(["'self'", *sorted({digest(script) for script in INLINE.findall(html)})])
    rules = {**RULES, "script-src": own}
    return ";".join(f"{what} {sources}" for what, sources in rules.items())


def digest(script: str) -> str:
    """Return an inline script as a source."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
