"""XES and OCEL: what their readers find is what happened."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from reformflow.binding import BoundReform, bind
from reformflow.exports import Trace, ocel, xes
from reformflow.formats import load
from reformflow.model import Case, Entry, Kind, Lateness
from support.repository import ROOT

AT = datetime(2021, 3, 1, 3, 4, 5, 678901, tzinfo=UTC)
LATE = (Lateness("send", date(2021, 3, 6), 4, "clerk"),)
XES = "{http://www.xes-standard.org/}"


def entry(case: str, seq: int, kind: Kind, name: str, **more: Any) -> Entry:
    changes = more.pop("changes", {})
    return Entry(
        case, seq, kind, name, more.pop("actor", "主管"), date(2021, 3, seq), changes, AT, **more
    )


TRACES: list[Trace] = [
    (
        Case("计划", "plan", {}, unit="东", subject='<"a" & b>\x01'),
        (entry("计划", 1, Kind.OPENED, "plan", changes={"说明": "两行\n文字", "period": None}),),
    ),
    (
        Case("e1", "errand", {}, unit="东", subject="买纸", parent="计划"),
        (
            entry("e1", 1, Kind.OPENED, "errand", changes={"posts": -(2**62), "urgent": True}),
            entry("e1", 2, Kind.FIRED, "send", changes={"wanted_on": date(2021, 3, 9)}, late=LATE),
            entry("e1", 3, Kind.RECORDED, "", changes={"posts": 1}, actor="", reason="𠮷"),
        ),
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def errands() -> BoundReform:
    return bind(load(ROOT / "tests" / "store" / "reforms" / "errands"))


def traces() -> Iterator[Trace]:
    yield from TRACES


def attributes(node: ET.Element) -> dict[str, tuple[str, str]]:
    return {
        child.attrib["key"]: (child.tag.removeprefix(XES), child.attrib["value"])
        for child in node
        if "key" in child.attrib
    }


def test_a_log_has_a_trace_for_each_case_and_an_event_for_each_entry() -> None:
    log = ET.fromstring("".join(xes("errands", TRACES, zone="Asia/Shanghai")))  # noqa: S314 - ours
    plan, errand = log.findall(f"{XES}trace")
    assert attributes(log)["concept:name"] == ("string", "errands")
    assert attributes(plan)["subject"] == ("string", '<"a" & b>\ufffd')
    assert attributes(errand)["parent"] == ("string", "计划")
    opened, sent, recorded = map(attributes, errand.findall(f"{XES}event"))
    assert opened["concept:name"] == ("string", "opened errand")
    assert opened["time:timestamp"] == ("date", "2021-03-01T00:00:00+08:00")
    assert opened["recorded_at"] == ("date", "2021-03-01T03:04:05.678901+00:00")
    assert opened["changes:posts"] == ("int", str(-(2**62)))
    assert opened["changes:urgent"] == ("boolean", "true")
    assert sent["changes:wanted_on"] == ("date", "2021-03-09T00:00:00+08:00")
    assert sent["late"] == ("int", "4")
    assert recorded["concept:name"] == ("string", "recorded")
    assert "org:resource" not in recorded
    (first,) = map(attributes, plan.findall(f"{XES}event"))
    assert first["changes:说明"] == ("string", "两行\n文字")
    assert "changes:period" not in first


def test_a_log_may_tell_when_things_were_entered(errands: BoundReform) -> None:
    text = "".join(xes("errands", TRACES, zone="Asia/Shanghai", time="recorded"))
    assert text.count('<date key="time:timestamp" value="2021-03-01T03:04:05.678901+00:00"/>') == 4
    log = json.loads("".join(ocel(errands, traces, zone="Asia/Shanghai", time="recorded")))
    assert {event["time"] for event in log["events"]} == {"2021-03-01T03:04:05.678901+00:00"}


def test_an_object_centric_log_declares_what_it_holds(errands: BoundReform) -> None:
    log = json.loads("".join(ocel(errands, traces, zone="Asia/Shanghai")))
    ids = [item["id"] for item in log["objects"]]
    assert ids == ["计划", "e1"]
    assert [event["id"] for event in log["events"]] == ["计划/1", "e1/1", "e1/2", "e1/3"]
    for several, kinds in (("objects", "objectTypes"), ("events", "eventTypes")):
        declared = {
            kind["name"]: {item["name"]: item["type"] for item in kind["attributes"]}
            for kind in log[kinds]
        }
        for item in log[several]:
            for told in item["attributes"]:
                assert fits(told["value"], declared[item["type"]][told["name"]]), told
            assert {relation["objectId"] for relation in item["relationships"]} <= set(ids)


def test_an_object_keeps_what_it_was_when(errands: BoundReform) -> None:
    log = json.loads("".join(ocel(errands, traces, zone="Asia/Shanghai")))
    errand = log["objects"][1]
    posts = [(one["time"], one["value"]) for one in errand["attributes"] if one["name"] == "posts"]
    assert posts == [("2021-03-01T00:00:00+08:00", -(2**62)), ("2021-03-03T00:00:00+08:00", 1)]
    assert errand["relationships"] == [{"objectId": "计划", "qualifier": "parent"}]
    assert log["events"][2]["relationships"] == [
        {"objectId": "e1", "qualifier": "case"},
        {"objectId": "计划", "qualifier": "parent"},
    ]


def test_an_empty_history_is_a_log_too(errands: BoundReform) -> None:
    assert len(ET.fromstring("".join(xes("x", [], zone="UTC"))).findall(f"{XES}trace")) == 0  # noqa: S314
    log = json.loads("".join(ocel(errands, list, zone="UTC")))
    assert (log["objects"], log["events"], log["eventTypes"]) == ([], [], [])


def test_a_program_of_process_mining_reads_both(errands: BoundReform, tmp_path: Path) -> None:
    """pm4py is not among what the gate installs: pip install 'reformflow[mining]'."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pm4py = pytest.importorskip("pm4py", reason="needs the extra mining")
        (tmp_path / "log.xes").write_text(
            "".join(xes("errands", TRACES, zone="Asia/Shanghai")), encoding="utf-8"
        )
        (tmp_path / "log.json").write_text(
            "".join(ocel(errands, traces, zone="Asia/Shanghai")), encoding="utf-8"
        )
        table = pm4py.read_xes(str(tmp_path / "log.xes"))
        log = pm4py.read_ocel2_json(str(tmp_path / "log.json"))
    assert list(table["case:concept:name"]) == ["计划", "e1", "e1", "e1"]
    assert (len(log.events), len(log.objects)) == (4, 2)
    assert set(log.objects["ocel:type"]) == {"plan", "errand"}


# ---------------------------------------------------------------------------------------------


def fits(value: object, type_: str) -> bool:
    match type_:
        case "time":
            return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str)
