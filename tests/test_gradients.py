"""Backpropagation through time against torch's autograd, and against central differences."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings

import rnn_ref
from rnn_ref import layers, shapes
from rnn_ref.gradients import block_backward, of_relu, of_sigmoid, of_tanh
from rnn_ref.packed import PackedSequence, pad_packed_sequence
from tests.strategies import Case, cases, packed_cases

CLOSE = {np.float64: {"rtol": 1e-10, "atol": 1e-10}, np.float32: {"rtol": 1e-4, "atol": 1e-4}}
KINDS = ("RNN", "LSTM", "GRU")


@pytest.fixture(autouse=True)
def several_blocks(monkeypatch) -> None:
    """Blocks of a few steps: what goes from block to block is part of every case."""
    monkeypatch.setattr(layers, "BLOCK_ROWS", 20)


@dataclass
class Both:
    """The same network, given the same, in torch and here."""

    case: Case
    dtype: Any = np.float64

    def __post_init__(self) -> None:
        torch.manual_seed(self.case.seed)
        dtype = torch.float64 if self.dtype is np.float64 else torch.float32
        kind = self.case.config.mode
        self.theirs = getattr(torch.nn, kind)(**self.case.options, dtype=dtype)
        self.ours = getattr(rnn_ref, kind)(**self.case.options, dtype=self.dtype)
        self.ours.load_state_dict(self.theirs.state_dict())
        sizes = shapes.tensor_shapes(self.case.config, L=self.case.L, N=self.case.N)
        names = [name for name in ("input", "h_0", "c_0") if name in sizes]
        draw = self.case.draw
        self.given = [
            (draw(*sizes[name]) * sign).astype(self.dtype)
            for name, sign in zip(names, (1, 1, -1), strict=False)
        ]

    @property
    def sorted(self) -> bool:
        return list(self.case.lengths) == sorted(self.case.lengths, reverse=True)

    def packed(self, x: torch.Tensor) -> Any:
        lengths, batch_first = torch.tensor(self.case.lengths), self.case.config.batch_first
        pack = torch.nn.utils.rnn.pack_padded_sequence
        return pack(x, lengths, batch_first, enforce_sorted=self.sorted)

    def torchs(self) -> tuple[list[np.ndarray], Callable[..., list[np.ndarray]]]:
        """Results, and gradients of arguments and weights by those of the results."""
        tensors = [torch.tensor(array, requires_grad=True) for array in self.given]
        x = self.packed(tensors[0]) if self.case.lengths else tensors[0]
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "LSTM with projections is not supported with oneDNN")
            output, final = self.theirs(x, together(tensors[1:]))
        results = [output.data if self.case.lengths else output, *apart(final)]
        asked = [*tensors, *self.theirs.parameters()]

        def back(*d_results: np.ndarray) -> list[np.ndarray]:
            d = [torch.tensor(array) for array in d_results]
            return [g.numpy() for g in torch.autograd.grad(results, asked, d)]

        return [result.detach().numpy() for result in results], back

    def mine(self) -> tuple[list[np.ndarray], Callable[..., list[np.ndarray]]]:
        x = self.given[0]
        if self.case.lengths:  # torch may sort sequences of one length in another order
            arrays = (a if a is None else a.numpy() for a in self.packed(torch.tensor(x)))
            x = PackedSequence(*arrays)
        (output, final), backward = self.ours.vjp(x, together(self.given[1:]))
        data = output.data if self.case.lengths else output

        def back(d_output: np.ndarray, *d_final: np.ndarray) -> list[np.ndarray]:
            d = output._replace(data=d_output) if self.case.lengths else d_output
            gradients = backward(d, together(d_final))
            return [self.dense(gradients.input), *apart(gradients.hx), *gradients.weights.values()]

        return [data, *apart(final)], back

    def dense(self, d_input: Any) -> np.ndarray:
        """Of the padded batch, as autograd gives it: zero where there is padding."""
        if not self.case.lengths:
            return d_input
        batch_first, L = self.case.config.batch_first, self.case.L
        return pad_packed_sequence(d_input, batch_first, total_length=L)[0]


def together(states: Any) -> Any:
    return states[0] if len(states) == 1 else tuple(states)


def apart(states: Any) -> list:
    return list(states) if isinstance(states, tuple) else [states]


def gradients_of(case: Case, results: list[np.ndarray]) -> list[np.ndarray]:
    rng = np.random.default_rng(case.seed)
    return [rng.normal(size=result.shape).astype(result.dtype) for result in results]


def assert_equal_to_autograd(case: Case, dtype: Any = np.float64) -> None:
    both = Both(case, dtype)
    theirs, their_back = both.torchs()
    ours, our_back = both.mine()
    d_results = gradients_of(case, theirs)
    for one, other in zip(
        [*ours, *our_back(*d_results)], [*theirs, *their_back(*d_results)], strict=True
    ):
        np.testing.assert_allclose(one, other, **CLOSE[dtype], strict=True)


@settings(max_examples=100)
@given(case=cases())
def test_any_network_has_autograds_gradients(case: Case) -> None:
    assert_equal_to_autograd(case)


@settings(max_examples=100)
@given(case=packed_cases())
def test_packed_batches_have_autograds_gradients(case: Case) -> None:
    assert_equal_to_autograd(case)


@settings(max_examples=20)
@given(case=cases())
def test_gradients_in_float32(case: Case) -> None:
    assert_equal_to_autograd(case, np.float32)


# --- central differences: no torch --------------------------------------------------------------


def differences(value: Callable[[], float], array: np.ndarray) -> np.ndarray:
    """The change of value by each element of array, changed in place by a little both ways."""
    gradient, step = np.empty_like(array), 1e-6
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + step
        above = value()
        array[index] = kept - step
        gradient[index] = (above - value()) / (2 * step)
        array[index] = kept
    return gradient


@pytest.mark.parametrize("lengths", [(), (2, 3, 1)], ids=["dense", "packed"])
@pytest.mark.parametrize("bidirectional", [False, True], ids=["one way", "both ways"])
@pytest.mark.parametrize("own", [("RNN", 0), ("LSTM", 0), ("LSTM", 2), ("GRU", 0)])
def test_gradients_are_central_differences(own, bidirectional: bool, lengths: tuple) -> None:
    mode, proj_size = own
    config = shapes.Config(mode, 2, 3, 2, bidirectional=bidirectional, proj_size=proj_size)
    both = Both(Case(config, 3, 3, "tanh", with_state=True, seed=0, lengths=lengths))
    results, back = both.mine()
    d_results = gradients_of(both.case, results)

    def value() -> float:
        again, _ = both.mine()
        return sum(float((d * result).sum()) for d, result in zip(d_results, again, strict=True))

    weights = [getattr(both.ours, name) for name in both.ours.state_dict()]
    for gradient, array in zip(back(*d_results), [*both.given, *weights], strict=True):
        np.testing.assert_allclose(gradient, differences(value, array), rtol=1e-6, atol=1e-8)


def test_the_differences_can_tell_a_wrong_gradient() -> None:
    x = np.array([2.0, 3.0])
    gradient = differences(lambda: float((x**2).sum()), x)
    np.testing.assert_allclose(gradient, 2 * x, rtol=1e-8)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(gradient, 2.001 * x, rtol=1e-6)


@pytest.mark.parametrize(
    ("function", "derivative"),
    [(torch.tanh, of_tanh), (torch.sigmoid, of_sigmoid), (torch.relu, of_relu)],
)
def test_derivatives_are_torchs(function, derivative) -> None:
    x = torch.tensor([-20.0, -1.0, 0.0, 0.5, 20.0], dtype=torch.float64, requires_grad=True)
    y = function(x)
    (theirs,) = torch.autograd.grad(y.sum(), x)
    np.testing.assert_allclose(derivative(y.detach().numpy()), theirs.numpy(), atol=1e-14)


# --- dropout ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_dropout_is_in_the_gradients_as_it_was_in_the_call(kind: str) -> None:
    network = getattr(rnn_ref, kind)(3, 5, 3, dropout=0.5, bidirectional=True, dtype=float, seed=0)
    x = np.random.default_rng(0).normal(size=(4, 2, 3))
    state = network._rng.bit_generator.state
    (output, _), backward = network.vjp(x)
    d_output = np.random.default_rng(1).normal(size=output.shape)

    def value() -> float:
        network._rng.bit_generator.state = state  # the same draws
        return float((d_output * network(x)[0]).sum())

    np.testing.assert_allclose(backward(d_output).input, differences(value, x), atol=1e-8)
    np.testing.assert_allclose(
        backward(d_output).weights["weight_ih_l1"],
        differences(value, network.weight_ih_l1),
        atol=1e-8,
    )


# --- what is given and what comes ---------------------------------------------------------------


def lstm() -> rnn_ref.LSTM:
    return rnn_ref.LSTM(3, 5, 2, bidirectional=True, dtype=np.float64, seed=0)


def test_what_is_not_given_is_zero() -> None:
    x = np.random.default_rng(0).normal(size=(4, 2, 3))
    (output, (h_n, c_n)), backward = lstm().vjp(x)
    d = np.ones_like(output)
    for short, long in [
        (backward(d), backward(d, (np.zeros_like(h_n), np.zeros_like(c_n)))),
        (backward(d_hx=(h_n, None)), backward(np.zeros_like(d), (h_n, np.zeros_like(c_n)))),
        (backward(), backward(np.zeros_like(d), None)),
    ]:
        np.testing.assert_allclose(short.input, long.input, **CLOSE[np.float64])
        np.testing.assert_allclose(short.hx[1], long.hx[1], **CLOSE[np.float64])
    assert not backward().input.any()
    assert backward(d).hx[0].any()


def test_the_results_are_those_of_the_call_and_output_cannot_be_written_to() -> None:
    x = np.random.default_rng(0).normal(size=(4, 2, 3))
    (output, (h_n, c_n)), backward = lstm().vjp(x)
    called, (h, c) = lstm()(x)
    for one, other in ((output, called), (h_n, h), (c_n, c)):
        np.testing.assert_allclose(one, other, **CLOSE[np.float64])
    with pytest.raises(ValueError, match="read-only"):
        output[0] = 0
    before = backward(np.ones_like(output))
    h_n[...] = c_n[...] = 0
    after = backward(np.ones_like(output))
    np.testing.assert_allclose(after.input, before.input, **CLOSE[np.float64])


def test_gradients_given_are_not_changed() -> None:
    x = np.random.default_rng(0).normal(size=(4, 2, 3))
    (output, (h_n, c_n)), backward = lstm().vjp(x)
    given_arrays = [np.ones_like(output), np.ones_like(h_n), np.ones_like(c_n)]
    backward(given_arrays[0], tuple(given_arrays[1:]))
    assert all((array == 1).all() for array in given_arrays)


PACKED = PackedSequence(np.ones((3, 3)), [2, 1])

WRONG: dict[str, tuple[Callable[..., Any], type[Exception], str]] = {
    "shape": (lambda y, h: ((y[:-1],)), ValueError, r"d_output should be float64 of shape \(4, 2"),
    "dtype": (lambda y, h: (y.astype("f"),), ValueError, "got: float32"),
    "no array": (lambda y, h: ([1.0],), TypeError, "d_output should be a NumPy array, got: list"),
    "no pair": (lambda y, h: (y, h), TypeError, r"the pair \(d_h_n, d_c_n\), got: numpy.ndarray"),
    "three": (lambda y, h: (y, (h, h, h)), TypeError, r"the pair \(d_h_n, d_c_n\), got: tuple"),
    "c": (lambda y, h: (y, (h, h[:1])), ValueError, r"d_hx\[1\] should be float64 of shape"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_gradients_that_do_not_fit_are_named(wrong) -> None:
    (output, (h_n, _)), backward = lstm().vjp(np.ones((4, 2, 3)))
    make, error, text = wrong
    with pytest.raises(error, match=text):
        backward(*make(np.ones_like(output), h_n))


def test_gradients_of_packed_output_are_packed_as_it_is() -> None:
    (output, _), backward = lstm().vjp(PACKED)
    with pytest.raises(
        TypeError, match=r"d_output should be packed as the output is, got: numpy\.ndarray"
    ):
        backward(output.data)
    with pytest.raises(ValueError, match="batch_sizes and the order of output"):
        backward(PackedSequence(output.data, [1, 1, 1]))
    with pytest.raises(ValueError, match=r"d_output\.data should be float64 of shape \(3, 10\)"):
        backward(PackedSequence(np.ones((3, 3)), [2, 1]))
    assert backward(output).input.batch_sizes.tolist() == [2, 1]
    assert not backward().input.data.any()


def test_what_is_no_recurrence_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="No gradients for str"):
        block_backward("tanh", None, None, None, None)


# --- cells --------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(case=cases().map(lambda case: replace(case, config=replace(case.config, proj_size=0))))
def test_cells_have_autograds_gradients(case: Case) -> None:
    config = case.config
    kind = f"{config.mode}Cell"
    sizes = (config.input_size, config.hidden_size, config.bias)
    options = {"nonlinearity": case.nonlinearity} if config.mode == "RNN" else {}
    theirs = getattr(torch.nn, kind)(*sizes, **options, dtype=torch.float64)
    ours = getattr(rnn_ref, kind)(*sizes, **options, dtype=np.float64)
    ours.load_state_dict(theirs.state_dict())
    rows = [] if case.N is None else [case.N]
    x = case.draw(*rows, config.input_size)
    states = [case.draw(*rows, config.hidden_size) * s for s in (1, -1)]
    states = states[: len(shapes.STATES[config.mode])]

    tensors = [torch.tensor(array, requires_grad=True) for array in (x, *states)]
    results = apart(theirs(tensors[0], together(tensors[1:])))
    after, backward = ours.vjp(x, together(states))
    d_results = gradients_of(case, [result.detach().numpy() for result in results])
    asked, d = [*tensors, *theirs.parameters()], [torch.tensor(array) for array in d_results]
    gradients = backward(together(d_results))

    for mine, torchs in zip(
        [*apart(after), gradients.input, *apart(gradients.hx), *gradients.weights.values()],
        [*results, *torch.autograd.grad(results, asked, d)],
        strict=True,
    ):
        np.testing.assert_allclose(mine, torchs.detach().numpy(), rtol=1e-10, atol=1e-10)
    assert list(gradients.weights) == list(theirs.state_dict())
    assert not backward().input.any()
