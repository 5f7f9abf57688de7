"""How well a colour stands out, by the formula of WCAG 2."""

Colour = tuple[int, ...]


def contrast(one: Colour, other: Colour) -> float:
    """Return the ratio of two colours, each red, green and blue of 0 to 255: from 1 to 21."""
    low, high = sorted([_luminance(one), _luminance(other)])
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Colour) -> float:
    parts = [value / 255 for value in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
