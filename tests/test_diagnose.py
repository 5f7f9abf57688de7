"""What diagnose says about torch's own modules, whose constructors say what is true."""

import dataclasses
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

import rnn_ref
from rnn_ref import shapes
from rnn_ref.diagnose import AxisRoles, Leaks, axis_roles, explain, leaks
from rnn_ref.shapes import Config
from tests.strategies import Case, cases
from tests.test_shapes import MODES, torch_network, torch_shapes

N, L, H_IN, H = 3, 5, 7, 11
SIZES = (2, 3, 5, 7)
WORDS = ("hello", "eolll", "lleel")
IDS = torch.tensor([["helo".index(letter) for letter in word] for word in WORDS])
HELLO = nn.functional.one_hot(IDS, 4).float()


class Model(nn.Module):
    """A recurrent network with a Linear on top, for every step or for the last one; ids go in."""

    def __init__(self, batch_first: bool = True, classify: bool = False, H_in: int = 7) -> None:
        super().__init__()
        self.embedding = nn.Embedding(4, H_in)
        self.rnn = nn.GRU(H_in, 11, batch_first=batch_first)
        self.linear = nn.Linear(11, 13)
        self.classify = classify

    def forward(self, x: Tensor) -> Tensor:
        vectors = x if x.is_floating_point() else self.embedding(x)
        output = self.rnn(vectors)[0]
        return self.linear(output[:, -1] if self.classify else output)


def hello_rnn(batch_first: bool) -> nn.RNN:
    torch.manual_seed(0)
    return nn.RNN(4, 2, batch_first=batch_first)


@st.composite
def small_cases(draw: st.DrawFn) -> Case:
    """Cases whose calls are quick: a diagnosis takes about a hundred."""
    case = draw(cases(modes=MODES))
    L, N, H_in = draw(st.permutations(SIZES))[:3]
    config = dataclasses.replace(case.config, input_size=H_in)
    return dataclasses.replace(case, config=config, L=L, N=case.N and N)


def examined(case: Case) -> tuple[nn.RNNBase, Tensor]:
    """A network with weights of its own, and an input."""
    torch.manual_seed(case.seed)
    shape = shapes.tensor_shapes(case.config, L=case.L, N=case.N)["input"]
    return torch_network(case.config), torch.tensor(case.draw(*shape))


def roles_of(config: Config, batched: bool) -> tuple[str, ...]:
    named = {"L": "time (both ways)" if config.bidirectional else "time", "N": "batch"}
    layout = shapes.rule("input", batch_first=config.batch_first, batched=batched)
    return tuple(named.get(symbol, "features") for symbol in layout)


# --- axis_roles ---------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(case=small_cases())
def test_the_roles_are_those_that_the_constructor_asked_for(case: Case) -> None:
    network, x = examined(case)
    got = axis_roles(network, x)
    assert got == AxisRoles(tuple(x.shape), roles_of(case.config, case.N is not None))


@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize("mode", MODES)
def test_features_are_found_where_the_output_is_as_wide_as_the_input(
    mode: shapes.Mode, bidirectional: bool, batch_first: bool
) -> None:
    config = Config(mode, 6, 3 if bidirectional else 6, 1, True, batch_first, bidirectional)
    x = torch.ones(N, L, 6, dtype=torch.float64)
    assert axis_roles(torch_network(config), x).roles == roles_of(config, batched=True)


@pytest.mark.parametrize("shape", [(1, L, H_IN), (N, 1, H_IN), (1, 1, H_IN), (1, L), (1, 1)])
def test_an_axis_of_size_1_has_its_role_too(shape: tuple[int, ...]) -> None:
    module = nn.LSTM(shape[-1], H, batch_first=True)
    expected = ("batch", "time", "features") if len(shape) == 3 else ("time", "features")
    assert axis_roles(module, torch.zeros(shape)).roles == expected


def test_a_dead_unit_does_not_turn_features_into_time() -> None:
    rnn = nn.RNN(2, 2, nonlinearity="relu")
    with torch.no_grad():
        for parameter in rnn.parameters():
            parameter[0], parameter[1] = -1, 1  # unit 0 only falls, unit 1 only rises
        rnn.bias_ih_l0[0] = -99
    assert axis_roles(rnn, torch.ones(L, N, 2)).roles == ("time", "batch", "features")


def test_one_feature_is_features_too() -> None:
    assert axis_roles(nn.RNN(1, 1), torch.ones(L, N, 1)).roles == ("time", "batch", "features")


