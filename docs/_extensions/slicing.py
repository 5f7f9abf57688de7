"""What a block needs of the blocks that it continues: a slice of their statements.

Read backwards, a statement is kept if it binds a name that is needed below, if it may change what
such a name stands for, or if it draws random numbers between a seed and what is kept: a number that
is not drawn changes all later ones. Where the text does not tell, it is kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docs._extensions.calls import CHANCE, SEEDS, WORLD
from docs._extensions.effects import PSEUDO, Scope
from docs._extensions.statements import Statement

HIDING = {"exec", "eval", "globals", "locals"}  # names that they use stand nowhere


@dataclass(frozen=True)
class Slice:
    """The statements that are kept, in their order, and whether some of them print."""

    kept: list[Statement]
    prints: bool


def needed(setup: Sequence[Statement], block: Sequence[Statement]) -> Slice:
    """Return those statements of `setup` without which `block` would do something else."""
    if any(one.reads & HIDING for one in (*setup, *block)):
        return as_kept([*setup])
    scope = Scope([*setup, *block])
    alike = _Alike(scope)
    live = {WORLD}
    for statement in reversed(block):
        _go_above(live, statement, scope)
    kept = []
    seeded = next((i for i, one in enumerate([*setup, *block]) if seeds(one)), len(setup))
    for i, statement in reversed([*enumerate(setup)]):
        if i < seeded:
            live -= CHANCE  # without a seed, one number is as good as another
        if statement.binds & live or alike.meet(scope.changed_by(statement), live):
            kept.insert(0, statement)
            _go_above(live, statement, scope)
    return as_kept(kept)


def as_kept(kept: list[Statement]) -> Slice:
    """Return a slice of these statements."""
    return Slice(kept, any("print" in statement.reads for statement in kept))


def seeds(statement: Statement) -> bool:
    """Tell whether a statement settles which random numbers come."""
    return any(word in statement.source for word in ("seed", "rng_state", "Generator"))


def _go_above(live: set[str], statement: Statement, scope: Scope) -> None:
    """Make of the names that are needed below a statement those that are needed above it."""
    changed = scope.changed_by(statement)
    if statement.binds_anew:
        live -= statement.binds
    live |= scope.reached(statement.reads) | changed & CHANCE
    if len(statement.nodes) == 1:
        call = getattr(statement.nodes[0], "value", None)
        path = scope.path(getattr(call, "func", statement.nodes[0]))
        live -= SEEDS.get(path or "", frozenset())


class _Alike:
    """Names through which the same object may be reached: each was made with the other."""

    def __init__(self, scope: Scope):
        self._of: dict[str, str] = {}
        for statement in scope.group:
            changed = scope.changed_by(statement)
            together = scope.reached(statement.reads) | statement.binds
            made = statement.binds - scope.defined.keys() and not scope.is_fresh(statement)
            if made or changed - PSEUDO:
                self._join(sorted(together & scope.carriers))

    def _join(self, names: list[str]) -> None:
        for name in names:
            self._of[self._first(name)] = self._first(names[0])

    def _first(self, name: str) -> str:
        while self._of.get(name, name) != name:
            name = self._of[name]
        return name

    def meet(self, changed: frozenset[str], live: set[str]) -> bool:
        """Tell whether a change of these names may be seen through those."""
        return not {*map(self._first, changed)}.isdisjoint(map(self._first, live))


def ranges(statements: Sequence[Statement], code: str) -> Iterator[tuple[int, int]]:
    """Yield the lines of a block's statements as ranges; blank lines between them are part.

    The lines of one that raises stay by themselves.
    """
    lines = code.split("\n")
    begin = end = 0
    for statement in statements:
        between = lines[end : statement.first - 1]
        apart = statement.raises or any(line.strip() for line in between)
        if begin and not apart:
            end = statement.last
            continue
        if begin:
            yield begin, end
        begin, end = statement.first, statement.last
    if begin:
        yield begin, end
