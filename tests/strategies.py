"""Hypothesis strategies: networks and data whose sizes all differ.

Where every axis has another length, a swapped axis cannot pass. The primes from 5 on also differ
from every D*num_layers up to 3 layers, and from one another's products with D and G.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from rnn_ref.shapes import Config, Mode

PRIMES = (5, 7, 11, 13, 17)
MODES: tuple[Mode, ...] = ("RNN", "LSTM", "GRU")


@dataclass(frozen=True)
class Case:
    """A network and what it is given."""

    config: Config
    L: int
    N: int | None  # None: unbatched
    nonlinearity: str
    with_state: bool
    seed: int
    lengths: tuple[int, ...] = ()  # of each sequence of the batch, to be packed

    @property
    def options(self) -> dict[str, Any]:
        """The keyword arguments that torch's constructors and ours share."""
        names = ["input_size", "hidden_size", "num_layers", "bias", "batch_first", "bidirectional"]
        names += ["proj_size"] * (self.config.mode == "LSTM")
        options = {name: getattr(self.config, name) for name in names}
        return options | ({"nonlinearity": self.nonlinearity} if self.config.mode == "RNN" else {})

    def draw(self, *shape: int) -> NDArray[np.float64]:
        """Numbers that are never zero: a lost state or weight changes the result."""
        rng = np.random.default_rng(self.seed)
        return rng.uniform(0.1, 1.0, shape) * rng.choice([-1.0, 1.0], shape)


@st.composite
def packed_cases(draw: st.DrawFn) -> Case:
    """A batch of sequences of several lengths, sorted or not, with ties or not."""
    case = draw(cases().filter(lambda case: case.N is not None))
    assert case.N is not None
    lengths = draw(st.lists(st.integers(1, case.L), min_size=case.N, max_size=case.N))
    return replace(case, lengths=tuple(sorted(lengths)[::-1] if draw(st.booleans()) else lengths))


@st.composite
def cases(draw: st.DrawFn, modes: tuple[Mode, ...] = MODES) -> Case:
    L, N, input_size, a, b = draw(st.permutations(PRIMES))
    mode = draw(st.sampled_from(modes))
    config = Config(
        mode,
        input_size=input_size,
        hidden_size=max(a, b),
        num_layers=draw(st.integers(1, 3)),
        bias=draw(st.booleans()),
        batch_first=draw(st.booleans()),
        bidirectional=draw(st.booleans()),
        proj_size=min(a, b) if mode == "LSTM" and draw(st.booleans()) else 0,
    )
    return Case(
        config,
        L=L,
        N=N if draw(st.booleans()) else None,
        nonlinearity=draw(st.sampled_from(("tanh", "relu"))),
        with_state=draw(st.booleans()),
        seed=draw(st.integers(0, 2**32 - 1)),
    )
