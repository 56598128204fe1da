"""Logs of other systems are read whole or refused by line and column; a map says what they mean."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from reformflow.errors import InputError
from reformflow.model import Fire, Open, Record, Request
from reformflow.sheets.logs import Log, read_log, read_map
from support.building import bound_of

BOUND = bound_of(
    head="""
        time_zone: Asia/Shanghai
    """,
    permit="""
        label: Permit
        opening: {by: office, records: [area]}
        facts:
          area: {type: int, by: office}
          final_day: {type: date, by: office}
          kind: {type: choice, by: office, choices: {stall: Stall, kiosk: Kiosk}}
        tracks:
          progress: {initial: draft, states: {draft: {}, sent: {}, done: {final: true}}}
        transitions:
          send: {from: draft, to: sent, by: office, may_record: [kind]}
          decide: {from: sent, to: done, by: office, due: {days: 0, after: final_day, late: flag}}
    """,
)
MAP = """
workflow: permit
columns: {case: "case:concept:name", activity: "concept:name", on: "time:timestamp", actor: who}
activities: {Sent in: send, Decided: decide}
ignore: [Phone call]
facts: {area: "case:area", final_day: "case:deadline", kind: what}
values: {what: {Bude: stall}}
"""
XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
<global scope="event"><string key="concept:name" value="none"/></global>
<trace>
<event><string key="concept:name" value="Sent in"/><string key="who" value="mei"/>
<string key="what" value="Bude"><string key="inner" value="not read"/></string>
<date key="time:timestamp" value="2021-03-01T23:30:00+00:00"/></event>
<event><string key="concept:name" value="Phone call"/>
<date key="time:timestamp" value="2021-03-03T10:00:00+08:00"/></event>
<event><string key="concept:name" value="Decided"/>
<date key="time:timestamp" value="2021-03-09T10:00:00.123+08:00"/></event>
<string key="concept:name" value="p1"/>
<int key="area" value="9"/>
<date key="deadline" value="2021-03-05T00:00:00+08:00"/>
</trace>
</log>
"""
TABLE = """case:concept:name,concept:name,time:timestamp,who,case:area,case:deadline,what
p1,Sent in,2021-03-01 23:30:00+00:00,mei,9,2021-03-05,Bude
p1,Phone call,2021-03-03,,9,2021-03-05,
p1,Decided,2021-03-09 10:00:00+08:00,,9,2021-03-05,
"""


def read(folder: Path, name: str, text: str | bytes, map_: str = MAP) -> Log:
    log, meaning = folder / name, folder / "map.yaml"
    log.write_bytes(text if isinstance(text, bytes) else text.encode())
    meaning.write_text(map_)
    return read_log(log, BOUND, read_map(meaning, BOUND))


def asked(log: Log) -> list[tuple[object, ...]]:
    told: list[tuple[object, ...]] = []
    for line in log.lines:
        assert isinstance(line.step, Request)
        match line.step.act:
            case Open(facts=facts):
                told.append(("open", dict(facts), line.step.on))
            case Record(facts=facts):
                told.append(("record", dict(facts), line.step.on))
            case Fire(transition=name, facts=facts):
                told.append((name, dict(facts), line.step.on))
    return told


EXPECTED = [
    ("open", {"area": 9}, date(2021, 3, 2)),
    ("record", {"final_day": date(2021, 3, 5)}, date(2021, 3, 2)),
    ("send", {"kind": "stall"}, date(2021, 3, 2)),
    ("decide", {}, date(2021, 3, 9)),
]
"""An instant counts as its day in the reform's zone, eight hours ahead."""


@pytest.mark.parametrize(
    ("name", "text"),
    [("log.xes", XES), ("log.xes.gz", gzip.compress(XES.encode())), ("log.csv", TABLE)],
    ids=["xes", "gzip", "csv"],
)
def test_a_log_means_the_same_in_every_form(tmp_path: Path, name: str, text: str | bytes) -> None:
    assert asked(read(tmp_path, name, text)) == EXPECTED


def test_an_event_stands_at_the_line_at_which_it_begins(tmp_path: Path) -> None:
    lines = [line.place.line for line in read(tmp_path, "log.xes", XES).lines]
    assert lines == [5, 5, 5, 10]


def test_without_roles_everybody_holds_every_role(tmp_path: Path) -> None:
    step = read(tmp_path, "log.csv", TABLE).lines[0].step
    assert isinstance(step, Request)
    assert step.actor.holds("office", "")
    assert step.actor.id == "mei"


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "line"),
    [
        ("log.csv", "2021-03-09 10:00:00+08:00", "2021-02-30", "date", 4),
        ("log.csv", "Decided", "Dicided", "unknown_activity", 4),
        ("log.csv", "p1,Sent", ",Sent", "missing", 2),
        ("log.csv", ",9,2021-03-05,Bude", ",nine,2021-03-05,Bude", "int", 2),
        ("log.csv", ",what\n", ",wath\n", "missing_column", 1),
        ("log.xes", "2021-03-09T10", "2021-13-09T10", "date", 10),
        ("log.xes", "</trace>", "</trac>", "damaged", 15),
        ("log.xes", "<log ", "<!DOCTYPE log [<!ENTITY a 'b'>]><log ", "entities", 2),
    ],
)
def test_a_bad_log_is_refused_by_line(
    tmp_path: Path, name: str, old: str, new: str, code: str, line: int
) -> None:
    text = {"log.csv": TABLE, "log.xes": XES}[name]
    assert old in text
    with pytest.raises(InputError) as caught:
        read(tmp_path, name, text.replace(old, new))
    first = caught.value.problems[0]
    assert (first.code, first.place.line) == (code, line)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("workflow: permit", "workflow: permits", "unknown_workflow", 2),
        ("Sent in: send", "Sent in: sent", "unknown_transition", 4),
        ('case: "case:concept:name", ', "", "missing_key", 3),
        ("area:", "aera:", "unknown_fact", 6),
        ("ignore:", "ingore:", "unknown_key", 5),
        ("actor: who", "person: who", "unknown_key", 3),
    ],
)
def test_a_bad_map_is_refused_by_line(
    tmp_path: Path, old: str, new: str, code: str, line: int
) -> None:
    assert old in MAP
    with pytest.raises(InputError) as caught:
        read(tmp_path, "log.csv", TABLE, MAP.replace(old, new, 1))
    assert [(one.code, one.place.line) for one in caught.value.problems] == [(code, line)]


WIDE = """
workflow: permit
columns: {case: File}
days: {send: Sent, decide: Decided}
facts: {area: Area, final_day: Deadline}
"""


def test_a_row_for_each_case_holds_the_days_of_its_acts(tmp_path: Path) -> None:
    text = "File,Decided,Sent,Area,Deadline\np1,2021-03-09,2021-03-02,9,2021-03-05\np2,,,8,\n"
    assert asked(read(tmp_path, "log.csv", text, WIDE)) == [
        ("open", {"area": 9}, date(2021, 3, 2)),
        ("record", {"final_day": date(2021, 3, 5)}, date(2021, 3, 2)),
        ("send", {}, date(2021, 3, 2)),
        ("decide", {}, date(2021, 3, 9)),
    ]


def test_a_day_that_a_trace_tells_takes_its_place_among_the_events(tmp_path: Path) -> None:
    closing = MAP.replace("Decided: decide", "Decided: send") + 'days: {decide: "case:deadline"}\n'
    told = [(name, on.day) for name, _, on in asked(read(tmp_path, "log.xes", XES, closing))]  # type: ignore[attr-defined]
    assert told == [("open", 2), ("record", 2), ("send", 2), ("decide", 5), ("send", 9)]
