"""The job of ``bulk.py``: two transitions fired over every case of a harbour.

``apply`` has four rules over facts and dates of the case itself and a date until which it is
possible; ``open_pier`` asks for all children of the case, and counts some of them. Both note a
date ten working days later. 88 of 100 cases pass.
"""

from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path

import sqlalchemy as sa
from attrs import frozen

from measuring.databases import Database, within
from reformflow import Actor, Reform, connect, load
from reformflow.casework import Book, Casework
from reformflow.formats import fingerprint
from reformflow.model import Case

DEFINITION = Path(__file__).parents[1] / "definitions" / "harbour"
OPENED = date(2025, 3, 3)
DAY = date(2025, 4, 1)
DUE = date(2025, 4, 15)
RUN = "spring"
SKIPPER = Actor.holding("skipper", "skipper")
OFFICE = Actor.holding("office", "harbour_office")

#: Cases that differ from one another; all others are copies of them under new ids.
PATTERNS = 100
PASSING = 88
BERTHS = 4
_LABEL = 6  # digits for the copy that a case is; two more for its pattern


@frozen
class Task:
    """One transition over all cases of one workflow; from state ``before`` to ``after``."""

    workflow: str
    transition: str
    actor: Actor
    before: str
    after: str
    due: str

    @property
    def changes(self) -> dict[str, str]:
        """What an entry of this transition says, as JSON holds it."""
        return {
            "progress.state": self.after,
            "progress.since": DAY.isoformat(),
            "progress.last": DAY.isoformat(),
            "progress.due": DUE.isoformat(),
            f"{self.transition}.on": DAY.isoformat(),
            self.due: DUE.isoformat(),
        }


APPLY = Task("permit", "apply", SKIPPER, "draft", "applied", "grant.due")
OPEN_PIER = Task("pier", "open_pier", OFFICE, "planned", "open", "inspect.due")
TASKS = {task.workflow: task for task in (APPLY, OPEN_PIER)}


@cache
def reform() -> Reform:
    """Load the harbour's definition."""
    return load(DEFINITION)


def definition() -> str:
    """Return the digest that entries carry of the definition by which they were made."""
    return fingerprint(reform())


def book(database: Database, *, asking: bool = False) -> Book:
    """Open the book of a database, with its tables where there are none.

    With ``asking`` it has one condition more, which only Python can answer, and always grants.
    """
    return connect(
        database.url,
        reform(),
        prefix=database.prefix,
        beside=database.kind != "sqlite",
        callbacks={"permit.apply": seaworthy} if asking else None,
    )


def seaworthy(case: Case) -> bool:
    """Answer the host's own question about a permit; every vessel of the harbour is."""
    return int(case.values["length"] or 0) + int(case.values["beam"] or 0) > 0


def numbered(number: int) -> str:
    """Return the id of the case of this number; ids are in the order of numbers."""
    return f"{number:0{_LABEL + 2}}"


def fill(database: Database, task: Task, cases: int) -> None:
    """Open ``cases`` cases of the task's workflow, a multiple of ``PATTERNS``.

    The first of each pattern is opened by the library; the database copies its rows, and those
    of its children, under new ids, so that every case still is what its history adds up to.
    """
    with book(database) as opened, opened.transaction() as work:
        for number in range(PATTERNS):
            (_open_permit if task is APPLY else _open_pier)(work, number)
    within(database, partial(_copy, database.prefix, cases // PATTERNS))
    database.keep()


# ---------------------------------------------------------------------------------------------


def _open_permit(work: Casework, number: int) -> None:
    """Open a permit; the first twelve are each refused for one of the rules."""
    facts = {
        "length": 30 if number < 4 else 6 + number % 19,
        "beam": 2 + number % 6,
        "kind": ("sail", "motor", "barge")[number % 3 if number > 11 else 0],
        "insured_until": DAY + timedelta(days=-9 if 4 <= number < 7 else number),
        "built_on": DAY + timedelta(days=9 if 7 <= number < 9 else -30 * number),
        "fee_paid": True if number % 3 < 2 and not 9 <= number < 12 else None,
    }
    work.open(numbered(number), "permit", actor=SKIPPER, on=OPENED, facts=facts)


def _open_pier(work: Casework, number: int) -> None:
    """Open a pier with its berths; of the first twelve six are not built, six too full."""
    pier = numbered(number)
    work.open(pier, "pier", actor=OFFICE, on=OPENED, facts={"metres": 20 + number})
    for place in range(BERTHS):
        berth, used = f"{pier}-{place}", (number + place) % 4 > 0
        motor = place < 3 if 6 <= number < 12 else place < number % 3
        facts = {"kind": "motor" if motor else "sail", "in_use": used or number < 6}
        work.open(berth, "berth", parent=pier, actor=OFFICE, on=OPENED, facts=facts)
        if facts["in_use"] and (number >= 6 or place):
            work.fire(berth, "build", actor=OFFICE, on=OPENED)


def _copy(prefix: str, copies: int, connection: sa.Connection) -> None:
    """Copy all rows so often that each pattern is there ``copies`` times."""
    known = sa.MetaData()
    label = sa.Table("copies", known, sa.Column("label", sa.String(_LABEL)), prefixes=["TEMPORARY"])
    label.create(connection)
    labels = [{"label": f"{number:0{_LABEL}}"} for number in range(1, copies)]
    connection.execute(sa.insert(label), labels)
    for name in ("catalog", "history", "permit", "pier", "berth"):
        table = sa.Table(f"{prefix}{name}", sa.MetaData(), autoload_with=connection)
        columns = [c for c in table.c if c.name != "number" and c.computed is None]
        values = [
            label.c.label.concat(sa.func.substr(column, _LABEL + 1)).label(column.name)
            if column.name in {"id", "case_id", "parent"}
            else column
            for column in columns
        ]
        # The cross join copies each row once for each label; ordered by id, as time would have it.
        rows = sa.select(*values).select_from(label.join(table, sa.true())).order_by(values[0])
        connection.execute(sa.insert(table).from_select([c.name for c in columns], rows))
