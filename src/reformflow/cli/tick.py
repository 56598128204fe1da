"""`reformflow tick`: what time has brought."""

from __future__ import annotations

from datetime import date

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting


@click.command("tick")
@options.database
@options.on_day
@options.speaking
@reporting
def command(*, url: str, on: date | None, lang: str, as_json: bool) -> int:
    """Carry out what falls due up to a day; done again, it finds nothing."""
    from reformflow.cli.books import bound_of, open_book, today_in
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.words.labels import plain

    with open_book(url) as book:
        day = on or today_in(book.reform)
        made = book.tick(day)
        reform = bound_of(book).reform.id
    entries = [entry for decision in made for entry in decision.entries]
    cases = {entry.case for entry in entries}
    if as_json:
        listed = [
            {"case": e.case, "seq": e.seq, "kind": e.kind.value, "name": e.name, "on": e.on}
            for e in entries
        ]
        emit("tick", {"reform": reform, "on": day, "entries": listed})
    else:
        counts = {"entries": len(entries), "cases": len(cases), "on": plain(day, lang)}
        click.echo(tell("ticked", lang, **counts))
    return FINE
