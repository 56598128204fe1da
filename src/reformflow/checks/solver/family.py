"""How many kinds of children a question needs, so that no answer is missed.

Children that agree on everything that is counted or added up can be seen as one kind, of which
there are some number. Besides, one child each is enough to show what `all` or `any` says, and
what makes a count unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs

from reformflow.language.reading import walk
from reformflow.model import Aggregate, Expression, Quantifier

_MOST_COUNTED: Final = 3
"""Of more things that are counted, not all combinations are looked at."""


@attrs.frozen
class Family:
    """The number of kinds by relation; `whole` if no other family could answer otherwise."""

    kinds: tuple[tuple[str, int], ...] = ()
    whole: bool = True


def families_of(expressions: Iterable[Expression]) -> tuple[Family, ...]:
    """Return how many kinds of children some expressions need: a few to try first, then all."""
    asked: dict[str, set[tuple[Expression, ...]]] = {}
    counted: dict[str, set[tuple[Expression, ...]]] = {}
    for expression in expressions:
        for node in walk(expression):
            if not isinstance(node, Aggregate):
                continue
            of = asked.setdefault(node.relation, set())
            over = counted.setdefault(node.relation, set())
            match node.quantifier:
                case Quantifier.COUNT:
                    over.add((node.condition, node.element))
                case Quantifier.SUM:
                    over.add((node.condition,))
                case Quantifier.ALL | Quantifier.ANY:
                    of.add((node,))
    few = tuple((name, len(of) + len(counted[name])) for name, of in asked.items())
    every = tuple((name, len(of) + _combined(len(counted[name]))) for name, of in asked.items())
    whole = Family(every, all(len(over) <= _MOST_COUNTED for over in counted.values()))
    if all(len(over) <= 1 for over in counted.values()):
        return (whole,)
    return Family(few, whole=False), whole


# ---------------------------------------------------------------------------------------------


def _combined(counted: int) -> int:
    """Return one for each that may be unknown, and one for each combination of the others."""
    return counted + (1 << min(counted, _MOST_COUNTED)) - 1
