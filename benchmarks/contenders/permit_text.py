"""A workflow that its library keeps as text: read the text, go on, write the text, commit.

The text is a column of SQLite beside a revision; the history row is written with it.
"""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial

from contenders.permit import DAY, DEFINITION, Durable, changes, ids, now


def kept(  # noqa: PLR0913 - what a library is driven by, and where
    name: str,
    file: str,
    pragmas: Sequence[str],
    count: int,
    *,
    fresh: str,
    sent: Callable[[str], str],
    state: Callable[[str], str],
    taken_back: Callable[[str], str] | None = None,
) -> Durable:
    """Store the text of a `fresh` workflow for each permit.

    `sent` turns the text of one into that after sending, or raises Refused, `taken_back` that of
    one that was sent; `state` reads it.
    """
    driver = sqlite3.connect(file, isolation_level=None)
    for pragma in pragmas:
        driver.execute(pragma)
    driver.execute("CREATE TABLE permit (id TEXT PRIMARY KEY, revision INT, workflow TEXT)")
    driver.execute(
        "CREATE TABLE history (case_id TEXT, seq INT, name TEXT, actor TEXT, happened_on TEXT,"
        " recorded_at TEXT, changes TEXT, definition TEXT, PRIMARY KEY (case_id, seq))"
    )
    driver.execute("BEGIN")
    driver.executemany("INSERT INTO permit VALUES (?, 1, ?)", [(id_, fresh) for id_ in ids(count)])
    driver.execute("COMMIT")

    def act(name: str, done: Callable[[str], str], case: str) -> None:
        driver.execute("BEGIN IMMEDIATE")
        row = driver.execute("SELECT revision, workflow FROM permit WHERE id = ?", (case,))
        revision, stored = row.fetchone()
        try:
            written = done(stored)
        except BaseException:
            driver.execute("ROLLBACK")
            raise
        driver.execute(
            "UPDATE permit SET revision = ?, workflow = ? WHERE id = ? AND revision = ?",
            (revision + 1, written, case, revision),
        )
        entry = (case, revision + 1, name, "clerk", DAY.isoformat(), now().isoformat())
        row_ = (*entry, changes(), DEFINITION)
        driver.execute("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row_)
        driver.execute("COMMIT")

    def seen(case: str) -> tuple[str, int]:
        (stored,) = driver.execute("SELECT workflow FROM permit WHERE id = ?", (case,)).fetchone()
        counted = driver.execute("SELECT count(*) FROM history WHERE case_id = ?", (case,))
        return state(stored), counted.fetchone()[0] + 1  # its opening has none

    back = None if taken_back is None else partial(act, "take_back", taken_back)
    return Durable(name, partial(act, "send", sent), seen, driver.close, back)
