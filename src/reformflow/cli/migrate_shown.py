"""A migration on paper: each group of cases, what it would mean for them, what is in the way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import click

from reformflow.binding import BoundWorkflow
from reformflow.cli.texts import tell
from reformflow.words.labels import Labels, plain
from reformflow.words.reasons import reason_label

if TYPE_CHECKING:
    from reformflow.casework import Migration
    from reformflow.casework.versions.foreseeing import Group


def print_migration(migration: Migration, lang: str) -> None:
    """Print what a migration would mean."""
    digest = migration.before.definition
    click.echo(tell("migrate_plan", lang, cases=migration.cases, old=digest))
    for group in migration.groups:
        _print_group(migration, group, lang)
    stranded = sum(group.cases for group in migration.stranded)
    if stranded:
        click.echo(tell("migrate_stranded", lang, cases=stranded))


# ---------------------------------------------------------------------------------------------


def _print_group(migration: Migration, group: Group, lang: str) -> None:
    old = migration.before.engine.program.bound
    new = migration.after.engine.program.bound
    was = Labels(old, old.workflows[group.workflow], lang)
    kept = group.workflow in new.workflows
    now = Labels(new, new.workflows[group.workflow], lang) if kept else was
    click.echo(
        tell(
            "migrate_group",
            lang,
            workflow=now.workflow(),
            before=_states(was, group.before),
            after=_states(now, group.after) or "–",
            cases=group.cases,
            example=group.example,
        )
    )
    for obstacle in group.obstacles:
        value, column = obstacle.value, obstacle.column
        shown = now.column(column) if column in now.flow.columns else column
        click.echo(tell(f"migrate_{obstacle.code}", lang, column=shown, value=value))
    for name in group.opens:
        click.echo(tell("migrate_opens", lang, transition=_transition(now, name)))
    for name, against in group.shuts:
        why = "; ".join(
            reason_label(now.flow, new, code, subject, lang) for code, subject in against
        )
        click.echo(tell("migrate_shuts", lang, transition=_transition(now, name), why=why))
    for due in group.dues:
        spans = {"before": _span(due.before, lang), "after": _span(due.after, lang)}
        click.echo(tell("migrate_due", lang, transition=_transition(now, due.transition), **spans))


def _states(labels: Labels, states: Iterable[tuple[str, str]]) -> str:
    return ", ".join(
        labels.state(track, state) if _has(labels.flow, track, state) else state
        for track, state in states
    )


def _has(flow: BoundWorkflow, track: str, state: str) -> bool:
    return state in flow.stages.get(track, {})


def _transition(labels: Labels, name: str) -> str:
    known = any(one.id == name for one in labels.flow.workflow.transitions)
    return labels.transition(name) if known else name


def _span(span: tuple[date, date] | None, lang: str) -> str:
    if span is None:
        return "–"
    first, last = (plain(day, lang) for day in span)
    return first if first == last else f"{first} … {last}"
