"""Children as terms: kinds of them, how many of each there are, and what their sums can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import z3

from reformflow.binding.spans import CHILDREN
from reformflow.checks.solver.lowering import Kind
from reformflow.checks.solver.terms import FollowLaw, Frame, Key, Quantity, Term, Terms
from reformflow.checks.solver.world import KIND, World
from reformflow.language.folding import COMPUTE
from reformflow.model import Aggregate, Arithmetic, Expression, Literal, Name, Operator


class Kinds:
    """The kinds of children of each relation."""

    def __init__(
        self, terms: Terms, world: World, numbers: Mapping[str, int], follow: FollowLaw
    ) -> None:
        self._terms = terms
        self._world = world
        self.kinds: dict[str, list[Kind]] = {}
        self._counted: dict[Key, tuple[str, Sequence[Term]]] = {}
        for relation, number in numbers.items():
            kinds = self.kinds[relation] = []
            for index in range(number):
                name = f"{relation}{KIND}{index}"
                frame = Frame(terms, name, world.relations[relation], follow)
                count = terms.integer(name)
                terms.noted.setdefault((name, KIND), [count >= 0, count <= CHILDREN])
                kinds.append(Kind(count, frame))

    @property
    def names(self) -> frozenset[str]:
        """The names of the frames of all kinds."""
        return frozenset(kind.frame.name for kinds in self.kinds.values() for kind in kinds)

    def of(self, relation: str) -> Sequence[Kind]:
        """Return the kinds of a relation."""
        kinds = self.kinds[relation]
        self._terms.touch({(kind.frame.name, KIND) for kind in kinds})
        return kinds

    def numbers(self, touched: frozenset[Key]) -> list[Term]:
        """Return how many there are of each kind that was asked about."""
        return [
            kind.number
            for kinds in self.kinds.values()
            for kind in kinds
            if (kind.frame.name, KIND) in touched
        ]

    def counting(self, node: Aggregate, counted: Sequence[Term]) -> None:
        """Remember which kinds a count counts."""
        key = (f"{node.relation}{KIND}", f"count {len(self._counted)}")
        self._counted[key] = (node.relation, counted)
        self._terms.touch([key])

    def guess(self, touched: frozenset[Key]) -> list[Term]:
        """Return a guess at children that answer many counts: one that each of them counts."""
        guesses: list[Term] = []
        taken: dict[str, int] = {}
        for key in sorted(touched & self._counted.keys()):
            relation, counted = self._counted[key]
            index = taken.get(relation, 0)
            if index < len(counted):
                taken[relation] = index + 1
                number = self.kinds[relation][index].number
                guesses.append(z3.And(number == 1, counted[index]))
        return guesses if len(guesses) > 1 else []

    def added(self, kind: Kind, element: Expression, value: Quantity) -> Term:
        """Return the sum of an element over the children of a kind.

        Of several, each has its own value; of their sum no more is known than its bounds.
        """
        name = kind.frame.name
        sums = self._terms.sums
        found = sums.get((name, element))
        if found is None:
            found = self._terms.integer(f"{name}+{len(sums)}")
            sides = [z3.Implies(kind.number == 1, found == value.value)]
            span = self._span(element, name.partition(KIND)[0])
            if span is not None:
                sides.append(found >= kind.number * span[0])
                sides.append(found <= kind.number * span[1])
            self._terms.noted[name, KIND] += sides
            sums[name, element] = found
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
