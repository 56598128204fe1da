"""Proof, before anything is timed, that every contender of ``bulk.py`` does the whole job.

What the library's engine makes of each case by itself is what all others have to make too.
"""

import json
from collections.abc import Callable

import sqlalchemy as sa

from contenders import bulk_sql
from contenders.bulk_orm import OneByOne
from contenders.bulk_ours import Ours
from contenders.harbour import DAY, PASSING, PATTERNS, TASKS, Task, book, definition, fill
from contenders.proof import NotTheSameJob
from measuring.databases import Database

CASES = 2 * PATTERNS
#: When it was entered, and by which run, is each contender's own.
_OWN = {"recorded_at", "request_key"}
Rows = list[tuple[object, ...]]


def prove(database: Database) -> None:
    """Raise ``NotTheSameJob`` unless all make the same rows of the same cases."""
    for task in TASKS.values():
        fill(database, task, CASES)
        expected = _made(database, task, one_by_one)
        if len(expected[1]) - len(_made(database, task, lambda *_: None)[1]) != PASSING * 2:
            raise NotTheSameJob(f"{task.transition} is granted for another number of cases")
        for contender in (by_hand, in_parts, in_a_loop, ours, asking):
            if _made(database, task, contender) != expected:
                name = f"{contender.__name__} in {database.kind}"
                raise NotTheSameJob(f"{name}: other rows than firing {task.transition} one by one")
        database.forget()


def one_by_one(database: Database, task: Task) -> None:
    """Fire by the library, case by case."""
    with book(database) as opened, opened.transaction() as work:
        for case in list(work.cases(task.workflow)):
            work.fire(case.id, task.transition, actor=task.actor, on=DAY)


def by_hand(database: Database, task: Task) -> None:
    """Fire by hand-written SQL."""
    bulk_sql.fired(database, task, definition())


def in_parts(database: Database, task: Task) -> None:
    """Fire by hand-written SQL, some cases after the other."""
    bulk_sql.fired_in_parts(database, task, definition(), cases=CASES, part=70)


def in_a_loop(database: Database, task: Task) -> None:
    """Fire by an ORM and `transitions`."""
    OneByOne(database, task, definition(), together=CASES).fire(CASES)


def ours(database: Database, task: Task) -> None:
    """Fire by a plan."""
    Ours(database, task).run()


def asking(database: Database, task: Task) -> None:
    """Fire by a plan with a condition that only Python can answer."""
    Ours(database, task, asking=True).run()


# ---------------------------------------------------------------------------------------------


def _made(
    database: Database, task: Task, contender: Callable[[Database, Task], object]
) -> tuple[Rows, Rows]:
    """Return the rows of the cases and of their history after a contender's turn."""
    database.restore()
    contender(database, task)
    engine = database.engine()
    try:
        with engine.connect() as connection:
            return _rows(connection, f"{database.prefix}{task.workflow}"), _rows(
                connection, f"{database.prefix}history"
            )
    finally:
        engine.dispose()


def _rows(connection: sa.Connection, name: str) -> Rows:
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    kept = [column for column in table.c if column.name not in _OWN]
    rows = connection.execute(sa.select(*kept).order_by(*table.primary_key)).all()
    return [tuple(map(_value, row)) for row in rows]


def _value(value: object) -> object:
    """Return a value; JSON without its spelling."""
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value
