"""Others are in the way: the host is told whether it still has what it wrote.

PostgreSQL undoes our part of a deadlock and leaves the rest; MariaDB undoes the whole transaction,
but after waiting too long only the statement; SQLite refuses the one that comes late.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from reformflow.casework import Book, Casework, Practice
from reformflow.errors import Conflict, EmbeddingError, StoreError, TransactionLost
from support.databases import NOW, Place
from support.errands import CLERK, day, errand, sent

METADATA = sa.MetaData()
NOTES = sa.Table(
    "deadlock_note",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("text", sa.String(20)),
)
HEAVY = 200
PATIENT = {
    "postgresql": "SET deadlock_timeout = '60s'",  # who looks for the deadlock is its victim
    "mariadb": "SET innodb_lock_wait_timeout = 60",
}
HASTY = {
    "postgresql": "SET LOCAL lock_timeout = '300ms'",
    "mariadb": "SET innodb_lock_wait_timeout = 1",
}


@pytest.fixture
def host(place: Place, book: Book) -> Iterator[sa.Engine]:
    """A host with notes of its own, beside an errand that is ready to be sent."""
    errand(book)
    engine = place.engine()
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(NOTES), [{"id": n, "text": "old"} for n in range(HEAVY)])
    yield engine
    METADATA.drop_all(engine)
    engine.dispose()


@pytest.fixture
def work(book: Book) -> Callable[[sa.Connection], Casework]:
    return lambda connection: Casework(connection, book.practice, clock=lambda: NOW)


Working = Callable[[sa.Connection], Casework]


def on(*kinds: str) -> pytest.MarkDecorator:
    """Run a test on these databases only."""
    return pytest.mark.parametrize("place", kinds, indirect=True)


def write(connection: sa.Connection, note: int, text: str) -> None:
    connection.execute(sa.update(NOTES).where(NOTES.c.id == note).values(text=text))


def notes(host: sa.Engine, *ids: int) -> list[str]:
    with host.connect() as connection:
        query = sa.select(NOTES.c.text).where(NOTES.c.id.in_(ids)).order_by(NOTES.c.id)
        return list(connection.scalars(query))


def take(connection: sa.Connection, practice: Practice) -> None:
    """Lock the errand's row, as somebody does who changes it."""
    table = practice.schema.workflow("errand").table
    connection.execute(sa.update(table).values(subject=table.c.subject))


@contextmanager
def waiting(action: Callable[[], None]) -> Iterator[None]:
    """Run something in a thread that will wait for a lock of ours, until the block ends."""
    thread = threading.Thread(target=action)
    thread.start()
    time.sleep(0.3)  # it has come to wait; if not yet, the deadlock closes from the other side
    yield
    thread.join()


@on("postgresql", "mariadb")
def test_a_deadlock_tells_the_host_what_is_left_of_its_transaction(
    host: sa.Engine, place: Place, book: Book, work: Working
) -> None:
    with host.connect() as one, host.connect() as two:
        two.execute(sa.text(PATIENT[place.kind]))
        two.commit()
        write(one, 0, "one")
        two.execute(sa.update(NOTES).where(NOTES.c.id > 0).values(text="two"))
        take(two, book.practice)

        def cross() -> None:
            write(two, 0, "two")
            two.rollback()

        with waiting(cross):
            if place.kind == "mariadb":
                with pytest.raises(TransactionLost, match=r"Deadlock.*begin the whole"):
                    sent(work(one))
            else:
                with pytest.raises(Conflict, match=r"deadlock.*begin the transaction again"):
                    sent(work(one))
            one.commit()
    assert len(book.history("e1")) == 1
    assert notes(host, 0) == ["old" if place.kind == "mariadb" else "one"]
    with host.begin() as again:  # told so, the host does all of it again
        write(again, 0, "one")
        sent(work(again))
    assert notes(host, 0) == ["one"]
    assert len(book.history("e1")) == 2


@on("postgresql", "mariadb")
def test_a_deadlock_of_the_hosts_own_takes_ours_with_it(
    host: sa.Engine, place: Place, book: Book, work: Working
) -> None:
    with host.connect() as one, host.connect() as two:
        two.execute(sa.text(PATIENT[place.kind]))
        two.commit()
        sent(work(one))
        two.execute(sa.update(NOTES).where(NOTES.c.id > 0).values(text="two"))

        def cross() -> None:
            take(two, book.practice)
            two.rollback()

        with waiting(cross):
            with pytest.raises(sa.exc.OperationalError, match=r"(?i)deadlock"):
                write(one, 1, "one")
            one.rollback()
    assert len(book.history("e1")) == 1


@on("postgresql", "mariadb")
def test_a_wait_that_takes_too_long_leaves_the_host_all_of_its_own(
    host: sa.Engine, place: Place, book: Book, work: Working
) -> None:
    with host.connect() as one, host.connect() as two:
        take(two, book.practice)
        one.execute(sa.text(HASTY[place.kind]))
        write(one, 0, "one")
        with pytest.raises(Conflict, match="somebody else holds"):
            sent(work(one), key="k")
        write(one, 1, "one")
        one.commit()
    assert notes(host, 0, 1) == ["one", "one"]
    assert len(book.history("e1")) == 1
    assert not sent(book, key="k").repeated


