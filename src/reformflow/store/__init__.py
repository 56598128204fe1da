"""The store: tables, and the reading and writing of cases inside the caller's transaction."""

from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.exc import SQLAlchemyError

from reformflow.store import definitions
from reformflow.store.answers import check_key, recall, remember
from reformflow.store.carrying import is_one_step, write
from reformflow.store.cases import StoredCases
from reformflow.store.changes import Change, Review, What
from reformflow.store.dialects import engine_for, file_missing, unit
from reformflow.store.faults import Trouble, clashed, lost, named, trouble, unsure
from reformflow.store.fit import check_text
from reformflow.store.grounds import Asked
from reformflow.store.history import late_marks
from reformflow.store.host import HostSession, connected, reading, writing
from reformflow.store.install import Found, examine, install, preview, upgrade
from reformflow.store.schema import Schema
from reformflow.store.survey import Survey, Tally, survey
from reformflow.store.tables import SharedTables
from reformflow.store.verify import Flaw, flaws
from reformflow.store.where import Sight

__all__ = [
    "Asked",
    "Change",
    "Connection",
    "Engine",
    "Flaw",
    "Found",
    "HostSession",
    "MetaData",
    "Review",
    "SQLAlchemyError",
    "Schema",
    "SharedTables",
    "Sight",
    "StoredCases",
    "Survey",
    "Tally",
    "Trouble",
    "What",
    "check_key",
    "check_text",
    "clashed",
    "connected",
    "definitions",
    "engine_for",
    "examine",
    "file_missing",
    "flaws",
    "install",
    "is_one_step",
    "late_marks",
    "lost",
    "named",
    "preview",
    "reading",
    "recall",
    "remember",
    "survey",
    "trouble",
    "unit",
    "unsure",
    "upgrade",
    "write",
    "writing",
]
