"""Cases moved to a changed definition: foreseen, whole or not at all, the same one by one."""

from __future__ import annotations

import os
import signal
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from reformflow.casework import Book
from reformflow.casework.versions.crossing import Crossing
from reformflow.casework.versions.migrating import Group, Migration
from reformflow.errors import KeyReused, RequestError, StoreError, UnknownName
from reformflow.model import Case, Kind, Reform
from support.databases import Place
from support.editions import HANDED, RENAMES, SEATS, Edits, edition, fact
from support.errands import CHIEF, CLERK, MONDAY, day, errand, granted, sent

SECOND: Edits = [
    *SEATS,
    *HANDED,
    ("due: {days: 10, after: hand_in", "due: {days: 4, after: hand_in"),
    ("seats <= 10", "seats <= 5"),
    *fact("level: {type: int, initial: 2, by: [clerk]}"),
]
"""Names, a rule, a date and a fact are others than before."""


def town(book: Book) -> None:
    """Open errands that stand at different points of their way, and kin."""
    granted(book.open("p1", "plan", unit="东", actor=CHIEF, on=MONDAY))
    for number in range(1, 10):
        facts = {"posts": number, "备注": f'他说："{number}"\\\n'}
        errand(book, case=f"e{number}", parent="p1" if number > 6 else None, facts=facts)
    for number, on in ((2, 2), (3, 3), (4, 4), (7, 5)):
        sent(book, case=f"e{number}", on=day(on))
    granted(book.fire("e3", "agree", actor=CHIEF, on=day(5)))
    granted(book.fire("e4", "return_it", actor=CHIEF, on=day(5), reason="incomplete"))
    granted(book.extend("e5", "send", day(25), actor=CHIEF, on=day(3)))
    granted(book.suspend("e6", "send", actor=CHIEF, on=day(3)))


def moving(book: Book, renames: dict[str, str] | None = None, **more: Any) -> Migration:
    """Foresee the migration of a book's cases to its definition on 10 March."""
    names = RENAMES if renames is None else renames
    return book.migrate(renames=names, **{"actor": CHIEF, "on": day(10), **more})


def group(migration: Migration, example: str) -> Group:
    """Return the group of a case that is its first."""
    return next(group for group in migration.groups if group.example == example)


def state(case: Case) -> object:
    return case.values["progress.state"]


