"""Children as terms: kinds of them, how many of each there are, and what their sums can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import z3

from reformflow.binding.spans import CHILDREN
from reformflow.checks.solver.lowering import Kind
from reformflow.checks.solver.terms import FollowLaw, Frame, Key, Quantity, Term, Terms
from reformflow.checks.solver.world import World
from reformflow.language.folding import COMPUTE
from reformflow.model import Arithmetic, Expression, Literal, Name, Operator

NUMBER: Final = "#"
"""Stands for the number of children of a kind, where columns are named."""


class Kinds:
    """The kinds of children of each relation."""

    def __init__(
        self, terms: Terms, world: World, numbers: Mapping[str, int], follow: FollowLaw
    ) -> None:
        self._terms = terms
        self._world = world
        self.kinds: dict[str, list[Kind]] = {}
        self._sums: dict[tuple[str, Expression], Term] = {}
        for relation, number in numbers.items():
            kinds = self.kinds[relation] = []
            for index in range(number):
                name = f"{relation}{NUMBER}{index}"
                frame = Frame(terms, name, world.relations[relation], follow)
                count = terms.integer(name)
                terms.noted[name, NUMBER] = [count >= 0, count <= CHILDREN]
                kinds.append(Kind(count, frame))

    @property
    def names(self) -> frozenset[str]:
        """The names of the frames of all kinds."""
        return frozenset(kind.frame.name for kinds in self.kinds.values() for kind in kinds)

    def of(self, relation: str) -> Sequence[Kind]:
        """Return the kinds of a relation."""
        kinds = self.kinds[relation]
        self._terms.touch({(kind.frame.name, NUMBER) for kind in kinds})
        return kinds

    def numbers(self, touched: frozenset[Key]) -> list[Term]:
        """Return how many there are of each kind that was asked about."""
        return [
            kind.number
            for kinds in self.kinds.values()
            for kind in kinds
            if (kind.frame.name, NUMBER) in touched
        ]

    def added(self, kind: Kind, element: Expression, value: Quantity) -> Term:
        """Return the sum of an element over the children of a kind.

        Of several, each has its own value; of their sum no more is known than its bounds.
        """
        name = kind.frame.name
        found = self._sums.get((name, element))
        if found is None:
            found = self._terms.integer(f"{name}+{len(self._sums)}")
            sides = [z3.Implies(kind.number == 1, found == value.value)]
            span = self._span(element, name.partition(NUMBER)[0])
            if span is not None:
                sides.append(found >= kind.number * span[0])
                sides.append(found <= kind.number * span[1])
            self._terms.noted[name, NUMBER] += sides
            self._sums[name, element] = found
        return found

    def _span(self, node: Expression, relation: str) -> tuple[int, int] | None:
        """Return the least and the greatest that an element can be, where both are known."""
        match node:
            case Literal(value=int(value)):
                return value, value
            case Name(column=column, owner=owner):
                frames = self._world.frames
                table = frames[owner] if owner in frames else self._world.relations[relation]
                domain = table.columns[column]
                if domain.least is None or domain.most is None:
                    return None
                return domain.least, domain.most
            case Arithmetic(op=op, left=left, right=right):
                one, other = self._span(left, relation), self._span(right, relation)
                if one is None or other is None:
                    return None
                first, last = (other[1], other[0]) if op is Operator.SUB else other
                if op is not Operator.MUL:
                    return COMPUTE[op](one[0], first), COMPUTE[op](one[1], last)
                corners = [a * b for a in one for b in other]
                return min(corners), max(corners)
            case _:
                return None
