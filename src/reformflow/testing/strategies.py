"""Hypothesis strategies: reforms made up, and for any reform its people, facts, days and cases.

>>> @given(cases(reform, "permit", state="applied"))
... def test_a_permit_that_was_applied_for_has_its_fee_paid(story): ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import TypeVar

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.engine import Docket, Engine
from reformflow.errors import MissingExtra, RequestError, UnknownName
from reformflow.model import Actor, Entry, Reform, Request, Value, Workflow
from reformflow.testing.drawing import Days, Lot, Requests, Values, people
from reformflow.testing.inventing import SIZE
from reformflow.testing.inventing import reform as made_up
from reformflow.testing.pathfinding import Course, NotFound, Pathfinder
from reformflow.testing.stories import Story

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise MissingExtra.of("testing", purpose="drawing by strategies") from error

Made = TypeVar("Made")

_REQUEST = 32
_FACT = 4
_FURTHER = 6
_WHOLE = 7

Reforms = Reform | BoundReform | Engine
"""Whatever a reform can be given as."""


def reforms() -> st.SearchStrategy[Reform]:
    """Make up reforms that hold up: of one to three workflows, with policies and a calendar."""
    return _drawn(SIZE, made_up)


def workflows() -> st.SearchStrategy[Workflow]:
    """Make up workflows without kin; their roles and policies are those of `reforms`."""
    return _drawn(SIZE, lambda lot: made_up(lot, workflows=1).workflows[0])


def actors(reform: Reforms) -> st.SearchStrategy[Actor]:
    """Draw holders of each role, for one unit or another, and some who hold all or none."""
    return st.sampled_from(people(_engine(reform).program.bound))


def facts(reform: Reforms, workflow: str) -> st.SearchStrategy[dict[str, Value]]:
    """Draw values for some facts of a workflow: rather those at which a rule changes its answer.

    Seldom one that the fact cannot hold. UnknownName if there is no such workflow.
    """
    engine = _engine(reform)
    flow = engine.program.plan(workflow).flow
    values, today = Values(engine.program.bound), Days(engine.program.bound).first
    names = list(flow.facts)
    return _drawn(
        _FACT * (len(names) + 1),
        lambda lot: values.some(flow, lot.some(names, len(names)), today, lot),
    )


def dates_near(reform: Reforms, workflow: str | None = None) -> st.SearchStrategy[date]:
    """Draw days close together: beside those that a workflow names, month ends, days off.

    By default those of all workflows. UnknownName if there is no such workflow.
    """
    engine = _engine(reform)
    if workflow is not None:
        engine.program.plan(workflow)
    return _drawn(_FACT, Days(engine.program.bound, workflow).near)


def requests(reform: Reforms, cases: Docket, on: date) -> st.SearchStrategy[Request]:
    """Draw requests about some cases on a day: most of them sensible, some of them not."""
    drawn = Requests(_engine(reform).program.bound, Lot(b""), on)

    def request(lot: Lot) -> Request:
        asked = drawn.again(on)
        asked.lot = lot
        return asked.request(cases)

    return _drawn(_REQUEST, request)


def cases(reform: Reforms, workflow: str, *, state: str | None = None) -> st.SearchStrategy[Story]:
    """Draw cases of a workflow: in a state that is reached on purpose, or in any of them.

    `state` is written with its track where there are several (`progress.sent`). Some go on from
    there without leaving it. UnknownName if there is no such workflow or state, RequestError if
    no way to it was found.
    """
    engine = _engine(reform)
    wanted = _states(engine.program.plan(workflow).flow, state)
    found = cache(lambda: _courses(engine, workflow, wanted))
    column = None if state is None else f"{wanted[0][0]}.state"
    drawn = cache(lambda: Requests(engine.program.bound, Lot(b""), date.min))

    def story(lot: Lot) -> Story:
        told = Story.of(engine, lot.pick(found()))
        for _ in range(lot.number(_FURTHER)):
            told = told.further(drawn().again(told.on), lot.part(_REQUEST), column)
        return told

    return _drawn(2 + _FURTHER * _REQUEST, story)


def histories(reform: Reforms, workflow: str) -> st.SearchStrategy[tuple[Entry, ...]]:
    """Draw histories of cases of a workflow, as `cases` draws cases."""
    return cases(reform, workflow).map(lambda story: story.history)


# ---------------------------------------------------------------------------------------------


@st.composite
def _drawn(draw: st.DrawFn, size: int, make: Callable[[Lot], Made]) -> Made:
    """Make something of so many bytes, now and then of none, which make the simplest."""
    whole = [st.binary(min_size=size, max_size=size) for _ in range(_WHOLE)]
    return make(Lot(draw(st.one_of(st.just(b""), *whole))))


def _engine(reform: Reforms) -> Engine:
    return reform if isinstance(reform, Engine) else Engine(reform)


def _states(flow: BoundWorkflow, state: str | None) -> list[tuple[str, str]]:
    """Return the tracks and states that are wanted: all, or the one that is named."""
    known = {
        f"{track.id}.{one.id}": (track.id, one.id)
        for track in flow.tracks.values()
        for one in track.states
    }
    if state is None:
        return list(known.values())
    written = state if "." in state else f"{next(iter(flow.tracks))}.{state}"
    if written not in known:
        raise UnknownName.of("state", written, known)
    return [known[written]]


def _courses(engine: Engine, workflow: str, states: Sequence[tuple[str, str]]) -> list[Course]:
    finder = Pathfinder(engine)
    found = [finder.reach(workflow, track, state) for track, state in states]
    courses = [course for course in found if not isinstance(course, NotFound)]
    if not courses:
        message = f"no way to {' or '.join(one for _, one in states)} of {workflow!r} was found"
        raise RequestError(message, "`reformflow check --deep` says which states are out of reach")
    return courses