def test_relu_and_a_saturated_input_hide_nothing() -> None:
    torch.manual_seed(0)
    relu = nn.RNN(H_IN, H, 2, nonlinearity="relu", bias=False)
    assert axis_roles(relu, torch.zeros(L, N, H_IN)).roles == ("time", "batch", "features")
    tanh = nn.RNN(H_IN, H)
    assert axis_roles(tanh, torch.full((L, N, H_IN), 1e6)).roles == ("time", "batch", "features")


@pytest.mark.parametrize("batch_first", [True, False])
def test_a_model_with_a_linear_on_top(batch_first: bool) -> None:
    roles = ("batch", "time") if batch_first else ("time", "batch")
    model = Model(batch_first)
    assert axis_roles(model, torch.ones(N, L, 7)).roles == (*roles, "features")
    assert axis_roles(model, IDS).roles == roles  # ids have no axis of features


@pytest.mark.parametrize("batch_first", [True, False])
def test_our_own_rnn(batch_first: bool) -> None:
    roles = ("batch", "time") if batch_first else ("time", "batch")
    ours = rnn_ref.RNN(H_IN, H, batch_first=batch_first, seed=0)
    x = np.ones((N, L, H_IN), np.float32)
    assert axis_roles(ours, x).roles == (*roles, "features")
    assert bool(leaks(ours, x).leaked) != batch_first


def test_other_modules_than_recurrent_ones() -> None:
    x = torch.ones(N, L, 6)
    assert axis_roles(nn.Conv1d(L, H, 3, padding=1), x).roles == (
        "batch",
        "features",
        "time (both ways)",
    )
    assert axis_roles(nn.Linear(6, 6), x).roles == ("batch", "batch", "features")
    assert axis_roles(nn.Tanh(), x).roles == ("batch", "batch", "batch")
    rnn = nn.RNN(6, H, batch_first=True)
    from_the_end = axis_roles(lambda x: rnn(x.flip(1))[0].flip(1), x)
    assert from_the_end.roles == ("batch", "time (from the end)", "features")


def test_a_batch_size_that_is_written_into_the_model() -> None:
    h_0 = torch.zeros(1, N, H)
    rnn = nn.RNN(H_IN, H, batch_first=True)
    x = torch.ones(N, L, H_IN)
    assert axis_roles(lambda x: rnn(x, h_0), x).roles == ("batch", "time", "features")
    got = axis_roles(lambda x: rnn(x, h_0[:, :1]), x[:1])
    assert got.roles == ("undecided", "time", "features")
    assert str(got) == (
        "axis 0 (size 1): undecided, axis 1 (size 5): time, axis 2 (size 7): features\n"
        "Undecided: the module takes no other size there, "
        "so it may be features, or a fixed batch or time."
    )


def test_a_length_that_is_written_into_the_model() -> None:
    positions = torch.ones(1, L, H_IN)
    x = torch.ones(N, L, H_IN)
    rnn = nn.RNN(H_IN, H, batch_first=True)
    exact = axis_roles(lambda x: rnn(x + positions), x)
    assert exact.roles == ("batch", "time", "features")
    both = nn.RNN(H_IN, H, batch_first=True, bidirectional=True)
    at_most = axis_roles(lambda x: both(x + positions[:, : x.shape[1]]), x)
    assert at_most.roles == ("batch", "time (both ways)", "features")


def test_roles_read_as_a_sentence() -> None:
    got = axis_roles(hello_rnn(batch_first=False), HELLO)
    assert str(got) == "axis 0 (size 3): time, axis 1 (size 5): batch, axis 2 (size 4): features"


# --- leaks --------------------------------------------------------------------------------------


@settings(max_examples=10, deadline=None)
@given(case=small_cases())
def test_samples_leak_without_batch_first_and_never_with_it(case: Case) -> None:
    network, x = examined(dataclasses.replace(case, N=case.N or 11))
    got = leaks(network, x)
    assert len(got.moved) == len(x)
    assert got.moved[0] > 0
    later = tuple(range(1, len(x)))  # axis 0 is time without batch_first: sample 0 is the first
    assert got.leaked == (() if case.config.batch_first else later)
    assert got == leaks(network, x)


def test_the_numbers_of_the_page() -> None:
    forgotten = leaks(hello_rnn(batch_first=False), HELLO)
    assert [round(distance, 4) for distance in forgotten.moved] == [0.7315, 0.1062, 0.0138]
    assert forgotten.leaked == (1, 2)
    assert str(forgotten) == (
        "Sample 0 was reversed. How far the output of each sample moved:\n"
        "  sample 0: 0.7315\n"
        "  sample 1: 0.1062  leaked\n"
        "  sample 2: 0.0138  leaked\n"
        "2 of 2 untouched samples moved.\n"
        "Axis 0 is read as a sequence, not as a batch.\n"
        "Is batch_first=True missing, or a transpose?\n"
        "The RNN inside has batch_first=False."
    )
    right = leaks(hello_rnn(batch_first=True), HELLO)
    assert [round(distance, 4) for distance in right.moved] == [0.868, 0, 0]
    assert str(right).endswith("  sample 1: 0\n  sample 2: 0\nNothing leaked: only sample 0 moved.")


