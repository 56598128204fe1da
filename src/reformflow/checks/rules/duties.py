"""Duties that never begin: no case ever meets their condition."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.binding import BoundWorkflow
from reformflow.checks.reach.formulas import kin_of
from reformflow.checks.reach.reader import Reader
from reformflow.checks.solver import Demand
from reformflow.checks.subject import Subject
from reformflow.model import Expression, Finding, Severity, Text, Witness

CODE = "duty_never_opens"


def duties_never_opening(subject: Subject) -> Iterator[Finding]:
    """Yield each duty whose `while` is true of no case, so that no period of it is ever opened."""
    for flow in subject.flows:
        for bound in flow.duties.values():
            condition, duty = bound.condition, bound.duty
            if condition is not None and _never(subject, flow, condition):
                says = Text(
                    f"the duty {duty.id} opens nothing: no case can meet its condition",
                    f"义务{duty.id}从不产生案件：没有案件能满足其条件",
                )
                path = f"{flow.id}.duties.{duty.id}.while"
                witness = Witness(parts=(duty.id,))
                yield Finding(CODE, Severity.ERROR, path, says, duty.clauses, witness)


# ---------------------------------------------------------------------------------------------


def _never(subject: Subject, flow: BoundWorkflow, condition: Expression) -> bool:
    """Say whether no case meets a condition, or none that can come about."""
    if subject.solvers[flow.id].excludes([Demand("", condition)]):
        return True
    search = subject.explored
    space, truth = search.spaces[flow.id], Reader(search.grounds, flow.id).truth(condition)
    return space.sets.any(space.reached) and not kin_of(truth) and not space.holds(truth)
