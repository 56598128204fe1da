"""Plots: what a lifecycle machine is made for, and the courses with which it begins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from itertools import chain

from reformflow.binding import BoundReform
from reformflow.testing.drawing import Days, Lot, Requests
from reformflow.testing.lifecycles.seconds import Books, Many, Stored
from reformflow.testing.pathfinding import Asked, Pathfinder, paths
from reformflow.testing.pathfinding.openings import openings
from reformflow.testing.pathfinding.recordings import recordings


class Plot:
    """A workflow of a reform, and the books that are driven beside the engine.

    What takes long to find is found when it is first asked for.
    """

    def __init__(
        self, finder: Pathfinder, workflow: str, books: Books | None = None, *, bulk: bool = False
    ) -> None:
        """Look at one workflow; UnknownName if there is none such."""
        self.engine = finder.engine
        self.workflow = self.engine.program.plan(workflow).flow.id
        self._finder = finder
        self.alone = books is None
        self.shared = not self.alone and not callable(books)
        self._books = books
        self._bulk = bulk

    @property
    def bound(self) -> BoundReform:
        """The reform."""
        return self.engine.program.bound

    def second(self) -> Stored | None:
        """Return what is driven beside the engine in one run, if anything is."""
        if self._books is None:
            return None
        return Many(self._books) if self._bulk else Stored(self._books)

    @cached_property
    def courses(self) -> tuple[tuple[Asked, ...], ...]:
        """Courses that show all states, transitions, refusals, dates, openings and recordings."""
        return tuple(self._courses())

    @cached_property
    def requests(self) -> Requests:
        """Requests by lot, of which each run takes some of its own."""
        return Requests(self.bound, Lot(b""), self.first)

    @cached_property
    def first(self) -> date:
        """The day on which a run begins."""
        return Days(self.bound).first

    def _courses(self) -> Iterator[tuple[Asked, ...]]:
        found = paths(self._finder, self.workflow).courses
        recorded = recordings(self.engine, self.workflow, found)
        for course in chain(found, openings(self._finder, self.workflow), recorded):
            yield course.asked
