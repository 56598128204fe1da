"""Killed, full, read-only, broken: what is stored is the old state or the new one, never half."""

from __future__ import annotations

import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from reformflow.casework import Book, Casework
from reformflow.errors import StoreError
from reformflow.model import Decision, Reform
from reformflow.store import Trouble, trouble
from reformflow.store.schema import WorkflowTable
from support.databases import NOW, Place, checked
from support.errands import CHIEF, CLERK, day, errand, granted, sent
from support.server_errors import plant, unplant

MOST = 40
Dump = dict[str, list[tuple[Any, ...]]]


def finish(book: Book) -> Decision:
    """Fire a transition that also moves the parent: two cases, two entries, one answer."""
    return book.fire("e1", "agree", actor=CHIEF, on=day(3), key="k")


@pytest.fixture
def ready(book: Book) -> Book:
    """A book in which `finish` can be asked for."""
    granted(book.open("p", "plan", actor=CHIEF, on=day(1)))
    errand(book, parent="p")
    sent(book)
    return book


def counting(book: Book, event: str, act: Callable[[int], None]) -> Callable[[], None]:
    """Call `act` with the number of each statement; returns what ends it."""
    numbers = count(1)

    def hear(*_: object) -> None:
        act(next(numbers))

    sa.event.listen(book._units.engine, event, hear)
    return lambda: sa.event.remove(book._units.engine, event, hear)


def in_child(action: Callable[[], object]) -> int:
    """Run something in a process of its own; returns the signal that ended it, 0 for none."""
    pid = os.fork()
    if pid == 0:
        try:
            action()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize("event", ["before_cursor_execute", "after_cursor_execute", "commit"])
def test_killed_between_any_two_statements(
    ready: Book, place: Place, errands: Reform, event: str
) -> None:
    ready._units.engine.dispose()
    before = place.dump()
    for number in range(1, MOST):

        def killed(fatal: int = number) -> None:
            book = place.open(errands)

            def die(now: int) -> None:
                if now == fatal:
                    os.kill(os.getpid(), signal.SIGKILL)

            counting(book, event, die)
            finish(book)

        ended = in_child(killed)
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
        assert place.dump() == before
    assert number > (1 if event == "commit" else 8)
    assert ready.case("p").values["progress.state"] == "done"
    after = place.dump()
    assert finish(ready).repeated
    assert place.dump() == after


@pytest.mark.parametrize("event", ["before_cursor_execute", "after_cursor_execute"])
def test_a_fault_at_any_statement_leaves_the_old_state(
    ready: Book, place: Place, event: str
) -> None:
    before = place.dump()
    for number in range(1, MOST):

        def fail(now: int, fatal: int = number) -> None:
            if now == fatal:
                raise sa.exc.DatabaseError("?", {}, Exception("planted"))

        end = counting(ready, event, fail)
        try:
            finish(ready)
        except StoreError as error:
            assert "planted" in error.message  # noqa: PT017 - or it was not reached any more
            assert place.dump() == before
        else:
            break
        finally:
            end()
    assert number > 8
    assert ready.case("p").values["progress.state"] == "done"


def test_writers_at_once_lose_nothing(book: Book) -> None:
    errand(book)
    problems: list[Exception] = []

    def write(name: str) -> None:
        try:
            for number in range(8):
                granted(
                    book.record(
                        "e1", {"posts": number}, actor=CLERK, on=day(2), key=f"{name}{number}"
                    )
                )
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            problems.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(book.history("e1")) == 1 + 4 * 8


