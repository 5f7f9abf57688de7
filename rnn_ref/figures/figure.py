"""A finished figure: what every drawing of this folder returns."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from rnn_ref import given
from rnn_ref.figures.panels import Shape, draw_key
from rnn_ref.figures.svg import Drawing


@dataclass(frozen=True)
class Figure:
    """A finished drawing.

    Attributes:
        svg: the complete SVG document; the same arrays give the same document, byte for byte.
        alt: what is drawn, in a few sentences, for those who do not see it: the alt text for a
            page. The title of the document says the same.
        shapes: the shapes of the tensors in it, in reading order.
    """

    svg: str
    alt: str
    shapes: tuple[Shape, ...]

    def save(self, path: str | Path) -> None:
        """Writes the document to path; whoever reads there meanwhile finds the old one, whole.

        Args:
            path: the file; its folder has to be there.

        Raises:
            TypeError: path is no path.
            OSError: it cannot be written.

        Examples:
            ```python
            from rnn_ref import figures

            figures.tensor([3, 5, 7], axes=("L",), name="ids").save("ids.svg")
            ```
        """
        if not isinstance(path, str | PathLike):
            raise TypeError(f"path should be that of a file, got: {given.shown(path)}")
        draft = Path(f"{path}.part")
        draft.write_bytes(self.svg.encode())
        draft.replace(path)

    def _repr_svg_(self) -> str:
        """Returns the document: a notebook asks here, and shows it below the cell."""
        return self.svg


def finished(
    drawing: Drawing, alt: str, shapes: tuple[Shape, ...], peak: float | None = None
) -> Figure:
    """Returns what is on a canvas as a figure, with a key if numbers are told by fills.

    Args:
        drawing: the canvas.
        alt: what is drawn, in words.
        shapes: of the tensors in it.
        peak: the number of the strongest fill, where numbers are told by fills alone.

    Raises:
        ValueError: the drawing is too wide or too high to be read on a phone.
    """
    draw_key(drawing, peak)
    return Figure(drawing.document(alt), alt, shapes)
