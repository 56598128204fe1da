"""XES, the format of event logs of IEEE 1849: a trace for each case, an event for each entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final
from xml.sax.saxutils import quoteattr
from zoneinfo import ZoneInfo

from reformflow.exports.traces import Trace, activity, instant, midnight, moment
from reformflow.model import Case, Entry, Value

_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>\
<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/></global>
<classifier name="Activity" keys="concept:name"/>
"""
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold in any spelling."""


def xes(name: str, traces: Iterable[Trace], *, zone: str, time: str = "on") -> Iterator[str]:
    """Yield the pieces of a log called `name`; days are those of `zone`, `time` one of TIMES.

    What an entry changed stands in its event under `changes:` and the column's name; what the
    case is about in its trace.
    """
    place = ZoneInfo(zone)
    yield _HEAD
    yield _attribute("concept:name", name, place)
    for case, entries in traces:
        events = "".join(_event(entry, place, time) for entry in entries)
        yield f"<trace>{_about(case, place)}\n{events}</trace>\n"
    yield "</log>\n"


# ---------------------------------------------------------------------------------------------


def _about(case: Case, zone: ZoneInfo) -> str:
    told = {
        "concept:name": case.id,
        "workflow": case.workflow,
        "unit": case.unit,
        "subject": case.subject,
        "parent": case.parent,
    }
    return "".join(_attribute(key, value, zone) for key, value in told.items())


def _event(entry: Entry, zone: ZoneInfo, time: str) -> str:
    told: dict[str, Value | datetime] = {
        "concept:name": activity(entry),
        "org:resource": entry.actor or None,
        "kind": entry.kind.value,
        "name": entry.name,
        "seq": entry.seq,
        "on": entry.on,
        "recorded_at": entry.recorded_at,
        "reason": entry.reason,
        "voids": entry.voids,
        "late": sum(abs(mark.days) for mark in entry.late) or None,
        "definition": entry.definition,
    }
    told |= {f"changes:{column}": value for column, value in entry.changes.items()}
    inner = "".join(_attribute(key, value, zone) for key, value in told.items())
    at = f'<date key="time:timestamp" value="{moment(entry, zone, time)}"/>'
    return f"<event>{at}{inner}</event>\n"


def _attribute(key: str, value: Value | datetime, zone: ZoneInfo) -> str:
    match value:
        case None:
            return ""
        case bool():
            kind, text = "boolean", str(value).lower()
        case int():
            kind, text = "int", str(value)
        case datetime():
            kind, text = "date", instant(value)
        case date():
            kind, text = "date", midnight(value, zone)
        case str():
            kind, text = "string", _FORBIDDEN.sub("\ufffd", value)
    return f"<{kind} key={quoteattr(key)} value={quoteattr(text, _ESCAPED)}/>"


_ESCAPED: Final = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
