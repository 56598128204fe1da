"""A bound workflow with its expressions compiled: what the engine runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

import attrs

from reformflow.binding import (
    BoundReform,
    BoundRule,
    BoundTransition,
    BoundWorkflow,
    Computed,
    bind,
)
from reformflow.binding.bound import BoundWhen
from reformflow.calendars import Calendar
from reformflow.errors import EmbeddingError, UnknownName
from reformflow.language.compile import Compiled, compile_rules
from reformflow.language.reading import reads_parent, relations_read
from reformflow.model import Case, Expression, Reform, Value


@attrs.frozen
class Guard:
    """A rule and its compiled form."""

    rule: BoundRule
    test: Compiled


Callback = Callable[[Case], bool]
"""A host's own condition, in Python, on a case as it is before an act."""


@attrs.frozen
class Step:
    """A transition, ready to be decided; `callback` is a condition that the host adds to it."""

    bound: BoundTransition
    guards: tuple[Guard, ...]
    branches: tuple[tuple[str, Compiled | None], ...]
    answerable: tuple[tuple[str, Compiled | None], ...]
    callback: Callback | None = None

    @property
    def id(self) -> str:
        """The transition's id."""
        return self.bound.id


@attrs.frozen
class Recipe:
    """A computed column and its compiled conditions."""

    computed: Computed
    dates: tuple[tuple[BoundWhen, Compiled | None], ...]


@attrs.frozen
class Plan:
    """One workflow, compiled.

    `automatic` and `timed` are the transitions that fire by themselves; `watches_parent` says
    whether an automatic one reads the parent, `watches` which relations they read. `signed` are
    the transitions that take signatures.
    """

    flow: BoundWorkflow
    steps: Mapping[str, Step]
    opening: tuple[Guard, ...]
    during: Mapping[str, Compiled]
    recipes: tuple[Recipe, ...]
    conditions: Mapping[str, Compiled]
    automatic: tuple[Step, ...]
    timed: tuple[Step, ...]
    signed: tuple[Step, ...]
    watches_parent: bool
    watches: frozenset[str]

    @property
    def waits_for_time(self) -> bool:
        """Whether time alone can change cases of the workflow."""
        return self.flow.waits_for_time

    def step(self, transition: str) -> Step:
        """Return the step of a transition; UnknownName if there is none, or it is switched off."""
        try:
            return self.steps[transition]
        except KeyError:
            pass
        if any(item.id == transition for item in self.flow.workflow.transitions):
            message = f"transition {transition!r} is switched off"
            hint = "its `enabled` does not hold under the chosen policies"
            raise UnknownName(message=message, hint=hint)
        raise UnknownName.of("transition", transition, self.steps)


@attrs.frozen
class Program:
    """A whole reform, compiled, with the calendar it counts by.

    `timed` are the workflows whose cases time alone can change.
    """

    bound: BoundReform
    calendar: Calendar
    plans: Mapping[str, Plan]
    definition: str = ""
    timed: frozenset[str] = attrs.field(init=False)

    @timed.default
    def _waiting_for_time(self) -> frozenset[str]:
        return self.bound.timed

    @classmethod
    def of(
        cls,
        reform: Reform | BoundReform,
        *,
        definition: str = "",
        callbacks: Mapping[str, Callback] | None = None,
    ) -> Program:
        """Compile a reform; DefinitionError if it does not hold up.

        `definition` is the content hash that entries are stamped with. `callbacks` are the
        host's own conditions, by `workflow.transition`; UnknownName if there is none such.
        """
        bound = bind(reform) if isinstance(reform, Reform) else reform
        calendar = bound.calendar()
        plans = {id: _plan(flow) for id, flow in bound.workflows.items()}  # noqa: A001
        for name, callback in (callbacks or {}).items():
            _attach(plans, name, callback)
        return cls(bound, calendar, plans, definition)

    @property
    def zone(self) -> str:
        """The reform's time zone."""
        return self.bound.reform.time_zone

    @property
    def effective_on(self) -> date | None:
        """The day the document takes effect."""
        return self.bound.effective_on

    def plan(self, workflow: str) -> Plan:
        """Return the plan of a workflow; UnknownName if there is none."""
        try:
            return self.plans[workflow]
        except KeyError:
            raise UnknownName.of("workflow", workflow, self.plans) from None


