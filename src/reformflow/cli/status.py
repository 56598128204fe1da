"""`reformflow status`: the board."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting


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
    """Show where every case stands: by stages, on time or late, and who answers for it."""
    from reformflow.cli.boards import line_document, print_board, totals, workbook_rows
    from reformflow.cli.books import bound_of, open_book, today_in
    from reformflow.cli.documents import emit
    from reformflow.sheets import write_workbook

    with open_book(url) as book:
        bound = bound_of(book)
        day = on or today_in(book.reform)
        lines = book.board(day, unit=unit)
    if xlsx is not None:
        header, *rows = workbook_rows(lines, bound, lang)
        write_workbook(Path(xlsx), [str(name) for name in header], rows)
    if as_json:
        board = [line_document(line, bound, lang) for line in lines]
        body = {"reform": bound.reform.id, "on": day, "unit": unit}
        emit("status", {**body, "totals": totals(lines), "board": board})
    else:
        print_board(lines, bound, day, lang)
    return FINE
