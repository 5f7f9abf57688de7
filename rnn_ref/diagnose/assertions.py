"""Assertions for the tests of a reader's own project, with messages that say what to do."""

from typing import Any

import numpy as np

from rnn_ref.diagnose import doors
from rnn_ref.diagnose.influence import Flags, at_position, bases, followers, see
from rnn_ref.diagnose.padding import padding_moves
from rnn_ref.diagnose.samples import leaks
from rnn_ref.diagnose.subjects import Module, Subject
from rnn_ref.diagnose.untouched import untouched
from rnn_ref.diagnose.wrappers import Swapped, said_inside


@untouched
def assert_batch_independent(module: Module, x: Any, *, batch_first: bool = True) -> None:
    """Assert that the output of each sample depends on that sample alone.

    Args:
        module: What is examined, as said at the top of `rnn_ref.diagnose`.
        x: (N, L, H_in), or (L, N, H_in) if not batch_first; of another shape, axis 0 or 1 is the
            batch. N is at least 2. It is not changed.
        batch_first: Whether axis 0 of x and of the output is the batch; otherwise axis 1 is.

    Raises:
        AssertionError: Samples meet, or a call depends on the one before it. The message names the
            samples, the cause if it can be shown, and what to do.
        TypeError: As `leaks`.
        ValueError: As `leaks`.

    Examples:
        ```python
        import torch

        from rnn_ref.diagnose import assert_batch_independent

        batch = torch.randn(3, 5, 7)
        assert_batch_independent(torch.nn.GRU(7, 13, batch_first=True), batch)
        try:
            assert_batch_independent(torch.nn.GRU(7, 13), batch)
        except AssertionError as error:
            print(str(error).splitlines()[0])
        #> Expected the output of each sample to depend on that sample alone.
        ```
    """
    examined, x = _in_order(module, x, batch_first)
    told = leaks(examined, x)
    if told.cause:
        raise AssertionError(
            f"Expected the output of each sample to depend on that sample alone.\n{told}"
        )


@untouched
def assert_causal(module: Module, x: Any, *, batch_first: bool = True) -> None:
    """Assert that the output at each step depends on no later step.

    Args:
        module: What is examined, as said at the top of `rnn_ref.diagnose`. It returns every step.
        x: (N, L, H_in), or (L, N, H_in) if not batch_first; of another shape, axis 1 or 0 are the
            steps. L is at least 2. It is not changed.
        batch_first: Whether axis 1 of x and of the output are the steps; otherwise axis 0 are.

    Raises:
        AssertionError: A step moves one before it. The message says which, how far ahead the output
            looks, and what to do.
        TypeError: x or the output is no array of numbers.
        ValueError: The output has not a step for each step of x, x has no two steps; or as `leaks`.

    Examples:
        ```python
        import torch

        from rnn_ref.diagnose import assert_causal

        batch = torch.randn(3, 5, 7)
        assert_causal(torch.nn.GRU(7, 13, batch_first=True), batch)
        try:
            assert_causal(torch.nn.GRU(7, 13, batch_first=True, bidirectional=True), batch)
        except AssertionError as error:
            print(error)
        #> Expected the output at each step to depend on that step and those before it.
        #> Got an output at step 0 that moves when step 1 of x is changed.
        #> The GRU inside has bidirectional=True.
        #> Its reverse direction begins at the end. Leave it out: bidirectional=False.
        ```
    """
    subject = Subject(*_in_order(module, x, batch_first))
    _check_steps(subject)
    seen = _seen(subject)
    ahead = np.triu(seen, 1)
    if not ahead.any():
        return
    t_out, t_in = (int(place) for place in np.argwhere(ahead)[0])
    raise AssertionError(
        "Expected the output at each step to depend on that step and those before it.\n"
        f"Got an output at step {t_out} that moves when step {t_in} of x is changed.\n"
        + _reason(subject, seen)
    )


