"""Binding one workflow: its expressions, references, dates and transitions."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from reformflow.binding.bound import (
    BoundDuty,
    BoundRule,
    BoundTransition,
    BoundWorkflow,
    Computed,
)
from reformflow.binding.columns import initial_of, marks_of, states_by_stage
from reformflow.binding.computing import in_order
from reformflow.binding.faults import Faults
from reformflow.binding.schedules import DateBinder
from reformflow.binding.spans import bounded, span_of
from reformflow.binding.transitions import TransitionBinder
from reformflow.binding.typist import Names, Typist
from reformflow.model import (
    Compare,
    Comparison,
    Expression,
    Fact,
    FactType,
    Literal,
    Or,
    Reform,
    Rule,
    Scalar,
    Today,
    Track,
    Workflow,
)

_PYTHON_TYPES: Mapping[FactType, str] = {
    FactType.BOOL: "bool",
    FactType.INT: "int",
    FactType.DATE: "date",
    FactType.TEXT: "str",
    FactType.CHOICE: "str",
}


@attrs.frozen
class Parts:
    """The bound parts of a workflow, before it is known which of its marks are read."""

    id: str
    rules: dict[str, BoundRule]
    opening_needs: tuple[BoundRule, ...]
    transitions: dict[str, BoundTransition]
    during: dict[str, Expression]
    computed: list[Computed]
    duties: dict[str, BoundDuty]


class WorkflowBinder:
    """Binds one workflow of a reform; notes its problems in the shared `faults`."""

    def __init__(
        self,
        reform: Reform,
        flow: Workflow,
        names: Mapping[str, Names],
        faults: Faults,
        used: set[tuple[str, str]],
        calculated: set[tuple[str, str]],
    ) -> None:
        """Prepare to bind `flow`.

        `used` gathers the columns that expressions read, `calculated` those they calculate with.
        """
        self._flow = flow
        self._faults = faults
        self._used = used
        self._calculated = calculated
        self._parent = self._find_parent(reform)
        self._relations = {
            relation.id: names[relation.workflow]
            for relation in flow.children
            if relation.workflow in names
        }
        policies = {policy.id: policy for policy in reform.policies}
        self._typist = Typist(
            own=names[flow.id],
            parent=names.get(self._parent or ""),
            relations=self._relations,
            policies=policies,
            rules={rule.id: rule.requires for rule in flow.rules},
            seen=lambda workflow, column: used.add((workflow, column)),
            calculated=lambda workflow, column: calculated.add((workflow, column)),
        )
        self._columns = names[flow.id].columns
        self._dates = DateBinder(self._typist, faults, reform.effective_on)
        self._workflows = [item.id for item in reform.workflows]
        self._child_names = names

    def bind_parts(self) -> Parts:
        """Bind all that needs no knowledge of other workflows' readers."""
        flow, faults = self._flow, self._faults
        faults.clauses(flow.id, flow.clauses)
        faults.roles(f"{flow.id}.corrected_by", flow.corrected_by)
        for track in flow.tracks:
            self._check_track(track)
        self._check_relations()
        rules = {rule.id: self._rule(rule) for rule in flow.rules}
        during = {
            fact.id: self._dates.guard(f"{flow.id}.facts.{fact.id}.during", fact.during)
            for fact in flow.facts
            if fact.during is not None
        }
        computed = [derived for fact in flow.facts if (derived := self._fact(fact)) is not None]
        opening_needs = self._opening(rules)
        transitions = TransitionBinder(flow, self._typist, self._dates, faults, rules)
        bound = transitions.bind()
        computed += transitions.computed
        for name in transitions.marks:
            self._used.add((flow.id, name))
        duties = self._duties(computed)
        return Parts(flow.id, rules, opening_needs, bound, during, computed, duties)

    def finish(self, parts: Parts) -> BoundWorkflow:
        """Put the parts together with exactly the columns that cases need."""
        flow = self._flow
        read = {column for workflow, column in self._used if workflow == flow.id}
        unread = marks_of(flow) - read
        facts = {fact.id: self._bounded(fact) for fact in flow.facts}
        columns = {
            name: attrs.evolve(column, fact=facts.get(name))
            for name, column in self._columns.items()
            if name not in unread
        }
        cycle, computed = in_order(parts.computed)
        if cycle:
            message = f"{' and '.join(sorted(cycle))} are computed from each other"
            self._faults.add(f"{flow.id}.facts.{min(cycle)}.derived", "cycle", message)
        return BoundWorkflow(
            workflow=flow,
            columns=columns,
            initial=initial_of(flow, columns),
            facts=facts,
            tracks={track.id: track for track in flow.tracks},
            stages={t.id: {state.id: state.stage for state in t.states} for t in flow.tracks},
            finals={t.id: frozenset(s.id for s in t.states if s.final) for t in flow.tracks},
            rules=parts.rules,
            opening_needs=parts.opening_needs,
            transitions=parts.transitions,
            during=parts.during,
            computed=tuple(computed),
            duties=parts.duties,
            relations={relation.id: relation for relation in flow.children},
            parent=self._parent,
        )

    def _bounded(self, fact: Fact) -> Fact:
        return bounded(fact) if (self._flow.id, fact.id) in self._calculated else fact

    def _find_parent(self, reform: Reform) -> str | None:
        parents = {
            other.id
            for other in reform.workflows
            for relation in other.children
            if relation.workflow == self._flow.id
        }
        return parents.pop() if len(parents) == 1 else None

    def _check_track(self, track: Track) -> None:
        path = f"{self._flow.id}.tracks.{track.id}"
        if not track.states:
            self._faults.add(f"{path}.states", "missing", "a track has at least one state")
            return
        known = [state.id for state in track.states]
        self._faults.known(f"{path}.initial", "state", track.initial, known)
        stages = [stage.id for stage in track.stages]
        for state in track.states:
            self._faults.clauses(f"{path}.states.{state.id}", state.clauses)
            if state.stage is not None:
                self._faults.known(f"{path}.states.{state.id}.stage", "stage", state.stage, stages)
        for stage in track.stages:
            self._faults.clauses(f"{path}.stages.{stage.id}", stage.clauses)
            if not states_by_stage(track)[stage.id]:
                message = f"no state is in the stage {stage.id!r}"
                self._faults.add(f"{path}.stages.{stage.id}", "empty_stage", message)

    def _check_relations(self) -> None:
        seen: set[str] = set()
        for relation in self._flow.children:
            path = f"{self._flow.id}.children.{relation.id}"
            self._faults.known(path, "workflow", relation.workflow, self._workflows)
            self._faults.clauses(path, relation.clauses)
            if relation.workflow in seen:
                message = f"two relations hold cases of {relation.workflow!r}"
                hint = "tell them apart by a fact, or give one its own workflow"
                self._faults.add(path, "clash", message, hint)
            seen.add(relation.workflow)

    def _rule(self, rule: Rule) -> BoundRule:
        path = f"{self._flow.id}.rules.{rule.id}"
        self._faults.clauses(path, rule.clauses)
        expression = self._dates.guard(f"{path}.requires", rule.requires)
        outside: list[Expression] = []
        if rule.since is not None:
            outside.append(Compare(Comparison.LT, Today(), Literal(rule.since)))
        if rule.until is not None:
            outside.append(Compare(Comparison.GT, Today(), Literal(rule.until)))
        if outside:
            expression = Or((*outside, expression))
        return BoundRule(rule.id, expression, rule.says, rule.clauses, rule.basis)

    def _fact(self, fact: Fact) -> Computed | None:
        path = f"{self._flow.id}.facts.{fact.id}"
        self._faults.roles(f"{path}.by", fact.by)
        self._faults.clauses(path, fact.clauses)
        if fact.type is FactType.CHOICE and not fact.choices:
            self._faults.add(f"{path}.choices", "missing", "a choice lists its choices")
        least, most = span_of(fact)
        if least > most:
            message = f"no number is at least {least} and at most {most}"
            self._faults.add(f"{path}.maximum", "number", message, "exchange minimum and maximum")
        if fact.initial is not None:
            self._initial(path, fact, fact.initial)
        if fact.derived is None:
            return None
        if fact.by or fact.once or fact.initial is not None:
            message = "a derived fact is computed; nobody records it"
            self._faults.add(path, "derived", message, "leave out by, once and initial")
        if isinstance(fact.derived, tuple):
            if fact.type is not FactType.DATE:
                self._faults.add(f"{path}.derived", "type", f"a date, but the fact is {fact.type}")
            return self._dates.computed(fact.id, f"{path}.derived", fact.derived)
        return self._dates.computed_value(self._columns[fact.id], f"{path}.derived", fact.derived)

    def _initial(self, path: str, fact: Fact, value: Scalar) -> None:
        if type(value).__name__ != _PYTHON_TYPES[fact.type]:
            self._faults.add(f"{path}.initial", "type", f"{value!r} is not of type {fact.type}")
        elif fact.type is FactType.CHOICE:
            choices = [choice.id for choice in fact.choices]
            self._faults.known(f"{path}.initial", "choice", str(value), choices)
        elif isinstance(value, int):
            least, most = span_of(fact)
            if not least <= value <= most:
                message = f"{value} is not between {least} and {most}, where the fact stays"
                self._faults.add(f"{path}.initial", "number", message, "change it or the bounds")
        elif isinstance(value, str) and len(value) > fact.max_length:
            message = f"the fact has at most {fact.max_length} characters"
            self._faults.add(f"{path}.initial", "too_long", message, "shorten it or raise the most")

    def _opening(self, rules: Mapping[str, BoundRule]) -> tuple[BoundRule, ...]:
        opening, path = self._flow.opening, f"{self._flow.id}.opening"
        self._faults.roles(f"{path}.by", opening.by)
        self._faults.clauses(path, opening.clauses)
        facts = [fact.id for fact in self._flow.facts if fact.derived is None]
        for field in ("records", "may_record"):
            for index, fact in enumerate(getattr(opening, field)):
                self._faults.known(f"{path}.{field}[{index}]", "fact", fact, facts)
        return tuple(
            rules[need]
            for index, need in enumerate(opening.needs)
            if self._faults.known(f"{path}.needs[{index}]", "rule", need, rules)
        )

    def _duties(self, computed: list[Computed]) -> dict[str, BoundDuty]:
        bound: dict[str, BoundDuty] = {}
        for duty in self._flow.duties:
            path = f"{self._flow.id}.duties.{duty.id}"
            self._faults.clauses(path, duty.clauses)
            if not self._faults.known(f"{path}.opens", "relation", duty.relation, self._relations):
                continue
            child = self._relations[duty.relation]
            first = self._dates.computed(f"{duty.id}.first", f"{path}.first", duty.first)
            every = self._dates.step(f"{path}.every", duty.every)
            condition = None
            if duty.condition is not None:
                condition = self._dates.guard(f"{path}.while", duty.condition)
            sets = []
            for name, expression in duty.sets:
                if self._faults.known(f"{path}.set.{name}", "fact", name, child.columns):
                    column = child.columns[name]
                    where = f"{path}.set.{name}"
                    value = self._dates.assignment(where, expression, column, by_itself=True)
                    sets.append((name, value))
            for part, fact in duty.gives:
                self._given(f"{path}.gives.{part}", part, fact, child)
            if not self._dates.enabled(f"{path}.enabled", duty.enabled):
                continue
            if first is not None and every is not None:
                computed.append(first)
                count = f"{duty.id}.count"
                first_column = f"{duty.id}.first"
                bound[duty.id] = BoundDuty(
                    duty, child.workflow, first_column, count, every, condition, tuple(sets)
                )
        return bound

    def _given(self, path: str, part: str, fact: str, child: Names) -> None:
        types = {"due": FactType.DATE, "start": FactType.DATE, "number": FactType.INT}
        known = self._faults.known(path, "part of a period", part, types)
        if not (known and self._faults.known(path, "fact", fact, child.columns)):
            return
        if child.columns[fact].type is not types[part]:
            message = f"{part} is a {types[part]}, {fact!r} is not"
            self._faults.add(path, "type", message)
