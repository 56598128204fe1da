"""Live cases: mutable slots objects that fire in well under a microsecond.

For simulations, property tests and embedders who keep their own cases in memory. A live case has
no kin; decisions that ask about parents or children find none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar

import attrs

from reformflow.engine.answers import GRANTED, Answer
from reformflow.engine.computing import complete
from reformflow.engine.course import carry_out, judge
from reformflow.engine.firing import moves
from reformflow.engine.hot import heat
from reformflow.engine.program import Program, Step
from reformflow.engine.tick import tick
from reformflow.engine.work import Docket
from reformflow.errors import UnknownName
from reformflow.model import Act, Actor, Case, Decision, Entry, Fire, Kind, Refusal, Request, Value


class LiveCase:
    """One case that changes in place; `case[column]` reads a column, `case.unit` its unit."""

    __slots__ = ("entries", "id", "origin", "unit")

    flow: ClassVar[LiveWorkflow]
    slots: ClassVar[Mapping[str, str]]

    def __init__(self, case: Case) -> None:
        """Start from a case value; `origin` keeps it as the beginning of the history."""
        self.id = case.id
        self.unit = case.unit
        self.origin = case
        self.entries: list[Any] | None = None
        self.write(case.values)

    def __getitem__(self, column: str) -> Value:
        """Return the value of a column; KeyError if there is none such."""
        value: Value = getattr(self, self.slots[column])
        return value

    @property
    def values(self) -> dict[str, Value]:
        """All columns by name."""
        return {name: getattr(self, slot) for name, slot in self.slots.items()}

    @property
    def history(self) -> tuple[Entry, ...]:
        """The entries since this live case was made."""
        return self.flow.history(self)

    def value(self) -> Case:
        """Return the case as a frozen value."""
        revision = self.origin.revision + len(self.entries or ())
        return attrs.evolve(self.origin, values=self.values, revision=revision)

    def write(self, values: Mapping[str, Value]) -> None:
        """Set all columns."""
        for name, slot in self.slots.items():
            setattr(self, slot, values[name])


@attrs.define
class Keep:
    """Whether an act was granted, so that what time brought before it stays."""

    kept: bool = False


class LiveWorkflow:
    """A workflow compiled for live cases."""

    def __init__(self, program: Program, workflow: str) -> None:
        """Compile the workflow named `workflow`."""
        self.program = program
        self.plan = program.plan(workflow)
        slots = {name: f"c{index}" for index, name in enumerate(self.plan.flow.columns)}
        self.slots: Mapping[str, str] = slots
        names = {"__slots__": tuple(slots.values()), "flow": self, "slots": slots}
        self._case_class: type[LiveCase] = type("LiveCase", (LiveCase,), names)
        self.hot = heat(self.plan, slots, granted=GRANTED, refused=Answer)
        self._fires = {id: hot.fire for id, hot in self.hot.items()}  # noqa: A001

    def adopt(self, case: Case) -> LiveCase:
        """Return a live case that goes on from a case value."""
        return self._case_class(case)

    def fire(
        self,
        case: LiveCase,
        transition: str,
        actor: Actor,
        on: date,
        facts: Mapping[str, Value] | None = None,
        reason: str | None = None,
    ) -> Answer:
        """Fire a transition of a live case; UnknownName if the workflow has none such."""
        hot = self._fires.get(transition)
        if hot is not None and facts is None and reason is None:
            answer: Answer = hot(case, actor, on)
            return answer
        return self.act(case, Fire(transition, facts or {}), actor, on, reason)

    def act(
        self, case: LiveCase, act: Act, actor: Actor, on: date, reason: str | None = None
    ) -> Answer:
        """Do any act to a live case."""
        request = Request(case.id, act, actor, on, reason)
        decision = carry_out(self.program, _alone(case), request)
        if not decision.granted:
            failed = tuple(refusal.subject for refusal in decision.refusals)
            return Answer((failed, "", case, actor, on, *decision.refusals))
        self._take(case, decision)
        return GRANTED

    def decide(
        self, case: LiveCase, act: Act, actor: Actor, on: date, reason: str | None = None
    ) -> Decision:
        """Return the decision about an act without carrying it out."""
        return judge(self.program, _alone(case), Request(case.id, act, actor, on, reason))

    @contextmanager
    def up_to(self, case: LiveCase, on: date) -> Iterator[Keep]:
        """Let time pass for a case before an act; it is as before unless the act is kept."""
        before, entries = case.values, list(case.entries or ())
        self._take(case, tick(self.program, _alone(case), case.id, on))
        keep = Keep()
        try:
            yield keep
        finally:
            if not keep.kept:
                case.write(before)
                case.entries = entries or None

    def history(self, case: LiveCase) -> tuple[Entry, ...]:
        """Return the entries of a live case, working out those that were kept short."""
        current = case.origin
        entries: list[Entry] = []
        for kept in case.entries or ():
            entry = kept if isinstance(kept, Entry) else self._entry(current, *kept)
            current = current.after(entry)
            entries.append(entry)
        return tuple(entries)

    def _take(self, case: LiveCase, decision: Decision) -> None:
        kept = case.entries if case.entries is not None else []
        case.entries = kept
        for entry in decision.entries:
            if entry.case != case.id:
                continue  # a period of a recurring duty is a case of its own
            kept.append(entry)
            for column, value in entry.changes.items():
                setattr(case, case.slots[column], value)

    def _entry(self, case: Case, transition: str, actor: str, on: date) -> Entry:
        step: Step = self.plan.step(transition)
        target = step.bound.to[0][0] if step.bound.to else None
        changes = moves(self.plan, step, case, target, on, actor)
        return Entry(
            case=case.id,
            seq=case.revision + 1,
            kind=Kind.FIRED,
            name=transition,
            actor=actor,
            on=on,
            changes=complete(self.program, self.plan, case.values, changes, on),
            definition=self.program.definition,
        )

    def explain(self, answer: Answer) -> tuple[Refusal, ...]:
        """Work out the refusals of an answer from the columns that it was decided on."""
        if not answer.transition:
            return answer.columns
        origin: Case = answer[2].origin
        columns = zip(self.hot[answer.transition].columns, answer.columns, strict=True)
        then = attrs.evolve(origin, values={**origin.values, **dict(columns)}, parent=None)
        request = Request(origin.id, Fire(answer.transition), answer.actor, answer.on)
        return judge(self.program, _Alone(then, ()), request).refusals


def _alone(case: LiveCase) -> _Alone:
    """Return a live case as the only one there is."""
    return _Alone(attrs.evolve(case.value(), parent=None), case.history)


class _Alone(Docket):
    """A docket of one case without kin."""

    def __init__(self, case: Case, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._only = case
        self._history = tuple(entries)

    def case(self, id: str) -> Case:  # noqa: A002
        if id != self._only.id:
            raise UnknownName.of("case", id, [self._only.id])
        return self._only

    def exists(self, id: str) -> bool:  # noqa: A002
        return id == self._only.id

    def entries(self, id: str) -> Sequence[Entry]:  # noqa: A002, ARG002
        return self._history
