"""Sets of states as one whole number: bit n stands for the n-th combination of values.

Python's operators on whole numbers then work on all states of a set at once. This is the fastest
way while there are few combinations, and needs no library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from reformflow.checks.reach.formulas import All, Formula, Is, Kin, Some
from reformflow.checks.reach.system import System, Values

FITTING: Final = 1 << 16
"""The most combinations for which bit sets are quicker than decision diagrams."""


class BitSets:
    """The sets of states of one system, as whole numbers."""

    def __init__(self, system: System) -> None:
        """Lay the combinations out: the first variable changes fastest."""
        self.nothing = 0
        self.everything = (1 << system.size) - 1
        self._names = [variable.name for variable in system.variables]
        self._strides: dict[str, int] = {}
        self._masks: dict[str, list[int]] = {}
        stride = 1
        for variable in system.variables:
            count = len(variable.shown)
            block = (1 << stride) - 1
            repeated = self.everything // ((1 << stride * count) - 1)
            self._strides[variable.name] = stride
            self._masks[variable.name] = [
                (block << stride * number) * repeated for number in range(count)
            ]
            stride *= count

    def of(self, formula: Formula) -> int:
        """Return the states in which a formula holds; it asks nothing about kin."""
        match formula:
            case Is(variable=name, values=values):
                return self.among(name, values)
            case All(parts=parts):
                found = self.everything
                for part in parts:
                    found &= self.of(part)
                return found
            case Some(parts=parts):
                found = 0
                for part in parts:
                    found |= self.of(part)
                return found
            case Kin():
                raise TypeError(formula)

    def among(self, variable: str, values: Values) -> int:
        """Return the states in which a variable holds one of some values."""
        masks, found = self._masks[variable], 0
        for number in values:
            found |= masks[number]
        return found

    def without(self, variables: Iterable[str], states: int, where: int) -> int:
        """Return what differs at most in these variables from a state in both sets."""
        states &= where
        for name in variables:
            stride, base = self._strides[name], 0
            masks = self._masks[name]
            for number, mask in enumerate(masks):
                base |= (states & mask) >> stride * number
            states = 0
            for number in range(len(masks)):
                states |= base << stride * number
        return states

    def any(self, states: int) -> bool:
        """Say whether there is any state in a set."""
        return states != 0

    def too_many(self, _: int) -> bool:
        """Say whether there are too many states to go on: never, of so few combinations."""
        return False

    def one(self, states: int) -> Mapping[str, int]:
        """Return one state of a set: the number of each variable's value."""
        place = (states & -states).bit_length() - 1
        found = {}
        for name in self._names:
            place, found[name] = divmod(place, len(self._masks[name]))
        return found

    def count(self, states: int) -> int:
        """Return how many states there are in a set."""
        return states.bit_count()