@untouched
def assert_padding_ignored(
    module: Any,
    x: Any,
    lengths: Any,
    *,
    batch_first: bool = True,
    padding_value: float | None = None,
) -> None:
    """Assert that neither what padding holds nor how much there is moves what is returned.

    The module is called as `module(x, lengths)`. All arrays that it returns are compared, those in
    tuples, lists, dicts and packed sequences too. Of an array with steps, which gets longer with x,
    the steps within a sample's length count; of others, such as h_n, all.

    Args:
        module: Takes x and lengths. One that finds the lengths in x is wrapped,
            `lambda x, lengths: model(x)`, and padding_value says by which number.
        x: (N, L, H_in), or (L, N, H_in) if not batch_first; or ids without H_in. It is not changed.
        lengths: (N,), integers from 1 to L, in any class; it is handed on as it is.
        batch_first: Whether x, and outputs with steps, begin with N.
        padding_value: What padding has to hold. If None, it may hold anything, and other numbers
            are put there; otherwise there is only more and less of it.

    Raises:
        AssertionError: Padding moves an output. The message says what moved and what to do.
        TypeError: x is no array of numbers, or the module returns none.
        ValueError: lengths do not fit x, an output holds NaN, or two calls differ.

    Examples:
        ```python
        import torch
        from torch.nn.utils.rnn import pack_padded_sequence

        from rnn_ref.diagnose import assert_padding_ignored

        torch.manual_seed(0)
        rnn = torch.nn.GRU(7, 13, batch_first=True)

        def packed(x, lengths):
            return rnn(pack_padded_sequence(x, lengths, batch_first=True))[1]

        batch, lengths = torch.randn(3, 5, 7), torch.tensor([5, 3, 2])
        assert_padding_ignored(packed, batch, lengths)
        try:
            assert_padding_ignored(lambda x, lengths: rnn(x)[1], batch, lengths)
        except AssertionError as error:
            print(error)
        #> Expected outputs that depend neither on what padding holds nor on how much there is.
        #> Got: Other numbers in the padding moved the output of samples 1, 2 by 0.5673.
        #> Got: More padding moved the output of samples 0, 1, 2 by 0.7928.
        #> The state runs on through the padding, or is read at step -1, or padding goes into a
        #> mean. Pack the batch with pack_padded_sequence, or read step lengths - 1.
        ```
    """
    found = padding_moves(module, x, lengths, batch_first, padding_value)
    if found:
        raise AssertionError(
            "Expected outputs that depend neither on what padding holds nor on how much there is.\n"
            + "\n".join(found)
        )


def _in_order(module: Module, x: Any, batch_first: bool) -> tuple[Module, Any]:
    """The module and x, both beginning with the batch."""
    doors.check_input(module, x)
    if batch_first:
        return module, x
    if len(x.shape) < 2:
        got = tuple(x.shape)
        raise ValueError(f"Expected x to have steps and samples, (L, N, H_in), got {got}.")
    return Swapped(module), x.swapaxes(0, 1)


def _check_steps(subject: Subject) -> None:
    x, output = subject.values.shape, subject.output.shape
    if len(x) < 2 or x[1] < 2:
        raise ValueError(f"Expected x to have two steps or more, (N, L, H_in), got {x}.")
    follow = followers(subject, 1)
    if len(output) < 2 or output[1] != x[1] or (follow is not None and 1 not in follow):
        raise ValueError(
            f"Expected an output with a step for each of {x[1]} steps of x {x}, as in "
            f"(N, L, H_out), got {output}. Let the module return every step."
        )


def _seen(subject: Subject) -> Flags:
    """Which steps of the input each step of the output depends on, whatever the sample."""
    L = subject.values.shape[1]
    seen = np.zeros((L, L), bool)
    for base in bases(subject):
        for step in range(L):
            see(subject, base, at_position(1, step), (1,), seen[:, step])
    return seen


def _reason(subject: Subject, seen: Flags) -> str:
    """What looks ahead, as far as the steps that are seen show it, and the way out."""
    ahead = max(int(t_in - t_out) for t_out, t_in in np.argwhere(seen))
    inside = said_inside(subject.module, "bidirectional", True)
    if ahead < len(seen) - 1:
        return (
            f"It looks {ahead} ahead, as a convolution does that is padded on both sides.\n"
            "Pad in front alone, or cut what is too much behind."
        )
    if inside:
        return (
            f"{inside}\nIts reverse direction begins at the end. Leave it out: bidirectional=False."
        )
    if not np.tril(seen, -1).any():
        return "It reads from the end, and sees nothing before.\nIs x flipped, and the output not?"
    return (
        "It looks at all steps: an attention without a mask, a norm or a mean over the steps.\n"
        "Mask what comes later, or take the mean of what has come."
    )
