"""Initialisation, and the way from torch's names to the formulas'."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from rnn_ref import params
from rnn_ref.shapes import Config
from tests.strategies import Case, cases


@settings(max_examples=30)
@given(case=cases())
def test_every_parameter_is_within_torchs_bound_and_none_is_zero(case: Case) -> None:
    drawn = params.initialise(case.config, np.random.default_rng(case.seed), np.float64)
    bound = 1 / np.sqrt(case.config.hidden_size)
    for name, array in drawn.items():
        assert np.all(np.abs(array) <= bound), name
        assert np.all(array != 0), name


@pytest.mark.parametrize(
    "name", ["weight_ih_l0", "weight_hh_l1_reverse", "bias_ih_l1", "bias_hh_l0"]
)
def test_the_distribution_is_that_of_torch(name: str) -> None:
    # With n draws, the quantiles of two samples of one distribution differ by about
    # sqrt(2 / n) / 2 of the range; five times that is the limit. A normal or a half as wide
    # uniform distribution misses it by far.
    H = 2000 if name.startswith("bias") else 60
    config = Config("RNN", 50, H, num_layers=2, bidirectional=True)
    torch.manual_seed(0)
    theirs = torch.nn.RNN(50, H, 2, bidirectional=True).state_dict()[name].numpy()
    ours = params.initialise(config, np.random.default_rng(0), np.float32)[name]
    q = np.linspace(0, 1, 11)
    limit = 5 * np.sqrt(2 / ours.size) / 2 * 2 / np.sqrt(H)
    np.testing.assert_allclose(np.quantile(ours, q), np.quantile(theirs, q), rtol=0, atol=limit)


def test_parameters_are_drawn_one_after_the_other_in_torchs_order() -> None:
    torch_order = [p.shape for p in torch.nn.RNN(7, 13, 2, bidirectional=True).parameters()]
    rng = np.random.default_rng(3)
    replay = [rng.uniform(-1 / np.sqrt(13), 1 / np.sqrt(13), shape) for shape in torch_order]
    config = Config("RNN", 7, 13, 2, bidirectional=True)
    drawn = params.initialise(config, np.random.default_rng(3), np.float64)
    for ours, theirs in zip(drawn.values(), replay, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_parameters_have_the_dtype_that_was_asked_for(dtype: type) -> None:
    drawn = params.initialise(Config("RNN", 7, 13), np.random.default_rng(0), dtype)
    assert {array.dtype for array in drawn.values()} == {np.dtype(dtype)}


@settings(max_examples=30)
@given(case=cases())
def test_by_layer_groups_as_torchs_all_weights_does(case: Case) -> None:
    config = case.config
    network = getattr(torch.nn, config.mode)(**case.options)
    named = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    grouped = params.by_layer(named, config)
    D = config.sizes["D"]
    assert [len(directions) for directions in grouped] == [D] * config.num_layers
    flat = [weights for directions in grouped for weights in directions]
    for ours, theirs in zip(flat, network.all_weights, strict=True):
        for array, tensor in zip(ours.values(), theirs, strict=True):
            np.testing.assert_array_equal(array, tensor.detach().numpy())


def test_a_cells_parameters_are_drawn_as_a_networks_are() -> None:
    network = params.initialise(Config("LSTM", 7, 13), np.random.default_rng(3), np.float64)
    cell = params.initialise_cell(Config("LSTM", 7, 13), np.random.default_rng(3), np.float64)
    assert list(cell) == ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
    for ours, theirs in zip(cell.values(), network.values(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_by_layer_gives_the_formulas_names() -> None:
    config = Config("LSTM", 7, 13, proj_size=11)
    drawn = params.initialise(config, np.random.default_rng(0), np.float64)
    ((weights,),) = params.by_layer(drawn, config)
    assert weights["W_ih"] is drawn["weight_ih_l0"]
    assert weights["W_hh"] is drawn["weight_hh_l0"]
    assert weights["b_ih"] is drawn["bias_ih_l0"]
    assert weights["b_hh"] is drawn["bias_hh_l0"]
    assert weights["W_hr"] is drawn["weight_hr_l0"]
    assert len(weights) == 5
