"""The colours of axes: one table for the drawings, and for the pages around them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

AXIS_COLOURS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "N": ("#102e82", "#6da0cb"),
        "L": ("#b14a03", "#e99032"),
        "H_in": ("#06512f", "#85d599"),
        "H_out": ("#932b63", "#e19ab5"),
        "H_cell": ("#523d03", "#e7dc45"),
        "num_layers": ("#6350cc", "#aba4fe"),
        "D": ("#087486", "#60ddf9"),
    }
)
"""What colour each axis has, on light paper and on dark: the same wherever it is drawn or written.

Any two of them, and the ink, are told apart by colour-blind readers too, and text in them stands
out from either paper.
"""


def axis_style(axis: str) -> str:
    """Returns the style of an axis: a product such as `D*H_out` has that of its last factor."""
    last = axis.rsplit("*", maxsplit=1)[-1].strip()
    return f"axis {last}" if last in AXIS_COLOURS else "axis"


def with_styles(shape: Sequence[int], axes: Sequence[str]) -> list[tuple[int, str]]:
    """Returns each size of a shape with the style of its axis."""
    return [(size, axis_style(axis)) for size, axis in zip(shape, axes, strict=True)]


def rules() -> str:
    """Returns the rules of CSS that know the colour of each axis, in both schemes."""
    light, dark = (
        "; ".join(f"--{axis}: {shades[scheme]}" for axis, shades in AXIS_COLOURS.items())
        for scheme in (0, 1)
    )
    dark = f"@media (prefers-color-scheme: dark) {{ svg {{ {dark} }} }}"
    classes = " ".join(f".{axis} {{ --axis: var(--{axis}) }}" for axis in AXIS_COLOURS)
    return f"svg {{ {light} }}\n{dark}\n{classes}\n"
