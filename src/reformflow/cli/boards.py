"""The board: cases by stages, what is on time or late, who answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

import click

from reformflow.binding import BoundReform
from reformflow.cli.display import table
from reformflow.cli.documents import Document
from reformflow.cli.texts import tell
from reformflow.model import Value
from reformflow.words.labels import Labels, plain

if TYPE_CHECKING:
    from reformflow.casework import Line, Total
    from reformflow.casework.board import Mark

STANDINGS: Final[tuple[Mark, ...]] = ("on_time", "due_soon", "late", "done", "paused", "no_date")
_WORKBOOK: Final = (
    *("case", "subject", "unit", "workflow", "track", "stage", "state"),
    *("deadline", "due", "days", "standing", "answerable", "late_acts"),
)
_SIGNS: Final = {
    "on_time": "●",
    "due_soon": "◐",
    "late": "✗",
    "done": "✓",
    "paused": "‖",
    "no_date": "○",
}


def print_board(lines: Sequence[Line], bound: BoundReform, on: date, lang: str) -> None:
    """Print a table of cases for each workflow with stages."""
    staged = False
    for workflow in bound.workflows:
        mine = [line for line in lines if line.workflow == workflow]
        if mine and any(track.stages for track in bound.workflows[workflow].tracks.values()):
            _print_workflow(mine, Labels(bound, bound.workflows[workflow], lang), on)
            staged = True
    if staged:
        click.echo(tell("legend", lang))
        click.echo()


def print_totals(totals: Sequence[Total], bound: BoundReform, on: date, lang: str) -> None:
    """Print how many cases stand how."""
    if not totals:
        click.echo(tell("no_cases", lang))
        return
    header = ["workflow", "track", "cases", *STANDINGS, "late_acts"]
    rows = [
        [
            _labels(bound, row["workflow"], lang).workflow(),
            _labels(bound, row["workflow"], lang).track(row["track"]),
            *(str(row[name]) for name in header[2:]),
        ]
        for row in map(total_document, totals)
    ]
    title = tell("summary", lang, on=plain(on, lang))
    table(title, [tell(name, lang) for name in header], rows, right=range(2, len(header)))


def total_document(total: Total) -> Document:
    """Return a sum of the board as it stands in JSON; `cases` is the sum of the standings."""
    return {
        "workflow": total.workflow,
        "track": total.track,
        "cases": total.cases,
        **{standing: total.standings[standing] for standing in STANDINGS},
        "late_acts": total.late_acts,
    }


def line_document(line: Line, bound: BoundReform, lang: str) -> Document:
    """Return a line of the board as it stands in JSON."""
    labels = _labels(bound, line.workflow, lang)
    return {
        "case": line.case,
        "subject": line.subject,
        "unit": line.unit,
        "workflow": line.workflow,
        "track": line.track,
        "state": line.state,
        "state_label": labels.state(line.track, line.state),
        "stage": line.stage,
        "stage_label": labels.stage(line.track, line.stage) if line.stage else "",
        "deadline_of": line.transition,
        "due": line.due,
        "days_left": line.days_left,
        "standing": line.standing,
        "answerable": line.answerable,
        "answerable_label": labels.role(line.answerable) if line.answerable else "",
        "late": [
            {
                "transition": mark.transition,
                "bound": mark.bound,
                "days": mark.days,
                "answerable": mark.answerable,
            }
            for mark in line.late
        ],
    }


def overdue_rows(lines: Sequence[Line], bound: BoundReform, lang: str) -> list[list[str]]:
    """Return what is overdue as rows: who, what, since when, who answers."""
    rows = []
    for line in lines:
        labels = _labels(bound, line.workflow, lang)
        rows.append(
            [
                line.case,
                line.subject,
                labels.state(line.track, line.state),
                labels.transition(line.transition) if line.transition else "",
                plain(line.due, lang) if line.due else "",
                str(-(line.days_left or 0)),
                labels.role(line.answerable) if line.answerable else "",
            ]
        )
    return rows


def workbook_rows(lines: Sequence[Line], bound: BoundReform, lang: str) -> list[list[Value]]:
    """Return the board as the rows of a workbook, a header first."""
    rows: list[list[Value]] = [[tell(name, lang) for name in _WORKBOOK]]
    for line in lines:
        labels = _labels(bound, line.workflow, lang)
        rows.append(
            [
                line.case,
                line.subject,
                line.unit,
                labels.workflow(),
                labels.track(line.track),
                labels.stage(line.track, line.stage) if line.stage else "",
                labels.state(line.track, line.state),
                labels.transition(line.transition) if line.transition else "",
                line.due,
                line.days_left,
                tell(line.standing, lang),
                labels.role(line.answerable) if line.answerable else "",
                len(line.late),
            ]
        )
    return rows


# ---------------------------------------------------------------------------------------------


def _labels(bound: BoundReform, workflow: str, lang: str) -> Labels:
    return Labels(bound, bound.workflows[workflow], lang)


def _print_workflow(lines: Sequence[Line], labels: Labels, on: date) -> None:
    """Print one row for each case, with its states under their stages."""
    lang, flow = labels.lang, labels.flow
    stages = [(track.id, stage.id) for track in flow.tracks.values() for stage in track.stages]
    header = [tell("case", lang), tell("subject", lang)]
    header += [labels.stage(track, stage) for track, stage in stages]
    header += [tell(name, lang) for name in ("state", "due", "days", "answerable", "late_acts")]
    rows = [
        _row([line for line in lines if line.case == case], stages, labels)
        for case in dict.fromkeys(line.case for line in lines)
    ]
    title = tell("board", lang, label=labels.workflow(), on=plain(on, lang))
    table(title, header, rows, right=[len(header) - 3, len(header) - 1])


def _row(lines: Sequence[Line], stages: Sequence[tuple[str, str]], labels: Labels) -> list[str]:
    """Return the row of one case; states outside all stages stand in a column of their own."""
    shown = {line.track: f"{_SIGNS[line.standing]} {_state(line, labels)}" for line in lines}
    under = {line.track: line.stage for line in lines}
    dated = [line for line in lines if line.due is not None]
    pressing = min(dated, key=lambda line: line.due or date.max, default=None)
    days = pressing.days_left if pressing else None
    answerable = pressing.answerable if pressing else ""
    return [
        lines[0].case,
        lines[0].subject,
        *(shown[track] if under[track] == stage else "" for track, stage in stages),
        " ".join(text for track, text in shown.items() if under[track] is None),
        str(pressing.due) if pressing else "",
        "" if days is None else str(days),
        labels.role(answerable) if answerable else "",
        str(sum(len(line.late) for line in lines) or ""),
    ]


def _state(line: Line, labels: Labels) -> str:
    return labels.state(line.track, line.state)
