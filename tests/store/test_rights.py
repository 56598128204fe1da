"""Which rights an account needs: to make the tables, to work with them, to look at them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from reformflow.errors import StoreError
from reformflow.model import Reform
from support.databases import Place
from support.errands import CHIEF, CLERK, MONDAY, day, errand, granted, sent

WORK = "SELECT, INSERT, UPDATE"
LOOK = "SELECT"


class Account:
    """An account of a server that may do nothing yet; `place` is then opened with it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.admin = place.url
        self.name = f"rf_{secrets.token_hex(4)}"
        self._on_mariadb = place.kind == "mariadb"
        self._who = f"'{self.name}'@'%'" if self._on_mariadb else self.name
        if self._on_mariadb:
            self._do(f"CREATE USER {self._who}")
            database = f"{self._quoted(self._database())}.{place.prefix}absent"
            self._do(f"GRANT CREATE ON {database} TO {self._who}")  # may enter, may do no more
        else:
            self._do(f"CREATE ROLE {self.name} LOGIN")

    def use(self) -> None:
        """Open the place as this account from now on."""
        url = sa.engine.make_url(self.admin).set(username=self.name, password=None)
        self.place.url = url.render_as_string(hide_password=False)

    def grant(self, rights: str) -> None:
        """Give the account rights on our tables, and no others."""
        for table in self.place.tables():
            self._do(f"GRANT {rights} ON {self.place.prefix}{table} TO {self._who}")
        if rights != WORK:
            return
        self._do(f"GRANT DELETE ON {self.place.prefix}seal_tiles TO {self._who}")
        if self._on_mariadb:
            database = self._quoted(self._database())
            self._do(f"GRANT CREATE TEMPORARY TABLES ON {database}.* TO {self._who}")
        else:
            for sequence in ("catalog_number_seq", "definitions_number_seq"):
                self._do(f"GRANT USAGE ON SEQUENCE {self.place.prefix}{sequence} TO {self._who}")

    def drop(self) -> None:
        """Remove the account, and go back to the one before."""
        self.place.give_up()
        self.place.url = self.admin
        if not self._on_mariadb:
            self._do(f"DROP OWNED BY {self.name}")
        self._do(f"DROP {'USER' if self._on_mariadb else 'ROLE'} {self._who}")

    def _do(self, sql: str) -> None:
        engine = sa.create_engine(self.admin, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(sql.replace("%", "%%") if self._on_mariadb else sql)

    def _database(self) -> str:
        return sa.engine.make_url(self.admin).database or ""

    def _quoted(self, name: str) -> str:
        return f"`{name}`"


@pytest.fixture
def account(place: Place) -> Iterator[Account]:
    if place.kind == "sqlite":
        pytest.skip("SQLite has no accounts")
    here = Account(place)
    yield here
    here.drop()


def test_who_may_not_make_tables_is_told_so(
    account: Account, place: Place, errands: Reform
) -> None:
    account.use()
    with pytest.raises(StoreError, match=r"does not let us in.*user's rights"):
        place.open(errands)
    assert place.tables() == []


def test_who_may_work_needs_no_right_to_change_tables(
    account: Account, place: Place, errands: Reform
) -> None:
    errand(place.open(errands), case="e0")
    account.grant(WORK)
    account.use()
    book = place.open(errands)
    granted(book.open("p", "plan", actor=CHIEF, on=MONDAY))
    errand(book, key="k", parent="p")
    assert errand(book, key="k", parent="p").repeated
    sent(book)
    report = book.plan("send", workflow="errand", actor=CLERK, on=day(3)).run(chunk=1)
    assert (report.granted, report.refused) == (1, 1)
    report = book.plan("agree", workflow="errand", actor=CHIEF, on=day(4)).run()
    assert (report.granted, report.refused) == (2, 0)
    assert book.case("p").values["progress.state"] == "done"
    first = book.seal()
    book.tick(day(30))
    errand(book, case="late")
    assert book.seal().size > first.size
    assert book.verify() == ()


def test_who_may_only_look_can_look(account: Account, place: Place, errands: Reform) -> None:
    errand(place.open(errands))
    account.grant(LOOK)
    account.use()
    book = place.open()
    assert book.case("e1").id == "e1"
    assert len(book.board(day(2))) == 2
    assert book.verify() == ()
    with pytest.raises(StoreError, match=r"does not let us in.*user's rights"):
        granted(book.record("e1", {"posts": 1}, actor=CLERK, on=day(2)))
    assert len(book.history("e1")) == 1


def test_who_may_not_look_either_is_told_so(
    account: Account, place: Place, errands: Reform
) -> None:
    errand(place.open(errands))
    account.use()
    with pytest.raises(StoreError, match=r"does not let us in.*user.s rights"):
        place.open(errands)
