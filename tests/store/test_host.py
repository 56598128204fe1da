"""In the host's transaction: ours goes when it is undone, and theirs is never harmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from reformflow.casework import Book, Casework, Opening, Practice, Report
from reformflow.errors import (
    Conflict,
    EmbeddingError,
    KeyReused,
    RequestError,
    StoreError,
    TransactionLost,
)
from reformflow.model import Decision, Reform
from reformflow.store import definitions
from support.databases import NOW, Place
from support.editions import Edits, edition, fact
from support.errands import CHIEF, CLERK, MONDAY, day, errand, granted, sent


class Base(orm.DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "host_note"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    text: orm.Mapped[str] = orm.mapped_column(sa.String(50))


@pytest.fixture
def practice(book: Book, place: Place, errands: Reform) -> Practice:
    """The errands, in a database that is made ready."""
    return place.practice(errands)


@pytest.fixture
def host(place: Place, practice: Practice) -> Iterator[sa.Engine]:
    """A host's own engine, set up as SQLAlchemy does by default, with a table of its own."""
    engine = place.engine()
    Base.metadata.create_all(engine)
    yield engine
    Base.metadata.drop_all(engine)
    engine.dispose()


def working(connection: sa.Connection | orm.Session, practice: Practice) -> Casework:
    return Casework(connection, practice, clock=lambda: NOW)


def notes(host: sa.Engine) -> list[str]:
    with orm.Session(host) as session:
        return list(session.scalars(sa.select(Note.text).order_by(Note.id)))


def test_what_the_host_commits_is_stored(host: sa.Engine, practice: Practice, book: Book) -> None:
    with host.begin() as connection:
        work = working(connection, practice)
        errand(work)
        sent(work)
        assert work.case("e1").values["progress.state"] == "sent"
    assert len(book.history("e1")) == 2


def test_nothing_is_committed_for_the_host(
    host: sa.Engine, practice: Practice, place: Place
) -> None:
    before = place.dump()
    connection = host.connect()
    errand(working(connection, practice), key="k")
    connection.rollback()
    connection.close()
    assert place.dump() == before


def test_nothing_stays_when_the_connection_is_closed_without_a_word(
    host: sa.Engine, practice: Practice, place: Place
) -> None:
    before = place.dump()
    with host.connect() as connection:
        errand(working(connection, practice))
    assert place.dump() == before


def test_a_session_is_rolled_back_with_all_of_ours(
    host: sa.Engine, practice: Practice, place: Place
) -> None:
    before = place.dump()
    with orm.Session(host) as session:
        session.add(Note(id=1, text="theirs"))
        session.flush()
        errand(working(session, practice))
        session.rollback()
    assert place.dump() == before
    assert notes(host) == []


def test_a_session_is_neither_flushed_nor_expired(host: sa.Engine, practice: Practice) -> None:
    with orm.Session(host) as session:
        old = Note(id=1, text="old")
        session.add(old)
        session.commit()
        assert old.text == "old"
        new = Note(id=2, text="new")
        session.add(new)
        work = working(session, practice)
        errand(work)
        work.board(day(2))
        assert new in session.new
        assert "text" in old.__dict__  # an expired object has forgotten its values
        session.commit()
    assert notes(host) == ["old", "new"]


def test_a_connection_keeps_the_options_that_the_host_has_given_it(
    host: sa.Engine, practice: Practice
) -> None:
    with host.connect().execution_options(the="host's") as connection:
        work = working(connection, practice)
        errand(work)
        work.tick(day(2))
        assert work.verify() == ()
        assert connection.get_execution_options() == {"the": "host's"}


def test_a_savepoint_of_the_host_undoes_ours_alone(
    host: sa.Engine, practice: Practice, book: Book
) -> None:
    with host.begin() as connection:
        work = working(connection, practice)
        errand(work)
        inner = connection.begin_nested()
        sent(work)
        inner.rollback()
        assert work.case("e1").values["progress.state"] == "draft"
        errand(work, case="e2")
    assert [case.id for case in book.cases("errand")] == ["e1", "e2"]
    assert len(book.history("e1")) == 1


