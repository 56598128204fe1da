"""Stories: cases with all that led to them, on the day on which they stand."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs

from reformflow.engine import Docket, Engine
from reformflow.errors import CalendarError, RequestError
from reformflow.model import Case, Entry
from reformflow.sheets import ledger_of
from reformflow.testing.drawing import Lot, Requests
from reformflow.testing.pathfinding import Asked, Course, replayed


@attrs.frozen(repr=False)
class Story:
    """A case of an engine's reform, with its kin, after some steps; `id` is the case's."""

    engine: Engine
    id: str
    docket: Docket
    on: date
    steps: tuple[Asked, ...]

    @classmethod
    def of(cls, engine: Engine, course: Course) -> Story:
        """Return the story of a course."""
        world = replayed(engine, course.asked)
        return cls(engine, course.case, world.docket, world.on, course.asked)

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return self.docket.case(self.id)

    @property
    def history(self) -> tuple[Entry, ...]:
        """The history of the case."""
        return tuple(self.docket.entries(self.id))

    def __repr__(self) -> str:
        """Tell the case, the day, and the ledger that leads there."""
        return f"<{self.id} on {self.on}\n{ledger_of(self.steps)}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ANN401, ARG002, FBT001
        printer.text(repr(self))

    def further(self, requests: Requests, lot: Lot, column: str | None = None) -> Story:
        """Return this story with one more request, if it is granted and leaves a column as it is.

        The story itself is returned where it is not.
        """
        requests.lot, requests.today = lot, self.on
        requests.wait(self.docket)
        request = requests.request(self.docket)
        try:
            decision = self.engine.fire(self.docket, request)
        except (RequestError, CalendarError):
            return self
        if not decision.granted:
            return self
        docket = self.docket.copy()
        docket.take(decision)
        if column is not None and docket.case(self.id).values[column] != self.case.values[column]:
            return self
        return Story(self.engine, self.id, docket, requests.today, (*self.steps, request))
