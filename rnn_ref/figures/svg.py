"""Text, boxes and lines on a canvas that grows with them: SVG that is light or dark by itself."""

from collections.abc import Sequence
from xml.etree import ElementTree

from rnn_ref.figures.colours import rules

Point = tuple[float, float]
Axes = Sequence[tuple[int, str]]  # the size of each, and its style

CHARACTER = 8.0  # the advance of one monospaced character, rounded up
LINE = 20.0  # from one line of text to the next
MARGIN = 4.0
ROOM = 366.0  # what layouts aim at: with margins, 13 units of text are 11 px in a phone's 328 px
MAX_WIDTH = 474  # there 13 units of text are still 9 px
MAX_HEIGHT = 1600

# The fills are Okabe and Ito's blue and orange, shifted per theme until text in them stands out.
STYLE = """
svg { --ink: #1f2328; --quiet: #626772; --line: #858a94; --plus: #56b4e9; --minus: #e69f00 }
@media (prefers-color-scheme: dark) {
  svg { --ink: #f0f1f4; --quiet: #a9adb8; --line: #7f8490; --plus: #0072b2; --minus: #a85800 }
}
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono",
  "Liberation Mono", monospace; fill: var(--ink); white-space: pre }
rect, path { fill: none; stroke: var(--line) }
path { stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round }
.bold { font-weight: 700 }
.quiet { fill: var(--quiet) }
.plus { fill: var(--plus); stroke: none }
.minus { fill: var(--minus); stroke: none }
.ring { stroke: var(--ink); stroke-width: 2.5 }
.solid { stroke: var(--ink); stroke-width: 1.5; rx: 4px }
.frame { stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 5 4; rx: 6px }
.lane { fill: var(--N); fill-opacity: 0.14; stroke: none; rx: 8px }
.flow { stroke: var(--ink) }
.slot { fill: var(--line); fill-opacity: 0.3 }
.card { stroke-width: 1 }
text.key { fill: var(--quiet) }
text.axis { fill: var(--axis, var(--quiet)) }
tspan.axis { fill: var(--axis, inherit) }
path.axis, rect.axis { stroke: var(--axis, var(--quiet)); stroke-width: 2 }
rect.axis { rx: 4px }
path.strong, rect.strong { stroke-width: 3.5 }
rect.strong { fill: var(--axis); fill-opacity: 0.16 }
text.strong, tspan.strong { font-weight: 700 }
path.faded, rect.faded { --axis: var(--line); stroke-width: 1 }
text.faded, tspan.faded { fill: var(--quiet) }
.sequence { fill: var(--axis); fill-opacity: 0.3 }
.padding { stroke: var(--quiet); stroke-dasharray: 2 3; rx: 3px }
"""


def text_width(content: str) -> float:
    """Returns the width of one line of text, in units of the canvas."""
    return CHARACTER * len(content)


