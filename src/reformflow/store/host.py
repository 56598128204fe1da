"""Working inside somebody else's transaction, without harm to it.

Everything we do there stands behind a savepoint of ours: so an error takes nothing of the host's
with it, also where the database (PostgreSQL) would let nothing more be done after one. It is the
probe as well: when it cannot be gone back to, the database has undone the whole transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from reformflow.errors import Conflict, EmbeddingError, ReformflowError, TransactionLost
from reformflow.store import transactions
from reformflow.store.faults import Trouble, clashed, doomed, named, trouble

_Result = TypeVar("_Result")


class HostSession(Protocol):
    """What we use of an ORM session."""

    @property
    def no_autoflush(self) -> Any:  # noqa: ANN401 - pyright does not see what SQLAlchemy's becomes
        """A context in which the session does not flush by itself."""

    def connection(self) -> sa.Connection:
        """Return the connection of the session's transaction."""


@contextmanager
def connected(host: sa.Connection | HostSession) -> Iterator[sa.Connection]:
    """Give the host's connection; a session is neither flushed nor expired."""
    if isinstance(host, sa.Connection):
        yield host
        return
    if hasattr(host, "run_sync"):
        raise EmbeddingError("this connection is one of asyncio", "use AsyncCasework")
    if not hasattr(host, "no_autoflush"):
        message = f"{host!r} is neither a connection nor a session"
        raise EmbeddingError(message, "give that of your transaction: engine.begin(), Session(…)")
    with host.no_autoflush:
        yield _kept(host.connection)


@contextmanager
def reading(host: sa.Connection | HostSession) -> Iterator[sa.Connection]:
    """Give the host's connection for reading; trouble comes as the error that names it."""
    with connected(host) as connection, _told(connection, "what is read"):
        transactions.check_fit(connection)
        with _savepoint(connection) if transactions.is_open(connection) else nullcontext():
            yield connection


@contextmanager
def writing(host: sa.Connection | HostSession, what: str) -> Iterator[sa.Connection]:
    """Give the host's connection for deciding about the case `what` and storing the decision.

    Raises Conflict if somebody else was first or holds what is needed: then nothing of ours
    stays, and all of the host's. TransactionLost if the database has undone the transaction.
    """
    with connected(host) as connection, _told(connection, what):
        transactions.check_fit(connection)
        transactions.begin(connection)
        with _savepoint(connection):
            yield connection


# ---------------------------------------------------------------------------------------------


@contextmanager
def _savepoint(connection: sa.Connection) -> Iterator[None]:
    """Undo on an error what was done here, and nothing else.

    TransactionLost if the database can neither set the savepoint, nor end it, nor go back to it.
    """
    point = _kept(connection.begin_nested)
    try:
        yield
    except Exception as error:
        try:
            point.rollback()
        except sa.exc.SQLAlchemyError:
            raise _gone(error) from error
        raise
    except BaseException:  # cancelled: what does not go back now goes with the connection
        point.rollback()
        raise
    try:
        _kept(point.commit)
    finally:
        point.close()


@contextmanager
def _told(connection: sa.Connection, what: str) -> Iterator[None]:
    """Raise trouble of the database as the error that tells the host what it still has."""
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        raise _named(connection, error, what) from error


def _kept(act: Callable[[], _Result]) -> _Result:
    """Do what the transaction cannot go on without, and tell the host if it fails."""
    try:
        return act()
    except sa.exc.DBAPIError as error:
        raise _gone(error) from error
    except sa.exc.InvalidRequestError as error:
        raise _unusable(error) from error


def _named(connection: sa.Connection, error: sa.exc.SQLAlchemyError, what: str) -> ReformflowError:
    if isinstance(error, sa.exc.InvalidRequestError):
        return _unusable(error)
    if connection.invalidated or doomed(error):
        return _gone(error)
    if clashed(error):
        return Conflict.over(what)
    if trouble(error) is Trouble.BUSY:
        message = f"somebody else holds what is needed here: {_said(error)}"
        return Conflict(message, "begin the transaction again, or go on without this")
    return named(error)


def _unusable(error: sa.exc.InvalidRequestError) -> ReformflowError:
    """Return what to tell a host whose transaction had ended, or failed, before it came to us."""
    if isinstance(error, sa.exc.PendingRollbackError):
        return _gone(error)
    message = f"the connection cannot be used: {_said(error)}"
    return EmbeddingError(message, "give one whose transaction is open")


def _gone(error: Exception) -> TransactionLost:
    message = f"the transaction cannot go on: {_said(error)}"
    return TransactionLost(message, "roll back and begin the whole transaction again")


def _said(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
