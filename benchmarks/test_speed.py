"""rnn_ref beside torch: forward, and forward and backward, in the same process, in turn.

    make benchmarks                                       # all of it, about twenty minutes
    .venv/bin/python -m pytest benchmarks -k "GRU and one thread and not large"

A round runs torch, rnn_ref and the bare matrix products that NumPy has to do anyway, one after the
other, each often enough to be measured. What is reported is the median over the rounds of a
contestant's time divided by torch's of the same round: CPU time with one thread each, wall time
with the default threads. The layer alone is what a call costs beside its checks.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_limits

import rnn_ref
from rnn_ref import shapes

# (L, N, H_in, H), calls a round, rounds
SIZES = {
    "tiny": ((5, 3, 4, 2), 100, 15),
    "small": ((10, 40, 5, 8), 50, 15),
    "medium": ((100, 32, 64, 128), 2, 15),
    "large": ((500, 64, 256, 512), 1, 5),
}


@dataclass
class Contest:
    """One network, in torch and here, with the same weights and input."""

    mode: shapes.Mode
    sizes: tuple[int, int, int, int]

    def __post_init__(self) -> None:
        L, N, H_in, H = self.sizes
        torch.manual_seed(0)
        self.theirs = getattr(torch.nn, self.mode)(H_in, H)
        self.ours = getattr(rnn_ref, self.mode)(H_in, H)
        self.ours.load_state_dict(self.theirs.state_dict())
        self.x, self.d_output = torch.randn(L, N, H_in), torch.randn(L, N, H)
        states = tuple(torch.randn(1, N, H) for _ in shapes.STATES[self.mode])
        self.hx = states if len(states) == 2 else states[0]
        numpy = tuple(state.numpy() for state in states)
        self.numpy_hx = numpy if len(numpy) == 2 else numpy[0]

    def torch_forward(self) -> Any:
        with torch.no_grad():
            return self.theirs(self.x, self.hx)[0]

    def ours_forward(self) -> Any:
        return self.ours(self.x.numpy(), self.numpy_hx)[0]

    def products_forward(self) -> None:
        """x W_ih^T for all steps, and h W_hh^T for each."""
        L, N, H_in, H = self.sizes
        W_ih, W_hh = (w.T.copy() for w in (self.ours.weight_ih_l0, self.ours.weight_hh_l0))
        self.x.numpy().reshape(L * N, H_in) @ W_ih
        h, product = np.zeros((N, H), np.float32), np.empty((N, W_hh.shape[1]), np.float32)
        for _ in range(L):
            np.matmul(h, W_hh, out=product)

    def torch_both(self) -> Any:
        x = self.x.clone().requires_grad_()
        self.theirs.zero_grad()
        self.theirs(x, self.hx)[0].backward(self.d_output)
        return x.grad

    def ours_both(self) -> Any:
        _, backward = self.ours.vjp(self.x.numpy(), self.numpy_hx)
        return backward(self.d_output.numpy()).input

    def products_both(self) -> None:
        """As forward; da W_hh for each step; and three products for the weights and the input."""
        self.products_forward()
        L, N, H_in, H = self.sizes
        W_ih, W_hh = self.ours.weight_ih_l0, self.ours.weight_hh_l0
        da, d_h = np.zeros((L * N, len(W_hh)), np.float32), np.empty((N, H), np.float32)
        for t in range(L):
            np.matmul(da[t * N : (t + 1) * N], W_hh, out=d_h)
        da.T @ self.x.numpy().reshape(L * N, H_in)
        da.T @ self.d_output.numpy().reshape(L * N, H)
        da @ W_ih


@pytest.fixture(params=["one thread", "default threads"])
def clock(request: pytest.FixtureRequest) -> Iterator[Callable[[], float]]:
    if request.param == "default threads":
        yield time.perf_counter
        return
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with threadpool_limits(1):
        yield time.process_time
    torch.set_num_threads(threads)


def seconds(run: Callable[[], Any], calls: int, clock: Callable[[], float]) -> float:
    start = clock()
    for _ in range(calls):
        run()
    return clock() - start


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("way", ["forward", "both"])
@pytest.mark.parametrize("mode", shapes.GATES)
def test_speed(benchmark: Any, clock: Callable[[], float], mode: Any, way: str, size: str) -> None:
    sizes, calls, rounds = SIZES[size]
    contest = Contest(mode, sizes)
    runs = {name: getattr(contest, f"{name}_{way}") for name in ("torch", "ours", "products")}
    np.testing.assert_allclose(runs["ours"](), runs["torch"]().numpy(), atol=1e-3)
    taken: dict[str, list[float]] = {name: [] for name in runs}

    def one_round() -> None:
        for name, run in runs.items():
            taken[name].append(seconds(run, calls, clock))

    benchmark.pedantic(one_round, rounds=rounds, warmup_rounds=1)
    for name in ("ours", "products"):
        ratios = [a / b for a, b in zip(taken[name], taken["torch"], strict=True)]
        benchmark.extra_info[name] = round(statistics.median(ratios[1:]), 2)
    benchmark.extra_info["sizes"] = sizes
    benchmark.extra_info["torch_ms"] = 1000 * statistics.median(taken["torch"]) / calls
