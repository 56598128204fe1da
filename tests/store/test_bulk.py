"""Runs: what is done stays done once, totals add up, and a wrong request changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from reformflow.casework import Book, Casework, Report
from reformflow.errors import EmbeddingError, KeyReused, RequestError, StoreError, UnknownName
from reformflow.model import Actor, Extend, Fire, Record, Reform
from support.building import reform_of
from support.databases import Place

OFFICE = Actor.holding("li", "office")
DAY = date(2021, 3, 1)
LATE = date(2021, 3, 9)
READY = {"left": 1, "right": 2, "ready": True}
FLOW = """
opening: {by: office, may_record: [left, right, ready]}
facts:
  left: {type: int, by: office, minimum: 0, maximum: 1000}
  right: {type: int, by: office, minimum: 0, maximum: 1000}
  ready: {type: bool, by: office}
  note: {type: text, by: office}
tracks: {progress: {initial: draft, states: {draft: {}, sent: {}, agreed: {final: true}}}}
rules: {is_ready: {requires: ready, clauses: [R2]}}
transitions:
  send: {from: draft, to: sent, by: office, needs: [is_ready], may_record: [note],
         set: {left: right, right: left},
         due: {days: 5, after: opened, late: flag, answerable: office, extension: {by: office}}}
  agree: {from: sent, to: agreed, by: treasury}
