"""A log of another system, read into the lines of a ledger: what was asked, by whom, when.

Each case opens with its first event. Facts are recorded as their columns change; those that the
opening or the event's transition takes go with it. Acts whose days stand in columns of their own
take their place among the other lines of the case by day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

import attrs

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.errors import Place, nearest
from reformflow.model import Act, Actor, Fact, FactType, Fire, Open, Record, Request, Value
from reformflow.sheets.cells import CellError, is_empty, read_day, read_fact, read_id, read_text
from reformflow.sheets.files import read_table
from reformflow.sheets.ledgers import Line
from reformflow.sheets.logs.maps import LogMap
from reformflow.sheets.logs.xes import read_xes
from reformflow.sheets.rosters import input_error
from reformflow.sheets.tables import Faults, Raw

NOBODY: Final = "?"
"""Stands for whoever acted, where a log does not tell."""

_MOST: Final = 1_000
"""After so many problems a log is not read on: its map does not fit."""


@attrs.frozen
class Claim:
    """That a case is in a state of a track, as a line of a log has it."""

    place: Place
    case: str
    track: str
    state: str


@attrs.frozen
class Log:
    """The lines of a log in order, and by the key of a line what is claimed to be so after it."""

    lines: tuple[Line, ...]
    claims: Mapping[str, tuple[Claim, ...]] = attrs.field(factory=dict)


def read_log(
    path: Path, bound: BoundReform, map: LogMap, actors: Mapping[str, Actor] | None = None  # noqa: A002
) -> Log:  # fmt: skip
    """Read a table (CSV, XLSX, XLS, ODS) or an XES file, also gzipped.

    Without `actors`, and without a column of roles, everybody is taken to hold every role.
    InputError with every problem, by line and column, if there is any.
    """
    faults = Faults(str(path))
    reading = _Reading(bound, map, actors, faults)
    for line, cells in _rows(path, map, faults):
        reading.row(line, cells)
        if len(faults.problems) >= _MOST:
            break
    if faults.problems:
        raise input_error(str(path), faults.problems)
    return Log(tuple(reading.merged()), reading.claims)


# ---------------------------------------------------------------------------------------------

_Cells = Mapping[str, Raw]
_Value = TypeVar("_Value")


def _rows(path: Path, map: LogMap, faults: Faults) -> Iterator[tuple[int, _Cells]]:  # noqa: A002
    if path.name.lower().endswith((".xes", ".xes.gz")):
        yield from read_xes(path, faults)
        return
    table = read_table(path, faults)
    if table is None:
        return
    header = [str(cell).strip() for cell in table.header.cells]
    for name in sorted(map.read - set(header)):
        message, hint = f"there is no column {name!r}", nearest(name, header)
        faults.add("missing_column", message, hint, line=table.header.line, field=name)
    if not faults.problems:
        for row in table.rows:
            yield row.line, dict(zip(header, row.cells, strict=False))


@attrs.define
class _Reading:
    """One log being read: its lines so far, and the facts that are known of each case."""

    bound: BoundReform
    map: LogMap
    actors: Mapping[str, Actor] | None
    faults: Faults
    lines: list[Line] = attrs.field(factory=list)
    claims: dict[str, tuple[Claim, ...]] = attrs.field(factory=dict)
    known: dict[str, dict[str, Value]] = attrs.field(factory=dict)
    dated: dict[str, dict[str, Line]] = attrs.field(factory=dict)

    @property
    def flow(self) -> BoundWorkflow:
        return self.bound.workflows[self.map.workflow]

    def row(self, line: int, cells: _Cells) -> None:
        """Read one row; what cannot be read is noted."""
        only = self.map.only.items()
        if any(str(cells.get(column, "")).strip() not in words for column, words in only):
            return
        before = len(self.faults.problems)
        activity = self._read(line, cells, "activity", read_text)
        if activity in self.map.ignore:
            return
        case = self._read(line, cells, "case", read_id)
        days = self._days(line, cells)
        on = self._read(line, cells, "on", self._day) or min(days.values(), default=None)
        transition = self._transition(line, activity)
        if not case:
            self._fault(line, "case", CellError("missing", "the case is empty", "fill it in"))
        if len(self.faults.problems) > before or on is None or not case:
            return
        place = Place(self.faults.file, line, 1)
        ask = partial(self._ask, place, case, self._actor(line, cells), self._reason(cells))
        fresh = self._facts(line, cells, case)
        for name, day in days.items():
            made = self._line(place, case, self._actor(line, cells), None, Fire(name), day)
            self.dated.setdefault(case, {})[name] = made
        unknown = case not in self.known
        self.known.setdefault(case, {}).update(fresh)
        if unknown:
            self._open(ask, line, cells, fresh, on)
        self._act(ask, fresh, transition, on)
        self._claim(place, case, cells)

    def merged(self) -> Iterator[Line]:
        """Yield all lines, those whose days stand in columns after the last earlier one."""
        last = {line.step.case: number for number, line in enumerate(self.lines)}
        for number, line in enumerate(self.lines):
            dated = self.dated.get(str(line.step.case), {})
            yield from self._due(dated, before=line.step.on)
            yield line
            if last[line.step.case] == number:
                yield from self._due(dated, before=date.max)

    def _due(self, dated: dict[str, Line], before: date) -> Iterator[Line]:
        """Take out the acts before a day, in the order of their days."""
        due = [name for name, line in dated.items() if line.step.on < before]
        yield from sorted((dated.pop(name) for name in due), key=lambda line: line.step.on)

    def _days(self, line: int, cells: _Cells) -> dict[str, date]:
        """Return the days of a row on which transitions were fired."""
        days: dict[str, date] = {}
        for name, column in self.map.days.items():
            cell = cells.get(column, "")
            if is_empty(cell):
                continue
            try:
                days[name] = self._day(cell)
            except CellError as error:
                self._fault(line, column, error)
        return days

    def _open(
        self, ask: partial[None], line: int, cells: _Cells, fresh: dict[str, Value], on: date
    ) -> None:
        opening = self.flow.workflow.opening
        takes = (*opening.records, *opening.may_record)
        told = {name: fresh.pop(name) for name in list(fresh) if name in takes}
        unit = self._read(line, cells, "unit", read_id) or ""
        subject = self._read(line, cells, "subject", read_text) or ""
        days = self._days(line, cells).values()
        opened = self._read(line, cells, "opened", self._day) or min([on, *days])
        ask(Open(self.flow.id, unit=unit, subject=subject, facts=told), opened)

    def _act(
        self, ask: partial[None], fresh: dict[str, Value], transition: str | None, on: date
    ) -> None:
        taken: tuple[str, ...] = ()
        if transition is not None:
            bound = self.flow.transitions[transition].transition
            taken = (*bound.records, *bound.may_record)
        recorded = {name: value for name, value in fresh.items() if name not in taken}
        if recorded:
            ask(Record(recorded), on)
        if transition is not None:
            given = {name: value for name, value in fresh.items() if name in taken}
            ask(Fire(transition, given), on)

    def _ask(
        self, place: Place, case: str, actor: Actor, reason: str | None, act: Act, on: date
    ) -> None:
        self.lines.append(self._line(place, case, actor, reason, act, on))

    def _line(
        self, place: Place, case: str, actor: Actor, reason: str | None, act: Act, on: date
    ) -> Line:
        request = Request(case, act, actor, on, reason=reason)
        number = len(self.lines) + sum(map(len, self.dated.values())) + 1
        return Line(place, f"line:{number}", self.flow.id, request)

    def _transition(self, line: int, activity: str | None) -> str | None:
        """Return the transition that an activity stands for, None for one that only records."""
        if not activity or activity in self.map.record:
            return None
        if activity in self.map.activities:
            return self.map.activities[activity]
        if activity in self.flow.transitions:
            return activity
        known = [*self.map.activities, *self.map.record, *self.map.ignore]
        hint = f"{nearest(activity, known)} or name it in the map: activities, record or ignore"
        error = CellError("unknown_activity", f"unknown activity {activity!r}", hint)
        self._fault(line, "activity", error)
        return None

    def _actor(self, line: int, cells: _Cells) -> Actor:
        id = self._read(line, cells, "actor", read_id) or NOBODY  # noqa: A001
        if self.actors is not None:
            return self.actors.get(id, Actor(id))
        if "role" in self.map.columns:
            return Actor.holding(id, self._read(line, cells, "role", read_text) or "")
        return Actor.holding(id, *self.bound.roles)

    def _reason(self, cells: _Cells) -> str | None:
        cell = cells.get(self.map.columns.get("reason", ""), "")
        return None if is_empty(cell) else str(cell).strip()

    def _facts(self, line: int, cells: _Cells, case: str) -> dict[str, Value]:
        """Return the facts that this row tells and that were not known so before."""
        known = self.known.get(case, {})
        fresh: dict[str, Value] = {}
        for name, column in self.map.facts.items():
            cell = self._word(column, cells.get(column, ""))
            if is_empty(cell):
                continue
            try:
                value = self._value(self.flow.facts[name], cell)
            except CellError as error:
                self._fault(line, column, error)
                continue
            if name not in known or known[name] != value:
                fresh[name] = value
        return fresh

    def _claim(self, place: Place, case: str, cells: _Cells) -> None:
        for track, column in self.map.states.items():
            cell = self._word(column, cells.get(column, ""))
            if is_empty(cell):
                continue
            state, known = str(cell).strip(), list(self.flow.stages[track])
            if state not in known:
                error = CellError(
                    "unknown_state", f"unknown state {state!r}", nearest(state, known)
                )
                self._fault(place.line, column, error)
                continue
            claim = Claim(place, case, track, state)
            key = self.lines[-1].key
            self.claims[key] = (*self.claims.get(key, ()), claim)

    def _word(self, column: str, cell: Raw) -> Raw:
        """Return what a word of a column stands for."""
        return self.map.values.get(column, {}).get(str(cell).strip(), cell)

    def _value(self, fact: Fact, cell: Raw) -> Value:
        return self._day(cell) if fact.type is FactType.DATE else read_fact(fact, cell)

    def _day(self, cell: Raw) -> date:
        """Return the day of a cell that holds a day or an instant, in the reform's zone."""
        if isinstance(cell, str):
            cell = self._moment(cell.strip())
        if isinstance(cell, datetime):
            zone = ZoneInfo(self.bound.reform.time_zone)
            return (cell.astimezone(zone) if cell.tzinfo else cell).date()
        return read_day(cell)

    def _moment(self, text: str) -> Raw:
        try:
            if self.map.dates:
                return datetime.strptime(text, self.map.dates)  # noqa: DTZ007 - told by the format
            return datetime.fromisoformat(text)
        except ValueError:
            if self.map.dates:
                hint = f"it has to be as in the map: {self.map.dates}"
                raise CellError("date", f"{text!r} is not a day", hint) from None
            return text

    def _read(
        self, line: int, cells: _Cells, name: str, read: Callable[[Raw], _Value]
    ) -> _Value | None:
        column = self.map.columns.get(name)
        cell = cells.get(column, "") if column is not None else ""
        if column is None or (is_empty(cell) and name != "on"):
            return None
        try:
            return read(cell)
        except CellError as error:
            self._fault(line, column, error)
            return None

    def _fault(self, line: int, column: str, error: CellError) -> None:
        self.faults.add(error.code, error.message, error.hint, line=line, column=1, field=column)
