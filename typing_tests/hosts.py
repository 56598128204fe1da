"""Checked by mypy, never run: what the type checker must accept and refuse in a host's code."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import assert_type

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from reformflow import Actor, Casework, Reform
from reformflow.casework import AsyncCasework, Practice
from reformflow.model import Case, Decision, Entry

MEI = Actor.holding("mei", "trader")
DAY = date(2025, 3, 3)


def in_a_transaction(
    connection: sa.Connection,
    session: orm.Session,
    scoped: orm.scoped_session[orm.Session],
    practice: Practice,
    reform: Reform,
) -> None:
    """Work on a connection or a session, with a reform or a practice."""
    Casework(session, reform, prefix="rf_")
    Casework(scoped, practice)
    work = Casework(connection, practice)
    assert_type(work.fire("p1", "apply", actor=MEI, on=DAY, key="k"), Decision)
    assert_type(work.cases("permit"), Iterator[Case])
    work.fire("p1", "apply", MEI, DAY)  # type: ignore[call-arg]
    work.fire("p1", "apply", actor="mei", on=DAY)  # type: ignore[arg-type]


def not_with_asyncio(connection: AsyncConnection, practice: Practice) -> None:
    """Give an asyncio connection to Casework, which the checker must refuse."""
    Casework(connection, practice)  # type: ignore[arg-type]


async def awaited(
    connection: AsyncConnection, session: AsyncSession, practice: Practice, reform: Reform
) -> None:
    """Await what Casework answers, with the arguments and results of Casework."""
    AsyncCasework(session, reform, prefix="rf_")
    work = AsyncCasework(connection, practice)
    assert_type(await work.fire("p1", "apply", actor=MEI, on=DAY, key="k"), Decision)
    assert_type(await work.history("p1"), tuple[Entry, ...])
    assert_type(await work.case("p1"), Case)
    assert_type(work.cases("permit"), AsyncIterator[Case])
    assert_type(await work.run(lambda work: len(work.history("p1"))), int)
    async for case in work.cases(unit="mei"):
        assert_type(case, Case)
    await work.fire("p1", "apply", actor="mei", on=DAY)  # type: ignore[arg-type]
    await work.fire("p1", actor=MEI, on=DAY)  # type: ignore[call-arg]
    assert work.fire("p1", "apply", actor=MEI, on=DAY).granted  # type: ignore[attr-defined]


def not_without_asyncio(connection: sa.Connection, practice: Practice) -> None:
    """Give a synchronous connection to AsyncCasework, which the checker must refuse."""
    AsyncCasework(connection, practice)  # type: ignore[arg-type]
