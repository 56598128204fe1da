"""`reformflow bulk open`: a case for each row of a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reformflow.cli import options
from reformflow.cli.faults import bad_input, reporting

if TYPE_CHECKING:
    from reformflow.binding import BoundReform
    from reformflow.casework import Opening


@click.command("open", short_help="Open a case for each row of a sheet.")
@options.database
@click.argument("workflow")
@click.argument("sheet", type=click.Path(path_type=Path))
@options.acting
@options.the_day
@options.of_roster
@options.run_id
@options.chunk
@options.strictly
@options.speaking
@reporting
def command(  # noqa: PLR0913 - one argument for each option
    *,
    url: str,
    workflow: str,
    sheet: Path,
    actor: str,
    on: date,
    roster: str | None,
    id_: str | None,
    chunk: int,
    strict: bool,
    lang: str,
    as_json: bool,
) -> int:
    """Open a case of WORKFLOW for each row of SHEET, as a roster has them.

    Its columns are id, unit, parent, subject, and the facts recorded at opening. A sheet with a
    problem changes nothing. What was stopped goes on when the same sheet is given again under
    the same --run; no row is done twice.
    """
    from reformflow.cli.books import bound_of, open_book
    from reformflow.cli.bulk_carried import progress
    from reformflow.cli.bulk_shown import answered
    from reformflow.cli.who import actor_of

    with open_book(url) as book:
        bound = bound_of(book)
        rows, who = _rows(sheet, workflow, bound), actor_of(actor, roster, bound)
        with progress(url, lang) as told:
            report = book.open_many(
                workflow, rows, actor=who, on=on, run=id_, chunk=chunk, progress=told
            )
        return answered(book, "open", report, strict=strict, lang=lang, as_json=as_json)


# ---------------------------------------------------------------------------------------------


def _rows(sheet: Path, workflow: str, bound: BoundReform) -> Iterator[Opening]:
    from reformflow.casework import Opening
    from reformflow.errors import nearest
    from reformflow.sheets import read_openings

    if workflow not in bound.workflows:
        bad_input(f"unknown workflow {workflow!r}", nearest(workflow, bound.workflows))
    return (
        Opening(case, act.unit, act.subject, act.parent, act.facts)
        for case, act in read_openings(sheet, bound, workflow)
    )
