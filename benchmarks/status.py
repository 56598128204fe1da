"""`reformflow status` of a whole country: 114,000 departments and their 2.4 million entries.

The examples of the shipped reform are applied by the command line; the database then copies its
departments. Each measurement is a fresh process. The limit is SQL by hand that only counts.
"""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import click

from measuring.report import Figure, against_limit, show

LIMIT, OURS = "SQL by hand", "reformflow"
FOLDER = Path(__file__).parent.parent / "workflows" / "putuo-2021-9"
ROSTER, LEDGER = FOLDER / "examples" / "roster", FOLDER / "examples" / "ledger.csv"
MOST = 1.0

#: Counts departments by state and by whether they are late, and late entries by transition.
BY_HAND = """
import sqlite3, sys
here = sqlite3.connect(sys.argv[1])
here.execute(
    "SELECT progress_state, progress_due < date('now'), oversight_state, count(*)"
    " FROM department GROUP BY 1, 2, 3"
).fetchall()
here.execute(
    "SELECT workflow, name, count(*) FROM history WHERE late IS NOT NULL GROUP BY 1, 2"
).fetchall()
"""


def seconds(arguments: list[str]) -> float:
    """Run one process to its end; return how long it took."""
    start = perf_counter()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    return perf_counter() - start


def fill(file: Path, departments: int) -> int:
    """Apply the examples, then copy the departments with their entries; return how many entries."""
    command = [sys.executable, "-m", "reformflow", "run", str(FOLDER), "--roster", str(ROSTER)]
    seconds([*command, "--ledger", str(LEDGER), "--db", f"sqlite:///{file}"])
    with closing(sqlite3.connect(file)) as here, here:
        (there,) = here.execute("SELECT count(*) FROM department").fetchone()
        here.execute("CREATE TEMP TABLE copies (label TEXT)")
        labels = [(f"~{number}",) for number in range(1, departments // there)]
        here.executemany("INSERT INTO copies VALUES (?)", labels)
        for table, key in (("department", "id"), ("history", "case_id"), ("catalog", "id")):
            mine = "" if table == "department" else " WHERE workflow = 'department'"
            here.execute(f"CREATE TEMP TABLE old AS SELECT * FROM {table}{mine}")
            names = [row[1] for row in here.execute(f"PRAGMA table_info({table})")]
            names = [name for name in names if name not in {key, "number"}]
            kept = ", ".join(f'"{name}"' for name in names)
            here.execute(
                f"INSERT INTO {table} ({key}, {kept})"
                f" SELECT old.{key} || label, {kept} FROM copies, old"
            )
            here.execute("DROP TABLE temp.old")
        (entries,) = here.execute("SELECT count(*) FROM history").fetchone()
    return int(entries)


@click.command(help=__doc__)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--rounds", default=7, show_default=True, type=click.IntRange(1), help="Turns each.")
@click.option("--departments", default=114_000, show_default=True, help="How many there are.")
def main(*, as_json: bool, rounds: int, departments: int) -> None:
    """Measure and print."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "country.db"
        entries = fill(file, departments)
        commands = {
            LIMIT: [sys.executable, "-c", BY_HAND, str(file)],
            OURS: [sys.executable, "-m", "reformflow", "status", "--db", f"sqlite:///{file}"],
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                taken[name].append(seconds(command))
    name = f"status of {departments:,} departments"
    times = {who: median(found) for who, found in taken.items()}
    limit, ours = against_limit([Figure(who, name, s, "s") for who, s in times.items()], LIMIT)
    goal = f"≤ {MOST:g} s"
    figures = [
        limit,
        Figure(OURS, name, ours.value, "s", ours.ratio_to_limit, goal, times[OURS] <= MOST),
    ]
    notes = [
        f"Medians of {rounds} fresh processes, in turns, by the clock on the wall.",
        f"The history has {entries:,} entries.",
        "The limit finds late entries by our index too, and names nothing.",
    ]
    show(figures, title="The board of a country", as_json=as_json, notes=notes)


if __name__ == "__main__":
    main()
