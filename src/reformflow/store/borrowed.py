"""SQLAlchemy on a driver's connection that belongs to somebody else, such as Django's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa

from reformflow.errors import EmbeddingError


def borrowed_engine(dialect: str, lend: Callable[[], Any]) -> sa.Engine:
    """Return an engine that connects by borrowing what `lend` returns, and gives it back as it is.

    `dialect` is `sqlite`, `postgresql+psycopg` or `mysql+pymysql`. Commit, rollback and close do
    nothing on its connections: the transaction is begun and ended by whoever lends. Keep the
    engine; what it has compiled is used again.
    """
    kind = sa.engine.make_url(f"{dialect}://").get_backend_name()
    # It would ask for types through functions of the driver that want its very own connection.
    options = {"use_native_hstore": False} if kind == "postgresql" else {}
    return sa.create_engine(
        f"{dialect}://",
        creator=lambda: _KINDS.get(kind, Lent)(lend()),
        poolclass=sa.NullPool,
        pool_reset_on_return=None,
        **options,
    )


class Lent:
    """A driver's connection on which statements are run, and nothing is ended or set."""

    def __init__(self, driver: Any) -> None:  # noqa: ANN401 - any DBAPI connection
        """Stand for `driver`; EmbeddingError if there is none."""
        if driver is None:
            message = "the lender has no open connection"
            raise EmbeddingError(message, "begin a transaction first")
        self._driver = driver

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as the driver has it
        return getattr(self._driver, name)

    def cursor(self, *kind: Any, **options: Any) -> Any:  # noqa: ANN401 - a DBAPI cursor
        """Return a cursor that gives rows as the driver does by default."""
        return self._driver.cursor(*kind, **options)

    def commit(self) -> None:
        """Leave this to the lender."""

    rollback = close = commit

    def add_notice_handler(self, _: object) -> None:
        """Leave PostgreSQL's notices to the lender."""

    def create_function(self, *_: object, **__: object) -> None:
        """Leave SQLite's functions to the lender."""


# ---------------------------------------------------------------------------------------------


class _LentSqlite(Lent):
    def cursor(self, *kind: Any, **options: Any) -> Any:  # noqa: ANN401 - as above
        cursor = super().cursor(*kind, **options)
        cursor.row_factory = _unread
        return cursor


class _LentPostgres(Lent):
    def cursor(self, *kind: Any, **options: Any) -> Any:  # noqa: ANN401 - as above
        return super().cursor(*kind, row_factory=lambda _: tuple, **options)


_KINDS: dict[str, type[Lent]] = {"sqlite": _LentSqlite, "postgresql": _LentPostgres}


def _unread(_: object, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row as SQLite has it: the lender's driver may have made dates of its texts."""
    return tuple(str(value) if isinstance(value, date) else value for value in row)
