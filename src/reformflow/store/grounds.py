"""The grounds on which firing a transition is refused, as SQL conditions.

Each ground is what `engine.firing` would refuse for, written over the rows of a workflow's table:
the same code, subject and clauses, and the condition that it stands against a case.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs
import sqlalchemy as sa

from reformflow.binding import BoundDeadline, BoundTransition, BoundWindow
from reformflow.model import Actor, BeforeEffect, Code, Expression, Late
from reformflow.store.where import Condition, Sight, is_true


@attrs.frozen
class Ground:
    """One possible reason against an act, and the condition under which it stands."""

    code: Code
    subject: str
    clauses: tuple[str, ...]
    stands: Condition


@attrs.frozen
class Asked:
    """Who asks to fire a transition, with what reason; the day is the sight's."""

    bound: BoundTransition
    actor: Actor
    reason: str | None
    effective_on: date | None


def grounds(sight: Sight, asked: Asked) -> Iterator[Ground]:
    """Yield every ground on which the act could be refused."""
    bound, transition = asked.bound, asked.bound.transition
    clauses = transition.clauses
    state = sight.column(f"{bound.track}.state")
    yield Ground(Code.NOT_FROM_HERE, bound.id, clauses, state.not_in(sorted(bound.source)))
    last = sight.column(f"{bound.track}.last")
    yield Ground(Code.BEFORE_LAST_ENTRY, bound.id, (), last > _day(sight))
    yield from _authority(sight, asked)
    missing = [sight.column(fact).is_(None) for fact in transition.records]
    if missing:
        facts = sight.table.flow.facts
        cited = [*clauses, *(c for fact in transition.records for c in facts[fact].clauses)]
        # Which of the facts are missing differs from case to case; so do the clauses they add.
        yield Ground(Code.NOT_RECORDED, bound.id, tuple(dict.fromkeys(cited)), sa.or_(*missing))
    for rule in bound.needs:
        false = sight.false(rule.expression)
        unknown = _neither(sight, rule.expression)
        yield Ground(Code.RULE_BROKEN, rule.id, rule.clauses, false)
        yield Ground(Code.NOT_RECORDED, rule.id, rule.clauses, unknown)
    yield from _branches(sight, bound)
    if bound.deadline is not None:
        yield from _deadline(sight, asked, bound.deadline)
    if bound.window is not None:
        yield from _window(sight, asked, bound.window)
    if transition.reason and not asked.reason:
        yield Ground(Code.REASON_MISSING, bound.id, clauses, sa.true())
    for _, expression in bound.sets:
        empty = sight.value(expression).is_(None)
        yield Ground(Code.NOT_RECORDED, bound.id, clauses, empty)


def free_of(found: list[Ground]) -> Condition:
    """Return the condition that no ground stands."""
    return sa.and_(*(sa.not_(is_true(ground.stands)) for ground in found))


# ---------------------------------------------------------------------------------------------


def _day(sight: Sight) -> sa.ColumnElement[date]:
    return sa.literal(sight.day, sa.Date())


def _neither(sight: Sight, expression: Expression) -> Condition:
    true, false = sight.true(expression), sight.false(expression)
    return sa.and_(sa.not_(is_true(true)), sa.not_(is_true(false)))


def _holds(sight: Sight, actor: Actor, role: str) -> Condition:
    """Return the condition that the actor holds a role for the case's unit."""
    if role in actor.everywhere:
        return sa.true()
    units = sorted(unit for held, unit in actor.local if held == role)
    return sight.table.table.c.unit.in_(units) if units else sa.false()


def _authority(sight: Sight, asked: Asked) -> Iterator[Ground]:
    bound, transition, actor = asked.bound, asked.bound.transition, asked.actor
    roles = transition.by or transition.signed_by
    allowed = sa.or_(*(_holds(sight, actor, role) for role in roles))
    yield Ground(Code.NOT_AUTHORISED, bound.id, transition.clauses, sa.not_(allowed))
    for other in transition.not_by:
        same = sight.column(f"{other}.by") == sa.literal(actor.id, sa.Unicode())
        yield Ground(Code.SAME_PERSON, other, transition.clauses, same)
    if transition.signed_by:
        signed = {
            role: sight.column(f"{bound.id}.signed.{role}").is_not(None)
            for role in transition.signed_by
        }
        # Whoever fires signs for one office: all the others have to have signed.
        by_firing = [
            sa.and_(
                _holds(sight, actor, role),
                *(done for other, done in signed.items() if other != role),
            )
            for role in transition.signed_by
        ]
        complete = sa.or_(sa.and_(*signed.values()), *by_firing)
        yield Ground(Code.NOT_SIGNED, bound.id, transition.clauses, sa.not_(complete))


def _branches(sight: Sight, bound: BoundTransition) -> Iterator[Ground]:
    """Yield the grounds that no branch applies, and that it cannot be told which one does."""
    if not bound.to or bound.to[0][1] is None:
        return
    passed: list[Condition] = []  # every branch so far is known not to apply
    untold: list[Condition] = []
    ended = False
    for _, when in bound.to:
        if when is None:
            ended = True
            break
        untold.append(sa.and_(*passed, _neither(sight, when)))
        passed.append(is_true(sight.false(when)))
    clauses = bound.transition.clauses
    yield Ground(Code.NOT_RECORDED, bound.id, clauses, sa.or_(*untold))
    if not ended:
        yield Ground(Code.RULE_BROKEN, bound.id, clauses, sa.and_(*passed))


def _deadline(sight: Sight, asked: Asked, deadline: BoundDeadline) -> Iterator[Ground]:
    code = _refuses(deadline.late, asked.reason)
    if code is None:
        return
    due, day = sight.column(deadline.due), _day(sight)
    passed: Condition = day > due
    if deadline.can_pause:
        since = sight.column(deadline.paused)
        passed = sa.or_(sa.and_(since.is_(None), day > due), since > due)
    effective = asked.effective_on
    if deadline.before_effect is not BeforeEffect.ENFORCE and effective is not None:
        passed = sa.and_(passed, due >= sa.literal(effective, sa.Date()))
    yield Ground(code, asked.bound.id, deadline.clauses, passed)


def _window(sight: Sight, asked: Asked, window: BoundWindow) -> Iterator[Ground]:
    code = _refuses(window.outside, asked.reason)
    if code is None:
        return
    day = _day(sight)
    if window.opens is not None:
        early = Code.TOO_EARLY if code is Code.LATE else code
        yield Ground(early, asked.bound.id, window.clauses, day < sight.column(window.opens))
    if window.closes is not None:
        yield Ground(code, asked.bound.id, window.clauses, day > sight.column(window.closes))


def _refuses(late: Late, reason: str | None) -> Code | None:
    """Return the code with which an act outside its dates is refused, None if it is not."""
    match late:
        case Late.FLAG:
            return None
        case Late.REASON:
            return None if reason else Code.REASON_MISSING
        case Late.EXTENSION:
            return Code.NOT_EXTENDED
        case Late.REFUSE:
            return Code.LATE
