"""What a migration would mean: cases counted by state, by what opens or shuts, and by dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import attrs

from reformflow.casework.versions.crossing import Crossing, Moved
from reformflow.engine import Ground, Obstacle
from reformflow.engine.openings import openings
from reformflow.model import Case, Code, Value
from reformflow.store import Connection, StoredCases

WORKFLOW: Final = "workflow"
"""The code of the obstacle that the new definition has no such workflow."""


@attrs.frozen
class Dates:
    """The due dates of one transition in a group, from the first to the last; None for no date."""

    transition: str
    before: tuple[date, date] | None
    after: tuple[date, date] | None


@attrs.frozen
class Group:
    """Cases for which the migration means the same.

    `before` and `after` are their states by track. `opens` are the transitions that would stand
    open then and do not now, `shuts` the other way round, each with the grounds against it;
    `dues` the dates that would be others. With `obstacles` the group cannot go on. `example` is
    one of the cases.
    """

    workflow: str
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]
    cases: int
    opens: tuple[str, ...] = ()
    shuts: tuple[tuple[str, tuple[Ground, ...]], ...] = ()
    dues: tuple[Dates, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    example: str = ""


def groups(connection: Connection, crossing: Crossing, on: date) -> tuple[Group, ...]:
    """Return the groups of the cases that follow the old definition, by workflow and states."""
    found: dict[Group, _Sum] = {}
    for workflow in crossing.before.schema.workflows:
        for cases, old, moved in _pages(connection, crossing, workflow, on):
            for case in cases:
                group, after = _group(crossing, old, moved, case, on)
                found.setdefault(group, _Sum(case.id)).add(crossing, case, after)
    return tuple(
        attrs.evolve(group, cases=total.cases, example=total.example, dues=total.dues())
        for group, total in found.items()
    )


# ---------------------------------------------------------------------------------------------

_Span = tuple[date, date] | None


@attrs.define
class _Sum:
    """The cases of one group: how many, an example, and from when to when their dates are."""

    example: str
    cases: int = 0
    spans: dict[str, list[_Span]] = attrs.field(factory=dict)

    def add(self, crossing: Crossing, case: Case, after: Case | None) -> None:
        self.cases += 1
        if after is None:
            return
        goes_on = crossing.passages[case.workflow].succession
        for deadline in goes_on.new.deadlines.values():
            if after.values[f"{deadline.track}.state"] not in deadline.during:
                continue
            was = case.values.get(goes_on.origin.get(deadline.due, ""))
            span = self.spans.setdefault(deadline.transition, [None, None])
            span[0] = _wider(span[0], was)
            span[1] = _wider(span[1], after.values[deadline.due])

    def dues(self) -> tuple[Dates, ...]:
        return tuple(
            Dates(transition, before, after)
            for transition, (before, after) in self.spans.items()
            if before != after
        )


def _wider(span: _Span, day: Value) -> _Span:
    if not isinstance(day, date):
        return span
    return (day, day) if span is None else (min(span[0], day), max(span[1], day))


def _pages(
    connection: Connection, crossing: Crossing, workflow: str, on: date
) -> Iterator[tuple[list[Case], StoredCases, Moved]]:
    """Yield the cases of a workflow that follow the old definition, some at a time with their kin.

    A reader keeps all that it has read, so each page has its own.
    """
    last = 0
    while True:
        old = StoredCases(connection, crossing.before.schema)
        page, last = old.page(workflow, None, after=last)
        if not page:
            return
        old.gather(page)
        already = StoredCases(connection, crossing.after.schema)
        moved = Moved(crossing, old, already, on)
        mine = [case for case in page if case.definition == crossing.before.definition]
        yield mine, old, moved


def _group(
    crossing: Crossing, old: StoredCases, moved: Moved, case: Case, on: date
) -> tuple[Group, Case | None]:
    """Return the group of a case, still without numbers, and the case as it would be."""
    before = _states(crossing.before.schema.workflow(case.workflow).flow.tracks, case)
    if case.workflow not in crossing.passages:
        gone = (Obstacle(WORKFLOW, "workflow", case.workflow),)
        return Group(case.workflow, before, (), 0, obstacles=gone), None
    after, passed = moved.passing(case)
    if passed.obstacles:
        return Group(case.workflow, before, (), 0, obstacles=passed.obstacles), None
    flow = crossing.after.schema.workflow(case.workflow).flow
    opens, shuts = _ways(crossing, old, moved, case, after, on)
    return Group(case.workflow, before, _states(flow.tracks, after), 0, opens, shuts), after


def _states(tracks: Iterable[str], case: Case) -> tuple[tuple[str, str], ...]:
    return tuple((track, str(case.values[f"{track}.state"])) for track in tracks)


def _ways(
    crossing: Crossing, old: StoredCases, moved: Moved, case: Case, after: Case, on: date
) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[Ground, ...]], ...]]:
    """Return which transitions would stand open then and do not now, and the other way round."""
    goes_on = crossing.passages[case.workflow].succession
    now_called = {was: new for new, was in goes_on.renamed_from.items()}
    now = openings(crossing.before.engine.program, old, case, on)
    then = openings(crossing.after.engine.program, moved, after, on)
    free_now = {now_called.get(name, name): name for name, against in now.items() if not against}
    free_then = {name for name, against in then.items() if not against}
    gone = [name for name in free_now if name not in free_then]
    shuts = tuple((name, then.get(name, ((Code.NOT_FROM_HERE, name),))) for name in gone)
    return tuple(name for name in then if name in free_then - free_now.keys()), shuts
