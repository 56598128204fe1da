"""How expressions of an older definition read in terms of a newer one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from reformflow.binding import Computed
from reformflow.language.replacing import replaced
from reformflow.model import SELF, Aggregate, Compare, Expression, Literal, Member, Name

OLD = "old:"
"""Stands before a column, or a relation, that means something else in the newer definition."""


@attrs.frozen
class Names:
    """The new name of every old column of one workflow, and of the states that were renamed.

    `states` is by the new name of the state column.
    """

    columns: Mapping[str, str] = MappingProxyType({})
    states: Mapping[str, Mapping[str, str]] = MappingProxyType({})

    def column(self, old: str) -> str:
        """Return what an old column is called now."""
        return self.columns.get(old, f"{OLD}{old}")

    def computed(self, old: Computed) -> Computed:
        """Return an old computed column, reading new names."""
        reading = Reading({SELF: self})
        dates = (
            attrs.evolve(
                when,
                anchor=None if when.anchor is None else self.column(when.anchor),
                when=None if when.when is None else reading.now(when.when),
            )
            for when in old.dates
        )
        expression = None if old.expression is None else reading.now(old.expression)
        sources = frozenset(map(self.column, old.sources))
        return Computed(self.column(old.column), sources, tuple(dates), expression)


@attrs.frozen
class Reading:
    """The names of everybody whom an old expression may ask about.

    `owners` are by the owner of a name, `relations` give the new name of a relation and the names
    of its children.
    """

    owners: Mapping[str, Names]
    relations: Mapping[str, tuple[str, Names]] = MappingProxyType({})

    def now(self, expression: Expression) -> Expression:
        """Return an old expression in new names."""
        return replaced(expression, self._new)

    def _new(self, node: Expression) -> Expression | None:
        match node:
            case Name(column=column, owner=owner):
                return Name(self.owners[owner].column(column), owner)
            case Compare(left=Name() as item, right=Literal(value=str(state))):
                kept = self._state(item, state)
                return attrs.evolve(node, left=self.now(item), right=kept)
            case Compare(left=Literal(value=str(state)), right=Name() as item):
                kept = self._state(item, state)
                return attrs.evolve(node, left=kept, right=self.now(item))
            case Member(item=Name() as item, options=options):
                among = tuple(
                    self._state(item, one.value) if isinstance(one.value, str) else one
                    for one in options
                )
                return attrs.evolve(node, item=self.now(item), options=among)
            case Aggregate(relation=relation, variable=variable):
                name, children = self.relations[relation]
                inside = attrs.evolve(self, owners={**self.owners, variable: children})
                return attrs.evolve(
                    node,
                    relation=name,
                    element=inside.now(node.element),
                    condition=inside.now(node.condition),
                )
            case _:
                return None

    def _state(self, name: Name, state: str) -> Literal:
        names = self.owners[name.owner]
        renamed = names.states.get(names.column(name.column), {})
        return Literal(renamed.get(state, state))
