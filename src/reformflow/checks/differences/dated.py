"""Dates that are counted otherwise, and other values that are computed otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from reformflow.binding import BoundDuty, BoundWorkflow
from reformflow.checks.differences.renaming import OLD
from reformflow.checks.differences.worlds import Pair, Versions
from reformflow.checks.solver import Demand, Law
from reformflow.errors import CalendarError
from reformflow.language.meaning import Columns
from reformflow.model import (
    SELF,
    And,
    Compare,
    Comparison,
    Expression,
    FactType,
    Finding,
    Name,
    Recorded,
    Severity,
    Text,
    Today,
    Value,
    Witness,
)

MOVED = "date_moved"
COMPUTED = "computed_otherwise"
PERIODS = "periods_moved"
LATE = "late_otherwise"

_BEFORE = timedelta(days=400)
_TRIED = 1_600


def dates_moved(versions: Versions, pair: Pair) -> Iterator[Finding]:
    """Yield each computed column with a case in which it is not what it was."""
    counterpart = versions.successions[pair.new.id].origin
    for computed in pair.new.computed:
        old = counterpart.get(computed.column)
        if old is None or pair.names.columns.get(old) == computed.column:
            continue
        now, was = computed.column, f"{OLD}{old}"
        for values in _cases(pair, now, was):
            yield _moved(pair.new, now, was, values)


def periods_moved(versions: Versions, pair: Pair) -> Iterator[Finding]:
    """Yield each duty whose periods follow each other in other steps, with a day that shows it."""
    for id, duty in pair.new.duties.items():  # noqa: A001
        old = pair.old.duties.get(id)
        if old is not None and old.every != duty.every:
            yield from _step(versions, pair, old, duty)


def late_otherwise(versions: Versions, pair: Pair) -> Iterator[Finding]:
    """Yield each deadline that is as it was, but that means something else once it is over."""
    renamed = versions.successions[pair.new.id].renamed_from
    for id, deadline in pair.new.deadlines.items():  # noqa: A001
        old = pair.old.deadlines.get(renamed.get(id, id))
        if old is None or old.late is deadline.late:
            continue
        late = Compare(Comparison.GT, Today(), Name(deadline.due))
        situation = pair.after.ask([Demand("", late)]).situation
        if situation is not None:
            says = Text(
                f"{id} after its due date: {deadline.late} instead of {old.late}",
                f"{id}逾期：{deadline.late}，原先为{old.late}",
            )
            path = f"{pair.new.id}.transitions.{id}.due.late"
            witness = Witness(situation.listed, situation.today, parts=(old.late, deadline.late))
            yield Finding(LATE, Severity.NOTE, path, says, deadline.clauses, witness)


# ---------------------------------------------------------------------------------------------


def _cases(pair: Pair, now: str, was: str) -> Iterator[Columns]:
    """Yield cases in which a column is more, less, or otherwise than it was: one of each sort."""
    laws = pair.exact.world.frames[SELF].laws
    new, old = laws[now], laws.get(was)
    if old is not None and _plain(new) and _plain(old) and _anchor(new) == _anchor(old):
        yield from _counted(pair, new, old, (now, was))
        return
    for difference in _differences(Name(now), Name(was), pair.new.columns[now].type):
        situation = pair.exact.ask([Demand("", difference)]).situation
        if situation is not None:
            yield situation.values


def _plain(law: Law) -> bool:
    """Say whether a date is counted in one way, whatever the case."""
    return len(law.computed.dates) == 1 and law.computed.dates[0].when is None


def _anchor(law: Law) -> str | None:
    return law.computed.dates[0].anchor


def _counted(pair: Pair, new: Law, old: Law, names: tuple[str, str]) -> Iterator[Columns]:
    """Yield days from which a date is counted later, and earlier, than it was."""
    seen: set[bool] = set()
    near, anchor = pair.exact.world.near - _BEFORE, _anchor(new)
    for offset in range(_TRIED if anchor is not None else 1):
        day = near + timedelta(days=offset)
        try:
            after, before = _day(new, day), _day(old, day)
        except CalendarError:
            continue
        if after != before and (after > before) not in seen:
            seen.add(after > before)
            counted: dict[str, Value] = {names[1]: before, names[0]: after}
            yield counted if anchor is None else {anchor: day, **counted}


def _day(law: Law, day: date) -> date:
    (when,) = law.computed.dates
    start = day if when.day is None else when.day
    assert law.calendar is not None  # noqa: S101 - worlds of two definitions name theirs
    return when.counted(law.calendar, start)


def _differences(now: Name, was: Name, kind: FactType) -> Iterator[Expression]:
    if kind in {FactType.DATE, FactType.INT}:
        yield Compare(Comparison.GT, now, was)
        yield Compare(Comparison.LT, now, was)
    else:
        yield Compare(Comparison.NE, now, was)
    yield And((Recorded(now), Recorded(was, negated=True)))
    yield And((Recorded(now, negated=True), Recorded(was)))


def _moved(flow: BoundWorkflow, now: str, was: str, values: Columns) -> Finding:
    before, after = values[was], values[now]
    says = Text(
        f"{now} is {_shown(after).en} instead of {_shown(before).en}",
        f"{now}为{_shown(after).zh}，原先为{_shown(before).zh}",
    )
    if isinstance(before, date) and isinstance(after, date):
        days = (after - before).days
        side = Text("later", "延后") if days > 0 else Text("earlier", "提前")
        count = f"{abs(days)} day{'s' if abs(days) > 1 else ''}"
        says = Text(f"{says.en}: {count} {side.en}", f"{says.zh}，{side.zh}{abs(days)}天")
    code = MOVED if flow.columns[now].type is FactType.DATE else COMPUTED
    path, clauses = _place(flow, now)
    witness = Witness(tuple(values.items()), parts=(now,))
    return Finding(code, Severity.NOTE, path, says, clauses, witness)


def _shown(value: Value) -> Text:
    if value is None:
        return Text("not known", "未定")
    return Text(str(value))


def _place(flow: BoundWorkflow, column: str) -> tuple[str, tuple[str, ...]]:
    """Return where a computed column is written, and its clauses."""
    fact = flow.facts.get(column)
    if fact is not None:
        return f"{flow.id}.facts.{column}.derived", fact.clauses
    thing, _, part = column.rpartition(".")
    if thing in flow.duties:
        return f"{flow.id}.duties.{thing}.first", flow.duties[thing].duty.clauses
    path = f"{flow.id}.transitions.{thing}"
    inside = f"window.{part}" if part in {"opens", "closes"} else part
    bound = flow.transitions.get(thing)
    if bound is None:
        return f"{path}.{inside}", ()
    if bound.deadline is not None and part == "due":
        return f"{path}.due", bound.deadline.clauses
    if bound.window is not None and part in {"opens", "closes"}:
        return f"{path}.{inside}", bound.window.clauses
    return f"{path}.{inside}", bound.transition.clauses


def _step(versions: Versions, pair: Pair, old: BoundDuty, new: BoundDuty) -> Iterator[Finding]:
    start = versions.new.effective_on or date(2021, 1, 1)
    one, other = versions.old.calendar(), versions.new.calendar()
    for offset in range(_TRIED):
        due = start + timedelta(days=offset)
        try:
            was, now = old.every.counted(one, due), new.every.counted(other, due)
        except CalendarError:
            return
        if was != now:
            says = Text(
                f"after a period due on {due} of {new.duty.id} comes one due on {now}, "
                f"not on {was}",
                f"{new.duty.id}在{due}到期的一期之后，下一期到期日为{now}，原先为{was}",
            )
            steps = (("due", due), ("was", was), ("now", now))
            path = f"{pair.new.id}.duties.{new.duty.id}.every"
            clauses = new.duty.clauses
            yield Finding(PERIODS, Severity.NOTE, path, says, clauses, Witness(schedule=steps))
            return
