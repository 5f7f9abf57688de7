"""What a statement may change beside the names that it binds: told from its text, never run.

Where the text does not tell, a call may change all that it is given and draw random numbers.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from docs._extensions.statements import DEFINITIONS, Statement

WORLD = "<world>"  # settings, files, warnings: what no name stands for
CHANCE = frozenset({"<torch>", "<numpy>", "<random>"})  # the numbers that are drawn next
TORCH, NUMPY, RANDOM = frozenset({"<torch>"}), frozenset({"<numpy>"}), frozenset({"<random>"})

# Functions of these change nothing, but for what is named below.
PURE = re.compile(
    r"(torch|numpy|math|rnn_ref|itertools|functools|collections|copy|operator|textwrap|string|re"
    r"|dataclasses|typing|inspect|types|contextlib|sklearn|tqdm|io|matplotlib|fractions|statistics"
    r"|abc|enum|json|time)\b"
)
SEEDS = {"torch.manual_seed": TORCH, "numpy.random.seed": NUMPY, "random.seed": RANDOM}
# In this order: the first that fits says what a function of others changes.
DRAWING = [
    (re.compile(r"torch\.nn\.init\b|torch\.nn\.[A-Z]|torch\.utils\.data\.random_split"), TORCH),
    (re.compile(r"torch\.(\w+\.)*(rand\w*|normal|bernoulli|multinomial|poisson)$"), TORCH),
    (re.compile(r"torch\.(\w+\.)*(\w*dropout\w*|gumbel_softmax|rrelu\w*|scaled_dot\w+)$"), TORCH),
    (re.compile(r"numpy\.random\.(?!default_rng|Generator|PCG64)|sklearn\b"), NUMPY),
    (re.compile(r"rnn_ref\.(\w+\.)*[A-Z]|rnn_ref\.diagnose\b"), CHANCE),
    (re.compile(r"random\."), RANDOM),
]
UNTOLD = re.compile(  # they call what they are given, or change it
    r".*_$|torch\.nn\.utils\.(?!rnn\b)|torch\.(func|jit|export|compile\w*|_dynamo|fx|onnx|ao|nn\.init"
    r"|quantization|autograd\.grad|autograd\.backward|optim\.lr_scheduler|vmap|amp)\b"
    r"|functools\.reduce|contextlib\.suppress"
)
WORLDLY = re.compile(
    r"torch\.(\w+\.)*(set_\w+|use_\w+|save|load|seed|fork_rng|reset)$|torch\.(cuda|backends)\b"
    r"|numpy\.(set\w+|save\w*|load\w*)$|numpy\.random\.set_state|matplotlib\.(\w+\.)*(use|rc)\b"
    r"|(torch|numpy)\.\w*from(_)?file"
)
BUILTINS = set(
    "abs all any bool bytes callable chr complex dict divmod enumerate filter float format"
    " frozenset getattr hasattr hash hex id int isinstance issubclass iter len list map max min"
    " object ord pow print property range repr reversed round set slice sorted staticmethod str sum"
    " super tuple type vars zip".split()
)
METHODS = set(
    "abs all allclose amax amin any argmax argmin argsort as_subclass astype bernoulli bincount bmm"
    " chunk clamp clone contiguous copy count count_nonzero cpu cummax cummin cumsum data_ptr date"
    " dedent deepcopy detach diag diagonal diff dim dot einsum endswith eq equal exp expand"
    " expand_as fill_diagonal flatten flip gather ge get get_last_lr get_scale getvalue gt index"
    " index_add index_fill index_select is_contiguous isclose isfinite isinf isnan item items join"
    " keys le log log_prob log_softmax logical_and long lower lstrip lt masked_fill masked_select"
    " matmul max mean median min mm movedim mT most_common mul narrow ndimension ne new_full"
    " new_ones new_tensor new_zeros nonzero norm numel numpy partition permute pow prod ravel relu"
    " removeprefix removesuffix repeat repeat_interleave replace reshape roll round rstrip scatter"
    " scatter_add sigmoid sign sin size softmax split splitlines sqrt square squeeze startswith"
    " state_dict std strip sub sum swapaxes t take tanh tell title to_dense to_sparse tobytes tolist"
    " topk transpose tril triu type_as unbind unflatten unfold unique unsqueeze upper values var"
    " view view_as where zfill _replace _asdict sizes_over_time".split()
) - {"bernoulli"}
# They change what they are called on, and draw nothing.
CHANGING = set(
    "append extend update pop add insert remove clear sort setdefault copy_ fill_ zero_ add_ mul_"
    " sub_ div_ backward step zero_grad load_state_dict eval train requires_grad_ to half double"
    " float bfloat16 bool int byte double parameters named_parameters modules children buffers"
    " named_children register_buffer register_parameter register_hook register_forward_hook"
    " register_full_backward_hook retain_grad seek unscale_ add_param_group flatten_parameters"
    " detach_ scatter_ index_add_ sigmoid_ relu_ masked_fill_ clamp_".split()
)
# A network of these draws, or counts, whenever it is called; so does one with a hook.
RESTLESS = re.compile(r"[Dd]ropout|BatchNorm|InstanceNorm|Transformer|RReLU|spectral|Lazy")
HOOKED = re.compile(r"hook|parametri|weight_norm|spectral|prune|__class__|\.forward\b *=")
USED_UP = re.compile(  # by who reads them
    r"\biter\(|\bzip\(|\bmap\(|\bfilter\(|\benumerate\(|\breversed\(|DataLoader|parameters\(\)"
    r"|\.modules\(\)|children\(\)|buffers\(\)|\byield\b|\bcycle\(|\bopen\("
)


class Scope:
    """What the statements of a group tell of its names."""

    def __init__(self, group: list[Statement]):
        self.group = group
        self.values: dict[str, list[ast.AST]] = defaultdict(list)
        self.imported: dict[str, str] = {}
        for statement in group:
            for node in statement.walk():
                self._note_import(node)
            for name in statement.binds:
                self.values[name].append(_value(statement.nodes[0], name))
        self.hooked = any(HOOKED.search(statement.source) for statement in group)
        self._called: dict[str, frozenset[str]] = {}

    def _note_import(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                self.imported[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                self.imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    @cached_property
    def carriers(self) -> frozenset[str]:
        """Names through which an object can be reached and changed."""
        mutable = set()
        for name, values in self.values.items():
            if name not in self.imported and not all(map(_is_fixed, values)):
                mutable.add(name)
        return frozenset(mutable - self.defined.keys())

    @cached_property
    def defined(self) -> dict[str, Statement]:
        """The functions and classes of the group, by name."""
        return {
            node.name: statement
            for statement in self.group
            for node in statement.nodes
            if isinstance(node, DEFINITIONS)
        }

    @cached_property
    def used_up(self) -> frozenset[str]:
        """Names of what gives each of its elements once, or draws while it is read."""
        generators = {
            name
            for name, of in self.defined.items()
            if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in of.walk())
        }
        found = set()
        for statement in self.group:
            assigned = isinstance(statement.nodes[0], ast.Assign | ast.For | ast.With)
            generated = any(isinstance(node, ast.GeneratorExp) for node in statement.walk())
            if assigned and (
                generated or USED_UP.search(statement.source) or statement.reads & generators
            ):
                found |= statement.binds
        return frozenset(found)

    def reached(self, names: Iterable[str]) -> set[str]:
        """Return the names, and those that functions among them read when they are called."""
        found, waiting = set(), list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                if name in self.defined:
                    waiting += self.defined[name].reads
        return found

    def path(self, node: ast.AST) -> str | None:
        """Return what is imported under this expression, `torch.nn.RNN` for `nn.RNN`."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.insert(0, node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in self.imported:
            return ".".join([self.imported[node.id], *parts])
        return None

    def changed_by(self, statement: Statement) -> frozenset[str]:
        """Return the names of what a statement may change, beside those that it binds."""
        found: set[str] = set()
        for node in statement.nodes:
            found |= self._changed_in(_executed(node))
        with_own_warnings = "catch_warnings" in statement.source and isinstance(
            statement.nodes[0], ast.With
        )
        if with_own_warnings and "<warnings>" in found:
            found.discard("<warnings>")
        elif "<warnings>" in found:
            found.add(WORLD)
        return frozenset(found)

    def _changed_in(self, nodes: Iterable[ast.AST]) -> set[str]:
        found: set[str] = set()
        for node in nodes:
            if isinstance(node, ast.Call):
                found |= self._changed_by_call(node)
            elif isinstance(node, ast.Name) and node.id in self.used_up:
                found |= {node.id} | CHANCE
            elif isinstance(node, ast.AugAssign):
                found |= _names(node.target)
            elif isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(
                node.ctx, ast.Load
            ):
                found |= _names(node)
                if self.path(node if isinstance(node, ast.Attribute) else node.value):
                    found.add(WORLD)
        return found

    def _changed_by_call(self, call: ast.Call) -> set[str]:
        given = set().union(*map(_names, [*call.args, *(k.value for k in call.keywords)]))
        path = self.path(call.func)
        if path is not None:
            return _changed_by_others(path, given, call)
        if isinstance(call.func, ast.Name):
            return self._changed_by_own(call.func.id, given)
        if isinstance(call.func, ast.Attribute):
            on = _names(call.func.value)
            if call.func.attr in METHODS:
                return set()
            return on | given | (set() if call.func.attr in CHANGING else CHANCE)
        return _names(call.func) | given | CHANCE

    def _changed_by_own(self, name: str, given: set[str]) -> set[str]:
        if name in self.defined:
            changed = self._changed_by_definition(name)
            return {*changed} | (given if changed - CHANCE else set())
        if name not in self.values:
            known = name in BUILTINS or name.endswith(("Error", "Exception"))
            return set() if known else given | {WORLD} if name in {"open", "exec"} else given
        if all(self._is_quiet(value) for value in self.values[name]):
            return set()
        makers = [self._maker(value) for value in self.values[name]]
        if all(maker in self.defined for maker in makers):
            changed = set().union(*(self._changed_by_definition(str(maker)) for maker in makers))
            return changed | given | {name}
        return given | {name} | CHANCE

    def _changed_by_definition(self, name: str) -> frozenset[str]:
        """Return what a call of a function of the group may change of the group."""
        if name not in self._called:
            self._called[name] = frozenset()  # it may call itself
            statement = self.defined[name]
            changed = self._changed_in(statement.walk())
            if changed - CHANCE:
                changed |= self.reached([name]) & self.carriers | {name}
            self._called[name] = frozenset(changed)
        return self._called[name]

    def _maker(self, value: ast.AST) -> str | None:
        is_named = isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
        return value.func.id if is_named else None  # type: ignore[attr-defined]

    def _is_quiet(self, value: ast.AST) -> bool:
        """Tell whether calls of what this expression makes neither change nor draw anything."""
        if self.hooked or not isinstance(value, ast.Call):
            return False
        path = self.path(value.func) or ""
        made = re.match(r"torch\.nn\.[A-Z]|rnn_ref\.(\w+\.)*[A-Z]", path)
        return bool(made) and not RESTLESS.search(ast.unparse(value))


