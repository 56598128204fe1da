"""Small definitions written as YAML text, and short ways to act on their cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from textwrap import dedent

from reformflow.binding import BoundReform, bind
from reformflow.engine import Docket, Engine
from reformflow.errors import DefinitionError
from reformflow.formats.folder import read_texts
from reformflow.model import (
    Act,
    Actor,
    Code,
    Correct,
    Decision,
    Extend,
    Fire,
    Open,
    Record,
    Reform,
    Refusal,
    Request,
    Resume,
    Sign,
    Suspend,
    Value,
)

HEAD = """\
    reform: sample
    document: {title: A sample, issued_on: 2021-02-20}
    roles:
      office: {label: One}
      treasury: {label: Two}
      archive: {label: Three}
      bureau: {label: Four, scope: unit}
    workflows: [%s]
"""
CLAUSES = ("R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9")
UNIT = "north"


def day(text: str | date) -> date:
    """Return the day written `2021-03-01`, or `03-01` for one of the year 2021."""
    if isinstance(text, date):
        return text
    return date.fromisoformat(text if len(text) > 5 else f"2021-{text}")


def reform_of(head: str = "", **workflows: str) -> Reform:
    """Return the reform of some workflows, each given as YAML without its first line.

    `head` is more of reform.yaml: policies, time zone, calendar. The clauses R1 to R9 exist.
    """
    files = {
        "reform.yaml": (dedent(HEAD) % ", ".join(workflows) + dedent(head)),
        "clauses.yaml": "clauses:\n" + "".join(_clause(id) for id in CLAUSES),  # noqa: A001
        **{f"{id}.yaml": _workflow(id, text) for id, text in workflows.items()},  # noqa: A001
    }
    reform, problems = read_texts({name: text.encode() for name, text in files.items()})
    if reform is None or problems:
        raise DefinitionError("the definition of this test does not load", problems=problems)
    return reform


def bound_of(head: str = "", **workflows: str) -> BoundReform:
    """Return the bound reform of some workflows."""
    return bind(reform_of(head, **workflows))


def faults_of(head: str = "", **workflows: str) -> set[tuple[str, str]]:
    """Return path and code of every problem that binding the workflows reports."""
    return faults(reform_of(head, **workflows))


def faults(reform: Reform) -> set[tuple[str, str]]:
    """Return path and code of every problem that binding a reform reports."""
    try:
        bind(reform)
    except DefinitionError as error:
        return {(problem.place.field, problem.code) for problem in error.problems}
    return set()


class Play:
    """Cases of one small reform, acted on in one line each.

    Actors are written as roles: `office`, `bureau` (of the unit north), `bureau@south`,
    `office+treasury`, and `office:ann` for a certain person.
    """

    def __init__(self, head: str = "", **workflows: str) -> None:
        self.reform = reform_of(head, **workflows)
        self.engine = Engine(self.reform)
        self.docket = Docket()
        self.decisions: list[Decision] = []

    def ask(
        self,
        act: Act,
        by: str = "office",
        on: str | date = "03-01",
        *,
        case: str = "c",
        reason: str | None = None,
        recorded_at: datetime | None = None,
    ) -> Decision:
        """Ask for an act and carry it out if it is granted."""
        request = Request(case, act, actor(by), day(on), reason=reason, recorded_at=recorded_at)
        decision = self.engine.fire(self.docket, request)
        return self.take(decision)

    def take(self, decision: Decision) -> Decision:
        """Carry out a decision, and remember it."""
        self.decisions.append(decision)
        return self.docket.take(decision)

    def open(
        self,
        on: str | date = "03-01",
        *,
        case: str = "c",
        by: str = "office",
        workflow: str = "",
        parent: str | None = None,
        unit: str = UNIT,
        **facts: Value,
    ) -> Decision:
        """Open a case; of the first workflow, if none is named."""
        name = workflow or self.reform.workflows[0].id
        return self.ask(Open(name, unit=unit, parent=parent, facts=facts), by, on, case=case)

    def fire(
        self,
        transition: str,
        by: str = "office",
        on: str | date = "03-01",
        *,
        case: str = "c",
        reason: str | None = None,
        **facts: Value,
    ) -> Decision:
        """Fire a transition."""
        return self.ask(Fire(transition, facts), by, on, case=case, reason=reason)

    def record(
        self, by: str = "office", on: str | date = "03-01", *, case: str = "c", **facts: Value
    ) -> Decision:
        """Record facts."""
        return self.ask(Record(facts), by, on, case=case)

    def sign(self, transition: str, by: str, on: str | date = "03-01") -> Decision:
        """Sign a transition."""
        return self.ask(Sign(transition), by, on)

    def extend(
        self, transition: str, until: str, by: str = "office", on: str = "03-01"
    ) -> Decision:
        """Extend a deadline."""
        return self.ask(Extend(transition, day(until)), by, on)

    def suspend(self, transition: str, on: str, by: str = "office") -> Decision:
        """Suspend a deadline."""
        return self.ask(Suspend(transition), by, on)

    def resume(self, transition: str, on: str, by: str = "office") -> Decision:
        """Resume a deadline."""
        return self.ask(Resume(transition), by, on)

    def correct(
        self,
        entry: int,
        by: str = "office",
        on: str = "04-01",
        *,
        void: bool = False,
        reason: str | None = "a slip",
        **facts: Value,
    ) -> Decision:
        """Correct an entry."""
        return self.ask(Correct(entry, facts, void), by, on, reason=reason)

    def tick(self, on: str | date, case: str = "c") -> Decision:
        """Let time pass for one case."""
        return self.take(self.engine.tick(self.docket, case, day(on)))

    def __getitem__(self, column: str) -> Value:
        return self.value(column)

    def value(self, column: str, case: str = "c") -> Value:
        """Return what a column holds."""
        return self.docket.case(case).values[column]

    def told(self, case: str = "c") -> list[tuple[str, str, date]]:
        """Return kind, name and day of every entry of a case."""
        return [(str(e.kind), e.name, e.on) for e in self.docket.entries(case)]


def actor(written: str) -> Actor:
    """Return the actor that is written `role+role@unit:person`."""
    roles, _, person = written.partition(":")
    roles, _, unit = roles.partition("@")
    held = [role for role in roles.split("+") if role]
    grants = frozenset().union(
        *(
            Actor.holding("", role, unit=(unit or UNIT) if role == "bureau" else None).grants
            for role in held
        )
    )
    return Actor(person or written, grants)


def reasons(decision: Decision) -> list[tuple[Code, str]]:
    """Return code and subject of every refusal, in order."""
    return [(refusal.code, refusal.subject) for refusal in decision.refusals]


def only(decision: Decision, code: Code) -> Refusal:
    """Demand that there is exactly one refusal, of this code, and return it."""
    assert [refusal.code for refusal in decision.refusals] == [code], decision.refusals
    return decision.refusals[0]


def states(decision: Decision) -> Mapping[str, Value]:
    """Return all changes of a granted decision, the later ones over the earlier."""
    assert decision.granted, decision.refusals
    return {name: value for entry in decision.entries for name, value in entry.changes.items()}


def _clause(id: str) -> str:  # noqa: A002
    return f"  {id}: {{at: '{id}', modality: must, says: {{en: {id}, zh: {id}}}}}\n"


def _workflow(id: str, text: str) -> str:  # noqa: A002
    body = dedent(text)
    if "tracks:" not in body:
        body += dedent("""
            tracks:
              progress:
                initial: draft
                states: {draft: , sent: , done: {final: true}}
            """)
    if "opening:" not in body:
        body += "opening: {by: [office, bureau]}\n"
    return f"workflow: {id}\n{body}"
