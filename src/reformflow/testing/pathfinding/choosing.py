"""Choosing values for what expressions read, so that each comes to what is wished.

A small complete search over candidate values. What is dear to change, because it takes acts of
its own, is left as it is as long as anything else will do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Final

import attrs

from reformflow.model import Name, Value
from reformflow.testing.pathfinding.partial import BITS, OPEN, Answer, Cells, Leaf, Slots, compiled
from reformflow.testing.pathfinding.wishes import Wish, split

_NODES: Final = 20_000
_DEAR: Final = 4
_VARIANTS: Final = 2
_MOST: Final = 6


@attrs.frozen
class Variable:
    """What may be chosen: its candidates, that which it holds now at first.

    A `price` says that it takes acts of its own to change it, and how far off those are.
    """

    leaf: Leaf
    candidates: tuple[Value, ...]
    price: int = 0

    @property
    def dear(self) -> bool:
        """Whether it takes acts of its own to change it."""
        return self.price > 0


@attrs.frozen
class Function:
    """A column that is worked out from others, once they are chosen."""

    leaf: Leaf
    sources: tuple[Leaf, ...]
    work: Callable[[Sequence[Value]], Value]


_LATER: Final = Name("", "later")

Chosen = dict[Leaf, Value]
"""The values chosen, by what they are for."""


def choose(
    wishes: Iterable[Wish],
    hopes: Iterable[Wish],
    variables: Iterable[Variable],
    functions: Iterable[Function],
    fixed: Callable[[Leaf], Any],
) -> Iterator[Chosen]:
    """Yield choices that fulfil all wishes, those with few dear changes first.

    Of the `hopes` as many are fulfilled as go together, the earlier ones before the later; one
    that still depends on something else is no obstacle. `fixed` tells the value of what is not
    chosen, `OPEN` if that is not known yet.
    """
    board = _Board(list(variables), list(functions), fixed)
    hard = [board.constraint(part, soft=False) for wish in wishes for part in split(wish)]
    if any(board.broken(one) for one in hard):
        return
    soft = [board.constraint(part, soft=True) for wish in hopes for part in split(wish)]
    soft = [one for one in soft if not board.broken(one)]
    kept = board.compatible(hard, soft)
    told: list[Chosen] = []
    for chosen in chain(islice(board.solutions([*hard, *kept]), _MOST), board.later(hard, kept)):
        if chosen not in told:
            told.append(chosen)
            yield chosen


# ---------------------------------------------------------------------------------------------


@attrs.frozen(eq=False)
class _Constraint:
    test: Answer
    want: int
    soft: bool
    slots: frozenset[int]

    def holds(self, cells: Cells) -> bool:
        return bool(self.test(cells) & self.want)


class _View(Slots):
    """The slots of one constraint."""

    def __init__(self, board: _Board, *, later: bool) -> None:
        super().__init__()
        self._board = board
        self._later = later

    def of(self, leaf: Leaf) -> int:
        return self.numbers.setdefault(leaf, self._board.slot(leaf, later=self._later))


class _Board:
    """All values in one list; what belongs together is chosen together."""

    def __init__(
        self, variables: list[Variable], functions: list[Function], fixed: Callable[[Leaf], Any]
    ) -> None:
        self._slots = Slots()
        self._fixed = fixed
        self._variables = {self._slots.of(variable.leaf): variable for variable in variables}
        self._functions = {
            self._slots.of(one.leaf): (one, tuple(map(self._slots.of, one.sources)))
            for one in functions
        }
        self._cells: Cells = []
        self._nodes = 0
        self._fill()

    def constraint(self, wish: Wish, *, soft: bool) -> _Constraint:
        view = _View(self, later=soft and not wish.together)
        test = compiled(wish.expression, view)
        self._fill()
        return _Constraint(test, BITS[wish.want], soft, frozenset(view.numbers.values()))

    def slot(self, leaf: Leaf, *, later: bool) -> int:
        """Return the slot of a leaf; a wish for later leaves open what is dear to change."""
        number = self._slots.of(leaf)
        variable = self._variables.get(number)
        return self._slots.of(_LATER) if later and variable and variable.dear else number

    def broken(self, constraint: _Constraint) -> bool:
        """Say whether no choice can help."""
        return not constraint.holds(self._cells)

    def compatible(self, hard: list[_Constraint], soft: list[_Constraint]) -> list[_Constraint]:
        """Return the hopes that go together with each other and with what must be."""
        kept: list[_Constraint] = []
        for numbers, those in self._groups([*hard, *soft]):
            hopes = [one for one in those if one.soft]
            if not hopes or self._possible(numbers, those):
                kept += hopes
                continue
            given = [one for one in those if not one.soft]
            for one in hopes:
                if self._possible(numbers, [*given, one]):
                    given.append(one)
                    kept.append(one)
        return kept

    def _possible(self, numbers: list[int], constraints: list[_Constraint]) -> bool:
        self._begin()
        return next(self._group(numbers, constraints), None) is not None

    def _begin(self) -> None:
        self._nodes = 0
        for number in (*self._variables, *self._functions):
            self._cells[number] = OPEN  # an earlier search may have stopped half way
        self._work_out_all()

    def later(self, hard: list[_Constraint], kept: list[_Constraint]) -> Iterator[Chosen]:
        """Yield choices that disregard all hopes."""
        if kept:
            yield from islice(self.solutions(hard), _MOST)

    def solutions(self, constraints: list[_Constraint]) -> Iterator[Chosen]:
        self._begin()
        groups = self._groups(constraints)
        ways = [iter(self._group(numbers, those)) for numbers, those in groups]
        firsts = [next(way, None) for way in ways]
        if any(first is None for first in firsts):
            return
        base: Chosen = {}
        for first in firsts:
            base |= first or {}
        yield base
        while ways:
            for way in list(ways):
                other = next(way, None)
                if other is None:
                    ways.remove(way)
                else:
                    yield base | other

    def _fill(self) -> None:
        leaves = list(self._slots.numbers)
        for leaf in leaves[len(self._cells) :]:
            number = self._slots.numbers[leaf]
            chosen = number in self._variables or number in self._functions
            self._cells.append(OPEN if chosen or leaf is _LATER else self._fixed(leaf))
        self._work_out_all()

    def _reach(self, numbers: Iterable[int]) -> set[int]:
        """Return the variables that some slots depend on."""
        found: set[int] = set()
        waiting = list(numbers)
        while waiting:
            number = waiting.pop()
            if number in self._functions:
                waiting += self._functions[number][1]
            elif number in self._variables:
                found.add(number)
        return found

    def _groups(self, constraints: list[_Constraint]) -> list[tuple[list[int], list[_Constraint]]]:
        groups: list[tuple[set[int], list[_Constraint]]] = []
        for constraint in constraints:
            mine: tuple[set[int], list[_Constraint]] = (self._reach(constraint.slots), [constraint])
            apart = []
            for group in groups:
                if group[0] & mine[0]:
                    mine = (group[0] | mine[0], [*group[1], *mine[1]])
                else:
                    apart.append(group)
            groups = [*apart, mine]
        taken = set().union(*(group[0] for group in groups)) if groups else set()
        alone: list[tuple[set[int], list[_Constraint]]] = [
            ({number}, []) for number in self._variables if number not in taken
        ]
        return [(sorted(numbers), those) for numbers, those in (*groups, *alone)]

    def _group(self, numbers: list[int], constraints: list[_Constraint]) -> Iterator[Chosen]:
        dear = [number for number in numbers if self._variables[number].dear]
        dear.sort(key=lambda number: -self._variables[number].price)  # cheap ones change first
        cheap = [number for number in numbers if not self._variables[number].dear]
        touched = {
            number: [one for one in constraints if number in self._reach(one.slots)]
            for number in numbers
        }
        for changes in range(min(len(dear), _DEAR) + 1):
            for _ in self._assign(dear, touched, changes):
                yield from islice(
                    (self._chosen(numbers) for _ in self._assign(cheap, touched, None)), _VARIANTS
                )

    def _chosen(self, numbers: list[int]) -> Chosen:
        return {self._variables[number].leaf: self._cells[number] for number in numbers}

    def _assign(
        self, numbers: list[int], touched: Mapping[int, list[_Constraint]], changes: int | None
    ) -> Iterator[None]:
        """Choose for some variables; with exactly so many changes, if that is given."""
        if not numbers:
            if not changes:
                yield
            return
        if changes is not None and changes > len(numbers):
            return
        number, rest = numbers[0], numbers[1:]
        candidates = self._variables[number].candidates
        for place, value in enumerate(candidates):
            left = None if changes is None else changes - (place > 0)
            if left is not None and left < 0:
                break
            self._nodes += 1
            if self._nodes > _NODES:
                break
            self._cells[number] = value
            self._work_out(number)
            if all(one.holds(self._cells) for one in touched[number]):
                yield from self._assign(rest, touched, left)
        self._cells[number] = OPEN
        self._work_out(number)

    def _work_out_all(self) -> None:
        for number, (function, sources) in self._functions.items():
            if max((number, *sources)) < len(self._cells):
                self._cells[number] = self._worked_out(function, sources)

    def _worked_out(self, function: Function, sources: tuple[int, ...]) -> Value:
        values = [self._cells[source] for source in sources]
        return OPEN if any(value is OPEN for value in values) else function.work(values)

    def _work_out(self, changed: int) -> None:
        changes = {changed}
        for number, (function, sources) in self._functions.items():
            if changes.isdisjoint(sources):
                continue
            self._cells[number] = self._worked_out(function, sources)
            changes.add(number)
