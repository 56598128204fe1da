"""Conditions made up by lot: over the facts and states of a case, its parent and its children."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from reformflow.model import (
    PARENT,
    SELF,
    Aggregate,
    And,
    Arithmetic,
    Compare,
    Comparison,
    Expression,
    FactType,
    Literal,
    Member,
    Name,
    Not,
    Operator,
    Or,
    PolicyName,
    Quantifier,
    Recorded,
    Today,
)
from reformflow.testing.drawing import Lot
from reformflow.testing.inventing.outlines import NUMBERS, START, Outline

_ORDERS: Final = tuple(Comparison)
_EQUAL: Final = (Comparison.EQ, Comparison.NE)
_VARIABLE: Final = "c"


def condition(lot: Lot, flow: Outline, *, kin: bool = True, depth: int = 2) -> Expression:
    """Make up a condition; without `kin` it reads its own case only, and not the day."""
    if depth and lot.chance(0.3):
        both = (
            condition(lot, flow, kin=kin, depth=depth - 1),
            condition(lot, flow, kin=kin, depth=depth - 1),
        )
        ways: tuple[Expression, ...] = (And(both), Or(both), Not(both[0]))
        return lot.pick(ways)
    if kin and flow.children and lot.chance(0.3):
        return _over_children(lot, flow)
    if kin and flow.parent is not None and lot.chance(0.3):
        return _simple(lot, flow.parent, PARENT, kin=kin)
    return _simple(lot, flow, SELF, kin=kin)


def number(lot: Lot, flow: Outline, fact: str) -> Expression:
    """Make up what a number becomes: the next one, a constant, or a policy."""
    ways: list[Expression] = [Arithmetic(Operator.ADD, Name(fact), Literal(1)), Literal(3)]
    ways += [PolicyName(NUMBERS), *map(Name, flow.of(FactType.INT))]
    return lot.pick(ways)


# ---------------------------------------------------------------------------------------------


def _simple(lot: Lot, flow: Outline, owner: str, *, kin: bool) -> Expression:
    """Ask something about one fact or one track."""
    place = lot.number(len(flow.facts) + len(flow.tracks))
    if place >= len(flow.facts):
        track = flow.tracks[place - len(flow.facts)].id
        states = flow.states(track)
        state = Name(f"{track}.state", owner)
        if lot.chance(0.5):
            return Compare(lot.pick(_EQUAL), state, Literal(lot.pick(states)))
        return Member(state, tuple(map(Literal, states[:2])), negated=lot.chance(0.3))
    fact = flow.facts[place]
    name = Name(fact.id, owner)
    if lot.chance(0.25):
        return Recorded(name, negated=not lot.chance(0.3))
    match fact.type:
        case FactType.BOOL:
            return name
        case FactType.INT:
            least: Expression = PolicyName(NUMBERS) if lot.chance(0.3) else Literal(3)
            return Compare(lot.pick(_ORDERS), name, least)
        case FactType.DATE:
            day = Literal(START + timedelta(days=lot.pick((30, 10, 90))))
            others: list[Expression] = [day, Name(f"{flow.tracks[0].id}.since", owner)]
            others += [Today()] if kin else []
            return Compare(lot.pick(_ORDERS), name, lot.pick(others))
        case FactType.CHOICE:
            chosen = Literal(lot.pick(fact.choices).id)
            return Compare(lot.pick(_EQUAL), name, chosen)
        case FactType.TEXT:
            return Compare(lot.pick(_EQUAL), name, Literal("吉"))


def _over_children(lot: Lot, flow: Outline) -> Expression:
    relation = lot.pick(list(flow.children))
    child = flow.children[relation]
    inside = _simple(lot, child, _VARIABLE, kin=False)
    limit = _simple(lot, child, _VARIABLE, kin=False) if lot.chance(0.3) else Literal(value=True)
    numbers = child.of(FactType.INT)
    match lot.number(4):
        case 0:
            return Aggregate(Quantifier.ANY, relation, _VARIABLE, inside, limit)
        case 1:
            return Aggregate(Quantifier.ALL, relation, _VARIABLE, inside, limit)
        case 2 if numbers:
            added = Name(numbers[0], _VARIABLE)
            total = Aggregate(Quantifier.SUM, relation, _VARIABLE, added, limit)
            return Compare(lot.pick(_ORDERS), total, Literal(3))
        case _:
            counted = Aggregate(Quantifier.COUNT, relation, _VARIABLE, inside, limit)
            return Compare(lot.pick(_ORDERS), counted, Literal(1))
