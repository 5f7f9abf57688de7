"""Calls of torch that are wrong, each drawn from a deed, with the entries that it may lead to.

What the deed is decides which entry is right; the text of torch is not looked at. Nothing here ends
Python: no cell gets a state of a batch beside a single row, no packed batch the state of a larger
one, and no label of CTC reaches beyond the classes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils import rnn as utils

SIZES = (2, 3, 5, 7, 11, 13)
NETWORKS = {"RNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}
CELLS = {"RNN": nn.RNNCell, "LSTM": nn.LSTMCell, "GRU": nn.GRUCell}
INTEGERS = (torch.int64, torch.int32, torch.uint8, torch.bool)
FLOATS = (torch.float64, torch.float16, torch.bfloat16)


@dataclass(frozen=True)
class Wrong:
    """A call that torch refuses or warns of."""

    deed: str
    call: Callable[[], object]
    entries: frozenset[str]


@dataclass
class Draws:
    """What is drawn for a deed: sizes that all differ, and choices."""

    draw: st.DrawFn
    sizes: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sizes = list(self.draw(st.permutations(SIZES)))
        self.N, self.L, self.H_in, self.H, self.other, self.C = self.sizes

    def one(self, *choices: Any) -> Any:
        """One of several things."""
        return self.draw(st.sampled_from(choices))

    @property
    def kind(self) -> str:
        """A kind of network."""
        return self.one(*NETWORKS)

    def network(self, kind: str, **options: Any) -> nn.RNNBase:
        """A network of some number of layers and directions."""
        drawn = {"num_layers": self.one(1, 2, 3), "bidirectional": self.one(False, True)}
        drawn["batch_first"] = self.one(False, True)
        return NETWORKS[kind](self.H_in, self.H, **{**drawn, **options})

    def x(self, network: nn.RNNBase, **options: Any) -> torch.Tensor:
        """An input that fits."""
        axes = (self.N, self.L) if network.batch_first else (self.L, self.N)
        return torch.zeros(*axes, self.H_in, **options)

    def state(self, network: nn.RNNBase, **options: Any) -> torch.Tensor:
        """A state that fits."""
        return torch.zeros(self.slices(network), self.N, self.H, **options)

    def slices(self, network: nn.RNNBase) -> int:
        return network.num_layers * (1 + network.bidirectional)

    @property
    def thing(self) -> Any:
        """What is no tensor at all."""
        return self.one(
            *(None, 3, 2.5, "text", [1.0], [[0.5]], (1, 2), {"x": 1}, {1}, True),
            *(np.zeros((3, 5)), range(3), torch.float32, torch.Size([3]), len, torch.Tensor),
            *(b"bytes", object(), 1j, slice(2), ..., np.float32(2), lambda x: x, {1: 2}.items()),
            *(int, nn.GRU, np, nn.Linear(2, 3), iter([1]), memoryview(b"bytes")),
        )


Deed = Callable[[Draws], tuple[Callable[[], object], set[str]]]
DEEDS: dict[str, Deed] = {}


def deed(make: Deed) -> Deed:
    """Take a function into the list of deeds."""
    DEEDS[make.__name__] = make
    return make


@st.composite
def wrong_calls(draw: st.DrawFn) -> Wrong:
    """A call, drawn from one of the deeds."""
    name = draw(st.sampled_from(sorted(DEEDS)))
    call, entries = DEEDS[name](Draws(draw))
    return Wrong(name, call, frozenset(entries))


# --- the constructor -----------------------------------------------------------------------------


@deed
def a_size_of_zero_or_less(d: Draws):
    sizes = {"input_size": d.H_in, "hidden_size": d.H, "num_layers": d.one(1, 2)}
    sizes[d.one(*sizes)] = d.one(0, -1, -d.other)
    return partial(NETWORKS[d.kind], **sizes), {"SIZE-NOT-POSITIVE"}


@deed
def a_size_that_is_no_int(d: Draws):
    sizes = {"input_size": d.H_in, "hidden_size": d.H}
    sizes[d.one(*sizes)] = d.one(
        2.0, "7", None, [7], (7, 2), np.int64(7), torch.tensor(7), object()
    )
    return partial(NETWORKS[d.kind], **sizes), {"SIZE-NOT-AN-INT"}


@deed
def layers_that_are_no_int(d: Draws):
    layers = d.one(2.0, "2", None, [2], (1, 2), {"a": 1})
    return partial(NETWORKS[d.kind], d.H_in, d.H, layers), {"LAYERS-NOT-AN-INT"}


@deed
def a_switch_that_is_no_bool(d: Draws):
    name = d.one("bias", "batch_first")
    value = d.one(1, 0, "yes", None, 2.5, [True])
    return partial(NETWORKS[d.kind], d.H_in, d.H, **{name: value}), {"ARGUMENT-NOT-A-BOOL"}


@deed
def dropout_out_of_range(d: Draws):
    value = d.one(-0.1, 1.5, float("nan"), float("inf"), 20, True)
    return partial(NETWORKS[d.kind], d.H_in, d.H, 2, dropout=value), {"DROPOUT-RANGE"}


@deed
def dropout_of_another_kind(d: Draws):
    value = d.one("half", "", None, [0.5], {}, (0.5,), 1j)
    entries = {"DROPOUT-NOT-A-NUMBER", "TEXT-NOT-A-NUMBER"}
    return partial(NETWORKS[d.kind], d.H_in, d.H, 2, dropout=value), entries


@deed
def dropout_in_one_layer(d: Draws):
    value = d.one(0.1, 0.5, 1.0)
    return partial(NETWORKS[d.kind], d.H_in, d.H, dropout=value), {"DROPOUT-ONE-LAYER"}


@deed
def a_projection_where_there_is_none(d: Draws):
    call = partial(NETWORKS[d.one("RNN", "GRU")], d.H_in, d.H, proj_size=d.one(0, 1, d.other))
    return call, {"PROJECTION-OF-AN-RNN"}


@deed
def a_projection_out_of_range(d: Draws):
    return partial(nn.LSTM, d.H_in, d.H, proj_size=d.one(-1, d.H, d.H + d.other)), {
        "PROJECTION-VALUE"
    }


@deed
def an_unknown_nonlinearity(d: Draws):
    name = d.one("sigmoid", "Tanh", "gelu", None, torch.tanh, 5, True)
    return partial(nn.RNN, d.H_in, d.H, nonlinearity=name), {"RNN-NONLINEARITY"}


@deed
def a_keyword_of_others(d: Draws):
    names = ("units", "return_sequences", "activation", "hidden", "input_dim", "recurrent_dropout")
    return partial(NETWORKS[d.kind], d.H_in, d.H, **{d.one(*names): d.one(True, 1, "tanh")}), {
        "CONSTRUCTOR-KEYWORD"
    }


@deed
def an_argument_missing(d: Draws):
    given = d.one({}, {"input_size": 3}, {"hidden_size": 3}, {"num_layers": 2})
    return partial(NETWORKS[d.kind], **given), {"CONSTRUCTOR-MISSING-ARGUMENT"}


@deed
def an_argument_twice(d: Draws):
    name = d.one("input_size", "hidden_size")
    return partial(NETWORKS[d.kind], d.H_in, d.H, **{name: d.other}), {"CONSTRUCTOR-ARGUMENT-TWICE"}


@deed
def a_dtype_without_gradients(d: Draws):
    call = partial(NETWORKS[d.kind], d.H_in, d.H, dtype=d.one(*INTEGERS))
    return call, {"GRADIENT-WANTS-FLOATS"}


@deed
def a_device_that_is_none(d: Draws):
    call = partial(NETWORKS[d.kind], d.H_in, d.H, device=d.one("gpu", "cpux", "CPU", ""))
    return call, {"DEVICE-NAME"}


# --- the input -----------------------------------------------------------------------------------


@deed
def an_input_of_other_axes(d: Draws):
    network = d.network(d.kind)
    shape = d.one((), (d.H_in,), (2, d.L, d.N, d.H_in), (1, 1, 1, 1, d.H_in))
    return partial(network, torch.zeros(shape)), {"INPUT-AXES"}


@deed
def an_input_of_other_features(d: Draws):
    network = d.network(d.kind)
    x = d.x(network)
    x = d.one(x.transpose(-1, 0), x.transpose(-1, 1), x[..., 1:], torch.zeros(d.L, d.N, d.other))
    x = d.one(x, x[0])
    return partial(network, x), {"INPUT-FEATURES"}


@deed
def an_input_of_another_dtype(d: Draws):
    network = d.network(d.kind)
    x = d.x(network, dtype=d.one(*INTEGERS, *FLOATS, torch.complex64))
    return partial(network, d.one(x, x[0])), {"INPUT-DTYPE"}


@deed
def a_network_of_another_dtype(d: Draws):
    network = d.network(d.kind).to(d.one(*FLOATS))
    return partial(network, d.x(network)), {"INPUT-DTYPE"}


@deed
def an_input_without_steps(d: Draws):
    network = d.network(d.kind)
    x = d.x(network)
    return partial(network, x[:, :0] if network.batch_first else x[:0]), {"INPUT-NO-STEPS"}


KINDS = {"TUPLE-FOR-A-TENSOR", "LIST-FOR-A-TENSOR", "ARRAY-FOR-A-TENSOR", "NONE-FOR-A-TENSOR"}
KINDS |= {"NUMBER-FOR-A-TENSOR", "OBJECT-FOR-A-TENSOR", "CLASS-FOR-A-TENSOR"}
KINDS |= {"CLASS-ATTRIBUTE", "MODULE-ATTRIBUTE"}


@deed
def an_input_that_is_no_tensor(d: Draws):
    network, thing = d.network(d.kind), d.thing
    return partial(network, thing), KINDS


@deed
def the_tuple_that_a_network_returned(d: Draws):
    network = d.network(d.kind)
    return lambda: network(network(d.x(network))), {"TUPLE-FOR-A-TENSOR"}


@deed
def an_input_on_another_device(d: Draws):
    network = d.network(d.kind)
    return partial(network, d.x(network, device="meta")), {
        *("DEVICE-INPUT-HIDDEN", "DEVICE-INPUT-PARAMETER", "DEVICE-NOT-EXPECTED"),
    }


@deed
def arguments_too_many(d: Draws):
    network = d.network(d.kind)
    x = d.x(network)
    return partial(network, x, None, *[None] * d.one(1, 2)), {"CALL-TOO-MANY-ARGUMENTS"}


@deed
def no_input(d: Draws):
    return d.network(d.kind), {"CALL-WITHOUT-INPUT"}


@deed
def an_unknown_keyword(d: Draws):
    network = d.network(d.kind)
    keyword = d.one("h_0", "hidden", "lengths", "mask", "initial_state")
    return partial(network, d.x(network), **{keyword: None}), {"CALL-UNKNOWN-KEYWORD"}


# --- the state -----------------------------------------------------------------------------------

SIZE = {"RNN": {"RNN-HIDDEN-SIZE"}, "GRU": {"RNN-HIDDEN-SIZE"}}
SIZE["LSTM"] = {"LSTM-HIDDEN-SIZE", "LSTM-CELL-SIZE"}


def given(kind: str, state: Any, right: torch.Tensor, place: int) -> Any:
    """A state as a kind of network takes it, the wrong one at a place of the pair."""
    if kind != "LSTM":
        return state
    return (state, right) if place == 0 else (right, state)


@deed
def a_state_of_another_size(d: Draws):
    kind = d.kind
    network = d.network(kind)
    right = d.state(network)
    axis = d.one(0, 1, 2)
    sizes = [*right.shape]
    sizes[axis] = d.one(sizes[axis] + 1, 17, 1 if sizes[axis] > 1 else 2)
    place = d.one(0, 1)
    entry = SIZE[kind] if kind != "LSTM" else {("LSTM-HIDDEN-SIZE", "LSTM-CELL-SIZE")[place]}
    return partial(network, d.x(network), given(kind, torch.zeros(sizes), right, place)), entry


@deed
def a_state_whose_batch_is_first(d: Draws):
    kind = d.one("RNN", "GRU")
    network = d.network(kind, num_layers=1, bidirectional=False)
    return partial(network, d.x(network), d.state(network).transpose(0, 1)), SIZE[kind]


@deed
def a_state_of_other_axes(d: Draws):
    kind = d.kind
    network = d.network(kind)
    right = d.state(network)
    wrong = d.one(right[0], right[0, 0], right[None], torch.tensor(0.0))
    call = partial(network, d.x(network), given(kind, wrong, right, d.one(0, 1)))
    return call, {"STATE-AXES-OF-A-BATCH"}


@deed
def a_state_with_a_batch_beside_one_sequence(d: Draws):
    kind = d.kind
    network = d.network(kind)
    right = d.state(network)
    wrong = d.one(right, right[0, 0], right[None])
    call = partial(network, d.x(network)[0], given(kind, wrong, right[:, 0], d.one(0, 1)))
    return call, {"STATE-AXES-WITHOUT-A-BATCH"}


@deed
def a_pair_where_one_state_is_meant(d: Draws):
    network = d.network(d.one("RNN", "GRU"))
    right = d.state(network)
    entries = {"TUPLE-FOR-A-TENSOR", "LIST-FOR-A-TENSOR"}
    return partial(network, d.x(network), d.one((right, right), [right], (right,))), entries


@deed
def one_state_where_a_pair_is_meant(d: Draws):
    network = d.network("LSTM")
    entries = {"LSTM-ONE-TENSOR", "LSTM-NOT-A-PAIR", "LSTM-INVALID-ARGUMENTS"}
    entries |= {"STATE-AXES-OF-A-BATCH"}
    return partial(network, d.x(network), d.state(network)), entries


@deed
def too_few_states(d: Draws):
    network = d.network("LSTM")
    hx = d.one((), [], (d.state(network),), [d.state(network)])
    return partial(network, d.x(network), hx), {"STATE-TUPLE-TOO-SHORT"}


@deed
def too_many_states(d: Draws):
    network = d.network("LSTM")
    hx = d.one(tuple, list)([d.state(network)] * d.one(3, 4))
    return partial(network, d.x(network), hx), {"LSTM-NOT-A-PAIR"}


@deed
def a_state_that_is_no_tensor(d: Draws):
    network, thing = d.network(d.one("RNN", "GRU")), d.thing
    thing = 0 if thing is None else thing
    return partial(network, d.x(network), thing), KINDS


@deed
def a_part_of_the_pair_that_is_no_tensor(d: Draws):
    network, thing = d.network("LSTM"), d.thing
    return partial(
        network, d.x(network), given("LSTM", thing, d.state(network), d.one(0, 1))
    ), KINDS


@deed
def a_state_of_another_dtype(d: Draws):
    kind = d.kind
    network = d.network(kind)
    right = d.state(network)
    wrong = right.to(d.one(*FLOATS, torch.int64))
    return partial(network, d.x(network), given(kind, wrong, right, 0)), {
        *("DTYPE-MATRICES", "DTYPE-WEIGHTS-DIFFER", "DTYPE-ONEDNN", "DTYPE-MATMUL"),
    }


@deed
def a_state_on_another_device(d: Draws):
    kind = d.kind
    network = d.network(kind)
    wrong = d.state(network, device="meta")
    return partial(network, d.x(network), given(kind, wrong, wrong, 0)), {
        *("DEVICE-INPUT-HIDDEN", "DEVICE-INPUT-PARAMETER", "DEVICE-NOT-EXPECTED"),
    }


# --- packing and padding -------------------------------------------------------------------------


def pack(d: Draws, lengths: Any, **options: Any) -> Callable[[], object]:
    options = {"batch_first": True, **options}
    return partial(utils.pack_padded_sequence, torch.zeros(d.N, d.L, d.H_in), lengths, **options)


@deed
def lengths_in_another_order(d: Draws):
    lengths = [1] * (d.N - 1) + [d.L]
    return pack(d, d.one(lengths, torch.tensor(lengths))), {"PACK-LENGTHS-ORDER"}


@deed
def a_length_of_zero_or_less(d: Draws):
    lengths = [d.L] * (d.N - 1) + [d.one(0, -1, -d.other)]
    call = pack(d, d.one(lengths, torch.tensor(lengths)), enforce_sorted=d.one(True, False))
    return call, {"PACK-LENGTHS-POSITIVE"}


@deed
def more_or_fewer_lengths(d: Draws):
    lengths = [1] * d.one(d.N + 1, d.N - 1, d.N + d.other)
    return pack(d, d.one(lengths, torch.tensor(lengths))), {"PACK-LENGTHS-COUNT"}


@deed
def lengths_of_other_axes(d: Draws):
    lengths = torch.ones(d.one((d.N, 1), (1, d.N), (d.N, d.L)), dtype=torch.int64)
    return pack(d, lengths), {"PACK-LENGTHS-TENSOR"}


@deed
def lengths_on_another_device(d: Draws):
    return pack(d, torch.ones(d.N, dtype=torch.int64, device="meta")), {"PACK-LENGTHS-TENSOR"}


@deed
def lengths_that_are_none(d: Draws):
    lengths = d.one(None, 3, "53", object(), ["5", "3"], {"a": 1}, [None, None])
    return pack(d, lengths), {
        *("PACK-LENGTHS-INTEGER", "PACK-LENGTHS-TENSOR", "TENSOR-OF-TEXT", "TENSOR-OF-A-TEXT"),
    }


@deed
def what_is_packed_is_no_tensor(d: Draws):
    x = d.one([torch.zeros(3, 5)], np.zeros((3, 5, 2)), None, (torch.zeros(3, 5),), "text", 5)
    return partial(utils.pack_padded_sequence, x, [1]), {"PACK-INPUT-TENSOR"}


@deed
def what_is_packed_is_empty(d: Draws):
    shape = d.one((d.L, 0, d.H_in), (0, d.N, d.H_in), (d.L, d.N, 0))
    lengths = [1] * shape[1]
    return partial(utils.pack_padded_sequence, torch.zeros(shape), lengths), {"PACK-EMPTY"}


@deed
def batch_first_that_is_no_bool(d: Draws):
    call = d.one(
        pack(d, [d.L] * d.N, batch_first=d.one(1, None, "yes")),
        partial(utils.pad_sequence, [torch.zeros(2)], batch_first=d.one(1, None, "yes")),
    )
    return call, {"PACK-BATCH-FIRST-BOOL", "PAD-ARGUMENT-KIND"}


@deed
def sequences_that_are_no_list(d: Draws):
    thing = d.one(5, None, 2.5, object())
    return partial(utils.pad_sequence, thing), {"PAD-SEQUENCE-ITERABLE"}


@deed
def no_sequences(d: Draws):
    return partial(d.one(utils.pad_sequence, utils.pack_sequence), []), {"PAD-SEQUENCE-EMPTY"}


@deed
def sequences_of_other_features(d: Draws):
    parts = [torch.zeros(d.L, d.H_in), torch.zeros(d.N, d.other)]
    return partial(d.one(utils.pad_sequence, utils.pack_sequence), parts), {"BROADCAST-SIZES"}


@deed
def a_side_of_another_name(d: Draws):
    side = d.one("both", "Left", "", "pre")
    return partial(utils.pad_sequence, [torch.zeros(3)], padding_side=side), {"PAD-SIDE"}


@deed
def a_total_length_too_small(d: Draws):
    packed = utils.pack_sequence([torch.zeros(d.L, d.H_in)])
    total = d.one(0, -1, d.L - 1)
    return partial(utils.pad_packed_sequence, packed, total_length=total), {"PAD-TOTAL-LENGTH"}


@deed
def what_is_unpacked_is_not_packed(d: Draws):
    unpack = d.one(utils.pad_packed_sequence, utils.unpack_sequence)
    thing = d.one(torch.zeros(3, 5), (torch.zeros(3), None), [1], None, {"a": 1}, 5)
    return partial(unpack, thing), {"PACKED-UNPACK-OTHER"}


@deed
def lengths_of_another_batch_to_unpad(d: Draws):
    lengths = torch.ones(d.one(d.N - 1, d.N + 1), dtype=torch.int64)
    x = torch.zeros(d.N, d.L)
    return partial(utils.unpad_sequence, x, lengths, batch_first=True), {"UNPAD-LENGTHS-COUNT"}


@deed
def a_packed_batch_of_other_features(d: Draws):
    packed = utils.pack_sequence([torch.zeros(d.L, d.other)])
    return partial(d.network(d.one("RNN", "GRU")), packed), {"INPUT-FEATURES"}


@deed
def a_packed_batch_of_other_axes(d: Draws):
    packed = utils.pack_sequence([torch.zeros(d.one((d.L,), (d.L, d.H_in, d.H_in)))])
    network = d.network(d.one("RNN", "GRU"))
    return partial(network, packed), {"PACKED-FEATURES-AXIS", "INPUT-DIMENSIONS"}


@deed
def a_packed_batch_and_a_state_of_another_size(d: Draws):
    network = d.network(d.one("RNN", "GRU"))
    packed = utils.pack_padded_sequence(torch.zeros(d.L, d.N, d.H_in), [d.L] * d.N)
    right = [d.slices(network), d.N, d.H]
    axis = d.one(0, 1, 2)
    right[axis] += 1
    return partial(network, packed, torch.zeros(right)), {"RNN-HIDDEN-SIZE"}


@deed
def what_a_packed_batch_is_not(d: Draws):
    packed = utils.pack_sequence([torch.zeros(d.L, d.H_in)])
    name = d.one("shape", "size", "view", "dim", "transpose")
    return lambda: getattr(packed, name), {"PACKED-ATTRIBUTE"}


@deed
def a_packed_batch_where_a_tensor_is_meant(d: Draws):
    packed = utils.pack_sequence([torch.zeros(d.L, d.H_in)])
    call = d.one(nn.Linear(d.H_in, d.H), torch.relu, torch.tanh)
    return partial(call, packed), {"PACKED-ARGUMENT"}


# --- cells ---------------------------------------------------------------------------------------


def cell(d: Draws, kind: str) -> nn.RNNCellBase:
    return CELLS[kind](d.H_in, d.H)


@deed
def a_cells_input_of_other_axes(d: Draws):
    x = torch.zeros(d.one((), (d.L, d.N, d.H_in), (1, 1, 1, d.H_in)))
    return partial(cell(d, d.kind), x), {"CELL-INPUT-AXES"}


@deed
def a_cells_input_of_other_features(d: Draws):
    x = torch.zeros(d.N, d.other)
    return partial(cell(d, d.kind), d.one(x, x[0], x.T)), {"CELL-INPUT-SIZE"}


@deed
def a_cells_state_of_other_axes(d: Draws):
    kind = d.kind
    wrong, right = torch.zeros(d.one((), (1, d.N, d.H))), torch.zeros(d.N, d.H)
    hx = given(kind, wrong, right, d.one(0, 1))
    return partial(cell(d, kind), torch.zeros(d.N, d.H_in), hx), {"CELL-STATE-AXES"}


@deed
def a_cells_state_of_another_batch(d: Draws):
    kind = d.kind
    wrong, right = torch.zeros(d.one(1, d.other, d.N + 1), d.H), torch.zeros(d.N, d.H)
    hx = given(kind, wrong, right, d.one(0, 1))
    return partial(cell(d, kind), torch.zeros(d.N, d.H_in), hx), {"CELL-BATCH-SIZE"}


@deed
def a_cells_state_of_other_features(d: Draws):
    kind = d.kind
    wrong, right = torch.zeros(d.N, d.one(1, d.other, d.H + 1)), torch.zeros(d.N, d.H)
    hx = given(kind, wrong, right, d.one(0, 1))
    return partial(cell(d, kind), torch.zeros(d.N, d.H_in), hx), {"CELL-HIDDEN-SIZE"}


@deed
def one_state_for_an_lstm_cell(d: Draws):
    hx = torch.zeros(d.one((d.N, d.H), (2, d.N, d.H)))
    return partial(nn.LSTMCell(d.H_in, d.H), torch.zeros(d.N, d.H_in), hx), {"CELL-ONE-TENSOR"}


@deed
def more_or_fewer_states_for_an_lstm_cell(d: Draws):
    hx = d.one(tuple, list)([torch.zeros(d.N, d.H)] * d.one(0, 1, 3))
    return partial(nn.LSTMCell(d.H_in, d.H), torch.zeros(d.N, d.H_in), hx), {"CELL-NOT-A-PAIR"}


@deed
def a_cells_input_that_is_no_tensor(d: Draws):
    return partial(cell(d, d.kind), d.thing), KINDS


@deed
def a_cells_state_that_is_no_tensor(d: Draws):
    thing = d.thing
    hx = 0 if thing is None else thing
    return partial(cell(d, d.one("RNN", "GRU")), torch.zeros(d.N, d.H_in), hx), KINDS


@deed
def a_cell_of_an_unknown_nonlinearity(d: Draws):
    made = nn.RNNCell(d.H_in, d.H, nonlinearity=d.one("sigmoid", "Tanh", "", None))
    return partial(made, torch.zeros(d.N, d.H_in)), {"CELL-NONLINEARITY"}


@deed
def a_cell_of_a_negative_size(d: Draws):
    sizes = d.one((-1, d.H), (d.H_in, -1), (-d.N, -d.H))
    return partial(CELLS[d.kind], *sizes), {"NEGATIVE-SIZE"}


@deed
def a_cell_of_a_size_that_is_no_int(d: Draws):
    kind = d.kind
    sizes = d.one((2.5, d.H), ("7", d.H), (None, d.H), (d.H_in, 2.5), (d.H_in, None), (d.H_in, "7"))
    return partial(CELLS[kind], *sizes), {
        "KERNEL-SIZE-TYPE",
        "EMBEDDING-SIZES",
        "CELL-SIZE-MISSING",
    }


@deed
def a_keyword_that_a_cell_has_not(d: Draws):
    names = {"num_layers": 2, "batch_first": True, "dropout": 0.5, "bidirectional": True}
    name = d.one(*names)
    return partial(CELLS[d.kind], d.H_in, d.H, **{name: names[name]}), {"CELL-KEYWORD"}


@deed
def a_cells_argument_twice(d: Draws):
    name = d.one("input_size", "hidden_size")
    return partial(CELLS[d.kind], d.H_in, d.H, **{name: d.other}), {"CELL-ARGUMENTS"}


@deed
def a_cells_dtypes_mixed(d: Draws):
    kind = d.kind
    x = torch.zeros(d.N, d.H_in, dtype=d.one(torch.float64, torch.float16, torch.int64))
    return partial(cell(d, kind), x), {
        *("DTYPE-MATRICES", "DTYPE-WEIGHTS-DIFFER", "DTYPE-MATMUL", "INPUT-DTYPE"),
    }


# --- losses --------------------------------------------------------------------------------------


def logits(d: Draws) -> torch.Tensor:
    return torch.zeros(d.N, d.L, d.C)


@deed
def classes_that_stand_last(d: Draws):
    targets = torch.zeros(d.N, d.L, dtype=torch.int64)
    call = d.one(nn.CrossEntropyLoss(), nn.NLLLoss())
    return partial(call, logits(d), targets), {"CE-TARGET-SIZE"}


@deed
def targets_of_another_batch(d: Draws):
    targets = torch.zeros(d.other, dtype=torch.int64)
    call = d.one(nn.CrossEntropyLoss(), nn.NLLLoss())
    return partial(call, torch.zeros(d.N, d.C), targets), {"CE-BATCH-SIZE"}


@deed
def targets_of_two_axes(d: Draws):
    targets = torch.zeros(d.N, d.one(1, d.L), dtype=torch.int64)
    call = d.one(nn.CrossEntropyLoss(), nn.NLLLoss())
    return partial(call, torch.zeros(d.N, d.C), targets), {"CE-MULTI-TARGET"}


@deed
def targets_of_another_dtype(d: Draws):
    targets = torch.zeros(d.N, dtype=d.one(torch.float32, torch.int32, torch.float64, torch.bool))
    return partial(nn.CrossEntropyLoss(), torch.zeros(d.N, d.C), targets), {"CE-TARGET-DTYPE"}


@deed
def a_class_that_there_is_not(d: Draws):
    targets = torch.full((d.N,), d.one(d.C, -1, d.C + d.other))
    call = d.one(nn.CrossEntropyLoss(), nn.NLLLoss())
    return partial(call, torch.zeros(d.N, d.C), targets), {"CE-OUT-OF-BOUNDS"}


@deed
def weights_of_other_classes(d: Draws):
    loss = nn.CrossEntropyLoss(weight=torch.ones(d.other))
    return partial(loss, torch.zeros(d.N, d.C), torch.zeros(d.N, dtype=torch.int64)), {"CE-WEIGHT"}


@deed
def what_is_not_gone_through(d: Draws):
    thing = d.one(object(), len, nn.Linear(2, 3), nn.GRU, torch.float32, slice(2), ..., 1j)
    call = d.one(
        partial(nn.LSTMCell(d.H_in, d.H), torch.zeros(d.N, d.H_in)),
        nn.ModuleList,
        partial(torch.autograd.grad, torch.zeros(1, requires_grad=True).sum()),
    )
    return partial(call, thing), {"OBJECT-NOT-ITERABLE"}


@deed
def a_state_without_entries(d: Draws):
    parts = [torch.zeros(2, d.H_in), torch.zeros(d.L, d.H_in)]
    packed = utils.pack_sequence(parts, enforce_sorted=d.L < 2)
    thing = d.one(object(), nn.Linear(2, 3), torch.float32, slice(2), ..., 1j, nn.GRU)
    return partial(d.network("LSTM"), packed, thing), {"OBJECT-NOT-SUBSCRIPTABLE"}


@deed
def a_state_in_a_dict(d: Draws):
    network = d.network("LSTM")
    state = d.one({}, {"h": d.state(network)})
    return partial(network, d.x(network), state), {"KEY-NUMBER"}


@deed
def an_array_where_a_number_is_meant(d: Draws):
    many = d.one(np.array([2, 3]), torch.tensor([2, 3]), np.ones(d.other))
    packed = utils.pack_sequence([torch.zeros(d.L, d.H_in)])
    call = d.one(
        partial(NETWORKS[d.kind], d.H_in, d.H, num_layers=many),
        partial(utils.pad_packed_sequence, packed, total_length=many),
    )
    return call, {"TRUTH-OF-MANY"}


@deed
def a_sparse_state_or_sequence(d: Draws):
    network = d.network("GRU")
    call = d.one(
        partial(network, d.x(network), d.state(network).to_sparse()),
        partial(utils.pad_sequence, [torch.zeros(d.L).to_sparse()] * 2),
        partial(utils.pad_sequence, [torch.zeros(d.L), torch.zeros(d.L).to_sparse()]),
    )
    return call, {"SPARSE-INPUT"}


@deed
def a_loss_of_no_tensor(d: Draws):
    targets = torch.zeros(d.N, dtype=torch.int64)
    wrong = d.one((logits(d), None), None, [1.0], 5.0, "text")
    call = d.one(
        partial(nn.CrossEntropyLoss(), wrong, targets),
        partial(nn.CrossEntropyLoss(), torch.zeros(d.N, d.C), wrong),
    )
    return call, {"LOSS-NOT-A-TENSOR"}


@deed
def an_unknown_reduction(d: Draws):
    loss = d.one(nn.CrossEntropyLoss, nn.MSELoss, nn.BCELoss)(reduction=d.one("avg", "Mean", "max"))
    numbers = torch.full((d.N,), 0.5)
    return partial(loss, numbers, numbers), {"LOSS-REDUCTION"}


@deed
def targets_that_are_broadcast(d: Draws):
    loss = d.one(nn.MSELoss(), nn.L1Loss(), nn.SmoothL1Loss(), nn.HuberLoss())
    return partial(loss, torch.zeros(d.N, 1), torch.zeros(d.N)), {"MSE-TARGET-SIZE"}


@deed
def binary_targets_of_another_size(d: Draws):
    loss = d.one(nn.BCELoss(), nn.BCEWithLogitsLoss())
    return partial(loss, torch.full((d.N, 1), 0.5), torch.zeros(d.N)), {"BCE-TARGET-SIZE"}


@deed
def probabilities_out_of_range(d: Draws):
    return partial(nn.BCELoss(), torch.full((d.N,), d.one(-0.5, 1.5, 7.0)), torch.zeros(d.N)), {
        "BCE-RANGE"
    }


@dataclass
class CTC:
    """What CTCLoss takes, all of it right."""

    log_probs: torch.Tensor
    targets: torch.Tensor
    input_lengths: Any
    target_lengths: Any
    blank: int = 0

    @classmethod
    def of(cls, d: Draws) -> "CTC":
        L, N = d.L + 13, d.N
        targets = torch.ones(N, 2, dtype=torch.int64)
        lengths = torch.full((N,), L), torch.full((N,), 2)
        return cls(torch.zeros(L, N, d.C).log_softmax(-1), targets, *lengths)

    def __call__(self) -> object:
        loss = nn.CTCLoss(blank=self.blank)
        return loss(self.log_probs, self.targets, self.input_lengths, self.target_lengths)


@deed
def ctc_lengths_of_another_batch(d: Draws):
    ctc = CTC.of(d)
    name, entry = d.one(
        ("input_lengths", "CTC-INPUT-LENGTHS-COUNT"), ("target_lengths", "CTC-TARGET-LENGTHS-COUNT")
    )
    setattr(ctc, name, getattr(ctc, name)[: d.N - 1])
    return ctc, {entry}


@deed
def ctc_lengths_of_float(d: Draws):
    ctc = CTC.of(d)
    name = d.one("input_lengths", "target_lengths")
    setattr(ctc, name, getattr(ctc, name).float())
    return ctc, {"CTC-LENGTHS-INTEGRAL"}


@deed
def ctc_input_that_is_longer_than_it_is(d: Draws):
    ctc = CTC.of(d)
    ctc.input_lengths = ctc.input_lengths + d.one(1, d.other)
    return ctc, {"CTC-INPUT-LENGTH-TOO-LONG"}


@deed
def ctc_targets_that_are_shorter_than_said(d: Draws):
    ctc = CTC.of(d)
    ctc.target_lengths = ctc.target_lengths + d.one(1, d.other)
    return ctc, {"CTC-TARGETS-NARROW"}


@deed
def ctc_flat_targets_of_another_sum(d: Draws):
    ctc = CTC.of(d)
    ctc.targets = torch.ones(2 * d.N + d.one(1, -1), dtype=torch.int64)
    return ctc, {"CTC-TARGETS-FLAT"}


@deed
def ctc_targets_of_other_axes(d: Draws):
    ctc = CTC.of(d)
    ctc.targets = ctc.targets[..., None]
    return ctc, {"CTC-TARGETS-AXES"}


@deed
def ctc_scores_of_other_axes(d: Draws):
    ctc = CTC.of(d)
    ctc.log_probs = ctc.log_probs[None]
    return ctc, {"CTC-LOG-PROBS-AXES"}


@deed
def a_ctc_blank_that_is_no_class(d: Draws):
    ctc = CTC.of(d)
    ctc.blank = d.one(-1, d.C, d.C + d.other)
    return ctc, {"CTC-BLANK"}


@deed
def ctc_scores_of_another_dtype(d: Draws):
    ctc = CTC.of(d)
    ctc.log_probs = ctc.log_probs.to(d.one(torch.int64, torch.float16, torch.bfloat16))
    return ctc, {"CTC-DTYPE"}


@deed
def a_negative_length_of_ctc(d: Draws):
    ctc = CTC.of(d)
    ctc.target_lengths = torch.full((d.N,), -1)
    return ctc, {"CTC-LENGTH-NEGATIVE"}
