"""Keep what a page sets from the next page: each starts as a fresh interpreter would."""

import contextlib
import importlib
import os
import random
import sys
import tempfile
import warnings
from collections.abc import Iterator
from io import TextIOBase
from typing import Any

import numpy as np

# Progress is reported to nobody. It is read when tqdm is imported, which torch does.
os.environ["TQDM_DISABLE"] = "1"

# What Python does not show to who runs a script.
HIDDEN = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)


@contextlib.contextmanager
def page_state(stdout: TextIOBase, uses_torch: bool) -> Iterator[None]:
    """Run a page in an empty folder, with its output and its warnings going to `stdout`.

    `__main__`, the working directory, the environment, and the seeds and settings of random,
    NumPy and torch are afterwards what they were. Seeds are drawn anew, as in the reader's own
    process: a page whose numbers depend on chance shows it.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(_empty_folder())
        stack.callback(_reset_environment, dict(os.environ))
        os.environ["MPLBACKEND"] = "agg"  # plots are drawn where nobody looks
        stack.callback(sys.modules.__setitem__, "__main__", sys.modules["__main__"])
        stack.enter_context(_printed_warnings())
        stack.enter_context(contextlib.redirect_stdout(stdout))
        stack.callback(random.setstate, random.getstate())
        random.seed()
        stack.enter_context(_numpy_state())
        stack.callback(_reset_plots)
        if uses_torch:
            stack.enter_context(_torch_state())
        yield


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
    np.random.seed()
    with np.printoptions():
        try:
            yield
        finally:
            np.random.set_state(state)
            np.seterr(**errors)


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
    torch.default_generator.seed()  # torch.seed() formats a stack trace for each absent device
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
