"""Right models, drawn at random: whatever they consist of, their samples never meet.

A model reads N samples, ids (N, L) or numbers (N, L, H_in), and returns N answers. What it consists
of is its `Plan`, which is drawn from a seed and printed where a diagnosis is wrong.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import softmax
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

WORDS = 11  # ids are smaller; 0 is padding
ANSWERS = 5  # features of an answer
RARELY = (False, False, False, True)


@dataclass(frozen=True)
class Plan:
    """What a model consists of, and what it reads."""

    seed: int
    N: int
    L: int
    H_in: int
    hidden: int
    ids: bool  # instead of numbers
    padded: bool  # behind each sample stands padding, which tells the model the lengths
    double: bool
    mode: str
    num_layers: int
    bidirectional: bool
    proj: bool
    batch_first: bool  # what the network inside is told; if not, the model transposes
    runs: str  # "whole", "cells", "packed", or "sorted": packed in the order of lengths
    total_length: bool  # of what was packed; without it, all is cut to the longest sample
    own_state: bool  # h_0 is made in the dtype of the plan, so that no other can be had
    gain: float  # of the recurrent weights
    blocks: tuple[str, ...]  # of BLOCKS, one after the other
    reads: str  # of READS
    unit: float  # of what is read
    size: float  # of what is answered
    wrapped: str  # "module", "tuple" or "function"

    @property
    def dtype(self) -> torch.dtype:
        return torch.float64 if self.double else torch.float32

    @property
    def cut(self) -> bool:
        return self.padded and self.runs in ("packed", "sorted") and not self.total_length


def draw_plan(seed: int, every_step: bool) -> Plan:
    rng = random.Random(seed)
    choice, runs = rng.choice, rng.choice(("whole", "cells", *["packed"] * 3, "sorted"))
    mode, cells = choice(("RNN", "LSTM", "GRU")), runs == "cells"
    plan = Plan(
        seed=seed,
        N=choice((2, 3, 5, 8, 17)),
        L=choice((31, 64)) if choice(RARELY) else rng.randint(2, 9),
        H_in=choice((1, 3, 4, 7)),
        hidden=choice((8, 16, 32, 64)),
        ids=choice((True, False)),
        padded=choice((True, True, False)),
        double=choice((True, False, False)),
        mode=mode,
        num_layers=1 if cells else choice((1, 1, 2, 4)),
        bidirectional=not cells and choice((True, False)),
        proj=mode == "LSTM" and not cells and choice(RARELY),
        batch_first=choice((True, False)),
        runs=runs,
        total_length=choice((True, False)),
        own_state=choice(RARELY),
        gain=choice((1.0, 1.0, 1.0, 2.0)),
        blocks=tuple(rng.choices(tuple(BLOCKS), k=choice((0, 1, 1, 2, 3)))),
        reads="every step" if every_step else choice(tuple(READS)),
        unit=choice((1.0, 1.0, 1e-6, 1e-3, 1e3, 1e6)),
        size=choice((1.0, 1.0, 1e-30, 1e-3, 1e6)),
        wrapped=choice(("module", "module", "tuple", "function")),
    )
    # The last step of the longest sample depends on all samples: such a model is wrong.
    return (
        draw_plan(seed + 1_000_000, every_step) if plan.cut and plan.reads == "last step" else plan
    )


# --- what turns inputs into states ---------------------------------------------------------------


class Network(nn.Module):
    """(N, L, H) and lengths to (N, L, D*H_out), or to fewer steps where the plan cuts."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan
        sizes = {"num_layers": plan.num_layers, "bidirectional": plan.bidirectional}
        sizes |= {"proj_size": plan.hidden // 2} if plan.proj else {}
        network = getattr(nn, plan.mode)
        self.rnn = network(plan.hidden, plan.hidden, batch_first=plan.batch_first, **sizes)
        D = 2 if plan.bidirectional else 1
        self.states, self.out = D * plan.num_layers, sizes.get("proj_size", plan.hidden)
        self.width = D * self.out
        with torch.no_grad():
            for name, parameter in self.rnn.named_parameters():
                parameter.mul_(plan.gain if name.startswith("weight_hh") else 1)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        if self.plan.runs == "packed":
            return self.packed(x, lengths, in_order=False)
        if self.plan.runs == "sorted":
            order = lengths.argsort(descending=True, stable=True)
            return self.packed(x[order], lengths[order], in_order=True)[order.argsort()]
        return self.turned(self.rnn(self.turned(x), self.state(len(x)))[0])

    def packed(self, x: Tensor, lengths: Tensor, in_order: bool) -> Tensor:
        total = x.shape[1] if self.plan.total_length else None
        first = {"batch_first": self.plan.batch_first}
        packed = pack_padded_sequence(self.turned(x), lengths, enforce_sorted=in_order, **first)
        output, _ = self.rnn(packed, self.state(len(x)))
        return self.turned(pad_packed_sequence(output, total_length=total, **first)[0])

    def turned(self, x: Tensor) -> Tensor:
        return x if self.plan.batch_first else x.transpose(0, 1)

    def state(self, N: int) -> Any:
        if not self.plan.own_state:
            return None
        h_0 = torch.zeros(self.states, N, self.out, dtype=self.plan.dtype)
        return self.with_cell(h_0)

    def with_cell(self, h_0: Tensor) -> Any:
        """An LSTM has two states."""
        c_0 = h_0.new_zeros(*h_0.shape[:2], self.plan.hidden)
        return (h_0, c_0) if self.plan.mode == "LSTM" else h_0


class CellLoop(nn.Module):
    """The same with a cell, step by step; lengths are left to what reads the states."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.mode, self.width = plan.mode, plan.hidden
        self.cell = getattr(nn, f"{plan.mode}Cell")(plan.hidden, plan.hidden)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        state, steps = None, []
        for x_t in x.unbind(1):
            state = self.cell(x_t, state)
            steps.append(state[0] if self.mode == "LSTM" else state)
        return torch.stack(steps, 1)


# --- what follows: (N, L, H) to the same; `real` is True where no padding is ---------------------


class LayerNorm(nn.LayerNorm):
    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        return super().forward(x)


class BatchNorm(nn.Module):
    """With the statistics of a training that is over."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(width)
        self.norm.running_mean.normal_()
        self.norm.running_var.uniform_(0.5, 2)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        return self.norm(x.flatten(0, 1)).view(x.shape)


class Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        wide = nn.Linear(width, 2 * width), nn.ReLU(), nn.Dropout(), nn.Linear(2 * width, width)
        self.layers = nn.Sequential(nn.Dropout(), *wide)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        return x + self.layers(x)


class Attention(nn.Module):
    """Every step looks at all real steps of its sample."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(width, num_heads=2, batch_first=True)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        return x + self.attention(x, x, x, key_padding_mask=~real, need_weights=False)[0]


class CausalAttention(nn.Module):
    """Every step looks at itself and at those before it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        scores = self.query(x) @ self.key(x).transpose(1, 2) / x.shape[-1] ** 0.5
        later = torch.ones_like(scores, dtype=torch.bool).triu(1)
        return x + softmax(scores.masked_fill(later, -torch.inf), -1) @ x


BLOCKS = {
    "layer norm": LayerNorm,
    "batch norm": BatchNorm,
    "residual": Residual,
    "attention": Attention,
    "causal attention": CausalAttention,
}


# --- what answers are read from: (N, L, H) to (N, L, H) or (N, H) --------------------------------


def every_step(h: Tensor, real: Tensor) -> Tensor:
    return h


def last_step(h: Tensor, real: Tensor) -> Tensor:
    return h[:, -1]


def last_real_step(h: Tensor, real: Tensor) -> Tensor:
    return h[torch.arange(len(h)), real.sum(1) - 1]


def mean_of_steps(h: Tensor, real: Tensor) -> Tensor:
    return (h * real[:, :, None]).sum(1) / real.sum(1, keepdim=True)


def largest_of_steps(h: Tensor, real: Tensor) -> Tensor:
    return h.masked_fill(~real[:, :, None], -torch.inf).amax(1)


def weighted_steps(h: Tensor, real: Tensor) -> Tensor:
    weights = softmax(h.mean(-1).masked_fill(~real, -torch.inf), 1)
    return (weights[:, None] @ h)[:, 0]


READS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "every step": every_step,
    "last step": last_step,
    "last real step": last_real_step,
    "mean": mean_of_steps,
    "largest": largest_of_steps,
    "weighted": weighted_steps,
}


