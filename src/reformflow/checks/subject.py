"""What a check looks at: one bound reform, and what several checks work out from it once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import attrs

from reformflow.binding import BoundReform, BoundWorkflow, bind
from reformflow.calendars import Calendar
from reformflow.checks.reach import Explored, explored, under_any_options
from reformflow.checks.routes import Routes
from reformflow.checks.solver import Memory, Solver, world_of
from reformflow.errors import CalendarError, DefinitionError
from reformflow.model import Actor


@attrs.frozen
class Subject:
    """A bound reform and the calendar it counts by; the staff who will act, if they are known."""

    bound: BoundReform
    calendar: Calendar
    staff: tuple[Actor, ...] = ()
    memory: Memory = attrs.field(factory=Memory, eq=False, repr=False)
    _others: dict[tuple[tuple[str, str], ...], Subject | None] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )

    @classmethod
    def of(cls, bound: BoundReform, *, staff: Iterable[Actor] = ()) -> Subject:
        """Look at a reform; CalendarError if its calendar does not exist."""
        return cls(bound, bound.calendar(), tuple(staff))

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

    def choosing(self, choices: Mapping[str, str]) -> Subject | None:
        """Return this reform with other options of its policies; None if it does not hold up."""
        key = tuple(sorted(choices.items()))
        if key not in self._others:
            try:
                bound = bind(self.bound.reform.choosing(**choices))
                other = Subject.of(bound, staff=self.staff)
                self._others[key] = attrs.evolve(other, memory=self.memory)
            except (DefinitionError, CalendarError):
                self._others[key] = None
        return self._others[key]
