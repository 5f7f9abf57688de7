"""What comes from a caller, at all doors: named, refused by a check of ours, and told the way."""

import builtins
import dis
import re
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import rnn_ref
from rnn_ref import cells, figures, interchange, messages, shapes
from rnn_ref.packed import invert_permutation
from tests import reference
from tests.odd_things import DISGUISES, OBJECTS, odd_arrays

Namespace = dict[str, Any]

PACKAGE = Path(rnn_ref.__file__).parent
GRU, LSTM, RNN = rnn_ref.GRU(7, 13, seed=0), rnn_ref.LSTM(7, 13, seed=0), rnn_ref.RNN(7, 13, seed=0)
GRU_CELL, LSTM_CELL = rnn_ref.GRUCell(7, 13, seed=0), rnn_ref.LSTMCell(7, 13, seed=0)
RNN_CELL = rnn_ref.RNNCell(7, 13, seed=0)


def bits(*shape: int) -> np.ndarray:
    """Zeros and ones: what every kind of array can hold."""
    return np.random.default_rng(sum(shape)).integers(0, 2, shape).astype(np.float32)


X, H, ROWS, STATE = bits(5, 3, 7), bits(1, 3, 13), bits(3, 7), bits(3, 13)
WEIGHTS = dict(zip(("W_ih", "W_hh", "b_ih", "b_hh"), RNN.state_dict().values(), strict=True))
GATED = dict(zip(("W_ih", "W_hh", "b_ih", "b_hh"), LSTM.state_dict().values(), strict=True))
GRU_GATED = dict(zip(("W_ih", "W_hh", "b_ih", "b_hh"), GRU.state_dict().values(), strict=True))
PACKED = rnn_ref.pack_sequence([bits(4, 7), bits(2, 7)])


# --- the way that a message tells can be gone ----------------------------------------------------


@dataclass(frozen=True)
class Door:
    """An argument, the array that it is to be, and the call that it goes into."""

    name: str
    array: np.ndarray
    call: Callable[..., Any]
    beside: Mapping[str, Any] | None = None

    def __call__(self, value: Any) -> Any:
        """Call with a value and, as long as that raises, with what the message makes of it."""
        space = {"np": np, "rnn_ref": rnn_ref, **(self.beside or {})}
        exec(f"{self.name} = value", space, {"value": value}) if "[" in self.name else None
        self._put(space, value)
        for _ in range(4):
            try:
                return self.call(space)
            except (TypeError, ValueError, RuntimeError) as error:
                self._put(space, eval(way(self.name, str(error)), space))
        raise AssertionError("the way leads nowhere")

    def _put(self, space: Namespace, value: Any) -> None:
        exec(f"{self.name} = _value", space | {"_value": value}, space)


def way(name: str, message: str) -> str:
    """The code of a message."""
    assert name in message
    found = re.search(rf"Convert {re.escape(name)}: (.+?)(?:\. [A-Z]|, (?:if|or) |$)", message)
    assert found, message
    return found[1]


