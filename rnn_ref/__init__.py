"""Recurrent networks in NumPy, written to be read, and equal to `torch.nn`."""

from rnn_ref import shapes
from rnn_ref.cell_modules import GRUCell, LSTMCell, RNNCell
from rnn_ref.messages.explanation import explain_error
from rnn_ref.modules import GRU, LSTM, RNN
from rnn_ref.packed import (
    PackedSequence,
    pack_padded_sequence,
    pack_sequence,
    pad_packed_sequence,
    pad_sequence,
    unpack_sequence,
    unpad_sequence,
)

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "GRUCell",
    "LSTMCell",
    "PackedSequence",
    "RNNCell",
    "explain_error",
    "pack_padded_sequence",
    "pack_sequence",
    "pad_packed_sequence",
    "pad_sequence",
    "shapes",
    "unpack_sequence",
    "unpad_sequence",
]
