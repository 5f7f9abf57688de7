"""The loop, the directions, the stack, the cut and dropout, each against torch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnn_ref import layers
from rnn_ref.layers import cut_dense, cut_packed, dropout_mask, in_order, layer, scan, stack
from rnn_ref.recurrences import GRURecurrence, LSTMRecurrence, Recurrence, RNNRecurrence

L, N, H_IN, H = 5, 3, 7, 13
CLOSE = {"rtol": 1e-12, "atol": 1e-12}
FORMULA = ("W_ih", "W_hh", "b_ih", "b_hh")
CUT = cut_dense(L, N)


def torch_rnn(**options) -> torch.nn.RNN:
    torch.manual_seed(0)
    return torch.nn.RNN(H_IN, H, **options, dtype=torch.float64)


def data(rows: int) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(1)
    return torch.randn(L, N, H_IN).double(), torch.randn(rows, N, H).double()


def weights_of(network: torch.nn.RNNBase) -> list[dict]:
    return [
        dict(zip(FORMULA, (w.detach().numpy() for w in weights), strict=True))
        for weights in network.all_weights
    ]


def recurrences_of(network: torch.nn.RNN) -> list[Recurrence]:
    """One recurrence for each layer and direction, of torch's own weights."""
    return [RNNRecurrence(weights, network.nonlinearity) for weights in weights_of(network)]


def states(h_0: torch.Tensor) -> list[tuple[np.ndarray]]:
    return [(h,) for h in h_0.numpy()]


def assert_equal(ours, theirs: torch.Tensor) -> None:
    np.testing.assert_allclose(np.array(ours), theirs.detach().numpy(), **CLOSE, strict=True)


def scanned(recurrence: Recurrence, x: np.ndarray, start: tuple) -> tuple[np.ndarray, tuple]:
    output = np.empty((L, N, H))
    return output, scan(recurrence, CUT(x), CUT(output), start, None)


@pytest.mark.parametrize("block_rows", [1, 2 * N, 1000])
@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_scan_is_one_direction_of_torch(nonlinearity, block_rows, monkeypatch) -> None:
    monkeypatch.setattr(layers, "BLOCK_ROWS", block_rows)
    network = torch_rnn(nonlinearity=nonlinearity)
    x, h_0 = data(1)
    cut, produced = cut_dense(L, N), np.empty((L, N, H))
    (recurrence,) = recurrences_of(network)
    final = scan(recurrence, cut(x.numpy()), cut(produced), (h_0[0].numpy(),), None)
    output, h_n = network(x, h_0)
    assert_equal(produced, output)
    assert_equal(final, h_n)


def test_scan_of_gated_recurrences_is_torchs() -> None:
    x, h_0 = data(1)
    gru, lstm = (kind(H_IN, H, dtype=torch.float64) for kind in (torch.nn.GRU, torch.nn.LSTM))
    h, c = h_0[0].numpy(), -h_0[0].numpy()

    produced, final = scanned(GRURecurrence(weights_of(gru)[0]), x.numpy(), (h,))
    output, h_n = gru(x, h_0)
    assert_equal(produced, output)
    assert_equal(final, h_n)

    produced, finals = scanned(LSTMRecurrence(weights_of(lstm)[0]), x.numpy(), (h, c))
    output, (h_n, c_n) = lstm(x, (h_0, -h_0))
    assert_equal(produced, output)
    assert_equal(finals, torch.cat([h_n, c_n]))


def test_scan_leaves_the_rows_that_a_block_does_not_have() -> None:
    (recurrence,) = recurrences_of(torch_rnn())
    x, h_0 = data(1)
    output = np.empty((4, H))
    start = h_0[0].numpy().copy()
    cut = cut_packed([2, 1, 1])  # of three rows, the last one has no step at all
    (final,) = scan(recurrence, cut(x[0].numpy()[[0, 1, 2, 0]]), cut(output), (start,), None)
    np.testing.assert_array_equal(final, [output[3], output[1], start[2]])
    np.testing.assert_array_equal(start, h_0[0].numpy())


def test_a_layer_of_two_directions_is_torchs() -> None:
    network = torch_rnn(bidirectional=True)
    x, h_0 = data(2)
    produced, finals = layer(recurrences_of(network), x.numpy(), CUT, states(h_0))
    output, h_n = network(x, h_0)
    assert_equal(produced, output)
    assert_equal([h for (h,) in finals], h_n)


@pytest.mark.parametrize("num_layers", [1, 2, 3])
@pytest.mark.parametrize("D", [1, 2])
def test_a_stack_is_torchs(num_layers: int, D: int) -> None:
    network = torch_rnn(num_layers=num_layers, bidirectional=D == 2)
    x, h_0 = data(D * num_layers)
    flat = recurrences_of(network)
    grouped = [flat[k : k + D] for k in range(0, D * num_layers, D)]
    rng = np.random.default_rng(0)
    produced, finals = stack(grouped, x.numpy(), CUT, states(h_0), 0.0, rng)
    output, h_n = network(x, h_0)
    assert_equal(produced, output)
    assert_equal([h for (h,) in finals], h_n)


