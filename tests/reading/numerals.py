"""Numbers as a reader meets them: found in text, read off values, compared, rewritten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_UNITS += " fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred"
# The words of whole numbers, by number; larger ones are only known as words.
WORDS = dict(enumerate(_UNITS.split())) | {
    10 * tens: word for tens, word in enumerate(_TENS.split(), 2)
}
NUMBERS = {word: number for number, word in WORDS.items()}
LARGER = ("dozens?", "hundreds", "thousands?", "millions?", "billions?", "trillions?")
# "one" is a pronoun, and "zero" a name, more often than a number.
_COUNTED = "|".join((*(word for n, word in WORDS.items() if n > 1), *LARGER))
SYMBOL = r"\b(?:N|L|D|G|H_in|H_out|H_cell|num_layers)\b"
# A symbolic shape: a tuple of symbols and their products; in `RNN(5, 8, num_layers=3, bias=False)`
# the symbol names an argument.
SYMBOLIC = re.compile(rf"\([^()]*{SYMBOL}(?!=)[^()]*,[^()]*\)")
# The same in another spelling: `L x H_in`, `(L H_in)`, `[N][L]`.
_SIZE = rf"(?:{SYMBOL}\*?)+"
UNUSUAL = re.compile(
    rf"{_SIZE} ?(?:[x\u00d7\u22c5;/|]| by )\s?{_SIZE}|[(\[]{_SIZE} {_SIZE}|[(\[]{_SIZE}\] ?[(\[]"
)
# What a source position is kept of: digits, counted words, symbols.
RUN = re.compile(rf"[0-9]+|\b(?i:{_COUNTED})\b|{SYMBOL}")
_DIGITS = r"(?:(?<![)\]])-)?[0-9]+(?:\.[0-9]+)*(?:e[+-]?[0-9]+)?"
NUMBER = re.compile(rf"(?<![\w.]){_DIGITS}|\b(?:{_COUNTED})\b", re.IGNORECASE)
NAME_WITH_DIGITS = re.compile(r"(?<!\w)[A-Za-z_]\w*\d\w*")  # h_0, float64


@dataclass(frozen=True)
class Number:
    """One number (or name) of a text, and the column at which it begins."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def find(text: str) -> list[Number]:
    """Return the numbers of `text` in reading order."""
    return [Number(match[0], match.start()) for match in NUMBER.finditer(text)]


# Those below fifty, standing alone: the others are abbreviations, as in CD, or letters of sizes.
ROMAN = re.compile(r"(?<![\w'-])(?:[IVXL]{2,}|[VX]|[ivx]{2,})(?![\w'-])")


def roman(text: str) -> str | None:
    """Return what is wrong with a Roman numeral of a text; None if there is none."""
    found = ROMAN.search(text)
    return f"{found[0]} is a number: write it in plain digits" if found else None


def names(text: str) -> list[Number]:
    """Return the identifiers of `text` that are spelled with digits."""
    return [Number(match[0], match.start()) for match in NAME_WITH_DIGITS.finditer(text)]


def of_value(value: Any) -> Iterator[Any]:
    """Yield the numbers that stand for `value` in text: a shape's sizes, an array's elements."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from of_value(item)
    elif isinstance(value, str):
        yield from (number.text for number in find(value))
    else:
        yield value


def write(actual: Any, like: str) -> str:
    """Write `actual` in the manner of the documented number `like`: a word, digits, decimals.

    A float is never rounded to a whole number, nor to zero: 0.0 does not document 0.003.
    """
    if isinstance(actual, float):
        return _write_float(actual, like.lower())
    if like.isalpha() and type(actual) is int and actual in WORDS:
        return WORDS[actual].capitalize() if like[0].isupper() else WORDS[actual]
    return str(actual)


def _write_float(actual: float, like: str) -> str:
    mantissa, exponent, _ = like.partition("e")
    decimals = len(mantissa.partition(".")[2])
    if exponent:
        return re.sub(r"e([+-])0*(?=\d)", r"e\1", f"{actual:.{decimals}e}").replace("e+", "e")
    if decimals and (actual == 0 or float(f"{actual:.{decimals}f}") != 0):
        return f"{actual:.{decimals}f}"
    return str(int(actual)) if actual.is_integer() else f"{actual:.4g}"


def agree(documented: list[str], actual: list[Any]) -> bool:
    """Tell whether the documented numbers are the actual ones, each to its written precision."""
    return len(documented) == len(actual) and all(
        text.lower() == write(value, like=text).lower()
        for text, value in zip(documented, actual, strict=True)
    )
