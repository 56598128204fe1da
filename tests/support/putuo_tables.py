"""Who may do and record what in which state of the Putuo reform: tables, and their trials.

The tables are text files beside the clause tests, kept apart from the definitions. A trial asks
the engine line by line whether it agrees.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import attrs

from reformflow.errors import RequestError
from reformflow.model import (
    Act,
    Case,
    Code,
    Correct,
    Decision,
    Entry,
    Fire,
    Kind,
    Open,
    Record,
    Refusal,
    Request,
    Value,
)
from support.putuo import PARENTS, ROLES, UNIT, Choices, Moment, Town, actor
from support.repository import ROOT

FOLDER = ROOT / "tests" / "clauses"
ON = date(2021, 2, 1)
SPECIAL = {
    "order_rectification": (("inspection_outcomes", "rectification"),),
    "inspect_rectified": (("inspection_outcomes", "rectification"),),
    "inspect_again": (("inspection_outcomes", "re_inspection"),),
}
"""Policy options under which an act exists that does not exist otherwise."""


def _lines(name: str) -> Iterator[list[str]]:
    for line in Path(FOLDER / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield [part.strip() for part in line.split("|")]


@attrs.frozen
class ActLine:
    """One line of the table of acts."""

    workflow: str
    act: str
    states: frozenset[str]
    roles: frozenset[str]
    records: frozenset[str]
    signed: frozenset[str]
    reason: bool
    may: frozenset[str]
    clauses: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return f"table of acts: {self.workflow} {self.act}"

    @property
    def choices(self) -> Choices:
        """The policy options under which the act exists."""
        return SPECIAL.get(self.act, ())

    def run(self, town: Town, *, whole: bool = False) -> None:
        """Run the trial; `whole` tries every role in every state."""
        if self.act == "correct":
            self._correct(town)
        elif self.act == "open":
            self._open(town)
        else:
            self._fire(town, whole=whole)

    def _fire(self, town: Town, *, whole: bool) -> None:
        flow = town.engine(self.choices).program.bound.workflows[self.workflow]
        bound = flow.transitions[self.act]
        track = bound.track
        some = min(self.roles)
        for state in [state.id for state in flow.tracks[track].states]:
            within = state in self.states
            for role in ROLES if whole or state == min(self.states) else {some}:
                refusals = self._ask(town, Fire(self.act), role, **{f"{track}.state": state})
                codes = {refusal.code for refusal in refusals}
                assert (Code.NOT_FROM_HERE not in codes) == within, (self.name, state)
                if self.roles == {"itself"}:
                    assert Code.NOT_BY_HAND in codes, self.name
                else:
                    self._judge_role(refusals, role)
                if within:
                    assert (Code.REASON_MISSING in codes) == self.reason, self.name
                    assert _missing(refusals, self.act) == self.records, self.name
        for fact in self.records | self.may:
            value = _sample(town, self, fact)
            self._ask(town, Fire(self.act, {fact: value}), some)

    def _judge_role(self, refusals: tuple[Refusal, ...], role: str) -> None:
        found = [item for item in refusals if item.code is Code.NOT_AUTHORISED]
        assert bool(found) == (role not in self.roles), (self.name, role)
        assert all(item.clauses == self.clauses for item in found), (self.name, found)
        assert all(set(item.must_act) == self.roles for item in found), (self.name, found)
        unsigned = {
            office for item in refusals if item.code is Code.NOT_SIGNED for office in item.must_act
        }
        assert unsigned == self.signed - {role}, (self.name, role)

    def _open(self, town: Town) -> None:
        parent = PARENTS.get(self.workflow)
        for role in ROLES:
            act = Open(self.workflow, UNIT, "", parent)
            refusals = self._ask(town, act, role, case="new")
            found = [item for item in refusals if item.code is Code.NOT_AUTHORISED]
            assert bool(found) == (role not in self.roles), (self.name, role)
            assert all(item.clauses == self.clauses for item in found), (self.name, found)
            assert _missing(refusals, "new") == self.records, self.name
        for fact in self.records | self.may:
            value = _sample(town, self, fact)
            act = Open(self.workflow, UNIT, "", parent, {fact: value})
            self._ask(town, act, min(self.roles), case="new")

    def _correct(self, town: Town) -> None:
        for role in ROLES:
            refusals = self._ask(town, Correct(1, void=True), role)
            codes = {refusal.code for refusal in refusals}
            assert (Code.NOT_AUTHORISED not in codes) == (role in self.roles), (self.name, role)

    def _ask(
        self, town: Town, act: Act, role: str, *, case: str = "c", **values: Value
    ) -> tuple[Refusal, ...]:
        return ask(town, self.workflow, act, role, self.choices, case=case, **values).refusals


@attrs.frozen
class FactLine:
    """One line of the table of facts."""

    workflow: str
    fact: str
    kind: str
    limits: str
    once: bool
    initial: str
    roles: frozenset[str]
    states: frozenset[str]
    clauses: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return f"table of facts: {self.workflow} {self.fact}"

    def run(self, town: Town) -> None:
        """Run the trial."""
        flow = town.engine().program.bound.workflows[self.workflow]
        fact = flow.facts[self.fact]
        assert fact.type == self.kind, self.name
        assert ("" if fact.initial is None else str(fact.initial)) == self.initial, self.name
        value = self._values_within(town)
        if self.roles <= {"derived", "nobody"}:
            found = self._record(town, value, "department")
            assert [(item.code, item.clauses) for item in found] == [
                (Code.NOT_BY_HAND, self.clauses)
            ], self.name
            return
        every = {state.id for state in next(iter(flow.tracks.values())).states}
        inside = min(self.states or every)
        for role in ROLES:
            found = self._record(town, value, role, inside)
            codes = [(Code.NOT_AUTHORISED, self.clauses)] if role not in self.roles else []
            assert [(item.code, item.clauses) for item in found] == codes, (self.name, role, found)
        for state in every:
            found = self._record(town, value, min(self.roles), state)
            shut = bool(self.states) and state not in self.states
            codes = [(Code.NOT_NOW, self.clauses)] if shut else []
            assert [(item.code, item.clauses) for item in found] == codes, (self.name, state, found)
        found = self._record(town, value, min(self.roles), inside, already=value)
        codes = [(Code.ALREADY_RECORDED, self.clauses)] if self.once else []
        assert [(item.code, item.clauses) for item in found] == codes, self.name

    def _values_within(self, town: Town) -> Value:
        """Return a value of the fact, after trying that its limits are what they should be."""
        match self.kind:
            case "bool":
                return True
            case "date":
                return ON
            case "choice":
                choices = self.limits.split(",")
                for choice in choices:
                    self._record(town, choice, "department")
                fact = town.engine().program.bound.workflows[self.workflow].facts[self.fact]
                assert {choice.id for choice in fact.choices} == set(choices), self.name
                return choices[0]
            case "text":
                return self._text(town)
            case _:
                return self._number(town)

    def _text(self, town: Town) -> Value:
        longest = "x" * int(self.limits)
        self._record(town, longest, "department")
        self._impossible(town, longest + "x")
        return "x"

    def _number(self, town: Town) -> Value:
        least, _, most = self.limits.partition("..")
        if least:
            self._impossible(town, int(least) - 1)
        if most:
            self._impossible(town, int(most) + 1)
        for bound in (least or "-5", most or "5"):
            self._record(town, int(bound), "department")
        return int(least)

    def _impossible(self, town: Town, value: Value) -> None:
        try:
            self._record(town, value, "department")
        except RequestError:
            return
        raise AssertionError((self.name, value))

    def _record(
        self, town: Town, value: Value, role: str, state: str | None = None, already: Value = None
    ) -> tuple[Refusal, ...]:
        given: dict[str, Value] = {self.fact: already} if already is not None else {}
        if state is not None:
            given["progress.state"] = state
        return ask(town, self.workflow, Record({self.fact: value}), role, **given).refusals


def ask(
    town: Town, workflow: str, act: Act, role: str, choices: Choices = (), *, case: str = "c",
    **values: Value,
) -> Decision:  # fmt: skip
    """Ask for an act on a case of which nothing is known but the values given."""
    engine = town.engine(choices)
    flows = engine.program.bound.workflows
    cases: dict[str, Case] = {}
    for id, name in (("p", "programme"), ("d", "department")):  # noqa: A001
        cases[id] = Case(id, name, dict(flows[name].initial), "" if id == "p" else UNIT)
    blank = dict(flows[workflow].initial)
    cases["c"] = Case(
        "c", workflow, {**blank, **values}, UNIT, "", PARENTS.get(workflow), revision=1
    )
    first = Entry("c", 1, Kind.OPENED, workflow, "somebody", ON, {})
    moment = Moment(cases, {"c": (first,)})
    request = Request(case, act, actor(role), ON)
    return engine.decide(moment, request)


def act_lines() -> tuple[ActLine, ...]:
    """Read the table of acts."""
    return tuple(map(_act_line, _lines("putuo_acts.txt")))


def fact_lines() -> tuple[FactLine, ...]:
    """Read the table of facts."""
    return tuple(map(_fact_line, _lines("putuo_facts.txt")))


# ---------------------------------------------------------------------------------------------


def _act_line(parts: list[str]) -> ActLine:
    head, states, roles, records, may, clauses = parts
    workflow, act = head.split()
    words = records.split()
    signed = [word.removeprefix("signed:") for word in words if word.startswith("signed:")]
    return ActLine(
        workflow,
        act,
        frozenset(states.split()),
        frozenset(roles.split()),
        frozenset(word for word in words if word != "reason" and ":" not in word),
        frozenset(",".join(signed).split(",")) - {""},
        "reason" in words,
        frozenset(may.split()),
        tuple(clauses.split()),
    )


def _fact_line(parts: list[str]) -> FactLine:
    head, form, roles, states, clauses = parts
    workflow, fact = head.split()
    typed, *marks = form.split()
    kind, _, limits = typed.partition(":")
    initial = next((mark[1:] for mark in marks if mark.startswith("=")), "")
    return FactLine(
        workflow,
        fact,
        kind,
        limits,
        "once" in marks,
        initial,
        frozenset(roles.split()),
        frozenset(states.split()),
        tuple(clauses.split()),
    )


def _missing(refusals: tuple[Refusal, ...], subject: str) -> set[str]:
    return {
        fact
        for refusal in refusals
        if (refusal.code, refusal.subject) == (Code.NOT_RECORDED, subject)
        for fact in refusal.missing
        if "." not in fact
    }


def _sample(town: Town, line: ActLine, fact: str) -> Value:
    declared = town.engine(line.choices).program.bound.workflows[line.workflow].facts[fact]
    match str(declared.type):
        case "bool":
            return True
        case "date":
            return ON
        case "choice":
            return declared.choices[0].id
        case "int":
            return max(1, declared.minimum or 0)
        case _:
            return "x"
