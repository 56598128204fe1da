"""Tables brought to a changed definition: told first, nothing dropped, no case moved by it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
import sqlalchemy as sa

from reformflow.casework import Book, preview
from reformflow.errors import NotMigrated, RequestError, StoreError, UnknownName
from reformflow.model import Reform
from reformflow.store import What
from support.databases import Place
from support.editions import HANDED, RENAMES, SEATS, edition, fact
from support.errands import CHIEF, CLERK, MONDAY, day, errand, granted, sent

LEVEL = fact("level: {type: int, initial: 2, by: [clerk]}")


def told(place: Place, reform: Reform, renames: dict[str, str] | None = None) -> set[Any]:
    """Return what an upgrade would do, and to what."""
    review = preview(place.url, reform, renames=renames, prefix=place.prefix)
    return {(change.what, change.place.removeprefix(place.prefix)) for change in review.changes}


def test_what_an_upgrade_adds_is_told_before_and_nothing_is_changed_by_telling(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    errand(place.open(errands))
    before = place.dump()
    more = edition(tmp_path / "v2", visits=True, errand=LEVEL)
    assert told(place, more) == {
        (What.COLUMN_ADDED, "errand.level"),
        (What.TABLE_ADDED, "visit"),
    }
    assert place.dump() == before
    review = preview(place.url, more, prefix=place.prefix)
    assert place.open(more, upgrade=True).added == review.added
    assert told(place, more) == set()


def test_a_rename_is_told_as_one_and_what_is_left_stays(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    place.open(errands)
    other = edition(tmp_path / "v2", errand=SEATS)
    assert told(place, other) == {
        (What.COLUMN_ADDED, "errand.seats"),
        (What.COLUMN_LEFT, "errand.posts"),
    }
    assert told(place, other, {"errand.posts": "seats"}) == {(What.RENAMED, "errand.seats")}


def test_other_choices_states_and_bounds_are_told(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    place.open(errands)
    other = edition(
        tmp_path / "v2",
        errand=[*HANDED, ("[大事, 小事]", "[大事]"), ("max_length: 8", "max_length: 4")],
    )
    names = {key: name for key, name in RENAMES.items() if "posts" not in key}
    assert told(place, other, names) >= {
        (What.CHOICES, "errand.kind"),
        (What.CHOICES, "errand.progress_state"),
        (What.BOUNDS, "errand.code"),
        (What.RENAMED, "errand.hand_in_due"),
    }


def test_the_statements_run_by_hand_leave_nothing_to_add(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    errand(place.open(errands))
    more = edition(tmp_path / "v2", visits=True, errand=LEVEL)
    script = preview(place.url, more, prefix=place.prefix).script
    for statement in script.split(";\n"):
        if statement.strip():
            place.alter(lambda c, s=statement: c.exec_driver_sql(s))
    book = place.open(more, upgrade=True)
    assert book.added == ()
    errand(book, case="e2")
    assert book.case("e2").values["level"] == 2


def test_the_statements_begin_with_what_an_older_library_did_not_have(
    lite: Place, errands: Reform
) -> None:
    lite.open(errands)
    late = [name for name in lite.tables() if name.startswith(("bulk_", "seal"))]
    for name in late:
        lite.alter(lambda c, n=name: c.exec_driver_sql(f"DROP TABLE {n}"))
    lite.alter(lambda c: c.exec_driver_sql("DROP INDEX history_marks"))
    lite.alter(
        lambda c: c.exec_driver_sql("UPDATE reformflow_version SET version_num = 'reformflow_0001'")
    )
    script = preview(lite.url, errands).script
    assert "CREATE INDEX history_marks ON history (" in script
    assert all(f"CREATE TABLE {name} (" in script for name in late)
    assert not set(late) & set(lite.tables())
    errand(lite.open(errands, upgrade=True))
    assert set(late) <= set(lite.tables())


def test_a_fact_never_changes_its_type(place: Place, errands: Reform, tmp_path: Path) -> None:
    errand(place.open(errands))
    before = place.dump()
    other = edition(tmp_path / "v2", errand=[("wanted_on: {type: date", "wanted_on: {type: text")])
    assert (What.RETYPED, "errand.wanted_on") in told(place, other)
    with pytest.raises(StoreError, match="'wanted_on' of 'errand' was date, now text"):
        place.open(other, upgrade=True)
    assert place.dump() == before


def test_a_rename_to_another_type_is_told(place: Place, errands: Reform, tmp_path: Path) -> None:
    place.open(errands)
    edits = [
        (
            "  posts: {type: int, by: [clerk], minimum: -9223372036854775807}\n",
            "  seats: {type: text, by: [clerk]}\n",
        ),
        ("posts <= 10", 'seats == "3"'),
        ("posts", "seats"),
        ("few_seats", "few_posts"),
    ]
    other = edition(tmp_path / "v2", errand=edits)
    assert (What.RETYPED, "errand.seats") in told(place, other, {"errand.posts": "seats"})


def test_a_type_from_long_ago_is_not_forgotten(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    place.open(errands)
    less = edition(
        tmp_path / "v2",
        errand=[("  wanted_on: {type: date, by: [clerk]}\n", ""), (", wanted_on", "")],
    )
    place.open(less, upgrade=True)
    again = edition(tmp_path / "v3", errand=[("wanted_on: {type: date", "wanted_on: {type: text")])
    with pytest.raises(StoreError, match="was date, now text"):
        place.open(again, upgrade=True)


def test_a_fact_that_is_dropped_keeps_its_column_and_history(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    errand(place.open(errands), facts={"urgent": True, "posts": 1})
    less = edition(
        tmp_path / "v2", errand=[("  urgent: {type: bool, by: [clerk]}\n", ""), (" urgent,", "")]
    )
    book = place.open(less, upgrade=True)
    assert "urgent" not in book.case("e1").values
    assert book.history("e1")[0].changes["urgent"] is True
    back = place.open(errands, upgrade=True)
    assert back.case("e1").values["urgent"] is True


def test_another_definition_needs_a_word(place: Place, errands: Reform) -> None:
    errand(place.open(errands))
    other = errands.choosing(late="refuse")
    with pytest.raises(StoreError, match=r"another definition.*upgrade=True"):
        place.open(other)
    place.open(other, upgrade=True)
    assert place.open().reform == other
    place.open(errands)
    assert place.open().reform == other
    place.open(errands, upgrade=True)
    assert place.open().reform == errands
    assert len(place.dump()["definitions"]) == 2


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(sent, id="fire"),
        pytest.param(
            lambda book: book.record("e1", {"posts": 1}, actor=CLERK, on=day(2)), id="record"
        ),
        pytest.param(lambda book: book.explain("e1", "send", actor=CLERK, on=day(2)), id="explain"),
        pytest.param(lambda book: book.unlock("e1", "send", actor=CLERK, on=day(2)), id="unlock"),
        pytest.param(lambda book: book.tick(day(30)), id="tick"),
        pytest.param(lambda book: book.board(day(30)), id="board"),
    ],
)
def test_who_decides_by_one_definition_is_told_of_a_case_of_another(
    place: Place, errands: Reform, act: Callable[[Book], object]
) -> None:
    errand(place.open(errands))
    book = place.open(errands.choosing(late="refuse"), upgrade=True)
    before = place.dump()
    with pytest.raises(NotMigrated, match=r"'e1' follows the definition sha256.*migrate"):
        act(book)
    assert place.dump() == before
    assert book.case("e1").id == "e1"
    assert len(book.history("e1")) == 1
    assert book.verify() == ()


def test_kin_of_another_definition_are_told_of_too(place: Place, errands: Reform) -> None:
    book = place.open(errands)
    granted(book.open("p1", "plan", unit="东", actor=CHIEF, on=MONDAY))
    later = place.open(errands.choosing(late="refuse"), upgrade=True)
    with pytest.raises(NotMigrated, match="'p1'"):
        errand(later, parent="p1")


def test_cases_go_on_by_their_own_definition_beside_new_ones(place: Place, errands: Reform) -> None:
    old = place.open(errands)
    errand(old)
    new = place.open(errands.choosing(late="refuse"), upgrade=True)
    errand(new, case="e2")
    sent(old, on=day(20), reason="holiday")
    assert new.fire("e2", "send", actor=CLERK, on=day(20)).refusals[0].code == "late"
    assert sorted(new.definitions().values()) == [1, 1]
    with pytest.raises(NotMigrated, match="'e2'"):
        sent(old, case="e2")


def test_an_answer_to_a_key_is_the_same_whatever_the_definition(
    place: Place, errands: Reform
) -> None:
    first = errand(place.open(errands), key="k1")
    book = place.open(errands.choosing(late="refuse"), upgrade=True)
    again = errand(book, key="k1")
    assert again.repeated
    assert again.entries == first.entries


def test_another_reform_needs_another_place(place: Place, errands: Reform) -> None:
    place.open(errands)
    other = attrs.evolve(errands, id="others")
    with pytest.raises(StoreError, match="holds the reform 'errands'"):
        place.open(other, upgrade=True)
    with pytest.raises(StoreError, match="holds the reform 'errands'"):
        told(place, other)


@pytest.mark.parametrize(
    ("renames", "error", "match"),
    [
        ({"errend.posts": "seats"}, UnknownName, r"workflow 'errend'.*'errand'"),
        ({"errand.pots": "seats"}, UnknownName, r"'pots'.*'posts'"),
        ({"errand.posts": "seat"}, UnknownName, r"fact 'seat'.*'seats'"),
        ({"errand.progress.snt": "sent"}, UnknownName, r"state 'snt'.*'sent'"),
        ({"errand.progress.sent": "snt"}, UnknownName, r"state 'snt'.*'sent'"),
        ({"errand.posts": "code"}, RequestError, "would both become 'code'"),
        ({"errand": "visit"}, RequestError, "names nothing that can be renamed"),
    ],
)
def test_renames_that_do_not_fit_are_named(
    place: Place,
    errands: Reform,
    tmp_path: Path,
    renames: dict[str, str],
    error: type[Exception],
    match: str,
) -> None:
    place.open(errands)
    other = edition(tmp_path / "v2", errand=SEATS)
    with pytest.raises(error, match=match):
        told(place, other, renames)


def test_there_is_nothing_to_tell_of_an_empty_database(lite: Place, errands: Reform) -> None:
    with pytest.raises(StoreError, match="there is no file"):
        told(lite, errands)
    lite.alter(lambda c: c.execute(sa.text("CREATE TABLE albums (id INTEGER)")))
    with pytest.raises(StoreError, match="no reform yet"):
        told(lite, errands)


def test_of_many_cases_those_of_another_definition_are_refused(
    place: Place, errands: Reform
) -> None:
    old = place.open(errands)
    granted(old.open("p1", "plan", unit="东", actor=CHIEF, on=MONDAY))
    for case, parent in (("e1", None), ("e2", "p1")):
        errand(old, case=case, parent=parent)
        sent(old, case=case)
    book = place.open(errands.choosing(late="refuse"), upgrade=True)
    errand(book, case="e3")
    sent(book, case="e3")
    plan = book.plan("agree", actor=CHIEF, on=day(5))
    assert (plan.granted, plan.refused) == (1, 2)
    refused = [decision.refusals for decision in plan.decisions() if not decision.granted]
    assert {(item.code, item.subject) for items in refused for item in items} == {
        ("not_decided", "definition")
    }
    assert plan.run().granted == 1
    assert [case.values["progress.state"] for case in old.cases("errand")] == [
        "sent",
        "sent",
        "done",
    ]
