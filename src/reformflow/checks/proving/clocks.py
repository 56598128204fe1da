"""What time brings by itself: that a case cannot wait longer than a clock lets it.

Told of what looks at the states of one track alone, and of clocks that nothing stops or moves.
What is said to come comes; of other waits nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import attrs

from reformflow.binding import BoundDeadline, BoundTransition, BoundWorkflow
from reformflow.binding.bound import BoundWhen
from reformflow.language.folding import TRUE
from reformflow.language.meaning import View, evaluate
from reformflow.language.reading import columns_read, walk
from reformflow.model import SELF, Aggregate, Boundary, Expression, LeadsTo, Roll, Today, Unit

_COUNTED: Final = {Unit.DAYS, Unit.WEEKS, Unit.WORKING_DAYS, Unit.MONTHS, Unit.YEARS}


def comes_in_time(
    flow: BoundWorkflow, condition: Expression, goal: Expression, expects: LeadsTo
) -> bool:
    """Say whether time itself brings what is expected, or else a role answers where that will do.

    `condition` and `goal` are those of the expectation, lowered. False says nothing.
    """
    wait = _Wait.of(flow, condition, goal)
    if wait is None or expects.by is not None or not wait.ends_in_the_goal:
        return False
    clocks = wait.answered() if expects.answered else iter(())
    return any(
        _in_time(when, later, expects)
        for found in (wait.brought(), clocks)
        for when, later in found
    )


# ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Wait:
    """A case waits in some states of a track until it is in one of those that are the goal."""

    flow: BoundWorkflow
    track: str
    states: frozenset[str]
    goal: frozenset[str]

    @classmethod
    def of(cls, flow: BoundWorkflow, condition: Expression, goal: Expression) -> _Wait | None:
        """Read it off two conditions; None if they look at anything but the state of one track."""
        parts = [part for node in (condition, goal) for part in walk(node)]
        names = {name for node in (condition, goal) for name in columns_read(node)}
        tracks = [t for t in flow.tracks if {name.column for name in names} == {f"{t}.state"}]
        elsewhere = any(name.owner != SELF for name in names)
        if not tracks or elsewhere or any(isinstance(part, Aggregate | Today) for part in parts):
            return None
        (track,) = tracks
        asked, wanted = (
            frozenset(
                state.id
                for state in flow.tracks[track].states
                if evaluate(node, View({f"{track}.state": state.id}, date.min)) is True
            )
            for node in (condition, goal)
        )
        return cls(flow, track, asked - wanted, wanted)

    @property
    def ends_in_the_goal(self) -> bool:
        """Whether a case that waits goes on waiting or comes to the goal, whatever is done.

        What happens by itself leads where the case stays until somebody looks.
        """
        return all(
            _targets(item) <= self.states | (self._kept() if _by_itself(item) else self.goal)
            for item in self._moving()
            if item.source & self.states
        )

    def brought(self) -> Iterator[tuple[BoundWhen, int]]:
        """Yield from what day time may bring the goal, and how many days after what is counted."""
        for item in self._moving():
            plain = not (item.needs or item.sets) and len(item.to) == 1 and item.to[0][1] is None
            if not (plain and self.states <= item.source and _targets(item) <= self._kept()):
                continue
            awaited = self.flow.deadlines.get(item.transition.after_due or "")
            if awaited is not None and _steady(awaited):
                yield from ((when, 1) for when in self._counted(awaited.due))
            if item.at is not None:
                yield from ((when, 0) for when in self._counted(item.at))

    def answered(self) -> Iterator[tuple[BoundWhen, int]]:
        """Yield from what day a role answers for the delay."""
        for deadline in self.flow.deadlines.values():
            known = any(when in (None, TRUE) for _, when in deadline.answerable)
            stands = deadline.track == self.track and self.states <= deadline.during
            if known and stands and _steady(deadline):
                yield from ((when, 0) for when in self._counted(deadline.due))

    def _kept(self) -> frozenset[str]:
        """The states of the goal that nothing leaves by itself."""
        left = [item.source for item in self._moving() if _by_itself(item)]
        return self.goal.difference(*left)

    def _counted(self, column: str) -> Iterator[BoundWhen]:
        """Yield how a day after the beginning of the wait is counted from it, if it always is.

        After it, because a transition takes no second turn for a day on which it has fired.
        """
        begins = set(self._begins())
        for computed in self.flow.computed:
            if computed.column == column and len(computed.applicable) == 1:
                ((_, when),) = computed.applicable
                if when.when in (None, TRUE) and when.anchor in begins and when.amount > 0:
                    yield when

    def _begins(self) -> Iterator[str]:
        """Yield the columns that hold the day on which the wait began, as long as it lasts."""
        entering = [item for item in self._moving() if _targets(item) & self.states]
        from_outside = [item for item in entering if not item.source & self.states]
        opened = self.flow.tracks[self.track].initial in self.states
        if len(self.states) == 1 and entering == from_outside:
            yield f"{self.track}.since"
        if opened and not entering:
            yield "opened.on"
        if not opened and len(entering) == 1 and entering == from_outside:
            yield f"{entering[0].id}.on"

    def _moving(self) -> list[BoundTransition]:
        return [item for item in self.flow.transitions.values() if item.track == self.track]


def _targets(item: BoundTransition) -> frozenset[str]:
    return frozenset(state for state, _ in item.to)


def _by_itself(item: BoundTransition) -> bool:
    return item.transition.by_itself


def _steady(deadline: BoundDeadline) -> bool:
    """Say whether nothing moves its date or stops its clock."""
    return deadline.extension is None and not deadline.can_pause


def _in_time(when: BoundWhen, later: int, expects: LeadsTo) -> bool:
    """Say whether a day so counted, and so many after it, never lies after what is allowed."""
    alike = when.unit == expects.unit or (when.unit, expects.unit) == (Unit.DAYS, Unit.WORKING_DAYS)
    plain = when.roll == Roll.NONE or when.unit == Unit.WORKING_DAYS  # which are no days of rest
    counted = when.unit in _COUNTED and plain and when.boundary == Boundary.INCLUSIVE
    return alike and counted and when.amount + later <= expects.amount
