"""`reformflow history`: everything that happened to a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting

if TYPE_CHECKING:
    from reformflow.cli.documents import Document
    from reformflow.model import Entry
    from reformflow.words.labels import Labels


@click.command("history")
@options.database
@click.argument("case")
@options.speaking
@reporting
def command(*, url: str, case: str, lang: str, as_json: bool) -> int:
    """Show every entry of CASE: when, what, by whom, what it changed, how late it was."""
    from reformflow.cli.books import bound_of, open_book
    from reformflow.cli.display import table
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.words.labels import Labels

    with open_book(url) as book:
        bound = bound_of(book)
        entries = book.history(case)
        workflow = book.case(case).workflow
    labels = Labels(bound, bound.workflows[workflow], lang)
    if as_json:
        body = {"case": case, "workflow": workflow}
        emit("history", {**body, "entries": [_document(entry) for entry in entries]})
        return FINE
    header = [tell(name, lang) for name in ("seq", "on", "what", "actor", "changes", "remarks")]
    rows = [_row(entry, labels) for entry in entries]
    table(tell("history", lang, case=case), header, rows, right=[0])
    return FINE


# ---------------------------------------------------------------------------------------------


def _document(entry: Entry) -> Document:
    import attrs

    return {
        "seq": entry.seq,
        "kind": entry.kind.value,
        "name": entry.name,
        "actor": entry.actor,
        "on": entry.on,
        "recorded_at": entry.recorded_at,
        "reason": entry.reason,
        "voids": entry.voids,
        "definition": entry.definition,
        "changes": dict(entry.changes),
        "late": [attrs.asdict(mark) for mark in entry.late],
    }


def _row(entry: Entry, labels: Labels) -> list[str]:
    from reformflow.cli.texts import tell
    from reformflow.words import phrases
    from reformflow.words.labels import plain
    from reformflow.words.refusals import lateness_sentence

    lang = labels.lang
    kind = phrases.KIND[entry.kind].read(lang)
    known = entry.name in labels.flow.transitions or entry.name == labels.flow.id
    name = labels.subject(entry.name) if known else entry.name
    # What the opening of a case leaves unset is no news; later, an unset column is a change.
    values = [
        (column, value)
        for column, value in entry.changes.items()
        if column in labels.flow.facts or column.endswith(".state")
    ]
    remarks = [entry.reason or ""]
    if entry.voids is not None:
        remarks.append(tell("takes_back", lang, number=entry.voids))
    remarks += [lateness_sentence(labels.flow, labels.bound, mark, lang) for mark in entry.late]
    return [
        str(entry.seq),
        plain(entry.on, lang),
        f"{kind} {name}".strip(),
        entry.actor or tell("itself", lang),
        labels.values(values),
        phrases.FACTS.read(lang).join(filter(None, remarks)),
    ]
