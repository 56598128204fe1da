"""`reformflow migrate`: cases moved to a changed definition, foreseen first."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from reformflow.cli import options
from reformflow.cli.faults import FINDINGS, FINE, reporting

if TYPE_CHECKING:
    from reformflow.casework import Book, Migration
    from reformflow.model import Reform

_before = click.option(
    "--from", "before", metavar="DIGEST", help="The old definition.  [default: the only one]"
)


@click.group("migrate")
def command() -> None:
    """Move cases from the definition that they follow to a changed one."""


@command.command("plan", short_help="Say what it would mean for which cases.")
@options.reform_path
@options.database
@_before
@options.renames
@options.on_day
@options.speaking
@reporting
def plan(**given: Any) -> int:  # noqa: ANN401 - the options
    """Say for how many cases in which state what becomes possible, impossible, and due when.

    Stores nothing. Leaves with 1 if a case could not go on.
    """
    from reformflow.cli.books import open_book
    from reformflow.cli.documents import emit
    from reformflow.cli.migrate_shown import print_migration
    from reformflow.cli.texts import tell
    from reformflow.formats import load

    lang = given["lang"]
    reform = load(given["path"])
    with open_book(given["url"]) as book:
        if _nothing_to_move(book, reform, given, "migrate plan"):
            return FINE
        migration = _foreseen(book, reform, given, actor="reformflow", reason=None)
    if given["as_json"]:
        emit("migrate plan", _document(migration))
    else:
        print_migration(migration, lang)
        click.echo(tell("migrate_planned", lang))
    return FINDINGS if migration.stranded else FINE


@command.command("run", short_help="Do it.")
@options.reform_path
@options.database
@_before
@options.renames
@click.option("--actor", required=True, metavar="WHO", help="Who does it, as history will say.")
@click.option("--reason", metavar="TEXT", help="Why, likewise.")
@options.on_day
@options.run_id
@options.chunk
@options.speaking
@reporting
def run(**given: Any) -> int:  # noqa: ANN401 - the options
    """Move the cases, each with an entry in its history; no case is stranded.

    The tables have to be brought to the definition before: `reformflow upgrade`. A run that was
    stopped goes on when it is started again. Leaves with 1 if cases are still to be moved.
    """
    import attrs

    from reformflow.cli.books import open_book
    from reformflow.cli.display import progress
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.formats import load

    lang = given["lang"]
    reform = load(given["path"])
    with open_book(given["url"]) as book:
        if _nothing_to_move(book, reform, given, "migrate run"):
            return FINE
        made = _foreseen(book, reform, given, actor=given["actor"], reason=given["reason"])
        with progress(made.cases, "migrate") as advance:
            told = 0

            def moved(report: Any) -> None:  # noqa: ANN401 - a Migrated
                nonlocal told
                list(advance(range(report.moved + report.refused - told)))
                told = report.moved + report.refused

            done = made.run(given["id_"], chunk=given["chunk"], progress=moved)
    counts = {**attrs.asdict(done), "status": done.status}
    if given["as_json"]:
        emit("migrate run", counts)
    else:
        click.echo(tell(f"migrate_{done.status}", lang, **counts))
    return FINE if done.status == "complete" else FINDINGS


# ---------------------------------------------------------------------------------------------


def _nothing_to_move(book: Book, reform: Reform, given: dict[str, Any], name: str) -> bool:
    """Say so if every case follows the definition already, as after a run that was done."""
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.formats import fingerprint

    if given["before"] is not None or set(book.definitions()) - {fingerprint(reform)}:
        return False
    if given["as_json"]:
        emit(name, {"reform": reform.id, "cases": 0})
    else:
        click.echo(tell("migrate_nothing", given["lang"]))
    return True


def _foreseen(
    book: Book,
    reform: Reform,
    given: dict[str, Any],
    *,
    actor: str,
    reason: str | None,
) -> Migration:
    from reformflow.cli.books import today_in
    from reformflow.model import Actor

    on: date = given["on"] or today_in(reform)
    renames = dict(given["renames"])
    return book.migrate(given["before"], reform, renames, actor=Actor(actor), on=on, reason=reason)


def _document(migration: Migration) -> dict[str, Any]:
    import attrs

    return {
        "reform": migration.after.reform.id,
        "old": migration.before.definition,
        "new": migration.after.definition,
        "on": migration.errand.on,
        "cases": migration.cases,
        "stranded": sum(group.cases for group in migration.stranded),
        "groups": [
            {
                **attrs.asdict(group),
                "before": dict(group.before),
                "after": dict(group.after),
                "shuts": {
                    name: [[code.value, subject] for code, subject in against]
                    for name, against in group.shuts
                },
            }
            for group in migration.groups
        ],
    }
