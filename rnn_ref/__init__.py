"""Recurrent networks in NumPy, written to be read, and equal to `torch.nn`."""

from rnn_ref import shapes
from rnn_ref.cell_modules import GRUCell, LSTMCell, RNNCell
from rnn_ref.modules import GRU, LSTM, RNN

__all__ = ["GRU", "LSTM", "RNN", "GRUCell", "LSTMCell", "RNNCell", "shapes"]