@on("sqlite")
def test_sqlite_refuses_who_comes_late_and_the_host_goes_on(
    host: sa.Engine, place: Place, book: Book, work: Working
) -> None:
    late = place.engine(connect_args={"timeout": 0.1})
    with host.connect() as one, late.connect() as two:
        sent(work(one))
        two.exec_driver_sql("BEGIN")
        assert work(two).case("e1").revision == 1
        with pytest.raises(Conflict, match="locked"):
            work(two).record("e1", {"posts": 4}, actor=CLERK, on=day(2))
        assert two.scalar(sa.select(sa.func.count()).select_from(NOTES)) == HEAVY
        two.rollback()
        one.commit()
    with late.begin() as again:
        work(again).record("e1", {"posts": 4}, actor=CLERK, on=day(2)).raise_for_refusal()
    late.dispose()
    assert len(book.history("e1")) == 3


@on("sqlite")
def test_a_book_waits_with_its_reading_for_a_lock_that_ends(place: Place, book: Book) -> None:
    errand(book)
    holder = place.engine(connect_args={"check_same_thread": False})
    connection = holder.connect()
    connection.exec_driver_sql("BEGIN EXCLUSIVE")
    timer = threading.Timer(0.5, connection.rollback)
    timer.start()
    assert book.case("e1").revision == 1
    timer.join()
    connection.close()
    holder.dispose()


@on("postgresql")
@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_view_that_has_grown_old_is_told(
    host: sa.Engine, place: Place, book: Book, work: Working, level: str
) -> None:
    """PostgreSQL demands that such a transaction begins again."""
    with host.connect().execution_options(isolation_level=level) as one:
        write(one, 0, "one")
        assert work(one).case("e1").revision == 1
        sent(book)
        with pytest.raises(TransactionLost, match=r"serialize.*begin the whole transaction"):
            work(one).record("e1", {"posts": 4}, actor=CLERK, on=day(2))
        one.rollback()
    assert len(book.history("e1")) == 2


@on("mariadb")
def test_a_view_of_mariadb_that_has_grown_old_is_told(
    host: sa.Engine, place: Place, book: Book, work: Working
) -> None:
    with host.connect() as one:
        try:
            one.execute(sa.text("SET innodb_snapshot_isolation = ON"))
        except sa.exc.OperationalError:
            pytest.skip("this MariaDB has no snapshot isolation")
        write(one, 0, "one")
        assert work(one).case("e1").revision == 1
        sent(book)
        with pytest.raises((Conflict, TransactionLost)) as caught:
            work(one).record("e1", {"posts": 4}, actor=CLERK, on=day(2))
        one.commit()
    assert notes(host, 0) == ["old" if caught.type is TransactionLost else "one"]
    assert len(book.history("e1")) == 2


def test_a_connection_that_commits_by_itself_is_refused(
    host: sa.Engine, place: Place, book: Book, work: Working
) -> None:
    """Half of a decision could be stored: in SQLite we begin, and the host commits."""
    with host.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert work(connection).case("e1").revision == 1
        assert work(connection).verify() == ()
        if place.kind == "sqlite":
            sent(work(connection))
            assert len(book.history("e1")) == 1
            connection.commit()
        else:
            with pytest.raises(EmbeddingError, match=r"commits each statement.*AUTOCOMMIT"):
                sent(work(connection))
    assert len(book.history("e1")) == (2 if place.kind == "sqlite" else 1)


@on("mariadb")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"charset": "latin1"}, r"speaks latin1.*charset=utf8mb4"),
        ({"charset": "utf8"}, r"speaks utf8mb3.*charset=utf8mb4"),
        ({"sql_mode": ""}, r"cut off.*STRICT_TRANS_TABLES"),
    ],
)
def test_a_connection_that_would_store_other_text_is_refused(
    host: sa.Engine, place: Place, work: Working, options: dict[str, str], said: str
) -> None:
    careless = place.engine(connect_args=options)
    with careless.connect() as connection:
        write(connection, 0, "one")
        for ask in (errand, lambda acts: acts.case("e1")):
            with pytest.raises(StoreError, match=said):
                ask(work(connection))
        connection.commit()
    careless.dispose()
    assert notes(host, 0) == ["one"]


def test_a_transaction_that_has_ended_is_named(
    host: sa.Engine, place: Place, book: Book, work: Working
) -> None:
    with host.connect() as connection, connection.begin() as transaction:
        transaction.rollback()
        with pytest.raises(EmbeddingError, match=r"cannot be used.*whose transaction is open"):
            sent(work(connection))
    with pytest.raises(EmbeddingError, match="cannot be used"):
        work(connection).case("e1")
    assert len(book.history("e1")) == 1


@on("sqlite")
def test_a_full_disk_leaves_the_host_what_it_is_told(
    host: sa.Engine, place: Place, book: Book, work: Working
) -> None:
    with host.connect() as connection:
        write(connection, 0, "one")
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises((StoreError, TransactionLost)) as caught:  # noqa: PT012 - some fit
            for number in range(100):
                errand(work(connection), case=f"big{number}", facts={"备注": "满" * 2000})
        lost = caught.type is TransactionLost
        if not lost:
            write(connection, 1, "one")
        connection.commit()
    assert notes(host, 0, 1) == (["old", "old"] if lost else ["one", "one"])
    assert len(list(book.cases())) == (1 if lost else 1 + number)
    assert book.verify() == ()
