"""An address that cannot be used is answered with one that can."""

from __future__ import annotations

import sys

import pytest

from reformflow.errors import MissingExtra, StoreError
from reformflow.store import engine_for

ADDRESSES = [
    ("mysql://u:geheim@h/d", "MySQLdb", "mariadb", "mysql+pymysql://u:***@h/d"),
    ("mariadb://u:geheim@h/d", "MySQLdb", "mariadb", "mariadb+pymysql://u:***@h/d"),
    ("mysql+pymsql://u:geheim@h/d", "", "mariadb", "mysql+pymysql://u:***@h/d"),
    ("postgresql+psycopg2://u@h/d", "psycopg2", "postgres", "postgresql+psycopg://u@h/d"),
    ("postgres://u:geheim@h/d", "", "postgres", "postgresql+psycopg://u:***@h/d"),
    ("postgresql+psycopg3://u@h/d", "", "postgres", "postgresql+psycopg://u@h/d"),
]


@pytest.mark.parametrize(("url", "driver", "extra", "right"), ADDRESSES)
def test_a_server_without_a_driver_is_told_ours(
    url: str, driver: str, extra: str, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`driver` is what SQLAlchemy takes for the address, on a machine that does not have it."""
    monkeypatch.setitem(sys.modules, driver, None)
    with pytest.raises(MissingExtra) as caught:
        engine_for(url)
    assert f"pip install 'reformflow[{extra}]', write {right}" in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_a_right_address_needs_only_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymysql", None)
    with pytest.raises(MissingExtra) as caught:
        engine_for("mysql+pymysql://u@h/d")
    assert caught.value.hint == "pip install 'reformflow[mariadb]'"


@pytest.mark.parametrize("url", ["oracle://u:geheim@h/d", "mssql+pyodbc://u:geheim@h/d"])
def test_a_database_that_we_do_not_know_gets_examples(url: str) -> None:
    with pytest.raises(StoreError, match=r"sqlite:///reform.db.*mysql\+pymysql") as caught:
        engine_for(url)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "reform.db",
        "sqlite+foo:///reform.db",
        "postgresql+psycopg://u:geheim@h:port/d",
        "pg//u:geheim@h/d",
        "",
    ],
)
def test_what_is_no_address_gets_examples(url: str) -> None:
    with pytest.raises(
        StoreError, match=r"is not the address of a database.*sqlite:///reform.db"
    ) as caught:
        engine_for(url)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("sqlite+aiosqlite:///reform.db", "sqlite:///reform.db"),
        ("postgresql+asyncpg://u:geheim@h/d", "postgresql+psycopg://u:***@h/d"),
        ("mysql+aiomysql://u:geheim@h/d", "mysql+pymysql://u:***@h/d"),
    ],
)
@pytest.mark.parametrize("installed", [True, False])
def test_a_driver_of_asyncio_is_for_the_hosts_own_session(
    url: str, right: str, installed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not installed:
        for driver in ("aiosqlite", "asyncpg", "aiomysql"):
            monkeypatch.setitem(sys.modules, driver, None)
    with pytest.raises(StoreError, match="AsyncCasework") as caught:
        engine_for(url)
    assert f"write {right};" in str(caught.value)
    assert "geheim" not in str(caught.value)
