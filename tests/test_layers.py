"""The loop, the directions, the stack and dropout, each against torch."""

import numpy as np
import pytest
import torch

from rnn_ref.layers import dropout, gru_step, layer, lstm_step, rnn_step, scan, stack

L, N, H_IN, H = 5, 3, 7, 13
CLOSE = {"rtol": 1e-12, "atol": 1e-12}
FORMULA = ("W_ih", "W_hh", "b_ih", "b_hh")


def torch_rnn(**options) -> torch.nn.RNN:
    torch.manual_seed(0)
    return torch.nn.RNN(H_IN, H, **options, dtype=torch.float64)


def data(rows: int) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(1)
    return torch.randn(L, N, H_IN).double(), torch.randn(rows, N, H).double()


def steps_of(network: torch.nn.RNN) -> list:
    """One step function for each layer and direction, bound to torch's own weights."""
    return [
        rnn_step(
            dict(zip(FORMULA, (w.detach().numpy() for w in weights), strict=True)),
            network.nonlinearity,
        )
        for weights in network.all_weights
    ]


def assert_equal(ours, theirs: torch.Tensor) -> None:
    np.testing.assert_allclose(np.stack(ours), theirs.detach().numpy(), **CLOSE)


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_scan_is_one_direction_of_torch(nonlinearity: str) -> None:
    network = torch_rnn(nonlinearity=nonlinearity)
    x, h_0 = data(1)
    (step,) = steps_of(network)
    outputs, final = scan(step, list(x.numpy()), h_0[0].numpy())
    output, h_n = network(x, h_0)
    assert_equal(outputs, output)
    assert_equal([final], h_n)


def test_scan_of_gated_steps_is_torchs() -> None:
    x, h_0 = data(1)
    gru, lstm = (kind(H_IN, H, dtype=torch.float64) for kind in (torch.nn.GRU, torch.nn.LSTM))
    weights = [
        dict(zip(FORMULA, (w.detach().numpy() for w in network.all_weights[0]), strict=True))
        for network in (gru, lstm)
    ]
    h, c = h_0[0].numpy(), -h_0[0].numpy()

    outputs, final = scan(gru_step(weights[0]), list(x.numpy()), h)
    output, h_n = gru(x, h_0)
    assert_equal(outputs, output)
    assert_equal([final], h_n)

    outputs, finals = scan(lstm_step(weights[1]), list(x.numpy()), (h, c))
    output, (h_n, c_n) = lstm(x, (h_0, -h_0))
    assert_equal(outputs, output)
    assert_equal(finals, torch.cat([h_n, c_n]))


def test_scan_hands_on_a_state_that_is_no_array() -> None:
    steps = [np.array([1.0]), np.array([10.0])]
    outputs, state = scan(lambda x, seen: (x * 2, (*seen, x[0])), steps, ("start",))
    assert [output[0] for output in outputs] == [2, 20]
    assert state == ("start", 1, 10)


def test_a_layer_of_two_directions_is_torchs() -> None:
    network = torch_rnn(bidirectional=True)
    x, h_0 = data(2)
    outputs, finals = layer(steps_of(network), list(x.numpy()), list(h_0.numpy()))
    output, h_n = network(x, h_0)
    assert_equal(outputs, output)
    assert_equal(finals, h_n)


@pytest.mark.parametrize("num_layers", [1, 2, 3])
@pytest.mark.parametrize("D", [1, 2])
def test_a_stack_is_torchs(num_layers: int, D: int) -> None:
    network = torch_rnn(num_layers=num_layers, bidirectional=D == 2)
    x, h_0 = data(D * num_layers)
    flat = steps_of(network)
    grouped = [flat[k : k + D] for k in range(0, D * num_layers, D)]
    rng = np.random.default_rng(0)
    outputs, finals = stack(grouped, list(x.numpy()), list(h_0.numpy()), 0.0, rng)
    output, h_n = network(x, h_0)
    assert_equal(outputs, output)
    assert_equal(finals, h_n)


def test_a_layer_refuses_states_that_do_not_fit_its_directions() -> None:
    x, h_0 = data(2)
    with pytest.raises(ValueError, match="zip"):
        layer(steps_of(torch_rnn()), list(x.numpy()), list(h_0.numpy()))


def test_a_stack_without_dropout_draws_nothing() -> None:
    network = torch_rnn(num_layers=2)
    x, h_0 = data(2)
    rng = np.random.default_rng(0)
    stack([[step] for step in steps_of(network)], list(x.numpy()), list(h_0.numpy()), 0.0, rng)
    assert rng.random() == np.random.default_rng(0).random()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("p", [0.0, 0.25, 1.0])
def test_dropout_keeps_shape_and_dtype_and_scales_what_it_keeps_as_torch_does(p, dtype) -> None:
    x = np.random.default_rng(0).uniform(1, 2, (11, 13)).astype(dtype)
    ours = dropout(x, p, np.random.default_rng(1))
    theirs = torch.nn.functional.dropout(torch.tensor(x), p).numpy()
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    kept = (ours != 0) & (theirs != 0)
    assert kept.any() == (p < 1)
    np.testing.assert_allclose(ours[kept], theirs[kept], rtol=1e-6)


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_dropout_of_nothing_and_of_everything_is_torchs(p: float) -> None:
    x = np.random.default_rng(0).normal(size=(11, 13))
    theirs = torch.nn.functional.dropout(torch.tensor(x), p).numpy()
    np.testing.assert_array_equal(dropout(x, p, np.random.default_rng(1)), theirs)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_dropout_keeps_the_expectation_and_drops_the_share_p(p: float) -> None:
    n = 400_000
    dropped = dropout(np.ones(n), p, np.random.default_rng(0))
    # Each element is 0 or 1/(1-p), so its variance is p/(1-p) and that of the mean is p/((1-p) n);
    # five standard deviations: a seed in two million misses.
    assert abs(dropped.mean() - 1) < 5 * np.sqrt(p / ((1 - p) * n))
    assert abs((dropped == 0).mean() - p) < 5 * np.sqrt(p * (1 - p) / n)


def test_dropout_draws_for_each_element_on_its_own() -> None:
    p, n = 0.5, 1000
    zero = dropout(np.ones((n, n)), p, np.random.default_rng(0)) == 0
    # Every row and column has its own share of zeros: Binomial(n, p)/n, six deviations for 2000.
    for axis in (0, 1):
        assert np.all(np.abs(zero.mean(axis) - p) < 6 * np.sqrt(p * (1 - p) / n))
        assert zero.mean(axis).std() > 0
