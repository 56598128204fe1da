"""Plans: what firing a transition over many cases would come to, without doing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import attrs

from reformflow.binding import BoundWorkflow, bind_question
from reformflow.casework.practice import Practice
from reformflow.engine import Engine
from reformflow.errors import RequestError
from reformflow.model import Actor, Code, Expression, Fire, Request
from reformflow.store import (
    Asked,
    Connection,
    Schema,
    Sight,
    StoredCases,
    Survey,
    Tally,
    survey,
)


@attrs.frozen
class Plan:
    """One transition over many cases: who asks, on which day, and what it would come to.

    `selected` cases are asked about; `granted` and `refused` of them add up to it. `reasons`
    count the refused cases by code, rule (or other subject) and clauses; a case that is refused
    for several reasons counts for each. `in_one_statement` says that the database counted all of
    it at once; otherwise the cases were decided one by one, with the same answers.
    """

    workflow: str
    transition: str
    actor: Actor
    on: date
    where: str
    reason: str | None
    selected: int
    granted: int
    reasons: tuple[Tally, ...]
    in_one_statement: bool

    @property
    def refused(self) -> int:
        """How many of the selected cases would be refused."""
        return self.selected - self.granted


def plan(  # noqa: PLR0913 - the parts of a request over many cases
    practice: Practice,
    connection: Connection,
    *,
    workflow: str,
    transition: str,
    actor: Actor,
    on: date,
    where: str = "",
    reason: str | None = None,
) -> Plan:
    """Count what firing a transition would come to for the cases of a workflow.

    `where` is an expression of the rule language about each case; only those for which it is
    true are selected. Raises UnknownName for what does not exist, RequestError for an
    expression that does not fit, or a transition that no actor fires.
    """
    program = practice.engine.program
    step = program.plan(workflow).step(transition)
    if step.bound.transition.by_itself:
        message = f"{transition!r} fires by itself"
        raise RequestError(message=message, hint="let time pass with tick")
    question = bind_question(program.bound, workflow, where) if where else None
    at_once = _near(program.plan(workflow).flow).isdisjoint(program.timed)
    if at_once:
        asked = Asked(step.bound, actor, reason, program.effective_on)
        sight = Sight(practice.schema, practice.schema.workflow(workflow), on)
        chosen = None if question is None else sight.true(question)
        counted = survey(connection, sight, asked, chosen)
    else:
        request = Request("", Fire(transition), actor, on, reason)
        reader = _OneByOne(practice.engine, practice.schema, connection)
        counted = reader.survey(workflow, request, question)
    return Plan(
        workflow,
        transition,
        actor,
        on,
        where,
        reason,
        counted.selected,
        counted.granted,
        counted.refused,
        at_once,
    )


# ---------------------------------------------------------------------------------------------


def _near(flow: BoundWorkflow) -> set[str]:
    """Return the workflows whose cases time may change before one of this workflow is decided."""
    children = {relation.workflow for relation in flow.relations.values()}
    return {flow.id, *children} | ({flow.parent} if flow.parent else set())


@attrs.frozen
class _OneByOne:
    """Decides each case by itself: for workflows in which time may have to pass first."""

    engine: Engine
    schema: Schema
    connection: Connection

    def survey(self, workflow: str, request: Request, question: Expression | None) -> Survey:
        """Count as one statement would."""
        selected = granted = 0
        reasons: Counter[tuple[Code, str]] = Counter()
        clauses: dict[tuple[Code, str], dict[str, None]] = {}
        for reader, case in self._cases(workflow):
            if question is not None and not self.engine.holds(reader, case, question, request.on):
                continue
            selected += 1
            decision = self.engine.decide(reader, attrs.evolve(request, case=case))
            granted += decision.granted
            reasons.update({(item.code, item.subject) for item in decision.refusals})
            for item in decision.refusals:
                cited = clauses.setdefault((item.code, item.subject), {})
                cited |= dict.fromkeys(item.clauses)
        tallies = tuple(
            Tally(code, subject, tuple(clauses[code, subject]), cases)
            for (code, subject), cases in reasons.items()
        )
        return Survey(selected, granted, tallies)

    def _cases(self, workflow: str) -> Iterator[tuple[StoredCases, str]]:
        reader = StoredCases(self.connection, self.schema)
        for cases in reader.scan(workflow):
            reader.gather(cases)
            for case in cases:
                yield reader, case.id
