"""RNN, LSTM and GRU against torch.nn: values, layouts, weights, dropout."""

import copy
import itertools
import pickle
import warnings
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from hypothesis import given, settings

import rnn_ref
from rnn_ref import GRU, LSTM, RNN, shapes
from rnn_ref.modules import RNNBase
from tests.strategies import Case, cases

L, N, H_IN, H, P = 5, 3, 7, 13, 11
CLOSE = {np.float64: {"rtol": 1e-12, "atol": 1e-12}, np.float32: {"rtol": 1e-5, "atol": 1e-5}}
TORCH = {np.float64: torch.float64, np.float32: torch.float32}


KINDS = ("RNN", "LSTM", "GRU")


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Networks this small wait for oneDNN's threads, not for its sums: seconds in all."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


# every kind of network: its class and the options that only it has
NETWORKS = [
    pytest.param("RNN", {"nonlinearity": "tanh"}, id="tanh"),
    pytest.param("RNN", {"nonlinearity": "relu"}, id="relu"),
    pytest.param("LSTM", {"proj_size": 0}, id="LSTM"),
    pytest.param("LSTM", {"proj_size": P}, id="LSTM with projections"),
    pytest.param("GRU", {}, id="GRU"),
]


def pair(*args, kind="RNN", dtype=np.float64, **options) -> tuple[RNNBase, torch.nn.RNNBase]:
    """Our network and torch's with the same weights, given from torch to us."""
    torch.manual_seed(0)
    theirs = getattr(torch.nn, kind)(*args, **options, dtype=TORCH[dtype])
    ours = getattr(rnn_ref, kind)(*args, **options, dtype=dtype, seed=1)
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


def flat(result) -> list:
    """Output and final states, one after the other: an LSTM's states are a pair."""
    output, final = result
    return [output, *final] if isinstance(final, tuple) else [output, final]


def tensor(array):
    return tuple(map(tensor, array)) if isinstance(array, tuple) else torch.tensor(array)


def call(theirs: torch.nn.RNNBase, *arguments) -> list[np.ndarray]:
    with warnings.catch_warnings(), torch.no_grad():
        warnings.filterwarnings("ignore", "LSTM with projections is not supported with oneDNN")
        result = theirs(*map(tensor, arguments))
    return [array.numpy() for array in flat(result)]


def assert_same(ours, theirs, dtype=np.float64) -> None:
    for mine, torchs in zip(flat(ours), theirs, strict=True):
        assert mine.dtype == torchs.dtype
        np.testing.assert_allclose(mine, torchs, **CLOSE[dtype], strict=True)


def arguments(case: Case, dtype=np.float64) -> list:
    sizes = shapes.tensor_shapes(case.config, L=case.L, N=case.N)
    input, *states = (
        (case.draw(*shape) * sign).astype(dtype)  # c_0 is not h_0, nor the beginning of it
        for (name, shape), sign in zip(sizes.items(), (1, 1, -1, 0, 0, 0), strict=False)
        if name in ("input", "h_0", "c_0")
    )
    hx = tuple(states) if case.config.mode == "LSTM" else states[0]
    return [input, hx] if case.with_state else [input]


def some(kind: str, num_layers: int = 1, **options) -> list:
    """A batch and states for a network from H_IN to H."""
    config = shapes.Config(kind, H_IN, H, num_layers, **options)
    return arguments(Case(config, L, N, "tanh", with_state=True, seed=0))


# --- values -------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("num_layers", [1, 2, 3])
@pytest.mark.parametrize(("kind", "own"), NETWORKS)
def test_the_whole_space_of_options_equals_torch(kind, own, num_layers, dtype) -> None:
    switches = itertools.product([True, False], repeat=3)
    for bias, batch_first, bidirectional in switches:
        options = {"bias": bias, "batch_first": batch_first, "bidirectional": bidirectional}
        config = shapes.Config(
            kind, H_IN, H, num_layers, **options, proj_size=own.get("proj_size", 0)
        )
        ours, theirs = pair(H_IN, H, num_layers, kind=kind, **own, **options, dtype=dtype)
        for batched, with_state in itertools.product([True, False], repeat=2):
            case = Case(config, L, N if batched else None, "tanh", with_state, seed=2)
            given_arrays = arguments(case, dtype)
            assert_same(ours(*given_arrays), call(theirs, *given_arrays), dtype)


@settings(max_examples=120)
@given(case=cases())
def test_any_network_of_any_sizes_equals_torch(case: Case) -> None:
    ours, theirs = pair(kind=case.config.mode, **case.options)
    given_arrays = arguments(case)
    assert_same(ours(*given_arrays), call(theirs, *given_arrays))


