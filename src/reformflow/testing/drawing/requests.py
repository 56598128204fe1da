"""Requests drawn by lot for the cases of any reform: sensible, careless and hostile ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from datetime import date, timedelta
from typing import Final

from reformflow.binding import BoundDeadline, BoundReform, BoundTransition, BoundWorkflow
from reformflow.engine import Docket
from reformflow.engine.authority import firing_roles
from reformflow.model import (
    Act,
    Actor,
    Case,
    Correct,
    Decision,
    Extend,
    Fire,
    Open,
    Record,
    Request,
    Resume,
    Sign,
    Suspend,
)
from reformflow.testing.drawing.days import Days
from reformflow.testing.drawing.lots import Lot
from reformflow.testing.drawing.people import UNITS, people
from reformflow.testing.drawing.values import TEXTS, Values

KINDS: Final = ("fire", "record", "open", "sign", "extend", "suspend", "resume", "correct")
"""What can be asked, by the words of ledgers."""

_SHARES: Final = (
    *("fire",) * 12,
    *("record",) * 8,
    *("open",) * 5,
    *("sign", "sign", "extend", "suspend", "resume", "resume", "correct"),
)
_REASONS: Final = ("because", "因故𠮷", None)
_BACK: Final = (0,) * 14 + (1, 20)
_UNTIL: Final = (10, 30, 1, 60, 0, -5)

Roles = Sequence[str]


class Requests:
    """Draws requests from `lot` about cases as they are on the day `today`; both may be set anew.

    `prefix` begins the id of every case that is opened; `texts` are some that facts may hold.
    """

    def __init__(
        self,
        bound: BoundReform,
        lot: Lot,
        today: date,
        *,
        prefix: str = "",
        texts: Sequence[str] = TEXTS,
    ) -> None:
        """Draw requests about cases of a reform."""
        self.lot = lot
        self.today = today
        self._flows = bound.workflows
        self._days = Days(bound)
        self._prefix = prefix
        self._texts = texts
        self._values = Values(bound, texts)
        self._people = people(bound)
        self._holders: dict[tuple[str, ...], tuple[Actor, ...]] = {}
        self._kinds = {name: frozenset(_kinds(flow)) for name, flow in self._flows.items()}
        self._missing: tuple[str, tuple[str, ...]] = ("", ())
        self._made = 0

    def again(self, today: date, *, prefix: str = "") -> Requests:
        """Return requests about new cases of the same reform, without reading it once more."""
        made = copy(self)
        made.lot, made.today = Lot(b""), today
        made.__dict__ |= {"_prefix": prefix, "_made": 0, "_missing": ("", ())}
        return made

    def wait(self, cases: Docket) -> None:
        """Let time go on to a day that is drawn: today or later, rather beside a date."""
        ids = cases.ids()
        near = cases.case(self.lot.pick(ids)) if ids else None
        self.today = self._days.next(self.today, near, self.lot)

    def beside_a_date(self, cases: Docket) -> Request:
        """Let time go on to the day before, of or after a date, and ask for what has to keep it."""
        if not cases.ids():
            return self._opening(cases)
        case = self._case(cases, "fire")
        flow = self._flows[case.workflow]
        dated = [
            (item, day)
            for item in flow.transitions.values()
            for column in (f"{item.id}.{part}" for part in ("due", "opens", "closes", "at"))
            if isinstance(day := case.values.get(column), date) and day >= self.today
        ]
        if not dated:
            return self._about(cases, case, "fire")
        bound, day = self.lot.pick(dated)
        self.today = max(self.today, day + timedelta(days=self.lot.pick((1, 0, -1))))
        return self._firing(flow, case, bound)

    def request(self, cases: Docket, kind: str | None = None) -> Request:
        """Draw a request, of one of `KINDS` if it is named; most are about cases that there are."""
        ids, lot = cases.ids(), self.lot
        asked = kind or lot.pick(_SHARES)
        if not ids or asked == "open":
            return self._opening(cases)
        name, missing = self._missing
        if missing and kind is None and lot.chance(0.6):
            flow = self._flows[cases.case(name).workflow]
            return self._recording(flow, cases.case(name), missing)
        return self._about(cases, self._case(cases, asked), asked)

    def listen(self, cases: Docket, decision: Decision) -> None:
        """Remember which facts a refusal asks for: the next request may well record them."""
        self._missing = ("", ())
        if decision.refusals and cases.exists(decision.case):
            facts = self._flows[cases.case(decision.case).workflow].facts
            columns = [c for r in decision.refusals for c in (*r.missing, *dict(r.values))]
            names = [c for c in dict.fromkeys(columns) if c in facts and facts[c].by]
            self._missing = (decision.case, tuple(names))

    # -----------------------------------------------------------------------------------------

    def _case(self, cases: Docket, kind: str) -> Case:
        """Draw a case, mostly one of a workflow that knows such requests, the newest first."""
        grouped: dict[str, list[Case]] = {}
        for case in map(cases.case, reversed(cases.ids())):
            grouped.setdefault(case.workflow, []).append(case)
        able = [one for name, one in grouped.items() if kind in self._kinds[name]]
        return self.lot.pick(
            self.lot.pick(able if able and not self.lot.chance(0.1) else list(grouped.values()))
        )

    def _opening(self, cases: Docket) -> Request:
        lot = self.lot
        flow = lot.pick(list(self._flows.values()))
        above = [id for id in cases.ids() if cases.case(id).workflow == flow.parent]  # noqa: A001
        parent = None
        if above and not lot.chance(0.05):
            parent = lot.pick(above)
        unit = cases.case(parent).unit if parent and not lot.chance(0.1) else lot.pick(UNITS)
        opening = flow.workflow.opening
        names = [name for name in opening.records if not lot.chance(0.05)]
        names += [name for name in opening.may_record if lot.chance(0.5)]
        facts = self._values.some(flow, names, self.today, lot)
        subject = lot.pick(self._texts) if lot.chance(0.2) else ""
        act = Open(flow.id, unit, subject, parent, facts)
        case = self._name(flow, cases)
        return self._sent(case, unit, act, opening.by)

    def _name(self, flow: BoundWorkflow, cases: Docket) -> str:
        """Return the id of a new case; now and then that of one that there is already."""
        while True:
            self._made += 1
            name = f"{self._prefix}{flow.id}-{self._made}"
            if not cases.exists(name):
                break
        return self.lot.pick(cases.ids()) if cases.ids() and self.lot.chance(0.02) else name

    def _about(self, cases: Docket, case: Case, kind: str) -> Request:
        flow, lot = self._flows[case.workflow], self.lot
        if kind == "record":
            names = [name for name, fact in flow.facts.items() if fact.by or lot.chance(0.02)]
            return self._recording(flow, case, lot.some(names, 3) if names else ())
        if kind == "correct":
            act: Act = self._correction(flow, case, cases)
            return self._sent(case.id, case.unit, act, flow.workflow.corrected_by)
        if kind in {"extend", "suspend", "resume"}:
            return self._about_a_deadline(flow, case, kind)
        near = [
            item
            for item in flow.transitions.values()
            if case.values[f"{item.track}.state"] in item.source
        ]
        by_hand = [item for item in near if not item.transition.by_itself]
        if kind == "sign":
            by_hand = [item for item in by_hand if item.transition.signed_by] or by_hand
        every = list(flow.transitions.values())
        if not every:
            return self._recording(flow, case, tuple(flow.facts)[:1])
        bound = lot.pick(by_hand if by_hand and not lot.chance(0.1) else every)
        if kind == "sign":
            return self._sent(case.id, case.unit, Sign(bound.id), firing_roles(bound))
        return self._firing(flow, case, bound)

    def _firing(self, flow: BoundWorkflow, case: Case, bound: BoundTransition) -> Request:
        transition, lot = bound.transition, self.lot
        names = [name for name in transition.records if not lot.chance(0.05)]
        names += [name for name in transition.may_record if lot.chance(0.5)]
        facts = self._values.some(flow, names, self.today, lot)
        return self._sent(case.id, case.unit, Fire(bound.id, facts), firing_roles(bound))

    def _about_a_deadline(self, flow: BoundWorkflow, case: Case, kind: str) -> Request:
        able = {id: item for id, item in flow.deadlines.items() if _able(item, case, kind)}  # noqa: A001
        known = able or flow.deadlines
        name = self.lot.pick(list(known) or list(flow.transitions) or [flow.id])
        deadline = known.get(name)
        if kind == "extend":
            permit = deadline.extension if deadline else None
            until = self.today + timedelta(days=self.lot.pick(_UNTIL))
            act: Act = Extend(name, until)
        else:
            permit = deadline.suspension if deadline else None
            act = Suspend(name) if kind == "suspend" else Resume(name)
        return self._sent(case.id, case.unit, act, permit.by if permit else ())

    def _recording(self, flow: BoundWorkflow, case: Case, names: Sequence[str]) -> Request:
        facts = self._values.some(flow, names, self.today, self.lot)
        roles = flow.facts[names[0]].by if names else ()
        return self._sent(case.id, case.unit, Record(facts), roles)

    def _correction(self, flow: BoundWorkflow, case: Case, cases: Docket) -> Correct:
        lot = self.lot
        entry = case.revision - lot.number(case.revision)
        if lot.chance(0.5):
            return Correct(entry, void=True)
        changed = cases.entries(case.id)[entry - 1].changes
        names = [name for name in changed if name in flow.facts]
        return Correct(entry, self._values.some(flow, names, self.today, lot))

    def _sent(self, case: str, unit: str, act: Act, roles: Roles) -> Request:
        lot = self.lot
        on = self.today - timedelta(days=lot.pick(_BACK))
        name = f"no {case}" if lot.chance(0.01) else case
        return Request(name, act, self._actor(unit, roles), on, lot.pick(_REASONS))

    def _actor(self, unit: str, roles: Roles) -> Actor:
        """Draw somebody: mostly one who holds one of the roles for a unit."""
        key = (unit, *roles)
        if key not in self._holders:
            mine = tuple(actor for actor in self._people if actor.holds_any(roles, unit))
            self._holders[key] = mine or self._people
        return self.lot.pick(self._people if self.lot.chance(0.08) else self._holders[key])


# ---------------------------------------------------------------------------------------------


def _kinds(flow: BoundWorkflow) -> Iterator[str]:
    """Yield the kinds of requests that may be granted for cases of a workflow."""
    steps = [item.transition for item in flow.transitions.values()]
    deadlines = flow.deadlines.values()
    told = {
        "fire": any(not step.by_itself for step in steps),
        "record": any(fact.by for fact in flow.facts.values()),
        "sign": any(step.signed_by for step in steps),
        "extend": any(deadline.extension for deadline in deadlines),
        "suspend": any(deadline.suspension for deadline in deadlines),
        "resume": any(deadline.suspension for deadline in deadlines),
        "correct": bool(flow.workflow.corrected_by),
    }
    yield from (kind for kind, known in told.items() if known)


def _able(deadline: BoundDeadline, case: Case, kind: str) -> bool:
    """Say whether a deadline could be extended, suspended or resumed."""
    if kind == "extend":
        return deadline.extension is not None
    paused = case.values.get(deadline.paused) is not None
    return deadline.suspension is not None and paused is (kind == "resume")
