"""Acts that are granted by one definition and refused by the other, on the same case and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.checks.acts import Act, Ground, act_of, conjunction, opening
from reformflow.checks.differences.worlds import Pair, Versions
from reformflow.checks.solver import Demand, Situation, Solver, Truth
from reformflow.language.folding import TRUE
from reformflow.model import Compare, Comparison, Expression, Finding, Not, Severity, Text, Witness

ALLOWED = "newly_allowed"
REFUSED = "newly_refused"
ELSEWHERE = "leads_elsewhere"
SET = "sets_otherwise"

_HERE = Text("the same state", "原状态")


@attrs.frozen
class Conditions:
    """What an act asks of a case, all of it as conditions that have to be true.

    Those of an older definition are written in the names of the newer one.
    """

    act: Act
    asked: tuple[Ground, ...]
    given: tuple[Demand, ...]

    @property
    def demands(self) -> tuple[Demand, ...]:
        """Demand everything."""
        return (*self.given, *(ground.demand for ground in self.asked))


def conditions(bound: BoundReform, flow: BoundWorkflow) -> dict[str, Conditions]:
    """Return the conditions of every act of a workflow, by its id."""
    acts = {"": opening(flow)}
    acts |= {
        id: act_of(bound, flow, transition, sorted(transition.source))
        for id, transition in flow.transitions.items()  # noqa: A001
    }
    return {id: _conditions(act) for id, act in acts.items()}  # noqa: A001


def earlier(pair: Pair, found: Conditions) -> Conditions:
    """Return conditions of the older definition in the names of the newer one."""
    return Conditions(
        found.act,
        tuple(attrs.evolve(one, demand=_now(pair, one.demand)) for one in found.asked),
        tuple(_now(pair, demand) for demand in found.given),
    )


def granted_otherwise(versions: Versions, pair: Pair) -> Iterator[Finding]:
    """Yield what is newly allowed and newly refused, and where an act leads elsewhere."""
    was = conditions(versions.old, pair.old)
    now = conditions(versions.new, pair.new)
    renamed = versions.successions[pair.new.id].renamed_from
    found: list[_Difference] = []
    for id, new in now.items():  # noqa: A001
        before = was.pop(renamed.get(id, id), None)
        if before is None:
            yield from _appeared(pair.after, new, ALLOWED)
            continue
        old = earlier(pair, before)
        found += _failing(ALLOWED, pair.after, new, old)
        found += _failing(REFUSED, pair.before, old, new)
        yield from _elsewhere(pair, old, new)
        yield from _sets(pair, old, new)
    for gone in was.values():
        yield from _appeared(pair.before, earlier(pair, gone), REFUSED)
    yield from _grouped(found)


# ---------------------------------------------------------------------------------------------


def _conditions(act: Act) -> Conditions:
    state, *days = act.given
    where = Ground(attrs.evolve(state, label=f"{act.path}.from"), "from", act.clauses)
    if act.transition is None:
        return Conditions(act, act.grounds, act.given)
    return Conditions(act, (where, *act.grounds), tuple(days))


def _now(pair: Pair, demand: Demand) -> Demand:
    return attrs.evolve(demand, expression=pair.reading.now(demand.expression))


@attrs.frozen
class _Difference:
    """That a condition of one definition fails in a case which the other grants.

    `act` is the act in the newer definition.
    """

    code: str
    act: Act
    ground: Ground
    situation: Situation


def _failing(
    code: str, solver: Solver, granting: Conditions, refusing: Conditions
) -> Iterator[_Difference]:
    """Yield each condition of one act that fails in a case which the other grants, with a case."""
    same = {ground.demand.expression for ground in granting.asked}
    act = granting.act if code == ALLOWED else refusing.act
    for ground in refusing.asked:
        if ground.demand.expression in same:
            continue
        broken = Demand("", ground.demand.expression, Truth.NOT_TRUE)
        situation = solver.ask([*granting.demands, *refusing.given, broken]).situation
        if situation is not None:
            yield _Difference(code, act, ground, situation)


def _grouped(found: Iterable[_Difference]) -> Iterator[Finding]:
    """Yield one finding for each condition, also where several acts ask for it."""
    groups: dict[tuple[str, str], list[_Difference]] = {}
    for one in found:
        key = one.ground.part if one.ground.rule is not None else one.ground.path
        groups.setdefault((one.code, key), []).append(one)
    for group in groups.values():
        yield _finding(group[0], tuple(one.act.id for one in group))


def _finding(first: _Difference, acts: tuple[str, ...]) -> Finding:
    act, ground, situation = first.act, first.ground, first.situation
    if first.code == ALLOWED:
        path = act.path
        says = Text(
            f"{', '.join(acts)}: newly allowed where {_named(ground).en} refused",
            f"{'、'.join(acts)}：{_named(ground).zh}原先不允许的，现在允许",
        )
    else:
        path = ground.path
        says = Text(
            f"{', '.join(acts)}: newly refused by {_named(ground).en}",
            f"{'、'.join(acts)}：{_named(ground).zh}现在不允许",
        )
    if len(acts) > 1 and ground.part in act.flow.rules:
        path = f"{act.flow.id}.rules.{ground.part}"
    clauses = ground.clauses or act.clauses
    witness = Witness(situation.listed, situation.today, parts=(*acts, ground.part))
    return Finding(first.code, Severity.NOTE, path, says, clauses, witness)


def _named(ground: Ground) -> Text:
    if ground.rule is not None:
        return Text(f"the rule {ground.part}", f"规则{ground.part}")
    words = {
        "from": Text("the state", "所处状态"),
        "to": Text("the branches", "各分支的条件"),
        "due": Text("the due date", "期限"),
        "window": Text("the window", "时段"),
        "at": Text("the day", "所定日期"),
        "after_due": Text("the due date", "期限"),
    }
    return words.get(ground.part, Text(f"the fact {ground.part}", f"事实{ground.part}"))


def _appeared(solver: Solver, found: Conditions, code: str) -> Iterator[Finding]:
    """Yield an act that only one of the definitions has, with a case for it."""
    act = found.act
    if act.transition is None:
        return
    situation = solver.ask(found.demands).situation
    if situation is None:
        return
    says = (
        Text(f"{act.id} is new", f"{act.id}为新增流转")
        if code == ALLOWED
        else Text(f"{act.id} is gone", f"流转{act.id}已取消")
    )
    witness = Witness(situation.listed, situation.today, parts=(act.id,))
    yield Finding(code, Severity.NOTE, act.path, says, act.clauses, witness)


def _ways(pair: Pair, found: Conditions, *, old: bool) -> list[tuple[str, Expression]]:
    """Return the states that an act leads to, each with what has to be true for it."""
    transition = found.act.transition
    before: list[Expression] = []
    ways: list[tuple[str, Expression]] = []
    for state, when in transition.to if transition else ():
        now = pair.reading.now(when) if old and when is not None else when
        ways.append((state, conjunction(before if now is None else [*before, now])))
        before += [] if now is None else [Not(now)]
    return ways or [("", TRUE)]  # it stays where it is


def _elsewhere(pair: Pair, old: Conditions, new: Conditions) -> Iterator[Finding]:
    """Yield where a case that both grant is led to different states."""
    track = f"{new.act.transition.track}.state" if new.act.transition else ""
    states = pair.names.states.get(track, {})
    told: set[tuple[str, str]] = set()
    for was, one in _ways(pair, old, old=True):
        for state, other in _ways(pair, new, old=False):
            if states.get(was, was) == state or (was, state) in told:
                continue
            both = [Demand("", one), Demand("", other)]
            situation = pair.after.ask([*old.demands, *new.demands, *both]).situation
            if situation is not None:
                told.add((was, state))
                says = Text(
                    f"{new.act.id} leads to {state or _HERE.en} instead of {was or _HERE.en}",
                    f"{new.act.id}转到{state or _HERE.zh}，原先转到{was or _HERE.zh}",
                )
                witness = Witness(situation.listed, situation.today, parts=(was, state))
                path = f"{new.act.path}.to"
                yield Finding(ELSEWHERE, Severity.NOTE, path, says, new.act.clauses, witness)


def _sets(pair: Pair, old: Conditions, new: Conditions) -> Iterator[Finding]:
    """Yield the facts that an act sets to another value than before, or no longer, or now."""
    if old.act.transition is None or new.act.transition is None:
        return
    was = {
        pair.names.column(name): pair.reading.now(value) for name, value in old.act.transition.sets
    }
    now = dict(new.act.transition.sets)
    for fact in dict.fromkeys((*was, *now)):
        one, other = was.get(fact), now.get(fact)
        if one == other:
            continue
        demands = [*old.demands, *new.demands]
        if one is not None and other is not None:
            demands.append(Demand("", Compare(Comparison.NE, one, other)))
        situation = pair.after.ask(demands).situation
        if situation is None:
            continue
        values = [None if value is None else situation.value(value) for value in (one, other)]
        shown = ["—" if value is None else str(value) for value in values]
        says = Text(
            f"{new.act.id} sets {fact} to {shown[1]} instead of {shown[0]}",
            f"{new.act.id}将{fact}设为{shown[1]}，原先为{shown[0]}",
        )
        witness = Witness(situation.listed, situation.today, parts=(new.act.id, fact))
        path = f"{new.act.path}.set.{fact}"
        yield Finding(SET, Severity.NOTE, path, says, new.act.clauses, witness)
