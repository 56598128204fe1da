"""Dates that are moved, paused and answered for otherwise, though they are counted as they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

from reformflow.binding import BoundDeadline, BoundWhen
from reformflow.calendars import Calendar
from reformflow.checks.differences.granted import ALLOWED, REFUSED
from reformflow.checks.differences.worlds import Pair, Versions
from reformflow.checks.solver import Demand, Truth
from reformflow.errors import CalendarError
from reformflow.language.folding import TRUE
from reformflow.model import (
    And,
    BeforeEffect,
    Compare,
    Comparison,
    Expression,
    Finding,
    Literal,
    Name,
    Permit,
    Recorded,
    Severity,
    Text,
    Witness,
)

CLOCK = "clock_otherwise"
ANSWERS = "answers_otherwise"
LATE = "late_otherwise"

_TRIED = 400


def clocks_otherwise(versions: Versions, pair: Pair) -> Iterator[Finding]:
    """Yield how deadlines that both definitions have can be moved, and who answers for them."""
    renamed = versions.successions[pair.new.id].renamed_from
    for id, now in pair.new.deadlines.items():  # noqa: A001
        was = pair.old.deadlines.get(renamed.get(id, id))
        if was is not None:
            yield from _pauses(pair, was, now)
            yield from _times(pair, was, now)
            yield from _longest(versions, pair, was, now)
            yield from _answers(pair, was, now)
            yield from _before_effect(versions, pair, was, now)


# ---------------------------------------------------------------------------------------------


def _path(pair: Pair, deadline: BoundDeadline, *more: str) -> str:
    return ".".join((pair.new.id, "transitions", deadline.transition, "due", *more))


def _pauses(pair: Pair, was: BoundDeadline, now: BoundDeadline) -> Iterator[Finding]:
    """Yield the states in which a clock stands still now and did not, or did and no longer does."""
    id, column = now.transition, f"{now.track}.state"  # noqa: A001
    names = pair.names.states.get(column, {})
    before = frozenset(names.get(state, state) for state in was.suspended_in)
    for solver, states, en, zh in (
        (pair.after, now.suspended_in - before, "stands still", "停止"),
        (pair.before, before - now.suspended_in, "no longer stands still", "不再停止"),
    ):
        for state in sorted(states):
            running = And(
                (
                    Compare(Comparison.EQ, Name(column), Literal(state)),
                    Recorded(Name(now.due)),
                )
            )
            situation = solver.ask([Demand("", running)]).situation
            if situation is not None:
                says = Text(f"the clock of {id} {en} in {state}", f"在{state}，{id}的期限{zh}计算")
                witness = Witness(situation.listed, situation.today, parts=(id, state))
                path = _path(pair, now)
                yield Finding(CLOCK, Severity.NOTE, path, says, now.clauses, witness)


def _times(pair: Pair, was: BoundDeadline, now: BoundDeadline) -> Iterator[Finding]:
    """Yield that a deadline may be extended more often, or less often."""
    if was.extension is None or now.extension is None:
        return
    before, after = was.extension.times, now.extension.times
    if before == after:
        return
    more = after is None or (before is not None and after > before)
    often, id = min(x for x in (before, after) if x is not None), now.transition  # noqa: A001
    code, en, zh = (ALLOWED, "now", "现在") if more else (REFUSED, "no longer", "不再")
    says = Text(
        f"{id} may {en} be extended again after {often} extension{'' if often == 1 else 's'}",
        f"{id}延长{often}次之后{zh}可以再延长",
    )
    yield _extended(pair, now, now.extension, code, says, Witness((("extensions", often),)))


def _longest(
    versions: Versions, pair: Pair, was: BoundDeadline, now: BoundDeadline
) -> Iterator[Finding]:
    """Yield how far one extension may lead now, and might not, or might and no longer may."""
    if was.extension is None or now.extension is None or was.longest == now.longest:
        return
    told: set[str] = set()
    start, id = versions.new.effective_on or date(2021, 1, 1), now.transition  # noqa: A001
    for offset in range(_TRIED):
        due = start + timedelta(days=offset)
        try:
            before = _furthest(versions.old.calendar(), was.longest, due)
            after = _furthest(versions.new.calendar(), now.longest, due)
        except CalendarError:
            return
        code = ALLOWED if after > before else REFUSED
        if before != after and code not in told:
            told.add(code)
            until = min(before, after) + timedelta(days=1)
            en, zh = ("now", "现在") if code == ALLOWED else ("no longer", "不再")
            says = Text(
                f"{id}, due on {due}, may {en} be extended until {until}",
                f"{id}的期限{due}{zh}可以延长至{until}",
            )
            witness = Witness(schedule=(("due", due), ("until", until)))
            yield _extended(pair, now, now.extension, code, says, witness)


def _furthest(calendar: Calendar, longest: BoundWhen | None, due: date) -> date:
    """Return the last day to which a due date may be extended; without a limit, far away."""
    return due + timedelta(days=36_500) if longest is None else longest.counted(calendar, due)


def _extended(
    pair: Pair, now: BoundDeadline, permit: Permit, code: str, says: Text, witness: Witness
) -> Finding:
    clauses = permit.clauses or now.clauses
    return Finding(code, Severity.NOTE, _path(pair, now, "extension"), says, clauses, witness)


def _answers(pair: Pair, was: BoundDeadline, now: BoundDeadline) -> Iterator[Finding]:
    """Yield a case of which another role answers for a deadline than did."""
    before = tuple(
        (role, None if when is None else pair.reading.now(when)) for role, when in was.answerable
    )
    if before == now.answerable:
        return
    for (old, one), (new, other) in product(_roles(before), _roles(now.answerable)):
        if old == new:
            continue
        situation = pair.after.ask([*one, *other]).situation
        if situation is not None:
            says = Text(
                f"{new or 'nobody'} answers for {now.transition} instead of {old or 'nobody'}",
                f"{now.transition}由{new or '无人'}负责，原先由{old or '无人'}负责",
            )
            witness = Witness(situation.listed, situation.today, parts=(old, new))
            path = _path(pair, now, "answerable") if now.answerable else _path(pair, now)
            yield Finding(ANSWERS, Severity.NOTE, path, says, now.clauses, witness)
            return


def _roles(
    answerable: tuple[tuple[str, Expression | None], ...],
) -> Iterator[tuple[str, list[Demand]]]:
    """Yield each role with what has to be so for it to answer, at last none."""
    passed: list[Demand] = []
    for role, when in answerable:
        yield role, [*passed, Demand("", TRUE if when is None else when)]
        if when is None:
            return
        passed.append(Demand("", when, Truth.NOT_TRUE))
    yield "", passed


def _before_effect(
    versions: Versions, pair: Pair, was: BoundDeadline, now: BoundDeadline
) -> Iterator[Finding]:
    """Yield that a due date before the day of effect means something else."""
    effective = versions.new.effective_on
    if was.before_effect is now.before_effect or effective is None:
        return
    early = Compare(Comparison.LT, Name(now.due), Literal(effective))
    situation = pair.after.ask([Demand("", early)]).situation
    if situation is not None:
        words = {
            BeforeEffect.ENFORCE: Text("binds", "有约束力"),
            BeforeEffect.ADVISORY: Text("is only marked", "仅作标记"),
            BeforeEffect.WAIVE: Text("does not count", "不计"),
        }
        new, old = words[now.before_effect], words[was.before_effect]
        says = Text(
            f"{now.due} before the day of effect {new.en}, where it {old.en} before",
            f"早于生效日的{now.due}{new.zh}，原先{old.zh}",
        )
        witness = Witness(situation.listed, situation.today, parts=(now.due,))
        yield Finding(LATE, Severity.NOTE, _path(pair, now), says, now.clauses, witness)