"""


@pytest.fixture
def reform() -> Reform:
    return reform_of(case=FLOW)


@pytest.fixture
def book(place: Place, reform: Reform) -> Book:
    """Thirty cases, of which every third is not ready."""
    opened = place.open(reform)
    with opened.transaction() as work:
        for number in range(30):
            facts = {"left": number, "right": 100 + number, "ready": number % 3 != 0}
            assert work.open(f"c{number:02}", "case", actor=OFFICE, on=DAY, facts=facts).granted
    return opened


def test_every_value_is_worked_out_from_the_row_as_it_was(book: Book) -> None:
    """Two facts change places in one act; text with quotes and an umlaut comes back as it is."""
    note = 'he said "no" \\ 好'
    report = book.plan("send", actor=OFFICE, on=DAY, facts={"note": note}).run()
    assert (report.granted, report.refused) == (20, 10)
    case = book.case("c04")
    assert (case.values["left"], case.values["right"]) == (104, 4)
    assert case.values["note"] == note
    assert book.history("c04")[-1].changes["note"] == note


def test_an_act_that_is_late_is_marked_as_it_is_alone(book: Book) -> None:
    alone = book.explain("c01", "send", actor=OFFICE, on=LATE)
    book.plan("send", actor=OFFICE, on=LATE).run(chunk=7)
    [mark] = book.history("c01")[-1].late
    assert alone.entry is not None
    assert (mark,) == alone.entry.late
    assert (mark.days, mark.answerable) == (3, "office")


def test_a_run_is_done_once(book: Book, place: Place) -> None:
    plan = book.plan("send", actor=OFFICE, on=DAY)
    report = plan.run("spring", chunk=7)
    before = place.dump()
    assert plan.run("spring", chunk=7) == report == book.resume_run("spring")
    assert place.dump() == before
    assert {entry.key for id_ in ("c01", "c02") for entry in book.history(id_)[1:]} == {"spring"}


def test_a_run_under_a_known_id_that_asks_for_something_else_is_refused(
    book: Book, place: Place
) -> None:
    book.plan("send", actor=OFFICE, on=DAY).run("spring")
    before = place.dump()
    with pytest.raises(KeyReused, match="asked for something else"):
        book.plan("send", actor=OFFICE, on=DAY, where="left < 5").run("spring")
    assert place.dump() == before


def test_totals_add_up_where_cases_change_between_plan_and_run(book: Book) -> None:
    plan = book.plan("send", actor=OFFICE, on=DAY, where='state == "draft"')
    assert book.fire("c01", "send", actor=OFFICE, on=DAY).granted
    assert book.open("c99", "case", actor=OFFICE, on=DAY, facts={"ready": True}).granted
    report = plan.run(chunk=7)
    assert (report.granted, report.refused, report.changed) == (19, 10, 1)
    assert report.status == "complete"
    again = book.plan("send", actor=OFFICE, on=DAY, where='state == "draft"')
    assert again.selected == 11, "the one that was opened meanwhile as well"
    for id_ in ("c00", "c03"):
        assert book.record(id_, {"ready": True}, actor=OFFICE, on=DAY).granted
        assert book.fire(id_, "send", actor=OFFICE, on=DAY).granted
    last = again.run()
    assert (last.selected, last.granted, last.refused, last.changed) == (11, 0, 9, 2)


def test_cases_opened_while_a_run_is_under_way_are_not_its(book: Book) -> None:
    def opened(report: object) -> None:
        if not {"d0"} & {case.id for case in book.cases()}:
            book.open("d0", "case", actor=OFFICE, on=DAY, facts={"ready": True})

    plan = book.plan("send", actor=OFFICE, on=DAY)
    begun = plan.run("a", chunk=29, progress=opened)
    assert begun.granted + begun.refused == 30
    assert book.case("d0").values["progress.state"] == "draft"


def test_a_case_opened_between_the_statements_of_a_chunk_is_not_its(
    place: Place, book: Book, reform: Reform
) -> None:
    """One chunk holds all cases, so that its statements name no ids."""
    if place.kind != "postgresql":
        pytest.skip("others cannot open a case meanwhile")
    plan = book.plan("send", actor=OFFICE, on=DAY)
    with place.open(reform) as other:

        def opening(*told: object) -> None:
            known = {case.id for case in other.cases()}
            if "reformflow_noted" in str(told[2]) and "c05x" not in known:
                other.open("c05x", "case", actor=OFFICE, on=DAY, facts={"ready": True})

        sa.event.listen(book._units.engine, "before_cursor_execute", opening)
        report = plan.run()
    assert (report.selected, report.granted, report.refused) == (30, 20, 10)
    assert book.case("c05x").values["progress.state"] == "draft"


def test_wrong_requests_are_named_and_nothing_is_stored(book: Book, place: Place) -> None:
    before = place.dump()
    with pytest.raises(UnknownName, match="did you mean 'send'"):
        book.plan("sned", actor=OFFICE, on=DAY)
    with pytest.raises(UnknownName, match="lefd"):
        book.plan(Record({"lefd": 1}), workflow="case", actor=OFFICE, on=DAY)
    with pytest.raises(RequestError, match="cannot be asked"):
        book.plan("send", actor=OFFICE, on=DAY, where='left < "a"')
    with pytest.raises(RequestError, match="the most is 1000"):
        book.plan(Record({"left": 2000}), actor=OFFICE, on=DAY)
    with pytest.raises(UnknownName, match="deadline"):
        book.plan(Extend("agree", LATE), actor=OFFICE, on=DAY)
    with pytest.raises(RequestError, match="at least one"):
        book.plan("send", actor=OFFICE, on=DAY).run(chunk=0)
    with pytest.raises(UnknownName, match="run 'spring'"):
        book.resume_run("spring")
    assert place.dump() == before


def test_a_resumed_run_keeps_the_definition_it_was_begun_under(book: Book, place: Place) -> None:
    def stop(report: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        book.plan("send", actor=OFFICE, on=DAY).run("spring", chunk=7, progress=stop)
    assert book.report("spring").status == "running"
    changed = reform_of(case=FLOW.replace("days: 5", "days: 6"))
    with pytest.raises(StoreError, match="begun under the definition"):
        place.open(changed, upgrade=True).resume_run("spring")
    done = place.open(book.reform).resume_run("spring")
    assert (done.status, done.granted) == ("complete", 20)


def test_a_run_of_one_chunk_is_stored_whole_or_not_at_all(book: Book, place: Place) -> None:
    """It breaks at its last statement; asked for again under its name, it is done."""
    plan, before = book.plan("send", actor=OFFICE, on=DAY), place.dump()
    engine = book._units.engine

    def failing(*told: object) -> None:
        if "bulk_chunks" in str(told[2]) and "INSERT" in str(told[2]):
            raise ZeroDivisionError

    sa.event.listen(engine, "before_cursor_execute", failing)
    with pytest.raises(ZeroDivisionError):
        plan.run("spring")
    sa.event.remove(engine, "before_cursor_execute", failing)
    assert place.dump() == before
    seen: list[Report] = []
    report = plan.run("spring", progress=seen.append)
    assert (report.status, report.chunks, report.granted, report.refused) == ("complete", 1, 20, 10)
    assert seen == [report] == [book.report("spring")]
    assert len(book.history("c01")) == 2


def test_a_plan_of_yesterday_is_carried_out_as_of_today(place: Place, reform: Reform) -> None:
    """The day on which it shall be done had not come then."""
    now = [datetime(2021, 3, 1, 12, tzinfo=UTC)]
    book = place.open(reform, clock=lambda: now[0])
    assert book.open("c1", "case", actor=OFFICE, on=DAY, facts=READY).granted
    plan = book.plan("send", actor=OFFICE, on=date(2021, 3, 2))
    assert (plan.granted, [tally.code for tally in plan.reasons]) == (0, ["in_the_future"])
    now[0] += timedelta(days=1)
    assert plan.run().granted == 1


def test_a_plan_is_made_anew_where_another_definition_was_stored_since(place: Place) -> None:
    """By then one case's parent follows it, so that it cannot be decided under this one."""
    flows = {
        "case": f"children: {{lots: lot}}\n{FLOW}",
        "lot": FLOW.replace("requires: ready", "requires: ready and parent.ready"),
    }
    book = place.open(reform_of(**flows))
    for id_ in ("c1", "c2"):
        assert book.open(id_, "case", actor=OFFICE, on=DAY, facts=READY).granted
        below = book.open(f"{id_}-1", "lot", parent=id_, actor=OFFICE, on=DAY, facts=READY)
        assert below.granted
    plan = book.plan("send", workflow="lot", actor=OFFICE, on=DAY)
    assert plan.granted == 2
    changed = reform_of(**{id_: flow.replace("5", "6") for id_, flow in flows.items()})
    other = place.open(changed, upgrade=True).practice.definition
    place.books.reverse()
    parents = sa.table(f"{place.prefix}case", sa.column("id"), sa.column("definition"))
    second = sa.update(parents).where(parents.c.id == "c2")
    place.alter(lambda connection: connection.execute(second.values(definition=other)))
    report = plan.run()
    back = second.values(definition=book.practice.definition)
    place.alter(lambda connection: connection.execute(back))
    assert (report.granted, [tally.code for tally in report.reasons]) == (1, ["not_decided"])
    assert [len(book.history(id_)) for id_ in ("c1-1", "c2-1")] == [2, 1]


