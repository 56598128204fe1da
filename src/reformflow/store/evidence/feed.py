"""The feed: sealed entries in the order of their positions, and the proof of each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

import sqlalchemy as sa

from reformflow.errors import RequestError, StoreError, UnknownName
from reformflow.evidence import (
    Checkpoint,
    Digest,
    GrowthProof,
    Proof,
    Sealed,
    consistency,
    inclusion,
    subtrees,
)
from reformflow.model import Case, Entry
from reformflow.store.evidence.documents import sealed_entries, sealed_of
from reformflow.store.evidence.seals import Seal, head, stored_root, stored_tiles
from reformflow.store.history import entry_of
from reformflow.store.schema import Schema

_PAGE: Final = 1_000


def published(
    connection: sa.Connection, schema: Schema, *, after: int, limit: int = _PAGE
) -> tuple[Sealed, ...]:
    """Return the next sealed entries after a position, few at a time; none at the end.

    StoreError if one is gone or cannot be read.
    """
    top = head(connection, schema)
    upto = min(after + limit, 0 if top is None else top.size)
    found: list[Sealed] = []
    for raw in sealed_entries(connection, schema, after=after, upto=upto):
        try:
            found.append(sealed_of(schema, raw))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            message = f"entry {raw.seq} of {raw.case!r}: {error}"
            raise StoreError(message, "somebody has changed it: verify") from error
    return tuple(found)


def histories(
    connection: sa.Connection, schema: Schema, cases: Sequence[Case]
) -> tuple[tuple[Case, tuple[Entry, ...]], ...]:
    """Return some cases, each with its history."""
    table = schema.shared.history
    flow = schema.workflow(cases[0].workflow).flow if cases else None
    query = (
        sa.select(table)
        .where(table.c.case_id.in_([case.id for case in cases]))
        .order_by(table.c.case_id, table.c.seq)
    )
    rows = groupby(connection.execute(query), key=lambda row: row.case_id)
    found = {id_: tuple(entry_of(row, flow) for row in some) for id_, some in rows}
    return tuple((case, found.get(case.id, ())) for case in cases)


def checkpoint(connection: sa.Connection, schema: Schema, origin: str) -> Checkpoint:
    """Return what the history has come to; RequestError if nothing is sealed yet.

    StoreError if the stored tree does not lead to the root of the last seal.
    """
    top = _sealed(connection, schema)
    if stored_root(connection, schema, top.size, Digest.of(top.algorithm)) != top.root:
        message = f"the tree does not lead to the root of the seal of size {top.size}"
        raise StoreError(message, "somebody has changed it: verify against a checkpoint")
    return Checkpoint(origin, top.size, top.root, top.algorithm)


def proof(
    connection: sa.Connection, schema: Schema, case: str, seq: int, under: Checkpoint, note: str
) -> Proof:
    """Return the proof that an entry is in the history of a checkpoint, whose text is `note`.

    UnknownName or RequestError if there is no such entry, or it was not sealed by then.
    """
    here = schema.shared.seal_positions.c
    position = connection.scalar(
        sa.select(here.position).where(here.case_id == case, here.seq == seq)
    )
    if position is None or position > under.size:
        _check_there(connection, schema, case, seq)
        message = f"entry {seq} of {case!r} is not sealed yet"
        raise RequestError(message, "seal first, and take a new checkpoint")
    (raw,) = sealed_entries(connection, schema, after=position - 1, upto=position)
    digest = Digest.of(under.algorithm)
    find = subtrees(stored_tiles(connection, schema), digest)
    path = inclusion(position - 1, under.size, find, digest)
    return Proof(raw.spelling.decode(), position - 1, path, note)


def growth(
    connection: sa.Connection, schema: Schema, old: Checkpoint, new: Checkpoint, note: str
) -> GrowthProof:
    """Return the proof that the history of `new`, whose text is `note`, begins with that of `old`.

    RequestError if it cannot, being shorter or of another digest.
    """
    if old.size > new.size or old.algorithm != new.algorithm:
        message = f"a history of {new.size} entries does not begin with one of {old.size}"
        raise RequestError(message, "give the older checkpoint of the same history")
    digest = Digest.of(new.algorithm)
    find = subtrees(stored_tiles(connection, schema), digest)
    return GrowthProof(old.size, consistency(old.size, new.size, find, digest), note)


# ---------------------------------------------------------------------------------------------


def _sealed(connection: sa.Connection, schema: Schema) -> Seal:
    top = head(connection, schema)
    if top is None or not top.size:
        raise RequestError("nothing is sealed yet", "seal first: `reformflow seal`")
    return top


def _check_there(connection: sa.Connection, schema: Schema, case: str, seq: int) -> None:
    here = schema.shared.history.c
    query = sa.select(here.seq).where(here.case_id == case).order_by(here.seq)
    known = connection.scalars(query).all()
    if seq not in known:
        raise UnknownName.of("entry", f"{seq} of {case}", map(str, known))
