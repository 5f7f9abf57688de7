"""Looking at a module changes nothing: not in it, not around it."""

import contextlib
import functools
import random
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import rnn_ref
from rnn_ref.diagnose import (
    assert_batch_independent,
    assert_causal,
    assert_padding_ignored,
    axis_roles,
    copies,
    depends,
    leaks,
)

N, L, H_IN = 3, 5, 7


def padding_ignored(module: Any, x: Any) -> None:
    assert_padding_ignored(lambda x, _: module(x), x, [L] * N)


DIAGNOSES = [
    leaks,
    axis_roles,
    depends,
    assert_batch_independent,
    assert_causal,
    padding_ignored,
]
EXAMINE = pytest.mark.parametrize("examine", DIAGNOSES)
Examine = Callable[[Any, Any], Any]


def batch() -> Tensor:
    return torch.randn(N, L, H_IN, generator=torch.Generator().manual_seed(0))


def looked(examine: Examine, module: Any, x: Any) -> None:
    """Examine, whatever it says."""
    with contextlib.suppress(AssertionError, ValueError):
        examine(module, x)


class Model(nn.Module):
    """In training mode, with running statistics, a state, a hook and gradients."""

    def __init__(self) -> None:
        super().__init__()
        self.norm, self.rnn = nn.BatchNorm1d(L), nn.GRU(H_IN, H_IN, batch_first=True)
        self.state: Tensor | None = None
        self.calls = 0
        self.rnn.register_forward_pre_hook(lambda module, inputs: None)
        self.forward(batch()).sum().backward()

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        output, state = self.rnn(self.norm(x))
        self.state = state.detach()
        return output


class Uncopied(Model):
    def __deepcopy__(self, memo: object) -> "Uncopied":
        raise RuntimeError


class Shared(Model):
    """Says itself how it is copied: with the same weights, which then must not be moved."""

    def __deepcopy__(self, memo: object) -> "Shared":
        return self


def weights(model: nn.Module) -> list[Tensor]:
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    return [tensor.clone() for tensor in (*model.state_dict().values(), *gradients)]


def as_closure(model: nn.Module) -> Callable[[Tensor], Tensor]:
    def function(x: Tensor) -> Tensor:
        return model(x)

    return function


def as_default(model: nn.Module) -> Callable[[Tensor], Tensor]:
    def function(x: Tensor, model: nn.Module = model) -> Tensor:
        return model(x)

    return function


def as_keyword(model: nn.Module) -> Callable[[Tensor], Tensor]:
    def function(x: Tensor, *, model: nn.Module = model) -> Tensor:
        return model(x)

    return function


def nested(model: nn.Module) -> Callable[[Tensor], Tensor]:
    inner = as_closure(model)

    def function(x: Tensor) -> Tensor:
        return inner(x)

    return function


def as_partial(model: nn.Module) -> Callable[[Tensor], Tensor]:
    return functools.partial(as_default(model), model=model)


def as_method(model: nn.Module) -> Callable[[Tensor], Tensor]:
    method: Callable[[Tensor], Tensor] = model.forward
    return method


GLOBAL = Model()


def as_global(model: nn.Module) -> Callable[[Tensor], Tensor]:
    globals()["GLOBAL"] = model

    def function(x: Tensor) -> Tensor:
        def inner() -> Tensor:
            return GLOBAL(x)

        return inner()

    return function


HOW = [lambda model: model, as_closure, as_default, as_keyword, nested, as_partial]
HOW += [as_method, as_global]


@pytest.mark.parametrize(
    ("examine", "how"),
    [*((examine, HOW[0]) for examine in DIAGNOSES), *((leaks, how) for how in HOW[1:])],
)
def test_a_model_stays_as_it_is(examine: Examine, how: Callable[[Model], Any]) -> None:
    model = Model()
    before, kept, calls = weights(model), model.state, model.calls
    looked(examine, how(model), batch())
    assert all(map(torch.equal, before, weights(model)))
    assert model.state is kept
    assert model.calls == calls
    assert model.training
    assert len(model.rnn._forward_pre_hooks) == 1
    assert {p.dtype for p in model.parameters()} == {torch.float32}


@pytest.mark.parametrize("examine", DIAGNOSES[:-1])
@pytest.mark.parametrize("kind", [Uncopied, Shared])
def test_what_cannot_be_copied_is_put_back(examine: Examine, kind: type[Model]) -> None:
    model = kind()
    before = weights(model)
    looked(examine, model, batch())
    assert all(map(torch.equal, before, weights(model)))


def test_a_module_of_lengths_that_cannot_be_copied_is_put_back() -> None:
    class WithLengths(Uncopied):
        def forward(self, x: Tensor, lengths: Any = None) -> Tensor:
            return super().forward(x)

    model = WithLengths()
    before = weights(model)
    looked(lambda model, x: assert_padding_ignored(model, x, [L] * N), model, batch())
    assert all(map(torch.equal, before, weights(model)))


@EXAMINE
def test_all_that_draws_at_random_is_left_alone(examine: Examine) -> None:
    def module(x: Tensor) -> Tensor:
        chance = torch.rand(()) + random.random() + np.random.rand()
        return x + 0 * chance

    states = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state()
    looked(examine, module, batch())
    looked(examine, nn.Dropout(), batch())
    assert random.getstate() == states[0]
    assert np.random.get_state()[1].tolist() == states[1]
    assert torch.equal(torch.get_rng_state(), states[2])


@EXAMINE
def test_an_input_that_the_module_changes_is_changed_in_no_other_call(examine: Examine) -> None:
    x = batch()
    looked(examine, lambda x: x.mul_(2), x)
    assert torch.equal(x, batch())
    array = batch().double().numpy()
    looked(examine, lambda x: np.multiply(x, 2, out=x), array)
    assert (array == batch().double().numpy()).all()


@EXAMINE
def test_our_own_network_stays_as_it_is(examine: Examine) -> None:
    rnn = rnn_ref.GRU(H_IN, H_IN, num_layers=2, dropout=0.5, batch_first=True, seed=0).eval()
    before = rnn.state_dict()
    looked(examine, rnn, batch().numpy())
    assert all((before[name] == now).all() for name, now in rnn.state_dict().items())


def test_the_generators_on_a_device_are_left_alone_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """As torch tells of them; there need not be a device."""
    states = [[1, 2]]
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_rng_state_all", lambda: states[-1])
    monkeypatch.setattr(torch.cuda, "set_rng_state_all", states.append)

    def module(x: Tensor) -> Tensor:
        states.append([3])
        return x

    leaks(module, batch())
    assert states[-1] == [1, 2]


def test_torch_is_asked_only_where_it_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torch")
    assert leaks(np.tanh, np.arange(6.0).reshape(3, 2)).leaked == ()


# --- copies of functions ------------------------------------------------------------------------


def test_a_copied_function_does_the_same_and_keeps_its_own() -> None:
    count, seen = [0], set()
    late: Any

    def function(x: int, *, step: int = 1) -> int:
        count[0] += step
        seen.add(x)
        return late(x) + count[0]

    early = copies.copied(function)  # what it calls is not made yet

    def late(x: int) -> int:
        return 10 * x

    other = copies.copied(function)
    assert (function(1), other(1), other(1), early(2)) == (11, 11, 12, 21)
    assert count == [1]
    assert seen == {1, 2}  # a set is shared


def test_what_cannot_be_copied_is_given_back() -> None:
    generator = (number for number in range(3))
    assert copies.copied(generator) is generator
    shared = Shared()
    assert copies.copied(shared) is shared
