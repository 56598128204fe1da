"""What a check looks at: one bound reform, and what several checks work out from it once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from functools import cached_property

import attrs

from reformflow.binding import BoundReform, BoundWorkflow, bind
from reformflow.calendars import Calendar
from reformflow.checks.acts import Act, acts
from reformflow.checks.reach import Explored, explored, under_any_options
from reformflow.checks.routes import Routes
from reformflow.checks.solver import Memory, Solver, world_of
from reformflow.errors import CalendarError, DefinitionError
from reformflow.model import Actor


@attrs.frozen
class Subject:
    """A bound reform and the calendar it counts by; the staff who will act, if they are known.

    An `executor` does what can be done side by side.
    """

    bound: BoundReform
    calendar: Calendar
    staff: tuple[Actor, ...] = ()
    executor: Executor | None = attrs.field(default=None, eq=False, repr=False)
    memory: Memory = attrs.field(factory=Memory, eq=False, repr=False)
    _others: dict[tuple[tuple[str, str], ...], Subject] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )

    @classmethod
    def of(
        cls,
        bound: BoundReform,
        *,
        staff: Iterable[Actor] = (),
        executor: Executor | None = None,
    ) -> Subject:
        """Look at a reform; CalendarError if its calendar does not exist."""
        return cls(bound, bound.calendar(), tuple(staff), executor)

    @property
    def flows(self) -> tuple[BoundWorkflow, ...]:
        """The workflows, in the order of the reform."""
        return tuple(self.bound.workflows.values())

    @cached_property
    def routes(self) -> Mapping[str, Routes]:
        """The ways through each workflow, by its id."""
        return {flow.id: Routes.of(flow) for flow in self.flows}

    @cached_property
    def explored(self) -> Explored:
        """The states that its cases can come to; MissingExtra without the extra `checks`."""
        return explored(self.bound)

    @cached_property
    def under_any_options(self) -> Explored | None:
        """The same under all options of its policies, None if these do not go together."""
        return under_any_options(self.bound.reform)

    @cached_property
    def solvers(self) -> Mapping[str, Solver]:
        """One solver for the cases of each workflow, by its id."""
        worlds = {flow.id: world_of(self.bound, flow) for flow in self.flows}
        return {id: self.memory.solver(world) for id, world in worlds.items()}  # noqa: A001

    @cached_property
    def declared(self) -> Mapping[str, Solver]:
        """The same for cases whose facts may have any value of their type."""
        worlds = {flow.id: world_of(self.bound, flow, declared=True) for flow in self.flows}
        return {id: self.memory.solver(world) for id, world in worlds.items()}  # noqa: A001

    @cached_property
    def acts(self) -> Mapping[str, tuple[Act, ...]]:
        """The acts that ask something of the cases of each workflow, by its id."""
        return {flow.id: tuple(acts(self.bound, flow)) for flow in self.flows}

    def under(self, choices: Mapping[str, str]) -> Subject:
        """Return this reform with other options of its policies.

        DefinitionError or CalendarError if it does not hold up.
        """
        key = tuple(sorted(choices.items()))
        if key not in self._others:
            bound = bind(self.bound.reform.choosing(**choices))
            other = Subject.of(bound, staff=self.staff)
            self._others[key] = attrs.evolve(other, memory=self.memory)
        return self._others[key]

    def choosing(self, choices: Mapping[str, str]) -> Subject | None:
        """Return this reform with other options of its policies; None if it does not hold up."""
        try:
            return self.under(choices)
        except (DefinitionError, CalendarError):
            return None

    def same(self, other: Subject) -> bool:
        """Say whether the workflows are the same, whatever options that is due to."""
        one, another = self.bound, other.bound
        return (one.workflows, one.effective_on) == (another.workflows, another.effective_on)
