"""A database that could not keep what we store is refused before anything is stored in it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

from reformflow.casework import Casework
from reformflow.errors import StoreError
from reformflow.model import Reform
from reformflow.store.fit import check_server
from support.databases import NOW, Place, place_in
from support.errands import errand
from support.servers import address


@contextmanager
def database(kind: str, how: str, folder: Path) -> Iterator[Place]:
    """Give a place in a new database of a server, made as `how` says."""
    here = place_in(kind, folder)
    name = f"rf_{secrets.token_hex(4)}"
    engine = sa.create_engine(address(kind), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} {how}")
    here.url = engine.url.set(database=name).render_as_string(hide_password=False)
    try:
        yield here
    finally:
        here.give_up()
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name}")


def remade(place: Place, table: str) -> list[str]:
    """Return statements that change how a table of ours compares text, in the words of its make."""
    name = f"{place.prefix}{table}"
    if place.kind == "mariadb":
        return [f"ALTER TABLE {name} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"]
    if place.kind == "postgresql":
        return [f'ALTER TABLE {name} ALTER COLUMN definition TYPE text COLLATE "default"']
    other = "replace(sql, 'COLLATE \"BINARY\"', 'COLLATE NOCASE')"
    return [
        "PRAGMA writable_schema = ON",
        f"UPDATE sqlite_master SET sql = {other} WHERE name = '{name}'",  # noqa: S608
    ]


@pytest.mark.parametrize("table", ["history", "errand"])
def test_tables_that_somebody_converted_are_refused(
    place: Place, errands: Reform, table: str
) -> None:
    """For them ids that differ would be one: shared tables and those of workflows alike."""
    errand(place.open(errands))
    place.alter(lambda c: [c.exec_driver_sql(sql) for sql in remade(place, table)])
    before = place.dump()
    for options in ({"reform": errands}, {}, {"reform": errands, "upgrade": True}):
        with pytest.raises(StoreError, match=rf"{table}\b.*compare by.*make a backup"):
            place.open(**options)
    assert place.dump() == before
    place.give_up()


def test_columns_of_latin1_are_refused(errands: Reform, tmp_path: Path) -> None:
    place = place_in("mariadb", tmp_path)
    place.open(errands)
    sql = f"ALTER TABLE {place.prefix}answers CONVERT TO CHARACTER SET latin1"
    place.alter(lambda c: c.exec_driver_sql(sql))
    with pytest.raises(StoreError, match=r"compare by latin1_swedish_ci.*utf8mb4_nopad_bin"):
        place.open(errands)
    place.clear()


def test_a_database_of_latin1_does_no_harm(errands: Reform, tmp_path: Path) -> None:
    """MariaDB's tables say for themselves how they keep and compare text."""
    with database("mariadb", "CHARACTER SET latin1", tmp_path) as place:
        book = place.open(errands)
        for case in ("𠮷", "𡈽", "ab", "AB"):
            errand(book, case=case, facts={"备注": case})
        assert [case.values["备注"] for case in book.cases("errand")] == ["𠮷", "𡈽", "ab", "AB"]
        assert book.verify() == ()


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_postgresql_database_that_cannot_hold_chinese_is_refused(
    errands: Reform, tmp_path: Path, encoding: str
) -> None:
    how = f"ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    with database("postgresql", how, tmp_path) as place:
        place.url += "&" if "?" in place.url else "?"
        place.url += "client_encoding=utf8"
        with pytest.raises(StoreError, match=rf"keeps text as {encoding}.*ENCODING 'UTF8'"):
            place.open(errands)
        assert place.tables() == []


def test_a_connection_that_cannot_say_chinese_is_refused(place: Place, errands: Reform) -> None:
    """The host's connection speaks latin1, whatever the tables are made for."""
    if place.kind == "sqlite":
        pytest.skip("SQLite's connections all speak UTF-8")
    place.open(errands)
    name = "charset" if place.kind == "mariadb" else "client_encoding"
    engine = sa.create_engine(
        place.url, connect_args={name: "latin1"}, isolation_level="SERIALIZABLE"
    )
    with engine.connect() as connection:
        work = Casework(connection, place.practice(errands), clock=lambda: NOW)
        with pytest.raises(StoreError, match=r"the connection speaks (?i:latin1)"):
            errand(work)
        connection.commit()
    engine.dispose()
    assert place.dump()["history"] == []


OLD = {"sqlite": (3, 36, 0), "postgresql": (11, 22), "mariadb": (10, 5, 29)}


def test_a_server_that_is_too_old_is_refused(
    place: Place, errands: Reform, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = OLD[place.kind]
    _reports(monkeypatch, place, version)
    said = ".".join(map(str, version))
    with pytest.raises(StoreError, match=rf" {said} is older than \d.*upgrade it"):
        place.open(errands)
    assert place.tables() == []


def test_mysql_is_not_mariadb(tmp_path: Path) -> None:
    """SQLAlchemy tells the two apart by the version that the server reports."""
    engine = place_in("mariadb", tmp_path).engine()
    with engine.connect() as connection:
        check_server(connection)
        engine.dialect.is_mariadb = False
        with pytest.raises(StoreError, match=r"MySQL, not MariaDB.*use MariaDB, PostgreSQL or SQ"):
            check_server(connection)
    engine.dispose()


def _reports(patch: pytest.MonkeyPatch, place: Place, version: tuple[int, ...]) -> None:
    """Let a server report another version than its own."""
    dialect = type(place.engine().dialect)
    real = DefaultDialect.initialize if place.kind == "sqlite" else dialect.initialize

    def initialize(self: DefaultDialect, connection: sa.Connection) -> None:
        real(self, connection)
        self.server_version_info = version

    patch.setattr(dialect, "initialize", initialize)


def test_every_text_column_is_made_to_compare_as_python_does(errands: Reform, place: Place) -> None:
    """The check looks at them all: it is not content because it finds none."""
    schema = place.practice(errands).schema
    tables = [*schema.shared.migrated, *(table.table for table in schema.workflows.values())]
    dialect = place.engine().dialect
    wanted = {"sqlite": "BINARY", "postgresql": "C", "mariadb": "utf8mb4_nopad_bin"}[place.kind]
    texts = 0
    for column in (column for table in tables for column in table.columns):
        kind = column.type.dialect_impl(dialect)
        kind = getattr(kind, "impl", kind)
        if isinstance(kind, sa.String):
            texts += 1
            assert kind.collation == wanted, column
    assert texts > 30
