"""Rounding is no leak, and a leak as small as one part in a hundred thousand is one."""

import itertools
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rnn_ref.diagnose import Leaks, axis_roles, leaks

N, L, H = 3, 5, 16
SMALL = 1e-5  # of the size of the output


class Packed(nn.Module):
    """A right model as the documentation of torch has it, rounded on any processor as on some.

    `last` is put behind it.
    """

    def __init__(
        self,
        seed: int,
        total: bool = True,
        gain: float = 1,
        last: Callable[[Tensor], Tensor] = lambda y: y,
    ) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.embedding = nn.Embedding(11, H, padding_idx=0)
        self.rnn = nn.RNN(H, H, batch_first=True)
        self.linear = nn.Linear(H, 7)
        self.total, self.last = total, last
        with torch.no_grad():
            self.rnn.weight_hh_l0.mul_(gain)

    def forward(self, ids: Tensor) -> Tensor:
        vectors = rounded(self.embedding(ids))
        packed = pack_padded_sequence(vectors, lengths(ids), True, False)
        total = ids.shape[1] if self.total else None
        output, _ = pad_packed_sequence(self.rnn(packed)[0], True, total_length=total)
        return self.last(self.linear(rounded(output)))


def rounded(x: Tensor) -> Tensor:
    """Move each number by a rounding that depends on all of them, and on nothing else."""
    seen = x.detach().double().numpy().tobytes()
    noise = np.random.default_rng(zlib.crc32(seen)).choice([-1, 1], x.shape)
    return x * (1 + torch.finfo(x.dtype).eps * x.new_tensor(noise))


def lengths(ids: Tensor) -> Tensor:
    return ((ids != 0) * torch.arange(1, ids.shape[1] + 1)).amax(1).clamp(min=1)


def words(seed: int, L: int = L) -> Tensor:
    """Sample 0 is the longest one."""
    torch.manual_seed(seed)
    ids = torch.randint(1, 11, (N, L))
    for n in range(1, N):
        ids[n, torch.randint(1, L, ()) :] = 0
    return ids


def leaky(y: Tensor) -> Tensor:
    """A leak that moves the others by that share if sample 0 becomes what sample 1 is."""
    movement = (y[0] - y[1]).abs().max()
    return y + SMALL * (y.abs().max() / movement).detach() * y[:1]


# --- rounding that is made up, in NumPy ----------------------------------------------------------


class Rounded:
    """tanh with units of rounding that are drawn from the whole batch, and a leak of sample 0."""

    def __init__(self, units: float, leak: float, size: float) -> None:
        self.units, self.leak, self.size = units, leak, size

    def __call__(self, x: NDArray[Any]) -> NDArray[Any]:
        y = np.tanh(x.astype(np.float64))
        y = self.size * (y + self.leak * y[0])
        noise = np.random.default_rng(zlib.crc32(x.tobytes())).uniform(-1, 1, y.shape)
        return (y * (1 + self.units * np.finfo(x.dtype).eps * noise)).astype(x.dtype)


