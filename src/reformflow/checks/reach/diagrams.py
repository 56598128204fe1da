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
from typing import Any

from reformflow.checks.reach.formulas import All, Formula, Is, Kin, Some
from reformflow.checks.reach.system import System, Values
from reformflow.errors import MissingExtra

States = Any
"""A diagram: dd publishes no types."""


class Diagrams:
    """The sets of states of one system, as decision diagrams of one manager."""

    def __init__(self, system: System) -> None:
        """Declare the bits of every variable; MissingExtra without the extra `checks`."""
        library = _library()
        self._manager = library.BDD()
        # The order is the system's affair; mending it on the way costs more than it brings.
        if library.__name__.endswith("cudd"):
            self._manager.configure(reordering=False)
        self._joined = getattr(library, "and_exists", None)
        self._bits: dict[str, list[str]] = {}
        self._codes: dict[str, list[States]] = {}
        self.nothing = self._manager.false
        self.everything = self._manager.true
        for place, variable in enumerate(system.variables):
            self._declare(place, variable.name, len(variable.shown))

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
        codes = self._codes[variable]
        return reduce(or_, (codes[number] for number in values), self.nothing)

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
            name: sum(1 << place for place, bit in enumerate(bits) if model[bit])
            for name, bits in self._bits.items()
        }

    def count(self, states: States) -> int:
        """Return how many states there are in a set."""
        return int(states.count(nvars=sum(map(len, self._bits.values()))))

    def nodes(self, states: States) -> int:
        """Return the size of a diagram."""
        return int(states.dag_size)

    def _declare(self, place: int, name: str, count: int) -> None:
        bits = [f"{place}_{bit}" for bit in range((count - 1).bit_length())]
        self._manager.declare(*bits)
        self._bits[name] = bits
        variables = [self._manager.var(bit) for bit in bits]
        self._codes[name] = [
            reduce(
                and_,
                (bit if number >> rank & 1 else ~bit for rank, bit in enumerate(variables)),
                self._manager.true,
            )
            for number in range(count)
        ]


# ---------------------------------------------------------------------------------------------


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
