"""Orders in words: of axes ("batch, sequence, features") and of gates ("input, forget, cell").

They are known phrases, compared with `rnn_ref`: an order that no tensor has is wrong wherever it
stands, and one that depends on `batch_first` is tied to its rule.
"""

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rnn_ref.shapes import PARAMETERS, SYMBOLS, TENSORS

# What the words of an axis count; a word for the last axis may leave open whose features it means.
ROLES = {
    r"batch(?:es)?(?:[ _]size)?|samples": {"N"},
    r"sequences": {"N", "L"},
    r"sequence(?:[ _]length)?|seq(?:_len)?|time(?:[ -]?steps?)?|steps?": {"L"},
    r"features?": {"H_in", "H_out", "H_cell"},
    r"inputs?(?:[ _]size)?": {"H_in"},
    r"hidden(?:[ _]size| units)?": {"H_out", "H_cell"},
    r"layers?|num_layers": {"num_layers"},
    r"directions?": {"D"},
}
LAST = {"H_in", "H_out", "H_cell"}
WORD = rf"(?:{'|'.join(ROLES)})"
LINK = r"(?:,|,?\s(?:and|then)|\sbefore|\sx|\stimes)"
PHRASE = re.compile(rf"\b{WORD}\b(?:{LINK}\s+(?:(?:and|then|the|by)\s)*{WORD}\b)+", re.IGNORECASE)
PRODUCT = re.compile(rf"\b{WORD} by {WORD}\b", re.IGNORECASE)
ORDERED = re.compile(r"\s(?:before|then)\s")
# The place of each gate among the rows of a weight.
GATE_NAMES = {
    "LSTM": {"input": 0, "forget": 1, "cell": 2, "candidate": 2, "output": 3}
    | {"i": 0, "f": 1, "g": 2, "o": 3},
    "GRU": {"reset": 0, "update": 1, "new": 2, "candidate": 2} | {"r": 0, "z": 1, "n": 2},
}
DISTINCT = {"forget", "reset", "update", "f", "z"}  # the others are words of much else
GATE = rf"(?:{'|'.join(name for names in GATE_NAMES.values() for name in names if name[1:])})"
LETTERS = re.compile(r"\b[ifgorzn]\b(?:,(?: and)? [ifgorzn]\b){2,}")
OTHERS = re.compile(r"\b(?:Keras|TensorFlow|ONNX|Flax|JAX|cuDNN|papers?|d2l)\b")
GATE_PHRASE = re.compile(rf"\b{GATE}(?:(?:,|,?\s(?:and|then))\s+{GATE}\b)+", re.IGNORECASE)
SYMBOL = "|".join(sorted(SYMBOLS, key=len, reverse=True))
LEGEND = re.compile(
    rf"(?<![\w*])(?<!\* )({SYMBOL})(?: is| counts| are|:)?(?: the| a| an| its)? ({WORD})\b"
)
NETWORK = re.compile(r"RNN|LSTM|GRU")

# What stands first or last, and what is kept, said the wrong way round: of whom it is said.
TURNED = {
    r"batch_first=True(?: \w+)* (?:sequences?|time|steps?)[- ]first": "batch_first=True",
    r"default(?: \w+)* batch[- ]first": "torch's default",
    r"(?:h_n|h_0|c_n|c_0|states?)(?: \w+)* batch[- ]first": "a state",
    r"(?:reverse|backward),? (?:before|then) forward": "a layer: forward stands before reverse",
    r"CrossEntropyLoss(?: \w+)* classes(?: \w+)? (?:first|last)": "the loss: classes are second",
    r"(?:top|last|upper) layer's(?: \w+){0,2} first": "h_n: its last slice is the top layer",
    r"(?:lowest|first|bottom) layer's(?: \w+){0,2} last": "h_n: its first slice is the lowest",
    r"\boutput(?: (?:is|holds|shows|has))?(?: \w+){0,3} (?:first|lowest) layer": "output",
    r"\boutput (?:is|holds) the last step": "output: it has every step",
    r"\bh_n (?:is|holds) every step": "h_n: it has the last step",
}
DENIED = re.compile(r"\b(?:not|no|never|without|forget|unless)\b", re.IGNORECASE)

Roles = list[set[str]]


@dataclass(frozen=True)
class Order:
    """A phrase that names axes in their order: where it begins, and what each word can count."""

    text: str
    start: int
    roles: Roles

    def fits(self, shape: str) -> bool:
        """Tell whether a shape, `(L, N, H_in)` or `L N H_in`, has these axes in this order."""
        axes = [set(axis.split("*")) for axis in shape.strip("()").replace(",", " ").split()]
        split = [{part} for axis in axes for part in sorted(axis - {"G"}, reverse=True)]
        return any(
            len(self.roles) == len(those) and all(map(set.intersection, self.roles, those))
            for those in (axes, split)
        )


