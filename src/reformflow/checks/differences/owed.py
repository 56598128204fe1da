"""Duties that are owed in other cases, or whose periods open and begin otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from reformflow.binding import BoundDuty
from reformflow.checks.differences.worlds import Pair, Versions
from reformflow.checks.solver import Demand, Truth
from reformflow.language.folding import TRUE
from reformflow.model import Finding, Severity, Text, Witness

OWED = "owed_otherwise"


def owed_otherwise(versions: Versions, pair: Pair) -> Iterator[Finding]:
    """Yield each duty that is new, gone, owed in other cases, or opens its periods otherwise."""
    renamed = versions.successions[pair.new.id].renamed_from
    went = dict(pair.old.duties)
    for id, duty in pair.new.duties.items():  # noqa: A001
        old = went.pop(renamed.get(id, id), None)
        if old is None:
            yield _told(pair, id, Text(f"the duty {id} is new", f"新增义务{id}"), duty)
        else:
            yield from _while(pair, id, old, duty)
            yield from _opening(versions, pair, old, duty)
    for id, duty in went.items():  # noqa: A001
        yield _told(pair, id, Text(f"the duty {id} is gone", f"义务{id}已取消"), duty)


# ---------------------------------------------------------------------------------------------


def _while(pair: Pair, id: str, old: BoundDuty, new: BoundDuty) -> Iterator[Finding]:  # noqa: A002
    now = TRUE if new.condition is None else new.condition
    was = TRUE if old.condition is None else pair.reading.now(old.condition)
    if now == was:
        return
    for solver, holds, fails, en, zh in (
        (pair.after, now, was, "is owed now", "现在须履行"),
        (pair.before, was, now, "is no longer owed", "不再须履行"),
    ):
        demands = [Demand("", holds), Demand("", fails, Truth.NOT_TRUE)]
        situation = solver.ask(demands).situation
        if situation is not None:
            says = Text(f"{id} {en} in the case shown", f"在所示情形下{id}{zh}")
            witness = Witness(situation.listed, situation.today, parts=(id,))
            yield _told(pair, id, says, new, "while" if new.condition else "", witness)


def _opening(versions: Versions, pair: Pair, old: BoundDuty, new: BoundDuty) -> Iterator[Finding]:
    was, now, id = old.duty, new.duty, new.duty.id  # noqa: A001
    if was.lead_days != now.lead_days:
        says = Text(
            f"a period of {id} opens {_lead(now.lead_days).en}, not {_lead(was.lead_days).en}",
            f"{id}的一期{_lead(now.lead_days).zh}开始，原先{_lead(was.lead_days).zh}",
        )
        yield _told(pair, id, says, new, witness=_opened(was.lead_days, now.lead_days))
    goes_on = versions.successions.get(new.child)
    names = (
        {} if goes_on is None else {earlier: name for name, earlier in goes_on.renamed_from.items()}
    )
    gives = ((part, names.get(fact, fact)) for part, fact in was.gives)
    sets = ((names.get(fact, fact), pair.reading.now(value)) for fact, value in old.sets)
    before = dict((*gives, *sets))
    after = dict((*now.gives, *new.sets))
    changed = [name for name in {**after, **before} if before.get(name) != after.get(name)]
    if old.child != new.child or changed:
        listed = ", ".join(changed or [new.child])
        says = Text(f"a period of {id} begins with another {listed}", f"{id}的一期{listed}有变")
        yield _told(pair, id, says, new, witness=Witness(parts=tuple(changed or [new.child])))


def _opened(was: int | None, now: int | None) -> Witness | None:
    if was is None or now is None:
        return None
    due = date(2021, 1, 1)
    days = (("was", due - timedelta(days=was)), ("now", due - timedelta(days=now)), ("due", due))
    return Witness(schedule=days)


def _lead(days: int | None) -> Text:
    if days is None:
        return Text("after the previous due date", "在上一期到期后")
    return Text(f"{days} days before it is due", f"在到期前{days}天")


def _told(
    pair: Pair,
    id: str,  # noqa: A002
    says: Text,
    duty: BoundDuty,
    field: str = "",
    witness: Witness | None = None,
) -> Finding:
    path = f"{pair.new.id}.duties.{id}" + (f".{field}" if field else "")
    shown = Witness(parts=(id,)) if witness is None else witness
    return Finding(OWED, Severity.NOTE, path, says, duty.duty.clauses, shown)
