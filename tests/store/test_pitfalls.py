"""Where databases and drivers are known to do something else than one expects."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from reformflow.casework.bulk.plans import CHUNK
from reformflow.model import Record, Reform, Request
from reformflow.store import engine_for, unit
from reformflow.store.types import ID_LENGTH
from support.databases import Place
from support.errands import CLERK, day, errand, sent
from support.server_errors import plant, unplant

PASSING = {
    "postgresql": ["40001", "40P01", "55P03", "53300"],
    "mariadb": ["1020", "1205", "1213", "1040"],
}


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_a_unit_that_a_server_turned_away_is_done_again_whole(
    place: Place, errands: Reform, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """The server refuses the last of its statements; before the next try it no longer does."""
    if place.kind == "sqlite":
        pytest.skip("what SQLite refuses, it refuses at the beginning")
    book = place.open(errands)
    errand(book)
    plant(place, PASSING[place.kind][code])
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        if not pauses:
            unplant(place)
        pauses.append(seconds)

    monkeypatch.setattr("reformflow.casework.patience.time.sleep", pause)
    assert not sent(book, key="k").repeated
    assert pauses
    assert [entry.name for entry in book.history("e1")] == ["errand", "send"]


def test_a_unit_that_writes_has_the_lock_from_its_beginning(lite: Place, errands: Reform) -> None:
    """One that read first and took the lock later would be refused at once, however patient."""
    lite.open(errands).close()
    engine = engine_for(lite.url)
    rival = sqlite3.connect(lite.file, timeout=0, isolation_level=None)
    with unit(engine, writes=True), pytest.raises(sqlite3.OperationalError, match="locked"):
        rival.execute("BEGIN IMMEDIATE")
    with unit(engine, writes=False):
        rival.execute("BEGIN IMMEDIATE")
        rival.execute("ROLLBACK")
    rival.close()
    engine.dispose()


@pytest.mark.parametrize("zone", ["+00:00", "+08:00", "-11:00"])
def test_an_instant_is_the_same_in_every_zone_of_the_server(
    place: Place, errands: Reform, zone: str
) -> None:
    """And so to the microsecond, whatever zone the instant was given in."""
    if place.kind == "sqlite":
        pytest.skip("SQLite has no zone")
    errand(place.open(errands))
    set_zone = "SET TIME ZONE INTERVAL" if place.kind == "postgresql" else "SET time_zone ="
    ending = " HOUR TO MINUTE" if place.kind == "postgresql" else ""

    def shift(driver: Any, _record: object) -> None:
        cursor = driver.cursor()
        cursor.execute(f"{set_zone} '{zone}'{ending}")
        cursor.close()
        driver.commit()

    instant = datetime(2022, 9, 14, 23, 30, 0, 123457, tzinfo=timezone(timedelta(hours=9)))
    sa.event.listen(sa.pool.Pool, "connect", shift)
    try:
        book = place.open(errands)
        book.do(Request("e1", Record({"posts": 1}), CLERK, day(2), recorded_at=instant))
        found = book.history("e1")[1].recorded_at
    finally:
        sa.event.remove(sa.pool.Pool, "connect", shift)
    assert found == instant
    assert found.utcoffset() == timedelta(0)
    assert place.open(errands).history("e1")[1].recorded_at == instant.astimezone(UTC)


def test_json_is_found_by_its_chinese_names(place: Place, errands: Reform) -> None:
    """Written with escapes, the names would not be found by a path."""
    errand(place.open(errands), facts={"备注": "加急"})
    found = {
        "sqlite": """json_extract(changes, '$."备注"')""",
        "postgresql": "changes::json ->> '备注'",
        "mariadb": """json_value(changes, '$."备注"')""",
    }[place.kind]
    engine = place.engine()
    with engine.connect() as connection:
        query = sa.select(sa.text(found)).select_from(sa.table(f"{place.prefix}history"))
        assert connection.scalars(query).all() == ["加急"]
        raw = sa.select(sa.text("changes")).select_from(sa.table(f"{place.prefix}history"))
        assert '"备注":"加急"' in connection.scalars(raw).one()
    engine.dispose()


def test_the_number_0_stays_0(place: Place) -> None:
    """MariaDB would count on from it in a column that numbers its rows."""
    numbers = sa.Table(
        f"{place.prefix}numbers",
        sa.MetaData(),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    )
    engine = engine_for(place.url)
    with unit(engine, writes=True) as connection:
        numbers.create(connection)
        connection.execute(sa.insert(numbers), [{"number": 0}, {"number": 5}])
    with unit(engine, writes=False) as connection:
        assert connection.scalars(sa.select(numbers.c.number)).all() == [0, 5]
    engine.dispose()


def test_what_does_not_fit_is_an_error_and_not_cut_off(place: Place) -> None:
    """MariaDB outside of its strict mode would store the beginning."""
    if place.kind == "sqlite":
        pytest.skip("SQLite takes any length; lengths are looked at before")
    short = sa.Table(f"{place.prefix}short", sa.MetaData(), sa.Column("text", sa.String(3)))
    engine = engine_for(place.url)
    with unit(engine, writes=True) as connection:
        short.create(connection)
    with pytest.raises(sa.exc.DataError), unit(engine, writes=True) as connection:
        connection.execute(sa.insert(short), [{"text": "四个汉字"}])
    with unit(engine, writes=False) as connection:
        assert connection.scalars(sa.select(short.c.text)).all() == []
    engine.dispose()


def test_what_is_asked_of_the_children_of_a_whole_chunk_is_gathered_in_memory(
    place: Place,
) -> None:
    """MariaDB would write it to disk, and take twice as long, from twenty thousand cases on."""
    if place.kind != "mariadb":
        pytest.skip("others need no more room than the ids really take")
    seq = sa.column("seq")
    parent = sa.cast(seq, sa.Unicode(ID_LENGTH)).label("id")
    asked = sa.select(parent, sa.func.max(seq).label("a"), sa.func.sum(seq).label("b"))
    below = asked.select_from(sa.table(f"seq_1_to_{CHUNK}")).group_by("id").subquery()
    engine = engine_for(place.url)
    with unit(engine, writes=False) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(below)) == CHUNK
        told = connection.execute(sa.text("SHOW SESSION STATUS LIKE 'Created_tmp%tables'"))
        made = {name: int(number) for name, number in told}
    engine.dispose()
    assert made["Created_tmp_tables"] > made["Created_tmp_disk_tables"] == 0
