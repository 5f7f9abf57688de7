"""The statements of a block of code: where each stands, which names it reads and binds."""

import ast
import re
import symtable
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property

MAGIC = re.compile(r"^[%!].*", re.MULTILINE)  # of a notebook
OUTPUT = "#>"
RAISED = re.compile(rf"{OUTPUT} [\w.]*(?:Error|Exception|Exit|Interrupt|Unsupported)\b(?::|$)")
ENDED = re.compile(rf"{OUTPUT} (?:SystemExit|KeyboardInterrupt)\b")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# What binds its names anew, whatever they were before.
ANEW = (ast.Assign, ast.AnnAssign, *DEFINITIONS)


@dataclass(frozen=True)
class Statement:
    """A statement at the top level, or several that share a line.

    `first` and `last` are its lines, counted from 1 within its block. One that `raises` may have
    drawn numbers and changed objects before.
    """

    nodes: tuple[ast.stmt, ...]
    first: int
    last: int
    source: str
    raises: bool = False

    @cached_property
    def reads(self) -> frozenset[str]:
        """Names of the module that it reads, also inside functions, which read them when called."""
        augmented = {
            name.id
            for node in self.walk()
            if isinstance(node, ast.AugAssign)
            for name in ast.walk(node.target)
            if isinstance(name, ast.Name)
        }
        return frozenset(augmented | {*_global_names(self._table, inside=False)})

    @cached_property
    def binds(self) -> frozenset[str]:
        """Names of the module that it gives a value."""
        if self.raises and self._only_assigns:
            return frozenset()
        return frozenset(
            symbol.get_name()
            for symbol in self._table.get_symbols()
            if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
        )

    @cached_property
    def locals(self) -> frozenset[str]:
        """Names of its functions and comprehensions alone."""
        return frozenset(_local_names(self._table)) - self.reads - self.binds

    @cached_property
    def binds_anew(self) -> bool:
        """Whether what its names were before no longer matters."""
        return isinstance(self.nodes[-1], ANEW) and len(self.nodes) == 1 and not self.raises

    @property
    def _only_assigns(self) -> bool:
        """Whether it gives names their values at its very end."""
        node = self.nodes[0]
        named = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        return named and len(self.nodes) == 1

    @cached_property
    def _table(self) -> symtable.SymbolTable:
        return symtable.symtable(self.source, "<block>", "exec")

    def walk(self) -> Iterator[ast.AST]:
        """Yield all nodes in it."""
        for node in self.nodes:
            yield from ast.walk(node)


def _global_names(table: symtable.SymbolTable, inside: bool) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (symbol.is_global() or not inside):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _global_names(child, inside=True)


def _local_names(table: symtable.SymbolTable) -> Iterator[str]:
    for child in table.get_children():
        yield from (symbol.get_name() for symbol in child.get_symbols() if symbol.is_local())
        yield from _local_names(child)


@cache
def statements(code: str) -> list[Statement]:
    """Split a block into its statements.

    Raises:
        SyntaxError: It is no Python.
    """
    lines = MAGIC.sub("", code).split("\n")
    parts: list[Statement] = []
    for node in ast.parse("\n".join(lines)).body:
        decorators = getattr(node, "decorator_list", [])
        first, last = min(n.lineno for n in (node, *decorators)), node.end_lineno or node.lineno
        nodes: tuple[ast.stmt, ...] = (node,)
        if parts and first <= parts[-1].last:
            above = parts.pop()
            first, nodes = above.first, (*above.nodes, node)
        parts.append(Statement(nodes, first, last, "\n".join(lines[first - 1 : last])))
    return parts


@cache
def executed(code: str) -> list[Statement]:
    """Split a block into its statements, and say of the last whether it is shown to raise.

    What ends the interpreter is left out: nothing continues it.
    """
    parts = statements(code)
    below = code.split("\n")[parts[-1].last :] if parts else []
    raised = next((line for line in below if RAISED.match(line)), None)
    if raised is None or _catches(parts[-1]):
        return parts
    return parts[:-1] if ENDED.match(raised) else [*parts[:-1], replace(parts[-1], raises=True)]


def _catches(statement: Statement) -> bool:
    """Tell whether what it shows is an error that it has caught, and printed."""
    raising = any(isinstance(node, ast.Raise) for node in statement.walk())
    return isinstance(statement.nodes[-1], ast.Try) and not raising
