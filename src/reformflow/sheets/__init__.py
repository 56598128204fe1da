"""Tables that people keep: rosters and ledgers, read into requests, and workbooks written."""

from reformflow.sheets.ledgers import Ledger, Line, Tick, read_ledger
from reformflow.sheets.rosters import Opening, Roster, read_openings, read_roster
from reformflow.sheets.writing import write_workbook

__all__ = [
    "Ledger",
    "Line",
    "Opening",
    "Roster",
    "Tick",
    "read_ledger",
    "read_openings",
    "read_roster",
    "write_workbook",
]