@settings(max_examples=60, deadline=None)
@given(
    dtype=st.sampled_from([np.float32, np.float64]),
    units=st.floats(0, 4),
    size=st.sampled_from([1e-30, 1e-3, 1.0, 1e6]),
    leak=st.one_of(st.just(0.0), st.floats(3 * SMALL, 1)),
    samples=st.integers(2, 5),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_leak_is_told_from_rounding(
    dtype: Any, units: float, size: float, leak: float, samples: int, seed: int
) -> None:
    x = np.random.default_rng(seed).standard_normal((samples, 5, 7)).astype(dtype)
    others = tuple(range(1, samples))
    assert leaks(Rounded(units, leak, size), x).leaked == (others if leak else ())
    roles = axis_roles(Rounded(units, leak, size), x).roles
    assert (roles[0] == "batch") == (not leak)
    assert roles[1:] == ("batch", "batch")


@settings(max_examples=30, deadline=None)
@given(units=st.floats(100, 1e6), seed=st.integers(0, 2**32 - 1))
def test_a_network_that_makes_much_of_rounding_does_not_leak(units: float, seed: int) -> None:
    x = np.random.default_rng(seed).standard_normal((3, 5, 7))
    assert leaks(Rounded(units, 0, 1), x).leaked == ()
    assert leaks(Rounded(units, 3 * SMALL, 1), x).leaked == (1, 2)


def test_large_differences_of_small_ones() -> None:
    """A hair of float32 changes everything here, but what moves so far is not its rounding."""
    x = np.random.default_rng(0).standard_normal((3, 5, 7))

    def module(x: NDArray[Any]) -> NDArray[Any]:
        y = np.sin(1e8 * Rounded(1, 0, 1)(x))
        return y + leak * y[0]

    for leak in 0, 0.1:
        assert leaks(module, x).leaked == ((1, 2) if leak else ())


def test_rounding_that_no_hair_reaches_is_none_either() -> None:
    def module(x: NDArray[Any]) -> NDArray[Any]:
        noise = np.random.default_rng(zlib.crc32(np.sign(x).tobytes())).integers(-2, 3, x.shape)
        return x * (1 + noise * np.finfo(x.dtype).eps).astype(x.dtype)

    for dtype in np.float32, np.float64:
        x = np.random.default_rng(0).standard_normal((3, 5, 7)).astype(dtype)
        assert leaks(module, x).leaked == ()


def test_rounding_is_shown_as_0() -> None:
    got = leaks(Rounded(4, 0, 1), np.random.default_rng(0).random((3, 5, 7), np.float32))
    assert got.moved[1:] == (0, 0)
    assert str(got).endswith("  sample 1: 0\n  sample 2: 0\nNothing leaked: only sample 0 moved.")


def test_rounding_that_differs_between_two_calls_is_no_chance() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((3, 5, 7)).astype(np.float32)
    got = leaks(lambda x: (x * (1 + 2e-7 * rng.uniform(-1, 1, x.shape))).astype(x.dtype), x)
    assert got.leaked == ()


def test_a_length_that_differs_between_two_calls_is_chance() -> None:
    lengths = itertools.cycle([5, 4, 3, 2, 1])
    with pytest.raises(ValueError, match="two outputs for one input"):
        leaks(lambda x: x[:, : next(lengths)], np.ones((3, 5, 7)))


# --- rounding as it happens ----------------------------------------------------------------------


@pytest.mark.parametrize("hidden", [False, True], ids=["module", "function"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_packing_is_no_leak(dtype: torch.dtype, hidden: bool) -> None:
    for seed in range(8):
        model, spoilt = Packed(seed).to(dtype), Packed(seed, last=leaky).to(dtype)
        ids = words(seed)
        assert leaks(model.forward if hidden else model, ids).leaked == (), seed
        assert leaks(spoilt.forward if hidden else spoilt, ids).leaked == (1, 2), seed
        assert axis_roles(model.forward if hidden else model, ids).roles[0] == "batch", seed


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_of_a_module_of_low_precision_a_copy_in_float64_is_asked(dtype: torch.dtype) -> None:
    for seed in range(6):
        assert leaks(Packed(seed).to(dtype), words(seed)).leaked == (), seed
        assert leaks(Packed(seed, last=leaky).to(dtype), words(seed)).leaked == (1, 2), seed


def test_a_long_network_that_makes_much_of_rounding() -> None:
    for seed in range(6):
        model, spoilt = (Packed(seed, gain=2.5, last=last) for last in (lambda y: y, leaky))
        assert leaks(model, words(seed, 100)).leaked == (), seed
        assert leaks(spoilt, words(seed, 100)).leaked == (1, 2), seed


class Single(nn.Module):
    """Rounds to float32, whatever comes in."""

    def forward(self, y: Tensor) -> Tensor:
        return rounded(y.float()).to(y.dtype)


def test_rounding_to_float32_inside_of_float64_is_no_leak() -> None:
    for seed in range(6):
        model, spoilt = Packed(seed), Packed(seed, last=leaky)
        for packed in model, spoilt:
            packed.linear = nn.Sequential(packed.linear, Single())
        assert leaks(model.double(), words(seed)).leaked == (), seed
        assert leaks(spoilt.double(), words(seed)).leaked == (1, 2), seed


def test_a_number_that_stands_for_nothing_hides_no_leak() -> None:
    def masked(y: Tensor) -> Tensor:
        return torch.cat([torch.full_like(y[..., :1], -1e9), y], -1)

    for last in masked, lambda y: masked(y) * torch.inf:
        assert leaks(Packed(0, last=last), words(0)).leaked == ()
    for hidden in False, True:
        spoilt = Packed(0, last=lambda y: masked(leaky(y)))
        assert leaks(spoilt.forward if hidden else spoilt, words(0)).leaked == (1, 2)


# --- outputs that get longer and shorter ---------------------------------------------------------


def test_an_output_may_be_cut_to_the_longest_sample() -> None:
    for seed in range(6):
        model, spoilt = Packed(seed, total=False), Packed(seed, total=False, last=leaky)
        ids = words(seed)
        assert leaks(model, ids).leaked == (), seed
        assert leaks(spoilt, ids).leaked == (1, 2), seed
        assert axis_roles(model, ids).roles[0] == "batch", seed


def test_roles_need_an_output_as_long_as_the_input() -> None:
    ids = words(0)
    ids[:, -1] = 0
    message = r"Expected axis 1 .* as long as in the input, 5, got 4\. .* with total_length=5\."
    with pytest.raises(ValueError, match=message):
        axis_roles(Packed(0, total=False), ids)


def test_the_length_may_depend_on_a_hair() -> None:
    def module(x: NDArray[Any]) -> NDArray[Any]:
        return Rounded(1, leak, 1)(x)[:, : 2 + zlib.crc32(x.tobytes()) % 3]

    x = np.random.default_rng(0).standard_normal((3, 5, 7))
    for leak in 0, 3 * SMALL:
        assert leaks(module, x).leaked == ((1, 2) if leak else ())


@pytest.mark.parametrize("diagnose", [leaks, axis_roles])
def test_the_number_of_axes_may_not_depend_on_the_input(diagnose: Callable[..., Any]) -> None:
    x = torch.ones(N, L, 4)
    with pytest.raises(ValueError, match=r"as many axes whatever the numbers are.*\(3, 5, 4\)"):
        diagnose(lambda y: y if torch.equal(x, y) else y[None], x)


def test_every_input_needs_an_output_for_each_sample() -> None:
    x = torch.ones(N, L, 4)
    with pytest.raises(ValueError, match=r"an output for each of 3 samples.* got 2 when sample 0"):
        leaks(lambda y: y if torch.equal(x, y) else y[:2], x)


# --- what becomes of the module ------------------------------------------------------------------


def state(module: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in module.state_dict().items()}


@pytest.mark.parametrize("diagnose", [leaks, axis_roles])
def test_looking_at_a_module_changes_nothing_in_it(diagnose: Callable[..., Any]) -> None:
    module = nn.Sequential(nn.Linear(7, 4), nn.BatchNorm1d(L))
    before = state(module)
    diagnose(module, torch.randn(N, L, 7, generator=torch.Generator().manual_seed(0)))
    assert all(torch.equal(before[name], now) for name, now in state(module).items())
    assert all(parameter.dtype == torch.float32 for parameter in module.parameters())


class Uncopied(Packed):
    def __deepcopy__(self, memo: object) -> "Uncopied":
        raise RuntimeError


class InItsDtype(Packed):
    """Takes no float64: its first state is made in float32."""

    def forward(self, ids: Tensor) -> Tensor:
        vectors = rounded(self.embedding(ids))
        return self.last(self.linear(self.rnn(vectors, torch.zeros(1, N, H))[0]))


class Keeps(Packed):
    """Can be copied before it is called, but not later."""

    def forward(self, ids: Tensor) -> Tensor:
        self.kept = super().forward(ids)
        return self.kept


class Late(Packed):
    """Makes its weights when it is called."""

    def __init__(self, seed: int, **options: Any) -> None:
        super().__init__(seed, **options)
        self.linear = nn.LazyLinear(7)


@pytest.mark.parametrize("kind", [Uncopied, InItsDtype, Keeps, Late])
def test_a_module_of_which_copies_are_hard_to_have(kind: type[Packed]) -> None:
    for seed in range(6):
        model, spoilt = kind(seed), kind(seed, last=leaky)
        before = state(model.rnn)
        assert leaks(model, words(seed)).leaked == (), seed
        assert all(torch.equal(before[name], now) for name, now in state(model.rnn).items())
        assert leaks(spoilt, words(seed)).leaked == (1, 2), seed


# --- what takes the place of sample 0 ------------------------------------------------------------


def test_a_module_that_takes_positive_numbers_only_gets_no_others() -> None:
    x = torch.rand(N, L, 7, generator=torch.Generator().manual_seed(0)) + 0.1
    assert leaks(torch.log, x).leaked == ()
    assert leaks(lambda x: torch.log(x) - torch.log(x[0]).amax(), x).change == "replaced"


def test_one_more_change_is_made_where_the_first_says_nothing() -> None:
    """Only one id is special, and the others may be drawn several times without it."""
    ids = torch.arange(4).repeat(N, 1)
    got = leaks(lambda x: x + 10 * (x[0, 0] == 1), ids)
    assert got.leaked == (1, 2)


def test_an_infinite_movement_is_one() -> None:
    x = torch.tensor([[1.0, -1.0], [2.0, -2.0]])
    got = leaks(lambda x: x.masked_fill(x < 0, -torch.inf), x)
    assert got == Leaks("reversed", (torch.inf, 0))
