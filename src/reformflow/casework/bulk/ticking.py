"""Time passing for many cases at once: what fires on a day, or by silence, day after day.

That is for workflows that time does not tie to others: where nothing that time brings to a case
reads its kin, and no kin reads it when time comes to them. The others are taken case by case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime

import attrs

from reformflow.casework.bulk.consequences import Followers
from reformflow.casework.practice import Practice
from reformflow.engine import Program
from reformflow.language.reading import reads_only_itself, reads_parent, relations_read
from reformflow.model import Decision, Expression
from reformflow.store import Chunk, Connection, Sight, Stamp, TimedRows


@attrs.frozen
class Passed:
    """What the passing of time has brought: how many entries of which transition or duty."""

    on: date
    entries: Mapping[tuple[str, str], int]

    @property
    def total(self) -> int:
        """How many entries were made in all."""
        return sum(self.entries.values())


def apart(program: Program) -> tuple[str, ...]:
    """Return the workflows for whose cases time can pass at once, whatever happens to others."""
    return tuple(id_ for id_ in program.plans if id_ in program.timed and _apart(program, id_))


def brought(program: Program, decision: Decision) -> Iterator[tuple[str, str]]:
    """Yield workflow and name of each entry that time has made, for counting them."""
    opened = {case.id: case.workflow for case in decision.opened}
    for entry in decision.entries:
        workflow = opened.get(entry.case, decision.workflow)
        if entry.case != decision.case and entry.case not in opened:
            having = (id_ for id_, plan in program.plans.items() if entry.name in plan.steps)
            workflow = next(having, "")
        yield workflow, entry.name


@attrs.frozen
class Ticking:
    """Time passing for the cases of one workflow in one transaction."""

    practice: Practice
    connection: Connection
    workflow: str
    now: datetime

    def carry_out(self, chunk: Chunk, on: date) -> Counter[tuple[str, str]]:
        """Let everything fire that time has brought to a chunk of cases, the earliest first."""
        practice = self.practice
        flow = practice.engine.program.plan(self.workflow).flow
        row = Sight(practice.schema, practice.schema.workflow(self.workflow), on)
        rows = TimedRows(self.connection, row, chunk)
        made: Counter[tuple[str, str]] = Counter()
        steps = practice.engine.program.plan(self.workflow).timed
        day = rows.earliest([step.bound for step in steps], after=None)
        while day is not None:
            followers = Followers.of(practice, self.connection, self.workflow, day)
            for step in steps:
                number = followers.fire(
                    self.connection,
                    flow.transitions[step.id],
                    rows.due_on(step.bound, day),
                    Stamp(self.now),
                    chunk.values,
                )
                made[self.workflow, step.id] += number
            day = rows.earliest([step.bound for step in steps], after=day)
        return made


# ---------------------------------------------------------------------------------------------


def _apart(program: Program, workflow: str) -> bool:
    plan = program.plan(workflow)
    flow = plan.flow
    if flow.duties or not all(map(reads_only_itself, _read_in_time(program, workflow))):
        return False
    parent = flow.parent
    if parent is not None:
        above = program.plan(parent).flow
        mine = {name for name, item in above.relations.items() if item.workflow == workflow}
        if any(relations_read(one) & mine for one in _read_in_time(program, parent)):
            return False
    children = {relation.workflow for relation in flow.relations.values()}
    return not any(reads_parent(one) for child in children for one in _read_in_time(program, child))


def _read_in_time(program: Program, workflow: str) -> Iterator[Expression]:
    """Yield what is read when time comes to a case of a workflow, or when it settles."""
    plan = program.plan(workflow)
    for step in (*plan.timed, *plan.automatic):
        yield from (guard.rule.expression for guard in step.guards)
        yield from (when for _, when in step.bound.to if when is not None)
        yield from (expression for _, expression in step.bound.sets)
        if step.bound.deadline is not None:
            roles = step.bound.deadline.answerable
            yield from (when for _, when in roles if when is not None)
    for duty in plan.flow.duties.values():
        yield from (expression for _, expression in duty.sets)
        if duty.condition is not None:
            yield duty.condition
