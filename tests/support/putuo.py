"""Checks of the Putuo reform as data: an act in a state of the legal way, and its answer.

A check can be run against any value of the reform: the shipped one, one under other policy
options, or one from which a rule, a date or a role was taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache

import attrs

from reformflow.engine import Engine
from reformflow.errors import RequestError
from reformflow.formats import load
from reformflow.model import (
    Act,
    Actor,
    Case,
    Code,
    Correct,
    Decision,
    Entry,
    Fire,
    Grant,
    Open,
    Record,
    Reform,
    Refusal,
    Request,
    Sign,
    Value,
)
from support.engines import Workshop
from support.putuo_path import STEPS, Step, day, way_to
from support.repository import WORKFLOWS

UNIT = "d"
OWN_UNIT = frozenset({"department", "dept_head", "dept_deputy", "approval_section"})
"""The roles that are held for one department; all others act for the whole district."""
EVERYWHERE = frozenset({
    "district_government", "gov_office", "staffing_office", "service_centre", "offices_admin",
    "deputy_head_in_charge",
})  # fmt: skip
ROLES = OWN_UNIT | EVERYWHERE
PARENTS = {"department": "p", "matter": "d", "secondment": "d"}

DAY_OFF = "day_off"
"""Given among the policy options: a day that the calendar then takes for a day off."""

IMPOSSIBLE = ("impossible",)
"""The answer to an act that does not exist, or that does not record the facts given with it."""

Choices = tuple[tuple[str, str], ...]


class Blocked(AssertionError):
    """An act that has to be granted for a check to begin was refused."""


@attrs.frozen
class Moment:
    """The cases as they are at one point of the way; acting on them makes another moment."""

    cases: Mapping[str, Case] = attrs.field(factory=dict)
    history: Mapping[str, tuple[Entry, ...]] = attrs.field(factory=dict)

    def case(self, id: str) -> Case:  # noqa: A002
        """Return a case."""
        return self.cases[id]

    def exists(self, id: str) -> bool:  # noqa: A002
        """Say whether there is such a case."""
        return id in self.cases

    def children(self, id: str, workflow: str) -> list[Case]:  # noqa: A002
        """Return the child cases of one workflow."""
        return [c for c in self.cases.values() if (c.parent, c.workflow) == (id, workflow)]

    def entries(self, id: str) -> tuple[Entry, ...]:  # noqa: A002
        """Return the history of a case."""
        return self.history.get(id, ())

    def after(self, decision: Decision) -> Moment:
        """Return the moment after a granted decision."""
        cases, history = dict(self.cases), dict(self.history)
        for case in decision.opened:
            cases[case.id] = case
        for entry in decision.entries:
            cases[entry.case] = cases[entry.case].after(entry)
            history[entry.case] = (*history.get(entry.case, ()), entry)
        return Moment(cases, history)

    def pretending(self, case: str, **values: Value) -> Moment:
        """Return this moment with columns of a case as they are not; `__` stands for a dot."""
        was = self.cases[case]
        changed = {name.replace("__", "."): value for name, value in values.items()}
        now = attrs.evolve(was, values={**was.values, **changed})
        return attrs.evolve(self, cases={**self.cases, case: now})


class Town:
    """One value of the reform, with the moments its legal way passes through."""

    def __init__(self, reform: Reform) -> None:
        self.reform = reform
        self._engines: dict[Choices, Engine] = {}
        self._moments: dict[tuple[Choices, tuple[Step, ...]], Moment] = {}

    def engine(self, choices: Choices = ()) -> Engine:
        """Return the engine under some policy options."""
        if choices not in self._engines:
            chosen = dict(choices)
            off = day(chosen.pop(DAY_OFF)) if DAY_OFF in chosen else None
            reform = self.reform.choosing(**chosen)
            if off is not None:
                calendar = attrs.evolve(reform.calendar, days_off=(off,))
                reform = attrs.evolve(reform, calendar=calendar)
            self._engines[choices] = _workshop().engine(reform)
        return self._engines[choices]

    def moment(self, steps: tuple[Step, ...], choices: Choices = ()) -> Moment:
        """Return the moment after some acts; Blocked if one of them is refused."""
        if not steps:
            return Moment()
        key = (choices, steps)
        if key not in self._moments:
            before = self.moment(steps[:-1], choices)
            decision = self.ask(before, steps[-1], choices)
            if not decision.granted:
                raise Blocked(f"{steps[-1].id}: {sorted(map(written, decision.refusals))}")
            self._moments[key] = before.after(decision)
        return self._moments[key]

    def before(self, step: str) -> Moment:
        """Return the moment just before an act of the way."""
        return self.moment(way_to(step))

    def ask(
        self, moment: Moment, step: Step, choices: Choices = (), at: datetime | None = None
    ) -> Decision:
        """Ask for an act."""
        request = Request(
            step.case, act_of(step), actor(step.by), step.on, reason=step.reason, recorded_at=at
        )
        return self.engine(choices).fire(moment, request)


@cache
def shipped() -> Reform:
    """Return the reform as it is shipped."""
    return load(WORKFLOWS / "putuo-2021-9")


@cache
def shipped_town() -> Town:
    """Return the shipped reform with the moments its legal way passes through."""
    return Town(shipped())


def actor(written_as: str) -> Actor:
    """Return the actor written `role+role:person`, or `role@unit` for another unit."""
    roles, _, person = written_as.partition(":")
    roles, _, unit = roles.partition("@")
    grants = frozenset(
        Grant(role, (unit or UNIT) if role in OWN_UNIT else None)
        for role in roles.split("+")
        if role
    )
    return Actor(person or written_as, grants)


def act_of(step: Step) -> Act:
    """Return the act that a step asks for."""
    facts = {name: value for name, value in step.facts if value is not None}
    match step.kind:
        case "open":
            parent = PARENTS.get(step.name)
            return Open(step.name, UNIT if parent else "", step.case, parent, facts)
        case "fire":
            return Fire(step.name, facts)
        case "sign":
            return Sign(step.name)
        case "correct":
            return Correct(int(step.name), facts)
        case "clear":
            return Record(dict(step.facts))
        case kind:
            assert kind == "record", step
            return Record(facts)


def written(refusal: Refusal) -> str:
    """Write a refusal as checks do: code, subject, clauses."""
    clauses = " ".join(refusal.clauses)
    match refusal.code:
        case Code.RULE_BROKEN:
            return f"{refusal.subject} {clauses}".strip()
        case Code.NOT_RECORDED:
            return f"?{refusal.subject} {clauses}".strip()
        case code:
            return f"{code}:{refusal.subject} {clauses}".strip()


@attrs.frozen
class Check:
    """An act of the way, with some facts changed, and what has to come of it.

    `given` changes facts (`d.posts_after`; None: never recorded), days (`station@on`), reasons
    (`station@reason`) and actors (`station@by`), and adds facts to an act (`accept:note`).
    `also` holds acts inserted before acts of the way. `refusals`
    are all that must be given, None if the act must be granted; `late` the marks of lateness,
    `then` columns afterwards.
    """

    step: str
    given: Mapping[str, Value | str] = attrs.field(factory=dict)
    refusals: tuple[str, ...] | None = None
    also: Mapping[str, tuple[Step, ...]] = attrs.field(factory=dict)
    skip: tuple[str, ...] = ()
    choices: Choices = ()
    late: tuple[str, ...] = ()
    then: Mapping[str, Value] = attrs.field(factory=dict)
    at: datetime | None = None

    @property
    def name(self) -> str:
        """What it is called in a report."""
        told = [f"{key}={value}" for key, value in self.given.items()]
        told += [f"with {step.id}" for steps in self.also.values() for step in steps]
        told += [f"without {step}" for step in self.skip]
        told += [f"{policy}:{choice}" for policy, choice in self.choices]
        answer = "granted" if self.refusals is None else "refused " + ", ".join(self.refusals)
        return f"{self.step} [{'; '.join(told)}] {answer} {' '.join(self.late)}".strip()

    def steps(self) -> tuple[tuple[Step, ...], Step]:
        """Return the acts before the one in question, and that one."""
        last = STEPS[self.step]
        way = [step for step in way_to(self.step) if step.id not in self.skip]
        acts: list[Step] = []
        for step in (*way, last):
            acts += self.also.get(step.id, ())
            acts.append(self._changed(step))
        return tuple(acts[:-1]), acts[-1]

    def run(self, town: Town) -> None:
        """Run the check; AssertionError says what came out otherwise."""
        way, act = self.steps()
        moment = town.moment(way, self.choices)
        try:
            decision = town.ask(moment, act, self.choices, self.at)
        except RequestError:
            assert self.refusals == IMPOSSIBLE, self.name
            return
        if self.refusals is not None:
            found = sorted(map(written, decision.refusals))
            assert found == sorted(self.refusals), (self.name, found)
            return
        assert decision.granted, (self.name, sorted(map(written, decision.refusals)))
        marks = [
            f"{mark.transition} {mark.days:+} {mark.answerable}".strip()
            for entry in decision.entries
            for mark in entry.late
        ]
        assert marks == list(self.late), (self.name, marks)
        now = moment.after(decision)
        for column, value in self.then.items():
            case, _, name = column.partition(".")
            assert now.case(case).values[name] == value, (column, now.case(case).values[name])

    def _changed(self, step: Step) -> Step:
        facts = tuple((f, self.given.get(f"{step.case}.{f}", value)) for f, value in step.facts)
        facts += tuple(
            (key.partition(":")[2], value)
            for key, value in self.given.items()
            if key.partition(":")[0] == step.id
        )
        on = self.given.get(f"{step.id}@on")
        by = self.given.get(f"{step.id}@by", step.by)
        reason = self.given.get(f"{step.id}@reason", step.reason)
        on = step.on if on is None else _day(on)
        return attrs.evolve(step, facts=facts, on=on, by=str(by), reason=reason)


def granted(
    step: str,
    given: Mapping[str, Value] | None = None,
    *,
    late: Iterable[str] = (),
    then: Mapping[str, Value] | None = None,
    also: Mapping[str, tuple[Step, ...]] | None = None,
    skip: Iterable[str] = (),
    at: datetime | None = None,
    **choices: str,
) -> Check:
    """Return the check that an act is granted; `choices` are policy options."""
    return Check(
        step, given or {}, None, also or {}, tuple(skip), tuple(sorted(choices.items())),
        tuple(late), then or {}, at,
    )  # fmt: skip


def refused(
    step: str,
    given: Mapping[str, Value] | None,
    *refusals: str,
    also: Mapping[str, tuple[Step, ...]] | None = None,
    skip: Iterable[str] = (),
    at: datetime | None = None,
    **choices: str,
) -> Check:
    """Return the check that an act is refused for these reasons and no other.

    A reason is written `rule R1 R2`, `?rule R1` where a fact is not recorded, and
    `code:subject R1` for all others.
    """
    return Check(
        step, given or {}, refusals, also or {}, tuple(skip), tuple(sorted(choices.items())), at=at
    )


class Clauses:
    """The base of the clause tests: a group of clauses, and the checks that prove them kept."""

    checks: tuple[Check, ...] = ()

    def test_it_is_kept(self, check: Check) -> None:
        check.run(shipped_town())


# ---------------------------------------------------------------------------------------------


@cache
def _workshop() -> Workshop:
    return Workshop(shipped())


def _day(value: object) -> date:
    assert isinstance(value, str | date)
    return day(value)
