"""`reformflow schedule`: by when the stages of a reform have to begin."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting

if TYPE_CHECKING:
    from reformflow.binding import BoundReform
    from reformflow.checks import Start


@click.command("schedule")
@options.reform_path
@click.option("--opened", type=options.Day(), help="Of cases opened on this day.")
@options.speaking
@reporting
def command(*, path: str, opened: date | None, lang: str, as_json: bool) -> int:
    """Show from when a case can be in each stage, and when the stage has to begin at the latest.

    The latest day is the last from which all dates can still be kept, with the days that must lie
    between the steps. Shown are the days that are the same for every case; with --opened also
    those counted from the opening.
    """
    from attrs import asdict

    from reformflow.binding import bind
    from reformflow.checks import latest_starts
    from reformflow.cli.display import table
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.formats import load

    bound = bind(load(path))
    starts = latest_starts(bound, opened=opened)
    if as_json:
        stages = [asdict(start) for start in starts]
        emit("schedule", {"reform": bound.reform.id, "opened": opened, "stages": stages})
    elif not starts:
        click.echo(tell("no_schedule", lang))
    else:
        names = ("workflow", "track", "stage", "first_day", "latest_start", "due")
        rows = [_row(start, bound, lang) for start in starts]
        table(tell("schedule", lang), [tell(name, lang) for name in names], rows)
    return FINE


# ---------------------------------------------------------------------------------------------


def _row(start: Start, bound: BoundReform, lang: str) -> list[str]:
    from reformflow.words.labels import Labels, plain

    flow = bound.workflows[start.workflow]
    labels = Labels(bound, flow, lang)
    name = labels.stage if flow.tracks[start.track].stages else labels.state
    days = (start.earliest, start.latest, start.due)
    return [
        labels.workflow(),
        labels.track(start.track),
        name(start.track, start.id),
        *("" if day is None else plain(day, lang) for day in days),
    ]
