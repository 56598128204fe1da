"""What is stored comes back as it was, on every database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest
import sqlalchemy as sa

from reformflow.casework import Book
from reformflow.errors import EmbeddingError, RequestError, UnknownName
from reformflow.model import Decision, Fire, Kind, Lateness, Reform, Request
from support.databases import NOW, Place
from support.errands import CHIEF, CLERK, MONDAY, day, errand, granted, sent

STRANGE = [
    "",
    "𠮷𡈽吉",
    "e\u0301é",
    "零\u200b宽",
    "ＡＢ AB ab",
    "⼈人",
    "trailing ",
    "a\tb\r\nc",
    "'; DROP TABLE history; --",
    '%s :name \\ " {}',
    "\U0001f9d1\u200d\U0001f4bb",
    "\u202eabc\ufeff",
]


def test_every_type_of_fact_comes_back(book: Book) -> None:
    facts = {
        "kind": "大事",
        "posts": -(2**63) + 1,
        "urgent": False,
        "备注": "𠮷" * 2000,
        "wanted_on": date(9999, 12, 31),
    }
    errand(book, facts=facts)
    values = book.case("e1").values
    assert {name: values[name] for name in facts} == facts
    assert type(values["urgent"]) is bool
    assert {name: book.history("e1")[0].changes[name] for name in facts} == facts


@pytest.mark.parametrize("text", STRANGE)
def test_text_comes_back_code_point_for_code_point(book: Book, text: str) -> None:
    errand(book, case=f"c{text}", subject=text, unit=text, facts={"备注": text})
    actor = attrs.evolve(CLERK, id=f"a{text}")
    granted(book.record(f"c{text}", {"code": text[:8]}, actor=actor, on=MONDAY, reason=text))
    case = book.case(f"c{text}")
    assert (case.id, case.subject, case.unit) == (f"c{text}", text, text)
    assert (case.values["备注"], case.values["code"]) == (text, text[:8])
    entry = book.history(f"c{text}")[1]
    assert (entry.actor, entry.reason) == (f"a{text}", text)


def test_ids_that_only_look_alike_are_different_cases(book: Book) -> None:
    alike = ["AB", "ab", "ＡＢ", "AB ", "𠮷", "𡈽", "é", "e\u0301"]
    for case in alike:
        errand(book, case=case)
    assert [case.id for case in book.cases("errand")] == alike


@pytest.mark.parametrize("bad", ["nul\0", "half\ud800"])
def test_text_that_no_database_keeps_is_refused_at_the_door(book: Book, bad: str) -> None:
    for more in (
        {"case": bad},
        {"subject": bad},
        {"unit": bad},
        {"key": bad},
        {"facts": {"备注": bad}},
    ):
        with pytest.raises(RequestError):
            errand(book, **more)
    with pytest.raises(UnknownName):
        book.case(bad)
    assert list(book.cases()) == []


@pytest.mark.parametrize("field", ["case", "unit", "key"])
def test_an_id_that_is_too_long_is_refused_and_nothing_is_stored(
    book: Book, place: Place, field: str
) -> None:
    before = place.dump()
    with pytest.raises(RequestError, match="200"):
        errand(book, **{field: "长" * 201})
    assert place.dump() == before
    errand(book, **{field: "长" * 200})


@pytest.mark.parametrize("wanted", [date.min, date(999, 2, 28), date(1582, 10, 10), date.max])
def test_every_day_of_the_calendar_comes_back(book: Book, wanted: date) -> None:
    errand(book, facts={"wanted_on": wanted})
    assert book.case("e1").values["wanted_on"] == wanted


def test_a_number_that_grows_too_long_is_refused_and_nothing_is_stored(
    book: Book, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    errand(book)
    before = place.dump()
    fire = book.practice.engine.fire

    def grown(*arguments: Any) -> Decision:
        decision = fire(*arguments)
        entry = attrs.evolve(decision.entries[0], changes={"rounds": 2**63})
        return attrs.evolve(decision, entries=(entry,))

    monkeypatch.setattr(book.practice.engine, "fire", grown)
    with pytest.raises(RequestError, match="64 bits"):
        book.fire("e1", "send", actor=CLERK, on=day(2))
    assert place.dump() == before


def test_an_entry_comes_back_whole(book: Book) -> None:
    errand(book)
    late = granted(
        book.fire("e1", "send", actor=CLERK, on=day(10), reason="雪", facts={"备注": "晚"})
    )
    entry = book.history("e1")[1]
    assert entry == late.entries[0]
    assert entry.kind is Kind.FIRED
    assert entry.late == (Lateness("send", day(6), 4, "clerk"),)
    assert entry.recorded_at == NOW
    assert entry.definition == book.practice.definition


def test_the_instant_of_recording_is_kept_in_utc_to_the_microsecond(book: Book) -> None:
    instant = datetime(2021, 3, 2, 9, 0, 0, 123457, tzinfo=timezone(timedelta(hours=8)))
    errand(book)
    act = Fire("send", {})
    granted(book.do(Request("e1", act, CLERK, day(2), recorded_at=instant)))
    stored = book.history("e1")[1].recorded_at
    assert stored == instant
    assert stored is not None
    assert stored.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(book: Book, place: Place) -> None:
    errand(book)
    before = place.dump()
    naive = datetime(2021, 3, 2, 9, 0, 0)  # noqa: DTZ001
    with pytest.raises(Exception, match="offset"):
        book.do(Request("e1", Fire("send", {}), CLERK, day(2), recorded_at=naive))
    assert place.dump() == before


def test_children_are_read_in_the_order_of_their_opening(book: Book) -> None:
    granted(book.open("p", "plan", actor=CHIEF, on=MONDAY))
    for case in ["z", "a", "m", "b"]:
        errand(book, case=case, parent="p")
    with book.transaction() as work:
        found = work._cases(work._host).children("p", "errand")
    assert [case.id for case in found] == ["z", "a", "m", "b"]


def test_a_join_fires_when_the_last_child_is_done(book: Book) -> None:
    granted(book.open("p", "plan", actor=CHIEF, on=MONDAY))
    for case in ["a", "b"]:
        errand(book, case=case, parent="p")
        sent(book, case)
    granted(book.fire("a", "agree", actor=CHIEF, on=day(3)))
    assert book.case("p").values["progress.state"] == "running"
    last = granted(book.fire("b", "agree", actor=CHIEF, on=day(4)))
    assert [entry.case for entry in last.entries] == ["b", "p"]
    assert book.case("p").values["progress.state"] == "done"


def test_an_id_is_unique_over_all_workflows(book: Book) -> None:
    granted(book.open("x", "plan", actor=CHIEF, on=MONDAY))
    again = book.open("x", "errand", actor=CHIEF, on=MONDAY)
    assert [refusal.code for refusal in again.refusals] == ["already_open"]
    assert book.case("x").workflow == "plan"


def test_an_unknown_case_names_its_neighbours(book: Book) -> None:
    errand(book, case="errand-17")
    with pytest.raises(UnknownName, match="errand-17"):
        book.case("erand-17")
    with pytest.raises(UnknownName):
        book.history("nothing")
    with pytest.raises(UnknownName, match="errand"):
        list(book.cases("erand"))


def test_cases_are_listed_by_workflow_and_unit(book: Book) -> None:
    granted(book.open("p", "plan", actor=CHIEF, on=MONDAY, unit="东"))
    errand(book, case="a", unit="东")
    errand(book, case="b", unit="西")
    assert [case.id for case in book.cases()] == ["p", "a", "b"]
    assert [case.id for case in book.cases("errand", "西")] == ["b"]
    assert [case.id for case in book.cases(unit="东")] == ["p", "a"]


def test_cases_may_be_written_while_they_are_listed(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reformflow.store.cases._BATCH", 2)
    for number in range(5):
        errand(book, case=f"e{number}")
    for case in book.cases("errand"):
        sent(book, case.id)
    states = [case.values["progress.state"] for case in book.cases("errand")]
    assert states == ["sent"] * 5


def test_a_refusal_changes_nothing(book: Book, place: Place) -> None:
    errand(book, facts={"posts": 11})
    before = place.dump()
    refused = book.fire("e1", "send", actor=CLERK, on=day(2))
    assert [refusal.subject for refusal in refused.refusals] == ["few_posts"]
    assert place.dump() == before


def test_explaining_and_unlocking_change_nothing(book: Book, place: Place) -> None:
    errand(book)
    before = place.dump()
    assert book.explain("e1", "send", actor=CLERK, on=day(2)).granted
    assert not book.explain("e1", "send", actor=CHIEF, on=day(2)).granted
    assert book.unlock("e1", "agree", actor=CHIEF, on=day(2)).refusals
    assert place.dump() == before


def test_a_table_can_be_read_with_plain_sql(book: Book, place: Place) -> None:
    errand(book, facts={"备注": "纸", "posts": 2})
    engine = place.engine()
    with engine.connect() as connection:
        sql = f"SELECT progress_state, posts FROM {place.prefix}errand WHERE 备注 = '纸'"  # noqa: S608
        assert connection.execute(sa.text(sql)).all() == [("draft", 2)]
    engine.dispose()


def test_history_holds_chinese_unescaped(book: Book, place: Place) -> None:
    errand(book, facts={"备注": "𠮷"})
    engine = place.engine()
    with engine.connect() as connection:
        sql = f"SELECT changes FROM {place.prefix}history"  # noqa: S608
        assert '"备注":"𠮷"' in connection.execute(sa.text(sql)).scalar_one()
    engine.dispose()


def test_the_definition_is_stored_whole(book: Book, place: Place, errands: Reform) -> None:
    assert place.open().reform == errands


FALSIFIED: list[tuple[str, str]] = [
    ("UPDATE {p}errand SET posts = 4", "posts"),
    ("UPDATE {p}errand SET progress_state = 'done'", "progress.state"),
    ("UPDATE {p}errand SET revision = 9", "revision"),
    ("UPDATE {p}errand SET parent = 'nobody'", "parent"),
    ("DELETE FROM {p}errand", "catalog"),
    ("DELETE FROM {p}history WHERE seq = 1", "history"),
    ("DELETE FROM {p}history WHERE seq = 2", "revision"),
    ("DELETE FROM {p}history", "history"),
    ("DELETE FROM {p}catalog", "catalog"),
    ("DELETE FROM {p}definitions", "definition"),
    ("UPDATE {p}catalog SET workflow = 'plan'", "catalog"),
    ("UPDATE {p}history SET changes = '{{}}' WHERE seq = 2", "progress.state"),
]


@pytest.mark.parametrize(("sql", "about"), FALSIFIED)
def test_the_checker_finds_what_was_falsified(
    book: Book, place: Place, sql: str, about: str
) -> None:
    errand(book)
    sent(book)
    assert book.verify() == ()
    place.alter(lambda connection: connection.execute(sa.text(sql.format(p=place.prefix))))
    assert about in {flaw.about for flaw in book.verify()}
    place.give_up()


def test_a_flaw_says_where_and_what(book: Book, place: Place) -> None:
    errand(book)
    place.alter(
        lambda connection: connection.execute(sa.text(f"UPDATE {place.prefix}errand SET posts = 4"))  # noqa: S608
    )
    (flaw,) = book.verify()
    assert str(flaw) == "e1: posts: holds 4, but its history says 3"
    place.give_up()


def test_a_day_is_a_day_wherever_one_is_asked_for(book: Book) -> None:
    wrong: Any = "2021-03-01"
    asked = (book.tick, book.let_time_pass, book.board, book.totals, book.overdue)
    for ask in asked:
        with pytest.raises(RequestError, match=r"not a day .*fromisoformat"):
            ask(wrong)


def test_what_is_no_id_is_an_id_that_nothing_has(book: Book) -> None:
    errand(book)
    wrong: Any
    for wrong in (5, None, 3.5):
        for ask in (book.case, book.history):
            with pytest.raises(UnknownName, match=f"unknown case {wrong}"):
                ask(wrong)


def test_acts_over_many_cases_have_parts_of_the_right_type(book: Book) -> None:
    errand(book)
    wrong: Any
    for wrong, told in (({"on": "2021-03-02"}, "not a day"), ({"actor": "li"}, "'li' is no Actor")):
        parts: Any = {"actor": CLERK, "on": day(2), **wrong}
        with pytest.raises(RequestError, match=told):
            book.plan("send", **parts)
        with pytest.raises(RequestError, match=told):
            book.open_many("errand", [], **parts)
    wrong = 5
    with pytest.raises(RequestError, match="the key cannot be stored"):
        book.plan("send", actor=CLERK, on=day(2)).run(wrong)
    assert book.runs() == ()


@pytest.mark.parametrize("facts", [["posts"], "posts=3", 3])
def test_facts_that_are_no_mapping_are_refused_and_nothing_is_stored(
    book: Book, place: Place, facts: Any
) -> None:
    errand(book)
    before = place.dump()
    options = {"actor": CLERK, "on": day(2)}
    for ask in (
        lambda acts: acts.record("e1", facts, **options),
        lambda acts: acts.fire("e1", "send", facts=facts, **options),
        lambda acts: acts.open("e2", "errand", unit="东", facts=facts, actor=CHIEF, on=MONDAY),
        lambda acts: acts.plan("send", facts=facts, **options).run("all"),
    ):
        with pytest.raises(RequestError, match="are no facts"):
            ask(book)
        with pytest.raises(RequestError, match="are no facts"), book.transaction() as work:
            ask(work)
    assert place.dump() == before


def test_words_are_said_in_languages_that_there_are(book: Book) -> None:
    errand(book)
    decision = book.fire("e1", "agree", actor=CHIEF, on=MONDAY)
    with pytest.raises(UnknownName, match=r"unknown language 'fr' .*en, zh"):
        book.words(decision, "fr")


def test_errors_of_the_host_are_not_swallowed() -> None:
    """The naive instant above is the embedder's fault, and is named as such."""
    from reformflow.store.types import Utc

    dialect: Any = sa.create_engine("sqlite://").dialect
    with pytest.raises(EmbeddingError, match="offset"):
        Utc().process_bind_param(datetime(2021, 1, 1), dialect)  # noqa: DTZ001
