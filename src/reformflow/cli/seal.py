"""`reformflow seal`: positions for new entries, and the tree over them."""

from __future__ import annotations

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting


@click.command("seal")
@options.database
@click.option(
    "--algorithm",
    type=click.Choice(["sha256", "sm3"]),
    help="The digest; the first seal chooses it.  [default: sha256]",
)
@options.speaking
@reporting
def command(*, url: str, algorithm: str | None, lang: str, as_json: bool) -> int:
    """Seal what is new in the history: from then on every change to it can be found.

    Run it as often as you like; beyond what is new it costs next to nothing.
    """
    from reformflow.cli.books import open_book
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell

    with open_book(url) as book:
        seal = book.seal(algorithm=algorithm)
    if as_json:
        told = {"size": seal.size, "added": seal.added, "algorithm": seal.algorithm}
        emit("seal", {"reform": book.reform.id, **told, "root": seal.root.hex()})
    else:
        click.echo(tell("sealed", lang, added=seal.added, size=seal.size))
    return FINE
