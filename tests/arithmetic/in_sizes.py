"""The same code in other sizes: each size becomes another prime, everywhere it is spelled."""

import ast
import itertools
import string
from collections.abc import Mapping

LARGEST = 1000  # a larger number is data, or a seed
PRIMES = [n for n in range(11, 3 * LARGEST) if all(n % d for d in range(2, int(n**0.5) + 1))]
# Arguments that say which axis, not how long it is; and seeds.
AXES = {"axis", "dim", "dim0", "dim1", "dims", "start_dim", "end_dim", "decimals", "seed"}
TAKE_AXES = {"transpose", "permute", "movedim", "unsqueeze", "squeeze", "flatten", "unbind", "size"}
TAKE_AXES |= {"select", "sum", "mean", "max", "argmax", "softmax", "round", "chunk"}
TAKE_AXES |= {"manual_seed", "default_rng", "seed"}


class Exchange(ast.NodeTransformer):
    """Exchanges sizes: whole numbers, and the lengths of texts and lists that are assigned."""

    def __init__(self, sizes: Mapping[int, int]):
        self.sizes = sizes
        self.found: set[int] = set()

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if type(node.value) is int and 1 < node.value < LARGEST:
            return ast.copy_location(ast.Constant(self._other(node.value)), node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        node.value = self._data(node.value)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """An index says which, a slice how many."""
        node.value = self.visit(node.value)
        for part in node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]:
            if not isinstance(part, ast.Constant | ast.UnaryOp):
                self.visit(part)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = ast.unparse(node.func).rpartition(".")[2]
        node.func = self.visit(node.func)
        kept = TAKE_AXES if isinstance(node.func, ast.Attribute) else ()
        node.args = [a if name in kept and _is_constant(a) else self.visit(a) for a in node.args]
        node.keywords = [k if k.arg in AXES else self.visit(k) for k in node.keywords]
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node

    def _data(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Tuple):
            node.elts = [self._data(element) for element in node.elts]
        elif isinstance(node, ast.List) and all(map(_is_constant, node.elts)) and node.elts[1:]:
            elements = itertools.cycle([self._data(element) for element in node.elts])
            node.elts = list(itertools.islice(elements, self._other(len(node.elts))))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            node.value = self._longer(node.value)
        else:
            return self.visit(node)
        return node

    def _longer(self, text: str) -> str:
        """Lengthen a text: an alphabet by other letters, a word by its own."""
        length = self._other(len(text)) if len(text) > 1 else 1
        others = [letter for letter in string.ascii_letters if letter not in text]
        more = itertools.cycle(text if len(set(text)) < len(text) else others)
        return text + "".join(itertools.islice(more, length - len(text)))

    def _other(self, size: int) -> int:
        self.found.add(size)
        return self.sizes.get(size, size)


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.UnaryOp)


def exchanged(sizes: list[int]) -> dict[int, int]:
    """Give each size another prime, none of which is a size of the page; their order stays."""
    free = iter([prime for prime in PRIMES if prime not in sizes])
    return {size: next(prime for prime in free if prime > size) for size in sizes}
