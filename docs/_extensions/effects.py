"""What a statement may change beside the names that it binds: told from its text, never run.

Where the text does not tell, a call may change all that it is given and draw random numbers.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from docs._extensions.calls import (
    BUILTINS,
    CHANCE,
    CHANGING,
    CONVERTING,
    FRESH,
    FRESH_METHODS,
    METHODS,
    WORLD,
    of_others,
)
from docs._extensions.statements import DEFINITIONS, Statement

# A network of these draws, or counts, whenever it is called; so does one with a hook.
RESTLESS = re.compile(r"[Dd]ropout|BatchNorm|InstanceNorm|Transformer|RReLU|spectral|Lazy")
HOOKED = re.compile(r"hook|parametri|weight_norm|spectral|prune|__class__|\.forward\b *=")
USED_UP = {"iter", "zip", "map", "filter", "enumerate", "reversed", "open", "cycle"}  # once read
READ_ONCE = {"parameters", "named_parameters", "modules", "children", "named_children", "buffers"}


WARNINGS = "<warnings>"
PSEUDO = {WORLD, WARNINGS, *CHANCE}


class Scope:
    """What the statements of a group tell of its names."""

    def __init__(self, group: list[Statement]):
        """Look through a group: what a block continues, and the block."""
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
        self._changed: dict[int, frozenset[str]] = {}

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
    def methods(self) -> frozenset[str]:
        """Names of the methods of its classes: others may have them too, and they do less."""
        return frozenset(
            node.name
            for statement in self.defined.values()
            if isinstance(statement.nodes[-1], ast.ClassDef)
            for node in statement.walk()
            if isinstance(node, ast.FunctionDef)
        )

    @cached_property
    def used_up(self) -> frozenset[str]:
        """Names of what gives each of its elements once, or draws while it is read."""
        return frozenset(
            name for name, values in self.values.items() if any(map(self._is_used_up, values))
        )

    def _is_used_up(self, value: ast.AST) -> bool:
        if isinstance(value, ast.GeneratorExp):
            return True
        if not isinstance(value, ast.Call):
            return isinstance(value, ast.With)
        if isinstance(value.func, ast.Attribute):
            called = value.func.attr
        else:
            called = getattr(value.func, "id", "")
        if called in self.defined:
            inside = self.defined[called].walk()
            return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in inside)
        return called in USED_UP | READ_ONCE | {"DataLoader"}

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
        if id(statement) not in self._changed:
            self._changed[id(statement)] = self._changed_now(statement)
        return self._changed[id(statement)]

    def _changed_now(self, statement: Statement) -> frozenset[str]:
        found: set[str] = set()
        for node in statement.nodes:
            found |= self._changed_in(_executed(node))
        found &= {*statement.reads, *statement.binds, *PSEUDO} | self.carriers - statement.locals
        found -= self.values.keys() - self.carriers - self.imported.keys() - self.defined.keys()
        own = isinstance(statement.nodes[0], ast.With) and "catch_warnings" in statement.source
        if WARNINGS in found and not own:
            found.add(WORLD)
        return frozenset(found - {WARNINGS})

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
        given = _given(call)
        # A function that is given may be called.
        passed = [self._changed_by_definition(name) for name in given & self.defined.keys()]
        return self._changed_by_callee(call, given).union(*passed)

    def _changed_by_callee(self, call: ast.Call, given: set[str]) -> set[str]:
        path = self.path(call.func)
        if path is not None:
            return of_others(path, given, call)
        if isinstance(call.func, ast.Name):
            return self._changed_by_own(call.func.id, given)
        if not isinstance(call.func, ast.Attribute):
            return _names(call.func) | given | CHANCE
        on, attribute = _names(call.func.value), call.func.attr
        if attribute in self.methods:
            return on | given | CHANCE
        if attribute in METHODS or self._converts_a_tensor(call.func):
            return set()
        return on | given | (set() if attribute in CHANGING | CONVERTING else CHANCE)

    def _changed_by_own(self, name: str, given: set[str]) -> set[str]:
        if name in self.defined:
            changed = self._changed_by_definition(name)
            return {*changed} | (given if changed - CHANCE else set())
        if name not in self.values:
            if name in BUILTINS or name.endswith(("Error", "Exception", "Warning")):
                return set()
            return given | CHANCE | ({WORLD} if name == "open" else set())
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

    def _converts_a_tensor(self, method: ast.Attribute) -> bool:
        """Tell whether `x.double()` makes another tensor, where a network would be changed."""
        is_named = isinstance(method.value, ast.Name | ast.Attribute)
        return method.attr in CONVERTING and not is_named

    def is_fresh(self, statement: Statement) -> bool:
        """Tell whether what a statement makes shares nothing with what it is made of."""
        if len(statement.nodes) > 1 or not isinstance(statement.nodes[0], ast.Assign):
            return False
        value = statement.nodes[0].value
        if not isinstance(value, ast.Call):
            return _is_fixed(value)
        if isinstance(value.func, ast.Attribute) and value.func.attr in FRESH_METHODS:
            return True
        return bool(FRESH.match(self.path(value.func) or ""))

    def _maker(self, value: ast.AST) -> str | None:
        is_named = isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
        return value.func.id if is_named else None  # type: ignore[attr-defined]

    def _is_quiet(self, value: ast.AST) -> bool:
        """Tell whether calls of what this expression makes neither change nor draw anything."""
        if self.hooked or not isinstance(value, ast.Call):
            return False
        path = self.path(value.func) or ""
        made = re.match(r"torch\.nn\.[A-Z]|rnn_ref\.(\w+\.)*[A-Z]", path)
        told = not RESTLESS.search(ast.unparse(value)) and not _given(value) & self.carriers
        return bool(made) and told


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is executed with a statement: not what functions hold, but for those of a line."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and child in node.body:
            continue
        yield from _executed(child)


def _given(call: ast.Call) -> set[str]:
    return set().union(*map(_names, [*call.args, *(key.value for key in call.keywords)]))


def _names(node: ast.AST) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def _value(node: ast.stmt, name: str) -> ast.AST:
    """Return the expression that a name stands for after a statement; itself, if it is unclear."""
    if isinstance(node, ast.For) and ast.unparse(node.iter).startswith("range("):
        return ast.Constant(0)
    if not isinstance(node, ast.Assign):
        return node
    if any(isinstance(target, ast.Name) for target in node.targets) or _is_fixed(node.value):
        return node.value
    target = node.targets[0]
    if isinstance(node.value, ast.GeneratorExp | ast.ListComp) and isinstance(target, ast.Tuple):
        return node.value.elt
    if isinstance(node.value, ast.Tuple) and isinstance(target, ast.Tuple):
        for one, value in zip(target.elts, node.value.elts, strict=False):
            if isinstance(one, ast.Name) and one.id == name:
                return value
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