def test_writers_of_a_family_decide_on_what_is_true(book: Book) -> None:
    """Two children that end at once: one of them must see that it is the last."""
    granted(book.open("p", "plan", actor=CHIEF, on=day(1)))
    names = "abcdef"
    for name in names:
        errand(book, case=name, parent="p")
        sent(book, name)
    threads = [
        threading.Thread(
            target=book.fire, args=(name, "agree"), kwargs={"actor": CHIEF, "on": day(3)}
        )
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert book.case("p").values["progress.state"] == "done"
    assert [entry.name for entry in book.history("p")] == ["plan", "finish"]


def test_the_checker_finds_a_lost_update(
    book: Book, place: Place, errands: Reform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the revision in the UPDATE, what somebody else wrote is overwritten, and is found."""
    errand(book)
    real = WorkflowTable._updating
    unversioned = "b_id"

    def careless(table: WorkflowTable, columns: frozenset[str]) -> sa.Update:
        here = table.table.c
        names = real(table, columns).compile().params.keys() - {"b_id", "b_seen"}
        update = sa.update(table.table).where(
            here.id == sa.bindparam(unversioned), sa.bindparam("b_seen") == sa.bindparam("b_seen")
        )
        return update.values({name: sa.bindparam(name) for name in names})

    practice = place.practice(errands)
    monkeypatch.setattr(WorkflowTable, "_updating", careless)
    fire = practice.engine.fire

    def overtaken(*args: Any) -> Decision:
        decision = fire(*args)
        table = practice.schema.workflow("errand").table
        connection.execute(sa.update(table).values(revision=5, posts=9))
        return decision

    monkeypatch.setattr(practice.engine, "fire", overtaken)
    engine = place.engine()
    with engine.begin() as connection:
        sent(Casework(connection, practice, clock=lambda: NOW))
    engine.dispose()
    assert {flaw.about for flaw in book.verify()} == {"posts"}
    place.give_up()


# --- trouble with the database ----------------------------------------------------------------


@pytest.fixture
def stored(lite: Place, errands: Reform, template: Path) -> Iterator[Place]:
    """A file with an errand in it, closed."""
    book = lite.start(errands, template)
    errand(book)
    lite.give_up()
    yield lite
    lite.clear()


def test_a_full_disk_is_named_and_nothing_is_stored(stored: Place) -> None:
    book = stored.open()
    before = stored.dump()

    def limit(driver: Any, *_: object) -> None:
        pages = driver.execute("PRAGMA page_count").fetchone()[0]
        driver.execute(f"PRAGMA max_page_count = {pages}")

    book._units.engine.dispose()
    sa.event.listen(book._units.engine, "connect", limit)
    with pytest.raises(StoreError, match=r"cannot write to its disk.*free space"):  # noqa: PT012
        for number in range(100):
            errand(book, case=f"big{number}", facts={"备注": "满" * 2000})
            before = stored.dump()
    assert stored.dump() == before
    sa.event.remove(book._units.engine, "connect", limit)
    book._units.engine.dispose()
    errand(book, case="after", facts={"备注": "满" * 2000})
    assert book.verify() == ()


@pytest.mark.parametrize("room", [0, 5000, 40_000])
def test_a_file_that_must_not_grow_is_named_and_nothing_is_lost(
    stored: Place, tmp_path: Path, room: int
) -> None:
    """The limit of a process stands for a quota, or a disk that others have filled."""
    said = tmp_path / "said"

    def fill() -> None:
        book = stored.open()
        most = stored.file.stat().st_size + room
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        try:
            for number in range(100):
                errand(book, case=f"big{number}", facts={"备注": "满" * 2000})
        except StoreError as error:
            said.write_text(f"{number} {error}", encoding="utf-8")

    assert in_child(fill) == 0
    number, _, told = said.read_text(encoding="utf-8").partition(" ")
    assert "cannot write to its disk" in told
    assert "free space" in told
    book = stored.open()
    assert len(list(book.cases("errand"))) == 1 + int(number)
    assert book.verify() == ()
    errand(book, case="after", facts={"备注": "满" * 2000})


TOLD = {
    "postgresql": {
        "53100": "cannot write to its disk",
        "58030": "cannot write to its disk",
        "25006": "is read-only",
        "XX001": "is damaged",
        "42501": "does not let us in",
        "55P03": "is in use by somebody else",
        "57P03": "cannot be reached",
        "22012": "reports an error",
    },
    "mariadb": {
        "1114": "cannot write to its disk",
        "1021": "cannot write to its disk",
        "1290": "is read-only",
        "1877": "is damaged",
        "1142": "does not let us in",
        "1205": "is in use by somebody else",
        "1053": "cannot be reached",
        "1365": "reports an error",
    },
}


@pytest.mark.parametrize(
    ("kind", "code"), [(kind, code) for kind, codes in TOLD.items() for code in codes]
)
def test_what_a_server_suffers_is_named_and_nothing_is_stored(
    errands: Reform, tmp_path: Path, kind: str, code: str
) -> None:
    with checked(kind, tmp_path) as place:
        book = place.open(errands, patience=0.2)
        errand(book)
        before = place.dump()
        plant(place, code)
        with pytest.raises(StoreError, match=rf"{TOLD[kind][code]}.*planted") as caught:
            sent(book, key="k")
        assert caught.value.hint
        assert place.dump() == before
        unplant(place)
        assert not sent(book, key="k").repeated


def test_a_server_that_only_reads_says_so_when_written(errands: Reform, place: Place) -> None:
    if place.kind == "sqlite":
        pytest.skip("a file that is only read has its own test")
    errand(place.open(errands))
    url, mark = place.url, "&" if "?" in place.url else "?"
    place.url += (
        mark
        + {
            "postgresql": "options=-c%20default_transaction_read_only%3Don",
            "mariadb": "init_command=SET%20SESSION%20TRANSACTION%20READ%20ONLY",
        }[place.kind]
    )
    book = place.open(errands)
    assert book.case("e1").id == "e1"
    with pytest.raises(StoreError, match=r"read-only.*primary server"):
        sent(book)
    place.url = url
    sent(place.open(errands))


def test_a_read_only_database_can_be_read_and_says_so_when_written(stored: Place) -> None:
    stored.url = f"sqlite:///file:{stored.file}?mode=ro&uri=true"
    book = stored.open()
    assert book.case("e1").id == "e1"
    assert len(book.board(day(2))) == 2
    with pytest.raises(StoreError, match=r"read-only.*write permission"):
        sent(book)
    assert len(book.history("e1")) == 1


@pytest.mark.parametrize("at", [0, 100, 4096, 20000])
def test_a_damaged_file_is_named(stored: Place, at: int) -> None:
    content = bytearray(stored.file.read_bytes())
    content[at : at + 3000] = b"\xa5" * 3000
    stored.file.write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged or no database|not one of|revision|restore"):
        _use(stored)
    assert stored.file.read_bytes() == bytes(content)


def test_a_file_that_was_cut_is_named(stored: Place) -> None:
    content = stored.file.read_bytes()
    stored.file.write_bytes(content[: len(content) // 2])
    with pytest.raises(StoreError, match="damaged"):
        _use(stored)


def test_a_file_of_another_kind_is_named(lite: Place, errands: Reform) -> None:
    lite.file.write_text("这不是数据库\n" * 100)
    with pytest.raises(StoreError, match=r"damaged or no database.*check the path"):
        lite.open(errands)


def _use(place: Place) -> None:
    """Open and read everything: damage need not show at once."""
    book = place.open()
    book.verify()
    errand(book, case="e2")
    book.history("e1")


def test_a_locked_database_is_named_when_patience_ends(stored: Place) -> None:
    book = stored.open(patience=0.2)
    engine = stored.engine()
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match=r"in use by somebody else.*try again"):
            sent(book)
        connection.rollback()
    engine.dispose()
    sent(book)


def test_a_lock_that_ends_is_waited_for(stored: Place) -> None:
    book = stored.open()
    engine = stored.engine(connect_args={"check_same_thread": False})
    connection = engine.connect()
    connection.exec_driver_sql("BEGIN EXCLUSIVE")
    timer = threading.Timer(0.5, connection.rollback)
    timer.start()
    sent(book)
    timer.join()
    connection.close()
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////nowhere/at/all/x.db", "cannot be reached"),
        ("nonsense", "not the address of a database"),
        ("oracle9://x/y", "not the address of a database"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/x", "cannot be reached"),
        ("mysql+pymysql://nobody@127.0.0.1:1/x", "cannot be reached"),
    ],
)
def test_a_database_that_is_not_there_is_named(
    lite: Place, errands: Reform, url: str, said: str
) -> None:
    if "+" in url:
        pytest.importorskip(url.partition("+")[2].partition(":")[0])
    lite.url = url
    with pytest.raises(StoreError, match=said):
        lite.open(errands)


def test_a_password_is_never_shown(lite: Place, errands: Reform) -> None:
    pytest.importorskip("psycopg")
    lite.url = "postgresql+psycopg://nobody:s3cret@127.0.0.1:1/x"
    with pytest.raises(StoreError) as caught:
        lite.open(errands)
    assert "s3cret" not in str(caught.value)


def test_a_write_ahead_log_is_refused_where_it_can_be_lost(
    lite: Place, errands: Reform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 51, 2))
    with pytest.raises(StoreError, match=r"3\.51\.3"):
        lite.open(errands, wal=True)
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 51, 3))
    errand(lite.open(errands, wal=True))
    assert _journal(lite) == "wal"
    lite.clear()
    lite.open().case("e1")
    assert _journal(lite) == "delete"


def _journal(place: Place) -> str:
    engine = place.engine()
    with engine.connect() as connection:
        mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
    engine.dispose()
    return mode


def test_an_error_without_a_name_is_still_ours() -> None:
    assert trouble(ValueError("?")) is Trouble.OTHER


def test_memory_holds_a_book_for_as_long_as_it_is_open(lite: Place, errands: Reform) -> None:
    lite.url = "sqlite://"
    book = lite.open(errands)
    errand(book)
    threads = [threading.Thread(target=errand, args=(book, f"t{number}")) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(book.cases())) == 5
    assert book.verify() == ()
