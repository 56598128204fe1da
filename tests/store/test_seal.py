"""Sealing: every entry gets one position, in an order that never changes; the tree is theirs."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
import sqlalchemy as sa

from reformflow.casework import Book, Casework
from reformflow.errors import EmbeddingError, RequestError, StoreError, UnknownName
from reformflow.evidence import (
    Checkpoint,
    Digest,
    Growth,
    PrivateKey,
    Sealed,
    check_growth,
    check_proof,
    is_consistent,
    spelled,
)
from reformflow.model import Reform
from reformflow.store import Seal
from reformflow.store.evidence import positions
from reformflow.store.evidence.seals import give_positions, seals
from support.databases import NOW, Place
from support.errands import CHIEF, CLERK, day, errand, granted, sent

KEY = PrivateKey("example.org/errands", bytes(range(32)))


def root_of(entries: list[Sealed], algorithm: str = "sha256") -> bytes:
    growth = Growth(Digest.of(algorithm))
    for sealed in entries:
        growth.take(growth.digest.leaf(sealed.text.encode()))
    return growth.root


def told(book: Book) -> list[tuple[int, str, int]]:
    return [(one.position, one.entry.case, one.entry.seq) for one in book.feed()]


def test_every_entry_gets_one_position_and_the_tree_is_over_them(book: Book) -> None:
    for number in range(3):
        errand(book, f"e{number}")
    first = book.seal()
    sent(book, "e1")
    sent(book, "e0")
    second = book.seal()
    entries = list(book.feed())
    assert (first.size, first.added, second.size, second.added) == (3, 3, 5, 2)
    assert [one.position for one in entries] == [1, 2, 3, 4, 5]
    assert {(one.entry.case, one.entry.seq) for one in entries[3:]} == {("e0", 2), ("e1", 2)}
    assert [root_of(entries[:3]), root_of(entries)] == [first.root, second.root]
    assert book.seal() == Seal(5, second.root, "sha256", 0)


def test_what_the_feed_tells_is_what_the_history_tells(book: Book) -> None:
    errand(book, facts={"posts": -(2**62), "备注": '零\u200b宽 "引"\n'}, subject="买纸", key="k1")
    sent(book, on=day(12), reason="下雨", key="k2")
    book.seal()
    entries = list(book.feed())
    assert tuple(one.entry for one in entries) == book.history("e1")
    assert entries[0].document["opened"] == {"parent": None, "subject": "买纸", "unit": "东"}
    assert entries[1].document["opened"] is None
    assert entries[1].document["recorded_at"] == "2022-06-01T03:04:05.678901Z"
    assert [spelled(one.document) for one in entries[1:]] == [entries[1].text.encode()]


def test_a_reader_goes_on_where_it_stopped(book: Book) -> None:
    for number in range(7):
        errand(book, f"e{number}")
    assert list(book.feed()) == []
    book.seal()
    whole = list(book.feed())
    assert list(book.feed(after=4)) == whole[4:]
    errand(book, "later")
    assert list(book.feed(after=7)) == []
    book.seal()
    assert [one.entry.case for one in book.feed(after=7)] == ["later"]
    assert list(book.feed())[:7] == whole


def test_what_is_committed_later_comes_later(place: Place, errands: Reform) -> None:
    """A host's transaction began first, with an earlier clock, and ends after the seal."""
    book = place.open(errands)
    if place.kind == "sqlite":
        pytest.skip("SQLite lets only one write at a time")
    engine = place.engine()
    with engine.connect() as host, host.begin():
        errand(Casework(host, book.practice, clock=lambda: NOW - timedelta(hours=1)), "slow")
        errand(book, "quick")
        assert book.seal().size == 1
    assert book.seal().size == 2
    engine.dispose()
    assert told(book) == [(1, "quick", 1), (2, "slow", 1)]


