"""The host's transaction, as each database and its driver tell of it."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from reformflow.errors import EmbeddingError, StoreError
from reformflow.store.borrowed import Lent

_BEGUN: Final = "reformflow_begun"
_FIT: Final = "reformflow_fit"
_OF_MARIADB: Final = (
    "SELECT @@character_set_client, @@character_set_connection, @@character_set_results, @@sql_mode"
)
_SETTINGS: Final = {
    "postgresql": "SELECT current_setting('client_encoding'), 'STRICT_ALL_TABLES'",
    "mysql": _OF_MARIADB,
    "mariadb": _OF_MARIADB,
}
_UNICODE: Final = {"utf8mb4", "UTF8"}
_STRICT: Final = {"STRICT_TRANS_TABLES", "STRICT_ALL_TABLES"}


def is_open(connection: sa.Connection) -> bool:
    """Say whether what is done now is part of a transaction.

    Not with AUTOCOMMIT; and in SQLite not before somebody has begun one.
    """
    pooled = connection.connection
    if connection.dialect.name == "sqlite":
        return bool(getattr(pooled.driver_connection, "in_transaction", True))
    # With asyncio these are two: which of them knows differs from driver to driver.
    return not any(map(_autocommits, (pooled.dbapi_connection, pooled.driver_connection)))


def begin(connection: sa.Connection) -> None:
    """Make sure that the host's transaction has begun before we read what we shall write.

    With the driver's own transaction control SQLite would not have begun yet, and a released
    savepoint would stay after the host rolls back. Others begin with the first statement.
    EmbeddingError inside a savepoint of the host that may be its transaction's beginning, and
    where every statement commits itself.
    """
    if not connection.in_transaction():
        connection.begin()
    lent = isinstance(connection.connection.driver_connection, Lent)
    if connection.dialect.name == "sqlite" and not lent:
        _begin_sqlite(connection)
    if not is_open(connection):
        message = "the connection commits each statement by itself"
        raise EmbeddingError(message, "give one that is in a transaction, without AUTOCOMMIT")


def check_fit(connection: sa.Connection) -> None:
    """Raise StoreError for a connection that would store other text than it is given.

    A connection to a server has its own character set, whatever the tables have, and one to
    MariaDB may cut off what does not fit. It is asked once.
    """
    asked = _SETTINGS.get(connection.dialect.name)
    if asked is None or connection.info.get(_FIT):
        return
    *sets, modes = connection.exec_driver_sql(asked).one()
    for charset in sets:
        if charset not in _UNICODE:
            message = f"the connection speaks {charset}: Chinese text could not be kept"
            hint = "add ?charset=utf8mb4 (MariaDB) or ?client_encoding=utf8 to its address"
            raise StoreError(message, hint)
    if not _STRICT & set(str(modes).split(",")):
        message = "the connection stores what does not fit cut off, without an error"
        raise StoreError(message, "add STRICT_TRANS_TABLES to its sql_mode")
    connection.info[_FIT] = True


# ---------------------------------------------------------------------------------------------


def _autocommits(driver: Any) -> bool:  # noqa: ANN401 - any DBAPI connection
    if hasattr(driver, "get_autocommit"):
        return bool(driver.get_autocommit())
    return getattr(driver, "autocommit", False) is True


def _begin_sqlite(connection: sa.Connection) -> None:
    if not is_open(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    root = connection.get_transaction()
    if connection.in_nested_transaction() and _by_driver(connection):
        if connection.info.get(_BEGUN) is not root:
            message = "SQLite's driver may have begun this transaction with the savepoint itself"
            hint = "then a rollback keeps it: let your engine emit BEGIN, or act before it as well"
            raise EmbeddingError(message, hint)
    else:
        connection.info[_BEGUN] = root


def _by_driver(connection: sa.Connection) -> bool:
    """Say whether the driver begins transactions in its old way, only before some statements."""
    driver: Any = connection.connection.driver_connection
    old = getattr(driver, "isolation_level", None) is not None
    return old and getattr(driver, "autocommit", None) is not False