def _changed_by_others(path: str, given: set[str], call: ast.Call) -> set[str]:
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
    return drawn | (given if any(key.arg == "generator" for key in call.keywords) else set())


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is executed with a statement: not what functions hold, but for those of a line."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and child in node.body:
            continue
        yield from _executed(child)


def _names(node: ast.AST) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def _value(node: ast.stmt, name: str) -> ast.AST:
    """Return the expression that a name stands for after a statement; itself, if it is unclear."""
    if isinstance(node, ast.Assign):
        if any(isinstance(target, ast.Name) for target in node.targets):
            return node.value
        if _is_fixed(node.value):
            return node.value
    if isinstance(node, ast.For) and ast.unparse(node.iter).startswith("range("):
        return ast.Constant(0) if name in _names(node.target) else node
    return node


def _is_fixed(value: ast.AST) -> bool:
    """Tell whether an expression is a number or a text, which nothing can change."""
    if isinstance(value, ast.Attribute):
        return value.attr in {"shape", "hidden_size", "input_size", "num_layers", "dtype"}
    if isinstance(value, ast.Call):
        return ast.unparse(value.func) in {"len", "int", "float", "str", "torch.device"}
    if isinstance(value, ast.Tuple | ast.BinOp | ast.UnaryOp):
        parts = [n for n in ast.iter_child_nodes(value) if isinstance(n, ast.expr)]
        return all(map(_is_fixed, parts))
    return isinstance(value, ast.Constant)
