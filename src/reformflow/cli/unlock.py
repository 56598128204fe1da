"""`reformflow unlock`: what a transition lacks."""

from __future__ import annotations

from datetime import date

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting


@click.command("unlock")
@options.database
@click.argument("case")
@click.argument("transition")
@options.acting
@options.the_day
@options.of_roster
@options.speaking
@reporting
def command(  # noqa: PLR0913 - one argument for each option
    *,
    url: str,
    case: str,
    transition: str,
    actor: str,
    on: date,
    roster: str | None,
    lang: str,
    as_json: bool,
) -> int:
    """Say what is still missing before TRANSITION of CASE may be fired, and the earliest day."""
    from reformflow.cli.books import bound_of, open_book
    from reformflow.cli.documents import emit
    from reformflow.cli.refusals import refusal_document, refusal_lines
    from reformflow.cli.texts import tell
    from reformflow.cli.who import actor_of
    from reformflow.words.labels import Labels, plain

    with open_book(url) as book:
        bound = bound_of(book)
        who = actor_of(actor, roster, bound)
        flow = bound.workflows[book.case(case).workflow]
        found = book.unlock(case, transition, actor=who, on=on)
    if as_json:
        refusals = [refusal_document(r, flow.id, bound, lang) for r in found.refusals]
        body = {
            "case": case,
            "workflow": flow.id,
            "transition": transition,
            "on": on,
            "refusals": refusals,
            "missing": [{"column": name, "by": list(roles)} for name, roles in found.missing],
            "signatures": list(found.signatures),
            "by": list(found.by),
            "earliest": found.earliest,
        }
        emit("unlock", body)
        return FINE
    labels = Labels(bound, flow, lang)
    places = {"transition": labels.subject(transition), "on": plain(on, lang)}
    click.echo(tell("not_granted" if found.refusals else "granted", lang, **places))
    for refusal in found.refusals:
        for line in refusal_lines(refusal, flow.id, bound, lang):
            click.echo(f"  {line}")
    click.echo(f"  {tell('by', lang, roles=labels.roles(found.by, own_unit=True))}")
    for name, roles in found.missing:
        facts = labels.column(name) + (f" ({labels.roles(roles)})" if roles else "")
        click.echo(f"  {tell('missing', lang, facts=facts)}")
    if found.signatures:
        click.echo(f"  {tell('signatures', lang, roles=labels.roles(found.signatures))}")
    if found.earliest is None:
        click.echo(f"  {tell('no_day', lang)}")
    else:
        click.echo(f"  {tell('earliest', lang, on=plain(found.earliest, lang))}")
    return FINE
