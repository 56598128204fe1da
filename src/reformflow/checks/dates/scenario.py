"""Scenarios: what is taken to be so about a case whose dates depend on its facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import attrs

from reformflow.binding import BoundWorkflow
from reformflow.language import unparse
from reformflow.language.folding import FALSE, TRUE, Known, fold
from reformflow.language.reading import columns_read
from reformflow.model import SELF, Expression, FactType, Name, Not, Scalar

Conditions = tuple[Expression, ...]
"""Conditions tried one after the other, the first that is true being the one that counts."""


@attrs.frozen
class Scenario:
    """Facts with their values, and conditions that are true or false without a look at facts."""

    known: Known = MappingProxyType({})
    taken: tuple[tuple[Expression, bool], ...] = ()

    def decide(self, condition: Expression | None) -> bool | None:
        """Say whether a condition is true here, None if that is open."""
        if condition is None:
            return True
        for known, truth in self.taken:
            if known == condition:
                return truth
        folded = fold(condition, self.known)
        return folded == TRUE if folded in (TRUE, FALSE) else None

    @property
    def values(self) -> tuple[tuple[str, Scalar], ...]:
        """The facts with their values."""
        return tuple((name.column, value) for name, value in self.known.items())

    def __str__(self) -> str:
        """Write what is taken to be so as a condition."""
        known = [f"{name} = {value}" for name, value in self.values]
        taken = [unparse(part if truth else Not(part)) for part, truth in self.taken]
        return " and ".join([*known, *taken])


ANY_CASE = Scenario()


def scenarios(flow: BoundWorkflow, conditions: Iterable[Conditions]) -> Iterator[Scenario]:
    """Yield scenarios of a workflow in which some lists of conditions are decided.

    Conditions about one fact with few values are decided by its values. Others are taken to be
    true in turn, those before them false; those about states are left alone, since whether a
    case can be in them at that time is not known here.
    """
    for listed in dict.fromkeys(conditions):
        names = {name for condition in listed for name in columns_read(condition)}
        if any(name.owner != SELF or name.column.endswith((".state", ".since")) for name in names):
            continue
        values = _values(flow, names)
        if values:
            yield from (Scenario({name: value}) for name in names for value in values)
        else:
            yield from _in_turn(listed)


# ---------------------------------------------------------------------------------------------


def _values(flow: BoundWorkflow, names: set[Name]) -> tuple[Scalar, ...]:
    """Return the values that the one name can have, none if they are many, or several names."""
    if len(names) != 1:
        return ()
    (name,) = names
    fact = flow.facts.get(name.column)
    if fact is None:
        return ()
    if fact.type is FactType.BOOL:
        return (True, False)
    return tuple(choice.id for choice in fact.choices)


def _in_turn(listed: Conditions) -> Iterator[Scenario]:
    before: Mapping[Expression, bool] = {}
    for condition in listed:
        yield Scenario(taken=tuple({**before, condition: True}.items()))
        before = {**before, condition: False}
    yield Scenario(taken=tuple(before.items()))
