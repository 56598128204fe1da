"""A course of requests written down: the table of actors and the ledger that replay it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain, repeat
from pathlib import Path
from typing import Final

from reformflow.model import (
    Correct,
    Extend,
    Fire,
    Open,
    Record,
    Request,
    Resume,
    Sign,
    Suspend,
    Value,
)
from reformflow.sheets.ledgers import Tick

Step = Request | Tick

LEDGER: Final = ("key", "on", "case", "action", "name", "actor", "facts", "reason", "note")
ACTORS: Final = ("actor", "role", "unit")
NOWHERE: Final = "nowhere"
_QUOTED: Final = (";", '"', "；")


def ledger_of(steps: Iterable[Step], notes: Iterable[str] = ()) -> str:
    """Return the ledger, as CSV, that asks for some requests in their order, with their notes."""
    lines = zip(steps, chain(notes, repeat("")), strict=False)
    return _csv(LEDGER, (_line(number, *line) for number, line in enumerate(lines, start=1)))


def actors_of(steps: Iterable[Step]) -> str:
    """Return the table of everybody who acts, as CSV, with all roles that they hold.

    A table of actors lists nobody without a role: whoever holds none is listed with a role for a
    unit that no case has.
    """
    held: dict[str, set[tuple[str, str]]] = {}
    for step in steps:
        if isinstance(step, Request):
            grants = {(grant.role, grant.unit or "") for grant in step.actor.grants}
            held.setdefault(step.actor.id, set()).update(grants)
    some = next((role for grants in held.values() for role, _ in sorted(grants)), "")
    rows = [
        (actor, role, unit)
        for actor, grants in sorted(held.items())
        for role, unit in sorted(grants or {(some, NOWHERE)})
    ]
    return _csv(ACTORS, rows)


def write_course(steps: Iterable[Step], folder: Path, notes: Iterable[str] = ()) -> None:
    """Write `roster/actors.csv` and `ledger.csv` into a folder, which is made if need be.

    `reformflow run --roster FOLDER/roster --ledger FOLDER/ledger.csv` replays them.
    """
    kept = tuple(steps)
    roster = folder / "roster"
    roster.mkdir(parents=True, exist_ok=True)
    (roster / "actors.csv").write_text(actors_of(kept), "utf-8")
    (folder / "ledger.csv").write_text(ledger_of(kept, notes), "utf-8")


# ---------------------------------------------------------------------------------------------


def _csv(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return made.getvalue()


def _line(number: int, step: Step, note: str) -> tuple[str, ...]:
    key = f"step {number}"
    if isinstance(step, Tick):
        return (key, step.on.isoformat(), step.case or "", "tick", "", "", "", "", note)
    name, told = _told(step)
    action = type(step.act).__name__.lower()
    facts = "; ".join(f"{word}={_value(value)}" for word, value in told)
    head = (step.key or key, step.on.isoformat(), step.case, action, name, step.actor.id)
    return (*head, facts, step.reason or "", note)


def _told(step: Request) -> tuple[str, Iterator[tuple[str, Value]]]:
    """Return what stands in the columns name and facts."""
    match step.act:
        case Open(workflow=workflow) as act:
            kin = {"unit": act.unit, "subject": act.subject, "parent": act.parent}
            kept: dict[str, Value] = {name: text for name, text in kin.items() if text}
            return workflow, iter({**kept, **act.facts}.items())
        case Record(facts=facts):
            return "", iter(facts.items())
        case Fire(transition=name, facts=facts):
            return name, iter(facts.items())
        case Extend(transition=name, until=until):
            return name, iter([("until", until)])
        case Sign(transition=name) | Suspend(transition=name) | Resume(transition=name):
            return name, iter(())
        case Correct(entry=entry, facts=facts, void=void):
            said: Mapping[str, Value] = {"void": True} if void else facts
            return "", iter({"entry": entry, **said}.items())


def _value(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case _:
            text = str(value)
            plain = text == text.strip() and not any(mark in text for mark in _QUOTED)
            return text if plain else '"{}"'.format(text.replace('"', '""'))
