"""Compare the `#>` lines of a statement with what it printed and raised."""

import itertools
import re

from tests.reading.fences import OUTPUT, Step
from tests.reading.problems import Edit, Problem, disagreement
from tests.reading.site_markdown import Line
from tests.snippets.execution import Result

NOTHING = "nothing"
ERROR = re.compile(r"[A-Za-z_.]+(?:Error|Exception|Exit|Interrupt|Warning)")


def documents_error(step: Step, result: Result) -> bool:
    """Tell whether the `#>` lines announce an error, be it the one that was raised or another."""
    if result.error is None:
        return False
    raised = result.error_lines[0].partition(":")[0]
    heads = {line.partition(":")[0] for line in step.output}
    return raised in heads or any(ERROR.fullmatch(head) for head in heads)


def check_output(
    step: Step, result: Result, code_line: int, code: list[str], lines: list[Line]
) -> list[Problem]:
    """Compare line by line; `code_line` is the page's index of the first line of the code.

    Args:
        code: The fence's code, by lines.
        lines: The page's lines.
    """
    actual = result.output + (result.error_lines if documents_error(step, result) else [])
    if list(step.output) == actual:
        return []
    expression = _source(step, code)
    places = [code_line + number for number in step.output_lines]
    edits = _rewrite(step, actual, code_line, code, lines)
    pairs = itertools.zip_longest(step.output, actual)
    if len(step.output) == len(actual):
        return [
            Problem(place, disagreement(documented, is_, expression), (edit,))
            for place, (documented, is_), edit in zip(places, pairs, edits, strict=True)
            if documented != is_
        ]
    documented = "\n".join(step.output) or NOTHING
    line = places[0] if places else code_line + step.last_line
    message = disagreement(documented, "\n".join(actual) or NOTHING, expression)
    return [Problem(line, message, tuple(edits))]


def _source(step: Step, code: list[str]) -> str:
    first = code[step.last_line - (step.node.end_lineno or 1) + step.node.lineno].strip()
    return first if step.node.lineno == step.node.end_lineno else f"{first} ..."


def _rewrite(
    step: Step, actual: list[str], code_line: int, code: list[str], lines: list[Line]
) -> list[Edit]:
    """Return one edit for each documented line; the last one brings what is more."""
    numbers = step.output_lines or (step.last_line,)
    margin = _margin(lines[code_line + numbers[0]].text, code[numbers[0]])
    prefix = margin + _indent(code[numbers[0]]) * bool(step.output_lines)
    new = [f"{prefix}{OUTPUT} {line}".rstrip() for line in actual]
    if not step.output_lines:
        last = code_line + step.last_line
        end = len(lines[last].text)
        return [Edit(last, end, end, "".join(f"\n{line}" for line in new))]
    texts: list[str | None] = [*new[: len(numbers)], *[None] * (len(numbers) - len(new))]
    if len(new) > len(numbers):
        texts[-1] = "\n".join(new[len(numbers) - 1 :])
    return [
        Edit(code_line + number, 0, len(lines[code_line + number].text), text)
        for number, text in zip(numbers, texts, strict=True)
    ]


def _margin(source: str, code: str) -> str:
    """Return what the page puts before the code: the indent of a list, the mark of a quote."""
    return source[: len(source) - len(code)]


def _indent(code: str) -> str:
    return code[: len(code) - len(code.lstrip())]
