"""What fires by itself because of an act on many cases: automatic transitions, to a fixed point.

Round by round, as the engine settles one case: the changed cases themselves first, then their
children, then their parents; of several automatic transitions the first that may fire.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from reformflow.binding import BoundTransition
from reformflow.casework.bulk.singly import Singly
from reformflow.casework.practice import Practice
from reformflow.engine import Program
from reformflow.store import (
    Condition,
    Connection,
    DayCounter,
    Noting,
    Sight,
    Stamp,
    Stroke,
    Survey,
    Sweep,
    any_of,
    both,
    by_itself,
    clear_notes,
    noted,
    parents_noted,
    rows_exist,
    without,
)


@attrs.frozen
class Followers:
    """The automatic transitions of every workflow that an act on one workflow may set off."""

    practice: Practice
    workflow: str
    on: date
    strokes: Mapping[str, tuple[Stroke, ...]]

    @classmethod
    def of(cls, practice: Practice, connection: Connection, workflow: str, on: date) -> Followers:
        """Find and prepare them for an act on a day."""
        program, schema = practice.engine.program, practice.schema
        strokes: dict[str, tuple[Stroke, ...]] = {}
        for reached in _reached(program, workflow):
            table = schema.workflow(reached)
            counter = DayCounter(connection, program.calendar, table)
            row = Sight(schema, table, on)
            strokes[reached] = tuple(
                by_itself(row, step.bound, program.effective_on, counter)
                for step in program.plan(reached).automatic
            )
        return cls(practice, workflow, on, strokes)

    def carry_out(
        self,
        connection: Connection,
        sweep: Sweep,
        values: dict[str, str],
        stamp: Stamp,
    ) -> Survey:
        """Carry a sweep out with all that follows, once notes were cleared; say what came of it."""
        rounds = _Rounds(self, connection, stamp)
        refused = rounds.begin(sweep, values)
        made = sweep.carry_out(connection, sweep.at(rounds.turn, values), stamp)
        if made and self.strokes:
            rounds.settle({self.workflow: [rounds.turn]})
        return refused.of(made)

    def fire(
        self,
        connection: Connection,
        bound: BoundTransition,
        rows: Condition,
        stamp: Stamp,
        values: dict[str, str],
    ) -> int:
        """Fire a transition without an actor on some rows, with all that follows.

        Returns how often it fired.
        """
        program = self.practice.engine.program
        table = self.practice.schema.workflow(self.workflow)
        row = Sight(self.practice.schema, table, self.on)
        counter = DayCounter(connection, program.calendar, table)
        stroke = by_itself(row, bound, program.effective_on, counter)
        rounds = _Rounds(self, connection, stamp)
        clear_notes(connection)
        made = rounds.follow(stroke, rows, values)
        if made:
            rounds.settle({self.workflow: [rounds.turn]})
        return made


# ---------------------------------------------------------------------------------------------


@attrs.define
class _Rounds:
    """The rounds in one transaction; each stroke takes a turn and notes its cases under it."""

    followers: Followers
    connection: Connection
    stamp: Stamp
    turn: int = 0

    def begin(self, sweep: Sweep, values: dict[str, str]) -> Survey:
        """Take a turn: note for which cases a sweep is granted; say of which it is refused."""
        self.turn += 1
        return sweep.refusals(self.connection, sweep.at(self.turn, values))

    def settle(self, moved: Mapping[str, list[int]]) -> None:
        """Fire what fires by itself, given which cases have moved, until nothing more does."""
        while moved:
            fired: dict[str, list[int]] = {}
            for workflow, candidates in self._affected(moved):
                turns = self._advance(workflow, candidates)
                if turns:
                    fired.setdefault(workflow, []).extend(turns)
            moved = fired

    def _affected(self, moved: Mapping[str, list[int]]) -> Iterator[tuple[str, Condition]]:
        """Yield the workflows and conditions of cases that may read what has changed."""
        program = self.followers.practice.engine.program
        tables = self.followers.practice.schema.workflows
        for workflow, turns in moved.items():
            yield workflow, noted(tables[workflow], turns)
            for relation in program.plan(workflow).flow.relations.values():
                if program.plan(relation.workflow).watches_parent:
                    below = tables[relation.workflow]
                    yield relation.workflow, noted(below, turns, by="parent")
        for workflow, turns in moved.items():
            parent = program.plan(workflow).flow.parent
            if parent is not None and workflow in _watched(program, parent):
                yield parent, parents_noted(tables[parent], tables[workflow], turns)

    def _advance(self, workflow: str, candidates: Condition) -> list[int]:
        """Fire in each candidate the first automatic transition that may, until none may."""
        strokes = self.followers.strokes.get(workflow, ())
        table = self.followers.practice.schema.workflow(workflow)
        may = both(candidates, any_of(stroke.free for stroke in strokes))
        turns: list[int] = []
        while strokes and rows_exist(self.connection, table, may):
            just: list[int] = []
            for stroke in strokes:
                others = [without(noted(table, just))] if just else []
                if self.follow(stroke, both(candidates, *others), {}):
                    just.append(self.turn)
            if not just:
                break
            turns += just
        return turns

    def follow(self, stroke: Stroke, rows: Condition, values: dict[str, str]) -> int:
        """Fire a transition without an actor where it may; return for how many cases it did."""
        practice = self.followers.practice
        sweep = Sweep.of(stroke, both(rows, stroke.free), practice.definition, Noting.ALL)
        left = sweep.alone(self.connection, values)
        if left:
            on = self.followers.on
            Singly(practice, self.connection, self.stamp.recorded_at).settle(left, on)
        self.begin(sweep, values)
        return sweep.carry_out(self.connection, sweep.at(self.turn, values), self.stamp)


def _watched(program: Program, workflow: str) -> set[str]:
    plan = program.plan(workflow)
    return {plan.flow.relations[relation].workflow for relation in plan.watches}


def _reached(program: Program, workflow: str) -> tuple[str, ...]:
    """Return the workflows with automatic transitions that an act on one may set off."""
    reached: dict[str, None] = {}
    waiting = [workflow]
    while waiting:
        near = program.plan(waiting.pop())
        affected = [near.flow.id] if near.automatic else []
        affected += [
            relation.workflow
            for relation in near.flow.relations.values()
            if program.plan(relation.workflow).watches_parent
        ]
        if near.flow.parent is not None and near.flow.id in _watched(program, near.flow.parent):
            affected.append(near.flow.parent)
        waiting += [name for name in affected if name not in reached]
        reached |= dict.fromkeys(affected)
    return tuple(reached)