@pytest.mark.parametrize("classify", [True, False])
@pytest.mark.parametrize("x", [IDS, torch.zeros(N, L, 7)], ids=["ids", "zeros"])
def test_a_model_leaks_without_batch_first(x: Tensor, classify: bool) -> None:
    assert leaks(Model(batch_first=True, classify=classify), x).leaked == ()
    assert leaks(Model(batch_first=False, classify=classify), x).leaked == (1, 2)


def test_normalisation_over_the_batch_leaks_while_training() -> None:
    norm = nn.BatchNorm1d(L)
    x = torch.randn(N, L, H_IN, generator=torch.Generator().manual_seed(0))
    assert leaks(norm, x).leaked == (1, 2)
    assert leaks(norm.eval(), x).leaked == ()


def test_a_leak_that_does_not_heed_the_order_of_steps_is_found() -> None:
    x = torch.randn(N, L, H_IN, generator=torch.Generator().manual_seed(0))
    got = leaks(lambda x: x - x[0].amax(dim=0), x)
    assert got.change == "replaced"  # reversed, sample 0 moves itself alone
    assert got.leaked == (1, 2)


def test_many_samples_are_counted_and_small_leaks_are_not_rounded_away() -> None:
    text = str(Leaks("reversed", (0.5, 3e-9, *[0.25] * 8)))
    assert "sample 1: 3e-09  leaked" in text
    assert "sample 7" in text
    assert "sample 8" not in text
    assert "and 2 more\n9 of 9 untouched samples moved" in text


# --- both ---------------------------------------------------------------------------------------

BOTH = pytest.mark.parametrize("diagnose", [leaks, axis_roles])
Diagnosis = Callable[[Any, Any], object]


@BOTH
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_the_module_sees_the_dtype_of_x_and_x_stays(
    diagnose: Diagnosis, dtype: torch.dtype
) -> None:
    x = HELLO.clone().to(dtype).detach().requires_grad_()
    seen = set()
    rnn = nn.RNN(4, 2, batch_first=True, dtype=dtype)

    def module(x: Tensor) -> Any:
        seen.add(x.dtype)
        output = rnn(x)
        x.detach().zero_()  # what a module does to its input stays with it
        return output

    diagnose(module, x)
    assert seen == {dtype}
    assert torch.equal(x, HELLO.to(dtype))
    assert x.grad is None


@BOTH
def test_the_generator_of_torch_is_left_alone(diagnose: Diagnosis) -> None:
    before = torch.get_rng_state()
    diagnose(nn.Identity(), HELLO)
    assert torch.equal(before, torch.get_rng_state())


@BOTH
@pytest.mark.parametrize("module", [nn.Dropout(), nn.LSTM(4, 5, 2, dropout=0.5)])
def test_dropout_has_to_be_off(diagnose: Diagnosis, module: nn.Module) -> None:
    with pytest.raises(ValueError, match=r"two outputs for one input.*module\.eval\(\)"):
        diagnose(module.train(), HELLO)
    diagnose(module.eval(), HELLO)


@BOTH
@pytest.mark.parametrize(
    ("module", "x", "error", "message"),
    [
        (nn.Identity(), HELLO * math.nan, ValueError, "x holds NaN at 60 of 60 places"),
        (lambda x: x / 0, HELLO, ValueError, "The output, .* holds NaN at 45 of 60 places"),
        (torch.zeros_like, HELLO, ValueError, "did not move when .* changed: the module ignores"),
        (Model(), torch.ones(N, L, dtype=int), ValueError, "integers that are all alike"),
        (nn.Identity(), HELLO[:0], ValueError, r"x to hold numbers, got shape \(0, 5, 4\)"),
        (nn.Identity(), HELLO.tolist(), TypeError, "NumPy array or a torch tensor, got: list"),
        (lambda x: {"y": x}, HELLO, TypeError, "a tuple that begins with one, got: dict"),
    ],
    ids=["NaN in", "NaN out", "constant", "equal ids", "empty", "a list", "a dict"],
)
def test_what_cannot_be_examined_is_refused(
    diagnose: Diagnosis, module: Any, x: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        diagnose(module, x)


@pytest.mark.parametrize("shape", [(N,), (1, L, H_IN)])
def test_leaks_need_two_samples(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"a batch of 2 samples or more, \(N, L, H_in\), got"):
        leaks(nn.Identity(), torch.ones(shape))


def test_leaks_need_an_output_for_each_sample() -> None:
    with pytest.raises(ValueError, match=r"Expected N = 3 on axis 0 .* got \(1, 3, 2\)"):
        leaks(lambda x: hello_rnn(batch_first=True)(x)[1], HELLO)


def test_leaks_need_more_than_a_loss() -> None:
    with pytest.raises(ValueError, match="Let the module return an output for each sample"):
        leaks(lambda x: x.sum(), HELLO)


def test_roles_need_every_axis_in_the_output() -> None:
    with pytest.raises(ValueError, match=r"an axis for each axis of x \(3, 5, 7\).*got \(3, 13\)"):
        axis_roles(Model(classify=True), torch.ones(N, L, 7))
    with pytest.raises(ValueError, match=r"Expected axis 0 .* as long as in the input, 3, got 5"):
        axis_roles(lambda x: hello_rnn(batch_first=True)(x)[0].transpose(0, 1), HELLO)


# --- explain ------------------------------------------------------------------------------------

ROW = re.compile(r"(\w+) +(\(.*?\)) +(\(.*?\))(?: +([\d,]+))?")


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))


