"""What a course shows of a workflow: what fired, what was refused and why, what met which date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import attrs

from reformflow.binding import BoundTransition, BoundWorkflow
from reformflow.engine import Docket
from reformflow.model import SELF, Code, Entry, Expression, Fire, Kind, Late, Name, Request, Value
from reformflow.testing.pathfinding.courses import Course
from reformflow.testing.pathfinding.partial import BITS, OPEN, SOME, Leaf, Slots, compiled
from reformflow.testing.pathfinding.worlds import World

FIRED: Final = "fired"
BOUNDARY: Final = "boundary"
_BESIDE: Final = (-1, 0, 1)


@attrs.frozen
class Mark:
    """Something about a transition that a course can show.

    `kind` is `fired`, with the state it led to in `about`; the code of a refusal, with its
    subject; or `boundary`, with a date column and by how many days the act was beside it:
    `approve.due+1` is the day after a deadline.
    """

    transition: str
    kind: str
    about: str = ""


def wanted(flow: BoundWorkflow) -> tuple[Mark, ...]:
    """Return everything that there is to show of a workflow."""
    return tuple(dict.fromkeys(mark for id in flow.transitions for mark in _wanted(flow, id)))  # noqa: A001


def shown(world: World, course: Course, flow: BoundWorkflow) -> dict[Mark, int]:
    """Return what a course shows of a workflow, with the step that first does.

    `world` is the empty world in which it begins.
    """
    found: dict[Mark, int] = {}
    states: dict[str, Value] = {}
    for number, asked in enumerate(course.asked):
        before = world
        if isinstance(asked, Request):
            world = world.take(asked, world.engine.fire(world.docket, asked))
            marks = [*answered(before, world, flow)]
        else:
            world = world.at(asked.on) or world
            marks = []
        if world.steps != before.steps:
            marks += _fired(world.docket, world.last.entries, flow, states)
        for mark in marks:
            found.setdefault(mark, number)
    return found


def answered(before: World, after: World, flow: BoundWorkflow) -> Iterator[Mark]:
    """Yield what the last request shows, besides what fired."""
    asked = after.last.asked
    if not isinstance(asked, Request) or not isinstance(asked.act, Fire):
        return
    if not before.docket.exists(asked.case) or before.case(asked.case).workflow != flow.id:
        return
    name = asked.act.transition
    for refusal in after.last.refusals:
        yield Mark(name, refusal.code.value, refusal.subject)
    bound = flow.transitions[name]
    values = before.values(asked.case)
    if values[f"{bound.track}.state"] in bound.source:
        for column in dates_of(bound):
            day = values[column]
            if isinstance(day, date) and (asked.on - day).days in _BESIDE:
                yield Mark(name, BOUNDARY, f"{column}{(asked.on - day).days:+d}")


def conceivable(condition: Expression) -> frozenset[bool | None]:
    """Return the answers that a condition could have, as far as one can tell from its form."""
    slots = Slots()
    test = compiled(condition, slots)
    bits = test([SOME if _always_held(leaf) else OPEN for leaf in slots.numbers])
    return frozenset(answer for answer, bit in BITS.items() if bits & bit)


def dates_of(bound: BoundTransition) -> Iterator[str]:
    """Yield the columns of the dates that an act by hand has to keep."""
    if bound.deadline is not None:
        yield bound.deadline.due
    if bound.window is not None:
        yield from (column for column in (bound.window.opens, bound.window.closes) if column)


def beside(day: date) -> Iterator[date]:
    """Yield the day before, the day itself and the day after."""
    yield from (day + timedelta(days=days) for days in _BESIDE)


# ---------------------------------------------------------------------------------------------


def _wanted(flow: BoundWorkflow, id: str) -> Iterator[Mark]:  # noqa: A002
    bound = flow.transitions[id]
    transition = bound.transition
    for target in dict.fromkeys([state for state, _ in bound.to] or [""]):
        yield Mark(id, FIRED, target)
    if transition.by_itself:
        yield Mark(id, Code.NOT_BY_HAND.value, id)
        return
    if {state.id for state in flow.tracks[bound.track].states} - bound.source:
        yield Mark(id, Code.NOT_FROM_HERE.value, id)
    yield Mark(id, Code.NOT_AUTHORISED.value, id)
    for other in transition.not_by:
        if other in flow.transitions:
            yield Mark(id, Code.SAME_PERSON.value, other)
    if len(transition.signed_by) > 1:
        yield Mark(id, Code.NOT_SIGNED.value, id)
    if transition.records:
        yield Mark(id, Code.NOT_RECORDED.value, id)
    for rule in bound.needs:
        possible = conceivable(rule.expression)
        if False in possible:
            yield Mark(id, Code.RULE_BROKEN.value, rule.id)
        if None in possible:
            yield Mark(id, Code.NOT_RECORDED.value, rule.id)
    yield from _dates(bound)


def _always_held(leaf: Leaf) -> bool:
    held = (".state", ".since", ".last")
    return isinstance(leaf, Name) and leaf.owner == SELF and leaf.column.endswith(held)


def _dates(bound: BoundTransition) -> Iterator[Mark]:
    id = bound.id  # noqa: A001
    modes = set()
    if bound.deadline is not None:
        modes.add((bound.deadline.late, Code.LATE))
    if bound.window is not None:
        modes |= {(bound.window.outside, Code.TOO_EARLY)} if bound.window.opens else set()
        modes |= {(bound.window.outside, Code.LATE)} if bound.window.closes else set()
    for mode, code in sorted(modes):
        if mode is Late.REFUSE:
            yield Mark(id, code.value, id)
        elif mode is Late.EXTENSION:
            yield Mark(id, Code.NOT_EXTENDED.value, id)
        elif mode is Late.REASON:
            yield Mark(id, Code.REASON_MISSING.value, id)
    if bound.transition.reason:
        yield Mark(id, Code.REASON_MISSING.value, id)
    for column in dates_of(bound):
        for days in _BESIDE:
            yield Mark(id, BOUNDARY, f"{column}{days:+d}")


def _fired(
    docket: Docket, entries: tuple[Entry, ...], flow: BoundWorkflow, states: dict[str, Value]
) -> Iterator[Mark]:
    for entry in entries:
        if docket.case(entry.case).workflow != flow.id:
            continue
        for column, value in entry.changes.items():
            states[f"{entry.case}:{column}"] = value
        if entry.kind is Kind.FIRED and entry.name in flow.transitions:
            bound = flow.transitions[entry.name]
            to = states.get(f"{entry.case}:{bound.track}.state") if bound.to else ""
            yield Mark(entry.name, FIRED, str(to))
