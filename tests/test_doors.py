"""What cannot be examined is refused, in words that say what to do."""

import collections
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

import rnn_ref
from rnn_ref.diagnose import axis_roles, depends, leaks

N, L, H_IN, H = 3, 5, 7, 11
EXAMINE = pytest.mark.parametrize("examine", [leaks, axis_roles, depends])
Examine = Callable[[Any, Any], Any]


def batch(*shape: int) -> Tensor:
    return torch.randn(shape or (N, L, H_IN), generator=torch.Generator().manual_seed(0))


def gru() -> nn.GRU:
    torch.manual_seed(0)
    return nn.GRU(H_IN, H, batch_first=True)


def nested() -> Tensor:
    return torch.nested.nested_tensor([torch.ones(2, H_IN), torch.ones(3, H_IN)])


class OwnDtype:
    """An array of another library, whose dtype NumPy does not know."""

    shape, dtype = (N, L), "bfloat16"


def packed() -> Any:
    return pack_padded_sequence(batch(), [5, 3, 2], batch_first=True)


INPUTS: dict[str, tuple[Callable[[], Any], str]] = {
    "text": (lambda: np.array([["a"]]), "x should hold numbers, got dtype: <U1"),
    "objects": (lambda: np.ones((N, L), object), "x should hold numbers, got dtype: object"),
    "dates": (lambda: np.zeros((N, L), "M8[D]"), "x should hold numbers, got dtype: datetime64"),
    "fields": (lambda: np.zeros((N, L), [("a", float)]), "x should hold numbers, got dtype: "),
    "complex": (lambda: batch().numpy() + 1j, "real numbers, got: complex64. Hand over both parts"),
    "complex tensor": (lambda: batch() + 1j, "real numbers, got: torch.complex64. Hand over both"),
    "meta": (lambda: batch().to("meta"), "all its numbers, got: a tensor on the device meta"),
    "sparse": (lambda: batch().to_sparse(), "got: a sparse tensor. Convert it with to_dense"),
    "rows": (lambda: torch.eye(N).to_sparse_csr(), "got: a sparse tensor. Convert it with"),
    "nested": (nested, "a nested tensor. Pad it with to_padded_tensor"),
    "masked": (lambda: np.ma.masked_array(np.ones((N, L))), "a masked array. Fill it with filled"),
    "a library's own": (OwnDtype, "x should hold numbers, got dtype: bfloat16"),
    "packed": (packed, "got: PackedSequence. Hand over what was padded, and pack it inside"),
    "a list": (lambda: [[1.0]], "x should be a NumPy array or a torch tensor, got: list"),
    "a class": (lambda: np.float32, "x should be a NumPy array or a torch tensor, got: type"),
    "nothing": (lambda: None, "x should be a NumPy array or a torch tensor, got: NoneType"),
    "0-d": (lambda: torch.tensor(1.0), r"Expected x to hold numbers, got shape \(\)"),
    "empty": (lambda: batch()[:, :0], r"Expected x to hold numbers, got shape \(3, 0, 7\)"),
    "NaN": (lambda: batch() * float("nan"), "x holds NaN at 105 of 105 places"),
}


@EXAMINE
@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.filterwarnings("ignore:.*:UserWarning")  # torch says that some are experimental
def test_an_input_that_cannot_be_examined(examine: Examine, name: str) -> None:
    make, message = INPUTS[name]
    with pytest.raises((TypeError, ValueError), match=message):
        examine(nn.Identity(), make())


def test_a_quantized_input() -> None:
    class Quantized(torch.Tensor):
        is_quantized = True

    with pytest.raises(TypeError, match=r"got: a quantized tensor\. Convert it with dequantize"):
        leaks(nn.Identity(), batch().as_subclass(Quantized))


