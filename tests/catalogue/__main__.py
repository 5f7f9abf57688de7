"""Run the code of the catalogue, write its output, and make the pages: `python -m tests.catalogue`.

With names, such as `errors/state`, only of these pages.
"""

import re
import sys
from pathlib import Path

from rnn_ref import messages
from tests.catalogue import markdown
from tests.documents import ROOT, check
from tests.snippets.rewrite import Rewriting

DOCS = ROOT / "docs"
CATALOGUE = Path(messages.__file__).parent / "catalogue"
FENCE = re.compile(r"^( *)```.*\n((?:.*\n)*?)\1```$", re.MULTILINE)


def main(names: list[str]) -> None:
    """Mend the output in the catalogue, then write the pages."""
    for page in messages.catalogue.pages():
        if not names or page.name in names:
            mend(page.name)
    messages.catalogue.pages.cache_clear()
    for file, text in markdown.files().items():
        (DOCS / file).parent.mkdir(exist_ok=True)
        (DOCS / file).write_text(text, "utf-8")


def mend(name: str) -> None:
    """Put into a file of the catalogue what its code prints, and say what cannot be mended."""
    source = CATALOGUE / f"{name}.toml"
    page = DOCS / f"{name}.md"
    source.write_text(with_errors(name, source.read_text("utf-8")), "utf-8")
    before = markdown.written(messages.catalogue.page(name, source.read_text("utf-8")))
    page.parent.mkdir(exist_ok=True)
    page.write_text(before, "utf-8")
    report = check(before, page)
    rewriting = Rewriting()
    rewriting.add(page, report.document.lines, report.problems)
    rewriting.write()
    after = page.read_text("utf-8")
    text = source.read_text("utf-8")
    for old, new in dict(zip(codes(before), codes(after), strict=True)).items():
        text = exchanged(text, old, new)
    source.write_text(text, "utf-8")
    for problem in report.problems:
        if not problem.mendable:
            print(problem.report(f"docs/{name}.md", report.document.lines))


def with_errors(name: str, text: str) -> str:
    """Give code that is to raise a line for what it raises, where it has none."""
    for entry in messages.catalogue.page(name, text).entries:
        if isinstance(entry, messages.Message):
            for code in (*entry.triggers, *(cause.code for cause in entry.causes)):
                if code and "#> " not in code:
                    text = exchanged(text, code, f"{code}\n#> {entry.error}: ...")
    return text


def exchanged(text: str, old: str, new: str) -> str:
    """Put one code into the place of another, which fills a text or a fence of it."""
    old, new = (f"{code.strip(chr(10))}\n" for code in (old, new))
    text = text.replace(f"\n{old}```", f"\n{new}```")
    place = re.compile(rf"('''\n?){re.escape(old.strip())}(\n?''')")
    return place.sub(lambda found: found[1] + new.strip() + found[2], text)


def codes(text: str) -> list[str]:
    """The code of each fence of a page, as the catalogue holds it."""
    found = FENCE.findall(text)
    return [re.sub(rf"^{indent}", "", code, flags=re.MULTILINE) for indent, code in found]


if __name__ == "__main__":
    main(sys.argv[1:])
