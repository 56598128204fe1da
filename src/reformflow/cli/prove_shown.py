"""How proofs are shown: on the screen, in JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import click

from reformflow.binding import BoundReform
from reformflow.casework.properties import Proven
from reformflow.checks.proving import Standing
from reformflow.cli.documents import Document
from reformflow.cli.texts import tell
from reformflow.formats.properties import Placed
from reformflow.model import LeadsTo, Reserved
from reformflow.sheets import ledger_of
from reformflow.words.labels import Labels

_MARKS = {Standing.PROVED: "✓", Standing.REFUTED: "✗", Standing.UNKNOWN: "?"}


def print_proven(
    found: Sequence[tuple[Placed, Proven]], bound: BoundReform, lang: str
) -> None:  # fmt: skip
    """Print each property with how it stands; below a refuted one the ledger that breaks it."""
    for item, proven in found:
        for line in _lines(item, proven, bound, lang):
            click.echo(line)
    counts = Counter(proven.standing for _, proven in found)
    places = {standing.value: counts[standing] for standing in Standing}
    click.echo(tell("proof_total", lang, **places))


def proven_document(item: Placed, proven: Proven) -> Document:
    """Return a proof as it stands in JSON."""
    breach = proven.breach
    return {
        "property": item.property.id,
        "workflow": item.property.workflow,
        "file": item.place.file,
        "line": item.place.line,
        "clauses": list(item.property.clauses),
        "standing": proven.standing.value,
        "depth": proven.depth,
        "case": None if breach is None else breach.case,
        "on": None if breach is None else breach.on,
        "values": {} if breach is None else dict(breach.values),
        "ledger": ledger_of(proven.steps) if proven.steps else "",
    }


# ---------------------------------------------------------------------------------------------


def _lines(item: Placed, proven: Proven, bound: BoundReform, lang: str) -> Iterator[str]:
    said = item.property.says.read(lang)
    cited = f" ({', '.join(item.property.clauses)})" if item.property.clauses else ""
    name = f"{item.property.id}: {said}" if said else item.property.id
    yield f"{_MARKS[proven.standing]} {tell(proven.standing.value, lang)}  {name}{cited}"
    if proven.standing is Standing.UNKNOWN:
        text = "proof_not_tried" if proven.tried else "proof_unknown"
        if proven.tried and isinstance(item.property.expects, LeadsTo):
            text = "proof_of_time"
        if isinstance(item.property.expects, Reserved):
            text = "proof_of_others"
        yield f"    {tell(text, lang, depth=proven.depth)}"
    if proven.breach is not None:
        labels = Labels(bound, bound.workflows[item.property.workflow], lang)
        shown = labels.values(proven.breach.values)
        yield f"    {item.place}"
        yield f"    {tell('proof_breach', lang, on=proven.breach.on, values=shown)}"
        for row in ledger_of(proven.steps).splitlines():
            yield f"    {row}"
