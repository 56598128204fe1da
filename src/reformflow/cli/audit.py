"""`reformflow audit`: whether the rules allowed what somebody's ledger or log tells."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reformflow.cli import options
from reformflow.cli.faults import FINDINGS, FINE, bad_input, reporting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reformflow.binding import BoundReform
    from reformflow.sheets import Line
    from reformflow.sheets.logs import Log


@click.command("audit")
@options.reform_path
@click.option("--ledger", required=True, metavar="FILE", help="What happened: a table, or XES.")
@click.option("--map", "map_file", metavar="FILE", help="What the log's columns mean (YAML).")
@click.option("--roster", metavar="DIR", help="Folder with the cases and actors.")
@click.option("--on", type=options.Day(), help="Look at deadlines up to this day.")
@click.option("--all", "show_all", is_flag=True, help="Show every line that was not allowed.")
@click.option("--xlsx", metavar="FILE", help="Write every line into a workbook.")
@options.speaking
@reporting
def command(  # noqa: PLR0913 - one argument for each option
    *,
    path: str,
    ledger: str,
    map_file: str | None,
    roster: str | None,
    on: date | None,
    show_all: bool,
    xlsx: str | None,
    lang: str,
    as_json: bool,
) -> int:
    """Judge every line of a ledger kept elsewhere: allowed or not, late, what is missing.

    Nothing is stored. The ledger has our own columns and needs a roster; with --map it may be any
    table or XES log, and the roster gives only the actors.
    """
    from reformflow.binding import bind
    from reformflow.casework.audit import audit
    from reformflow.cli.audit_shown import audit_document, audit_rows, print_audit
    from reformflow.cli.documents import emit
    from reformflow.engine import Engine
    from reformflow.formats import load
    from reformflow.sheets import write_workbook

    bound = bind(load(path))
    log = _read(bound, ledger, map_file, roster)
    found = audit(Engine(bound), log.lines, claims=log.claims, on=on)
    if xlsx is not None:
        header, *rows = audit_rows(found, bound, lang)
        write_workbook(Path(xlsx), [str(name) for name in header], rows)
    if as_json:
        emit("audit", audit_document(found, bound, lang))
    else:
        print_audit(found, bound, lang, show_all=show_all)
    clean = found.allowed == len(found.lines) and not (found.late or found.overdue)
    return FINE if clean else FINDINGS


# ---------------------------------------------------------------------------------------------


def _read(bound: BoundReform, ledger: str, map_file: str | None, roster: str | None) -> Log:
    from reformflow.sheets.logs import Log, read_log, read_map
    from reformflow.sheets.rosters import read_actors_of

    if map_file is not None:
        actors = None if roster is None else read_actors_of(Path(roster), bound)
        return read_log(Path(ledger), bound, read_map(Path(map_file), bound), actors)
    if roster is None:
        bad_input("a ledger with our own columns needs --roster", "or say what it means by --map")
    return Log(tuple(_own(bound, Path(ledger), Path(roster))))


def _own(bound: BoundReform, ledger: Path, roster: Path) -> Iterator[Line]:
    from reformflow.cli.applying import as_lines
    from reformflow.sheets import read_ledger, read_roster

    cases = read_roster(roster, bound)
    opening = {item.request.case: item.workflow for item in cases.openings}
    yield from as_lines(cases.openings)
    yield from read_ledger(ledger, bound, cases.actors, known=opening.get).lines
