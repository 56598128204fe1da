"""Casework in a transaction of a book's own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from reformflow.casework.casework import Casework
from reformflow.model import Case, Decision
from reformflow.store import Connection, connected

if TYPE_CHECKING:
    from reformflow.casework.bulk.transaction import Bulk

_Result = TypeVar("_Result")


class Alone(Casework):
    """One unit of work of a book: it ends with the first error, so that no savepoint is needed.

    The database's own errors reach the book, which tells those that pass from the others.

    Beside the use cases it offers the steps of the longer ones, each for a unit of its own.
    """

    def page(
        self, workflow: str, unit: str | None, *, after: int
    ) -> tuple[tuple[Case, ...], int]:  # fmt: skip
        """Return some cases of a workflow, and the number with which to ask for the next ones."""
        return self._page(workflow, unit, after=after)

    def check_day(self, on: date) -> None:
        """Raise RequestError if the day has not come yet in the reform's zone."""
        self._check_day(on)

    def waiting(self, on: date, limit: tuple[str, ...] | None) -> tuple[str, ...]:
        """Return the cases to which time may have brought something, among these or all."""
        return self._waiting(on, limit)

    def tick_case(self, case: str, on: date) -> Decision | None:
        """Carry out what time has brought to one case, None if that is nothing."""
        return self._tick(case, on)

    def over_many(self, action: Callable[[Bulk], _Result]) -> _Result:
        """Do something about many cases."""
        from reformflow.casework.bulk.transaction import Bulk

        with self._reading() as connection:
            return action(Bulk(self._practice, connection, self._clock(), ours=True))

    def on_connection(self, action: Callable[[Connection], _Result]) -> _Result:
        """Run something that works on the connection itself."""
        with self._reading() as connection:
            return action(connection)

    def _reading(self) -> AbstractContextManager[Connection]:
        return connected(self._host)

    def _writing(self, case: str) -> AbstractContextManager[Connection]:  # noqa: ARG002
        return connected(self._host)
