"""`reformflow simulate`: how many cases of a roll-out will keep their dates."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting


@click.command("simulate")
@options.reform_path
@click.option("--roster", required=True, metavar="DIR", help="Folder with the cases and actors.")
@click.option("--durations", required=True, metavar="FILE", help="How long acts take (YAML).")
@click.option("--runs", default=200, show_default=True, type=click.IntRange(1), help="How often.")
@click.option("--seed", default=0, show_default=True, help="The same seed, the same result.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Processes.")
@click.option("--chart", metavar="FILE", help="Draw the dates kept: .svg, .png or .json.")
@options.speaking
@reporting
def command(  # noqa: PLR0913 - one argument for each option
    *,
    path: str,
    roster: str,
    durations: str,
    runs: int,
    seed: int,
    workers: int,
    chart: str | None,
    lang: str,
    as_json: bool,
) -> int:
    """Let the cases of a roster run many times by chance, and count which dates they keep.

    Dates, lateness and order are those of the reform; rules about facts are taken to be met.
    """
    from reformflow.binding import bind
    from reformflow.casework.simulation import read_durations, simulate, summed
    from reformflow.cli.display import progress
    from reformflow.cli.documents import emit
    from reformflow.cli.simulate_shown import chart_of, print_summary, summary_document
    from reformflow.cli.texts import tell
    from reformflow.cli.workers import workers as processes
    from reformflow.formats import load
    from reformflow.pictures.charts import write_chart
    from reformflow.sheets import read_roster

    bound = bind(load(path))
    assumed = read_durations(Path(durations), bound)
    openings = [opening.request for opening in read_roster(Path(roster), bound).openings]
    made = partial(simulate, bound.reform, openings, assumed, runs=runs, seed=seed)
    with processes(workers) as executor, progress(runs, tell("simulating", lang)) as advance:
        outcomes = list(advance(made(executor=executor)))
    cases = sum(getattr(item.act, "workflow", "") == assumed.workflow for item in openings)
    summary = summed(outcomes, cases)
    if chart is not None:
        write_chart(chart_of(summary, bound, assumed, lang), Path(chart))
    if as_json:
        emit("simulate", summary_document(summary, bound, assumed, cases))
    else:
        print_summary(summary, bound, assumed, cases, lang)
    return FINE
