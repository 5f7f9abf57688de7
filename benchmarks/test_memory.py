"""The most memory that a call holds at once, beside the arrays that have to exist.

    make benchmarks

Forward, these are input, output, weights and states. For the gradients, there are those of all of
them, and what the chain rule needs of each step: the gates, and c in an LSTM, W_hn h in a GRU.
"""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rnn_ref
from rnn_ref import shapes

SIZES = {"medium": (100, 32, 64, 128), "large": (500, 64, 256, 512)}
OF_A_STEP = {"RNN": 0, "LSTM": 5, "GRU": 4}  # arrays of N x H that the chain rule needs


def peak(run: Callable[[], Any]) -> int:
    """The bytes that a call holds at once, its results included; what it is given exists before."""
    tracemalloc.start()
    run()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", shapes.GATES)
def test_memory(benchmark: Any, mode: Any, size: str) -> None:
    L, N, H_in, H = SIZES[size]
    network = getattr(rnn_ref, mode)(H_in, H, seed=0)
    rng = np.random.default_rng(0)
    x, d_output = (rng.normal(size=(L, N, f)).astype(np.float32) for f in (H_in, H))
    states = [rng.normal(size=(1, N, H)).astype(np.float32) for _ in shapes.STATES[mode]]
    hx = states[0] if len(states) == 1 else tuple(states)

    def both() -> Any:
        _, backward = network.vjp(x, hx)
        return backward(d_output)

    given_bytes = sum(array.nbytes for array in (x, *states, *network.state_dict().values()))
    results = d_output.nbytes + sum(state.nbytes for state in states)
    kept = OF_A_STEP[mode] * d_output.nbytes
    forward = (given_bytes + peak(lambda: network(x, hx))) / (given_bytes + results)
    backward = given_bytes + d_output.nbytes + peak(both)
    must = 2 * given_bytes + results + kept + d_output.nbytes
    found = {"forward": round(forward, 2), "both": round(backward / must, 2)}
    benchmark.extra_info.update(found, sizes=SIZES[size])
    benchmark.pedantic(lambda: None)
