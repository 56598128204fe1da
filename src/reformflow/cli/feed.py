"""`reformflow feed`: sealed entries for other systems, one line for each."""

from __future__ import annotations

import time

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting


@click.command("feed")
@options.database
@click.option(
    "--after", type=click.IntRange(0), default=0, metavar="N", help="Begin after position N."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "cloudevents"]),
    default="jsonl",
    show_default=True,
)
@click.option("--source", default="", metavar="URI", help="The source of the CloudEvents.")
@click.option("--follow", is_flag=True, help="Wait for more, until interrupted.")
@click.option("--pause", type=click.FloatRange(0.01), default=1.0, metavar="SECONDS", hidden=True)
@reporting
def command(*, url: str, after: int, form: str, source: str, follow: bool, pause: float) -> int:
    """Print every sealed entry after position N, in order: the same lines every time.

    Keep the position of the last line that you have dealt with, and begin after it next time.
    """
    from reformflow.cli.books import open_book
    from reformflow.exports import FEEDS

    line = FEEDS[form]
    with open_book(url) as book:
        told = source or f"reformflow/{book.reform.id}"
        while True:
            for sealed in book.feed(after):
                click.echo(line(sealed, told))
                after = sealed.position
            if not follow:
                return FINE
            time.sleep(pause)
