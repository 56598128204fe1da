"""Units of work in a database of our own: each whole, tried again where others were in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import attrs

from reformflow.casework.patience import PATIENCE, passing, pauses
from reformflow.errors import Conflict, ReformflowError, StoreError
from reformflow.store import (
    Connection,
    Engine,
    SQLAlchemyError,
    named,
    unit,
    unsure,
)

_Result = TypeVar("_Result")


@attrs.frozen
class Units:
    """The transactions of one database."""

    engine: Engine
    patience: float = PATIENCE

    def read(self, action: Callable[[Connection], _Result]) -> _Result:
        """Run a unit that only reads."""
        return self.run(action, writes=False, again=True)

    def write(self, action: Callable[[Connection], _Result]) -> _Result:
        """Run a unit that may be done again, should it be open whether it was stored."""
        return self.run(action, writes=True, again=True)

    def run(self, action: Callable[[Connection], _Result], *, writes: bool, again: bool) -> _Result:
        """Run one unit of work, whole and as often as it takes.

        `again` says that it does no harm to do it twice, should a commit be lost on its way.
        """

        def whole(result: list[_Result]) -> None:
            with unit(self.engine, writes=writes) as connection:
                result.append(action(connection))

        return self.tried(whole, writes=writes, again=again)

    def tried(
        self, attempt: Callable[[list[_Result]], None], *, writes: bool, again: bool
    ) -> _Result:
        """Attempt a unit as often as it takes; its result is there once it may be stored."""
        rest = pauses(self.patience)
        while True:
            result: list[_Result] = []
            try:
                attempt(result)
            except Conflict as error:
                if not next(rest):
                    raise Conflict(error.message, "others keep changing it: try later") from error
            except SQLAlchemyError as error:
                open_ = bool(result) and writes and unsure(error)
                if open_ and not again:
                    raise self._unknown(error) from error
                if not (open_ or passing(error)) or not next(rest):
                    raise (self._unknown if open_ else self._named)(error) from error
            else:
                return result[0]

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """Give the connection of a unit that writes and is not tried again."""
        worked = False
        try:
            with unit(self.engine, writes=True) as connection:
                yield connection
                worked = True
        except SQLAlchemyError as error:
            open_ = worked and unsure(error)
            raise (self._unknown if open_ else self._named)(error) from error

    def _named(self, error: SQLAlchemyError) -> ReformflowError:
        """Return the error that names the trouble with this database."""
        return named(error, self._where())

    def _unknown(self, error: SQLAlchemyError) -> StoreError:
        message = f"something broke while committing to {self._where()}: {error}"
        return StoreError(message, "look into the case's history before you send it again")

    def _where(self) -> str:
        return self.engine.url.render_as_string(hide_password=True)
