"""I5: whatever is done to a sealed history, its cases or its seals is found; nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

import pytest
import sqlalchemy as sa

from reformflow.casework import Book, Casework, Practice
from reformflow.engine import Docket
from reformflow.errors import ReformflowError
from reformflow.evidence import PrivateKey
from reformflow.formats import load
from reformflow.model import Reform
from support.databases import checked
from support.lots import Lots
from support.repository import ROOT
from support.servers import KINDS
from support.soak import amount, chance
from support.tampering import LOUD, QUIET, Change, Tampering

KEY = PrivateKey("example.org/errands", bytes(range(32)))
REQUESTS = 60
TRIED = {"sqlite": amount(170, 2_040), "postgresql": amount(51, 510), "mariadb": amount(51, 510)}
CLEAN = amount(40, 10_000)
"""Cases whose histories must raise no alarm."""


@pytest.fixture(scope="module")
def reform() -> Reform:
    return load(ROOT / "tests" / "store" / "reforms" / "errands")


def lived(book: Book, random: Random, prefix: str, requests: int) -> None:
    """Let cases live through requests drawn by lot."""
    lots = Lots(
        book.practice.engine.program.bound, random.randrange(2**32), prefix, date(2021, 1, 28)
    )
    docket = Docket()
    with book.transaction() as work:
        for _ in range(requests):
            try:
                docket.take(work.do(lots.request(docket)))
            except ReformflowError:
                continue


class Ground:
    """A sealed book, and the checkpoint that was exported last."""

    def __init__(self, book: Book, engine: sa.Engine, note: str) -> None:
        self.practice: Practice = book.practice
        self.engine = engine
        self.note = note

    def tampered(self, change: Change, random: Random, *, checkpoint: bool) -> tuple[str, bool]:
        """Say what was done in a transaction that is undone again, and whether it was found."""
        with self.engine.connect() as connection:
            if self.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            done = change(Tampering(connection, self.practice.schema, random))
            work = Casework(connection, self.practice)
            found = work.verify(self.note if checkpoint else None, key=KEY.public)
            connection.rollback()
        return done, bool(found)


@pytest.fixture(scope="module", params=KINDS)
def ground(
    request: pytest.FixtureRequest, reform: Reform, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    with checked(request.param, tmp_path_factory.mktemp("sealed")) as place:
        book = place.open(reform)
        random = chance("tampering ground")
        for piece in "abc":
            lived(book, random, piece, REQUESTS)
            book.seal()
        note = book.checkpoint(KEY)
        assert book.verify(note, key=KEY.public) == ()
        engine = place.engine()
        yield Ground(book, engine, note)
        engine.dispose()
        assert book.verify(note, key=KEY.public) == ()


def hunted(ground: Ground, changes: tuple[Change, ...], *, checkpoint: bool) -> list[str]:
    """Return what was done and not found."""
    kind = "sqlite" if ground.engine.dialect.name == "sqlite" else ground.engine.dialect.name
    tried = TRIED["mariadb" if kind == "mysql" else kind]
    each = tried // (len(LOUD) + len(QUIET))
    missed: list[str] = []
    for change in changes:
        random = chance(kind, change.__name__)
        for _ in range(each):
            done, found = ground.tampered(change, random, checkpoint=checkpoint)
            missed += [] if found else [f"{change.__name__}: {done}"]
    return missed


def test_every_edit_is_found_by_anybody(ground: Ground) -> None:
    assert hunted(ground, LOUD, checkpoint=False) == []


@pytest.mark.parametrize("name", ["report𠮷", "no such", 'odd"`name'])
def test_a_workflow_whose_name_no_table_can_have_is_found(ground: Ground, name: str) -> None:
    def renamed(it: Tampering) -> str:
        it.connection.execute(sa.update(it.schema.shared.history).values(workflow=name))
        it.connection.execute(sa.update(it.schema.shared.catalog).values(workflow=name))
        return name

    assert ground.tampered(renamed, chance(name), checkpoint=False) == (name, True)


def test_what_was_made_to_hang_together_is_found_with_the_checkpoint(ground: Ground) -> None:
    assert hunted(ground, QUIET, checkpoint=True) == []


@pytest.mark.parametrize("change", QUIET, ids=lambda change: change.__name__)
def test_without_the_checkpoint_it_would_not_be_found(ground: Ground, change: Change) -> None:
    """So it is the checkpoint that finds it, and these changes are worth their name."""
    done, found = ground.tampered(change, chance(change.__name__), checkpoint=False)
    assert not found, done


def test_a_clean_history_raises_no_alarm(
    reform: Reform, tmp_path_factory: pytest.TempPathFactory
) -> None:
    random = chance("clean")
    cases = rounds = 0
    with checked("sqlite", tmp_path_factory.mktemp("clean")) as place:
        book = place.open(reform)
        notes: list[str] = []
        while cases < CLEAN:
            lived(book, random, f"{rounds}-", REQUESTS)
            rounds += 1
            if random.random() < 0.7 or rounds == 1:
                before = book.checkpoint(KEY) if notes else None
                book.seal()
                notes.append(book.checkpoint(KEY))
                assert book.verify(since=before or notes[-1], key=KEY.public) == ()
            count = sa.select(sa.func.count()).select_from(book.practice.schema.shared.catalog)
            cases = book._units.read(lambda c, count=count: c.scalar(count) or 0)
        for note in random.sample(notes, min(len(notes), 10)):
            assert book.verify(note, key=KEY.public) == ()
            assert book.verify(since=note, key=KEY.public) == ()
