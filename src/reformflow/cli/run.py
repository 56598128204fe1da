"""`reformflow run`: the main job, from a roster and a ledger to a board."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reformflow.cli import options
from reformflow.cli.faults import BAD_INPUT, FINDINGS, FINE, reporting

if TYPE_CHECKING:
    from reformflow.binding import BoundReform
    from reformflow.casework import Book
    from reformflow.cli.applying import Answer
    from reformflow.model import Reform
    from reformflow.sheets import Ledger, Line, Roster


@click.command("run")
@options.reform_path
@click.option("--roster", required=True, metavar="DIR", help="Folder with the cases and actors.")
@click.option("--ledger", required=True, metavar="FILE", help="What happened, line by line.")
@options.database
@click.option("--upgrade", is_flag=True, help="Bring the database to a changed definition.")
@click.option("--strict", is_flag=True, help="Leave with 1 if a line was refused.")
@options.speaking
@reporting
def command(  # noqa: PLR0913 - one argument for each option
    *,
    path: str,
    roster: str,
    ledger: str,
    url: str,
    upgrade: bool,
    strict: bool,
    lang: str,
    as_json: bool,
) -> int:
    """Open the cases of a roster, apply a ledger in order, show what was refused and the board.

    Every line is applied whole or not at all. Running it again changes nothing: lines are known
    by their keys.
    """
    from reformflow.binding import bind
    from reformflow.cli.books import check_followed, make_book
    from reformflow.formats import load

    reform = load(path)
    bound = bind(reform)
    cases, lines = _read(reform, bound, roster=roster, ledger=ledger, url=url)
    with make_book(url, reform, upgrade=upgrade) as book:
        check_followed(book)
        opened, applied = _apply(book, cases, lines, lang)
        days = [line.step.on for line in lines.lines] or [o.request.on for o in cases.openings]
        on = max(days, default=date.min)
        _report(book, bound, opened, applied, on=on, lang=lang, as_json=as_json)
    answers = [*opened, *applied]
    if any(answer.error for answer in answers):
        return BAD_INPUT
    return FINDINGS if strict and any(answer.refused for answer in answers) else FINE


# ---------------------------------------------------------------------------------------------


def _read(
    reform: Reform, bound: BoundReform, *, roster: str, ledger: str, url: str
) -> tuple[Roster, Ledger]:
    """Read both inputs whole, before anything is stored."""
    from reformflow.cli.known import KnownCases
    from reformflow.sheets import read_ledger, read_roster

    with KnownCases(url, reform) as known:
        cases = read_roster(Path(roster), bound, known=known)
        opening = {item.request.case: item.workflow for item in cases.openings}
        lines = read_ledger(
            Path(ledger),
            bound,
            cases.actors,
            known=lambda case: opening.get(case) or known(case),
        )
    return cases, lines


def _apply(
    book: Book, cases: Roster, ledger: Ledger, lang: str
) -> tuple[list[Answer], list[Answer]]:
    from reformflow.cli.applying import as_lines

    unopened: set[str] = set()
    opened = _steps(book, as_lines(cases.openings), unopened, "opening", lang)
    applied = _steps(book, ledger.lines, unopened, "applying", lang)
    return opened, applied


def _steps(
    book: Book, lines: list[Line] | tuple[Line, ...], unopened: set[str], label: str, lang: str
) -> list[Answer]:
    from reformflow.cli.applying import apply
    from reformflow.cli.display import progress
    from reformflow.cli.texts import tell

    with progress(len(lines), tell(label, lang)) as advance:
        return list(advance(apply(book, lines, unopened=unopened)))


def _report(  # noqa: PLR0913 - the parts of the report
    book: Book,
    bound: BoundReform,
    opened: list[Answer],
    applied: list[Answer],
    *,
    on: date,
    lang: str,
    as_json: bool,
) -> None:
    import attrs

    from reformflow.casework.totals import summed
    from reformflow.cli.applying import Tally
    from reformflow.cli.boards import line_document, print_board, print_totals, total_document
    from reformflow.cli.display import print_added
    from reformflow.cli.documents import emit
    from reformflow.cli.refusals import print_refused, refused_documents
    from reformflow.cli.texts import tell

    answers = [*opened, *applied]
    refused = [answer for answer in answers if answer.refused]
    invalid = [answer for answer in answers if answer.error]
    tallies = {"roster": Tally.of(opened), "ledger": Tally.of(applied)}
    board = book.board(on) if answers else ()
    totals = tuple(summed(board))
    for answer in invalid:
        click.echo(f"{answer.place}: [request] {answer.error}", err=True)
    if as_json:
        emit(
            "run",
            {
                "reform": bound.reform.id,
                "added": list(book.added),
                **{name: attrs.asdict(tally) for name, tally in tallies.items()},
                "refused": refused_documents(refused, bound, lang),
                "invalid": [
                    {
                        "file": answer.place.file,
                        "line": answer.place.line,
                        "key": answer.key,
                        "message": answer.error,
                    }
                    for answer in invalid
                ],
                "on": on,
                "totals": list(map(total_document, totals)),
                "board": [line_document(line, bound, lang) for line in board],
            },
        )
        return
    print_added(book.added, lang)
    print_refused(refused, bound, lang)
    click.echo()
    print_board(board, bound, on, lang)
    print_totals(totals, bound, on, lang)
    for name, tally in tallies.items():
        counts = attrs.asdict(tally)
        click.echo(tell(f"{name}_total", lang, **counts))
    brought = sum(tally.brought for tally in tallies.values())
    click.echo(tell("brought", lang, count=brought))
