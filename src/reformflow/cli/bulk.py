"""`reformflow bulk`: one act over many cases, planned, carried out, resumed."""

from __future__ import annotations

import click

from reformflow.cli import options
from reformflow.cli.bulk_asked import Asked, asking
from reformflow.cli.bulk_open import command as opening
from reformflow.cli.faults import FINE, reporting

_workers = click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="N",
    help="So many processes carry out chunks at once.",
)
_scheduler = click.option(
    "--scheduler", metavar="URL", help="Let a Dask cluster do it: tcp://host:8786."
)


@click.group("bulk")
def command() -> None:
    """Plan one act over many cases, carry it out, go on with it."""


@command.command("plan", short_help="Count what it would come to, and why not.")
@options.database
@asking
@options.speaking
@reporting
def plan(*, url: str, asked: Asked, lang: str, as_json: bool) -> int:
    """Count for how many cases TRANSITION would be granted, and why not for the others.

    Stores nothing.
    """
    from reformflow.cli.books import bound_of, open_book
    from reformflow.cli.bulk_shown import plan_document, print_plan
    from reformflow.cli.documents import emit

    with open_book(url) as book:
        made, bound = asked.planned(book), bound_of(book)
        if as_json:
            emit("bulk plan", plan_document(made, bound, lang))
        else:
            print_plan(made, bound, lang)
    return FINE


@command.command("run", short_help="Carry it out.")
@options.database
@asking
@options.run_id
@options.chunk
@_workers
@_scheduler
@options.strictly
@options.speaking
@reporting
def run(  # noqa: PLR0913 - one argument for each option
    *,
    url: str,
    asked: Asked,
    id_: str | None,
    chunk: int,
    workers: int,
    scheduler: str | None,
    strict: bool,
    lang: str,
    as_json: bool,
) -> int:
    """Carry TRANSITION out for every case for which it is granted.

    Each chunk is stored whole or not at all. A run that was stopped is gone on with by `resume`;
    no case gets it twice.
    """
    from reformflow.cli.books import open_book
    from reformflow.cli.bulk_carried import executing, progress
    from reformflow.cli.bulk_shown import answered

    with open_book(url) as book, executing(workers, scheduler) as executor:
        made = asked.planned(book)
        with progress(url, lang) as told:
            report = made.run(run=id_, chunk=chunk, executor=executor, progress=told)
        return answered(book, "run", report, strict=strict, lang=lang, as_json=as_json)


@command.command("resume", short_help="Go on with a run that stopped.")
@options.database
@click.argument("id_", metavar="RUN")
@_workers
@_scheduler
@options.strictly
@options.speaking
@reporting
def resume(  # noqa: PLR0913 - as above
    *,
    url: str,
    id_: str,
    workers: int,
    scheduler: str | None,
    strict: bool,
    lang: str,
    as_json: bool,
) -> int:
    """Go on with RUN where it stopped; a run that is complete stays as it is."""
    from reformflow.cli.books import open_book
    from reformflow.cli.bulk_carried import executing, progress
    from reformflow.cli.bulk_shown import answered

    with open_book(url) as book, executing(workers, scheduler) as executor:
        with progress(url, lang) as told:
            report = book.resume_run(id_, executor=executor, progress=told)
        return answered(book, "resume", report, strict=strict, lang=lang, as_json=as_json)


@command.command("list", short_help="Show all runs.")
@options.database
@options.speaking
@reporting
def list_runs(*, url: str, lang: str, as_json: bool) -> int:
    """Show all runs, and whether they are complete."""
    from reformflow.cli.books import bound_of, open_book
    from reformflow.cli.bulk_shown import print_runs, report_document
    from reformflow.cli.documents import emit

    with open_book(url) as book:
        reports, bound = book.runs(), bound_of(book)
    if as_json:
        emit("bulk list", {"runs": [report_document(one, bound, lang) for one in reports]})
    else:
        print_runs(reports, lang)
    return FINE


command.add_command(opening)
