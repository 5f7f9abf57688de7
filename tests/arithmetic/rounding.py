"""Floating point as another machine has it: results moved by a few units in the last place.

The processor, its libraries, the number of threads and the layout of memory decide in which order
a sum is added up and how `tanh` is approximated, so the last bits of a result are nobody's
promise. What each machine does repeat is the same call on the same values. A `Rounding` is one
such machine: by how much it moves a result depends on the call, on the layout of what the call
was given and on the result itself, and on nothing else.
"""

import functools
import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

# What is rounded more than once or approximated, by its name in torch or NumPy, in families that
# differ in the numbers whose last place counts. All else is exact or, as a sum of two numbers,
# rounded once, as IEEE 754 says: the same anywhere.
FAMILIES = {
    "sums": """
        addbmm addmm addmv baddbmm bilinear bmm chain_matmul conv1d conv2d conv3d convolve correlate
        cumsum dot einsum inner linear matmul mm mv nansum sum tensordot trace vdot vecdot
    """,
    "means": """
        adaptive_avg_pool1d adaptive_avg_pool2d average avg_pool1d avg_pool2d lp_pool1d mean nanmean
        nanquantile quantile trapezoid
    """,
    "states": """
        rnn_tanh rnn_relu lstm gru rnn_tanh_cell rnn_relu_cell lstm_cell gru_cell addcdiv addcmul
        batch_norm group_norm instance_norm layer_norm lerp local_response_norm log_softmax
        logsumexp multi_head_attention_forward rms_norm scaled_dot_product_attention
        binary_cross_entropy binary_cross_entropy_with_logits cosine_embedding_loss cross_entropy
        ctc_loss gaussian_nll_loss hinge_embedding_loss kl_div margin_ranking_loss nll_loss
        poisson_nll_loss soft_margin_loss triplet_margin_loss
    """,
    "wholes": """
        grad gradient cdist cholesky cholesky_inverse cholesky_solve cov corrcoef det eig eigh
        eigvals eigvalsh fft ifft inv inverse irfft lstsq lu_factor matrix_exp matrix_power pdist
        pinv pinverse qr rfft slogdet solve svd svdvals
    """,
    "functions": """
        acos acosh arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin asinh atan atan2 atanh
        cbrt celu cond cos cosh cosine_similarity cumprod deg2rad digamma dist elu erf erfc erfinv
        exp exp2 expit expm1 gelu glu hardsigmoid hardswish huber_loss hypot i0 l1_loss lgamma log
        log10 log1p log2 logaddexp logaddexp2 logit logsigmoid mish mse_loss norm normalize
        pairwise_distance pow power prod rad2deg rsqrt selu sigmoid silu sin sinc sinh
        smooth_l1_loss softmax softmin softplus softsign sqrt std tan tanh tanhshrink var
        vector_norm xlogy kaiming_normal normal orthogonal randn randn_like trunc_normal
        xavier_normal
    """,
}
FAMILY = {name: family for family, names in FAMILIES.items() for name in names.split()}


@functools.cache
def known_as(name: str) -> str | None:
    """Return by what name a function or method is known here: `__rmatmul__`, `tanh_`; or None."""
    stem = name.strip("_").removeprefix("linalg_")
    if name.startswith("__r") and stem not in FAMILY:
        stem = stem.removeprefix("r")
    return stem if stem in FAMILY else None


@dataclass(frozen=True)
class _Format:
    """A binary format of floats: its words, and which of their bits are what."""

    word: type
    digits: int  # of the fraction
    half: int  # the bits of 0.5
    odd: tuple[int, int]  # what words are multiplied with, to mix their bits
    shift: int


_FORMATS = {
    4: _Format(np.uint32, 23, 0x3F000000, (0x9E3779B1, 0x85EBCA6B), 15),
    8: _Format(np.uint64, 52, 0x3FE0000000000000, (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9), 29),
}


class Rounding:
    """A machine.

    Args:
        draw: Tells it from other machines; an odd one moves up what the even one before it moves
            down, so that a number on the edge of a rounding falls off on one of them.
        units: By how many units in the last place it moves a result at the most.
    """

    def __init__(self, draw: int, units: float):
        self.pair, odd = divmod(draw, 2)
        self.units = -units if odd else units
        self.calls = 0  # those that it was shown

    def move(
        self,
        name: str,
        layouts: tuple[object, ...],
        values: Floats,
        precision: float,
        recall: Callable[[Callable[[Any], Any]], Floats],
    ) -> Floats:
        """Return the results of a call as this machine gives them.

        Args:
            name: What was called, one of `FAMILY`.
            layouts: Shapes and strides of what it was given.
            values: What it gave, any shape, in 32 or 64 bits.
            precision: The distance from one to the next number in the results' own dtype.
            recall: Gives what it gives for changed arrays: `recall(abs)`.
        """
        known = _FORMATS[values.itemsize]
        bits = np.atleast_1d(values).view(known.word)  # numbers alone warn where they overflow
        step = _distances(bits, _key(self.pair, name, layouts), known)
        step *= self.units * precision / 2
        step *= _scale(name, values, recall)
        step[_is_short(bits, round(-math.log2(precision)), known)] = 0
        if FAMILY[name] == "sums":
            step[np.atleast_1d(recall(_is_not_zero) <= 1)] = 0
        return values + step.reshape(values.shape)


class Coarse(Rounding):
    """A machine with so few digits that another path to the same number makes no difference."""

    def move(
        self,
        name: str,
        layouts: tuple[object, ...],
        values: Floats,
        precision: float,
        recall: Callable[[Callable[[Any], Any]], Floats],
    ) -> Floats:
        """Return the results of a call with the last half of their digits gone."""
        scale = np.maximum(_scale(name, values, recall), np.finfo(values.dtype).tiny)
        step = np.exp2(np.floor(np.log2(scale))) * math.sqrt(precision)
        return (np.round(np.atleast_1d(values) / step) * step).reshape(values.shape)


@functools.cache
def _key(pair: int, name: str, layouts: tuple[object, ...]) -> int:
    """Return what stands for a call, the same in each process."""
    return zlib.crc32(repr((pair, name, layouts)).encode())


def _distances(bits: NDArray[Any], key: int, known: _Format) -> Floats:
    """Draw a number for each result, from 0.5 to 1, up or down."""
    first, second = map(known.word, known.odd)
    mixed = (bits ^ known.word(key)) * first
    mixed ^= mixed >> known.word(known.shift)
    mixed *= second
    sign, fraction = 1 << (8 * mixed.itemsize - 1), (1 << known.digits) - 1
    mixed &= known.word(sign | fraction)
    mixed |= known.word(known.half)
    return mixed.view(f"f{mixed.itemsize}")


def _is_not_zero(array: Any) -> Any:
    return array != 0


def _is_short(bits: NDArray[Any], digits: int, known: _Format) -> NDArray[np.bool_]:
    """Tell where the last half of the digits is zero: 0, 1, 0.5, a count are the same anywhere."""
    half = ((1 << digits // 2) - 1) << (known.digits - digits)
    return np.asarray(bits & known.word(half) == 0)


def _scale(name: str, values: Floats, recall: Callable[..., Floats]) -> Floats:
    """Return how large the numbers are whose last place counts: terms may cancel, results not."""
    family, sizes = FAMILY[name], np.atleast_1d(np.abs(values))
    if family in ("sums", "means"):
        return np.atleast_1d(recall(abs))
    if family == "functions":
        return sizes
    if family == "states":  # each by itself: `output` and `h_n` hold the same numbers
        return np.maximum(sizes, 1, dtype=values.dtype)
    return sizes.max(initial=0, keepdims=True)