def test_facts_and_dates_for_many_cases(book: Book) -> None:
    told = book.plan(Record({"left": 7}), actor=OFFICE, on=DAY, where="ready").run()
    assert told.granted == 20
    assert book.case("c01").values["left"] == 7
    moved = book.plan(Extend("send", LATE), actor=OFFICE, on=DAY).run(chunk=11)
    assert (moved.granted, book.case("c02").values["send.due"]) == (30, LATE)
    again = book.plan(Extend("send", LATE), actor=OFFICE, on=DAY).run()
    assert [(tally.code, tally.cases) for tally in again.reasons] == [("not_later", 30)]


def test_threads_do_chunks_side_by_side(book: Book) -> None:
    with ThreadPoolExecutor(3) as pool:
        report = book.plan("send", actor=OFFICE, on=DAY).run(chunk=4, executor=pool)
    assert (report.chunks, report.granted, report.refused) == (8, 20, 10)


def test_in_a_hosts_transaction_a_run_goes_with_it(
    book: Book, place: Place, reform: Reform
) -> None:
    before = place.dump()
    engine = place.engine()
    with engine.connect() as connection, connection.begin() as transaction:
        work = Casework(connection, place.practice(reform))
        plan = work.plan(Fire("send"), actor=OFFICE, on=DAY)
        assert plan.run(chunk=7).granted == 20
        with pytest.raises(EmbeddingError, match="executor"), ThreadPoolExecutor(1) as pool:
            work.plan(Fire("send"), actor=OFFICE, on=DAY).run(executor=pool)
        assert connection.scalar(sa.select(sa.literal(1))) == 1
        transaction.rollback()
    engine.dispose()
    assert place.dump() == before


TWO_DEADLINES = """
opening: {by: office, may_record: [told_on, size]}
facts:
  told_on: {type: date, by: office}
  size: {type: int, by: office}
  ends_on: {type: date, derived: {days: 3, after: told_on, when: size >= 2}}
tracks: {progress: {initial: draft, states: {draft: {}, sent: {}, agreed: {final: true}}}}
transitions:
  send: {from: draft, to: sent, by: office, due: {days: 5, after: ends_on, late: flag}}
  agree: {from: [draft, sent], to: agreed, by: office, due: {days: 9, after: ends_on, late: flag}}
"""


def test_a_fact_that_is_taken_back_takes_due_dates_with_it(place: Place) -> None:
    """Where no row has a day left, what is worked out is no day, and of no other type."""
    book = place.open(reform_of(case=TWO_DEADLINES))
    for number in range(3):
        facts = {"told_on": DAY, "size": 2 + number}
        assert book.open(f"c{number}", "case", actor=OFFICE, on=DAY, facts=facts).granted
    assert book.case("c0").values["progress.due"] == date(2021, 3, 9)
    report = book.plan(Record({"size": None}), actor=OFFICE, on=DAY).run()
    assert report.granted == 3
    values = book.case("c0").values
    dates = ("ends_on", "send.due", "agree.due", "progress.due")
    assert {values[name] for name in dates} == {None}


GIVEN = """
opening: {by: office}
facts: {sure: {type: bool, by: office}, paid: {type: bool, by: office}}
tracks: {progress: {initial: draft, states: {draft: {}, sent: {}, agreed: {final: true}}}}
rules: {told: {requires: sure is not None}}
transitions:
  send: {from: draft, to: sent, by: office, needs: told, records: [sure, paid]}
"""


@pytest.mark.parametrize("paid", [True, None])
def test_facts_of_every_type_may_be_given_with_an_act(place: Place, paid: bool | None) -> None:
    """Of a truth value that is given nothing tells a database the type."""
    book = place.open(reform_of(case=GIVEN))
    assert book.open("c1", "case", actor=OFFICE, on=DAY).granted
    plan = book.plan("send", actor=OFFICE, on=DAY, facts={"sure": True, "paid": paid})
    reasons = [] if paid else ["not_recorded"]
    assert [str(tally.code) for tally in plan.reasons] == reasons
    assert plan.run().granted == (0 if paid is None else 1)
