"""Drawings of tensors, networks and numbers, as SVG made from an example's own arrays.

Only names are typed in: every number and every size in a figure is read from an array. NumPy
arrays, nested lists and torch tensors on the CPU all do; where numbers are drawn and not shapes
alone, a torch tensor that requires gradients is to be detached first.
"""

from rnn_ref.figures.attention_step import attention
from rnn_ref.figures.charts import product, trajectories
from rnn_ref.figures.colours import AXIS_COLOURS
from rnn_ref.figures.figure import Figure
from rnn_ref.figures.packing import packed
from rnn_ref.figures.patterns import named, pattern
from rnn_ref.figures.sizes import sizes_over_time
from rnn_ref.figures.steps import gru_step, lstm_step
from rnn_ref.figures.tensors import mapping, readings, stacked, states, tensor, unrolled

__all__ = [
    "AXIS_COLOURS",
    "Figure",
    "attention",
    "gru_step",
    "lstm_step",
    "mapping",
    "named",
    "packed",
    "pattern",
    "product",
    "readings",
    "sizes_over_time",
    "stacked",
    "states",
    "tensor",
    "trajectories",
    "unrolled",
]
