"""What goes wrong with a database, told by who can mend it.

Drivers report the same trouble in their own words. This is the one place that knows them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from reformflow.errors import StoreError


class Trouble(StrEnum):
    """Kinds of trouble with a database."""

    BUSY = "busy"
    UNREACHABLE = "unreachable"
    READ_ONLY = "read only"
    FULL = "full"
    DAMAGED = "damaged"
    DENIED = "denied"
    NO_TABLES = "no tables"
    NO_COLUMN = "no column"
    OTHER = "other"


_SQLITE: Final = {
    5: Trouble.BUSY,
    6: Trouble.BUSY,
    14: Trouble.UNREACHABLE,
    8: Trouble.READ_ONLY,
    13: Trouble.FULL,
    10: Trouble.FULL,
    11: Trouble.DAMAGED,
    26: Trouble.DAMAGED,
    3: Trouble.DENIED,
    23: Trouble.DENIED,
}
_POSTGRES: Final = {
    "40001": Trouble.BUSY,
    "40P01": Trouble.BUSY,
    "55P03": Trouble.BUSY,
    "53300": Trouble.BUSY,
    "25006": Trouble.READ_ONLY,
    "53100": Trouble.FULL,
    "58030": Trouble.FULL,
    "XX001": Trouble.DAMAGED,
    "XX002": Trouble.DAMAGED,
    "42501": Trouble.DENIED,
    "28000": Trouble.DENIED,
    "28P01": Trouble.DENIED,
    "3D000": Trouble.UNREACHABLE,
    "3F000": Trouble.NO_TABLES,
    "42P01": Trouble.NO_TABLES,
    "42703": Trouble.NO_COLUMN,
    "57P01": Trouble.UNREACHABLE,
    "57P02": Trouble.UNREACHABLE,
    "57P03": Trouble.UNREACHABLE,
}
_MARIADB: Final = {
    1020: Trouble.BUSY,
    1205: Trouble.BUSY,
    1213: Trouble.BUSY,
    1040: Trouble.BUSY,
    3: Trouble.FULL,
    1026: Trouble.FULL,
    1021: Trouble.FULL,
    1114: Trouble.FULL,
    1036: Trouble.READ_ONLY,
    1290: Trouble.READ_ONLY,
    1792: Trouble.READ_ONLY,
    1034: Trouble.DAMAGED,
    1194: Trouble.DAMAGED,
    1877: Trouble.DAMAGED,
    1044: Trouble.DENIED,
    1045: Trouble.DENIED,
    1142: Trouble.DENIED,
    1143: Trouble.DENIED,
    1227: Trouble.DENIED,
    1698: Trouble.DENIED,
    1146: Trouble.NO_TABLES,
    1054: Trouble.NO_COLUMN,
    1049: Trouble.UNREACHABLE,
    1053: Trouble.UNREACHABLE,
    2002: Trouble.UNREACHABLE,
    2003: Trouble.UNREACHABLE,
    2006: Trouble.UNREACHABLE,
    2013: Trouble.UNREACHABLE,
}
_SQLITE_TAKEN: Final = {1555, 2067}
_SQLITE_IO: Final = 10
_SQLITE_LACKS: Final = (  # SQLite has no codes for these
    ("no such table", Trouble.NO_TABLES),
    ("no such column", Trouble.NO_COLUMN),
    ("has no column named", Trouble.NO_COLUMN),
)
_SQLITE_UNWRITTEN: Final = {266, 778}
_POSTGRES_TAKEN: Final = "23505"
_POSTGRES_AGAIN: Final = "40001"
_MARIADB_TAKEN: Final = 1062
_SAID: Final = {
    Trouble.BUSY: ("is in use by somebody else", "try again; end programs that hold it locked"),
    Trouble.UNREACHABLE: (
        "cannot be reached",
        "check the address, that the folder or server is there, and the network",
    ),
    Trouble.READ_ONLY: (
        "is read-only",
        "give write permission to the file and its folder, or connect to the primary server",
    ),
    Trouble.FULL: ("cannot write to its disk", "free space on the disk; nothing was stored"),
    Trouble.DAMAGED: (
        "is damaged or no database",
        "check the path; restore the last backup; nothing was changed",
    ),
    Trouble.DENIED: ("does not let us in", "check user, password and the user's rights"),
    Trouble.NO_TABLES: (
        "lacks a table of ours",
        (
            "make the tables with `reformflow install` or connect(…), and give the same prefix and"
            " schema here; a schema has to be there before"
        ),
    ),
    Trouble.NO_COLUMN: (
        "lacks a column of ours",
        "bring the tables to this definition: `reformflow upgrade`, or connect(…, upgrade=True)",
    ),
    Trouble.OTHER: ("reports an error", "nothing of this unit of work was stored"),
}


def trouble(error: BaseException) -> Trouble:
    """Tell what kind of trouble an error of SQLAlchemy or of a driver means."""
    if not isinstance(error, sa.exc.DBAPIError):
        return Trouble.BUSY if isinstance(error, sa.exc.TimeoutError) else Trouble.OTHER
    cause = error.orig
    code = _sqlite_code(cause)
    if code is not None:
        lacks = (lack for words, lack in _SQLITE_LACKS if words in str(cause))
        return _SQLITE.get(code & 0xFF, next(lacks, Trouble.OTHER))
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
    if isinstance(state, str) and state in _POSTGRES:
        return _POSTGRES[state]
    number = cause.args[0] if cause is not None and cause.args else None
    if isinstance(number, int) and number in _MARIADB:
        return _MARIADB[number]
    lost = error.connection_invalidated or (
        isinstance(error, sa.exc.OperationalError) and state is None and error.statement is None
    )
    return Trouble.UNREACHABLE if lost else Trouble.OTHER


def lost(error: BaseException) -> bool:
    """Say whether the connection itself broke."""
    return isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated


def unsure(error: BaseException) -> bool:
    """Say whether an error at a commit leaves open if it was carried out."""
    if lost(error):
        return True
    code = _sqlite_code(getattr(error, "orig", None))
    if code is not None:
        return code & 0xFF == _SQLITE_IO and code not in _SQLITE_UNWRITTEN
    refused = isinstance(error, sa.exc.IntegrityError)
    return not refused and trouble(error) in {Trouble.UNREACHABLE, Trouble.OTHER}


def doomed(error: BaseException) -> bool:
    """Say whether PostgreSQL demands that the whole transaction is done again."""
    cause = getattr(error, "orig", None)
    return _POSTGRES_AGAIN in (getattr(cause, "sqlstate", None), getattr(cause, "pgcode", None))


def clashed(error: BaseException) -> bool:
    """Say whether a row with the same key came first."""
    if not isinstance(error, sa.exc.IntegrityError):
        return False
    cause = error.orig
    code = _sqlite_code(cause)
    if code is not None:
        return code in _SQLITE_TAKEN
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
    number = cause.args[0] if cause is not None and cause.args else None
    return state == _POSTGRES_TAKEN or number == _MARIADB_TAKEN


def named(error: BaseException, where: str = "the database") -> StoreError:
    """Return the error that says what is wrong with the database and what to do."""
    said, hint = _SAID[trouble(error)]
    detail = str(getattr(error, "orig", None) or error).strip().splitlines()
    return StoreError(f"{where} {said}: {detail[0] if detail else ''}", hint)


# ---------------------------------------------------------------------------------------------


def _sqlite_code(cause: BaseException | None) -> int | None:
    """Return the code of an error of SQLite's driver, 0 if it names none; None for another's.

    Told by its name: whoever has another database need not load the driver of this one.
    """
    if type(cause).__module__ != "sqlite3":
        return None
    return getattr(cause, "sqlite_errorcode", None) or 0
