"""A table as it stands in a file: a header, and rows of raw cells with their line numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import attrs

from reformflow.errors import Place, Problem

Raw = str | bool | int | float | date | datetime | time | timedelta
"""A cell as a file gives it; an empty one is ''."""

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 256
MAX_CELL: Final = 32_767
SUFFIXES: Final = (".csv", ".xlsx", ".xls", ".ods")


@attrs.frozen
class Row:
    """One row: the line of the file at which it starts, and its cells from the left."""

    line: int
    cells: tuple[Raw, ...]

    @property
    def blank(self) -> bool:
        """Whether no cell holds anything but spaces."""
        return all(isinstance(cell, str) and not cell.strip() for cell in self.cells)


@attrs.frozen
class Table:
    """A file's name, its header, and its rows that are not blank."""

    file: str
    header: Row
    rows: tuple[Row, ...]


@attrs.define
class Faults:
    """The problems of one file, gathered with their places."""

    file: str
    problems: list[Problem] = attrs.field(factory=list)

    def add(
        self,
        code: str,
        message: str,
        hint: str = "",
        *,
        line: int = 0,
        column: int = 0,
        field: str = "",
    ) -> None:
        """Note one problem."""
        place = Place(self.file, line, column, field)
        self.problems.append(Problem(code, message, hint, place))


def assemble(rows: Iterable[Row], faults: Faults) -> Table | None:
    """Put rows together into a table; None, with the problem noted, if there is no header.

    The first row that is not blank is the header. Rows of other lengths are noted, cells that
    are too long too.
    """
    whole: Iterator[Row] = (row for row in _limited(rows, faults) if not row.blank)
    header = next(whole, None)
    if header is None:
        if not faults.problems:
            hint = "the first line names the columns"
            faults.add("empty", "there is no header", hint, line=1, column=1)
        return None
    body = tuple(whole)
    for row in body:
        if len(row.cells) != len(header.cells):
            message = f"{len(row.cells)} cells under {len(header.cells)} columns"
            hint = "put a cell that holds a comma in double quotes"
            faults.add("ragged", message, hint, line=row.line, column=len(row.cells))
    return Table(faults.file, header, body)


def regular_file(path: Path, faults: Faults) -> bool:
    """Say whether there is a plain file of bearable size; note the problem if not."""
    try:
        if not path.is_file():
            what = "a folder" if path.is_dir() else "no plain file"
            missing = not path.exists()
            message = "there is no such file" if missing else f"this is {what}"
            faults.add("unreadable", message, "name a .csv, .xlsx, .xls or .ods file")
            return False
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        faults.add("unreadable", f"the file cannot be read: {error}", "check its path and rights")
        return False
    if size > MAX_BYTES:
        message = f"the file has {size:,} bytes"
        faults.add("too_large", message, f"at most {MAX_BYTES:,}; split it")
        return False
    return True


# ---------------------------------------------------------------------------------------------


def _limited(rows: Iterable[Row], faults: Faults) -> Iterator[Row]:
    """Yield rows until there are too many of them or one is too wide, which is noted."""
    for count, row in enumerate(rows):
        if count > MAX_ROWS:
            message = f"more than {MAX_ROWS:,} rows"
            faults.add("too_large", message, "split the file", line=row.line, column=1)
            return
        if len(row.cells) > MAX_COLUMNS:
            message = f"{len(row.cells):,} columns, more than {MAX_COLUMNS}"
            hint = "delete the columns to the right"
            faults.add("too_large", message, hint, line=row.line, column=MAX_COLUMNS + 1)
            return
        for column, cell in enumerate(row.cells, start=1):
            if isinstance(cell, str) and len(cell) > MAX_CELL:
                message = f"{len(cell):,} characters in one cell"
                hint = f"at most {MAX_CELL:,}"
                faults.add("too_large", message, hint, line=row.line, column=column)
                return
        yield row
