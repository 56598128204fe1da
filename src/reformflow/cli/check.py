"""`reformflow check`: whether a reform holds up."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click

from reformflow.cli import options
from reformflow.cli.faults import FINDINGS, FINE, reporting
from reformflow.model import Actor, Reform


@click.command("check")
@options.reform_path
@click.option("--deep", is_flag=True, help="Search the definition itself: needs the extra checks.")
@click.option(
    "--staff",
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE",
    help="With --deep: can these people do it all? An actors table, or a roster with one.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="With --deep: processes that try options of policies; default: one for each processor.",
)
@options.speaking
@reporting
def command(
    *, path: str, deep: bool, staff: Path | None, workers: int | None, lang: str, as_json: bool
) -> int:
    """Load a reform and report every problem of its files; then what the checks find in it.

    Without --deep these are the clauses that nothing enforces.
    """
    from reformflow.checks import CHECKS, QUICK, check
    from reformflow.cli.documents import emit
    from reformflow.cli.findings import finding_document, finding_lines
    from reformflow.cli.texts import tell
    from reformflow.cli.workers import workers as processes
    from reformflow.formats import fingerprint, load, places

    reform = load(path)
    with processes(workers or _processors(reform) if deep else 1) as executor:
        findings = check(
            reform,
            checks=CHECKS if deep else QUICK,
            staff=() if staff is None else _actors(staff, reform),
            place=places(path),
            executor=executor,
        )
    flows = reform.workflows
    counts = {
        "clauses": len(reform.clauses),
        "roles": len(reform.roles),
        "policies": len(reform.policies),
        "workflows": len(flows),
        "transitions": sum(len(flow.transitions) for flow in flows),
        "rules": sum(len(flow.rules) for flow in flows),
    }
    digest = fingerprint(reform)
    if as_json:
        title = reform.document.title.read(lang)
        body = {"reform": reform.id, "title": title, "digest": digest, "counts": counts}
        documents = [finding_document(finding, lang) for finding in findings]
        emit("check", {**body, "findings": documents})
    else:
        click.echo(tell("loads", lang, id=reform.id, title=reform.document.title.read(lang)))
        click.echo(tell("holds", lang, **counts))
        click.echo(tell("digest", lang, digest=digest))
        for finding in findings:
            for line in finding_lines(finding, lang):
                click.echo(line)
    return FINDINGS if findings else FINE


# ---------------------------------------------------------------------------------------------

_FEW = 16


def _processors(reform: Reform) -> int:
    """Return how many processes are worth their start: one where few options are to be tried."""
    tried = sum(len(policy.options) - 1 for policy in reform.policies)
    return (os.cpu_count() or 1) if tried > _FEW else 1


def _actors(path: Path, reform: Reform) -> Iterable[Actor]:
    from reformflow.binding import bind
    from reformflow.sheets.rosters import read_actors_of

    return read_actors_of(path, bind(reform)).values()
