"""The limit of ``bulk.py``: set-based SQL, as one would write it by hand for one transition.

It names no reasons, counts no refusals and cannot be resumed. Of the ways that were tried on each
database this is the fastest, with all cases in one transaction:

- PostgreSQL: one statement, ``UPDATE … RETURNING`` inside ``INSERT … SELECT``.
- SQLite and MariaDB: ``INSERT … SELECT``, then an ``UPDATE`` under the same condition.
- A condition over children is one pass over all of them. Where it would be made twice, the ids
  that fulfil it first go into a temporary table.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Self

from contenders.harbour import DAY, DUE, RUN, Task, numbered
from measuring.databases import Database

CONDITIONS = {
    "permit": """{within} AND progress_state = 'draft'
        AND progress_last <= '{day}' AND apply_due >= '{day}'
        AND length <= 24 AND beam <= 7
        AND insured_until >= '{day}' AND built_on <= '{day}'
        AND (fee_paid OR kind = 'barge')""",
    "pier": """{within} AND progress_state = 'planned' AND progress_last <= '{day}'
        AND id NOT IN (SELECT parent FROM {prefix}berth WHERE {above} GROUP BY parent
            HAVING sum(CASE WHEN in_use AND progress_state <> 'built' THEN 1 ELSE 0 END) > 0
            OR sum(CASE WHEN kind = 'motor' THEN 1 ELSE 0 END) > 2)""",
}
_HISTORY = (
    "case_id, seq, workflow, kind, name, actor, happened_on, recorded_at, changes, definition,"
    " request_key"
)


Span = tuple[str, str]
"""The ids from the first up to but without the second."""


def fired(database: Database, task: Task, definition: str) -> None:
    """Fire the transition over all cases that fulfil its condition."""
    _carry_out(database, [statements(database, task, definition)])


def fired_in_parts(
    database: Database, task: Task, definition: str, *, cases: int, part: int
) -> None:
    """Fire it over some cases after the other, each part in a transaction of its own."""
    starts = [numbered(number) for number in range(0, cases + part, part)]
    spans = pairwise(starts)
    _carry_out(database, (statements(database, task, definition, span) for span in spans))


class Counting:
    """The single SELECT that counts the cases for which the transition is possible."""

    def __init__(self, database: Database, task: Task) -> None:
        """Connect, so that only the statement is timed."""
        self._engine = database.engine()
        table = f"{database.prefix}{task.workflow}"
        self._query = f"SELECT count(*) FROM {table} AS c WHERE {_where(database, task)}"

    def __enter__(self) -> Self:
        """Keep connected."""
        return self

    def __exit__(self, *_: object) -> None:
        """Disconnect."""
        self._engine.dispose()

    def count(self) -> int:
        """Count."""
        with self._engine.connect() as connection:
            return int(connection.exec_driver_sql(self._query).scalar_one())


def statements(
    database: Database, task: Task, definition: str, span: Span | None = None
) -> list[str]:
    """Return the statements that fire the transition, in their order."""
    prefix, where = database.prefix, _where(database, task, span)
    table, history = f"{prefix}{task.workflow}", f"{prefix}history"
    update = f"UPDATE {table} AS c SET {_sets(task, definition)}"
    insert = f"INSERT INTO {history} ({_HISTORY}) SELECT {_row(task, definition)}"
    if database.kind == "postgresql":
        moved = f"WITH moved AS ({update} WHERE {where} RETURNING id, revision - 1 AS revision)"
        return [f"{moved} {insert} FROM moved"]
    if task.workflow == "permit":
        return [f"{insert} FROM {table} AS c WHERE {where}", f"{update} WHERE {where}"]
    collate = " COLLATE utf8mb4_nopad_bin" if database.kind == "mariadb" else ""
    return [
        f"CREATE TEMPORARY TABLE chosen (id VARCHAR(200){collate} PRIMARY KEY, revision INTEGER)",
        f"INSERT INTO chosen SELECT id, revision FROM {table} AS c WHERE {where}",
        f"{insert} FROM chosen",
        f"{update} WHERE id IN (SELECT id FROM chosen)",
        "DROP TABLE chosen",
    ]


# ---------------------------------------------------------------------------------------------


def _carry_out(database: Database, parts: Iterable[list[str]]) -> None:
    engine = database.engine()
    try:
        with engine.connect() as connection:
            for part in parts:
                with connection.begin():
                    for statement in part:
                        connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


def _where(database: Database, task: Task, span: Span | None = None) -> str:
    within = above = "1 = 1"
    if span is not None:
        within, above = (
            f"{column} >= '{span[0]}' AND {column} < '{span[1]}'" for column in ("id", "parent")
        )
    return CONDITIONS[task.workflow].format(
        day=DAY, prefix=database.prefix, within=within, above=above
    )


def _sets(task: Task, definition: str) -> str:
    columns = {
        "progress_state": task.after,
        "progress_since": DAY,
        "progress_last": DAY,
        "progress_due": DUE,
        f"{task.transition}_on": DAY,
        task.due.replace(".", "_"): DUE,
        "definition": definition,
    }
    plain = ", ".join(f"{name} = '{value}'" for name, value in columns.items())
    return f"{plain}, revision = revision + 1"


def _row(task: Task, definition: str) -> str:
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    changes = json.dumps(task.changes, sort_keys=True, separators=(",", ":"))
    texts = (
        *(task.workflow, "fired", task.transition, task.actor.id, DAY),
        *(now, changes, definition, RUN),
    )
    return f"id, revision + 1, {', '.join(repr(str(text)) for text in texts)}"