@settings(max_examples=60)
@given(case=cases())
def test_results_have_the_shapes_of_the_rules(case: Case) -> None:
    network = getattr(rnn_ref, case.config.mode)(**case.options, dtype=np.float64, seed=0)
    expected = shapes.tensor_shapes(case.config, L=case.L, N=case.N)
    names = [name for name in ("output", "h_n", "c_n") if name in expected]
    got = [array.shape for array in flat(network(*arguments(case)))]
    assert got == [expected[name] for name in names]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("RNN", (H_IN, H, 2, "relu", False, True, 0.0, True)),
        ("LSTM", (H_IN, H, 2, False, True, 0.0, True, P)),
        ("GRU", (H_IN, H, 2, False, True, 0.0, True)),
    ],
)
def test_options_are_taken_in_torchs_positional_order(kind: str, options: tuple) -> None:
    ours, theirs = pair(*options, kind=kind)
    sizes = [(N, L, H_IN), (4, N, P if kind == "LSTM" else H), (4, N, H)]
    x, h_0, c_0 = (np.random.default_rng(0).normal(size=s) for s in sizes)
    hx = (h_0, c_0) if kind == "LSTM" else h_0
    assert_same(ours(x, hx), call(theirs, x, hx))


@pytest.mark.parametrize("kind", KINDS)
def test_input_and_hx_are_the_names_of_the_arguments(kind: str) -> None:
    ours, theirs = pair(H_IN, H, kind=kind)
    x, hx = some(kind)
    assert_same(ours(input=x, hx=hx), call(theirs, x, hx))


def test_the_states_of_an_lstm_may_be_a_list_as_in_torch() -> None:
    ours, theirs = pair(H_IN, H, kind="LSTM")
    x, (h_0, c_0) = some("LSTM")
    result = ours(x, [h_0, c_0])
    assert_same(result, call(theirs, x, (h_0, c_0)))
    assert isinstance(result[1], tuple)
    assert theirs(torch.tensor(x), [torch.tensor(h_0), torch.tensor(c_0)])


@pytest.mark.parametrize(("kind", "own"), NETWORKS)
def test_an_empty_batch_gives_empty_results_as_in_torch(kind: str, own: dict) -> None:
    ours, theirs = pair(H_IN, H, 2, bidirectional=True, kind=kind, **own)
    x = np.zeros((L, 0, H_IN))
    assert_same(ours(x), call(theirs, x))
    assert ours(x)[0].shape == (L, 0, 2 * (own.get("proj_size") or H))


