"""`reformflow upgrade`: a database brought to a changed definition."""

from __future__ import annotations

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting


@click.command("upgrade")
@options.reform_path
@options.database
@options.speaking
@reporting
def command(*, path: str, url: str, lang: str, as_json: bool) -> int:
    """Bring a database to a changed definition: new workflows get tables, new facts columns.

    Nothing is ever dropped. Make a backup first.
    """
    from reformflow.cli.books import upgrade_book
    from reformflow.cli.display import print_added
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.formats import load

    with upgrade_book(url, load(path)) as book:
        reform, digest, added = book.reform.id, book.practice.definition, book.added
    if as_json:
        emit("upgrade", {"reform": reform, "digest": digest, "added": list(added)})
    else:
        print_added(added, lang)
        click.echo(tell("upgraded", lang, id=reform, count=len(added)))
        click.echo(tell("digest", lang, digest=digest))
    return FINE
