"""I12: a disk that is full, fails or is damaged gives an error with a name; what was stored stays.

SQLite keeps everything in one file, so its disk is ours to break: it fills up, loses power with a
transaction half written, or forgets some bytes.
"""

from __future__ import annotations

import resource
import shutil
import signal
import struct
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest

from reformflow.casework import Book
from reformflow.errors import StoreError
from reformflow.model import Decision, Reform
from support.crowd import Shift, Worker
from support.databases import Place, checked
from support.errands import CHIEF, day, errand, granted, sent
from support.soak import amount, chance
from support.wires import Tap, Wire, tapped

FILLINGS = amount(4, 200)
DAMAGES = amount(60, 3000)
LONG = "满" * 2000


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Place]:
    """A place in an SQLite file."""
    with checked("sqlite", tmp_path) as here:
        yield here


# --- a full disk -------------------------------------------------------------------------------


def fill(mouth: Connection, shift: Shift, room: int) -> None:
    """Open cases until no file may grow any more, and tell what was granted and what was said."""
    with shift.book() as book:
        size = Path(book._units.engine.url.database or "").stat().st_size
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, size + room))
        for number in range(1000):
            case = f"{shift.seed}/{number}"
            try:
                errand(book, case, key=case, facts={"备注": LONG})
            except StoreError as error:
                mouth.send(str(error))
                book.case("first")
                return
            mouth.send(case)


def test_a_full_disk_is_named_and_what_was_granted_stays(lite: Place, errands: Reform) -> None:
    rng = chance("full")
    book = lite.open(errands)
    errand(book, "first")
    stored = {"first"}
    for filling in range(FILLINGS):
        shift = Shift(lite.url, lite.prefix, [], 0, f"fill{filling}")
        worker = Worker(fill, shift, rng.randrange(200_000))
        worker.listen()
        assert worker.process.exitcode == 0
        *done, said = worker.heard
        worker.close()
        assert "cannot write to its disk" in said
        assert "free space" in said
        stored |= set(done)
        assert {case.id for case in book.cases()} == stored
        assert book.verify() == ()
        errand(book, f"fill{filling}/{len(done)}", key=f"fill{filling}/{len(done)}")
        stored.add(f"fill{filling}/{len(done)}")


# --- power that fails --------------------------------------------------------------------------


@attrs.define
class Photographs(Tap):
    """Copies the files as they are after each statement; writes reach the file before the end."""

    file: Path
    folder: Path
    ends: tuple[str, ...] = ("", "-journal")
    taken: list[Path] = attrs.field(factory=list)

    def before(self, wire: Wire, sql: str) -> str:
        if sql.startswith("BEGIN"):
            driver: Any = wire
            driver.executescript("PRAGMA cache_size = 1; PRAGMA cache_spill = 1")
        return sql

    def after(self, wire: Wire, sql: str) -> None:
        copy = self.folder / f"{len(self.taken)}.db"
        for end in self.ends:
            source = self.file.with_name(self.file.name + end)
            if source.exists():
                shutil.copy(source, copy.with_name(copy.name + end))
        self.taken.append(copy)


def journaled(file: Path) -> list[tuple[int, int]]:
    """Return offset and size of each page that a journal holds as it was before."""
    journal = file.with_name(f"{file.name}-journal")
    if not journal.exists() or journal.stat().st_size < 512:
        return []
    data = journal.read_bytes()
    count, _, _, sector, size = struct.unpack(">IIIII", data[8:28])
    pages = []
    for number in range(count):
        at = sector + number * (size + 8)
        if at + size + 8 > len(data):
            break
        (page,) = struct.unpack(">I", data[at : at + 4])
        pages.append(((page - 1) * size, size))
    return pages


def tear(file: Path, rng: Random) -> int:
    """Overwrite parts of the pages that were being written; returns of how many."""
    pages = journaled(file)
    data = bytearray(file.read_bytes())
    for offset, size in pages:
        at = offset + rng.randrange(size)
        data[at : offset + size] = rng.randbytes(offset + size - at)
    file.write_bytes(data)
    return len(pages)


def test_power_that_fails_half_way_leaves_the_old_state(
    lite: Place, errands: Reform, tmp_path: Path
) -> None:
    folder = tmp_path / "photographs"
    folder.mkdir()
    cut_short(lite, errands, Photographs(lite.file, folder))


