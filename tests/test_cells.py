"""One time step against torch's cells."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from rnn_ref.cells import ACTIVATIONS, linear, relu, rnn_cell
from tests.strategies import Case, cases

FORMULA = {"weight_ih": "W_ih", "weight_hh": "W_hh", "bias_ih": "b_ih", "bias_hh": "b_hh"}


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_rnn_cell_is_torchs(case: Case) -> None:
    H_in, H = case.config.input_size, case.config.hidden_size
    cell = torch.nn.RNNCell(H_in, H, case.config.bias, case.nonlinearity, dtype=torch.float64)
    rows = [] if case.N is None else [case.N]
    x, h = case.draw(*rows, H_in), case.draw(*rows, H)
    weights = {FORMULA[name]: tensor.numpy() for name, tensor in cell.state_dict().items()}

    ours = rnn_cell(x, h, **weights, activation=ACTIVATIONS[case.nonlinearity])

    theirs = cell(torch.tensor(x), torch.tensor(h)).detach().numpy()
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


def test_rnn_cell_takes_the_weights_in_torchs_order_and_tanh_by_default() -> None:
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


def test_linear_is_torchs() -> None:
    x, W, b = torch.randn(3, 7), torch.randn(13, 7), torch.randn(13)
    for bias in (b, None):
        theirs = torch.nn.functional.linear(x, W, bias).numpy()
        ours = linear(x.numpy(), W.numpy(), None if bias is None else bias.numpy())
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


def test_relu_is_torchs_also_for_what_is_no_number() -> None:
    x = np.array([-np.inf, -2.0, -0.0, 0.0, 3.0, np.inf, np.nan])
    np.testing.assert_array_equal(relu(x), torch.relu(torch.tensor(x)).numpy())
