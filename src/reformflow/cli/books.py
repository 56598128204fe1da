"""Opening the database that a command works on."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from reformflow.cli.faults import bad_input
from reformflow.errors import NotMigrated, StoreError

if TYPE_CHECKING:
    from reformflow.binding import BoundReform
    from reformflow.casework import Book
    from reformflow.model import Reform

_SQLITE: Final = ("sqlite:///", "sqlite+pysqlite:///")


def open_book(url: str) -> Book:
    """Open an existing database with the reform that it holds; StoreError if there is none."""
    from reformflow.casework import connect

    check_there(url)
    return connect(url, create=False)


def upgrade_book(url: str, reform: Reform) -> Book:
    """Open an existing database and bring it to a changed definition."""
    from reformflow.casework import connect

    check_there(url)
    return connect(url, reform, create=False, upgrade=True)


def make_book(url: str, reform: Reform, *, upgrade: bool = False, beside: bool = False) -> Book:
    """Open the database of a reform, making it and its folder where there is none.

    With `upgrade` an existing one is brought to a changed definition, with `beside` the tables
    are also made next to somebody else's.
    """
    from reformflow.casework import connect

    _check(url)
    path = sqlite_file(url)
    if path is not None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"the folder {path.parent} cannot be made: {error.strerror}"
            raise StoreError(message, "name another place with --db") from error
    return connect(url, reform, upgrade=upgrade, beside=beside)


def check_followed(book: Book) -> None:
    """Raise NotMigrated if a case follows another definition than the book's."""
    own = book.practice.definition
    others = sum(count for digest, count in book.definitions().items() if digest != own)
    if others:
        message = f"{others} cases follow another definition than this one"
        raise NotMigrated(message, "move them first: `reformflow migrate`")


def sqlite_file(url: str) -> Path | None:
    """Return the file of an SQLite database, None for another database or one in memory."""
    for start in _SQLITE:
        if url.startswith(start):
            name = url.removeprefix(start).partition("?")[0]
            return Path(name) if name and name != ":memory:" else None
    return None


def bound_of(book: Book) -> BoundReform:
    """Return the bound reform that a book works with."""
    return book.practice.engine.bound


def today_in(reform: Reform) -> date:
    """Return the present day in the reform's time zone."""
    return datetime.now(ZoneInfo(reform.time_zone)).date()


def check_there(url: str) -> None:
    """Leave, or raise StoreError, unless the address is that of a database that is there."""
    _check(url)
    path = sqlite_file(url)
    if path is not None and not path.is_file():
        raise StoreError(
            f"there is no database {path}", "make it with `reformflow install` or `run`"
        )


# ---------------------------------------------------------------------------------------------


def _check(url: str) -> None:
    if "://" not in url:
        bad_input(f"{url!r} is not the address of a database", f"write sqlite:///{url}")