DOORS = {
    "RNN": Door("input", X, lambda the: RNN(the["input"])),
    "LSTM": Door("input", X, lambda the: LSTM(the["input"])),
    "one sequence": Door("input", X[0], lambda the: GRU(the["input"])),
    "GRU's state": Door("hx", H, lambda the: GRU(X, the["hx"])),
    "RNN's vjp": Door("input", X, lambda the: RNN.vjp(the["input"])[0]),
    "RNNCell": Door("input", ROWS, lambda the: RNN_CELL(the["input"])),
    "a row": Door("input", ROWS[0], lambda the: LSTM_CELL(the["input"])),
    "GRUCell's state": Door("hx", STATE, lambda the: GRU_CELL(ROWS, the["hx"])),
    "LSTM's h_0": Door("hx[0]", H, lambda the: LSTM(X, the["hx"]), {"hx": [H, H]}),
    "LSTM's c_0": Door("hx[1]", H, lambda the: LSTM(X, the["hx"]), {"hx": [H, H]}),
    "LSTMCell's c_0": Door(
        "hx[1]", STATE, lambda the: LSTM_CELL(ROWS, the["hx"]), {"hx": [STATE] * 2}
    ),
    "x of a step": Door("x", ROWS, lambda the: cells.rnn_cell(the["x"], STATE, **WEIGHTS)),
    "c of a step": Door("c", STATE, lambda the: cells.lstm_cell(ROWS, STATE, the["c"], **GATED)),
    "b of linear": Door("b", STATE[0], lambda the: cells.linear(ROWS, WEIGHTS["W_ih"], the["b"])),
    "a gradient": Door(
        "d_output", bits(5, 3, 13), lambda the: GRU.vjp(X)[1](the["d_output"]).weights.values()
    ),
    "a state's gradient": Door("d_hx", H, lambda the: GRU.vjp(X)[1](None, the["d_hx"]).hx),
    "c's gradient": Door(
        "d_hx[1]", H, lambda the: LSTM.vjp(X)[1](None, the["d_hx"]).hx, {"d_hx": [H, H]}
    ),
    "to be packed": Door(
        "input", X, lambda the: rnn_ref.pack_padded_sequence(the["input"], [5, 2, 1]).data
    ),
    "to be padded": Door(
        "sequences[0]",
        X[0],
        lambda the: rnn_ref.pad_sequence(the["sequences"]),
        {"sequences": [X[0]]},
    ),
    "to be cut": Door(
        "padded_sequences",
        X,
        lambda the: rnn_ref.unpad_sequence(the["padded_sequences"], [5, 5, 5]),
    ),
}
# What is of any dtype of numbers keeps it; what a network reads has that of the weights
ANY_DTYPE = {"to be packed", "to be padded", "to be cut"}


def numbers(results: Any) -> list[np.ndarray]:
    """All arrays of a result, as float32, in order."""
    if isinstance(results, np.ndarray):
        return [results.astype(np.complex64)]
    return [array for result in results for array in numbers(result)]


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("door", DOORS)
def test_the_way_that_a_message_tells_leads_to_the_array(door: str, disguise: str) -> None:
    array = DOORS[door].array
    expected = numbers(DOORS[door](array))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Casting complex", np.exceptions.ComplexWarning)
        found = numbers(DOORS[door](DISGUISES[disguise](array)))

    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.parametrize("kind", ["a masked array", "a matrix", "a kind of array", "a column"])
@pytest.mark.parametrize("door", DOORS)
def test_what_would_be_read_as_another_array_is_refused(door: str, kind: str) -> None:
    space = {**(DOORS[door].beside or {})}
    DOORS[door]._put(space, DISGUISES[kind](DOORS[door].array))

    with pytest.raises(TypeError, match="should be a NumPy array, got: "):
        DOORS[door].call(space)


