"""Who may do what, and which values facts may have: as far as that is not as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from reformflow.binding import BoundTransition
from reformflow.checks.differences.granted import ALLOWED, REFUSED
from reformflow.checks.differences.worlds import Pair, Versions
from reformflow.checks.solver import Demand, Truth
from reformflow.language.folding import TRUE
from reformflow.model import Fact, FactType, Finding, Scalar, Severity, Text, Transition, Witness

WAY = "fires_otherwise"

_MAY: Final = (
    Text("{who} may now {what}", "{who}现在可以{what}"),
    Text("{who} may no longer {what}", "{who}不再可以{what}"),
)
_SIGN: Final = (
    Text("{who} must now sign {what}", "{what}现在须由{who}签署"),
    Text("{who} need no longer sign {what}", "{what}不再须由{who}签署"),
)
_APART: Final = (
    Text("who did {who} may no longer do {what}", "办理{who}的人不再可以办理{what}"),
    Text("who did {who} may now do {what}", "办理{who}的人现在可以办理{what}"),
)


def who_may(versions: Versions, pair: Pair) -> Iterator[Finding]:
    """Yield the roles that may act now and did not, or did and may not any more."""
    renamed = versions.successions[pair.new.id].renamed_from
    names = {old: new for new, old in renamed.items()}
    for id, bound in pair.new.transitions.items():  # noqa: A001
        old = pair.old.transitions.get(renamed.get(id, id))
        if old is not None:
            path = f"{pair.new.id}.transitions.{id}"
            apart = tuple(names.get(other, other) for other in old.transition.not_by)
            was = attrs.evolve(old.transition, not_by=apart)
            yield from _acting(path, was, bound.transition)
            yield from _moving(path, old, bound)
    before, now = pair.old.workflow, pair.new.workflow
    what = Text(f"open a case of {pair.new.id}", f"开立{pair.new.id}案件")
    path, clauses = f"{pair.new.id}.opening.by", now.opening.clauses
    yield from changed(path, what, (before.opening.by, now.opening.by), clauses)
    what = Text(f"correct entries of {pair.new.id}", f"更正{pair.new.id}的记录")
    path = f"{pair.new.id}.corrected_by"
    yield from changed(path, what, (before.corrected_by, now.corrected_by), ())


def what_may_be_recorded(versions: Versions, pair: Pair) -> Iterator[Finding]:
    """Yield who may record a fact, when, and which values: as far as that has changed."""
    renamed = versions.successions[pair.new.id].renamed_from
    for id, fact in pair.new.facts.items():  # noqa: A001
        old = pair.old.facts.get(renamed.get(id, id))
        if old is None or old.type is not fact.type:
            continue
        path = f"{pair.new.id}.facts.{id}"
        what = Text(f"record {id}", f"登记{id}")
        yield from changed(f"{path}.by", what, (old.by, fact.by), fact.clauses)
        yield from _during(pair, old, fact)
        yield from _values(path, old, fact)


def changed(
    path: str,
    what: Text,
    names: tuple[tuple[str, ...], tuple[str, ...]],
    clauses: tuple[str, ...],
    *,
    says: tuple[Text, Text] = _MAY,
    codes: tuple[str, str] = (ALLOWED, REFUSED),
) -> Iterator[Finding]:
    """Yield the names that came, and those that went: `says` and `codes` are for these two."""
    was, now = names
    came, went = _without(now, was), _without(was, now)
    for code, text, who in zip(codes, says, (came, went), strict=True):
        if who:
            said = Text(
                text.en.format(who=", ".join(who), what=what.en),
                text.zh.format(who="、".join(who), what=what.zh),
            )
            yield Finding(code, Severity.NOTE, path, said, clauses, Witness(parts=who))


# ---------------------------------------------------------------------------------------------


def _acting(path: str, old: Transition, new: Transition) -> Iterator[Finding]:
    clauses, what = new.clauses, Text(f"do {new.id}", f"办理{new.id}")
    yield from changed(f"{path}.by", what, (old.by, new.by), clauses)
    named, stricter = Text(new.id), (REFUSED, ALLOWED)
    signing = (old.signed_by, new.signed_by)
    yield from changed(f"{path}.signed_by", named, signing, clauses, says=_SIGN, codes=stricter)
    apart = (old.not_by, new.not_by)
    yield from changed(f"{path}.not_by", named, apart, clauses, says=_APART, codes=stricter)
    was, now = _way(old), _way(new)
    if was != now:
        says = Text(
            f"{new.id} fires {now.en} instead of {was.en}",
            f"{new.id}{now.zh}触发，原先{was.zh}触发",
        )
        yield Finding(WAY, Severity.NOTE, path, says, clauses, Witness(parts=(new.id,)))


def _moving(path: str, old: BoundTransition, new: BoundTransition) -> Iterator[Finding]:
    """Yield who may move a date that both have."""
    was, now = old.deadline, new.deadline
    if was is None or now is None:
        return
    for field, before, after, what in (
        (
            "extension",
            was.extension,
            now.extension,
            Text(f"extend {new.id}", f"延长{new.id}的期限"),
        ),
        ("suspension", was.suspension, now.suspension, Text(f"suspend {new.id}", f"中止{new.id}")),
    ):
        names = (before.by if before else (), after.by if after else ())
        clauses = (after.clauses if after else ()) or now.clauses
        where = f"{path}.due.{field}.by" if after else f"{path}.due"
        yield from changed(where, what, names, clauses)


def _way(transition: Transition) -> Text:
    if transition.automatic:
        return Text("by itself", "自动")
    if transition.after_due is not None:
        return Text("by silence", "逾期未办时自动")
    return Text("on a day", "按日期") if transition.at else Text("by hand", "由人")


def _without(names: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    left = {*others}
    return tuple(name for name in names if name not in left)


def _during(pair: Pair, old: Fact, new: Fact) -> Iterator[Finding]:
    was = pair.old.during.get(old.id)
    before = TRUE if was is None else pair.reading.now(was)
    after = pair.new.during.get(new.id, TRUE)
    if before == after or not (old.by and new.by):
        return
    path = f"{pair.new.id}.facts.{new.id}.during"
    for code, solver, holds, fails, text in (
        (ALLOWED, pair.after, after, before, _MAY[0]),
        (REFUSED, pair.before, before, after, _MAY[1]),
    ):
        demands = [Demand("", holds), Demand("", fails, Truth.NOT_TRUE)]
        situation = solver.ask(demands).situation
        if situation is not None:
            said = Text(
                text.en.format(who=", ".join(new.by), what=f"record {new.id} then"),
                text.zh.format(who="、".join(new.by), what=f"在此情形下登记{new.id}"),
            )
            witness = Witness(situation.listed, situation.today, parts=(new.id,))
            yield Finding(code, Severity.NOTE, path, said, new.clauses, witness)


def _values(path: str, old: Fact, new: Fact) -> Iterator[Finding]:
    """Yield a value that one definition lets be recorded and the other does not."""
    for code, more, fewer in ((ALLOWED, new, old), (REFUSED, old, new)):
        value = _beyond(more, fewer)
        if value is None:
            continue
        if code == ALLOWED:
            said = Text(f"{new.id} may now be {value}", f"{new.id}现在可以是{value}")
        else:
            said = Text(f"{new.id} may no longer be {value}", f"{new.id}不再可以是{value}")
        witness = Witness(((new.id, value),))
        yield Finding(code, Severity.NOTE, path, said, new.clauses, witness)


def _beyond(more: Fact, fewer: Fact) -> Scalar | None:
    """Return a value that the one fact may have and the other may not."""
    match more.type:
        case FactType.CHOICE:
            known = {choice.id for choice in fewer.choices}
            return next((choice.id for choice in more.choices if choice.id not in known), None)
        case FactType.INT:
            return _outside(more, fewer)
        case FactType.TEXT if more.max_length > fewer.max_length:
            return "x" * more.max_length
        case _:
            return None


def _outside(more: Fact, fewer: Fact) -> int | None:
    if fewer.minimum is not None and (more.minimum is None or more.minimum < fewer.minimum):
        return fewer.minimum - 1
    if fewer.maximum is not None and (more.maximum is None or more.maximum > fewer.maximum):
        return fewer.maximum + 1
    return None
