"""Children that hold up a case for ever once they have come to some state.

A transition asks something of all children, and a child in that state can only come to meet it
after this very transition. Whoever lets a child come so far before has stopped both.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

import attrs

from reformflow.binding import BoundRule, BoundTransition, BoundWorkflow, bind
from reformflow.checks.reach import Explored, explored
from reformflow.checks.reach.reader import Reader
from reformflow.checks.structure.steps import steps_to
from reformflow.checks.structure.waiting import Node
from reformflow.checks.structure.ways import Ways
from reformflow.checks.subject import Subject
from reformflow.errors import DefinitionError
from reformflow.model import (
    Aggregate,
    And,
    Expression,
    Finding,
    Literal,
    Not,
    Quantifier,
    Reform,
    Rule,
    Severity,
    State,
    Text,
    Track,
    Witness,
)

CODE = "child_holds_up"
_NEVER: Final = "held_back_by_the_check"


def children_holding_up(subject: Subject, told: Container[Node]) -> Iterator[Finding]:
    """Yield each transition that a child can stop for good, but not those that are told of."""
    for flow in subject.flows:
        ways = Ways(subject.explored, flow)
        for item in flow.transitions.values():
            if (flow.id, item.id) not in told and ways.fires(item.id):
                yield from _held_up(subject, flow, item)


# ---------------------------------------------------------------------------------------------


def _held_up(subject: Subject, flow: BoundWorkflow, item: BoundTransition) -> Iterator[Finding]:
    asked = [(rule, *one) for rule in item.needs for one in _of_all(rule.expression)]
    without = _without(subject.bound.reform, flow, item) if asked else None
    if without is None:
        return
    for rule, node, wanted in asked:
        held = _Held(subject.explored, without, flow, node, wanted)
        place = held.first()
        if place is not None:
            yield _finding(item, rule, held, place)
            return


def _of_all(condition: Expression) -> Iterator[tuple[Aggregate, bool]]:
    """Yield what a rule says of all children, and whether that has to be true or false of each."""
    match condition:
        case And(operands=operands):
            for part in operands:
                yield from _of_all(part)
        case Aggregate(quantifier=Quantifier.ALL):
            yield condition, True
        case Not(operand=Aggregate(quantifier=Quantifier.ANY) as some):
            yield some, False
        case _:
            pass


def _without(reform: Reform, flow: BoundWorkflow, item: BoundTransition) -> Explored | None:
    """Search a reform in which a transition never fires; None if the rule that says so clashes."""
    raw = flow.workflow
    rules = (*raw.rules, Rule(_NEVER, Literal(False)))  # noqa: FBT003 - what the rule says
    transitions = tuple(
        attrs.evolve(one, needs=(*one.needs, _NEVER)) if one.id == item.id else one
        for one in raw.transitions
    )
    stopped = attrs.evolve(raw, rules=rules, transitions=transitions)
    flows = tuple(stopped if other.id == flow.id else other for other in reform.workflows)
    try:
        return explored(bind(attrs.evolve(reform, workflows=flows)))
    except DefinitionError:
        return None


@attrs.frozen
class _Held:
    """What a transition asks of all children, searched with it and `without` it."""

    search: Explored
    without: Explored
    flow: BoundWorkflow
    asked: Aggregate
    wanted: bool

    @property
    def child(self) -> str:
        """The workflow of the children."""
        return self.flow.relations[self.asked.relation].workflow

    def first(self) -> tuple[Track, State] | None:
        """Return the first state in which a child can go on only after the transition."""
        before, after = self.ways(self.without), self.ways(self.search)
        for track in before.flow.tracks.values():
            for state in track.states:
                come = before.reaches(track.id, state.id)
                stays = not self._spares(before, track, state)
                if come and stays and self._spares(after, track, state):
                    return track, state
        return None

    def ways(self, search: Explored) -> Ways:
        """Return the ways of the children."""
        return Ways(search, search.bound.workflows[self.child])

    def _spares(self, ways: Ways, track: Track, state: State) -> bool:
        """Say whether a child may come from a state to where it meets what is asked."""
        reader = Reader(ways.search.grounds, self.flow.id)
        fitting = reader.sparing(self.asked, wanted=self.wanted).holds
        here = ways.within(track.id, state.id)
        return bool(ways.space.sets.any(here & ways.space.leading_to(fitting)))


def _finding(
    item: BoundTransition, rule: BoundRule, held: _Held, place: tuple[Track, State]
) -> Finding:
    track, state = place
    ways = held.ways(held.without)
    steps, values = steps_to(ways, ways.within(track.id, state.id))
    name = f"{held.child} in {state.id}"
    says = Text(
        f"{item.id} can never fire once there is a {name}, which can go on only after {item.id}",
        f"一旦有{held.child}处于{state.id}，{item.id}便无法办理，而它又只能在{item.id}之后继续",
    )
    path = f"{held.flow.id}.transitions.{item.id}"
    clauses = tuple(dict.fromkeys((*item.transition.clauses, *rule.clauses)))
    witness = Witness(values, parts=(name,), steps=steps)
    return Finding(CODE, Severity.WARNING, path, says, clauses, witness)