@pytest.mark.parametrize("enforce_sorted", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_torchs_packed_batch_becomes_ours(enforce_sorted: bool, dtype: torch.dtype) -> None:
    parts = [torch.tensor(bits(L, 7)).to(dtype) for L in ((4, 2) if enforce_sorted else (2, 4))]
    theirs = torch.nn.utils.rnn.pack_sequence(parts, enforce_sorted)
    ours = rnn_ref.pack_sequence([part.float().numpy() for part in parts], enforce_sorted)
    reading = Door("input", X, lambda the: GRU(the["input"])[0].data)
    padding = Door("sequence", X, lambda the: rnn_ref.pad_packed_sequence(the["sequence"]))

    np.testing.assert_array_equal(reading(theirs), GRU(ours)[0].data)
    np.testing.assert_array_equal(padding(theirs)[0], rnn_ref.pad_packed_sequence(ours)[0])


def test_a_file_that_is_an_array_is_one(tmp_path: Path) -> None:
    in_file = np.memmap(tmp_path / "x", np.float32, "w+", shape=X.shape)
    in_file[...] = X

    np.testing.assert_array_equal(GRU(in_file)[0], GRU(X)[0])


# --- weights: torch's own, and what is none ------------------------------------------------------

LOADABLE = ["a tensor", "a parameter", "bfloat16", "bfloat16 that needs a gradient"]
LOADABLE += ["a tensor of float64", "float64", "float16", "integers", "the other order of bytes"]
REFUSED = ["a masked array", "a masked array with a mask", "a kind of array", "objects", "texts"]


@pytest.mark.parametrize("disguise", LOADABLE)
def test_weights_are_loaded_as_torch_loads_them(disguise: str) -> None:
    disguised = {name: DISGUISES[disguise](np.round(w)) for name, w in LSTM.state_dict().items()}
    ours = rnn_ref.LSTM(7, 13)
    ours.load_state_dict(disguised)

    for name, array in disguised.items():
        expected = array.detach().float().numpy() if hasattr(array, "detach") else array
        np.testing.assert_array_equal(ours.state_dict()[name], expected)
    given_on = interchange.to_onnx("LSTM", disguised)
    expected_on = interchange.to_onnx("LSTM", ours.state_dict())
    np.testing.assert_array_equal(given_on[0]["B"], expected_on[0]["B"])


@pytest.mark.parametrize("disguise", REFUSED)
def test_what_is_no_weight_is_refused_by_name(disguise: str) -> None:
    weights = {**GRU.state_dict()}
    before = rnn_ref.GRU(7, 13, seed=0)
    weights["bias_hh_l0"] = DISGUISES[disguise](weights["bias_hh_l0"])
    for load in before.load_state_dict, lambda them: interchange.to_flax("GRU", them):
        with pytest.raises(
            RuntimeError, match='the parameter named "bias_hh_l0", bias_hh_l0 should'
        ):
            load(weights)
    np.testing.assert_array_equal(before.bias_hh_l0, GRU.bias_hh_l0)


def test_a_weight_on_the_device_meta_has_no_numbers() -> None:
    weights = torch.nn.GRU(7, 13, device="meta").state_dict()
    with pytest.raises(RuntimeError, match="got: one on the device meta"):
        rnn_ref.GRU(7, 13).load_state_dict(weights)
    with pytest.raises(TypeError, match="A tensor on the device meta has no numbers"):
        GRU(torch.zeros(5, 3, 7, device="meta"))


# --- all public functions ------------------------------------------------------------------------

CONFIG = shapes.Config("LSTM", 7, 13)
KERAS = interchange.to_keras("LSTM", LSTM.state_dict())
ONNX = interchange.to_onnx("LSTM", LSTM.state_dict())
FLAX = interchange.to_flax("LSTM", LSTM.state_dict())
SMALL = {"x": bits(1, 2), "h": bits(1, 3), "W_ih": bits(9, 2), "W_hh": bits(9, 3)}
SMALL_LSTM = {**SMALL, "c": bits(1, 3), "W_ih": bits(12, 2), "W_hh": bits(12, 3)}
OUTPUT, LAST = rnn_ref.RNN(4, 2, batch_first=True)(bits(1, 5, 4))
NETWORK = {"input_size": 7, "hidden_size": 13, "num_layers": 2, "bias": True, "batch_first": False}
NETWORK |= {"dropout": 0.5, "bidirectional": True, "dtype": "f4", "seed": 0}
CELL = {"input_size": 7, "hidden_size": 13, "bias": True, "dtype": np.float32, "seed": 0}
AXES = ("N", "L", "H_in")

READING = messages.decode("Expected hidden size (1, 3, 2), got [1, 5, 2]")

# A right call of each: the function, and its arguments by name
CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "rnn_ref.RNN.__init__": (rnn_ref.RNN, {**NETWORK, "nonlinearity": "tanh", "proj_size": None}),
    "rnn_ref.LSTM.__init__": (rnn_ref.LSTM, {**NETWORK, "proj_size": 5}),
    "rnn_ref.GRU.__init__": (rnn_ref.GRU, {**NETWORK, "proj_size": None}),
    "rnn_ref.RNNCell.__init__": (rnn_ref.RNNCell, {**CELL, "nonlinearity": "relu"}),
    "rnn_ref.LSTMCell.__init__": (rnn_ref.LSTMCell, CELL),
    "rnn_ref.GRUCell.__init__": (rnn_ref.GRUCell, CELL),
    **{
        f"rnn_ref.{type(one).__name__}.__call__": (one, {"input": X, "hx": H}) for one in (RNN, GRU)
    },
    **{f"rnn_ref.{type(one).__name__}.vjp": (one.vjp, {"input": X, "hx": H}) for one in (RNN, GRU)},
    "rnn_ref.LSTM.__call__": (LSTM, {"input": X, "hx": (H, H)}),
    "rnn_ref.LSTM.vjp": (LSTM.vjp, {"input": PACKED, "hx": (H[:, :2], H[:, :2])}),
    "rnn_ref.RNNCell.__call__": (RNN_CELL, {"input": ROWS, "hx": STATE}),
    "rnn_ref.RNNCell.vjp": (RNN_CELL.vjp, {"input": ROWS[0], "hx": STATE[0]}),
    "rnn_ref.GRUCell.__call__": (GRU_CELL, {"input": ROWS[0], "hx": STATE[0]}),
    "rnn_ref.GRUCell.vjp": (GRU_CELL.vjp, {"input": ROWS, "hx": STATE}),
    "rnn_ref.LSTMCell.__call__": (LSTM_CELL, {"input": ROWS, "hx": [STATE, STATE]}),
    "rnn_ref.LSTMCell.vjp": (LSTM_CELL.vjp, {"input": ROWS[0], "hx": (STATE[0], STATE[0])}),
    "rnn_ref.vjp.Backward.__call__": (
        GRU.vjp(X)[1],
        {"d_output": bits(5, 3, 13), "d_hx": H},
    ),
    "rnn_ref.vjp.CellBackward.__call__": (LSTM_CELL.vjp(ROWS)[1], {"d_hx": (STATE, None)}),
    "rnn_ref.base.Module.train": (GRU.train, {"mode": True}),
    "rnn_ref.base.Module.load_state_dict": (
        rnn_ref.GRU(7, 13).load_state_dict,
        {"state_dict": GRU.state_dict()},
    ),
    "rnn_ref.PackedSequence.astype": (PACKED.astype, {"dtype": np.float64}),
    "rnn_ref.pack_padded_sequence": (
        rnn_ref.pack_padded_sequence,
        {"input": X, "lengths": [5, 2, 1], "batch_first": False, "enforce_sorted": True},
    ),
    "rnn_ref.pack_sequence": (rnn_ref.pack_sequence, {"sequences": [X], "enforce_sorted": True}),
    "rnn_ref.pad_packed_sequence": (
        rnn_ref.pad_packed_sequence,
        {"sequence": PACKED, "batch_first": True, "padding_value": 1.5, "total_length": 7},
    ),
    "rnn_ref.pad_sequence": (
        rnn_ref.pad_sequence,
        {"sequences": [X], "batch_first": True, "padding_value": 1, "padding_side": "left"},
    ),
    "rnn_ref.unpack_sequence": (rnn_ref.unpack_sequence, {"packed_sequences": PACKED}),
    "rnn_ref.unpad_sequence": (
        rnn_ref.unpad_sequence,
        {"padded_sequences": X, "lengths": np.array([5, 2, 0]), "batch_first": False},
    ),
    "rnn_ref.packed.invert_permutation": (invert_permutation, {"permutation": [1, 0]}),
    "rnn_ref.shapes.Config.__init__": (
        shapes.Config,
        {
            **{"mode": "LSTM", "input_size": 7, "hidden_size": 13, "num_layers": 2, "bias": True},
            **{"batch_first": False, "bidirectional": False, "proj_size": 0},
        },
    ),
    "rnn_ref.shapes.CellConfig.__init__": (
        shapes.CellConfig,
        {"mode": "LSTM", "input_size": 7, "hidden_size": 13, "bias": True},
    ),
    "rnn_ref.shapes.rule": (shapes.rule, {"name": "h_n", "batch_first": True, "batched": True}),
    "rnn_ref.shapes.cell_rule": (shapes.cell_rule, {"name": "h_1", "batched": True}),
    "rnn_ref.shapes.drop_batch": (shapes.drop_batch, {"shape": shapes.rule("h_n")}),
    "rnn_ref.shapes.put_batch_first": (shapes.put_batch_first, {"shape": shapes.rule("input")}),
    "rnn_ref.shapes.evaluate": (
        shapes.evaluate,
        {"shape": shapes.rule("bias_hh"), "sizes": {"G": 3, "H_cell": 5}},
    ),
    "rnn_ref.shapes.tensor_shapes": (shapes.tensor_shapes, {"config": CONFIG, "L": 5, "N": 3}),
    "rnn_ref.shapes.state_shapes": (shapes.state_shapes, {"config": CONFIG, "N": 3}),
    "rnn_ref.shapes.cell_state_shapes": (shapes.cell_state_shapes, {"config": CONFIG, "N": 3}),
    "rnn_ref.shapes.parameter_shapes": (shapes.parameter_shapes, {"config": CONFIG}),
    "rnn_ref.shapes.cell_parameter_shapes": (shapes.cell_parameter_shapes, {"config": CONFIG}),
    "rnn_ref.cells.linear": (cells.linear, {"x": ROWS, "W": WEIGHTS["W_ih"], "b": STATE[0]}),
    "rnn_ref.cells.by_gate": (cells.by_gate, {"x": bits(3, 52), "gates": cells.LSTM_GATES}),
    "rnn_ref.cells.rnn_cell": (
        cells.rnn_cell,
        {"x": ROWS, "h": STATE, **WEIGHTS, "activation": np.tanh},
    ),
    "rnn_ref.cells.lstm_cell": (
        cells.lstm_cell,
        {"x": ROWS, "h": STATE, "c": STATE, **GATED, "W_hr": None},
    ),
    "rnn_ref.cells.gru_cell": (cells.gru_cell, {"x": ROWS[0], "h": STATE[0], **GRU_GATED}),
    "rnn_ref.explain_error": (rnn_ref.explain_error, {"error": "Expected hidden size"}),
    "rnn_ref.messages.decode": (messages.decode, {"text": READING.message}),
    "rnn_ref.messages.nearest": (messages.nearest, {"text": READING.message}),
    "rnn_ref.messages.Reading.fits": (READING.fits, {"cause": READING.causes[0]}),
    "rnn_ref.messages.Reading.says": (READING.says, {"cause": READING.causes[0]}),
    "rnn_ref.figures.attention": (
        figures.attention,
        {
            **{"outputs": bits(2, 3), "weights": [0.5, 0.5], "state": bits(3), "labels": "ab"},
            **{"read": "a", "written": "b", "decimals": 2},
        },
    ),
    "rnn_ref.figures.product": (
        figures.product,
        {
            **{"left": bits(2, 3), "right": bits(3, 1), "names": ("a", "b", "c")},
            **{"axes": AXES, "labels": ("ab", "abc"), "row": 1, "decimals": 2},
        },
    ),
    "rnn_ref.figures.trajectories": (
        figures.trajectories,
        {"runs": {"a": bits(3, 2)}, "h_0": bits(2)},
    ),
    "rnn_ref.figures.packed": (figures.packed, {"packed": PACKED, "labels": ["abcd", "ab"]}),
    "rnn_ref.figures.named": (figures.named, {"letter": "x", "arrays": [ROWS, ROWS]}),
    "rnn_ref.figures.pattern": (
        figures.pattern,
        {
            **{"inputs": [None], "states": [("h", STATE)], "outputs": [("y", ROWS)]},
            **{"calls": [("RNN", 1)], "name": "one", "readout": "Linear"},
        },
    ),
    "rnn_ref.figures.sizes_over_time": (
        figures.sizes_over_time,
        {"courses": {"a": [1.0, 2.0]}, "name": "sizes", "strong": "a"},
    ),
    "rnn_ref.figures.gru_step": (
        figures.gru_step,
        {**SMALL, "b_ih": None, "b_hh": None, "decimals": 2},
    ),
    "rnn_ref.figures.lstm_step": (
        figures.lstm_step,
        {**SMALL_LSTM, "b_ih": None, "b_hh": bits(12), "decimals": 2},
    ),
    "rnn_ref.figures.mapping": (
        figures.mapping,
        {"inputs": {"x": (X, AXES)}, "outputs": {"h": (H, "DMH")}, "by": "GRU", "focus": "M"},
    ),
    "rnn_ref.figures.readings": (
        figures.readings,
        {"array": X[:2, :2], "labels": ["ab", ["a", "b"]], "name": "batch"},
    ),
    "rnn_ref.figures.stacked": (
        figures.stacked,
        {
            **{"x": bits(1, 5, 4), "h_0": LAST, "output": OUTPUT, "h_n": LAST, "batch_first": True},
            **{"labels": "hello", "between": ""},
        },
    ),
    "rnn_ref.figures.states": (
        figures.states,
        {"outputs": [OUTPUT], "h_n": LAST, "sequence": 0, "labels": "hello"},
    ),
    "rnn_ref.figures.tensor": (
        figures.tensor,
        {
            **{"array": bits(2, 3), "axes": "NL", "name": "x", "labels": {0: "ab"}},
            **{"highlight": 1, "decimals": 2},
        },
    ),
    "rnn_ref.figures.unrolled": (
        figures.unrolled,
        {
            **{"inputs": [bits(1, 5, 4)], "outputs": [OUTPUT], "h_n": LAST, "h_0": LAST},
            **{"labels": "hello", "decimals": 1},
        },
    ),
    "rnn_ref.interchange.from_flax": (
        interchange.from_flax,
        {"mode": "LSTM", "layers": FLAX},
    ),
    "rnn_ref.interchange.from_keras": (interchange.from_keras, {"mode": "LSTM", "layers": KERAS}),
    "rnn_ref.interchange.from_onnx": (
        interchange.from_onnx,
        {"mode": "LSTM", "layers": ONNX, "linear_before_reset": 1},
    ),
    **{
        f"rnn_ref.interchange.to_{name}": (
            getattr(interchange, f"to_{name}"),
            {"mode": "LSTM", "state_dict": LSTM.state_dict()},
        )
        for name in ("flax", "keras", "onnx")
    },
}
LOOP = "the loop calls it at every step, on arrays of its own"
MADE = "made by the function that returns it"
NOTHING = "takes nothing"
UNCHECKED = {
    **dict.fromkeys(("rnn_ref.cells.relu", "rnn_ref.cells.finish_sigmoid"), LOOP),
    **dict.fromkeys((f"rnn_ref.cells.{kind}_update" for kind in ("rnn", "lstm", "gru")), LOOP),
    **dict.fromkeys((f"rnn_ref.cells.{kind}Gates.of" for kind in ("LSTM", "GRU")), LOOP),
    **dict.fromkeys((f"rnn_ref.gradients.of_{name}" for name in ("tanh", "sigmoid", "relu")), LOOP),
    **dict.fromkeys(
        (f"rnn_ref.gradients.{name}_backward" for name in ("stack", "layer", "block")), LOOP
    ),
    **dict.fromkeys(("rnn_ref.vjp.Backward.__init__", "rnn_ref.vjp.CellBackward.__init__"), MADE),
    "rnn_ref.figures.Figure.__init__": MADE,
    **dict.fromkeys(
        (
            f"rnn_ref.messages.{name}.__init__"
            for name in ("Cause", "Crash", "Message", "Silent", "Wording", "Reading")
        ),
        MADE,
    ),
    "rnn_ref.messages.entries": NOTHING,
    "rnn_ref.figures.Figure.save": "writes a file, wherever it is told: a test of its own, below",
    **dict.fromkeys(("rnn_ref.base.Module.eval", "rnn_ref.base.Module.state_dict"), NOTHING),
    **dict.fromkeys((f"rnn_ref.PackedSequence.{name}" for name in ("float", "double")), NOTHING),
}
ELSEWHERE = ("rnn_ref.diagnose.",)  # examines modules of others, and has tests of its own

