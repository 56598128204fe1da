"""`reformflow upgrade`: the tables of a database brought to a changed definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reformflow.cli import options
from reformflow.cli.faults import FINDINGS, FINE, reporting

if TYPE_CHECKING:
    from reformflow.cli.documents import Document
    from reformflow.model import Reform
    from reformflow.store import Change, Review


@click.command("upgrade")
@options.reform_path
@options.database
@click.option("--plan", "only_plan", is_flag=True, help="Say what would change, change nothing.")
@click.option("--sql", "only_sql", is_flag=True, help="Print the statements, run none.")
@options.renames
@options.speaking
@reporting
def command(  # noqa: PLR0913 - one argument for each option
    *,
    path: str,
    url: str,
    only_plan: bool,
    only_sql: bool,
    renames: tuple[tuple[str, str], ...],
    lang: str,
    as_json: bool,
) -> int:
    """Bring a database to a changed definition: new workflows get tables, new facts columns.

    Nothing is ever dropped, and every case follows its own definition until it is migrated. With
    --plan leaves with 1 if the definition cannot be taken over. Make a backup first.
    """
    from reformflow.formats import load

    reform = load(path)
    if only_plan or only_sql:
        return _review(reform, url, dict(renames), only_sql=only_sql, lang=lang, as_json=as_json)
    return _upgrade(reform, url, lang=lang, as_json=as_json)


# ---------------------------------------------------------------------------------------------


def _review(
    reform: Reform, url: str, renames: dict[str, str], *, only_sql: bool, lang: str, as_json: bool
) -> int:
    from reformflow.casework import preview
    from reformflow.cli.books import check_there
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell

    check_there(url)
    review = preview(url, reform, renames=renames)
    if as_json:
        changes = [_document(change) for change in review.changes]
        emit("upgrade", {"reform": reform.id, "changes": changes, "sql": review.script})
    elif only_sql:
        click.echo(review.script, nl=False)
    else:
        _print(review, lang)
        click.echo(tell("reviewed", lang, count=len(review.changes)))
    return FINDINGS if any(change.blocked for change in review.changes) else FINE


def _print(review: Review, lang: str) -> None:
    from reformflow.cli.texts import tell

    for change in review.changes:
        name = f"change_{change.what}"
        if change.initial:
            name = "change_initial"
        shown = {"before": change.before or "–", "after": change.after or "–"}
        click.echo(tell(name, lang, place=change.place, initial=change.initial, **shown))


def _document(change: Change) -> Document:
    import attrs

    return {**attrs.asdict(change), "what": change.what.value, "blocked": change.blocked}


def _upgrade(reform: Reform, url: str, *, lang: str, as_json: bool) -> int:
    from reformflow.cli.books import upgrade_book
    from reformflow.cli.display import print_added
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell

    with upgrade_book(url, reform) as book:
        digest, added = book.practice.definition, book.added
        waiting = sum(number for name, number in book.definitions().items() if name != digest)
    if as_json:
        body = {"reform": reform.id, "digest": digest, "added": list(added), "waiting": waiting}
        emit("upgrade", body)
        return FINE
    print_added(added, lang)
    click.echo(tell("upgraded", lang, id=reform.id, count=len(added)))
    click.echo(tell("digest", lang, digest=digest))
    if waiting:
        click.echo(tell("to_migrate", lang, count=waiting))
    return FINE
