"""Rosters: a folder with a table of cases for each workflow, and the table of actors.

`<workflow>.csv` (or .xlsx, .xls, .ods) has the columns id, unit, parent, subject, on, actor and
the facts recorded at opening; `actors.csv` has actor, role and unit.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.errors import InputError, Place, Problem, nearest
from reformflow.model import Actor, Open, Request, Value
from reformflow.sheets.actors import id_cell, known_actor, note, read_actors
from reformflow.sheets.cells import CellError, is_empty, read_day, read_fact, read_text
from reformflow.sheets.files import read_table
from reformflow.sheets.headers import Columns, read_header
from reformflow.sheets.tables import SUFFIXES, Faults, Row, Table

Known = Callable[[str], str | None]
"""Tells the workflow of a case that exists already, None if there is none."""

ACTORS: Final = "actors"


@attrs.frozen
class Opening:
    """One line of a roster: where it stands, and the request that opens its case."""

    place: Place
    workflow: str
    request: Request


@attrs.frozen
class Roster:
    """The actors by id, and the openings with parents before their children."""

    actors: Mapping[str, Actor]
    openings: tuple[Opening, ...]


def nothing_known(case: str) -> str | None:  # noqa: ARG001 - the shape of Known
    """Answer for an empty database."""
    return None


def read_roster(
    folder: Path, bound: BoundReform, *, known: Known = nothing_known
) -> Roster:  # fmt: skip
    """Read a roster; InputError with every problem of its files if there is any.

    `known` tells of cases that are open already, which may be parents of new ones.
    """
    reading = _Reading(bound, known)
    files = _files(folder, bound, reading)
    actors = _actors(files.get(ACTORS), folder, bound, reading)
    for workflow, path in files.items():
        if workflow != ACTORS:
            reading.read(path, bound.workflows[workflow], actors)
    openings = reading.sorted()
    if reading.problems:
        raise input_error(str(folder), reading.problems)
    return Roster(actors, openings)


def read_actors_of(folder: Path, bound: BoundReform) -> Mapping[str, Actor]:
    """Read only the table of actors, of a roster or in a file of its own.

    InputError with every problem if there is any.
    """
    path: Path | None = folder
    if folder.is_dir():
        path = next((p for s in SUFFIXES if (p := folder / f"{ACTORS}{s}").is_file()), None)
    faults = Faults(str(path or folder))
    if path is None:
        hint = "add actors.csv with the columns actor, role, unit"
        faults.add("missing_file", "there is no table of actors", hint)
        actors: Mapping[str, Actor] = {}
    else:
        actors = read_actors(path, bound, faults)
    if faults.problems:
        raise input_error(str(folder), faults.problems)
    return actors


def read_openings(path: Path, bound: BoundReform, workflow: str) -> Iterator[tuple[str, Open]]:
    """Return the cases of a sheet for one workflow, which others open: each id with its act.

    It has the columns of a roster but on and actor. The sheet is read to its end first:
    InputError with every problem if there is any.
    """
    faults, flow = Faults(str(path)), bound.workflows[workflow]
    table = read_table(path, faults)
    columns = None if table is None else _columns(table, flow, ["id"], faults)
    if table is not None and columns is not None:
        reading = _Reading(bound, nothing_known)
        for row in table.rows:
            reading.act(row, columns, flow, faults)
    if table is None or columns is None or faults.problems:
        raise input_error(str(path), faults.problems)
    again = _Reading(bound, nothing_known)
    return (again.act(row, columns, flow, faults) for row in table.rows)


def input_error(name: str, problems: Iterable[Problem]) -> InputError:
    """Return the error for all problems of a file or folder."""
    found = tuple(problems)
    count = f"{len(found)} problem{'s' if len(found) != 1 else ''}"
    return InputError(f"{name} has {count}; nothing was changed", problems=found)


# ---------------------------------------------------------------------------------------------


def _files(folder: Path, bound: BoundReform, reading: _Reading) -> dict[str, Path]:
    faults = Faults(str(folder))
    files: dict[str, Path] = {}
    if not folder.is_dir():
        message = "this is a file" if folder.is_file() else "there is no such folder"
        faults.add("unreadable", message, "name the folder of the roster")
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() not in (*SUFFIXES, ".xlsm") or path.name.startswith((".", "~")):
            continue
        name = path.stem
        if name != ACTORS and name not in bound.workflows:
            hint = nearest(name, [*bound.workflows, ACTORS])
            message = f"{path.name} is named after no workflow"
            reading.problems.append(Problem("unknown_workflow", message, hint, Place(str(path))))
        elif name in files:
            message = f"{files[name].name} and {path.name} are both there"
            faults.add("duplicate_file", message, "keep one of them")
        else:
            files[name] = path
    reading.problems.extend(faults.problems)
    return files


def _actors(
    path: Path | None, folder: Path, bound: BoundReform, reading: _Reading
) -> dict[str, Actor]:
    if path is None:
        if not reading.problems:
            message = "there is no table of actors"
            hint = "add actors.csv with the columns actor, role, unit"
            place = Place(str(folder))
            reading.problems.append(Problem("missing_file", message, hint, place))
        return {}
    faults = Faults(str(path))
    actors = read_actors(path, bound, faults)
    reading.problems.extend(faults.problems)
    return actors


@attrs.define
class _Reading:
    """The openings read so far, by case, and the problems of all files."""

    bound: BoundReform
    known: Known
    problems: list[Problem] = attrs.field(factory=list)
    openings: dict[str, Opening] = attrs.field(factory=dict)
    shapes: dict[str, str] = attrs.field(factory=dict)

    def read(self, path: Path, flow: BoundWorkflow, actors: Mapping[str, Actor]) -> None:
        """Read the cases of one workflow."""
        faults = Faults(str(path))
        table = read_table(path, faults)
        if table is not None:
            columns = _columns(table, flow, ["id", "on", "actor"], faults)
            for row in table.rows:
                self._row(row, columns, flow, actors, faults)
        self.problems.extend(faults.problems)

    def sorted(self) -> tuple[Opening, ...]:
        """Return the openings, each after its parent; an unknown parent is noted."""
        ordered: dict[str, Opening] = {}
        for case in self.openings:
            chain: list[str] = []
            while case and case not in ordered:
                if case in chain:
                    self._fault(case, "cycle", "a case is its own ancestor", "mend the parents")
                    break
                chain.append(case)
                case = self._parent_of(case)  # noqa: PLW2901 - up the tree
            ordered.update((name, self.openings[name]) for name in reversed(chain))
        return tuple(ordered.values())

    def _parent_of(self, case: str) -> str:
        """Return the parent that the roster itself opens, "" if there is none to wait for."""
        opening = self.openings[case]
        act = opening.request.act
        parent = act.parent if isinstance(act, Open) else None
        if not parent:
            return ""
        inside = self.openings.get(parent)
        workflow = inside.workflow if inside else self.known(parent)
        if workflow is None:
            hint = nearest(parent, self.openings)
            self._fault(case, "unknown_case", f"unknown parent {parent!r}", hint)
        elif (problem := no_relation(self.bound, workflow, opening.workflow)) is not None:
            self._fault(case, "parent", problem, "open it under another parent")
        return parent if inside else ""

    def _fault(self, case: str, code: str, message: str, hint: str) -> None:
        place = attrs.evolve(self.openings[case].place, field="parent")
        self.problems.append(Problem(code, message, hint, place))

    def _row(
        self,
        row: Row,
        columns: Columns,
        flow: BoundWorkflow,
        actors: Mapping[str, Actor],
        faults: Faults,
    ) -> None:
        before = len(faults.problems)
        actor = id_cell(columns, row, "actor", faults)
        if actor and actors and actor not in actors:
            known_actor(actors, columns, row, actor, faults)
        on = None
        try:
            on = read_day(columns.cell(row, "on"))
        except CellError as error:
            if "on" in columns.positions:
                note(faults, error, row, columns, "on")
        case, act = self.act(row, columns, flow, faults)
        if len(faults.problems) > before or not (case and actor and on is not None):
            return
        if actor not in actors:
            return
        key = f"roster:{flow.id}:{case}"
        request = Request(case, act, actors[actor], on, key=key[:200])
        self.openings[case] = Opening(Place(faults.file, row.line, 1), flow.id, request)

    def act(
        self, row: Row, columns: Columns, flow: BoundWorkflow, faults: Faults
    ) -> tuple[str, Open]:
        """Return what a row says of its case alone: its id, "" if it is not to be had, and act."""
        case = id_cell(columns, row, "id", faults)
        unit = id_cell(columns, row, "unit", faults, needed=False)
        parent = id_cell(columns, row, "parent", faults, needed=False)
        subject = None
        try:
            subject = read_text(columns.cell(row, "subject"))
        except CellError as error:
            note(faults, error, row, columns, "subject")
        facts = _facts(row, columns, flow, faults)
        if case:
            self._once(case, row, columns, faults)
        return case or "", Open(flow.id, unit or "", subject or "", parent or None, facts)

    def _once(self, case: str, row: Row, columns: Columns, faults: Faults) -> None:
        shape = unicodedata.normalize("NFKC", case).casefold()
        other = self.shapes.get(shape)
        if other is not None:
            code = "duplicate_id" if other == case else "look_alike"
            message = (
                f"{case!r} is there already" if other == case else f"{case!r} looks like {other!r}"
            )
            note(faults, CellError(code, message, "every case has its own id"), row, columns, "id")
        self.shapes.setdefault(shape, case)


def no_relation(bound: BoundReform, parent: str, child: str) -> str | None:
    """Say why a case of one workflow cannot be the parent of a case of another."""
    if child in {relation.workflow for relation in bound.workflows[parent].relations.values()}:
        return None
    return f"a case of {parent!r} has no children of {child!r}"


def _columns(table: Table, flow: BoundWorkflow, required: list[str], faults: Faults) -> Columns:
    opening = flow.workflow.opening
    facts = [flow.facts[name] for name in (*opening.records, *opening.may_record)]
    return read_header(table, required, ["unit", "parent", "subject"], facts, faults=faults)


def _facts(
    row: Row, columns: Columns, flow: BoundWorkflow, faults: Faults
) -> dict[str, Value]:  # fmt: skip
    values: dict[str, Value] = {}
    for name in columns.positions:
        cell = columns.cell(row, name)
        if name in flow.facts and not is_empty(cell):
            try:
                values[name] = read_fact(flow.facts[name], cell)
            except CellError as error:
                note(faults, error, row, columns, name)
    return values