def test_a_disk_that_forgets_the_journal_is_noticed(
    lite: Place, errands: Reform, tmp_path: Path
) -> None:
    with pytest.raises((AssertionError, StoreError)):
        cut_short(lite, errands, Photographs(lite.file, tmp_path, ends=("",)))


def cut_short(lite: Place, errands: Reform, photographs: Photographs) -> None:
    """Let power fail at each photograph, with the pages torn that were being written."""
    rng = chance("power")
    book = lite.open(errands)
    family(book)
    old = lite.dump()
    with tapped(book, photographs):
        finish(book)
    new = lite.dump()
    torn = 0
    for taken in photographs.taken:
        torn += tear(taken, rng)
        copy = Place("sqlite", photographs.folder)
        copy.file, copy.url = taken, f"sqlite:///{taken}"
        again = copy.open(errands)
        assert again.verify() == ()
        assert copy.dump() == (new if taken == photographs.taken[-1] else old)
        finish(again)
        assert copy.dump() == new
        copy.clear()
    assert torn > 0


def family(book: Book) -> None:
    """Open a plan and errands with long texts, so that the files have many pages."""
    granted(book.open("p", "plan", actor=CHIEF, on=day(1)))
    for number in range(8):
        errand(book, f"e{number}", parent="p", facts={"posts": 3, "备注": LONG})
        sent(book, f"e{number}")
        if number:
            granted(book.fire(f"e{number}", "agree", actor=CHIEF, on=day(3)))


def finish(book: Book) -> Decision:
    """End the last errand, and so the plan."""
    return granted(book.fire("e0", "agree", actor=CHIEF, on=day(3), key="k"))


# --- damaged bytes -----------------------------------------------------------------------------


def test_damage_is_named_or_found_and_never_shown_as_whole(
    lite: Place, errands: Reform, tmp_path: Path
) -> None:
    assert damaged(lite, errands, tmp_path / "hurt") > DAMAGES // 4


def test_damage_that_nobody_looks_for_is_shown_as_whole(
    lite: Place, errands: Reform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it is the check that finds it."""
    monkeypatch.setattr(Book, "verify", lambda *_: ())
    with pytest.raises(AssertionError):
        damaged(lite, errands, tmp_path / "hurt")


def damaged(lite: Place, errands: Reform, folder: Path) -> int:
    """Damage a file by chance, again and again; return how often that was named or found."""
    rng = chance("damage")
    book = lite.open(errands)
    family(book)
    finish(book)
    book.seal()
    checkpoint = book.checkpoint()
    whole = shown(book)
    sound = lite.file.read_bytes()
    found = 0
    hurt = Place("sqlite", folder)
    hurt.file.parent.mkdir()
    for _ in range(DAMAGES):
        data = bytearray(sound)
        at, size = rng.randrange(len(data)), rng.choice([1, 1, 2, 8, 300, 5000])
        data[at : at + size] = rng.randbytes(len(data[at : at + size]))
        hurt.file.write_bytes(data)
        try:
            again = hurt.open()
            flaws = again.verify(checkpoint)
            assert flaws or shown(again) == whole, (at, size)
            found += bool(flaws)
        except StoreError:
            found += 1
        hurt.give_up()
    return found


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE history SET happened_on = '2021-0x-02'",
        "UPDATE history SET changes = '{\"posts\": '",
        "UPDATE history SET changes = '[1]'",
        "UPDATE history SET kind = 'forgotten'",
        "UPDATE history SET late = '[{}]'",
        "UPDATE history SET recorded_at = 'once'",
        "UPDATE errand SET wanted_on = 5",
        "UPDATE errand SET 备注 = CAST(x'ff' AS TEXT)",
    ],
)
def test_a_value_that_is_none_of_ours_is_named(lite: Place, errands: Reform, damage: str) -> None:
    book = lite.open(errands)
    errand(book, facts={"wanted_on": day(5), "备注": "x"})
    lite.alter(lambda connection: connection.exec_driver_sql(damage))
    with pytest.raises(StoreError, match=r"damaged|decode"):
        shown(book)
    lite.give_up()


def shown(book: Book) -> list[Any]:
    """Return all that a book shows of its cases."""
    return [(case, book.history(case.id)) for case in book.cases()]
