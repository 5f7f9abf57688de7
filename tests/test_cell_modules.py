"""RNNCell, LSTMCell and GRUCell against torch.nn: values, layouts, weights."""

import copy
import itertools
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given, settings

import rnn_ref
from rnn_ref.cell_modules import RNNCellBase
from tests.strategies import Case, cases

N, H_IN, H = 3, 7, 13
CLOSE = {np.float64: {"rtol": 1e-12, "atol": 1e-12}, np.float32: {"rtol": 1e-5, "atol": 1e-5}}
TORCH = {np.float64: torch.float64, np.float32: torch.float32}
KINDS = ("RNNCell", "LSTMCell", "GRUCell")
# every kind of cell: its class and the options that only it has
CELLS = [
    pytest.param("RNNCell", {"nonlinearity": "tanh"}, id="tanh"),
    pytest.param("RNNCell", {"nonlinearity": "relu"}, id="relu"),
    pytest.param("LSTMCell", {}, id="LSTM"),
    pytest.param("GRUCell", {}, id="GRU"),
]


def pair(kind: str, *args, dtype=np.float64, **options) -> tuple[RNNCellBase, torch.nn.Module]:
    """Our cell and torch's with the same weights, given from torch to us."""
    torch.manual_seed(0)
    theirs = getattr(torch.nn, kind)(*args, **options, dtype=TORCH[dtype])
    ours = getattr(rnn_ref, kind)(*args, **options, dtype=dtype, seed=1)
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


def flat(result) -> list:
    return list(result) if isinstance(result, tuple) else [result]


def tensor(array):
    return tuple(map(tensor, array)) if isinstance(array, tuple) else torch.tensor(array)


def assert_same(ours: RNNCellBase, theirs: torch.nn.Module, arguments, dtype=np.float64) -> None:
    result, expected = ours(*arguments), theirs(*map(tensor, arguments))
    assert isinstance(result, tuple) == isinstance(expected, tuple)
    for mine, torchs in zip(flat(result), flat(expected), strict=True):
        array = torchs.detach().numpy()
        assert mine.dtype == array.dtype
        np.testing.assert_allclose(mine, array, **CLOSE[dtype], strict=True)


def some(kind: str, dtype=np.float64, rows=(N,), H_in=H_IN, H=H) -> list:
    """Input and state, or states, for a cell."""
    rng = np.random.default_rng(0)
    x, h, c = (rng.normal(size=(*rows, size)).astype(dtype) for size in (H_in, H, H))
    return [x, (h, c) if kind == "LSTMCell" else h]


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize(("kind", "own"), CELLS)
def test_the_whole_space_of_options_equals_torch(kind: str, own: dict, dtype) -> None:
    for bias, batched, with_state in itertools.product([True, False], repeat=3):
        ours, theirs = pair(kind, H_IN, H, **own, bias=bias, dtype=dtype)
        arguments = some(kind, dtype, (N,) if batched else ())
        assert_same(ours, theirs, arguments if with_state else arguments[:1], dtype)


@settings(max_examples=60)
@given(case=cases())
def test_any_cell_of_any_sizes_equals_torch(case: Case) -> None:
    kind, config = f"{case.config.mode}Cell", case.config
    ours, theirs = pair(kind, config.input_size, config.hidden_size, config.bias)
    rows = () if case.N is None else (case.N,)
    assert_same(ours, theirs, some(kind, np.float64, rows, config.input_size, config.hidden_size))


@pytest.mark.parametrize("kind", KINDS)
def test_a_chain_of_steps_is_the_network(kind: str) -> None:
    network = getattr(rnn_ref, kind.removesuffix("Cell"))(H_IN, H, dtype=np.float64, seed=0)
    cell = getattr(rnn_ref, kind)(H_IN, H, dtype=np.float64)
    cell.load_state_dict({k.removesuffix("_l0"): v for k, v in network.state_dict().items()})
    steps = np.random.default_rng(0).normal(size=(5, N, H_IN))
    state = None
    for x in steps:
        state = cell(x, state)
    for h, h_n in zip(flat(state), flat(network(steps)[1]), strict=True):
        np.testing.assert_allclose(h, h_n[0], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("RNNCell", (H_IN, H, False, "relu")),
        ("LSTMCell", (H_IN, H, False)),
        ("GRUCell", (H_IN, H, False)),
    ],
)
def test_options_are_taken_in_torchs_positional_order(kind: str, options: tuple) -> None:
    ours, theirs = pair(kind, *options)
    assert_same(ours, theirs, some(kind))
    for name in ("input_size", "hidden_size", "bias", *(["nonlinearity"] * (kind == "RNNCell"))):
        assert getattr(ours, name) == getattr(theirs, name)


@pytest.mark.parametrize("kind", KINDS)
def test_input_and_hx_are_the_names_of_the_arguments(kind: str) -> None:
    ours, theirs = pair(kind, H_IN, H)
    x, hx = some(kind)
    expected = flat(theirs(input=tensor(x), hx=tensor(hx)))
    for mine, torchs in zip(flat(ours(input=x, hx=hx)), expected, strict=True):
        np.testing.assert_allclose(mine, torchs.detach().numpy(), **CLOSE[np.float64])


def test_the_states_of_an_lstm_cell_may_be_a_list_as_in_torch() -> None:
    ours = rnn_ref.LSTMCell(H_IN, H, dtype=np.float64, seed=0)
    for rows in ((N,), ()):
        x, hx = some("LSTMCell", rows=rows)
        for listed, paired in zip(ours(x, list(hx)), ours(x, hx), strict=True):
            np.testing.assert_allclose(listed, paired, **CLOSE[np.float64])


