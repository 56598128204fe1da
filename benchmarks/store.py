"""Fire one stored case durably: reformflow beside hand-written SQL, an ORM and two libraries.

Each act loads the case, decides, updates its row if nobody else did, adds a history row, commits.
All contenders send the same permits and take turns; each is first proven to do the whole job.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from importlib import import_module
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import sqlalchemy as sa

from contenders import permit_orm, permit_ours, permit_sql
from contenders.permit import DJANGO, LIMIT, LOADING, ORM, OURS, SPIFF, SPIFF_CORE, Durable, ids
from measuring.databases import Database, Unreachable, opened
from measuring.report import Figure, against_limit, faster, judged, show, skipped
from measuring.rounds import Job, interleaved

NORMAL, FULL = "SQLite, synchronous NORMAL", "SQLite, synchronous FULL"
SHIPPED = "SQLite, as shipped"
SQLITE: Mapping[str, Sequence[str]] = {
    NORMAL: ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL"),
    FULL: ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"),
    SHIPPED: ("PRAGMA journal_mode = DELETE", "PRAGMA synchronous = FULL"),
}
#: So many acts a department of the Putuo examples takes after its opening (benchmarks/README.md).
LIFE = 20
LIVED = f"SQLite, NORMAL, mean of a life of {LIFE} acts"
#: So many acts a case has behind it that has a past.
PAST = 30
AGED = f"SQLite, NORMAL, after {PAST} acts"
POSTGRESQL, MARIADB = "PostgreSQL", "MariaDB"
SERVERS = {POSTGRESQL: "postgresql", MARIADB: "mariadb"}
PEERS = {DJANGO: "permit_django", SPIFF: "permit_bpmn", SPIFF_CORE: "permit_spiff"}

#: The goals are rates: at half the limit's rate an act takes twice as long.
MOST = {POSTGRESQL: 1 / 0.45}
#: Shares of the rate of the same job by hand.
SHARES = {NORMAL: 0.5, FULL: 0.7}
#: How many times faster than a peer.
LEAST: Mapping[str, Mapping[str, float | None]] = {
    DJANGO: {NORMAL: 5.0},
    SPIFF: {NORMAL: None, LIVED: 20.0, AGED: None},
    ORM: {POSTGRESQL: 2.0},
}
#: So many acts between two readings of the clock, or so many cases that live side by side.
BATCH = 50
LIVES = 10


def on_sqlite(figure: str, folder: Path, count: int, stack: ExitStack) -> Iterator[Durable]:
    """Give every contender a file of its own."""
    pragmas = SQLITE[figure]

    def file(name: str) -> str:
        return str(folder / f"{name} {figure}.db")

    for name in (LIMIT, LOADING, ORM):
        permit_ours.opened(f"sqlite:///{file(name)}", "", count).close()
    yield permit_sql.sqlite(file(LIMIT), pragmas)
    yield permit_sql.loading(file(LOADING), pragmas)
    book = permit_ours.opened(f"sqlite:///{file(OURS)}", "", count)
    permit_ours.tell_sqlite(book, pragmas)
    yield permit_ours.contender(book)
    engine = sa.create_engine(f"sqlite:///{file(ORM)}")
    stack.callback(engine.dispose)
    sa.event.listen(engine, "connect", partial(tell, pragmas))
    yield permit_orm.contender(engine, "")
    for name, module in PEERS.items():
        try:
            peer = import_module(f"contenders.{module}").contender(file(name), pragmas, count)
        except ModuleNotFoundError as error:
            skipped(name, f"{error}: pip install 'reformflow[bench]'")
        else:
            yield peer


def tell(pragmas: Sequence[str], driver: Any, _record: object) -> None:  # noqa: ANN401 - any driver
    """Set up a connection."""
    for pragma in pragmas:
        driver.execute(pragma)


def on_server(database: Database, count: int, stack: ExitStack) -> Iterator[Durable]:
    """Let the contenders share tables: each sends permits that the others leave alone."""
    book = permit_ours.opened(database.url, database.prefix, count)
    engine = database.engine()
    stack.callback(engine.dispose)
    pooled = engine.raw_connection()
    driver = pooled.driver_connection
    pooled.detach()
    yield getattr(permit_sql, database.kind)(driver, database.prefix)
    yield permit_ours.contender(book)
    yield permit_orm.contender(engine, database.prefix)


def proven(one: Durable, case: str) -> Durable:
    """Let a contender send one case, and be refused when it asks again."""
    one.send(case)
    try:
        one.send(case)
    except Exception:  # noqa: BLE001 - each refuses in its own way
        if one.seen(case) == ("sent", 2):
            return one
    raise SystemExit(f"{one.name} does not do the whole job: it left {one.seen(case)}")


def measured(
    figure: str, contenders: Iterator[Durable], cases: list[str], rounds: int, stack: ExitStack
) -> Iterator[Figure]:
    """Time one figure for all contenders, in turns; each sends cases that are its own."""
    share = BATCH * rounds + 1 + BATCH
    jobs: dict[str, Job] = {}
    for number, one in enumerate(contenders):
        stack.callback(one.close)
        mine = iter(cases[number * share : (number + 1) * share])
        proven(one, next(mine))
        for case in islice(mine, BATCH):
            one.send(case)  # so that all is warm
        jobs[one.name] = Job(prepare=partial(taken, mine), run=partial(send_all, one), size=BATCH)
    for name, seconds in interleaved(jobs, rounds=rounds).items():
        yield Figure(name, figure, seconds * 1e6, "µs")


def long_lived(rounds: int, stack: ExitStack) -> Iterator[Figure]:
    """Time the acts of whole lives, and an act on cases with a past.

    For those that keep the past in the case, and for us.
    """
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="store")))
    count = (LIVES + BATCH) * rounds
    lives: dict[str, Job] = {}
    aged: dict[str, Job] = {}
    for one in on_sqlite(NORMAL, folder, count, stack):
        stack.callback(one.close)
        if one.back is not None:
            rest = iter(ids(count))
            fresh, lived = partial(taken, rest), partial(live, one, LIFE)
            lives[one.name] = Job(prepare=fresh, run=lived, steps=LIFE, size=LIVES)
            old = partial(with_past, one, rest)
            aged[one.name] = Job(prepare=old, run=partial(send_all, one), size=BATCH)
    for figure, jobs in ((LIVED, lives), (AGED, aged)):
        for name, seconds in interleaved(jobs, rounds=rounds).items():
            yield Figure(name, figure, seconds * 1e6, "µs")


def taken(rest: Iterator[str], size: int) -> list[str]:
    """Take the next cases."""
    return list(islice(rest, size))


def with_past(one: Durable, rest: Iterator[str], size: int) -> list[str]:
    """Take the next cases, and give them a past."""
    cases = taken(rest, size)
    live(one, PAST, cases)
    return cases


def live(one: Durable, acts: int, cases: list[str]) -> None:
    """Send cases and take them back, in so many acts each."""
    for act in islice(cycle(filter(None, (one.send, one.back))), acts):
        for case in cases:
            act(case)


def send_all(one: Durable, cases: list[str]) -> None:
    """Send cases, one after the other."""
    for case in cases:
        one.send(case)


def figures(only: tuple[str, ...], rounds: int) -> Iterator[Figure]:
    """Measure on every database that there is."""
    most = 3 + len(PEERS) + 1
    cases = ids(most * (BATCH * (rounds + 1) + 1))
    for figure in (*SQLITE, *SERVERS):
        if only and figure not in only:
            continue
        with ExitStack() as stack:
            if figure in SQLITE:
                folder = Path(stack.enter_context(TemporaryDirectory(prefix="store")))
                contenders = on_sqlite(figure, folder, len(cases), stack)
            else:
                try:
                    database = stack.enter_context(opened(SERVERS[figure]))
                except Unreachable as why:
                    skipped(figure, str(why))
                    continue
                contenders = on_server(database, len(cases), stack)
            yield from measured(figure, contenders, cases, rounds, stack)
            if figure == NORMAL:
                yield from long_lived(rounds, stack)


def shares(times: list[Figure]) -> Iterator[Figure]:
    """Yield our rate as a share of that of the same job by hand."""
    took = {(one.figure, one.contender): one.value for one in times}
    for figure, least in SHARES.items():
        if (figure, LOADING) in took:
            share = took[figure, LOADING] / took[figure, OURS]
            name = f"{figure}: rate, to {LOADING}"
            yield Figure(OURS, name, share, "×", goal=f"≥ {least:g}", met=share >= least)


@click.command(help=__doc__)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--rounds", default=11, show_default=True, type=click.IntRange(1), help="Turns each.")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice([*SQLITE, *SERVERS]),
    help="Only this figure; may be repeated.",
)
def main(*, as_json: bool, rounds: int, only: tuple[str, ...]) -> None:
    """Measure and print."""
    times = list(figures(only, rounds))
    found = judged(against_limit(times, LIMIT), contender=OURS, most=MOST)
    found += shares(times)
    for peer, least in LEAST.items():
        found += faster(times, contender=OURS, peer=peer, least=least)
    notes = [
        f"Medians of {rounds} rounds of {BATCH} acts, in turns, by the clock on the wall.",
        f"The limit is {LIMIT}: it reads nothing into Python and names no reasons.",
        "benchmarks/README.md says how to read this.",
    ]
    show(found, title="One stored case, durably", as_json=as_json, notes=notes)


if __name__ == "__main__":
    main()
