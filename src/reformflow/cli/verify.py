"""`reformflow verify`: whether what is stored hangs together, and is what was sealed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from reformflow.cli import options
from reformflow.cli.faults import FINDINGS, FINE, reporting

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify")
@options.database
@click.option("--checkpoint", type=_FILE, metavar="FILE", help="Compare with this checkpoint.")
@click.option(
    "--since", type=_FILE, metavar="FILE", help="Read only what was sealed after this checkpoint."
)
@options.trusting
@options.speaking
@reporting
def command(
    *,
    url: str,
    checkpoint: Path | None,
    since: Path | None,
    key: str | None,
    lang: str,
    as_json: bool,
) -> int:
    """Check that every case is what its history adds up to; leaves with 1 if one is not.

    What is sealed must be what was sealed. Only a checkpoint that was kept elsewhere tells
    whether somebody has changed the history and sealed it anew.
    """
    from reformflow.cli.books import open_book
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell

    notes = [None if path is None else path.read_text("utf-8") for path in (checkpoint, since)]
    with open_book(url) as book:
        flaws = book.verify(notes[0], since=notes[1], key=key)
        count = sum(1 for _ in book.cases()) if since is None else None
    if as_json:
        listed = [{"case": f.case, "about": f.about, "message": f.message} for f in flaws]
        emit("verify", {"reform": book.reform.id, "cases": count, "flaws": listed})
    elif flaws:
        click.echo(tell("flaws", lang, count=len(flaws)))
        for flaw in flaws:
            click.echo(str(flaw))
    elif count is None:
        click.echo(tell("sound_since", lang))
    else:
        click.echo(tell("sound", lang, count=count))
    return FINDINGS if flaws else FINE
