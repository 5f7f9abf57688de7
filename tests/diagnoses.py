"""What a diagnosis says of random models, held against how the models were built.

`python -m tests.diagnoses [COUNT]` asks about COUNT right models and COUNT wrong ones, prints how
often it is wrong and about which, which causes were named for which faults, and fails if it is
wrong, or cannot tell the cause too often.
"""

import argparse
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import torch

from rnn_ref.diagnose import axis_roles, depends, leaks
from tests.random_faults import FAULTS, wrong
from tests.random_models import Example, Plan, right

UNTOLD = 0.1  # of the causes, at most
POSITIONS = 40  # of a batch that is mapped: each costs many calls
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


def of_causes(kind: str, seed: int) -> str | None:
    """What is wrong about the cause that leaks names; that it names none is counted elsewhere."""
    example = KINDS[kind](seed)
    _, expected = FAULTS.get(example.fault, (None, None))
    cause = leaks(example.model, example.x).cause
    allowed = {expected, "unknown"} - {None} if example.fault else {None}
    return None if cause in allowed else complaint(example, cause)


def cause_of(seed: int) -> tuple[str, str | None]:
    """A fault, and the cause that leaks names."""
    example = wrong(seed)
    return example.fault, leaks(example.model, example.x).cause


def of_depends(kind: str, seed: int) -> str | None:
    """What is wrong about a map: who meets whom, and that leaks finds no more of sample 0."""
    example = KINDS[kind](seed)
    if example.x.shape[0] * example.x.shape[1] > POSITIONS or example.fault == "state kept":
        return None
    batch = depends(example.model, example.x).batch
    meetings = batch & ~np.eye(len(batch), dtype=bool)
    leaked = leaks(example.model, example.x).leaked
    found = bool(meetings.any()) == bool(example.fault)
    same = {*leaked} <= {n for n, meets in enumerate(meetings[:, 0]) if meets}
    return None if found and same else complaint(example, (leaked, batch.tolist()))


def of_axis_roles(kind: str, seed: int) -> str | None:
    """The same for axis_roles: right models have all axes named, wrong ones have no batch."""
    example = KINDS[kind](seed, every_step=True)
    if example.fault == "state kept":
        return None  # it has no axes: that is raised
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
VERDICTS = {
    "leaks": of_leaks,
    "causes": of_causes,
    "depends": of_depends,
    "axis_roles": of_axis_roles,
}


def quietly(run: Callable, function: Callable, seeds: Iterable[int]) -> list:
    """Call a function for each seed."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", WITHOUT_ONEDNN)
        return list(run(function, seeds))


def complaints(name: str, kind: str, seeds: Iterable[int], run: Callable = map) -> list[str]:
    """Ask about the models of some seeds, and return what is wrong."""
    return [said for said in quietly(run, partial(VERDICTS[name], kind), seeds) if said]


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
        named = Counter(quietly(partial(pool.map, chunksize=10), cause_of, range(count)))
    for (fault, cause), times in sorted(named.items(), key=str):
        print(f"{fault:34}{cause:24}{times}")
    untold = sum(times for (_, cause), times in named.items() if cause == "unknown")
    print(f"of {count} causes {untold} cannot be told")
    return int(failed > 0 or untold > UNTOLD * count)


if __name__ == "__main__":
    sys.exit(main())