@pytest.mark.parametrize(("kind", "own"), CELLS)
def test_an_empty_batch_and_no_features_are_taken_as_in_torch(kind: str, own: dict) -> None:
    for H_in, hidden, rows in [(H_IN, H, 0), (H_IN, 0, N), (0, H, N)]:
        ours, theirs = pair(kind, H_in, hidden, **own)
        arguments = some(kind, rows=(rows,), H_in=H_in, H=hidden)
        assert_same(ours, theirs, arguments)
        assert_same(ours, theirs, arguments[:1])


@pytest.mark.parametrize("kind", KINDS)
def test_non_contiguous_input_gives_the_same_result(kind: str) -> None:
    ours, theirs = pair(kind, H_IN, H)
    rng = np.random.default_rng(0)
    x, h, c = (rng.normal(size=(size, 2 * N)).transpose()[::2] for size in (H_IN, H, H))
    assert not x.flags.contiguous
    assert_same(ours, theirs, [x, (h, c) if kind == "LSTMCell" else h])


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize(("kind", "own"), CELLS)
def test_what_is_too_large_is_silent_and_the_same_as_in_torch(kind: str, own: dict, dtype) -> None:
    ours, theirs = pair(kind, H_IN, H, **own, dtype=dtype)
    for sign in (1, -1):
        ours.weight_ih[:] = 1
        theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
        x = np.full((N, H_IN), sign * np.finfo(dtype).max / 2, dtype)
        assert_same(ours, theirs, [x], dtype)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows", [(N,), ()])
def test_the_callers_arrays_stay_as_they_were(kind: str, rows: tuple) -> None:
    x, hx = some(kind, rows=rows)
    given_arrays = [x, *flat(hx)]
    before = [array.copy() for array in given_arrays]
    for array in flat(getattr(rnn_ref, kind)(H_IN, H, dtype=np.float64)(x, hx)):
        array[...] = 0  # what came out is no view of what went in
    for array, copied in zip(given_arrays, before, strict=True):
        np.testing.assert_array_equal(array, copied)


# --- weights ------------------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_weights_go_from_us_to_torch(kind: str, bias: bool) -> None:
    ours = getattr(rnn_ref, kind)(H_IN, H, bias, dtype=np.float64, seed=3)
    theirs = getattr(torch.nn, kind)(H_IN, H, bias, dtype=torch.float64)
    theirs.load_state_dict({name: torch.tensor(a) for name, a in ours.state_dict().items()})
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert_same(ours, theirs, some(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_weights_are_drawn_from_the_seed_within_torchs_bound(kind: str) -> None:
    one, same, other = (getattr(rnn_ref, kind)(H_IN, H, seed=seed) for seed in (3, 3, 4))
    for name, array in one.state_dict().items():
        assert array.dtype == np.float32  # torch's default too
        assert np.all(np.abs(array) <= 1 / np.sqrt(H))
        assert np.all(array != 0)
        np.testing.assert_array_equal(array, same.state_dict()[name])
        assert np.all(array != other.state_dict()[name])


@pytest.mark.parametrize("kind", KINDS)
def test_weights_are_attributes_and_a_bias_that_is_missing_is_none_as_in_torch(kind: str) -> None:
    for library in (rnn_ref, torch.nn):
        cell = getattr(library, kind)(H_IN, H, bias=False)
        assert cell.bias_ih is None
        assert cell.bias_hh is None
        assert cell.weight_hh is not None
        for name in ("weight_ih", "bias_ih"):
            with pytest.raises(TypeError, match=f"cannot assign '.*' as parameter '{name}'"):
                setattr(cell, name, np.zeros((H, H_IN)))
        with pytest.raises(AttributeError, match="object has no attribute 'weight_hr'"):
            _ = cell.weight_hr


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("clone", [copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))])
def test_a_copied_cell_is_the_same_and_independent(kind: str, clone) -> None:
    ours = getattr(rnn_ref, kind)(H_IN, H, seed=0)
    again = clone(ours)
    x = np.ones((N, H_IN), np.float32)
    for mine, copied in zip(flat(ours(x)), flat(again(x)), strict=True):
        np.testing.assert_array_equal(mine, copied)
    again.weight_ih[:] = 0
    assert np.all(ours.weight_ih != 0)


@pytest.mark.parametrize("kind", KINDS)
def test_train_and_eval_set_training_as_in_torch(kind: str) -> None:
    for library in (rnn_ref, torch.nn):
        cell = getattr(library, kind)(H_IN, H)
        assert cell.training is True
        assert cell.eval() is cell
        assert cell.training is False


@pytest.mark.parametrize("bias", [True, False, 1, 0, None, "x"])
@pytest.mark.parametrize("kind", KINDS)
def test_repr_is_torchs(kind: str, bias) -> None:
    assert repr(getattr(rnn_ref, kind)(H_IN, H, bias)) == repr(
        getattr(torch.nn, kind)(H_IN, H, bias)
    )


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu", "sigmoid"])
def test_repr_shows_another_nonlinearity_as_torchs(nonlinearity: str) -> None:
    options = {"bias": False, "nonlinearity": nonlinearity}
    assert repr(rnn_ref.RNNCell(H_IN, H, **options)) == repr(torch.nn.RNNCell(H_IN, H, **options))
