"""Keep what a page sets from the next page: each starts as a fresh interpreter would."""

import contextlib
import functools
import importlib
import os
import random
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from io import TextIOBase
from typing import Any

import numpy as np

# Progress is reported to nobody. It is read when tqdm is imported, which torch does.
os.environ["TQDM_DISABLE"] = "1"
# Threads that wait for work leave the processor to others: two runs side by side would else spin
# away most of it. It is read when torch is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

_default_rng = np.random.default_rng

# What Python does not show to who runs a script.
HIDDEN = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)


@contextlib.contextmanager
def page_state(stdout: TextIOBase, uses_torch: bool) -> Iterator[None]:
    """Run a page in an empty folder, with its output and its warnings going to `stdout`.

    `__main__`, the working directory, the environment, and the seeds and settings of random,
    NumPy and torch are afterwards what they were.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(_empty_folder())
        stack.callback(_reset_environment, dict(os.environ))
        os.environ["MPLBACKEND"] = "agg"  # plots are drawn where nobody looks
        stack.callback(sys.modules.__setitem__, "__main__", sys.modules["__main__"])
        stack.enter_context(_printed_warnings())
        stack.enter_context(contextlib.redirect_stdout(stdout))
        stack.callback(random.setstate, random.getstate())
        stack.enter_context(_numpy_state())
        stack.callback(_reset_plots)
        if uses_torch:
            stack.enter_context(_torch_state())
        yield


def seed(seeds: int, line: int) -> None:
    """Seed all that draws numbers, as a fresh interpreter is by chance.

    Args:
        seeds: Which of the many fresh interpreters it is.
        line: Where on the page it begins: the next one there draws other numbers.
    """
    chance = random.Random(f"{seeds} {line}")
    random.seed(chance.getrandbits(63))
    np.random.seed(chance.getrandbits(32))
    np.random.default_rng = _seeded(chance)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.default_generator.manual_seed(chance.getrandbits(63))


@contextlib.contextmanager
def same_chance() -> Iterator[None]:
    """Draw numbers, and leave those that come afterwards what they would have been."""
    torch, state, numpy_state = sys.modules.get("torch"), random.getstate(), np.random.get_state()
    drawn = torch.default_generator.get_state() if torch else None
    try:
        yield
    finally:
        random.setstate(state)
        np.random.set_state(numpy_state)
        if torch:
            torch.default_generator.set_state(drawn)


def _seeded(chance: random.Random) -> Callable[..., np.random.Generator]:
    @functools.wraps(_default_rng)
    def default_rng(seed: Any = None) -> np.random.Generator:
        return _default_rng(chance.getrandbits(63) if seed is None else seed)

    return default_rng


@contextlib.contextmanager
def _empty_folder() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        yield


def _reset_environment(environment: dict[str, str]) -> None:
    if os.environ != environment:
        os.environ.clear()
        os.environ.update(environment)


@contextlib.contextmanager
def _printed_warnings() -> Iterator[None]:
    """Print warnings between the output lines, so that a page has to document them."""

    def show(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
        print(f"{category.__name__}: {message}")

    with warnings.catch_warnings():
        warnings.resetwarnings()
        warnings.simplefilter("default")
        for category in HIDDEN:
            warnings.simplefilter("ignore", category)
        warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
        warnings.showwarning = show
        yield


@contextlib.contextmanager
def _numpy_state() -> Iterator[None]:
    state, errors = np.random.get_state(), np.geterr()
    with np.printoptions():
        try:
            yield
        finally:
            np.random.set_state(state)
            np.seterr(**errors)
            np.random.default_rng = _default_rng


def _reset_plots() -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")  # only labs import it
    if pyplot is not None:
        pyplot.close("all")
        pyplot.rcdefaults()


@contextlib.contextmanager
def _torch_state() -> Iterator[None]:
    torch = importlib.import_module("torch")  # here: pages without it are checked without it

    dtype, threads = torch.get_default_dtype(), torch.get_num_threads()
    deterministic, grad = torch.are_deterministic_algorithms_enabled(), torch.is_grad_enabled()
    device, generator = torch.get_default_device(), torch.get_rng_state()
    try:
        yield
    finally:
        if torch.get_default_device() != device:
            torch.set_default_device(device)
        torch.set_default_dtype(dtype)
        torch.set_num_threads(threads)
        if torch.are_deterministic_algorithms_enabled() != deterministic:
            torch.use_deterministic_algorithms(deterministic)  # the call imports the compiler
        torch.set_grad_enabled(grad)
        torch.set_rng_state(generator)
        torch.set_printoptions(profile="default")
