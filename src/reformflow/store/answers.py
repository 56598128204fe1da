"""Answers to requests that came with a key: the same key gets the same answer, once and for all.

A granted answer is kept as references to the entries that it made, a refused one whole.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import attrs
import sqlalchemy as sa

from reformflow.errors import KeyReused, RequestError
from reformflow.model import Case, Cases, Code, Decision, Refusal, Request, Text, Value
from reformflow.store.schema import Schema
from reformflow.store.types import ID_LENGTH, dumps, storable


def digest_of(request: Request) -> str:
    """Return the digest of what a request asks: all but its key and when it was entered."""
    body = {
        "case": request.case,
        "kind": type(request.act).__name__,
        "act": _plain(attrs.asdict(request.act)),
        "actor": request.actor.id,
        "on": request.on.isoformat(),
        "reason": request.reason,
    }
    try:
        return f"sha256:{hashlib.sha256(dumps(body).encode()).hexdigest()}"
    except (TypeError, ValueError) as error:
        raise RequestError(f"the request cannot be stored: {error}") from error


def check_key(key: str) -> None:
    """Raise RequestError for a key that cannot be stored."""
    if not key or not storable(key):
        raise RequestError("the key cannot be stored", f"use 1 to {ID_LENGTH} characters")


def recall(
    connection: sa.Connection, schema: Schema, cases: Cases, request: Request
) -> Decision | None:
    """Return the answer that the request's key got before, None if it is new.

    KeyReused if the key came with another body.
    """
    table = schema.shared.answers
    row = connection.execute(
        sa.select(table.c.digest, table.c.decision).where(table.c.request_key == request.key)
    ).one_or_none()
    if row is None:
        return None
    if row.digest != digest_of(request):
        message = f"the key {request.key!r} was used for another request"
        raise KeyReused(message, "give every request a key of its own; resend only the same one")
    return _decision_of(row.decision, schema, cases)


def remember(
    connection: sa.Connection, schema: Schema, request: Request, decision: Decision
) -> None:
    """Store the answer to a request with a key."""
    row = {
        "request_key": request.key,
        "digest": digest_of(request),
        "decision": _stored(decision),
        "recorded_at": request.recorded_at,
    }
    connection.execute(sa.insert(schema.shared.answers), row)


# ---------------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a request
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value


def _typed(value: Any) -> Value:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return date.fromisoformat(value["date"])
    known: Value = value
    return known


def _stored(decision: Decision) -> dict[str, Any]:
    return {
        "case": decision.case,
        "workflow": decision.workflow,
        "entries": [[entry.case, entry.seq] for entry in decision.entries],
        "opened": [case.id for case in decision.opened],
        "refusals": [_plain_refusal(refusal) for refusal in decision.refusals],
    }


def _decision_of(stored: dict[str, Any], schema: Schema, cases: Cases) -> Decision:
    return Decision(
        case=stored["case"],
        entries=tuple(cases.entries(case)[seq - 1] for case, seq in stored["entries"]),
        opened=tuple(_blank(cases.case(id_), schema, cases) for id_ in stored["opened"]),
        refusals=tuple(map(_refusal_of, stored["refusals"])),
        repeated=True,
        workflow=stored.get("workflow", ""),
    )


def _blank(case: Case, schema: Schema, cases: Cases) -> Case:
    """Return a case as it was before its first entry."""
    values = dict(schema.workflow(case.workflow).flow.initial)
    first = cases.entries(case.id)[0]
    return attrs.evolve(case, values=values, revision=0, definition=first.definition)


def _plain_refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "code": refusal.code.value,
        "subject": refusal.subject,
        "clauses": list(refusal.clauses),
        "says": {"en": refusal.says.en, "zh": refusal.says.zh},
        "values": [[name, _plain(value)] for name, value in refusal.values],
        "missing": list(refusal.missing),
        "must_act": list(refusal.must_act),
    }


def _refusal_of(stored: dict[str, Any]) -> Refusal:
    return Refusal(
        code=Code(stored["code"]),
        subject=stored["subject"],
        clauses=tuple(stored["clauses"]),
        says=Text(**stored["says"]),
        values=tuple((name, _typed(value)) for name, value in stored["values"]),
        missing=tuple(stored["missing"]),
        must_act=tuple(stored["must_act"]),
    )
