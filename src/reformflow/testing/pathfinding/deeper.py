"""Courses on which a rule is not true because of what was chosen long before, or by the parent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from reformflow.binding import BoundRule, BoundTransition, BoundWorkflow
from reformflow.language.reading import columns_read
from reformflow.model import PARENT, Code, Name, Request
from reformflow.testing.pathfinding.courses import Course, replayed
from reformflow.testing.pathfinding.marks import Mark
from reformflow.testing.pathfinding.pathfinder import Pathfinder
from reformflow.testing.pathfinding.probes import asked, probes
from reformflow.testing.pathfinding.search import Search
from reformflow.testing.pathfinding.wishes import Wish, recorded, standing

_WANTED = {Code.RULE_BROKEN.value: False, Code.NOT_RECORDED.value: None}


def deeper(finder: Pathfinder, flow: BoundWorkflow, left: Iterable[Mark]) -> Iterator[Course]:
    """Yield courses that may show what is left to show of rules.

    The case is led from its beginning to where the rule is not true, or where its parent has
    everything that the rule reads; then the transition is asked for in every way.
    """
    for mark in left:
        bound = flow.transitions[mark.transition]
        rule = next((rule for rule in bound.needs if rule.id == mark.about), None)
        if rule is None or mark.kind not in _WANTED:
            continue
        for breadth, wishes in _wishes(rule, _WANTED[mark.kind]):
            there = (*wishes, standing(bound.track, bound.source))
            course = finder.fulfil(flow.id, there, breadth=breadth)
            if course is not None:
                yield from _asked_there(finder, course, bound)
                break


# ---------------------------------------------------------------------------------------------


def _wishes(rule: BoundRule, want: bool | None) -> Iterator[tuple[int, tuple[Wish, ...]]]:  # noqa: FBT001
    """Yield what to wish for, with how broadly to search for it."""
    if want is not None or not all(map(_held, columns_read(rule.expression))):
        yield 1, (Wish(rule.expression, want),)
    above = [name for name in columns_read(rule.expression) if name.owner == PARENT]
    later = tuple(recorded(name.column, PARENT) for name in above if not _held(name))
    if later:
        yield 2, later


def _held(name: Name) -> bool:
    """Say whether a column holds something from the opening of its case on."""
    return name.column.endswith((".state", ".since", ".last"))


def _asked_there(finder: Pathfinder, course: Course, bound: BoundTransition) -> Iterator[Course]:
    known = finder.fire(course.workflow, bound.id)
    last = known.asked[-1] if isinstance(known, Course) else None
    if not isinstance(last, Request):
        return
    world = replayed(finder.engine, course.asked)
    here = attrs.evolve(last, case=course.case, on=world.on)
    search = Search(finder.engine, breadth=1, asks=1)
    for probe in (here, *probes(search, world, here)):
        after = asked(world, probe)
        if after is not None and not after.last.granted:
            yield attrs.evolve(course, steps=after.steps)
