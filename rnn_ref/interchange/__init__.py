"""Weights between torch and Keras, ONNX or Flax, as NumPy arrays; none of them is imported.

Torch's side is a `state_dict`, the other side a list with what each layer holds there. What the
other side cannot hold is refused, with the reason. Weights do not tell the nonlinearity of an RNN,
nor its dropout: set these on both sides.
"""

from rnn_ref.interchange.flax import from_flax, to_flax
from rnn_ref.interchange.gates import ORDERS
from rnn_ref.interchange.keras import from_keras, to_keras
from rnn_ref.interchange.onnx import from_onnx, to_onnx

__all__ = ["ORDERS", "from_flax", "from_keras", "from_onnx", "to_flax", "to_keras", "to_onnx"]