def test_a_released_savepoint_goes_with_the_outer_transaction(
    host: sa.Engine, practice: Practice, place: Place
) -> None:
    """Where SQLite's driver would keep it, because nobody has begun, we refuse to write."""
    before = place.dump()
    with host.connect() as connection:
        try:
            with connection.begin_nested():
                errand(working(connection, practice))
        except EmbeddingError as error:
            assert place.kind == "sqlite"
            assert "BEGIN" in error.hint  # noqa: PT017
        connection.rollback()
    assert place.dump() == before


def test_a_savepoint_is_fine_where_the_host_begins_sqlites_transactions(
    lite: Place, errands: Reform
) -> None:
    practice = lite.open(errands).practice
    before = lite.dump()
    engine = lite.engine()

    @sa.event.listens_for(engine, "connect")
    def _(driver: Any, _record: object) -> None:
        driver.isolation_level = None

    @sa.event.listens_for(engine, "begin")
    def _(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    with engine.connect() as connection:
        with connection.begin_nested():
            errand(working(connection, practice))
        connection.rollback()
    assert lite.dump() == before
    engine.dispose()


def test_a_refusal_or_bad_request_leaves_the_hosts_work(
    host: sa.Engine, practice: Practice, book: Book
) -> None:
    with orm.Session(host) as session:
        work = working(session, practice)
        errand(work, key="k")
        session.add(Note(id=1, text="theirs"))
        session.flush()
        assert not work.fire("e1", "agree", actor=CHIEF, on=day(2)).granted
        with pytest.raises(RequestError):
            work.fire("e1", "nonsense", actor=CHIEF, on=day(2))
        with pytest.raises(RequestError):
            errand(work, case="x" * 300)
        with pytest.raises(KeyReused):
            errand(work, case="other", key="k")
        session.commit()
    assert notes(host) == ["theirs"]
    assert [case.id for case in book.cases()] == ["e1"]


def test_a_run_over_many_cases_that_fails_half_way_leaves_nothing_to_a_host_that_goes_on(
    host: sa.Engine, practice: Practice, book: Book, place: Place
) -> None:
    """A book stores every chunk by itself; in a host's transaction a run is one act."""
    for case in ("e1", "e2"):
        errand(book, case=case)
    before = place.dump()

    def stop(report: Report) -> None:
        raise KeyError(report.run)

    with orm.Session(host) as session:
        plan = working(session, practice).plan("send", actor=CLERK, on=day(2))
        with pytest.raises(KeyError):
            plan.run(chunk=1, progress=stop)
        session.commit()
        assert place.dump() == before
        assert plan.run(chunk=1).granted == 2
        session.rollback()
    assert place.dump() == before


def test_an_update_is_never_lost(
    host: sa.Engine, practice: Practice, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else changes the case between our reading and our writing."""
    errand(book)
    real = practice.engine.fire

    def overtaken(*given: Any) -> Decision:
        decision = real(*given)
        table = practice.schema.workflow("errand").table
        with_more = sa.update(table).values(revision=table.c.revision + 1)
        connection.execute(with_more)
        return decision

    with host.connect() as connection:
        work = working(connection, practice)
        monkeypatch.setattr(practice.engine, "fire", overtaken)
        with pytest.raises(Conflict, match=r"'e1' was changed.*begin the transaction again"):
            sent(work)
        left = connection.scalar(
            sa.select(sa.func.count()).select_from(practice.schema.shared.history)
        )
        assert left == 1  # a host that goes on keeps nothing of it
        connection.rollback()
    assert len(book.history("e1")) == 1


def test_a_host_that_goes_on_after_a_conflict_keeps_nothing_of_ours(
    host: sa.Engine, practice: Practice, book: Book, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The decision moves a child and its parent; only the parent was changed meanwhile."""
    granted(book.open("p", "plan", actor=CHIEF, on=MONDAY))
    errand(book, parent="p")
    sent(book)
    before = place.dump()
    real = practice.engine.fire
    table = practice.schema.workflow("plan").table

    def overtaken(*given: Any) -> Decision:
        decision = real(*given)
        connection.execute(sa.update(table).values(revision=7))
        return decision

    with host.connect() as connection:
        monkeypatch.setattr(practice.engine, "fire", overtaken)
        work = working(connection, practice)
        with pytest.raises(Conflict, match="'p' was changed"):
            work.fire("e1", "agree", actor=CHIEF, on=day(3), key="k")
        connection.execute(sa.update(table).values(revision=1))
        connection.commit()
    assert place.dump() == before


def test_of_two_hosts_that_read_the_same_case_one_is_told(
    host: sa.Engine, practice: Practice, place: Place, book: Book
) -> None:
    errand(book)
    if place.kind == "sqlite":
        with host.connect() as one, place.engine(connect_args={"timeout": 0.1}).connect() as two:
            sent(working(one, practice))
            with pytest.raises(Conflict, match="locked"):
                sent(working(two, practice))
            one.commit()
            two.engine.dispose()
    else:
        with host.connect() as one, host.connect() as two:
            # both read before either writes
            assert working(one, practice).case("e1").revision == 1
            assert working(two, practice).case("e1").revision == 1
            sent(working(one, practice))
            one.commit()
            if place.kind == "mariadb":  # its default isolation goes on showing the old row
                with pytest.raises(Conflict, match="'e1' was changed"):
                    sent(working(two, practice))
            else:
                late = working(two, practice).fire("e1", "send", actor=CLERK, on=day(2))
                assert [refusal.code for refusal in late.refusals] == ["not_from_here"]
            two.rollback()
    assert len(book.history("e1")) == 2


def test_two_cases_with_one_id_conflict(host: sa.Engine, practice: Practice, place: Place) -> None:
    if place.kind == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    with host.connect() as one, host.connect() as two:
        errand(working(one, practice))
        set_wait(two, place)
        with pytest.raises(Conflict):
            errand(working(two, practice))
        two.rollback()
        one.rollback()


def set_wait(connection: sa.Connection, place: Place) -> None:
    """Wait only a second for locks of others."""
    sql = {"postgresql": "SET lock_timeout = '1s'", "mariadb": "SET innodb_lock_wait_timeout = 1"}
    connection.execute(sa.text(sql[place.kind]))


def test_a_lost_transaction_is_told_to_the_host(
    host: sa.Engine, practice: Practice, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    errand(book)
    with host.connect() as connection:
        work = working(connection, practice)

        def lose(*_: object) -> None:
            connection.invalidate()
            raise sa.exc.OperationalError("UPDATE", {}, Exception("gone"))

        monkeypatch.setattr(practice.engine, "fire", lose)
        with pytest.raises(TransactionLost, match="begin the whole transaction again"):
            sent(work)
        connection.rollback()


def test_tables_share_the_hosts_metadata(errands: Reform) -> None:
    metadata = sa.MetaData()
    mine = sa.Table("theirs", metadata, sa.Column("id", sa.Integer, primary_key=True))
    practice = Practice.of(errands, prefix="rf_", metadata=metadata)
    assert set(metadata.tables) >= {"theirs", "rf_errand", "rf_history", "rf_catalog"}
    again = Practice.of(errands, prefix="rf_", metadata=metadata)
    assert again.schema.workflow("errand").table is practice.schema.workflow("errand").table
    assert mine.metadata is metadata


def test_the_clock_is_the_hosts(host: sa.Engine, practice: Practice) -> None:
    early = datetime(2021, 2, 28, 15, 59, tzinfo=UTC)  # still February in Shanghai
    with host.connect() as connection:
        work = Casework(connection, practice, clock=lambda: early)
        refused = work.open("e1", "errand", actor=CHIEF, on=MONDAY)
        assert [refusal.code for refusal in refused.refusals] == ["in_the_future"]
        connection.rollback()


def test_a_reform_may_be_given_in_place_of_a_practice(
    host: sa.Engine, practice: Practice, place: Place, errands: Reform
) -> None:
    with host.connect() as connection:
        work = Casework(connection, errands, prefix=place.prefix)
        assert list(work.cases()) == []
        assert work.practice.definition == practice.definition


def test_a_transaction_of_the_book_is_all_or_nothing(book: Book, place: Place) -> None:
    before = place.dump()
    with pytest.raises(RequestError), book.transaction() as work:  # noqa: PT012
        errand(work)
        work.fire("e1", "nonsense", actor=CHIEF, on=day(2))
    assert place.dump() == before
    with book.transaction() as work:
        errand(work)
        sent(work)
    assert len(book.history("e1")) == 2


def test_what_is_no_connection_is_told_what_to_give(host: sa.Engine, practice: Practice) -> None:
    """An engine, an address and a session maker are what newcomers hand in first."""
    wrong: Any
    for wrong in (host, str(host.url), None, orm.sessionmaker(host)):
        with pytest.raises(EmbeddingError, match=r"neither a connection nor a session .*begin\(\)"):
            Casework(wrong, practice).cases().__next__()


def test_under_another_prefix_the_tables_are_missing_and_nothing_is_harmed(
    host: sa.Engine, place: Place, errands: Reform
) -> None:
    stray = Practice.of(errands, prefix="stray_")
    with orm.Session(host) as session, session.begin():
        session.add(Note(id=1, text="mine"))
        for ask in (lambda work: work.case("e1"), errand):
            with pytest.raises(StoreError, match=r"lacks a table of ours.*give the same prefix"):
                ask(working(session, stray))
    assert notes(host) == ["mine"]


LEVEL = fact("level: {type: int, initial: 2, by: [clerk]}")
RULE = [("requires: posts <= 10", "requires: posts <= 10 + 0")]


@pytest.mark.parametrize("edits", [RULE, LEVEL], ids=["another rule", "another column"])
def test_no_case_is_opened_by_a_definition_that_the_database_does_not_hold(
    host: sa.Engine, place: Place, book: Book, edits: Edits, tmp_path: Path
) -> None:
    """A program deployed before its upgrade: nobody could read the rules of its cases any more."""
    errand(book)
    newer = place.practice(edition(tmp_path / "v2", errand=edits))
    before = place.dump()
    with orm.Session(host) as session, session.begin():
        session.add(Note(id=1, text="mine"))
        work = working(session, newer)
        rows = [Opening("e3", unit="东", facts={"posts": 3})]
        for ask in (
            lambda: errand(work, case="e2"),
            lambda: work.open_many("errand", rows, actor=CHIEF, on=MONDAY),
        ):
            with pytest.raises(StoreError, match=r"(does not hold|lacks a column).*upgrade"):
                ask()
        if edits is LEVEL:
            with pytest.raises(StoreError, match=r"lacks a column of ours.*upgrade=True"):
                work.case("e1")
    assert {**place.dump(), "host_note": []} == {**before, "host_note": []}
    assert notes(host) == ["mine"]
    place.open(newer.reform, upgrade=True)
    with orm.Session(host) as session, session.begin():
        errand(working(session, newer), case="e2")


def test_a_definition_whose_storing_was_undone_opens_no_case(
    host: sa.Engine, place: Place, book: Book, tmp_path: Path
) -> None:
    """Nor on the connection on which it was seen before."""
    errand(book)
    newer = place.practice(edition(tmp_path / "v2", errand=RULE))
    with host.connect() as connection:
        undone = connection.begin()
        definitions.store(connection, newer.schema.shared, newer.reform, newer.definition, NOW)
        errand(Casework(connection, newer), case="e2")
        undone.rollback()
        with connection.begin(), pytest.raises(StoreError, match="does not hold"):
            errand(Casework(connection, newer), case="e2")
    assert book.verify() == ()
