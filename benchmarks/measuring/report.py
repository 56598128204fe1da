"""Figures, and the two ways to show them: a table for people, JSON for programs.

The JSON is a list of objects with the keys ``contender``, ``figure``, ``value``, ``unit``,
``ratio_to_limit``, ``goal`` and ``met``; the last three are null where they mean nothing.
"""

import json
import os
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence

from attrs import asdict, evolve, frozen
from rich.console import Console
from rich.table import Table

SMALL = 100


@frozen
class Figure:
    """One measured number: who, what, how much, and whether that is good enough."""

    contender: str
    figure: str
    value: float
    unit: str
    ratio_to_limit: float | None = None
    goal: str | None = None
    met: bool | None = None


def against_limit(figures: Iterable[Figure], limit: str) -> list[Figure]:
    """Add to each figure its ratio to what the contender ``limit`` needs for the same."""
    listed = list(figures)
    limits = {one.figure: one.value for one in listed if one.contender == limit}
    return [
        evolve(one, ratio_to_limit=one.value / limits[one.figure]) if one.figure in limits else one
        for one in listed
    ]


def judged(figures: Iterable[Figure], *, contender: str, most: Mapping[str, float]) -> list[Figure]:
    """Judge the ``contender``'s figures named in ``most`` by their ratio to the limit."""
    return [
        evolve(
            one,
            goal=f"≤ {most[one.figure]:g} × the limit",
            met=one.ratio_to_limit <= most[one.figure],
        )
        if one.contender == contender and one.figure in most and one.ratio_to_limit is not None
        else one
        for one in figures
    ]


def faster(
    figures: Iterable[Figure], *, contender: str, peer: str, least: Mapping[str, float | None]
) -> list[Figure]:
    """Say how many times faster than ``peer`` the ``contender`` is, and judge that by ``least``.

    What has no goal there is told and not judged.
    """
    values = {(one.figure, one.contender): one.value for one in figures}
    return [
        Figure(
            contender=contender,
            figure=f"{name}: times faster than {peer}",
            value=values[name, peer] / values[name, contender],
            unit="×",
            goal=None if wanted is None else f"≥ {wanted:g}",
            met=None if wanted is None else values[name, peer] >= wanted * values[name, contender],
        )
        for name, wanted in least.items()
        if (name, peer) in values and (name, contender) in values
    ]


def machine() -> str:
    """Describe where the figures come from."""
    return (
        f"{platform.python_implementation()} {platform.python_version()}, "
        f"{os.cpu_count()} cores, {platform.machine()}"
    )


def skipped(name: str, why: str) -> None:
    """Say on the error stream that ``name`` was not measured, and why."""
    print(f"skipped {name}: {why}", file=sys.stderr)


def show(
    figures: Sequence[Figure], *, title: str, as_json: bool, notes: Sequence[str] = ()
) -> None:
    """Print the figures as a table with ``notes`` below it, or as JSON."""
    if as_json:
        json.dump([asdict(one) for one in figures], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    table = Table(title=f"{title} ({machine()})", title_justify="left")
    for heading in ("figure", "contender"):
        table.add_column(heading, no_wrap=True)
    for heading in ("value", "× limit"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("goal")
    table.add_column("met")
    before = ""
    for one in figures:
        if one.figure != before and before:
            table.add_section()
        table.add_row(
            one.figure if one.figure != before else "",
            one.contender,
            f"{number(one.value)} {one.unit}",
            "" if one.ratio_to_limit is None else number(one.ratio_to_limit),
            one.goal or "",
            "" if one.met is None else ("[green]yes[/]" if one.met else "[bold red]no[/]"),
        )
        before = one.figure
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    console.print(table)
    for note in notes:
        console.print(note, highlight=False)


def number(value: float) -> str:
    """Write a number with as many digits as mean something."""
    if value == 0:
        return "0"
    return f"{value:,.0f}" if value >= SMALL else f"{value:.3g}"
