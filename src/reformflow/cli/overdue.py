"""`reformflow overdue`: what is late."""

from __future__ import annotations

from datetime import date

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting


@click.command("overdue")
@options.database
@options.on_day
@options.one_unit
@options.speaking
@reporting
def command(*, url: str, on: date | None, unit: str | None, lang: str, as_json: bool) -> int:
    """Show the cases whose date has passed, the longest overdue first, and who answers."""
    from reformflow.cli.boards import line_document, overdue_rows
    from reformflow.cli.books import bound_of, open_book, today_in
    from reformflow.cli.display import table
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.words.labels import plain

    with open_book(url) as book:
        bound = bound_of(book)
        day = on or today_in(book.reform)
        lines = book.overdue(day, unit=unit)
    if as_json:
        late = [line_document(line, bound, lang) for line in lines]
        emit("overdue", {"reform": bound.reform.id, "on": day, "unit": unit, "overdue": late})
    elif lines:
        names = ("case", "subject", "state", "deadline", "due", "late", "answerable")
        title = tell("overdue", lang, on=plain(day, lang))
        header = [tell("days_late" if name == "late" else name, lang) for name in names]
        table(title, header, overdue_rows(lines, bound, lang), right=[5])
    else:
        click.echo(tell("nothing_late", lang, on=plain(day, lang)))
    return FINE
