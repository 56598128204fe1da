"""`reformflow export`: the whole history for programs of process mining."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting


@click.command("export")
@options.database
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["xes", "ocel"]),
    required=True,
    help="XES (IEEE 1849) as XML, or OCEL 2.0 as JSON.",
)
@click.option("--workflow", metavar="WORKFLOW", help="Only cases of this workflow.")
@click.option(
    "--time",
    type=click.Choice(["on", "recorded"]),
    default="on",
    show_default=True,
    help="When an event was: on the day of the act, or when it was entered.",
)
@options.speaking
@reporting
def command(  # noqa: PLR0913 - one argument for each option
    *,
    url: str,
    path: Path,
    form: str,
    workflow: str | None,
    time: str,
    lang: str,
    as_json: bool,
) -> int:
    """Write every case and every entry of its history into FILE."""
    from reformflow.cli.books import bound_of, open_book
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.exports import ocel, xes

    with open_book(url) as book:
        zone = book.reform.time_zone
        histories = partial(book.histories, workflow)
        if form == "xes":
            pieces = xes(book.reform.id, histories(), zone=zone, time=time)
        else:
            pieces = ocel(bound_of(book), histories, zone=zone, time=time)
        _write(path, pieces)
    if as_json:
        emit("export", {"format_of_file": form, "file": str(path)})
    else:
        click.echo(tell("written", lang, file=path))
    return FINE


# ---------------------------------------------------------------------------------------------


def _write(path: Path, pieces: Iterable[str]) -> None:
    """Write a file whole, or leave the one that is there."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