def test_few_new_entries_are_found_without_a_look_at_every_case(
    place: Place, errands: Reform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for MariaDB, which keeps rows in the order of the cases' ids."""
    if place.kind == "mariadb":
        pytest.skip("has to look at every case")
    book = place.open(errands)
    said: list[str] = []

    def hear(*told: Any) -> None:
        said.append(told[2])

    def looked_at_all() -> bool:
        said.clear()
        book.seal()
        return any("JOIN" in text and "errand.revision" in text for text in said)

    for number in range(3):
        errand(book, f"e{number}")
    book.seal()
    sa.event.listen(book._units.engine, "before_cursor_execute", hear)
    errand(book, "e3")
    sent(book, "e1")
    assert not looked_at_all()
    assert {entry[1:] for entry in told(book)[3:]} == {("e1", 2), ("e3", 1)}
    if place.kind == "sqlite":
        return
    engine = place.engine()
    with engine.connect() as host, host.begin():
        errand(Casework(host, book.practice), "slow")
        errand(book, "quick")
        assert not looked_at_all()
    engine.dispose()
    monkeypatch.setattr(positions, "_NEAR", 0)  # it lies before what was sealed last
    assert looked_at_all()
    assert told(book)[5:] == [(6, "quick", 1), (7, "slow", 1)]


def test_a_case_keeps_its_order_whatever_the_clock_does(place: Place, errands: Reform) -> None:
    """Each instant is before the one that was taken before it, by which cases would be ordered."""
    clock = [NOW - timedelta(days=day) for day in range(10, 0, -1)]
    book = place.open(errands, clock=clock.pop)
    for case in "bc", "fg":
        errand(book, case[0])
        sent(book, case[0])
        errand(book, case[1])
        assert book.seal().added == 3
    order = [(case, seq) for _, case, seq in told(book)]
    first, second = [("b", 1), ("b", 2)], [("f", 1), ("f", 2)]
    if place.kind == "sqlite":  # by its rows
        assert order == [*first, ("c", 1), *second, ("g", 1)]
    else:
        assert order == [("c", 1), *first, ("g", 1), *second]


def test_many_who_seal_at_once_make_one_order(place: Place, errands: Reform) -> None:
    book = place.open(errands)
    problems: list[Exception] = []

    def work(name: str) -> None:
        try:
            for number in range(5):
                errand(book, f"{name}{number}")
                book.seal()
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            problems.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert book.seal().size == 15
    assert [position for position, _, _ in told(book)] == list(range(1, 16))


def test_a_seal_that_was_broken_off_is_finished(book: Book) -> None:
    errand(book)
    book._units.write(lambda c: give_positions(c, book.practice.schema, None))
    sent(book)
    assert list(book.feed()) == []
    assert book.verify() == ()
    assert book.seal().size == 2


def test_a_digest_is_chosen_once(book: Book) -> None:
    errand(book)
    first = book.seal(algorithm="sm3")
    sent(book)
    second = book.seal()
    assert (first.algorithm, second.algorithm) == ("sm3", "sm3")
    assert second.root == root_of(list(book.feed()), "sm3")
    with pytest.raises(RequestError, match="sealed with sm3, not with sha256"):
        book.seal(algorithm="sha256")
    note = book.checkpoint(KEY)
    assert "\ndigest sm3\n" in note
    assert book.verify(note, key=KEY.public) == ()
    assert check_proof(book.prove("e1", 2)).entry["seq"] == 2


def test_an_unknown_digest_seals_nothing(book: Book) -> None:
    errand(book)
    with pytest.raises(EmbeddingError, match="unknown digest 'md5'"):
        book.seal(algorithm="md5")
    assert book.seal().algorithm == "sha256"


def test_a_checkpoint_tells_what_the_history_has_come_to(book: Book) -> None:
    with pytest.raises(RequestError, match="nothing is sealed yet"):
        book.checkpoint()
    errand(book)
    top = book.seal()
    assert book.checkpoint() == Checkpoint("reformflow/errands", 1, top.root).body
    signed = Checkpoint("example.org/errands", 1, top.root)
    assert Checkpoint.read(book.checkpoint(KEY), KEY.public) == signed
    assert Checkpoint.read(book.checkpoint(KEY.secret(), origin="here")).origin == "here"


def test_an_entry_is_proven_by_one_text(book: Book) -> None:
    for number in range(5):
        errand(book, f"e{number}")
    book.seal()
    before = book.checkpoint(KEY)
    sent(book, "e3")
    with pytest.raises(RequestError, match="entry 2 of 'e3' is not sealed yet"):
        book.prove("e3", 2)
    book.seal()
    for case, entry in (("e0", 1), ("e3", 1), ("e3", 2)):
        proof = check_proof(book.prove(case, entry, key=KEY), KEY.public)
        assert (proof.entry["case"], proof.entry["seq"]) == (case, entry)
    assert check_proof(book.prove("e4", 1, checkpoint=before), KEY.public).note == before
    with pytest.raises(RequestError, match="not sealed yet"):
        book.prove("e3", 2, checkpoint=before)
    with pytest.raises(UnknownName, match="unknown entry '3 of e3'"):
        book.prove("e3", 3)


def test_a_later_verification_reads_only_what_is_new(book: Book, place: Place) -> None:
    for number in range(4):
        errand(book, f"e{number}")
    book.seal()
    note = book.checkpoint(KEY)
    sent(book, "e2")
    book.seal()
    assert book.verify(since=note, key=KEY.public) == ()
    history = book.practice.schema.shared.history
    place.alter(lambda c: c.execute(sa.update(history).values(actor="x")))
    flaws = [(flaw.case, flaw.message) for flaw in book.verify(since=note)]
    assert flaws == [("e2", "entry 2 is not what was sealed")]
    assert len(book.verify()) == 5
    place.alter(lambda c: c.execute(sa.update(history).values(actor=CHIEF.id)))
    entry = (history.c.case_id == "e2") & (history.c.seq == 2)
    place.alter(lambda c: c.execute(sa.update(history).where(entry).values(actor=CLERK.id)))


def test_two_checkpoints_have_to_be_of_one_history(book: Book) -> None:
    errand(book)
    errand(book, "e2")
    book.seal()
    old = Checkpoint.read(book.checkpoint())
    sent(book)
    book.seal()
    new = Checkpoint.read(book.checkpoint())
    sent(book, "e2")
    book.seal()
    other = attrs.evolve(old, root=new.root)
    assert book.verify(old, since=new) == ()
    assert book.verify(new, since=old) == ()
    for checkpoint, since in ((other, new), (new, other), (other, other)):
        assert {flaw.about for flaw in book.verify(checkpoint, since=since)} == {"checkpoint"}
    longer = attrs.evolve(new, size=99)
    assert [flaw.message for flaw in book.verify(longer)] == [
        "counts 99 entries, but only 4 are sealed"
    ]
    assert {flaw.about for flaw in book.verify(attrs.evolve(new, algorithm="sm3"))} == {
        "checkpoint"
    }


def test_only_the_owner_of_the_key_is_believed(book: Book) -> None:
    errand(book)
    book.seal()
    other = PrivateKey(KEY.name, bytes(32))
    with pytest.raises(RequestError, match="not signed by"):
        book.verify(book.checkpoint(other), key=KEY.public)
    with pytest.raises(RequestError, match="not signed by"):
        book.verify(since=book.checkpoint(), key=str(KEY.public))
    with pytest.raises(RequestError, match="not an Ed25519 public key"):
        book.verify(book.checkpoint(KEY), key="?")


def test_a_row_that_was_moved_is_not_sealed_twice(lite: Place, errands: Reform) -> None:
    book = lite.open(errands)
    errand(book)
    errand(book, "e2")
    book.seal()
    lite.alter(lambda c: c.exec_driver_sql("UPDATE history SET rowid = 9 WHERE case_id = 'e1'"))
    errand(book, "e3")
    assert book.seal().added == 1
    assert book.verify() == ()


def test_a_changed_database_is_not_sealed_over(lite: Place, errands: Reform) -> None:
    book = lite.open(errands)
    errand(book)
    book.seal()
    sent(book)
    shared = book.practice.schema.shared
    lite.alter(lambda c: c.execute(sa.update(shared.seal_tiles).values(hashes=b"x" * 32)))
    for refused in (book.seal, book.checkpoint):
        with pytest.raises(StoreError, match="does not lead to the root"):
            refused()
    book._units.write(lambda c: c.execute(sa.delete(shared.seals)))
    book._units.write(lambda c: c.execute(sa.delete(shared.history)))
    with pytest.raises(StoreError, match="entry 1 of 'e1' is gone"):
        book.seal()


@pytest.mark.parametrize("column", ["changes", "late"])
@pytest.mark.parametrize("depth", [1, 700, 100_000])
def test_readers_are_told_of_an_entry_that_is_damaged(
    lite: Place, errands: Reform, column: str, depth: int
) -> None:
    book = lite.open(errands)
    errand(book)
    book.seal()
    nested = '{"x":' * (depth + 1) + "1" + "}" * (depth + 1)
    history = sa.table("history", sa.column(column))
    lite.alter(lambda c: c.execute(sa.update(history).values({column: nested})))
    assert "e1" in {flaw.case for flaw in book.verify()}
    with pytest.raises(StoreError, match="verify"):
        list(book.feed())
    lite.give_up()


@pytest.mark.parametrize("change", ["DELETE FROM history WHERE case_id = 'e0'", "VACUUM"])
def test_entries_are_found_also_where_rows_are_not_in_order(
    lite: Place, errands: Reform, change: str
) -> None:
    book = lite.open(errands)
    for number in range(3):
        errand(book, f"e{number}")
    book.seal()
    engine = lite.engine(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(change)
        connection.exec_driver_sql("VACUUM")
    engine.dispose()
    sent(book, "e1")
    errand(book, "new")
    assert book.seal().added == 2
    places = book.practice.schema.shared.seal_positions.c
    query = sa.select(places.case_id, places.seq).order_by(places.position)
    assert book._units.read(lambda c: list(map(tuple, c.execute(query)))) == [
        ("e0", 1),
        ("e1", 1),
        ("e2", 1),
        ("e1", 2),
        ("new", 1),
    ]


def test_a_history_is_proven_to_have_only_grown(book: Book) -> None:
    notes = []
    for number in range(5):
        errand(book, f"e{number}")
        book.seal()
        notes.append(book.checkpoint(KEY))
    first, second, *_, last = (Checkpoint.read(note, KEY.public) for note in notes)
    for old in (first, second, last):
        assert check_growth(book.prove_growth(old, key=KEY), old, KEY.public) == last
    text = book.prove_growth(notes[1], key=KEY)
    assert text.startswith("old 2\n")
    with pytest.raises(RequestError, match="does not begin with that of the old one"):
        check_growth(text, attrs.evolve(second, root=first.root))
    with pytest.raises(RequestError, match="does not begin with that of the old one"):
        check_growth(text, first)
    with pytest.raises(RequestError, match="not a proof of growth"):
        check_growth(text.replace("old 2", "old 02"), second)
    with pytest.raises(RequestError, match="not signed by"):
        check_growth(book.prove_growth(first), first, KEY.public)
    with pytest.raises(RequestError, match="of 5 entries does not begin with one of 6"):
        book.prove_growth(attrs.evolve(last, size=6))
    with pytest.raises(RequestError, match="does not begin with that of the old one"):
        book.prove_growth(attrs.evolve(second, root=first.root))


def test_the_trees_of_two_checkpoints_are_proven_to_be_one(book: Book) -> None:
    errand(book)
    first = book.seal()
    sent(book)
    second = book.seal()
    path, digest = [root_of(list(book.feed())[1:])], Digest.of("sha256")
    assert is_consistent((1, first.root), (2, second.root), path, digest)


@pytest.mark.parametrize("spelled", ["?", "{} ", "{:.62}", None])
def test_a_root_has_one_spelling(lite: Place, errands: Reform, spelled: str | None) -> None:
    book = lite.open(errands)
    errand(book)
    root = book.seal().root.hex()
    table = book.practice.schema.shared.seals
    other = root.upper() if spelled is None else spelled.format(root)
    lite.alter(lambda c: c.execute(sa.update(table).where(table.c.size == 1).values(root=other)))
    assert [flaw.about for flaw in book.verify()] == ["seals"]


def test_seals_are_told_the_last_first(book: Book) -> None:
    for number in range(3):
        errand(book, f"e{number}")
        book.seal()
    sizes = book._units.read(lambda c: [one.size for one in seals(c, book.practice.schema)])
    assert sizes == [3, 2, 1, 0]


def test_instants_are_spelled_alike_in_every_zone(place: Place, errands: Reform) -> None:
    whole = datetime(2022, 6, 1, 3, 4, 5, tzinfo=UTC)
    book = place.open(errands, clock=lambda: whole)
    errand(book)
    book.seal()
    (one,) = book.feed()
    assert one.document["recorded_at"] == "2022-06-01T03:04:05.000000Z"
    assert one.entry.recorded_at == whole


def test_a_workflow_that_the_definition_no_longer_has_stays_sealed(
    place: Place, errands: Reform
) -> None:
    """Its cases are still in the database; their entries are sealed, told and verified too."""
    book = place.open(errands)
    granted(book.open("r1", "report", actor=CHIEF, on=day(1), unit="东", subject="周报"))
    book.seal()
    granted(book.fire("r1", "file", actor=CLERK, on=day(2)))
    left = [flow for flow in errands.workflows if flow.id == "errand"]
    fewer = place.open(attrs.evolve(errands, workflows=tuple(left)), upgrade=True)
    errand(fewer)
    assert fewer.seal().added == 2
    note = fewer.checkpoint(KEY)
    assert fewer.verify(note) == ()
    told = {(one.entry.case, one.entry.seq, one.workflow) for one in fewer.feed()}
    assert told == {("r1", 1, "report"), ("r1", 2, "report"), ("e1", 1, "errand")}
    table = book.practice.schema.workflow("report").table
    place.alter(lambda c: c.execute(sa.update(table).values(subject="别的")))
    assert [flaw.message for flaw in fewer.verify()] == ["entry 1 is not what was sealed"]
    place.alter(lambda c: c.execute(sa.update(table).values(subject="周报")))