# What an argument is called in a text that is torch's, or that speaks of what is in it
ALSO_CALLED: dict[str, tuple[str, ...]] = {
    "hx": ("hidden",),
    "input": (
        "steps of the batch",
        "Cannot pack empty tensors",
        "sequence length",
        "batch_size",
        "hidden",
    ),
    "input_size": ("negative dimension",),
    "hidden_size": ("negative dimension", "proj_size"),
    "lengths": ("Length of all samples",),
    "sequences": ("list of sequences", "Cannot pack", "input", "lengths"),
    "padded_sequences": ("lengths",),
    "batch_first": ("lengths", "x and output"),
    "name": ("No rule for",),
    "shape": ("No size for",),
    "sizes": ("No size for",),
    "state_dict": ("weight_",),
    "layers": ("layer",),
    "mode": ("layer",),
    "outputs": ("h_n",),
    "h_0": ("states",),
    "h_n": ("states",),
    "left": ("labels, one per row",),
    "right": ("labels, one per row",),
    "runs": ("a should", "a: "),
    "courses": ("a should", "a: "),
    "array": ("batch", "x"),
    "dtype": ("data ",),
    "error": ("message", "exception"),
}
TOO_LARGE = "expected a figure of at most"


def site(trace: TracebackType) -> FrameType:
    """The innermost frame of a traceback, and where it stands."""
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace


