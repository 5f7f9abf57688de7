"""What a drawing shows, in words: the alt text of a lab's figure, read off its SVG.

The figures of rnn_ref say it themselves. A plot of matplotlib has the names of its axes, its lines
and the words beside them in groups whose ids tell what they are.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
COLOURS = {"#0072b2": "a blue", "#d55e00": "an orange", "#009e73": "a green"}
WAYS = ("level", "upright")
SHORT = 3.0  # units of the drawing: a dash that looks like a dot
LEVEL = 2.0  # units of the drawing by which a line may end higher or lower than it begins

_COLOUR = re.compile(r"(?:fill|stroke): (#\w{6})")
_DASH = re.compile(r"stroke-dasharray: ([\d.]+)")
_POINT = re.compile(r"[ML] (\S+) (\S+)")


def told(svg: str) -> str:
    """Say what a drawing shows, plot by plot."""
    root = ElementTree.fromstring(svg)
    title = root.findtext(f"{SVG}title")
    return title or " ".join(
        _told_axes(axes) for figure in _groups(root, "figure_") for axes in _groups(figure, "axes_")
    )


def _told_axes(axes: ElementTree.Element) -> str:
    """Say what the axes are called, what lines there are, and what else is written there."""
    names = zip(_groups(axes, "matplotlib.axis_"), WAYS, strict=True)
    along = [told for axis, way in names if (told := _told_axis(axis, way))]
    colours = {_words(group): _colour(group) for group in _groups(axes, "text_")}
    for legend in _groups(axes, "legend_"):
        marks = zip(_groups(legend, "text_"), _groups(legend, "line2d_"), strict=True)
        colours |= {_words(text): _colour(mark) for text, mark in marks}
    lines = [group for group in _groups(axes, "line2d_") if [*_drawn(group)]]
    drawn = {_colour(line) for line in lines}
    beside = [text for text, colour in colours.items() if colour not in drawn]
    told = [f"A plot{' with ' * bool(along)}{' and '.join(along)}"]
    told += ["; ".join(_told_line(line, colours) for line in lines)] * bool(lines)
    told += [f"Written beside: {', '.join(beside)}"] * bool(beside)
    return " ".join(f"{one[0].upper()}{one[1:]}." for one in told)


def _told_axis(axis: ElementTree.Element, way: str) -> str:
    """Say what stands beside an axis: its name, and its ticks if they are words."""
    ticks = [_words(tick) for tick in _groups(axis, ("xtick_", "ytick_"))]
    named = [tick for tick in ticks if re.search("[A-Za-z]{2}", tick)]
    parts = [text for text in (_words(axis), "; ".join(named)) if text]
    return f"{': '.join(parts)} on the {way} axis" if parts else ""


def _told_line(line: ElementTree.Element, colours: dict[str, str]) -> str:
    """Say what a line looks like, and which words have its colour."""
    colour = _colour(line)
    words = ", ".join(text for text, other in colours.items() if other == colour)
    routes = [mark.get("d", "") for mark in _drawn(line) if mark.tag == f"{SVG}path"]
    points = len(list(line.iter(f"{SVG}use")))
    look = f"{_dash(line)} line {_course(routes[0])}" if routes else f"row of {points} points"
    return f"{COLOURS.get(colour, 'a grey')} {look}{f', {words}' * bool(words)}"


def _drawn(line: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Yield the course of a line, or its points."""
    yield from line.findall(f"{SVG}path")
    yield from line.iter(f"{SVG}use")


def _style(group: ElementTree.Element) -> str:
    return " ".join(one.get("style", "") for one in group.iter() if one.tag != f"{SVG}defs")


def _colour(group: ElementTree.Element) -> str:
    found = _COLOUR.search(_style(group))
    return found[1] if found else ""


def _dash(line: ElementTree.Element) -> str:
    """Name a pattern by its first dash, which is short in a dotted line."""
    found = _DASH.search(_style(line))
    return "solid" if not found else "dotted" if float(found[1]) < SHORT else "dashed"


def _course(route: str) -> str:
    """Say where a line leads; in a drawing y grows downwards."""
    points = [(float(x), float(y)) for x, y in _POINT.findall(route)]
    (start, high), (end, low) = points[0], points[-1]
    if abs(end - start) < LEVEL:
        return "straight up"
    if abs(low - high) < LEVEL:
        return "that ends as high as it begins"
    sides = ("left", "right") if end > start else ("right", "left")
    heights = ("upper", "lower") if low > high else ("lower", "upper")
    begin, finish = (" ".join(one) for one in zip(heights, sides, strict=True))
    return f"from the {begin} to the {finish}"


def _words(group: ElementTree.Element) -> str:
    """Return the text of a group; that of an axis is not that of its ticks."""
    inside = [group] if group.get("id", "").startswith("text_") else _groups(group, "text_")
    return " ".join(
        "".join(one.itertext()).strip() for part in inside for one in part.iter(f"{SVG}text")
    )


def _groups(parent: ElementTree.Element, name: str | tuple[str, ...]) -> list[ElementTree.Element]:
    return [one for one in parent.findall(f"{SVG}g") if one.get("id", "").startswith(name)]
