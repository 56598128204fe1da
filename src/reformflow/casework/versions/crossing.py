"""The workflows of two definitions side by side: how each case goes on, alone or with its like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import attrs

from reformflow.binding import Renames, successions
from reformflow.casework.practice import Practice
from reformflow.engine import LATER, VALUE, Obstacle, Passage, Passed
from reformflow.errors import NotMigrated
from reformflow.model import Case, Cases, Entry
from reformflow.store import Alike, Move


@attrs.frozen
class Crossing:
    """The passages of all workflows that both definitions have."""

    before: Practice
    after: Practice
    passages: Mapping[str, Passage]

    @classmethod
    def of(cls, before: Practice, after: Practice, renames: Renames) -> Crossing:
        """Work out the passages.

        UnknownName or RequestError for renames that do not fit, or a column that would change
        its type.
        """
        old, new = before.engine.program, after.engine.program
        goes_on = successions(old.bound, new.bound, renames)
        passages = {flow: Passage.of(old, new, how) for flow, how in goes_on.items()}
        return cls(before, after, passages)

    def move(self, workflow: str, on: date) -> Move:
        """Return what the store has to look at, and to carry over, in the cases of a workflow."""
        passage = self.passages[workflow]
        old = passage.succession.old.columns
        origin = passage.succession.origin
        return Move(
            schema=self.after.schema,
            table=self.after.schema.workflow(workflow),
            before=self.before.definition,
            after=self.after.definition,
            day=on,
            reads=tuple(old[name] for name in passage.reads),
            last=tuple(old[f"{track}.last"] for track in passage.succession.old.tracks),
            marks={mark.column: (mark.transition, mark.part) for mark in passage.marks},
            checked={n: (old[origin[n]], fact) for n, fact in passage.checked.items()},
            carried={name: old[column] for name, column in passage.carried.items()},
        )

    def passed(self, workflow: str, some: Alike, on: date) -> Passed:
        """Return what happens to cases that are alike, but for what they only carry over."""
        passage = self.passages[workflow]
        obstacles = [Obstacle(VALUE, name) for name in some.outside]
        obstacles += [Obstacle(LATER, name) for name in some.later]
        return passage.passed(some.values, some.marks, on, obstacles)


class Moved:
    """Cases as they would stand after their migration; an implementation of `Cases`.

    `base` reads them by the old definition, `already` by the new one: cases that follow that one
    are taken from there. NotMigrated for a case that follows neither.
    """

    def __init__(self, crossing: Crossing, base: Cases, already: Cases, on: date) -> None:
        """Look at the cases of `base` as if the migration had been on `on`."""
        self._crossing = crossing
        self._base = base
        self._already = already
        self._on = on
        self._known: dict[str, Case] = {}

    def passing(self, case: Case) -> tuple[Case, Passed]:
        """Return a case after its migration, and what that comes to."""
        passage = self._crossing.passages[case.workflow]
        entries = self._base.entries(case.id) if passage.marks else ()
        moved, passed = passage.of_case(case, entries, self._on)
        self._known[case.id] = moved
        return moved, passed

    def case(self, id: str) -> Case:  # noqa: A002
        """Return the case; UnknownName if there is none."""
        if id not in self._known:
            case = self._base.case(id)
            if case.definition == self._crossing.after.definition:
                self._known[id] = self._already.case(id)
            elif case.definition != self._crossing.before.definition:
                raise NotMigrated.of(id, case.definition)
            elif case.workflow in self._crossing.passages:
                self.passing(case)
            else:
                self._known[id] = case
        return self._known[id]

    def exists(self, id: str) -> bool:  # noqa: A002
        """Say whether there is such a case."""
        return self._base.exists(id)

    def children(self, id: str, workflow: str) -> Sequence[Case]:  # noqa: A002
        """Return the child cases of one workflow, in the order in which they were opened."""
        if workflow not in self._crossing.passages:
            return ()
        return [self.case(child.id) for child in self._base.children(id, workflow)]

    def entries(self, id: str) -> Sequence[Entry]:  # noqa: A002
        """Return the history of a case, in order."""
        return self._base.entries(id)