def is_raised_by_us(error: BaseException) -> bool:
    """Whether a statement `raise` of the package raised it, not a call of something else."""
    trace = site(error.__traceback__)
    code = trace.tb_frame.f_code
    if not Path(code.co_filename).is_relative_to(PACKAGE):
        return False
    at = next(step for step in dis.get_instructions(code) if step.offset == trace.tb_lasti)
    return at.opname in ("RAISE_VARARGS", "RERAISE")


def complaint(name: str, error: Exception) -> str | None:
    """What is wrong with an error that speaks of an argument."""
    text = str(error)
    if not isinstance(error, TypeError | ValueError | RuntimeError | IndexError | AssertionError):
        return f"a {type(error).__name__}: {text}"
    if not is_raised_by_us(error):
        where = traceback.format_tb(error.__traceback__)[-1]
        return f"not raised by a check of ours, but by {where}: {text}"
    if not any(word in text for word in (name, TOO_LARGE, *ALSO_CALLED.get(name, ()))):
        return f"{name} is not named: {text}"
    return None if len(text) < 2000 else f"too long: {text[:200]}"


@cache
def documented(name: str) -> tuple[type[Exception], ...]:
    """The classes that a docstring says are raised; of a dataclass, that of the class."""
    shown = reference.find(name)
    if shown.docstring is None:
        shown = reference.find(name.removesuffix(".__init__"))
    raises = reference.sections(shown).get("raises", [])
    return tuple(getattr(builtins, str(item.annotation)) for item in raises)


