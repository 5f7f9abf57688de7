"""What a tie says beside its numbers, and a tie that says nothing."""

import re
from collections.abc import Iterator

from tests.mutations.mutant import Mutant, Statement
from tests.mutations.places import claims
from tests.reading import ties as texts
from tests.reading.document import Claim, Document

OTHER_OPTION = {"hidden_size": "input_size", "num_layers": "dropout", "input_size": "hidden_size"}
OTHER_CLASS = {"RNN": "GRU", "GRU": "LSTM", "LSTM": "RNN", "Linear": "Bilinear"}


def ties(document: Document) -> Iterator[Mutant]:
    """Yield each text and each expression of a tie, changed."""
    for claim in claims(document):
        if claim.tie is None or claim.image:
            continue
        line = document.lines[claim.line].text
        if not document.is_written(claim.line):
            shown = f"`{claim.shown.text}`"
            if claim.tie.text.startswith("not "):
                yield from _replaced(line, claim, f"not {shown}", f"also {shown}", "asserted")
            else:
                yield from _replaced(line, claim, shown, f"not {shown}", "denied")
            for change, text in _texts(claim.shown.text):
                yield from _replaced(line, claim, claim.shown.text, text, change)
        for change, text in _expressions(claim):
            yield from _replaced(line, claim, claim.tie.text, text, change)


def _replaced(line: str, claim: Claim, old: str, new: str, change: str) -> Iterator[Mutant]:
    """Yield the change where the text stands on its line, once and as it is read."""
    if line.count(old) == 1 and new != old:
        yield Mutant(Statement("tie", old, claim.line, line.index(old)), change, new)


def _texts(text: str) -> Iterator[tuple[str, str]]:
    options, made = texts.keywords(text), texts.construction(text)
    if options:
        for name in options.keys() & OTHER_OPTION.keys():
            yield "another option", text.replace(name, OTHER_OPTION[name])
        yield "an option more", f"{text}, bias=False"
    if made and made[0] in OTHER_CLASS:
        yield "another class", text.replace(made[0], OTHER_CLASS[made[0]])
        yield "an option more", f"{text[:-1]}, bias=False)"
    if "batch_first=True" in text:
        yield "an option turned", text.replace("=True", "=False")
    if re.fullmatch(r"\(\d+(, \d+)+\)", text):
        first, *others = text[1:-1].split(", ")
        yield "an axis named", f"(batch={first}, {', '.join(others)})"
        yield "a product", f"({first} * {', '.join(others)})"


def _expressions(claim: Claim) -> Iterator[tuple[str, str]]:
    assert claim.tie is not None
    tie = claim.tie.text
    name = min(texts.names(tie))
    if claim.shown.tokens and texts.is_bare(claim.shown.text):
        numbers = ", ".join(str(token.text) for token in claim.shown.tokens)
        if re.fullmatch(r"[\d, ]+", numbers):
            yield "the number itself", f"({name}, [{numbers}])[1]"
            yield "the number of a loop", f"[{numbers} for {name} in [0]]"
            yield "the number or not", f"[{numbers}] if {name} is not None else 0"
    first = texts.subject(tie)
    if first and texts.is_subject(claim.shown.text, tie):
        yield "a thing is itself", f"torch.equal({first}, {first})"
