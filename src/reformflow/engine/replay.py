"""Past decisions judged by another definition: which of them it would refuse, and why.

Each act is judged on the case and its kin as they stood before it, taken over into the other
definition; so one refusal does not bring about the next. Judged are the acts of people: opening,
recording, firing, signing, extending, suspending, resuming. What fired by itself was nobody's
decision, and corrections and migrations are none under the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from heapq import merge
from typing import Final

import attrs

from reformflow.binding import BoundWorkflow
from reformflow.engine.decide import decide
from reformflow.engine.passage import STATE, Passage
from reformflow.engine.program import Program
from reformflow.engine.work import Docket
from reformflow.errors import CalendarError, RequestError
from reformflow.model import (
    Act,
    Actor,
    Case,
    Cases,
    Entry,
    Extend,
    FactType,
    Fire,
    Grant,
    Kind,
    Open,
    Record,
    Refusal,
    Request,
    Resume,
    Sign,
    Suspend,
    Value,
)


@attrs.frozen
class Replayed:
    """How another definition would have answered one past act.

    `refusals` are its reasons against it. `fault` tells why it could not have been asked at all:
    a fact or transition that is no more, a state without a successor. `roles_known` says whether
    the actor's roles were given; otherwise authority was not judged.
    """

    workflow: str
    entry: Entry
    request: Request | None
    refusals: tuple[Refusal, ...] = ()
    fault: str = ""
    roles_known: bool = True

    @property
    def granted(self) -> bool:
        """Whether the other definition would have granted it, too."""
        return not (self.refusals or self.fault)


Passages = Callable[[str, str], Passage | None]
"""Gives the passage of a workflow's cases from the definition with some hash; None if the other
definition has no such workflow. UnknownName for a hash that is not known."""


def replay(
    cases: Cases, case: str, program: Program, passages: Passages, actors: Mapping[str, Actor]
) -> Iterator[Replayed]:
    """Judge every past act on one case by another definition, in order.

    Acts of actors who are not in `actors` are judged as if they held every role.
    """
    past = _Past(program, passages)
    for one, entry in _timeline(cases, cases.case(case), passages):
        passage = passages(entry.definition, one.workflow)
        known = entry if passage is None else _typed(passage.succession.old, entry)
        if one.id == case and entry.actor and entry.kind in _ACTS:
            if passage is None:
                fault = f"the new definition has no workflow {one.workflow!r}"
                yield Replayed(one.workflow, entry, None, fault=fault)
            elif (act := _act(passage, one, known)) is not None:
                yield _judge(past, one, known, act, actors.get(entry.actor))
        if passage is not None:
            past.happen(passage, one, known)


# ---------------------------------------------------------------------------------------------

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_ACTS: Final = frozenset(Kind) - {Kind.CORRECTED, Kind.MIGRATED}

_Key = tuple[datetime, date, bool, int]


def _timeline(cases: Cases, case: Case, passages: Passages) -> Iterator[tuple[Case, Entry]]:
    """Yield the entries of a case and its kin in the order in which they were entered.

    Entries of one instant: those of people before what fired by itself, a parent's before a
    child's.
    """
    family = [] if case.parent is None else [cases.case(case.parent)]
    family.append(case)
    passage = passages(case.definition, case.workflow)
    if passage is not None:
        old, new = passage.succession.old.relations, passage.succession.new.relations
        workflows = {one.workflow for one in old.values()} & {one.workflow for one in new.values()}
        for workflow in sorted(workflows):
            family += cases.children(case.id, workflow)

    def keyed(place: int, one: Case) -> Iterator[tuple[_Key, Case, Entry]]:
        for entry in cases.entries(one.id):
            yield (entry.recorded_at or _LONG_AGO, entry.on, not entry.actor, place), one, entry

    lines = [keyed(place, one) for place, one in enumerate(family)]
    for _, one, entry in merge(*lines, key=lambda item: item[0]):
        yield one, entry


class _Past:
    """Cases as they stood at some time, taken over into another definition."""

    def __init__(self, program: Program, passages: Passages) -> None:
        self.program = program
        self._passages = passages
        self._docket = Docket()
        self._day = date.min

    def happen(self, passage: Passage, case: Case, entry: Entry) -> None:
        if entry.kind is Kind.OPENED:
            values = dict(passage.succession.old.initial)
            self._docket.open(attrs.evolve(case, values=values, revision=0, definition=""))
        self._docket.add(entry)

    def on(self, day: date) -> _Past:
        self._day = day
        return self

    def case(self, id: str) -> Case:  # noqa: A002
        case = self._docket.case(id)
        passage = self._passages(case.definition, case.workflow)
        if passage is None:
            raise RequestError(f"the new definition has no workflow {case.workflow!r}")
        values = {**passage.succession.old.initial, **case.values}
        whole = attrs.evolve(case, values=values)
        moved, passed = passage.of_case(whole, self._docket.entries(id), self._day)
        gone = [obstacle.value for obstacle in passed.obstacles if obstacle.code == STATE]
        if gone:
            raise RequestError(f"the new definition has no state {gone[0]!r}", "rename it")
        return moved

    def exists(self, id: str) -> bool:  # noqa: A002
        return self._docket.exists(id)

    def children(self, id: str, workflow: str) -> Sequence[Case]:  # noqa: A002
        return [self.case(child.id) for child in self._docket.children(id, workflow)]

    def entries(self, id: str) -> Sequence[Entry]:  # noqa: A002
        return self._docket.entries(id)


def _judge(past: _Past, case: Case, entry: Entry, act: Act, actor: Actor | None) -> Replayed:
    everything = frozenset(Grant(role) for role in past.program.bound.roles)
    request = Request(
        case.id,
        act,
        actor or Actor(entry.actor, everything),
        entry.on,
        reason=entry.reason,
        recorded_at=entry.recorded_at,
    )
    told = Replayed(case.workflow, entry, request, roles_known=actor is not None)
    try:
        decision = decide(past.program, past.on(entry.on), request)
    except (RequestError, CalendarError) as error:
        return attrs.evolve(told, fault=str(error))
    return attrs.evolve(told, refusals=decision.refusals)


def _act(passage: Passage, case: Case, entry: Entry) -> Act | None:
    """Return what was asked, in the words of the new definition."""
    goes_on = passage.succession
    called = {was: new for new, was in goes_on.renamed_from.items()}
    name = called.get(entry.name, entry.name)
    match entry.kind:
        case Kind.OPENED:
            opening = goes_on.old.workflow.opening
            facts = _facts(goes_on.old, called, entry, (*opening.records, *opening.may_record))
            return Open(case.workflow, case.unit, case.subject, case.parent, facts)
        case Kind.FIRED:
            bound = goes_on.old.transitions[entry.name]
            sets = {fact for fact, _ in bound.sets}
            allowed = {*bound.transition.records, *bound.transition.may_record} - sets
            return Fire(name, _facts(goes_on.old, called, entry, allowed))
        case Kind.RECORDED:
            facts = _facts(goes_on.old, called, entry, goes_on.old.facts)
            return Record(facts) if facts else None
        case Kind.SIGNED:
            return Sign(name)
        case Kind.EXTENDED:
            until = entry.changes.get(f"{entry.name}.due")
            return Extend(name, until) if isinstance(until, date) else None
        case Kind.SUSPENDED:
            return Suspend(name)
        case Kind.RESUMED:
            return Resume(name)
        case Kind.CORRECTED | Kind.MIGRATED:
            return None


def _facts(
    flow: BoundWorkflow, called: Mapping[str, str], entry: Entry, allowed: Iterable[str]
) -> dict[str, Value]:
    """Return the facts that an entry recorded by hand, by their new names."""
    return {
        called.get(name, name): value
        for name, value in entry.changes.items()
        if name in allowed and flow.facts[name].derived is None
    }


def _typed(flow: BoundWorkflow, entry: Entry) -> Entry:
    """Return an entry whose days are days, also in columns that its reader does not know."""
    days = {
        name: date.fromisoformat(value)
        for name, value in entry.changes.items()
        if isinstance(value, str)
        and name in flow.columns
        and flow.columns[name].type is FactType.DATE
    }
    return attrs.evolve(entry, changes={**entry.changes, **days}) if days else entry
