"""One time step against torch's cells."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from rnn_ref import shapes
from rnn_ref.cells import (
    ACTIVATIONS,
    GRU_GATES,
    LSTM_GATES,
    by_gate,
    finish_sigmoid,
    gru_cell,
    linear,
    lstm_cell,
    relu,
    rnn_cell,
)
from tests.strategies import Case, cases

FORMULA = {"weight_ih": "W_ih", "weight_hh": "W_hh", "bias_ih": "b_ih", "bias_hh": "b_hh"}
FORMULA |= {"weight_hr": "W_hr"}


@settings(max_examples=60)
@given(case=cases(modes=("RNN",)))
def test_rnn_cell_is_torchs(case: Case) -> None:
    H_in, H = case.config.input_size, case.config.hidden_size
    cell = torch.nn.RNNCell(H_in, H, case.config.bias, case.nonlinearity, dtype=torch.float64)
    rows = [] if case.N is None else [case.N]
    x, h = case.draw(*rows, H_in), case.draw(*rows, H)
    weights = {FORMULA[name]: tensor.numpy() for name, tensor in cell.state_dict().items()}

    ours = rnn_cell(x, h, **weights, activation=ACTIVATIONS[case.nonlinearity])

    theirs = cell(torch.tensor(x), torch.tensor(h)).detach().numpy()
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@settings(max_examples=60)
@given(case=cases(modes=("LSTM",)))
def test_lstm_cell_is_one_step_of_torchs_network(case: Case) -> None:
    """With a projection too, which torch's cell does not have."""
    H_in, H_cell, P = case.config.input_size, case.config.hidden_size, case.config.proj_size
    options = {"bias": case.config.bias, "proj_size": P, "dtype": torch.float64}
    network = torch.nn.LSTM(H_in, H_cell, **options)
    rows = [] if case.N is None else [case.N]
    x, h, c = (case.draw(*rows, size) for size in (H_in, P or H_cell, H_cell))
    weights = {FORMULA[k.removesuffix("_l0")]: v.numpy() for k, v in network.state_dict().items()}

    ours = lstm_cell(x, h, c, **weights)

    with torch.no_grad():
        x, h, c = (torch.tensor(array)[None] for array in (x, h, c))
        _, (h_n, c_n) = network(x, (h, c))
    np.testing.assert_allclose(ours[0], h_n[0].numpy(), rtol=1e-12, atol=1e-12, strict=True)
    np.testing.assert_allclose(ours[1], c_n[0].numpy(), rtol=1e-12, atol=1e-12, strict=True)


@settings(max_examples=60)
@given(case=cases(modes=("GRU",)))
def test_gru_cell_is_torchs(case: Case) -> None:
    H_in, H = case.config.input_size, case.config.hidden_size
    cell = torch.nn.GRUCell(H_in, H, case.config.bias, dtype=torch.float64)
    rows = [] if case.N is None else [case.N]
    x, h = case.draw(*rows, H_in), case.draw(*rows, H)
    weights = {FORMULA[name]: tensor.numpy() for name, tensor in cell.state_dict().items()}

    ours = gru_cell(x, h, **weights)

    theirs = cell(torch.tensor(x), torch.tensor(h)).detach().numpy()
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12, strict=True)


def test_the_gates_are_those_of_the_rules() -> None:
    assert shapes.GATES["LSTM"] == len(LSTM_GATES)
    assert shapes.GATES["GRU"] == len(GRU_GATES)


def test_by_gate_puts_the_sigmoids_first_and_halves_them() -> None:
    x = np.arange(32.0).reshape(2, 16)
    i, f, g, o = np.split(x, 4, axis=1)
    np.testing.assert_array_equal(by_gate(x, LSTM_GATES), [i / 2, f / 2, o / 2, g])
    np.testing.assert_array_equal(by_gate(x[1], LSTM_GATES)[3], g[1])
    r, z, n = np.split(x[:, :12], 3, axis=1)
    np.testing.assert_array_equal(by_gate(x[:, :12], GRU_GATES), [r / 2, z / 2, n])


@pytest.mark.parametrize("gates", [LSTM_GATES, GRU_GATES])
def test_cutting_the_weights_is_cutting_what_they_give(gates: tuple[str, ...]) -> None:
    rng = np.random.default_rng(0)
    x, W = rng.normal(size=(3, 7)), rng.normal(size=(len(gates) * 5, 7))
    cut = by_gate(W.T, gates)
    assert cut.flags.c_contiguous
    np.testing.assert_allclose(x @ cut, by_gate(x @ W.T, gates), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_is_torchs_and_silent_however_far_out(dtype) -> None:
    far = [-np.inf, -1e30, -1000, -100, -50, -1, -0.0, 0, 1, 40, 1000, 1e30, np.inf, np.nan]
    x = np.array(far, dtype)
    theirs = torch.sigmoid(torch.tensor(x)).numpy()
    ours = np.tanh(x / 2)
    finish_sigmoid(ours)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=20 * np.finfo(dtype).eps, strict=True)


def test_rnn_cell_takes_the_weights_in_torchs_order_and_tanh_by_default() -> None:
    torch.manual_seed(0)
    cell = torch.nn.RNNCell(7, 13)
    x, h = torch.randn(3, 7), torch.randn(3, 13)
    weights = [p.detach().numpy() for p in cell.parameters()]
    ours = rnn_cell(x.numpy(), h.numpy(), *weights)
    np.testing.assert_allclose(ours, cell(x, h).detach().numpy(), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", ACTIVATIONS.values())
def test_rnn_cell_keeps_the_dtype(activation, dtype) -> None:
    x, h, W_ih, W_hh = (np.ones(s, dtype) for s in [(3, 7), (3, 13), (13, 7), (13, 13)])
    assert rnn_cell(x, h, W_ih, W_hh, activation=activation).dtype == dtype


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gated_cells_keep_the_dtype(dtype) -> None:
    x, h, c = (np.ones(s, dtype) for s in [(3, 7), (3, 5), (3, 13)])
    W_ih, W_hh, W_hr = (np.ones(s, dtype) for s in [(52, 7), (52, 5), (5, 13)])
    assert {state.dtype for state in lstm_cell(x, h, c, W_ih, W_hh, W_hr=W_hr)} == {np.dtype(dtype)}
    assert gru_cell(x, h, W_ih[:15], W_hh[:15]).dtype == dtype


def test_linear_is_torchs() -> None:
    torch.manual_seed(0)
    x, W, b = torch.randn(3, 7), torch.randn(13, 7), torch.randn(13)
    for bias in (b, None):
        theirs = torch.nn.functional.linear(x, W, bias).numpy()
        ours = linear(x.numpy(), W.numpy(), None if bias is None else bias.numpy())
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


def test_relu_is_torchs_also_for_what_is_no_number() -> None:
    x = np.array([-np.inf, -2.0, -0.0, 0.0, 3.0, np.inf, np.nan])
    np.testing.assert_array_equal(relu(x), torch.relu(torch.tensor(x)).numpy())