@EXAMINE
@pytest.mark.parametrize(
    ("module", "message"),
    [
        (None, r"module should be callable, as module\(x\), got: NoneType"),
        ([nn.Identity()], r"module should be callable, as module\(x\), got: list"),
        (nn.GRU, r"got the class GRU. Make one: GRU\(\.\.\.\)"),
    ],
)
def test_what_is_no_module(examine: Examine, module: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        examine(module, batch())


@EXAMINE
def test_an_array_for_torch_and_a_tensor_for_ours(examine: Examine) -> None:
    with pytest.raises(TypeError, match=r"the module GRU is torch's, got: a NumPy array.*from_num"):
        examine(gru(), batch().numpy())
    with pytest.raises(
        TypeError, match=r"input should be a NumPy array, got: torch.Tensor"
    ) as raised:
        examine(rnn_ref.GRU(H_IN, H), batch())
    assert raised.value.__notes__ == [
        "rnn_ref.diagnose called the module as module(x), "
        "with x of shape (3, 5, 7) and dtype torch.float32."
    ]


OUTPUTS = {
    "a dict": (lambda x: {"logits": x}, r"got: dict. Wrap it: lambda x: module\(x\)\['logits'\]"),
    "a list": (lambda x: [x], r"got: list. Wrap it: lambda x: module\(x\)\[0\]"),
    "packed": (lambda x: packed(), r"got: PackedSequence. Unpack it: lambda x: pad_packed"),
    "packed first": (lambda x: (packed(), x), "got: PackedSequence. Unpack it"),
    "nothing": (lambda x: None, r"got: NoneType. Wrap it: lambda x: module\(x\)\[\.\.\.\]"),
    "an empty dict": (lambda x: {}, "got: dict. Wrap it"),
    "a number": (lambda x: 1.5, "got: float. Wrap it"),
    "sparse": (lambda x: x.to_sparse(), "The output should hold all its numbers, got: a sparse"),
}


@EXAMINE
@pytest.mark.parametrize("name", OUTPUTS)
def test_an_output_that_cannot_be_compared(examine: Examine, name: str) -> None:
    module, message = OUTPUTS[name]
    with pytest.raises(TypeError, match=message):
        examine(module, batch())


Named = collections.namedtuple("Named", "output rest")


@EXAMINE
def test_what_is_taken_as_it_is(examine: Examine) -> None:
    """The same is said of the same numbers, in whatever class they come."""
    rnn = gru()
    expected = str(examine(rnn, batch()))
    for x in (
        batch().requires_grad_(),
        nn.Parameter(batch()),
        batch().transpose(0, 1).contiguous().transpose(0, 1),
        batch().as_subclass(type("Own", (Tensor,), {})),
    ):
        assert str(examine(rnn, x)) == expected
    for module in lambda x: Named(rnn(x)[0], None), functools.partial(rnn.forward):
        assert str(examine(module, batch())).splitlines()[1:] == expected.splitlines()[1:]


@pytest.mark.parametrize("dtype", [torch.bool, torch.uint8, torch.int32, torch.bfloat16])
def test_numbers_of_any_kind(dtype: torch.dtype) -> None:
    x = (batch() > 0).to(dtype)
    assert leaks(lambda x: x + 0, x).leaked == ()
    assert leaks(lambda x: x.flip(0), x).cause == "rows moved"
    assert leaks(np.flip, x.float().numpy() > 0).cause == "rows moved"


@settings(max_examples=15, deadline=None)
@given(share=st.floats(1e-3, 1), imaginary=st.booleans())
def test_a_leak_in_one_part_of_a_complex_output(share: float, imaginary: bool) -> None:
    def module(x: Tensor) -> Tensor:
        leaky = x + share * x[:1]
        return torch.complex(*((x, leaky) if imaginary else (leaky, x)))

    assert leaks(module, batch()).leaked == (1, 2)
    assert leaks(lambda x: torch.complex(x, -x).conj(), batch()).leaked == ()


@EXAMINE
@pytest.mark.parametrize(
    ("module", "x"),
    [
        (torch.log, batch().abs() + 0.1),
        (torch.logit, torch.sigmoid(batch())),
        (lambda x: torch.log(-x), -batch().abs() - 0.1),
        (np.sqrt, batch().abs().numpy() + 0.1),
        (lambda x: x.masked_fill(x > 1, torch.inf), batch()),
    ],
    ids=["log", "logit", "negative", "sqrt", "inf"],
)
def test_a_module_that_takes_some_numbers_only(examine: Examine, module: Any, x: Any) -> None:
    got = examine(module, x)
    assert "batch" in str(got) or not getattr(got, "leaked", ())


# --- shapes that a diagnosis could take for others ----------------------------------------------


def test_classes_are_no_steps_though_they_are_as_many() -> None:
    torch.manual_seed(0)
    embedding, rnn, linear = nn.Embedding(5, H_IN), gru(), nn.Linear(H, L)
    ids = torch.arange(N * L).view(N, L) % 5
    for module, x in (
        (lambda x: linear(rnn(embedding(x))[0][:, -1]), ids),
        (lambda x: linear(rnn(x)[0][:, -1])[:, :, None], batch()),
    ):
        with pytest.raises(ValueError, match="axis 1 of the output to get longer with axis 1 of x"):
            axis_roles(module, x)
        assert depends(module, x).outputs == (0,)


def test_transposed_outputs_are_not_read_in_place() -> None:
    rnn = gru()
    with pytest.raises(ValueError, match=r"axis 0 of the output to get longer .* but axis 1 does"):
        axis_roles(lambda x: rnn(x)[0].transpose(0, 1), batch(4, 4, H_IN))


def test_the_size_of_a_batch_norm_is_features() -> None:
    assert axis_roles(nn.BatchNorm1d(L).eval(), batch()).roles == ("batch", "features", "batch")
    last = axis_roles(nn.BatchNorm1d(H_IN).eval(), batch(N, H_IN)).roles
    assert last == ("batch", "features")
