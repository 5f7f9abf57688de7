"""The catalogue of messages: whole, executed, and told apart."""

import ast
import inspect
import json
import random
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import torch
from torch.nn.modules import rnn as networks
from torch.nn.utils import rnn as packing

from rnn_ref.messages import Message, decode
from rnn_ref.messages.catalogue import messages, page_of
from rnn_ref.messages.templates import Template
from tests.catalogue.code import ends_in, run

MESSAGES = messages()
# What torch raises and no entry has, each with the reason; it may not grow.
EXEMPT = {
    "hx must not be None": "an assertion that no call reaches: the lines before it make a state",
    "mode must be RNN_TANH or RNN_RELU, got {}": "an assertion that no call reaches",
}
SAMPLES = 3  # of sizes for each message
RANDOM = random.Random(0)


def raised(module: ModuleType) -> Iterator[str]:
    """The texts that a file of torch raises or warns of, with {} where they vary."""
    tree = ast.parse(inspect.getsource(module))
    texts = defaultdict(list)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            texts[node.targets[0].id].append(node.value)
    for node in ast.walk(tree):
        call = node.exc if isinstance(node, ast.Raise) else node
        if isinstance(call, ast.Call) and (call is not node or is_warning(call)):
            argument = call.args[0]
            named = texts[argument.id] if isinstance(argument, ast.Name) else [argument]
            yield from map(spelled, named)
        # What is filled in later, by `format`.
        if isinstance(node, ast.Constant) and re.search(r"\w \{\}", str(node.value)):
            yield str(node.value)


def is_warning(call: ast.Call) -> bool:
    return ast.unparse(call.func) == "warnings.warn"


