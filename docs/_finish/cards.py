"""The picture that other sites show beside a link to a page: its title and its description."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from docs._finish.files import Site, tags

SIZE = (1200, 630)
MARGIN = 80
COLOURS = 32  # so many, with the shades of letters, that a picture weighs little
PAPER, INK, QUIET = "#fdfcf9", "#1b2330", "#515b6b"
FACES = {  # of the logo, in its own units
    "#e0a526": [(16, 2), (29, 9), (16, 16), (3, 9)],
    "#1f7a8c": [(3, 11), (15, 17.6), (15, 30), (3, 23.4)],
    "#0f4c6b": [(29, 11), (17, 17.6), (17, 30), (29, 23.4)],
}


def run(folder: Path, config: MkDocsConfig) -> None:
    """Draw that of each page where its tags say that it is."""
    name = config.site_name
    for html in Site.built(folder, config).pages().values():
        said = {tag.attributes.get("property"): tag.attributes for tag in tags(html, "meta")}
        image = said["og:image"]["content"].removeprefix(config.site_url)
        file = folder / image
        file.parent.mkdir(parents=True, exist_ok=True)
        texts = [said[f"og:{part}"]["content"] for part in ("title", "description")]
        card(name, *texts).save(file)


def card(site: str, title: str, description: str) -> Image.Image:
    """Draw one picture."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    logo(draw)
    draw.text((MARGIN + 90, MARGIN + 35), site, INK, font("Serif-Bold", 36), anchor="lm")
    y = paragraph(draw, title, font("Serif-Bold", 64), INK, top=MARGIN + 120, lines=3)
    paragraph(
        draw, description, font("Sans", 32), QUIET, top=y + 24, lines=(SIZE[1] - y - 60) // 46
    )
    return image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def logo(draw: ImageDraw.ImageDraw) -> None:
    """Draw the logo, and its three colours as a line below all."""
    third = SIZE[0] / len(FACES)
    for place, (colour, face) in enumerate(FACES.items()):
        draw.polygon([(MARGIN + 2.2 * x, MARGIN + 2.2 * y) for x, y in face], colour)
        draw.rectangle((place * third, SIZE[1] - 16, (place + 1) * third, SIZE[1]), colour)


def paragraph(
    draw: ImageDraw.ImageDraw, text: str, face: FreeTypeFont, colour: str, top: int, lines: int
) -> int:
    """Write a text from `top`, cut after so many lines, and return where it ends."""
    height = round(face.size * 1.4)
    broken = [*wrapped(text, face)]
    if len(broken) > lines:
        broken[lines - 1 :] = [f"{broken[lines - 1].rstrip('.,;: ')} ..."]
    for place, line in enumerate(broken):
        draw.text((MARGIN, top + place * height), line, colour, face)
    return top + len(broken) * height


def wrapped(text: str, face: FreeTypeFont) -> Iterator[str]:
    """Break a text into lines as wide as the picture."""
    line = ""
    for word in text.split():
        if line and face.getlength(f"{line} {word}") > SIZE[0] - 2 * MARGIN:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def font(style: str, size: int) -> FreeTypeFont:
    """Return a font that comes with matplotlib, laid out by Pillow alone."""
    package = find_spec("matplotlib").submodule_search_locations[0]
    file = Path(package) / f"mpl-data/fonts/ttf/DejaVu{style}.ttf"
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)
