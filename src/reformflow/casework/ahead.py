"""Cases as they stand when a day has come: what time has brought is there, and nothing is stored.

A request about a day is decided on its case with all that time has brought until then, whether or
not anybody has let time pass in the store. Who shows cases on that day looks at them here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from reformflow.casework.practice import Practice
from reformflow.casework.waiting import pass_time, timed_cases, waiting
from reformflow.model import Case, Cases, Decision, Entry, Lateness
from reformflow.store import StoredCases


class Ahead:
    """Cases in memory laid over stored ones; it implements `Cases`."""

    def __init__(self, base: Cases) -> None:
        """Start from `base`, which stays as it is."""
        self._base = base
        self._changed: dict[str, Case] = {}
        self._opened: dict[str, Case] = {}
        self._children: dict[tuple[str, str], list[str]] = {}
        self._entries: dict[str, list[Entry]] = {}

    def take(self, decision: Decision) -> Decision:
        """Carry out what a decision granted, here only. Returns it."""
        for case in decision.opened:
            self._opened[case.id] = self._changed[case.id] = case
            if case.parent is not None:
                self._children.setdefault((case.parent, case.workflow), []).append(case.id)
        for entry in decision.entries:
            self._changed[entry.case] = self.case(entry.case).after(entry)
            self._entries.setdefault(entry.case, []).append(entry)
        return decision

    def case(self, id: str) -> Case:  # noqa: A002
        """Return the case as it then stands; UnknownName if there is none."""
        return self._changed[id] if id in self._changed else self._base.case(id)

    def exists(self, id: str) -> bool:  # noqa: A002
        """Say whether there is such a case by then."""
        return id in self._changed or self._base.exists(id)

    def children(self, id: str, workflow: str) -> Sequence[Case]:  # noqa: A002
        """Return the child cases of one workflow as they then stand, in order of opening."""
        known = () if id in self._opened else self._base.children(id, workflow)
        new = self._children.get((id, workflow), ())
        return [*(self._changed.get(c.id, c) for c in known), *(self._changed[c] for c in new)]

    def entries(self, id: str) -> Sequence[Entry]:  # noqa: A002
        """Return the history of a case, with what time has brought."""
        known = () if id in self._opened else self._base.entries(id)
        return (*known, *self._entries.get(id, ()))

    def opened(self, workflow: str, unit: str | None = None) -> Iterator[Case]:
        """Yield the cases of a workflow that time has opened, of one unit or of all."""
        for id_, case in self._opened.items():
            if case.workflow == workflow and unit in {None, case.unit}:
                yield self._changed[id_]

    def late(self, id: str) -> tuple[Lateness, ...]:  # noqa: A002
        """Return the marks of lateness of what time has brought to a case."""
        return tuple(mark for entry in self._entries.get(id, ()) for mark in entry.late)


def ahead(practice: Practice, reader: StoredCases, on: date) -> Ahead:
    """Return all cases as they stand when `on` has come.

    A case whose dates cannot be counted so far is left as far as time could pass for it.
    """
    cases = Ahead(reader)

    def look(last: Sequence[Decision]) -> tuple[str, ...]:
        if last:
            return waiting(practice, cases, _near(practice, cases, last), on)
        found = waiting(practice, cases, timed_cases(practice, reader), on)
        reader.gather(reader.case(id_) for id_ in found)  # so that kin come together
        return found

    def tick(case: str) -> Decision | None:
        decision = practice.engine.tick(cases, case, on)
        return cases.take(decision) if decision.entries else None

    pass_time(look, tick)
    return cases


# ---------------------------------------------------------------------------------------------


def _near(practice: Practice, cases: Ahead, last: Sequence[Decision]) -> list[Case]:
    """Return the cases that can see what has changed: the changed ones, and their kin."""
    near: dict[str, Case] = {}
    for changed in dict.fromkeys(entry.case for decision in last for entry in decision.entries):
        case = cases.case(changed)
        kin = [case] if case.parent is None else [case, cases.case(case.parent)]
        for relation in practice.schema.workflow(case.workflow).flow.relations.values():
            if practice.engine.timed(relation.workflow):
                kin += cases.children(changed, relation.workflow)
        near |= {one.id: one for one in kin if practice.engine.timed(one.workflow)}
    return list(near.values())
