"""The store: tables, and the reading and writing of cases inside the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.exc import SQLAlchemyError

from reformflow.names import when_used
from reformflow.store import definitions
from reformflow.store.answers import check_key, recall, remember
from reformflow.store.borrowed import borrowed_engine
from reformflow.store.carrying import carry_out_all, check_sizes, write
from reformflow.store.cases import StoredCases
from reformflow.store.dialects import (
    engine_for,
    file_missing,
    one_view,
    unit,
    with_may_write,
    write_what_is_read,
)
from reformflow.store.direct import Direct, Known, watched
from reformflow.store.faults import Trouble, clashed, lost, named, trouble, unsure
from reformflow.store.fit import check_text
from reformflow.store.history import late_marks, plain
from reformflow.store.host import HostSession, connected, reading, writing
from reformflow.store.install import Found, examine, install, preview, upgrade
from reformflow.store.lateness import late_acts
from reformflow.store.onecase import NotAlone, NotHere, OneCase
from reformflow.store.schema import Schema
from reformflow.store.single import Singles
from reformflow.store.standings import standings
from reformflow.store.tables import SharedTables
from reformflow.store.types import dumps

if TYPE_CHECKING:
    from reformflow.store.bulk.counting import DayCounter
    from reformflow.store.bulk.grounds import Asked
    from reformflow.store.bulk.pending import Clock, TimedRows, with_others
    from reformflow.store.bulk.runs import Chunk, Run, within
    from reformflow.store.bulk.spelling import numbers_rows
    from reformflow.store.bulk.strokes import (
        Stroke,
        apart_from,
        asked_for,
        by_itself,
        looks_elsewhere,
    )
    from reformflow.store.bulk.survey import NOTHING, Survey, Tally, survey
    from reformflow.store.bulk.sweep import (
        Noting,
        Stamp,
        Sweep,
        cases_of,
        clear_notes,
        except_failed,
        left_among,
        note_failed,
        noted,
        parents_noted,
        rows_exist,
        selected,
    )
    from reformflow.store.bulk.where import (
        Condition,
        Sight,
        any_of,
        both,
        everything,
        is_true,
        without,
    )
    from reformflow.store.changes import Change, Review, What
    from reformflow.store.evidence.seals import Seal
    from reformflow.store.evidence.verify import Flaw, flaws
    from reformflow.store.moving import Alike, Move, alike, carry_over

_SELDOM = {
    "Alike": "moving",
    "Asked": "bulk.grounds",
    "Change": "changes",
    "Chunk": "bulk.runs",
    "Clock": "bulk.pending",
    "Condition": "bulk.where",
    "DayCounter": "bulk.counting",
    "Flaw": "evidence.verify",
    "Move": "moving",
    "NOTHING": "bulk.survey",
    "Noting": "bulk.sweep",
    "Review": "changes",
    "Run": "bulk.runs",
    "Seal": "evidence.seals",
    "Sight": "bulk.where",
    "Stamp": "bulk.sweep",
    "Stroke": "bulk.strokes",
    "Survey": "bulk.survey",
    "Sweep": "bulk.sweep",
    "Tally": "bulk.survey",
    "TimedRows": "bulk.pending",
    "What": "changes",
    "alike": "moving",
    "any_of": "bulk.where",
    "apart_from": "bulk.strokes",
    "asked_for": "bulk.strokes",
    "both": "bulk.where",
    "by_itself": "bulk.strokes",
    "carry_over": "moving",
    "cases_of": "bulk.sweep",
    "clear_notes": "bulk.sweep",
    "everything": "bulk.where",
    "except_failed": "bulk.sweep",
    "flaws": "evidence.verify",
    "is_true": "bulk.where",
    "left_among": "bulk.sweep",
    "looks_elsewhere": "bulk.strokes",
    "note_failed": "bulk.sweep",
    "noted": "bulk.sweep",
    "numbers_rows": "bulk.spelling",
    "parents_noted": "bulk.sweep",
    "rows_exist": "bulk.sweep",
    "selected": "bulk.sweep",
    "survey": "bulk.survey",
    "with_others": "bulk.pending",
    "within": "bulk.runs",
    "without": "bulk.where",
}

__all__ = [
    "NOTHING",
    "Alike",
    "Asked",
    "Change",
    "Chunk",
    "Clock",
    "Condition",
    "Connection",
    "DayCounter",
    "Direct",
    "Engine",
    "Flaw",
    "Found",
    "HostSession",
    "Known",
    "MetaData",
    "Move",
    "NotAlone",
    "NotHere",
    "Noting",
    "OneCase",
    "Review",
    "Run",
    "SQLAlchemyError",
    "Schema",
    "Seal",
    "SharedTables",
    "Sight",
    "Singles",
    "Stamp",
    "StoredCases",
    "Stroke",
    "Survey",
    "Sweep",
    "Tally",
    "TimedRows",
    "Trouble",
    "What",
    "alike",
    "any_of",
    "apart_from",
    "asked_for",
    "borrowed_engine",
    "both",
    "by_itself",
    "carry_out_all",
    "carry_over",
    "cases_of",
    "check_key",
    "check_sizes",
    "check_text",
    "clashed",
    "clear_notes",
    "connected",
    "definitions",
    "dumps",
    "engine_for",
    "everything",
    "examine",
    "except_failed",
    "file_missing",
    "flaws",
    "install",
    "is_true",
    "late_acts",
    "late_marks",
    "left_among",
    "looks_elsewhere",
    "lost",
    "named",
    "note_failed",
    "noted",
    "numbers_rows",
    "one_view",
    "parents_noted",
    "plain",
    "preview",
    "reading",
    "recall",
    "remember",
    "rows_exist",
    "selected",
    "standings",
    "survey",
    "trouble",
    "unit",
    "unsure",
    "upgrade",
    "watched",
    "with_may_write",
    "with_others",
    "within",
    "without",
    "write",
    "write_what_is_read",
    "writing",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = when_used(__name__, _SELDOM)