def complaint_of(name: str, argument: str, thing: Any) -> str | None:
    """What is wrong with what a call with one other argument raises; nothing if it does not."""
    function, arguments = CALLS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            function(**{**arguments, argument: thing})
        except Exception as error:
            told = complaint(argument, error)
            if told is None and not isinstance(error, documented(name)):
                return f"{argument}: the docstring knows no {type(error).__name__}: {error}"
            return told
    return None


def test_every_public_function_is_called() -> None:
    public = {name for name in reference.functions() if not name.startswith(ELSEWHERE)}

    assert public - set(UNCHECKED) == set(CALLS)
    assert set(UNCHECKED) <= public


@pytest.mark.parametrize("name", CALLS)
def test_a_right_call_is_right(name: str) -> None:
    function, arguments = CALLS[name]
    signature = {p.name for p in reference.find(name).parameters} - {"self", "cls"}
    if name != "rnn_ref.shapes.CellConfig.__init__":  # which inherits options that a cell has not
        assert set(arguments) == signature
    function(**arguments)


@pytest.mark.parametrize("name", CALLS)
def test_a_thing_of_another_kind_is_refused_by_the_arguments_name(name: str) -> None:
    _, arguments = CALLS[name]
    found = [
        told
        for argument in arguments
        for make in OBJECTS
        if (told := complaint_of(name, argument, make()))
    ]

    assert found == []