def test_cases_are_moved_with_all_that_they_hold(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    old = place.open(errands)
    town(old)
    book = place.open(edition(tmp_path / "v2", errand=SECOND), upgrade=True)
    before = {case.id: old.case(case.id) for case in old.cases()}
    migration = moving(book)
    assert migration.cases == 10
    assert migration.stranded == ()
    done = migration.run("r1", chunk=4)
    assert (done.selected, done.moved, done.refused, done.left) == (10, 10, 0, 0)
    assert done.status == "complete"
    assert book.definitions() == {book.practice.definition: 10}
    for case in book.cases("errand"):
        was = before[case.id]
        assert case.values["seats"] == was.values["posts"]
        assert case.values["备注"] == was.values["备注"]
        assert case.values["level"] == 2
        assert case.values["progress.since"] == was.values["progress.since"]
        assert case.values["progress.last"] == day(10)
        assert state(case) == {"sent": "handed"}.get(str(state(was)), state(was))
    assert book.case("e2").values["agree.due"] == day(6)
    assert book.case("e2").values["progress.due"] == day(6)
    assert book.case("e2").values["hand_in.by"] == CLERK.id
    entry = book.history("e2")[-1]
    assert (entry.kind, entry.actor, entry.on) == (Kind.MIGRATED, CHIEF.id, day(10))
    assert entry.definition == book.practice.definition
    assert book.verify() == ()


READ: Edits = [
    ("transitions:\n", "  calm: {requires: return_it.on is None}\ntransitions:\n"),
    ("not_by: send", "not_by: return_it\n    needs: [calm]"),
]
"""A rule asks when and by whom a case was returned, which nothing asked before."""

ARCHIVED: Edits = [
    ("rules:\n  few", "  archive:\n    initial: kept\n    states: {kept: {}}\nrules:\n  few")
]
"""There is one more track."""

COMPUTED: Edits = fact("few: {type: bool, derived: posts < 4}") + fact(
    "ends_on: {type: date, derived: {months: 1, after: wanted_on}}"
)
"""Two facts are computed from others."""


PARENTS: Edits = [("e.progress.state", "e.course.state")]
"""What a plan says of the track of its errands."""


@pytest.mark.parametrize(
    ("edits", "renames"),
    [
        pytest.param(SECOND, RENAMES, id="names, rule, date"),
        pytest.param(READ, {}, id="marks"),
        pytest.param(ARCHIVED, {}, id="track"),
        pytest.param(COMPUTED, {}, id="computed"),
        pytest.param([(", suspension: {by: chief}", "")], {}, id="no pause"),
        pytest.param(
            [("during: [sent]}", "during: [sent], suspended_in: [sent]}")], {}, id="pause"
        ),
        pytest.param([("days: 5, after: opened", "days: 2, after: opened")], {}, id="extended"),
        pytest.param([("days: 5, after", "working_days: 5, after")], {}, id="unit"),
        pytest.param(
            [
                ("progress:\n    initial", "course:\n    initial"),
                ("track: progress", "track: course"),
            ],
            {"errand.progress": "course"},
            id="track renamed",
        ),
    ],
)
def test_moving_many_at_once_means_what_moving_each_means(
    place: Place, errands: Reform, tmp_path: Path, edits: Edits, renames: dict[str, str]
) -> None:
    """The engine moves each case in Python; the database has moved all of them in SQL."""
    old = place.open(errands)
    town(old)
    granted(old.record("e8", {"wanted_on": day(30)}, actor=CLERK, on=day(3)))
    second = edition(
        tmp_path / "v2", errand=edits, plan=PARENTS if "errand.progress" in renames else []
    )
    book = place.open(second, upgrade=True)
    migration = moving(book, renames)
    assert migration.stranded == ()
    crossing = Crossing.of(migration.before, migration.after, renames)
    expected = {}
    for case in old.cases():
        passage = crossing.passages[case.workflow]
        moved, passed = passage.of_case(case, old.history(case.id), day(10))
        expected[case.id] = moved.values, passed.changes
    migration.run(chunk=3)
    for id_, (values, changes) in expected.items():
        assert book.case(id_).values == values
        entered = book.history(id_)[-1].changes
        assert entered.items() >= changes.items()
        assert all(values[name] == value for name, value in entered.items())


def test_the_plan_tells_what_opens_shuts_and_is_due_when(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    old = place.open(errands)
    town(old)
    second = edition(tmp_path / "v2", errand=SECOND)
    before = place.dump()
    migration = old.migrate(new=second, renames=RENAMES, actor=CHIEF, on=day(10))
    assert sum(group.cases for group in migration.groups) == 10
    handed = group(migration, "e2")
    assert handed.before == (("progress", "sent"), ("oversight", "quiet"))
    assert handed.after == (("progress", "handed"), ("oversight", "quiet"))
    assert [(due.transition, due.before, due.after) for due in handed.dues] == [
        ("agree", (day(12), day(15)), (day(6), day(9)))
    ]
    assert group(migration, "e6").shuts == (("hand_in", (("rule_broken", "few_posts"),)),)
    assert place.dump() == before
    wider = edition(tmp_path / "v3", errand=[("posts <= 10", "posts <= 5")])
    place.open(second, upgrade=True)
    moving(place.books[-1]).run()
    back = {"errand.seats": "posts", "errand.hand_in": "send", "errand.progress.handed": "sent"}
    again = place.books[-1].migrate(new=wider, renames=back, actor=CHIEF, on=day(10))
    assert all(not group.opens and not group.shuts for group in again.groups)
    open_ = place.books[-1].migrate(new=errands, renames=back, actor=CHIEF, on=day(10))
    assert group(open_, "e6").opens == ("send",)


@pytest.mark.parametrize(
    ("edits", "column", "count"),
    [
        pytest.param(HANDED, "progress.state", 2, id="state"),
        pytest.param([("minimum: -9223372036854775807", "maximum: 8")], "posts", 1, id="bounds"),
        pytest.param([("max_length: 2000", "max_length: 7")], "备注", 9, id="length"),
    ],
)
def test_no_case_is_stranded(
    place: Place, errands: Reform, tmp_path: Path, edits: Edits, column: str, count: int
) -> None:
    town(place.open(errands))
    book = place.open(edition(tmp_path / "v2", errand=edits), upgrade=True)
    migration = moving(book, {})
    stranded = migration.stranded
    assert {item.column for group in stranded for item in group.obstacles} == {column}
    assert sum(group.cases for group in stranded) == count
    before = place.dump()
    with pytest.raises(RequestError, match=rf"{count} cases cannot go on.*{column}"):
        migration.run()
    assert place.dump() == before


def test_a_choice_that_is_no_more_strands_its_case(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    old = place.open(errands)
    errand(old, facts={"kind": "小事", "posts": 1})
    errand(old, case="e2", facts={"kind": "大事", "posts": 1})
    errand(old, case="e3")
    book = place.open(edition(tmp_path / "v2", errand=[("大事, 小事", "大事")]), upgrade=True)
    [stranded] = moving(book, {}).stranded
    assert (stranded.example, stranded.cases) == ("e1", 1)
    granted(old.record("e1", {"kind": "大事"}, actor=CLERK, on=day(3)))
    assert moving(book, {}).run().moved == 3


def test_what_happened_later_is_in_the_way(place: Place, errands: Reform) -> None:
    town(place.open(errands))
    book = place.open(errands.choosing(late="refuse"), upgrade=True)
    migration = moving(book, {}, on=day(4))
    assert {item.code for group in migration.stranded for item in group.obstacles} == {"later"}
    assert moving(book, {}, on=day(5)).stranded == ()


def test_a_case_that_is_stranded_only_now_is_left_and_counted(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    """Between the plan and the run the old definition goes on."""
    old = place.open(errands)
    town(old)
    edits = [("大事, 小事", "大事"), ("max_length: 8", "max_length: 4")]
    book = place.open(edition(tmp_path / "v2", errand=edits), upgrade=True)
    migration = moving(book, {})
    granted(old.record("e1", {"kind": "小事"}, actor=CLERK, on=day(3)))
    granted(old.record("e2", {"code": "12345678"}, actor=CLERK, on=day(3)))
    sent(old, case="e5", on=day(20))
    done = migration.run("r1")
    assert (done.moved, done.refused, done.left, done.status) == (7, 3, 3, "running")
    granted(old.record("e1", {"kind": "大事"}, actor=CLERK, on=day(3)))
    granted(old.record("e2", {"code": "1234"}, actor=CLERK, on=day(3)))
    assert moving(book, {}, on=day(20)).run("r2").status == "complete"
    assert [entry.kind for entry in book.history("e1")].count(Kind.MIGRATED) == 1


def test_a_run_that_is_broken_off_goes_on(place: Place, errands: Reform) -> None:
    town(place.open(errands))
    book = place.open(errands.choosing(late="refuse"), upgrade=True)
    migration = moving(book, {})

    def broken(report: Any) -> None:
        if report.moved >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migration.run("r1", chunk=2, progress=broken)
    assert book.verify() == ()
    assert 0 < book.definitions()[book.practice.definition] < 10
    seen = []
    done = migration.run("r1", chunk=2, progress=seen.append)
    assert (done.selected, done.moved, done.left, done.status) == (10, 10, 0, "complete")
    assert len(seen) == done.chunks - 3  # those that were done before
    assert migration.run("r1") == done
    for case in book.cases():
        assert [entry.kind for entry in book.history(case.id)].count(Kind.MIGRATED) == 1


def die_at(book: Book, event: str, fatal: int) -> None:
    """Let this process be killed at one of the next statements or commits of a book."""
    left = iter(range(fatal))

    def die(*_: object) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(book._units.engine, event, die)


@pytest.mark.parametrize("event", ["after_cursor_execute", "commit"])
def test_killed_again_and_again_a_run_goes_on_where_it_was(
    lite: Place, errands: Reform, event: str
) -> None:
    """Each process is killed some statements, or one commit, later than the one before."""
    town(lite.open(errands))
    lite.open(errands.choosing(late="refuse"), upgrade=True)
    lite.give_up()
    kills = 0
    for fatal in range(1, 400, 1 if event == "commit" else 7):
        pid = os.fork()
        if pid == 0:
            try:
                book = lite.open()
                die_at(book, event, fatal)
                if book.definitions().keys() - {book.practice.definition}:
                    moving(book, {}).run("r1", chunk=2)
            finally:
                os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        with lite.open() as book:
            assert book.verify() == ()
            for case in book.cases():
                kinds = [entry.kind for entry in book.history(case.id)]
                assert kinds.count(Kind.MIGRATED) == (case.definition == book.practice.definition)
        if ended == 0:
            break
        kills += 1
    assert kills > 3
    assert list(book.definitions()) == [book.practice.definition]
    report = [book.report(f"r1/{name}") for name in ("plan", "errand")]
    assert [(one.status, one.granted) for one in report] == [("complete", 1), ("complete", 9)]


def test_the_same_run_cannot_be_another_migration(place: Place, errands: Reform) -> None:
    town(place.open(errands))
    book = place.open(errands.choosing(late="refuse"), upgrade=True)
    moving(book, {}).run("r1", chunk=5)
    third = place.open(errands.choosing(late="flag"), upgrade=True)
    before = place.dump()
    with pytest.raises(KeyReused, match="'r1' was begun with another"):
        moving(third, {}).run("r1")
    assert place.dump() == before


def test_a_migration_waits_for_the_tables(place: Place, errands: Reform, tmp_path: Path) -> None:
    book = place.open(errands)
    town(book)
    second = edition(tmp_path / "v2", errand=SECOND)
    migration = book.migrate(new=second, renames=RENAMES, actor=CHIEF, on=day(10))
    before = place.dump()
    with pytest.raises(StoreError, match=r"not brought to the new definition.*upgrade"):
        migration.run()
    assert place.dump() == before


def test_what_cannot_be_migrated_is_said(place: Place, errands: Reform, tmp_path: Path) -> None:
    book = place.open(errands)
    town(book)
    other = errands.choosing(late="refuse")
    with pytest.raises(RequestError, match="every case follows this definition"):
        moving(book, {})
    with pytest.raises(UnknownName, match="unknown definition 'sha256:0000'"):
        moving(book, {}, old="sha256:0000")
    with pytest.raises(RequestError, match="both definitions are the same"):
        moving(book, {}, old=errands)
    with pytest.raises(RequestError, match="has not come yet"):
        moving(book, {}, new=other, old=errands, on=date(2022, 6, 2))
    with pytest.raises(RequestError, match="0 cases"):
        moving(book, {}, new=other, old=errands).run(chunk=0)
    typed = edition(tmp_path / "v2", errand=[("wanted_on: {type: date", "wanted_on: {type: text")])
    with pytest.raises(RequestError, match=r"'wanted_on'.*was date.*is text"):
        moving(book, {}, new=typed, old=errands)
    errand(place.open(other, upgrade=True), case="n1")
    third = place.open(errands.choosing(late="flag"), upgrade=True)
    with pytest.raises(RequestError, match=r"several definitions: 10 sha256.*1 sha256"):
        moving(third, {})


def test_a_clock_that_stands_still_goes_on_standing_still(place: Place, errands: Reform) -> None:
    old = place.open(errands)
    town(old)
    book = place.open(errands.choosing(late="refuse"), upgrade=True)
    moving(book, {}).run()
    granted(book.resume("e6", "send", actor=CHIEF, on=day(13)))
    assert book.case("e6").values["send.due"] == day(16)


def test_a_clock_that_can_no_longer_stand_still_goes_on_from_the_migration(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    town(place.open(errands))
    edits = [(", suspension: {by: chief}", "")]
    book = place.open(edition(tmp_path / "v2", errand=edits), upgrade=True)
    moving(book, {}).run()
    assert book.case("e6").values["send.due"] == day(13)  # seven days later than 6 March
    assert book.case("e6").values["progress.due"] == day(13)


def test_a_clock_that_shall_stand_still_stops_with_the_migration(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    town(place.open(errands))
    edits = [("during: [sent]}", "during: [sent], suspended_in: [sent]}")]
    book = place.open(edition(tmp_path / "v2", errand=edits), upgrade=True)
    moving(book, {}).run()
    assert book.case("e2").values["agree.paused"] == day(10)
    assert book.case("e2").values["progress.due"] is None
    granted(book.fire("e2", "agree", actor=CHIEF, on=day(14)))
    assert book.case("e2").values["agree.due"] == day(16)


def test_a_date_that_was_extended_does_not_come_earlier(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    town(place.open(errands))
    edits = [("due: {days: 5, after: opened", "due: {days: 3, after: opened")]
    book = place.open(edition(tmp_path / "v2", errand=edits), upgrade=True)
    moving(book, {}).run()
    assert book.case("e5").values["send.due"] == day(25)
    assert book.case("e1").values["send.due"] == day(4)


def test_a_date_that_a_stopped_clock_has_moved_does_not_come_earlier(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    old = place.open(errands)
    town(old)
    granted(old.resume("e6", "send", actor=CHIEF, on=day(8)))
    edits = [("due: {days: 5, after: opened", "due: {days: 4, after: opened")]
    book = place.open(edition(tmp_path / "v2", errand=edits), upgrade=True)
    moving(book, {}).run()
    assert book.case("e6").values["send.due"] == day(11)  # moved from 6 March by five days
    assert book.case("e1").values["send.due"] == day(5)


def test_what_nothing_read_before_is_taken_from_history(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    """A column `return_it.on` exists only where a rule reads it; the last one not taken back."""
    old = place.open(errands)
    town(old)
    for case, on in (("e4", 6), ("e7", 8)):
        if case == "e4":
            sent(old, case=case, on=day(on))
        granted(old.fire(case, "return_it", actor=CHIEF, on=day(on + 1), reason="incomplete"))
    number = len(old.history("e4"))
    granted(old.correct("e4", number, void=True, reason="wrong case", actor=CHIEF, on=day(9)))
    book = place.open(edition(tmp_path / "v2", errand=READ), upgrade=True)
    moving(book, {}).run(chunk=2)
    found = {case.id: case.values["return_it.on"] for case in book.cases("errand")}
    assert {id_: on for id_, on in found.items() if on} == {"e4": day(5), "e7": day(9)}
    assert book.case("e7").values["return_it.by"] == CHIEF.id
    refusals = book.fire("e4", "agree", actor=CLERK, on=day(11)).refusals
    assert "calm" in {refusal.subject for refusal in refusals}


def test_time_brings_nothing_to_a_day_before_the_migration(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    """The silence that becomes consent is shorter now, and would have ended before."""
    town(place.open(errands))
    edits = [("due: {days: 10, after: send", "due: {days: 4, after: send")]
    book = place.open(edition(tmp_path / "v2", errand=edits), upgrade=True)
    moving(book, {}).run()
    book.tick(day(12))
    assert state(book.case("e2")) == "done"
    assert book.history("e2")[-1].on == day(10)


def test_there_and_back_again(place: Place, errands: Reform, tmp_path: Path) -> None:
    old = place.open(errands)
    town(old)
    before = {case.id: case.values for case in old.cases("errand")}
    book = place.open(edition(tmp_path / "v2", errand=SECOND), upgrade=True)
    moving(book).run()
    granted(book.record("e1", {"seats": 4}, actor=CLERK, on=day(11)))
    names = {"errand.seats": "posts", "errand.hand_in": "send", "errand.progress.handed": "sent"}
    moving(old, names, on=day(12)).run()
    for case in old.cases("errand"):
        expected = {**before[case.id], "progress.last": day(12), "oversight.last": day(12)}
        expected |= {"posts": 4} if case.id == "e1" else {}
        assert case.values == expected
    assert place.open(errands).verify() == ()


def test_a_track_that_is_new_begins_with_the_migration(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    town(place.open(errands))
    book = place.open(edition(tmp_path / "v2", errand=ARCHIVED), upgrade=True)
    moving(book, {}).run()
    values = book.case("e1").values
    assert values["archive.state"] == "kept"
    assert values["archive.since"] == values["archive.last"] == day(10)


def test_a_workflow_that_is_no_more_strands_its_cases(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    both = edition(tmp_path / "v2", visits=True)
    old = place.open(both)
    town(old)
    granted(old.open("v1", "visit", unit="东", actor=CHIEF, on=MONDAY, facts={"period": 1}))
    book = place.open(errands, upgrade=True)
    migration = moving(book, {}, old=both)
    [stranded] = migration.stranded
    assert (stranded.workflow, stranded.example) == ("visit", "v1")
    with pytest.raises(RequestError, match="1 cases cannot go on"):
        migration.run()


def test_a_migration_cannot_be_taken_back_by_a_correction(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    town(place.open(errands))
    book = place.open(edition(tmp_path / "v2", errand=SECOND), upgrade=True)
    moving(book).run()
    number = len(book.history("e1"))
    who: dict[str, Any] = {"reason": "no", "actor": CHIEF, "on": day(11)}
    assert book.correct("e1", number, void=True, **who).refusals[0].code == "depended_on"


def test_an_entry_about_a_fact_that_is_no_more_cannot_be_taken_back(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    old = place.open(errands)
    errand(old)
    granted(old.record("e1", {"urgent": True}, actor=CLERK, on=day(2)))
    edits = [("  urgent: {type: bool, by: [clerk]}\n", ""), (" urgent,", "")]
    book = place.open(edition(tmp_path / "v2", errand=edits), upgrade=True)
    moving(book, {}).run()
    who: dict[str, Any] = {"reason": "no", "actor": CHIEF, "on": day(11)}
    assert book.correct("e1", 2, void=True, **who).refusals[0].code == "depended_on"
