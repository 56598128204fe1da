"""`reformflow explain`: what firing a transition would do."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, bad_input, reporting

if TYPE_CHECKING:
    from reformflow.binding import BoundWorkflow
    from reformflow.model import Facts


@click.command("explain")
@options.database
@click.argument("case")
@click.argument("transition")
@options.acting
@options.the_day
@options.of_roster
@click.option("--facts", "given", default="", help='Facts of the act: "a=1; b=2021-02-08".')
@click.option("--reason", help="The stated reason.")
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
    given: str,
    reason: str | None,
    lang: str,
    as_json: bool,
) -> int:
    """Say whether TRANSITION of CASE may be fired, with every reason if not. Stores nothing."""
    from reformflow.cli.answers import decision_document, print_decision
    from reformflow.cli.books import bound_of, open_book
    from reformflow.cli.documents import emit
    from reformflow.cli.who import actor_of

    with open_book(url) as book:
        bound = bound_of(book)
        who = actor_of(actor, roster, bound)
        flow = bound.workflows[book.case(case).workflow]
        facts = _facts(flow, transition, given)
        decision = book.explain(case, transition, actor=who, on=on, facts=facts, reason=reason)
    if as_json:
        emit("explain", decision_document(decision, flow, bound, transition, on, lang))
    else:
        print_decision(decision, flow, bound, transition, on, lang)
    return FINE


# ---------------------------------------------------------------------------------------------


def _facts(flow: BoundWorkflow, transition: str, given: str) -> Facts:
    from reformflow.model import Fire
    from reformflow.sheets.actions import read_act
    from reformflow.sheets.assignments import read_assignments
    from reformflow.sheets.cells import CellError

    try:
        act, problems = read_act(flow, "fire", transition, read_assignments(given))
    except CellError as error:
        bad_input(error.message, error.hint)
    if problems:
        bad_input(problems[0][1].message, problems[0][1].hint)
    return act.facts if isinstance(act, Fire) else {}
