"""What came of a simulation: dates kept, waiting, and where cases are held up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import ceil

import attrs

from reformflow.binding import BoundWorkflow
from reformflow.casework.simulation.running import Course


@attrs.frozen
class Outcome:
    """What came of one run.

    `kept` counts for each deadline the cases that kept it, `missed` those that were late or had
    not acted on the last day. `waited` and `worked` are days summed over all cases, by act; `ends`
    the days on which cases came to the end of their acts, and `unfinished` counts the others.
    """

    number: int
    kept: Mapping[str, int]
    missed: Mapping[str, int]
    days_late: Mapping[str, int]
    waited: Mapping[str, int]
    worked: Mapping[str, int]
    ends: tuple[date, ...]
    unfinished: int

    @classmethod
    def of(
        cls, number: int, course: Course, flow: BoundWorkflow, cases: Sequence[str]
    ) -> Outcome:  # fmt: skip
        """Sum up a run."""
        kept: dict[str, set[str]] = defaultdict(set)
        missed: dict[str, set[str]] = defaultdict(set)
        days: dict[str, int] = defaultdict(int)
        waited: dict[str, int] = defaultdict(int)
        worked: dict[str, int] = defaultdict(int)
        ends: dict[str, date] = {}
        for act in course.acts:
            waited[act.transition] += (act.begun - act.ready).days
            worked[act.transition] += (act.on - act.begun).days
            ends[act.case] = max(act.on, ends.get(act.case, act.on))
            if act.dated:
                (missed if act.late > 0 else kept)[act.transition].add(act.case)
                days[act.transition] += max(0, act.late)
        for left in course.left:
            waited[left.transition] += left.waited
            worked[left.transition] += left.worked
        unfinished = {left.case for left in course.left}
        for case, transition, late in course.open:
            missed[transition].add(case)
            days[transition] += late
        return cls(
            number,
            {name: len(kept[name] - missed[name]) for name in flow.deadlines},
            {name: len(missed[name]) for name in flow.deadlines},
            dict(days),
            dict(waited),
            dict(worked),
            tuple(sorted(ends[c] for c in cases if c in ends and c not in unfinished)),
            len(unfinished),
        )


@attrs.frozen
class Share:
    """How many of the cases keep a date: the mean over all runs, and what nine of ten runs span."""

    transition: str
    cases: float
    kept: float
    least: float
    most: float
    days_late: float


@attrs.frozen
class Held:
    """By how many days a case is held up at an act on average: waiting, and in work."""

    transition: str
    waited: float
    worked: float


@attrs.frozen
class Summary:
    """All runs together; `shares` in the order of the workflow, `held` the longest first.

    `half` and `most` are the days by which half and nine of ten cases come to their end, None if
    they do not; `unfinished` is the share of cases with acts before them on the last day.
    """

    runs: int
    shares: tuple[Share, ...]
    held: tuple[Held, ...]
    half: date | None
    most: date | None
    unfinished: float

    @property
    def bottleneck(self) -> Held | None:
        """Where cases wait longest for a free hand; None if they wait nowhere."""
        waiting = max(self.held, key=lambda one: one.waited, default=None)
        return waiting if waiting is not None and waiting.waited > 0 else None


def summed(outcomes: Iterable[Outcome], cases: int) -> Summary:
    """Sum up runs over so many cases each; the order of the runs makes no difference."""
    runs = sorted(outcomes, key=lambda one: one.number)
    names = dict.fromkeys(name for one in runs for name in (*one.waited, *one.worked))
    ends = sorted(day for one in runs for day in one.ends)
    unfinished = sum(one.unfinished for one in runs)
    total = len(ends) + unfinished
    held = [
        Held(name, _mean(runs, "waited", name) / cases, _mean(runs, "worked", name) / cases)
        for name in names
    ]
    return Summary(
        len(runs),
        tuple(_share(runs, name) for name in (runs[0].kept if runs else ())),
        tuple(sorted(held, key=lambda one: -(one.waited + one.worked))),
        _nth(ends, 0.5, total),
        _nth(ends, 0.9, total),
        unfinished / total if total else 0.0,
    )


# ---------------------------------------------------------------------------------------------


def _mean(runs: Sequence[Outcome], field: str, name: str) -> float:
    total: int = sum(getattr(one, field).get(name, 0) for one in runs)
    return total / len(runs)


def _share(runs: Sequence[Outcome], name: str) -> Share:
    shares = sorted(
        one.kept[name] / (one.kept[name] + one.missed[name])
        for one in runs
        if one.kept[name] + one.missed[name]
    )
    judged = sum(one.kept[name] + one.missed[name] for one in runs) / len(runs)
    late = sum(one.days_late.get(name, 0) for one in runs)
    missed = sum(one.missed[name] for one in runs)
    if not shares:
        return Share(name, 0.0, 0.0, 0.0, 0.0, 0.0)
    return Share(
        name,
        judged,
        sum(shares) / len(shares),
        shares[round(0.05 * (len(shares) - 1))],
        shares[round(0.95 * (len(shares) - 1))],
        late / missed if missed else 0.0,
    )


def _nth(days: Sequence[date], share: float, total: int) -> date | None:
    """Return the day by which a share of so many cases has ended; those not in `days` have not."""
    number = ceil(share * total)
    return days[number - 1] if 0 < number <= len(days) else None