def test_a_layer_refuses_states_that_do_not_fit_its_directions() -> None:
    x, h_0 = data(2)
    with pytest.raises(ValueError, match="zip"):
        layer(recurrences_of(torch_rnn()), x.numpy(), CUT, states(h_0))


def test_a_stack_without_dropout_draws_nothing() -> None:
    network = torch_rnn(num_layers=2)
    x, h_0 = data(2)
    rng = np.random.default_rng(0)
    stack([[one] for one in recurrences_of(network)], x.numpy(), CUT, states(h_0), 0.0, rng)
    assert rng.random() == np.random.default_rng(0).random()


# --- the cut ------------------------------------------------------------------------------------


@given(L=st.integers(1, 1100), N=st.integers(0, 700))
def test_a_dense_cut_gives_every_step_once_in_blocks_that_fit(L: int, N: int) -> None:
    x = np.empty((L, N, 1))
    blocks = cut_dense(L, N)(x)
    assert sum(len(block) for block in blocks) == L
    assert all(np.shares_memory(block, x) for block in blocks if N)
    assert all(len(block) == 1 or len(block) * N <= layers.BLOCK_ROWS for block in blocks)


@given(lengths=st.lists(st.integers(1, 30), min_size=1, max_size=40), rows=st.integers(1, 100))
def test_a_packed_cut_has_the_rows_of_each_step(lengths: list[int], rows: int) -> None:
    batch_sizes = [sum(n > t for n in lengths) for t in range(max(lengths))]
    data = np.arange(sum(lengths))[:, None]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layers, "BLOCK_ROWS", rows)
        blocks = cut_packed(batch_sizes)(data)
    steps = [step for block in blocks for step in block]
    assert [len(step) for step in steps] == batch_sizes
    np.testing.assert_array_equal(np.concatenate(steps), data)
    assert all(len(block) == 1 or block.shape[0] * block.shape[1] <= rows for block in blocks)


def test_the_reverse_order_is_that_of_the_reversed_sequence_and_undoes_itself() -> None:
    x = np.arange(L * N).reshape(L, N, 1)
    blocks = [x[:2], x[2:]]
    backwards = in_order(blocks, 1)
    np.testing.assert_array_equal(np.concatenate(backwards), x[::-1])
    np.testing.assert_array_equal(np.concatenate(in_order(backwards, 1)), x)
    assert in_order(blocks, 0) is blocks


# --- dropout ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("p", [0.0, 0.25, 1.0])
def test_dropout_has_shape_and_dtype_and_scales_what_it_keeps_as_torch_does(p, dtype) -> None:
    x = np.random.default_rng(0).uniform(1, 2, (11, 13)).astype(dtype)
    ours = x * dropout_mask(x.shape, x.dtype, p, np.random.default_rng(1))
    theirs = torch.nn.functional.dropout(torch.tensor(x), p).numpy()
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    kept = (ours != 0) & (theirs != 0)
    assert kept.any() == (p < 1)
    np.testing.assert_allclose(ours[kept], theirs[kept], rtol=1e-6)


def mask(shape: tuple[int, ...], p: float) -> np.ndarray:
    return dropout_mask(shape, np.dtype(float), p, np.random.default_rng(0))


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_dropout_of_nothing_and_of_everything_is_torchs(p: float) -> None:
    theirs = torch.nn.functional.dropout(torch.ones(11, 13), p).numpy()
    np.testing.assert_array_equal(mask((11, 13), p), theirs)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_dropout_keeps_the_expectation_and_drops_the_share_p(p: float) -> None:
    n = 400_000
    dropped = mask((n,), p)
    # Each element is 0 or 1/(1-p), so its variance is p/(1-p) and that of the mean is p/((1-p) n);
    # five standard deviations: a seed in two million misses.
    assert abs(dropped.mean() - 1) < 5 * np.sqrt(p / ((1 - p) * n))
    assert abs((dropped == 0).mean() - p) < 5 * np.sqrt(p * (1 - p) / n)


def test_dropout_draws_for_each_element_on_its_own() -> None:
    p, n = 0.5, 1000
    zero = mask((n, n), p) == 0
    # Every row and column has its own share of zeros: Binomial(n, p)/n, six deviations for 2000.
    for axis in (0, 1):
        assert np.all(np.abs(zero.mean(axis) - p) < 6 * np.sqrt(p * (1 - p) / n))
        assert zero.mean(axis).std() > 0
