"""The map of what depends on what, against the equations; and that the other diagnoses read it."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

import rnn_ref
from rnn_ref.diagnose import Dependence, axis_roles, depends, leaks
from tests.test_shapes import MODES

N, L, H_IN, H = 3, 5, 7, 11
LOWER = np.tril(np.ones((L, L), bool))


def batch(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def network(mode: str, **options: bool) -> nn.RNNBase:
    torch.manual_seed(0)
    network: nn.RNNBase = getattr(nn, mode)(H_IN, H, **options)
    return network


@settings(max_examples=12, deadline=None)
@given(
    mode=st.sampled_from(MODES),
    bidirectional=st.booleans(),
    batch_first=st.booleans(),
    sizes=st.permutations([2, 3, 5]),
)
def test_the_map_of_a_network(
    mode: str, bidirectional: bool, batch_first: bool, sizes: list[int]
) -> None:
    """A step sees those up to it, or all, of its own sequence."""
    N, L, _ = sizes
    rnn = network(mode, batch_first=batch_first, bidirectional=bidirectional)
    steps, same = np.ones((L, L), bool) if bidirectional else np.tri(L, dtype=bool), np.eye(N) > 0
    expected = np.einsum("ij,kl->kilj" if batch_first else "ij,kl->ikjl", steps, same)
    got = depends(rnn, batch(N, L, H_IN) if batch_first else batch(L, N, H_IN))
    assert got.outputs == (0, 1)
    assert (got.map == expected).all()
    samples, times = (got.batch, got.time) if batch_first else (got.time, got.batch)
    assert samples is not None
    assert times is not None
    assert (samples == same).all()
    assert (times == steps).all()


@settings(max_examples=12, deadline=None)
@given(links=st.lists(st.booleans(), min_size=36, max_size=36))
def test_any_map_is_found(links: list[bool]) -> None:
    """A module that adds up what its map says, and nothing else."""
    flags = np.array(links).reshape(6, 6)
    weights = torch.tensor(flags, dtype=torch.float32)

    def module(x: Tensor) -> Tensor:
        seen = weights if x.shape[:2] == (2, 3) else torch.eye(len(x) * x.shape[1])
        return (seen @ x.flatten(0, 1).tanh()).view(x.shape)

    got = depends(module, batch(2, 3, 4))
    assert (got.map == flags.reshape(2, 3, 2, 3)).all()


@pytest.mark.parametrize("batch_first", [True, False])
def test_the_other_diagnoses_are_readings(batch_first: bool) -> None:
    rnn = network("GRU", batch_first=batch_first)
    x = batch(N, L, H_IN)
    got, roles = depends(rnn, x), axis_roles(rnn, x).roles
    assert got.batch is not None
    assert leaks(rnn, x).leaked == tuple(np.flatnonzero(got.batch[1:, 0]) + 1)
    for flags, role in zip((got.batch, got.time), roles, strict=False):
        assert role == ("batch" if (flags == np.eye(len(flags))).all() else "time")


def test_an_output_for_each_sample_has_no_time() -> None:
    rnn = network("GRU", batch_first=True)
    got = depends(lambda x: rnn(x)[0][:, 2], batch(N, L, H_IN))
    assert got.outputs == (0,)
    assert got.time is None
    assert (got.map == np.eye(N)[:, :, None] * (np.arange(L) < 3)).all()


@pytest.mark.parametrize("sizes", [(N, L), (4, 4)])
def test_what_gets_longer_tells_which_axis_of_the_output_is_which(sizes: tuple[int, int]) -> None:
    """Of h_n the batch is axis 1; transposed outputs are mapped as others are."""
    rnn, x = network("GRU", batch_first=True), batch(*sizes, H_IN)
    straight, turned = depends(rnn, x), depends(lambda x: rnn(x)[0].transpose(0, 1), x)
    assert (straight.map == turned.map).all()
    last = depends(lambda x: rnn(x)[1], x)
    assert (last.outputs, last.map.shape) == ((0,), (sizes[0], *sizes))
    forgetful = network("GRU")
    got = depends(lambda x: forgetful(x)[1][-1], x)
    assert got.outputs == (1,)
    assert got.batch is None


def test_ids_one_sequence_and_features_alone() -> None:
    torch.manual_seed(0)
    embedding, rnn = nn.Embedding(5, H_IN), network("GRU", batch_first=True)
    ids = torch.arange(N * L).view(N, L) % 5
    assert depends(lambda x: rnn(embedding(x))[0].sum(-1), ids).map.shape == (N, L, N, L)
    assert (depends(rnn, batch(L, H_IN)).map == LOWER).all()
    assert (depends(lambda x: x.cumsum(0), batch(L)).map == LOWER).all()
    assert (depends(nn.Linear(H_IN, H), batch(N, H_IN)).map == np.eye(N)).all()


def test_a_size_that_is_written_into_the_module() -> None:
    rnn, h_0 = network("GRU", batch_first=True), torch.zeros(1, N, H)
    x, places = batch(N, L, H_IN), torch.zeros(1, L, 1)
    assert depends(lambda x: rnn(x + places, h_0)[0], x).map.shape == (N, L, N, L)
    assert depends(lambda x: rnn(x + places, h_0)[1][0], x).map.shape == (N, N, L)


def test_an_output_that_is_cut_to_the_longest_sample() -> None:
    def module(x: Tensor) -> Tensor:
        longest = int(((x != 0) * torch.arange(1, x.shape[1] + 1)).max())
        return x[:, :longest]

    ids = torch.tensor([[1, 2, 3, 4], [2, 3, 0, 0]])
    got = depends(module, ids)
    assert got.map.shape == (2, 4, 2, 4)
    assert got.map.any(axis=(1, 3)).tolist() == [[True, False], [False, True]]


def test_our_own_network() -> None:
    x = batch(N, L, H_IN).numpy()
    time = depends(rnn_ref.GRU(H_IN, H, batch_first=True, seed=0), x).time
    assert time is not None
    assert (time == LOWER).all()


def test_a_drawing() -> None:
    text = str(depends(network("RNN", batch_first=True), batch(2, 3, H_IN)))
    assert text == (
        "Axis 0: output positions (rows) depend (#) on input positions (columns)\n"
        "      0 1\n"
        "   0  # .\n"
        "   1  . #\n"
        "Axis 1: output positions (rows) depend (#) on input positions (columns)\n"
        "      0 1 2\n"
        "   0  # . .\n"
        "   1  # # .\n"
        "   2  # # #"
    )


def test_a_drawing_is_cut_where_it_would_leave_the_page() -> None:
    lines = str(Dependence(np.eye(50) > 0, (0,))).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1] == "      and more, 50 by 50 in all"
    assert len(lines) == 2 + 36 + 1


def test_what_cannot_be_mapped_is_refused() -> None:
    with pytest.raises(ValueError, match=r"at most 1024 positions, got 1040 .* x\[:4, :6\]"):
        depends(nn.Identity(), batch(40, 26, 1))
    with pytest.raises(ValueError, match=r"with an axis for the samples or steps of x \(3, 5, 7\)"):
        depends(torch.sum, batch(N, L, H_IN))
