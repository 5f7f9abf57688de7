"""A setup is as short as the block below allows, and what is left does the same."""

import json
import statistics
from pathlib import Path

import pytest

from docs._extensions import reduced
from docs._extensions.reduced import digest
from docs._extensions.slicing import as_kept
from docs._extensions.statements import executed, statements
from tests.copied_blocks import UNEXECUTED
from tests.markup import parsed
from tests.reduction import Run, Setup, reduce, runner, write

ABOVE = """import torch
torch.manual_seed(1)
N = 3
batch = torch.randn(N, 5)
net = torch.nn.Linear(5, 7)
step = torch.optim.SGD(net.parameters(), lr=0.1)
net(batch).sum().backward()
step.step()
other = torch.randn(2)
torch.randn(4, 4).cholesky()
#> RuntimeError: no such thing
"""
BLOCKS = {
    "a shape": ("print(tuple(net(batch).shape))", ["import", "manual_seed", "N", "batch", "net"]),
    "numbers": (
        "print(net(batch).sum().item())",
        ["import", "manual_seed", "N", "batch", "net", "step", "backward", "step.step"],
    ),
    "a number drawn": (
        "print(f'{torch.rand(1).item():.4f}')",
        ["import", "manual_seed", "N", "batch", "net", "other", "cholesky"],
    ),
    "what a seed alone makes true": (
        "print((torch.randn(9) > 0).tolist())",
        ["import", "manual_seed", "N", "batch", "net", "other", "cholesky"],
    ),
    "nothing": ("again = net(batch)", None),
}


@pytest.fixture(scope="module")
def run() -> Run:
    return runner()


@pytest.mark.parametrize("kind", BLOCKS)
def test_what_is_left_is_what_the_block_needs(run: Run, kind: str):
    code, words = BLOCKS[kind]
    whole = executed(ABOVE)
    kept = [whole[number].source for number in reduce(Setup(whole, code, run))]

    assert len(kept) == len(whole if words is None else words)
    assert all(word in source for word, source in zip(words or [], kept, strict=False))


def test_what_is_known_is_found_by_its_digest(monkeypatch: pytest.MonkeyPatch):
    whole, code = statements("a = 1\nb = 2\nprint(a)"), "print(b)"
    monkeypatch.setattr(reduced, "known", lambda: {digest(whole, code): [1]})

    assert reduced.reduced(as_kept(whole), code) == as_kept([whole[1]])
    assert not reduced.reduced(as_kept(whole), code).prints
    assert reduced.reduced(as_kept(whole), "print(a)") == as_kept(whole)
    assert reduced.reduced(as_kept(whole[:2]), code) == as_kept(whole[:2])


def test_a_statement_that_raises_is_another():
    raising = executed("print(1)\n1 / 0\n#> ZeroDivisionError: division by zero")
    assert digest(raising, "") != digest(statements("print(1)\n1 / 0"), "")


def test_what_is_written_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reduced, "FILE", tmp_path / "_reduced.json")
    known = {"b": [1, 2], "a": []}
    write(known)

    assert json.loads(reduced.FILE.read_text("utf-8")) == known
    assert [*tmp_path.iterdir()] == [reduced.FILE]


def test_setups_are_short(built_site: Path):
    """Where this is red, pages have been written since `make reduce`."""
    lines = []
    for file in built_site.rglob("*.html"):
        for block in parsed(file.read_text(encoding="utf-8")).select("[data-setup]"):
            if UNEXECUTED not in block.attrs and (eye := block.select_one("[aria-expanded]")):
                lines.append(int(str(eye["aria-label"]).split()[0]))

    assert len(lines) > 1000
    assert statistics.median(lines) <= 12
    assert statistics.quantiles(lines, n=20)[-1] <= 40
