"""What functions and methods of torch, NumPy and Python change: the tables that effects.py asks.

A function that no table names may change all that it is given, and settings and files too.
"""

import ast
import re

WORLD = "<world>"  # settings, files, warnings: what no name stands for
CHANCE = frozenset({"<torch>", "<numpy>", "<random>"})  # the numbers that are drawn next
TORCH, NUMPY, RANDOM = frozenset({"<torch>"}), frozenset({"<numpy>"}), frozenset({"<random>"})


def words(text: str) -> frozenset[str]:
    """Return the words of a table."""
    return frozenset(text.split())


# Functions of these change nothing, but for what is named below.
PURE = re.compile(
    r"(torch|numpy|math|rnn_ref|itertools|functools|collections|copy|operator|textwrap|string|re"
    r"|dataclasses|typing|inspect|types|contextlib|sklearn|tqdm|io|matplotlib|fractions|statistics"
    r"|abc|enum|json|time)\b"
)
SEEDS = {"torch.manual_seed": TORCH, "numpy.random.seed": NUMPY, "random.seed": RANDOM}
# In this order: the first that fits says what a function of others changes.
DRAWING = [
    # Whoever reads from a DataLoader draws a seed for its workers.
    (re.compile(r"torch\.nn\.init\b|torch\.nn\.[A-Z]|torch\.utils\.data\b"), TORCH),
    (re.compile(r"torch\.(\w+\.)*(rand\w*|normal|bernoulli|multinomial|poisson)$"), TORCH),
    (re.compile(r"torch\.(\w+\.)*(\w*dropout\w*|gumbel_softmax|rrelu\w*|scaled_dot\w+)$"), TORCH),
    (re.compile(r"torch\.(\w+\.)*(lstm|gru|rnn_tanh|rnn_relu|\w+_lowrank)$"), TORCH),
    (re.compile(r"numpy\.random\.(?!default_rng|Generator|PCG64)|sklearn\b"), NUMPY),
    (re.compile(r"rnn_ref\.(\w+\.)*[A-Z]|rnn_ref\.diagnose\b"), CHANCE),
    (re.compile(r"random\."), RANDOM),
]
UNTOLD = re.compile(  # they call what they are given, or change it
    r".*_$|torch\.nn\.utils\.(?!rnn\b)|torch\.(func|jit|export|compile\w*|_dynamo|fx|onnx|ao"
    r"|nn\.init|quantization|autograd\.grad|autograd\.backward|optim\.lr_scheduler|vmap|amp)\b"
    r"|functools\.reduce|contextlib\.suppress"
)
WORLDLY = re.compile(
    r"torch\.(\w+\.)*(set_\w+|use_\w+|save|load|seed|fork_rng|reset)$|torch\.(cuda|backends)\b"
    r"|numpy\.(set\w+|save\w*|load\w*)$|numpy\.random\.set_state|matplotlib\.(\w+\.)*(use|rc)\b"
    r"|(torch|numpy)\.\w*from(_)?file"
)
BUILTINS = words(
    """
    abs all any bool bytes callable chr complex dict divmod enumerate float format
    frozenset getattr hasattr hash hex id int isinstance issubclass iter len list max min
    object ord pow print property range repr reversed round set slice sorted staticmethod str
    sum super tuple type vars zip
    """
)
METHODS = words(
    """
    abs all allclose amax amin any argmax argmin argsort as_subclass astype bincount bmm chunk
    clamp clone contiguous copy count count_nonzero cpu cummax cummin cumsum data_ptr date
    dedent deepcopy detach diag diagonal diff dim dot einsum endswith eq equal exp expand
    expand_as fill_diagonal flatten flip gather ge get get_last_lr get_scale getvalue gt index
    index_add index_fill index_select is_contiguous isclose isfinite isinf isnan item items join
    keys le log log_prob log_softmax logical_and long lower lstrip lt masked_fill masked_select
    matmul max mean median min mm movedim mT most_common mul narrow ndimension ne new_full
    new_ones new_tensor new_zeros nonzero norm numel numpy partition permute pow prod ravel relu
    removeprefix removesuffix repeat repeat_interleave replace reshape roll round rstrip scatter
    scatter_add sigmoid sign sin size softmax split splitlines sqrt square squeeze startswith
    state_dict std strip sub sum swapaxes t take tanh tell title to_dense to_sparse tobytes
    tolist topk transpose tril triu type_as unbind unflatten unfold unique unsqueeze upper
    values var view view_as where zfill parameters named_parameters modules children
    named_children buffers bool int byte _replace _asdict sizes_over_time
    """
)
# They change what they are called on, and draw nothing.
CHANGING = words(
    """
    append extend update pop add insert remove clear sort setdefault copy_ fill_ zero_ add_ mul_
    sub_ div_ backward step zero_grad load_state_dict eval train requires_grad_ register_buffer
    register_parameter register_hook register_forward_hook register_full_backward_hook
    retain_grad seek unscale_ add_param_group flatten_parameters detach_ scatter_ index_add_
    sigmoid_ relu_ masked_fill_ clamp_
    """
)
# They change a network, and make another tensor.
CONVERTING = {"to", "half", "double", "float", "bfloat16"}
# What they return shares nothing with what they are given.
FRESH = re.compile(
    r"torch\.(zeros|ones|full|eye|arange|tensor|rand\w*|empty|linspace|equal|allclose|manual_seed"
    r"|Size|device)$|numpy\.(zeros|ones|full|eye|arange|array|allclose|linspace)$|rnn_ref\.shapes\b"
)
FRESH_METHODS = {"item", "tolist", "size", "numel", "dim", "join", "index"}


def of_others(path: str, given: set[str], call: ast.Call) -> set[str]:
    """What a function that is imported changes."""
    if path.startswith("warnings."):
        return {"<warnings>"}
    if WORLDLY.match(path) or not (PURE.match(path) or path.startswith("random.")):
        return given | {WORLD}
    if path.startswith("matplotlib.") and not path.endswith((".show", ".subplots")):
        return given | {"plt"}
    drawn = {name for pattern, names in DRAWING if pattern.match(path) for name in names}
    if UNTOLD.match(path):
        return given | drawn | (set() if path.endswith("_") else CHANCE)
    if path in SEEDS or re.search("seed|rng_state|Generator", path):
        return {*SEEDS.get(path, CHANCE)}
    named = {key.arg for key in call.keywords}
    return drawn | (given if named & {"generator", "out"} else set())
