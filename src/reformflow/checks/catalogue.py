"""The checks, in the order in which they are run, and running them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import Final

import attrs

from reformflow.binding import BoundReform, bind
from reformflow.checks.authority.nobody import nobody_acts
from reformflow.checks.authority.offices import offices_without_right, unused_roles
from reformflow.checks.authority.separation import duties_not_separable
from reformflow.checks.clauses.enforced import clauses_not_enforced, clauses_out_of_reach
from reformflow.checks.clauses.reasons import rules_without_clause, standings_without_reason
from reformflow.checks.dates.calendar import dates_on_calendar, years_to_come
from reformflow.checks.dates.clashes import clashing_dates
from reformflow.checks.dates.effect import dates_before_effect, rules_before_effect
from reformflow.checks.dates.order import deadlines_out_of_order
from reformflow.checks.dates.overdue import firing_at_once
from reformflow.checks.dates.unknown import dates_never_known
from reformflow.checks.policies import Options
from reformflow.checks.policies.unused import policies_unused
from reformflow.checks.problems import no_calendar, not_bound
from reformflow.checks.rules.branches import branches_never_taken
from reformflow.checks.rules.contradictions import rules_exclude_each_other, rules_never_true
from reformflow.checks.rules.duties import duties_never_opening
from reformflow.checks.rules.facts import facts_never_recorded
from reformflow.checks.rules.idle import rules_always_true, rules_implied
from reformflow.checks.rules.order import facts_needed_too_soon
from reformflow.checks.rules.rivals import automatic_at_once
from reformflow.checks.rules.unused import rules_unused
from reformflow.checks.structure.blocking import blocked_tracks
from reformflow.checks.structure.closing import states_closing
from reformflow.checks.structure.kin import waiting_with_children
from reformflow.checks.structure.limits import too_large_to_search
from reformflow.checks.structure.never import never_firing
from reformflow.checks.structure.opening import never_opens
from reformflow.checks.structure.traps import traps
from reformflow.checks.structure.unreachable import unreachable_states
from reformflow.checks.subject import Subject
from reformflow.errors import CalendarError, DefinitionError, Place
from reformflow.model import Actor, Finding, Reform

Check = Callable[[Subject], Iterable[Finding]]
"""A check yields what it finds; it raises nothing but CalendarError, for dates without data."""

QUICK: Final[tuple[Check, ...]] = (clauses_not_enforced,)
"""What loading and binding already tell: needs no extra."""

STRUCTURE: Final[tuple[Check, ...]] = (
    never_opens,
    unreachable_states,
    never_firing,
    traps,
    blocked_tracks,
    too_large_to_search,
)
"""Of what can be reached, left, begun and waited for."""

IMPOSSIBLE: Final[tuple[Check, ...]] = (
    rules_never_true,
    duties_never_opening,
    rules_exclude_each_other,
    facts_never_recorded,
    facts_needed_too_soon,
)

RULES: Final[tuple[Check, ...]] = (
    *IMPOSSIBLE,
    automatic_at_once,
    rules_always_true,
    rules_implied,
    rules_unused,
    branches_never_taken,
)
"""Of rules: needs the extra `checks`. The last four look at all options of policies at once."""

DATES: Final[tuple[Check, ...]] = (
    dates_before_effect,
    rules_before_effect,
    clashing_dates,
    deadlines_out_of_order,
    firing_at_once,
    dates_never_known,
    dates_on_calendar,
    years_to_come,
)
"""Of dates: needs no extra."""

AUTHORITY: Final[tuple[Check, ...]] = (
    nobody_acts,
    duties_not_separable,
    offices_without_right,
    unused_roles,
)
"""Of who may act: needs no extra without a list of staff."""

CLAUSES: Final[tuple[Check, ...]] = (
    *QUICK,
    clauses_out_of_reach,
    standings_without_reason,
    rules_without_clause,
)
"""Of clauses, and of what they rest on."""

POLICIES: Final[tuple[Check, ...]] = (
    policies_unused,
    Options((*STRUCTURE, *IMPOSSIBLE, automatic_at_once, *DATES, *AUTHORITY)),
)
"""What is found of policies, and under other options only; clauses are accounted for as chosen."""

CHECKS: Final[tuple[Check, ...]] = (
    *STRUCTURE,
    waiting_with_children,
    states_closing,
    *RULES,
    *DATES,
    *AUTHORITY,
    *CLAUSES,
    *POLICIES,
)
"""All of them."""


def check(
    reform: Reform | BoundReform,
    *,
    checks: Iterable[Check] = CHECKS,
    staff: Iterable[Actor] = (),
    place: Callable[[str], Place] = lambda path: Place(field=path),
    executor: Executor | None = None,
) -> tuple[Finding, ...]:
    """Return what the checks find in a reform; a bad one is reported, never raised.

    `place` tells where a part stands in the files (`formats.places`). A reform whose names or
    types do not hold up has these problems as its findings, and no others: further checks would
    only repeat them. With `staff` it is also checked whether these people can do it all.
    MissingExtra without the extra `checks`.
    """
    found = dict.fromkeys(_found(reform, checks, staff, executor))
    return tuple(attrs.evolve(finding, place=place(finding.path)) for finding in found)


# ---------------------------------------------------------------------------------------------


def _found(
    reform: Reform | BoundReform,
    checks: Iterable[Check],
    staff: Iterable[Actor],
    executor: Executor | None,
) -> Iterator[Finding]:
    try:
        bound = bind(reform) if isinstance(reform, Reform) else reform
        subject = Subject.of(bound, staff=staff, executor=executor)
    except DefinitionError as error:
        yield from map(not_bound, error.problems)
        return
    except CalendarError as error:
        yield no_calendar(error)
        return
    for one in checks:
        try:
            yield from one(subject)
        except CalendarError as error:
            yield no_calendar(error)
