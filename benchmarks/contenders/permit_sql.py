"""The limit of ``store.py``: the same rows in the same tables, written by hand on the driver.

- SQLite and MariaDB: one transaction; the guard stands in the UPDATE, then the entry is inserted.
- PostgreSQL: one statement under autocommit, an UPDATE with the guard in its WITH, and the INSERT.

The connection stays open; nothing is read into Python, and a refusal would name no reason.
`loading` is the job itself by hand, on SQLite: the case is read and decided on in Python.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from contenders.permit import (
    DAY,
    DEFINITION,
    LIMIT,
    LOADING,
    MOST_POSTS,
    Durable,
    Refused,
    changes,
    now,
)

_UPDATE = (
    "UPDATE {p}permit SET progress_state = 'sent', progress_since = {m}, progress_last = {m},"
    " revision = revision + 1 WHERE id = {m} AND progress_state = 'draft' AND progress_last <= {m}"
    " AND posts <= {m} AND paid"
)
_LOAD = "SELECT progress_state, progress_last, posts, paid, revision FROM permit WHERE id = ?"
_VERSIONED = (
    "UPDATE permit SET progress_state = 'sent', progress_since = ?, progress_last = ?,"
    " revision = revision + 1 WHERE id = ? AND revision = ?"
)
_COLUMNS = (
    "case_id, seq, workflow, kind, name, actor, happened_on, recorded_at, changes, definition"
)
_INSERT = (
    "INSERT INTO {p}history ({c}) SELECT id, revision, 'permit', 'fired', 'send', 'clerk',"
    " {m}, {m}, {m}, {m} FROM {p}permit WHERE id = {m}"
)
_ONE = (
    "WITH sent AS ({update} RETURNING id, revision) INSERT INTO {p}history ({c}) SELECT id,"
    " revision, 'permit', 'fired', 'send', 'clerk', {m}::date, {m}::timestamptz, {m}, {m} FROM sent"
)


def sqlite(file: str, pragmas: Sequence[str]) -> Durable:
    """Send permits on `sqlite3` itself."""
    driver = sqlite3.connect(file, isolation_level=None)
    for pragma in pragmas:
        driver.execute(pragma)
    update, insert = _UPDATE.format(p="", m="?"), _INSERT.format(p="", m="?", c=_COLUMNS)

    def send(case: str) -> None:
        day, instant = DAY.isoformat(), now().replace(tzinfo=None).isoformat(" ")
        driver.execute("BEGIN IMMEDIATE")
        if driver.execute(update, (day, day, case, day, MOST_POSTS)).rowcount != 1:
            driver.execute("ROLLBACK")
            raise Refused
        driver.execute(insert, (day, instant, changes(), DEFINITION, case))
        driver.execute("COMMIT")

    return Durable(LIMIT, send, _seeing(driver.cursor(), "", "?"), driver.close)


def loading(file: str, pragmas: Sequence[str]) -> Durable:
    """Send permits on `sqlite3` itself: load, decide, update the row if nobody else did, enter."""
    driver = sqlite3.connect(file, isolation_level=None)
    for pragma in pragmas:
        driver.execute(pragma)
    insert = _INSERT.format(p="", m="?", c=_COLUMNS)

    def send(case: str) -> None:
        day, instant = DAY.isoformat(), now().replace(tzinfo=None).isoformat(" ")
        driver.execute("BEGIN IMMEDIATE")
        state, last, posts, paid, revision = driver.execute(_LOAD, (case,)).fetchone()
        granted = state == "draft" and last <= day and posts <= MOST_POSTS and paid
        if not granted or driver.execute(_VERSIONED, (day, day, case, revision)).rowcount != 1:
            driver.execute("ROLLBACK")
            raise Refused
        driver.execute(insert, (day, instant, changes(), DEFINITION, case))
        driver.execute("COMMIT")

    return Durable(LOADING, send, _seeing(driver.cursor(), "", "?"), driver.close)


def mariadb(driver: Any, prefix: str) -> Durable:  # noqa: ANN401 - a connection of PyMySQL
    """Send permits on PyMySQL itself."""
    cursor = driver.cursor()
    update = _UPDATE.format(p=prefix, m="%s")
    insert = _INSERT.format(p=prefix, m="%s", c=_COLUMNS)

    def send(case: str) -> None:
        if cursor.execute(update, (DAY, DAY, case, DAY, MOST_POSTS)) != 1:
            driver.rollback()
            raise Refused
        cursor.execute(insert, (DAY, now().replace(tzinfo=None), changes(), DEFINITION, case))
        driver.commit()

    return Durable(LIMIT, send, _seeing(cursor, prefix, "%s"), driver.close)


def postgresql(driver: Any, prefix: str) -> Durable:  # noqa: ANN401 - one of psycopg
    """Send permits on psycopg itself."""
    driver.autocommit = True
    cursor = driver.cursor()
    update = _UPDATE.format(p=prefix, m="%s")
    one = _ONE.format(update=update, p=prefix, m="%s", c=_COLUMNS)

    def send(case: str) -> None:
        given = (DAY, DAY, case, DAY, MOST_POSTS, DAY, now(), changes(), DEFINITION)
        if cursor.execute(one, given).rowcount != 1:
            raise Refused

    return Durable(LIMIT, send, _seeing(cursor, prefix, "%s"), driver.close)


def _seeing(cursor: Any, prefix: str, mark: str) -> Callable[[str], tuple[str, int]]:  # noqa: ANN401 - any driver's
    def seen(case: str) -> tuple[str, int]:
        cursor.execute(f"SELECT progress_state FROM {prefix}permit WHERE id = {mark}", (case,))
        state = cursor.fetchone()[0]
        cursor.execute(f"SELECT count(*) FROM {prefix}history WHERE case_id = {mark}", (case,))
        return state, cursor.fetchone()[0]

    return seen
