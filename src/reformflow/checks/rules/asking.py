"""Questions that several checks of the rules ask."""

from __future__ import annotations

from reformflow.binding import BoundRule, BoundWorkflow
from reformflow.checks.solver import Demand, Truth
from reformflow.model import And, Compare, Comparison, Expression, Literal, Or, Today


def standing(flow: BoundWorkflow, rule: BoundRule) -> tuple[Expression, tuple[Demand, ...]]:
    """Return what a rule requires on the days on which it is in force, and that it is."""
    (written,) = (one for one in flow.workflow.rules if one.id == rule.id)
    outside = (written.since is not None) + (written.until is not None)
    if not outside or not isinstance(rule.expression, Or):
        return rule.expression, ()
    days = []
    if written.since is not None:
        days.append(Demand("", Compare(Comparison.GE, Today(), Literal(written.since))))
    if written.until is not None:
        days.append(Demand("", Compare(Comparison.LE, Today(), Literal(written.until))))
    (*_, required) = rule.expression.operands
    return required, tuple(days)


def conjuncts(expression: Expression) -> tuple[Expression, ...]:
    """Return the parts of an expression that all have to be true."""
    if isinstance(expression, And):
        return tuple(part for one in expression.operands for part in conjuncts(one))
    return (expression,)


def denied(label: str, expression: Expression) -> Demand:
    """Demand that an expression is false or unknown: that a rule refuses."""
    return Demand(label, expression, Truth.NOT_TRUE)
