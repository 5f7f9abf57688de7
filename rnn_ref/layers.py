"""From one step to a network: the loop over time, the directions, the stack, dropout.

A sequence is a list of steps, each (N, features). A reversed sequence is the reversed list, so
the one loop, `scan`, serves every direction. What a state is, only the step function knows.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from rnn_ref.cells import ACTIVATIONS, gru_cell, lstm_cell, rnn_cell

Array = NDArray[Any]
State = TypeVar("State")
# (input of the step, state) -> (output of the step, next state)
Step: TypeAlias = Callable[[Array, State], tuple[Array, State]]


def rnn_step(weights: Mapping[str, Array], nonlinearity: str) -> Step[Array]:
    """Bind weights to `cells.rnn_cell`, whose output is its state.

    Args:
        weights: W_ih (H_cell, H_in), W_hh (H_cell, H_cell) and, if there is a bias, b_ih and b_hh
            (H_cell,).
        nonlinearity: `"tanh"` or `"relu"`.

    Returns:
        A step whose state is h, (N, H_cell).
    """
    activation = ACTIVATIONS[nonlinearity]

    def step(x: Array, h: Array) -> tuple[Array, Array]:
        h = rnn_cell(x, h, **weights, activation=activation)
        return h, h

    return step


def lstm_step(weights: Mapping[str, Array]) -> Step[tuple[Array, Array]]:
    """Bind weights to `cells.lstm_cell`, whose output is the hidden half of its state.

    Args:
        weights: W_ih (4*H_cell, H_in), W_hh (4*H_cell, H_out) and, where the network has them, b_ih
            and b_hh (4*H_cell,) and W_hr (H_out, H_cell).

    Returns:
        A step whose state is the pair of h, (N, H_out), and c, (N, H_cell).
    """

    def step(x: Array, state: tuple[Array, Array]) -> tuple[Array, tuple[Array, Array]]:
        h, c = lstm_cell(x, *state, **weights)
        return h, (h, c)

    return step


def gru_step(weights: Mapping[str, Array]) -> Step[Array]:
    """Bind weights to `cells.gru_cell`, whose output is its state.

    Args:
        weights: W_ih (3*H_cell, H_in), W_hh (3*H_cell, H_cell) and, if there is a bias, b_ih and
            b_hh (3*H_cell,).

    Returns:
        A step whose state is h, (N, H_cell).
    """

    def step(x: Array, h: Array) -> tuple[Array, Array]:
        h = gru_cell(x, h, **weights)
        return h, h

    return step


def scan(step: Step[State], steps: Sequence[Array], state: State) -> tuple[list[Array], State]:
    """Take one step after the other: the only loop over time.

    Args:
        step: What happens in one step.
        steps: The input of each step, in the order in which they are taken.
        state: The state before the first one.

    Returns:
        The output of each step, in the same order, and the state after the last one.
    """
    outputs = []
    for x in steps:
        output, state = step(x, state)
        outputs.append(output)
    return outputs, state


def layer(
    directions: Sequence[Step[State]], steps: Sequence[Array], states: Sequence[State]
) -> tuple[list[Array], list[State]]:
    """Run one layer: forward and, if there is a second direction, from the last step to the first.

    Args:
        directions: D step functions: forward, reverse.
        steps: L inputs, (N, features) each.
        states: D states: the forward direction's before step 0, the reverse one's before step L-1.

    Returns:
        L outputs, (N, D*H_out) each, forward features before reverse ones; and D final states, the
        reverse one's after step 0.
    """
    D = len(directions)
    outputs, finals = [], []
    for step, state, order in zip(directions, states, (1, -1)[:D], strict=True):
        taken, final = scan(step, steps[::order], state)
        outputs.append(taken[::order])  # back into the order of time
        finals.append(final)
    return [np.concatenate(h, axis=-1) for h in zip(*outputs, strict=True)], finals


def stack(
    layers: Sequence[Sequence[Step[State]]],
    steps: Sequence[Array],
    states: Sequence[State],
    dropout_p: float,
    rng: np.random.Generator,
) -> tuple[Sequence[Array], list[State]]:
    """Run the layers one above the other, with dropout on what each hands to the next.

    Args:
        layers: num_layers layers of D step functions.
        steps: L inputs, (N, H_in) each.
        states: D*num_layers states: layer 0 forward, layer 0 reverse, layer 1 forward, ...
        dropout_p: Probability in [0, 1] that an element between two layers becomes zero; the
            output of the last layer is left alone.
        rng: Where dropout's draws come from.

    Returns:
        L outputs of the last layer, (N, D*H_out) each, and D*num_layers final states in the order
        of `states`.
    """
    finals: list[State] = []
    for k, directions in enumerate(layers):
        if k > 0 and dropout_p > 0:
            steps = [dropout(x, dropout_p, rng) for x in steps]
        D = len(directions)
        steps, last = layer(directions, steps, states[k * D : (k + 1) * D])
        finals += last
    return steps, finals


def dropout(x: Array, p: float, rng: np.random.Generator) -> Array:
    """Set each element to zero with probability p and divide the others by 1 - p.

    The division ("inverted dropout", as in `torch.nn.Dropout`) keeps the expectation at x, so that
    nothing has to be rescaled when dropout is off.

    Args:
        x: Any shape, float32 or float64.
        p: In [0, 1]; 1 leaves nothing.
        rng: Where the draws come from.

    Returns:
        A new array of the same shape and dtype.
    """
    scale = 1 / (1 - p) if p < 1 else 0.0
    return x * (rng.random(x.shape) >= p) * scale
