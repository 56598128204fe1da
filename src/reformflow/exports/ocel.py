"""OCEL 2.0 in JSON: object-centric event logs, in which cases and their parents are objects."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.exports.traces import Trace, activity, instant, midnight, moment
from reformflow.model import Case, Entry, FactType, Value

_TYPES: Final[Mapping[FactType, str]] = {
    FactType.BOOL: "boolean",
    FactType.INT: "integer",
    FactType.DATE: "time",
    FactType.CHOICE: "string",
    FactType.TEXT: "string",
}
_OF_CASES: Final = {"unit": "string", "subject": "string"}
_OF_EVENTS: Final = {
    "actor": "string", "seq": "integer", "on": "string", "recorded_at": "time",
    "reason": "string", "voids": "integer", "late": "integer", "definition": "string",
}  # fmt: skip


def ocel(
    reform: BoundReform, traces: Callable[[], Iterable[Trace]], *, zone: str, time: str = "on"
) -> Iterator[str]:
    """Yield the pieces of a log; `traces` is read twice, for the objects and for the events.

    An object is a case: its columns are attributes that change in time, its parent is related to
    it. An event is an entry, related to its case and the parent. `time` is one of TIMES.
    """
    place = ZoneInfo(zone)
    known: dict[str, BoundWorkflow | None] = dict(reform.workflows)
    names: set[str] = set()

    def objects() -> Iterator[dict[str, Any]]:
        for case, entries in traces():
            known.setdefault(case.workflow, None)
            names.update(map(activity, entries))
            yield _object(case, entries, place, time)

    def events() -> Iterator[dict[str, Any]]:
        for case, entries in traces():
            for entry in entries:
                yield _event(case, entry, place, time)

    yield '{"objects":['
    yield from _listed(objects())
    kinds = [_kind(name, _columns(flow)) for name, flow in known.items()]
    yield f'],\n"objectTypes":{_json(kinds)},\n'
    kinds = [_kind(name, _OF_EVENTS) for name in sorted(names)]
    yield f'"eventTypes":{_json(kinds)},\n"events":['
    yield from _listed(events())
    yield "]}\n"


# ---------------------------------------------------------------------------------------------


def _listed(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    comma = "\n"
    for item in items:
        yield f"{comma}{_json(item)}"
        comma = ",\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _kind(name: str, attributes: Mapping[str, str]) -> dict[str, Any]:
    listed = [{"name": attribute, "type": type_} for attribute, type_ in attributes.items()]
    return {"name": name, "attributes": listed}


def _columns(flow: BoundWorkflow | None) -> dict[str, str]:
    columns = {} if flow is None else flow.columns
    return _OF_CASES | {name: _TYPES[column.type] for name, column in columns.items()}


def _object(case: Case, entries: tuple[Entry, ...], zone: ZoneInfo, time: str) -> dict[str, Any]:
    begun = moment(entries[0], zone, time) if entries else "1970-01-01T00:00:00+00:00"
    attributes = [{"name": name, "time": begun, "value": getattr(case, name)} for name in _OF_CASES]
    attributes += [
        {"name": column, "time": moment(entry, zone, time), "value": _plain(value, zone)}
        for entry in entries
        for column, value in entry.changes.items()
        if value is not None
    ]
    return {
        "id": case.id,
        "type": case.workflow,
        "attributes": attributes,
        "relationships": _related(case, {}),
    }


def _event(case: Case, entry: Entry, zone: ZoneInfo, time: str) -> dict[str, Any]:
    recorded = None if entry.recorded_at is None else instant(entry.recorded_at)
    told = {
        "actor": entry.actor,
        "seq": entry.seq,
        "on": entry.on.isoformat(),
        "recorded_at": recorded,
        "reason": entry.reason,
        "voids": entry.voids,
        "late": sum(abs(mark.days) for mark in entry.late) or None,
        "definition": entry.definition,
    }
    return {
        "id": f"{case.id}/{entry.seq}",
        "type": activity(entry),
        "time": moment(entry, zone, time),
        "attributes": [
            {"name": name, "value": value} for name, value in told.items() if value is not None
        ],
        "relationships": _related(case, {"case": case.id}),
    }


def _related(case: Case, to: Mapping[str, str]) -> list[dict[str, str]]:
    parent = {} if case.parent is None else {"parent": case.parent}
    return [{"objectId": id_, "qualifier": name} for name, id_ in {**to, **parent}.items()]


def _plain(value: Value, zone: ZoneInfo) -> str | int | bool | None:
    return value if isinstance(value, str | int | None) else midnight(value, zone)
