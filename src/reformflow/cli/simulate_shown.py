"""How a simulation is shown: on the screen, as a chart, in JSON."""

from __future__ import annotations

from typing import Final

import attrs
import click

from reformflow.binding import BoundReform
from reformflow.casework.simulation import Durations
from reformflow.casework.simulation.results import Summary
from reformflow.cli.display import table
from reformflow.cli.documents import Document
from reformflow.cli.texts import tell
from reformflow.pictures.charts import Bar, Chart
from reformflow.words.labels import Labels, plain

_WIDTH: Final = 30


def print_summary(
    summary: Summary, bound: BoundReform, assumed: Durations, cases: int, lang: str
) -> None:
    """Print the dates with the share of cases that keep them, then where cases are held up."""
    labels = Labels(bound, bound.workflows[assumed.workflow], lang)
    names = ("deadline", "judged", "share_kept", "", "nine_of_ten", "days_late_each")
    rows = [
        (
            labels.transition(share.transition),
            f"{share.cases:.1f}",
            f"{share.kept:.0%}",
            _bar(share.kept),
            f"{share.least:.0%}–{share.most:.0%}",
            f"{share.days_late:.1f}",
        )
        for share in summary.shares
        if share.cases
    ]
    half, most, until = (
        day and plain(day, lang) for day in (summary.half, summary.most, assumed.until)
    )
    title = tell("simulated", lang, runs=summary.runs, cases=cases, until=until)
    table(title, [tell(name, lang) if name else "" for name in names], rows, right=[1, 2, 4, 5])
    acts = ("act", "waited", "worked")
    held = [
        (labels.transition(one.transition), f"{one.waited:.1f}", f"{one.worked:.1f}")
        for one in summary.held
    ]
    table(tell("held_up", lang), [tell(name, lang) for name in acts], held, right=[1, 2])
    neck = summary.bottleneck
    if neck is not None:
        act = labels.transition(neck.transition)
        click.echo(tell("bottleneck", lang, act=act, days=f"{neck.waited:.1f}"))
    if half:
        click.echo(tell("ends" if most else "ends_half", lang, half=half, most=most))
    if summary.unfinished:
        click.echo(tell("unfinished", lang, until=until, share=f"{summary.unfinished:.0%}"))


def chart_of(summary: Summary, bound: BoundReform, assumed: Durations, lang: str) -> Chart:
    """Return the chart of the shares that keep each date."""
    labels = Labels(bound, bound.workflows[assumed.workflow], lang)
    bars = tuple(
        Bar(labels.transition(share.transition), share.kept, share.least, share.most)
        for share in summary.shares
        if share.cases
    )
    return Chart(tell("share_kept", lang), tell("deadline", lang), bars)


def summary_document(
    summary: Summary, bound: BoundReform, assumed: Durations, cases: int
) -> Document:
    """Return a simulation as it stands in JSON."""
    neck = summary.bottleneck
    return {
        "reform": bound.reform.id,
        "workflow": assumed.workflow,
        "until": assumed.until,
        "runs": summary.runs,
        "cases": cases,
        "dates": [attrs.asdict(share) for share in summary.shares],
        "held": [attrs.asdict(one) for one in summary.held],
        "bottleneck": None if neck is None else neck.transition,
        "half": summary.half,
        "most": summary.most,
        "unfinished": summary.unfinished,
    }


# ---------------------------------------------------------------------------------------------


def _bar(share: float) -> str:
    full = round(share * _WIDTH)
    return "█" * full + "░" * (_WIDTH - full)
