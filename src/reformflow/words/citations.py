"""Where each clause is cited in a reform, and which of the citations enforce it.

A citation enforces if the part that cites can make a difference to a case: a rule that an
enabled transition, an opening or another such part asks for, a date or an act that exists, a
role that somebody needs. A policy only says how a clause is read; a transition that is switched
off, a rule nobody asks for or that the policies make always true, and a date that never applies
only mention it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from reformflow.binding.bound import BoundReform, BoundTransition, BoundWorkflow
from reformflow.language.reading import walk
from reformflow.model import Clause, Expression, Literal, Name, Rule, Standing, When, Workflow
from reformflow.words.deadlines import dates_in_force

_ALWAYS = Literal(True)  # noqa: FBT003 - the constant itself


@attrs.frozen
class Cited:
    """One place that cites a clause.

    `kind` says what cites: document, role, policy, workflow, relation, opening, fact, state,
    stage, rule, transition, deadline, window, extension, suspension or duty; `path` leads to it.
    """

    kind: str
    path: tuple[str, ...]
    enforces: bool

    def __str__(self) -> str:
        """Write the path with dots."""
        return ".".join(self.path)


def citations(bound: BoundReform) -> dict[str, tuple[Cited, ...]]:
    """Return, for every clause of the reform, all places that cite it, in reading order."""
    found: dict[str, list[Cited]] = {clause.id: [] for clause in bound.reform.clauses}
    for clauses, cited in _all(bound):
        for clause in dict.fromkeys(clauses):
            found.setdefault(clause, []).append(cited)
    return {clause: tuple(places) for clause, places in found.items()}


def uncovered(bound: BoundReform) -> tuple[Clause, ...]:
    """Return the clauses that nothing enforces, in the order of the document."""
    cited = citations(bound)
    return tuple(
        clause
        for clause in bound.reform.clauses
        if not any(place.enforces for place in cited[clause.id])
    )


def uncovered_wrongly(bound: BoundReform) -> tuple[Clause, ...]:
    """Return the uncovered clauses that are not declared narrative."""
    return tuple(clause for clause in uncovered(bound) if clause.standing is not Standing.NARRATIVE)


# ---------------------------------------------------------------------------------------------

_Found = Iterator[tuple[tuple[str, ...], Cited]]


def _all(bound: BoundReform) -> _Found:
    reform = bound.reform
    yield reform.document.clauses, Cited("document", ("reform", "document"), enforces=True)
    needed = set().union(*(_roles_needed(flow) for flow in bound.workflows.values()))
    for role in reform.roles:
        path = ("reform", "roles", role.id)
        yield role.clauses, Cited("role", path, enforces=role.id in needed)
    for policy in reform.policies:
        path = ("reform", "policies", policy.id)
        yield policy.clauses, Cited("policy", path, enforces=False)
    for flow in bound.workflows.values():
        yield from _workflow(flow)


def _workflow(flow: BoundWorkflow) -> _Found:
    written, id = flow.workflow, flow.id  # noqa: A001
    alive = bool(flow.transitions)
    yield written.clauses, Cited("workflow", (id,), enforces=alive)
    for relation in written.children:
        path = (id, "children", relation.id)
        yield relation.clauses, Cited("relation", path, enforces=alive)
    opening = Cited("opening", (id, "opening"), enforces=True)
    yield written.opening.clauses, opening
    yield from _facts(flow)
    yield from _places(flow)
    rules = _rules_asked_for(flow)
    for rule in written.rules:
        path = (id, "rules", rule.id)
        counts = rule.id in rules and flow.rules[rule.id].expression != _ALWAYS
        yield rule.clauses, Cited("rule", path, enforces=counts)
    for transition in written.transitions:
        yield from _transition(flow, transition.id)
    for duty in written.duties:
        path = (id, "duties", duty.id)
        yield duty.clauses, Cited("duty", path, enforces=duty.id in flow.duties)


def _facts(flow: BoundWorkflow) -> _Found:
    """A fact counts if it can come to have a value."""
    opening = flow.workflow.opening
    given = {*opening.records, *opening.may_record}
    for item in flow.transitions.values():
        given |= {*item.transition.records, *item.transition.may_record}
        given |= {name for name, _ in item.sets}
    for fact in flow.workflow.facts:
        enforces = bool(fact.by or fact.derived is not None or fact.initial is not None)
        path = (flow.id, "facts", fact.id)
        yield fact.clauses, Cited("fact", path, enforces=enforces or fact.id in given)


def _places(flow: BoundWorkflow) -> _Found:
    """A state counts if a case can begin in it or be brought to it."""
    for track in flow.workflow.tracks:
        reached = {track.initial}
        for item in flow.transitions.values():
            reached |= {state for state, _ in item.to if item.track == track.id}
        root = (flow.id, "tracks", track.id)
        for stage in track.stages:
            lively = any(s.stage == stage.id and s.id in reached for s in track.states)
            yield stage.clauses, Cited("stage", (*root, "stages", stage.id), enforces=lively)
        for state in track.states:
            path = (*root, "states", state.id)
            yield state.clauses, Cited("state", path, enforces=state.id in reached)


def _transition(flow: BoundWorkflow, id: str) -> _Found:  # noqa: A002
    written = next(item for item in flow.workflow.transitions if item.id == id)
    enabled = id in flow.transitions
    path = (flow.id, "transitions", id)
    yield written.clauses, Cited("transition", path, enforces=enabled)
    if written.due is not None:
        dated = enabled and bool(dates_in_force(flow, f"{id}.due"))
        yield written.due.clauses, Cited("deadline", (*path, "due"), enforces=dated)
        for kind, permit in (
            ("extension", written.due.extension),
            ("suspension", written.due.suspension),
        ):
            if permit is not None:
                yield permit.clauses, Cited(kind, (*path, "due", kind), enforces=dated)
    if written.window is not None:
        bounds = (f"{id}.opens", f"{id}.closes")
        dated = enabled and any(dates_in_force(flow, bound) for bound in bounds)
        yield written.window.clauses, Cited("window", (*path, "window"), enforces=dated)


def _roles_needed(flow: BoundWorkflow) -> set[str]:
    """Return the roles that some act, fact or delay of the workflow asks for."""
    written = flow.workflow
    needed = {*written.opening.by, *written.corrected_by}
    for fact in written.facts:
        needed |= set(fact.by)
    for item in flow.transitions.values():
        needed |= {*item.transition.by, *item.transition.signed_by}
        deadline = item.deadline
        if deadline is not None:
            needed |= {role for role, _ in deadline.answerable}
            for permit in (deadline.extension, deadline.suspension):
                needed |= set(permit.by) if permit is not None else set()
    return needed


def _rules_asked_for(flow: BoundWorkflow) -> set[str]:
    """Return the rules whose truth makes a difference, also those named in other expressions."""
    rules = {rule.id: rule for rule in flow.workflow.rules}
    asked = set(flow.workflow.opening.needs)
    for item in flow.transitions.values():
        asked |= set(item.transition.needs)
    asked |= _named(rules, _expressions(flow.workflow, flow.transitions))
    waiting = list(asked)
    while waiting:
        rule = rules.get(waiting.pop())
        more = _named(rules, [rule.requires]) - asked if rule is not None else set()
        asked |= more
        waiting += more
    return asked


def _named(rules: dict[str, Rule], expressions: Iterable[Expression]) -> set[str]:
    return {
        node.column
        for expression in expressions
        for node in walk(expression)
        if isinstance(node, Name) and node.owner == "" and node.column in rules
    }


def _expressions(written: Workflow, enabled: Mapping[str, BoundTransition]) -> Iterator[Expression]:
    """Yield the expressions, as written, of everything that is in force besides rules."""
    for fact in written.facts:
        if fact.during is not None:
            yield fact.during
        if isinstance(fact.derived, tuple):
            yield from _conditions(fact.derived)
        elif fact.derived is not None:
            yield fact.derived
    for item in written.transitions:
        if item.id not in enabled:
            continue
        yield from (branch.when for branch in item.to if branch.when is not None)
        yield from (expression for _, expression in item.sets)
        yield from _conditions(item.at)
        if item.due is not None:
            yield from _conditions(item.due.dates)
            yield from (a.when for a in item.due.answerable if a.when is not None)
        if item.window is not None:
            yield from _conditions((*item.window.opens, *item.window.closes))
    for duty in written.duties:
        yield from (expression for _, expression in duty.sets)
        if duty.condition is not None:
            yield duty.condition


def _conditions(dates: Iterable[When]) -> Iterator[Expression]:
    yield from (when.when for when in dates if when.when is not None)
