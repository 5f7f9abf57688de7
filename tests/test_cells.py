"""One time step against torch's cells."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

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


# --- what does not fit is refused, and nothing is broadcast --------------------------------------

CELLS = {"RNN": rnn_cell, "LSTM": lstm_cell, "GRU": gru_cell}


@dataclass(frozen=True)
class Wrong:
    """A right call of a cell, and one of its arrays in another shape."""

    mode: str
    arrays: dict[str, np.ndarray]
    name: str
    shape: tuple[int, ...]

    def __call__(self) -> None:
        CELLS[self.mode](**{**self.arrays, self.name: np.zeros(self.shape)})


@st.composite
def wrong_calls(draw: st.DrawFn) -> Wrong:
    case = draw(cases())
    config = case.config
    rows = [] if case.N is None else [case.N]
    H_out = config.proj_size or config.hidden_size
    weights = {
        FORMULA[name.removesuffix("_l0")]: np.zeros(shape)
        for name, shape in shapes.parameter_shapes(replace(config, bidirectional=False)).items()
        if name.endswith("_l0")
    }
    arrays = {"x": np.zeros((*rows, config.input_size)), "h": np.zeros((*rows, H_out)), **weights}
    if config.mode == "LSTM":
        arrays["c"] = np.zeros((*rows, config.hidden_size))
    name = draw(st.sampled_from(sorted(arrays)))
    right = arrays[name].shape
    return Wrong(config.mode, arrays, name, draw(others(right).filter(lambda one: one != right)))


def others(right: tuple[int, ...]) -> st.SearchStrategy[tuple[int, ...]]:
    """Shapes near the right one: those that NumPy would stretch over it, and its axes swapped."""
    axis = st.integers(0, len(right) - 1)
    changed = st.tuples(axis, st.sampled_from([0, 1, 2, 19])).map(
        lambda change: (*right[: change[0]], change[1], *right[change[0] + 1 :])
    )
    return st.one_of(
        changed,
        st.just(right[1:]),
        st.just(right[::-1]),
        st.just((1, *right)),
        st.just((*right, 1)),
        st.just((2, *right)),
    )


@settings(max_examples=300)
@given(wrong=wrong_calls())
def test_an_array_of_another_shape_is_refused_with_the_rule(wrong: Wrong) -> None:
    CELLS[wrong.mode](**wrong.arrays)

    with pytest.raises(ValueError, match=r"should be \(.*got shape \(") as caught:
        wrong()

    assert str(wrong.shape) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "shape", "message"),
    [
        ("h", (3, 2), r"h should be \(H_out,\) = \(2,\), as W_ih is \(2, 4\) and x is \(4,\), got"),
        ("b_ih", (2, 1), r"b_ih should be \(G\*H_cell,\) = \(2,\), .* got shape \(2, 1\)"),
        ("x", (5, 3, 4), r"x should be \(N, H_in\) or \(H_in,\), got shape \(5, 3, 4\)\. Take one"),
        ("W_ih", (4,), r"W_ih should be \(G\*H_cell, H_in\), got shape \(4,\)"),
    ],
)
def test_what_numpy_would_broadcast_says_what_it_should_be(name, shape, message) -> None:
    right = {"x": (4,), "h": (2,), "W_ih": (2, 4), "W_hh": (2, 2), "b_ih": (2,), "b_hh": (2,)}
    arrays = {one: np.zeros(size) for one, size in {**right, name: shape}.items()}
    with pytest.raises(ValueError, match=message):
        rnn_cell(**arrays)


def test_rows_that_are_no_whole_gates_are_refused() -> None:
    x, h = np.zeros(4), np.zeros(2)
    with pytest.raises(ValueError, match=r"G = 4, got shape \(9, 4\), whose rows are no multiple"):
        lstm_cell(x, h, h, np.zeros((9, 4)), np.zeros((8, 2)))


def test_dtypes_are_not_mixed() -> None:
    x, W = np.zeros(4, np.float32), np.zeros((2, 4))
    with pytest.raises(TypeError, match=r"x should be of float64, as W is, got: float32\. Convert"):
        linear(x, W, None)
    with pytest.raises(TypeError, match=r"W should be of float32 or float64, got: int64\. Convert"):
        linear(x, W.astype(np.int64), None)


def test_an_activation_that_takes_no_out_is_refused() -> None:
    x, h, W_ih, W_hh = np.zeros(4), np.zeros(2), np.zeros((2, 4)), np.zeros((2, 2))
    with pytest.raises(TypeError, match="activation should be a function that takes out"):
        rnn_cell(x, h, W_ih, W_hh, activation=lambda x: x)


@pytest.mark.parametrize(
    ("x", "gates", "message"),
    [
        (np.zeros(8), ("i", "f"), "gates should be .* got: .'i', 'f'"),
        (np.zeros(8), "ifgo", "gates should be .* got: 'ifgo'"),
        (np.zeros(9), LSTM_GATES, r"G = 4 blocks, got shape \(9,\)"),
        (np.zeros((2, 2, 8)), LSTM_GATES, r"G = 4 blocks, got shape \(2, 2, 8\)"),
        (np.zeros(8, int), LSTM_GATES, "x should be of float32 or float64, got: int64"),
    ],
)
def test_what_cannot_be_cut_by_gate_is_refused(x, gates, message) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        by_gate(x, gates)
