"""A finished figure: what every drawing of this folder returns."""

from dataclasses import dataclass
from pathlib import Path

from rnn_ref.figures.panels import Shape


@dataclass(frozen=True)
class Figure:
    """A finished drawing.

    Attributes:
        svg: the complete SVG document; the same arrays give the same document, byte for byte.
        shapes: the shapes of the tensors in it, in reading order.
    """

    svg: str
    shapes: tuple[Shape, ...]

    def save(self, path: str | Path) -> None:
        """Writes the document to path; whoever reads there meanwhile finds the old one, whole.

        Args:
            path: the file; its folder has to be there.

        Raises:
            OSError: it cannot be written.

        Examples:
            ```python
            from rnn_ref import figures

            figures.tensor([3, 5, 7], axes=("L",), name="ids").save("ids.svg")
            ```
        """
        draft = Path(f"{path}.part")
        draft.write_bytes(self.svg.encode())
        draft.replace(path)

    def _repr_svg_(self) -> str:
        """Returns the document: a notebook asks here, and shows it below the cell."""
        return self.svg
