"""What nobody may do: no role is named, or nobody on the list of staff holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reformflow.binding import BoundDeadline, BoundWorkflow
from reformflow.checks.authority.staff import EVERYWHERE, Staff, firing
from reformflow.checks.readers import readers_of
from reformflow.checks.solver.tables import Writers
from reformflow.checks.subject import Subject
from reformflow.model import Fact, Finding, Severity, Text, Witness

OPENS = "nobody_opens"
FIRES = "nobody_fires"
SIGNS = "nobody_signs"
RECORDS = "nobody_records"
EXTENDS = "nobody_extends"
SUSPENDS = "nobody_suspends"


def nobody_acts(subject: Subject) -> Iterator[Finding]:
    """Yield each opening, transition, signature, extension and fact for which there is nobody."""
    opened = {duty.child for flow in subject.flows for duty in flow.duties.values()}
    staff = Staff(subject.staff)
    read = readers_of(subject.bound)
    for flow in subject.flows:
        yield from _opening(flow, staff, by_duty=flow.id in opened)
        if staff:
            yield from _transitions(flow, staff)
            writers = Writers.of(subject.bound, flow)
            for fact in flow.facts.values():
                if (flow.id, fact.id) in read and _by_hand_only(fact, writers):
                    yield from _record(flow, staff, fact)


# ---------------------------------------------------------------------------------------------


def _opening(flow: BoundWorkflow, staff: Staff, *, by_duty: bool) -> Iterator[Finding]:
    opening, path = flow.workflow.opening, f"{flow.id}.opening"
    if by_duty:
        return
    if not opening.by:
        says = Text("nobody may open a case: no role is named", "无人可以立案：没有指定角色")
        yield Finding(OPENS, Severity.ERROR, path, says, opening.clauses)
    elif staff:
        act = Text("open a case", "立案")
        yield from _missing(flow, staff, opening.by, (OPENS, f"{path}.by", act, opening.clauses))


def _transitions(flow: BoundWorkflow, staff: Staff) -> Iterator[Finding]:
    for item in flow.transitions.values():
        raw, path = item.transition, f"{flow.id}.transitions.{item.id}"
        if raw.by_itself:
            continue
        field = "by" if raw.by else "signed_by"
        act = Text(f"fire {item.id}", f"办理{item.id}")
        yield from _missing(flow, staff, firing(item), (FIRES, f"{path}.{field}", act, raw.clauses))
        for index, role in enumerate(raw.signed_by):
            act = Text(f"sign {item.id} as {role}", f"以{role}签署{item.id}")
            where = f"{path}.signed_by[{index}]"
            yield from _missing(flow, staff, (role,), (SIGNS, where, act, raw.clauses))
    for deadline in flow.deadlines.values():
        yield from _permits(flow, staff, deadline)


def _permits(flow: BoundWorkflow, staff: Staff, deadline: BoundDeadline) -> Iterator[Finding]:
    id, path = deadline.transition, f"{flow.id}.transitions.{deadline.transition}.due"  # noqa: A001
    kinds = (
        (EXTENDS, "extension", deadline.extension, Text(f"extend {id}", f"延长{id}的期限")),
        (SUSPENDS, "suspension", deadline.suspension, Text(f"suspend {id}", f"中止{id}的期限")),
    )
    for code, field, permit, act in kinds:
        if permit is not None:
            about = (code, f"{path}.{field}.by", act, permit.clauses or deadline.clauses)
            yield from _missing(flow, staff, permit.by, about)


def _by_hand_only(fact: Fact, writers: Writers) -> bool:
    """Say whether a fact has no value until somebody records it, outside of any other act."""
    otherwise = fact.derived is not None or fact.initial is not None or fact.id in writers.put
    return bool(fact.by) and not otherwise and fact.id not in writers.by_act


def _record(flow: BoundWorkflow, staff: Staff, fact: Fact) -> Iterator[Finding]:
    act = Text(f"record {fact.id}", f"登记{fact.id}")
    about = (RECORDS, f"{flow.id}.facts.{fact.id}.by", act, fact.clauses)
    yield from _missing(flow, staff, fact.by, about)


_About = tuple[str, str, Text, tuple[str, ...]]
"""Code, path, what would be done, and the clauses that ask for it."""


def _missing(
    flow: BoundWorkflow, staff: Staff, roles: Iterable[str], about: _About
) -> Iterator[Finding]:
    """Yield an error if no unit has anybody with one of some roles, a note if some units have not.

    A unit may go another way than the others, on which it does not need them.
    """
    code, path, act, clauses = about
    wanted = tuple(roles)
    units = staff.units(flow)
    without = [unit for unit in units if not staff.holding(wanted, unit)]
    if not without:
        return
    everywhere = len(without) == len(units)
    named = "" if everywhere else f" ({', '.join(without)})"
    held = ", ".join(wanted)
    yield Finding(
        code,
        Severity.ERROR if everywhere else Severity.NOTE,
        path,
        Text(
            f"nobody on the staff list can {act.en}{named}: it takes {held}",
            f"名单上无人能够{act.zh}{named}：需要{held}",
        ),
        clauses,
        Witness(
            values=tuple(("unit", unit) for unit in without if unit != EVERYWHERE and named),
            parts=wanted,
        ),
    )
