"""Wrong models, drawn at random: right ones with one fault, by which samples meet."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm, conv1d, layer_norm, softmax

from rnn_ref.diagnose.causes import Cause
from tests.random_models import Example, Model, Plan, batch, built, draw_plan

SHARE = 1e-5  # a leak is to be found that moves another answer by that share of the largest
DRAWS = 3  # of samples that take the place of sample 0


def wrong(seed: int, every_step: bool = False) -> Example:
    """Draw a plan and a fault until the fault shows: in the plan's own batch it may not."""
    fault = tuple(FAULTS)[seed % len(FAULTS)]
    for attempt in count():
        plan = draw_plan(seed + 10_000_000 * (attempt + 1), every_step)
        plan = replace(plan, runs="whole") if plan.runs == "cells" else plan
        kind, _ = FAULTS[fault]
        if effect(plan, kind) >= SHARE:
            return built(plan, kind, fault)
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


class StateKept(Forgotten):
    """Each call begins with the state that the one before it left."""

    kept = None

    def recur(self, x: Tensor, lengths: Tensor) -> Tensor:
        output, self.kept = self.time_first()(x.transpose(0, 1), self.kept)
        return output.transpose(0, 1)


class SecondForgotten(Forgotten):
    """A second network stands on the first, and batch_first is missing there."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        width = self.recurrent.width
        self.second = nn.GRU(width, width)

    def recur(self, x: Tensor, lengths: Tensor) -> Tensor:
        return self.second(self.time_first()(x.transpose(0, 1))[0].transpose(0, 1))[0]


class StateOfTheBatch(Forgotten):
    """h_0 is made of what all samples begin with."""

    def recur(self, x: Tensor, lengths: Tensor) -> Tensor:
        network = self.recurrent
        mean = x[:, 0, : network.out].mean(0).repeat(network.states, len(x), 1)
        state = network.with_cell(mean)
        return self.time_first()(x.transpose(0, 1), state)[0].transpose(0, 1)


class Sorted(Model):
    """The batch is sorted, and not put back."""

    def answer(self, x: Tensor) -> Tensor:
        return super().answer(
            x[x[:, 0].flatten(1).sum(1).argsort() if x.dim() > 2 else x[:, 0].argsort(stable=True)]
        )


def steps(spoil: Callable[[Tensor], Tensor]) -> type[Model]:
    class Spoilt(Model):
        def recur(self, x: Tensor, lengths: Tensor) -> Tensor:
            return super().recur(spoil(x), lengths)

    return Spoilt


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


def norm_of_halves(y: Tensor) -> Tensor:
    """As if the batch went to two devices."""
    return torch.cat([layer_norm(half, half.shape) for half in y.chunk(2)])


def convolved(y: Tensor) -> Tensor:
    """The batch is what the kernel runs along."""
    rows = y.flatten(1).T[:, None]
    return conv1d(rows, rows.new_tensor([[[0.5, 1, 0.5]]]), padding=1)[:, 0].T.reshape(y.shape)


def small_leak(y: Tensor) -> Tensor:
    """Little more than the share."""
    return y + 10 * SHARE * y.roll(1, 0)


# What is wrong, and which cause a diagnosis has to name.
FAULTS: dict[str, tuple[type[Model], Cause]] = {
    "batch_first forgotten": (Forgotten, "time first"),
    "batch_first forgotten above": (SecondForgotten, "time first"),
    "view for transpose": (Viewed, "view"),
    "steps scrambled": (steps(lambda x: x.transpose(0, 1).reshape(x.shape)), "view"),
    "answers scrambled": (answers(lambda y: y.transpose(0, 1).reshape(y.shape)), "view"),
    "one long sequence": (OneLongSequence, "state between samples"),
    "state carried on": (StateCarried, "state between samples"),
    "state kept": (StateKept, "state between calls"),
    "h_0 of the batch": (StateOfTheBatch, "batch statistics"),
    "attention over the batch": (states(attention_over_the_batch), "batch statistics"),
    "softmax of states over the batch": (states(lambda h: softmax(h, 0)), "batch statistics"),
    "batch norm in training": (states(norm_in_training), "batch statistics"),
    "batch norm of steps": (steps(norm_in_training), "batch statistics"),
    "softmax over the batch": (answers(lambda y: softmax(y, 0)), "batch statistics"),
    "mean of the batch taken off": (answers(lambda y: y - y.mean(0)), "batch statistics"),
    "norm of the batch": (answers(lambda y: y / y.norm()), "batch statistics"),
    "layer norm of all": (answers(lambda y: layer_norm(y, y.shape)), "batch statistics"),
    "sum along the batch": (answers(lambda y: y.cumsum(0)), "running sum"),
    "sum of steps along the batch": (steps(lambda x: x.cumsum(0)), "running sum"),
    "rows rolled": (answers(lambda y: y.roll(1, 0)), "rows moved"),
    "rows shifted": (answers(lambda y: torch.cat([y[:1], y[:-1]])), "rows moved"),
    "rows turned round": (answers(lambda y: y.flip(0)), "rows moved"),
    "rows sorted": (Sorted, "rows moved"),
    "small leak": (answers(small_leak), "fixed distance"),
    "difference along the batch": (answers(lambda y: y - y.roll(1, 0)), "fixed distance"),
    "convolution along the batch": (answers(convolved), "fixed distance"),
    "norm of halves": (answers(norm_of_halves), "groups"),
    "first sample taken off": (answers(lambda y: y - y[:1]), "one sample"),
}
