"""Acts over many cases on paper and in JSON: counts that add up, and the reasons by number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from reformflow.binding import BoundReform
from reformflow.cli.books import bound_of
from reformflow.cli.display import table
from reformflow.cli.documents import Document, emit
from reformflow.cli.faults import FINDINGS, FINE
from reformflow.cli.texts import tell
from reformflow.model import Extend, Fire, Record
from reformflow.words.labels import Labels, plain
from reformflow.words.reasons import reason_label
from reformflow.words.refusals import clause_citation

if TYPE_CHECKING:
    from reformflow.casework import Book, Plan, Report
    from reformflow.store import Tally


def answered(
    book: Book, name: str, report: Report, *, strict: bool, lang: str, as_json: bool
) -> int:
    """Show what came of a run, and return the exit code."""
    bound = bound_of(book)
    if as_json:
        emit(f"bulk {name}", report_document(report, bound, lang))
    else:
        print_report(report, bound, lang)
    return FINDINGS if strict and report.refused else FINE


def print_plan(plan: Plan, bound: BoundReform, lang: str) -> None:
    """Print what an act would come to."""
    labels = Labels(bound, bound.workflows[plan.workflow], lang)
    places = {"act": _act(plan.act, labels), "workflow": labels.workflow()}
    click.echo(tell("bulk_plan", lang, on=plain(plan.order.on, lang), **places))
    counts = {"selected": plan.selected, "granted": plan.granted, "refused": plan.refused}
    click.echo(tell("bulk_planned", lang, **counts))
    for why in plan.one_by_one:
        click.echo(tell("bulk_one_by_one", lang, why=why))
    print_reasons(plan.reasons, plan.workflow, bound, lang)


def print_report(report: Report, bound: BoundReform, lang: str) -> None:
    """Print what came of a run."""
    click.echo(tell(f"bulk_{report.status}", lang, run=report.run, chunks=report.chunks))
    click.echo(
        tell(
            "bulk_total",
            lang,
            selected=report.selected,
            granted=report.granted,
            refused=report.refused,
            changed=report.changed,
        )
    )
    print_reasons(report.reasons, report.workflow, bound, lang)


def print_reasons(reasons: Iterable[Tally], workflow: str, bound: BoundReform, lang: str) -> None:
    """Print for how many cases each reason stands, the most frequent first."""
    flow = bound.workflows[workflow]
    rows = [
        [
            f"{reason.cases:,}",
            reason_label(flow, bound, reason.code, reason.subject, lang),
            "; ".join(
                f"{item.id} ({item.at})" if item.at else item.id
                for item in clause_citation(bound.reform, reason.clauses, lang)
            ),
        ]
        for reason in _sorted(reasons)
    ]
    if rows:
        header = [tell(name, lang) for name in ("cases", "why", "clause")]
        table(tell("bulk_reasons", lang), header, rows, right=[0])


def print_runs(reports: Iterable[Report], lang: str) -> None:
    """Print all runs, one on each line."""
    names = ("run", "workflow", "bulk_status", "bulk_selected", "bulk_granted", "bulk_refused",
             "bulk_changed", "bulk_started")  # fmt: skip
    rows = [
        [
            report.run,
            report.workflow,
            tell(f"bulk_is_{report.status}", lang),
            *(f"{n:,}" for n in (report.selected, report.granted, report.refused, report.changed)),
            report.started_at.isoformat(" ", "seconds"),
        ]
        for report in reports
    ]
    if rows:
        table(
            tell("bulk_runs", lang), [tell(name, lang) for name in names], rows, right=range(3, 7)
        )
    else:
        click.echo(tell("bulk_no_runs", lang))


def plan_document(plan: Plan, bound: BoundReform, lang: str) -> Document:
    """Return a plan as it stands in JSON."""
    return {
        "workflow": plan.workflow,
        "on": plan.order.on,
        "where": plan.order.where,
        "selected": plan.selected,
        "granted": plan.granted,
        "refused": plan.refused,
        "one_by_one": list(plan.one_by_one),
        "reasons": _reasons(plan.reasons, plan.workflow, bound, lang),
    }


def report_document(report: Report, bound: BoundReform, lang: str) -> Document:
    """Return a run as it stands in JSON."""
    return {
        "run": report.run,
        "workflow": report.workflow,
        "status": report.status,
        "request": report.request,
        "definition": report.definition,
        "selected": report.selected,
        "granted": report.granted,
        "refused": report.refused,
        "changed": report.changed,
        "chunks": report.chunks,
        "done": report.done,
        "started_at": report.started_at,
        "finished_at": report.finished_at,
        "reasons": _reasons(report.reasons, report.workflow, bound, lang),
    }


# ---------------------------------------------------------------------------------------------


def _sorted(reasons: Iterable[Tally]) -> list[Tally]:
    return sorted(reasons, key=lambda reason: -reason.cases)


def _reasons(
    reasons: Iterable[Tally], workflow: str, bound: BoundReform, lang: str
) -> list[Document]:
    flow = bound.workflows[workflow]
    return [
        {
            "code": reason.code.value,
            "subject": reason.subject,
            "says": reason_label(flow, bound, reason.code, reason.subject, lang),
            "clauses": list(reason.clauses),
            "cases": reason.cases,
        }
        for reason in _sorted(reasons)
    ]


def _act(act: Fire | Record | Extend, labels: Labels) -> str:
    match act:
        case Fire(transition=name):
            return labels.subject(name)
        case Record(facts=facts):
            return labels.values(facts.items())
        case Extend(transition=name, until=until):
            days = {"transition": labels.subject(name), "until": plain(until, labels.lang)}
            return tell("bulk_extend", labels.lang, **days)
