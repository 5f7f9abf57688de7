"""A file beside the pages, README.md or CONTRIBUTING.md: no page of the site, without a namespace.

It is shown where an attribute list would be text, so a tie is a comment behind its number,
`3.11<!-- = python_minimum -->`, and speaks of the facts of the project. Numbers in code are
examples; names in code have to exist.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.reading.document import BESIDE, Claim, Document, Text, Written
from tests.reading.fences import Fence
from tests.reading.problems import DocumentError
from tests.reading.reader import read_events
from tests.reading.sentences import touching
from tests.reading.site_markdown import Line, SiteMarkdown

FACTS = Fence("from tests.facts import *", 0, continues=False, optout=None)
NAME = "name"  # the place of a claim about what code names
Event = Fence | Claim | Written
TIE = re.compile(r"<!-- = (.+?) -->")
SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_BLOCK = r"<div class=.[^>]*highlight.*?</div>|<pre data.*?</pre>"
_CODE = re.compile(rf"{_BLOCK}|<code.*?</code>", re.DOTALL)
COMMAND = re.compile(r" {4,}(make ([a-z-]+))")
_WORD = re.compile(r"[^\s(\[]*$")


def is_beside(file: Path) -> bool:
    """Tell README.md and its kin from pages: they are named in capitals."""
    return file.suffix == ".md" and file.stem.isupper()


def read_beside(text: str, markdown: SiteMarkdown) -> Document:
    """Find every claim and every name of such a file.

    Raises:
        DocumentError: A tie stands where it ties nothing.
    """
    rendered = markdown.render(text)
    rendered.html = _CODE.sub("", rendered.html)
    lines = rendered.lines
    events = [_placed(event) for event in read_events(rendered)]
    shown = [part for event in events for part in _parts(event, lines)]
    _reject_loose_ties(shown, lines)
    return Document(lines, [FACTS, *shown, *_names(lines)])


def _placed(event: Event) -> Event:
    """A picture is a photograph here, and no drawing."""
    return replace(event, place=BESIDE, image=None) if isinstance(event, Claim) else event


def _parts(event: Event, lines: list[Line]) -> Iterator[Event]:
    """Cut the tied number off a text."""
    if not isinstance(event, Claim) or not event.shown.runs:
        yield event
        return
    last = event.shown.runs[-1].source
    source = lines[last.line].text
    tie = TIE.match(source, last.column + len(last.text))
    word = _WORD.search(event.shown.text)
    if not tie or not word:
        yield event
        return
    head, tail = _split(event.shown, word.start())
    if reason := touching(head.text, tail.text, source[tie.end() :]):
        raise DocumentError(last.line, reason)
    yield replace(event, shown=head)
    yield replace(event, shown=tail, tie=Text(tie[1]), line=last.line)


def _split(text: Text, at: int) -> tuple[Text, Text]:
    before = tuple(run for run in text.runs if run.start < at)
    behind = tuple(replace(run, start=run.start - at) for run in text.runs if run.start >= at)
    return Text(text.text[:at], before), Text(text.text[at:], behind)


def _reject_loose_ties(claims: list[Event], lines: list[Line]) -> None:
    tied = [claim.line for claim in claims if isinstance(claim, Claim) and claim.tie]
    for i, line in enumerate(lines):
        ties = TIE.findall(SPAN.sub("", line.text))
        if len(ties) != tied.count(i):
            raise DocumentError(i, "a tie of such a file stands directly behind its number")


def _names(lines: list[Line]) -> Iterator[Claim]:
    """Yield a claim about each piece of code: there is what it names."""
    for i, line in enumerate(lines):
        command = COMMAND.match(line.text)
        code = [command[1]] if command else [match[2] for match in SPAN.finditer(line.text)]
        for piece in code:
            yield Claim(Text(""), Text(f"named({piece!r})"), NAME, i)
