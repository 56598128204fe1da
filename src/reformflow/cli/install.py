"""`reformflow install`: a database made ready for a reform."""

from __future__ import annotations

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting


@click.command("install")
@options.reform_path
@options.database
@click.option("--beside", is_flag=True, help="Also where there are tables of somebody else.")
@options.speaking
@reporting
def command(*, path: str, url: str, beside: bool, lang: str, as_json: bool) -> int:
    """Make the tables of a reform, and store its definition; no case is opened.

    Tables that are there already stay as they are.
    """
    from reformflow.cli.books import make_book
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.formats import load

    with make_book(url, load(path), beside=beside) as book:
        reform, digest = book.reform.id, book.practice.definition
        tables = sorted(book.practice.schema.shared.metadata.tables)
    if as_json:
        emit("install", {"reform": reform, "digest": digest, "tables": tables})
    else:
        click.echo(tell("installed", lang, id=reform))
        click.echo(tell("digest", lang, digest=digest))
    return FINE
