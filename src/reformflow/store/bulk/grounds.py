"""The grounds on which firing a transition is refused, as SQL conditions.

Each ground is what `engine.firing` would refuse for, written over the rows of a workflow's table:
the same code, subject and clauses, and the condition that it stands against a case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import attrs
import sqlalchemy as sa

from reformflow.binding import BoundDeadline, BoundTransition, BoundWindow
from reformflow.model import (
    Actor,
    BeforeEffect,
    Code,
    Expression,
    Extend,
    Fire,
    Kind,
    Late,
    Record,
)
from reformflow.store.bulk.effects import Count
from reformflow.store.bulk.spelling import Operand, on_day, word
from reformflow.store.bulk.where import Condition, Sight, constant, is_true, untold


@attrs.frozen
class Ground:
    """One possible reason against an act, and the condition under which it stands.

    `beyond` tells for which rows that cannot be told in SQL, None if it always can. `clear` is
    the plainer condition that it does not stand, if there is one: databases can look such
    conditions up. With `unknown`, that is the code where neither holds.
    """

    code: Code
    subject: str
    clauses: tuple[str, ...]
    stands: Condition
    beyond: Condition | None = None
    clear: Condition | None = None
    unknown: Code | None = None

    @property
    def absent(self) -> Condition:
        """The condition that the ground does not stand; unknown counts as not."""
        if self.clear is not None:
            return self.clear
        if isinstance(self.stands, sa.True_ | sa.False_):
            return sa.not_(self.stands)
        return sa.not_(is_true(self.stands))


@attrs.frozen
class Asked:
    """Who asks for an act over many cases, and with what reason; the day is the sight's.

    `today` is the day in the reform's zone on which it is asked, if a clock was read.
    """

    act: Fire | Record | Extend
    actor: Actor
    reason: str | None = None
    effective_on: date | None = None
    today: date | None = None


def grounds(row: Sight, scene: Sight, asked: Asked, count: Count) -> Iterator[Ground]:
    """Yield every ground on which the act could be refused.

    `row` sees cases as they are, `scene` with the facts that are recorded with the act.
    """
    if asked.today is not None and row.day > asked.today:
        yield Ground(Code.IN_THE_FUTURE, "on", (), sa.true())
    match asked.act:
        case Fire():
            yield from _firing(row, scene, asked, asked.act)
        case Record():
            yield from _recording(row, asked, asked.act)
        case Extend():
            yield from _extending(row, asked, asked.act, count)


def enabled(sight: Sight, bound: BoundTransition) -> Condition:
    """Return the condition that a transition without an actor may fire."""
    state = sight.column(f"{bound.track}.state")
    found: list[Condition] = [state.in_(sorted(bound.source))]
    found += [sight.true(rule.expression) for rule in bound.needs]
    found += [sa.not_(is_true(ground.stands)) for ground in _branches(sight, bound)]
    found += [sa.not_(untold(sight.value(expression))) for _, expression in bound.sets]
    return sa.and_(*found)


def free_of(found: list[Ground]) -> Condition:
    """Return the condition that no ground stands."""
    return sa.and_(*(ground.absent for ground in found))


# ---------------------------------------------------------------------------------------------


def _firing(row: Sight, scene: Sight, asked: Asked, act: Fire) -> Iterator[Ground]:
    flow = row.table.flow
    bound = flow.transitions[act.transition]
    transition, clauses = bound.transition, bound.transition.clauses
    state = row.column(f"{bound.track}.state")
    source = sorted(bound.source)
    yield Ground(
        Code.NOT_FROM_HERE, bound.id, clauses, state.not_in(source), clear=state.in_(source)
    )
    last = row.column(f"{bound.track}.last")
    day = day_of(row)
    yield Ground(Code.BEFORE_LAST_ENTRY, bound.id, (), last > day, clear=last <= day)
    yield from _authority(scene, asked, bound)
    missing = [untold(scene.column(fact)) for fact in transition.records]
    if missing:
        cited = [*clauses, *(c for fact in transition.records for c in flow.facts[fact].clauses)]
        # Which of the facts are missing differs from case to case; so do the clauses they add.
        yield Ground(Code.NOT_RECORDED, bound.id, tuple(dict.fromkeys(cited)), sa.or_(*missing))
    for name, value in act.facts.items():
        if flow.facts[name].once:
            held = row.column(name)
            other = [held != constant(value)] if value is not None else []
            recorded = sa.and_(held.is_not(None), *other)
            yield Ground(Code.ALREADY_RECORDED, name, flow.facts[name].clauses, recorded)
    for rule in bound.needs:
        yield Ground(
            Code.RULE_BROKEN,
            rule.id,
            rule.clauses,
            scene.false(rule.expression),
            clear=scene.true(rule.expression),
            unknown=Code.NOT_RECORDED,
        )
    yield from _branches(scene, bound)
    if bound.deadline is not None:
        yield from _deadline(scene, asked, bound.deadline)
    if bound.window is not None:
        yield from _window(scene, asked, bound.id, bound.window)
    if transition.reason and not asked.reason:
        yield Ground(Code.REASON_MISSING, bound.id, clauses, sa.true())
    for _, expression in bound.sets:
        empty = untold(scene.value(expression))
        yield Ground(Code.NOT_RECORDED, bound.id, clauses, empty)


def _recording(row: Sight, asked: Asked, act: Record) -> Iterator[Ground]:
    flow = row.table.flow
    yield Ground(Code.BEFORE_LAST_ENTRY, "opened", (), row.column("opened.on") > day_of(row))
    for name in act.facts:
        fact = flow.facts[name]
        if fact.derived is not None or not fact.by:
            yield Ground(Code.NOT_BY_HAND, name, fact.clauses, sa.true())
            continue
        yield _unless_allowed(row, asked, fact.by, name, fact.clauses)
        if fact.once:
            recorded = row.column(name).is_not(None)
            yield Ground(Code.ALREADY_RECORDED, name, fact.clauses, recorded)
        if name in flow.during:
            other_time = sa.not_(is_true(row.true(flow.during[name])))
            yield Ground(Code.NOT_NOW, name, fact.clauses, other_time)


def _extending(row: Sight, asked: Asked, act: Extend, count: Count) -> Iterator[Ground]:
    deadline = row.table.flow.deadlines[act.transition]
    permit = deadline.extension
    by, cited = (permit.by, permit.clauses) if permit else ((), ())
    yield _unless_allowed(row, asked, by, act.transition, cited)
    opened = row.column("opened.on")
    yield Ground(Code.BEFORE_LAST_ENTRY, act.transition, (), opened > day_of(row))
    due, until = row.column(deadline.due), on_day(act.until)
    yield Ground(Code.NO_DATE, act.transition, deadline.clauses, due.is_(None))
    yield Ground(Code.NOT_LATER, act.transition, deadline.clauses, until <= due)
    cited = cited or deadline.clauses
    if permit is not None and permit.times is not None:
        too_often = sa.and_(until > due, _extensions(row, act.transition) >= permit.times)
        yield Ground(Code.EXTENDED_ALREADY, act.transition, cited, too_often)
    if deadline.longest is not None:
        last, beyond = count(deadline.longest, due)
        too_long = sa.and_(until > due, until > last)
        yield Ground(Code.TOO_LONG, act.transition, cited, too_long, beyond)


def _extensions(row: Sight, transition: str) -> Operand:
    """Return how often a deadline has been extended, without what was taken back."""
    history, own = row.schema.shared.history, row.table.table
    made, undone = history.alias(), history.alias()
    voided = sa.and_(undone.c.case_id == made.c.case_id, undone.c.voids == made.c.seq)
    found = (
        sa.select(sa.func.count())
        .select_from(made)
        .where(
            made.c.case_id == own.c.id,
            made.c.kind == Kind.EXTENDED.value,
            made.c.name == transition,
            sa.not_(sa.select(sa.literal(1)).where(voided).correlate(made).exists()),
        )
        .correlate(own)
    )
    return found.scalar_subquery()


def day_of(sight: Sight) -> Operand:
    """Return the day of an act as a value in SQL."""
    return on_day(sight.day)


def _neither(sight: Sight, expression: Expression) -> Condition:
    true, false = sight.true(expression), sight.false(expression)
    return sa.and_(sa.not_(is_true(true)), sa.not_(is_true(false)))


def _holds(sight: Sight, actor: Actor, role: str) -> Condition:
    """Return the condition that the actor holds a role for the case's unit."""
    if role in actor.everywhere:
        return sa.true()
    units = sorted(unit for held, unit in actor.local if held == role)
    return sight.table.table.c.unit.in_(units) if units else sa.false()


