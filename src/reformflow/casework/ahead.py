"""Cases as they stand when a day has come: what time has brought is there, and nothing is stored.

A request about a day is decided on its case with all that time has brought until then, whether or
not anybody has let time pass in the store. Who shows cases on that day looks at them here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from reformflow.casework.practice import Practice
from reformflow.casework.waiting import candidates, pass_time, waiting
from reformflow.engine import Docket
from reformflow.model import Case, Decision, Lateness
from reformflow.store import Connection, StoredCases


class Ahead(Docket):
    """Cases in memory laid over stored ones."""

    def changed(self, unit: str | None = None) -> Iterator[Case]:
        """Yield the stored cases that time has changed, of one unit or of all."""
        for case in self._cases.values():
            if case.id not in self._opened and unit in {None, case.unit}:
                yield case

    def opened(self, workflow: str, unit: str | None = None) -> Iterator[Case]:
        """Yield the cases of a workflow that time has opened, of one unit or of all."""
        for case in map(self.case, self.ids()):
            if case.workflow == workflow and unit in {None, case.unit}:
                yield case

    def late(self, id: str) -> tuple[Lateness, ...]:  # noqa: A002
        """Return the marks of lateness of what time has brought to a case."""
        return tuple(mark for entry in self.added(id) for mark in entry.late)


def ahead(practice: Practice, connection: Connection, reader: StoredCases, on: date) -> Ahead:
    """Return all cases as they stand when `on` has come.

    A case whose dates cannot be counted so far is left as far as time could pass for it.
    """
    cases = Ahead(base=reader)

    def look(last: Sequence[Decision]) -> tuple[str, ...]:
        if last:
            return waiting(practice, cases, _near(practice, cases, last), on)
        found = waiting(practice, cases, candidates(practice, connection, reader, on), on)
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