class Drawing:
    """A canvas: what is drawn on it, in which styles, and how far right and down from (0, 0)."""

    def __init__(self) -> None:
        """Starts empty."""
        self._marks: list[ElementTree.Element] = []
        self.styles: set[str] = set()
        self.right = 0.0
        self.bottom = 0.0

    def text(self, at: Point, content: str, style: str = "", anchor: str = "start") -> None:
        """Writes one line, centred on the height of a point that is its start, middle or end."""
        self._write(at, content, style, anchor).text = content

    def shape(self, at: Point, words: str, axes: Axes, style: str = "", at_end: str = "") -> None:
        """Writes words and behind them a shape, each size in the style of its axis.

        Args:
            at: where the line starts; with an anchor its middle or end.
            words: what stands before the shape.
            axes: for each axis its size and its style.
            style: of all the rest.
            at_end: the anchor, if it is not the start.
        """
        sizes = str(tuple(size for size, _ in axes))
        mark = self._write(at, words + sizes, style, at_end or "start")
        mark.text = f"{words}("
        for size, own in axes:
            part = ElementTree.SubElement(mark, "tspan", {"class": own})
            part.text, part.tail = str(size), ", "
        mark[-1].tail = ",)" if len(axes) == 1 else ")"

    def _write(self, at: Point, content: str, style: str, anchor: str) -> ElementTree.Element:
        """Makes room for one line, and returns the mark that is to hold it."""
        place = {"x": _short(at[0]), "y": _short(at[1] + 4.5), "text-anchor": anchor}
        share = {"start": 1.0, "middle": 0.5, "end": 0.0}[anchor]
        self._reach((at[0] + share * text_width(content), at[1] + LINE / 2))
        return self._add("text", style, place)

    def box(self, corner: Point, size: Point, style: str = "", opacity: float = 1.0) -> None:
        """Draws a rectangle from its top left corner; opacity is that of its fill."""
        place = dict(zip(("x", "y", "width", "height"), map(_short, corner + size), strict=True))
        share = f"{opacity:.2f}"
        if share != "1.00":  # as written: the last bit of a number must not decide
            place["fill-opacity"] = share
        self._add("rect", style, place)
        self._reach((corner[0] + size[0], corner[1] + size[1]))

    def path(self, commands: str, points: Sequence[Point], style: str) -> None:
        """Draws a line: for each point one letter of the path language."""
        steps = zip(commands, points, strict=True)
        route = " ".join(f"{command}{_short(x)} {_short(y)}" for command, (x, y) in steps)
        self._add("path", style, {"d": route})
        for point in points:
            self._reach(point)

    def span(self, start: Point, end: Point, style: str) -> None:
        """Draws a dimension line, level or upright, with a stop at both ends."""
        dx, dy = (3, 0) if start[0] == end[0] else (0, 3)
        stops = [(x + side * dx, y + side * dy) for x, y in (start, end) for side in (-1, 1)]
        self.path("MLMLML", [*stops, start, end], style)

    def arrow(self, start: Point, end: Point, style: str = "flow") -> None:
        """Draws an arrow, level or upright."""
        (x1, y1), (x2, y2) = start, end
        length = abs(x2 - x1) + abs(y2 - y1)
        dx, dy = 4.5 * (x2 - x1) / length, 4.5 * (y2 - y1) / length
        wings = [(x2 - dx - dy, y2 - dy + dx), end, (x2 - dx + dy, y2 - dy - dx)]
        self.path("MLMLL", [start, end, *wings], style)

    def document(self, description: str) -> str:
        """Returns the whole SVG document.

        Args:
            description: what is drawn, for those who do not see it.

        Raises:
            ValueError: the drawing is too wide or too high to be read on a phone.
        """
        width, height = round(self.right + 2 * MARGIN), round(self.bottom + 2 * MARGIN)
        if width > MAX_WIDTH or height > MAX_HEIGHT:
            raise ValueError(
                f"expected a figure of at most {MAX_WIDTH} x {MAX_HEIGHT} units, as much as a "
                f"phone shows legibly, got {width} x {height}; draw a slice of the array, fewer "
                "decimals or shorter names"
            )
        size = {"width": str(width), "height": str(height)}
        view = {"viewBox": f"{-MARGIN:g} {-MARGIN:g} {width} {height}", "role": "img"}
        root = ElementTree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg"} | size | view)
        ElementTree.SubElement(root, "title").text = description
        ElementTree.SubElement(root, "style").text = STYLE + rules()
        root.extend(self._marks)
        ElementTree.indent(root, space=" ")
        return ElementTree.tostring(root, encoding="unicode") + "\n"

    def _add(self, tag: str, style: str, place: dict[str, str]) -> ElementTree.Element:
        self.styles.update(style.split())
        self._marks.append(ElementTree.Element(tag, ({"class": style} if style else {}) | place))
        return self._marks[-1]

    def _reach(self, point: Point) -> None:
        self.right, self.bottom = max(self.right, point[0]), max(self.bottom, point[1])


def _short(value: float) -> str:
    return f"{round(value, 1):g}"