@pytest.mark.parametrize("kind", KINDS)
def test_non_contiguous_input_gives_the_same_result(kind: str) -> None:
    ours, theirs = pair(H_IN, H, 2, kind=kind)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(H_IN, 2 * N, L)).transpose()[:, ::2]
    h_0, c_0 = rng.normal(size=(2, H, N, 2)).transpose(0, 3, 2, 1)
    assert not x.flags.contiguous
    assert not h_0.flags.contiguous
    hx, copied = ((h_0, c_0), (h_0.copy(), c_0.copy())) if kind == "LSTM" else (h_0, h_0.copy())
    assert_same(ours(x, hx), call(theirs, x.copy(), copied))


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize(("kind", "own"), NETWORKS)
def test_a_leap_to_infinity_is_silent_and_the_same_as_in_torch(kind, own, dtype) -> None:
    ours, theirs = pair(H_IN, H, kind=kind, **own, dtype=dtype)
    for sign in (1, -1):
        x = np.full((L, N, H_IN), sign * np.finfo(dtype).max / 2, dtype)
        ours.weight_ih_l0[:] = 1
        theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
        assert_same(ours(x), call(theirs, x), dtype)
        assert np.isinf(ours(x)[0]).any() == (own.get("nonlinearity") == "relu" and sign > 0)


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("kind", KINDS)
def test_saturated_gates_are_silent_and_the_same_as_in_torch(kind: str, dtype) -> None:
    ours, theirs = pair(H_IN, H, 2, kind=kind, dtype=dtype)
    x = np.random.default_rng(0).choice([-1e4, 1e4], (L, N, H_IN)).astype(dtype)
    assert_same(ours(x), call(theirs, x), dtype)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_number_stays_in_its_sample_and_after_its_step(kind: str) -> None:
    ours, theirs = pair(H_IN, H, kind=kind)
    x = np.random.default_rng(0).normal(size=(L, N, H_IN))
    x[2, 1, 0] = np.nan
    assert_same(ours(x), call(theirs, x))
    spoilt = np.isnan(ours(x)[0]).any(axis=-1)
    assert spoilt.tolist() == [[False, t >= 2, False] for t in range(L)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("batched", [True, False])
def test_the_callers_arrays_stay_as_they_were(kind, batched: bool, batch_first: bool) -> None:
    config = shapes.Config(kind, H_IN, H, 2, batch_first=batch_first, bidirectional=True)
    case = Case(config, L, N if batched else None, "tanh", with_state=True, seed=0)
    x, hx = arguments(case)
    before = [array.copy() for array in flat((x, hx))]
    for array in flat(getattr(rnn_ref, kind)(**case.options, dtype=np.float64)(x, hx)):
        array[...] = 0  # what came out is no view of what went in
    for array, copied in zip(flat((x, hx)), before, strict=True):
        np.testing.assert_array_equal(array, copied)


@pytest.mark.parametrize("kind", KINDS)
def test_batch_first_changed_later_counts_as_in_torch(kind: str) -> None:
    ours, theirs = pair(H_IN, H, kind=kind)
    ours.batch_first = theirs.batch_first = True
    x, hx = some(kind, batch_first=True)
    assert_same(ours(x, hx), call(theirs, x, hx))


# --- weights ------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(case=cases())
def test_weights_go_from_us_to_torch_and_back(case: Case) -> None:
    kind = getattr(rnn_ref, case.config.mode)
    ours = kind(**case.options, dtype=np.float64, seed=case.seed)
    theirs = getattr(torch.nn, case.config.mode)(**case.options, dtype=torch.float64)
    theirs.load_state_dict({name: torch.tensor(a) for name, a in ours.state_dict().items()})
    given_arrays = arguments(case)
    assert_same(ours(*given_arrays), call(theirs, *given_arrays))
    assert list(ours.state_dict()) == list(theirs.state_dict())
    other = kind(**case.options, dtype=np.float64)
    other.load_state_dict(ours.state_dict())
    results = flat(ours(*given_arrays)), flat(other(*given_arrays))
    for mine, again in zip(*results, strict=True):
        np.testing.assert_allclose(mine, again, **CLOSE[np.float64])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_loading_casts_to_the_dtype_of_the_network(dtype) -> None:
    for source in (torch.float32, torch.float64):
        theirs = torch.nn.RNN(H_IN, H, dtype=source)
        torch_target = torch.nn.RNN(H_IN, H, dtype=TORCH[dtype])
        torch_target.load_state_dict(theirs.state_dict())
        ours = RNN(H_IN, H, dtype=dtype)
        ours.load_state_dict(theirs.state_dict())
        for name, array in ours.state_dict().items():
            np.testing.assert_array_equal(
                array, torch_target.state_dict()[name].numpy(), strict=True
            )


def test_loading_what_float32_cannot_hold_is_silent_and_infinite_as_in_torch() -> None:
    source = {name: a + 1e300 for name, a in RNN(H_IN, H, dtype=np.float64).state_dict().items()}
    ours, theirs = RNN(H_IN, H), torch.nn.RNN(H_IN, H)
    ours.load_state_dict(source)
    theirs.load_state_dict({name: torch.tensor(array) for name, array in source.items()})
    assert np.all(np.isposinf(ours.weight_ih_l0))
    assert torch.all(torch.isposinf(theirs.weight_ih_l0))


def test_state_dict_is_a_copy_and_loading_copies() -> None:
    ours = RNN(H_IN, H, seed=0)
    taken = ours.state_dict()
    before = {name: array.copy() for name, array in taken.items()}
    taken["weight_ih_l0"][...] = 0
    np.testing.assert_array_equal(ours.weight_ih_l0, before["weight_ih_l0"])
    ours.load_state_dict(taken)
    taken["weight_ih_l0"][...] = 1
    assert np.all(ours.weight_ih_l0 == 0)


def test_loading_writes_into_the_same_arrays_as_in_torch() -> None:
    for network in (RNN(H_IN, H, seed=0), torch.nn.RNN(H_IN, H)):
        held, zeros = network.weight_ih_l0, {k: v * 0 for k, v in network.state_dict().items()}
        network.load_state_dict(zeros)
        assert (held == 0).all()


@pytest.mark.parametrize("spoil", ["name", "shape", "value"])
def test_loading_is_all_or_nothing(spoil: str) -> None:
    ours = RNN(H_IN, H, 2, seed=0)
    before = ours.state_dict()
    wrong = {name: array + 1 for name, array in before.items()}
    if spoil == "name":
        wrong["bias_hh_l2"] = wrong.pop("bias_hh_l1")
    elif spoil == "shape":
        wrong["bias_hh_l1"] = wrong["bias_hh_l1"][:-1]
    else:
        wrong["bias_hh_l1"] = np.array(["x"] * H)
    with pytest.raises((RuntimeError, ValueError)):
        ours.load_state_dict(wrong)
    for name, array in ours.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_weights_are_attributes_that_can_be_changed_in_place() -> None:
    ours, theirs = pair(H_IN, H, 2, bidirectional=True)
    ours.weight_hh_l1_reverse[:] = 0
    with torch.no_grad():
        theirs.weight_hh_l1_reverse[:] = 0
    x = np.random.default_rng(0).normal(size=(L, N, H_IN))
    assert_same(ours(x), call(theirs, x))


def test_weights_cannot_be_replaced_as_in_torch() -> None:
    for network, value in (
        (RNN(H_IN, H), np.zeros((H, H_IN))),
        (torch.nn.RNN(H_IN, H), torch.ones(1)),
    ):
        with pytest.raises(TypeError, match=r"cannot assign '.*' as parameter 'weight_ih_l0'"):
            network.weight_ih_l0 = value


def test_an_unknown_attribute_raises_as_in_torch() -> None:
    messages = []
    for network in (RNN(H_IN, H, bias=False), torch.nn.RNN(H_IN, H, bias=False)):
        with pytest.raises(AttributeError) as caught:
            _ = network.bias_ih_l0
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))])
def test_a_copied_network_is_the_same_and_independent(clone) -> None:
    ours = RNN(H_IN, H, seed=0)
    again = clone(ours)
    x = np.ones((L, N, H_IN), np.float32)
    np.testing.assert_allclose(ours(x)[0], again(x)[0], **CLOSE[np.float32])
    again.weight_ih_l0[:] = 0
    assert np.all(ours.weight_ih_l0 != 0)


