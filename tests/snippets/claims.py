"""Compare what a page states with what its code gives."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.reading import comparisons, numerals, orders, ties
from tests.reading.document import BESIDE, NAMED_ELSEWHERE, Claim, Text, Token
from tests.reading.problems import Edit, Problem, disagreement
from tests.snippets.isolation import same_chance

Evaluate = Callable[[str], Any]
_SHAPE = re.compile(r"\(\s*\d+\s*(?:,\s*\d+\s*)*,?\s*\)")


def check_claim(claim: Claim, tie: str, evaluate: Evaluate) -> Problem | None:
    """Compare a claim with the value of the expression that it is tied to.

    Raises:
        NameError: The expression names something that the page has not made yet.
    """
    if not ties.names(tie):
        return Problem(claim.line, f"tied to nothing: {tie} names nothing that the page made")
    own = [token.text for token in claim.shown.tokens if ties.spells(tie, token.text)]
    value = evaluate(tie) if not own or ties.may_be_truth(tie) else None
    if own and not is_truth(value):
        return Problem(
            claim.line, f"{own[0]} is tied to itself: {tie} spells it; tie it to the page"
        )
    if states(claim.shown, tie, value, evaluate):
        return None
    text = claim.shown.text.strip()
    actual = str(value) if text.lower() in ties.VERDICTS else shown(value)
    return Problem(claim.line, disagreement(text, actual, tie), _edits(claim.shown, tie, value))


def states(shown: Text, tie: str, value: Any, evaluate: Evaluate) -> bool:
    """Tell whether a text states the value of its tie, with all that it says.

    An option is that of the object (`num_layers=2` beside `rnn.num_layers`), a call makes such an
    object (`RNN(4, 2)` beside `rnn`), and a truth begins with the text: `h_n[-1]` beside
    `torch.equal(h_n[-1], output[:, -1])`.
    """
    text, tokens = shown.text.strip(), [token.text for token in shown.tokens]
    verdict = ties.VERDICTS.get(text.lower())
    if verdict is not None and is_truth(value):
        return bool(value) is verdict and not ties.is_itself(tie)
    said = _as_code(text, tie, value, evaluate)
    if said is not None:
        return said
    if is_symbolic(text) or is_symbolic(value) or not tokens or not ties.is_bare(text):
        return _squeeze(text) == _squeeze(str(value))
    return numerals.agree(tokens, list(numerals.of_value(value)))


def _as_code(text: str, tie: str, value: Any, evaluate: Evaluate) -> bool | None:
    """Tell whether options, a truth, a call or axes in words are right; None of another text."""
    given, made, order = ties.keywords(text), ties.construction(text), orders.whole(text)
    if relation := comparisons.stated(text):
        limit = comparisons.is_compared(tie, relation[0])
        return bool(value) and bool(limit) and numerals.agree([relation[1]], [evaluate(limit)])
    if given:
        return list(given.items()) == list(ties.options(tie, value).items())
    if is_truth(value):
        return bool(value) and ties.is_subject(text, tie)
    if made and type(value).__name__ == made[0]:
        with same_chance():  # weights are drawn, and those of the page stay what they are
            return evaluate(f"repr(type({tie}){made[1]})") == repr(value)
    if order and is_symbolic(str(value)):
        return order.fits(str(value))
    return None


def is_truth(value: Any) -> bool:
    """Tell whether `value` is a bool, also NumPy's or torch's."""
    return isinstance(value, bool) or "bool" in str(getattr(value, "dtype", ""))


def is_symbolic(value: Any) -> bool:
    """Tell whether `value` is a text that holds a symbolic shape, which is compared whole."""
    return isinstance(value, str) and numerals.SYMBOLIC.search(value) is not None


def _squeeze(text: str) -> str:
    return re.sub(r"[\s'\"]", "", text)


def shown(value: Any) -> str:
    """Write a value as a message shows it."""
    if is_truth(value):
        return (
            "a truth that does not begin with it (a number is tied to its value)"
            if value
            else "False"
        )
    return str(tuple(value) if type(value).__name__ == "Size" else value)


def _edits(shown: Text, tie: str, value: Any) -> tuple[Edit, ...]:
    if ties.keywords(shown.text.strip()) and shown.runs:
        options = ties.options(tie, value).items()
        return _replace(shown, ", ".join(f"{name}={option!r}" for name, option in options))
    if is_truth(value) or not shown.runs:
        return ()
    if is_symbolic(shown.text) or is_symbolic(value):
        return _replace(shown, str(value))
    if ties.construction(shown.text):
        return _replace(shown, repr(value)) if repr(value).startswith(type(value).__name__) else ()
    actual = list(numerals.of_value(value))
    if not shown.tokens or len(shown.tokens) == len(actual):
        return corrections(shown.tokens, actual)
    whole = _SHAPE.fullmatch(shown.text.strip()) and isinstance(value, tuple)
    return _replace(shown, str(tuple(value))) if whole else ()


def _replace(shown: Text, text: str) -> tuple[Edit, ...]:
    """Write a text anew: a shape of another length, a symbolic shape."""
    first = shown.runs[0]
    start = first.source.column - first.start
    return (Edit(first.source.line, start, start + len(shown.text), text),)


def corrections(tokens: list[Token], actual: list[Any]) -> tuple[Edit, ...]:
    """Return the edits that put the actual numbers in place of the documented ones."""
    if len(tokens) != len(actual):
        return ()
    return tuple(
        Edit(token.line, *token.columns, numerals.write(number, like=token.text))
        for token, number in zip(tokens, actual, strict=True)
        if not numerals.agree([token.text], [number])
    )


def check_untied(claim: Claim, lived: dict[tuple[int, ...], str]) -> Iterator[Problem]:
    """Reject numbers and shapes that nothing compares; say whether such a shape lived at all."""
    shapes = list(_SHAPE.finditer(claim.shown.text))
    for match in shapes:
        sizes = tuple(int(size) for size in re.findall(r"\d+", match[0]))
        yield Problem(claim.line, _untied_shape(match[0], lived.get(sizes)))
    for match in numerals.SYMBOLIC.finditer(claim.shown.text):
        yield Problem(claim.line, f"untied symbolic shape {match[0]}: tie it to its rule")
    for match in numerals.UNUSUAL.finditer(claim.shown.text):
        yield Problem(claim.line, f"write a symbolic shape as a tuple, and tie it: {match[0]}")
    for token in claim.shown.tokens:
        if not any(match.start() <= token.start < match.end() for match in shapes):
            tie = f'`{token.text}`{{title="len(words)"}}'
            if claim.place == BESIDE:
                tie = f"{token.text}<!-- = len(labs) -->"
            advice = f"tie it, for example {tie}, or say it without a number"
            yield Problem(token.line, f"untied number {token.text}: {advice}")


def _untied_shape(shape: str, owner: str | None) -> str:
    if owner is None:
        return f"no such shape: nothing of shape {shape} lived on this page"
    return f'untied shape {shape}: write for example `{shape}`{{title="{owner}.shape"}}'


def check_spelling(claim: Claim, names: set[str]) -> Problem | None:
    """Reject digits that are stuck to letters, and names that the page's code does not spell."""
    if claim.shown.stray:
        word = claim.shown.stray[0].source.text
        return Problem(claim.line, f"the digits {word} are neither a number nor part of a name")
    elsewhere = claim.place == NAMED_ELSEWHERE
    for name in numerals.names(claim.shown.text):
        if name.text not in names and not elsewhere:
            return Problem(claim.line, f"no fence and no tie of this page spells {name.text}")
    return None
