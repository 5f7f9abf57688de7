"""How large an image is shown: a page that says so does not jump when the image arrives."""

import re
import struct
from pathlib import Path

Size = tuple[int, int]

PNG = b"\x89PNG\r\n\x1a\n"
PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3}  # of CSS
_ROOT = re.compile(r"<svg\b[^>]*>")
_SIDE = r'\b{}="([\d.]+)(px|pt|)"'


def size(image: Path) -> Size | None:
    """Return width and height of an SVG or a PNG in pixels of CSS, or None for other files."""
    if not image.is_file():
        return None
    content = image.read_bytes()
    if content.startswith(PNG):
        return size_of_png(content)
    return size_of_svg(content.decode("utf-8")) if image.suffix == ".svg" else None


def size_of_png(content: bytes) -> Size:
    """Return width and height, which a PNG says first."""
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def size_of_svg(svg: str) -> Size | None:
    """Return width and height of a drawing, or None if it does not say them."""
    root = _ROOT.search(svg)
    sides = [re.search(_SIDE.format(side), root[0]) for side in ("width", "height")] if root else []
    pixels = [round(float(side[1]) * PIXELS[side[2]]) for side in sides if side]
    return (pixels[0], pixels[1]) if len(pixels) == 2 else None
