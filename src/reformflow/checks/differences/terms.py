"""What else acts ask or let be recorded, and how cases begin: as far as that is not as it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reformflow.checks.differences.granted import ALLOWED, REFUSED, conditions, earlier
from reformflow.checks.differences.people import changed
from reformflow.checks.differences.worlds import Pair, Versions
from reformflow.checks.solver import Demand
from reformflow.model import Finding, Name, Opening, Recorded, Severity, Text, Transition, Witness

BEGINS = "begins_otherwise"

_WITH: Final = (
    Text("{who} may now be recorded with {what}", "{what}时现在可以登记{who}"),
    Text("{who} may no longer be recorded with {what}", "{what}时不再可以登记{who}"),
)


def reasons_asked(versions: Versions, pair: Pair) -> Iterator[Finding]:
    """Yield each act that now needs a reason, or needs none any more, with a case for it."""
    renamed = versions.successions[pair.new.id].renamed_from
    for id, asked in conditions(versions.new, pair.new).items():  # noqa: A001
        new = asked.act.transition
        old = pair.old.transitions.get(renamed.get(id, id))
        if new is None or old is None or new.transition.reason is old.transition.reason:
            continue
        before = earlier(pair, conditions(versions.old, pair.old)[old.id])
        situation = pair.after.ask([*asked.demands, *before.demands]).situation
        if situation is not None:
            code, en, zh = ALLOWED, "allowed without a reason", "不说明理由也可以"
            if new.transition.reason:
                code, en, zh = REFUSED, "refused without a reason", "不说明理由则不可以"
            says = Text(f"{id}: newly {en}", f"{id}：现在{zh}")
            path = f"{pair.new.id}.transitions.{id}" + (".reason" if code == REFUSED else "")
            witness = Witness(situation.listed, situation.today, parts=(id, "reason"))
            yield Finding(code, Severity.NOTE, path, says, new.transition.clauses, witness)


def recorded_with(versions: Versions, pair: Pair) -> Iterator[Finding]:
    """Yield the facts that an act may record now and might not, or the other way round."""
    renamed = versions.successions[pair.new.id].renamed_from
    names = {old: new for new, old in renamed.items()}
    before, now = pair.old.workflow.opening, pair.new.workflow.opening
    acts: list[tuple[str, Text, _Recording, _Recording]] = [
        ("opening", Text("the opening", "立案"), before, now)
    ]
    acts += [
        (f"transitions.{id}", Text(id), old.transition, new.transition)
        for id, new in pair.new.transitions.items()  # noqa: A001
        if (old := pair.old.transitions.get(renamed.get(id, id))) is not None
    ]
    for path, what, was, act in acts:
        facts = tuple(names.get(fact, fact) for fact in _recorded(was))
        both = (facts, _recorded(act))
        yield from changed(f"{pair.new.id}.{path}", what, both, act.clauses, says=_WITH)


def recorded_again(versions: Versions, pair: Pair) -> Iterator[Finding]:
    """Yield the facts that may be recorded anew, and might not, or the other way round."""
    renamed = versions.successions[pair.new.id].renamed_from
    for id, fact in pair.new.facts.items():  # noqa: A001
        old = pair.old.facts.get(renamed.get(id, id))
        if old is None or old.once is fact.once or not (old.by and fact.by):
            continue
        situation = pair.after.ask([Demand("", Recorded(Name(id)))]).situation
        if situation is not None:
            says = Text(f"{id} may now be recorded anew", f"{id}现在可以重新登记")
            if fact.once:
                says = Text(f"{id} may no longer be recorded anew", f"{id}不再可以重新登记")
            path = f"{pair.new.id}.facts.{id}" + (".once" if fact.once else "")
            witness = Witness(situation.listed, situation.today, parts=(id,))
            code = REFUSED if fact.once else ALLOWED
            yield Finding(code, Severity.NOTE, path, says, fact.clauses, witness)


def begun_otherwise(versions: Versions, pair: Pair) -> Iterator[Finding]:
    """Yield the facts and tracks with which cases begin otherwise."""
    origin = versions.successions[pair.new.id].origin
    for column, now in pair.new.initial.items():
        old = origin.get(column)
        thing = column.removesuffix(".state")
        if old is None or not (thing in pair.new.tracks or thing in pair.new.facts):
            continue
        was = pair.old.initial[old]
        if isinstance(was, str):
            was = pair.names.states.get(column, {}).get(was, was)
        if was != now:
            says = Text(
                f"a case begins with {column} {_shown(now).en} instead of {_shown(was).en}",
                f"立案时{column}为{_shown(now).zh}，原先为{_shown(was).zh}",
            )
            kind = "facts" if thing in pair.new.facts else "tracks"
            witness = Witness(((column, now), (f"old:{column}", was)), parts=(column,))
            path = f"{pair.new.id}.{kind}.{thing}"
            yield Finding(BEGINS, Severity.NOTE, path, says, (), witness)


# ---------------------------------------------------------------------------------------------


_Recording = Opening | Transition


def _recorded(act: _Recording) -> tuple[str, ...]:
    return (*act.records, *act.may_record)


def _shown(value: object) -> Text:
    return Text("not recorded", "未登记") if value is None else Text(str(value))
