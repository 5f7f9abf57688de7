"""Reads a page: walks its HTML, and finds what the reader meets, in its order."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from mkdocs.utils.meta import get_data

from tests.reading import numerals, orders, versions
from tests.reading.comparisons import dangling
from tests.reading.document import NAMED_ELSEWHERE, Claim, Document, Run, Text, Written
from tests.reading.elements import NUMBERED, TIED, VOID, odd_character, refused
from tests.reading.fences import Fence, read_fence
from tests.reading.front_matter import check_front_matter
from tests.reading.problems import DocumentError, Problem
from tests.reading.sentences import denying, touching
from tests.reading.site_markdown import MARK, Line, Rendered, SiteMarkdown
from tests.reading.tables import check_tables

INLINE = {"code", "strong", "em", "span", "a", "sup"}  # they do not end a line of text
DIRECTIVE = re.compile(r"::: +\S")  # mkdocstrings puts an object's documentation there
# The comments around what an expression writes.
WRITTEN, END = "written by:", "end of what is written"
PLACES = {
    "td": "table",
    "th": "table",
    "figcaption": "caption",
    "summary": "title",
    "label": "title",
} | dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading")
# A link to an entry of the catalogue is called by its heading, whose page spells the names in it.
ENTRY = re.compile(r"\.md#[A-Z][A-Z0-9-]+")


def read_document(text: str, markdown: SiteMarkdown) -> Document:
    """Find every fence and every claim that the rendered page shows.

    Raises:
        DocumentError: The page shows no Python fence, a fence's header is wrong, or a piece of
            Markdown was not understood as what it looks like.
    """
    body = get_data(text)[0]
    front = text[: len(text) - len(body)].count("\n")
    rendered = markdown.render("\n" * front + body)
    above = enumerate(text.split("\n")[:front])
    rendered.lines[:front] = [Line(line, None, number) for number, line in above]
    document = Document(rendered.lines, read_events(rendered))
    check_front_matter(text[: len(text) - len(body)], body)
    if not document.fences:
        _reject_unexecuted(document)
    return document


def read_events(rendered: Rendered) -> list[Fence | Claim | Written | Problem]:
    """Return what the reader meets, in its order.

    Raises:
        DocumentError: As for `read_document`.
    """
    reader = _Reader(rendered)
    reader.feed(rendered.html)
    reader.close()
    shown = Document(rendered.lines, reader.events)
    return [*shown.events, *check_tables(rendered, shown)]


def _reject_unexecuted(document: Document) -> None:
    """Only a page of the API has no fence of its own: those that it shows belong to docstrings."""
    if not any(DIRECTIVE.match(line.text) for line in document.lines):
        raise DocumentError(0, "no Python fence is shown on this page: nothing would be executed")
    for claim in document.events:
        raise DocumentError(claim.line, "a page without a fence can tie nothing: reword it")


@dataclass
class _Element:
    tag: str
    place: str
    tie: str | None = None
    silent: bool = False  # its text is code that is executed, or counts captions
    bounds: tuple[versions.Bound, ...] = ()
    text: list[str] = field(default_factory=list)
    before: str = ""  # what stands before a tie in its block


class _Reader(HTMLParser):
    """Walks the HTML; a piece of text belongs to the innermost element that has a title."""

    def __init__(self, rendered: Rendered):
        super().__init__()
        self.rendered = rendered
        self.events: list[Fence | Claim | Written | Problem] = []
        self.stack = [_Element("", "prose")]
        self.line = 0  # the last source line that was met
        self.flow = ""  # the text of this block so far
        self.spans: list[tuple[int, int, str, int]] = []  # what is tied of it, to what, where
        self.tied: _Element | None = None  # the tie that nothing has followed yet

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._reject_refused(tag, given)
        bounds = self._bounds(tag, given)
        self._flow(tag)
        if tag in VOID:
            if tag == "img":
                alt, src = given.get("alt", ""), given.get("src", "")
                self._reject_untraced(alt)
                self._claim(alt, given.get("title"), "alt text", src)
            return
        outer = self.stack[-1]
        place = "title" if "admonition-title" in given.get("class", "") else PLACES.get(tag)
        if ENTRY.search(given.get("href", "")):
            place = NAMED_ELSEWHERE
        tie = given.get("title") if tag in TIED else None
        if tag == "pre":
            self._fence(int(given["data-fence"]))
        silent = outer.silent or tag == "pre" or given.get("class") == NUMBERED
        element = _Element(tag, place or outer.place, tie, silent, bounds, before=self.flow)
        self.stack.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        while tag in [element.tag for element in self.stack[1:]]:
            element = self.stack.pop()
            if element.tie is not None:
                bounds = element.bounds
                self._claim("".join(element.text), element.tie, element.place, bounds=bounds)
                self.tied = element
                tie = self.rendered.restore(element.tie)
                self.spans.append((len(element.before), len(self.flow), tie, self.line))
            if element.tag == tag:
                break
        self._flow(tag)

    def _flow(self, tag: str) -> None:
        """Begin a new line of text, unless the element stands in one."""
        if tag not in INLINE:
            self._touch("\n")
            for start, reason in (*orders.wrong(self.flow), *orders.untied(self.flow)):
                if not any(begin <= start < end for begin, end, *_ in self.spans):
                    self.events.append(Problem(self._line_of(self.flow, start), reason))
            for begin, end, tie, line in self.spans:
                if reason := denying(self.flow[:begin], tie, self.flow[end:]):
                    self.events.append(Problem(line, reason))
            self.flow, self.spans = "", []

    def _line_of(self, text: str, start: int) -> int:
        """Return the line that spells a text from here on; the one that was met last, if none."""
        words = re.match(r"[^,.:]*", text[start:])
        return self._find_line(words[0] if words else text)

    def _touch(self, data: str) -> None:
        """Let text follow; what stood before a tie and what follows it must leave its meaning."""
        data = self.rendered.restore(data)
        if self.tied and data:
            text = self.rendered.restore("".join(self.tied.text))
            before, self.tied = self.tied.before, None
            reason = dangling(before) or touching(before, text, data)
            if reason:
                raise DocumentError(self.line, reason)
        if self.flow[-1:].isalnum() and data[:1].isalnum():  # thir*teen*
            word = f"{self.flow.split()[-1]}{data.split()[0]}"
            raise DocumentError(self._find_line(word[:4]), f"a sign cuts a word in two: {word}")
        self.flow += data

    def handle_data(self, data: str) -> None:
        self._reject_odd(data)
        if self.stack[-1].silent:
            return
        self._touch(data)
        if not data.strip():
            return
        self._reject_unparsed(data)
        self._reject_untraced(data)
        owner = next((e for e in reversed(self.stack) if e.tie is not None), None)
        if owner:
            owner.text.append(data)
        else:
            self._claim(data, None, self.stack[-1].place)

    def handle_comment(self, data: str) -> None:
        comment = self.rendered.restore(data).strip()
        if comment.startswith(WRITTEN):
            self.line = line = self._find_comment(comment, self.line)
            end = self._find_comment(END, line)
            self.events.append(Written(comment.removeprefix(WRITTEN).strip(), line, end))

    def _find_comment(self, comment: str, after: int) -> int:
        lines = enumerate(self.rendered.lines[after:], after)
        for i, line in lines:
            if line.text.strip() == f"<!-- {comment} -->":
                return i
        raise DocumentError(after, f"expected below: <!-- {comment} -->")

    def _reject_unparsed(self, data: str) -> None:
        """A fence or a tie that the parser took for text is shown raw and checked by nobody."""
        for sign in ("```", "~~~", "{title=", "{ title=", "{: "):
            if sign in data and not self._in_code():
                raise DocumentError(self.line, f"shown as plain text: {data.strip()[:60]!r}")

    def _reject_untraced(self, data: str) -> None:
        """Every digit comes from a mark, but for the numbers that footnotes are given."""
        footnote = any(element.tag == "sup" for element in self.stack)
        if re.search(r"\d", MARK.sub("", data)) and not footnote:
            text = self.rendered.restore(data).strip()[:60]
            raise DocumentError(self.line, f"a number that is not spelled in the source: {text!r}")

    def _reject_refused(self, tag: str, given: dict[str, str]) -> None:
        odd = odd_character(" ".join(given.values()))
        if reason := refused(tag, given):
            raise DocumentError(self._find_line(f"<{tag}"), f"a page cannot hold {reason}")
        if odd:
            raise DocumentError(self.line, odd)

    def _reject_odd(self, data: str) -> None:
        reason = odd_character(data) or ("" if self._in_code() else numerals.roman(data))
        if reason:
            raise DocumentError(self._find_line(data.strip()), reason)

    def _in_code(self) -> bool:
        return any(element.tag in {"code", "pre"} for element in self.stack)

    def _fence(self, index: int) -> None:
        raw = self.rendered.fences[index]
        self.line = raw.line
        fence = read_fence(raw)
        self.events.append(fence)
        for line, reason in orders.in_code(fence.code):
            self.events.append(Problem(raw.line + 1 + line, reason))

    def _bounds(self, tag: str, given: dict[str, str]) -> tuple[versions.Bound, ...]:
        """Read the options about versions of a tie; elsewhere nothing would obey them."""
        options = {name: self._text(given[name]) for name in versions.OPTIONS & given.keys()}
        if not options:
            return ()
        line = next((run.source.line for t in options.values() for run in t.runs), self.line)
        if tag not in TIED or "title" not in given:
            raise DocumentError(line, f"{min(options)} has to stand beside a tie of text")
        try:
            return versions.bounds({name: text.text for name, text in options.items()})
        except ValueError as error:
            raise DocumentError(line, str(error)) from None

    def _claim(
        self,
        data: str,
        title: str | None,
        place: str,
        src: str | None = None,
        bounds: tuple[versions.Bound, ...] = (),
    ) -> None:
        shown = self._text(data)
        tie = None if title is None else self._text(title)
        image = None if src is None else self.rendered.restore(src)
        first = next(iter((*shown.runs, *(tie.runs if tie else ()))), None)
        self.line = first.source.line if first else self._find_line(title or data)
        if shown.runs or tie or image:
            self.events.append(Claim(shown, tie, place, self.line, image, bounds))

    def _text(self, data: str) -> Text:
        """Put the runs back in place of their marks."""
        text, runs = "", []
        for i, piece in enumerate(MARK.split(data)):
            if i % 2:
                source = self.rendered.marks[int(piece)]
                runs.append(Run(len(text), source))
            text += source.text if i % 2 else piece
        return Text(text, tuple(runs))

    def _find_line(self, text: str) -> int:
        """Return the next line that spells `text`, for what holds no number to go by."""
        lines = enumerate(self.rendered.lines[self.line :], self.line)
        return next((i for i, line in lines if text in line.text), self.line)
