"""The same use cases for asyncio: awaited, in the host's transaction, never half done."""

from __future__ import annotations

import asyncio
import gc
import inspect
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from reformflow.casework import AsyncCasework, Book, Casework, Practice, awaited
from reformflow.errors import Conflict, EmbeddingError, KeyReused, UnknownName
from support.databases import NOW, Place
from support.errands import CHIEF, CLERK, MONDAY, day, errand, granted, sent

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "mariadb": "mysql+aiomysql",
}
OPEN = {"actor": CHIEF, "on": MONDAY, "unit": "东", "facts": {"posts": 3}}


class Base(orm.DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "async_note"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)


@asynccontextmanager
async def hosting(place: Place) -> AsyncIterator[AsyncEngine]:
    """Give an engine as an asyncio host would make it, with a table of its own."""
    url = sa.engine.make_url(place.url).set(drivername=DRIVERS[place.kind])
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    try:
        yield engine
    finally:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.drop_all)
        await engine.dispose()


def working(host: Any, practice: Practice) -> AsyncCasework:
    return AsyncCasework(host, practice, clock=lambda: NOW)


def ours(place: Place, before: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return what is in the tables that were there before the host's."""
    return {name: rows for name, rows in place.dump().items() if name in before}


def public(cls: type) -> dict[str, Any]:
    return {name: getattr(cls, name) for name in dir(cls) if not name.startswith("_")}


def test_everything_that_casework_offers_can_be_awaited() -> None:
    theirs = public(AsyncCasework)
    assert theirs.keys() - {"run"} == public(Casework).keys()
    for name, method in public(Casework).items():
        if callable(method):
            assert inspect.signature(theirs[name]) == inspect.signature(method), name
            assert theirs[name].__doc__ == method.__doc__
    own, real = (inspect.signature(cls).parameters for cls in (AsyncCasework, Casework))
    assert list(own) == list(real)


def test_what_an_asyncio_host_commits_is_stored_and_what_it_rolls_back_is_not(
    place: Place, book: Book
) -> None:
    before = place.dump()

    async def story() -> None:
        async with hosting(place) as engine:
            async with AsyncSession(engine) as session:
                session.add(Note(id=1))
                work = working(session, book.practice)
                granted(await work.open("e1", "errand", **OPEN))
                granted(await work.fire("e1", "send", actor=CLERK, on=day(2)))
                assert len(session.new) == 1
                await session.rollback()
            assert ours(place, before) == before
            async with engine.begin() as connection:
                await connection.execute(sa.insert(Note).values(id=2))
                work = working(connection, book.practice)
                granted(await work.open("e2", "errand", **OPEN))
            async with engine.connect() as connection:
                assert await connection.scalar(sa.select(sa.func.count()).select_from(Note)) == 1

    asyncio.run(story())
    assert [case.id for case in book.cases()] == ["e2"]


def test_answers_refusals_and_errors_come_as_they_do_without_asyncio(
    place: Place, book: Book
) -> None:
    errand(book, key="k")

    async def story() -> None:
        async with hosting(place) as engine, engine.connect() as connection:
            work = working(connection, book.practice)
            assert await work.case("e1") == book.case("e1")
            assert await work.history("e1") == book.history("e1")
            assert await work.board(day(2)) == book.board(day(2))
            refused = await work.explain("e1", "agree", actor=CHIEF, on=day(2))
            assert refused == book.explain("e1", "agree", actor=CHIEF, on=day(2))
            assert await work.words(refused, "zh") == book.words(refused, "zh")
            with pytest.raises(UnknownName, match="did you mean 'e1'"):
                await work.case("e2")
            with pytest.raises(KeyReused):
                await work.fire("e1", "send", actor=CLERK, on=day(2), key="k")
            assert await work.verify() == ()

    asyncio.run(story())


def test_cases_are_streamed_and_the_host_may_write_in_between(
    place: Place, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(awaited, "_AT_ONCE", 2)
    for number in range(5):
        errand(book, case=f"e{number}")

    async def story() -> None:
        async with hosting(place) as engine, engine.begin() as connection:
            work = working(connection, book.practice)
            async for case in work.cases("errand"):
                granted(await work.fire(case.id, "send", actor=CLERK, on=day(2)))

    asyncio.run(story())
    assert {case.values["progress.state"] for case in book.cases("errand")} == {"sent"}


def test_several_things_are_done_in_one_go(place: Place, book: Book) -> None:
    async def story() -> int:
        async with hosting(place) as engine, engine.begin() as connection:
            work = working(connection, book.practice)

            def both(acts: Casework) -> int:
                errand(acts)
                sent(acts)
                return acts.case("e1").revision

            return await work.run(both)

    assert asyncio.run(story()) == 2
    assert len(book.history("e1")) == 2


def test_somebody_who_holds_the_row_is_a_conflict_and_the_host_goes_on(
    place: Place, book: Book
) -> None:
    errand(book)
    hasty = {
        "sqlite": "PRAGMA busy_timeout = 100",
        "postgresql": "SET lock_timeout = '300ms'",
        "mariadb": "SET innodb_lock_wait_timeout = 1",
    }

    async def story() -> None:
        async with hosting(place) as engine, engine.connect() as one, engine.connect() as two:
            await two.execute(sa.text(hasty[place.kind]))
            await two.commit()
            await working(one, book.practice).record("e1", {"posts": 4}, actor=CLERK, on=day(2))
            if place.kind != "sqlite":
                await two.execute(sa.insert(Note).values(id=1))
            with pytest.raises(Conflict):
                await working(two, book.practice).fire("e1", "send", actor=CLERK, on=day(2))
            if place.kind == "sqlite":
                await one.commit()
                await two.execute(sa.insert(Note).values(id=1))
            await two.commit()
            await one.rollback()
            assert await two.scalar(sa.select(sa.func.count()).select_from(Note)) == 1

    asyncio.run(story())


@pytest.fixture
def _no_collection() -> Iterator[None]:
    """Let nothing be tidied up by the collector, which comes when it likes."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_no_collection")
def test_cancelled_at_any_statement_leaves_nothing_of_the_act(place: Place, book: Book) -> None:
    """Not even a lock, nor if the host goes on and commits, as far as its driver lets it."""
    granted(book.open("p", "plan", actor=CHIEF, on=MONDAY))
    errand(book, parent="p")
    sent(book)
    before = place.dump()

    async def cancelled(engine: AsyncEngine, fatal: int) -> bool:
        """Cancel the act when it sends its statement number `fatal`; returns if it came to that."""
        numbers = count(1)
        async with engine.connect() as connection:
            work = working(connection, book.practice)
            task = asyncio.ensure_future(work.fire("e1", "agree", actor=CHIEF, on=day(3), key="k"))

            def hear(*_: object) -> None:
                if next(numbers) == fatal:
                    task.cancel()

            sa.event.listen(engine.sync_engine, "before_cursor_execute", hear)
            try:
                await task
            except asyncio.CancelledError:
                with suppress(sa.exc.SQLAlchemyError):
                    await connection.commit()
                return True
            finally:
                sa.event.remove(engine.sync_engine, "before_cursor_execute", hear)
            await connection.rollback()
            return False

    async def story() -> int:
        async with hosting(place) as engine:
            fatal = 1
            while await cancelled(engine, fatal):
                assert ours(place, before) == before, fatal
                fatal += 1
            return fatal

    assert asyncio.run(story()) > 8
    assert ours(place, before) == before


def test_a_connection_that_commits_by_itself_is_for_reading_only(place: Place, book: Book) -> None:
    errand(book)

    async def story() -> None:
        async with hosting(place) as engine, engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            work = working(connection, book.practice)
            assert (await work.case("e1")).revision == 1
            if place.kind != "sqlite":  # there we begin, and the host commits
                with pytest.raises(EmbeddingError, match="AUTOCOMMIT"):
                    await work.fire("e1", "send", actor=CLERK, on=day(2))

    asyncio.run(story())
    assert len(book.history("e1")) == 1


def test_the_two_faces_are_told_apart(place: Place, book: Book) -> None:
    async def story() -> None:
        async with hosting(place) as engine:
            for kind in (AsyncSession(engine), engine.connect()):
                async with kind as host:
                    with pytest.raises(EmbeddingError, match="use AsyncCasework"):
                        Casework(host, book.practice).case("e1")
            for other in (engine, book, "e1"):
                with pytest.raises(EmbeddingError, match="use Casework"):
                    await working(other, book.practice).case("e1")

    asyncio.run(story())
