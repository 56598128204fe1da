"""`reformflow paths`: few courses that show everything of a reform, as a ledger to look at."""

from __future__ import annotations

from pathlib import Path

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting


@click.command("paths")
@options.reform_path
@click.option("--write", metavar="DIR", help="Write a roster and a ledger with all answers.")
@options.speaking
@reporting
def command(*, path: str, write: str | None, lang: str, as_json: bool) -> int:
    """Find few courses to every transition, refusal and side of a date of each workflow.

    What none was found for may be out of reach. The ledger also tries, on the way, what others
    may not do and what is out of its order; the note of each refused line says so.
    """
    from reformflow.binding import bind
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.engine import Engine
    from reformflow.formats import load
    from reformflow.sheets import write_course
    from reformflow.testing.examples import example_of
    from reformflow.testing.histories import courses
    from reformflow.testing.pathfinding import Pathfinder, paths

    engine = Engine(bind(load(path)))
    finder = Pathfinder(engine)
    covers = [paths(finder, workflow) for workflow in engine.program.plans]
    if write is not None:
        found = (history.steps for history in courses(engine, covers))
        steps, notes = example_of(engine.program.bound, found)
        write_course(steps, Path(write), notes)
    if as_json:
        documents = [
            {
                "workflow": cover.workflow,
                "courses": len(cover.courses),
                "shown": len(cover.shown),
                "missing": [
                    {"transition": one.transition, "kind": one.kind, "about": one.about}
                    for one in cover.missing
                ],
            }
            for cover in covers
        ]
        emit("paths", {"reform": engine.program.bound.reform.id, "workflows": documents})
        return FINE
    for cover in covers:
        counts = {"courses": len(cover.courses), "shown": len(cover.shown)}
        click.echo(tell("covered", lang, workflow=cover.workflow, **counts))
        for one in cover.missing:
            text = " ".join(part for part in (one.transition, one.kind, one.about) if part)
            click.echo(f"    {tell('not_shown', lang, mark=text)}")
    return FINE
