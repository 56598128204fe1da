"""Working inside somebody else's transaction, without harm to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import sqlalchemy as sa

from reformflow.errors import Conflict, TransactionLost
from reformflow.store.dialects import begin_writing, transaction_lost
from reformflow.store.faults import Trouble, clashed, named, trouble


class HostSession(Protocol):
    """What we use of an ORM session."""

    @property
    def no_autoflush(self) -> AbstractContextManager[Any]:
        """A context in which the session does not flush by itself."""

    def connection(self) -> sa.Connection:
        """Return the connection of the session's transaction."""


@contextmanager
def connected(host: sa.Connection | HostSession) -> Iterator[sa.Connection]:
    """Give the host's connection; a session is neither flushed nor expired."""
    if isinstance(host, sa.Connection):
        yield host
        return
    with host.no_autoflush:
        yield host.connection()


@contextmanager
def reading(host: sa.Connection | HostSession) -> Iterator[sa.Connection]:
    """Give the host's connection for reading; trouble comes as the error that names it."""
    with connected(host) as connection:
        try:
            yield connection
        except sa.exc.SQLAlchemyError as error:
            raise _told(connection, error) from error


@contextmanager
def writing(host: sa.Connection | HostSession) -> Iterator[sa.Connection]:
    """Give the host's connection for reading what is then written in the same transaction."""
    with reading(host) as connection:
        begin_writing(connection)
        yield connection


@contextmanager
def savepoint(connection: sa.Connection, what: str) -> Iterator[None]:
    """Undo on an error what was written here, and nothing of the host's.

    Conflict if somebody else was first, TransactionLost if the database has undone the whole
    transaction.
    """
    try:
        with connection.begin_nested():
            yield
    except sa.exc.IntegrityError as error:
        if clashed(error):
            raise Conflict.over(what) from error
        raise


# ---------------------------------------------------------------------------------------------


def _told(connection: sa.Connection, error: sa.exc.SQLAlchemyError) -> Exception:
    if clashed(error):
        return Conflict.over("the same id or key")
    if transaction_lost(connection) or trouble(error) is Trouble.BUSY:
        message = f"the database has undone the transaction: {getattr(error, 'orig', error)}"
        return TransactionLost(message, "roll back and begin the whole transaction again")
    return named(error)
