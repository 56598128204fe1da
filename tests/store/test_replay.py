"""Past decisions judged by another definition, each on the case as it stood then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from reformflow.casework import Book
from reformflow.engine import Replayed
from reformflow.errors import UnknownName
from reformflow.model import Actor, Reform
from support.databases import NOW, Place
from support.editions import RENAMES, SEATS, Edits, edition
from support.errands import CHIEF, CLERK, MONDAY, day, errand, granted, sent

ROSTER = {CHIEF.id: CHIEF, CLERK.id: CLERK}
REPORTER = Actor.holding("记者", "clerk", unit="东")


def ticking() -> Callable[[], datetime]:
    """Return a clock that never tells the same instant twice."""
    instants = count()
    return lambda: NOW + timedelta(microseconds=next(instants))


@pytest.fixture(params=["fixed", "ticking"])
def filled(request: pytest.FixtureRequest, place: Place, errands: Reform) -> Book:
    """Errands under a plan that is done in the end, and some of every kind of act."""
    clock = ticking() if request.param == "ticking" else (lambda: NOW)
    book = place.open(errands, clock=clock)
    granted(book.open("p1", "plan", unit="东", actor=CHIEF, on=MONDAY))
    granted(book.record("p1", {"first_report_on": day(1)}, actor=CHIEF, on=MONDAY))
    for number in (3, 7):
        errand(book, case=f"e{number}", parent="p1", facts={"posts": number, "urgent": True})
    errand(book, case="e1")
    granted(book.extend("e1", "send", day(20), actor=CHIEF, on=day(2)))
    granted(book.suspend("e1", "send", actor=CHIEF, on=day(3)))
    granted(book.resume("e1", "send", actor=CHIEF, on=day(4)))
    granted(book.sign("e1", "urge", actor=CLERK, on=day(4)))
    granted(book.fire("e1", "urge", actor=CHIEF, on=day(4)))
    granted(book.record("e1", {"posts": 4, "wanted_on": day(9)}, actor=REPORTER, on=day(5)))
    granted(book.correct("e1", 7, facts={"posts": 5}, reason="slip", actor=CHIEF, on=day(5)))
    sent(book, case="e3", on=day(2))
    sent(book, case="e7", on=day(3))
    book.tick(day(9))
    granted(book.fire("e3", "agree", actor=CHIEF, on=day(10)))
    granted(book.fire("e7", "agree", actor=CHIEF, on=day(11)))
    assert book.case("p1").values["progress.state"] == "done"
    return book


def refused(book: Book, reform: Reform, **more: Any) -> dict[tuple[str, int], Replayed]:
    """Return the past decisions that a definition would refuse, by case and entry."""
    found = book.replay(reform, **{"actors": ROSTER, **more})
    return {(one.entry.case, one.entry.seq): one for one in found if not one.granted}


def test_a_definition_refuses_nothing_that_it_granted(filled: Book, errands: Reform) -> None:
    every = list(filled.replay(errands, actors={**ROSTER, REPORTER.id: REPORTER}))
    assert [one for one in every if not one.granted] == []
    assert all(one.roles_known for one in every)
    kinds = [one.entry.kind.value for one in every]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "opened": 4,
        "recorded": 2,
        "extended": 1,
        "suspended": 1,
        "resumed": 1,
        "signed": 1,
        "fired": 5,
    }


def test_a_stricter_rule_refuses_what_it_would_have_and_no_more(
    filled: Book, tmp_path: Path
) -> None:
    """The later acts on the same case are judged as if the first had been granted: it was."""
    stricter = edition(tmp_path / "v2", errand=[("posts <= 10", "posts <= 5")])
    found = refused(filled, stricter)
    assert list(found) == [("e7", 2)]
    one = found["e7", 2]
    assert (one.entry.name, one.refusals[0].code, one.refusals[0].subject) == (
        "send",
        "rule_broken",
        "few_posts",
    )
    assert one.refusals[0].values == (("posts", 7),)
    assert refused(filled, stricter, case="e3") == {}
    assert refused(filled, stricter, workflow="plan") == {}
    assert refused(filled, stricter, case="e7").keys() == found.keys()


def test_names_that_are_others_now_are_followed(filled: Book, tmp_path: Path) -> None:
    stricter = edition(tmp_path / "v2", errand=[*SEATS, ("seats <= 10", "seats <= 5")])
    renames = {key: name for key, name in RENAMES.items() if name == "seats"}
    assert list(refused(filled, stricter, renames=renames)) == [("e7", 2)]


@pytest.mark.parametrize(
    ("edits", "fault", "hit"),
    [
        pytest.param(
            [("  urgent: {type: bool, by: [clerk]}\n", ""), (" urgent,", "")],
            "unknown fact 'urgent'",
            {("e3", 1), ("e7", 1)},
            id="fact",
        ),
        pytest.param([("sent", "handed")], "no state 'sent'", {("e3", 3), ("e7", 3)}, id="state"),
        pytest.param([("urge:\n", "urgent_call:\n")], "'urge'", {("e1", 5), ("e1", 6)}, id="act"),
    ],
)
def test_what_could_not_even_be_asked_is_told(
    filled: Book, tmp_path: Path, edits: Edits, fault: str, hit: set[tuple[str, int]]
) -> None:
    found = refused(filled, edition(tmp_path / "v2", errand=edits))
    assert set(found) == hit
    assert all(fault in one.fault for one in found.values())


def test_kin_are_seen_as_they_stood_then(filled: Book, tmp_path: Path) -> None:
    """The plan is done because of the last errand; when that was agreed to, it was running."""
    edits = [
        (
            "transitions:\n",
            '  awake: {requires: parent.progress.state == "running"}\ntransitions:\n',
        ),
        ("not_by: send", "not_by: send\n    needs: [awake]"),
    ]
    assert refused(filled, edition(tmp_path / "v2", errand=edits)) == {}
    edits[0] = (edits[0][0], edits[0][1].replace('"running"', '"done"'))
    found = refused(filled, edition(tmp_path / "v3", errand=edits))
    assert set(found) == {("e3", 3), ("e7", 3)}


def test_roles_that_are_given_are_judged_and_others_left_open(
    filled: Book, errands: Reform
) -> None:
    demoted = Actor.holding(CHIEF.id, "clerk")
    found = refused(filled, errands, actors={CHIEF.id: demoted})
    codes = {one.entry.kind.value: one.refusals[0].code.value for one in found.values()}
    assert codes["opened"] == codes["extended"] == "not_authorised"
    assert {code for kind, code in codes.items() if kind == "fired"} <= {
        "not_authorised",
        "not_signed",
    }
    assert {one.entry.actor for one in found.values()} == {CHIEF.id}
    every = list(filled.replay(errands, actors={CHIEF.id: demoted}))
    assert {one.entry.actor for one in every if not one.roles_known} == {CLERK.id, REPORTER.id}


def test_the_past_before_a_migration_is_judged_too(
    filled: Book, place: Place, errands: Reform, tmp_path: Path
) -> None:
    stricter = edition(tmp_path / "v2", errand=[*SEATS, ("seats <= 10", "seats <= 5")])
    renames = {"errand.posts": "seats"}
    book = place.open(stricter, upgrade=True)
    book.migrate(renames=renames, actor=CHIEF, on=day(12)).run()
    assert list(refused(book, stricter, renames=renames)) == [("e7", 2)]
    assert refused(book, errands, renames={"errand.seats": "posts"}) == {}


def test_a_stored_definition_may_be_named_by_its_hash(filled: Book) -> None:
    digest = filled.practice.definition
    assert all(one.granted for one in filled.replay(digest[:20], actors=ROSTER))
    with pytest.raises(UnknownName, match="unknown definition 'sha256:x'"):
        filled.replay("sha256:x")
    with pytest.raises(UnknownName, match="unknown case 'e9'"):
        list(filled.replay(digest, case="e9"))


def test_judging_the_past_changes_nothing(filled: Book, place: Place, tmp_path: Path) -> None:
    before = place.dump()
    refused(filled, edition(tmp_path / "v2", errand=[("posts <= 10", "posts <= 5")]))
    assert place.dump() == before
