"""The assertions pass where torch does right, and fail with a reason where a module does wrong."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import rnn_ref
from rnn_ref.diagnose import assert_batch_independent, assert_causal, assert_padding_ignored

N, L, H_IN, H = 3, 5, 7, 11
LENGTHS = torch.tensor([2, 5, 3])


def batch(*shape: int) -> Tensor:
    return torch.randn(shape or (N, L, H_IN), generator=torch.Generator().manual_seed(0))


def network(kind: type[nn.RNNBase] = nn.GRU, **options: Any) -> nn.RNNBase:
    torch.manual_seed(0)
    return kind(H_IN, H, **options)


# --- the batch ----------------------------------------------------------------------------------


@pytest.mark.parametrize("ours", [False, True])
@pytest.mark.parametrize("batch_first", [True, False])
def test_samples_are_independent_where_the_batch_is_read_as_one(
    batch_first: bool, ours: bool
) -> None:
    kind: Any = rnn_ref.GRU if ours else nn.GRU
    right, wrong = (kind(H_IN, H, batch_first=first) for first in (batch_first, not batch_first))
    x = batch().numpy() if ours else batch()
    x = x if batch_first else x.swapaxes(0, 1)
    assert_batch_independent(right, x, batch_first=batch_first)
    with pytest.raises(AssertionError) as raised:
        assert_batch_independent(wrong, x, batch_first=batch_first)
    lines = str(raised.value).splitlines()
    assert lines[0] == "Expected the output of each sample to depend on that sample alone."
    assert "Sample 0 was reversed" in lines[1]
    assert "Axis 0 is read as a sequence, not as a batch." in lines


def test_what_leaks_calls_by_a_cause_fails() -> None:
    rnn = network(batch_first=True)
    with pytest.raises(AssertionError, match="goes over axis 0"):
        assert_batch_independent(lambda x: rnn(x)[0].softmax(0), batch())
    with pytest.raises(AssertionError, match=r"do not stand along axis 0 of the output"):
        assert_batch_independent(lambda x: rnn(x)[0].transpose(0, 1), batch(5, 5, H_IN))


def test_a_batch_of_steps_needs_two_axes() -> None:
    with pytest.raises(ValueError, match=r"steps and samples, \(L, N, H_in\), got \(5,\)"):
        assert_batch_independent(nn.Identity(), batch(5), batch_first=False)


# --- what comes later ---------------------------------------------------------------------------


def convolution(left: int, right: int) -> Callable[[Tensor], Tensor]:
    torch.manual_seed(0)
    kernel = nn.Conv1d(H_IN, H, 1 + left + right)
    pad = nn.functional.pad
    return lambda x: kernel(pad(x.transpose(1, 2), (left, right))).transpose(1, 2)


@settings(max_examples=20, deadline=None)
@given(left=st.integers(0, 3), right=st.integers(0, 3))
def test_a_convolution_is_causal_if_it_is_padded_in_front(left: int, right: int) -> None:
    module = convolution(left, right)
    if not right:
        assert_causal(module, batch())
        return
    with pytest.raises(AssertionError, match=f"looks {right} ahead, as a convolution"):
        assert_causal(module, batch())


@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_a_network_is_causal_in_one_direction(kind: type[nn.RNNBase], batch_first: bool) -> None:
    x = batch() if batch_first else batch(L, N, H_IN)
    assert_causal(network(kind, batch_first=batch_first), x, batch_first=batch_first)
    both = network(kind, batch_first=batch_first, bidirectional=True)
    with pytest.raises(AssertionError) as raised:
        assert_causal(both, x, batch_first=batch_first)
    assert str(raised.value) == (
        "Expected the output at each step to depend on that step and those before it.\n"
        "Got an output at step 0 that moves when step 1 of x is changed.\n"
        f"The {kind.__name__} inside has bidirectional=True.\n"
        "Its reverse direction begins at the end. Leave it out: bidirectional=False."
    )


def test_what_looks_ahead_is_told() -> None:
    rnn = network(batch_first=True)
    with pytest.raises(AssertionError, match="reads from the end, and sees nothing before"):
        assert_causal(lambda x: rnn(x.flip(1))[0].flip(1), batch())
    with pytest.raises(AssertionError, match="It looks at all steps: an attention without a mask"):
        assert_causal(lambda x: rnn(x)[0].softmax(1), batch())


@pytest.mark.parametrize("module", [lambda x: x[:, -1], lambda x: x[:, :-1]])
def test_causality_needs_every_step(module: Callable[[Tensor], Tensor]) -> None:
    with pytest.raises(ValueError, match=r"a step for each of 5 steps of x .* return every step"):
        assert_causal(module, batch())


def test_classes_are_no_steps_though_they_are_as_many() -> None:
    rnn, linear = network(batch_first=True), nn.Linear(H, L)
    with pytest.raises(ValueError, match="a step for each of 5 steps"):
        assert_causal(lambda x: linear(rnn(x)[0][:, -1]), batch())


def test_causality_needs_two_steps() -> None:
    with pytest.raises(ValueError, match=r"two steps or more, \(N, L, H_in\), got \(3, 1, 7\)"):
        assert_causal(nn.Identity(), batch(N, 1, H_IN))


# --- padding ------------------------------------------------------------------------------------


class Reader(nn.Module):
    """Packs, or does not; gives all that a network gives."""

    def __init__(self, packs: bool, total: bool, batch_first: bool, **options: Any) -> None:
        super().__init__()
        self.rnn = network(nn.LSTM, batch_first=batch_first, **options)
        self.packs, self.total, self.first = packs, total, batch_first

    def forward(self, x: Tensor, lengths: Tensor) -> Any:
        if not self.packs:
            return self.rnn(x)
        total = x.shape[int(self.first)] if self.total else None
        output, states = self.rnn(pack_padded_sequence(x, lengths, self.first, False))
        return pad_packed_sequence(output, self.first, total_length=total)[0], states


@pytest.mark.parametrize("lengths", [LENGTHS, torch.tensor([4, 1, 3])])
@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize("total", [True, False])
def test_what_is_packed_ignores_padding(
    total: bool, bidirectional: bool, batch_first: bool, lengths: Tensor
) -> None:
    options = {"batch_first": batch_first, "bidirectional": bidirectional}
    x = batch() if batch_first else batch(L, N, H_IN)
    right = Reader(True, total, **options)
    assert_padding_ignored(right, x, lengths, batch_first=batch_first)
    with pytest.raises(AssertionError) as raised:
        assert_padding_ignored(Reader(False, total, **options), x, lengths, batch_first=batch_first)
    text = str(raised.value)
    assert ("moved the output[0] of samples" in text) == bidirectional
    assert "moved the output[1][0] of samples" in text
    assert ("begins there, or an attention" in text) == bidirectional
    assert ("The state runs on through the padding" in text) != bidirectional


def test_a_packed_output_a_dict_and_our_own_network() -> None:
    rnn, ours = network(batch_first=True), rnn_ref.GRU(H_IN, H, batch_first=True, seed=0)

    def packed(x: Tensor, lengths: Tensor) -> dict[str, Any]:
        output, h_n = rnn(pack_padded_sequence(x, lengths, True, False))
        return {"packed": output, "last": [h_n, None]}

    assert_padding_ignored(packed, batch(), LENGTHS)

    def in_numpy(x: Any, lengths: Any) -> Any:
        return ours(rnn_ref.pack_padded_sequence(x, lengths, True, False))

    assert_padding_ignored(in_numpy, batch().numpy(), LENGTHS.tolist())
    with pytest.raises(AssertionError, match=r"moved the output\[1\] of samples 0, 2 by"):
        assert_padding_ignored(lambda x, _: ours(x), batch().numpy(), LENGTHS.numpy())


def real(x: Tensor, lengths: Tensor) -> Tensor:
    return (torch.arange(x.shape[1]) < lengths[:, None])[:, :, None]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (lambda h, n: h[torch.arange(len(h)), n - 1], lambda h, n: h[:, -1]),
        (lambda h, n: (h * real(h, n)).sum(1) / n[:, None], lambda h, n: h.mean(1)),
        (lambda h, n: h.masked_fill(~real(h, n), -9).amax(1), lambda h, n: h.amax(1)),
        (lambda h, n: h[torch.arange(len(h)), n - 1, 0], lambda h, n: h[:, -1, 0]),
        (lambda h, n: h * real(h, n), lambda h, n: h - h.mean(1, keepdim=True)),
    ],
    ids=["last", "mean", "largest", "one number", "steps"],
)
def test_what_is_read_of_the_states(right: Callable[..., Any], wrong: Callable[..., Any]) -> None:
    rnn = network(batch_first=True)
    assert_padding_ignored(lambda x, n: right(rnn(x)[0], n), batch(), LENGTHS)
    with pytest.raises(AssertionError, match="Other numbers in the padding moved the output of"):
        assert_padding_ignored(lambda x, n: wrong(rnn(x)[0], n), batch(), LENGTHS)


def test_a_module_that_finds_the_lengths_in_the_padding() -> None:
    torch.manual_seed(0)
    embedding, rnn = nn.Embedding(5, H_IN, padding_idx=0), network(batch_first=True)
    ids = torch.tensor([[1, 2, 0, 0], [3, 4, 1, 0]])

    def module(ids: Tensor, lengths: Tensor) -> Tensor:
        ends = (ids != 0).sum(1)
        return rnn(embedding(ids))[0][torch.arange(len(ids)), ends - 1]

    lengths = torch.tensor([2, 3])
    assert_padding_ignored(module, ids, lengths, padding_value=0)
    with pytest.raises(AssertionError, match="Other numbers in the padding moved"):
        assert_padding_ignored(module, ids, lengths)
    with pytest.raises(AssertionError) as raised:
        assert_padding_ignored(lambda x, _: rnn(embedding(x))[1], ids, lengths, padding_value=0)
    assert "Got: More padding moved" in str(raised.value)
    assert "Got: Less padding moved" in str(raised.value)
    assert "How much padding there is counts" in str(raised.value)


def test_a_module_that_takes_no_other_length() -> None:
    places, rnn = torch.zeros(1, L, 1), network(batch_first=True, bidirectional=True)

    def wrong(x: Tensor, lengths: Tensor) -> Any:
        return rnn(x + places)

    def right(x: Tensor, lengths: Tensor) -> Any:
        return (x + places) * real(x, lengths), (x[:, 0] + places[:, 0])

    assert_padding_ignored(right, batch(), LENGTHS)
    with pytest.raises(AssertionError, match="within their lengths"):
        assert_padding_ignored(wrong, batch(), LENGTHS)


BAD = [[2, 5], [2, 5, 6], [0, 5, 3], [2, 5, 2.5], np.ones((3, 1))]


@pytest.mark.parametrize("lengths", BAD, ids=str)
def test_lengths_have_to_fit(lengths: Any) -> None:
    message = r"lengths to be 3 whole numbers from 1 to 5, .* x \(3, 5, 7\) with batch_first=True"
    with pytest.raises(ValueError, match=message):
        assert_padding_ignored(lambda x, _: x, batch(), lengths)


def test_padding_needs_a_batch_and_an_output() -> None:
    with pytest.raises(ValueError, match=r"x to be a padded batch, got shape \(5,\)"):
        assert_padding_ignored(lambda x, _: x, batch(5), LENGTHS)
    with pytest.raises(TypeError, match=r"an array or tensor, or several, got: NoneType"):
        assert_padding_ignored(lambda x, _: None, batch(), LENGTHS)


@pytest.mark.parametrize("examine", [assert_batch_independent, assert_causal])
def test_the_assertions_check_what_they_are_given(examine: Callable[..., None]) -> None:
    with pytest.raises(TypeError, match="module should be callable"):
        examine(None, batch())
    with pytest.raises(TypeError, match="x should be a NumPy array or a torch tensor"):
        examine(nn.Identity(), None)
