"""The way of a workflow's cases from one definition to another: what changes, what is in the way.

A migration is no act under the rules: no transition fires, and the day since which a case has
been in its state stays, also if the state has another name now. From then on nothing happens on
an earlier day. Dates whose way of counting is another are counted anew; one that an extension or
a stopped clock has moved does not come earlier by that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import attrs

from reformflow.binding import BoundDeadline, Succession
from reformflow.engine.computing import computed, keep_extension, moved, standing_due
from reformflow.engine.differences import (
    Mark,
    checked,
    columns_of,
    marked,
    marks_of,
    needed,
    recounted,
    restanding,
)
from reformflow.engine.doors import problem
from reformflow.engine.program import Program, Recipe
from reformflow.errors import RequestError
from reformflow.language.meaning import Columns
from reformflow.model import Case, Entry, Fact, Value

STATE: Final = "state"
VALUE: Final = "value"
LATER: Final = "later"


@attrs.frozen
class Obstacle:
    """Why a case cannot go on under the new definition.

    `code` is `state` (it is in one that the new definition does not have), `value` (a fact holds
    what it may not hold) or `later` (something happened after the day of the migration); `column`
    is the one that it is about, `value` what that would hold, as text.
    """

    code: str
    column: str
    value: str = ""


@attrs.frozen
class Passed:
    """What a migration does to one case: the changes of its entry, and what is in its way."""

    changes: Mapping[str, Value]
    obstacles: tuple[Obstacle, ...] = ()


@attrs.frozen
class Passage:
    """The passage of one workflow's cases, worked out once for all of them.

    `reads` are the old columns that the changes rest on, `marks` the new ones that history tells,
    `checked` the facts that may hold less than before, by their new name. `carried` maps those
    new columns that take over the value of an old one with another name; `fresh` has the
    initial value of those behind which there is none.
    """

    before: Program
    after: Program
    succession: Succession
    recipes: tuple[Recipe, ...]
    tracks: tuple[str, ...]
    marks: tuple[Mark, ...]
    checked: Mapping[str, Fact]
    reads: tuple[str, ...]
    carried: Mapping[str, str]
    fresh: Mapping[str, Value]

    @classmethod
    def of(cls, before: Program, after: Program, succession: Succession) -> Passage:
        """Work out the passage; RequestError if a column would change its type."""
        for column, old in succession.retyped.items():
            was, now = succession.old.columns[old].type, succession.new.columns[column].type
            message = f"{old!r} of {succession.new.id!r} was {was}, {column!r} is {now}"
            raise RequestError(message, "a fact keeps its type: give the new one another name")
        marks = tuple(marks_of(succession))
        recipes = tuple(recounted(before, after, succession, marks))
        columns = {recipe.computed.column for recipe in recipes}
        tracks = tuple(restanding(succession, columns))
        read = needed(before.plan(succession.old.id), succession, recipes, tracks)
        return cls(
            before,
            after,
            succession,
            recipes,
            tracks,
            marks,
            checked(succession),
            tuple(name for name in succession.old.columns if name in read),
            succession.carried,
            {name: succession.new.initial[name] for name in succession.fresh},
        )

    def of_case(self, case: Case, entries: Sequence[Entry], on: date) -> tuple[Case, Passed]:
        """Return a case as it is after its migration, and what that comes to.

        `entries` are its history, which is looked at only if there are marks.
        """
        marks = {mark.column: marked(entries, mark) for mark in self.marks}
        obstacles = [*self._outside(case.values), *self._later(case.values, on)]
        passed = self.passed(case.values, marks, on, obstacles)
        values: dict[str, Value] = {
            name: case.values[origin] for name, origin in self.succession.origin.items()
        }
        values = {**self.fresh, **values, **passed.changes}
        return attrs.evolve(case, values=values, definition=self.after.definition), passed

    def passed(
        self, values: Columns, marks: Columns, on: date, obstacles: Iterable[Obstacle] = ()
    ) -> Passed:
        """Return what changes, from the columns that are read, without those only carried."""
        new, goes_on = self.succession.new, self.succession
        after: dict[str, Value] = {
            name: values[origin] for name, origin in goes_on.origin.items() if origin in values
        }
        after |= {**self.fresh, **marks}
        missing = list(obstacles)
        for track, declared in new.tracks.items():
            column = f"{track}.state"
            after[f"{track}.last"] = on
            if column not in goes_on.origin:
                after |= {column: declared.initial, f"{track}.since": on}
                continue
            state = str(after[column])
            after[column] = state = goes_on.states.get(track, {}).get(state, state)
            if state not in new.stages[track]:
                missing.append(Obstacle(STATE, column, state))
        if any(obstacle.code == STATE for obstacle in missing):
            return Passed({}, tuple(missing))
        self._recount(values, after, on)
        return Passed(self._different(values, after), tuple(missing))

    def _recount(self, values: Columns, after: dict[str, Value], on: date) -> None:
        """Count dates and derived facts anew, where they are counted otherwise than before."""
        plan = self.after.plan(self.succession.new.id)
        dues = {deadline.due for deadline in plan.flow.deadlines.values()}
        recounted = columns_of(self.recipes)
        for recipe in self.recipes:
            column = recipe.computed.column
            value = computed(self.after.calendar, recipe, after, on)
            kept = self._moved_by_hand(values, column, on) if column in dues else None
            later = kept is not None and isinstance(value, date) and value < kept
            after[column] = kept if later else value
        for deadline in plan.flow.deadlines.values():
            if deadline.can_pause or self._old_clock(deadline):
                self._run_clock(values, after, deadline, on)
            if deadline.extension is not None and deadline.due in recounted:
                keep_extension(deadline, after)
        for duty in plan.flow.duties.values():
            if after.get(duty.known) is None and after.get(duty.first) is not None:
                after[duty.known] = on
        for track in self.tracks:
            after[f"{track}.due"] = standing_due(plan, track, after)

    def _moved_by_hand(self, values: Columns, column: str, on: date) -> date | None:
        """Return the date that a deadline had, if it was not the one that was counted."""
        origin = self.succession.origin.get(column)
        recipes = self.before.plan(self.succession.old.id).recipes
        recipe = next((one for one in recipes if one.computed.column == origin), None)
        if recipe is None or origin is None:
            return None
        stored = values[origin]
        plain = computed(self.before.calendar, recipe, values, on)
        return stored if isinstance(stored, date) and stored != plain else None

    def _old_clock(self, deadline: BoundDeadline) -> BoundDeadline | None:
        """Return what a deadline was before, if its clock could stand still."""
        origin = self.succession.origin.get(deadline.due, "")
        old = self.succession.old.deadlines.get(origin.removesuffix(".due"))
        return old if old is not None and old.can_pause else None

    def _run_clock(
        self, values: Columns, after: dict[str, Value], deadline: BoundDeadline, on: date
    ) -> None:
        """Stop or restart a clock where the new definition has it otherwise."""
        old = self._old_clock(deadline)
        inside = after[f"{deadline.track}.state"] in deadline.suspended_in
        was_inside = old is not None and values[f"{old.track}.state"] in old.suspended_in
        since = None if old is None else values[old.paused]
        if not isinstance(since, date):
            if inside and not was_inside:
                after[deadline.paused] = on
            return
        stays = inside or (not was_inside and deadline.suspension is not None)
        if not stays:
            after[deadline.due] = moved(
                self.after.calendar, deadline, after[deadline.due], since, on
            )
            if deadline.can_pause:
                after[deadline.paused] = None

    def _different(self, values: Columns, after: Mapping[str, Value]) -> dict[str, Value]:
        """Return what an entry has to tell: what is other than in the row, or new.

        A new fact without a value keeps what its column may still hold from long ago, as its
        history does.
        """
        changes: dict[str, Value] = {}
        for name, value in after.items():
            origin = self.succession.origin.get(name)
            if origin is None:
                plain = name in self.succession.new.facts and name not in columns_of(self.recipes)
                if value is not None or not plain:
                    changes[name] = value
            elif origin != name or values.get(origin, ...) != value:
                changes[name] = value
        return changes

    def _outside(self, values: Columns) -> list[Obstacle]:
        found = []
        for name, fact in self.checked.items():
            value = values[self.succession.origin[name]]
            if value is not None and problem(fact, value):
                found.append(Obstacle(VALUE, name, str(value)))
        return found

    def _later(self, values: Columns, on: date) -> list[Obstacle]:
        days = {track: values[f"{track}.last"] for track in self.succession.old.tracks}
        return [
            Obstacle(LATER, f"{track}.last", day.isoformat())
            for track, day in days.items()
            if isinstance(day, date) and day > on
        ]
