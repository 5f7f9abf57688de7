"""The site's own Markdown parser, told to keep the source position of what it renders.

The page is converted by Python-Markdown with the extensions of `mkdocs.yml`, so that nested,
included and folded content is found by the very code that shows it to the reader. Three parts
are replaced by ones that leave a trace:

- snippets: each included line remembers its file and line;
- numbers: each run of digits (and each counted word) becomes a unique number, a *mark*, which
  is looked up again in the HTML: what the reader sees there is traced back to its column;
- fences: each becomes a `<pre data-fence="i">`, which survives only where it is shown.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import markdown
from markdown.preprocessors import Preprocessor
from mkdocs.utils.yaml import yaml_load
from pymdownx.snippets import SnippetPreprocessor
from pymdownx.superfences import SuperFencesBlockPreprocessor

from tests.reading import numerals

_TAG = re.compile(r"\ue000(.*?)\ue001(\d+)\ue000$")
# Extensions that change how a page looks, and nothing that it says: what they add is no writer's.
DRESSING = "docs._extensions."
MARK = re.compile(r"731(\d{7})137")


@dataclass(frozen=True)
class Line:
    """A line of the page after inclusion; `file` is None for a line of the page itself."""

    text: str
    file: str | None
    number: int


@dataclass(frozen=True)
class Position:
    """Where a marked run stands: index into the lines of the page after inclusion, and column."""

    text: str
    line: int
    column: int


@dataclass(frozen=True)
class RawFence:
    """A fence as the parser met it: header, code, and the index of its opening line."""

    language: str
    attributes: dict[str, str]
    code: str
    line: int


@dataclass
class Rendered:
    """What one conversion leaves behind."""

    html: str = ""
    lines: list[Line] = field(default_factory=list)
    marks: list[Position] = field(default_factory=list)
    fences: list[RawFence] = field(default_factory=list)

    def restore(self, text: str) -> str:
        """Put the marked runs back into `text`."""
        return MARK.sub(lambda match: self.marks[int(match[1])].text, text)


class _TracedSnippets(SnippetPreprocessor):
    """Includes files as the site does; tags each line with the file and line it came from."""

    BLOCK_MARKER = re.compile(r"[ \t]*-+8<-+[ \t]*$")

    def read_lines(self, path):
        return self._tag(super().read_lines(path), path)

    def parse_snippets(self, lines, file_name=None, **kwargs):
        if file_name is None:
            lines = self._tag(lines, "")
        return super().parse_snippets(lines, file_name, **kwargs)

    def _tag(self, lines: list[str], file: str) -> list[str]:
        """Tag what is shown: a directive is not, and a tag would break it."""
        tagged, in_block = [], False
        for number, line in enumerate(lines):
            if self.BLOCK_MARKER.match(line):
                in_block = not in_block
            directive = in_block or "8<" in line or not line.strip()
            tagged.append(line if directive else f"{line}\ue000{file}\ue001{number}\ue000")
        return tagged


class _Marks(Preprocessor):
    """Takes the tags off again and marks every number of the page."""

    # Spelled with digits that nobody reads: HTML entities, labels of footnotes and of links.
    UNREAD = re.compile(r"&#?\w+;|\[\^[^\]]+\]|\]\[[^\]]*[A-Za-z][^\]]*\]|^ {0,3}\[[^\]]+\]: ")

    rendered: Rendered
    margins: Sequence[int] = ()

    def run(self, lines: list[str]) -> list[str]:
        return [self._mark(i, self._trace(i, line)) for i, line in enumerate(lines)]

    def _trace(self, index: int, line: str) -> str:
        match = _TAG.search(line)
        text = line[: match.start()] if match else line
        file, number = (match[1] or None, int(match[2])) if match else (None, index)
        source = " " * self._margin(index) + text if text.strip() else text
        self.rendered.lines.append(Line(source, file, number))
        return text

    def _mark(self, index: int, line: str) -> str:
        unread = [match.span() for match in self.UNREAD.finditer(line)]

        def replace(match: re.Match[str]) -> str:
            if any(start <= match.start() < end for start, end in unread):
                return match[0]
            column = self._margin(index) + match.start()
            self.rendered.marks.append(Position(match[0], index, column))
            return f"731{len(self.rendered.marks) - 1:07}137"

        return numerals.RUN.sub(replace, line)

    def _margin(self, index: int) -> int:
        return self.margins[index] if index < len(self.margins) else 0


class _TracedFences(SuperFencesBlockPreprocessor):
    """Finds fences as the site does; keeps their source instead of highlighting it."""

    rendered: Rendered

    def process_nested_block(self, ws, content, start, end):
        """Remember where the fence opens: the formatter is not told."""
        self.opening_line = start
        super().process_nested_block(ws, content, start, end)

    def highlight(self, src="", language="", options=None, md=None, **kwargs):
        """Record the fence and leave an element that tells whether it is shown."""
        restore = self.rendered.restore
        attributes = {**(options or {}), **kwargs["attrs"], **dict.fromkeys(kwargs["classes"], "")}
        self.rendered.fences.append(
            RawFence(
                restore(language or ""),
                {restore(key): restore(value or "") for key, value in attributes.items()},
                restore(src),
                self.opening_line,
            )
        )
        index = len(self.rendered.fences) - 1
        return f'<pre data-fence="{index}">{html.escape(src)}</pre>'


class SiteMarkdown:
    """Converts pages as the site described by a `mkdocs.yml` does."""

    BUILTIN = ("toc", "tables", "fenced_code")  # what mkdocs always adds

    def __init__(self, config_file: Path):
        self.config_file = config_file
        with config_file.open("rb") as file:
            declared = yaml_load(file).get("markdown_extensions", [])
        self.options: dict[str, dict[str, Any]] = {name: {} for name in self.BUILTIN}
        for extension in declared:
            self.options.update(extension if isinstance(extension, dict) else {extension: {}})
        self.options = {
            name: options or {}
            for name, options in self.options.items()
            if not name.startswith(DRESSING)
        }
        self._anchor_snippets()
        self._trace()

    def _anchor_snippets(self) -> None:
        """Make include paths independent of the working directory."""
        options = self.options.get("pymdownx.snippets")
        if options is not None:
            options["base_path"] = [
                str(self.config_file.parent / p) for p in options.get("base_path", ["."])
            ]

    def render(self, text: str, margins: Sequence[int] = ()) -> Rendered:
        """Convert the Markdown `text` (without front matter) and keep its traces.

        Args:
            text: The source, without front matter.
            margins: By how many columns each of its lines begins later where it comes from.
        """
        rendered = Rendered()
        self._marks.margins = margins
        self._marks.rendered = self._fences.rendered = rendered
        rendered.html = self._traced.reset().convert(text)
        return rendered

    def converter(self) -> markdown.Markdown:
        """Return a fresh converter exactly as the site configures it."""
        return markdown.Markdown(extensions=list(self.options), extension_configs=self.options)

    def _trace(self) -> None:
        """Make the converter that leaves traces; one serves all pages."""
        self._traced = self.converter()
        preprocessors = self._traced.preprocessors
        self._marks = _Marks()
        preprocessors.register(self._marks, "marks", 31)
        self._fences = preprocessors["fenced_code_block"]
        if not isinstance(self._fences, SuperFencesBlockPreprocessor):
            raise ValueError(f"{self.config_file} has to name the extension pymdownx.superfences")
        self._fences.__class__ = _TracedFences
        self._fences.extension.superfences[0]["formatter"] = self._fences.highlight
        if "snippet" in preprocessors:
            preprocessors["snippet"].__class__ = _TracedSnippets
