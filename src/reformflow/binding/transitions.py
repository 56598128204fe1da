"""Binding the transitions of one workflow."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from reformflow.binding.bound import (
    BoundDeadline,
    BoundRule,
    BoundTransition,
    BoundWindow,
    Computed,
)
from reformflow.binding.columns import states_by_stage
from reformflow.binding.faults import Faults
from reformflow.binding.schedules import DateBinder
from reformflow.binding.typist import Typist
from reformflow.model import (
    ANY,
    BeforeEffect,
    Deadline,
    Expression,
    Late,
    Permit,
    Track,
    Transition,
    Unit,
    Window,
    Workflow,
)


class TransitionBinder:
    """Binds transitions; gathers the columns they compute and the marks they read."""

    def __init__(
        self,
        flow: Workflow,
        typist: Typist,
        dates: DateBinder,
        faults: Faults,
        rules: Mapping[str, BoundRule],
    ) -> None:
        """Prepare to bind the transitions of `flow`."""
        self.computed: list[Computed] = []
        self.marks: set[str] = set()
        self._flow = flow
        self._typist = typist
        self._dates = dates
        self._faults = faults
        self._rules = rules
        self._tracks = {track.id: track for track in flow.tracks}
        self._ids = [transition.id for transition in flow.transitions]
        self._facts = [fact.id for fact in flow.facts if fact.derived is None]

    def bind(self) -> dict[str, BoundTransition]:
        """Return the enabled transitions by id, in the order of the definition."""
        bound: dict[str, BoundTransition] = {}
        for transition in self._flow.transitions:
            path = f"{self._flow.id}.transitions.{transition.id}"
            item = self._transition(path, transition)
            if item is not None and self._dates.enabled(f"{path}.enabled", transition.enabled):
                bound[transition.id] = item
        self._check_termination(bound)
        return bound

    def _transition(self, path: str, transition: Transition) -> BoundTransition | None:
        if not self._faults.known(f"{path}.track", "track", transition.track, self._tracks):
            return None
        track = self._tracks[transition.track]
        self._check_references(path, transition)
        self._check_actors(path, transition)
        source = self._source(path, transition, track)
        needs = tuple(
            self._rules[need]
            for index, need in enumerate(transition.needs)
            if self._faults.known(f"{path}.needs[{index}]", "rule", need, self._rules)
        )
        at = None
        if transition.at:
            at = f"{transition.id}.at"
            self._compute(at, f"{path}.at", transition.at)
        if transition.at or transition.after_due is not None:
            self.marks.add(f"{transition.id}.on")
        return BoundTransition(
            transition=transition,
            source=source,
            to=self._branches(path, transition, track),
            needs=needs,
            sets=self._sets(path, transition),
            deadline=self._deadline(path, transition, track, source),
            window=self._window(path, transition),
            at=at,
        )

    def _check_references(self, path: str, transition: Transition) -> None:
        faults = self._faults
        faults.clauses(path, transition.clauses)
        faults.roles(f"{path}.by", transition.by)
        faults.roles(f"{path}.signed_by", transition.signed_by)
        for index, other in enumerate(transition.not_by):
            if faults.known(f"{path}.not_by[{index}]", "transition", other, self._ids):
                self.marks.add(f"{other}.by")
        for field in ("records", "may_record"):
            for index, fact in enumerate(getattr(transition, field)):
                faults.known(f"{path}.{field}[{index}]", "fact", fact, self._facts)
        if transition.after_due is not None:
            with_due = [item.id for item in self._flow.transitions if item.due is not None]
            where = f"{path}.after_due"
            faults.known(where, "transition with a due date", transition.after_due, with_due)

    def _check_actors(self, path: str, transition: Transition) -> None:
        ways = [transition.automatic, bool(transition.at), transition.after_due is not None]
        if sum(ways) > 1:
            message = "automatic, at and after_due exclude each other"
            self._faults.add(path, "actors", message)
        if transition.by_itself and (transition.by or transition.signed_by or transition.not_by):
            message = "it fires by itself, so nobody fires or signs it"
            self._faults.add(path, "actors", message, "leave out by, not_by and signed_by")
        if transition.by_itself and (transition.records or transition.reason):
            message = "it fires by itself, so nobody records a fact or states a reason"
            self._faults.add(path, "actors", message, "use set, and needs for what must be known")
        if not transition.by_itself and not (transition.by or transition.signed_by):
            message = "nobody may fire it"
            hint = "name roles under by, or make it automatic, at or after_due"
            self._faults.add(f"{path}.by", "actors", message, hint)

    def _expand(self, path: str, names: tuple[str, ...], track: Track) -> frozenset[str]:
        """Return the states that states, stages and `any` stand for."""
        known = _groups(track)
        for index, name in enumerate(names):
            self._faults.known(f"{path}[{index}]", "state", name, known)
        return _expanded(names, track)

    def _source(self, path: str, transition: Transition, track: Track) -> frozenset[str]:
        source = self._expand(f"{path}.from", transition.source, track)
        if not transition.source:
            self._faults.add(f"{path}.from", "missing", "name the states it starts from")
        finals = source & {state.id for state in track.states if state.final}
        if finals:
            message = f"{min(finals)!r} is final, so nothing starts from it"
            self._faults.add(f"{path}.from", "final", message)
        return source

    def _branches(
        self, path: str, transition: Transition, track: Track
    ) -> tuple[tuple[str, Expression | None], ...]:
        states = [state.id for state in track.states]
        branches: list[tuple[str, Expression | None]] = []
        for index, branch in enumerate(transition.to):
            where = f"{path}.to" if len(transition.to) == 1 else f"{path}.to[{index}]"
            self._faults.known(where, "state", branch.state, states)
            when = None
            if branch.when is not None:
                when = self._dates.guard(f"{where}.when", branch.when)
            elif index < len(transition.to) - 1:
                message = "only the last branch may stand without a condition"
                self._faults.add(where, "branch", message, "give it a `when`, or put it last")
            branches.append((branch.state, when))
        return tuple(branches)

    def _sets(self, path: str, transition: Transition) -> tuple[tuple[str, Expression], ...]:
        sets: list[tuple[str, Expression]] = []
        for fact, expression in transition.sets:
            where = f"{path}.set.{fact}"
            if self._faults.known(where, "fact", fact, self._facts):
                column = self._typist.own.columns[fact]
                sets.append((fact, self._dates.assignment(where, expression, column)))
        return tuple(sets)

    def _compute(self, column: str, path: str, dates: tuple[object, ...]) -> None:
        computed = self._dates.computed(column, path, dates)  # type: ignore[arg-type]
        if computed is not None:
            self.computed.append(computed)

    def _deadline(
        self, path: str, transition: Transition, track: Track, source: frozenset[str]
    ) -> BoundDeadline | None:
        due = transition.due
        if due is None:
            return None
        path = f"{path}.due"
        self._compute(f"{transition.id}.due", path, due.dates)
        self._faults.clauses(path, due.clauses)
        answerable = []
        for index, item in enumerate(due.answerable):
            where = f"{path}.answerable[{index}]"
            self._faults.roles(where, (item.role,))
            when = None if item.when is None else self._dates.guard(f"{where}.when", item.when)
            answerable.append((item.role, when))
        late = self._dates.option(f"{path}.late", due.late, Late)
        longest = due.extension.at_most if due.extension else None
        if late is Late.EXTENSION and due.extension is None:
            message = "late: extension needs an `extension` that says who may grant it"
            self._faults.add(f"{path}.late", "missing", message, "add extension: {by: …}")
        return BoundDeadline(
            transition=transition.id,
            track=transition.track,
            late=late,
            before_effect=self._dates.option(
                f"{path}.before_effect", due.before_effect, BeforeEffect
            ),
            answerable=tuple(answerable),
            during=self._standing(f"{path}.during", due, track, source, transition.id),
            suspended_in=self._expand(f"{path}.suspended_in", due.suspended_in, track),
            unit=due.dates[0].unit if due.dates else Unit.DAYS,
            extension=self._permit(f"{path}.extension", due.extension),
            suspension=self._permit(f"{path}.suspension", due.suspension),
            says=due.says,
            clauses=due.clauses or transition.clauses,
            longest=self._dates.step(f"{path}.extension.at_most", longest) if longest else None,
        )

    def _standing(
        self, path: str, due: Deadline, track: Track, source: frozenset[str], deadline_of: str
    ) -> frozenset[str]:
        if due.during:
            return self._expand(path, due.during, track)
        stages = {state.id: state.stage for state in track.states}
        mine = {stages[state] for state in source} - {None}
        inside = {state for state, stage in stages.items() if stage in mine}
        return source | self._leading_to(source, inside, track, deadline_of)

    def _leading_to(
        self, source: frozenset[str], inside: set[str], track: Track, deadline_of: str
    ) -> frozenset[str]:
        """Return the states of `inside` from which the from-states can still be reached."""
        steps: list[tuple[frozenset[str], set[str]]] = []
        for other in self._flow.transitions:
            if other.track == track.id and other.id != deadline_of:
                sources = _expanded(other.source, track)
                steps.append((sources, {branch.state for branch in other.to}))
        reached = set(source)
        while True:
            more = {
                state
                for sources, targets in steps
                if targets & reached
                for state in sources & inside
            }
            if more <= reached:
                return frozenset(reached)
            reached |= more

    def _permit(self, path: str, permit: Permit | None) -> Permit | None:
        if permit is not None:
            self._faults.roles(f"{path}.by", permit.by)
            self._faults.clauses(path, permit.clauses)
        return permit

    def _window(self, path: str, transition: Transition) -> BoundWindow | None:
        window: Window | None = transition.window
        if window is None:
            return None
        path = f"{path}.window"
        self._faults.clauses(path, window.clauses)
        bounds: dict[str, str | None] = {"opens": None, "closes": None}
        for bound, dates in (("opens", window.opens), ("closes", window.closes)):
            if dates:
                bounds[bound] = f"{transition.id}.{bound}"
                self._compute(f"{transition.id}.{bound}", f"{path}.{bound}", dates)
        outside = self._dates.option(f"{path}.outside", window.outside, Late)
        if outside is Late.EXTENSION:
            message = "a window cannot be extended"
            self._faults.add(f"{path}.outside", "option", message, "refuse, reason or flag")
        clauses = window.clauses or transition.clauses
        return BoundWindow(bounds["opens"], bounds["closes"], outside, window.says, clauses)

    def _check_termination(self, bound: Mapping[str, BoundTransition]) -> None:
        """Note automatic transitions that could fire for ever.

        Each track moves along its automatic transitions only; if those have no cycle, every
        case comes to rest after at most as many firings as its tracks have states.
        """
        for track in self._flow.tracks:
            graph: dict[str, set[str]] = {}
            for item in bound.values():
                if item.transition.automatic and item.track == track.id:
                    targets = {state for state, _ in item.to} or set(item.source)
                    for state in item.source:
                        graph.setdefault(state, set()).update(targets)
            try:
                TopologicalSorter(graph).prepare()
            except CycleError as error:
                cycle = " → ".join(reversed(error.args[1]))
                message = f"automatic transitions may fire for ever: {cycle}"
                path = f"{self._flow.id}.tracks.{track.id}"
                self._faults.add(path, "endless", message, "let an actor fire one of them")


# ---------------------------------------------------------------------------------------------


def _groups(track: Track) -> dict[str, tuple[str, ...]]:
    """Return the states that each name stands for: states, stages and `any`."""
    everything = {ANY: tuple(state.id for state in track.states if not state.final)}
    states = {state.id: (state.id,) for state in track.states}
    return {**everything, **states_by_stage(track), **states}


def _expanded(names: tuple[str, ...], track: Track) -> frozenset[str]:
    known = _groups(track)
    return frozenset(state for name in names for state in known.get(name, ()))
