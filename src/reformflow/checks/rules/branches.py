"""Branches that are never taken: what leads to them is false, or an earlier branch goes first."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.checks.acts import Act, conjunction
from reformflow.checks.rules.options import elsewise, policies_of, policies_read
from reformflow.checks.solver import Demand
from reformflow.checks.subject import Subject
from reformflow.language.reading import columns_read
from reformflow.model import Expression, Finding, Not, Severity, Text, Witness

CODE = "branch_never_taken"


def branches_never_taken(subject: Subject) -> Iterator[Finding]:
    """Yield each branch that no case takes, whatever policies say, where it can take another."""
    for flow in subject.flows:
        for act in subject.acts[flow.id]:
            if act.transition is None or len(act.transition.to) <= 1:
                continue
            taken = _taken(subject, act)
            missing = [index for index in range(len(act.transition.to)) if index not in taken]
            if taken and missing:
                for other in elsewise(subject, _policies(act)):
                    for same in other.acts[flow.id]:
                        if same.id == act.id:
                            taken |= _taken(other, same)
                yield from (_finding(act, index) for index in missing if index not in taken)


# ---------------------------------------------------------------------------------------------


def _taken(subject: Subject, act: Act) -> set[int]:
    """Return which branches some case may take."""
    solver, bound = subject.solvers[act.flow.id], act.transition
    before: list[Expression] = []
    found: set[int] = set()
    demands = [*act.given, *(ground.demand for ground in act.grounds)]
    for index, (_, when) in enumerate(bound.to if bound else ()):
        way = conjunction(before if when is None else [*before, when])
        if not solver.excludes([*demands, Demand("", way)]):
            found.add(index)
        before += [] if when is None else [Not(when)]
    return found


def _policies(act: Act) -> tuple[str, ...]:
    """Return the policies that decide between the branches of a transition, or whether it fires."""
    if act.transition is None:
        return ()
    written = act.transition.transition
    whens = [branch.when for branch in written.to if branch.when is not None]
    read = [policy for when in whens for policy in policies_read(when)]
    named = [name for when in whens for name in _names(when)]
    return (*read, *policies_of(act.flow, [*written.needs, *named]))


def _names(expression: Expression) -> Iterator[str]:
    yield from (name.column for name in columns_read(expression))


def _finding(act: Act, index: int) -> Finding:
    assert act.transition is not None  # noqa: S101 - an opening has no branches
    state = act.transition.to[index][0]
    says = Text(
        f"{act.says.en} never leads to {state} by this branch",
        f"{act.says.zh}不会经由此分支到达{state}",
    )
    path = f"{act.path}.to[{index}]"
    return Finding(CODE, Severity.WARNING, path, says, act.clauses, Witness(parts=(act.id, state)))
