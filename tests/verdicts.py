"""What leaks and axis_roles say of random models, held against how the models were built.

`python -m tests.verdicts [COUNT]` asks both about COUNT right models and COUNT wrong ones, prints
how often they are wrong and about which, and fails if they are.
"""

import argparse
import sys
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import torch

from rnn_ref.diagnose import axis_roles, leaks
from tests.random_faults import wrong
from tests.random_models import Example, Plan, right

BOTH_WAYS = "time (both ways)"
# torch says so once of an LSTM with proj_size, of float32
WITHOUT_ONEDNN = "LSTM with projections is not supported with oneDNN"


def of_leaks(kind: str, seed: int) -> str | None:
    """What is wrong about what leaks says, if anything."""
    example = KINDS[kind](seed)
    leaked = leaks(example.model, example.x).leaked
    expected = range(1, example.plan.N)
    found = set(leaked) <= {*expected} and bool(leaked) == bool(example.fault)
    return None if found else complaint(example, leaked)


def of_axis_roles(kind: str, seed: int) -> str | None:
    """The same for axis_roles: right models have all axes named, wrong ones have no batch."""
    example = KINDS[kind](seed, every_step=True)
    batch, time, *features = axis_roles(example.model, example.x).roles
    if example.fault:
        found = batch != "batch"
    else:
        rest = [] if example.plan.ids else ["features"]
        found = batch == "batch" and time in times(example.plan) and features == rest
    return None if found else complaint(example, (batch, time, *features))


def times(plan: Plan) -> set[str]:
    """What axis 1 may be called: where padding ends, a later step tells how long the sample is."""
    if plan.bidirectional or "attention" in plan.blocks:
        return {BOTH_WAYS}
    return {"time", BOTH_WAYS} if plan.padded else {"time"}


def complaint(example: Example, got: object) -> str:
    return f"{example.fault or 'right'}: {got} of {example.plan}"


KINDS: dict[str, Callable[..., Example]] = {"right": right, "wrong": wrong}
VERDICTS = {"leaks": of_leaks, "axis_roles": of_axis_roles}


def complaints(name: str, kind: str, seeds: Iterable[int], run: Callable = map) -> list[str]:
    """Ask about the models of some seeds, and return what is wrong."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", WITHOUT_ONEDNN)
        return [said for said in run(partial(VERDICTS[name], kind), seeds) if said]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", nargs="?", type=int, default=2000, help="models of each kind")
    count = parser.parse_args().count
    failed = 0
    with ProcessPoolExecutor(initializer=torch.set_num_threads, initargs=(1,)) as pool:
        for name in VERDICTS:
            for kind in KINDS:
                said = complaints(name, kind, range(count), partial(pool.map, chunksize=10))
                print(
                    f"{name}: wrong about {len(said)} of {count} {kind} models", *said, sep="\n  "
                )
                failed += len(said)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
