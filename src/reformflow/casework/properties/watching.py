"""Watching over properties: after each decision, whether every case is as it should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property, lru_cache

import attrs

from reformflow.binding import BoundReform, Questions
from reformflow.calendars import due_date
from reformflow.engine import Docket, Engine, Scene
from reformflow.engine.standing import standing
from reformflow.errors import UnknownName
from reformflow.language.compile import Compiled, compile_rules
from reformflow.language.folding import TRUE
from reformflow.language.reading import columns_read
from reformflow.model import (
    OPENING,
    SELF,
    Actor,
    Always,
    Boundary,
    Case,
    Cases,
    Decision,
    Entry,
    Expectation,
    Expression,
    Implies,
    Kind,
    LeadsTo,
    Never,
    Property,
    Request,
    Reserved,
    Roll,
    Settled,
    Value,
    names_in,
)


@attrs.frozen
class Breach:
    """That a property did not hold: of which case, on which day, and what it then looked like."""

    property: Property
    case: str
    on: date
    values: tuple[tuple[str, Value], ...] = ()

    def __str__(self) -> str:
        """Say so in one line."""
        shown = ", ".join(f"{name}={value}" for name, value in self.values)
        return f"{self.property.id} does not hold of {self.case} on {self.on}: {shown}"


@attrs.frozen
class Watched:
    """A property with its expressions compiled; `read` are the columns they read."""

    property: Property
    condition: Compiled
    goal: Compiled
    read: tuple[str, ...]


def watched(bound: BoundReform, properties: Iterable[Property]) -> tuple[Watched, ...]:
    """Bind properties of a reform; RequestError for one that does not fit it."""
    questions = Questions(bound)
    return tuple(_watched(questions, item) for item in properties)


@attrs.define
class Watcher:
    """Watches over properties of one reform.

    `seen` looks at the cases after something happened, `passed` after time did. What a property
    awaits is kept between calls, so one watcher watches one course of events.
    """

    engine: Engine
    properties: tuple[Watched, ...]
    _awaited: dict[tuple[str, str], date] = attrs.field(factory=dict, init=False)

    @classmethod
    def of(cls, engine: Engine, properties: Iterable[Property]) -> Watcher:
        """Bind properties and watch over them; RequestError for one that does not fit."""
        return cls(engine, watched(engine.program.bound, properties))

    def seen(self, cases: Cases, decision: Decision, request: Request) -> Iterator[Breach]:
        """Yield what does not hold now that the decision on a request was carried out."""
        for entry in decision.entries:
            if entry.actor:
                yield from self._done(cases, entry, request.actor)
        opened = [case.id for case in decision.opened]
        touched = [*opened, *(entry.case for entry in decision.entries)]
        for id in self._with_kin(cases, touched):  # noqa: A001
            yield from self._come(cases, id, decision.entries)
            yield from self._look(cases, cases.case(id), request.on)

    def passed(self, cases: Cases, ids: Iterable[str], on: date) -> Iterator[Breach]:
        """Yield what does not hold of some cases now that a day has come, with all it brought."""
        ahead = Docket(base=cases)
        chosen = tuple(ids)
        for id in chosen:  # noqa: A001
            if cases.case(id).workflow in self.engine.program.timed:
                decision = ahead.take(self.engine.tick(ahead, id, on))
                yield from self._come(ahead, id, decision.entries)
        for id in chosen:  # noqa: A001
            yield from self._look(ahead, ahead.case(id), on)

    @property
    def awaited(self) -> date | None:
        """The last day on which what is awaited may still come; None if nothing is."""
        by_id = {item.property.id: item.property.expects for item in self.properties}
        days = [
            self._until(expects, since)
            for (id, _), since in self._awaited.items()  # noqa: A001
            if since != date.max and isinstance(expects := by_id[id], LeadsTo)
        ]
        return max(days, default=None)

    def _with_kin(self, cases: Cases, touched: Iterable[str]) -> list[str]:
        found: dict[str, None] = {}
        for id in touched:  # noqa: A001
            case = cases.case(id)
            found[id] = None
            if case.parent is not None and cases.exists(case.parent):
                found[case.parent] = None
            relations = self.engine.program.plan(case.workflow).flow.relations.values()
            for relation in relations:
                found |= {child.id: None for child in cases.children(id, relation.workflow)}
        return list(found)

    def _come(self, cases: Cases, id: str, entries: Iterable[Entry]) -> Iterator[Breach]:  # noqa: A002
        """Await no more what came true by one of some entries; yield what came too late."""
        made = {entry.seq for entry in entries if entry.case == id}
        awaited = [item for item in self.properties if (item.property.id, id) in self._awaited]
        if not made or not awaited:
            return
        before = attrs.evolve(cases.case(id), values=dict.fromkeys(cases.case(id).values))
        for entry in cases.entries(id):
            after = attrs.evolve(before, values={**before.values, **entry.changes})
            if entry.seq in made:
                waited, come = (_Seen(self.engine, cases, one, entry.on) for one in (before, after))
                for item in awaited:
                    if come.true(item.goal):
                        if self._too_late(item, waited):
                            yield Breach(item.property, id, entry.on, come.shown(item.read))
                        self._awaited.pop((item.property.id, id), None)
            before = after

    def _done(self, cases: Cases, entry: Entry, actor: Actor) -> Iterator[Breach]:
        """Yield the properties that forbid what somebody has done."""
        case = cases.case(entry.case)
        for item in self.properties:
            if item.property.workflow != case.workflow:
                continue
            match item.property.expects:
                case Reserved(roles=roles, acts=acts, facts=facts):
                    mine = _act_of(entry) in acts or _recorded(entry, facts)
                    broken = mine and not actor.holds_any(roles, case.unit)
                case Settled(facts=facts) if _recorded(entry, facts):
                    broken = _Seen(self.engine, cases, case, entry.on).true(item.condition)
                case _:
                    continue
            if broken:
                yield Breach(item.property, case.id, entry.on, tuple(entry.changes.items()))

    def _look(self, cases: Cases, case: Case, on: date) -> Iterator[Breach]:
        asked = [item for item in self.properties if item.property.workflow == case.workflow]
        if not asked:
            return
        seen = _Seen(self.engine, cases, case, on)
        for item in asked:
            if self._broken(item, seen):
                yield Breach(item.property, case.id, on, seen.shown(item.read))

    def _broken(self, item: Watched, seen: _Seen) -> bool:
        match item.property.expects:
            case Never():
                return seen.true(item.condition)
            case Always():
                return seen.false(item.condition)
            case Implies():
                return seen.true(item.condition) and not seen.true(item.goal)
            case LeadsTo():
                return self._overdue(item, seen)
            case Reserved() | Settled():
                return False  # about what is done, not about how a case stands

    def _overdue(self, item: Watched, seen: _Seen) -> bool:
        """Say whether what is awaited has not come in time; told once."""
        key = (item.property.id, seen.case.id)
        if seen.true(item.goal):
            self._awaited.pop(key, None)
            return False
        if seen.true(item.condition):
            self._awaited.setdefault(key, seen.on)
        late = self._too_late(item, seen)
        if late:
            self._awaited[key] = date.max  # told
        return late

    def _too_late(self, item: Watched, seen: _Seen) -> bool:
        """Say whether something awaited should have come before, and nobody answers for it."""
        expects, since = item.property.expects, self._awaited.get((item.property.id, seen.case.id))
        if since is None or not isinstance(expects, LeadsTo):
            return False
        if seen.on <= self._until(expects, since):
            return False
        return not (expects.answered and seen.answered())

    def _until(self, expects: LeadsTo, since: date) -> date:
        if since == date.max:
            return date.max
        if expects.by is not None:
            return expects.by
        return due_date(
            self.engine.program.calendar,
            anchor=since,
            unit=expects.unit,
            amount=expects.amount,
            roll=Roll.NONE,
            boundary=Boundary.INCLUSIVE,
        )


# ---------------------------------------------------------------------------------------------


def _watched(questions: Questions, item: Property) -> Watched:
    first, then = _expressions(item.expects)
    condition, goal = (questions.bind(item.workflow, node, marks=True) for node in (first, then))
    for _, kind, given in names_in(item.expects):
        known = questions.names(item.workflow, kind)
        for name in given:
            if name not in known:
                raise UnknownName.of(kind, name, known)
    names = [n for node in (condition, goal) for n in columns_read(node) if n.owner == SELF]
    read = tuple(dict.fromkeys(name.column for name in names))
    return Watched(item, _compiled(condition), _compiled(goal), read)


@lru_cache(maxsize=10_000)
def _compiled(expression: Expression) -> Compiled:
    """Compile an expression; the same properties are often watched of slightly other reforms."""
    return compile_rules([expression])[0]


def _expressions(expects: Expectation) -> tuple[Expression, Expression]:
    match expects:
        case Implies(condition=condition, consequence=goal):
            return condition, goal
        case LeadsTo(condition=condition, goal=goal):
            return condition, goal
        case Never(condition=condition) | Always(condition=condition):
            return condition, condition
        case Settled(condition=condition):
            return condition, condition
        case Reserved():
            return TRUE, TRUE


def _act_of(entry: Entry) -> str:
    match entry.kind:
        case Kind.FIRED:
            return entry.name
        case Kind.OPENED:
            return OPENING
        case _:
            return ""


def _recorded(entry: Entry, facts: Iterable[str]) -> bool:
    return entry.kind is Kind.RECORDED and any(name in entry.changes for name in facts)


@attrs.define
class _Seen:
    """One case as it is looked at, with the marks that nothing keeps."""

    engine: Engine
    cases: Cases
    case: Case
    on: date

    @cached_property
    def scene(self) -> Scene:
        flow = self.engine.program.plan(self.case.workflow).flow
        names = [item.id for item in flow.workflow.transitions]
        none = {f"{name}.{part}": None for name in names for part in ("on", "by")}
        values = {**none, **_marks(self.cases.entries(self.case.id)), **self.case.values}
        return self.engine.scene(self.cases, self.case, self.on, values=values)

    def true(self, test: Compiled) -> bool:
        return self.scene.true(test)

    def false(self, test: Compiled) -> bool:
        return self.scene.false(test)

    def shown(self, columns: Iterable[str]) -> tuple[tuple[str, Value], ...]:
        return tuple((name, self.scene.values[name]) for name in columns)

    def answered(self) -> bool:
        """Say whether somebody answers for what is late about the case."""
        marks = [mark for entry in self.cases.entries(self.case.id) for mark in entry.late]
        if any(mark.answerable for mark in marks):
            return True
        over = standing(self.engine.program, self.cases, self.case, self.on)
        return any(item.answerable and item.due and item.due < self.on for item in over)


def _marks(entries: Iterable[Entry]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for entry in entries:
        if entry.kind is Kind.FIRED:
            found[f"{entry.name}.on"] = entry.on
            found[f"{entry.name}.by"] = entry.actor
    return found
