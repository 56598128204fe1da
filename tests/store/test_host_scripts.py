"""Whatever a host and we do in one transaction, in any order: each keeps what is its own.

Hypothesis writes scripts of host writes, savepoints, acts of ours, requests that cannot be read,
and statements of ours that the database really refuses. A model says what must be there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import count
from typing import Any, TypeAlias

import attrs
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import orm

from reformflow import store
from reformflow.casework import Book, Casework, Practice
from reformflow.errors import ReformflowError, TransactionLost
from reformflow.model import Reform
from support.databases import NOW, Place
from support.errands import CHIEF, CLERK, MONDAY, day
from support.wires import Tap, wired

Step: TypeAlias = "tuple[str, int]"

ACTS = ("open", "send", "record", "nonsense", "read", "board", "tick", "bulk")
"""What we are asked to do; the number beside it says which of our statements fails, 0 for none."""

STEPS = st.one_of(
    st.tuples(st.just("note"), st.just(0)),
    st.tuples(st.sampled_from(["savepoint", "release", "back"]), st.just(0)),
    st.tuples(st.sampled_from(ACTS), st.just(0)),
    st.tuples(st.sampled_from(ACTS), st.integers(1, 20)),
)
NUMBERS = count(1)


class Base(orm.DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "script_note"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)


class Fault(Tap):
    """Sends the database nonsense in place of the statement whose turn it is."""

    def __init__(self) -> None:
        self.turn = 0
        self.watching = False
        self.struck = False

    def before(self, wire: Any, sql: str) -> str:
        """Spoil the statement whose turn it is, if it is one of ours."""
        if not self.watching:
            return sql
        self.turn -= 1
        self.struck = self.struck or self.turn == 0
        return "SELEKT nonsense" if self.turn == 0 else sql

    def ends(self, _: sa.Connection) -> None:
        """Hear that the transaction is committed or rolled back, which we never do."""
        assert not self.watching


@attrs.frozen
class Kept:
    """What has to be there: the host's notes, and how many entries each case has."""

    notes: frozenset[int] = frozenset()
    entries: tuple[tuple[str, int], ...] = ()

    def longer(self, case: str) -> Kept:
        """Return this with one more entry of a case."""
        now = dict(self.entries)
        return attrs.evolve(self, entries=tuple((now | {case: now.get(case, 0) + 1}).items()))


class Script:
    """Plays steps in a transaction of the host, and keeps the model of it."""

    def __init__(self, host: sa.Connection | orm.Session, practice: Practice, fault: Fault) -> None:
        self.host = host
        self.practice = practice
        self._work = Casework(host, practice, clock=lambda: NOW)
        self._fault = fault
        self._points: list[tuple[Any, Kept]] = []
        self._cases: list[str] = []
        self.kept = Kept()
        self.lost = False

    def play(self, step: Step) -> None:
        """Do one step."""
        kind, turn = step
        match kind:
            case "note":
                id_ = next(NUMBERS)
                self.host.execute(sa.insert(Note).values(id=id_))
                self.kept = attrs.evolve(self.kept, notes=self.kept.notes | {id_})
            case "savepoint":
                self._points.append((self.host.begin_nested(), self.kept))
            case "release" if self._points:
                self._points.pop()[0].commit()
            case "back" if self._points:
                point, self.kept = self._points.pop()
                point.rollback()
            case _ if kind in ACTS:
                self._act(kind, turn)

    def _act(self, kind: str, turn: int) -> None:
        case = f"s{next(NUMBERS)}" if kind == "open" else next(iter(dict(self.kept.entries)), "s0")
        self._fault.turn, self._fault.struck, self._fault.watching = turn, False, True
        try:
            with self._unflushed():
                granted = self._ask(kind, case)
        except TransactionLost:
            assert self._fault.struck
            self.lost = True
        except ReformflowError:
            assert self._fault.struck or kind == "nonsense" or case == "s0"
        else:
            assert not self._fault.struck
            for one in granted:
                self.kept = self.kept.longer(one)
        finally:
            self._fault.watching = False

    @contextmanager
    def _unflushed(self) -> Iterator[None]:
        """Demand that an object which the host has added to its session still waits after."""
        if not isinstance(self.host, orm.Session):
            yield
            return
        self.host.add(pending := Note(id=-1))
        try:
            yield
        finally:
            assert pending in self.host.new
            self.host.expunge(pending)

    def _ask(self, kind: str, case: str) -> tuple[str, ...]:
        """Ask for an act; returns the cases that it made an entry of."""
        work = self._work
        match kind:
            case "open":
                given = {"unit": "东", "facts": {"posts": 3}, "key": f"k{case}"}
                answer = work.open(case, "errand", actor=CHIEF, on=MONDAY, **given)
            case "send":
                answer = work.fire(case, "send", actor=CLERK, on=day(2))
            case "record":
                answer = work.record(case, {"posts": 4}, actor=CLERK, on=day(2))
            case "nonsense":
                answer = work.fire(case, "nonsense", actor=CLERK, on=day(2))
            case "bulk":
                drafts = [c.id for c in work.cases() if c.values["progress.state"] == "draft"]
                report = work.plan("send", actor=CLERK, on=day(2)).run(chunk=1)
                assert report.granted == len(drafts)
                return tuple(drafts)
            case _:
                self._look(kind, case)
                return ()
        return (case,) if answer.granted else ()

    def _look(self, kind: str, case: str) -> None:
        match kind:
            case "board":
                self._work.board(day(3))
            case "tick":
                self._work.tick(day(3))
            case _:
                self._work.case(case)


