"""`reformflow status` of a whole country: 114,000 departments and their 2.4 million entries.

The examples of the shipped reform are applied by the command line; the database then copies its
departments. Each measurement is a fresh process, which finds its modules compiled, as those of an
installed package are. The limit is SQL by hand that only counts.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import click
import sqlalchemy as sa

from measuring.databases import KINDS, Database, Unreachable, own, within
from measuring.processes import installed
from measuring.report import Figure, show, skipped

LIMIT, OURS = "SQL by hand", "reformflow"
FOLDER = Path(__file__).parent.parent / "workflows" / "putuo-2021-9"
ROSTER, LEDGER = FOLDER / "examples" / "roster", FOLDER / "examples" / "ledger.csv"
MOST = 1.0
_LABEL = 6  # digits

#: Counts departments by state and by whether they are late, and late entries by transition.
BY_HAND = """
import importlib, json, sys
driver, arguments, options, today = json.loads(sys.argv[1])
here = importlib.import_module(driver).connect(*arguments, **options).cursor()
here.execute(
    "SELECT progress_state, progress_due < '" + today + "', oversight_state, count(*)"
    " FROM department GROUP BY 1, 2, 3"
)
here.fetchall()
here.execute(
    "SELECT workflow, name, count(*) FROM history WHERE late IS NOT NULL GROUP BY 1, 2"
    if driver != "pymysql" else "SELECT marks, count(*) FROM history WHERE marks > '' GROUP BY 1"
)
here.fetchall()
"""


def seconds(arguments: list[str], compiled: str) -> float:
    """Run one process to its end; return how long it took. `compiled` is a folder for modules."""
    ours = installed(compiled)
    start = perf_counter()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, env=ours)  # noqa: S603 - our own
    return perf_counter() - start


def reformflow(database: Database, *arguments: str) -> list[str]:
    """Return a command line of ours for a database."""
    return [sys.executable, "-m", "reformflow", *arguments, "--db", database.url]


def by_hand(database: Database) -> list[str]:
    """Return the command line of the limit."""
    engine = database.engine()
    arguments, options = engine.dialect.create_connect_args(engine.url)
    today = datetime.now(UTC).date().isoformat()
    plain = {name: value for name, value in options.items() if isinstance(value, str | int)}
    given = (engine.dialect.import_dbapi().__name__, arguments, plain, today)
    return [sys.executable, "-c", BY_HAND, json.dumps(given)]


def fill(database: Database, departments: int, compiled: str) -> int:
    """Apply the examples, then copy the departments with their entries; return how many entries."""
    given = ["--roster", str(ROSTER), "--ledger", str(LEDGER)]
    seconds(reformflow(database, "run", str(FOLDER), *given), compiled)
    seconds(reformflow(database, "status"), compiled)
    found: list[int] = []
    within(database, partial(_copy, departments, found))
    database.settle()
    return found[0]


def _copy(departments: int, found: list[int], connection: sa.Connection) -> None:
    """Copy all departments under new ids, label by label, in the order of these ids."""
    here = sa.MetaData()
    here.reflect(connection, only=["department", "history", "catalog"])
    there = connection.scalar(sa.select(sa.func.count()).select_from(here.tables["department"]))
    copies = sa.Table("copies", here, sa.Column("label", sa.String(_LABEL), primary_key=True))
    copies.create(connection)
    labels = [{"label": f"{n:0{_LABEL}}"} for n in range(1, departments // (there or departments))]
    connection.execute(sa.insert(copies), labels)
    old = sa.MetaData()
    for name, key in (("department", "id"), ("history", "case_id"), ("catalog", "id")):
        table = here.tables[name]
        columns = [column for column in table.c if column.computed is None]
        rows = sa.select(*columns)
        if name != "department":
            rows = rows.where(table.c.workflow == "department")
        kept = sa.Table(f"old_{name}", old, *(sa.Column(c.name, c.type) for c in columns))
        kept.create(connection)
        connection.execute(sa.insert(kept).from_select([c.name for c in columns], rows))
        columns = [column for column in kept.c if column.name != "number"]
        values = [
            copies.c.label.concat("~").concat(column) if column.name == key else column
            for column in columns
        ]
        each = sa.select(*values).select_from(copies.join(kept, sa.true())).order_by(values[0])
        connection.execute(sa.insert(table).from_select([c.name for c in columns], each))
        kept.drop(connection)
    copies.drop(connection)
    count = sa.select(sa.func.count()).select_from(here.tables["history"])
    found.append(connection.scalar(count) or 0)


def figures(database: Database, departments: int, rounds: int, compiled: str) -> Iterator[Figure]:
    """Fill one database and measure in it."""
    entries = fill(database, departments, compiled)
    commands = {LIMIT: by_hand(database), OURS: reformflow(database, "status")}
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(seconds(command, compiled))
    limit, ours = median(taken[LIMIT]), median(taken[OURS])
    name = f"{database.kind}: {departments:,} departments, {entries:,} entries"
    yield Figure(LIMIT, name, limit, "s", 1)
    yield Figure(OURS, name, ours, "s", ours / limit, f"≤ {MOST:g} s", ours <= MOST)


@click.command(help=__doc__)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--rounds", default=7, show_default=True, type=click.IntRange(1), help="Turns each.")
@click.option("--departments", default=114_000, show_default=True, help="How many there are.")
@click.option(
    "--database",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="Only this kind of database; may be repeated.",
)
def main(*, as_json: bool, rounds: int, departments: int, kinds: tuple[str, ...]) -> None:
    """Measure and print."""
    found: list[Figure] = []
    for kind in kinds or KINDS:
        try:
            with own(kind) as database, TemporaryDirectory(prefix="compiled") as compiled:
                found += figures(database, departments, rounds, compiled)
        except Unreachable as why:
            skipped(kind, str(why))
    notes = [
        f"Medians of {rounds} fresh processes, in turns, by the clock on the wall.",
        "The limit finds late entries by our index too, and names nothing.",
    ]
    show(found, title="The board of a country", as_json=as_json, notes=notes)


if __name__ == "__main__":
    main()
