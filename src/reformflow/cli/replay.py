"""`reformflow replay`: past decisions judged by a changed definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import click

from reformflow.cli import options
from reformflow.cli.faults import FINDINGS, FINE, reporting

if TYPE_CHECKING:
    from reformflow.binding import BoundReform
    from reformflow.cli.documents import Document
    from reformflow.engine import Replayed
    from reformflow.model import Actor

_SHOWN: Final = 100


@click.command("replay")
@options.reform_path
@options.database
@click.option("--case", metavar="ID", help="Only the past of this case.")
@options.of_roster
@options.renames
@options.speaking
@reporting
def command(  # noqa: PLR0913 - one argument for each option
    *,
    path: str,
    url: str,
    case: str | None,
    roster: str | None,
    renames: tuple[tuple[str, str], ...],
    lang: str,
    as_json: bool,
) -> int:
    """Say which past decisions a changed definition would refuse, and why.

    Each is judged on the case as it stood then. Stores nothing. Leaves with 1 if there is one.
    """
    from reformflow.binding import bind
    from reformflow.cli.books import open_book
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.formats import load

    reform = load(path)
    bound = bind(reform)
    judged = count = unknown = 0
    refused: list[Replayed] = []
    with open_book(url) as book:
        actors = _actors(roster, bound)
        for one in book.replay(reform, renames=dict(renames), actors=actors, case=case):
            judged += 1
            unknown += not one.roles_known
            if not one.granted:
                count += 1
                refused += [one] * (as_json or len(refused) < _SHOWN)
    if as_json:
        body = {"reform": reform.id, "judged": judged, "refused": count, "roles_unknown": unknown}
        listed = [_document(one, bound, lang) for one in refused]
        emit("replay", {**body, "decisions": listed})
        return FINDINGS if count else FINE
    for one in refused:
        _print(one, bound, lang)
    if count > len(refused):
        click.echo(tell("replay_more", lang, count=count - len(refused)))
    click.echo(tell("replayed", lang, judged=judged, refused=count))
    if unknown:
        click.echo(tell("replay_roles", lang, count=unknown))
    return FINDINGS if count else FINE


# ---------------------------------------------------------------------------------------------


def _actors(roster: str | None, bound: BoundReform) -> Mapping[str, Actor]:
    if roster is None:
        return {}
    from pathlib import Path

    from reformflow.sheets.rosters import read_actors_of

    return read_actors_of(Path(roster), bound)


def _print(one: Replayed, bound: BoundReform, lang: str) -> None:
    from reformflow.cli.refusals import refusal_lines
    from reformflow.cli.texts import tell
    from reformflow.words import phrases
    from reformflow.words.labels import plain

    entry = one.entry
    act = f"{phrases.KIND[entry.kind].read(lang)} {entry.name}".strip()
    on = plain(entry.on, lang)
    click.echo(
        tell("replay_line", lang, case=entry.case, seq=entry.seq, on=on, actor=entry.actor, act=act)
    )
    if one.fault:
        click.echo(f"    ✗ {one.fault}")
    for refusal in one.refusals:
        for line in refusal_lines(refusal, one.workflow, bound, lang):
            click.echo(f"    {line}")


def _document(one: Replayed, bound: BoundReform, lang: str) -> Document:
    from reformflow.cli.refusals import refusal_document

    entry = one.entry
    return {
        "case": entry.case,
        "seq": entry.seq,
        "workflow": one.workflow,
        "kind": entry.kind.value,
        "name": entry.name,
        "actor": entry.actor,
        "on": entry.on,
        "fault": one.fault,
        "roles_known": one.roles_known,
        "refusals": [refusal_document(item, one.workflow, bound, lang) for item in one.refusals],
    }