# --- the model -----------------------------------------------------------------------------------


class Model(nn.Module):
    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan
        words, numbers = nn.Embedding(WORDS, plan.hidden, 0), nn.Linear(plan.H_in, plan.hidden)
        self.embed = words if plan.ids else numbers
        self.recurrent = CellLoop(plan) if plan.runs == "cells" else Network(plan)
        width = self.recurrent.width
        self.blocks = nn.ModuleList(BLOCKS[name](width) for name in plan.blocks)
        self.head = nn.Linear(width, ANSWERS)

    def forward(self, x: Tensor) -> Any:
        y = self.answer(x) * self.plan.size
        return (y, None) if self.plan.wrapped == "tuple" else y

    def answer(self, x: Tensor) -> Tensor:
        lengths = self.lengths(x)
        h = self.recur(self.embed(x if self.plan.ids else x / self.plan.unit), lengths)
        real = torch.arange(h.shape[1]) < lengths[:, None]
        for block in self.blocks:
            h = block(h, real)
        return self.head(READS[self.plan.reads](h, real))

    def recur(self, x: Tensor, lengths: Tensor) -> Tensor:
        return self.recurrent(x, lengths)

    def lengths(self, x: Tensor) -> Tensor:
        """Up to the last step that is not zero; at least 1."""
        if not self.plan.padded:
            return torch.full((len(x),), x.shape[1])
        real = x != 0 if self.plan.ids else (x != 0).any(-1)
        return (real * torch.arange(1, x.shape[1] + 1)).amax(1).clamp(min=1)


@dataclass(frozen=True)
class Example:
    """A model in evaluation mode, and a batch for it; a wrong model has a fault."""

    plan: Plan
    model: Callable[[Tensor], Any]
    x: Tensor
    fault: str = ""


def right(seed: int, every_step: bool = False) -> Example:
    return built(draw_plan(seed, every_step))


def built(plan: Plan, kind: type[Model] = Model, fault: str = "") -> Example:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(plan.seed)
        model = kind(plan).to(plan.dtype).eval()
        x = batch(plan)
    return Example(plan, as_function(model) if plan.wrapped == "function" else model, x, fault)


def as_function(model: nn.Module) -> Callable[[Tensor], Any]:
    """Hide a module: nothing can be copied or turned into float64."""

    def function(x: Tensor) -> Any:
        return model(x)

    return function


def batch(plan: Plan) -> Tensor:
    """Draw samples, the longest of them as long as the batch."""
    words = torch.randint(1, WORDS, (plan.N, plan.L))
    numbers = torch.randn(plan.N, plan.L, plan.H_in, dtype=torch.float64) * plan.unit
    x = words if plan.ids else numbers.to(plan.dtype)
    lengths = torch.randint(1, plan.L + 1, (plan.N,))
    lengths[torch.randint(plan.N, ())] = plan.L
    for sample, length in zip(x, lengths, strict=True):
        sample[length if plan.padded else plan.L :] = 0
    return x
