"""`reformflow verify`: whether what is stored hangs together."""

from __future__ import annotations

import click

from reformflow.cli import options
from reformflow.cli.faults import FINDINGS, FINE, reporting


@click.command("verify")
@options.database
@options.speaking
@reporting
def command(*, url: str, lang: str, as_json: bool) -> int:
    """Check that every case is what its history adds up to; leaves with 1 if one is not."""
    from reformflow.cli.books import open_book
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell

    with open_book(url) as book:
        flaws = book.verify()
        count = sum(1 for _ in book.cases())
    if as_json:
        listed = [{"case": f.case, "about": f.about, "message": f.message} for f in flaws]
        emit("verify", {"reform": book.reform.id, "cases": count, "flaws": listed})
    elif flaws:
        click.echo(tell("flaws", lang, count=len(flaws)))
        for flaw in flaws:
            click.echo(str(flaw))
    else:
        click.echo(tell("sound", lang, count=count))
    return FINDINGS if flaws else FINE
