"""`reformflow paths`: few courses that show everything of a reform, as a ledger to look at."""

from __future__ import annotations

from pathlib import Path

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting


@click.command("paths")
@options.reform_path
@click.option(
    "--choose",
    multiple=True,
    metavar="POLICY=OPTION",
    help="Under another option of a policy; may be repeated.",
)
@click.option(
    "--about",
    multiple=True,
    metavar="TRANSITION",
    help="With --write: only courses on which this one fires; may be repeated.",
)
@click.option("--write", metavar="DIR", help="Write a roster and a ledger with all answers.")
@options.speaking
@reporting
def command(
    *,
    path: str,
    choose: tuple[str, ...],
    about: tuple[str, ...],
    write: str | None,
    lang: str,
    as_json: bool,
) -> int:
    """Find few courses to every transition, refusal and side of a date of each workflow.

    What none was found for may be out of reach. The ledger also tries, on the way, what others
    may not do and what is out of its order; the note of each refused line says so.
    """
    import attrs

    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.engine import Engine
    from reformflow.formats import load
    from reformflow.testing.examples import Example
    from reformflow.testing.histories import courses
    from reformflow.testing.pathfinding import Pathfinder, paths

    choices = [(policy, option) for policy, _, option in (one.partition("=") for one in choose)]
    reform = load(path).choosing(**dict(choices))
    engine = Engine(reform)
    finder = Pathfinder(engine)
    covers = [paths(finder, workflow) for workflow in engine.program.plans]
    if write is not None:
        found = (history.steps for history in courses(engine, covers, about=frozenset(about)))
        attrs.evolve(Example.of(reform, found), choices=tuple(choices)).write(Path(write))
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
        emit("paths", {"reform": reform.id, "workflows": documents})
        return FINE
    for cover in covers:
        counts = {"courses": len(cover.courses), "shown": len(cover.shown)}
        click.echo(tell("covered", lang, workflow=cover.workflow, **counts))
        for one in cover.missing:
            text = " ".join(part for part in (one.transition, one.kind, one.about) if part)
            click.echo(f"    {tell('not_shown', lang, mark=text)}")
    return FINE