def orders(text: str) -> Iterator[Order]:
    """Yield the orders of axes of a text; a list that names an axis twice is none."""
    for match in PHRASE.finditer(text):
        roles = _all_roles(match[0])
        wide = [LAST if one & LAST else one for one in roles]
        apart = all(not one & other for one, other in itertools.combinations(wide, 2))
        if apart and (len(roles) > 2 or ORDERED.search(match[0])):
            yield Order(match[0], match.start(), roles)
    for match in PRODUCT.finditer(text):
        roles = _all_roles(match[0])
        if all(one & LAST for one in roles):  # of a weight: "hidden by input"
            yield Order(match[0], match.start(), roles)


def whole(text: str) -> Order | None:
    """Return the order that a text is, also in brackets; None if it is something else."""
    found = list(orders(text.strip("()")))
    return found[0] if len(found) == 1 and found[0].text == text.strip("()") else None


def _all_roles(text: str) -> Roles:
    return [_roles(word) for word in re.findall(rf"\b{WORD}\b", text, re.IGNORECASE)]


def _roles(word: str) -> set[str]:
    return next(roles for name, roles in ROLES.items() if re.fullmatch(name, word, re.IGNORECASE))


def wrong(text: str) -> Iterator[tuple[int, str]]:
    """Yield what no tensor and no network has, in a text: its place, and why it is wrong."""
    for order in orders(text):
        if not any(map(order.fits, _shapes())) and not _is_denied(text, order.start):
            yield order.start, f"no tensor has its axes in this order: {order.text}"
    for match in (*GATE_PHRASE.finditer(text), *LETTERS.finditer(text)):
        gates = re.findall(rf"{GATE}|\b\w\b", match[0], re.IGNORECASE)
        known = len(gates) > 2 and set(map(str.lower, gates)) & DISTINCT
        if known and not _stacked(gates) and not _is_denied(text, match.start()):
            yield match.start(), f"torch stacks the gates in another order: {match[0]}"
    for pattern, subject in TURNED.items():
        for match in re.finditer(pattern, text):
            if not DENIED.search(match[0]):
                yield match.start(), f"it is the other way round with {subject}; here: {match[0]}"
    for match in LEGEND.finditer(text):
        if match[1] not in _roles(match[2]):
            yield match.start(), f"{match[1]} counts something else: {SYMBOLS[match[1]]}"


def _is_denied(text: str, start: int) -> bool:
    """Tell whether the sentence around this place asks, denies, or speaks of another library."""
    before, behind = re.split(r"[.?!:]\s", text[:start])[-1], re.match(r"[^.?!]*.?", text[start:])
    sentence = before + (behind[0] if behind else "")
    denied = re.search(r"\bnot\b", sentence) or OTHERS.search(sentence)
    return sentence.endswith("?") or denied is not None


def untied(text: str) -> Iterator[tuple[int, str]]:
    """Yield the orders that are right of some tensors, and have to say of which."""
    for order in _open(text):
        tie = f"*{order.text}*{{title=\"rule('input', batch_first=True)\"}}"
        yield order.start, f"of which tensor are these the axes? Tie them, for example {tie}"


def _open(text: str) -> list[Order]:
    """Return the orders that begin with the batch or the sequence: it depends on batch_first."""
    return [order for order in orders(text) if order.roles[0] & {"N", "L"}]


def in_code(code: str) -> Iterator[tuple[int, str]]:
    """Yield what is wrong in the comments of code, with its line in it.

    Its networks tell which axis comes first.
    """
    lines = [(i, line.partition("# ")[2]) for i, line in enumerate(code.split("\n"))]
    expected = _first_axes(code) if any(PHRASE.search(text) for _, text in lines) else None
    for i, text in lines:
        yield from ((i, reason) for _, reason in wrong(text))
        for (_, advice), order in zip(untied(text), _open(text), strict=True):
            if expected is None:
                yield i, advice
            elif not order.fits(expected):
                yield i, f"the network beside it has its axes in another order: {order.text}"


def _first_axes(code: str) -> str | None:
    """Return the input's axes, if all networks that this code makes agree on them."""
    try:
        found = {_is_batch_first(node) for node in ast.walk(ast.parse(code))} - {None}
    except SyntaxError:
        return None
    return {(True,): "N L H_in", (False,): "L N H_in"}.get(tuple(found))


def _is_batch_first(node: ast.AST) -> bool | None:
    """Tell of the call that makes a network whether the batch comes first; None of other nodes."""
    if isinstance(node, ast.Call) and NETWORK.fullmatch(ast.unparse(node.func).split(".")[-1]):
        options = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        return options.get("batch_first") == "True"
    return None


def _shapes() -> list[str]:
    """Return the shapes that tensors have, those with the batch first too, and split layers."""
    batch_first = [shape.replace("L N", "N L") for shape in TENSORS.values()]
    return [*TENSORS.values(), *batch_first, *PARAMETERS.values(), "num_layers D"]


def _stacked(gates: list[str]) -> bool:
    """Tell whether these gates, perhaps some of all, stand in torch's order."""
    places = [[GATE_NAMES[kind].get(gate.lower(), -1) for gate in gates] for kind in GATE_NAMES]
    return any(-1 not in order and order == sorted(order) for order in places)
