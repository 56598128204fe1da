"""Rules that make no difference: every case meets them, or other rules say as much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reformflow.binding import BoundWorkflow
from reformflow.checks.acts import Act, Ground
from reformflow.checks.rules.asking import denied
from reformflow.checks.rules.options import elsewise, policies_of
from reformflow.checks.solver import Demand, Truth
from reformflow.checks.subject import Subject
from reformflow.model import Expression, Finding, Severity, Text, Witness

ALWAYS = "rule_always_true"
UNBROKEN = "rule_never_broken"
IMPLIED = "rule_implied"


def rules_always_true(subject: Subject) -> Iterator[Finding]:
    """Yield each rule that acts need and that no case can fail, whatever options are chosen."""
    for flow in subject.flows:
        needing = [(act, ground) for act in subject.acts[flow.id] for ground in act.rules]
        for rule in dict.fromkeys(ground.part for _, ground in needing):
            code = _idle(subject, flow.id, rule)
            others = elsewise(subject, policies_of(flow, [rule]))
            if code and all(_idle(other, flow.id, rule) for other in others):
                yield _finding(flow, rule, code)


def rules_implied(subject: Subject) -> Iterator[Finding]:
    """Yield each rule of an act that is true wherever other rules of the act are."""
    for flow in subject.flows:
        for act in subject.acts[flow.id]:
            left = list(act.rules)
            for ground in reversed(act.rules):
                rest = [one for one in left if one is not ground]
                by = _implying(subject, act, ground, rest)
                if by and _whatever_options(subject, act, ground, by):
                    left = rest
                    yield _implied(act, ground, by)


# ---------------------------------------------------------------------------------------------


def _idle(subject: Subject, flow: str, rule: str) -> str:
    """Return what is to be said of a rule that refuses nothing known, "" of one that does."""
    bound = subject.bound.workflows[flow]
    expression = bound.rules[rule].expression
    if subject.solvers[flow].excludes([Demand("", expression)]):
        return ""  # no case meets it either: that is told of it
    if _impossible(subject, bound, rule, denied("", expression)):
        return ALWAYS
    broken = Demand("", expression, Truth.FALSE)
    if subject.declared[flow].excludes([broken]):
        return UNBROKEN
    return ""


def _impossible(subject: Subject, flow: BoundWorkflow, rule: str, demand: Demand) -> bool:
    """Say whether no act that needs a rule can come upon it like this, in whatever state."""
    solver = subject.solvers[flow.id]
    if solver.excludes([demand]):
        return True
    needing = [act for act in subject.acts[flow.id] if rule in {one.part for one in act.rules}]
    return bool(needing) and all(
        act.days and solver.excludes([*act.days, demand]) for act in needing
    )


def _implying(
    subject: Subject, act: Act, ground: Ground, others: Sequence[Ground]
) -> tuple[Ground, ...]:
    """Return the fewest rules that imply one; none if they do not, or hold nowhere."""
    solver = subject.solvers[act.flow.id]
    demands = [one.demand for one in others]
    answer = solver.ask([*act.given, *demands, denied("", ground.demand.expression)], plain=False)
    if not answer.impossible or not answer.core:
        return ()
    by = tuple(one for one in others if one.path in answer.core)
    if solver.excludes([*act.given, *(one.demand for one in by)]):
        return ()
    return by


def _whatever_options(subject: Subject, act: Act, ground: Ground, by: Sequence[Ground]) -> bool:
    """Say whether the rule is implied under the other options of the policies in play, too."""
    rules = [ground.part, *(one.part for one in by)]
    for other in elsewise(subject, policies_of(act.flow, rules)):
        flow = other.bound.workflows[act.flow.id]
        for same in other.acts[flow.id]:
            if same.id == act.id and not _still(other, same, rules):
                return False
    return True


def _still(subject: Subject, act: Act, rules: Sequence[str]) -> bool:
    solver = subject.solvers[act.flow.id]
    first, *rest = (_expression(act.flow, rule) for rule in rules)
    demands = [Demand("", expression) for expression in rest]
    return solver.excludes([*act.given, *demands, denied("", first)])


def _expression(flow: BoundWorkflow, rule: str) -> Expression:
    return flow.rules[rule].expression


def _finding(flow: BoundWorkflow, rule: str, code: str) -> Finding:
    if code == ALWAYS:
        says = Text(f"every case meets the rule {rule}", f"任何案件都满足规则{rule}")
    else:
        says = Text(
            f"no case can break the rule {rule}: it only asks that its facts are recorded",
            f"任何案件都不会违反规则{rule}：它只要求所涉事实已登记",
        )
    clauses = flow.rules[rule].clauses
    witness = Witness(parts=(rule,))
    return Finding(code, Severity.WARNING, f"{flow.id}.rules.{rule}", says, clauses, witness)


def _implied(act: Act, ground: Ground, by: Sequence[Ground]) -> Finding:
    named = [one.part for one in by]
    says = Text(
        f"{act.says.en} needs the rule {ground.part}, which {' and '.join(named)} "
        f"already {'implies' if len(named) == 1 else 'imply'}",
        f"{act.says.zh}所需的规则{ground.part}已由{'、'.join(named)}包含",
    )
    clauses = tuple(dict.fromkeys(c for one in (ground, *by) for c in one.clauses))
    witness = Witness(parts=(ground.part, *named))
    return Finding(IMPLIED, Severity.NOTE, ground.path, says, clauses, witness)
