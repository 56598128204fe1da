"""What can have been recorded by when: what an act needs may only come after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reformflow.binding import BoundTransition, BoundWorkflow
from reformflow.checks.acts import Act, act_of, holds, opening
from reformflow.checks.solver import Demand
from reformflow.checks.solver.tables import Writers
from reformflow.checks.subject import Subject
from reformflow.language.reading import columns_read
from reformflow.model import SELF, Expression, Finding, Name, Severity, Text, Witness

CODE = "fact_needed_too_soon"


def facts_needed_too_soon(subject: Subject) -> Iterator[Finding]:
    """Yield each act that needs what can only be recorded once it has happened."""
    for flow in subject.flows:
        course = Course(subject, flow)
        if flow.opening_needs:
            yield from course.missed(opening(flow), [course.given])
        course.follow()
        for id, places in course.waiting().items():  # noqa: A001
            yield from course.missed(course.act(id, course.states), places)


class Course:
    """What can be on record in each state of a workflow, as far as the ways to it tell.

    It is followed from the opening for as long as something new can be recorded or fired.
    """

    def __init__(self, subject: Subject, flow: BoundWorkflow) -> None:
        """Stand at the opening of a case."""
        self._subject = subject
        self._flow = flow
        self._solver = subject.solvers[flow.id]
        self._writers = Writers.of(subject.bound, flow)
        self._sources = {computed.column: computed.sources for computed in flow.computed}
        self._recorders = _recorded_by(flow)
        self._fired: set[tuple[str, str]] = set()
        self._known: dict[tuple[str, str], frozenset[str]] = {}
        """By track and state: the columns that can have a value there."""
        self._beside: dict[str, frozenset[str]] = dict.fromkeys(flow.tracks, frozenset())
        """By track: what transitions of other tracks can have recorded meanwhile."""

    @property
    def states(self) -> Mapping[str, tuple[str, ...]]:
        """The states of each track to which transitions lead, whatever they need."""
        return self._writers.states

    @property
    def given(self) -> frozenset[str]:
        """What can have a value from the opening on."""
        opened = self._flow.workflow.opening
        facts = {fact.id for fact in self._flow.facts.values() if fact.initial is not None}
        return self._writers.by_duty.union(facts, opened.records, opened.may_record)

    def act(self, transition: str, states: Mapping[str, Iterable[str]]) -> Act:
        """Return what a transition asks in some states of its track."""
        bound = self._flow.transitions[transition]
        here = [state for state in states[bound.track] if state in bound.source]
        return act_of(self._subject.bound, self._flow, bound, here)

    def follow(self) -> None:
        """Go on until nothing more can be recorded, and nothing more can fire."""
        for track in self._flow.tracks.values():
            self._known[track.id, track.initial] = self.given
        while self._further():
            pass

    def waiting(self) -> dict[str, list[frozenset[str]]]:
        """Return the transitions that can never fire, with what is known where they wait."""
        found: dict[str, list[frozenset[str]]] = {}
        fired = {id for id, _ in self._fired}  # noqa: A001
        for bound in self._flow.transitions.values():
            reached = [state for state in bound.source if self._reached(bound, state)]
            known = [self._at(bound, state) for state in reached]
            if known and bound.id not in fired:
                found[bound.id] = known
        return found

    def missed(self, act: Act, known: Iterable[frozenset[str]]) -> Iterator[Finding]:
        """Yield what an act that can never happen lacks, if it could happen otherwise."""
        grounds = [ground.demand for ground in act.grounds]
        if not act.grounds or self._solver.excludes([*act.given, *grounds]):
            return
        demands = [Demand("", one.expression, one.truth) for one in (*act.given, *grounds)]
        for columns in known:
            lacking = self._lacking(act, columns)
            answer = self._solver.ask([*demands, *_absent(lacking, labelled=True)], plain=False)
            if answer.impossible and answer.core:
                yield self._finding(act, answer.core)
                return

    def _further(self) -> bool:
        before = (dict(self._known), len(self._fired))
        for (track, state), known in list(self._known.items()):
            self._known[track, state] = known | {*self._by_hand(track, state)}
        for bound in self._flow.transitions.values():
            for state in sorted(bound.source):
                if self._reached(bound, state) and self._fires(bound, state):
                    self._fire(bound, state)
        return before != (self._known, len(self._fired))

    def _reached(self, bound: BoundTransition, state: str) -> bool:
        return (bound.track, state) in self._known

    def _at(self, bound: BoundTransition, state: str) -> frozenset[str]:
        return self._known[bound.track, state] | self._beside[bound.track]

    def _by_hand(self, track: str, state: str) -> Iterator[str]:
        """Yield the facts that can be recorded by hand in a state."""
        known = self._known[track, state] | self._beside[track]
        for fact in self._flow.facts.values():
            if fact.id in known or fact.derived is not None or not fact.by:
                continue
            during = self._flow.during.get(fact.id)
            here = Demand("", holds(Name(f"{track}.state"), state))
            if during is None or not self._solver.excludes(
                [here, Demand("", during), *_absent(self._absent([during], known))]
            ):
                yield fact.id

    def _fires(self, bound: BoundTransition, state: str) -> bool:
        if (bound.id, state) in self._fired:
            return True
        act = self.act(bound.id, {bound.track: [state]})
        demands = [*act.given, *(ground.demand for ground in act.grounds)]
        lacking = self._lacking(act, self._at(bound, state))
        return not self._solver.excludes([*demands, *_absent(lacking)])

    def _fire(self, bound: BoundTransition, state: str) -> None:
        self._fired.add((bound.id, state))
        after = {column for column, ids in self._recorders.items() if bound.id in ids}
        for target in {target for target, _ in bound.to} or {state}:
            place = (bound.track, target)
            known = self._known[bound.track, state]
            self._known[place] = self._known.get(place, self.given) | known | after
        for track in self._beside:
            if track != bound.track:
                self._beside[track] |= after

    def _lacking(self, act: Act, known: frozenset[str]) -> tuple[str, ...]:
        """Return what an act asks about that can have no value yet, without what it records."""
        own: tuple[str, ...] = ()
        if act.transition is not None:
            own = (*act.transition.transition.records, *act.transition.transition.may_record)
        return self._absent([ground.demand.expression for ground in act.grounds], known | {*own})

    def _absent(self, expressions: Iterable[Expression], known: frozenset[str]) -> tuple[str, ...]:
        waiting = [
            name.column
            for expression in expressions
            for name in columns_read(expression)
            if name.owner == SELF
        ]
        found: dict[str, None] = {}
        while waiting:
            column = waiting.pop()
            if column not in found:
                found[column] = None
                waiting += self._sources.get(column, ())
        return tuple(
            column
            for column in found
            if column not in known and column not in self._sources and self._can_lack(column)
        )

    def _can_lack(self, column: str) -> bool:
        """Say whether a column has a value only once something has recorded it."""
        return column in self._flow.facts or column in self._recorders

    def _finding(self, act: Act, columns: tuple[str, ...]) -> Finding:
        by = self._recorders
        later = tuple(dict.fromkeys(id for column in columns for id in by.get(column, ())))  # noqa: A001
        later = tuple(id for id in later if id != act.id)  # noqa: A001
        en, zh = ", ".join(columns), "、".join(columns)
        says = Text(
            f"{act.says.en} needs {en}, which cannot have been recorded by then"
            + (f": {', '.join(later)} can only come later" if later else ""),
            f"{act.says.zh}需要{zh}，但此前无法登记"
            + (f"：{'、'.join(later)}只能在其后" if later else ""),
        )
        facts = [self._flow.facts[name] for name in columns if name in self._flow.facts]
        clauses = dict.fromkeys((*act.clauses, *(one for fact in facts for one in fact.clauses)))
        witness = Witness(parts=(act.id, *columns, *later))
        return Finding(CODE, Severity.ERROR, act.path, says, tuple(clauses), witness)


# ---------------------------------------------------------------------------------------------


def _recorded_by(flow: BoundWorkflow) -> dict[str, tuple[str, ...]]:
    """Return which transitions put a value into each column."""
    found: dict[str, tuple[str, ...]] = {}
    for bound in flow.transitions.values():
        transition = bound.transition
        columns = {*transition.records, *transition.may_record, *(name for name, _ in bound.sets)}
        columns |= {f"{bound.id}.on", f"{bound.id}.by"} & flow.columns.keys()
        for column in columns:
            found[column] = (*found.get(column, ()), bound.id)
    return found


def _absent(columns: Iterable[str], *, labelled: bool = False) -> Iterator[Demand]:
    for column in columns:
        yield Demand(column if labelled else "", holds(Name(column), None))
