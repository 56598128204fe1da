"""The sums that the database counts are those of the board's lines."""

from __future__ import annotations

from datetime import date

import attrs
import pytest
import sqlalchemy as sa

from reformflow.casework import Book
from reformflow.casework.totals import summed
from reformflow.errors import NotMigrated
from reformflow.formats import load
from reformflow.formats.forms import MAX_ID
from reformflow.model import Reform
from reformflow.store import dumps, late_acts, standings
from reformflow.store.tables import VERSION
from support.databases import Place
from support.errands import CHIEF, CLERK, day, errand, granted, sent
from support.repository import ROOT


def test_the_totals_are_the_sums_of_the_board(book: Book) -> None:
    """Here time alone changes cases, so some are looked at."""
    granted(book.open("p", "plan", actor=CHIEF, on=day(1)))
    errand(book, parent="p")
    errand(book, case="e2", unit="西")
    sent(book, "e2")
    for on in (day(1), day(5), day(20), date(2022, 5, 1)):
        for unit in (None, "西", "nowhere"):
            assert book.totals(on, unit=unit) == tuple(summed(book.board(on, unit=unit)))


@pytest.mark.parametrize("unit", [None, "东", "西"])
def test_the_database_counts_what_the_lines_say(book: Book, unit: str | None) -> None:
    """Before time has brought anything, also where it could: each mark, and late acts."""
    for case, where in (("a", "东"), ("b", "东"), ("c", "西"), ("d", "西")):
        errand(book, case=case, unit=where)
    sent(book, "b")
    late = book.fire("c", "send", actor=CLERK, on=day(9), reason="waited")
    schema = book.practice.schema
    counted = {}
    with book.transaction() as work:
        connection = work._host
        assert isinstance(connection, sa.Connection)
        for on in (day(1), day(2), day(9)):
            found_by_track = standings(
                connection, schema, "errand", on, book.practice.definition, soon=7, unit=unit
            )
            for track, found in (found_by_track or {}).items():
                counted[on, track] = {mark: n for mark, n in found.items() if n}
        acts = late_acts(connection, schema, unit=unit)
    for on in (day(1), day(2)):
        for total in summed(line for line in book.board(on, unit=unit)):
            said = {mark: n for mark, n in total.standings.items() if n}
            assert counted[on, total.track] == said
            assert acts["errand", total.track] == total.late_acts
    assert late.granted
    assert sum(acts.values()) == (0 if unit == "东" else 1)


def test_a_late_act_that_is_taken_back_is_not_counted(book: Book) -> None:
    for case in ("a", "b"):
        errand(book, case=case)
        granted(book.fire(case, "send", actor=CLERK, on=day(9), reason="waited"))
    number = book.history("a")[-1].seq
    for expected in (2, 1):
        (progress, _) = book.totals(day(9))
        assert progress.late_acts == expected
        assert book.totals(day(9)) == tuple(summed(book.board(day(9))))
        if expected == 2:
            void = {"void": True, "reason": "wrong case", "actor": CHIEF, "on": day(9)}
            granted(book.correct("a", number, **void))


def test_late_acts_are_counted_after_the_upgrade_of_older_tables(
    place: Place, errands: Reform
) -> None:
    """MariaDB writes the history anew then."""
    book = place.open(errands)
    errand(book)
    granted(book.fire("e1", "send", actor=CLERK, on=day(9), reason="waited"))
    before = book.totals(day(9))
    if place.kind == "mariadb":
        place.alter(
            lambda c: c.exec_driver_sql(f"ALTER TABLE {place.prefix}history DROP COLUMN marks")
        )
    older = sa.update(sa.table(f"{place.prefix}{VERSION}", sa.column("version_num")))
    place.alter(lambda c: c.execute(older.values(version_num="reformflow_0004")))
    assert place.open(errands, upgrade=True).totals(day(9)) == before
    assert [total.late_acts for total in before] == [1, 0]


def test_what_is_kept_of_late_entries_has_room_for_the_longest_names() -> None:
    """Of a deadline and both ends of a window, the most that one act can miss."""
    name = "名" * MAX_ID
    mark = {"transition": name, "bound": "2021-02-10", "days": -3_652_058, "role": name}
    assert len(f"{name} {dumps([mark, mark, mark])}") <= 760


def test_a_reform_without_time_is_counted_by_the_database(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    reform: Reform = load(ROOT / "workflows" / "putuo-2021-9")
    book = place.open(reform)
    monkeypatch.setattr("reformflow.casework.board.lines", None)
    assert book.totals(date(2021, 4, 1)) == ()


def test_every_track_of_many_is_counted(place: Place, errands: Reform) -> None:
    """More of them than one number has room for."""
    flow = errands.workflow("errand")
    oversight = flow.tracks[-1]
    more = tuple(attrs.evolve(oversight, id=f"watch_{n}") for n in range(30))
    wide = attrs.evolve(flow, tracks=(*flow.tracks, *more))
    others = tuple(one for one in errands.workflows if one.id != "errand")
    book = place.open(attrs.evolve(errands, workflows=(wide, *others)))
    errand(book)
    for on in (day(1), day(9)):
        assert book.totals(on) == tuple(summed(book.board(on)))
    assert len(book.totals(day(1))) == len(wide.tracks)


@pytest.mark.parametrize("unit", [None, "东", "西"])
def test_cases_of_another_definition_are_not_counted_by_this_one(
    place: Place, errands: Reform, unit: str | None
) -> None:
    """Whosever they are: the database would count their states by the rules of this one."""
    errand(place.open(errands), unit="东")
    book = place.open(errands.choosing(late="refuse"), upgrade=True)
    with book.transaction() as work:
        connection = work._host
        assert isinstance(connection, sa.Connection)
        schema, mine = book.practice.schema, book.practice.definition
        assert standings(connection, schema, "errand", day(2), mine, soon=7, unit=unit) is None
    with pytest.raises(NotMigrated, match="'e1'"):
        book.totals(day(2), unit=unit)
