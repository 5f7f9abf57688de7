"""The arithmetic of another machine: near to this one's, and the same for the same call."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tests.arithmetic.in_numpy import RoundedCalls
from tests.arithmetic.in_torch import RoundedTorch
from tests.arithmetic.rounding import FAMILIES, FAMILY, Coarse, Rounding, known_as

UNITS = 20
DTYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
seeds = st.integers(0, 2**31)
sizes = st.integers(3, 9)


def drawn(seed: int, *shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def product(draw: int, x: Tensor, w: Tensor, units: float = UNITS) -> Tensor:
    with RoundedTorch(Rounding(draw, units)):
        return x @ w


@given(draw=seeds, seed=seeds, n=sizes, k=sizes, dtype=st.sampled_from(DTYPES))
def test_results_move_within_the_units(
    draw: int, seed: int, n: int, k: int, dtype: torch.dtype
) -> None:
    x, w = drawn(seed, n, k, dtype=dtype), drawn(seed + 1, k, 5, dtype=dtype)
    moved = (product(draw, x, w).double() - (x @ w).double()).abs()
    unit = torch.finfo(dtype).eps / 2 * (x.double().abs() @ w.double().abs())

    assert (moved <= (UNITS + 2) * unit).all()  # rounded to the dtype once more
    assert (moved > UNITS / 4 * unit).double().mean() > 0.5


@given(draw=seeds, seed=seeds, n=sizes, k=sizes)
def test_the_same_call_gives_the_same_bits_and_another_path_does_not(
    draw: int, seed: int, n: int, k: int
) -> None:
    x, w = drawn(seed, n, k), drawn(seed + 1, k, 5)
    here = product(draw, x, w)

    assert torch.equal(here, product(draw, x.clone(), w.clone()))
    assert not torch.equal(here, product(draw + 2, x, w))
    assert not torch.equal(here, product(draw, x.T.contiguous().T, w))
    assert not torch.equal(here[:2], product(draw, x[:2], w))
    assert not torch.equal(here, product(draw, w.T, x.T).T)


@given(draw=seeds, seed=seeds, dtype=st.sampled_from(("float32", "float64")))
def test_numpy_moves_as_torch_does(draw: int, seed: int, dtype: str) -> None:
    rng = np.random.default_rng(seed)
    x, w = rng.random((5, 7)).astype(dtype), rng.random((7, 3)).astype(dtype)
    calls = RoundedCalls()
    calls.rounding = Rounding(draw, UNITS)
    for here, there in (
        (x @ w, calls.matmul(x, w)),
        (x @ w, calls(np.einsum, "ij,jk->ik", x, w)),
        (x.sum(axis=0), calls(x.sum, axis=0)),
        (np.tanh(x), calls(np.tanh, x)),
    ):
        assert there.dtype == here.dtype
        assert (abs(there - here) > 0).mean() > 0.5  # a short number among seven stays
        assert (abs(there - here) <= UNITS * np.finfo(dtype).eps * here.max()).all()
    assert np.array_equal(calls.matmul(np.eye(5, dtype=dtype), x), x)


@given(draw=seeds.map(lambda n: 2 * n), seed=seeds, n=sizes, k=sizes)
def test_of_two_neighbours_one_moves_up_what_the_other_moves_down(
    draw: int, seed: int, n: int, k: int
) -> None:
    x, w = drawn(seed, n, k), drawn(seed + 1, k, 5)
    up, down = product(draw, x, w) - x @ w, product(draw + 1, x, w) - x @ w

    assert (up * down <= 0).all()
    assert (up * down < 0).any()


@given(draw=seeds, seed=seeds)
def test_samples_do_not_move_each_other(draw: int, seed: int) -> None:
    """What was computed for a row does not change with the numbers of another one."""
    x, w = drawn(seed, 5, 7), drawn(seed + 1, 7, 3)
    other = x.clone()
    other[2] = 0

    kept = [0, 1, 3, 4]
    assert torch.equal(product(draw, x, w)[kept], product(draw, other, w)[kept])


@pytest.mark.parametrize("dtype", DTYPES)
def test_what_is_the_same_anywhere_does_not_move(dtype: torch.dtype) -> None:
    x = drawn(0, 5, 7, dtype=dtype)
    one_hot = torch.eye(5, dtype=dtype)[[3, 1]]
    counts = torch.full((3, 4), 2, dtype=dtype)
    with RoundedTorch(Rounding(0, UNITS)):
        assert torch.equal(one_hot @ x, x[[3, 1]])
        assert torch.equal(torch.zeros(5, dtype=dtype).tanh(), torch.zeros(5, dtype=dtype))
        assert torch.equal(counts.sum(), torch.tensor(24, dtype=dtype))
        assert torch.equal(x + x, 2 * x)
        assert torch.equal(x.T.reshape(-1), torch.cat(list(x.T)))


def test_a_gradient_moves_once_and_an_optimizer_sees_it_as_it_is() -> None:
    w = drawn(1, 7, 5).requires_grad_()
    x = drawn(0, 3, 7)
    (x @ w).square().sum().backward()
    plain = w.grad.clone() if w.grad is not None else w
    before = w.detach().clone()
    with RoundedTorch(Rounding(0, UNITS)):
        torch.optim.SGD([w], lr=1).step()
        first = w.grad.clone() if w.grad is not None else w
        again = w.grad.clone() if w.grad is not None else w

    assert torch.equal(w.detach(), before - plain)
    assert not torch.equal(first, plain)
    assert torch.allclose(first, plain)
    assert torch.equal(first, again)


@pytest.mark.filterwarnings("ignore:The tensor attributes")  # torch's list of weights
def test_a_model_is_exported_although_its_tensors_have_no_numbers_there() -> None:
    gru, x = torch.nn.GRU(7, 13).eval(), drawn(0, 5, 3, 7, dtype=torch.float32)
    with RoundedTorch(Rounding(0, UNITS)):
        exported = torch.export.export(gru, (x,)).module()

    assert torch.allclose(exported(x)[0], gru(x)[0], atol=1e-5)


def test_what_is_compiled_runs_as_it_does_here() -> None:
    model, x, graphs = torch.nn.GRUCell(7, 13), drawn(0, 3, 7, dtype=torch.float32), []

    def backend(graph: torch.fx.GraphModule, examples: list[Tensor]) -> Any:
        graphs.append(graph)
        return graph.forward

    compiler = torch.compile
    with RoundedTorch(Rounding(0, UNITS)):
        torch.compiler.reset()
        compiled = torch.compile(model, backend=backend)(x)
        moved = model(x)

    assert len(graphs) == 1
    assert torch.equal(compiled, model(x))
    assert not torch.equal(moved, model(x))
    assert torch.compile is compiler


@given(seed=seeds, draw=seeds)
def test_with_few_digits_all_paths_lead_to_one_number(seed: int, draw: int) -> None:
    x, w = drawn(seed, 5, 7), drawn(seed + 1, 7, 3)
    with RoundedTorch(Coarse(draw, np.inf)):
        one, other = x @ w, (w.T @ x.T).T

    assert torch.equal(one, other)
    assert torch.allclose(one, x @ w, atol=1e-6)


def test_names_are_found_in_all_their_spellings() -> None:
    spellings = (
        "__matmul__",
        "__rmatmul__",
        "matmul",
        "tanh_",
        "linalg_norm",
        "rnn_tanh",
        "__pow__",
    )
    exact = ("__add__", "add_", "transpose", "__getitem__", "reshape", "clone", "__rsub__", "relu")

    assert all(known_as(name) for name in spellings)
    assert not any(known_as(name) for name in exact)
    assert sum(len(names.split()) for names in FAMILIES.values()) == len(FAMILY)


@pytest.mark.parametrize("name", sorted(FAMILY))
def test_each_name_is_one_of_torch_or_numpy(name: str) -> None:
    spaces = [torch, torch.nn.functional, torch.linalg, torch.special, torch.fft, torch.autograd]
    spaces += [torch.nn.init, np, np.linalg, np.fft, torch.Tensor]

    assert any(hasattr(space, spelled) for space in spaces for spelled in (name, f"{name}_"))
