"""Weights that were brought over give the other library's numbers, and those it gives, ours.

Keras, ONNX's reference evaluator and Flax themselves are run. They are loaded once, by the first
test that needs them: their imports cost seconds.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import rnn_ref
from rnn_ref.interchange import (
    ORDERS,
    from_flax,
    from_keras,
    from_onnx,
    to_flax,
    to_keras,
    to_onnx,
)
from rnn_ref.shapes import Config, parameter_shapes, tensor_shapes
from tests.strategies import MODES, Case, cases

Array = NDArray[Any]
# Of each layer: (states, weights, x) -> output, states; states by direction, h before c
Layer = Callable[[list[list[Array]], Any, Array], tuple[Array, list[list[Array]]]]

# Keras's variables have an __array__ without NumPy 2's argument copy
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
drawn = settings(max_examples=12)


@st.composite
def portable(draw: st.DrawFn) -> Case:
    """A network that all three can hold, read with L before N and a state."""
    case = draw(cases())
    config = replace(case.config, proj_size=0, batch_first=False)
    return replace(case, config=config, N=case.N or 3, nonlinearity="tanh", with_state=True)


def data(case: Case) -> tuple[Array, list[Array]]:
    """An input, and the states: h_0, and c_0 of an LSTM."""
    shapes = tensor_shapes(case.config, L=case.L, N=case.N)
    values = {
        name: case.draw(*shape).astype(np.float32)
        for name, shape in shapes.items()
        if name in ("input", "h_0", "c_0")
    }
    return values.pop("input"), list(values.values())


def drawn_weight(rng: np.random.Generator, shape: tuple[int, ...], terms: int) -> Array:
    """Numbers of which a sum of that many terms shows an exchanged gate, and grows no last bit."""
    return rng.normal(0, 0.7 / terms**0.5, shape).astype(np.float32)


def weights(config: Config, seed: int) -> dict[str, Array]:
    """Weights by torch's names."""
    rng = np.random.default_rng(seed)
    return {
        name: drawn_weight(rng, shape, shape[-1] if len(shape) > 1 else 2)
        for name, shape in parameter_shapes(config).items()
    }


def torch_reads(case: Case, state_dict: Mapping[str, Array]) -> tuple[Array, list[Array]]:
    """What torch makes of the data with such weights."""
    x, states = data(case)
    network = getattr(torch.nn, case.config.mode)(**case.options)
    network.load_state_dict({name: torch.from_numpy(a.copy()) for name, a in state_dict.items()})
    hx = [torch.from_numpy(state) for state in states]
    with torch.no_grad():
        output, finals = network(torch.from_numpy(x), tuple(hx) if len(hx) == 2 else hx[0])
    finals = finals if isinstance(finals, tuple) else (finals,)
    return output.numpy(), [final.numpy() for final in finals]


def they_read(case: Case, layers: list[Any], read: Layer) -> tuple[Array, list[Array]]:
    """What a stack of another library's layers makes of the data."""
    x, states = data(case)
    D = case.config.sizes["D"]
    finals: list[list[Array]] = []
    for layer, held in enumerate(layers):
        of_layer = [[s[layer * D + direction] for s in states] for direction in range(D)]
        x, of_layer = read(of_layer, held, x)
        finals += of_layer
    return x, [np.stack(of_kind) for of_kind in zip(*finals, strict=True)]


def assert_same(ours: tuple[Array, list[Array]], theirs: tuple[Array, list[Array]]) -> None:
    for one, other in zip([ours[0], *ours[1]], [theirs[0], *theirs[1]], strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=2e-5)


# Each of the three, as a user of it makes a layer


