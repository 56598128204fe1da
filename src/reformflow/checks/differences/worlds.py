"""Cases that two definitions look at together: what goes on as the same column is one column.

A column that is computed otherwise than before, or is gone, stands beside the others under a name
of its own (`old:…`), as the older definition has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from reformflow.binding import BoundReform, BoundWorkflow, Succession
from reformflow.checks.differences.renaming import OLD, Names, Reading
from reformflow.checks.solver import Domain, Solver, Table, World, table_of
from reformflow.model import PARENT, SELF


@attrs.frozen
class Versions:
    """Two definitions, and how the cases of each workflow go on from one to the other."""

    old: BoundReform
    new: BoundReform
    successions: Mapping[str, Succession]


@attrs.frozen
class Pair:
    """One workflow in both definitions, and solvers for cases that both can look at.

    `after` knows the cases that there can be by the newer definition, `before` those by the older
    one, `exact` dates as they are counted, without extensions and pauses.
    """

    old: BoundWorkflow
    new: BoundWorkflow
    names: Names
    reading: Reading
    after: Solver
    before: Solver
    exact: Solver

    @classmethod
    def of(cls, versions: Versions, flow: str) -> Pair:
        """Put a workflow of both definitions side by side."""
        old, new = versions.old.workflows[flow], versions.new.workflows[flow]
        sides = _Sides(versions)
        own = sides.side(old, new)
        owners, frames = {SELF: own.names}, {SELF: own}
        parent = sides.parent(old, new)
        if parent is not None:
            owners[PARENT], frames[PARENT] = parent.names, parent
        relations, children = sides.children(old, new)
        worlds = [
            World(
                {owner: side.table(kind) for owner, side in frames.items()},
                {name: side.table(kind) for name, side in children.items()},
                versions.new.calendar(),
                versions.new.effective_on or date(2021, 1, 1),
            )
            for kind in ("after", "before", "exact")
        ]
        after, before, exact = map(Solver, worlds)
        return cls(old, new, own.names, Reading(owners, relations), after, before, exact)


# ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Side:
    """The columns of one workflow in both definitions, either of which may lack it."""

    names: Names
    old: Table
    new: Table

    def table(self, kind: str) -> Table:
        shared = {name: old for old, name in self.names.columns.items()}
        columns = dict(self.new.columns)
        if kind == "before":
            columns |= {
                name: _renamed(self.old.columns[old], self.names.states.get(name, {}))
                for name, old in shared.items()
            }
        gone = [old for old in self.old.columns if old not in self.names.columns]
        columns |= {f"{OLD}{old}": self.old.columns[old] for old in gone}
        laws = dict(self.new.laws)
        for old in gone:
            law = self.old.laws.get(old)
            if law is not None:
                laws[f"{OLD}{old}"] = attrs.evolve(law, computed=self.names.computed(law.computed))
        if kind == "exact":
            laws = {name: attrs.evolve(law, at_least=False) for name, law in laws.items()}
        return Table(columns, laws, optional=self.new.optional)


@attrs.frozen
class _Sides:
    versions: Versions

    def side(
        self, old: BoundWorkflow | None, new: BoundWorkflow | None, *, optional: bool = False
    ) -> _Side:
        """Lay a workflow of the older definition beside one of the newer."""
        empty = Table({}, optional=optional)
        before = empty if old is None else table_of(self.versions.old, old, optional=optional)
        after = empty if new is None else table_of(self.versions.new, new, optional=optional)
        before = _counted_by(before, self.versions.old)
        after = _counted_by(after, self.versions.new)
        names = Names()
        if old is not None and new is not None and old.id == new.id:
            names = _names(self.versions.successions[old.id], before, after)
        return _Side(names, before, after)

    def parent(self, old: BoundWorkflow, new: BoundWorkflow) -> _Side | None:
        """Lay the parents side by side; None if neither has one."""
        if old.parent is None and new.parent is None:
            return None
        one = None if old.parent is None else self.versions.old.workflows[old.parent]
        other = None if new.parent is None else self.versions.new.workflows[new.parent]
        return self.side(one, other, optional=True)

    def children(
        self, old: BoundWorkflow, new: BoundWorkflow
    ) -> tuple[dict[str, tuple[str, Names]], dict[str, _Side]]:
        """Return how old relations are named now, and the children of every relation."""
        earlier = {relation.workflow: relation.id for relation in old.relations.values()}
        sides: dict[str, _Side] = {}
        reading: dict[str, tuple[str, Names]] = {}
        for relation in new.relations.values():
            kind, was = relation.workflow, earlier.pop(relation.workflow, None)
            child = None if was is None else self.versions.old.workflows[kind]
            sides[relation.id] = self.side(child, self.versions.new.workflows[kind])
            if was is not None:
                reading[was] = (relation.id, sides[relation.id].names)
        for kind, was in earlier.items():
            name = f"{OLD}{was}"
            sides[name] = self.side(self.versions.old.workflows[kind], None)
            reading[was] = (name, sides[name].names)
        return reading, sides


def _names(goes_on: Succession, old: Table, new: Table) -> Names:
    """Return which columns are the same: they go on, and are computed alike if they are."""
    now = {was: name for name, was in goes_on.origin.items()}
    states = {f"{track}.state": renamed for track, renamed in goes_on.states.items()}
    columns = {
        was: name for was, name in now.items() if was not in old.laws and name not in new.laws
    }
    for was in goes_on.old.computed:  # in the order in which they are computed
        name = now.get(was.column)
        law = new.laws.get(name or "")
        if name is None or law is None or was.column not in old.laws:
            continue
        known = Names({**columns, was.column: name}, states)
        earlier = old.laws[was.column]
        if attrs.evolve(earlier, computed=known.computed(earlier.computed)) == law:
            columns[was.column] = name
    return Names(columns, states)


def _counted_by(table: Table, bound: BoundReform) -> Table:
    """Return a table whose dates are counted by the calendar of their definition."""
    calendar = bound.calendar()
    laws = {name: attrs.evolve(law, calendar=calendar) for name, law in table.laws.items()}
    return attrs.evolve(table, laws=laws)


def _renamed(domain: Domain, states: Mapping[str, str]) -> Domain:
    if domain.values is None or not states:
        return domain
    return attrs.evolve(domain, values=tuple(states.get(str(one), one) for one in domain.values))
