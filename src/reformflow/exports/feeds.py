"""Sealed entries as lines: JSON as it is sealed, or CloudEvents 1.0 in their JSON format."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from reformflow.evidence import Sealed

_DIGITS: Final = 20
"""Enough for every position, so that the texts sort as the numbers do."""


def jsonl(sealed: Sealed, source: str) -> str:  # noqa: ARG001 - one signature for all feeds
    """Return the entry as it is sealed, with its position.

    The bytes of the member `entry` are those over which the leaf is computed.
    """
    return f'{{"entry":{sealed.text},"position":{sealed.position}}}'


def cloudevent(sealed: Sealed, source: str) -> str:
    """Return the entry as a CloudEvent of `source`; its id is `case/number`.

    `sequence` is the position, as the extension of that name has it.
    """
    return json.dumps(_event(sealed, source), ensure_ascii=False, separators=(",", ":"))


FEEDS: Final[Mapping[str, Callable[[Sealed, str], str]]] = {
    "jsonl": jsonl,
    "cloudevents": cloudevent,
}
"""The formats of a feed by name: each makes one line of an entry and the feed's source."""


# ---------------------------------------------------------------------------------------------


def _event(sealed: Sealed, source: str) -> dict[str, Any]:
    document = sealed.document
    event = {
        "specversion": "1.0",
        "id": f"{document['case']}/{document['seq']}",
        "source": source,
        "type": f"reformflow.{document['kind']}",
        "subject": document["case"],
        "datacontenttype": "application/json",
        "sequence": str(sealed.position).zfill(_DIGITS),
        "data": document,
    }
    if document["recorded_at"] is not None:
        event["time"] = document["recorded_at"]
    return event
