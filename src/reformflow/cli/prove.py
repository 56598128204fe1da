"""`reformflow prove`: whether the properties of a reform hold of every case there can be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reformflow.cli import options
from reformflow.cli.faults import FINDINGS, FINE, reporting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reformflow.binding import BoundReform
    from reformflow.formats.properties import Placed


@click.command("prove")
@options.reform_path
@click.option("--properties", metavar="PATH", help="A file or folder of them, else the reform's.")
@click.option("--only", multiple=True, metavar="NAME", help="Only this one; may be repeated.")
@click.option("--depth", default=6, show_default=True, type=click.IntRange(0, 50), help="Acts.")
@click.option("--write", metavar="DIR", help="Write a roster and ledger for each refuted one.")
@options.speaking
@reporting
def command(  # noqa: PLR0913 - one argument for each option
    *,
    path: str,
    properties: str | None,
    only: tuple[str, ...],
    depth: int,
    write: str | None,
    lang: str,
    as_json: bool,
) -> int:
    """Prove properties of every case, or find acts that break them.

    By induction over acts where that succeeds; else acts are searched up to a depth, and tried out
    before a property is called refuted. What is unknown was neither proved nor refuted.
    """
    from reformflow.binding import bind
    from reformflow.casework.properties import prove_property
    from reformflow.checks.proving import Standing
    from reformflow.cli.display import progress
    from reformflow.cli.documents import emit
    from reformflow.cli.prove_shown import print_proven, proven_document
    from reformflow.cli.texts import tell
    from reformflow.formats import load
    from reformflow.sheets import write_course

    bound = bind(load(path))
    chosen = _chosen(properties_of(path, properties, bound), only)
    with progress(len(chosen), tell("proving", lang)) as advance:
        found = [
            (item, prove_property(bound, item.property, depth=depth))
            for item in advance(iter(chosen))
        ]
    for item, proven in found:
        if write is not None and proven.steps:
            write_course(proven.steps, Path(write) / item.property.id)
    if as_json:
        documents = [proven_document(item, proven) for item, proven in found]
        emit("prove", {"reform": bound.reform.id, "depth": depth, "properties": documents})
    else:
        print_proven(found, bound, lang)
    refuted = any(proven.standing is Standing.REFUTED for _, proven in found)
    return FINDINGS if refuted else FINE


def properties_of(path: str, given: str | None, bound: BoundReform) -> tuple[Placed, ...]:
    """Return the properties at a place that was given, or those of the reform itself."""
    from reformflow.errors import RequestError
    from reformflow.formats import folder_of
    from reformflow.formats.properties import FOLDER, load_properties

    place = Path(given) if given is not None else folder_of(path) / FOLDER
    if given is None and not place.is_dir():
        hint = f"write what must hold in files of {place}, or name others: --properties"
        raise RequestError(f"the reform {path} has no properties", hint)
    return load_properties(place, bound)


# ---------------------------------------------------------------------------------------------


def _chosen(found: Sequence[Placed], only: Sequence[str]) -> list[Placed]:
    from reformflow.errors import UnknownName

    names = [item.property.id for item in found]
    for name in only:
        if name not in names:
            raise UnknownName.of("property", name, names)
    return [item for item in found if not only or item.property.id in only]
