"""What we ask of a database can also be written for Dameng and openGauss.

No server of either is at hand: their dialects write the statements, nobody runs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from reformflow.casework import Book, Practice, connect
from reformflow.formats import load
from reformflow.model import Reform
from reformflow.store.bulk.where import Sight
from reformflow.store.commands import Command
from reformflow.store.direct import Compiled
from support.databases import NOW, Place
from support.errands import CHIEF, CLERK, MONDAY, day, errand, granted, sent
from support.repository import WORKFLOWS

ADDRESSES = {
    "dameng": "dm+dmPython://user@host:5236",
    "opengauss": "opengauss+psycopg2://user@host/d",
}
PACKAGES = {"dameng": "dmPython and dmSQLAlchemy", "opengauss": "opengauss-sqlalchemy"}
SHIPPED = sorted(path.parent for path in WORKFLOWS.glob("*/reform.yaml"))


@pytest.fixture(params=ADDRESSES)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """Another dialect than ours; where its package is not there, or broken, it is skipped."""
    try:
        return sa.engine.make_url(ADDRESSES[request.param]).get_dialect()()
    except (ImportError, sa.exc.NoSuchModuleError) as error:
        pytest.skip(f"{PACKAGES[request.param]}: {error}")


@pytest.fixture
def statements(
    lite: Place, errands: Reform, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[sa.ClauseElement]]:
    """Every statement of a whole story, as it was before it became SQL."""
    heard: list[sa.ClauseElement] = []
    compile_ = Compiled.of

    def of(command: Command, *rest: Any) -> Compiled:
        heard.append(command.statement)
        return compile_(command, *rest)

    def hear(_connection: object, statement: object, *_: object) -> None:
        if isinstance(statement, sa.ClauseElement):
            heard.append(statement)

    monkeypatch.setattr(Compiled, "of", of)
    sa.event.listen(sa.Engine, "before_execute", hear)
    try:
        with connect(lite.url, errands, clock=lambda: NOW) as book:
            story(book)
        yield heard
    finally:
        sa.event.remove(sa.Engine, "before_execute", hear)


def story(book: Book) -> None:
    granted(book.open("p", "plan", actor=CHIEF, on=MONDAY, key="k"))
    for case in ("e1", "e2", "e3"):
        errand(book, case=case, parent="p")
    sent(book, "e1", key="s")
    granted(book.record("e2", {"posts": 2}, actor=CLERK, on=day(2)))
    planned = book.plan("send", workflow="errand", actor=CLERK, on=day(3), where="posts < 9")
    assert planned.granted == 2
    list(planned.decisions())
    planned.run(chunk=1)
    book.tick(day(30))
    book.board(day(30))
    assert book.verify() == ()


def test_every_statement_of_a_story_can_be_written(
    statements: list[sa.ClauseElement], dialect: Dialect
) -> None:
    asked = [one for one in statements if not _of_sqlite(one)]
    kinds = {type(one).__name__ for one in asked}
    assert {"Insert", "Update", "Select", "CreateTable", "CreateIndex"} <= kinds
    assert len(asked) > 60
    for one in asked:
        assert str(one.compile(dialect=dialect))


def test_the_tables_say_how_text_compares_only_where_that_is_known(
    errands: Reform, dialect: Dialect
) -> None:
    for table in _tables(Practice.of(errands)):
        written = str(sa.schema.CreateTable(table).compile(dialect=dialect))
        assert "BINARY" not in written
        assert ('COLLATE "C"' in written) is ("VARCHAR" in written and dialect.name == "opengauss")


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_every_rule_of_a_shipped_reform_can_be_asked(folder: Any, dialect: Dialect) -> None:
    practice = Practice.of(load(folder))
    asked = 0
    for table in practice.schema.workflows.values():
        sight = Sight(practice.schema, table, MONDAY)
        for rule in table.flow.rules.values():
            for condition in (sight.true(rule.expression), sight.false(rule.expression)):
                query = sa.select(table.table.c.id).where(condition)
                assert str(query.compile(dialect=dialect))
                asked += 1
    assert asked > 5


def _tables(practice: Practice) -> list[sa.Table]:
    return [
        table
        for table in practice.schema.shared.metadata.tables.values()
        if table is not practice.schema.shared.version  # Alembic's
    ]


def _of_sqlite(statement: sa.ClauseElement) -> bool:
    """Say whether SQLAlchemy asked SQLite about its own tables."""
    return isinstance(statement, sa.TextClause)