def read(text: str) -> dict[str, tuple[str, tuple[int, ...], str | None]]:
    """The rows of a table: name to symbols, sizes, and how many numbers there are."""
    rows = [match.groups() for match in map(ROW.fullmatch, text.splitlines()) if match]
    return {name: (symbols, numbers(size), count) for name, symbols, size, count in rows}


@settings(max_examples=25, deadline=None)
@given(case=cases(modes=MODES))
def test_a_table_shows_the_tensors_and_parameters_of_torch(case: Case) -> None:
    network = torch_network(case.config)
    parameters = {name: tuple(p.shape) for name, p in network.named_parameters()}
    text = explain(case.config, L=case.L, N=case.N)
    rows = read(text)
    got = {name: size for name, (_, size, _) in rows.items()}
    assert got == torch_shapes(case.config, case.L, case.N) | parameters
    assert list(rows)[-len(parameters) :] == list(parameters)
    counts = {name: count for name, (_, _, count) in rows.items() if count}
    assert counts == {name: f"{p.numel():,}" for name, p in network.named_parameters()}
    total = sum(p.numel() for p in network.parameters())
    assert re.search(rf"^total +{total:,}$", text, re.MULTILINE)
    assert max(map(len, text.splitlines())) <= 80


@settings(max_examples=25, deadline=None)
@given(case=cases(modes=MODES))
def test_the_symbols_of_a_table_give_its_sizes(case: Case) -> None:
    text = explain(case.config, L=case.L, N=case.N)
    sizes = {name: int(size) for name, size in re.findall(r"^(\w+) += (\d+)", text, re.MULTILINE)}
    assert ("N" in sizes) == (case.N is not None)
    for symbols, size, _ in read(text).values():
        assert shapes.evaluate(symbols.strip("(),").split(", "), sizes) == size


@settings(max_examples=25, deadline=None)
@given(case=cases(modes=MODES))
def test_the_first_lines_of_a_table_are_the_constructor(case: Case) -> None:
    head = explain(case.config, L=case.L).split("\n\n")[0]
    network = eval(head, {"torch": torch})
    assert str(network) == str(torch_network(case.config))


@settings(max_examples=25, deadline=None)
@given(case=cases(modes=MODES))
def test_a_table_is_made_of_a_network_too(case: Case) -> None:
    """Of torch's and of ours, whose options are those of the configuration."""
    options = dataclasses.asdict(case.config)
    ours = getattr(rnn_ref, options.pop("mode"))
    if case.config.mode != "LSTM":
        del options["proj_size"]
    expected = explain(case.config, L=case.L, N=case.N)
    assert explain(torch_network(case.config), L=case.L, N=case.N) == expected
    assert explain(ours(**options), L=case.L, N=case.N) == expected


def test_the_nonlinearity_changes_no_shape() -> None:
    relu = nn.RNN(7, 11, nonlinearity="relu")
    assert explain(relu, L=5) == explain(Config("RNN", 7, 11), L=5)


@pytest.mark.parametrize("other", [None, nn.LSTMCell(7, 11), nn.Sequential(nn.GRU(7, 11)), nn.GRU])
def test_what_is_no_network_has_no_table(other: Any) -> None:
    with pytest.raises(TypeError, match=r"a shapes\.Config, or an RNN, LSTM or GRU, got: \w+\."):
        explain(other, L=5)


def test_a_table_explains_each_symbol() -> None:
    text = " ".join(explain(Config("LSTM", 4, 2), L=5, N=3).split())
    assert all(meaning in text for meaning in shapes.SYMBOLS.values())
