"""Orders: one act over many cases, as asked; checked like a request, written down to be resumed."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import attrs

from reformflow.binding import bind_question
from reformflow.casework.practice import Practice
from reformflow.engine import check_facts, check_request
from reformflow.errors import RequestError, UnknownName
from reformflow.model import Actor, Expression, Extend, Facts, Fire, Grant, Record, Request

BulkAct = Fire | Record | Extend
"""What can be done to many cases at once."""

MIGRATE: Final = "migrate"
"""The kind of a run that is no order: cases on their way to another definition."""

OPEN: Final = "open"
"""The kind of a run that opens cases from rows."""

_DATE: Final = "$date"
_ACTS: Final = {"fire": Fire, "record": Record, "extend": Extend}


@attrs.frozen
class Order:
    """One act over the cases of a workflow: what, by whom, on which day, for which cases.

    `where` is an expression of the rule language; cases for which it is true are selected.
    """

    workflow: str
    act: BulkAct
    actor: Actor
    on: date
    where: str = ""
    reason: str | None = None

    @classmethod
    def of(  # noqa: PLR0913 - the parts of a request over many cases
        cls,
        practice: Practice,
        act: str | BulkAct,
        *,
        workflow: str | None,
        actor: Actor,
        on: date,
        where: str = "",
        facts: Facts | None = None,
        reason: str | None = None,
    ) -> Order:
        """Return the order for an act or the id of a transition, with `facts` to record.

        The workflow may be left out where only one has such a transition. Raises UnknownName
        for what does not exist, RequestError for what no case could be asked.
        """
        if isinstance(act, str):
            act = Fire(act, facts or {})
        elif facts:
            raise RequestError("the facts are given twice", "put them into the act")
        order = cls(workflow or _workflow(practice, act), act, actor, on, where, reason)
        order.check(practice)
        return order

    def check(self, practice: Practice) -> None:
        """Raise UnknownName or RequestError if no case could be asked this."""
        check_request(self.request("any"))
        plan = practice.engine.program.plan(self.workflow)
        match self.act:
            case Fire(transition=name, facts=facts):
                transition = plan.step(name).bound.transition
                if transition.by_itself:
                    raise RequestError(f"{name!r} fires by itself", "let time pass with tick")
                check_facts(plan.flow, facts, (*transition.records, *transition.may_record))
            case Record(facts=facts):
                if not facts:
                    raise RequestError("there is nothing to record", "name at least one fact")
                check_facts(plan.flow, facts)
            case Extend(transition=name):
                if plan.step(name).bound.deadline is None:
                    raise UnknownName.of("deadline", name, plan.flow.deadlines)
        self.question(practice)

    def question(self, practice: Practice) -> Expression | None:
        """Return the bound form of `where`; RequestError if it does not fit."""
        if not self.where:
            return None
        return bind_question(practice.engine.program.bound, self.workflow, self.where)

    def request(self, case: str) -> Request:
        """Return the same act as a request about one case."""
        return Request(case, self.act, self.actor, self.on, self.reason)

    def plain(self) -> dict[str, Any]:
        """Return the order as JSON can hold it."""
        act = {name: _plain(value) for name, value in attrs.asdict(self.act).items()}
        return {
            "workflow": self.workflow,
            "kind": type(self.act).__name__.lower(),
            "act": act,
            "actor": plain_actor(self.actor),
            "on": self.on.isoformat(),
            "where": self.where,
            "reason": self.reason,
        }

    @classmethod
    def from_plain(cls, stored: dict[str, Any]) -> Order:
        """Return the order that `plain` wrote."""
        act = {name: _value(value) for name, value in stored["act"].items()}
        actor = stored["actor"]
        grants = frozenset(Grant(role, unit or None) for role, unit in actor["grants"])
        return cls(
            workflow=stored["workflow"],
            act=_ACTS[stored["kind"]](**act),
            actor=Actor(actor["id"], grants),
            on=date.fromisoformat(stored["on"]),
            where=stored["where"],
            reason=stored["reason"],
        )


def plain_actor(actor: Actor) -> dict[str, Any]:
    """Return an actor as JSON can hold it."""
    grants = sorted((grant.role, grant.unit or "") for grant in actor.grants)
    return {"id": actor.id, "grants": [list(grant) for grant in grants]}


# ---------------------------------------------------------------------------------------------


def _workflow(practice: Practice, act: BulkAct) -> str:
    """Return the one workflow that the act can be about."""
    program = practice.engine.program
    if isinstance(act, Record):
        wanted = act.facts.keys()
        having = [name for name, plan in program.plans.items() if wanted <= plan.flow.facts.keys()]
    else:
        having = [name for name, plan in program.plans.items() if act.transition in plan.steps]
    if len(having) == 1:
        return having[0]
    if not having and not isinstance(act, Record):
        steps = [step for plan in program.plans.values() for step in plan.steps]
        raise UnknownName.of("transition", act.transition, steps)
    named = ", ".join(having) or "none"
    raise RequestError(f"it is not clear which workflow is meant: {named}", "name the workflow")


def _plain(value: Any) -> Any:  # noqa: ANN401 - the parts of an act
    if isinstance(value, dict):
        return {name: _plain(held) for name, held in value.items()}
    return {_DATE: value.isoformat()} if isinstance(value, date) else value


def _value(value: Any) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(value, dict):
        return value
    if value.keys() == {_DATE}:
        return date.fromisoformat(value[_DATE])
    return {name: _value(held) for name, held in value.items()}