def test_the_same_seed_gives_the_same_network_and_another_seed_another() -> None:
    def drawn(seed):
        return RNN(H_IN, H, 2, dropout=0.5, seed=seed)

    x = np.ones((L, N, H_IN), np.float32)
    one, same, other = drawn(3), drawn(3), drawn(4)
    generator = drawn(np.random.default_rng(3))
    for name, array in one.state_dict().items():
        np.testing.assert_array_equal(array, same.state_dict()[name])
        np.testing.assert_array_equal(array, generator.state_dict()[name])
        assert np.all(array != other.state_dict()[name])
    first, second = one(x)[0], one(x)[0]
    # Dropout's draws are the same too, and the second call draws anew.
    np.testing.assert_allclose(first, same(x)[0], **CLOSE[np.float32])
    assert np.any(np.abs(second - first) > 0.01)


def test_float32_is_the_default_as_in_torch() -> None:
    assert RNN(H_IN, H).weight_ih_l0.dtype == np.float32
    assert torch.nn.RNN(H_IN, H).weight_ih_l0.dtype == torch.float32


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"num_layers": 2},
        {"nonlinearity": "relu"},
        {"bias": False},
        {"batch_first": True},
        {"num_layers": 2, "dropout": 0.25},
        {"num_layers": 2, "dropout": 1},
        {"bidirectional": True},
        {"bidirectional": 0},
        {"bidirectional": "x"},
        {"num_layers": True},
        {
            "num_layers": 3,
            "bias": False,
            "batch_first": True,
            "dropout": 1e-9,
            "bidirectional": True,
        },
    ],
    ids=str,
)
def test_repr_is_torchs(options) -> None:
    assert repr(RNN(H_IN, H, **options)) == repr(torch.nn.RNN(H_IN, H, **options))
    if "nonlinearity" not in options:
        assert repr(GRU(H_IN, H, **options)) == repr(torch.nn.GRU(H_IN, H, **options))
        options = options | {"proj_size": P}
        assert repr(LSTM(H_IN, H, **options)) == repr(torch.nn.LSTM(H_IN, H, **options))


@pytest.mark.parametrize(
    "name",
    [
        *("input_size", "hidden_size", "num_layers", "nonlinearity", "proj_size"),
        *("bias", "batch_first", "dropout", "bidirectional"),
    ],
)
def test_options_are_attributes_as_in_torch(name: str) -> None:
    options = (H_IN, H, 2, "relu", False, True, 1, True)
    assert getattr(RNN(*options), name) == getattr(torch.nn.RNN(*options), name)
    if name != "nonlinearity":
        options = (H_IN, H, 2, False, True, 1, True, P)
        assert getattr(LSTM(*options), name) == getattr(torch.nn.LSTM(*options), name)
        assert getattr(GRU(*options[:-1]), name) == getattr(torch.nn.GRU(*options[:-1]), name)


