"""The course of a request: what time has brought comes first, then the decision, then its effects.

A request about a day is decided on the case as it stood at the beginning of that day, whether or
not anybody has read the clock since: silence that became consent yesterday is consent, however
late `tick` runs.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from reformflow.engine.decide import decide, in_the_future
from reformflow.engine.program import Program
from reformflow.engine.settle import settled
from reformflow.engine.tick import pass_time
from reformflow.engine.work import Work
from reformflow.model import Cases, Decision, Open, Request


def up_to(program: Program, cases: Cases, request: Request) -> Work:
    """Return the cases as they stand when the day of the request begins."""
    work = Work(cases)
    if program.timed and not in_the_future(program, request):
        for case in _concerned(program, work, request):
            pass_time(program, work, case, request.on, request.recorded_at)
    return work


def judge(program: Program, cases: Cases, request: Request) -> Decision:
    """Answer a request; if it is granted, with what time brought before, but not what follows."""
    work = up_to(program, cases, request)
    decision = decide(program, work, request)
    if not decision.granted:
        return decision
    return attrs.evolve(
        decision,
        entries=(*work.done, *decision.entries),
        opened=(*work.opened, *decision.opened),
    )


def carry_out(program: Program, cases: Cases, request: Request) -> Decision:
    """Answer a request; if it is granted, with all that comes before it and follows from it."""
    work = up_to(program, cases, request)
    decision = decide(program, work, request)
    return settled(program, work, decision) if decision.granted else decision


# ---------------------------------------------------------------------------------------------


def _concerned(program: Program, work: Work, request: Request) -> Iterator[str]:
    """Yield the case and those of its kin to which time may have brought something."""
    if isinstance(request.act, Open):
        near = [request.act.parent] if request.act.parent else []
    else:
        case = work.case(request.case)
        relations = program.plan(case.workflow).flow.relations.values()
        near = [case.parent] if case.parent else []
        near += [
            child.id
            for relation in relations
            if relation.workflow in program.timed
            for child in work.children(case.id, relation.workflow)
        ]
        near.append(case.id)
    for id in near:  # noqa: A001
        if work.exists(id) and work.case(id).workflow in program.timed:
            yield id
