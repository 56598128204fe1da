"""The deadlines that stand over a case: by when, and who answers for them."""

from __future__ import annotations

from datetime import date

import attrs

from reformflow.engine.computing import paused
from reformflow.engine.lateness import answerable
from reformflow.engine.program import Program
from reformflow.engine.scene import Scene
from reformflow.model import Case, Cases


@attrs.frozen
class Standing:
    """A deadline that stands in the current state of its track.

    `due` is its last day, None while that is not known; `answerable` is the role that would
    answer for a delay on the day that was asked about, "" if the definition names none.
    """

    track: str
    transition: str
    due: date | None
    paused: bool
    answerable: str


def standing(program: Program, cases: Cases, case: Case, on: date) -> tuple[Standing, ...]:
    """Return the deadlines that stand over a case on one day, the earliest due first."""
    plan = program.plan(case.workflow)
    scene = Scene(program, cases, case, case.values, on)
    found: list[Standing] = []
    for deadline in plan.flow.deadlines.values():
        if case.values[f"{deadline.track}.state"] in deadline.during:
            due = case.values[deadline.due]
            found.append(
                Standing(
                    track=deadline.track,
                    transition=deadline.transition,
                    due=due if isinstance(due, date) else None,
                    paused=paused(deadline, case.values),
                    answerable=answerable(scene, plan.step(deadline.transition)),
                )
            )
    return tuple(sorted(found, key=lambda item: (item.due or date.max, item.transition)))
