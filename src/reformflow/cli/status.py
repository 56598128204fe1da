"""`reformflow status`: the board."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting

_MOST: Final = 2_000
"""Of so many lines the board is shown whole."""


@click.command("status")
@options.database
@options.on_day
@options.one_unit
@click.option("--xlsx", metavar="FILE", help="Also write the board to a workbook.")
@options.speaking
@reporting
def command(
    *, url: str, on: date | None, unit: str | None, xlsx: str | None, lang: str, as_json: bool
) -> int:
    """Show where every case stands: by stages, on time or late, and who answers for it.

    Of more cases than a screen holds only the totals are shown; --unit, --json and --xlsx have
    the lines.
    """
    from reformflow.cli.boards import (
        line_document,
        print_board,
        print_totals,
        total_document,
        workbook_rows,
    )
    from reformflow.cli.books import bound_of, open_book, today_in
    from reformflow.cli.documents import emit

    with open_book(url) as book:
        bound = bound_of(book)
        day = on or today_in(book.reform)
        totals = book.totals(day, unit=unit)
        shown = sum(total.cases for total in totals) <= _MOST
        lines = book.board(day, unit=unit) if shown or as_json or xlsx is not None else ()
    if xlsx is not None:
        from reformflow.sheets.writing import write_workbook

        header, *rows = workbook_rows(lines, bound, lang)
        write_workbook(Path(xlsx), [str(name) for name in header], rows)
    if as_json:
        board = [line_document(line, bound, lang) for line in lines]
        body = {"reform": bound.reform.id, "on": day, "unit": unit}
        emit("status", {**body, "totals": list(map(total_document, totals)), "board": board})
    else:
        if shown:
            print_board(lines, bound, day, lang)
        print_totals(totals, bound, day, lang)
    return FINE
