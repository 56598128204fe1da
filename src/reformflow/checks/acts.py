"""What an act asks of a case: everything that has to be so for it to be granted, part by part.

Who acts is left out. What is asked is looked at as the engine does: on a case as the act would
leave it, with the facts that it records.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from reformflow.binding import BoundReform, BoundRule, BoundTransition, BoundWorkflow
from reformflow.checks.solver import Demand
from reformflow.checks.solver.tables import Writers
from reformflow.model import (
    And,
    BeforeEffect,
    Compare,
    Comparison,
    Expression,
    FactType,
    Late,
    Literal,
    Member,
    Name,
    Not,
    Or,
    Recorded,
    Scalar,
    Text,
    Today,
)


@attrs.frozen
class Ground:
    """One thing that an act asks for.

    `demand` is labelled with the path of the part of the definition that asks for it; `part` is
    how a witness names it: the id of the rule or fact, or the word of the definition format.
    """

    demand: Demand
    part: str
    clauses: tuple[str, ...]
    rule: BoundRule | None = None

    @property
    def path(self) -> str:
        """The path of the part that asks for it."""
        return self.demand.label


@attrs.frozen
class Act:
    """A transition, or the opening of a case, as far as it asks something of the case.

    `given` are demands that hold whenever it is decided; `days` those of them about the order of
    days, which hold in whatever state it is.
    """

    flow: BoundWorkflow
    id: str
    path: str
    given: tuple[Demand, ...]
    grounds: tuple[Ground, ...]
    clauses: tuple[str, ...]
    transition: BoundTransition | None = None
    days: tuple[Demand, ...] = ()

    @property
    def rules(self) -> tuple[Ground, ...]:
        """The rules that it needs, each once."""
        rules = {ground.part: ground for ground in self.grounds if ground.rule is not None}
        return tuple(rules.values())

    @property
    def says(self) -> Text:
        """What it is called."""
        if self.transition is None:
            return Text("the opening", "开案")
        return Text(f"the transition {self.id}", f"流转{self.id}")


def acts(bound: BoundReform, flow: BoundWorkflow) -> Iterator[Act]:
    """Yield the opening of a workflow's cases and the transitions that start from some state."""
    if flow.opening_needs:
        yield opening(flow)
    reached = Writers.of(bound, flow).states
    for transition in flow.transitions.values():
        states = [state for state in reached[transition.track] if state in transition.source]
        if states:
            yield act_of(bound, flow, transition, states)


def act_of(
    bound: BoundReform, flow: BoundWorkflow, transition: BoundTransition, states: list[str]
) -> Act:
    """Return what a transition asks when it is decided in one of some states."""
    path = f"{flow.id}.transitions.{transition.id}"
    grounds = [
        *_rules(path, transition.needs),
        *_recorded(flow, path, transition.transition.records, transition.transition.clauses),
        *_branches(path, transition),
        *_sets(flow, path, transition),
        *_days(bound, flow, path, transition),
    ]
    days = tuple(_in_order(transition.track))
    given = (_in_states(transition.track, states), *days)
    clauses = transition.transition.clauses
    return Act(flow, transition.id, path, given, tuple(grounds), clauses, transition, days)


def opening(flow: BoundWorkflow) -> Act:
    """Return what the opening of a case asks: of a case to which nothing has happened yet."""
    path, opened = f"{flow.id}.opening", flow.workflow.opening
    grounds = [
        *_rules(path, flow.opening_needs),
        *_recorded(flow, path, opened.records, opened.clauses),
    ]
    begin = {f"{track.id}.state": track.initial for track in flow.tracks.values()}
    given = [Demand("", holds(Name(column), state)) for column, state in begin.items()]
    days = [f"{track}.{part}" for track in flow.tracks for part in ("since", "last")]
    given += (
        Demand("", Compare(Comparison.EQ, Name(name), Today())) for name in ("opened.on", *days)
    )
    marks = [f"{id}.on" for id in flow.transitions if f"{id}.on" in flow.columns]  # noqa: A001
    given += (Demand("", holds(Name(mark), None)) for mark in marks)
    return Act(flow, "opening", path, tuple(given), tuple(grounds), opened.clauses)


def holds(name: Name, value: Scalar | None) -> Expression:
    """Return the expression that a column has a certain value, or none."""
    if value is None:
        return Recorded(name, negated=True)
    return Compare(Comparison.EQ, name, Literal(value))


# ---------------------------------------------------------------------------------------------


