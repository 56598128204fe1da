"""Opening a book: finding or making its tables, and the definition it was made for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Final, TypeVar

from reformflow.casework.book import Book
from reformflow.casework.clock import Clock
from reformflow.casework.patience import PATIENCE, passing, pauses
from reformflow.casework.practice import Practice
from reformflow.engine import Callback
from reformflow.errors import StoreError
from reformflow.model import Reform
from reformflow.store import (
    Connection,
    Engine,
    Found,
    MetaData,
    SharedTables,
    SQLAlchemyError,
    check_text,
    definitions,
    engine_for,
    examine,
    file_missing,
    install,
    named,
    unit,
)
from reformflow.store import (
    preview as preview_tables,
)
from reformflow.store import (
    upgrade as upgrade_tables,
)

if TYPE_CHECKING:
    from reformflow.binding import Renames
    from reformflow.store.changes import Review

_ATTEMPTS: Final = 5
_UPGRADE: Final = "upgrade the tables: `reformflow upgrade`, or connect with upgrade=True"
_Result = TypeVar("_Result")


def connect(  # noqa: PLR0913 - each option is one decision of the operator
    url: str,
    reform: Reform | None = None,
    *,
    create: bool = True,
    upgrade: bool = False,
    beside: bool = False,
    prefix: str = "",
    schema: str | None = None,
    wal: bool = False,
    clock: Clock | None = None,
    patience: float = PATIENCE,
    callbacks: Mapping[str, Callback] | None = None,
) -> Book:
    """Open the book of a reform in the database at `url` (an SQLAlchemy URL).

    Without a reform, its definition is read from the database. `callbacks` are conditions of
    the host's own, in Python, by `workflow.transition`. `create` makes the tables where
    there are none (`beside` others', too), `upgrade` brings them to a changed definition. `wal`
    lets SQLite write ahead, if it is 3.51.3 or newer. Raises StoreError if the database cannot
    be used, MissingExtra if its driver is not installed, DefinitionError if the reform does
    not hold up.
    """
    engine = engine_for(url, wal=wal)
    place = _Place(engine, prefix, schema, patience, callbacks)
    try:
        practice, added = place.practice(reform, create=create, upgrade=upgrade, beside=beside)
    except SQLAlchemyError as error:
        engine.dispose()
        raise named(error, engine.url.render_as_string(hide_password=True)) from error
    except BaseException:
        engine.dispose()
        raise
    return Book(engine, practice, clock=clock, patience=patience, added=added)


def preview(
    url: str,
    reform: Reform,
    *,
    renames: Renames | None = None,
    prefix: str = "",
    schema: str | None = None,
    patience: float = PATIENCE,
) -> Review:
    """Return what upgrading an existing database to a changed definition would do to its tables.

    Nothing is changed. `renames` are those that the cases will be migrated with. Raises as
    `connect` does; UnknownName or RequestError for renames that do not fit.
    """
    engine = engine_for(url)
    try:
        return _Place(engine, prefix, schema, patience).preview(reform, renames)
    except SQLAlchemyError as error:
        raise named(error, engine.url.render_as_string(hide_password=True)) from error
    finally:
        engine.dispose()


# ---------------------------------------------------------------------------------------------


class _Place:
    """Where a reform's tables are, or will be."""

    def __init__(
        self,
        engine: Engine,
        prefix: str,
        schema: str | None,
        patience: float,
        callbacks: Mapping[str, Callback] | None = None,
    ) -> None:
        self._engine = engine
        self._patience = patience
        self._callbacks = callbacks
        self._prefix = prefix
        self._schema = schema
        self._tables = SharedTables.of(MetaData(), prefix=prefix, schema=schema)

    def practice(
        self, reform: Reform | None, *, create: bool, upgrade: bool, beside: bool
    ) -> tuple[Practice, tuple[str, ...]]:
        """Return the reform with its tables, and what an upgrade has added to them."""
        given = None if reform is None else self._compiled(reform)  # first: may make no file
        found = self._found(make=create and given is not None, beside=beside)
        practice = given or self._compiled(self._stored_reform(found))
        reform = practice.reform
        self._read(lambda connection: check_text(connection, practice.schema))
        if found is Found.NOTHING:
            if not create:
                raise StoreError("the database holds no reform yet", "connect with create=True")
            self._write(lambda connection: install(connection, practice.schema, reform, _now()))
        elif upgrade:
            return practice, self._write(
                lambda connection: upgrade_tables(connection, practice.schema, reform, _now())
            )
        else:
            self._check(found, practice)
        return practice, ()

    def preview(self, reform: Reform, renames: Renames | None) -> Review:
        """Return what an upgrade to a definition would change."""
        self._found(make=False, beside=True)
        practice = self._compiled(reform)
        return self._read(lambda c: preview_tables(c, practice.schema, reform, renames))

    def _compiled(self, reform: Reform) -> Practice:
        return Practice.of(
            reform, prefix=self._prefix, schema=self._schema, callbacks=self._callbacks
        )

    def _found(self, *, make: bool, beside: bool) -> Found:
        """Tell what is there; without `make`, a file that is not there is not made either."""
        if not make and file_missing(self._engine):
            message = f"there is no file {self._engine.url.database!r}"
            raise StoreError(message, "check the address, or make it with the reform's folder")
        found = self._read(lambda connection: examine(connection, self._tables, beside=beside))
        if found is Found.CURRENT and self._latest() is None:
            return Found.NOTHING  # the host's migrations made the shared tables, and no more
        return found

    def _latest(self) -> str | None:
        return self._read(lambda connection: definitions.latest(connection, self._tables))

    def _stored_reform(self, found: Found) -> Reform:
        if found is Found.NOTHING:
            raise StoreError("the database holds no reform yet", "give the reform's folder")

        digest = self._latest() or ""
        return self._read(lambda connection: definitions.load(connection, self._tables, digest))

    def _check(self, found: Found, practice: Practice) -> None:
        if found is Found.OLDER:
            message = "the tables were made by an older version of reformflow"
            raise StoreError(message, f"make a backup, then {_UPGRADE}")
        digest = practice.definition
        if not self._read(lambda c: definitions.stored(c, self._tables, digest)):
            message = (
                f"the database was made for another definition than this {practice.reform.id!r}"
            )
            raise StoreError(message, f"give that definition, or {_UPGRADE}")

    def _read(self, action: Callable[[Connection], _Result]) -> _Result:
        return self._unit(action, writes=False, attempts=1)

    def _write(self, action: Callable[[Connection], _Result]) -> _Result:
        return self._unit(action, writes=True, attempts=_ATTEMPTS)

    def _unit(
        self, action: Callable[[Connection], _Result], *, writes: bool, attempts: int
    ) -> _Result:
        """Run one unit of work as often as it takes while others are in its way.

        After any other error it is tried `attempts` times: somebody else who makes the same
        tables just now is in the way in as many words as there are databases.
        """
        rest = pauses(self._patience)
        for attempt in count(1):
            try:
                with unit(self._engine, writes=writes) as connection:
                    return action(connection)
            except SQLAlchemyError as error:
                if (attempt >= attempts and not passing(error)) or not next(rest):
                    raise
        raise AssertionError


def _now() -> datetime:
    return datetime.now(UTC)
