"""RNN, LSTM and GRU on packed batches: against torch, and against each sequence alone."""

import functools
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings

import rnn_ref
from rnn_ref import layers, shapes
from rnn_ref.packed import PackedSequence, pack_sequence, unpack_sequence
from tests.strategies import Case, packed_cases

CLOSE = {np.float64: {"rtol": 1e-12, "atol": 1e-12}, np.float32: {"rtol": 1e-5, "atol": 1e-5}}


def apart(states: Any) -> list:
    return list(states) if isinstance(states, tuple) else [states]


def states_of(case: Case, dtype: Any) -> list[np.ndarray]:
    assert case.N is not None
    sizes = shapes.state_shapes(case.config, case.N)
    signs = (1, -1)
    return [
        (case.draw(*size) * sign).astype(dtype) for size, sign in zip(sizes, signs, strict=False)
    ]


def sequences_of(case: Case, dtype: Any) -> list[np.ndarray]:
    x = case.draw(len(case.lengths), case.L, case.config.input_size).astype(dtype)
    return [sequence[:length] for sequence, length in zip(x, case.lengths, strict=True)]


def torchs(case: Case, dtype: Any) -> tuple[torch.nn.RNNBase, PackedSequence, tuple]:
    """torch's network, what it reads (with torch's own order), and its results as arrays."""
    torch.manual_seed(case.seed)
    name = "float64" if dtype is np.float64 else "float32"
    network = getattr(torch.nn, case.config.mode)(**case.options, dtype=getattr(torch, name))
    sequences = [torch.tensor(sequence) for sequence in sequences_of(case, dtype)]
    is_sorted = list(case.lengths) == sorted(case.lengths, reverse=True)
    packed = torch.nn.utils.rnn.pack_sequence(sequences, enforce_sorted=is_sorted)
    hx = tuple(torch.tensor(state) for state in states_of(case, dtype))
    given_states = [hx if len(hx) == 2 else hx[0]] if case.with_state else []
    with warnings.catch_warnings(), torch.no_grad():
        warnings.filterwarnings("ignore", "LSTM with projections is not supported with oneDNN")
        output, final = network(packed, *given_states)
    results = ([a if a is None else a.numpy() for a in output], [f.numpy() for f in apart(final)])
    return network, PackedSequence(*(a if a is None else a.numpy() for a in packed)), results


def assert_equal_to_torch(case: Case, dtype: Any) -> None:
    theirs, packed, (their_output, their_final) = torchs(case, dtype)
    ours = getattr(rnn_ref, case.config.mode)(**case.options, dtype=dtype)
    ours.load_state_dict(theirs.state_dict())
    hx = tuple(states_of(case, dtype))
    given_states = [hx if len(hx) == 2 else hx[0]] if case.with_state else []

    output, final = ours(packed, *given_states)

    assert isinstance(output, PackedSequence)
    np.testing.assert_allclose(output.data, their_output[0], **CLOSE[dtype], strict=True)
    for ours_of_it, theirs_of_it in zip(output[1:], their_output[1:], strict=True):
        np.testing.assert_array_equal(np.asarray(ours_of_it), np.asarray(theirs_of_it))
    for one, other in zip(apart(final), their_final, strict=True):
        np.testing.assert_allclose(one, other, **CLOSE[dtype], strict=True)


@settings(max_examples=150)
@given(case=packed_cases())
def test_any_packed_batch_equals_torch(case: Case) -> None:
    assert_equal_to_torch(case, np.float64)


@settings(max_examples=30)
@given(case=packed_cases())
def test_any_packed_batch_equals_torch_in_float32(case: Case) -> None:
    assert_equal_to_torch(case, np.float32)


@settings(max_examples=30)
@given(case=packed_cases())
def test_a_packed_batch_is_its_sequences_one_by_one(case: Case) -> None:
    network = getattr(rnn_ref, case.config.mode)(**case.options, dtype=np.float64, seed=0)
    sequences = sequences_of(case, np.float64)
    states = states_of(case, np.float64)
    hx = states[0] if len(states) == 1 else tuple(states)

    output, final = network(pack_sequence(sequences, enforce_sorted=False), hx)

    for n, (sequence, whole) in enumerate(zip(sequences, unpack_sequence(output), strict=True)):
        own = [state[:, n] for state in states]
        alone, last = network(sequence, own[0] if len(own) == 1 else tuple(own))
        np.testing.assert_allclose(whole, alone, rtol=1e-12, atol=1e-12)
        for one, other in zip(apart(final), apart(last), strict=True):
            np.testing.assert_allclose(one[:, n], other, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_long_batches_of_many_blocks_equal_short_ones(kind: str, monkeypatch) -> None:
    sequences = [np.random.default_rng(n).normal(size=(n, 3)) for n in (40, 40, 31, 7)]
    network = getattr(rnn_ref, kind)(3, 5, 2, bidirectional=True, dtype=float, seed=0)
    whole = network(pack_sequence(sequences))[0].data
    monkeypatch.setattr(layers, "BLOCK_ROWS", 6)
    again = network(pack_sequence(sequences))[0].data
    np.testing.assert_allclose(again, whole, **CLOSE[np.float64])


def test_what_was_packed_and_the_states_stay_as_they_were() -> None:
    packed = pack_sequence([np.ones((2, 3)), np.ones((4, 3))], enforce_sorted=False)
    h_0 = np.ones((2, 2, 5))
    output, h_n = rnn_ref.GRU(3, 5, bidirectional=True, dtype=float, batch_first=True)(packed, h_0)
    output.data[...] = h_n[...] = 0
    assert (packed.data == 1).all()
    assert (h_0 == 1).all()


LARGER = [(kind, sort) for kind in ("RNN", "GRU", "LSTM") for sort in (False, True)]


@pytest.mark.parametrize(("kind", "enforce_sorted"), LARGER)
def test_the_state_of_a_larger_batch_is_refused_where_torch_may_take_it(
    kind: str, enforce_sorted: bool
) -> None:
    """torch picks the states of sequences that it has sorted by place; its LSTM never looks."""
    arrays = [np.ones((4, 3), np.float32) for _ in range(2)]
    state = np.ones((1, 5, 7), np.float32)
    hx = (state, state) if kind == "LSTM" else state
    packed = pack_sequence(arrays, enforce_sorted=enforce_sorted)
    with pytest.raises(RuntimeError, match=r"size \(1, 2, 7\), got \[1, 5, 7\]"):
        getattr(rnn_ref, kind)(3, 7)(packed, hx)

    tensors = torch.nn.utils.rnn.pack_sequence(
        [torch.from_numpy(one) for one in arrays], enforce_sorted=enforce_sorted
    )
    h = torch.from_numpy(state)
    call = functools.partial(
        getattr(torch.nn, kind)(3, 7), tensors, (h, h) if kind == "LSTM" else h
    )
    if kind == "LSTM" or not enforce_sorted:
        assert torch.isfinite(call()[0].data).all()
    else:
        with pytest.raises(RuntimeError, match=r"Expected hidden size \(1, 2, 7\)"):
            call()
