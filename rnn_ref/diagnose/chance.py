"""The generators of random numbers that a module may draw from: Python's, NumPy's and torch's."""

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

# How the state of a generator is read, and how it is put back.
Generator = tuple[Callable[[], Any], Callable[[Any], Any]]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Leave all generators as they were, whatever is drawn meanwhile."""
    states = [(put_back, read()) for read, put_back in _generators()]
    try:
        yield
    finally:
        for put_back, state in states:
            put_back(state)


def _generators() -> list[Generator]:
    """Those there are; torch's only where somebody has loaded it."""
    known: list[Generator] = [
        (random.getstate, random.setstate),
        (np.random.get_state, np.random.set_state),
    ]
    torch = sys.modules.get("torch")
    if torch is not None:
        known.append((torch.get_rng_state, torch.set_rng_state))
        if torch.cuda.is_initialized():
            known.append((torch.cuda.get_rng_state_all, torch.cuda.set_rng_state_all))
    return known
