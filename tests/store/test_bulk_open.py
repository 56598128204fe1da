"""Many cases opened from rows: what `open` comes to one by one, each row once."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import count, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import attrs
import pytest

from reformflow.casework import Book, Casework, Opening, Report
from reformflow.casework.bulk import openings
from reformflow.engine import Docket, Engine
from reformflow.errors import (
    CalendarError,
    KeyReused,
    NotMigrated,
    RequestError,
    StoreError,
    UnknownName,
)
from reformflow.formats import load
from reformflow.model import Actor, Entry, Open, Reform, Request
from support.crowd import Shift, Worker, killed_within
from support.databases import NOW, Place, checked
from support.errands import CHIEF, CLERK, MONDAY, day, errand
from support.lots import Lots
from support.repository import ROOT, WORKFLOWS
from support.servers import KINDS
from support.soak import amount, chance
from support.wires import Tap, tapped

REFORMS = {
    "errands": ROOT / "tests" / "store" / "reforms" / "errands",
    "rounds": ROOT / "tests" / "store" / "reforms" / "rounds",
    "putuo-2021-9": WORKFLOWS / "putuo-2021-9",
    "community-radio": ROOT / "tests" / "definitions" / "policies" / "community-radio",
}
SOME = ["errands", "rounds"]  # for servers, which take longer
HOST = Actor.holding("主", "host")
KILLS = amount(2, 170)


@cache
def reform_named(name: str) -> Reform:
    return load(REFORMS[name])


@pytest.fixture(
    params=[(k, r) for k in KINDS for r in (REFORMS if k == "sqlite" else SOME)], ids=str
)
def any_book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Book]:
    """A book of one reform; checked when all is done."""
    kind, name = request.param
    with checked(kind, tmp_path) as place:
        yield place.open(reform_named(name))


@pytest.fixture
def rounds(place: Place) -> Book:
    """An empty book of rounds of talks, which fill by themselves when enough seats are opened."""
    return place.open(reform_named("rounds"))


def errands_to(number: int) -> list[Opening]:
    """Return rows of errands; every fifth has no unit of its own."""
    return [
        Opening(f"e{n:03}", "" if n % 5 == 0 else "东", f"第{n}件", facts={"posts": n % 12})
        for n in range(1, number + 1)
    ]


def opened(acts: Book | Casework, rows: Any, **more: Any) -> Report:
    """Open errands from rows, in chunks of ten."""
    options = {"actor": CHIEF, "on": MONDAY, "run": "spring", "chunk": 10, **more}
    return acts.open_many("errand", rows, **options)


# --- agreement ---------------------------------------------------------------------------------


@attrs.define
class Pair:
    """The same cases in a book and in memory."""

    book: Book
    engine: Engine
    docket: Docket
    lots: Lots

    @classmethod
    def of(cls, book: Book, seed: int) -> Pair:
        engine = Engine(book.reform, definition=book.practice.definition)
        lots = Lots(engine.program.bound, seed, "c", date(2021, 1, 28))
        return cls(book, engine, Docket(), lots)

    def others(self, number: int) -> None:
        """Do some acts of other kinds to both."""
        drawn = (self.lots.request(self.docket) for _ in range(4 * number))
        for request in islice((one for one in drawn if not isinstance(one.act, Open)), number):
            entered = attrs.evolve(request, recorded_at=NOW)
            try:
                self.docket.take(self.engine.fire(self.docket, entered))
            except (RequestError, CalendarError):
                continue
            self.book.do(entered)

    def rows(
        self, workflow: str, actor: Actor, on: date
    ) -> tuple[list[Opening], int, Counter[Any]]:
        """Draw rows that can be decided, and open them one by one in memory; say what came of it.

        Some bear the id of one before.
        """
        rows: list[Opening] = []
        granted, reasons = 0, Counter[Any]()
        for _ in range(300):
            request = self.lots.request(self.docket)
            act = request.act
            if not isinstance(act, Open) or act.workflow != workflow:
                continue
            again = rows and self.lots.random.random() < 0.1
            id_ = self.lots.random.choice(rows).case if again else request.case
            asked = Request(id_, act, actor, on, recorded_at=NOW)
            try:
                decision = self.docket.take(self.engine.fire(self.docket, asked))
            except (RequestError, CalendarError):
                continue
            rows.append(Opening(id_, act.unit, act.subject, act.parent, act.facts))
            granted += decision.granted
            about = {id_: workflow}  # a reason is the same for all
            reasons.update(
                {(item.code, about.get(item.subject, item.subject)) for item in decision.refusals}
            )
        return rows, granted, reasons

    def compare(self) -> None:
        now = {case.id: case for case in self.book.cases()}
        assert now == {id_: self.docket.case(id_) for id_ in self.docket.ids()}
        for id_ in now:
            assert without_keys(self.book.history(id_)) == without_keys(self.docket.entries(id_))
        for workflow in self.engine.program.plans:
            mine = [id_ for id_ in self.docket.ids() if now[id_].workflow == workflow]
            assert [case.id for case in self.book.cases(workflow)] == mine


def without_keys(entries: Any) -> list[Entry]:
    return [attrs.evolve(entry, key=None) for entry in entries]


def test_many_openings_come_to_what_they_come_to_one_after_the_other(
    any_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openings, "_TOGETHER", 11)  # several times in a chunk
    pair, total = Pair.of(any_book, 1), 0
    flows = list(pair.engine.program.bound.workflows.values())
    for number, flow in enumerate(flows * 2):
        roles = flow.workflow.opening.by
        unit = None if number % 3 else "东"
        actor = Actor.holding("甲", *roles, unit=unit)
        pair.lots.today = min(pair.lots.today, date(2022, 3, 1))
        on = pair.lots.today
        rows, granted, reasons = pair.rows(flow.id, actor, on)
        chunk = pair.lots.random.choice([1, 7, 1000])
        report = any_book.open_many(
            flow.id, iter(rows), actor=actor, on=on, run=str(number), chunk=chunk
        )
        told = Counter({(tally.code, tally.subject): tally.cases for tally in report.reasons})
        assert (report.selected, report.granted, report.refused) == (
            len(rows),
            granted,
            len(rows) - granted,
        )
        assert (told, report.status, report.changed) == (reasons, "complete", 0)
        assert report.chunks == -(-len(rows) // chunk)
        pair.compare()
        total += granted
        pair.others(15)
    assert total > 20, "the comparison means little if nothing is granted"


def test_an_opening_that_fills_its_parent_is_seen_by_the_next(rounds: Book) -> None:
    rounds.open("r0", "round", actor=HOST, on=MONDAY, facts={"wanted": 2})
    seats = [Opening(f"s{number}", parent="r0") for number in range(3)]
    report = rounds.open_many("seat", seats, actor=HOST, on=day(2))
    assert report.granted == 3
    assert rounds.case("r0").values["progress.state"] == "full"
    assert [entry.name for entry in rounds.history("r0")] == ["round", "fill"]
    # on the day it starts, time comes to the round first, and refuses the seat
    rounds.record("r0", {"starts_on": day(4)}, actor=HOST, on=day(3))
    late = rounds.open_many("seat", [Opening("s9", parent="r0")], actor=HOST, on=day(5))
    assert [(tally.code, tally.subject) for tally in late.reasons] == [("rule_broken", "not_over")]


def test_a_parent_may_be_a_row_before(rounds: Book) -> None:
    rows = [Opening("r0"), Opening("r1", parent="r0"), Opening("r2", parent="r1")]
    assert rounds.open_many("round", rows, actor=HOST, on=MONDAY, chunk=2).granted == 3
    assert [rounds.case(id_).parent for id_ in ("r0", "r1", "r2")] == [None, "r0", "r1"]
    with pytest.raises(UnknownName, match=r"row 1 \('r4'\): unknown case 'r5'"):
        rounds.open_many(
            "round", [Opening("r4", parent="r5"), Opening("r5")], actor=HOST, on=MONDAY
        )


# --- once ---------------------------------------------------------------------------------------


def test_a_run_is_done_once(book: Book, place: Place) -> None:
    told: list[Report] = []
    report = opened(book, iter(errands_to(25)), progress=told.append)
    assert (report.selected, report.granted, report.chunks) == (25, 25, 3)
    assert [(one.granted, one.selected, one.status) for one in told] == [
        (10, 10, "running"),
        (20, 20, "running"),
        (25, 25, "running"),
    ]
    before = place.dump()
    assert opened(book, iter(errands_to(25))) == report
    assert opened(book, errands_to(25), chunk=3) == report
    assert book.runs() == (report,) == (book.resume_run("spring"),)
    assert place.dump() == before
    entries = [entry for case in book.cases() for entry in book.history(case.id)]
    assert {entry.key for entry in entries} == {"spring"}


def test_no_rows_are_a_run_too(book: Book) -> None:
    report = opened(book, [])
    assert (report.status, report.selected, report.chunks) == ("complete", 0, 0)


def stopping(rows: list[Opening], after: int) -> Iterator[Opening]:
    yield from rows[:after]
    raise KeyboardInterrupt


def test_a_run_that_was_cut_off_goes_on_by_the_same_rows(book: Book, place: Place) -> None:
    with pytest.raises(KeyboardInterrupt):
        opened(book, stopping(errands_to(25), 17))
    report = book.report("spring")
    assert (report.status, report.granted, report.done) == ("running", 10, 1)
    assert [case.id for case in book.cases()] == [row.case for row in errands_to(10)]
    with pytest.raises(RequestError, match="opens cases from rows"):
        book.resume_run("spring")
    assert book.report("spring") == report
    whole = opened(book, iter(errands_to(25)), chunk=4)
    assert (whole.status, whole.granted, whole.refused, whole.chunks) == ("complete", 25, 0, 5)
    assert [case.id for case in book.cases()] == [row.case for row in errands_to(25)]


def test_who_does_the_same_run_at_once_opens_no_case_twice(
    book: Book, place: Place, errands: Reform
) -> None:
    rows = errands_to(25)

    def meanwhile() -> Iterator[Opening]:
        yield from rows[:12]
        with place.open() as other:
            assert opened(other, rows, chunk=7).granted == 25
        yield from rows[12:]

    report = opened(book, meanwhile())
    assert (report.status, report.selected, report.granted, report.chunks) == (
        "complete",
        25,
        25,
        4,
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([*errands_to(24), Opening("e025", "西")], "rows 21 to 25 are not those"),
        (errands_to(25)[1:], "rows 1 to 10 are not those"),
        (errands_to(24), "rows 21 to 25 are not those"),
        (errands_to(20), "rows 21 to 25 are not those"),
        (errands_to(26), "row 26 is one more"),
    ],
    ids=["changed", "shifted", "fewer", "a chunk fewer", "more"],
)
def test_other_rows_are_refused_under_the_same_name(
    book: Book, place: Place, rows: list[Opening], said: str
) -> None:
    opened(book, errands_to(25))
    before = place.dump()
    with pytest.raises(KeyReused, match=said):
        opened(book, rows)
    with pytest.raises(KeyReused, match="asked for something else"):
        opened(book, errands_to(25), on=day(2))
    with pytest.raises(KeyReused, match="asked for something else"):
        book.plan("send", actor=CLERK, on=day(2)).run("spring")
    assert place.dump() == before


def open_and_tell(mouth: Connection, shift: Shift, rows: list[Opening], end: Tap) -> None:
    """Open errands under the name of a run, until the end comes."""
    with shift.book() as book, tapped(book, end):
        mouth.send(opened(book, iter(rows), run=shift.seed, chunk=7))


def test_runs_killed_again_and_again_open_each_case_once(book: Book, place: Place) -> None:
    rng = chance("opening", place.kind)
    kills, ids = 0, list[str]()
    for number in count():
        rows = [attrs.evolve(row, case=f"{number:03}/{row.case}") for row in errands_to(60)]
        shift = Shift(place.url, place.prefix, [], 0, f"run{number}")
        told: list[Report] = []
        for attempt in count():
            end = killed_within(rng, 40 + 10 * attempt)
            worker = Worker(open_and_tell, shift, rows, end)
            worker.listen()
            told = worker.heard
            assert worker.process.exitcode in {0, -signal.SIGKILL}
            kills += worker.process.exitcode != 0
            worker.close()
            assert book.verify() == ()
            if told:
                break
        ids += [row.case for row in rows]
        assert (told[0].status, told[0].granted, told[0].refused) == ("complete", 60, 0)
        assert [case.id for case in book.cases()] == ids
        if kills >= KILLS:
            break


# --- bad input ----------------------------------------------------------------------------------

BAD: list[tuple[Any, str]] = [
    (Opening("x", facts={"nothing": 1}), "unknown fact 'nothing'"),
    (Opening("x", facts={"posts": "many"}), "posts cannot be 'many'"),
    (Opening("x", facts={"rounds": 1}), "does not record 'rounds'"),
    (Opening("x", parent="nobody"), "unknown case 'nobody'"),
    (Opening("x", parent="e001"), "has no children of 'errand'"),
    (Opening("x" * 201), "has 201 characters"),
    (Opening("x\0"), "cannot be stored"),
    (Opening("x", subject="\ud800"), "cannot be stored"),
    (Opening(""), "the case has no id"),
    ({"case": "x"}, "is no opening"),
]


@pytest.mark.parametrize(("row", "said"), BAD, ids=[said for _, said in BAD])
def test_a_row_that_nobody_could_decide_is_named_and_its_chunk_is_not_stored(
    book: Book, place: Place, row: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openings, "_TOGETHER", 3)
    rows = errands_to(25)
    opened(book, rows[:10], run="first")
    before = place.dump()
    with pytest.raises(RequestError, match=r"^row 15\b.*" + said):
        opened(book, [*rows[:14], row, *rows[14:]])
    report = book.report("spring")
    assert (report.status, report.done, report.refused) == ("running", 1, 10)  # all there already
    after = place.dump()
    assert all(after[name] == before[name] for name in ("catalog", "errand", "history"))


def test_a_run_that_cannot_be_begun_leaves_nothing(book: Book, place: Place) -> None:
    before = place.dump()
    with pytest.raises(RequestError, match="0 cases cannot be in a chunk"):
        opened(book, errands_to(3), chunk=0)
    with pytest.raises(UnknownName, match="unknown workflow 'erand'"):
        book.open_many("erand", errands_to(3), actor=CHIEF, on=MONDAY)
    assert place.dump() == before


def test_refusals_are_counted_with_their_clauses_and_reasons(book: Book) -> None:
    errand(book, "e002")
    errand(book, "e004")
    report = opened(book, errands_to(5))
    assert (report.granted, report.refused) == (3, 2)
    assert [(t.code, t.subject, t.cases) for t in report.reasons] == [("already_open", "errand", 2)]
    none = opened(book, errands_to(5), run="by others", actor=CLERK, on=date(2030, 1, 1))
    assert (none.granted, none.refused) == (0, 5)
    assert Counter({tally.code: tally.cases for tally in none.reasons})["in_the_future"] == 5


# --- inside a host's transaction ----------------------------------------------------------------


def test_what_the_host_rolls_back_leaves_no_run(book: Book, place: Place, errands: Reform) -> None:
    before = place.dump()
    engine = place.engine()
    with engine.connect() as connection:
        work = Casework(connection, place.practice(errands), clock=lambda: NOW)
        assert opened(work, errands_to(25)).granted == 25
        with pytest.raises(RequestError, match="row 12"):
            opened(work, [*errands_to(11), Opening("")], run="other")
        assert [report.run for report in work.runs()] == ["spring"]
        assert len(list(work.cases())) == 25
        connection.rollback()
    engine.dispose()
    assert place.dump() == before


def test_another_definition_neither_goes_on_with_a_run_nor_opens_under_its_cases(
    book: Book, place: Place, errands: Reform
) -> None:
    book.open("p1", "plan", actor=CHIEF, on=MONDAY)
    with pytest.raises(KeyboardInterrupt):
        opened(book, stopping(errands_to(25), 17))
    book.close()
    changed = attrs.evolve(errands, document=attrs.evolve(errands.document, issued_on=day(1)))
    new = place.open(changed, upgrade=True)
    before = place.dump()
    with pytest.raises(StoreError, match="begun under the definition"):
        opened(new, errands_to(25))
    assert place.dump() == before
    with pytest.raises(NotMigrated, match="'p1'"):
        opened(new, [Opening("x", parent="p1")], run="under it")
