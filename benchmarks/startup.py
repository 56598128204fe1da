"""Start-up: importing reformflow, loading a reform, and the command line's main job.

Every measurement is a fresh Python process, in turns. The limit is a Python that does nothing.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter

import click
from attrs import frozen
from rich.console import Console
from rich.progress import Progress

from measuring.report import Figure, show, skipped

LIMIT = "bare python"
OURS = "reformflow"
STARTED = "bare start"

REFORM = "putuo-2021-9"
EXAMPLES = Path(__file__).parent.parent / "workflows" / REFORM / "examples"

IMPORT = "import reformflow"
LOAD = "load the whole reform"
RUN = "reformflow run on the examples"

#: Seconds each may take: an import and a load without the interpreter's own start, a run with it.
MOST = {IMPORT: 0.15, LOAD: 0.5, RUN: 10.0}

#: What only an extra installs: a plain ``import reformflow`` must leave all of it alone.
OPTIONAL = frozenset(
    {
        "altair", "dask", "dd", "distributed", "docxtpl", "fastapi", "holidays", "hypothesis",
        "jinja2", "jwt", "numpy", "opentelemetry", "pandas", "pm4py", "psycopg", "pygraphviz",
        "pymysql", "pytest", "starlette", "typst", "uvicorn", "z3",
    }
)  # fmt: skip

#: What the library needs, but an import may put off until it is used: told, not judged.
HEAVY = frozenset(
    {
        "alembic", "cattrs", "chinese_calendar", "click", "python_calamine", "rich", "sqlalchemy",
        "transitions", "xlsxwriter", "yaml",
    }
)  # fmt: skip

TIMED = """
import sys, time
{before}
start = time.perf_counter()
{timed}
print(time.perf_counter() - start)
print(*{{name.partition(".")[0] for name in sys.modules}})
"""


class Failed(click.ClickException):
    """A measured process did not end well; its error is the message."""


@frozen
class Took:
    """How long one process needed for the work asked of it, and the packages it then held."""

    seconds: float
    packages: frozenset[str] = frozenset()


Attempt = Callable[[], Took]


def process(arguments: list[str]) -> str:
    """Run one process to its end and return what it printed; raise ``Failed`` if it fails."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own arguments
        arguments, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise Failed(f"{' '.join(arguments)}\nended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def whole(arguments: list[str]) -> Took:
    """Time a process from its start to its end."""
    start = perf_counter()
    process(arguments)
    return Took(perf_counter() - start)


def inside(*, timed: str, before: str = "") -> Took:
    """Time some statements inside a fresh process, after others that are not timed."""
    printed = process([sys.executable, "-c", TIMED.format(before=before, timed=timed)])
    seconds, packages = printed.splitlines()[-2:]
    return Took(float(seconds), frozenset(packages.split()))


def run_examples(reform: str, roster: Path, ledger: Path) -> Took:
    """Time the main job on a database that does not exist yet."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'benchmark.db'}"
        return whole(
            [
                sys.executable, "-m", "reformflow", "run", reform,
                "--roster", str(roster), "--ledger", str(ledger), "--db", database,
            ]
        )  # fmt: skip


def attempts(reform: str, roster: Path, ledger: Path) -> dict[str, Attempt]:
    """List what can be measured here; say what cannot."""
    listed: dict[str, Attempt] = {STARTED: partial(whole, [sys.executable, "-c", "pass"])}
    if find_spec("reformflow") is None:
        skipped(OURS, "reformflow is not installed: pip install reformflow")
        return listed
    listed[IMPORT] = partial(inside, timed="import reformflow")
    listed[LOAD] = partial(inside, before="import reformflow", timed=f"reformflow.load({reform!r})")
    if roster.exists() and ledger.exists():
        listed[RUN] = partial(run_examples, reform, roster, ledger)
    else:
        skipped(RUN, f"there is no {roster} or no {ledger}; name them by --roster and --ledger")
    return listed


def measured(listed: Mapping[str, Attempt], *, rounds: int) -> dict[str, list[Took]]:
    """Make every attempt once per round; one more before them all warms disk and bytecode."""
    seen: dict[str, list[Took]] = {name: [] for name in listed}
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("starting", total=(rounds + 1) * len(listed))
        for turn in range(rounds + 1):
            for name, attempt in listed.items():
                took = attempt()
                if turn:
                    seen[name].append(took)
                progress.advance(bar)
    return seen


def figures(seen: Mapping[str, list[Took]]) -> list[Figure]:
    """Turn the times into figures: each beside the limit, each beside its goal."""
    seconds = {name: median(took.seconds for took in times) for name, times in seen.items()}
    listed = []
    for name, value in seconds.items():
        goal = MOST.get(name)
        one = Figure(
            LIMIT if goal is None else OURS,
            name,
            value,
            "s",
            ratio_to_limit=value / seconds[STARTED],
            goal=None if goal is None else f"≤ {goal:g} s",
            met=None if goal is None else value <= goal,
        )
        listed.append(one)
    if IMPORT in seen:
        listed.append(strays(seen[IMPORT][0].packages))
    return listed


def strays(packages: frozenset[str]) -> Figure:
    """Count the optional libraries that the import brought in, and name them in the unit."""
    found = sorted(packages & OPTIONAL)
    unit = f"({', '.join(found)})" if found else "libraries"
    name = f"{IMPORT}: optional libraries"
    return Figure(OURS, name, len(found), unit, goal="none", met=not found)


def brought(seen: Mapping[str, list[Took]]) -> list[str]:
    """Name the libraries that the import brought in, optional ones first."""
    if IMPORT not in seen:
        return []
    packages = seen[IMPORT][0].packages
    return [
        f"{kind} that {IMPORT} brings in: {', '.join(sorted(packages & names)) or 'none'}."
        for kind, names in (("Optional libraries", OPTIONAL), ("Required libraries", HEAVY))
    ]


@click.command(help=__doc__)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--rounds", default=7, show_default=True, type=click.IntRange(1), help="Turns each.")
@click.option("--reform", default=REFORM, show_default=True, help="Folder or id of the reform.")
@click.option("--roster", default=EXAMPLES / "roster", type=Path, help="Folder of its roster.")
@click.option("--ledger", default=EXAMPLES / "ledger.csv", type=Path, help="Its ledger of events.")
def main(*, as_json: bool, rounds: int, reform: str, roster: Path, ledger: Path) -> None:
    """Measure and print."""
    seen = measured(attempts(reform, roster, ledger), rounds=rounds)
    notes = [f"Medians of {rounds} fresh processes each, in turns. The limit is {LIMIT}."]
    show(figures(seen), title="Start-up", as_json=as_json, notes=[*notes, *brought(seen)])


if __name__ == "__main__":
    main()
