"""Opening a table by its path, whatever of the known formats it is in."""

from __future__ import annotations

from pathlib import Path

from reformflow.sheets.comma import read_csv
from reformflow.sheets.tables import SUFFIXES, Faults, Table, assemble, regular_file
from reformflow.sheets.workbook import read_workbook


def read_table(path: Path, faults: Faults) -> Table | None:
    """Read a table; None, with every problem noted, if it cannot be used at all."""
    if not regular_file(path, faults):
        return None
    suffix = path.suffix.lower()
    if suffix == ".xlsm":
        faults.add("macros", "workbooks with macros are not read", "save it as .xlsx")
        return None
    if suffix not in SUFFIXES:
        hint = f"one of {', '.join(SUFFIXES)}"
        faults.add("unknown_format", f"tables are not read from {suffix or 'such'} files", hint)
        return None
    reader = read_csv if suffix == ".csv" else read_workbook
    before = len(faults.problems)
    table = assemble(reader(path, faults), faults)
    broken = [p.code for p in faults.problems[before:] if p.code not in {"ragged", "formula"}]
    return None if broken else table