def _in_states(track: str, states: list[str]) -> Demand:
    options = tuple(Literal(state) for state in states)
    return Demand("", Member(Name(f"{track}.state"), options))


def _in_order(track: str) -> Iterator[Demand]:
    """Yield the order of the days of a track: nothing is older than what it follows."""
    days: list[Expression] = [Name("opened.on"), Name(f"{track}.since"), Name(f"{track}.last")]
    for earlier, later in zip(days, [*days[1:], Today()], strict=True):
        yield Demand("", Compare(Comparison.LE, earlier, later))


def _rules(path: str, rules: tuple[BoundRule, ...]) -> Iterator[Ground]:
    for index, rule in enumerate(rules):
        demand = Demand(f"{path}.needs[{index}]", rule.expression)
        yield Ground(demand, rule.id, rule.clauses, rule)


def _recorded(
    flow: BoundWorkflow, path: str, facts: tuple[str, ...], clauses: tuple[str, ...]
) -> Iterator[Ground]:
    for index, fact in enumerate(facts):
        demand = Demand(f"{path}.records[{index}]", Recorded(Name(fact)))
        yield Ground(demand, fact, flow.facts[fact].clauses or clauses)


def _branches(path: str, transition: BoundTransition) -> Iterator[Ground]:
    """Yield that some branch applies, and that it is known which."""
    before: list[Expression] = []
    ways: list[Expression] = []
    for _, when in transition.to:
        taken = before if when is None else [*before, when]
        ways.append(conjunction(taken))
        if when is not None:
            before.append(Not(when))
    if before:
        choice = ways[0] if len(ways) == 1 else Or(tuple(ways))
        yield Ground(Demand(f"{path}.to", choice), "to", transition.transition.clauses)


def conjunction(parts: list[Expression]) -> Expression:
    """Return the expression that all parts are true."""
    if len(parts) == 1:
        return parts[0]
    return And(tuple(parts)) if parts else Literal(True)  # noqa: FBT003 - nothing is asked


def _sets(flow: BoundWorkflow, path: str, transition: BoundTransition) -> Iterator[Ground]:
    """Yield that what a transition sets can be worked out, and lies within the fact's bounds."""
    for name, expression in transition.sets:
        if isinstance(expression, Literal | Today):
            continue
        (fact,) = (one for one in flow.workflow.facts if one.id == name)
        # What equals itself is known.
        parts: list[Expression] = [Compare(Comparison.EQ, expression, expression)]
        if fact.type is FactType.INT and fact.minimum is not None:
            parts.append(Compare(Comparison.GE, expression, Literal(fact.minimum)))
        if fact.type is FactType.INT and fact.maximum is not None:
            parts.append(Compare(Comparison.LE, expression, Literal(fact.maximum)))
        demand = Demand(f"{path}.set.{name}", conjunction(parts))
        yield Ground(demand, name, fact.clauses or transition.transition.clauses)


def _days(
    bound: BoundReform, flow: BoundWorkflow, path: str, transition: BoundTransition
) -> Iterator[Ground]:
    today, deadline, window = Today(), transition.deadline, transition.window
    if deadline is not None and deadline.late in {Late.REFUSE, Late.EXTENSION}:
        ways: list[Expression] = [Recorded(Name(deadline.due), negated=True)]
        ways.append(Compare(Comparison.LE, today, Name(deadline.due)))
        if deadline.before_effect is not BeforeEffect.ENFORCE and bound.effective_on is not None:
            effective = Literal(bound.effective_on)
            ways.append(Compare(Comparison.LT, Name(deadline.due), effective))
        if not deadline.can_pause:
            demand = Demand(f"{path}.due", Or(tuple(ways)))
            yield Ground(demand, "due", deadline.clauses)
    if window is not None and window.outside is Late.REFUSE:
        for column, op in ((window.opens, Comparison.GE), (window.closes, Comparison.LE)):
            if column is not None:
                unknown = Recorded(Name(column), negated=True)
                inside = Or((unknown, Compare(op, today, Name(column))))
                demand = Demand(f"{path}.window", inside)
                yield Ground(demand, "window", window.clauses)
    clauses = transition.transition.clauses
    if transition.at is not None:
        demand = Demand(f"{path}.at", Compare(Comparison.GE, today, Name(transition.at)))
        yield Ground(demand, "at", clauses)
    silent = flow.deadlines.get(transition.transition.after_due or "")
    if silent is not None:
        demand = Demand(f"{path}.after_due", Compare(Comparison.GT, today, Name(silent.due)))
        yield Ground(demand, "after_due", clauses)
