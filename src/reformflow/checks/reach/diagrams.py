"""Sets of states as binary decision diagrams, by dd: CUDD where it is there, else pure Python.

A variable takes as many bits as its values need. Millions of states are a small diagram as long
as variables that depend on each other are near to each other, which is the system's affair.

Randal E. Bryant, Graph-Based Algorithms for Boolean Function Manipulation, 1986.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_, or_
from types import ModuleType
from typing import Any, Final

from reformflow.checks.reach.formulas import All, Formula, Is, Kin, Some
from reformflow.checks.reach.system import System, Values, Variable
from reformflow.errors import MissingExtra

MENDED: Final = 200_000
"""From so many nodes on the library looks for a better order of the variables itself."""

MOST: Final = 5_000_000
"""More nodes than this are given up: they take gigabytes, and hours."""

States = Any
"""A diagram: dd publishes no types."""


class Diagrams:
    """The sets of states of one system, as decision diagrams of one manager."""

    def __init__(self, system: System) -> None:
        """Declare the bits of every variable; MissingExtra without the extra `checks`."""
        library = _library()
        self._manager = library.BDD()
        self._ordered = library.__name__.endswith("cudd")
        if self._ordered:
            # The order is the system's affair; mending it mostly costs more than it brings.
            self._manager.configure(reordering=False)
        self._joined = getattr(library, "and_exists", None)
        self._bits: dict[str, list[str]] = {}
        self._values: dict[str, list[States]] = {}
        self._numbers: dict[str, dict[int, int]] = {}
        self.nothing = self._manager.false
        self.everything = self._manager.true
        for place, variable in enumerate(system.variables):
            self._declare(place, variable)

    def of(self, formula: Formula) -> States:
        """Return the states in which a formula holds; it asks nothing about kin."""
        match formula:
            case Is(variable=name, values=values):
                return self.among(name, values)
            case All(parts=parts):
                return reduce(and_, map(self.of, parts), self.everything)
            case Some(parts=parts):
                return reduce(or_, map(self.of, parts), self.nothing)
            case Kin():
                raise TypeError(formula)

    def among(self, variable: str, values: Values) -> States:
        """Return the states in which a variable holds one of some values."""
        held = self._values[variable]
        return reduce(or_, (held[number] for number in values), self.nothing)

    def without(self, variables: Iterable[str], states: States, where: States) -> States:
        """Return what differs at most in these variables from a state in both sets."""
        bits = [bit for name in variables for bit in self._bits[name]]
        if not bits:
            return states & where
        if self._joined is not None:
            return self._joined(states, where, bits)
        return self._manager.exist(bits, states & where)

    def any(self, states: States) -> bool:
        """Say whether there is any state in a set."""
        return bool(states != self.nothing)

    def one(self, states: States) -> Mapping[str, int]:
        """Return one state of a set: the number of each variable's value."""
        every = [bit for bits in self._bits.values() for bit in bits]
        model = self._manager.pick(states, care_vars=every)
        return {
            name: self._numbers[name][sum(1 << rank for rank, bit in enumerate(bits) if model[bit])]
            for name, bits in self._bits.items()
        }

    def count(self, states: States) -> int:
        """Return how many states there are in a set."""
        return int(states.count(nvars=sum(map(len, self._bits.values()))))

    def too_many(self, states: States) -> bool:
        """Say whether a diagram is too large to go on; before that, mend the order."""
        size = self.nodes(states)
        if size > MENDED and self._ordered:
            self._manager.configure(reordering=True)
            self._ordered = False
        return size > MOST

    def nodes(self, states: States) -> int:
        """Return the size of a diagram."""
        return int(states.dag_size)

    def _declare(self, place: int, variable: Variable) -> None:
        codes = _coded(variable)
        bits = [f"{place}_{rank}" for rank in range(max(codes).bit_length())]
        self._manager.declare(*bits)
        self._bits[variable.name] = bits
        self._numbers[variable.name] = {code: number for number, code in enumerate(codes)}
        self._values[variable.name] = [self._coded(bits, code) for code in codes]

    def _coded(self, bits: list[str], code: int) -> States:
        found = self.everything
        for rank, bit in enumerate(bits):
            held = self._manager.var(bit)
            found &= held if code >> rank & 1 else ~held
        return found


# ---------------------------------------------------------------------------------------------


def _coded(variable: Variable) -> list[int]:
    """Return the bits of each value: the lowest one says whether there is any, if that is free."""
    count = len(variable.shown)
    plain = list(range(count))
    if variable.shown[0] is not None:
        return plain
    split = [0, *(2 * number + 1 for number in range(count - 1))]
    return split if max(split).bit_length() == max(plain).bit_length() else plain


def _library() -> ModuleType:
    library: ModuleType
    try:
        import dd.cudd

        library = dd.cudd
    except ImportError:
        try:
            import dd.autoref
        except ImportError:
            raise MissingExtra.of("checks", purpose="searching a workflow's states") from None
        library = dd.autoref
    return library