def blank(plan: Plan) -> dict[str, Value]:
    """Return the columns of a case to which nothing has happened yet."""
    return dict(plan.flow.initial)


# ---------------------------------------------------------------------------------------------


def _attach(plans: dict[str, Plan], name: str, callback: object) -> None:
    workflow, _, transition = name.partition(".")
    if workflow not in plans:
        raise UnknownName.of("workflow", workflow, plans)
    plan = plans[workflow]
    step = plan.step(transition)
    if step.bound.transition.by_itself:
        message = f"{name!r} fires by itself, and takes no callback"
        raise UnknownName(message=message, hint="write its condition as a rule")
    if not callable(callback):
        message = f"the callback of {name!r} is {callback!r}, which nobody can call"
        hint = "give a function that takes a Case and returns a bool"
        raise EmbeddingError(message=message, hint=hint)
    steps = {**plan.steps, transition: attrs.evolve(step, callback=callback)}
    plans[workflow] = attrs.evolve(plan, steps=steps)


class _Compiler:
    """Compiles every expression of a workflow in one go, each once."""

    def __init__(self, expressions: Iterable[Expression | None]) -> None:
        listed = list(dict.fromkeys(item for item in expressions if item is not None))
        self._compiled = dict(zip(listed, compile_rules(listed), strict=True))

    def guards(self, rules: Iterable[BoundRule]) -> tuple[Guard, ...]:
        return tuple(Guard(rule, self._compiled[rule.expression]) for rule in rules)

    def one(self, expression: Expression | None) -> Compiled | None:
        return None if expression is None else self._compiled[expression]

    def pairs(
        self, pairs: Iterable[tuple[str, Expression | None]]
    ) -> tuple[tuple[str, Compiled | None], ...]:
        return tuple((name, self.one(expression)) for name, expression in pairs)


def _answerable(bound: BoundTransition) -> tuple[tuple[str, Expression | None], ...]:
    return bound.deadline.answerable if bound.deadline else ()


def _expressions(flow: BoundWorkflow) -> Iterable[Expression | None]:
    yield from (rule.expression for rule in flow.rules.values())
    yield from flow.during.values()
    for bound in flow.transitions.values():
        yield from (when for _, when in bound.to)
        yield from (when for _, when in _answerable(bound))
    for item in flow.computed:
        yield from (when.when for when in item.dates)
    yield from (duty.condition for duty in flow.duties.values())


def _plan(flow: BoundWorkflow) -> Plan:
    compiler = _Compiler(_expressions(flow))
    steps = {
        bound.id: Step(
            bound=bound,
            guards=compiler.guards(bound.needs),
            branches=compiler.pairs(bound.to),
            answerable=compiler.pairs(_answerable(bound)),
        )
        for bound in flow.transitions.values()
    }
    recipes = tuple(
        Recipe(item, tuple((when, compiler.one(when.when)) for when in item.dates))
        for item in flow.computed
    )
    conditions = {
        id: test
        for id, duty in flow.duties.items()  # noqa: A001
        if (test := compiler.one(duty.condition)) is not None
    }
    during = {id: test for id, when in flow.during.items() if (test := compiler.one(when))}  # noqa: A001
    automatic = tuple(step for step in steps.values() if step.bound.transition.automatic)
    read = [
        expression
        for step in automatic
        for expression in (
            *(guard.rule.expression for guard in step.guards),
            *(when for _, when in step.bound.to if when is not None),
        )
    ]
    return Plan(
        flow=flow,
        steps=steps,
        opening=compiler.guards(flow.opening_needs),
        during=during,
        recipes=recipes,
        conditions=conditions,
        automatic=automatic,
        timed=tuple(
            step
            for step in steps.values()
            if step.bound.transition.by_itself and not step.bound.transition.automatic
        ),
        signed=tuple(step for step in steps.values() if step.bound.transition.signed_by),
        watches_parent=any(map(reads_parent, read)),
        watches=frozenset().union(*map(relations_read, read)),
    )
