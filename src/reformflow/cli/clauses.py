"""`reformflow clauses`: which clause is enforced where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reformflow.cli import options
from reformflow.cli.faults import FINDINGS, FINE, reporting

if TYPE_CHECKING:
    from reformflow.cli.documents import Document
    from reformflow.model import Clause, Text
    from reformflow.words.citations import Cited


@click.command("clauses")
@options.reform_path
@click.option("--uncovered", "only_uncovered", is_flag=True, help="Only what nothing enforces.")
@options.speaking
@reporting
def command(*, path: str, only_uncovered: bool, lang: str, as_json: bool) -> int:
    """Show for every clause its standing and where it is enforced.

    With --uncovered, only clauses that nothing enforces; the exit code is then 1 if one of them
    is not declared narrative.
    """
    from reformflow.binding import bind
    from reformflow.cli.display import table
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.formats import load
    from reformflow.words.citations import citations, uncovered, uncovered_wrongly

    bound = bind(load(path))
    reform = bound.reform
    cited = citations(bound)
    shown = uncovered(bound) if only_uncovered else reform.clauses
    wrong = uncovered_wrongly(bound)
    if as_json:
        documents = [_document(clause, cited[clause.id], lang) for clause in shown]
        emit("clauses", {"reform": reform.id, "clauses": documents})
    elif not shown:
        click.echo(tell("all_covered", lang))
    else:
        last = "why" if only_uncovered else "where"
        header = [tell(name, lang) for name in ("clause", "at", "standing", "says", last)]
        header[2] = tell("treatment", lang)
        rows = [_row(clause, cited[clause.id], lang, only_uncovered) for clause in shown]
        title = tell("uncovered", lang) if only_uncovered else _title(reform.document.title, lang)
        table(title, header, rows)
    return FINDINGS if only_uncovered and wrong else FINE


# ---------------------------------------------------------------------------------------------


def _title(title: Text, lang: str) -> str:
    from reformflow.cli.texts import tell

    return tell("clauses", lang, title=title.read(lang))


def _document(clause: Clause, cited: tuple[Cited, ...], lang: str) -> Document:
    return {
        "id": clause.id,
        "at": clause.at,
        "modality": clause.modality.value,
        "standing": clause.standing.value,
        "says": clause.says.read(lang),
        "why": clause.why.read(lang),
        "covered": any(place.enforces for place in cited),
        "cited": [
            {"kind": place.kind, "path": str(place), "enforces": place.enforces} for place in cited
        ],
    }


def _row(clause: Clause, cited: tuple[Cited, ...], lang: str, only_uncovered: bool) -> list[str]:  # noqa: FBT001
    from reformflow.cli.texts import tell

    places = [f"{place.kind} {place}" for place in cited if place.enforces]
    return [
        clause.id,
        clause.at,
        tell(clause.standing.value, lang),
        clause.says.read(lang),
        clause.why.read(lang) if only_uncovered else "\n".join(places),
    ]
