"""Tables: made once, recognised, told apart from those of others."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import attrs
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from reformflow.casework import Casework, Practice, connect
from reformflow.errors import EmbeddingError, StoreError
from reformflow.formats import dump, load
from reformflow.model import Reform
from reformflow.store import install
from reformflow.store.install import HEAD, MIGRATIONS
from reformflow.store.tables import MARKS, SHARED, VERSION
from support.databases import NOW, Place
from support.errands import errand


def test_the_tables_are_made_once_and_recognised(place: Place, errands: Reform) -> None:
    errand(place.open(errands))
    before = place.dump()
    again = place.open(errands)
    assert again.case("e1").id == "e1"
    assert place.dump() == before
    assert set(place.tables()) == {"errand", "plan", "report", VERSION, *SHARED}


def test_the_migrations_make_the_tables_that_the_store_uses(place: Place, errands: Reform) -> None:
    book = place.open(errands)
    metadata = book.practice.schema.shared.metadata
    engine = place.engine()
    with engine.connect() as connection:
        ours = {table.name for table in metadata.tables.values()}
        options = {"include_name": lambda name, kind, _: kind != "table" or name in ours}
        context = MigrationContext.configure(
            connection, opts={"target_metadata": metadata, **options}
        )
        unlike = {(found[0], found[-1].name) for found in compare_metadata(context, metadata)}
    engine.dispose()
    # MariaDB has another index, of a hidden column, which Alembic does not know.
    hidden = {
        ("add_index", f"{place.prefix}history_marks"),
        ("remove_index", "history_marks"),
        ("remove_column", MARKS),
    }
    assert unlike == (hidden if place.kind == "mariadb" else set())


def test_an_index_of_late_entries_holds_no_others(place: Place, errands: Reform) -> None:
    """So that it costs nothing for all that is done in time, also where a host makes the tables."""
    metadata = sa.MetaData()
    Practice.of(errands, prefix=f"{place.prefix}host_", metadata=metadata)
    place.open(errands)
    engine = place.engine()
    metadata.create_all(engine)
    for prefix in (place.prefix, f"{place.prefix}host_"):
        found = sa.inspect(engine).get_indexes(f"{prefix}history")
        if place.kind == "mariadb":
            assert [index["column_names"] for index in found] == [[MARKS]]
            continue
        options = [index["dialect_options"][f"{place.kind}_where"] for index in found]
        conditions = [str(option).replace("(", "").replace(")", "") for option in options]
        assert conditions == ["late IS NOT NULL OR voids IS NOT NULL"]
    engine.dispose()


def test_the_newest_revision_is_known_without_alembic() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_every_text_compares_code_point_for_code_point(place: Place, errands: Reform) -> None:
    place.open(errands)
    if place.kind == "mariadb":
        sql = (
            "SELECT DISTINCT collation_name FROM information_schema.columns "  # noqa: S608
            f"WHERE table_schema = DATABASE() AND table_name LIKE '{place.prefix}%' "
            f"AND table_name NOT LIKE '%version' AND collation_name IS NOT NULL"
        )
        expected = ["utf8mb4_nopad_bin"]
    elif place.kind == "postgresql":
        sql = (
            "SELECT DISTINCT collation_name FROM information_schema.columns "  # noqa: S608
            f"WHERE table_name LIKE '{place.prefix}%' AND table_name NOT LIKE '%version' "
            "AND collation_name IS NOT NULL UNION SELECT 'C'"
        )
        expected = ["C"]
    else:
        sql, expected = "SELECT 'BINARY'", ["BINARY"]
    engine = place.engine()
    with engine.connect() as connection:
        assert connection.scalars(sa.text(sql)).all() == expected
    engine.dispose()


def test_many_may_make_the_tables_at_once(place: Place, errands: Reform) -> None:
    problems: list[Exception] = []

    def make() -> None:
        try:
            connect(place.url, errands, prefix=place.prefix, beside=True).close()
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            problems.append(error)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    errand(place.open(errands))


@pytest.mark.parametrize("made", [True, False])
def test_a_lock_that_others_hold_is_waited_for(
    lite: Place, errands: Reform, monkeypatch: pytest.MonkeyPatch, made: bool
) -> None:
    """The other lets go of the file only when it is tried again."""
    if made:
        lite.open(errands)
    rival = sqlite3.connect(lite.file, isolation_level=None)
    rival.execute("BEGIN EXCLUSIVE")
    with monkeypatch.context() as patch:
        patch.setattr("reformflow.casework.patience.time.sleep", lambda _: rival.close())
        book = lite.open(None if made else errands)
    assert errand(book).granted


def test_without_patience_a_held_lock_is_named(lite: Place, errands: Reform) -> None:
    lite.open(errands)
    rival = sqlite3.connect(lite.file, isolation_level=None)
    rival.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="in use by somebody else"):
        lite.open(patience=0)
    rival.close()


def test_nothing_is_made_where_nothing_shall_be(lite: Place, errands: Reform) -> None:
    with pytest.raises(StoreError, match="there is no file"):
        lite.open(errands, create=False)
    with pytest.raises(StoreError, match="there is no file"):
        lite.open()
    assert not lite.file.exists()
    lite.file.touch()
    with pytest.raises(StoreError, match=r"no reform yet.*create=True"):
        lite.open(errands, create=False)
    with pytest.raises(StoreError, match=r"no reform yet.*folder"):
        lite.open()
    assert lite.tables() == []


def foreign(connection: sa.Connection) -> None:
    connection.execute(sa.text("CREATE TABLE albums (id INTEGER)"))


def test_what_is_no_reform_makes_no_file(lite: Place) -> None:
    wrong: Any = "market-stalls"
    with pytest.raises(EmbeddingError, match=r"is no reform .*load"):
        lite.open(wrong)
    assert not lite.file.exists()


def test_somebody_elses_database_is_left_alone(lite: Place, errands: Reform) -> None:
    lite.alter(foreign)
    with pytest.raises(StoreError, match=r"others .albums.*beside=True"):
        lite.open(errands)
    assert lite.tables() == ["albums"]
    errand(lite.open(errands, beside=True))
    assert "albums" in lite.tables()


def test_a_table_of_ours_that_is_somebody_elses_is_named(lite: Place, errands: Reform) -> None:
    lite.alter(lambda c: c.execute(sa.text("CREATE TABLE history (url TEXT)")))
    with pytest.raises(StoreError, match=r"'history' is not one of.*prefix"):
        lite.open(errands, beside=True)
    errand(lite.open(errands, beside=True, prefix="rf_"))


def test_tables_of_which_some_are_gone_are_named(place: Place, errands: Reform) -> None:
    place.open(errands)
    for name in ("reformflow_version", "answers"):
        place.alter(lambda c, n=name: c.execute(sa.text(f"DROP TABLE {place.prefix}{n}")))
    with pytest.raises(StoreError, match=r"only catalog|only .*catalog"):
        place.open(errands)
    place.give_up()


def test_tables_of_a_newer_library_are_refused(place: Place, errands: Reform) -> None:
    place.open(errands)
    sql = f"UPDATE {place.prefix}reformflow_version SET version_num = 'reformflow_9999'"  # noqa: S608
    place.alter(lambda c: c.execute(sa.text(sql)))
    with pytest.raises(StoreError, match=r"reformflow_9999.*newer version"):
        place.open(errands)
    with pytest.raises(StoreError, match="newer version"):
        place.open(errands, upgrade=True)


def test_two_reforms_live_side_by_side_under_prefixes(lite: Place, errands: Reform) -> None:
    errand(lite.open(errands, prefix="a_"))
    errand(lite.open(errands, prefix="b_", beside=True), case="e2")
    assert [case.id for case in lite.open(prefix="a_").cases()] == ["e1"]
    assert [case.id for case in lite.open(prefix="b_").cases()] == ["e2"]


def test_the_revisions_run_in_the_hosts_own_alembic(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    """The host lists our folder among its version locations, one a line."""
    theirs = tmp_path / "alembic"
    (theirs / "versions").mkdir(parents=True)
    (theirs / "env.py").write_text(
        "from alembic import context\n"
        "import sqlalchemy as sa\n"
        "engine = sa.create_engine(context.config.get_main_option('sqlalchemy.url'))\n"
        "with engine.connect() as connection:\n"
        f"    table = '{place.prefix}alembic_version'\n"
        "    context.configure(connection=connection, version_table=table)\n"
        "    with context.begin_transaction():\n"
        "        context.run_migrations()\n"
        "engine.dispose()\n"
    )
    (theirs / "versions" / "0001_theirs.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        "revision = 'theirs1'\ndown_revision = None\n"
        "def upgrade():\n"
        f"    op.create_table('{place.prefix}albums', sa.Column('id', sa.Integer))\n"
    )
    prefix = f"{place.prefix}rf_"
    ini = tmp_path / "alembic.ini"
    ini.write_text(
        f"[alembic]\nscript_location = {theirs}\npath_separator = newline\n"
        f"version_locations = {theirs / 'versions'}\n    reformflow.store:migrations/versions\n"
        f"sqlalchemy.url = {place.url.replace('%', '%%')}\nreformflow_prefix = {prefix}\n"
    )
    command.upgrade(Config(str(ini)), "heads")
    ours = {f"rf_{name}" for name in SHARED}
    assert set(place.tables()) == {"albums", "alembic_version"} | ours
    errand(place.open(errands, prefix=prefix))
    command.upgrade(Config(str(ini)), "heads")
    assert place.open(prefix=prefix).verify() == ()
    place.give_up()
    command.downgrade(Config(str(ini)), "reformflow@base")
    assert not ours & set(place.tables())
    assert "albums" in place.tables()


def test_a_host_may_make_all_tables_with_a_practice(place: Place, errands: Reform) -> None:
    practice = place.practice(errands)
    engine = place.engine()
    with engine.begin() as connection:
        install(connection, practice.schema, errands, NOW)
        install(connection, practice.schema, errands, NOW)
    with engine.begin() as connection:
        errand(Casework(connection, practice, clock=lambda: NOW))
    engine.dispose()
    assert place.open().reform == errands


def test_a_workflow_may_be_called_like_a_table_of_ours(
    lite: Place, errands: Reform, tmp_path: Path
) -> None:
    dump(errands, tmp_path / "r")
    report = (tmp_path / "r" / "report.yaml").read_text()
    (tmp_path / "r" / "history.yaml").write_text(
        report.replace("workflow: report", "workflow: history")
    )
    (tmp_path / "r" / "report.yaml").unlink()
    for name in ("reform.yaml", "plan.yaml"):
        path = tmp_path / "r" / name
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("- report", "- history").replace("reports: report", "reports: history"),
            encoding="utf-8",
        )
    book = lite.open(load(tmp_path / "r"))
    assert "history_cases" in lite.tables()
    errand(book)
    assert book.verify() == ()


def test_names_that_no_database_takes_are_refused(errands: Reform) -> None:
    with pytest.raises(EmbeddingError, match="shorter prefix"):
        Practice.of(errands, prefix="p" * 60)
    report = errands.workflow("report")
    twice = attrs.evolve(errands, workflows=(*errands.workflows, attrs.evolve(report, id="Report")))
    with pytest.raises(EmbeddingError, match="one name"):
        Practice.of(twice)


def test_tables_that_a_host_created_from_the_declaration_are_taken_as_they_are(
    place: Place, errands: Reform
) -> None:
    """`metadata.create_all` makes the empty version table too; a later connect is not misled."""
    metadata = sa.MetaData()
    practice = Practice.of(errands, prefix=place.prefix, metadata=metadata)
    place.alter(metadata.create_all)
    with connect(place.url, errands, prefix=place.prefix, upgrade=True) as book:
        assert list(book.cases()) == []
    if place.kind != "sqlite":
        place.alter(metadata.drop_all)
    assert practice.reform == errands
