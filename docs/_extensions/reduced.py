"""Setups that are shorter than their text tells, as running them has shown.

`slicing` keeps whatever may matter to a block. `make reduce` (tests/reduction.py) tries what does,
and writes into docs/_reduced.json the numbers of these statements, under a digest of all of them
and of the block. What has changed since has another digest, and is copied whole.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from docs._extensions.slicing import Slice, as_kept
from docs._extensions.statements import Statement

FILE = Path(__file__).parents[1] / "_reduced.json"


def digest(setup: Sequence[Statement], code: str) -> str:
    """Return what stands for a setup and the block that it is copied with."""
    told = [f"{one.source}\0{one.raises}" for one in setup]
    return hashlib.sha256("\0".join([*told, code.rstrip()]).encode()).hexdigest()[:16]


def reduced(whole: Slice, code: str) -> Slice:
    """Return of a setup what is known to matter to the block: all of it, if nothing is known."""
    numbers = known().get(digest(whole.kept, code))
    return whole if numbers is None else as_kept([whole.kept[number] for number in numbers])


@cache
def known() -> dict[str, list[int]]:
    """Read what `make reduce` has found."""
    found: dict[str, list[int]] = json.loads(FILE.read_text("utf-8"))
    return found