@pytest.mark.parametrize("name", CALLS)
@given(data=st.data())
def test_another_array_is_refused_by_the_arguments_name(name: str, data: st.DataObject) -> None:
    argument = data.draw(st.sampled_from(sorted(CALLS[name][1])))

    assert not complaint_of(name, argument, data.draw(odd_arrays()))


ARRAYS = [
    (name, argument)
    for name, (_, arguments) in CALLS.items()
    for argument, value in arguments.items()
    if isinstance(value, np.ndarray)
]


@pytest.mark.parametrize("disguise", ["a masked array with a mask", "a kind of array", "a matrix"])
@pytest.mark.parametrize(("name", "argument"), ARRAYS)
def test_no_public_function_reads_another_kind_of_array(name, argument, disguise) -> None:
    function, arguments = CALLS[name]
    called = "(array|batch|x)" if argument == "array" else argument  # by the name that it is given
    with pytest.raises(TypeError, match=f"{called}.* should be a NumPy array, got: "):
        function(**{**arguments, argument: DISGUISES[disguise](arguments[argument])})


@pytest.mark.parametrize("path", [None, 5, b"x.svg", ["x.svg"]])
def test_a_path_that_is_none_is_named(path: Any) -> None:
    with pytest.raises(TypeError, match="path should be that of a file, got: "):
        figures.tensor([1], axes="L", name="x").save(path)


def test_the_check_of_errors_can_fail() -> None:
    def told(call: Callable[[], Any]) -> str | None:
        with pytest.raises(Exception) as caught:  # noqa: PT011
            call()
        return complaint("dtype", caught.value)

    assert told(lambda: PACKED.astype("no such")) is None
    assert "not raised by a check" in told(lambda: PACKED.data.astype("no such"))
    assert "not raised by a check" in told(lambda: np.zeros(3)[5])
    assert "dtype is not named" in told(lambda: GRU(None))
    assert "KeyError" in told(lambda: {}["dtype"])