@pytest.fixture(scope="module")
def keras(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """Keras on NumPy. It writes its settings into the home folder, unless told another one."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setenv("KERAS_BACKEND", "numpy")
        patch.setenv("KERAS_HOME", str(tmp_path_factory.mktemp("keras")))
        patch.setenv("JAX_PLATFORMS", "cpu")  # it loads JAX where it finds it
        warnings.simplefilter("ignore", DeprecationWarning)
        import keras  # noqa: PLC0415

        assert keras.backend.backend() == "numpy"
        yield keras


def keras_layer(keras: ModuleType, config: Config, reset_after: bool = True) -> Any:
    name = {"RNN": "SimpleRNN"}.get(config.mode, config.mode)
    options = {"reset_after": reset_after} if config.mode == "GRU" else {}
    layer = getattr(keras.layers, name)(
        config.hidden_size, use_bias=config.bias, return_sequences=True, return_state=True,
        **options,
    )  # fmt: skip
    return keras.layers.Bidirectional(layer) if config.bidirectional else layer


def keras_reads(keras: ModuleType, config: Config) -> Layer:
    def read(states: list[list[Array]], held: Any, x: Array) -> tuple[Array, list[list[Array]]]:
        layer = keras_layer(keras, config)
        batch_first = x.transpose(1, 0, 2)
        layer.build(batch_first.shape)
        layer.set_weights(held)
        flat = [state for of_direction in states for state in of_direction]
        output, *finals = map(np.asarray, layer(batch_first, initial_state=flat))
        count = len(states[0])
        grouped = [finals[i : i + count] for i in range(0, len(finals), count)]
        return output.transpose(1, 0, 2), grouped

    return read


@pytest.fixture(scope="module")
def onnx() -> ModuleType:
    import onnx.reference  # noqa: PLC0415

    return onnx


def onnx_reads(onnx: ModuleType, config: Config, **attributes: Any) -> Layer:
    """A node for each layer; Y is (L, D, N, H)."""
    attributes |= {"direction": "bidirectional" if config.bidirectional else "forward"}
    if config.mode == "GRU":
        attributes = {"linear_before_reset": 1, **attributes}

    def read(states: list[list[Array]], held: Any, x: Array) -> tuple[Array, list[list[Array]]]:
        kinds = [np.stack(of_kind) for of_kind in zip(*states, strict=True)]
        initial = dict(zip(["initial_h", "initial_c"], kinds, strict=False))
        feed = {"X": x, **held, **initial}
        inputs = [name if name in feed else "" for name in ("X", "W", "R", "B", "")]
        outputs = ["Y", "Y_h", "Y_c"][: 1 + len(kinds)]
        make = onnx.helper
        node = make.make_node(
            config.mode, [*inputs, *initial], outputs, hidden_size=config.hidden_size, **attributes
        )
        shapes = {name: array.shape for name, array in feed.items()}
        shapes |= dict(zip(outputs, ["LDNH", "DNH", "DNH"], strict=False))  # letters for sizes
        described = [
            make.make_tensor_value_info(name, onnx.TensorProto.FLOAT, list(shape))
            for name, shape in shapes.items()
        ]
        graph = make.make_graph([node], "layer", described[: len(feed)], described[len(feed) :])
        model = make.make_model(graph, opset_imports=[make.make_opsetid("", 14)])
        onnx.checker.check_model(model)
        Y, *finals = onnx.reference.ReferenceEvaluator(model).run(None, feed)
        L, D, N, H = Y.shape
        grouped = [[final[direction] for final in finals] for direction in range(D)]
        return Y.transpose(0, 2, 1, 3).reshape(L, N, D * H), grouped

    return read


@pytest.fixture(scope="module")
def flax() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setenv("JAX_PLATFORMS", "cpu")
        warnings.simplefilter("ignore", DeprecationWarning)
        import flax.linen  # noqa: PLC0415

        yield flax


def flax_cell(flax: ModuleType, config: Config) -> Any:
    names = {"RNN": "SimpleCell", "LSTM": "OptimizedLSTMCell", "GRU": "GRUCell"}
    return getattr(flax.linen, names[config.mode])(config.hidden_size)


def flax_reads(flax: ModuleType, config: Config) -> Layer:
    """`flax.linen.RNN` around a cell; the carry of its LSTM is (c, h)."""

    def read(states: list[list[Array]], held: Any, x: Array) -> tuple[Array, list[list[Array]]]:
        layer = flax.linen.RNN(flax_cell(flax, config), time_major=True, return_carry=True)
        outputs, finals = [], []
        for direction, (state, cell) in enumerate(zip(states, held, strict=True)):
            carry, y = layer.apply(
                {"params": {"cell": cell}}, x, reverse=direction == 1, keep_order=True,
                initial_carry=tuple(state[::-1]) if len(state) == 2 else state[0],
            )  # fmt: skip
            outputs.append(np.asarray(y))
            last = carry[::-1] if isinstance(carry, tuple) else (carry,)
            finals.append([np.asarray(final) for final in last])
        return np.concatenate(outputs, axis=2), finals

    return read


# There


@drawn
@given(case=portable())
def test_keras_gives_torchs_numbers(case: Case, keras: ModuleType) -> None:
    state_dict = weights(case.config, case.seed)
    layers = to_keras(case.config.mode, state_dict)
    theirs = they_read(case, layers, keras_reads(keras, case.config))
    assert_same(torch_reads(case, state_dict), theirs)


@drawn
@given(case=portable())
def test_onnx_gives_torchs_numbers(case: Case, onnx: ModuleType) -> None:
    state_dict = weights(case.config, case.seed)
    layers = to_onnx(case.config.mode, state_dict)
    theirs = they_read(case, layers, onnx_reads(onnx, case.config))
    assert_same(torch_reads(case, state_dict), theirs)


def flax_cases() -> list[Case]:
    """A few, since JAX compiles each anew: all kinds, one and two layers and directions."""
    options = [{"num_layers": 2, "bidirectional": True}, {"bias": False}]
    return [
        Case(Config(mode, 5, 7, **more), L=3, N=2, nonlinearity="tanh", with_state=True, seed=seed)
        for mode in MODES
        for seed, more in enumerate(options)
    ]


def named(case: Case) -> str:
    return f"{case.config.mode}-{case.config.num_layers}"


@pytest.mark.parametrize("case", flax_cases(), ids=named)
def test_flax_gives_torchs_numbers(case: Case, flax: ModuleType) -> None:
    state_dict = weights(case.config, case.seed)
    layers = to_flax(case.config.mode, state_dict)
    theirs = they_read(case, layers, flax_reads(flax, case.config))
    assert_same(torch_reads(case, state_dict), theirs)


# And back


@drawn
@given(case=portable())
def test_torch_gives_keras_numbers(case: Case, keras: ModuleType) -> None:
    config, rng = case.config, np.random.default_rng(case.seed)
    layers = []
    for features in [config.input_size] + [config.sizes["D"] * config.hidden_size] * 2:
        layer = keras_layer(keras, config)
        layer.build((case.N, case.L, features))
        terms = features + config.hidden_size
        layers.append([drawn_weight(rng, a.shape, terms) for a in layer.get_weights()])
    layers = layers[: config.num_layers]
    theirs = they_read(case, layers, keras_reads(keras, config))
    assert_same(torch_reads(case, from_keras(config.mode, layers)), theirs)


@drawn
@given(case=portable())
def test_torch_gives_onnx_numbers(case: Case, onnx: ModuleType) -> None:
    config, rng = case.config, np.random.default_rng(case.seed)
    G, H, D = (config.sizes[symbol] for symbol in ("G", "H_cell", "D"))
    layers = []
    for layer in range(config.num_layers):
        features = D * H if layer else config.input_size
        # as ONNX specifies them
        shapes = {"W": (D, G * H, features), "R": (D, G * H, H), "B": (D, 2 * G * H)}
        names = ["W", "R", "B"][: 2 + config.bias]
        layers.append({n: drawn_weight(rng, shapes[n], features + H) for n in names})
    theirs = they_read(case, layers, onnx_reads(onnx, config))
    state_dict = from_onnx(config.mode, layers, linear_before_reset=1)
    assert_same(torch_reads(case, state_dict), theirs)


@pytest.mark.parametrize("case", [c for c in flax_cases() if c.config.bias], ids=named)
def test_torch_gives_flax_numbers(case: Case, flax: ModuleType) -> None:
    import jax  # noqa: PLC0415

    config, rng = case.config, np.random.default_rng(case.seed)

    def cell(features: int) -> Any:
        module = flax_cell(flax, config)
        x, key = np.zeros((2, features), np.float32), jax.random.key(0)
        carry = np.zeros((2, config.hidden_size), np.float32)
        start = (carry, carry) if config.mode == "LSTM" else carry
        shapes = jax.eval_shape(module.init, key, start, x)["params"]
        terms = features + config.hidden_size
        return jax.tree.map(lambda a: drawn_weight(rng, a.shape, terms), shapes)

    first, second = config.input_size, 2 * config.hidden_size
    layers = [[cell(features), cell(features)] for features in (first, second)]
    theirs = they_read(case, layers, flax_reads(flax, config))
    assert_same(torch_reads(case, from_flax(config.mode, layers)), theirs)


WAYS: dict[str, tuple[Callable[..., Any], Callable[..., dict[str, Array]]]] = {
    "keras": (to_keras, from_keras),
    "onnx": (to_onnx, lambda mode, layers: from_onnx(mode, layers, linear_before_reset=1)),
    "flax": (to_flax, from_flax),
}


def summed(state_dict: dict[str, Array], mode: str) -> dict[str, Array]:
    """Both biases in b_ih where only their sum matters: all but the n of a GRU."""
    merged = {name: array.copy() for name, array in state_dict.items()}
    for name in [name for name in merged if name.startswith("bias_ih")]:
        other = name.replace("_ih", "_hh")
        rows = slice(None, len(merged[name]) * 2 // 3 if mode == "GRU" else None)
        merged[name][rows] += merged[other][rows]
        merged[other][rows] = 0
    return merged


@pytest.mark.parametrize("way", WAYS)
@given(case=portable())
def test_there_and_back_changes_nothing_but_which_bias_holds_what(way: str, case: Case) -> None:
    config = replace(case.config, bias=True) if way == "flax" else case.config
    there, back = WAYS[way]
    state_dict = weights(config, case.seed)
    returned = back(config.mode, there(config.mode, state_dict))
    assert list(returned) == list(parameter_shapes(config))
    ours, theirs = summed(state_dict, config.mode), summed(returned, config.mode)
    for name, array in ours.items():
        np.testing.assert_allclose(theirs[name], array, rtol=0, atol=1e-6, err_msg=name)
        assert returned[name].dtype == np.float32
    if way == "onnx":
        for name, array in state_dict.items():
            np.testing.assert_array_equal(returned[name], array)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("mode", MODES)
def test_what_is_brought_over_shares_no_memory(way: str, mode: Any) -> None:
    there, back = WAYS[way]
    state_dict = rnn_ref.RNN(5, 7).state_dict() if mode == "RNN" else weights(Config(mode, 5, 7), 0)
    layers = there(mode, state_dict)
    before = back(mode, layers)
    for array in state_dict.values():
        array[...] = 0
    for name, array in back(mode, layers).items():
        np.testing.assert_array_equal(array, before[name])
        array[...] = 0
    for name, array in back(mode, layers).items():
        np.testing.assert_array_equal(array, before[name])


def test_torchs_tensors_and_cells_do_too() -> None:
    network, cell = torch.nn.GRU(5, 7), torch.nn.GRUCell(5, 7)
    cell.load_state_dict({name[:-3]: tensor for name, tensor in network.state_dict().items()})
    renamed = {f"{name}_l0": tensor for name, tensor in cell.state_dict().items()}
    for way in WAYS.values():
        for ours, theirs in zip(
            way[1]("GRU", way[0]("GRU", network.state_dict())).values(),
            way[1]("GRU", way[0]("GRU", renamed)).values(),
            strict=True,
        ):
            np.testing.assert_array_equal(ours, theirs)


# That these tests can fail: each lie about a library that a reader may believe


def difference(case: Case, layers: list[Any], read: Layer) -> float:
    ours, _ = torch_reads(case, weights(case.config, case.seed))
    theirs, _ = they_read(case, layers, read)
    return float(np.abs(ours - theirs).max())


def a_case(mode: Any) -> Case:
    return Case(Config(mode, 5, 7), L=11, N=3, nonlinearity="tanh", with_state=True, seed=0)


def test_the_order_of_the_gates_matters_in_keras(keras: ModuleType) -> None:
    case = a_case("GRU")
    (((kernel, recurrent_kernel, bias),)) = to_keras("GRU", weights(case.config, 0))
    kept = np.concatenate([kernel[:, 7:14], kernel[:, :7], kernel[:, 14:]], axis=1)
    read = keras_reads(keras, case.config)
    assert difference(case, [[kernel, recurrent_kernel, bias]], read) < 2e-5
    assert difference(case, [[kept, recurrent_kernel, bias]], read) > 0.1


@pytest.mark.parametrize("mode", ["LSTM", "GRU"])
def test_the_order_of_the_gates_matters_in_onnx(mode: str, onnx: ModuleType) -> None:
    case = a_case(mode)
    (inputs,) = to_onnx(case.config.mode, weights(case.config, 0))
    read = onnx_reads(onnx, case.config)
    assert difference(case, [inputs], read) < 2e-5
    kept = {**inputs, "W": weights(case.config, 0)["weight_ih_l0"][None]}
    assert difference(case, [kept], read) > 0.1


def test_a_reset_before_the_product_is_another_network(onnx: ModuleType, keras: ModuleType) -> None:
    case = a_case("GRU")
    before = onnx_reads(onnx, case.config, linear_before_reset=0)
    assert difference(case, to_onnx("GRU", weights(case.config, 0)), before) > 0.05
    layer = keras_layer(keras, case.config, reset_after=False)
    layer.build((3, 11, 5))
    with pytest.raises(ValueError, match=r"\(2, 21\), got \(21,\), so .*reset_after=False"):
        from_keras("GRU", [layer.get_weights()])


def test_the_orders_are_of_the_same_gates() -> None:
    for of_library in ORDERS.values():
        assert {mode: sorted(gates) for mode, gates in of_library.items()} == {
            mode: sorted(gates) for mode, gates in ORDERS["torch"].items()
        }


# The doors

LSTM = weights(Config("LSTM", 5, 7), 0)
KERAS = to_keras("LSTM", weights(Config("LSTM", 5, 7, 2), 0))
ONNX = to_onnx("LSTM", weights(Config("LSTM", 5, 7, 2), 0))
FLAX = to_flax("LSTM", weights(Config("LSTM", 5, 7, 2), 0))
PROJECTED = weights(Config("LSTM", 5, 7, proj_size=3), 0)


def without(mapping: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key != name}


REFUSED: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "mode": (lambda: to_keras("lstm", LSTM), ValueError, "Unknown mode 'lstm'. Known are: RNN"),
    "no mapping": (lambda: to_onnx("LSTM", [1]), TypeError, "dict-like, got <class 'list'>"),
    "model": (
        lambda: to_keras("LSTM", {f"rnn.{name}": a for name, a in LSTM.items()}),
        ValueError,
        r"should hold 'weight_ih_l0', got: rnn.weight_ih_l0.*model.rnn.state_dict\(\)",
    ),
    "projections": (
        lambda: to_flax("LSTM", PROJECTED),
        ValueError,
        "Flax has no projections. Only an LSTM with proj_size=0",
    ),
    "one axis": (
        lambda: to_onnx("LSTM", LSTM | {"weight_ih_l0": np.ones(28)}),
        ValueError,
        r"weight_ih_l0 should have 2 axes, got: \(28,\)",
    ),
    "another kind": (
        lambda: to_keras("GRU", LSTM),
        RuntimeError,
        r"size mismatch for weight_ih_l0: .*\(\[28, 5\]\) .*\(\[21, 5\]\)",
    ),
    "a bias missing": (
        lambda: to_keras("LSTM", without(LSTM, "bias_hh_l0")),
        RuntimeError,
        'Missing key.*"bias_hh_l0"',
    ),
    "keras: no layer": (lambda: from_keras("LSTM", []), ValueError, "a list with layer.get_wei"),
    "keras: one layer": (
        lambda: from_keras("LSTM", KERAS[0]),
        ValueError,
        "layer 0 should have 2 or 3 arrays.*got 5",
    ),
    "keras: unlike layers": (
        lambda: from_keras("LSTM", [KERAS[0], KERAS[1][:2]]),
        ValueError,
        "layer 1 has 2 arrays, and layer 0 has 3",
    ),
    "keras: transposed": (
        lambda: from_keras("LSTM", [[KERAS[0][0], KERAS[0][1].T, KERAS[0][2]]]),
        ValueError,
        r"layer 0, forward: kernel should have the shape \(5, 112\), got \(5, 28\)",
    ),
    "keras: another width": (
        lambda: from_keras("LSTM", [KERAS[0], KERAS[0]]),
        ValueError,
        r"layer 1, forward: kernel should have the shape \(7, 28\), got \(5, 28\).*1 direction in",
    ),
    "keras: bias": (
        lambda: from_keras("LSTM", [[*KERAS[0][:2], np.ones((2, 28))]]),
        ValueError,
        r"bias should have the shape \(28,\), got \(2, 28\)",
    ),
    "keras: no matrix": (
        lambda: from_keras("LSTM", [[np.ones(5), *KERAS[0][1:]]]),
        ValueError,
        r"layer 0: kernel should have 2 axes, got \(5,\)",
    ),
    "onnx: reset": (
        lambda: from_onnx("GRU", to_onnx("GRU", weights(Config("GRU", 5, 7), 0))),
        ValueError,
        "should have linear_before_reset=1, got 0",
    ),
    "onnx: no list": (lambda: from_onnx("LSTM", ONNX[0]), ValueError, "list with W, R and B"),
    "onnx: peepholes": (
        lambda: from_onnx("LSTM", [ONNX[0] | {"P": np.ones((1, 21))}]),
        ValueError,
        r"layer 0 should be a dict with W, R.*got: \['W', 'R', 'B', 'P'\].*no peepholes",
    ),
    "onnx: no dict": (
        lambda: from_onnx("LSTM", [list(ONNX[0].values())]),
        ValueError,
        "layer 0 should be a dict .* got: list",
    ),
    "onnx: unlike layers": (
        lambda: from_onnx("LSTM", [ONNX[0], without(ONNX[1], "B")]),
        ValueError,
        "layer 1 has W, R, and layer 0 has W, R, B",
    ),
    "onnx: directions": (
        lambda: from_onnx("LSTM", [{name: np.repeat(a, 3, 0) for name, a in ONNX[0].items()}]),
        ValueError,
        "1 or 2 directions, got 3",
    ),
    "onnx: shape": (
        lambda: from_onnx("LSTM", [ONNX[0] | {"B": np.ones((1, 28))}]),
        ValueError,
        r"layer 0: B should have the shape \(1, 56\), got \(1, 28\)",
    ),
    "flax: names": (
        lambda: from_flax("LSTM", [[{"cell": FLAX[0][0]}]]),
        ValueError,
        r"layer 0, cell 0 should hold the dense layers ii, if, ig, io, hi.*got: \{'cell'",
    ),
    "flax: no kernel": (
        lambda: from_flax("RNN", [[{"i": np.ones((5, 7)), "h": np.ones((7, 7))}]]),
        ValueError,
        r"got: \{'i': set\(\), 'h': set\(\)\}",
    ),
    "flax: no list": (
        lambda: from_flax("LSTM", [FLAX[0][0]]),
        ValueError,
        "a list of cells, got: {",
    ),
    "flax: directions": (
        lambda: from_flax("LSTM", [FLAX[0], [FLAX[1][0]] * 2]),
        ValueError,
        r"one cell each, or forward and backward, got \[1, 2\]",
    ),
    "flax: kernel": (
        lambda: from_flax("LSTM", [FLAX[0], FLAX[0]]),
        ValueError,
        r"layer 1, cell 0: ii, kernel should have the shape \(7, 7\), got \(5, 7\)",
    ),
    "flax: bias": (
        lambda: from_flax(
            "LSTM", [[FLAX[0][0] | {"hi": FLAX[0][0]["hi"] | {"bias": np.ones((1, 7))}}]]
        ),
        ValueError,
        r"hi, bias should have the shape \(7,\), got \(1, 7\)",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_brought_over_is_refused(name: str) -> None:
    call, error, text = REFUSED[name]
    with pytest.raises(error, match=f"(?s){text}"):
        call()
