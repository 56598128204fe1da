"""Seal a history and verify it: reformflow beside a loop by hand that only hashes.

The loop by hand gives every entry a position in one statement, reads the rows by the bare driver,
hashes them as Python prints them and folds the hashes up to a root: the least that a seal can
cost. It keeps no tree, so nothing can be proven from what it leaves, nothing can be added without
beginning anew, and another driver may print the same row in another way.
"""

import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from statistics import median
from time import perf_counter

import click
import sqlalchemy as sa
from attrs import frozen

from contenders.harbour import APPLY, DAY, SKIPPER, book, fill
from measuring.databases import KINDS, Database, Unreachable, opened, within
from measuring.report import Figure, show, skipped
from reformflow.casework import Book
from reformflow.evidence import respelled
from reformflow.store.evidence import documents

LIMIT = "loop by hand"
OURS = "reformflow"
DIFFERENT = "… no two changes alike"
NEW = 1_000
PAGE = 20_000

#: The goals: entries in a second, and how many times as long on a long history as on a short one.
RATE = 50_000
STEADY = 1.5


@frozen
class Bench:
    """The measurements in one database."""

    database: Database
    cases: int
    rounds: int

    def figures(self) -> Iterator[Figure]:
        """Measure everything."""
        short = self.new_on(self.cases // 10)
        self.forget()
        long = self.new_on(self.cases)
        yield from self.rates()
        name = f"{self.database.kind}: {NEW:,} new entries, seconds"
        on_short, on_long = f"on {self.cases // 10:,}", f"on {self.cases:,}"
        yield Figure(on_short, name, short, "s")
        yield Figure(on_long, name, long, "s")
        times = f"{self.database.kind}: {on_long} ÷ {on_short}"
        yield Figure(
            OURS, times, long / short, "×", goal=f"≤ {STEADY:g}", met=long <= STEADY * short
        )
        yield from self.verified()

    def new_on(self, cases: int) -> float:
        """Return the seconds for a few new entries upon a history that is sealed."""
        fill(self.database, APPLY, cases)
        seen = []
        with book(self.database) as ours:
            ours.seal()
            for number in range(self.rounds):
                with ours.transaction() as work:
                    for case in range(NEW):
                        facts = {"length": 6, "beam": 2, "kind": "sail"}
                        name = f"new{number}-{case}"
                        work.open(name, "permit", actor=SKIPPER, on=DAY, facts=facts)
                seen.append(seconds(ours.seal))
        return median(seen)

    def rates(self) -> Iterator[Figure]:
        """Seal everything, in turns."""
        ways: dict[str, Callable[[], object]] = {
            LIMIT: self.by_hand,
            OURS: self.ours,
            DIFFERENT: self.all_different,
        }
        seen: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(self.rounds):
            for name, way in ways.items():
                self.unseal()
                seen[name].append(self.entries() / seconds(way))
        rates = {name: median(values) for name, values in seen.items()}
        for name, rate in rates.items():
            goal = None if name == LIMIT else f"≥ {RATE:,}"
            yield Figure(
                name,
                f"{self.database.kind}: entries sealed",
                rate,
                "/s",
                rate / rates[LIMIT],
                goal,
                None if goal is None else rate >= RATE,
            )

    def verified(self) -> Iterator[Figure]:
        """Verify everything, and what is new."""
        with book(self.database) as ours:
            note = ours.checkpoint()
            count = self.entries()
            whole = count / seconds(lambda: sound(ours, note))
            yield Figure(OURS, f"{self.database.kind}: entries verified", whole, "/s")
            with ours.transaction() as work:
                for case in range(NEW):
                    facts = {"length": 6, "beam": 2, "kind": "sail"}
                    work.open(f"late{case}", "permit", actor=SKIPPER, on=DAY, facts=facts)
            ours.seal()
            late = seconds(lambda: sound(ours, None, note))
            name = f"{self.database.kind}: {NEW:,} new entries verified since a checkpoint"
            yield Figure(OURS, name, late, "s")

    def ours(self) -> None:
        """Seal."""
        with book(self.database) as ours:
            ours.seal()

    def all_different(self) -> None:
        """Seal as if every entry had changes of its own, so that none is found spelled already."""
        documents.respelled = respelled.__wrapped__  # type: ignore[assignment]
        try:
            self.ours()
        finally:
            documents.respelled = respelled

    def by_hand(self) -> None:
        """Do what the head of this module says."""
        within(self.database, self._by_hand)

    def entries(self) -> int:
        """Count the entries."""
        found: list[int] = []
        history = self.table("history")
        query = sa.select(sa.func.count()).select_from(history)
        within(self.database, lambda c: found.append(c.scalar(query) or 0))
        return found[0]

    def unseal(self) -> None:
        """Take the seals away."""
        for name in ("seals", "seal_positions", "seal_tiles"):
            within(self.database, lambda c, name=name: c.execute(sa.delete(self.table(name))))

    def forget(self) -> None:
        """Begin with an empty database."""
        self.database.forget()

    def table(self, name: str) -> sa.TableClause:
        """Return a table of ours without its columns."""
        return sa.table(f"{self.database.prefix}{name}")

    def _by_hand(self, connection: sa.Connection) -> None:
        known = sa.MetaData()
        prefix = self.database.prefix
        history = sa.Table(f"{prefix}history", known, autoload_with=connection)
        places = sa.Table(f"{prefix}seal_positions", known, autoload_with=connection)
        order = sa.func.row_number().over(
            order_by=[history.c.recorded_at, history.c.case_id, history.c.seq]
        )
        rows = sa.select(order, history.c.case_id, history.c.seq)
        connection.execute(sa.insert(places).from_select(["position", "case_id", "seq"], rows))
        here = (history.c.case_id == places.c.case_id) & (history.c.seq == places.c.seq)
        columns = [
            # Its driver is slow to read days and instants.
            sa.cast(column, sa.String)
            if self.database.kind == "mariadb" and column.name in {"happened_on", "recorded_at"}
            else column
            for column in history.c
            if column.computed is None
        ]
        query = sa.select(places.c.position, *columns).join_from(places, history, here)
        cursor = connection.connection.cursor()
        after, hashes = 0, list[bytes]()
        while True:
            span = (places.c.position > after) & (places.c.position <= after + PAGE)
            page = query.where(span).compile(connection, compile_kwargs={"literal_binds": True})
            cursor.execute(str(page))
            found = sorted(cursor.fetchall())
            if not found:
                break
            hashes += [sha256(b"\0" + repr(row).encode()).digest() for row in found]
            after += PAGE
        cursor.close()
        while len(hashes) > 1:
            hashes = [
                sha256(b"\1" + b"".join(hashes[at : at + 2])).digest()
                for at in range(0, len(hashes), 2)
            ]


def sound(ours: Book, checkpoint: str | None, since: str | None = None) -> None:
    """Verify, and demand that nothing is found."""
    if flaws := ours.verify(checkpoint, since=since):
        sys.exit(f"flaws: {flaws[:3]}")


def seconds(act: Callable[[], object]) -> float:
    """Return how long something takes, by the clock on the wall."""
    start = perf_counter()
    act()
    return perf_counter() - start


@click.command(help=__doc__)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="Turns each.")
@click.option("--cases", default=50_000, show_default=True, type=click.IntRange(1_000))
@click.option(
    "--database",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="Only this kind of database; may be repeated.",
)
def main(*, as_json: bool, rounds: int, cases: int, kinds: tuple[str, ...]) -> None:
    """Measure and print."""
    figures: list[Figure] = []
    for kind in kinds or KINDS:
        try:
            with opened(kind) as database:
                figures += Bench(database, cases, rounds).figures()
        except Unreachable as why:
            skipped(kind, str(why))
    notes = [
        f"Medians of {rounds} rounds, in turns, by the clock on the wall.",
        f"× limit divides rates by that of the {LIMIT}: more is better.",
    ]
    show(figures, title="Sealing and verifying", as_json=as_json, notes=notes)


if __name__ == "__main__":
    main()
