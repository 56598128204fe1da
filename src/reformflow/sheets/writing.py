"""Writing tables as workbooks."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from reformflow.model import Value


def write_workbook(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[Value]], *, sheet: str = "Sheet1"
) -> None:
    """Write one table as .xlsx: texts as texts (never as formulas or links), days as days.

    The file takes the place of an older one only when it is complete. Raises OSError if it
    cannot be written.
    """
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, options) as book:
        table = book.add_worksheet(sheet)
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        table.write_row(0, 0, header, bold)
        table.freeze_panes(1, 0)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    table.write_datetime(line, column, value, day)
                elif value is not None:
                    table.write(line, column, value)
        table.autofit()
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(made.getvalue())
        part.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error  # not of the part
    finally:
        part.unlink(missing_ok=True)
