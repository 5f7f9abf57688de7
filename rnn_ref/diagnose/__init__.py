"""What a module does with its axes, found out by calling it; what tensors a configuration has.

All but `explain` take any module, without knowing its library:

- It is called as `module(x)`, with x a NumPy array or a torch tensor, whichever the reader gives;
  the inputs made up here have x's device and, if x holds integers, its dtype.
- It returns an array or tensor, or a tuple that begins with one: what follows is not looked at.
- It answers the same input with the same output, so dropout has to be off: `module.eval()`.
- It is copied, and the copies are called, so that looking changes nothing. A copy of a torch module
  works in float64 if it can. A function is copied with the modules, arrays and lists that it uses,
  and called in x's dtype. What is drawn at random is put back.

Rounding is no movement. It depends on the batch, as when fewer rows of a packed one run at a step;
but it does not come back when input and weights are moved by a hair. A movement of one part in a
hundred thousand of the size of the output is found in float32 as well, a far smaller one in
float64, unless the network itself makes more of a rounding than that.
"""

from rnn_ref.diagnose.assertions import (
    assert_batch_independent,
    assert_causal,
    assert_padding_ignored,
)
from rnn_ref.diagnose.axes import AxisRoles, axis_roles
from rnn_ref.diagnose.dependence import Dependence, depends
from rnn_ref.diagnose.samples import Leaks, leaks
from rnn_ref.explanation import explain

__all__ = [
    "AxisRoles",
    "Dependence",
    "Leaks",
    "assert_batch_independent",
    "assert_causal",
    "assert_padding_ignored",
    "axis_roles",
    "depends",
    "explain",
    "leaks",
]
