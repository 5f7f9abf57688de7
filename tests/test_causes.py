"""The cause that leaks names, for modules that do one wrong thing and nothing else."""

from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

import rnn_ref
from rnn_ref.diagnose import Leaks, axis_roles, depends, leaks
from rnn_ref.diagnose.causes import EVIDENCE, SENTENCES, Cause

N, L, H_IN, H = 5, 3, 7, 11
NETWORKS = (nn.RNN, nn.LSTM, nn.GRU)

# What a module does to its rows, and the cause to name. Each is put in front of a right network,
# behind it, and stands alone.
ROWS: dict[str, tuple[Callable[[Tensor], Tensor], Cause]] = {
    "softmax": (lambda x: x.softmax(0), "batch statistics"),
    "mean taken off": (lambda x: x - x.mean(0), "batch statistics"),
    "standardised": (lambda x: (x - x.mean()) / x.std(), "batch statistics"),
    "the largest of all": (lambda x: x / x.abs().max(), "batch statistics"),
    "all samples added": (lambda x: x + x.sum(0), "batch statistics"),
    "flipped": (lambda x: x.flip(0), "rows moved"),
    "rolled": (lambda x: x.roll(2, 0), "rows moved"),
    "shifted": (lambda x: torch.cat([x[:1], x[:-1]]), "rows moved"),
    "shifted, zeros in front": (
        lambda x: torch.cat([torch.zeros_like(x[:1]), x[:-1]]),
        "rows moved",
    ),
    "one sample for all": (lambda x: x[:1].expand_as(x), "rows moved"),
    "summed up": (lambda x: x.cumsum(0), "running sum"),
    "difference": (lambda x: x - x.roll(1, 0), "fixed distance"),
    "mean of neighbours": (lambda x: (x.roll(1, 0) + x + x.roll(-1, 0)) / 3, "fixed distance"),
    "the last sample taken off": (lambda x: x - x[-1:], "one sample"),
    "halves": (
        lambda x: torch.cat([half - half.mean(0) for half in x.split(len(x) // 2)]),
        "groups",
    ),
    "transposed and laid out": (lambda x: x.transpose(0, 1).reshape(x.shape), "view"),
}


def batch(seed: int = 0, N: int = N, L: int = L) -> Tensor:
    return torch.randn(N, L, H_IN, generator=torch.Generator().manual_seed(seed))


def network(kind: type[nn.RNNBase], **options: Any) -> nn.RNNBase:
    torch.manual_seed(0)
    return kind(H_IN, H_IN, **options)


@pytest.mark.parametrize("name", ROWS)
def test_what_is_done_to_rows_is_named(name: str) -> None:
    rows, cause = ROWS[name]
    rnn = network(nn.GRU, batch_first=True)
    x = batch()
    assert leaks(rows, x).cause == cause
    assert leaks(lambda x: rows(rnn(x)[0]), x).cause == cause
    assert leaks(lambda x: rnn(rows(x))[0], x).cause == cause


@settings(max_examples=12, deadline=None)
@given(
    name=st.sampled_from([*ROWS]),
    N=st.integers(4, 9),
    L=st.integers(2, 9),
    kind=st.sampled_from(NETWORKS),
    bidirectional=st.booleans(),
    last=st.booleans(),
    seed=st.integers(0, 2**16),
)
def test_of_any_size_it_is_this_cause_or_unknown(
    name: str, N: int, L: int, kind: type[nn.RNNBase], bidirectional: bool, last: bool, seed: int
) -> None:
    rows, cause = ROWS[name]
    rnn = network(kind, batch_first=True, bidirectional=bidirectional)

    def module(x: Tensor) -> Tensor:
        output = rnn(rows(x))[0]
        return output[:, -1] if last else output

    got = leaks(module, batch(seed, N, L)).cause
    assert got in (cause, "unknown")


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize("kind", NETWORKS)
def test_a_network_that_reads_time_first(
    kind: type[nn.RNNBase], num_layers: int, bidirectional: bool
) -> None:
    rnn = network(kind, num_layers=num_layers, bidirectional=bidirectional)
    for module in rnn, lambda x: rnn(x)[0][:, -1], lambda x: rnn(x)[0].mean(1):
        assert leaks(module, batch()).cause == "time first"
    assert str(leaks(rnn, batch())).endswith(f"The {kind.__name__} inside has batch_first=False.")


def test_the_verdict_comes_from_what_moves_and_not_from_what_the_module_says() -> None:
    class Saying(nn.Module):
        batch_first = False

        def forward(self, x: Tensor) -> Tensor:
            return x.softmax(0)

    got = leaks(Saying(), batch())
    assert (got.cause, got.inside) == ("batch statistics", "")
    silent = network(nn.GRU)
    assert leaks(lambda x: silent(x)[0], batch()).inside == ""


def test_our_own_network_is_asked_too() -> None:
    got = leaks(rnn_ref.LSTM(H_IN, H, seed=0), batch().numpy())
    assert got.cause == "time first"
    assert got.inside == "The LSTM inside has batch_first=False."


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_view_for_a_transpose(kind: type[nn.RNNBase], bidirectional: bool) -> None:
    rnn = network(kind, bidirectional=bidirectional)

    def viewed(x: Tensor) -> Tensor:
        return rnn(x.reshape(x.shape[1], x.shape[0], -1))[0]

    for module in (
        lambda x: viewed(x).reshape(len(x), -1, rnn.hidden_size * (1 + bidirectional)),
        lambda x: viewed(x).transpose(0, 1),
        lambda x: viewed(x)[-1],
        lambda x: viewed(x).mean(0),
    ):
        assert leaks(module, batch()).cause == "view"


def test_states_of_layers_that_are_viewed_as_rows() -> None:
    rnn = network(nn.GRU, num_layers=2, batch_first=True)
    got = leaks(lambda x: rnn(x)[1].reshape(len(x), -1), batch())
    assert got.cause == "view"


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("last", [False, True])
def test_a_state_that_goes_from_sample_to_sample(kind: type[nn.RNNBase], last: bool) -> None:
    rnn = network(kind)

    def carried(x: Tensor) -> Tensor:
        state, outputs = None, []
        for sample in x:
            output, state = rnn(sample, state)
            outputs.append(output[-1] if last else output)
        return torch.stack(outputs)

    def one_long(x: Tensor) -> Tensor:
        output = rnn(x.flatten(0, 1))[0].view(*x.shape[:2], -1)
        return output[:, -1] if last else output

    for module in carried, one_long:
        assert leaks(module, batch()).cause == "state between samples"


def test_what_no_evidence_shows_is_called_unknown() -> None:
    def module(x: Tensor) -> Tensor:
        return x * torch.arange(1, len(x) + 1)[:, None, None] + x.sum()

    got = leaks(module, batch())
    assert got.leaked
    assert got.cause == "unknown"
    assert str(got).endswith(SENTENCES["unknown"])


def test_a_leak_that_no_other_change_shows() -> None:
    """Only the first sample reversed is special."""
    x = batch()
    turned = x[0].flip(0)
    got = leaks(lambda x: x + torch.allclose(x[0], turned, atol=1e-3), x)
    assert (got.change, got.leaked, got.cause) == ("reversed", (1, 2, 3, 4), "unknown")


def test_a_leak_that_only_many_changes_at_once_show_is_not_found() -> None:
    """One sample is changed at a time."""

    def module(x: Tensor) -> Tensor:
        return x + torch.allclose(x[1:], x[:-1], atol=1e-3)

    assert leaks(module, batch()).leaked == ()


@pytest.mark.parametrize("n", range(N))
def test_a_leak_of_any_sample_is_found(n: int) -> None:
    got = leaks(lambda x: x + x[n : n + 1].amax(1, keepdim=True), batch())
    assert (got.sample, got.leaked) == (n, tuple({*range(N)} - {n}))
    assert str(got).startswith(f"Sample {n} was ")


def test_steps_that_are_alike_may_be_no_input() -> None:
    rnn = network(nn.GRU)

    def module(x: Tensor) -> Tensor:
        return rnn((x - x.mean(1, keepdim=True)) / x.std(1, keepdim=True))[0][:, -1]

    assert leaks(module, batch()).cause in ("time first", "unknown")


@pytest.mark.parametrize("every", [False, True], ids=["sizes", "no size"])
def test_a_module_that_takes_no_other_sizes(every: bool) -> None:
    rnn, x = network(nn.GRU), batch()
    h_0 = torch.zeros(1, L, H_IN)
    fixed = torch.zeros(N, L, 1)

    def module(x: Tensor) -> Tensor:
        return rnn(x + fixed if every else x, h_0)[0]

    assert leaks(module, x).cause == "time first"


def test_samples_that_hold_numbers_alone() -> None:
    """An axis of features in the place of steps."""
    rnn, x = network(nn.RNN), batch()[:, 0]
    assert leaks(nn.BatchNorm1d(H_IN), x).cause == "batch statistics"
    assert leaks(rnn, x).cause in ("time first", "unknown")  # (N, H_in) is read as (L, H_in)


# --- two calls ----------------------------------------------------------------------------------


class Stateful(nn.Module):
    """The state of one call is that in which the next begins."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.state = network(nn.GRU, batch_first=True), None

    def forward(self, x: Tensor) -> Tensor:
        output, self.state = self.rnn(x, self.state)
        return output


def in_a_closure() -> Callable[[Tensor], Tensor]:
    rnn, state = network(nn.GRU, batch_first=True), None

    def forward(x: Tensor) -> Tensor:
        nonlocal state
        output, state = rnn(x, state)
        return output

    return forward


def in_a_list() -> Callable[[Tensor], Tensor]:
    rnn, states = network(nn.GRU, batch_first=True), [None]

    def forward(x: Tensor) -> Tensor:
        output, states[0] = rnn(x, states[0])
        return output

    return forward


@pytest.mark.parametrize("made", [Stateful, in_a_closure, in_a_list, lambda: Stateful().forward])
def test_a_state_that_is_kept_between_calls(made: Callable[[], Any]) -> None:
    got = leaks(made(), batch())
    assert got.change == "called again"
    assert got.cause == "state between calls"
    assert got.leaked == tuple(range(1, N))
    assert str(got).startswith("The same x came twice. How far")
    assert "A second call gives another output.\nA state is kept between calls" in str(got)
    for examine in axis_roles, depends:
        with pytest.raises(ValueError, match="a state is kept between calls, so the second call"):
            examine(made(), batch())


def test_a_state_that_forgets_is_seen_at_the_first_call() -> None:
    """After many steps it is the same, so that all calls but the first one agree."""
    x = batch(L=60)
    assert leaks(Stateful(), x).cause == "state between calls"


def own_generator() -> Callable[[Tensor], Tensor]:
    generator = torch.Generator()
    return lambda x: x + torch.rand(x.shape, generator=generator)


CHANCE = {
    "dropout": nn.Dropout(),
    "dropout inside": nn.LSTM(H_IN, H, 2, dropout=0.5),
    "dropout in a function": nn.functional.dropout,
    "NumPy's numbers": lambda x: x + float(np.random.rand()),
    "numbers of its own": own_generator(),
}


@pytest.mark.parametrize("name", CHANCE)
def test_chance_is_no_state(name: str) -> None:
    with pytest.raises(ValueError, match=r"cannot be told|no change can be told from chance"):
        leaks(CHANCE[name], batch())


# --- where the samples stand in the output ------------------------------------------------------


def test_samples_along_another_axis_of_the_output() -> None:
    rnn, x = network(nn.GRU), batch(N=5, L=5)

    def turned(x: Tensor) -> Tensor:
        return rnn(x.transpose(0, 1))[0]

    got = leaks(turned, x)
    assert (got.leaked, got.cause) == ((), "axes of the output")
    assert "do not stand along axis 0 of the output" in str(got)
    assert leaks(lambda x: turned(x.softmax(0)), x).cause == "batch statistics"
    with pytest.raises(ValueError, match=r"Axis 1 of the output gets longer with the batch: swap"):
        leaks(turned, batch())


def test_a_last_state_of_a_network_that_reads_time_first() -> None:
    rnn = network(nn.GRU)
    message = r"gets longer with axis 1 of x.*read as the batch\. Is batch_first=True missing\?"
    with pytest.raises(ValueError, match=message):
        leaks(lambda x: rnn(x)[1][-1], batch())
    assert leaks(lambda x: rnn(x)[1][-1], batch(N=5, L=5)).cause == "time first"


# --- the set of causes --------------------------------------------------------------------------


def test_each_cause_has_a_sentence_and_all_but_four_a_piece_of_evidence() -> None:
    assert {*SENTENCES} == {*get_args(Cause)}
    without = {"state between calls", "axes of the output", "unknown"}
    assert {*EVIDENCE} == {*get_args(Cause)} - without
    assert max(len(line) for said in SENTENCES.values() for line in said.splitlines()) <= 80


@pytest.mark.parametrize("cause", get_args(Cause))
def test_the_docstring_explains_each_cause(cause: Cause) -> None:
    assert f'`"{cause}"`' in str(Leaks.__doc__)