# --- dropout ------------------------------------------------------------------------------------


def test_train_and_eval_return_the_network_and_set_training_as_in_torch() -> None:
    for network in (RNN(H_IN, H), torch.nn.RNN(H_IN, H)):
        assert network.training is True
        assert network.eval() is network
        assert network.training is False
        assert network.train() is network
        assert network.training is True
        assert network.train(False).training is False


@pytest.mark.parametrize(("kind", "own"), NETWORKS)
@pytest.mark.parametrize("bidirectional", [True, False])
def test_dropout_of_everything_in_training_equals_torch(kind, own, bidirectional: bool) -> None:
    # Deterministic, so it also shows that the last layer's output and the states are left alone.
    ours, theirs = pair(H_IN, H, 3, kind=kind, **own, dropout=1.0, bidirectional=bidirectional)
    x, hx = some(kind, 3, bidirectional=bidirectional, proj_size=own.get("proj_size", 0))
    result = ours(x, hx)
    assert_same(result, call(theirs, x, hx))
    if own.get("nonlinearity") != "relu":
        assert all(np.all(array != 0) for array in flat(result))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dropout", [0.3, 1.0])
def test_eval_is_a_network_without_dropout_and_equals_torch(kind, dropout: float) -> None:
    ours, theirs = pair(H_IN, H, 3, kind=kind, dropout=dropout)
    without = getattr(rnn_ref, kind)(H_IN, H, 3, dtype=np.float64)
    without.load_state_dict(ours.state_dict())
    x = np.random.default_rng(0).normal(size=(L, N, H_IN))
    np.testing.assert_allclose(ours.eval()(x)[0], without(x)[0], **CLOSE[np.float64])
    assert_same(ours(x), call(theirs.eval(), x))
    assert np.any(np.abs(ours.train()(x)[0] - without(x)[0]) > 0.01)


def linear_network(dropout: float) -> RNN:
    """Positive weights, relu, positive input: every layer is linear, so expectations are exact."""
    network = RNN(H_IN, H, 2, "relu", dropout=dropout, dtype=np.float64, seed=0)
    network.load_state_dict({name: np.abs(a) for name, a in network.state_dict().items()})
    return network


def test_the_mean_over_many_draws_is_the_expectation() -> None:
    network = linear_network(dropout=0.4)
    draws = 1000
    x = np.random.default_rng(1).uniform(0.1, 1, (L, 1, H_IN))
    # Samples of a batch are dropped independently: one call is as good as many.
    output, _ = network(np.repeat(x, draws, axis=1))
    expected, _ = network.eval()(x)
    # Five standard errors, measured on the draws: 65 means, so a seed in 30 000 misses.
    limit = 5 * output.std(axis=1) / np.sqrt(draws)
    assert np.all(limit < expected[:, 0] / 5)  # the bound says something
    assert np.all(np.abs(output.mean(axis=1) - expected[:, 0]) < limit)


def test_dropout_zeroes_single_elements_between_layers_and_scales_the_rest() -> None:
    network = linear_network(dropout=0.4)
    identity = {"weight_ih_l1": np.eye(H), "weight_hh_l1": np.zeros((H, H))}
    no_bias = {"bias_ih_l1": np.zeros(H), "bias_hh_l1": np.zeros(H)}
    network.load_state_dict({**network.state_dict(), **identity, **no_bias})
    x = np.random.default_rng(1).uniform(0.1, 1, (L, N, H_IN))
    dropped, (bottom, _) = network(x)  # the last layer only passes on what it is given
    clean, (clean_bottom, _) = network.eval()(x)
    kept = dropped != 0
    np.testing.assert_allclose(dropped[kept], clean[kept] / 0.6, rtol=1e-12)
    np.testing.assert_allclose(bottom, clean_bottom, **CLOSE[np.float64])  # h_n is never dropped
    for axis in range(3):  # every step, sample and feature has its own draw
        assert np.any(kept.any(axis) & ~kept.all(axis))


def test_one_layer_drops_nothing_as_in_torch() -> None:
    with pytest.warns(UserWarning, match="dropout option adds dropout"):
        ours, theirs = pair(H_IN, H, dropout=0.5)
    x = np.random.default_rng(0).normal(size=(L, N, H_IN))
    assert_same(ours(x), call(theirs, x))
