"""Wrong models, drawn at random: right ones with one fault, by which samples meet."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm, layer_norm, softmax

from tests.random_models import Example, Model, Plan, batch, built, draw_plan

SHARE = 1e-5  # a leak is to be found that moves another answer by that share of the largest
DRAWS = 3  # of samples that take the place of sample 0


def wrong(seed: int, every_step: bool = False) -> Example:
    """Draw a plan and a fault until the fault shows: in the plan's own batch it may not."""
    fault = tuple(FAULTS)[seed % len(FAULTS)]
    for attempt in count():
        plan = draw_plan(seed + 10_000_000 * (attempt + 1), every_step)
        plan = replace(plan, runs="whole") if plan.runs == "cells" else plan
        if effect(plan, FAULTS[fault]) >= SHARE:
            return built(plan, FAULTS[fault], fault)
    raise AssertionError


def effect(plan: Plan, kind: type[Model] = Model) -> float:
    """How far the other samples move, whatever sample 0 becomes: a share of the largest answer.

    In float64, by one call for each batch.
    """
    example = built(replace(plan, double=True, wrapped="module"), kind)
    y = example.model(example.x).detach()
    moved = []
    for other in range(DRAWS):
        x = example.x.clone()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(other)
            x[0] = batch(example.plan)[0]
        again = example.model(x).detach()
        steps = min(y.shape[1], again.shape[1])
        moved.append((again[1:, :steps] - y[1:, :steps]).abs().max() / y.abs().max())
    return float(min(moved))


# --- faults of the recurrent part ----------------------------------------------------------------


class Forgotten(Model):
    """batch_first is missing: samples are read as steps."""

    def recur(self, x: Tensor, lengths: Tensor) -> Tensor:
        return self.time_first()(x)[0]

    def time_first(self) -> nn.RNNBase:
        rnn = self.recurrent.rnn
        rnn.batch_first = False
        return rnn


class Viewed(Forgotten):
    """`view` stands where `transpose` should."""

    def recur(self, x: Tensor, lengths: Tensor) -> Tensor:
        N, L, H = x.shape
        return self.time_first()(x.reshape(L, N, H))[0].reshape(N, L, -1)


class OneLongSequence(Forgotten):
    """The samples stand one behind the other."""

    def recur(self, x: Tensor, lengths: Tensor) -> Tensor:
        return self.time_first()(x.flatten(0, 1))[0].view(*x.shape[:2], -1)


class StateCarried(Forgotten):
    """Each sample begins with the state that the one before it left."""

    def recur(self, x: Tensor, lengths: Tensor) -> Tensor:
        rnn, state, outputs = self.time_first(), None, []
        for sample in x:
            output, state = rnn(sample, state)
            outputs.append(output)
        return torch.stack(outputs)


class StateOfTheBatch(Forgotten):
    """h_0 is made of what all samples begin with."""

    def recur(self, x: Tensor, lengths: Tensor) -> Tensor:
        network = self.recurrent
        mean = x[:, 0, : network.out].mean(0).repeat(network.states, len(x), 1)
        state = network.with_cell(mean)
        return self.time_first()(x.transpose(0, 1), state)[0].transpose(0, 1)


# --- faults of what follows ----------------------------------------------------------------------


def states(spoil: Callable[[Tensor], Tensor]) -> type[Model]:
    class Spoilt(Model):
        def recur(self, x: Tensor, lengths: Tensor) -> Tensor:
            return spoil(super().recur(x, lengths))

    return Spoilt


def answers(spoil: Callable[[Tensor], Tensor]) -> type[Model]:
    class Spoilt(Model):
        def answer(self, x: Tensor) -> Tensor:
            return spoil(super().answer(x))

    return Spoilt


def attention_over_the_batch(h: Tensor) -> Tensor:
    """Each step looks at the same step of all samples."""
    x = h.transpose(0, 1)
    return (softmax(x @ x.transpose(1, 2), -1) @ x).transpose(0, 1)


def norm_in_training(h: Tensor) -> Tensor:
    return batch_norm(h.flatten(0, 1), None, None, training=True).view(h.shape)


def small_leak(y: Tensor) -> Tensor:
    """Little more than the share, where two samples change places."""
    movement = (y[0] - y[1]).detach().abs().max()
    return y + 3 * SHARE * y.detach().abs().max() / movement * y.roll(1, 0)


FAULTS: dict[str, type[Model]] = {
    "batch_first forgotten": Forgotten,
    "view for transpose": Viewed,
    "one long sequence": OneLongSequence,
    "state carried on": StateCarried,
    "h_0 of the batch": StateOfTheBatch,
    "attention over the batch": states(attention_over_the_batch),
    "softmax of states over the batch": states(lambda h: softmax(h, 0)),
    "batch norm in training": states(norm_in_training),
    "softmax over the batch": answers(lambda y: softmax(y, 0)),
    "mean of the batch taken off": answers(lambda y: y - y.mean(0)),
    "norm of the batch": answers(lambda y: y / y.norm()),
    "layer norm of all": answers(lambda y: layer_norm(y, y.shape)),
    "sum along the batch": answers(lambda y: y.cumsum(0)),
    "rows rolled": answers(lambda y: y.roll(1, 0)),
    "rows shifted": answers(lambda y: torch.cat([y[:1], y[:-1]])),
    "rows turned round": answers(lambda y: y.flip(0)),
    "answers scrambled": answers(lambda y: y.transpose(0, 1).reshape(y.shape)),
    "small leak": answers(small_leak),
}
