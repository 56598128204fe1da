"""Every reform that differs from a given one in a single rule, date, role, record or citation.

Nothing here knows a certain reform. A mutant names what was changed, and the acts, rules, facts or
policies that the change is about, so that the likeliest trials can be run first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import attrs

from reformflow.language import unparse
from reformflow.model import (
    BeforeEffect,
    Expression,
    Fact,
    Late,
    Opening,
    Policy,
    PolicyName,
    PolicySetting,
    Reform,
    Role,
    Rule,
    Scope,
    Setting,
    Standing,
    Track,
    Transition,
    Workflow,
)
from reformflow.testing.mutants.dates import of_dates, of_deadline, of_window
from reformflow.testing.mutants.rules import altered, near_values, others

Change = tuple[str, Any]
"""What was changed, and the changed value."""


_LENGTH: Final = attrs.fields(Fact).max_length.default


@attrs.frozen
class Mutant:
    """A reform with one thing changed; `path` leads to the part that was.

    `policies` are those that the part reads: the change may only show under another option.
    """

    name: str
    reform: Reform
    about: frozenset[str]
    path: str = ""
    policies: frozenset[str] = frozenset()

    @property
    def cites(self) -> bool:
        """Whether only a citation was changed, by which no case comes out otherwise."""
        return " clauses without " in f" {self.name}" or self.path.startswith("reform.clauses.")


def mutants(reform: Reform) -> Iterator[Mutant]:
    """Yield every mutant of a reform, in the order of its files."""
    for what, changed in _of_head(reform):
        path = ".".join(["reform", *what.split()[:2]])
        about = frozenset(what.split()[:2])
        policies = about & {policy.id for policy in reform.policies}
        yield Mutant(f"reform: {what}", changed, about, path, policies)
    for index, flow in enumerate(reform.workflows):
        for what, changed in _of_workflow(reform, flow):
            flows = (*reform.workflows[:index], changed, *reform.workflows[index + 1 :])
            path = ".".join([flow.id, *what.split()[:2]])
            whole = altered(reform, workflows=flows)
            read = frozenset(_policies(_part(flow, what)))
            yield Mutant(f"{flow.id}: {what}", whole, _about(flow, what), path, read)


# ------------------------------------------------------------------------------------ the head


def _of_head(reform: Reform) -> Iterator[Change]:
    yield from _among(reform, "policies", _of_policy)
    yield from _among(reform, "roles", _of_role)
    yield from _among(reform, "clauses", _of_clause)
    document = reform.document
    for what, changed in _clauses(document):
        yield f"document {what}", altered(reform, document=changed)
    for field in ("adopted_on", "issued_on"):
        for value in near_values(getattr(document, field)):
            changed = altered(document, **{field: value})
            yield f"document {field} {value}", altered(reform, document=changed)
    yield "document effective_from dropped", altered(reform, effective_from=None)
    yield "document time_zone", altered(reform, time_zone="UTC")
    calendar = altered(reform.calendar, name="weekdays")
    yield "document calendar", altered(reform, calendar=calendar)


def _of_policy(policy: Policy) -> Iterator[Change]:
    for option in policy.options:
        if option.name != policy.default:
            yield f"default {option.name}", altered(policy, default=option.name)
            fewer = tuple(other for other in policy.options if other != option)
            yield f"without option {option.name}", altered(policy, options=fewer)
    for index, option in enumerate(policy.options):
        for value in near_values(option.value):
            changed = altered(option, value=value)
            options = (*policy.options[:index], changed, *policy.options[index + 1 :])
            yield f"{option.name} {value}", altered(policy, options=options)
    yield from _clauses(policy)


def _of_role(role: Role) -> Iterator[Change]:
    other = Scope.ALL if role.scope is Scope.UNIT else Scope.UNIT
    yield f"scope {other}", altered(role, scope=other)
    for changed in _shorter(role.aliases):
        yield f"aliases {changed}", altered(role, aliases=changed)
    yield from _clauses(role)


def _of_clause(clause: Any) -> Iterator[Change]:
    for standing in Standing:
        if standing is not clause.standing:
            yield f"standing {standing}", altered(clause, standing=standing)


# -------------------------------------------------------------------------------- one workflow


def _of_workflow(reform: Reform, flow: Workflow) -> Iterator[Change]:
    roles = [role.id for role in reform.roles]
    yield from _clauses(flow)
    yield from _among(flow, "children", _clauses)
    for what, changed in _of_opening(flow.opening, roles):
        yield f"opening {what}", altered(flow, opening=changed)
    for what, changed in _of_list(flow, "corrected_by", roles):
        yield f"correct {what}", changed
    yield from _among(flow, "facts", lambda fact: _of_fact(fact, roles))
    yield from _among(flow, "tracks", _of_track)
    yield from _among(flow, "rules", _of_rule)
    tracks = {track.id: track for track in flow.tracks}
    yield from _among(
        flow, "transitions", lambda item: _of_transition(item, tracks[item.track], roles)
    )
    for item in flow.transitions:
        fewer = tuple(other for other in flow.transitions if other.id != item.id)
        yield f"transitions {item.id} dropped", altered(flow, transitions=fewer)


def _of_opening(opening: Opening, roles: Sequence[str]) -> Iterator[Change]:
    yield from _of_list(opening, "by", roles)
    yield from _of_list(opening, "needs")
    yield from _of_records(opening)
    yield from _clauses(opening)


def _of_fact(fact: Fact, roles: Sequence[str]) -> Iterator[Change]:
    if fact.by:
        yield from _of_list(fact, "by", roles)
    if fact.during is not None:
        yield "during dropped", altered(fact, during=None)
        yield from _expressions(fact, "during")
    if fact.once:
        yield "once dropped", altered(fact, once=False)
    for field in ("initial", "minimum", "maximum", "max_length"):
        value = getattr(fact, field)
        if field == "max_length" and (fact.type != "text" or value == _LENGTH):
            continue  # nobody has written that
        if value is not None:
            for other in near_values(value):
                yield f"{field} {other}", altered(fact, **{field: other})
            if field != "max_length":
                yield f"{field} dropped", altered(fact, **{field: None})
    for changed in _shorter(fact.choices):
        names = " ".join(choice.id for choice in changed)
        yield f"choices only {names}", altered(fact, choices=changed)
    if isinstance(fact.derived, tuple):
        for what, dates in of_dates(fact.derived):
            yield f"derived {what}", altered(fact, derived=dates)
    elif fact.derived is not None:
        yield from _expressions(fact, "derived")
    yield from _clauses(fact)


def _of_track(track: Track) -> Iterator[Change]:
    for state in track.states:
        if state.id != track.initial:
            yield f"initial {state.id}", altered(track, initial=state.id)
    yield from _among(track, "stages", _clauses)
    yield from _among(track, "states", _of_state)


def _of_state(state: Any) -> Iterator[Change]:
    yield f"final {not state.final}", altered(state, final=not state.final)
    if state.stage is not None:
        yield "stage dropped", altered(state, stage=None)
    yield from _clauses(state)


def _of_rule(rule: Rule) -> Iterator[Change]:
    yield from _expressions(rule, "requires")
    for field in ("since", "until"):
        for value in near_values(getattr(rule, field)):
            yield f"{field} {value}", altered(rule, **{field: value})
        if getattr(rule, field) is not None:
            yield f"{field} dropped", altered(rule, **{field: None})
    yield from _clauses(rule)


# ------------------------------------------------------------------------------ one transition


def _of_transition(item: Transition, track: Track, roles: Sequence[str]) -> Iterator[Change]:
    states = [state.id for state in track.states]
    yield from _of_list(item, "source", states)
    yield from _of_branches(item, states)
    if not item.by_itself:
        yield from _of_list(item, "by", roles)
        yield from _of_list(item, "signed_by", roles if item.signed_by else ())
        yield "reason turned", altered(item, reason=not item.reason)
    yield from _of_list(item, "not_by")
    yield from _of_list(item, "needs")
    yield from _of_records(item)
    for index, (fact, expression) in enumerate(item.sets):
        around = item.sets[:index], item.sets[index + 1 :]
        yield f"set {fact} dropped", altered(item, sets=(*around[0], *around[1]))
        for other in others(expression):
            changed = (*around[0], (fact, other), *around[1])
            yield f"set {fact} {unparse(other)}", altered(item, sets=changed)
    if item.enabled is not None:
        yield "enabled always", altered(item, enabled=None)
        yield from _expressions(item, "enabled")
    if item.due is not None:
        yield "due dropped", altered(item, due=None)
        for what, due in of_deadline(item.due, roles):
            yield f"due {what}", altered(item, due=due)
        yield from _settings(item, "due", "late", [str(late) for late in Late])
        if item.due.before_effect != BeforeEffect.ENFORCE:  # else there is nothing to lose
            modes = [str(mode) for mode in BeforeEffect]
            yield from _settings(item, "due", "before_effect", modes)
        for what, changed in _clauses(item.due):
            yield f"due {what}", altered(item, due=changed)
    if item.window is not None:
        yield "window dropped", altered(item, window=None)
        for what, window in of_window(item.window):
            yield f"window {what}", altered(item, window=window)
        yield from _settings(item, "window", "outside", [str(late) for late in Late])
        for what, changed in _clauses(item.window):
            yield f"window {what}", altered(item, window=changed)
    yield from _clauses(item)


def _of_branches(item: Transition, states: Sequence[str]) -> Iterator[Change]:
    for index, branch in enumerate(item.to):
        around = item.to[:index], item.to[index + 1 :]
        if len(item.to) > 1:
            yield f"to {branch.state} dropped", altered(item, to=(*around[0], *around[1]))
        for state in states:
            if state != branch.state:
                changed = (*around[0], altered(branch, state=state), *around[1])
                yield f"to {branch.state} becomes {state}", altered(item, to=changed)
        if branch.when is not None:
            for other in others(branch.when):
                changed = (*around[0], altered(branch, when=other), *around[1])
                yield f"to {branch.state} when {unparse(other)}", altered(item, to=changed)


# ------------------------------------------------------------------------------------- helpers


def _among(owner: Any, field: str, each: Callable[[Any], Iterator[Change]]) -> Iterator[Change]:
    """Yield the owner with each change of each of its items."""
    items = getattr(owner, field)
    for index, item in enumerate(items):
        for what, changed in each(item):
            whole = (*items[:index], changed, *items[index + 1 :])
            yield f"{field} {item.id} {what}", altered(owner, **{field: whole})


def _of_list(owner: Any, field: str, more: Sequence[str] = ()) -> Iterator[Change]:
    """Yield the owner without each name of a list, and with each name that is not in it."""
    names = getattr(owner, field)
    for changed in _shorter(names):
        lost = next(name for name in names if name not in changed)
        yield f"{field} without {lost}", altered(owner, **{field: changed})
    for name in more:
        if name not in names:
            yield f"{field} with {name}", altered(owner, **{field: (*names, name)})


def _of_records(owner: Any) -> Iterator[Change]:
    for changed in _shorter(owner.records):
        lost = next(name for name in owner.records if name not in changed)
        yield f"records without {lost}", altered(owner, records=changed)
        may = (*owner.may_record, lost)
        yield f"records {lost} at will", altered(owner, records=changed, may_record=may)
    yield from _of_list(owner, "may_record")


def _clauses(owner: Any) -> Iterator[Change]:
    yield from _of_list(owner, "clauses")


def _shorter(items: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    for index in range(len(items)):
        yield (*items[:index], *items[index + 1 :])


def _expressions(owner: Any, field: str) -> Iterator[Change]:
    expression: Expression = getattr(owner, field)
    for other in others(expression):
        yield f"{field} {unparse(other)}", altered(owner, **{field: other})


def _settings(item: Transition, part: str, field: str, options: Sequence[str]) -> Iterator[Change]:
    """Yield the transition with each other constant for a setting of its deadline or window."""
    owner = getattr(item, part)
    setting: Setting = getattr(owner, field)
    for option in options:
        if isinstance(setting, PolicySetting) or option != setting:
            changed = altered(owner, **{field: option})
            yield f"{part} {field} {option}", altered(item, **{part: changed})


def _part(flow: Workflow, what: str) -> Any:
    """Return the part of a workflow that a change is in."""
    kind, id, *_ = (*what.split(), "")  # noqa: A001
    parts = getattr(flow, kind, ())
    return (
        next((one for one in parts if getattr(one, "id", "") == id), None)
        if isinstance(parts, tuple)
        else parts
    )


def _policies(part: Any) -> Iterator[str]:
    """Yield the policies that a part of a definition reads."""
    match part:
        case PolicySetting(policy=policy):
            yield policy
        case PolicyName(policy=policy):
            yield policy
        case tuple():
            for one in part:
                yield from _policies(one)
        case _ if attrs.has(type(part)):
            for field in attrs.fields(type(part)):
                yield from _policies(getattr(part, field.name))
        case _:
            return


def _about(flow: Workflow, what: str) -> frozenset[str]:
    """Return the ids of acts, facts and policies that a change is about."""
    words = what.split()
    about = {words[1]} if len(words) > 1 else set()
    if words[0] == "opening":
        about = {"open"}
    if words[0] == "rules":
        rule = words[1]
        about |= {item.id for item in flow.transitions if rule in item.needs}
        about |= {"open"} if rule in flow.opening.needs else set()
        about |= {
            fact.id
            for fact in flow.facts
            if fact.during is not None and unparse(fact.during) == rule
        }
    return frozenset(about | {flow.id})
