"""Workbooks: .xlsx, .xls and .ods, read with calamine after a look at what they hold."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reformflow.sheets.guard import Formula, inspect_archive
from reformflow.sheets.tables import MAX_COLUMNS, MAX_ROWS, Faults, Row

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_ZIP: Final = b"PK\x03\x04"
_OLD: Final = b"\xd0\xcf\x11\xe0"
_HINT: Final = "open it in a spreadsheet program and save it again as .xlsx"
_MOST_FORMULAS: Final = 20


def read_workbook(path: Path, faults: Faults) -> Iterator[Row]:
    """Yield the rows of the one sheet with data; what cannot be read is noted and ends the rows."""
    formulas = _look(path, faults)
    if formulas is None:
        return
    sheet = _sheet(path, faults)
    if sheet is None:
        return
    for formula in formulas[:_MOST_FORMULAS]:
        message = "a formula without a stored result"
        hint = "open the file in a spreadsheet program and save it, or write the value"
        faults.add("formula", message, hint, line=formula.line, column=formula.column)
    # calamine counts the rows from the top of the sheet, the cells from the first used column.
    left = ("",) * (sheet.start[1] if sheet.start else 0)
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        yield Row(line, (*left, *cells))


# ---------------------------------------------------------------------------------------------


def _look(path: Path, faults: Faults) -> list[Formula] | None:
    with path.open("rb") as stream:
        mark = stream.read(4)
    if mark == _ZIP:
        inside = inspect_archive(path, faults)
        return None if inside is None else inside.formulas
    if mark == _OLD and path.suffix.lower() == ".xls":
        return []
    faults.add("damaged", "this is not a workbook", _HINT)
    return None


def _sheet(path: Path, faults: Faults) -> CalamineSheet | None:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        sheets = list(_with_data(book))
    except (CalamineError, OSError, ValueError) as error:
        faults.add("damaged", f"this is not a sound workbook: {error}", _HINT)
        return None
    if len(sheets) > 1:
        names = ", ".join(repr(sheet.name) for sheet in sheets)
        hint = "keep one of them in this file"
        faults.add("several_sheets", f"several sheets hold data: {names}", hint)
        return None
    if not sheets:
        hint = "the first line names the columns"
        faults.add("empty", "there is no header", hint, line=1, column=1)
        return None
    sheet = sheets[0]
    if sheet.total_height > MAX_ROWS + 1 or sheet.total_width > MAX_COLUMNS:
        message = f"the sheet has {sheet.total_height:,} rows and {sheet.total_width:,} columns"
        faults.add("too_large", message, f"at most {MAX_ROWS:,} rows, {MAX_COLUMNS} columns")
        return None
    return sheet


def _with_data(book: CalamineWorkbook) -> Iterator[CalamineSheet]:
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is not None:
            yield sheet
