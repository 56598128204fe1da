"""Lines of a feed: JSON from which the leaf can be computed, and valid CloudEvents."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import rfc8785
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from reformflow.evidence import FIELDS, Sealed, spelled, strict
from reformflow.exports import cloudevent, jsonl
from reformflow.model import Entry, Kind

AT = datetime(2022, 6, 1, 3, 4, 5, 678901, tzinfo=UTC)
ENTRY = Entry("p1", 2, Kind.FIRED, "apply", "梅", date(2025, 3, 4), {"area": 9}, recorded_at=AT)


def sealed() -> Sealed:
    document = dict.fromkeys(FIELDS) | {
        "actor": "梅",
        "case": "p1",
        "changes": {"area": 9},
        "definition": "sha256:00",
        "kind": "fired",
        "name": "apply",
        "on": "2025-03-04",
        "recorded_at": "2022-06-01T03:04:05.678901Z",
        "seq": 2,
        "workflow": "permit",
    }
    return Sealed(7, "permit", ENTRY, document, spelled(document).decode())


def test_a_line_holds_the_bytes_of_the_leaf() -> None:
    line = jsonl(sealed(), "here")
    assert "\n" not in line
    read = strict(line)
    assert read["position"] == 7
    assert rfc8785.dumps(read["entry"]).decode() == sealed().text
    assert sealed().text in line


def test_a_cloudevent_is_read_by_its_own_library() -> None:
    line = cloudevent(sealed(), "reformflow/stalls")
    event = JSONFormat().read(CloudEvent, line.encode())
    assert (event.get_id(), event.get_type()) == ("p1/2", "reformflow.fired")
    assert (event.get_source(), event.get_subject()) == ("reformflow/stalls", "p1")
    assert event.get_time() == AT
    assert event.get_extension("sequence") == "00000000000000000007"
    assert event.get_data() == json.loads(sealed().text)
