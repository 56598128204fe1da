"""Acts that no case can come to: a rule that is never true, or parts that exclude each other."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.binding import BoundWorkflow
from reformflow.checks.acts import Act, Ground
from reformflow.checks.rules.asking import conjuncts, standing
from reformflow.checks.rules.options import elsewise, policies_of
from reformflow.checks.solver import Demand, Solver
from reformflow.checks.subject import Subject
from reformflow.language.folding import FALSE
from reformflow.language.unparse import unparse
from reformflow.model import Expression, Finding, Severity, Text, Witness

NEVER = "rule_never_true"
EXCLUDE = "rules_exclude_each_other"


def rules_never_true(subject: Subject) -> Iterator[Finding]:
    """Yield each rule that no case can meet, at all or where a transition needs it."""
    for flow in subject.flows:
        solver = subject.solvers[flow.id]
        told: set[str] = set()
        for act in subject.acts[flow.id]:
            for ground in act.rules:
                if ground.part not in told:
                    found = _never(subject, flow, solver, act, ground)
                    if found is not None:
                        yield found
                        if found.path == f"{flow.id}.rules.{ground.part}":
                            told.add(ground.part)


def rules_exclude_each_other(subject: Subject) -> Iterator[Finding]:
    """Yield the parts of an act that can each be met, but not together: as few as show it."""
    for flow in subject.flows:
        solver = subject.solvers[flow.id]
        for act in subject.acts[flow.id]:
            left = [ground for ground in act.grounds if _alone(solver, act, ground)]
            while left and (core := _core(solver, act, left)):
                parts = [ground for ground in left if ground.path in core]
                if len(parts) > 1 and any(ground.rule or ground.part == "to" for ground in parts):
                    yield _excluding(act, parts)
                left = [ground for ground in left if ground.path not in core]


# ---------------------------------------------------------------------------------------------


def _alone(solver: Solver, act: Act, ground: Ground) -> bool:
    return not solver.excludes([*act.given, ground.demand])


def _core(solver: Solver, act: Act, grounds: list[Ground]) -> tuple[str, ...]:
    return solver.ask([*act.given, *(ground.demand for ground in grounds)], plain=False).core


def _never(
    subject: Subject, flow: BoundWorkflow, solver: Solver, act: Act, ground: Ground
) -> Finding | None:
    assert ground.rule is not None  # noqa: S101 - rules only are asked about
    required, days = standing(flow, ground.rule)
    if days and required == FALSE:
        return None  # a prohibition for some time
    given = (*act.given, *days)
    if not solver.excludes([*given, Demand(ground.part, required)]):
        return None
    if solver.excludes(days) and days:
        return None  # it is never in force
    if required == FALSE and _switched(subject, flow, ground.part):
        return None
    everywhere = solver.excludes([*days, Demand(ground.part, required)])
    where = (
        Text() if everywhere else Text(f" when {act.says.en} is decided", f"（{act.says.zh}时）")
    )
    return Finding(
        NEVER,
        Severity.ERROR,
        f"{flow.id}.rules.{ground.part}" if everywhere else ground.path,
        Text(
            f"no case can meet the rule {ground.part}{where.en}",
            f"任何案件都无法满足规则{ground.part}{where.zh}",
        ),
        ground.clauses,
        Witness(parts=_parts(solver, days if everywhere else given, ground.part, required)),
    )


def _switched(subject: Subject, flow: BoundWorkflow, rule: str) -> bool:
    """Say whether a rule is false because of a policy that has an option under which it is not."""
    return any(
        other.bound.workflows[flow.id].rules[rule].expression != FALSE
        for other in elsewise(subject, policies_of(flow, [rule]))
    )


def _parts(
    solver: Solver, given: tuple[Demand, ...], rule: str, required: Expression
) -> tuple[str, ...]:
    """Return the parts of a rule that exclude each other, or its id."""
    demands = [Demand(unparse(part), part) for part in conjuncts(required)]
    core = solver.ask([*given, *demands]).core
    return core if len(core) > 1 else (rule,)


def _excluding(act: Act, parts: list[Ground]) -> Finding:
    named = [ground.part for ground in parts]
    en, zh = " and ".join(named), "、".join(named)
    clauses = tuple(dict.fromkeys(clause for ground in parts for clause in ground.clauses))
    says = Text(
        f"no case can meet all that {act.says.en} asks: {en} exclude each other",
        f"任何案件都无法同时满足{act.says.zh}的要求：{zh}互相排斥",
    )
    return Finding(EXCLUDE, Severity.ERROR, act.path, says, clauses, Witness(parts=tuple(named)))