def _unless_allowed(
    sight: Sight, asked: Asked, roles: Sequence[str], subject: str, clauses: tuple[str, ...]
) -> Ground:
    """Return the ground that the actor holds none of the roles for the case's unit."""
    allowed = sa.or_(sa.false(), *(_holds(sight, asked.actor, role) for role in roles))
    return Ground(Code.NOT_AUTHORISED, subject, clauses, sa.not_(allowed), clear=allowed)


def _authority(sight: Sight, asked: Asked, bound: BoundTransition) -> Iterator[Ground]:
    transition, actor = bound.transition, asked.actor
    roles = transition.by or transition.signed_by
    yield _unless_allowed(sight, asked, roles, bound.id, transition.clauses)
    for other in transition.not_by:
        same = sight.column(f"{other}.by") == word(actor.id)
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


def passed(sight: Sight, deadline: BoundDeadline) -> Condition:
    """Return the condition that the day lies after a due date whose clock was running."""
    due, day = sight.column(deadline.due), day_of(sight)
    if not deadline.can_pause:
        return day > due
    since = sight.column(deadline.paused)
    return sa.or_(sa.and_(since.is_(None), day > due), since > due)


def _deadline(sight: Sight, asked: Asked, deadline: BoundDeadline) -> Iterator[Ground]:
    code = _refuses(deadline.late, asked.reason)
    if code is None:
        return
    outside = passed(sight, deadline)
    effective = asked.effective_on
    if deadline.before_effect is not BeforeEffect.ENFORCE and effective is not None:
        due = sight.column(deadline.due)
        outside = sa.and_(outside, due >= on_day(effective))
    due, day = sight.column(deadline.due), day_of(sight)
    plain = not deadline.can_pause and deadline.before_effect is BeforeEffect.ENFORCE
    punctual = sa.or_(due.is_(None), day <= due) if plain else None
    yield Ground(code, deadline.transition, deadline.clauses, outside, clear=punctual)


def _window(sight: Sight, asked: Asked, transition: str, window: BoundWindow) -> Iterator[Ground]:
    code = _refuses(window.outside, asked.reason)
    if code is None:
        return
    day = day_of(sight)
    if window.opens is not None:
        early = Code.TOO_EARLY if code is Code.LATE else code
        yield Ground(early, transition, window.clauses, day < sight.column(window.opens))
    if window.closes is not None:
        yield Ground(code, transition, window.clauses, day > sight.column(window.closes))


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