def spelled(node: ast.expr) -> str:
    """What an expression writes, with {} where it varies."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(spelled, node.values))
    if isinstance(node, ast.BinOp):
        return spelled(node.left) + spelled(node.right)
    return "{}"


# "{}" alone is a text that is filled in, and is found where it stands.
RAISES = sorted({*raised(networks), *raised(packing)} - {"{}"})


def test_what_torch_raises_is_found():
    assert len(RAISES) >= 35
    assert "input_size must be greater than zero" in RAISES


@pytest.mark.parametrize("text", [text for text in RAISES if text != "{}"])
def test_every_raise_of_torch_has_an_entry(text: str):
    """The text with numbers in the places of what varies, as a call would print it."""
    printed = [text.replace("{}", value) for value in ("7", "(3, 5)", "[3, 5]", "torch.float32")]
    known = any(decode(each) for each in printed)

    assert known != (text in EXEMPT), text


def test_the_exemptions_do_not_grow():
    assert EXEMPT.keys() <= {*RAISES}
    assert len(EXEMPT) <= 2


TRIGGERS = [(entry, code) for entry in MESSAGES for code in entry.triggers]
CODES = [
    *TRIGGERS,
    *((entry, cause.code) for entry in MESSAGES for cause in entry.causes if cause.code),
]


@pytest.mark.parametrize(("entry", "code"), TRIGGERS, ids=[entry.id for entry, _ in TRIGGERS])
def test_every_trigger_raises_its_message(entry: Message, code: str):
    text = ends_in(code)
    reading = decode(text)

    assert reading, text
    assert (reading.entry.id, text.partition(":")[0].split(".")[-1]) == (
        entry.id,
        entry.error.split(".")[-1],
    )


def test_every_text_of_today_has_a_trigger():
    alone = [
        (entry.id, text)
        for entry in MESSAGES
        if entry.triggers
        for text in entry.messages
        if not any(Template(text).pattern.search(ends_in(code)) for code in entry.triggers)
    ]

    assert alone == []


@pytest.mark.parametrize("entry", MESSAGES, ids=[entry.id for entry in MESSAGES])
def test_every_cause_leads_there_and_is_mended(entry: Message):
    assert entry.causes
    if entry.not_run:
        return
    for trigger in entry.triggers:
        namespace: dict[str, object] = {"__name__": "__main__"}
        run(trigger, namespace)
    for cause in entry.causes:
        if cause.code:
            reading = decode(run(cause.code, namespace))
            assert reading, cause.name
            assert reading.entry.id == entry.id
            assert reading.fits(cause), cause.name
        assert cause.fix, cause.name
        assert re.search(r"^(#> |assert )", cause.fix, re.MULTILINE), cause.fix
        printed = run(cause.fix, namespace)
        assert printed == "\n".join(re.findall(r"^ *#> ?(.*)$", cause.fix, re.MULTILINE))


def instances(template: Template) -> Iterator[str]:
    """The message with random sizes."""
    for _ in range(SAMPLES):
        text = template.source
        for name, kind in template.parts:
            text = text.replace(f"{{{name}:{kind}}}", instance(kind))
        yield text.replace("{{", "{").replace("}}", "}")


def instance(kind: str) -> str:
    sizes = [str(RANDOM.randrange(1, 1000)) for _ in range(RANDOM.randrange(1, 5))]
    return {
        "shape": RANDOM.choice([f"({', '.join(sizes)})", f"torch.Size([{', '.join(sizes)}])"]),
        "int": sizes[0],
        "number": RANDOM.choice([sizes[0], "0.25", "1e-05"]),
        "dtype": RANDOM.choice(["torch.int64", "Long", "Double", "float"]),
        "device": RANDOM.choice(["cpu", "cuda:0", "meta"]),
        "word": RANDOM.choice(["word", "a_word", "h"]),
        "text": RANDOM.choice(["a word", "'x', 'y'", "h_0"]),
        "lines": RANDOM.choice(["a line", "a line\n\tand more"]),
    }[kind]


ALL = [(entry, template) for entry in MESSAGES for template in entry.templates]


@pytest.mark.parametrize("entry", MESSAGES, ids=[entry.id for entry in MESSAGES])
def test_every_pattern_matches_its_own_messages_and_no_others(entry: Message):
    for template in entry.templates:
        for text in instances(template):
            others = {
                other.id
                for other, each in ALL
                if other is not entry and each.pattern.fullmatch(text)
            }
            reading = decode(f"{entry.error}: {text}")

            assert template.pattern.fullmatch(text), text
            assert others == set(), text
            assert reading, text
            assert reading.entry.id == entry.id, text


@pytest.mark.parametrize("entry", MESSAGES, ids=[entry.id for entry in MESSAGES])
def test_what_is_quoted_leads_to_its_entry(entry: Message):
    for sample in filter(None, [entry.sample, *(wording.sample for wording in entry.wordings)]):
        reading = decode(sample)
        assert reading, sample
        assert reading.entry.id == entry.id


def test_a_message_in_a_traceback_is_found():
    with pytest.raises(RuntimeError) as caught, warnings.catch_warnings():
        torch.nn.RNN(7, 13)(torch.zeros(5, 3, 7), torch.zeros(1, 2, 13))
    text = "\n".join(map(str, caught.traceback)) + f"\n\nE   RuntimeError: {caught.value}\n\nend"
    reading = decode(text)

    assert reading
    assert reading.values == {"expected": (1, 3, 13), "got": (1, 2, 13)}
    assert page_of(reading.entry.id).name == "errors/state"


PASTED = json.loads((Path(__file__).parent / "pasted.json").read_text("utf-8"))


@pytest.mark.parametrize("pasted", PASTED, ids=[pasted["text"][:50] for pasted in PASTED])
def test_what_people_paste_leads_to_its_entry(pasted: dict[str, str]):
    """Messages that somebody got, and the entry that a reader wants for each."""
    reading = decode(pasted["text"])

    assert reading
    assert reading.entry.id == pasted["entry"]


UNRUN = 29  # entries; it may shrink


def test_the_entries_that_no_run_shows_do_not_grow_and_have_a_reason():
    reasons = {entry.id: entry.not_run for entry in MESSAGES if entry.not_run}

    assert len(reasons) <= UNRUN
    assert [id for id, reason in reasons.items() if len(reason.split()) < 4] == []