def begins(engine: sa.Engine) -> None:
    """Let SQLite begin when SQLAlchemy does, as hosts with savepoints need it."""

    @sa.event.listens_for(engine, "connect")
    def _(driver: Any, _record: object) -> None:
        driver.isolation_level = None

    @sa.event.listens_for(engine, "begin")
    def _(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")


@pytest.fixture
def fault() -> Fault:
    return Fault()


@pytest.fixture
def host(place: Place, book: Book, fault: Fault) -> Iterator[sa.Engine]:
    engine = place.engine()
    if place.kind == "sqlite":
        begins(engine)
    Base.metadata.create_all(engine)
    sa.event.listen(engine, "commit", fault.ends)
    sa.event.listen(engine, "rollback", fault.ends)
    with wired(engine, fault):
        yield engine
    Base.metadata.drop_all(engine)
    engine.dispose()


def stored(host: sa.Engine, practice: Practice) -> Kept:
    """Return what another transaction finds, which hangs together."""
    history = practice.schema.shared.history
    with host.connect() as connection:
        assert Casework(connection, practice).verify() == ()
        notes = frozenset(connection.scalars(sa.select(Note.id)))
        entries: dict[str, int] = {}
        for case in connection.scalars(sa.select(history.c["case_id"])):
            entries[case] = entries.get(case, 0) + 1
    return Kept(notes, tuple(entries.items()))


def emptied(host: sa.Engine, practice: Practice) -> None:
    with host.begin() as connection:
        connection.execute(sa.delete(Note))
        for table in practice.schema.shared.metadata.tables.values():
            if "version" not in table.name and "definitions" not in table.name:
                connection.execute(sa.delete(table))


Start: TypeAlias = Callable[[sa.Engine], Any]


@pytest.mark.parametrize("start", [sa.Engine.connect, orm.Session], ids=["connection", "session"])
def test_each_keeps_what_is_its_own(
    host: sa.Engine, place: Place, errands: Reform, fault: Fault, start: Start
) -> None:
    practice = place.practice(errands)
    met: set[str] = set()

    @given(steps=st.lists(STEPS, min_size=1, max_size=12), commits=st.booleans())
    def scripts(steps: list[Step], commits: bool) -> None:
        emptied(host, practice)
        with start(host) as session:
            met.update(played(host, Script(session, practice, fault), steps, commits=commits))

    scripts()
    assert met >= {"kept", "granted"}


def played(host: sa.Engine, script: Script, steps: list[Step], *, commits: bool) -> set[str]:
    """Play steps after a case was opened, compare with the model, and return what was met."""
    for step in [("open", 0), *steps]:
        script.play(step)
        if script.lost:
            break
    met = {"lost" if script.lost else "kept"}
    if commits and not script.lost:
        script.host.commit()
        met.add("granted" if script.kept.entries else "none")
    else:
        script.host.rollback()
    wanted = script.kept if commits and not script.lost else Kept()
    found = stored(host, script.practice)
    assert found.notes == wanted.notes
    assert dict(found.entries) == dict(wanted.entries)
    return met


def test_half_of_our_work_left_to_the_host_is_noticed(
    host: sa.Engine, place: Place, errands: Reform, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.host, "_savepoint", nullcontext)

    def noticed(turn: int) -> bool:
        with host.connect() as session:
            script = Script(session, place.practice(errands), fault)
            try:
                played(host, script, [("send", turn), ("note", 0)], commits=True)
            except (AssertionError, sa.exc.DBAPIError):  # PostgreSQL lets nothing more be done
                return True
        return False

    assert any(map(noticed, range(1, 10)))
