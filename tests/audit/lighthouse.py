"""The four figures of Lighthouse, which is a program for Node and installed beside the site."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from tests.conftest import FLAGS

PACKAGE = "lighthouse@12.8.2"  # the last that runs with Node 20
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def installed(folder: Path) -> Path:
    """Return the program, put into a folder when it is not there yet.

    Raises:
        SystemExit: Node is missing, or the package cannot be had.
    """
    program = folder / "node_modules/.bin/lighthouse"
    if program.exists():
        return program
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("Lighthouse needs Node 20 or newer, with npm: install the package nodejs.")
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, PACKAGE]
    subprocess.run(command, check=True)
    return program


def scores(program: Path, browser: str, url: str, least: int) -> dict[str, int]:
    """Return the figures of a page as Lighthouse sees it on a phone, of a hundred.

    Its performance hangs on what else the machine does: below the least that is asked for, it is
    the median of three, as Lighthouse's own advice is.
    """
    found = _once(program, browser, url)
    if found["performance"] < least:
        again = [_once(program, browser, url)["performance"] for _ in range(2)]
        found["performance"] = sorted([found["performance"], *again])[1]
    return found


def _once(program: Path, browser: str, url: str) -> dict[str, int]:
    command = [
        *(str(program), url, "--quiet", "--output=json", "--output-path=stdout"),
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
    ]
    environment = {**os.environ, "CHROME_PATH": browser}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"Lighthouse failed on {url}:\n{run.stderr[-2000:]}")
    found = json.loads(run.stdout)["categories"]
    return {name: round(100 * (found[name]["score"] or 0)) for name in CATEGORIES}
