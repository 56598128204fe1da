"""Tables that people keep: rosters and ledgers, read into requests, and workbooks written."""

from reformflow.sheets.courses import actors_of, ledger_of, write_course
from reformflow.sheets.ledgers import Ledger, Line, Tick, read_ledger
from reformflow.sheets.rosters import Opening, Roster, read_openings, read_roster
from reformflow.sheets.writing import write_workbook

__all__ = [
    "Ledger",
    "Line",
    "Opening",
    "Roster",
    "Tick",
    "actors_of",
    "ledger_of",
    "read_ledger",
    "read_openings",
    "read_roster",
    "write_course",
    "write_workbook",
]
