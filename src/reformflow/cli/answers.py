"""A decision as an answer to a question: on paper and in JSON."""

from __future__ import annotations

from datetime import date

import click

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.cli.documents import Document
from reformflow.cli.refusals import refusal_document, refusal_lines
from reformflow.cli.texts import tell
from reformflow.model import Decision
from reformflow.words.labels import Labels, plain
from reformflow.words.refusals import lateness_sentence


def decision_document(
    decision: Decision,
    flow: BoundWorkflow,
    bound: BoundReform,
    transition: str,
    on: date,
    lang: str,
) -> Document:
    """Return an answer as it stands in JSON."""
    return {
        "case": decision.case,
        "workflow": flow.id,
        "transition": transition,
        "on": on,
        "granted": decision.granted,
        "refusals": [refusal_document(r, flow.id, bound, lang) for r in decision.refusals],
        "entries": [
            {
                "case": entry.case,
                "kind": entry.kind.value,
                "name": entry.name,
                "changes": dict(entry.changes),
                "late": [lateness_sentence(flow, bound, mark, lang) for mark in entry.late]
                if entry.case == decision.case
                else [],
            }
            for entry in decision.entries
        ],
    }


def print_decision(
    decision: Decision,
    flow: BoundWorkflow,
    bound: BoundReform,
    transition: str,
    on: date,
    lang: str,
) -> None:
    """Print an answer: what would change, or every reason against it."""
    labels = Labels(bound, flow, lang)
    name = "granted" if decision.granted else "not_granted"
    places = {"transition": labels.subject(transition), "on": plain(on, lang)}
    click.echo(tell(name, lang, **places))
    for refusal in decision.refusals:
        for line in refusal_lines(refusal, flow.id, bound, lang):
            click.echo(f"  {line}")
    for entry in decision.entries:
        if entry.case == decision.case:
            changes = labels.values(entry.changes.items())
            click.echo(f"  {tell('would', lang, changes=changes)}")
            for mark in entry.late:
                late = lateness_sentence(flow, bound, mark, lang)
                click.echo(f"  {tell('marked', lang, late=late)}")
