"""Proving a property of every case, and trying out what a proof finds against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

import attrs

from reformflow.binding import BoundReform, BoundWorkflow, bind_expression
from reformflow.casework.properties.shortening import shortened
from reformflow.casework.properties.watching import Breach, Watcher
from reformflow.checks.proving import Claim, Standing, comes_in_time, prove
from reformflow.checks.proving.prove import Moment
from reformflow.checks.proving.system import OPEN, RECORD, WAIT
from reformflow.engine import Docket, Engine
from reformflow.errors import CalendarError, RequestError
from reformflow.language.folding import FALSE, TRUE
from reformflow.model import (
    OPENING,
    Actor,
    Always,
    And,
    Expression,
    Fire,
    Grant,
    Implies,
    LeadsTo,
    Name,
    Never,
    Open,
    Or,
    Property,
    Record,
    Recorded,
    Request,
    Reserved,
    Scope,
    Settled,
    Value,
)
from reformflow.sheets import Tick

CASE: Final = "case"
_DAY: Final = timedelta(days=1)
_UNIT: Final = "unit"


@attrs.frozen
class Proven:
    """How a property stands: proved, refuted by steps that were tried out, or unknown.

    `steps` lead the engine to the breach; for what does not come in time, the last is the day
    after. An unknown property was searched up to `depth` acts; `tried` says whether a way against
    it was found that the engine does not allow.
    """

    property: Property
    standing: Standing
    steps: tuple[Request | Tick, ...] = ()
    breach: Breach | None = None
    depth: int = 0
    tried: bool = False


def prove_property(bound: BoundReform, item: Property, *, depth: int = 6) -> Proven:
    """Prove a property of every case of its workflow, or find requests that break it.

    What has to come in time is proved if it comes at once or a clock brings it; it is refuted by
    a case that waits for it while nothing more is asked. Who alone may act is read off the
    definition, and refuted by somebody else who does it. MissingExtra without the extra `checks`.
    """
    if not isinstance(item.expects, Reserved):
        if isinstance(item.expects, LeadsTo) and _brought(bound, item.workflow, item.expects):
            return Proven(item, Standing.PROVED)
        return _settled(bound, item, _claim(bound, item.workflow, item.expects), depth)
    others = tuple(_others(bound.workflows[item.workflow], item.expects))
    found = Proven(item, Standing.UNKNOWN if others else Standing.PROVED)
    for claim, role in others:
        found = _settled(bound, item, claim, depth, by=role)
        if found.standing is Standing.REFUTED:
            return found
    return found


# ---------------------------------------------------------------------------------------------


def _settled(
    bound: BoundReform, item: Property, claim: Claim, depth: int, *, by: str | None = None
) -> Proven:
    """Prove a claim, or try out a way against it; with `by` its last act by such a person."""
    found = prove(bound, bound.workflows[item.workflow], claim, depth=depth)
    if found.standing is not Standing.REFUTED:
        standing = Standing.UNKNOWN if by else found.standing
        return Proven(item, standing, depth=found.depth)
    engine = Engine(bound)
    requests = list(_requests(engine, item.workflow, found.way))
    if by is not None:
        requests[-1] = attrs.evolve(requests[-1], actor=_person(engine, "another", 0, roles=(by,)))
    if _tried(engine, item, requests) is None:
        return Proven(item, Standing.UNKNOWN, depth=len(found.way) - 1, tried=True)
    fewest = shortened(requests, lambda fewer: _tried(engine, item, fewer) is not None)
    breach = _tried(engine, item, fewest)
    waited = breach is not None and breach.on > fewest[-1].on
    last = [Tick(breach.on, CASE)] if breach is not None and waited else []
    return Proven(item, Standing.REFUTED, (*fewest, *last), breach)


def _brought(bound: BoundReform, workflow: str, expects: LeadsTo) -> bool:
    """Say whether time itself brings what is awaited."""
    awaited = (expects.condition, expects.goal)
    condition, goal = (bind_expression(bound, workflow, node, marks=True) for node in awaited)
    return comes_in_time(bound.workflows[workflow], condition, goal, expects)


def _others(flow: BoundWorkflow, expects: Reserved) -> Iterator[tuple[Claim, str]]:
    """Yield what others may do, too, as the claim that it is never done, and their role."""
    transitions = {item.id: item for item in flow.workflow.transitions}
    allowed: list[tuple[Expression, Iterable[str]]] = []
    for act in expects.acts:
        if act == OPENING:
            allowed.append((TRUE, flow.workflow.opening.by))
        else:
            by = transitions[act].by or transitions[act].signed_by
            allowed.append((Recorded(Name(f"{act}.on"), negated=False), by))
    allowed += (
        (Recorded(Name(fact), negated=False), flow.facts[fact].by) for fact in expects.facts
    )
    for done, roles in allowed:
        yield from ((Claim.never(done), role) for role in roles if role not in expects.roles)


def _claim(
    bound: BoundReform, workflow: str, expects: Never | Always | Implies | LeadsTo | Settled
) -> Claim:
    """Return what is expected of every case; of what is awaited, that it is there at once."""

    def lowered(node: Expression) -> Expression:
        return bind_expression(bound, workflow, node, marks=True)

    match expects:
        case Never(condition=condition):
            return Claim.never(lowered(condition))
        case Always(condition=condition):
            return Claim.always(lowered(condition))
        case Implies(condition=condition, consequence=consequence):
            return Claim.implies(lowered(condition), lowered(consequence))
        case LeadsTo(condition=condition, goal=goal):
            return Claim.implies(lowered(condition), lowered(goal))
        case Settled(facts=facts, condition=condition):
            return Claim.never(And((lowered(condition), _recordable(bound, workflow, facts))))


def _recordable(bound: BoundReform, workflow: str, facts: Iterable[str]) -> Expression:
    """Return when any of some facts may be recorded, as far as the case itself decides that."""
    flow = bound.workflows[workflow]
    spans = [flow.during.get(fact, TRUE) for fact in facts if flow.facts[fact].by]
    return Or(tuple(spans)) if len(spans) > 1 else next(iter(spans), FALSE)


def _tried(engine: Engine, item: Property, requests: Sequence[Request]) -> Breach | None:
    """Let the engine decide the requests; return the breach if they lead to one."""
    docket, watcher = Docket(), Watcher.of(engine, (item,))
    for request in requests:
        try:
            decision = engine.fire(docket, request)
        except (RequestError, CalendarError):
            return None
        if not decision.granted:
            return None
        docket.take(decision)
        for breach in watcher.seen(docket, decision, request):
            return breach
    return _waited(docket, watcher)


def _waited(docket: Docket, watcher: Watcher) -> Breach | None:
    """Let time pass until something is overdue; return the breach if it has not come by itself."""
    until = watcher.awaited
    if until is None:
        return None
    try:
        for on in (until, until + _DAY):
            for breach in watcher.passed(docket, (CASE,), on):
                return breach
    except CalendarError:  # nobody knows the days until then
        return None
    return None


def _requests(engine: Engine, workflow: str, way: tuple[Moment, ...]) -> Iterator[Request]:
    """Yield the requests of a way; acts that only let time pass are left out."""
    flow = engine.program.bound.workflows[workflow]
    before: dict[str, Value] = {}
    for number, moment in enumerate(way):
        values = dict(moment.values)
        facts = [name for name in values if name in flow.facts]
        changed = {name: values[name] for name in facts if values[name] != before.get(name)}
        person = _person(engine, values.get(f"{moment.act}.by"), number)
        if moment.act == OPEN:
            opening = flow.workflow.opening
            taken = (*opening.records, *opening.may_record)
            given = {name: changed[name] for name in changed if name in taken}
            act = Open(workflow, unit=_UNIT, facts=_recorded(given))
            yield Request(CASE, act, person, moment.on)
        elif moment.act == RECORD:
            by_hand = {name: value for name, value in changed.items() if flow.facts[name].by}
            if by_hand:
                yield Request(CASE, Record(by_hand), person, moment.on, reason="-")
        elif moment.act != WAIT and not flow.transitions[moment.act].transition.by_itself:
            transition = flow.transitions[moment.act].transition
            taken = (*transition.records, *transition.may_record)
            given = {name: changed[name] for name in changed if name in taken}
            yield Request(CASE, Fire(moment.act, given), person, moment.on, reason="-")
        before = values


def _recorded(given: dict[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in given.items() if value is not None}


def _person(
    engine: Engine, name: Value, number: int, *, roles: Iterable[str] | None = None
) -> Actor:
    """Return somebody who holds every role; another one for each act, unless the way names them."""
    known = engine.program.bound.roles
    held = known.values() if roles is None else [known[role] for role in roles]
    grants = [Grant(role.id, _UNIT if role.scope is Scope.UNIT else None) for role in held]
    return Actor(str(name or f"person {number}"), frozenset(grants))
